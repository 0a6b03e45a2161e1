"""The words that guards look at, given back their marks in lines that were typed without any ("so tai khoan", "ngo 12").

One mark-less phrase has several readings ("toi" is "tôi" or "tối"), so a text is only looked at this way, never shown;
and only in lines without a single Vietnamese letter, where the writer left out all of them. No place moves.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.cues import Words
from pipeline.patterns import lazy

_PHRASES = (
    "căn cước công dân|căn cước|định danh|chứng minh nhân dân|chứng minh thư|chứng minh|giấy tờ tùy thân|hộ chiếu|hộ khẩu"
    "|bảo hiểm xã hội|bảo hiểm y tế|bảo hiểm|mã số thuế cá nhân|mã số thuế|thuế cá nhân|mã số|mã thẻ|mã hồ sơ|hồ sơ|biên nhận|mã tra cứu|giấy hẹn|số sổ"
    "|số tài khoản|tài khoản|ngân hàng|tiết kiệm|số thẻ|chủ tài khoản|biển số xe|biển số|biển kiểm soát|giấy phép lái xe|bằng lái xe|bằng lái"
    "|số điện thoại|điện thoại|di động|liên hệ|liên lạc|nhắn tin|nhắn|gọi|địa chỉ nhà|địa chỉ|thường trú|tạm trú|cư trú|trú tại|trú quán|nơi ở|chỗ ở"
    "|số nhà|nhà số|nhà riêng|nhà ở|nhà tôi|nhà em|nhà mình|căn hộ|chung cư|tập thể|khu đô thị|quê quán|tổ dân phố|khu phố|khu tập thể|thuê trọ|ở trọ"
    "|ngõ|ngách|hẻm|phố|đường|tổ|thôn|xóm|ấp|cụm|đội|phường|quận|sinh ngày|ngày sinh|năm sinh|sinh năm|tháng|năm|ngày"
    "|đường dây nóng|tổng đài|ủy ban nhân dân|ủy ban|trụ sở|văn phòng|bộ phận|trung tâm|chi nhánh|công ty|trường|bệnh viện|trạm y tế|công an"
    "|nhà văn hóa|hội trường|cơ quan|kho bạc|quỹ|trực ban|bưu điện|điểm tiếp nhận|tiếp nhận hồ sơ|một cửa|quầy"
    "|vệ sinh|phát sinh|khai sinh|học sinh|sinh viên|tuyển sinh|thí sinh|sinh hoạt|công dân|trẻ em|các em|nam sinh|nữ sinh|trở về|trở đi"
    "|bổ nhiệm|chủ tịch|giám đốc|bí thư|đồng chí|nhạc sĩ|nhà văn|nhà thơ|anh hùng|giữ chức|trưởng phòng|cán bộ đầu mối|cán bộ|chuyên viên"
    "|tòa án|phòng giao dịch|phòng khám|phòng công chứng|di tích|chi cục thuế|hội chữ thập đỏ|đội quản lý|xe cứu thương|xe buýt|tờ bản đồ|thửa đất"
    "|điểm thi|trường tiểu học|nhà nước|người dân|các hộ|chứng minh quân đội|liền kề|biệt thự|hiện trú|trú số|ngụ tại|sống tại|nơi ông|mùng|mồng|tết"
    "|đồng|người|lượt|triệu|tỷ|hóa đơn|mã giao dịch|biên lai|vận đơn|gói thầu|mã vạch|ông|bà|chị|cụ|cháu|gia đình|chủ hộ|mẹ|bố|của|tên|số|xã|nhà|sổ|thẻ|thư điện tử"
)


def _unmarked(text: str) -> str:
    plain = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


_WITH = {_unmarked(phrase): phrase for phrase in reversed(_PHRASES.split("|"))}  # the first of two readings wins
_KNOWN = lazy(
    r"\b(?=[A-Za-z])(?:" + "|".join(sorted((phrase for phrase in _WITH), key=len, reverse=True)) + r")(?!\w)",
    re.IGNORECASE,
)
_CUES = Words("|".join(_WITH))
_WORD = lazy(r"[A-Za-z]{2}")
_AT = lazy(r"\bo(?= (?:\d|so\b|ngo \d|ngach\b|hem\b|to\b))")  # "nha em o so 12": ở


def restored(text: str) -> str:
    """The text in which lines of plain ASCII have their cue words with marks; as long as before."""
    return "\n".join(
        _with_marks(_AT.sub("ở", line)) if line.isascii() and _WORD.search(line) else line for line in text.split("\n")
    )


def _with_marks(line: str) -> str:
    return _KNOWN.sub(_marked, line) if _CUES.stand_in(line.lower()) else line


def _marked(found: re.Match[str]) -> str:
    shown = found.group()
    phrase = _WITH[shown.lower()]
    return phrase.upper() if shown.isupper() else phrase if shown.islower() else phrase[0].upper() + phrase[1:]

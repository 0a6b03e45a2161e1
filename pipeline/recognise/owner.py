"""Whose number or address it is: an office's, which is public, or a person's. The nearest word decides.

What is public: vietnam.md §3 and §5 of the project's facts (NĐ 42/2022/NĐ-CP Điều 4, Luật 91/2025/QH15).
"""

from __future__ import annotations

import re
from typing import Literal

Owner = Literal["office", "person", ""]
_BACK, _AHEAD, _FAR_BACK = 100, 60, 160  # characters

_CAPITAL = "A-ZĐÀ-ỸĂÂÊÔƠƯ"
_OFFICE = (
    r"đường dây nóng|hotline|tổng đài|trực ban|đầu mối|UBND|HĐND|HĐND|UBMTTQ|MTTQ|TTPVHCC|ủy ban|uỷ ban|hội đồng nhân dân"
    r"|trụ sở|văn phòng|bộ phận|trung tâm|chi nhánh|chi cục|cục thuế|cơ quan|đơn vị thi công|ban (?:quản lý|tiếp công dân|tổ chức|vận động"
    r"|cứu trợ|chỉ huy)|công an (?:phường|xã|thành phố|tp|quận|huyện|tỉnh)|điểm (?:tiếp nhận|phục vụ|đăng ký|bưu|pvhcc)"
    r"|tổ công (?:nghệ|tác)|trạm y tế|bệnh viện|phòng khám|nhà thuốc|trường (?:học|thcs|thpt|tiểu học|mầm non|đại học|cao đẳng)|học viện|thư viện|bảo tàng|nhà hát"
    r"|rạp|nhà văn hóa|nhà văn hoá|hội trường|bưu (?:điện|cục|chính)|bến xe|ga |chợ|siêu thị|cửa hàng|khách sạn|nhà khách|ngân sách|kho bạc"
    r"|quỹ|hội chữ thập đỏ|công ty|doanh nghiệp|hợp tác xã|thanh tra|tòa án|viện kiểm sát|đảng ủy|thành ủy|đoàn thanh niên|hội liên hiệp"
    r"|khai trương|hội nghị|diễn ra|tổ chức tại|công trình|tuyến (?:đường|phố|ngõ)|khu liên cơ|tòa soạn|đồng chí|cán bộ|điện lực|quầy|ki-ốt|ki ốt"
    rf"|xe buýt|xe công vụ|xe lưu động|xe cứu (?:hỏa|thương|hộ)|(?-i:Sở|Phòng|Ban|Bộ|Cục|Chi cục|Tòa|Đài|Viện|Báo) [{_CAPITAL}]"
)
_PERSON = (
    rf"(?:ông|bà|anh|chị|cụ|em|cô|chú|bác|cháu)(?= (?-i:[{_CAPITAL}]))(?! (?:Trưng|Triệu)\b)"
    r"|tôi|mình|gia đình|nhà riêng|cá nhân|người (?:nhà|nộp|gửi|hỏi|mất|dân tên|liên hệ|được ủy quyền|đề nghị|thuê|cha|mẹ)|của người dân|của khách"
    r"|bạn đọc|nạn nhân|đối tượng|bị can|bị hại|chủ (?:nhà|hộ|quán|xe|trọ)|khách thuê|tài xế|bác tài|shipper|cụ (?:ông|bà)|bà cụ|ông cụ"
    r"|vợ|chồng|con (?:trai|gái)|(?:anh|chị|em|cháu|ông|bà|cụ)(?= (?:ấy|này|ta|cho|đọc|đưa|sống|bé|chưa|có|để|điền|ghi))"
)
_CUES = re.compile(rf"(?<!\w)(?:(?P<office>{_OFFICE})|(?P<person>{_PERSON}))(?!\w)", re.IGNORECASE)
_BESIDE = re.compile(r"(?:cạnh|gần|sau|trước|đối diện|sát|cách|tới|đến|lên|với|ra)\s+$", re.IGNORECASE)
_FROM = re.compile(r"(?<!\w)(?:từ|nhận tin|gọi (?:vào|đến|từ|cho)|báo|vào số|tới|đến nhà|về nhà|của người|nhà của)(?!\w)", re.IGNORECASE)
_OF_PERSON = re.compile(
    rf"^[\s,)(–-]{{0,3}}(?:là )?(?:của|mang tên|tên|chủ tài khoản)\s(?:người|khách|tôi|con|cháu|bạn|em|gia đình|(?:ông|bà|anh|chị|cụ|cô|chú|bác)(?= (?-i:[{_CAPITAL}])))",
    re.IGNORECASE,
)
_STOP = re.compile(rf"[.!?;:]\s+(?=[{_CAPITAL}])|\n")


def owner(text: str, start: int, end: int) -> Owner:
    """Who owns text[start:end]: the nearest word before it in its sentence, else after it, else on the lines before."""
    if _OF_PERSON.match(text[end : end + 40]):
        return "person"
    reach = max(0, start - _BACK)
    before = text[reach:start]
    stops = [found.end() for found in _STOP.finditer(before)]
    inside = before[stops[-1] :] if stops else before
    found = _nearest(inside)
    if found:
        return found
    ahead = text[end : end + _AHEAD]
    stop = _STOP.search(ahead)
    for cue in _CUES.finditer(ahead[: stop.start()] if stop else ahead):
        if not (cue["office"] and _BESIDE.search(ahead[: cue.start()])):
            return "office" if cue["office"] else "person"
    return _nearest(text[max(0, start - _FAR_BACK) : start])


def _nearest(before: str) -> Owner:
    """The last cue of the text; an office that is only a landmark ("cạnh UBND phường") or a caller does not count."""
    for cue in reversed(list(_CUES.finditer(before))):
        if cue["person"]:
            return "person"
        if _BESIDE.search(before[: cue.start()]) or _FROM.search(before[cue.end() :]):
            continue
        return "office"
    return ""

"""Whose number or address it is: an office's, which is public, or a person's. The nearest word decides.

What is public: vietnam.md §3 and §5 of the project's facts (NĐ 42/2022/NĐ-CP Điều 4, Luật 91/2025/QH15).
"""

from __future__ import annotations

import re
from typing import Literal

from pipeline.patterns import lazy
from pipeline.recognise.view import CAPITAL

Owner = Literal["office", "person", ""]
_BACK, _AHEAD, _FAR_BACK = 100, 60, 160  # characters

_OFFICE = (
    r"đường dây nóng|hotline|tổng đài|trực ban|chốt trực|trực (?:chỉ huy|phòng chống|cứu hộ)|đầu mối|UBND|HĐND|UBMTTQ|MTTQ|TTPVHCC|ủy ban|uỷ ban|hội đồng nhân dân|trụ sở"
    r"|văn phòng|bộ phận|một cửa|trung tâm|chi nhánh|chi cục|cục thuế|thuế (?:thành phố|tp|tỉnh|cơ sở)|cơ quan|ban (?:quản lý|tiếp công dân|vận động|cứu trợ|chỉ huy|chỉ đạo)|hỗ trợ kỹ thuật|cổng dịch vụ công|mặt trận"
    r"|công an (?:phường|xã|thành phố|tp|quận|huyện|tỉnh)|điểm (?:tiếp nhận|phục vụ|đăng ký|bưu|pvhcc)|tổ (?:công (?:nghệ|tác)|hỗ trợ|hướng dẫn|tiếp nhận|phản ứng|xung kích|lưu động|kiểm tra)"
    r"|trạm y tế|nhà trường|bệnh viện|phòng (?:khám|tiếp|giao dịch|công chứng|tư pháp|văn hóa|kinh tế)|trường (?:học|thcs|thpt|tiểu học|mầm non|đại học|cao đẳng)|học viện|thư viện|bảo tàng"
    r"|bưu (?:điện|cục|chính)|ngân sách|nhà tang lễ|kho (?:bạc|lưu trữ)|đội (?:quản lý|cảnh sát|thuế|thi hành|trật tự)|quỹ|hội chữ thập đỏ|thanh tra|tòa án|viện kiểm sát|đảng ủy|thành ủy"
    r"|đoàn thanh niên|hội liên hiệp|tòa soạn|điện lực|quầy|công vụ|ki-ốt|ki ốt|xe buýt|xe công vụ|xe lưu động"
    rf"|xe cứu (?:hỏa|thương|hộ)|công ty|office|people's committee|headquarters|(?:service )?cent(?:re|er)|department|hotline|enquiries|(?-i:Sở|Phòng|Ban|Bộ|Cục|Chi cục|Tòa|Đài|Viện|Báo)(?= (?-i:[{CAPITAL}]))"
)
# Where the public goes: an address there is no home, but a phone number is not made public by it.
_VENUE = (
    r"nhà thuốc|nhà hát|rạp|nhà văn hóa|nhà văn hoá|nhà (?:sinh hoạt|cộng đồng|họp|thi đấu|thiếu nhi)|hội trường|bến xe|ga |(?<!ngõ )(?<!phố )chợ|siêu thị|cửa hàng|khách sạn|nhà khách|doanh nghiệp"
    r"|hợp tác xã|khai trương|hội nghị|diễn ra|tổ chức tại|ban tổ chức|công trình|đơn vị thi công|khu liên cơ"
    r"|tuyến (?:đường|phố|ngõ)|đồng chí|cán bộ|nhà hàng|công viên|di tích|(?-i:đình|chùa)|câu lạc bộ|sân vận động|nhà tang lễ|đài hóa thân|nghĩa trang|(?:phố|trụ sở|địa điểm) mới|triển lãm|lớp \d{1,2}[A-Z]?\d?(?=, (?:phòng|$))|phòng thi|giảng đường|khóa học|phòng họp"
)
SURNAME = (
    r"(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đoàn|Trịnh|Mai|Cao|Lưu|Tạ|Hà)"
)
_PERSON = (
    rf"(?:ông|bà|anh|chị|cụ|em|cô|chú|bác|cháu)(?= (?-i:[{CAPITAL}]))(?! (?:Trưng|Triệu)\b)"
    r"|tôi|mình|gia đình|nhà riêng|cá nhân|bạn(?= (?-i:[{CAPITAL}]))(?! (?:Đọc|Trẻ))|(?:máy|số|di động|điện thoại|zalo) riêng|người (?:nhà|thân|nộp(?! thuế)|gửi|hỏi|mất|dân tên|liên hệ|được ủy quyền|đề nghị|thuê|cha|mẹ)|của người dân|của khách"
    r"|bạn đọc|nạn nhân|đối tượng|bị can|bị hại|chủ (?:nhà|hộ|quán|xe|trọ)|khách thuê|tài xế|bác tài|shipper|cụ (?:ông|bà)|bà cụ|ông cụ"
    r"|(?:cho|của|với|gặp|hỏi|nhắn|tìm|gọi|giúp|nhờ) (?:ông|bà|anh|chị|cụ|em|cô|chú|bác|cháu|họ)"
    rf"|(?<!phố )(?<!đường )(?<!ngõ )(?<!cầu )(?<!phường )(?<!THCS )(?<!THPT )(?<!trường )(?<!\d )(?-i:{SURNAME} (?:Văn|Thị|Đình|Đức|Hữu|Ngọc|Minh) [{CAPITAL}]\w{{0,7}})"
    r"|vợ|chồng|con (?:trai|gái)|(?:anh|chị|em|cháu|ông|bà|cụ)(?= (?:ấy|này|ta|cho|đọc|đưa|sống|bé|chưa|có|để|điền|ghi))"
)
_CUES = lazy(rf"(?<!\w)(?:(?P<office>{_OFFICE})|(?P<person>{_PERSON}))(?!\w)", re.IGNORECASE)
_PLACE_CUES = lazy(rf"(?<!\w)(?:(?P<office>{_OFFICE}|{_VENUE})|(?P<person>{_PERSON}))(?!\w)", re.IGNORECASE)
_BESIDE = lazy(r"(?:cạnh|gần|sau|trước|cổng|ngoài|quanh|đối diện|sát|cách|tới|đến|lên|với|ra)\s{1,3}$", re.IGNORECASE)
_MEMBER = lazy(  # "sinh viên Trường Đại học …, số 09…" is a person
    r"(?<!\w)(?:sinh viên|học sinh|học viên|phụ huynh|bệnh nhân|công nhân|hội viên|giáo viên|giảng viên|cựu cán bộ|nguyên cán bộ)"
    r"(?: (?:lớp|khoa|khóa|năm|ngành) [^,.;\n]{1,25})?,?(?: của| tại| thuộc)?\s{1,3}$",
    re.IGNORECASE,
)
_FROM = lazy(
    r"(?<!\w)(?:từ|nhận tin|gọi (?:vào|đến|từ|cho|lại|tới)|(?<!thông )báo|vào số|tới|đến nhà|về nhà|của người|nhà của|nhắn|xác minh|có số|dùng số|bằng (?:số|máy|sim|điện thoại)"
    r"|giả danh|mạo danh|tự xưng|trả lời)(?!\w)",
    re.IGNORECASE,
)
# "tiếp nhận tin báo vi phạm trật tự xây dựng: …": the office receives at its own number
_RECEIVES = lazy(
    r"(?<!\w)(?:nhận|thu nhận|xử lý|giải đáp|ghi nhận) (?:(?:và )?(?:xử lý|giải quyết|trả lời) )?(?:tin|phản ánh|tố giác|thông tin|ý kiến|kiến nghị|khiếu nại|góp ý|báo cáo|báo tin)"
    r"(?!\w)(?:(?!(?<!\w)(?:từ|qua điện thoại của|của (?:ông|bà|anh|chị|bạn))(?!\w))[^\d\n:]){0,60}?(?::|(?<!\w)(?:qua|theo|tại|ở) (?:số|đường dây)[^\d\n]{0,25}$|[ (–-]{0,3}$)",
    re.IGNORECASE,
)
_MOVED = lazy(r"[^\d.\n]{0,20}(?:tới|đến|về|từ)(?!\w)")
_LABEL = lazy(
    r"\W{0,6}(?:địa chỉ|đ/c|điện thoại|s?đt|số điện thoại|zalo|viber|liên hệ|di động|email|tại|stk|số tài khoản|tài khoản)?[^\w\n]{0,6}$",
    re.IGNORECASE,
)  # fmt: skip
_OF_PERSON = lazy(
    rf"^[\s,)(–-]{{0,3}}(?:là )?(?:của|mang tên|tên|chủ tài khoản)\s(?:người|khách|tôi|con|cháu|bạn|em|gia đình|(?:ông|bà|anh|chị|cụ|cô|chú|bác)(?= (?-i:[{CAPITAL}])))"
    r"|^[\s,(–-]{0,3}(?:là )?(?:bố|mẹ|vợ|chồng|con|ông|bà|anh|chị|em|cô|chú|bác)(?: (?:trai|gái|nội|ngoại))? (?:của )?(?:cháu|bé|em|tôi|nạn nhân|mình)(?!\w)",
    re.IGNORECASE,
)
_OF_OFFICE = lazy(  # "STK ủng hộ: 148…, BIDV, tên tài khoản: Ban Vận động …"
    rf"[^\n]{{0,50}}?(?:(?:tên|chủ) (?:tài khoản|TK)|chủ tk|đơn vị (?:thụ hưởng|nhận)|mang tên)\W{{0,3}}(?:{_OFFICE})(?!\w)",
    re.IGNORECASE,
)
_APPOSED = lazy(
    r"[\s,(–-]{0,4}(?:(?:là|đây là) )?(?:số )?(?:điện thoại )?(?:của |thuộc |do )?", re.IGNORECASE
)  # "0912… (Văn phòng …)"
_STOP = lazy(rf"[.!?]\s{{1,3}}(?=[{CAPITAL}])|\n")


def owner(text: str, start: int, end: int, *, place: bool = False) -> Owner:
    """Who owns text[start:end]: the nearest word before it in its sentence, else after it, else above a bare label.

    Args:
        place: it is an address, and a venue's is public too.
    """
    cues = _PLACE_CUES if place else _CUES
    if _OF_PERSON.match(text[end : end + 40]):
        return "person"
    if not place and _OF_OFFICE.match(text[end : end + 110]):
        return "office"
    before = text[max(0, start - _BACK) : start]
    stops = [found.end() for found in _STOP.finditer(before)]
    inside = before[stops[-1] :] if stops else before
    found = _nearest(inside, cues)
    if found:
        return found
    ahead = text[end : end + _AHEAD]
    stop = _STOP.search(ahead)
    for cue in cues.finditer(ahead[: stop.start()] if stop else ahead):
        if cue["person"]:
            return "person"
        if not _BESIDE.search(ahead[: cue.start()]) and (place or _APPOSED.fullmatch(ahead[: cue.start()])):
            return "office"
    if stops and _LABEL.fullmatch(inside):  # "Điện thoại: …" below the line that names the office
        return _nearest(text[max(0, start - _FAR_BACK) : start].rpartition("\n\n")[2], cues)
    return ""


def _nearest(before: str, cues: re.Pattern[str]) -> Owner:
    """The last cue of the text; an office that is only a landmark ("cạnh UBND phường") or a caller does not count."""
    for cue in reversed(list(cues.finditer(before))):
        if cue["person"]:
            return "person"
        moved = cue["office"].lower() in ("trụ sở", "văn phòng") and _MOVED.match(before, cue.end())
        if not moved and (
            _MEMBER.search(before[: cue.start()])
            or _BESIDE.search(before[: cue.start()])
            or _FROM.search(_RECEIVES.sub(" ", before[cue.end() :]))
        ):
            continue
        return "office"
    return ""


def is_office(words: str, *, place: bool = True) -> bool:
    """Whether an office is named at all, or with `place` a venue."""
    return any(cue["office"] for cue in (_PLACE_CUES if place else _CUES).finditer(words))

"""Numbers of persons: identity, papers, insurance, accounts, tax, cases. Patterns have bounded repeats only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.cues import Led
from pipeline.patterns import lazy
from pipeline.recognise.facts import digits, facts
from pipeline.recognise.owner import owner

Found = tuple[str, int, int]  # kind, start, end

_TWELVE = Led(r"(?<!\d)(?<!\d[.,/-])\d(?:[ ./-]?/?\d){11}(?![.,/-]?\d|/[A-ZĐ]{2})", digit=r"\d", flags=0)
_NINE = Led(
    r"(?<!\w)(?:CMND|CMTND|CMT|chứng minh (?:nhân dân|thư)|căn cước|CCCD|định danh)[^\n]{0,30}?(?<![\d.,])(\d(?:[ .-]?\d){8})(?![ .-]?\d)",
    "cmnd|cmtnd|cmt|chứng minh|căn cước|cccd|định danh",
)
_CHIP = Led(r"(?<!\w)IDVNM\d{10}(\d{12})(?!\d)", "idvnm", flags=0)  # the machine-readable line on the back of the card
# All Vietnamese bank cards.
_CARD_NUMBER = Led(r"(?<![\d.,])9704(?:[ -]?\d{4}){2}[ -]?(?:\d{4}|\d{7})(?!\d)", "9704", flags=0)
_WORLD_CARD = Led(r"(?<![\d.,])[3-6]\d{3}(?:[ .-]?\d{4}){3}(?![.,]?\d)", digit=r"[3-6]\d{3}", flags=0)
_CUE = lazy(r"CCCD|căn cước|định danh|CMND|CMT|chứng minh|giấy tờ tùy thân|số thẻ(?! kho)", re.IGNORECASE)
_OTHER = lazy(
    r"(?:mã giao dịch|hóa đơn|hoá đơn|biên lai|mã vạch|vận đơn|seri|serial|mã bưu gửi|mã đơn|gói thầu|phôi|ISBN|số lượng|số thứ tự)[^\d\n]{0,12}$"
    r"|(?<!\w)(?:số|mã)(?: [^\s\d]{1,8})? (?:hợp đồng|công tơ|đồng hồ|khách hàng|lô|sê-?ri|seri|serial|s/n|máy|thiết bị|camera|tài sản|hóa đơn|hoá đơn|vận đơn|bưu|đơn hàng|giao dịch"
    r"|biên lai|chứng từ|tờ khai|quản lý|tham chiếu|nhiệm vụ|thửa|QR|cơ sở|doanh nghiệp|vùng trồng|hạng mục|đề tài|vật tư|bệnh phẩm|đăng kiểm|công trình|dự án|gói thầu|hố ga|tủ điện|điểm đo|biển báo|cây xanh|tem|kiện|container|sản phẩm|niêm phong|trạm|cột|imei|kho|đăng ký phương tiện)(?!\w)[^\d\n,;.]{0,40}$"
    r"|(?<!\w)(?:công tơ|sê-ri|serial|s/n|imei|camera|barcode|lô (?:hàng|vắc-xin|vaccine|thuốc)|phiếu (?:thu|chi|nhập|xuất)|tờ bản đồ)(?!\w)[^\d\n,;.]{0,30}$"
    r"|(?<!\w)(?:tờ bản đồ|thửa(?: đất)?)(?: số)? \d{1,4},? (?:có )?mã(?: số| thửa| định danh){0,2}[ :]{1,3}$",
    re.IGNORECASE,
)
_MONEY = lazy(r" {0,2}(?:đồng|đ\b|VND|VNĐ|m2|người|hồ sơ|triệu|tỷ|lượt|bytes?\b|[kg]b\b)", re.IGNORECASE)
_OF_THINGS = lazy(
    r"định danh (?:điện tử )?(?:của )?(?:văn bản|tài liệu|thiết bị|hồ sơ|thửa đất|cơ quan|đơn vị|tổ chức)(?!\w)[^\d\n,;]{0,20}$",
    re.IGNORECASE,
)
_DATED = lazy(r"(?:0?[1-9]|[12]\d|3[01])[ ./-](?:0?[1-9]|1[0-2])[ ./-](?:19|20)\d\d")
_PASSPORT = Led(
    r"(?<!\w)(?:(?:hộ chiếu|passport)[^\d\n]{0,30}?(?<!\w)(?=[A-Za-z]?\d{7,9}(?!\w))|(?-i:HC)(?: số)?[ :]{1,2}(?=[A-Za-z]\d{7,8}(?!\w)))([A-Za-z]?\d{7,9})",
    "hộ chiếu|passport|hc",
)
_INSURANCE = Led(
    r"(?<!\w)(?:BHXH|BHYT|bảo hiểm (?:xã hội|y tế))(?: số| mã(?: số)?)?:? (\d{10})(?!\d|\.\d)"
    r"|(?<!\w)(?:mã(?: số| thẻ)?|số(?: sổ)?|sổ|thẻ)\s(?:số )?(?:BHXH|BHYT|bảo hiểm(?: xã hội| y tế)?)[^\d\n]{0,40}?"
    r"((?<!\w)[A-Z]{2}[ -]?\d(?:[ -]?\d){9,12}|(?<!\d)\d(?:[ ]?\d){9})(?!\d|\.\d)",
    "bhxh|bhyt|bảo hiểm|mã|số|sổ|thẻ",
)
# The health card's 15 characters need no word before.
_CARD = Led(r"(?<!\w)[A-Z]{2}[ -]?[1-5](?:[ -]?\d){12}(?!\w)", sign=r"[A-Z]{2}(?=[ -]?[1-5])", flags=0)
_LICENCE = Led(
    r"(?<!\w)(?:giấy phép lái xe|GPLX|bằng lái(?: xe)?)[^\d\n]{0,24}(\d(?:[ .-]?\d){11})(?!\d)"
    r"|(?<!\w)(?:sổ (?:đỏ|hồng)|quyền sử dụng đất)[^\d\n]{0,24}?((?<!\w)[A-ZĐ]{1,2} ?\d{6,8})(?!\w)"
    r"|(?<!\w)hộ khẩu[^\d\n]{0,12}(\d{9})(?!\d)",
    "giấy phép lái|gplx|bằng lái|sổ|quyền sử dụng đất|hộ khẩu",
)
_TAX = Led(r"(?<!\w)(?:MST|mã số thuế)[^\d\n]{0,40}(\d{10}(?:-\d{3})?)(?!\d)", "mst|mã số thuế")
_SIX = lazy(r"\d{6}")
_CASE = lazy(
    r"(?<![\w.])(?:\d{3}\.){0,2}(?:\d{2}\.){0,2}[A-Z]\d{2}(?:\.\n?\d{1,3}){0,4}-\n?\d{6}-\n?\d{4,6}(?!\d)"
    r"|(?<!\w)(?:mã|số) (?:hồ sơ|biên nhận|tra cứu|giấy hẹn)[^\d\n]{0,16}?((?<![\w.])(?:\d{2,3}\.){1,4}[A-Z]?\d{0,2}-?\d{6}-\d{4,6})(?!\d)"
    r"|(?<!\w)mã (?:biên nhận|hồ sơ|tra cứu)[^\d\n]{0,12}(\d{8,14})(?!\d|\.\d)",
    re.IGNORECASE,
)
_ACCOUNT = Led(
    r"(?<!\w)(?:STK|TK ?:|sổ tiết kiệm(?: số)?|số tài khoản|tài khoản(?: ngân hàng)?(?: số)?|số TK|TK số|số thẻ(?: ATM)?(?! kho)|thẻ (?:ATM|visa|tín dụng|ghi nợ|ngân hàng))"
    r"(?P<between>[^\d\n]{0,40}?)(?P<number>(?<!\d)\d(?:[ .-]?[\dA-Z]){5,22}|(?<!\w)[A-Z]{1,4}\d{6,16})(?!\w)",
    "stk|tk|sổ tiết kiệm|số tài khoản|tài khoản|số tk|số thẻ|thẻ",
)
_BANKS = (
    r"(?:Vietcombank|VCB|Techcombank|TCB|BIDV|Agribank|Viet ?inBank|CTG|MB ?Bank|MB|ACB|TP ?Bank|VP ?Bank|Sacombank|STB|SHB|VIB|HD ?Bank|MSB|OCB"
    r"|Viet ?in|Vietcom|Tech ?com|Sacom|Agri|SeABank|LP ?Bank|LienVietPostBank|Nam ?A ?Bank|Bac ?A ?Bank|ABBank|NCB|PVcomBank|Eximbank|SCB|Kienlongbank|Viet ?Bank|Momo|ZaloPay|ViettelPay|Viettel Money|Timo|Cake)"
)
_BANK = Led(
    rf"(?<!\w)(?:{_BANKS}|ngân hàng)(?!\w)[^\d\n]{{0,24}}(\d(?:[ .-]?\d){{7,18}})(?![\d.]\d|\d)"
    rf"|(?<![\d.,])(?<!\d[ -])(\d(?:[ .-]?\d){{7,18}})(?!\d)[^\d\n]{{1,20}}?(?<!\w){_BANKS}(?!\w)",
    "viet|vcb|tech|tcb|bidv|agri|ctg|mb|acb|tp|vp|sacom|stb|shb|vib|hd|msb|ocb|seabank|lp|lienviet|nam|bac|abbank|ncb|pvcombank"
    "|eximbank|scb|kienlongbank|momo|zalopay|timo|cake|ngân hàng",
    digit=r"\d",
)
_PUBLIC_ACCOUNT = lazy(r"\s{0,2}\(?(?:mở )?tại (?:phòng giao dịch )?kho bạc", re.IGNORECASE)
_TREASURY = lazy(r"\d{4}\.\d{1,2}\.\d{7}(?:\.\d{5})?")  # an account of the State Treasury
_THOUSANDS = lazy(r"\d{1,3}(?:\.\d{3}){1,6}")


# Looking for a plain word in a lowered text is many times faster than the patterns that need it.
_PAPERS = (
    (lazy(r"hộ chiếu|passport|(?<!\w)hc(?!\w)"), _PASSPORT, "passport"),
    (lazy(r"bhxh|bhyt|bảo hiểm"), _INSURANCE, "insurance"),
    (lazy(r"lái|gplx|sổ (?:đỏ|hồng)|sử dụng đất|hộ khẩu"), _LICENCE, "licence"),
)
_BANK_NAMES = lazy(
    r"ngân hàng|bank|viet ?in|vietcom|tech ?com|sacom|agri|vcb|tcb|bidv|ctg|(?<!\w)mb(?!\w)|acb|stb|shb|vib|msb|ocb|ncb|scb|momo|zalopay|viettel|timo|cake"
)
_BANK_WORDS = lazy(
    r"stk|tk|tài khoản|thẻ|tiết kiệm|ngân hàng|viet ?in|vietcom|tech ?com|sacom|agri|vcb|tcb|bidv|mb|acb|shb|vib|msb|ocb|momo|zalopay|bank"
)


def identity(text: str) -> Iterator[Found]:
    """Twelve digits with a province, a century and a sex that exist, or any twelve after a word; nine after a word."""
    cued: bool | None = None  # whether a word stands anywhere: asked once, and only if there is a number
    for found in _TWELVE.finditer(text):
        cued = bool(_CUE.search(text)) if cued is None else cued
        before = text[max(0, found.start() - 40) : found.start()]
        told = cued and bool(_CUE.search(before))
        if not told and (not _born(found.group()) or _OTHER.search(before) or _MONEY.match(text, found.end())):
            continue
        if len(set(digits(found.group()))) > 1 and not _OF_THINGS.search(before):  # 000000000000 fills a form's example
            yield "identity", found.start(), found.end()
    for pattern in (_NINE, _CHIP):
        yield from (("identity", *found.span(1)) for found in pattern.finditer(text))


def _born(shown: str) -> bool:
    number = digits(shown)
    if number[:3] not in facts().provinces or number[3] not in "0123" or _DATED.match(shown):
        return False
    if re.fullmatch(r"\d\d(?: \d\d){5}", shown):
        return False  # six pairs are a row of counts
    groups = re.split(r"[ ./-]", shown)
    if "/" in shown and [len(group) for group in groups] != [3, 3, 3, 3]:
        return False
    return number[3] in "01" or int(number[4:6]) <= 40  # born 20xx


def papers(text: str) -> Iterator[Found]:
    """Passports, insurance and health cards, driving licences, land and household books."""
    yield from _groups(text, _CARD, "insurance")
    low = text.lower()
    for words, pattern, kind in _PAPERS:
        if words.search(low):
            yield from _groups(text, pattern, kind)


def _groups(text: str, pattern: re.Pattern[str] | Led, kind: str) -> Iterator[Found]:
    for found in pattern.finditer(text):
        group = found.lastindex or 0
        if not _MONEY.match(text, found.end(group)):
            yield kind, found.start(group), found.end(group)


def tax(text: str) -> Iterator[Found]:
    """A person's tax code begins with 8; a company's is public."""
    for found in _TAX.finditer(text):
        around = text[max(0, found.start() - 60) : found.end()]
        if found[1].startswith("8") or re.search(r"thuế cá nhân|MST cá nhân|hộ kinh doanh", around, re.IGNORECASE):
            yield "tax", found.start(1), found.end(1)


def cases(text: str) -> Iterator[Found]:
    """Whoever knows the number of a case can look it up (vietnam.md §4)."""
    if _SIX.search(text):
        shown = _groups(text, _CASE, "case")
        yield from (one for one in shown if set(digits(text[one[1] : one[2]])) != {"0"})  # a form's example


def accounts(text: str) -> Iterator[Found]:
    """Bank accounts, but for those of public bodies and funds."""
    yield from (("bank", *found.span()) for found in _CARD_NUMBER.finditer(text))
    for found in _WORLD_CARD.finditer(text):
        if _luhn(digits(found.group())) and not _OTHER.search(text[max(0, found.start() - 60) : found.start()]):
            yield "bank", found.start(), found.end()
    low = text.lower()
    if not _BANK_WORDS.search(low):
        return
    for found in _ACCOUNT.finditer(text):
        number = found["number"]
        if sum(letter.isdigit() for letter in number) < 6 or _counted(text, found):
            continue
        yield from _private(text, found.start("number"), found.end("number"))
    for found in _BANK.finditer(text) if _BANK_NAMES.search(low) else ():
        group = found.lastindex or 1
        if not _THOUSANDS.fullmatch(found[group]) and not _MONEY.match(text, found.end(group)):
            yield from _private(text, found.start(group), found.end(group))


def _luhn(number: str) -> bool:
    """Whether the last digit checks the others, as on every bank card (ISO/IEC 7812-1)."""
    doubled = [int(one) * (1 + place % 2) for place, one in enumerate(reversed(number))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _counted(text: str, found: re.Match[str]) -> bool:
    """ "đã kích hoạt tài khoản cho 1.234.567 người" counts accounts, it names none."""
    number = found["number"].strip(" .-")
    plain = bool(_THOUSANDS.fullmatch(number)) and number[0] != "0"
    return plain or bool(_MONEY.match(text, found.end("number"))) or bool(_DATED.match(number))


def _private(text: str, start: int, end: int) -> Iterator[Found]:
    if is_private_account(text, start, end):
        yield "bank", start, end


def is_private_account(text: str, start: int, end: int) -> bool:
    """Neither on the list of public accounts, nor an office's, nor a hotline beside a bank's name."""
    number = digits(text[start:end])
    if (
        _PUBLIC_ACCOUNT.match(text, end)
        or _TREASURY.fullmatch(text[start:end])
        or (number.startswith(("1900", "1800")) and len(number) in (8, 10))
    ):
        return False
    return number not in facts().accounts and owner(text, start, end) != "office"

"""Ways to reach a person: phones and e-mail. What belongs to an office passes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.cues import Led
from pipeline.patterns import lazy
from pipeline.recognise.facts import digits, facts
from pipeline.recognise.owner import owner

Found = tuple[str, int, int]  # kind, start, end

_PHONE = Led(
    r"(?<!\d)(?<!\d[.,])(?:\(?\+ ?84\)?|0084|84|0)(?:[ ._()*-]{0,3}\d){9,10}(?!\d|[.-](?!0\d)\d|[A-Z](?!\w))"
    r"|(?<!\d)0\d{3},\d{3},\d{3}(?!\d)"
    r"|(?<![\d\n])0\d{2,3}[ .-]?(?:\d{3}[ .-]?)?\n(?:\d{3}[ .-]?){1,2}\d{0,1}(?![\d.,/-])"
    r"|(?<![\d/])0(?:\d{3} ?/{1,2} ?\d{3} ?/{1,2} ?\d{3}|\d{2} ?/{1,2} ?\d{3} ?/{1,2} ?\d{4})(?![\d/])",
    sign="[(+08]",
    flags=0,
)
_MOBILE = lazy(r"0(?:3[2-9]|5[25-9]|7[06-9]|8[1-9]|9[0-46-9])\d{7}")
_OLD_MOBILE = lazy(r"01[2689]\d{8}")  # eleven digits, until 2018
_BARE = Led(
    r"(?<!\d)(?<!\d[.,/-])(?:3[2-9]|5[25-9]|7[06-9]|8[1-9]|9[0-46-9])(?:[ .-]?\d){7}(?![\d]|[ .,-]\d)",
    digit=r"[35789]\d",
    flags=0,
)
_ABROAD = Led(r"(?<![\w+])\+(?! ?84)\d{1,3}(?:[ .()-]{0,2}\d){7,11}(?!\d)", sign=r"\+", flags=0)
_LANDLINE = lazy(r"02\d{9}")
_TOLD = lazy(
    r"điện thoại|(?<!\w)(?:s?[đd]t|tel|liên (?:hệ|lạc)|di động|số máy|zalo|viber|gọi|nhắn)(?!\w)", re.IGNORECASE
)
_PAIRS = lazy(r"0\d(?:[ -]\d\d){4}")  # French pairs are also lots of the lottery
_COUNTED = lazy(r"[1-9]\d{0,2}(?:[.,]\d{3}){2,5}")
_BYTES = lazy(r" ?(?:bytes?|[kg]b)(?!\w)", re.IGNORECASE)
_UNIT = lazy(r" ?(?:bytes?|[kmg]b|đồng|đ|vnđ|vnd|người|lượt|hồ sơ|m2|m²|m3|kwh|usd)(?!\w)", re.IGNORECASE)
_DECIMAL = lazy(r"0[.,]\d{9,10}")
_GROUPED = lazy(r"01\d{2}([ .-])\d{3}\1\d{4}|01\d{3}([ .-])\d{3}\2\d{3}")
_NO_PHONE = lazy(
    r"(?:hóa đơn|hoá đơn|biên lai|mã giao dịch|mã đơn|seri|vận đơn|MST|mã số thuế|mã vạch|văn bản số|công văn số|phôi|số lô|mã lô|lượt (?:truy cập|xem|tải))[^\d\n]{0,12}$",
    re.IGNORECASE,
)
_HOME_PHONE = lazy(
    r"(?:nhà (?:riêng|em|tôi|mình|ông|bà|anh|chị|cháu)|máy bàn|gia đình|tại nhà|số nhà của)[^\d\n]{0,40}$",
    re.IGNORECASE,
)
_OFFICER = lazy(  # whose desk the landline stands on is public: NĐ 42/2022/NĐ-CP Điều 4
    r"(?<!\w)(?:(?:phó )?(?:chủ tịch|bí thư|giám đốc|chánh văn phòng|hiệu trưởng)|(?:phó )?trưởng (?:phòng|ban|công an|trạm)|chuyên viên|công chức|cán bộ)(?!\w)",
    re.IGNORECASE,
)
_DATED = lazy(r"(?:0?[1-9]|[12]\d|3[01])[ ./-](?:0?[1-9]|1[0-2])[ ./-](?:19|20)\d\d")
_MAIL = lazy(
    r"(?<![\w.+-])(?P<name>[\w.+-]{1,64})(?: ?|\n)(?:@{1,2}|\(@\)|\[@\]|\(at?\)|\[at?\]|\{at?\})(?: |\n)?(?P<domain>[A-Za-z0-9-]{1,63}(?:(?:\.|\.\n(?=(?:com|vn|net|org|edu)(?!\w))| \. ?| ?, ?(?=com|vn)|\. (?=(?:com|vn|net|org|edu)(?!\w))| ?[\[({](?:dot|chấm|\.)[\])}] ?)[A-Za-z0-9-]{1,63}){1,4}|(?:gmail|yahoo|hotmail|outlook|icloud)(?![\w.]))",
    re.IGNORECASE,
)
_TOP = ("com", "vn", "net", "org", "edu", "info", "biz", "io", "me")
_SAMPLE_NAMES = (
    "ten",
    "ten.ho",
    "ho.ten",
    "abc",
    "xyz",
    "xxx",
    "hoten",
    "tencuaban",
    "tendangnhap",
    "yourname",
    "username",
    "email",
    "vidu",
)  # of forms
_SAMPLE_DOMAIN = lazy(r"(?:vidu|abc|xyz|tenmien|example|domain|sample|mau|tencongty)\.")
_HALF_MASKED = lazy(r"\w[*•]{2,10}$")  # "n***a@gmail.com"
_AT = lazy(r"[(\[{]at?[)\]}]", re.IGNORECASE)
_MAIL_SAID = lazy(
    r"(?<![\w.+-])(?P<name>[\w.+-]{1,64})(?: ?[\[({] ?| )(?:at|a còng|a cong|a móc)(?: ?[\])}] ?| )"
    r"(?P<domain>[A-Za-z0-9-]{2,30}(?:(?:\.| \. | ?[\[({]? ?(?:dot|chấm|cham) ?[\])}]? ?)[A-Za-z0-9-]{2,20}){1,3})(?!\w)",
    re.IGNORECASE,
)


def phones(text: str) -> Iterator[Found]:
    for found in _PHONE.finditer(text):
        if _is_private_phone(text, found):
            yield "phone", found.start(), found.end()
    for found in _BARE.finditer(text):
        near = text[max(0, found.start() - 30) : found.start()] + "\0" + text[found.end() : found.end() + 20]
        if _TOLD.search(near) and owner(text, found.start(), found.end()) != "office":
            yield "phone", found.start(), found.end()
    for found in _ABROAD.finditer(text):
        if owner(text, found.start(), found.end()) != "office":
            yield "phone", found.start(), found.end()


def _is_private_phone(text: str, found: re.Match[str]) -> bool:
    number = digits(found.group())
    number = re.sub(r"^(?:0084|84)0?", "0", number) if number.startswith(("84", "0084")) else number
    if not (_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number) or _OLD_MOBILE.fullmatch(number)):
        return False
    before = text[max(0, found.start() - 60) : found.start()]
    if _PAIRS.fullmatch(found.group()) and not _TOLD.search(before + "\0" + text[found.end() : found.end() + 20]):
        return False
    if _BYTES.match(text, found.end()) or (_COUNTED.fullmatch(found.group()) and _UNIT.match(text, found.end())):
        return False
    if _DECIMAL.fullmatch(found.group()):
        return False
    if number in facts().phones or _NO_PHONE.search(before) or _DATED.match(found.group()):
        return False
    if _LANDLINE.fullmatch(number):
        who = owner(text, found.start(), found.end())
        if _HOME_PHONE.search(before):
            return who != "office"
        return who == "person" and not _OFFICER.search(before)
    told = "số" in before[-30:].lower() or bool(_TOLD.search(before[-30:]))
    if _MOBILE.fullmatch(number) or (_OLD_MOBILE.fullmatch(number) and (told or _GROUPED.fullmatch(found.group()))):
        return owner(text, found.start(), found.end()) != "office"
    return False


def mails(text: str) -> Iterator[Found]:
    if (
        "@" not in text
        and " at " not in text.lower()
        and "a còng" not in text
        and "a cong" not in text
        and not _AT.search(text)
    ):
        return
    for pattern in (_MAIL, _MAIL_SAID):
        for found in pattern.finditer(text):
            if _HALF_MASKED.search(text[max(0, found.start() - 12) : found.start()]):
                continue
            domain = re.sub(r"\s?[\[({]?\s?(?:\.|\bdot\b|\bchấm\b|\bcham\b)\s?[\])}]?\s?", ".", found["domain"].lower())
            apart = found.group()[len(found["name"]) :][:1].isspace()
            if apart and domain.rpartition(".")[2] not in _TOP and domain not in facts().free_mail:
                continue  # "Fanpage @thudo.vietnam"
            if _is_private_mail(found["name"].lower(), domain):
                yield "email", found.start(), found.end()


def _is_private_mail(name: str, domain: str) -> bool:
    known = facts()
    if name in _SAMPLE_NAMES or _SAMPLE_DOMAIN.match(domain):
        return False
    if any(domain == official or domain.endswith("." + official) for official in known.mail):
        return False
    office = re.split(r"[._+-]", name)[0] in known.mailboxes or name in known.mailboxes
    return not office or (
        domain.split(".", maxsplit=1)[0] in known.free_mail and not name.startswith(("ubnd", "motcua", "ttpvhcc"))
    )

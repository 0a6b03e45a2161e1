"""Secrecy marks (Luật 117/2025/QH15, NĐ 63/2026/NĐ-CP: TUYỆT MẬT, TỐI MẬT, MẬT) and marks of drafts and internal papers.

A mark stands in a mark's position: alone on a line or in a cell, in brackets, before or after a title, behind "Độ mật:",
after a document's number. The same word in a sentence ("bảo mật", "mật ong", "bí mật nhà nước") is no mark.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from pipeline.recognise.view import letters

Level = Literal["secret", "internal"]
Where = Literal["body", "title", "alt", "file"]

_M = r"m ?[.\-_]? ?ậ ?[.\-_]? ?t"
_SP = r"[ .\-_]{0,4}"
_TOI, _TUYET = rf"t{_SP}ố{_SP}i", rf"t{_SP}u{_SP}y{_SP}ệ{_SP}t"
_MARK = rf"(?:(?:{_TOI}|{_TUYET}){_SP})?m{_SP}ậ{_SP}t"
_LEVEL = r"(?:tối ?mật|tuyệt ?mật|mật)"
# Letters of old fonts (TCVN3, VNI), of lost marks and of UTF-8 read as Windows-1252, for a line that holds nothing else.
_BROKEN = {
    "mat", "toi mat", "tuyet mat", "mët", "tèi mët", "tuyöt mët", "maät", "toái maät", "tuyeät maät", "máº¬t", "máº­t",
    "tá»i máº¬t", "tá»‘i máº­t", "tuyá»†t máº¬t", "t.mật",
}  # fmt: skip
_ASCII_BROKEN = {"mat", "toi mat", "tuyet mat"}  # in lower case these are other words without their marks
_DECORATION = " \t|*_#>~\"“”‘’'`[](){}<>=+!?.,:;/\\-•·–—…"
_TAG = re.compile(r"<!--|-->|</?[A-Za-z][^<>]{0,200}>|&(?:nbsp|emsp|ensp);")
_BULLET = re.compile(r"\s*[-+*•] ")
_NUMBERED = re.compile(r"^\s*(?:\d{1,3}|[IVX]{1,5})[.)]\s+")
_CELL = re.compile(r"\s*\|\s*|\t+| {3,}")
_ALONE = re.compile(_MARK, re.IGNORECASE)
# "Độ mật: Tối mật", "Mức độ mật – Mật", "do_mat: mat", "Dấu: TỐI MẬT", "Độ mật: A" (signs A, B, C of the register).
_STATED = re.compile(
    rf"(?<!\w)(?:(?:(?:mức|cấp) )?độ mật(?: của (?:văn bản|tài liệu))?|do[_ -]mat|dấu|dấu độ mật)\s{{0,3}}[:=-]\s{{0,3}}[\"“\[(*_]{{0,3}}"
    rf"(?:{_MARK}|(?:toi |tuyet )?mat|[abc](?=[\s.;,\"”)\]]|$))(?!\w| (?:khẩu|ong|độ))",
    re.IGNORECASE,
)
_BRACKETED = re.compile(rf"[\[(【{{]\s{{0,2}}[*_]{{0,2}}(?:MẬT|TỐI ?MẬT|TUYỆT ?MẬT|Tối mật|Tuyệt mật)[*_]{{0,2}}\s{{0,2}}[\])】}}]")
_NUMBER = r"\d{1,5}\s{0,2}[/-]\s{0,2}[A-ZĐ][A-Za-zĐ]{0,5}[-/][A-ZĐ][A-ZĐa-z]{1,10}"
_AFTER_NUMBER = re.compile(
    rf"(?<!\w){_NUMBER}\s{{0,3}}(?:[(\[]\s?(?:M|TM|TuM|TyM|{_LEVEL}|MẬT|TỐI MẬT|TUYỆT MẬT)\s?[)\]]|[-/]\s?(?:TM|M)(?![\w-])"
    rf"|[-–,]?\s?(?:MẬT|TỐI MẬT|TUYỆT MẬT)(?!\w))",
)
_STAMPED = re.compile(
    rf"(?<!\w)(?:(?:văn bản|tài liệu|công văn|báo cáo|kế hoạch|hồ sơ|nội dung|phụ lục|phương án|tờ trình|thông báo)(?: số [^\s]{{1,20}}| này| trên| sau đây| kèm theo| dưới đây){{1,2}}"
    rf"|đây là (?:văn bản|tài liệu|công văn|hồ sơ|nội dung))[^.\n]{{0,50}}?(?<!bí )(?<!bảo )(?:độ|dấu|loại|tài liệu|văn bản|là|công văn|hồ sơ|nội dung)? ?[\"“]?{_LEVEL}(?!\w| (?:khẩu|ong|độ|mã|thiết|mía))",
    re.IGNORECASE,
)
_LISTED = re.compile(rf"bí mật nhà nước,? (?:ở )?độ ?:? ?{_LEVEL}(?!,|\w)", re.IGNORECASE)
_NOUN = (
    r"(?:tài liệu|văn bản|công văn|hồ sơ|báo cáo|kế hoạch|phương án|thông báo|tờ trình|chỉ thị|quyết định|phụ lục|đề án|biên bản|giấy mời|thư|điện)"
)
_NAMED_ALONE = re.compile(rf"{_NOUN} {_LEVEL}(?:\s?[-–,:(].{{0,80}})?", re.IGNORECASE)
_LEADING = re.compile(r"(?:MẬT|TỐI ?MẬT|TUYỆT ?MẬT|M Ậ T|Mật|Tối mật|Tuyệt mật)\s?(?:[:(]|-|\.)\s?\S")
_TRAILING = re.compile(r"\S\s?[-–:]\s?(?:MẬT|TỐI ?MẬT|TUYỆT ?MẬT|Tối mật|Tuyệt mật)")
_SHOUTED = re.compile(r"(?<![\w“\"'])(?:TỐI MẬT|TUYỆT MẬT|(?<!BÍ )(?<!BẢO )(?<!THÂN )(?<!ĐƯỜNG )(?<!CƠ )MẬT(?= |[.,;)]|$))(?!\w|[”\"'])")
_COMPOUND = r"khẩu|ong|độ|mã|thiết|mía|vụ|thám|thư|nghị|hoa|ngọt|rừng|dừa|nhãn|gấu|lợn|bò"
_AFTER_MARK = re.compile(rf"\s{{0,2}}(?:{_COMPOUND})(?!\w)", re.IGNORECASE)
_TOPIC = re.compile(r"bí mật|ba mức|ba độ|các mức|mức độ|cấp độ|đóng dấu|con dấu|mẫu dấu|danh mục|quy định|tập huấn|phim|vở|truyện|sách", re.IGNORECASE)
_SHOWN = re.compile(
    rf"(?<!\w)(?:dấu|độ|văn bản|công văn|tài liệu|hồ sơ|trang bìa)[^.\n]{{0,20}}?(?<!bí )(?<!bảo ){_LEVEL}(?!\w| (?:khẩu|ong|độ|mã))|(?<!\w)(?:TUYỆT|TỐI) MẬT(?!\w)",
    re.IGNORECASE,
)
_DRAWN = re.compile(r"^\s*(?:hình|tranh|ảnh) minh h(?:ọa|oạ)|^đồ họa", re.IGNORECASE)

_INTERNAL = re.compile(
    r"(?<!\w)(?:lưu hành nội bộ|(?:sử )?dùng (?:trong )?nội bộ|tài liệu thu hồi|chỉ người có tên mới được bóc bì|không được sao,? chụp|cấm sao chụp"
    r"|dự thảo (?:lần|không công bố)|do not publish|confidential|internal use only|chưa được phép công bố|không đăng báo|không chia sẻ ra ngoài)(?!\w)",
    re.IGNORECASE,
)
_INTERNAL_ALONE = re.compile(
    r"(?:bản )?(?:dự thảo|draft|bản nháp|nháp)(?: (?:lần )?(?:thứ )?[\wđ.]{1,8})?(?:\s?[-–:(].{0,80})?"
    r"|(?:tài liệu |văn bản )?(?:nội bộ|không phổ biến|giải mật|chưa phát hành)(?:\s?[-–:,(].{0,80})?|bản chưa phát hành.{0,60}|(?:tài liệu )?không phổ biến",
    re.IGNORECASE,
)
_DRAFT_HEAD = re.compile(r"DỰ THẢO(?: (?:TỜ TRÌNH|KẾ HOẠCH|BÁO CÁO|QUYẾT ĐỊNH|NGHỊ QUYẾT|CÔNG VĂN|THÔNG BÁO|ĐỀ ÁN))?[ \d.]{0,5}")
_INTERNAL_TITLE = re.compile(
    r"^\s*(?:[\[(](?:bản )?(?:dự thảo|draft|nháp|nội bộ)[^\])]{0,20}[\])]|(?:draft|bản nháp)\s?[:-])|[\[(](?:dự thảo|draft|nội bộ)[\])]\s*$", re.IGNORECASE
)
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_] ){3,40}[^\W\d_](?!\w)|(?<!\w)(?:[^\W\d_] {1,3}){5,40}[^\W\d_](?!\w)")


def level_of(text: str, where: Where) -> Level | None:
    """What a text says of itself; `where` is the position that it stands in."""
    if where == "file":
        return "secret" if in_name(text) else None
    if where == "title":
        return "secret" if in_title(text) else "internal" if internal_title(text) else None
    if where == "alt":
        return "secret" if in_caption(text) else "internal" if internal_in(text) else None
    return "secret" if mark_in(text) else "internal" if internal_in(text) else None


def mark_in(text: str) -> int:
    """1-based line of the first secrecy mark of a document's text, 0 when there is none."""
    if not _may_hold(text):
        return 0
    for number, line in enumerate(letters(text).text.split("\n"), 1):
        if len(line) > 3000:
            line = line[:1500] + " " + line[-1500:]  # a mark's line is short; a long one is marked at its ends
        if _may_hold(line) and _line(line):
            return number
    return 0


def _may_hold(text: str) -> bool:
    """A cheap look before the patterns: every spelling of a mark holds an m and a t close to each other."""
    return bool(_CHEAP.search(text))


_CHEAP = re.compile(r"[mM\uff2d\uff4d\u041c\u043c\u039cＭ𝐌𝑴𝗠].{0,9}?[tT\uff34\uff54\u0422\u0442\u03a4]|UBND|-[A-ZĐ]{2,6}[-(/ ]{1,3}T?u?M\b|[^\x00-\u04ff\u1e00-\u20ff]", re.DOTALL)


def mark_in_source(source: str) -> int:
    """`mark_in` for a file as it lies in the folder: the values of its front matter count as titles."""
    found = mark_in(source)
    if found or not source.startswith("---"):
        return found
    for number, line in enumerate(source.split("\n", 400)[:400], 1):
        if number > 1 and line.rstrip() in ("---", "..."):
            break
        value = line.partition(":")[2].strip(" \"'")
        if value and mark_in(value):
            return number
    return 0


def _line(raw: str) -> bool:
    line = _TAG.sub(" ", raw)
    listed = bool(_NUMBERED.match(line) or _BULLET.match(line))
    line = _NUMBERED.sub("", line)
    cells = [cell.strip(_DECORATION) for cell in _CELL.split(line)]
    whole = line.strip(_DECORATION)
    several = sum(bool(cell) for cell in cells) > 1
    if any(_alone(cell, plain_word=not several and not listed) for cell in cells) or _alone(whole, plain_word=not listed):
        return True
    if _STATED.search(line) or _AFTER_NUMBER.search(line) or _names_itself(whole):
        return True
    if _LEADING.match(whole) or (_TRAILING.search(whole[-40:]) and _ends_with_mark(whole)):
        return not whole.startswith("Mật") or whole.startswith("Mật:")  # "Mật (của ong) …" is about honey
    if _BRACKETED.search(line) and not _TOPIC.search(line):
        return True
    return bool(_STAMPED.search(line) or _LISTED.search(line)) or _shouted(line)


def _alone(cell: str, *, plain_word: bool) -> bool:
    """Nothing but a mark; a plain "mật" in a list or a table may be honey and is left to capitals."""
    if _ALONE.fullmatch(cell):
        return plain_word or cell.lower() != "mật" or cell.isupper()
    return cell.lower() in _BROKEN and (cell.lower() not in _ASCII_BROKEN or cell.isupper())


def _names_itself(whole: str) -> bool:
    """ "TÀI LIỆU MẬT", "Tài liệu mật, không phổ biến"; but not "Văn bản mật phải gửi …", which speaks of such papers."""
    said = _NAMED_ALONE.fullmatch(whole) and (len(whole) < 60 or whole.isupper())
    return bool(said) and not re.search(r"[,(:] ?(?:phải|được gửi|không được gửi|cần|theo)", whole)


def _ends_with_mark(whole: str) -> bool:
    return bool(re.search(r"(?:MẬT|[Tt]ối mật|[Tt]uyệt mật)$", whole)) and not re.search(r"(?:BÍ|BẢO|ĐƯỜNG|THÂN) MẬT$", whole)


def _shouted(line: str) -> bool:
    """A mark in capitals inside ordinary small letters, but in a list of the levels or a talk about them."""
    capitals = sum(letter.isupper() for letter in line)
    small = sum(letter.islower() for letter in line)
    if small < capitals or not small:
        return False
    return any(
        not _AFTER_MARK.match(line, found.end()) and not _TOPIC.search(line[max(0, found.start() - 80) : found.end() + 40])
        and not re.match(r"(?:, | và | hoặc |/)(?:TUYỆT|TỐI|MẬT)", line[found.end() : found.end() + 8])
        for found in _SHOUTED.finditer(line)
    )  # fmt: skip


def in_title(text: str) -> bool:
    """A mark before, behind or inside a title, or the title itself."""
    return bool(mark_in(text))


def in_caption(text: str) -> bool:
    """A picture that its own description calls a marked paper, but not a drawn one or a lecture about secrets."""
    plain = letters(text).text
    if mark_in(plain):
        return True
    return not _DRAWN.search(plain) and not re.search(r"tập huấn|hội nghị|lớp|bí mật", plain, re.IGNORECASE) and bool(_SHOWN.search(plain))


def in_name(path: str) -> bool:
    """A mark in the name of a file or of one of its folders, with or without Vietnamese marks."""
    parts = letters(unicodedata.normalize("NFC", path)).text.replace("\\", "/").split("/")
    return any(_named(part) for part in parts)


_STEM = re.compile(r"\.(?:md|markdown|docx?|pdf|jpe?g|png|webp|mp4|webm|vtt|txt|xlsx?)$", re.IGNORECASE)
_NAME_WORDS = re.compile(
    rf"(?<!\w)(?:tối mật|tuyệt mật)(?!\w)|(?<!bí )(?<!bảo )(?<!đường )(?<!thân )(?<!cơ )(?<!túi )(?<!sỏi )(?<!lãi )(?<!\w)mật(?!\w| (?:{_COMPOUND})(?!\w))"
)
# Without marks "toi mat" is also "tôi mất", "do mat" also "đo mắt", "bao cao mat" also "báo cáo mất (an toàn)".
_NAME_ASCII = re.compile(
    r"(?<!\w)(?:tuyet mat|(?:dau(?: do mat)?|tai lieu|van ban|cong van|ke hoach|bao cao|phuong an|ho so) (?:toi|tuyet) mat"
    r"|(?:tai lieu|van ban|cong van|ke hoach|bao cao|phuong an) mat(?= ?\d{0,4}$))(?!\w)"
)
_NAME_SHOUTED = re.compile(r"(?<!\w)(?:TOI|TUYET) MAT(?!\w)|[\[(] ?MAT ?[\])]")


def _named(part: str) -> bool:
    words = re.sub(r"[\s._-]+", " ", _STEM.sub("", part)).strip()
    lower = words.lower()
    if lower.strip(_DECORATION) in ("mat", "toi mat", "tuyet mat") or _ALONE.fullmatch(words.strip(_DECORATION)):
        return True
    return bool(_NAME_WORDS.search(lower) or _NAME_ASCII.search(lower) or _NAME_SHOUTED.search(words))


def internal_in(text: str) -> int:
    """1-based line of the first mark of a draft or an internal paper, 0 when there is none."""
    for number, raw in enumerate(_unspaced(letters(text).text).split("\n"), 1):
        line = _TAG.sub(" ", raw[:3000])
        whole = line.strip(_DECORATION)
        if _INTERNAL.search(line) or _INTERNAL_ALONE.fullmatch(whole) and len(whole) < 60 or _DRAFT_HEAD.fullmatch(whole):
            return number
    return 0


def internal_title(text: str) -> bool:
    """A title that begins or ends with "[DỰ THẢO]", "DRAFT:" or the like."""
    return bool(internal_in(text)) or bool(_INTERNAL_TITLE.search(letters(text).text))


def _unspaced(text: str) -> str:
    """ "L Ư U   H À N H" is read as words: letters one space apart join, wider gaps stay."""
    return _SPACED.sub(lambda found: re.sub(r"(?<=\S) (?=\S)", "", found.group()).replace("   ", " "), text)

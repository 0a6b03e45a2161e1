"""Secrecy marks (Luật 117/2025/QH15, NĐ 63/2026/NĐ-CP): TUYỆT MẬT, TỐI MẬT, MẬT.

A mark stands in a mark's position: alone on a line, in a cell or between separators, in brackets, behind "Độ mật:", after
a document's number. The same word in a sentence ("bảo mật", "mật ong", "bí mật nhà nước") is no mark.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from pipeline.recognise import internal
from pipeline.recognise.view import bare, letters, lines_with

Level = Literal["secret", "internal"]
Where = Literal["body", "title", "alt", "file"]

_GAP = r"[ .\-_*·]{0,6}"
_MARK = rf"(?:(?:t{_GAP}ố{_GAP}i|t{_GAP}u{_GAP}y{_GAP}ệ{_GAP}t){_GAP})?m{_GAP}ậ{_GAP}t"
_LEVEL = r"(?:tối ?mật|tuyệt ?mật|mật)"
_HIGH = re.compile(
    rf"t{_GAP}ố{_GAP}i{_GAP}m{_GAP}ậ{_GAP}t|t{_GAP}u{_GAP}y{_GAP}ệ{_GAP}t{_GAP}m{_GAP}ậ{_GAP}t", re.IGNORECASE
)
_ALONE = re.compile(_MARK, re.IGNORECASE)
# Letters of old fonts (TCVN3, VNI), of lost marks and of UTF-8 read as Windows-1252, for a line that holds nothing else.
_BROKEN = {
    "mët", "tèi mët", "tuyöt mët", "maät", "toái maät", "tuyeät maät", "máº¬t", "máº­t",
    "tá»i máº¬t", "tá»‘i máº­t", "tuyá»†t máº¬t", "t.mật",
}  # fmt: skip
_WORN = re.compile(r"(?:T[OÔỐ]I |TUY[EÊỆẾ]T )?M[AÂẬ]T|TOP SECRET")  # scanned; in small letters these are other words
_UNMARKED = re.compile(r"(?:TOI|TUYET) MAT\s?[-:!.(][\x20-\x7e]{0,80}")  # typed without Vietnamese marks
# A cheap look before the patterns: an m, an ậ and a t near each other, what is left of them, or a number's "(M)".
_CHEAP = re.compile(
    r"m(?:[^\w\n]|_){0,6}ậ(?:[^\w\n]|_){0,6}t|m(?<![a-z]m)[aâ]t(?![a-z])|top secret|mët|maät|máº|-[a-zđ]{2,6}[-(/ ]{1,3}t?u?m\b|độ mật"
)
_TAG = re.compile(r"<!--|-->|</?[A-Za-z][^<>]{0,200}>|&(?:nbsp|emsp|ensp);|[*_`~]{1,3}(?=\W|$)|(?<!\w)[*_`~]{1,3}")
_LISTED_LINE = re.compile(r"\s{0,8}(?:[-+*•] |(?:\d{1,3}|[IVX]{1,5})[.)]\s)")
_SEPARATED = re.compile(r"\s{0,3}[|/:;,.!()\[\]{}<>«»「」『』【】=+★]{1,3}\s{0,3}|\s{1,3}-{1,3}\s{0,3}|\t{1,3}| {3}")
_URGENT = re.compile(r"(?<!\w)(?:hỏa tốc|hoả tốc|thượng khẩn|khẩn)(?!\w)", re.IGNORECASE)
# "Độ mật: Tối mật", "Mức độ mật – Mật", "do_mat: mat", "Dấu: TỐI MẬT", "Độ mật: A" (signs A, B, C of the register).
_STATED = re.compile(
    rf"(?<!\w)(?<!ba )(?<!các )(?:(?:(?:mức|cấp) )?độ mật(?: của (?:văn bản|tài liệu))?|mức mật|do[_ -]mat|dấu(?: chỉ)?(?: độ mật)?)\s{{0,3}}[:=-]\W{{0,5}}"
    rf"(?:{_MARK}|t\.\s?mật|(?:toi |tuyet )?mat|[abc](?=[\s.;,\"”)\]]|$))(?!\w| (?:khẩu|ong|độ)|[”\"]?\s?(?:,|và|hoặc|/)\s?[“\"]?(?:tuyệt|tối|mật))"
    rf"|[(\[]độ {_LEVEL}[)\]]",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"[^:]{{0,24}}(?:mật|loại|cấp|mức|văn bản|tài liệu|bảo quản|chế độ)[^:]{{0,12}}:\W{{0,4}}{_LEVEL}", re.IGNORECASE
)
_NUMBER = r"\d{1,5}\s{0,2}[/-]\s{0,2}[A-ZĐ][A-Za-zĐ]{0,5}[-/][A-ZĐ][A-ZĐa-z]{1,10}"
_AFTER_NUMBER = re.compile(
    rf"(?<!\w){_NUMBER}\s{{0,3}}(?:[(\[]\s?(?:M|TM|TuM|TyM|(?i:{_LEVEL}))\s?[)\]]|[-/]\s?(?:TM|M)(?![\w-])"
    r"|[-,/]?\s?(?:MẬT|TỐI MẬT|TUYỆT MẬT)(?!\w))"
)
_PAPER = r"(?:tài liệu|văn bản|công văn|hồ sơ|báo cáo|kế hoạch|phương án|thông báo|tờ trình|chỉ thị|phụ lục|đề án|biên bản|giấy mời|thư|điện|nội dung|bản)"
_COMPOUND = r"khẩu|ong|độ|mã|thiết|mía|vụ|thám|thư|nghị|hoa|ngọt|rừng|dừa|nhãn|gấu|lợn|bò|phải|được|không|theo"
_STAMPED = re.compile(
    rf"(?<!\w)(?:{_PAPER}(?: số [^\s]{{1,20}}| này| trên| sau đây| kèm theo| dưới đây){{1,2}}|đây là {_PAPER})"
    rf"[^.\n]{{0,50}}?(?<!bí )(?<!bảo )(?<!\w)[\"“]?{_LEVEL}(?!\w| (?:{_COMPOUND})(?!\w))|bí mật nhà nước,? (?:ở )?độ ?:? ?{_LEVEL}(?!,|\w)",
    re.IGNORECASE,
)
_NAMES_ITSELF = re.compile(
    rf"(?:bản sao |bản )?{_PAPER}(?: đóng dấu)? [\"“]?{_LEVEL}[\"”]?(?:\s?[-,:(].{{0,80}})?|(?:đóng )?dấu (?:độ )?[\"“]?{_LEVEL}",
    re.IGNORECASE,
)
_SPECIFIC = re.compile(
    rf"(?<!\w){_PAPER}(?: (?:có )?đóng dấu)? [\"“]?{_LEVEL}[\"”]? số \d"
    rf"|(?<!\w)(?:gửi kèm|kèm theo|đính kèm)[^.\n]{{0,30}} {_PAPER} {_LEVEL}(?!\w| (?:{_COMPOUND})(?!\w))"
    rf"|(?<!\w){_PAPER} {_LEVEL}(?!\w| (?:{_COMPOUND})(?!\w))[^.\n]{{0,60}} (?:gửi kèm|kèm theo|đính kèm)"
    rf"|(?<!\w){_PAPER} (?:này|trên|kèm theo|sau đây|dưới đây) (?:thuộc|là) (?:(?:phạm vi|danh mục|diện) )?bí mật nhà nước",
    re.IGNORECASE,
)
_TITLED = re.compile(
    rf"(?:báo cáo|công văn|kế hoạch|phương án|tờ trình|thông báo|chỉ thị|biên bản) {_LEVEL} (?:về|gửi|của) (?!.{{0,100}}(?:giải mật|bị lộ|trưng bày|(?<!\w)phim|(?<!\w)sách)).{{1,100}}",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"[,(:] ?(?:phải|được gửi|không được gửi|cần|theo)|^(?:quản lý|bảo vệ|tập huấn|công tác|quy (?:định|trình|chế)|không|nghiêm cấm|phòng|hướng dẫn|kiểm tra|xử lý)",
    re.IGNORECASE,
)
_NO_MARK_BEFORE = re.compile(r"(?:BÍ|BẢO|THÂN|ĐƯỜNG|CƠ|TÚI|SỎI|NHƯ|LÃI|BÁNH|KẸO) $")
_SHOUTED = re.compile(r"(?<![\w“\"'])(?:TỐI ?MẬT|TUYỆT ?MẬT|MẬT)(?!\w|[”\"'])")
_AFTER_MARK = re.compile(rf"\s{{0,2}}(?:{_COMPOUND})(?<!theo)(?!\w)", re.IGNORECASE)
_TOPIC = re.compile(
    r"bí mật|ba mức|ba độ|các mức|(?<!có )mức độ|cấp độ|cách (?:soạn|đóng)|con dấu|mẫu dấu|danh mục|quy định|tập huấn|(?<!\w)(?:phim|vở|truyện|cuốn sách|kịch|tuồng|trò chơi)(?!\w)",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    rf"(?<!\w)(?:dấu|độ|văn bản|công văn|tài liệu|hồ sơ|trang bìa)[^.\n]{{0,20}}?(?<!bí )(?<!bảo ){_LEVEL}(?!\w| (?:khẩu|ong|độ|mã))"
    r"|(?<!\w)(?:TUYỆT|TỐI) MẬT(?!\w)",
    re.IGNORECASE,
)
_NO_PAPER = re.compile(
    r"(?<!\w)(?:phim|poster|vở|truyện|cuốn sách|bìa sách|kịch)(?!\w)|^\s{0,4}(?:hình|tranh|ảnh) minh h(?:ọa|oạ)|^đồ họa|tập huấn|hội nghị|lớp|bí mật",
    re.IGNORECASE,
)


def level_of(text: str, where: Where) -> Level | None:
    """What a text says of itself; `where` is the position that it stands in."""
    if where == "file":
        return "secret" if in_name(text) else None
    if in_caption(text) if where == "alt" else mark_in(text):
        return "secret"
    marked = internal.in_title(text) if where == "title" else internal.mark_in(text)
    return "internal" if marked else None


def suspicious(plain: str) -> bool:
    """A cheap look at a text in plain letters: False when no part of it can hold a mark."""
    return bool(_CHEAP.search(plain.lower()))


def mark_in(text: str) -> int:
    """1-based line of the first secrecy mark of a text or title, 0 when there is none."""
    for number, row in lines_with(_CHEAP, letters(text).text):
        # A mark's line is short; a long one is marked at its ends.
        if _is_marked(row if len(row) <= 3000 else row[:1500] + " " + row[-1500:]):
            return number
    return 0


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


def _is_marked(raw: str) -> bool:
    line = _TAG.sub(" ", raw)
    listed = _LISTED_LINE.match(line)
    line = line[listed.end() :] if listed else line
    whole = bare(line)
    if _alone(whole, plain_word=not listed) or _alone(bare(_URGENT.sub("", whole)), plain_word=not listed):
        return True
    if _STATED.search(line) or _AFTER_NUMBER.search(line) or _STAMPED.search(line) or _LABELLED.fullmatch(whole):
        return True
    if _SPECIFIC.search(line) or _TITLED.fullmatch(whole) or _UNMARKED.fullmatch(line.strip()):
        return True
    if _NAMES_ITSELF.fullmatch(whole) and (len(whole) < 60 or whole.isupper()) and not _ABOUT.search(whole):
        return True
    return not _TOPIC.search(line) and (_set_apart(line) or _shouted(line))


def _alone(cell: str, *, plain_word: bool) -> bool:
    """Nothing but a mark; a plain "mật" in a list or a table may be honey and is left to capitals."""
    if _ALONE.fullmatch(cell):
        return plain_word or cell.isupper() or bool(_HIGH.fullmatch(cell))
    return cell.lower() in _BROKEN or bool(_WORN.fullmatch(cell))


def _set_apart(line: str) -> bool:
    """A mark between separators, in capitals or of the two high levels; a quoted one is a name, several are a talk."""
    parts = [part for part in _SEPARATED.split(line) if part.strip()]
    marks = [part for part in parts if _ALONE.fullmatch(bare(part)) and not re.search("[“\"‘']", part)]
    if len({part.strip().lower() for part in marks}) > 1:
        return False
    return any(
        part.strip(" *_#").isupper() or (_HIGH.fullmatch(bare(part)) and part in (parts[0], parts[-1]))
        or (part is parts[0] and re.match(r"\W{0,4}Mật:|\s{0,3}[\[(]\s?Mật\s?[\])]", line))
        for part in marks
    )  # fmt: skip


def _shouted(line: str) -> bool:
    """A mark in capitals inside ordinary letters, or at the end of a heading that names a paper."""
    capitals = sum(letter.isupper() for letter in line)
    small = sum(letter.islower() for letter in line)
    found = [one for one in _SHOUTED.finditer(line) if not _NO_MARK_BEFORE.search(line[: one.start()])]
    if small >= capitals and small:
        return any(not _AFTER_MARK.match(line, one.end()) and not _lists_levels(line, one.end()) for one in found)
    ends = any(
        not line[one.end() :].strip(" .!*_)") and re.search(_PAPER, line[: one.start()], re.IGNORECASE) for one in found
    )
    named = any(re.search(rf"(?:^|\W){_PAPER} $", line[: one.start()], re.IGNORECASE) for one in found)
    return (ends or named) and not _ABOUT.search(bare(line))


def _lists_levels(line: str, end: int) -> bool:
    return bool(re.match(r"(?:, | và | hoặc |/)(?:TUYỆT|TỐI|MẬT)", line[end : end + 12]))


def in_caption(text: str) -> bool:
    """A picture that its own description calls a marked paper, but not a drawn one or a lecture about secrets."""
    plain = letters(text).text
    return bool(mark_in(plain)) or (not _NO_PAPER.search(plain) and bool(_SHOWN.search(plain)))


_STEM = re.compile(r"\.(?:md|markdown|docx?|pdf|jpe?g|png|webp|mp4|webm|vtt|txt|xlsx?)$", re.IGNORECASE)
_NAME_WORDS = re.compile(
    r"(?<!\w)(?:tối mật|tuyệt mật)(?!\w)"
    r"|(?<!bí )(?<!bảo )(?<!đường )(?<!thân )(?<!cơ )(?<!túi )(?<!sỏi )(?<!lãi )(?<!bánh )(?<!kẹo )(?<!\w)mật"
    rf"(?!\w| (?:{_COMPOUND})(?!\w))"
)
# Without marks "toi mat" is also "tôi mất", "do mat" also "đo mắt", "bao cao mat" also "báo cáo mất (an toàn)".
_NAME_ASCII = re.compile(
    r"(?<!\w)(?:tuyet mat|(?:dau(?: do mat)?|tai lieu|van ban|cong van|ke hoach|bao cao|phuong an|ho so|kh|bc|cv|tb) (?:toi|tuyet) mat"
    r"|(?:tai lieu|van ban|cong van|ke hoach|bao cao|phuong an) mat(?= ?\d{0,4}$))(?!\w)"
)
_NAME_FIRST = re.compile(
    r"MAT (?:tai lieu|van ban|cong van|ke hoach|bao cao|phuong an|ho so|bc|cv|kh|tb|ttr) ", re.IGNORECASE
)
_NAME_SHOUTED = re.compile(r"(?<!\w)(?:TOI|TUYET) MAT(?!\w)|[\[(] ?MAT ?[\])]")


def in_name(path: str) -> bool:
    """A mark in the name of a file or of one of its folders, with or without Vietnamese marks."""
    parts = letters(unicodedata.normalize("NFC", path)).text.replace("\\", "/").split("/")
    return any(_named(part) for part in parts)


def _named(part: str) -> bool:
    words = re.sub(r"[\s._-]+", " ", _STEM.sub("", part)).strip()
    name = bare(words)
    if name.lower() in ("mat", "toi mat", "tuyet mat") or _ALONE.fullmatch(name):
        return True
    lower = words.lower()
    return bool(
        _NAME_WORDS.search(lower)
        or _NAME_ASCII.search(lower)
        or _NAME_SHOUTED.search(words)
        or _NAME_FIRST.match(words)
    )

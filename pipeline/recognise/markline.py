"""Whether one line of a text is a secrecy mark, or says in so many words what level its paper has."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.cues import Led
from pipeline.patterns import lazy
from pipeline.recognise.markforms import WORD, beside_number, ticked, told, told_bare, worn
from pipeline.recognise.markwords import ALONE, COMPOUND, HIGH, LEVEL, MARK, PAPER, PAPERS
from pipeline.recognise.view import CAPITAL, bare

_UNMARKED = lazy(r"(?:TOI|TUYET) MAT\s?[-:!.(][\x20-\x7e]{0,80}")  # typed without Vietnamese marks
_TAG = lazy(r"<!--|-->|</?[A-Za-z][^<>]{0,200}>|&(?:nbsp|emsp|ensp);|[*_`~]{1,3}(?=\W|$)|(?<!\w)[*_`~]{1,3}")
_CELL = lazy(r"</?(?:t[dhr]|li|p|div|br)\b", re.IGNORECASE)
_JOINED = lazy(r"_(?:(?<=MẬT_)(?=\w)|(?<=\w_)(?=(?:TỐI |TUYỆT )?MẬT))")  # "TỐI MẬT_Kế hoạch", from a file's name
_KEPT = lazy(r"(?<!\w)(?:B {1,3}Ả {1,3}O|B {1,3}Í) {1,6}M {1,3}Ậ {1,3}T(?!\w)", re.IGNORECASE)
LISTED_LINE = lazy(r"\s{0,8}(?:[-+*•] |(?:\d{1,3}|[IVX]{1,5}|[a-zđ])[.)]\s)")
_SEPARATED = lazy(r"\s{0,3}[|/:;,.!()\[\]{}<>«»「」『』【】=+★]{1,3}\s{0,3}|\s{1,3}-{1,3}\s{0,3}|\t{1,3}| {3}")
_URGENT = lazy(
    r"(?<!\w)(?:hỏa tốc|hoả tốc|thượng khẩn|tối khẩn|khẩn|(?-i:HOA TOC|(?:THUONG |TOI )?KHAN))(?!\w)", re.IGNORECASE
)
# "Độ mật: Tối mật", "Mức độ mật – Mật", "do_mat: mat", "Dấu: TỐI MẬT", "Độ mật: A" (signs A, B, C of the register).
_STATED = Led(
    rf"(?<!\w)(?<!ba )(?<!các )(?:(?:(?:mức|cấp) )?độ mật(?: của (?:văn bản|tài liệu))?|mức mật|do[_ -]mat|dấu(?: chỉ)?(?: độ mật)?)\s{{0,3}}(?:[:=|…-]|\.{{2,60}})\W{{0,5}}"
    rf"(?:{MARK}|t\.\s?mật|(?:toi[ _-]|tuyet[ _-])?mat|(?-i:TM|TuM|TyM|M)(?=[\s.;,\"”)\]]|$)|[abc](?=[\s.;,\"”)\]]|$))(?!\w| (?:khẩu|ong|độ)|[”\"]?\s?(?:,|và|hoặc|/|\|)\s?[“\"]?(?:tuyệt|tối|mật|(?:tuyet|toi) mat))"
    rf"|[(\[]độ {LEVEL}[)\]]",
    "mức|cấp độ|độ mật|do_mat|do mat|do-mat|dấu|(độ|[độ",
)
_LABELLED = lazy(
    rf"[^:]{{0,24}}(?:mật|loại|tính chất|cấp|mức|văn bản|tài liệu|bảo quản|chế độ)[^:]{{0,12}}:\W{{0,4}}{LEVEL}",
    re.IGNORECASE,
)
_STAMPED = Led(
    rf"(?<!\w)(?:{PAPER}(?: số [^\s]{{1,20}}| này| trên| sau đây| kèm theo| dưới đây){{1,2}}|đây là {PAPER})(?! (?:không|chưa)(?!\w))"
    rf"[^.\n]{{0,50}}?(?<!bí )(?<!bảo )(?<!\w)[\"“]?{LEVEL}(?!\w| (?:{COMPOUND})(?!\w))|(?:bí mật nhà nước[,:]? (?:ở )?|(?:thông tin|nội dung|số liệu|tài liệu|mục|phần|trang|phụ lục)[^.\n]{{0,40}} là bí mật nhà nước (?:thuộc |có |mang )?)độ ?:? ?(?:(?-i:Mật|MẬT)|tối mật|tuyệt mật)(?!,? (?:và |hoặc )?(?:độ )?(?:tuyệt|tối|mật)| (?:của (?:ngành|lĩnh vực)|(?:thuộc|trong) lĩnh vực)|\w| (?:có|là|gồm|được|thì|không|khi|cho|trước|đến|trong|theo (?:quyết|quy|luật)))",
    f"{PAPERS}|đây là|bí mật|thông tin|số liệu|mục|phần|trang",
)
_NAMES_ITSELF = lazy(
    rf"(?:bản sao |bản )?{PAPER}(?: đóng dấu)? [\"“]?{LEVEL}[\"”]?(?:\s?[-,:(].{{0,80}})?|(?:(?:mức|cấp) )?độ mật {LEVEL}|(?:đóng )?dấu (?:độ )?[\"“]?{LEVEL}(?:\s?\([^()]{{0,30}}\)?)?",
    re.IGNORECASE,
)
_SPECIFIC = Led(
    rf"(?<!\w){PAPER}(?: (?:có )?đóng dấu(?: đỏ)?)? [\"“]?{LEVEL}[\"”]?(?: của [^.\n]{{1,40}}?)? số \d"
    rf"|(?<!\w)số \d{{1,5}}/[^\s,;]{{2,20}},? (?:có )?độ (?:mật )?[\"“]?{LEVEL}(?!\w| (?:{COMPOUND})(?!\w))"
    rf"|^[^\w\n]{{0,4}}{PAPER}[^.\n]{{0,30}}, độ (?:mật )?[\"“]?{LEVEL}[\"”]?(?=,|\W{{0,3}}$)"
    rf"|(?<!\w)(?:dự thảo|bài|bản thảo|bản tin|tệp|file|ảnh)(?: này| trên)? là {PAPER} [\"“]?{LEVEL}(?!\w| (?:{COMPOUND})(?!\w))"
    rf"|(?<!\w)\d{{1,5}}/[^\s,;()]{{2,20}} ?\((?:có |đóng )?(?:đóng )?dấu (?:độ )?[\"“]?{LEVEL}[\"”]?\)"
    rf"|(?<!\w){PAPER}[^.\n]{{0,30}}, độ mật [\"“]?{LEVEL}[\"”]?,|(?<!\w){PAPER}(?!\w)[^.\n]{{0,40}} là (?:tài liệu|văn bản) (?:tối|tuyệt) mật(?!\w)"
    rf"|^(?:(?:re|fwd?|fw|tr|chuyển tiếp) ?: ?){{0,3}}[\[(](?:tối|tuyệt) mật[\])] ?{PAPER}|(?<!\w)số:? \d{{1,5}} ?[-/] ?[A-ZĐ][^\s,;()]{{2,20}} ?[-–] ?{LEVEL}\W{{0,3}}$"
    rf"|(?-i:^[^\w\n]{{0,4}}[\[(]\s?(?:TUYỆT MẬT|TỐI MẬT|MẬT)\s?[\])]\s{{0,3}}(?=[{CAPITAL}]))"
    rf"|(?-i:^[^\w\n]{{0,4}}(?:TUYỆT |TỐI )?MẬT) ?: {PAPER}(?!\w)|(?-i:BÍ MẬT NHÀ NƯỚC)\W{{1,5}}(?-i:ĐỘ (?:TUYỆT |TỐI )?MẬT)(?!\w)"
    rf"|(?<!\w)(?:gửi kèm|kèm theo|đính kèm)[^.\n]{{0,30}} {PAPER} {LEVEL}(?!\w| (?:{COMPOUND})(?!\w))"
    rf"|(?<!\w){PAPER} {LEVEL}(?!\w| (?:{COMPOUND})(?!\w))[^.\n]{{0,60}} (?:gửi kèm|kèm theo|đính kèm)"
    rf"|(?<!\w){PAPER} (?:này|trên|kèm theo|sau đây|dưới đây) (?:thuộc|là) (?:(?:phạm vi|danh mục|diện) )?bí mật nhà nước",
    f"{PAPERS}|số|dự thảo|bài|tệp|file|ảnh|gửi kèm|kèm theo|đính kèm|bí mật",
    sign=r"^|\d",
)
# Stamps of papers that hold state secrets (TT 24/2020/TT-BCA, form 07; vietnam.md §3), in capitals as they are stamped.
_BEARERS = lazy(r"(?<!\w)(?:TÀI LIỆU THU HỒI|CHỈ NGƯỜI CÓ TÊN MỚI ĐƯỢC BÓC BÌ)(?!\w)")
_QUOTED_STAMP = lazy(r"(?:dấu|mẫu)[^.\n]{0,30}[“\"'‘]$", re.IGNORECASE)
# What a sender says of a paper that he sends or quotes; not where rules about such papers are told.
_SENT = Led(
    rf"(?<!\w){PAPER}(?: [^\s.,\"“]{{1,12}}){{0,3}} (?:(?:có|mang) độ mật|(?:mang|có|đóng|có đóng) dấu(?: độ mật| độ)?)\W{{1,3}}{LEVEL}(?!\w| (?:{COMPOUND})(?!\w)|[\"”]?,? (?:và|hoặc|hay|tối|tuyệt) [\"“]?(?:độ )?(?:mật|tối|tuyệt))",
    PAPERS,
)
_SENDING = lazy(
    r"(?<!\w)(?:gửi|kèm|trích|chụp|đăng|dẫn|bản gốc|văn bản gốc|tòa soạn|bản thảo|dự thảo)(?!\w)", re.IGNORECASE
)
_OPENS = lazy(
    rf"(?:bản sao |bản )?{PAPER} (?:tối|tuyệt)\s{{0,3}}mật(?:\s?[-–:(]| (?:phục vụ|dùng (?:cho|tại|trong)|trình|phát (?:tại|cho)|lưu tại) ).{{1,200}}",
    re.IGNORECASE,
)
_RULES = (
    "không|phải|cấm|quy định|hướng dẫn|khi|nếu|các|những|mọi"  # words of those who tell what is to be done with papers
)
_RULED = lazy(rf"(?<!\w)(?:{_RULES})(?!\w)", re.IGNORECASE)
_ENDS = lazy(r"\w[^\n]{8,120} ?[-–|] ?(?:tài liệu|văn bản) (?:tối |tuyệt )?mật\W{0,3}$", re.IGNORECASE)
_ENDED = lazy(r"mật\W{0,3}$")  # in small letters, in each of them
_KEYED = lazy(  # of the front matter, in ASCII
    r"\s{0,4}[\"']?(?:(?:muc|cap)[_-])?(?:(?:do[_-]?|cap[_-]|muc[_-]|dau[_-])mat|phan[_-]loai|loai[_-]van[_-]ban|classification|secrecy|security(?:[_-]level)?)[\"']?\s{0,3}:"
    r"\s{0,3}[\"'\[]?\s?(?:(?:toi|tuyet)[ _-]?mat|mat|(?:top[ _-])?secret|t[uy]?m)\s?[\"'\]]?\s{0,3}"
    r"|\s{0,4}(?:la[_-])?(?:van[_-]ban[_-]|tai[_-]lieu[_-])?(?:(?:toi|tuyet)[_-])?mat\s{0,3}:\s{0,3}(?:true|yes|có|co|1)\s{0,3}",
    re.IGNORECASE,
)
_TITLED = lazy(
    rf"(?:báo cáo|công văn|kế hoạch|phương án|tờ trình|thông báo|chỉ thị|biên bản) {LEVEL} (?:về|gửi|của) (?!.{{0,100}}(?:giải mật|bị lộ|trưng bày|(?<!\w)phim|(?<!\w)sách)).{{1,100}}",
    re.IGNORECASE,
)
_BRACKETED = lazy(
    r"\[mật\]|[(\[]\s?(?:Mật|MẬT|(?i:tối\s{0,3}mật|tuyệt\s{0,3}mật)|(?:TOI |TUYET )?MAT)\s?[)\]]"
    rf"|[(\[]\s?(?i:{PAPER} (?:tối|tuyệt)\s{{0,3}}mật)\s?[)\]]"
    rf"|^\W{{0,3}}[(\[]\s?(?:Mật|MẬT)\s?[-–,;:]|^\W{{0,3}}[\"“](?:TUYỆT|TỐI) MẬT[\"”] ?[-–] "
    rf"|(?i:[(\[](?:tài liệu|văn bản) mật[)\]]|(?<!\w){PAPER}(?!\w)[^\n]{{0,120}}[(\[]mật[)\]])\W{{0,4}}$"
)
_TALK = lazy(rf"(?<!\w)(?:{_RULES}|bị)(?!\w)", re.IGNORECASE)
_COPIED = lazy(rf"{LEVEL}\s?\((?:sao|bản|số|thời hạn|gốc|lần)[^)]{{0,30}}\)?", re.IGNORECASE)
_FILED = lazy(rf"\W{{0,6}}Lưu\s?:[^\n]{{0,60}}(?<!bảo )(?<!bí )(?<!\w){LEVEL}\W{{0,4}}", re.IGNORECASE)
_ENGLISH = lazy(
    r"(?:security |document )?(?:classification|level)\s?:\s?(?:top secret|secret|confidential)", re.IGNORECASE
)
_RATED = Led(
    rf"(?<!\w)(?:{PAPER}|phần|mục|cuộc họp|phiên họp)(?: [^\s.]{{1,20}}){{0,4}} (?:được|đã) (?:xác định|xếp|phân loại)(?: [^\s.]{{1,12}}){{0,4}} [“\"]?{LEVEL}(?!\w| (?:{COMPOUND})(?<!theo)(?!\w))",
    f"{PAPERS}|phần|mục|cuộc họp|phiên họp",
)
ITEM = lazy(r"\s{0,8}(?:[-+] |(?:\d{1,3}|[a-zđ])[.)]\s)Mật\W{0,3}")
_TERM = lazy(r"thời hạn bảo vệ (?:bí mật nhà nước|BMNN)\s?:\s?.{1,40}", re.IGNORECASE)
_ABOUT = lazy(
    r"[,(:] ?(?:phải|được gửi|không được gửi|cần|theo)|^(?:(?:về )?việc |về )?(?:quản lý|bảo vệ|tập huấn|công tác|quy (?:định|trình|chế)|không|nghiêm cấm|phòng|hướng dẫn|kiểm tra|xử lý)",
    re.IGNORECASE,
)
_NO_MARK_BEFORE = lazy(
    r"(?:BÍ|BẢO|THÂN|ĐƯỜNG|CƠ|TÚI|SỎI|NHƯ|LÃI|BÁNH|KẸO|(?i:mua|bán|uống|lấy|vắt|quay|đổ|pha|ngâm)) $"
)
_FORBIDDEN = lazy(  # what may not be done with such papers
    rf"(?<!\w)(?:không|cấm|phải|nếu|khi|các|mọi)(?!\w)[^.\n]{{0,60}}{PAPER}[^.\n]{{0,20}} (?:có|mang|đóng)(?: đóng)? (?:con )?dấu(?: đỏ| độ)? $",
    re.IGNORECASE,
)
_SHOUTED = lazy(r"(?<![\w“\"'])(?:TỐI ?MẬT|TUYỆT ?MẬT|MẬT)(?!\w|[”\"'])")
_AFTER_MARK = lazy(rf"\s{{0,2}}(?:{COMPOUND})(?<!theo)(?!\w)", re.IGNORECASE)
_TOPIC = lazy(
    r"bí mật|câu hỏi|trắc nghiệm|máy tính|soạn thảo|thời hạn bảo vệ|có thời hạn|\?|ba mức|ba độ|các mức|(?<!có )mức độ|cấp độ|cách (?:soạn|đóng)|con dấu|mẫu dấu|danh mục|quy định|tập huấn|(?<!\w)(?:phim|vở|truyện|cuốn sách|kịch|tuồng|trò chơi)(?!\w)",
    re.IGNORECASE,
)


@lru_cache(maxsize=16)  # the lines of one item, which is looked at as a file, as its source and as it is read
def is_marked(raw: str) -> bool:
    """Whether a line, as it stands in a file, carries a mark; an item "- Mật" is judged by the lines around it."""
    line = _JOINED.sub(" - ", _TAG.sub(_untagged, raw))
    low = line.lower()
    worded = bool(WORD.search(low))
    line = _KEPT.sub(" ", line) if worded else line
    if any(not _QUOTED_STAMP.search(line[: found.start()]) for found in _BEARERS.finditer(line)):
        return True
    if worded and (ticked(line) or told(line) or told_bare(line)):
        return True
    if ITEM.fullmatch(line):  # `_wrapped` looks at the lines around it
        return True
    listed = LISTED_LINE.match(line)
    line = line[listed.end() :] if listed else line
    whole = bare(line)
    calm = _URGENT.sub("", whole) if any(word in low for word in ("khẩn", "tốc", "khan", "toc")) else whole
    if _alone(whole, plain_word=not listed) or (calm != whole and _alone(bare(calm), plain_word=not listed)):
        return True
    if _TERM.fullmatch(whole) or _ENGLISH.fullmatch(whole) or beside_number(line):
        return True
    return worded and _is_said(line, whole)


def _is_said(line: str, whole: str) -> bool:
    """A mark in a line that holds the word, or what is left of it."""
    if _COPIED.fullmatch(whole) or _FILED.fullmatch(line):
        return True
    if _STATED.search(line) or (_RATED.search(line) and not _TALK.search(line)):
        return True
    if (_STAMPED.search(line) and "?" not in line) or _LABELLED.fullmatch(whole) or _SPECIFIC.search(line):
        return True
    if _SENT.search(line) and _SENDING.search(line) and not _RULED.search(line):
        return True
    if _ENDED.search(line.lower()) and _ENDS.search(line) and not _TOPIC.search(line):
        return True
    if _KEYED.fullmatch(line) or (_OPENS.fullmatch(whole) and not _TOPIC.search(line)):
        return True
    if _TITLED.fullmatch(whole) or _UNMARKED.fullmatch(line.strip()):
        return True
    if (
        _NAMES_ITSELF.fullmatch(whole)
        and (len(whole) < 60 or whole.isupper())
        and not _ABOUT.search(whole)
        and "?" not in line
    ):
        return True
    return (_bracketed(line) or _set_apart(line) or _shouted(line)) and not _TOPIC.search(line)


def _untagged(tag: re.Match[str]) -> str:
    """A space, a bar between cells; a mark in angle brackets is no tag."""
    if _CELL.match(tag.group()):
        return " | "
    return tag.group() if ALONE.fullmatch(bare(tag.group())) else " "


def _alone(cell: str, *, plain_word: bool) -> bool:
    """Nothing but a mark; a plain "mật" in a list or a table may be honey and is left to capitals."""
    if ALONE.fullmatch(cell):
        return plain_word or cell.isupper() or bool(HIGH.fullmatch(cell))
    return worn(cell)


def _bracketed(line: str) -> bool:
    return bool(_BRACKETED.search(line)) and not _TALK.search(line)


def _set_apart(line: str) -> bool:
    """A mark between separators, in capitals or of the two high levels; a quoted one is a name, several are a talk."""
    parts = [part for part in _SEPARATED.split(line) if part.strip()]
    marks = [part for part in parts if ALONE.fullmatch(bare(part)) and not re.search("[“\"‘']", part)]
    if len({part.strip().lower() for part in marks}) > 1:
        return False
    return any(
        part.strip(" *_#").isupper() or (HIGH.fullmatch(bare(part)) and part in (parts[0], parts[-1]))
        or (part is parts[0] and re.match(rf"\W{{0,4}}Mật: ?[{CAPITAL}]|\W{{0,4}}Mật ?[-–] ?(?i:{PAPER})(?!\w)|\s{0,3}[\[(]\s?Mật\s?[\])]", line))
        for part in marks
    )  # fmt: skip


def _shouted(line: str) -> bool:
    """A mark in capitals inside ordinary letters, or at the end of a heading that names a paper."""
    before = _NO_MARK_BEFORE, _FORBIDDEN
    found = [one for one in _SHOUTED.finditer(line) if not any(no.search(line[: one.start()]) for no in before)]
    if not found:
        return False
    capitals = sum(letter.isupper() for letter in line)
    small = sum(letter.islower() for letter in line)
    if small >= capitals and small:
        return any(not _AFTER_MARK.match(line, one.end()) and not _lists_levels(line, one.end()) for one in found)
    ends = any(
        not line[one.end() :].strip(" .!*_)") and re.search(PAPER, line[: one.start()], re.IGNORECASE) for one in found
    )
    named = any(re.search(rf"(?:^|\W){PAPER} $", line[: one.start()], re.IGNORECASE) for one in found)
    return (ends or named) and not _ABOUT.search(bare(line))


def _lists_levels(line: str, end: int) -> bool:
    return bool(re.match(r"(?:, | và | hoặc |/)(?:TUYỆT|TỐI|MẬT)", line[end : end + 12]))

"""Marks that are worn, spread over lines or shortened beside a document's number ("12/BC-UBND(M)")."""

from __future__ import annotations

import re

from pipeline.cues import Led, small
from pipeline.patterns import lazy
from pipeline.recognise.markwords import COMPOUND, GAP, LEVEL, PAPER
from pipeline.recognise.view import CAPITAL

_BROKEN = {"tá»i máº¬t", "máº¬t", "máº­t", "t.mật"}  # with a byte lost, so that nothing decodes it
_LOST = "[\ufffd?]{1,3}"  # what stands for a letter that some program could not write
_WORN = lazy(  # scanned; in small letters these are other words
    rf"(?:T[OÔỐÒÓỒỔỘ]I ?|TUY[EÊỆẾẸỀỂ]T ?)?M{{1,2}}[AÂẬẠ]{{1,2}}T{{1,2}}|(?:TỐI|TUYỆT) ?M[ÀÁẤẦ]T|(?:TOP ?)?SECRET"
    rf"|(?:T{_LOST}I ?|TUY{_LOST}T ?)?M{_LOST}T|(?:(?:TỐI|TUYỆT) )?MẬT[ .-]{{0,3}}[\d①-⑳]{{1,2}}"
)
_MISREAD = lazy(  # a scan's slips: 1, l and ! for T and I
    r"(?:(?:T[ỐÔO0][Il1!]|TUY[ỆÊE][T1l!]) ?)?M[ẬẠÂ][1Il!7]|T[ỐÔ][l1!] ?M[ẬẠÂ]T|TUY[ỆÊ][1l!] ?M[ẬẠÂ]T"
)
_TICKED = lazy(
    rf"(?:[☒☑✓✔✅■]|[\[(][xX✓v][\])])\s{{0,3}}(?:độ )?{LEVEL}(?!\w| (?:{COMPOUND})(?!\w))", re.IGNORECASE
)  # in a form's row of boxes
_TOLD = Led(  # in so many words
    rf"(?<!\w)(?:độ mật(?: của {PAPER})?(?: (?:này|trên))? là\W{{0,3}}{LEVEL}(?!\w| (?:{COMPOUND})|,? (?:và|hoặc|hay|tối|tuyệt))"
    rf"|(?:do|độ) mat(?: cua [a-z ]{{1,20}})? la (?:toi |tuyet )?mat(?!\w))"
    rf"|(?:chép|đăng|trích|chụp|sao|dẫn|nguyên văn)[^.\n]{{0,30}}(?<!các )(?<!\w){PAPER} (?:có )?đóng dấu (?:độ )?[\"“](?:TỐI |TUYỆT )?MẬT[\"”] (?:của|do) (?-i:[{CAPITAL}])"
    rf"|^\W{{0,6}}{PAPER}(?: này)? (?:thuộc|có|mang) độ (?:tối|tuyệt) mật(?:, (?:không|cấm|đề nghị|yêu cầu|chỉ)|\W{{0,3}}$)"
    rf"|(?:bản|ảnh) (?:chụp|sao|scan|quét)(?: [^.\n\"“]{{1,30}})? (?:có |đóng )?dấu (?:độ )?[\"“]?{LEVEL}[\"”]? (?:của|do) (?-i:[{CAPITAL}])"
    rf"|^\W{{0,6}}{PAPER} (?:này )?(?:được|có|đã)(?: được)? đóng dấu (?:độ (?:mật )?)?[\"“]?{LEVEL}[\"”]?, (?:đề nghị|yêu cầu|cấm|hủy|thu hồi|chỉ)"
    rf"|^\W{{0,6}}(?:ảnh|hình|chú thích ảnh)(?: \d{{1,2}})?\s?[:.](?![^\n]{{0,80}}(?:minh họa|mẫu|tập huấn))[^.\n]{{0,60}}(?<!\w)(?:dấu|đóng|ghi|in|chữ)(?: đỏ| dấu| rõ| dòng chữ)? (?:độ )?[\"“]{LEVEL}[\"”]"
    rf"|(?:bản|ảnh) (?:chụp|sao|scan|quét)(?: [^.\n\"“]{{1,30}})? (?:có |đóng )(?:con )?dấu (?![^.\n]{{0,60}}mẫu)[^.\n\"“]{{0,45}}[\"“](?-i:(?:TỐI |TUYỆT )?MẬT)[\"”]"
    rf"|[\"“](?:đây là )?{PAPER} {LEVEL}(?!\w| (?:{COMPOUND})(?!\w))[^\"”\n]{{0,80}}[\"”]\s?[-–(,]?\s?(?:là )?(?:dòng (?:chữ|dấu)|chữ (?:in|đóng)|in |ghi |đóng )",
    "độ mật|do mat|độ mat|chép|đăng|trích|chụp|sao|dẫn|nguyên văn|bản|ảnh",
    sign='^|["“]',
)
_GAPS = lazy(r"[ .*_-]{1,4}")
_LETTERS = lazy(r"[^\W\d_](?:[ .*_-]{1,4}[^\W\d_]){1,10}")
_STACKED = lazy(  # one letter under the other
    r"(?:^|\n)[ \t|*_]{0,8}m[ \t|*_]{0,8}\n\s{0,8}[|*_]{0,2}[ \t]{0,8}ậ[ \t|*_]{0,8}\n\s{0,8}[|*_]{0,2}[ \t]{0,8}t[ \t|*_]{0,8}(?=\n|$)",
    re.IGNORECASE,
)
_STACK = lazy(r"ậ[ \t|*_]{0,8}\n")  # in small letters, in each of them
_LONGEST = 60  # a mark in single letters, four signs between any two
_SHORT = r"(?:TM|TuM|TyM|M)"
_BESIDE_NUMBER = lazy(  # "TM" on a line of its own above or below the line of the number
    rf"(?:^|\n)\W{{0,8}}{_SHORT}\W{{0,8}}\n\W{{0,8}}Số ?:|(?:^|\n)\W{{0,8}}Số ?: ?\d[^\n]{{0,30}}\n\W{{0,8}}{_SHORT}(?=\s{{0,8}}(?:\n|$))"
)
_BARE_ABOVE_NUMBER = lazy(  # without Vietnamese marks, above the line of the number
    r"(?:^|\n)[^\w\n]{0,6}(?:(?:toi|tuyet) )?mat[^\w\n]{0,6}\n(?:[^\n]{0,60}\n){0,2}[^\w\n]{0,6}so ?: ?\d{1,5} ?/",
    re.IGNORECASE,
)
_COLUMN = lazy(r"\| ?(?:độ|mức độ|cấp độ) mật ?\|", re.IGNORECASE)  # a head in a register's table
_IN_COLUMN = lazy(r"\d[/-][A-ZĐ][^\n]{0,300}\| ?(?i:tuyệt mật|tối mật|mật) ?(?:\||$)")  # of a paper with a number
_ROWS = 40  # of a table that are looked at
_NUMBER = r"\d{1,5}\s{0,2}[/-]\s{0,2}[A-ZĐ][A-Za-zĐ]{0,5}\s?[-/]\s?[A-ZĐ][A-ZĐa-z]{1,10}"
_AFTER_NUMBER = Led(
    rf"(?<!\w){_NUMBER}\s{{0,3}}(?:[(\[]\s?(?:{_SHORT}|(?i:{LEVEL}|(?:tuyet |toi )?mat))\s?[)\]]|[-/.]\s?(?:TM|M)(?![\w-])"
    r"|[-,/]?\s?(?:MẬT|TỐI MẬT|TUYỆT MẬT)(?!\w))"
    rf"|(?<![\w/])\d{{1,5}}\s?/\s?(?:TM|TuM|M)-[A-ZĐ]{{2,10}}(?!\w)|Số ?: ?(?:\d{{1,5}}\s?/\s?{_SHORT}\s?/\s?|{_SHORT} ?\d{{1,5}}\s?/\s?)[A-ZĐ]{{2}}"
    rf"|^\s{{0,4}}[(\[]\s?{_SHORT}\s?[)\]]\s?(?i:{PAPER})(?!\w)",
    sign=r"^|\d|S(?=ố ?:)",
    flags=0,
)
_NUMBERED = r"[a-zđ]{2,10}[-(/. ]{1,3}t?[uy]?m\b"
# A cheap look in small letters before the patterns: an m, an ậ and a t near each other, what is left of them, or a number's
# "(M)". Each way begins with one plain character that is rare, so that the search jumps from one to the next: t and b are
# looked at after the vowel behind them. A way need not begin where a mark does, but stands in the mark's line.
CHEAP = lazy(
    rf"m(?:{_LOST}t|[ậạâ][1il!7]|(?:[^\w\n]|_){{0,6}}ậ(?:[^\w\n]|_){{0,6}}t|(?<![a-z]m)[ .*_-]{{0,4}}[aâàáạấầ][ .*_-]{{0,4}}t(?![a-z])|[ëê]t"
    r"|m?ậ{1,2}tt|aät|áº)|ố(?<=t.)[l1!] ?m|ô(?<=t.)[l1!] ?m|ố(?<=s.) ?: ?(?:\d{1,5} ?/ ?)?t?[uy]?m ?[\d/]|\(\s?t?[uy]?m\s?[)\]]|\[\s?t?[uy]?m\s?[)\]]"
    rf"|secret|ồ(?<=tài liệu thu h.)i|ó(?<=b.)c bì|ờ(?<=th.)i hạn bảo vệ|/(?:\s?t?u?m-|{_NUMBERED})|-{_NUMBERED}"
)
WORD = lazy(rf"m{GAP}ậ{GAP}t|mat|dấu")  # in small letters; one of them is in every mark that is not alone
_LEVEL_BARE = r"(?:tuyet|toi) mat|(?<=do mat la )mat|(?<=do mat: )mat"
_BARE_SENTENCE = lazy(  # typed without Vietnamese marks: a paper says its own level ("toi mat" alone is also "I lost")
    r"(?<!\w)(?:van ban|tai lieu|cong van|ho so|bao cao|ke hoach|phuong an|thong bao|to trinh|noi dung|bai viet|ban nay)(?!\w)[^.\n?]{0,50}?(?<!\w)"
    rf"(?:(?:thuoc|co|mang|dong|ghi|xep|la|o)(?: loai| dien| dang| muc| dau){{0,2}} (?:muc )?(?:do|dau)(?: mat)?(?: la)?|do mat ?:?|dong dau|dau|xep (?:loai|muc|do)|xac dinh do)\W{{0,3}}(?:{_LEVEL_BARE})(?! (?:khau|ong|do|ma|cua|va)\b)(?=\W|$)(?!\W{{1,3}}(?:{_LEVEL_BARE}))"
    r"|(?<!\w)(?:van ban|tai lieu|cong van|ho so|bao cao|ke hoach|phuong an)(?: nay)?(?: la| thuoc)? tuyet mat(?!\w)"
    r"|^\W{0,4}(?:toi|tuyet) mat ?[-–:] (?:van ban|tai lieu|cong van|ho so|bao cao|ke hoach|phuong an|to trinh|danh sach)(?!\w)"
    r"|(?<!\w)(?:van ban|tai lieu|cong van|ho so|bao cao|ke hoach|day)(?: nay| kem theo| tren)? la (?:van ban|tai lieu|cong van|ho so)(?: co| thuoc)?(?: do| loai)? (?:tuyet |toi )?mat(?! (?:khau|ong|do|ma)\b)(?!\w)",
    re.IGNORECASE,
)
_BARE_TOPIC = lazy(
    r"(?<!\w)(?:quy dinh|cac muc|ba muc|muc do mat|tap huan|huong dan|phim|sach|truyen|bi mat kinh doanh|khong)(?!\w)",
    re.IGNORECASE,
)


def worn(cell: str) -> bool:
    """Nothing but a mark that lost parts of its letters, or with a copy's number."""
    if len(cell) > _LONGEST:
        return False
    joined = _GAPS.sub("", cell) if _LETTERS.fullmatch(cell) else cell
    return cell.lower() in _BROKEN or bool(_WORN.fullmatch(joined) or _MISREAD.fullmatch(joined))


def told_bare(line: str) -> bool:
    """A level in so many words, in a line without a single Vietnamese letter."""
    found = _BARE_SENTENCE.search(line) if line.isascii() else None
    return found is not None and "?" not in line and not _BARE_TOPIC.search(line, 0, found.end())


def beside_number(line: str) -> bool:
    """A mark in the number of a document, or its short form before the paper's name."""
    return bool(_AFTER_NUMBER.search(line))


def ticked(line: str) -> bool:
    """A level whose box is ticked, whatever boxes are beside it."""
    return bool(_TICKED.search(line))


def told(line: str) -> bool:
    """A level in so many words, of this paper or of one that is quoted."""
    return bool(_TOLD.search(line))


def across(text: str) -> re.Match[str] | None:
    """A mark over several lines."""
    low = small(text)
    stacked = _STACKED.search(text) if low is None or _STACK.search(low) else None
    numbered = _BESIDE_NUMBER.search(text) if "Số:" in text or "Số :" in text else None
    bare = low is None or "so:" in low or "so :" in low
    return stacked or numbered or _registered(text) or (_BARE_ABOVE_NUMBER.search(text) if bare else None)


def _registered(text: str) -> re.Match[str] | None:
    """A level in a row below a head "Độ mật"."""
    head = _COLUMN.search(text) if "|" in text else None
    place = text.find("\n", head.end()) + 1 if head else 0
    for _row in range(_ROWS):
        if not place or text[place : place + 1] != "|":
            return None
        end = text.find("\n", place)
        if found := _IN_COLUMN.search(text, place, end if end >= 0 else len(text)):
            return found
        place = end + 1
    return None

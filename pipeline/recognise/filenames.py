"""Secrecy marks in the names of files and folders, with or without Vietnamese marks."""

from __future__ import annotations

import re
import unicodedata

from pipeline.patterns import lazy
from pipeline.recognise.markwords import ALONE, COMPOUND
from pipeline.recognise.view import bare, letters

_STEM = lazy(r"\.(?:md|markdown|docx?|pdf|jpe?g|png|webp|mp4|webm|vtt|txt|xlsx?)$", re.IGNORECASE)
_NAME_WORDS = lazy(
    r"(?<!\w)(?:tối mật|tuyệt mật)(?!\w)"
    r"|(?<!bí )(?<!bảo )(?<!đường )(?<!thân )(?<!cơ )(?<!túi )(?<!sỏi )(?<!lãi )(?<!bánh )(?<!kẹo )(?<!\w)mật"
    rf"(?!\w| (?:{COMPOUND})(?!\w))"
)
# Without marks "toi mat" is also "tôi mất", "do mat" also "đo mắt", "bao cao mat" also "báo cáo mất (an toàn)".
_NAME_ASCII = lazy(
    r"(?<!\w)(?:tuyet ?mat|(?:dau(?: do mat)?|tai lieu|van ban|cong van|ke hoach|bao cao|phuong an|ho so|kh|bc|cv|tb) (?:toi|tuyet) mat"
    r"|(?:tai lieu|van ban|cong van|ke hoach|bao cao|phuong an|cv) mat(?= ?(?:(?:so|quy|thang|nam) \d{1,4}|\d{0,4})$))(?!\w)"
)
_NAME_FIRST = lazy(
    r"MAT (?:tai lieu|van ban|cong van|ke hoach|bao cao|phuong an|ho so|bc|cv|kh|tb|ttr) ", re.IGNORECASE
)
_NAME_SHOUTED = lazy(r"(?<!\w)(?:TOI|TUYET) ?MAT(?!\w)|[\[(] ?(?:MAT|Mat|mat|TM|TuM|TyM) ?[\])]|\w ?[\[(] ?M ?[\])]$")
# "BC-12-MAT": a paper's short name or its number, then the mark as the last word
_NAME_LAST = lazy(
    r"(?:^|(?<!\w))(?:\d{1,5} )?(?:BC|KH|CV|TL|TB|TTr|TTR|QD|BB|PA|CT|HD|UBND|CAP|CAX)(?: \w{1,12}){0,4}"
    r"(?<! BAO)(?<! BI)(?<! RA)(?<! GAP)(?<! VANG)(?<! THAY)(?<! CO)(?<! BE)(?<! HO)(?<! CA)(?<! GIAY TO)(?<! NGOAI) MAT(?: \d{1,8})?$"
)
_NAME_SET_APART = lazy(
    r"(?:[-–(\[]|_{2}) ?(?:toi|tuyet)[ _]mat ?[)\]]?$"
    r"|^(?:tai[ _]lieu|van[ _]ban|cong[ _]van|ke[ _]hoach|bao[ _]cao|phuong[ _]an|ho[ _]so)[ _](?-i:MAT) ?[-–(]|(?<![^\W_])do[ _]mat[ _-]{1,3}(?-i:(?:TOI[ _]|TUYET[ _])?MAT)(?![^\W_])",
    re.IGNORECASE,
)
_NAME_SHOW = lazy(
    r"(?:lich chieu |poster |trailer )?(?:phim|sach|truyen|kich|vo kich|tro choi|sách|truyện|kịch|vở)(?!\w)",
    re.IGNORECASE,
)
_CAMEL = lazy(r"(?<=[a-z])(?=[A-ZĐ])")


def in_name(path: str) -> bool:
    """A mark in the name of a file or of one of its folders, with or without Vietnamese marks."""
    parts = letters(unicodedata.normalize("NFC", path)).text.replace("\\", "/").split("/")
    return any(_named(part) for part in parts)


def _named(part: str) -> bool:
    words = re.sub(r"[\s._-]+", " ", _CAMEL.sub(" ", _STEM.sub("", part))).strip()
    name = bare(words)
    if _NAME_SHOW.match(name):
        return False
    if _NAME_SET_APART.search(_STEM.sub("", part)):
        return True
    if name.lower() in ("mat", "toi mat", "tuyet mat") or ALONE.fullmatch(name):
        return True
    lower = words.lower()
    return bool(
        _NAME_WORDS.search(lower)
        or _NAME_ASCII.search(lower)
        or _NAME_SHOUTED.search(words)
        or _NAME_FIRST.match(words)
        or _NAME_LAST.search(words)
    )

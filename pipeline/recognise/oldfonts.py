"""Other readings of a line that may hold a mark: letters of old fonts, UTF-8 read as Windows-1252, and none at all.

Only the few letters that marks are made of; the text itself is mended elsewhere (pipeline/repair), on an editor's word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.patterns import lazy

_TCVN3 = str.maketrans("ËÖè§éÊ", "ậệốĐộấ")  # "TuyÖt mËt"; capitals are a font of their own
_VNI = lazy(r"aä|eä|oá|oä|ñ", re.IGNORECASE)
_VNI_LETTERS = {"aä": "ậ", "eä": "ệ", "oá": "ố", "oä": "ộ", "ñ": "đ"}
_PAPERS = "tài liệu|văn bản|công văn|báo cáo|kế hoạch|phương án|tờ trình|thông báo|hồ sơ|chỉ thị"
_PHRASES = (
    *(f"{paper} {level}" for paper in _PAPERS.split("|") for level in ("mật", "tối mật", "tuyệt mật")),
    "độ tuyệt mật", "độ tối mật", "đóng dấu mật", "dấu mật", "dấu tối mật", "tuyệt mật", "bí mật nhà nước", "bí mật", "bảo mật",
    "dự thảo", "lưu hành nội bộ", "không phổ biến", "nội bộ", "chỉ người có tên mới được bóc bì", "tài liệu thu hồi",
    "không sao chụp", "cấm sao chụp", "sử dụng", "lần", "kèm theo", "gửi kèm", "đính kèm", "số", "độ mật",
)  # fmt: skip


def _unmarked(text: str) -> str:
    plain = unicodedata.normalize("NFD", text).replace("đ", "d")
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


_WITH = {_unmarked(phrase): phrase for phrase in _PHRASES}
# "thông báo mất điện": what may be lost, and so no mark
_LOST = r"(?<=mat) (?:dien|nuoc|giay|the|xe|song|do|tich|ket noi|quyen|tai san|can cuoc|so do|so hong|cccd|an toan|an ninh|trom|rung|tien|can bang|vi)(?!\w)"
_KNOWN = lazy(r"(?<!\w)(?:" + "|".join(sorted(_WITH, key=len, reverse=True)) + rf")(?!\w)(?!{_LOST})", re.IGNORECASE)


def readings(line: str) -> Iterator[str]:
    """The line itself, then what it may have been."""
    yield line
    if line.isascii():
        if _KNOWN.search(line):
            yield _KNOWN.sub(_marked, line)
        return
    if any(sign in line for sign in "ËÖ"):
        yield line.translate(_TCVN3)
    if "ä" in line or "Ä" in line:
        yield _VNI.sub(_vni, line)
    if "º" in line or "»" in line:
        line = line.replace("áºt", "áº\u00adt")  # the soft hyphen, which nobody sees, is lost first
        yield bytes(_byte(sign) for sign in line if _byte(sign) < 256).decode("utf-8", errors="replace")


def _marked(found: re.Match[str]) -> str:
    phrase = _WITH[found.group().lower()]
    return "".join(
        letter.upper() if sign.isupper() else letter for sign, letter in zip(found.group(), phrase, strict=True)
    )


def _vni(found: re.Match[str]) -> str:
    letter = _VNI_LETTERS[found.group().lower()]
    return letter.upper() if found.group()[0].isupper() else letter


def _byte(sign: str) -> int:
    """The byte that Windows-1252 shows as this sign; 256 when there is none."""
    try:
        return sign.encode("cp1252")[0]
    except UnicodeEncodeError:
        return min(ord(sign), 256)

"""Home addresses. The address of an office is public; a ward or commune alone is no address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.recognise.owner import owner
from pipeline.recognise.view import CAPITAL

Found = tuple[str, int, int]  # kind, start, end

_NO = r"\d{1,4}[A-Za-z]?\d?(?:/\d{1,4}[A-Za-z]?){0,4}"
_WORDS = rf"(?: (?-i:[{CAPITAL}0-9])[\w/.-]{{0,12}}){{1,4}}"
_LANE = r"(?:ngõ|ngách|hẻm|kiệt)"
_WAY = r"(?:ngõ|ngách|hẻm|kiệt|phố|đường|đại lộ)"
_MORE = rf"(?:,? ?(?:{_WAY}|tổ(?: dân phố)?|thôn|xóm|khu|lô|phường|xã)(?: số)? ?(?:{_NO})?(?:{_WORDS})?){{0,5}}"
_SURE = re.compile(
    rf"(?<!\w)(?:số nhà|nhà số|SN) ?{_NO}(?!\w| hộ\b| căn\b| biển\b)(?: {_LANE} ?{_NO})?{_MORE}"
    rf"|(?<!\w)số {_NO},? {_LANE}(?: ?{_NO}|{_WORDS}){_MORE}"
    rf"|(?<!\w)(?:căn hộ|căn|phòng|P\.?) ?(?:số )?[A-Z]?\d{{1,4}}(?:[.-]\d{{1,4}})?,? (?:lô|tầng|tòa|toà|nhà|chung cư|khu (?:đô thị|tập thể|tái định cư)|block)(?: nhà)? ?[\w.-]{{1,8}}{_MORE}",
    re.IGNORECASE,
)
_LIKELY = re.compile(
    rf"(?<!\w)(?:số )?{_NO},? (?:{_WAY}|tổ(?: dân phố)?|thôn|xóm|lô)(?: ?\d{{1,4}}(?:/\d{{1,4}}){{0,3}}|{_WORDS}){_MORE}"
    rf"|(?<!\w)số {_NO}{_WORDS}{_MORE}",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    rf"(?<!\w)(?:{_LANE} {_NO}|(?:tổ(?: dân phố)?|thôn|xóm|cụm|khu)(?: số)? (?:\d{{1,3}}(?!\d|/| người| chức| hộ)|(?-i:[{CAPITAL}])[\w]{{0,10}})){_MORE}",
    re.IGNORECASE,
)
_LIVES = re.compile(
    r"(?<!\w)(?:trú(?: tại)?|thường trú(?: của [^\d\n]{1,30})?|tạm trú|cư trú|hộ khẩu|nhà ở|nơi ở(?: hiện tại)?|sống tại|sống ở|ở tại|ngụ(?: tại)?|nhà riêng|ở trọ"
    r"|về nhà|nhà (?:tôi|em|ông|bà|cụ|anh|chị)|địa chỉ nhà|ở nhà|ở)(?: là| ở| tại)?:? ?(?:tại |của [^\d\n]{1,30}: ?)?$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?<!\w)(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ụ|[Ee]m|[Cc]ô|[Cc]hú|[Bb]ác|[Cc]háu|[Hh]ộ)(?: (?:ông|bà|anh|chị|cụ))?(?: [{CAPITAL}][\w]{{0,8}}){{1,4}},? ?\(?$"
)
_PRIVATE_BEFORE = re.compile(
    r"tôi|em|con tôi|nạn nhân|đối tượng|người yêu cầu|ông |bà |anh |chị |cụ |cháu |cô |hộ |tài xế|địa chỉ thường trú|hộ khẩu|nơi ở|nơi thường trú",
    re.IGNORECASE,
)


def homes(text: str) -> Iterator[Found]:
    """House-level addresses that are not an office's, and lanes, groups and hamlets where a named person lives."""
    for found in _SURE.finditer(text):
        if owner(text, found.start(), found.end(), place=True) != "office":
            yield "address", found.start(), found.end()
    for found in _LIKELY.finditer(text):
        before = text[max(0, found.start() - 60) : found.start()]
        lives = _LIVES.search(before) or _NAMED.search(before)
        who = owner(text, found.start(), found.end(), place=True)
        if who != "office" and (lives or who == "person" or _looks_whole(found.group())):
            yield "address", found.start(), found.end()
    for found in _LOOSE.finditer(text):
        before = text[max(0, found.start() - 60) : found.start()].rpartition("\n")[2]
        named = _NAMED.search(before)
        if named or (_LIVES.search(before) and _PRIVATE_BEFORE.search(before)):
            yield "address", found.start(), found.end()


def _looks_whole(shown: str) -> bool:
    """With "số" and a street: an address in nobody's name is held too, since most of them are homes."""
    return shown.lower().startswith("số ") and bool(re.search(r"(?:ngõ|ngách|hẻm|phố|đường)", shown, re.IGNORECASE))

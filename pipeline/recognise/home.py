"""Home addresses. The address of an office is public; a ward or commune alone is no address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.recognise.owner import owner
from pipeline.recognise.view import CAPITAL

Found = tuple[str, int, int]  # kind, start, end

_NO = r"\d{1,4}[A-Za-z]?\d?(?:/\d{1,4}[A-Za-z]?){0,4}"
_SLASHED = r"\d{1,4}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?){1,4}"
_WORDS = rf"(?: (?-i:[{CAPITAL}0-9])[\w/.-]{{0,12}}){{1,4}}"
_LANE = r"(?:ngõ|ngách|hẻm|kiệt)"
_WAY = r"(?:ngõ|ngách|hẻm|kiệt|phố|đường|đại lộ)"
_REST = r"\w{0,10}(?: [^\W\d_]{1,8}){0,3}"
_MORE = rf"(?:,? ?(?:{_WAY}|tổ(?: dân phố)?|thôn|xóm|khu|lô|phường|xã)(?: số)? ?(?:{_NO})?(?:{_WORDS})?){{0,5}}"
_SURE = re.compile(
    rf"(?<!\w)(?:số nhà|nhà số|SN) ?{_NO}(?!\w| hộ\b| căn\b| biển\b)(?: {_LANE} ?{_NO})?{_MORE}"
    rf"|(?<!\w)số {_NO},? {_LANE}(?: ?{_NO}|(?: [^\W\d_]{{1,8}}){{0,2}}{_WORDS}){_MORE}"
    rf"|(?<!\w)(?:căn hộ|căn|phòng|P\.?) ?(?:số )?[A-Z]?\d{{1,4}}(?:[.-]\d{{1,4}})?,? (?:lô|tòa|toà|nhà|chung cư|khu (?:đô thị|tập thể|tái định cư)|block|(?-i:[A-Z]{{1,3}}\d{{1,2}}))(?: nhà)?[ ,]?[\w.-]{{0,8}}{_MORE}"
    rf"|(?<!\w)(?:tầng \d{{1,2}},? )?nhà [A-Z]\d{{1,3}},? (?:khu )?tập thể{_WORDS}(?:,? phòng \d{{1,4}})?"
    rf"|(?<!\w)(?:khu )?tập thể{_WORDS},? (?:dãy|nhà|lô) ?[\w.-]{{1,8}}(?:,? (?:phòng|căn) \d{{1,4}})?"
    rf"|(?<!\w)nhà (?:số )?{_NO},? (?:dãy|lô|khu tập thể|tổ|{_LANE}) ?[\w.-]{{1,8}}{_MORE}",
    re.IGNORECASE,
)
_LIKELY = re.compile(
    rf"(?<!\w)(?:số )?{_NO},? (?:{_WAY}|tổ(?: dân phố)?|thôn|xóm|lô)(?: ?\d{{1,4}}(?:/\d{{1,4}}){{0,3}}|{_WORDS}){_MORE}"
    rf"|(?<!\w)số {_NO}(?= (?-i:[{CAPITAL}])){_WORDS}{_MORE}"
    rf"|(?:(?<=tại )|(?<=ở )|(?<=nhà )){_SLASHED}(?= (?-i:[{CAPITAL}])){_WORDS}{_MORE}",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    rf"(?<!\w)(?:{_LANE} {_NO}|(?:tổ(?: dân phố)?|thôn|xóm|cụm|khu phố|khu|ấp|khóm|đội|bản)(?: số)? (?:\d{{1,3}}(?!\d|/| người| chức| hộ)|(?-i:[{CAPITAL}])[\w]{{0,10}})){_MORE}",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![\w/.,])(?:số )?{_NO} (?-i:[{CAPITAL}]){_REST}", re.IGNORECASE)
_DIGITS = re.compile(r"\d{1,40}")
_LETTER = re.compile(r"\w")
_SHARED = re.compile("tập thể")
_LANES = re.compile("ngõ|ngách|hẻm|kiệt|tổ|thôn|xóm|cụm|khu|ấp|khóm|đội|bản")
_NEAR = 20  # letters between the beginning of a sure address and its first number, and some more
_TO = r"(?: hiện (?:nay|tại))?(?: là| ở| tại)?:? ?(?:tại |của [^\d\n]{1,30}: ?)?(?:nhà |căn |số )?$"
_RESIDES = re.compile(
    r"(?<!\w)(?:(?:cư |thường |tạm )?trú(?: tại)?(?: của [^\d\n]{1,30})?|(?:hộ khẩu|HKTT)(?: thường trú)?|nhà ở|nơi ở|chỗ ở|sống(?: [^,.\d\n]{1,25})? (?:tại|ở|trong)|ngụ(?: tại)?|nhà riêng"
    rf"|ở trọ|thuê trọ|về nhà|có nhà|nhà (?:tôi|em|ông|bà|cụ|anh|chị|mình|cháu)|địa chỉ nhà){_TO}",
    re.IGNORECASE,
)
_STAYS = re.compile(rf"(?<!\w)ở(?: (?:với|cùng|nhờ) [^,.\d\n]{{1,25}})?{_TO}", re.IGNORECASE)
_MANY = re.compile(
    rf"(?<!\w)(?:các hộ|người dân|bà con|cư dân|nhân dân|công dân|hộ dân|học sinh|cử tri|đại biểu|những)(?!\w)(?! (?-i:[{CAPITAL}]))[^.\n]{{0,40}}$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?<!\w)(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ụ|[Ee]m|[Cc]ô|[Cc]hú|[Bb]ác|[Cc]háu|[Hh]ộ)(?: (?:ông|bà|anh|chị|cụ))?(?: [{CAPITAL}][\w]{{0,8}}){{1,4}},? ?\(?$"
)
_SOMEONE = re.compile(
    r"(?<!\w)(?:tôi|em|mình|cháu|bé|con|nạn nhân|đối tượng|người|ông|bà|anh|chị|cụ|cô|chú|bác|hộ|tài xế|gia đình|vợ chồng)(?!\w)",
    re.IGNORECASE,
)


_ADDRESS = re.compile(r"(?<!\w)(?:địa chỉ|đ/c)(?: (?:liên hệ|nhận|hiện nay|liên lạc))?:? ?(?:tại |ở )?$", re.IGNORECASE)


def homes(text: str) -> Iterator[Found]:
    """House-level addresses that are not an office's, and lanes, groups and hamlets where somebody lives."""
    low = text.lower()
    low = low if len(low) == len(text) else text
    numbers = [found.start() for found in _DIGITS.finditer(text)]
    for found in _found(_SURE, text, _before_numbers(text, low, numbers)):
        if _lives(text, found.start()) or owner(text, found.start(), found.end(), place=True) != "office":
            yield "address", found.start(), found.end()
    for found in _found(_LIKELY, text, _at_numbers(low, numbers)):
        who = owner(text, found.start(), found.end(), place=True)
        if who != "office" and (who == "person" or _lives(text, found.start()) or _looks_whole(found.group())):
            yield "address", found.start(), found.end()
    for pattern, places in ((_LOOSE, _at_words(low)), (_BARE, _at_numbers(low, numbers))):
        for found in _found(pattern, text, places):
            if _lives(text, found.start()) or (pattern is _LOOSE and _NAMED.search(_before(text, found.start()))):
                yield "address", found.start(), found.end()


def _found(pattern: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """What `finditer` finds, looked for only where it can begin: the patterns are slow at every letter of a long text."""
    end = 0
    for place in places:
        if place >= end and (found := pattern.match(text, place)):
            end = found.end()
            yield found


def _at_numbers(low: str, numbers: Iterable[int]) -> Iterator[int]:
    """Where a number stands, or "số" before it."""
    for place in numbers:
        if low[place - 3 : place] == "số ":
            yield place - 3
        yield place


def _before_numbers(text: str, low: str, numbers: Iterable[int]) -> list[int]:
    """Beginnings of words shortly before a number, and of "tập thể"."""
    places: set[int] = set()
    for place in numbers:
        places.update(_words(text, place - _NEAR, place))
    for found in _SHARED.finditer(low):
        places.update(_words(text, found.start() - 4, found.start()))
    return sorted(places)


def _words(text: str, start: int, end: int) -> Iterator[int]:
    return (place for place in range(max(0, start), end + 1) if not (place and _LETTER.match(text, place - 1)))


def _at_words(low: str) -> Iterator[int]:
    return (found.start() for found in _LANES.finditer(low))


def _before(text: str, start: int) -> str:
    return text[max(0, start - 70) : start].rpartition("\n")[2]


def _lives(text: str, start: int) -> bool:
    """Somebody resides there: said in so many words, or by "ở" with a person before it; not people in general."""
    before = _before(text, start)
    if _MANY.search(before):
        return False
    if _ADDRESS.search(before):
        return owner(text, start, start, place=True) == "person"
    return bool(_RESIDES.search(before)) or bool(_STAYS.search(before) and _SOMEONE.search(before))


def _looks_whole(shown: str) -> bool:
    """With a number and a lane: an address in nobody's name is held too, since most of them are homes."""
    return shown.lower().startswith("số ") and bool(re.search(r"(?:ngõ|ngách|hẻm)", shown, re.IGNORECASE))

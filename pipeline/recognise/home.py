"""Home addresses. The address of an office is public; a ward or commune alone is no address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.cues import Led
from pipeline.patterns import lazy
from pipeline.recognise.owner import SURNAME, is_office, owner
from pipeline.recognise.view import CAPITAL

Found = tuple[str, int, int]  # kind, start, end

_NO = r"\d{1,4}[A-Za-z]?\d?(?:/\d{1,4}[A-Za-z]?){0,4}"
_SLASHED = r"\d{1,4}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?){1,4}"
_WORDS = rf"(?: (?-i:[{CAPITAL}0-9])[\w/.-]{{0,12}}){{1,4}}"
_LANE = r"(?:ngõ|ngách|hẻm|kiệt)"
_WAY = r"(?:ngõ|ngách|hẻm|kiệt|phố|đường|đại lộ)"
_REST = r"\w{0,10}(?: [^\W\d_]{1,8}){0,3}"
_MORE = rf"(?:,? ?(?:{_WAY}|tổ(?: dân phố)?|thôn|xóm|khu|lô|phường|xã)(?: số)?(?: ?{_NO})?(?:{_WORDS})?){{0,5}}"
_SURE = Led(
    rf"(?<!\w)(?:(?<!biển )(?<!biển số )(?:số nhà|nhà số|SN) ?{_NO}(?!\w| hộ\b| căn\b| biển\b| (?:đến|tới|-) (?:(?:số|nhà) ){{0,2}}\d)(?: {_LANE} ?{_NO})?{_MORE}"
    rf"|{_LANE} {_NO}[,-]? (?:nhà )?số (?:nhà )?{_NO}(?!\w){_MORE}"
    rf"|(?:chung cư|tòa(?: nhà)?|toà(?: nhà)?)(?: (?!số )[\w.-]{{1,12}}){{1,4}},? (?:tầng \d{{1,2}},? )?(?:căn(?: hộ)?|phòng|P\.?) ?(?:số )?[A-Z]?\d{{2,4}}(?!\w)"
    rf"|số {_NO},? {_LANE}(?: ?{_NO}|(?: [^\W\d_]{{1,8}}){{0,2}}{_WORDS}){_MORE}"
    rf"|(?:căn hộ|căn|phòng|P\.?) ?(?:số )?[A-Z]?\d{{1,4}}(?:[.-]\d{{1,4}})?,? (?:lô|tòa|toà|tháp|nhà|chung cư|khu (?:đô thị|tập thể|tái định cư)|block|(?-i:[A-Z]{{1,3}}\d{{1,2}}))(?: nhà)?[ ,]?[\w.-]{{0,8}}{_MORE}"
    rf"|(?:tầng \d{{1,2}},? )?nhà [A-Z]\d{{1,3}},? (?:khu )?tập thể{_WORDS}(?:,? phòng \d{{1,4}})?"
    rf"|(?:khu )?tập thể{_WORDS},? (?:dãy|nhà|lô) ?[\w.-]{{1,8}}(?:,? (?:phòng|căn) \d{{1,4}})?"
    rf"|(?:nhà (?:số )?|số ){_NO},? (?:dãy|lô|(?:khu )?tập thể|KTX|tổ(?! (?:chức|trưởng|phó|bầu|tiến|phối|hỗ))|{_LANE}) ?[\w.-]{{1,8}}{_MORE}"
    rf"|(?:căn hộ|căn) (?:số )?[A-Z]?\d{{1,4}}[A-Z]\d{{0,3}}(?:,? tầng \w{{1,4}})?(?:,? (?:tòa|toà|tháp|nhà|chung cư|block)[ \w.-]{{0,12}})?{_MORE}"
    rf"|(?:liền kề|biệt thự|nhà vườn) (?:số )?[A-Z]{{0,3}}\d{{1,3}}(?:[-./]\d{{1,3}})?(?:,? (?:khu đô thị|KĐT|khu){_WORDS})?{_MORE})",
    "số|nhà|sn|ngõ|ngách|hẻm|kiệt|chung cư|tòa|toà|căn|phòng|tầng|khu tập thể|tập thể|liền kề|biệt thự",
    sign=r"[Pp](?=[. sS]|.?\d)",
)
_LIKELY = Led(
    rf"(?<!\w)(?:số )?{_NO},? (?:{_WAY}|tổ(?: dân phố)?|thôn|xóm|lô)(?: ?\d{{1,4}}(?:/\d{{1,4}}){{0,3}}|{_WORDS}){_MORE}"
    rf"|(?<!\w)số {_NO}(?= (?-i:[{CAPITAL}])){_WORDS}{_MORE}"
    rf"|(?<!\w)(?:(?:lô|ô|căn|nhà)(?: số)? ?[A-Z]{{0,3}}\d{{1,3}},? )?(?-i:BT|LK|TT|NV|SH|ĐTM){{1}} ?\d{{1,3}}(?:[., -]{{1,2}}(?:lô |ô |căn )?\d{{1,3}})?,? (?:khu đô thị|KĐT|khu nhà ở|khu biệt thự){_WORDS}{_MORE}"
    rf"|(?:(?<=tại )|(?<=ở )|(?<=nhà )){_SLASHED}(?= (?-i:[{CAPITAL}])){_WORDS}{_MORE}",
    "số|lô|ô|căn|nhà|bt|lk|tt|nv|sh|đtm",
    digit=r"\d",
)
_LOOSE = Led(
    rf"(?<!\w)(?:{_LANE} {_NO}|(?:căn(?: hộ)?|phòng)(?: số)? [A-Z]?\d{{2,4}}(?!\d| ?(?:m2|m²|m|mét|người|giường)\b)|(?:tổ(?: dân phố)?|thôn|xóm|cụm|khu phố|khu|ấp|khóm|đội|bản)(?: số)? (?:\d{{1,3}}(?!\d|/| người| chức| hộ)|(?-i:[{CAPITAL}])[\w]{{0,10}})){_MORE}",
    "ngõ|ngách|hẻm|kiệt|căn|phòng|tổ|thôn|xóm|cụm|khu|ấp|khóm|đội|bản",
)
_BARE = Led(rf"(?<![\w/.,])(?:số )?{_NO} (?-i:[{CAPITAL}]){_REST}", "số", digit=r"\d")
_TO = r"(?: hiện (?:nay|tại))?(?: là| ở| tại)?:? ?(?:tại |của [^\d\n]{1,30}: ?)?(?:nhà |căn |số )?$"
_RESIDES = lazy(
    r"(?<!\w)(?:(?:cư |thường |tạm )?trú(?: tại)?(?: của [^\d\n]{1,30})?|(?:hộ khẩu|HKTT)(?: thường trú)?|nhà ở|nơi ở|chỗ ở|sống(?: [^,.\d\n]{1,25})? (?:tại|ở|trong)|ngụ(?: tại)?|nhà riêng"
    rf"|ở trọ|thuê trọ|về nhà|có nhà|nhà (?:tôi|em|ông|bà|cụ|anh|chị|mình|cháu)|địa chỉ nhà){_TO}",
    re.IGNORECASE,
)
_STAYS = lazy(rf"(?<!\w)ở(?: (?:với|cùng|nhờ) [^,.\d\n]{{1,25}})?{_TO}", re.IGNORECASE)
_MANY = lazy(
    rf"(?<!\w)(?:\d{{1,5}} (?:hộ|gia đình|người|cháu|em|trẻ|cụ|bé|công nhân)|các hộ|người dân|bà con|cư dân|nhân dân|công dân|hộ dân|học sinh|cử tri|đại biểu|những)(?!\w)(?! (?-i:[{CAPITAL}]))[^.\n]{{0,40}}$",
    re.IGNORECASE,
)
_HOLDER = rf"[{CAPITAL}][^\W\d_]{{0,7}}(?: [{CAPITAL}][^\W\d_]{{0,7}})"
# "Người nhận: cô Tuyết, 58/12 Trần Bình": a holder's name right before a house and its street
_ADDRESSEE = lazy(
    rf"(?<!\w)(?:(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ụ|[Cc]ô|[Cc]hú|[Bb]ác|[Cc]háu|[Bb]ạn) {_HOLDER}{{0,3}}"
    rf"|(?:[Nn]gười (?:nhận|gửi|nộp|mua|thuê)|[Gg]ửi(?: thư| hàng| kết quả)?(?: về| cho| tới| đến)|[Hh]ọ (?:và )?tên|[Cc]huyển (?:về|đến)|[Gg]iao (?:cho|đến)) ?:? ?{_HOLDER}{{1,3}}"
    rf"|{SURNAME} (?:Văn|Thị|Đình|Đức|Hữu|Ngọc|Minh|Quang|Xuân|Thanh) {_HOLDER}{{0,2}}"
    rf"|{_HOLDER}{{0,4}},? ?\(?(?:\d{{1,3}} tuổi|(?:sinh năm|sn|SN) (?:19|20)\d\d))"
    rf"(?: ?, ?| ?- | ?\n)(?P<house>(?:[Ss]ố )?{_NO} (?!Huân|Huy){_HOLDER}{{1,3}}(?!\w)(?:, (?:phường|xã|phố|đường){_WORDS})?|(?:[Nn]gõ|[Nn]gách) {_NO} {_HOLDER}{{0,3}})"
)
_BEFORE_HOUSE = lazy(rf"[,\n-] ?(?:(?:[Ss]ố )?{_NO} [{CAPITAL}]|[Nn]g(?:õ|ách) \d)")  # in each of them
# A stretch of road ("từ số nhà 2 đến số nhà 180") and a landmark ("đặt trước số nhà 100") are nobody's home.
_PASSED = lazy(
    r"(?<!\w)(?:từ|đoạn)[^.\n]{0,50} (?:đến|tới|-) (?:nhà )?$|(?<!\w)(?:trước|đối diện|gần|cạnh)(?: cửa| cổng| khu vực)? $",
    re.IGNORECASE,
)
_OPEN = lazy(  # "…, nơi thành lập Chi bộ": a house that everybody may enter
    r"[^.\n]{0,70}?(?:nơi (?:thành lập|ra đời|diễn ra|trưng bày|ghi dấu|lưu giữ|Bác Hồ|Chủ tịch Hồ Chí Minh)|mở cửa (?:đón|cho|miễn phí)|đón khách|tham quan|di tích|bảo tàng|nhà lưu niệm)",
    re.IGNORECASE,
)
_NAMED = lazy(
    rf"(?<!\w)(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ụ|[Ee]m|[Cc]ô|[Cc]hú|[Bb]ác|[Cc]háu|[Hh]ộ|[Gg]ia chủ|[Cc]hủ (?:hộ|nhà))(?: (?:ông|bà|anh|chị|cụ))?(?: [{CAPITAL}][\w]{{0,8}}){{1,4}},? ?\(?$"
)
_SOMEONE = lazy(
    r"(?<!\w)(?:(?:e|minh)(?= ở)|tôi|em|mình|cháu|bé|con|nạn nhân|đối tượng|người|ông|bà|anh|chị|cụ|cô|chú|bác|hộ|tài xế|gia đình|vợ chồng)(?!\w)",
    re.IGNORECASE,
)


_ADDRESS = lazy(r"(?<!\w)(?:địa chỉ|đ/c)(?: (?:liên hệ|nhận|hiện nay|liên lạc))?:? ?(?:tại |ở )?$", re.IGNORECASE)


# The name of a dwelling place, a few words, then anything that leads to a door.
_HOME_WORDS = lazy(
    r"số|sn|ngõ|ngách|hẻm|kiệt|phố|đường|đại lộ|tổ|thôn|xóm|lô|căn|phòng|p\.|p\d|tầng|tập thể|nhà|trú|ở|cụm|khu|ấp|khóm|đội|bản|[,-] ?\d"
)
_DWELL_WORDS = lazy(
    r"live at|live in|resid|living at|trú|hktt|đktt|ngụ|ở|nhà|quán|về|tới|đến|địa chỉ|đ/c|đc|dc|address|sống"
)
_STAYING = "|".join(
    f"{who} {stays}" for who in ("tôi", "em", "mình", "cháu", "con") for stays in ("hiện", "đang", "ở", "sống")
)
_DWELLS = Led(
    r"(?<!\w)(?:(?:(?<!luật )(?:đăng ký )?(?:hộ khẩu )?(?:thường trú|tạm trú)|(?:ĐK)?HKTT|ĐKTT|trú quán|trú tại|(?:hiện|đang) trú|trú(?= ?:| ?(?:số|ngõ|thôn|tổ|xóm)\b)|(?<!luật )cư trú|ngụ|nơi ở|chỗ ở|nhà riêng|quê quán|nguyên quán"
    r"|(?:về|tới|đến|tại|tận) nhà(?! (?:văn|sinh|hát|khách|thuốc|máy|trường|thờ|riêng|ga|chờ))|(?P<stays>(?:tôi|em|mình|cháu|con)(?: hiện)?(?: đang)? (?:ở|sống))|nhà (?:tôi|em|mình|cháu|riêng)|(?P<sent>(?:gửi|chuyển|chuyển phát|giao|ship)(?: [^\d\n.:]{1,20})? (?:về|tới|đến))|(?P<plain>địa chỉ|đ/c|ĐC|dc(?= ?:)|address))(?!\w)|(?:I|we) live (?:at|in)|(?:living|residing|resides?) at|home address)"
    r"(?: (?:hiện (?:nay|tại)|liên hệ|liên lạc|nhận(?: kết quả| hàng| thư)?|nhà|riêng|là|ở|tại|của [^\d\n,:.]{1,30})(?!\w)){0,4}[ :-]{0,4}(?:\n ?)?",
    "đăng ký|hộ khẩu|thường trú|tạm trú|hktt|đkhktt|đktt|trú|hiện trú|đang trú|cư trú|ngụ|nơi ở|chỗ ở|nhà riêng|quê quán|nguyên quán|nhà tôi|nhà em|nhà mình|nhà cháu|về nhà|tới nhà|đến nhà|tại nhà|tận nhà|gửi|chuyển|giao|ship|địa chỉ|đ/c|đc|dc|address|i live|we live|living|resid|home address|"
    + _STAYING,
)
_DOOR = lazy(
    rf"(?<!\w)(?:(?:số(?: nhà)?|nhà(?: số)?|SN|no\.?) ?(?:{_NO}(?![\w/])|(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)(?!\w))|(?!\d{{1,2}}/(?:\d{{1,2}}/)?(?:19|20)\d\d){_SLASHED}(?![\w/])|(?:ngõ|ngách|hẻm|kiệt|alley|lane) \w"
    rf"|(?:tổ(?: dân phố)?|cụm|đội|ấp|thôn|xóm|bản|khóm|khu phố)(?: số)? (?:\d|(?-i:[{CAPITAL}]))|(?:căn hộ|căn|phòng|P\.?) ?\w{{0,4}}\d|(?:tòa|chung cư|tập thể|ký túc xá|biệt thự|liền kề|lô|dãy) ?\w|(?:KTX)(?!\w))|(?<=, ){_NO} (?-i:[{CAPITAL}])",
    re.IGNORECASE,
)
_NUMBERED = lazy(rf"{_NO},? (?:(?-i:[{CAPITAL}])|{_WAY} )", re.IGNORECASE)
_STREET = lazy(rf"(?:(?:[{CAPITAL}][^\W\d_]{{0,7}} ?){{1,4}}, ?)?")  # "ở Nguyễn Xiển, ngõ 214"
_CLAUSE = lazy(
    r"[^;\n]{0,100}?(?=[;\n]|(?<!no)\. |\.?$|, (?:đã|đang|được|bị|hỏi|cho|làm|có|sẽ|đến|là|số điện|SĐT|ĐT)|$)",
    re.IGNORECASE,
)
_RESIDED = lazy(r"[^.\n]{0,25}? nơi [^.\n]{0,30}?(?:thường trú|sinh sống|cư trú|sống|ở)(?!\w)", re.IGNORECASE)
_HONOURED = lazy(r"(?<!\w)(?:tặng|trao|khen|biểu dương|tôn vinh|vinh danh)(?!\w)", re.IGNORECASE)
_SHORTENED = lazy(rf"(?<!\w)(?:[{CAPITAL}]\. ?){{1,4}}(?:ở|trú tại|tại|\(|,)? ?$")


def dwellings(text: str) -> Iterator[Found]:
    """What follows "thường trú", "nhà em", "địa chỉ:" up to the end of its clause, when it leads to a door."""
    if not _DWELL_WORDS.search(text.lower()):
        return
    for found in _DWELLS.finditer(text):
        clause = _CLAUSE.match(text[found.end() : found.end() + 110])
        rest = clause.group() if clause else ""
        door = _NUMBERED.match(rest) or _DOOR.search(rest)
        if not door or _MANY.search(_before(text, found.start())):
            continue
        start = found.end() + door.start()
        near = text[max(0, found.start() - 50) : found.start()].rpartition("\n")[2]
        if is_office(near + text[found.start() : start]) or is_office(rest, place=False):
            continue
        who = owner(text, start, found.end() + len(rest), place=True)
        if who != "person" and _PASSED.search(_before(text, start)):
            continue
        if (
            who == "office"
            or (found["sent"] and who != "person" and "nhà" not in found.group().lower())
            or (found["stays"] and not _STREET.fullmatch(rest[: door.start()]))
        ):
            continue
        yield "address", start, found.end() + len(rest.rstrip())


def homes(text: str) -> Iterator[Found]:
    """House-level addresses that are not an office's, and lanes, groups and hamlets where somebody lives."""
    if not _HOME_WORDS.search(text.lower()):
        return
    for found in _SURE.finditer(text):
        if _is_nobodys(text, found):
            continue
        if _lives(text, found.start()) or owner(text, found.start(), found.end(), place=True) != "office":
            yield "address", found.start(), found.end()
    for found in _LIKELY.finditer(text):
        who = owner(text, found.start(), found.end(), place=True)
        if _is_nobodys(text, found):
            continue
        if who != "office" and (who == "person" or _lives(text, found.start()) or _looks_whole(found.group())):
            yield "address", found.start(), found.end()
    for found in _ADDRESSEE.finditer(text) if _BEFORE_HOUSE.search(text) else ():
        if not is_office(_before(text, found.start())[-25:] + found.group()):
            yield "address", *found.span("house")
    for pattern in (_LOOSE, _BARE):
        for found in pattern.finditer(text):
            before = _before(text, found.start())
            named = pattern is _LOOSE and _NAMED.search(before) and not _HONOURED.search(before)
            resided = pattern is _LOOSE and _RESIDED.match(text, found.end())
            if (_lives(text, found.start()) and not _SHORTENED.search(before)) or named or resided:
                yield "address", found.start(), found.end()


def _is_nobodys(text: str, found: re.Match[str]) -> bool:
    """A stretch of road, a landmark or a house that is open to all, unless a person is named."""
    opened = _OPEN.match(text, found.end())
    if not opened and not _PASSED.search(_before(text, found.start())):
        return False
    public = opened is not None and "Bác Hồ" in opened.group()
    return public or owner(text, found.start(), found.end(), place=True) != "person"


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

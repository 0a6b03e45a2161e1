"""Birth dates of private persons. Those of leaders in the news and of the dead of history are public; a year alone is
personal only beside a name, a person or the words "năm sinh".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.cues import Led
from pipeline.patterns import lazy
from pipeline.recognise.view import CAPITAL

Found = tuple[str, int, int]  # kind, start, end

_WORDS = lazy(
    r"sinh|tuổi ?:|chào đời|s(?<!\w.)\.? ?n(?:ăm)?(?!\w)|n(?<!\w.)s(?!\w)|đẻ|d\.?o\.?b|birth|born|19\d\d\)|20\d\d\)"
    r"|/(?:19|20)\d\d ?,|\.(?:19|20)\d\d ?,|-(?:19|20)\d\d ?,"  # each way begins with one plain character
)
_YEAR = r"(?:19|20)\d\d"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_SPOKEN = r"(?:ngày )?(?:mùng |mồng )?(?:\d{1,2}|[a-zđà-ỹ]{2,5}(?: [a-zđà-ỹ]{2,5}){0,2})"
_SAID = "(?:không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mười|mươi|linh|lẻ|trăm|nghìn|ngàn)"
_YEAR_SAID = rf"(?:một (?:nghìn|ngàn|chín)|hai (?:nghìn|ngàn|không|lẻ|linh))(?: {_SAID}){{1,6}}"
_BRANCH = r"(?:Giáp|Ất|Bính|Đinh|Mậu|Kỷ|Canh|Tân|Nhâm|Quý) [^\W\d_]{2,4}"
_FULL = (
    rf"\d{{1,2}} ?[/.-] ?\d{{1,2}} ?[/.-] ?(?:{_YEAR}|\d\d(?!\d))|\d ?\d ?(?:/{{1,2}}|[.-]) ?\d ?\d ?(?:/{{1,2}}|[.-]) ?(?:1 ?9|2 ?0) ?\d ?\d|{_YEAR}[/.-]\d{{1,2}}[/.-]\d{{1,2}}"
    rf"|(?:tháng )?\d{{1,2}}(?:/| năm ){_YEAR}"
    rf"|{_SPOKEN} (?:tháng (?:\d{{1,2}}|mười (?:một|hai)|[a-zđà-ỹ]{{2,5}})(?: âm lịch)?|Tết)(?:[,]? năm)? (?:{_YEAR}|{_YEAR_SAID})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? {_YEAR}|{_MONTH} \d{{1,2}},? {_YEAR}"
)
_DATE = rf"(?P<date>{_FULL}|(?:{_BRANCH},? ?\(?)?(?P<year>{_YEAR}|{_YEAR_SAID}))(?![\d/]|[.-]\d)"
_NO_VERB = "".join(
    f"(?<!{word} )"
    for word in "khai chứng vệ học phát tuyển thí dân hy tái nảy giáo giám sơ ký hậu thực lâm tổ".split()
)
_NO_NOUN = r"(?! (?:hoạt|viên|học|thái|kế|sống|lý|lời|ra(?! (?:vào|lúc|hồi|ngày|năm))|động|sản|trưởng|quán|con|đôi|nở))"
_BORN = Led(
    rf"(?<!\w)(?:(?P<name>(?:ngày(?:,? ?tháng)?(?:,? ?năm)? |năm )sinh{_NO_NOUN}|D\.?O\.?B\.?|date of birth|tuổi(?= ?: ?(?:19|20))|S\.?N|s\.? ?năm|NS)"
    rf"(?:[^\d\n|]{{0,30}}?(?: ?\| ?)?(?:\n[^\w\n|]{{0,4}})?)|{_NO_VERB}(?:sinh{_NO_NOUN}(?: ra)?(?: vào)?(?: (?:lúc|hồi) \d{{1,2}} ?(?:giờ|h|:)(?: ?\d{{1,2}}(?: ?phút|')?)?(?:,? (?:sáng|trưa|chiều|tối|đêm))?,?)?(?: ngày| năm| tháng| hôm| nhật)?"
    rf"|đẻ (?:ngày|hôm)|(?P<came>chào đời)(?: vào)?(?: (?:lúc|hồi) [^.;\n]{{1,20}}?)?,?(?: ngày| hôm)?|born(?: on| in)?)\s{{0,2}}[:.]?\s{{0,2}}){_DATE}",
    "ngày|năm sinh|dob|do.b|d.ob|d.o.b|date of birth|tuổi|sn|s.n|s. n|s n|ns|sinh|đẻ|chào đời|born",
)
# "Sinh nhật của bé Thỏ, tên thật là Đặng Ngọc Thảo, là ngày 13/9/2020": whose it is stands between the word and the date
_BORN_FAR = Led(
    rf"(?<!\w)(?P<name>(?:ngày(?:,? ?tháng)?(?:,? ?năm)? |năm )sinh{_NO_NOUN}|sinh nhật)(?!\w)(?:(?!\d{{4}}|\d[/-])[^\n.;|]){{0,90}}?"
    rf"(?<!\w)(?:là|vào|nhằm|đúng|thành)(?: ngày| hôm| năm)? {_DATE}",
    "ngày|năm sinh|sinh nhật",
)
_PEOPLE = r"ông|bà|anh|chị|cụ|em|cô|chú|bác|cháu|tôi|con|vợ|chồng|mẹ|bố|cha|bé|bị can|bị cáo|nạn nhân|đối tượng|hộ"
_PRIVATE = lazy(rf"(?<!\w)(?:{_PEOPLE})(?!\w)", re.IGNORECASE)
_NAMED = lazy(rf"(?<!\w)[{CAPITAL}][^\W\d_]{{0,7}}(?: [{CAPITAL}][^\W\d_]{{0,7}}){{1,4}}\.?[\s,;:(–-]{{0,4}}$")
_SEX = lazy(r"(?<!\w)(?:nam|nữ)[,;/] ?$", re.IGNORECASE)
_GIVEN = lazy(rf"[{CAPITAL}][^\W\d_]{{1,7}} [{CAPITAL}][^\W\d_]{{0,7}} $")  # "Trần Quang T." is named all the same
_INITIALS = lazy(r"(?:[A-ZĐ]\.){1,4}[A-ZĐ]?\W{0,3}$")  # "anh N.V.T. (": named for nobody
_PUBLIC_LIFE = lazy(
    r"(?:bổ nhiệm|chủ tịch|giám đốc|bí thư|đồng chí|bộ trưởng|thứ trưởng|trưởng (?:phòng|ban)|chánh|đại biểu|ủy viên|lãnh tụ|nhà (?:thơ|văn|báo|sử|giáo ưu tú|cách mạng|khoa học)|nhạc sĩ|họa sĩ"
    r"|danh nhân|(?<!con )(?<!vợ )(?<!mẹ )(?<!cháu )(?<!nhân )liệt sĩ|(?-i:[Aa]nh hùng|ANH HÙNG)|giữ chức|quê quán .{0,30} chức|tướng|nghệ sĩ|vua|danh tướng)",
    re.IGNORECASE,
)
_GENERAL = lazy(
    r"(?:trẻ(?: em)?|công dân|người|học sinh|sinh viên|phụ nữ|thanh niên|nam|nữ|các cháu|những|trường hợp|thế hệ|các em|nếu)(?: nam| nữ)?\s{0,1}$",
    re.IGNORECASE,
)
_RANGE = lazy(r" ?(?:trở|đến|về trước|- ?\d|và|hoặc|có (?:phải|được)|thì|phải|được)(?!\w)")
_ENDS = lazy(r"\s{0,2}(?:[,;.)|?!]|$)")
_SURNAME = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đoàn|Trịnh|Mai|Cao|Lưu|Tạ|Hà|Đào|Lương|Chu|Khuất|Kiều|Phùng|Quách|Vương|Trương|Lò|Vàng|Giàng|Sùng|Cầm|Quàng|Nông|Triệu|Đàm|Mạc|Tống|Lại|Tăng|Nghiêm|Thân|Doãn|Phí|Hứa|Khổng|Tô|Sầm|Lục|Bạch|Lâm"
_NAME = rf"(?: [{CAPITAL}][^\W\d_]{{0,7}})"  # behind the surname
_DAY = r"\d{1,2}[/.-]\d{1,2}[/.-]"  # and month, before the year
# "Phan Thị Cúc (12-3-1969)": a date in brackets after a name, too long ago to be of the day's news
_BRACKETED = lazy(rf"(?<!\w)(?:{_SURNAME}){_NAME}{{1,4}},? ?\((?P<date>{_DAY}(?:19\d\d|200\d|201[0-5]))\)")
# "Nguyễn Bảo Ngọc (nữ, 14.02.2021)"
_SEXED = lazy(
    rf"(?<!\w)(?:{_SURNAME}){_NAME}{{1,4}} ?[(,;-] ?(?:[Nn]am|[Nn]ữ)[,;/ -]{{1,3}}(?P<date>{_DAY}(?:19|20)\d\d)"
)
# "cháu trai tên Bin, 15/3/2019, chưa tiêm"
_CHILD = lazy(
    rf"(?<!\w)(?:[Cc]háu|[Bb]é|[Cc]on)(?: trai| gái)?(?: tên| là){{0,2}}{_NAME}{{1,5}} ?[,(] ?(?P<date>{_DAY}(?:19\d\d|20[01]\d|202[0-4]))(?= ?[,)])"
)
# "Ông Nguyễn Văn Hải (1952)"
_YEAR_BRACKETED = lazy(
    rf"(?<!\w)(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ụ|[Ee]m|[Cc]háu){_NAME}{{2,5}},? ?\((?P<date>19[2-9]\d|20[01]\d)\)"
)
_BESIDE_NAME = lazy(  # in each of them
    r"[(,;\d-](?:(?<=[(,]) ?\d|(?<=[(,;-]) ?[Nn](?:am|ữ)|(?<=\d) ?[(–-] ?(?:là |ngày|năm|sinh))"
)
# "17.11.1979 (ngày sinh)"
_SAID_AFTER = lazy(
    rf"(?<![\d/.-])(?P<date>{_DAY}(?:19|20)\d\d) ?[(–-] ?(?:là )?(?:ngày(?:,? tháng(?:,? năm)?)? sinh|năm sinh|sinh nhật)(?! (?:nhật )?(?:của )?(?:Bác|Chủ tịch|Đảng))"
)
# "| 2 | Đỗ Minh Khôi | 24/12/2017 |": a list of persons, each with a date of years ago
_LISTED = lazy(
    rf"(?<!\w)(?<!phố )(?<!đường )(?<!cầu )(?:{_SURNAME})(?:{_NAME}{{1,4}}\*{{0,2}} ?[|;]|{_NAME}{{2,4}} ?,) ?(?:(?:[Nn]am|[Nn]ữ|NAM|NỮ) ?[|;,] ?)?(?P<date>{_DAY}(?:19\d\d|20[01]\d))(?= ?[|;,])"
)
# "| 1 | Nguyễn Thị Thanh Hà | 1958 | Nữ |": a year beside a whole name, in a table whose head does not say what it is
_LISTED_YEAR = lazy(
    rf"(?:^|[|;\n])[ *]{{0,3}}(?:{_SURNAME}){_NAME}{{1,4}}\*{{0,2}} ?[|;] ?(?P<sex>(?:[Nn]am|[Nn]ữ|NAM|NỮ) ?[|;] ?)?"
    rf"(?P<date>19[2-9]\d|20[01]\d)(?P<after> ?[|;] ?(?:[Nn]am|[Nn]ữ|NAM|NỮ)(?!\w))?(?= ?(?:[|;\n]|$))"
)
_EVENT = lazy(
    rf"{_PUBLIC_LIFE.pattern}|quyết định|công nhận|khánh thành|thông xe|khởi công|khai trương|hiệu lực|ban hành|(?<!\w)ký",
    re.IGNORECASE,
)
_OTHER_YEAR = lazy(
    rf"năm(?! sinh)|thời|hạn|phố|đường|tác (?:giả|phẩm)|giải|(?<!\w)sách|công trình|{_PUBLIC_LIFE.pattern}",
    re.IGNORECASE,
)
_OTHER_DATE = lazy(r"ngày(?! sinh)|thời|hạn|năm(?! sinh)", re.IGNORECASE)
_NOBODY = lazy(
    r"(?<!\w)(?:ngành|tổ chức|đơn vị|Đảng|Bác|báo|đài|hội|đoàn|lực lượng|trung tâm|(?-i:phường|xã)|trường|công ty|thành phố|cơ quan|mẫu|lần thứ)(?!\w)",
    re.IGNORECASE,
)
_OLD_DATE = lazy(r"[|;,] ?\d{1,2}[/.-]\d{1,2}[/.-](?:19\d\d|20[01]\d) ?[|;,]")
_YEARS = lazy(_YEAR)
_THREE = lazy(r"\d ?[/.-] ?\d")
_HISTORY = 1915  # who was born before this year is no living person


def births(text: str) -> Iterator[Found]:
    yield from _listed(text)
    yield from _listed_years(text)
    if not _WORDS.search(text.lower()):
        return
    for born in (_BORN, _BORN_FAR):
        for found in born.finditer(text):
            if _is_private(text, found):
                yield "birth", found.start("date"), found.end("date")
    for pattern in (_BRACKETED, _SEXED, _CHILD, _SAID_AFTER, _YEAR_BRACKETED) if _BESIDE_NAME.search(text) else ():
        for found in pattern.finditer(text):
            around = text[max(0, found.start() - 40) : found.start()].rpartition("\n")[2]
            if pattern is _YEAR_BRACKETED:
                around += text[found.end() : found.end() + 50].partition("\n")[0]
            if not _PUBLIC_LIFE.search(around):
                yield "birth", found.start("date"), found.end("date")


def _listed(text: str) -> Iterator[Found]:
    """Dates beside names in a list whose head names no other date."""
    for found in _LISTED.finditer(text) if _OLD_DATE.search(text) else ():
        head = text[max(0, found.start() - 400) : found.start()].rpartition("\n\n")[2].rpartition("\n")[0]
        rest = text[found.end() : found.end() + 30].partition("\n")[0]
        if (
            not _OTHER_DATE.search(head)
            and not _EVENT.search(rest)
            and not _PUBLIC_LIFE.search(text[max(0, found.start() - 30) : found.start()])
        ):
            yield "birth", found.start("date"), found.end("date")


def _listed_years(text: str) -> Iterator[Found]:
    """Years beside names, with a sex in their row or in several rows, where no head names another year."""
    rows = list(_LISTED_YEAR.finditer(text)) if "|" in text or ";" in text else []
    named: dict[int, bool] = {}  # by the table's begin, whether its head or first row speaks of another year
    for found in rows:
        begin = text.rfind("\n\n", max(0, found.start() - 20_000), found.start())
        if begin not in named:
            named[begin] = bool(_OTHER_YEAR.search(text, max(0, begin, found.start() - 400), found.start()))
        if (found["sex"] or found["after"] or len(rows) > 1) and not named[begin]:
            yield "birth", found.start("date"), found.end("date")


def _is_private(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 70) : found.start()].rpartition("\n")[2]
    after = text[found.end() : found.end() + 70].split("\n", maxsplit=1)[0]
    name = (found["name"] or "").lower()
    if found["year"]:
        told = bool((name and name != "ns") or _PRIVATE.search(before) or _NAMED.search(before) or _SEX.search(before))
        if not told and (before.strip(" |*-(") or not _ENDS.match(after)):
            return False
        initials = _INITIALS.search(before)
        if name == "ns" or _RANGE.match(after) or (initials and not _GIVEN.search(before[: initials.start()])):
            return False
    elif name == "ns" and not _THREE.search(found["date"]):
        return False
    if found.groupdict().get("came") and not (_PRIVATE.search(before) or _NAMED.search(before)):
        return False
    if _GENERAL.search(before) or any(int(year) < _HISTORY for year in _YEARS.findall(found["date"])):
        return False
    between = text[found.start() : found.start("date")]
    if _NOBODY.search(between):
        return False
    return not _PUBLIC_LIFE.search(before + between) and not _PUBLIC_LIFE.search(after)

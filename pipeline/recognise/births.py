"""Birth dates of private persons. Those of leaders in the news and of the dead of history are public; a year alone is
personal only beside a name, a person or the words "năm sinh".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.cues import Led
from pipeline.recognise.view import CAPITAL

Found = tuple[str, int, int]  # kind, start, end

_WORDS = re.compile(r"sinh|(?<!\w)s\.? ?n(?:ăm)?(?!\w)|(?<!\w)ns(?!\w)|đẻ|d\.?o\.?b|birth|born|(?:19|20)\d\d\)")
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
_DATE = rf"(?P<date>{_FULL}|(?:{_BRANCH},? ?\(?)?(?P<year>{_YEAR}))(?![\d/]|[.-]\d)"
_NO_VERB = "".join(
    f"(?<!{word} )"
    for word in "khai chứng vệ học phát tuyển thí dân hy tái nảy giáo giám sơ ký hậu thực lâm tổ".split()
)
_NO_NOUN = r"(?! (?:hoạt|viên|học|thái|kế|sống|lý|lời|ra(?! (?:vào|lúc|hồi|ngày|năm))|động|sản|trưởng|quán|con|đôi|nở))"
_BORN = Led(
    rf"(?<!\w)(?:(?P<name>(?:ngày(?:,? ?tháng)?(?:,? ?năm)? |năm )sinh{_NO_NOUN}|D\.?O\.?B\.?|date of birth|S\.?N|s\.? ?năm|NS)"
    rf"(?:[^\d\n|]{{0,30}}?(?: ?\| ?)?(?:\n[^\w\n|]{{0,4}})?)|{_NO_VERB}(?:sinh{_NO_NOUN}(?: ra)?(?: vào)?(?: (?:lúc|hồi) \d{{1,2}} ?(?:giờ|h|:)(?: ?\d{{1,2}}(?: ?phút|')?)?(?:,? (?:sáng|trưa|chiều|tối|đêm))?,?)?(?: ngày| năm| tháng| hôm| nhật)?"
    rf"|đẻ (?:ngày|hôm)|born(?: on| in)?)\s{{0,2}}[:.]?\s{{0,2}}){_DATE}",
    "ngày|năm sinh|dob|do.b|d.ob|d.o.b|date of birth|sn|s.n|s. n|s n|ns|sinh|đẻ|born",
)
_PEOPLE = r"ông|bà|anh|chị|cụ|em|cô|chú|bác|cháu|tôi|con|vợ|chồng|mẹ|bố|cha|bé|bị can|bị cáo|nạn nhân|đối tượng|hộ"
_PRIVATE = re.compile(rf"(?<!\w)(?:{_PEOPLE})(?!\w)", re.IGNORECASE)
_NAMED = re.compile(rf"(?<!\w)[{CAPITAL}][^\W\d_]{{0,7}}(?: [{CAPITAL}][^\W\d_]{{0,7}}){{1,4}}\.?[\s,;:(–-]{{0,4}}$")
_SEX = re.compile(r"(?<!\w)(?:nam|nữ)[,;/] ?$", re.IGNORECASE)
_GIVEN = re.compile(
    rf"[{CAPITAL}][^\W\d_]{{1,7}} [{CAPITAL}][^\W\d_]{{0,7}} $"
)  # "Trần Quang T." is named all the same
_INITIALS = re.compile(r"(?:[A-ZĐ]\.){1,4}[A-ZĐ]?\W{0,3}$")  # "anh N.V.T. (": named for nobody
_PUBLIC_LIFE = re.compile(
    r"(?:bổ nhiệm|chủ tịch|giám đốc|bí thư|đồng chí|bộ trưởng|thứ trưởng|trưởng (?:phòng|ban)|chánh|đại biểu|ủy viên|lãnh tụ|nhà (?:thơ|văn|báo|sử|giáo ưu tú|cách mạng|khoa học)|nhạc sĩ|họa sĩ"
    r"|danh nhân|(?<!con )(?<!vợ )(?<!mẹ )(?<!cháu )(?<!nhân )liệt sĩ|(?-i:[Aa]nh hùng|ANH HÙNG)|giữ chức|quê quán .{0,30} chức|tướng|nghệ sĩ|vua|danh tướng)",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"(?:trẻ(?: em)?|công dân|người|học sinh|sinh viên|phụ nữ|thanh niên|nam|nữ|các cháu|những|trường hợp|thế hệ|các em|nếu)(?: nam| nữ)?\s{0,1}$",
    re.IGNORECASE,
)
_RANGE = re.compile(r" ?(?:trở|đến|về trước|- ?\d|và|hoặc|có (?:phải|được)|thì|phải|được)(?!\w)")
_ENDS = re.compile(r"\s{0,2}(?:[,;.)|?!]|$)")
_SURNAME = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đoàn|Trịnh|Mai|Cao|Lưu|Tạ|Hà|Đào|Lương|Chu|Khuất|Kiều|Phùng|Quách|Vương|Trương"
# "Phan Thị Cúc (12-3-1969)": a date in brackets after a name, too long ago to be of the day's news
_BRACKETED = re.compile(
    rf"(?<!\w)(?:{_SURNAME})(?: [{CAPITAL}][^\W\d_]{{0,7}}){{1,4}},? ?\((?P<date>\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19\d\d|200\d|201[0-5]))\)"
)
_IN_BRACKETS = re.compile(r"\(\d{1,2}[/.-]")  # in each of them
# "| 2 | Đỗ Minh Khôi | 24/12/2017 |": a list of persons, each with a date of years ago
_LISTED = re.compile(
    rf"(?<!\w)(?<!phố )(?<!đường )(?<!cầu )(?:{_SURNAME})(?:(?: [{CAPITAL}][^\W\d_]{{0,7}}){{1,4}}\*{{0,2}} ?[|;]|(?: [{CAPITAL}][^\W\d_]{{0,7}}){{2,4}} ?,) ?(?:(?:[Nn]am|[Nn]ữ|NAM|NỮ) ?[|;,] ?)?(?P<date>\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19\d\d|20[01]\d))(?= ?[|;,])"
)
_EVENT = re.compile(
    rf"{_PUBLIC_LIFE.pattern}|quyết định|công nhận|khánh thành|thông xe|khởi công|khai trương|hiệu lực|ban hành|(?<!\w)ký",
    re.IGNORECASE,
)
_OTHER_DATE = re.compile(r"ngày(?! sinh)|thời|hạn|năm(?! sinh)", re.IGNORECASE)
_NOBODY = re.compile(r"(?<!\w)(?:ngành|tổ chức|đơn vị|Đảng|Bác|báo|đài|hội|đoàn|lực lượng)(?!\w)", re.IGNORECASE)
_OLD_DATE = re.compile(r"[|;,] ?\d{1,2}[/.-]\d{1,2}[/.-](?:19\d\d|20[01]\d) ?[|;,]")
_YEARS = re.compile(_YEAR)
_THREE = re.compile(r"\d ?[/.-] ?\d")
_HISTORY = 1915  # who was born before this year is no living person


def births(text: str) -> Iterator[Found]:
    yield from _listed(text)
    born = list(_BORN.finditer(text))
    bracketed = list(_BRACKETED.finditer(text)) if _IN_BRACKETS.search(text) else []
    if not (born or bracketed) or not _WORDS.search(text.lower()):
        return
    for found in born:
        if _is_private(text, found):
            yield "birth", found.start("date"), found.end("date")
    for found in bracketed:
        before = text[max(0, found.start() - 40) : found.start()].rpartition("\n")[2]
        if not _PUBLIC_LIFE.search(before):
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
    if _GENERAL.search(before) or any(int(year) < _HISTORY for year in _YEARS.findall(found["date"])):
        return False
    between = text[found.start() : found.start("date")]
    if _NOBODY.search(between):
        return False
    return not _PUBLIC_LIFE.search(before + between) and not _PUBLIC_LIFE.search(after)

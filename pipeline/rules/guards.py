"""First guards before publishing: secrecy marks, drafts, personal data. No message repeats what was found.

Patterns and their limits: patterns.yaml and vietnam.md §3-§6 of the project's facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.i18n import _
from pipeline.model import Item, Severity
from pipeline.rules.registry import Context, Flaw, rule

# Case-sensitive and a whole line, so that "Bảo mật", "mật khẩu" and "mật ong" never fire.
_SECRET = re.compile(r"(?m)^[ \t|*_>\"“]*(?:(?:ĐỘ|Độ) (?:MẬT|mật)\s*:\s*)?(?:TUYỆT MẬT|TỐI MẬT|MẬT)[ \t|*_.\"”]*$")
_INTERNAL = re.compile(
    r"(?<!\w)(?:tài liệu thu hồi|chỉ người có tên mới được bóc bì|không phổ biến|lưu hành nội bộ|dự thảo lần"
    r"|tài liệu (?:mật|tối mật|tuyệt mật)|không được sao,? chụp|cấm sao chụp)(?!\w)",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"(?<![\d.,/-])0(?:0[1-9]|[1-9]\d)[0-3]\d{8}(?![.,]?\d)|(?<!\d)0\d{2}[ .]\d{3}[ .]\d{3}[ .]\d{3}(?!\d)"
)
_MOBILE = re.compile(r"(?<![\d.])(?:\+?84[ .-]?|0)(?:3[2-9]|5[25-9]|7[06-9]|8[1-9]|9[0-46-9])(?:[ .-]?\d){7}(?!\d)")
_HOME = re.compile(
    r"(?<!\w)(?:số nhà|nhà số)\s+\d{1,4}[A-Z]?(?:/\d{1,4}){0,4}|(?<!\w)số\s+\d{1,4}[A-Z]?(?:/\d{1,4}){0,4}\s*,?\s*(?:ngõ|ngách|hẻm|phố|đường)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"UBND|trụ sở|điểm tiếp nhận|chi nhánh|trung tâm|văn phòng|bộ phận", re.IGNORECASE)
_OFFICIAL_NUMBERS = {"0768221221"}  # Zalo and Viber of the TTPVHCC (nhandan.vn, 2025-07-01)


def _texts(item: Item) -> Iterator[tuple[str, str, int | None]]:
    """Everything of an item that citizens would read, with field and line."""
    for key in ("title", "summary", "cover_alt", "author", "question", "transcript"):
        if text := str(getattr(item, key, "") or ""):
            yield text, key, item.lines.get(key)
    for number, line in enumerate(item.document.source.split("\n"), item.document.first_line):
        yield line, "", number


def _places(item: Item, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str, int | None]]:
    for text, key, line in _texts(item):
        for found in pattern.finditer(text):
            yield found, key, line


@rule("SAFE001", Severity.ERROR)
def secrecy_mark(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no secrecy mark.

    Why: publishing a state secret is a crime. The content is neither published nor logged.

    Instead: take the file out of the folder at once and tell the person in charge of secrets.
    """
    for _found, key, line in _places(item, _SECRET):
        yield Flaw(_("A secrecy mark stands alone on a line."), key, line)


@rule("SAFE002", Severity.REVIEW)
def internal_words(item: Item, context: Context) -> Iterator[Flaw]:
    """A text is not marked as a draft or for internal use.

    Why: what is not decided yet, or is for colleagues only, must not be published.

    Instead: send the final version, or delete the mark when it was left by mistake.
    """
    for _found, key, line in _places(item, _INTERNAL):
        yield Flaw(_("The text is marked as a draft or for internal use."), key, line)


@rule("SAFE003", Severity.REVIEW)
def identity_number(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no citizen's identity number.

    Why: it is personal data; the law forbids publishing it (Luật 91/2025/QH15).

    Instead: delete the number, or write only the first three and last two digits.
    """
    for _found, key, line in _places(item, _IDENTITY):
        yield Flaw(_("The text may reveal an identity number (hidden here)."), key, line)


@rule("SAFE004", Severity.REVIEW)
def private_phone(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no private phone number.

    Why: it is personal data; hotlines and published office numbers are not.

    Instead: give the office's number, or 1022.
    """
    for found, key, line in _places(item, _MOBILE):
        if re.sub(r"\D", "", found.group()) not in _OFFICIAL_NUMBERS:
            yield Flaw(_("The text may reveal a private phone number (hidden here)."), key, line)


@rule("SAFE005", Severity.REVIEW)
def home_address(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no private home address.

    Why: it is personal data; the addresses of offices are public.

    Instead: name only the ward or commune.
    """
    for found, key, line in _places(item, _HOME):
        around = found.string[max(0, found.start() - 60) : found.end() + 60]
        if not _OFFICE.search(around):
            yield Flaw(_("The text may reveal a home address (hidden here)."), key, line)

"""The words of attachments as the guards look at them: page by page, each looked at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.i18n import _
from pipeline.model import AttachmentReport
from pipeline.recognise.personal import find
from pipeline.text import shorten


@dataclass(frozen=True)
class Page:
    """A page of an attachment that has words; number 0 is what stands outside of pages (its title, bookmarks, …)."""

    name: str
    number: int
    text: str

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of personal data on it."""
        return frozenset(hit.kind for hit in find(self.text))

    def says(self, message: str) -> str:
        """The message with file and page before it."""
        name = shorten(self.name, 100)
        if not self.number:
            return _('Properties of "{name}": {message}').format(name=name, message=message)
        return _('"{name}", page {page}: {message}').format(name=name, page=self.number, message=message)


def pages_of(reports: Iterable[AttachmentReport]) -> Iterator[Page]:
    """Every page with words of the files that may be handed out."""
    for report in reports:
        for number, text in enumerate(report.pages):
            if text.strip():
                yield Page(report.name, number, text)

"""Rules on attachments: the files beside the text of a folder drop that readers may download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.i18n import _
from pipeline.model import Item, Severity
from pipeline.rules.registry import Context, Flaw, reading, rule

MOST_FILES = 10

ALONE = reading(
    "ATT001",
    Severity.ERROR,
    """A PDF is attached to a news item, it is none by itself.

    Why: a PDF has no title, date and summary, and phones show it badly.

    Instead: make a folder with the text (index.md or one .docx) and put the PDF into it; it becomes an attachment.
    """,
)


def _flaws(context: Context, *problems: str) -> Iterator[str]:
    return (one.name[:100] for one in context.attachments if one.problem in problems)


@rule("ATT002", Severity.WARNING)
def other_type(item: Item, context: Context) -> Iterator[Flaw]:
    """An attachment is a PDF.

    Why: every phone opens a PDF and nobody can change it; other files beside the text are not published.

    Instead: save it as PDF (in Word and Excel: File > Save As > PDF), or take it out of the folder.
    """
    for name in _flaws(context, "type"):
        yield Flaw(_('"{name}" is not published: only PDF files are attached.').format(name=name))


@rule("ATT003", Severity.ERROR)
def not_a_pdf(item: Item, context: Context) -> Iterator[Flaw]:
    """An attachment is a whole PDF, whatever its name says.

    Why: something else under the name .pdf does not open, or does harm.

    Instead: make the PDF anew (File > Save As > PDF) and copy it into the folder again.
    """
    for name in _flaws(context, "not-a-pdf", "broken", "missing"):
        yield Flaw(_('"{name}" is no PDF, or is damaged.').format(name=name))


@rule("ATT004", Severity.ERROR)
def too_big(item: Item, context: Context) -> Iterator[Flaw]:
    """Attachments are small enough for a phone, and not more than ten.

    Why: many citizens pay for every megabyte.

    Instead: save it with "minimum size", or scan it in grey at 150 dpi.
    """
    for name in _flaws(context, "too-big"):
        most = context.attachment_bytes // 1024 // 1024
        yield Flaw(_('"{name}" has more than {most} MB.').format(name=name, most=most))
    if len(context.attachments) > MOST_FILES:
        yield Flaw(_("There are {count} attachments; at most {most} are taken.").format(
            count=len(context.attachments), most=MOST_FILES))  # fmt: skip


@rule("ATT005", Severity.ERROR)
def locked(item: Item, context: Context) -> Iterator[Flaw]:
    """An attachment opens and prints without a password.

    Why: a locked file cannot be checked, and screen readers cannot read it aloud.

    Instead: save it without protection.
    """
    for name in _flaws(context, "locked"):
        yield Flaw(_('"{name}" is locked.').format(name=name))


@rule("ATT006", Severity.ERROR)
def active(item: Item, context: Context) -> Iterator[Flaw]:
    """An attachment holds no scripts, forms that send data, or files within the file.

    Why: they can attack the reader's machine.

    Instead: print it to PDF once more (Print > Microsoft Print to PDF), which leaves them out.
    """
    for name in _flaws(context, "scripts"):
        yield Flaw(_('"{name}" holds scripts or files that a reader\'s machine would run.').format(name=name))


@rule("ATT007", Severity.WARNING)
def unread(item: Item, context: Context) -> Iterator[Flaw]:
    """A person has read what the program cannot read of an attachment.

    Why: a scan is a picture, in which the program finds neither secrecy marks nor personal data, and blind citizens
    hear nothing.

    Instead: open it and read it once more; better attach the PDF that Word makes (File > Save As > PDF), not a scan.
    """
    for one in context.attachments:
        name = one.name[:100]
        if one.problem or one.unread:
            continue
        if one.pictured and len(one.pictured) >= len(one.pages) - 1:
            yield Flaw(_('"{name}" is a scan without words; the program cannot check it.').format(name=name))
        elif one.pictured:
            yield Flaw(_('"{name}": pages {pages} are pictures without words; the program cannot check them.').format(
                name=name, pages=_numbers(one.pictured)))  # fmt: skip


def _numbers(pages: Sequence[int]) -> str:
    shown = ", ".join(str(page) for page in pages[:10])
    return f"{shown}, …" if len(pages) > 10 else shown


@rule("ATT008", Severity.REVIEW)
def unreadable_words(item: Item, context: Context) -> Iterator[Flaw]:
    """The words of an attachment can be read by a program, too.

    Why: what cannot be read cannot be checked for secrecy marks and personal data, and screen readers cannot read it.

    Instead: save it as PDF anew (in Word: File > Save As > PDF) in parts of at most 200 pages, with a Unicode font; or
    read all of it yourself and release it.
    """
    said = {
        "stuck": _('"{name}" cannot be read in a few seconds.'),
        "long": _('"{name}" is too long to be checked in full.'),
        "letters": _('The letters of "{name}" make no sense to a program.'),
    }
    for one in context.attachments:
        if one.unread in said and not one.problem:
            yield Flaw(said[one.unread].format(name=one.name[:100]))

"""Codes for Word documents, and remedies in Word's own terms: an editor there has no lines, keys or Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from pipeline import endings
from pipeline.i18n import N_, _
from pipeline.model import Item, Severity
from pipeline.rules.registry import RULES, Context, Flaw, reading, rule

OLD_FORMAT = reading(
    "WORD001",
    Severity.ERROR,
    """A document is a .docx file of Word 2007 or later.

    Why: .doc, .rtf, .odt and .pages keep text and pictures in ways that cannot be read safely.

    Instead: open it in Word, choose File > Save As and the type "Word Document (*.docx)", and copy that file here.
    """,
)
MACROS = reading(
    "WORD002",
    Severity.ERROR,
    """A document holds no macros.

    Why: macros are programs; a news text needs none, and viruses travel in them.

    Instead: choose File > Save As and the type "Word Document (*.docx)", which leaves the macros out.
    """,
)
DAMAGED = reading(
    "WORD003",
    Severity.ERROR,
    """A document can be opened.

    Why: a file that was cut off while copying, or is something else under the name .docx, cannot be read.

    Instead: open it in Word; if that works, save it under a new name and copy it here again.
    """,
)
LOCKED = reading(
    "WORD004",
    Severity.ERROR,
    """A document opens without a password.

    Why: what is locked cannot be read or checked, and was hardly meant for the public.

    Instead: in Word choose File > Info > Protect Document > Encrypt with Password and empty the box, then save.
    """,
)
HARMFUL = reading(
    "WORD005",
    Severity.ERROR,
    """A document is built as Word builds it.

    Why: this one is made so that it could stop or mislead the program that opens it.

    Instead: copy the text into a new Word document, save that, and ask where this file came from.
    """,
)
TOO_BIG = reading(
    "WORD006",
    Severity.ERROR,
    """A document has at most 25 MB, and the text of a news item.

    Why: larger ones are books, or hold photos in full size that nobody can load on a phone.

    Instead: in Word choose Picture Format > Compress Pictures (150 ppi), or split the document.
    """,
)
DRAWING = reading(
    "WORD007",
    Severity.ERROR,
    """A picture in a document is a JPEG or PNG.

    Why: drawings (EMF, WMF, SVG) and old formats (TIFF, BMP, GIF) look different on every phone or can run code.

    Instead: right-click the picture, choose "Save as Picture" with the type PNG or JPG, and insert that file instead.
    """,
)
LEFT_OUT = reading(
    "WORD008",
    Severity.REVIEW,
    """A document holds text, tables, pictures and links only.

    Why: charts, SmartArt, equations, text boxes and embedded files cannot be shown on the portal, so readers miss them.

    Instead: make a picture of it (copy, then Paste Special > Picture (PNG)), or attach it as PDF.
    """,
)
UNFINISHED = reading(
    "WORD009",
    Severity.WARNING,
    """A document is final: no tracked changes, comments or hidden text.

    Why: changes were taken as accepted; comments and hidden text are not published. Perhaps that was not meant.

    Instead: in Word choose Review > Accept All Changes, delete the comments, and save.
    """,
)
ELSEWHERE = reading(
    "WORD010",
    Severity.REVIEW,
    """A picture is in the document itself.

    Why: a picture that is only linked lies on another computer; it is never fetched, so readers would miss it.

    Instead: delete it and insert the picture with Insert > Pictures > This Device.
    """,
)
FROM_PROPERTIES = reading(
    "WORD011",
    Severity.WARNING,
    """Title, summary, author and keywords stand in the table at the top of the document.

    Why: they were taken from the document's properties, which often name another text or the computer's owner.

    Instead: write them into the table (bantin new --word makes one), or correct File > Info.
    """,
)
NO_TABLE = reading(
    "WORD012",
    Severity.WARNING,
    """A document begins with the table of its metadata.

    Why: without it kind, date and summary are not known for certain.

    Instead: begin with the form that bantin new --word makes, and copy the text below its table.
    """,
)
SPREADSHEET = reading(
    "WORD013",
    Severity.ERROR,
    """A news item is a text, not a table file or slides.

    Why: nobody reads a spreadsheet or slides as news, and they cannot be checked.

    Instead: write a Word document, paste the cells that matter into it as a table, and attach the rest as PDF.
    """,
)
PLAIN_TEXT = reading(
    "WORD014",
    Severity.ERROR,
    """A news item is a Word document or a Markdown file.

    Why: a .txt or .html file says neither title nor date, and its letters are often in an old code.

    Instead: make a form with bantin new --word, paste the text below its table, and save it as .docx.
    """,
)

FOREIGN: Final = MappingProxyType(
    dict.fromkeys(endings.OLD, OLD_FORMAT)
    | dict.fromkeys(endings.MACROS, MACROS)
    | dict.fromkeys(endings.SHEETS, SPREADSHEET)
    | dict.fromkeys(endings.PLAIN, PLAIN_TEXT)
)

# What an editor does in Word, where the rule itself speaks of Markdown.
_IN_WORD: Final[Mapping[str, str]] = MappingProxyType({
    "ART001": N_("Fill in the row Tiêu đề of the table at the top of the document."),
    "ART006": N_("Fill in the row Tóm tắt of the table: one or two sentences that say what is new for citizens."),
    "ART009": N_("Write the text below the table."),
    "ART010": N_("Fill in the row Tác giả of the table; the unit's name stands in until then."),
    "DATE001": N_("Fill in the row Ngày đăng of the table, for example 24/11/2026."),
    "DATE002": N_("Correct the year in the row Ngày đăng of the table."),
    "IMG001": N_("Correct the file name in the row Ảnh bìa of the table, or insert the picture into that cell."),
    "IMG003": N_("Open the picture, save it as JPG or PNG, and insert that file instead."),
    "IMG007": N_("Right-click the picture, choose View Alt Text and write what it shows; for the cover fill in the row Mô tả ảnh bìa."),
    "META006": N_("Correct the cell of the table as the example in the message shows."),
    "META007": N_("Delete one of the two rows of the table."),
    "META008": N_("Correct the label in the first column of the table, or delete the row."),
    "LINK001": N_("Right-click the link, choose Edit Hyperlink and give an address that begins with https://."),
    "LINK002": N_("Right-click the link, choose Edit Hyperlink and paste the whole address, https:// included."),
    "TXT001": N_("The text is shown as proposed: release it when it is right. Next time write in a Unicode font (Times New Roman); for this file, UniKey converts it (Ctrl+Shift+F6)."),
    "CLIP001": N_("Fill in the row Video of the table: the address on YouTube, or the file name."),
    "CLIP004": N_("Fill in the row Lời thoại of the table, or name a .vtt or .srt file in the row Phụ đề."),
    "CLIP005": N_("Fill in the row Thời lượng of the table, for example 01:20."),
    "QA001": N_("Fill in the row Câu hỏi of the table."),
    "QA002": N_("Write the answer below the table."),
    "QA003": N_("Fill in the row Cơ quan trả lời of the table."),
})  # fmt: skip


def hint(code: str, otherwise: str) -> str:
    """How to mend it in Word; the rule's own remedy where that is the same."""
    return _(_IN_WORD[code]) if code in _IN_WORD else otherwise


@rule("WORD015", Severity.ERROR)
def mark_beside_the_text(item: Item, context: Context) -> Iterator[Flaw]:
    """A document carries no secrecy or draft mark in header, footer, comment, text box or hidden text.

    Why: that is where stamps stand, and a paper that carries one must not be published, whatever its text says.

    Instead: take the file out of the folder at once; when the mark was left by mistake, delete it and send it again.
    """
    aside = item.document.aside
    if not aside:
        return
    document = replace(item.document, source=aside, text=aside, links=(), images=(), html=(), headings=(), aside="")
    nobody = replace(item, title="", summary="", cover_alt="", author="", document=document)
    for code in ("SAFE001", "SAFE002"):
        check = RULES[code].check
        if check and next(iter(check(nobody, context)), None):
            yield Flaw(_("A header, footer, comment, text box or hidden text carries a secrecy or draft mark."))
            return

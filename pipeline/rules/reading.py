"""Codes for what goes wrong while a file is read, before there is an item."""

from __future__ import annotations

from pipeline.model import Severity
from pipeline.rules.registry import reading

EMPTY_FILE = reading(
    "FILE001",
    Severity.ERROR,
    """A file has content.

    Why: an empty file is usually a copy that was cut off.

    Instead: copy the file into the folder again.
    """,
)
TOO_BIG = reading(
    "FILE002",
    Severity.ERROR,
    """A text file is at most 256 KB.

    Why: a news text never is that long; such a file is something else or would block the others.

    Instead: put pictures and documents beside the text instead of into it, or split the text.
    """,
)
NOT_UTF8 = reading(
    "FILE003",
    Severity.ERROR,
    """A text file is saved as UTF-8.

    Why: letters of another encoding would be published wrong.

    Instead: open the file, choose "Save as" and the encoding UTF-8, and copy it into the folder again.
    """,
)
UTF16 = reading(
    "FILE004",
    Severity.WARNING,
    """A text file is saved as UTF-8, not as UTF-16.

    Why: it was read correctly this time, but other programs may not.

    Instead: choose the encoding UTF-8 when saving.
    """,
)
WRONG_TYPE = reading(
    "FILE005",
    Severity.ERROR,
    """A drop is a Word document, a Markdown file, or a folder with one of them.

    Why: this program cannot read the text of other files.

    Instead: put the text into a form made with "bantin new --word", and the pictures into it or beside it.
    """,
)
UNKNOWN_UNIT = reading(
    "UNIT001",
    Severity.ERROR,
    """A drop lies in the folder of a unit.

    Why: without its unit nobody answers for the item.

    Instead: move it into the folder named by the unit's id.
    """,
)
NO_FRONT_MATTER = reading(
    "META001",
    Severity.ERROR,
    """A file begins with its metadata between two lines of three hyphens.

    Why: title, date and kind stand there.

    Instead: begin the file with ---, write the metadata, and close it with --- on a line of its own.
    """,
)
BROKEN_YAML = reading(
    "META002",
    Severity.ERROR,
    """The metadata can be read.

    Why: one wrong sign makes everything after it unreadable.

    Instead: mend the line that is named; put a value that holds a colon or quotes between double quotes.
    """,
)
NOT_A_MAPPING = reading(
    "META003",
    Severity.ERROR,
    """The metadata is a list of "key: value" lines.

    Why: with hyphens before the keys they are no keys.

    Instead: write one "key: value" a line, without a hyphen before it.
    """,
)
ALIAS_BOMB = reading(
    "META004",
    Severity.ERROR,
    """The metadata does not repeat itself through & and * signs without end.

    Why: such a file grows to gigabytes when it is read.

    Instead: write the values out.
    """,
)
FOREIGN_TAG = reading(
    "META005",
    Severity.ERROR,
    """The metadata holds plain values, no YAML tags such as !!python.

    Why: a tag can make a program run code.

    Instead: remove the word that begins with an exclamation mark.
    """,
)
WRONG_VALUE = reading(
    "META006",
    Severity.ERROR,
    """A metadata value is of the kind that its key needs.

    Why: a date that is no date or a title that is a list cannot be published.

    Instead: write the value as the example in the message shows.
    """,
)
TWICE = reading(
    "META007",
    Severity.ERROR,
    """A metadata key stands only once.

    Why: nobody can know which of two values is meant.

    Instead: delete one of the two lines.
    """,
)
UNKNOWN_KEY = reading(
    "META008",
    Severity.WARNING,
    """A metadata key is one that the program knows.

    Why: a misspelt key is as good as a missing one.

    Instead: correct the key, or delete the line.
    """,
)
SECOND_BLOCK = reading(
    "META009",
    Severity.ERROR,
    """A file has one block of metadata.

    Why: a second block would be printed as text.

    Instead: keep the newer block and delete the other.
    """,
)
TOO_DEEP = reading(
    "META010",
    Severity.ERROR,
    """The metadata is not nested deeper than four levels.

    Why: no key needs it, and such a file blocks the reader.

    Instead: write plain values.
    """,
)

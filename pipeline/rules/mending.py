"""Codes for text that can be repaired: what is proposed is used only after an editor has confirmed it."""

from __future__ import annotations

from pipeline.model import Severity
from pipeline.rules.registry import reading

LEGACY_FONT = reading(
    "TXT001",
    Severity.REVIEW,
    """A text is written with a Unicode keyboard, not with an old .VnTime or VNI font, and was read as what it is.

    Why: citizens would see "thñ tôc hµnh chÝnh".

    Instead: when the proposed text is right, write sua_chu: dong_y in the metadata; else convert the text to Unicode
    with your keyboard program and send it again.
    """,
)
LOOK_ALIKE = reading(
    "TXT002",
    Severity.WARNING,
    """The letters of a Vietnamese word are Vietnamese letters.

    Why: Ð of Iceland looks like Đ, but nobody who searches for "NĐ-CP" will find it.

    Instead: write sua_chu: dong_y in the metadata to have them replaced, or type the letters anew.
    """,
)
OLD_ENCODING = reading(
    "FILE006",
    Severity.REVIEW,
    """A text file is saved as UTF-8, not in an encoding of the 1990s.

    Why: such a file can be read in several ways, and a wrong guess publishes wrong letters.

    Instead: when the sample is right, write sua_chu: dong_y in the metadata; else save the file as UTF-8.
    """,
)
DIRECTION = reading(
    "TXT003",
    Severity.REVIEW,
    """A text holds no signs that turn the direction of writing.

    Why: Vietnamese never needs them; they make a title or a file name read otherwise than it is. They are removed.

    Instead: type the place that is named anew, without copying.
    """,
)
INVISIBLE = reading(
    "TXT004",
    Severity.WARNING,
    """The words of a text hold no characters that nobody sees.

    Why: a word with a hidden character inside is found by no search and passes by every check. They are removed.

    Instead: paste as plain text (Ctrl+Shift+V) next time.
    """,
)

"""Codes for what lies in a unit's folder and cannot be taken in, by what the sender does about it; and which it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pipeline import endings
from pipeline.i18n import _
from pipeline.model import Drop, Finding, Severity
from pipeline.rules import attached, word
from pipeline.rules.reading import WRONG_TYPE
from pipeline.rules.registry import Rule, reading

_LONGEST = 20  # letters of an ending that are shown

ARCHIVE = reading(
    "FILE008",
    Severity.ERROR,
    """Files are sent unpacked.

    Why: what is inside a packed file (.zip, .rar, .7z) is not seen and not checked, so nothing of it is published.

    Instead: unpack it (right-click > Extract All), copy the texts and pictures into the folder, and delete the packed file.
    """,
)
MAIL = reading(
    "FILE009",
    Severity.ERROR,
    """A news item is a text of its own, not a saved mail.

    Why: a mail carries addresses and talk that readers must not see, and its attachments are not looked at.

    Instead: open the mail, save the attached text and pictures into the folder, and delete the mail file there.
    """,
)
PROGRAM = reading(
    "FILE010",
    Severity.ERROR,
    """A unit's folder holds no programs, scripts or shortcuts.

    Why: no news item needs one, and a program in a shared folder can harm everybody's machines; a shortcut only points to
    a file that stayed on your own machine.

    Instead: delete it; when it is a shortcut, copy the file that it points to.
    """,
)
OTHER_PICTURE = reading(
    "FILE011",
    Severity.ERROR,
    """A picture is a JPG, PNG or WebP file, and a text names it.

    Why: many browsers, Zalo and Facebook show no other picture; drawings (SVG) can carry scripts.

    Instead: open it, save it as JPG or PNG, and name that file in the text; on an iPhone choose Settings > Camera > Formats
    > Most Compatible.
    """,
)
OTHER_SOUND = reading(
    "FILE012",
    Severity.ERROR,
    """A clip is an MP4 or WebM file with captions in .vtt or .srt, and a text of the kind clip names it.

    Why: phones play no other clip for certain, and a sound without words is closed to the deaf.

    Instead: export it as MP4 (H.264), put it beside a text of the kind clip, and name it there.
    """,
)
TOO_DEEP_FOLDER = reading(
    "FILE013",
    Severity.ERROR,
    """Files lie at most six folders deep.

    Why: deeper folders are not looked into, so nothing in them is published; they usually come from a copied disk.

    Instead: move the files up, into the unit's folder or into one folder in it.
    """,
)
TOO_MANY = reading(
    "FILE014",
    Severity.ERROR,
    """A unit's folder holds what is to be published, and little else.

    Why: among thousands of files that cannot be taken in, nobody finds the one that matters; only the first are listed.

    Instead: move what is no news into another place; what remains is then listed by name.
    """,
)
POINTER = reading(
    "FILE015",
    Severity.ERROR,
    """What lies in a unit's folder is a file or a folder itself, no link to one.

    Why: links are not followed, since they can lead to files that nobody meant to publish.

    Instead: copy the file or folder itself to this place, and delete the link.
    """,
)
UNNAMED = reading(
    "FILE016",
    Severity.WARNING,
    """A picture, a clip or captions are named by a text.

    Why: by itself it has neither title nor date, so it is not published; often the text was forgotten or spells the name in
    another way.

    Instead: send the text that belongs to it, name it there (for example cover: anh/ten-anh.jpg), or delete it.
    """,
)

_BY_ENDING: Final[Mapping[str, Rule]] = MappingProxyType(
    dict(word.FOREIGN) | {".pdf": attached.ALONE}
    | dict.fromkeys(endings.ARCHIVES, ARCHIVE) | dict.fromkeys(endings.MAILS, MAIL) | dict.fromkeys(endings.PROGRAMS, PROGRAM)
    | dict.fromkeys(endings.PICTURES, OTHER_PICTURE) | dict.fromkeys(endings.SOUNDS, OTHER_SOUND)
    | dict.fromkeys(endings.TAKEN, UNNAMED)
)  # fmt: skip


def refusal(drop: Drop) -> Finding:
    """Why something that is no text is not taken in, and what to do instead."""
    if drop.wrong == "deep":
        return TOO_DEEP_FOLDER.finding(_("This folder lies too deep and was not looked into."))
    if drop.wrong == "link":
        return POINTER.finding(_("This is a link, not a file."))
    if drop.wrong == "many":
        return TOO_MANY.finding(_("There are many more files that cannot be taken in; they are not listed one by one."))
    if drop.wrong == "rest":
        return UNNAMED.finding(_("No text names many more pictures and clips; they are not listed one by one."))
    suffix = drop.file.suffix.lower()
    rule = _BY_ENDING.get(suffix, WRONG_TYPE)
    if rule is UNNAMED:
        if drop.wrong == "unnamed":
            return rule.finding(_("No text that could be read names this file, so it is not published."))
        return rule.finding(_("By itself this file is no news item; it is published with a text that names it."))
    if suffix in ("", "."):
        return rule.finding(_("A file without an ending (such as .docx) cannot be taken in."))
    return rule.finding(_("Files of type {type} cannot be taken in.").format(type=drop.file.suffix[:_LONGEST]))

"""What is known of the files that an item names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PictureReport:
    """What is known of a picture that an item names; `problem` is empty when it may be used.

    Args:
        problem: missing, outside, empty, too-large-file, bomb, not-a-picture, photo, drawing, program, truncated or type.
        width, height: pixels, 0 when unknown.
        kind: what the file is when it is no picture for the web, such as HEIC or EMF.
        moves: it has more frames than the first, which is shown.
        likeness: hash that alike pictures have in common; None for one without shapes.
    """

    path: str
    problem: str = ""
    width: int = 0
    height: int = 0
    kind: str = ""
    moves: bool = False
    likeness: int | None = None


@dataclass(frozen=True)
class AttachmentReport:
    """What is known of an attachment; `problem` is empty when it may be published.

    Args:
        problem: type, missing, too-big, not-a-pdf, broken, locked or scripts.
        size: bytes, 0 when unknown.
        digest: SHA-256 of the bytes that were looked at.
        pages: the words of each page; the first part is what stands outside of pages (its title, bookmarks, …).
        pictured: numbers of the pages that show something and hold no words, such as scans.
        unread: why the words are not known in full: "stuck" (it took too much time or memory), "long" or "letters"
            (they are in no alphabet that makes sense); empty when they are.
    """

    name: str
    problem: str = ""
    size: int = 0
    digest: str = ""
    pages: tuple[str, ...] = ()
    pictured: tuple[int, ...] = ()
    unread: str = ""


@dataclass(frozen=True)
class CaptionsReport:
    """What is known of a clip's captions file.

    Args:
        words: without times and tags, a row a line.
        problem: why it cannot be used, for people, and the 1-based `line` of it, 0 when none fits.
        foreign: 1-based line of the first tag that no captions have, 0 without one.
        written: the same captions as WebVTT, with nothing but times and words.
    """

    words: str = ""
    problem: str = ""
    line: int = 0
    foreign: int = 0
    written: bytes = b""

"""Bytes to NFC text: UTF-8, UTF-16, and older encodings only as a guess that an editor confirms."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline import repair
from pipeline.i18n import _
from pipeline.model import Finding
from pipeline.parse.metadata import Unreadable
from pipeline.patterns import lazy
from pipeline.rules import mending, reading
from pipeline.syllables import marked_words, share
from pipeline.text import BIDI, nfc, quote

MOST_BYTES = 256 * 1024
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SURE = 0.85  # share of syllables from which a guess may be offered
_FEWEST = 5  # marked words; fewer prove nothing
_DIRECTION = lazy(f"[{BIDI}]")
# Inside a word, where they change what is found; between words a zero-width space is harmless dust of the web.
_DUST = "\u200b-\u200f\u2060-\u2064\u00ad\ufeff\u034f\u115f\u1160\u3164\uffa0\u180e"
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\U000e0000-\U000e007f"
_HIDDEN = lazy(rf"(?<=[^\W\d_])[{_DUST}]+(?=[^\W\d_])|[{_CONTROLS}]+")
_UNSEEN = lazy(f"[{_DUST}{_CONTROLS}]")  # most texts hold none of them
_LINE_SIGNS = lazy("[\u2028\u2029\x0b\x0c\x85]")  # ends of lines to some programs, not to editors


@dataclass(frozen=True)
class Read:
    """The text of a file with "\\n" line ends, and what has to be said about how it was read.

    Args:
        proposed: what the text was probably meant to be, while no editor has confirmed it.
    """

    text: str
    findings: tuple[Finding, ...] = ()
    proposed: str = ""


def read(data: bytes) -> Read:
    """The text of a drop; a repair is applied only when its metadata say that an editor confirmed it.

    Raises:
        Unreadable: empty, too big, or in no encoding that makes sense; never replaces a letter.
    """
    if not data.strip():
        raise Unreadable(reading.EMPTY_FILE, _("The file is empty."))
    if len(data) > MOST_BYTES:
        message = _("The file is larger than {most} KB.").format(most=MOST_BYTES // 1024)
        raise Unreadable(reading.TOO_BIG, message)
    text, finding, guessed = _decoded(data)
    if "\0" in text or "\ufffd" in text:
        raise Unreadable(reading.NOT_UTF8, _("The file holds broken letters."), None)
    text = nfc(text.replace("\r\n", "\n").replace("\r", "\n"))
    findings = [finding] if finding else []
    proposal, confirmed = repair.propose(text), repair.accepted(text)
    if guessed and confirmed:
        findings = []
    if proposal and confirmed and not proposal.lost:
        text, proposal = proposal.text, None
    elif proposal:
        findings.append(_said(proposal))
    if proposal is None or proposal.kind == "look-alike":
        findings += unseen(text)  # in an old font U+00AD and controls are letters
    return Read(_LINE_SIGNS.sub(" ", text), tuple(findings), proposal.text if proposal else "")


def unseen(text: str, first_line: int = 1, *, lined: bool = True) -> Iterator[Finding]:
    """What will be removed and should be known, with the line of the first; `lined` also says it in the message."""
    turned = _DIRECTION.search(text)
    if turned:
        line = text.count("\n", 0, turned.start()) + first_line
        message = _("Line {line} holds a sign that turns the direction of writing.").format(line=line)
        yield mending.DIRECTION.finding(message if lined else _("a sign turns the direction of writing."), "", line)
    hidden = [found.start() for found in _HIDDEN.finditer(text)] if _UNSEEN.search(text) else []
    if hidden:
        line = text.count("\n", 0, hidden[0]) + first_line
        message = _("{count} characters that nobody sees were removed, the first on line {line}.")
        message = message if lined else _("{count} characters that nobody sees were removed, the first of them here.")
        yield mending.INVISIBLE.finding(message.format(count=len(hidden), line=line), "", line)


def _decoded(data: bytes) -> tuple[str, Finding | None, bool]:
    """Text, what to say of it, and whether it is a guess."""
    utf16 = _UTF16.get(data[:2]) or _silent_utf16(data)
    if utf16:
        try:
            return data.decode(utf16), reading.UTF16.finding(_("The file is saved as UTF-16.")), False
        except UnicodeDecodeError:
            raise Unreadable(reading.NOT_UTF8, _("The file holds broken letters."), None) from None
    try:
        return data.decode("utf-8-sig"), None, False
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    guess = _guess(data)
    if guess is None:
        message = _("Line {line} holds letters that are not UTF-8.").format(line=line)
        raise Unreadable(reading.NOT_UTF8, message, line) from None
    text, name = guess
    row = nfc(text.split("\n")[line - 1])
    message = _('The file is not UTF-8; it reads as {encoding}, for example: "{sample}".')
    return text, mending.OLD_ENCODING.finding(message.format(encoding=name, sample=quote(row, 80)), "", line), True


def _silent_utf16(data: bytes) -> str:
    """UTF-16 without its mark: every other byte of the ASCII part is zero."""
    head = data[:400]
    if len(head) < 8 or len(data) % 2:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    most, name = (odd, "utf-16-le") if odd > even else (even, "utf-16-be")
    return name if most > len(head) // 4 and min(even, odd) == 0 else ""


def _guess(data: bytes) -> tuple[str, str] | None:
    """Windows-1258, or one of the old fonts stored as single bytes, when it makes Vietnamese of the text."""
    for encoding, name in (("cp1258", "Windows-1258"), ("latin-1", "TCVN3 / VNI")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "latin-1":
            proposal = repair.propose(text)
            if proposal is None or proposal.kind not in ("tcvn3", "vni"):
                return None
            return text, name
        text = nfc(text)
        if len(marked_words(text)) >= _FEWEST and share(text) >= _SURE:
            return text, name
    return None


def kind_name(kind: repair.Kind) -> str:
    """What people call it."""
    return {"tcvn3": "TCVN3 (ABC)", "vni": "VNI"}.get(kind) or _("UTF-8 read as Windows-1252")


def _said(proposal: repair.Proposal) -> Finding:
    if proposal.kind == "look-alike":
        message = _('Foreign letters stand in for Vietnamese ones: "{before}" → "{after}".')
        return mending.LOOK_ALIKE.finding(
            message.format(before=proposal.before, after=proposal.after), "", proposal.line
        )
    message = _('The letters look like {kind}: "{before}" → "{after}".')
    shown = message.format(kind=kind_name(proposal.kind), before=proposal.before, after=proposal.after)
    if proposal.lost:
        shown += " " + _("{count} letters are lost, so the file must be sent again.").format(count=proposal.lost)
    return mending.LEGACY_FONT.finding(shown, "", proposal.line)

"""KET-QUA.html and KET-QUA.txt in the unit's own folder: every file, its state, where it is public, how to mend it.

Pure but for `write`, which touches a file only when its content changes. What a file says about secrecy is never quoted.
"""

from __future__ import annotations

import logging
import unicodedata
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from pipeline import whole
from pipeline.feedback.state import State, state_of
from pipeline.i18n import N_, _
from pipeline.ledger.letterbox import Letter, Place
from pipeline.model import Finding

log = logging.getLogger(__name__)
HTML, TEXT = "KET-QUA.html", "KET-QUA.txt"
SECRECY = "SAFE001"
_CHANNELS = {"portal": N_("Portal"), "wordpress": "WordPress", "zalo": "Zalo", "facebook": "Facebook"}


@dataclass(frozen=True)
class Remark:
    """One finding as the sender reads it; `line` is 0 when no line fits."""

    code: str
    severity: str
    line: int
    message: str
    hint: str


@dataclass(frozen=True)
class Where:
    """A channel, what is there in words, and the public address, empty when nothing is public."""

    channel: str
    words: str
    url: str


@dataclass(frozen=True)
class Entry:
    """A file as the report shows it; `name` is the path within the unit's folder."""

    name: str
    title: str
    state: State
    remarks: tuple[Remark, ...]
    places: tuple[Where, ...]


def is_secret(letter: Letter) -> bool:
    return any(finding.code == SECRECY for finding in letter.findings)


def entries(letters: Sequence[Letter], zone: ZoneInfo) -> tuple[Entry, ...]:
    """What needs mending first, then what waits, then what is public; a refused file that was taken away is settled."""
    shown = [letter for letter in letters if not letter.missing or any(place.url for place in letter.places)]
    rows = [_entry(letter, zone) for letter in shown]
    return tuple(sorted(rows, key=lambda row: (row.state.rank, row.name)))


def _entry(letter: Letter, zone: ZoneInfo) -> Entry:
    secret = is_secret(letter)
    remarks = (secrecy_remark(),) if secret else tuple(map(remark, letter.findings))
    name = plain(letter.path.partition("/")[2])
    name = {"*": _("other files"), "*.jpg, *.mp4": _("other pictures and clips")}.get(name, name)  # see intake
    order = list(_CHANNELS)
    known = sorted(
        letter.places, key=lambda place: order.index(place.channel) if place.channel in order else len(order)
    )
    places = tuple(_where(place, zone) for place in known)
    return Entry(name, "" if secret else plain(letter.title), state_of(letter, secret=secret), remarks, places)


def remark(finding: Finding) -> Remark:
    message, hint = plain(finding.message), plain(finding.hint)
    return Remark(finding.code, str(finding.severity), finding.line or 0, message, hint)


def secrecy_remark() -> Remark:
    """The same words for every such file: neither its text nor its title nor the place of the mark is told."""
    return Remark(SECRECY, "error", 0, _("The file carries a secrecy mark."),
                  _("Take it out of the folder at once and tell the person in charge of secrets."))  # fmt: skip


def _where(place: Place, zone: ZoneInfo) -> Where:
    words = {
        "published": _("public"), "planned": _("planned"), "sending": _("under way"), "held": _("held"),
        "in_doubt": _("unsure"), "failed": _("refused by the channel"), "withdrawn": _("withdrawn"),
    }[place.view]  # fmt: skip
    if place.view == "planned":
        words = _("planned, from {time}").format(time=f"{place.when.astimezone(zone):%H:%M %d/%m/%Y}")
    url = place.url if place.url.startswith(("https://", "http://")) else ""
    return Where(_(_CHANNELS.get(place.channel, place.channel)), words, url)


def plain(text: str) -> str:
    """One line without control letters and without those that turn the reading direction."""
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text).split())


def html(unit: str, newsroom: str, letters: Sequence[Letter], zone: ZoneInfo) -> str:
    """The page; opened from disk, so it brings its own style and no script."""
    return _page().render(**_facts(unit, newsroom, letters, zone))


@cache
def _page() -> Template:
    pages = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), undefined=StrictUndefined,
                        autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    pages.globals["_"] = _
    return pages.get_template("ket-qua.html")


def _facts(unit: str, newsroom: str, letters: Sequence[Letter], zone: ZoneInfo) -> dict[str, object]:
    rows = entries(letters, zone)
    counts = Counter(row.state.group for row in rows)
    groups = (("mend", _("to be mended")), ("wait", _("waiting")), ("public", _("public")), ("other", _("other")))
    newest = max((letter.changed for letter in letters), default=None)
    return {
        "unit": plain(unit), "newsroom": plain(newsroom), "rows": rows,
        "counts": [(key, counts[key], words) for key, words in groups if counts[key]],
        "newest": f"{newest.astimezone(zone):%H:%M %d/%m/%Y}" if newest else "",
    }  # fmt: skip


def text(unit: str, newsroom: str, letters: Sequence[Letter], zone: ZoneInfo) -> str:
    """The same in plain text."""
    facts = _facts(unit, newsroom, letters, zone)
    rows = entries(letters, zone)
    lines = [_("Results: {unit}").format(unit=plain(unit)), f"{plain(newsroom)} · {facts['newest']}", ""]
    for row in rows:
        lines += [f"[{row.state.words}] {row.name}", *([f"    {row.title}"] if row.title else [])]
        lines += [f"    {one.channel}: {one.words}{' ' + one.url if one.url else ''}" for one in row.places]
        for one in row.remarks:
            place = _("line {line}").format(line=one.line) + ": " if one.line else ""
            lines += [f"    - {one.code}: {place}{one.message}", f"      → {one.hint}"]
        lines.append("")
    return "\n".join(lines if rows else [*lines, _("There is no file in this folder yet.")])


def write(folder: Path, name: str, content: str) -> bool:
    """Put the file in place as a whole, unless it already says the same; tells whether it was written.

    Raises:
        OSError: the folder cannot be written.
    """
    file, data = folder / name, content.encode()
    with suppress(FileNotFoundError):
        if not file.is_symlink() and file.read_bytes() == data:
            return False
    whole.replace(file, data)
    return True


def publish(content: Path, folder: str, unit: str, newsroom: str, letters: Sequence[Letter],
            zone: ZoneInfo) -> str:  # fmt: skip
    """Renew both files of a unit; what is in the way comes back as a reason and stops nothing."""
    place = content / folder
    if place.is_symlink() or not place.is_dir():
        return ""
    try:
        write(place, HTML, html(unit, newsroom, letters, zone))
        # Notepad of old Windows machines needs the mark and both line ends.
        write(place, TEXT, "\ufeff" + text(unit, newsroom, letters, zone).replace("\n", "\r\n") + "\r\n")
    except OSError as error:
        log.warning("no report for a unit", extra={"folder": folder, "reason": error.strerror})
        return error.strerror or type(error).__name__
    return ""

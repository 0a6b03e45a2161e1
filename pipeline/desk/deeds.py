"""What people and workers did to an item, out of the audit's own words and in the reader's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.i18n import N_, _

_DEEDS = {
    "hand in": N_("handed in for approval"), "approve": N_("approved"), "send back": N_("sent back"),
    "take back": N_("sending back undone"), "hold": N_("held"), "release": N_("released"), "allow again": N_("allowed again"),
    "cancel": N_("cancelled"), "withdraw": N_("withdrawn"), "publish now": N_("published without waiting"),
    "move": N_("moved in time"), "retry": N_("tried again"), "plan again": N_("planned again"),
    "it is not there": N_("found to be absent"), "mask": N_("masked"), "accept masking": N_("masked text accepted"),
    "accept repair": N_("mended text accepted"), "expire": N_("expired"), "take over": N_("taken over from a worker that died"),
    "adopt": N_("post taken over"),
}  # fmt: skip
_EDITION = re.compile(r"(?:edition )?(\d+):? ?(.*)", re.DOTALL)  # as foureyes.note_of and the masking write it
_ATTEMPT = re.compile(r"attempt (\d+)")


@dataclass(frozen=True)
class Deed:
    """One line; `who` is a login, a unit or a program; `channel` is "" for the item as a whole."""

    at: datetime
    who: str
    what: str
    channel: str
    note: str


def told(rows: Iterable[Mapping[str, Any]], item: str) -> list[Deed]:
    """Lines of the audit about an item, the newest first."""
    return [_deed(row, item) for row in rows][::-1]


def _deed(row: Mapping[str, Any], item: str) -> Deed:
    what, note = str(row["what"]), str(row["note"])
    if what.startswith("adopt "):  # with the id of the post
        what, note = "adopt", " · ".join(filter(None, (what.partition(" ")[2], note)))
    known = _DEEDS.get(what)
    who = _("intake") if row["who"] == "intake" else row["who"]
    return Deed(row["at"], who, _(known) if known else what, _channel(row, item), _note(what, note))


def _channel(row: Mapping[str, Any], item: str) -> str:
    return str(row["subject"])[len(item) + 1 :]


def _note(what: str, note: str) -> str:
    if attempt := _ATTEMPT.fullmatch(note):
        return _("attempt {number}").format(number=attempt[1])
    found = _EDITION.fullmatch(note) if what in ("hand in", "approve", "send back", "take back", "mask") else None
    if found is None:
        return note
    edition = _("edition {number}").format(number=found[1])
    return f"{edition}: {found[2]}" if found[2] else edition

"""What people may do to an item, as one table: the word on the button, the right, and when it is offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.desk.people import Person
from pipeline.i18n import N_
from pipeline.ledger import states

Facts = Mapping[str, Any]  # a delivery's row, or an item as the ledger's views give it


@dataclass(frozen=True)
class Action:
    """One verb.

    Args:
        right: see people.RIGHTS.
        offered: whether the state allows it; the ledger decides again when it is done.
        done: the notice afterwards.
        ask: what a second step says before it is done; "" when it can be undone and is done at once.
        needs: further fields of the second step: when, remote_id, url.
        reason: whether a reason must be given; the second step asks for it where it is missing.
        undo: the verb that takes it back, offered beside the notice as long as the state allows it.
        grave: whether it cannot simply be taken back.
    """

    label: str
    right: str
    offered: Callable[[Facts], bool]
    done: str
    ask: str = ""
    needs: tuple[str, ...] = ()
    reason: bool = False
    undo: str = ""
    grave: bool = False

    @property
    def steps(self) -> int:
        return 2 if self.ask or self.needs else 1

    def asks(self, why: str) -> bool:
        """Whether the second step has to be shown before it can be done."""
        return self.steps == 2 or (self.reason and not why)


def _planned(row: Facts) -> bool:
    return bool(row["want"] != row["have"] and not row["cancelled"])


def _waits(row: Facts) -> bool:
    return _planned(row) and row["state"] == states.IDLE


def _unsure(row: Facts) -> bool:
    return bool(row["state"] == states.IN_DOUBT or (row["state"] == states.ACCEPTED and row["person"]))


def _may_go(row: Facts) -> bool:
    return bool(row["want"] or row["have"] or row["state"] in states.READING)


def _again(row: Facts) -> bool:
    off = row["cancelled"] or (row["want"] == row["have"] and row["want"] != row["newest"]) or _leaving(row)
    return bool(off and row["slot"] and not row["blocked"])


def _leaving(row: Facts) -> bool:
    return bool(row["want"] == 0 and row["have"])


def _awaits(item: Facts) -> bool:
    return bool(item["attention"] and not item["stopped"] and item["edition_outcome"] != "reject" and item["slots"])


def _returnable(item: Facts) -> bool:
    busy = (*states.UNDER_WAY, *states.READING)
    public = any(row["have"] == item["edition"] or row["state"] in busy for row in item["deliveries"])
    return bool(item["editions"] and not public and not item["returned"])


def _not_handed_in(item: Facts) -> bool:
    return _awaits(item) and not item["handed"]


# One delivery, in the order of the buttons.
DELIVERY = {
    "retry": Action(N_("Try again"), "operate", lambda row: row["state"] == states.FAILED, N_("It will be tried again.")),
    "adopt": Action(N_("It is there"), "operate", _unsure, N_("Taken over; nothing is sent again."),
                    N_("Look at the channel first. The post is taken over as ours and nothing is sent again."),
                    ("remote_id", "url"), grave=True),
    "absent": Action(N_("It is not there"), "operate", _unsure, N_("It is planned again."),
                     N_("Look at the channel first. If the post is there after all, it will stand there twice."), grave=True),
    "release": Action(N_("Release"), "edit", lambda row: bool(row["hold"]), N_("Released."), undo="hold"),
    "hold": Action(N_("Hold"), "edit", lambda row: not row["hold"] and _planned(row), N_("Held."), undo="release"),
    "publish_now": Action(N_("Publish now"), "operate", _waits, N_("It goes out at once."),
                          N_("It goes out at once, without waiting for hours and limits.")),
    "move": Action(N_("Another time"), "operate", _waits, N_("Moved."), needs=("when",), undo="move"),
    "cancel": Action(N_("Cancel"), "operate", _planned, N_("Cancelled; what is public stays."), undo="plan"),
    "plan": Action(N_("Plan again"), "operate", _again, N_("Planned again."), undo="cancel"),
    "withdraw": Action(N_("Withdraw"), "approve", _may_go, N_("It will be taken off."),
                       N_("The post is deleted on the channel. Readers who have the link will not find it any more."),
                       reason=True, undo="plan", grave=True),
}  # fmt: skip

# The item as a whole.
ITEM = {
    "hand_in": Action(N_("Hand in for approval"), "edit", _not_handed_in, N_("Handed in; another person approves it.")),
    "approve": Action(N_("Approve"), "approve", _awaits, N_("Approved."),
                      N_("This edition goes out on these channels as soon as it is due:")),
    "send_back": Action(N_("Send back"), "edit", _returnable, N_("Sent back; the unit reads your words in its folder."),
                        reason=True, undo="take_back"),
    "take_back": Action(N_("Undo sending back"), "edit", lambda item: bool(item["returned"]), N_("The file was looked at again.")),
    "accept_masking": Action(N_("Accept the masked text"), "edit", lambda item: bool(item["may_mask"]),
                             N_("Written into the file; it was looked at again.")),
    "accept_repair": Action(N_("Accept the mended text"), "edit", lambda item: bool(item["may_repair"]),
                            N_("Written into the file; it was looked at again.")),
    "release": Action(N_("Allow again"), "approve", lambda item: bool(item["stopped"]), N_("Allowed again."), undo="withdraw"),
    "withdraw": Action(N_("Withdraw everywhere"), "approve",
                       lambda item: not item["stopped"] and any(map(_may_go, item["deliveries"])), N_("It will be taken off every channel."),
                       N_("Every post of the item is deleted, and later versions wait until somebody allows them."),
                       reason=True, undo="release", grave=True),
}  # fmt: skip


def offers(table: Mapping[str, Action], facts: Facts, person: Person, unit: str) -> dict[str, Action]:
    """What this person may do now."""
    foreign = person.unit and person.unit != unit
    return {name: one for name, one in table.items() if not foreign and person.may(one.right) and one.offered(facts)}

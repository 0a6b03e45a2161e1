"""After a look and after sending: renew the units' reports and mail what is new. Nothing here ever stops a run."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from pipeline import reference
from pipeline.feedback import report
from pipeline.i18n import _
from pipeline.ledger.letterbox import Letter, folders_of, letters, waiting_folders
from pipeline.model import Unit
from pipeline.results import TakenIn
from pipeline.wiring import Newsroom, postman

if TYPE_CHECKING:
    from pipeline.feedback.mail import Answer, Postman

log = logging.getLogger(__name__)


def after_look(room: Newsroom, taken: TakenIn, now: datetime) -> list[str]:
    """Tell the units whose files were looked at, moved or missed, and those that have no report yet; warnings."""
    paths = [one.path for one in taken.prepared] + list(taken.missing) + [old for old, _new in taken.moved]
    touched = {path.partition("/")[0] for path in paths if "/" in path}
    return _tell(
        room, touched | set(_without_report(room)) | waiting_folders(room.ledger, now), now, postman(room.config)
    )


def after_sending(room: Newsroom, items: Collection[str], now: datetime) -> list[str]:
    """Tell the units whose items went out, were refused or are in doubt."""
    return _tell(room, folders_of(room.ledger, items), now, None)


def after_word(room: Newsroom, item: str, now: datetime) -> None:
    """Tell an item's unit at once what an editor decided; trouble is logged, for nobody waits for it."""
    for warning in _tell(room, folders_of(room.ledger, {item}), now, postman(room.config)):
        log.warning(warning)


def _without_report(room: Newsroom) -> Iterator[str]:
    for folder in room.config.content.iterdir():
        known = reference.units().find(folder.name, date.max)
        if known and folder.is_dir() and not (folder / report.HTML).exists() and any(folder.glob("*.*")):
            yield folder.name


def _tell(room: Newsroom, folders: Iterable[str], now: datetime, post: Postman | None) -> list[str]:
    """Findings change only at a look, so only that mails; a server that is away is asked once."""
    config, warnings, failed = room.config, [], False
    for folder in sorted(folders):
        unit = reference.units().find(folder, now.date())
        name = unit.name if unit else folder  # who misspelt the folder looks into that folder
        rows = letters(room.ledger, folder)
        reason = report.publish(config.content, folder, name, config.newsroom.name, rows, config.zone)
        if reason:
            warnings.append(_("The report for {folder} was not written: {reason}").format(folder=folder, reason=reason))
        for answer in _mail(room, post, unit, folder, rows, now) if post and unit else ():
            failed |= answer != "done"
            post = replace(post, host="") if post and answer == "away" else post
    return [*warnings, *([_("The mail server did not take the mail; the next run tries again.")] if failed else [])]


def _mail(room: Newsroom, post: Postman, unit: Unit, folder: str, rows: Sequence[Letter],
          now: datetime) -> Iterator[Answer]:  # fmt: skip
    from pipeline.feedback import mail  # here: without a mail server nothing is mailed

    addresses, contact = room.config.mail.units, room.config.newsroom.security_contact
    if contact:
        yield mail.tell_security(room.ledger, post, contact, rows, now)
    if to := addresses.get(folder) or addresses.get(unit.id):
        yield mail.tell_unit(room.ledger, post, to, unit.name, rows, now)

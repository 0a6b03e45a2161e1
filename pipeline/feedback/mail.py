"""Mail to the units: one a unit and run when something new needs mending, never twice for the same edition and findings."""

from __future__ import annotations

import hashlib
import logging
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from pipeline.feedback.report import HTML, is_secret, plain, remark, secrecy_remark
from pipeline.i18n import _
from pipeline.ledger import Ledger
from pipeline.ledger.letterbox import Letter, claim_notices, settle_notices
from pipeline.model import Severity

log = logging.getLogger(__name__)
Answer = Literal["done", "refused", "away"]  # refused: this mail; away: the server, so the others need not be tried
_OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
_MOST = 40  # files a mail; the report in the folder has them all


@dataclass(frozen=True)
class Postman:
    """How mail leaves the house.

    Args:
        sender: the address that it comes from.
        name: what stands before it.
        password: empty when the server asks for none.
        seconds: time limit of each step.
        host: empty when the server turned out to be away; then nothing is tried, and all is left for the next run.
    """

    host: str
    port: int
    sender: str
    name: str
    starttls: bool = True
    user: str = ""
    password: str = field(default="", repr=False)
    seconds: float = 20.0

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over.

        Raises:
            OSError: the server cannot be reached or refuses (smtplib's errors are of this kind).
        """
        if not self.host:
            raise ConnectionError
        with smtplib.SMTP(self.host, self.port, timeout=self.seconds) as server:
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def letter(self, to: str, subject: str, body: str, key: str, now: datetime) -> EmailMessage:
        """A mail whose headers cannot be split: one line each, addresses as addresses."""
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(display_name=plain(self.name), addr_spec=self.sender)
        message["To"] = Address(addr_spec=to)
        message["Subject"] = plain(subject)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{key}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body)
        return message


def needs_mending(letter: Letter) -> bool:
    serious = (Severity.ERROR, Severity.REVIEW)
    return not letter.missing and any(finding.severity in serious for finding in letter.findings)


def fingerprint(letter: Letter) -> str:
    """The same for the same edition with the same findings."""
    parts = [letter.digest, *(f"{f.code}\t{f.field}\t{f.line}\t{f.message}" for f in letter.findings)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def tell_unit(ledger: Ledger, post: Postman, to: str, unit: str, letters: Sequence[Letter], now: datetime) -> Answer:
    """Mail what is new to the unit; what the server did not take is tried again by the next run."""
    return _tell(ledger, post, to, [one for one in letters if needs_mending(one)], now, lambda new: _body(unit, new),
                 lambda n: _("{unit}: {count} files need mending").format(unit=unit, count=n))  # fmt: skip


def tell_security(ledger: Ledger, post: Postman, to: str, letters: Sequence[Letter], now: datetime) -> Answer:
    """Tell the person in charge of secrets where such a file lies; its path and nothing else."""
    secret = [one for one in letters if is_secret(one) and not one.missing]
    return _tell(ledger, post, to, secret, now, _security_body,
                 lambda n: _("Secrecy mark found in {count} files").format(count=n))  # fmt: skip


def _tell(ledger: Ledger, post: Postman, to: str, letters: Sequence[Letter], now: datetime,
          body: Callable[[list[Letter]], str], subject: Callable[[int], str]) -> Answer:  # fmt: skip
    notices = {(one.path, fingerprint(one)): one for one in letters}
    mine = claim_notices(ledger, list(notices), to, now) if notices else set()
    if not mine:
        return "done"
    new = [notices[key] for key in sorted(mine)]
    key = hashlib.sha256("".join(f"{path}{mark}{to}" for path, mark in sorted(mine)).encode()).hexdigest()[:32]
    try:
        post.send(post.letter(to, subject(len(new)), body(new), key, now))
    except (
        OSError,
        ValueError,
    ) as error:  # a password that SMTP cannot say is a ValueError; the server's answer is not logged: it may repeat what we sent
        log.warning("mail was not sent", extra={"reason": type(error).__name__, "files": len(new)})
        settle_notices(ledger, mine, to, now, sent=False)
        return "refused" if isinstance(error, _OF_ONE_MAIL) else "away"
    settle_notices(ledger, mine, to, now, sent=True)
    return "done"


def _body(unit: str, letters: Sequence[Letter]) -> str:
    lines = [_("Dear colleagues of {unit},").format(unit=plain(unit)), "",
             _("These files cannot be published as they are:"), ""]  # fmt: skip
    for one in letters[:_MOST]:
        lines.append(f"• {plain(one.path)}")
        remarks = [secrecy_remark()] if is_secret(one) else [
            remark(f) for f in one.findings if f.severity != Severity.WARNING]  # fmt: skip
        for found in remarks:
            place = _("line {line}").format(line=found.line) + ": " if found.line else ""
            lines += [f"    {found.code}: {place}{found.message}", f"    → {found.hint}"]
        lines.append("")
    if len(letters) > _MOST:
        lines += [_("… and {count} more.").format(count=len(letters) - _MOST), ""]
    lines += [_("The whole list lies in your folder: {file}. Mend the file there; it is looked at again by itself.")
              .format(file=HTML), ""]  # fmt: skip
    return "\n".join(lines)


def _security_body(letters: Sequence[Letter]) -> str:
    lines = [_("These files carry a secrecy mark. Nothing of them was published, copied or logged:"), ""]
    lines += [f"• {plain(one.path)}" for one in letters]
    return "\n".join([*lines, "", _("Take them out of the shared folder and follow the rules on state secrets."), ""])

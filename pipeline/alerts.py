"""Tells people what needs them: grouped in one message a target, not again until it changes or a day has passed, and once
more when it is solved. A target that is broken is tried again at the next firing and stops nothing."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import intake, reference
from pipeline.config import Config, secret
from pipeline.errors import ConfigError, RunError
from pipeline.feedback.report import plain
from pipeline.i18n import _
from pipeline.labels import channel_name
from pipeline.ledger import Ledger
from pipeline.ledger.alerts import Trouble, due_since, last_published, refused, remember, told
from pipeline.ledger.health import ChannelHealth, Health
from pipeline.text import quote
from pipeline.wiring import health_of, postman

log = logging.getLogger(__name__)
_MOST = 40  # lines of one message
_MOMENT = "%H:%M %d/%m/%Y"


@dataclass(frozen=True)
class Target:
    """Somebody who is told; `name` is safe to store, `send` takes subject, text and a key and says whether it went."""

    name: str
    send: Callable[[str, str, str], bool]


def tell(config: Config, ledger: Ledger, now: datetime) -> int:
    """Tell every target what is new to it; how many messages went out."""
    found = targets(config, now)
    if not found:
        return 0
    now_wrong = troubles(config, ledger, now)
    return sum(_tell(config, ledger, one, now_wrong, now) for one in found)


def _tell(config: Config, ledger: Ledger, target: Target, wrong: Sequence[Trouble], now: datetime) -> bool:
    before = told(ledger, target.name)
    again = now - timedelta(hours=config.alerts.again)
    new = [one for one in wrong
           if one.key not in before or before[one.key].sign != one.sign or before[one.key].told <= again]  # fmt: skip
    open_ = {one.key for one in wrong}
    solved = [one for key, one in before.items() if key not in open_]
    if not new and not solved:
        return False
    subject = _("bantin: {count} things need a person").format(count=len(wrong)) if wrong else _("bantin: all solved")
    text = _text(config, [one.text for one in new], [one.text for one in solved])
    key = hashlib.sha256(f"{target.name}{text}{now.isoformat()}".encode()).hexdigest()[:32]
    if not target.send(subject, text, key):
        return False
    remember(ledger, target.name, new, [one.key for one in solved], now)
    return True


def _text(config: Config, new: Sequence[str], solved: Sequence[str]) -> str:
    lines = [config.newsroom.name, ""]
    for heading, rows in ((_("Needs a person"), new), (_("Solved"), solved)):
        if rows:
            lines += [f"{heading}:", *(f"• {row}" for row in rows[:_MOST])]
            lines += [_("… and {count} more.").format(count=len(rows) - _MOST)] if len(rows) > _MOST else []
            lines.append("")
    desk = config.alerts.desk_url.rstrip("/") or f"http://{config.desk.host}:{config.desk.port}"
    return "\n".join([*lines, _("Look at the monitor: {address}").format(address=f"{desk}/"), ""])


def troubles(config: Config, ledger: Ledger, now: datetime) -> list[Trouble]:
    """All that needs a person at this moment."""
    health = health_of(config, ledger, now)
    found = [one for channel in health.channels for one in _of_channel(config, channel, now)]
    found += _silent(config, ledger, health, now)
    if reason := intake_trouble(config, ledger):
        found.append(Trouble("intake", _("Intake stopped: {reason}").format(reason=reason), reason))
    for unit, (count, sign) in sorted(refused(ledger).items()):
        known = reference.units().get(unit)
        text = _("{unit}: {count} files refused.").format(unit=known.name if known else quote(unit, 60), count=count)
        found.append(Trouble(f"refused:{unit}", text, sign))
    return found


def _of_channel(config: Config, one: ChannelHealth, now: datetime) -> Iterator[Trouble]:
    name, state, alerts = channel_name(one.name), one.state, config.alerts
    if state and ((state.hold and state.until is None) or not state.healthy):  # a hold with an end is a person's own
        reason = quote(plain(state.reason if state.hold else state.message), 300)
        text = _("{channel} needs a person: {reason}").format(channel=name, reason=reason)
        yield Trouble(f"channel:{one.name}", text, reason)
    if one.persons:
        text = _("{channel}: {count} deliveries wait for a person.").format(channel=name, count=one.persons)
        yield Trouble(f"persons:{one.name}", text, str(one.persons))
    if one.oldest_doubt is not None and one.oldest_doubt > alerts.unsure * 60:
        text = _("{channel}: a delivery has been unsure for more than {minutes} minutes.")
        yield Trouble(f"unsure:{one.name}", text.format(channel=name, minutes=alerts.unsure))
    if state and state.expires and one.token_days is not None and one.token_days < alerts.token_days:
        day = f"{state.expires.astimezone(config.zone):%d/%m/%Y}"
        yield Trouble(
            f"token:{one.name}", _("{channel}: the credentials end on {day}.").format(channel=name, day=day), day
        )


def _silent(config: Config, ledger: Ledger, health: Health, now: datetime) -> Iterator[Trouble]:
    """Deliveries that could have gone out did not, and nothing else did for the whole window."""
    hours = config.alerts.silent
    if not hours or not any(channel.overdue for channel in health.channels):
        return
    start, last, due = now - timedelta(hours=hours), last_published(ledger), due_since(ledger)
    if due is not None and due <= start and (last is None or last <= start):
        text = _("Nothing was published for {hours} hours although something was due.").format(hours=hours)
        yield Trouble("silent", text)


def intake_trouble(config: Config, ledger: Ledger) -> str:
    """Why intake would stop at its next look, "" when it would not."""
    try:
        found = intake.walk(config.content, names=config.intake.ignore)
        known = ledger.known_drops()
        gone = [path for path, drop in known.items() if path not in found.drops and not drop.missing]
        intake.check_lost(known, gone, found.drops, config.intake.most_missing)  # as take_in counts
    except RunError as error:
        return plain(str(error))
    return ""


def targets(config: Config, now: datetime) -> list[Target]:
    """Everybody who is to be told; one that is set wrong is logged and left out."""
    return [*_mail(config, now), *_services(config)]


def _mail(config: Config, now: datetime) -> Iterator[Target]:
    if not config.alerts.mail:
        return
    try:
        post = postman(config)
    except ConfigError as error:
        log.warning("alerts by mail are not possible", extra={"reason": str(error)})
        return
    if post is None:
        log.warning("alerts by mail need [mail] host")
        return
    for to in config.alerts.mail:

        def send(subject: str, text: str, key: str, to: str = to) -> bool:
            try:
                post.send(post.letter(to, subject, text, key, now))
            except (OSError, ValueError) as error:  # as mail.py: the server's answer may repeat what we sent
                log.warning("an alert was not mailed", extra={"reason": type(error).__name__})
                return False
            return True

        yield Target(f"mail:{to}", send)


def _services(config: Config) -> Iterator[Target]:
    addresses = [line.strip() for line in secret(config, "ALERT_URLS").splitlines() if line.strip()]
    if not addresses:
        return
    try:
        import apprise
    except ImportError:
        log.warning('alerts to other services need the package apprise: pip install "bantin[alert]"')
        return
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it names its targets, which are secrets
    for number, address in enumerate(addresses, 1):
        service = apprise.Apprise()
        if not service.add(address):
            log.warning("an address in BANTIN_ALERT_URLS is none", extra={"number": number})
            continue

        def send(subject: str, text: str, _key: str, service: apprise.Apprise = service, number: int = number) -> bool:
            try:
                went = bool(service.notify(title=subject, body=text, body_format=apprise.NotifyFormat.TEXT))
            except Exception as error:  # one of 170 services fails in its own way; the others must be told all the same
                log.warning("an alert was not sent", extra={"number": number, "reason": type(error).__name__})
                return False
            if not went:
                log.warning("an alert was not sent", extra={"number": number})
            return went

        yield Target(f"service:{hashlib.sha256(address.encode()).hexdigest()[:16]}", send)

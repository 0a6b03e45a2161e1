"""config.toml, read once into frozen values."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from pipeline.config.desk import DeskSection
from pipeline.config.hosting import AlertsSection, LogSection, UploadSection
from pipeline.config.outside import FeedsSection, MailSection, Section
from pipeline.errors import ConfigError
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.rules import Changes
from pipeline.config.sections import (
    ApprovalSection,
    DeliverySection,
    IntakeSection,
    LedgerSection,
    MediaSection,
    Newsroom,
    Paths,
    PortalSection,
    SimulatorSection,
)
from pipeline.config.social import Channels


class Config(Section):
    """All settings; every key typed, every path relative to the config file's folder."""

    newsroom: Newsroom = Newsroom()
    paths: Paths = Paths()
    ledger: LedgerSection = LedgerSection()
    portal: PortalSection = PortalSection()
    channels: Channels = Channels()
    simulator: SimulatorSection = SimulatorSection()
    desk: DeskSection = DeskSection()
    intake: IntakeSection = IntakeSection()
    media: MediaSection = MediaSection()
    delivery: DeliverySection = DeliverySection()
    approval: ApprovalSection = ApprovalSection()
    mail: MailSection = MailSection()
    feeds: FeedsSection = FeedsSection()
    upload: UploadSection = UploadSection()
    alerts: AlertsSection = AlertsSection()
    log: LogSection = LogSection()
    rules: dict[str, Any] = Field(default_factory=dict)
    root: str = "."

    @property
    def public_url(self) -> str:
        """Address of the portal to which readers are sent; the static one where there are two."""
        return self.channels.wordpress.base_url if self.portal.target == "wordpress" else self.portal.base_url

    def path(self, name: str) -> Path:
        """A setting that names a file or folder, made absolute."""
        return (Path(self.root) / os.path.expanduser(name)).absolute()

    @property
    def changes(self) -> Changes:
        """What [rules] and [rules.<unit>] change; checked when the file was read."""
        return _changes(self.rules)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.newsroom.timezone)

    @property
    def content(self) -> Path:
        return self.path(self.paths.content)

    @property
    def state(self) -> Path:
        return self.path(self.paths.state)

    @property
    def ledger_url(self) -> str:
        return self.ledger.url or f"sqlite:///{self.state / 'ledger.sqlite'}"


def load(file: Path) -> Config:
    """Read the file.

    Raises:
        ConfigError: one message that names key, value and what is expected.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(_("The settings file {file} does not exist.").format(file=file)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            _("The settings file {file} cannot be read: {error}").format(file=file, error=error)
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_("{file} is no valid TOML: {error}").format(file=file.name, error=error)) from None
    if "root" in raw:
        raise ConfigError(_("{file}: the key root is unknown.").format(file=file.name))
    try:
        config = Config.model_validate(raw | {"root": str(file.parent)})
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(file.name, one) for one in error.errors())) from None
    if config.portal.target != "static" and not (config.channels.wordpress.base_url and config.channels.wordpress.user):
        needs = _("{file}: [portal] target = {target!r} needs [channels.wordpress] base_url and user.")
        raise ConfigError(needs.format(file=file.name, target=config.portal.target))
    if config.portal.deploy.to and not config.delivery.check_page:
        needs = _("{file}: [portal.deploy] needs [delivery] check_page = true, or a post may link to a page that no reader can "
                  "open yet.")  # fmt: skip
        raise ConfigError(needs.format(file=file.name))
    if config.rules:
        _changes(config.rules)
    return config


def _changes(given: Mapping[str, Any]) -> Changes:
    """Codes and units of [rules], looked up.

    Raises:
        ConfigError: a code or a unit that does not exist, a value that is none, or a rule that no setting may change.
    """
    from pipeline.reference import units  # here: a settings file without [rules] costs no look at rules and units
    from pipeline.rules import Changes, change

    everywhere = {code: change(code, wanted) for code, wanted in given.items() if not isinstance(wanted, dict)}
    by_unit = {}
    for folder, codes in given.items():
        if isinstance(codes, dict):
            unit = units().find(folder, date.max)
            if unit is None:
                raise ConfigError(_("[rules.{unit}]: there is no such unit.").format(unit=folder))
            by_unit[unit.id] = {code: change(code, wanted) for code, wanted in codes.items()}
    return Changes(everywhere, by_unit)


def _explain(file: str, error: Any) -> str:
    *section, key = (str(part) for part in error["loc"])
    place = f"[{'.'.join(section)}] {key}" if section else f"[{key}]" if isinstance(error["input"], dict) else key
    if error["type"] == "extra_forbidden":
        return _("{file}: the key {place} is unknown.").format(file=file, place=place)
    expected = error["msg"].removeprefix("Value error, ")
    return _("{file}: {place} = {value!r}: {expected}").format(
        file=file, place=place, value=error["input"], expected=expected
    )

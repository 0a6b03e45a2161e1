"""config.toml, secrets and the environment, read once into frozen values; the only place that reads the environment."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationError, model_validator

from pipeline.config_desk import DeskSection
from pipeline.config_outside import FeedsSection, MailSection, one_address
from pipeline.config_outside import Section as _Section
from pipeline.errors import ConfigError
from pipeline.i18n import _
from pipeline.settling import IGNORED

if TYPE_CHECKING:
    from pipeline.rules import Changes

PREFIX = "BANTIN_"


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError(_("expected a web address such as https://cchc.hanoi.gov.vn"))
    return value.rstrip("/")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise ValueError(_("expected a time zone such as Asia/Ho_Chi_Minh")) from None
    return value


def _host(value: str) -> str:
    if value not in ("127.0.0.1", "localhost", "::1"):
        raise ValueError(_("expected a loopback address (127.0.0.1)"))
    return value


def _contact(value: str) -> str:
    return one_address(value) if value else value


Address = Annotated[str, AfterValidator(_address)]
Looks = Annotated[tuple[float, ...], Field(strict=False, min_length=1, max_length=10)]


class Newsroom(_Section):
    name: str = "Văn phòng UBND thành phố Hà Nội"
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    language: str = Field(default="vi", pattern="^(vi|en)$")
    security_contact: Annotated[str, AfterValidator(_contact)] = ""


class Paths(_Section):
    content: str = "content"
    state: str = "state"
    schedules: str = "schedules"
    secrets: str = "state/secrets"


class LedgerSection(_Section):
    url: str = ""
    wait: float = Field(default=30.0, gt=0, le=600)


class ContactSection(_Section):
    kind: Literal["phone", "mail", "web", "place"]
    name: str = Field(min_length=1)
    value: str = Field(min_length=1)
    note: str = ""


class PortalSection(_Section):
    output: str = "public"
    base_url: Address = "http://127.0.0.1:8780"
    title: str = "Cải cách hành chính Hà Nội"
    owner: str = "UBND thành phố Hà Nội"
    tagline: str = ""
    page_size: int = Field(default=12, ge=3, le=100)
    contacts: tuple[ContactSection, ...] = Field(default=(), strict=False)


class ZaloSection(_Section):
    enabled: bool = True
    api_base: Address = "https://openapi.zalo.me"
    oauth_base: Address = "https://oauth.zaloapp.com"
    app_id: str = ""
    verify_after: float = Field(default=3.0, gt=0, le=3600)
    redirect_uri: str = ""
    looks: Looks = (300.0, 1800.0, 7200.0)


class FacebookSection(_Section):
    enabled: bool = True
    app_id: str = ""
    looks: Looks = (30.0, 120.0, 300.0)
    graph_base: Address = "https://graph.facebook.com"
    version: str = Field(default="v26.0", pattern=r"^v\d{2}\.0$")
    page_id: str = ""


class Channels(_Section):
    zalo: ZaloSection = ZaloSection()
    facebook: FacebookSection = FacebookSection()


class SimulatorSection(_Section):
    enabled: bool = False
    host: Annotated[str, AfterValidator(_host)] = "127.0.0.1"
    port: int = Field(default=8790, ge=1, le=65535)


class DeliverySection(_Section):
    lease: float = Field(default=300.0, ge=5, le=3600)
    time_out: float = Field(default=30.0, gt=0, le=120)
    tries: int = Field(default=8, ge=1, le=100)
    first_wait: float = Field(default=60.0, gt=0, le=3600)
    longest_wait: float = Field(default=21600.0, gt=0, le=86400)
    check_page: bool = True
    overdue: float = Field(default=30.0, gt=0, le=1440)

    @model_validator(mode="after")
    def _lease_outlives_an_attempt(self) -> DeliverySection:
        """Facebook's longest attempt is two calls, a photo and a post, and each may take the whole time-out."""
        if self.lease < 3 * self.time_out:
            raise ValueError(_("expected lease to be at least three times time_out"))
        return self


class IntakeSection(_Section):
    most_missing: float = Field(default=0.5, gt=0, le=1)
    workers: int = Field(default=2, ge=1, le=64)
    settle: float = Field(default=3.0, ge=0, le=600)
    ignore: tuple[str, ...] = Field(default=IGNORED, strict=False)
    attachment_mb: int = Field(default=10, ge=1, le=50)

    @property
    def attachment_bytes(self) -> int:
        return self.attachment_mb * 1024 * 1024


class ApprovalRule(_Section):
    """A policy for some items; an empty key fits all. The first rule that fits decides."""

    unit: str = ""
    kind: str = Field(default="", pattern="^(|article|clip|qa)$")
    area: str = Field(default="", pattern="^(|kstthc|mot-cua|de-an-06|chuyen-doi-so)$")
    policy: Literal["auto", "editor"]


class ApprovalSection(_Section):
    default: Literal["auto", "editor"] = "auto"
    rule: tuple[ApprovalRule, ...] = Field(default=(), strict=False)

    def needs_editor(self, unit: str, kind: str, areas: Sequence[str]) -> bool:
        """Whether an item waits for an editor even when no rule asks for one."""
        for rule in self.rule:
            if rule.unit in ("", unit) and rule.kind in ("", kind) and (not rule.area or rule.area in areas):
                return rule.policy == "editor"
        return self.default == "editor"


class Config(_Section):
    """All settings; every key typed, every path relative to the config file's folder."""

    newsroom: Newsroom = Newsroom()
    paths: Paths = Paths()
    ledger: LedgerSection = LedgerSection()
    portal: PortalSection = PortalSection()
    channels: Channels = Channels()
    simulator: SimulatorSection = SimulatorSection()
    desk: DeskSection = DeskSection()
    intake: IntakeSection = IntakeSection()
    delivery: DeliverySection = DeliverySection()
    approval: ApprovalSection = ApprovalSection()
    mail: MailSection = MailSection()
    feeds: FeedsSection = FeedsSection()
    rules: dict[str, Any] = Field(default_factory=dict)
    root: str = "."

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


def secret(config: Config, name: str, *, needed_for: str = "") -> str:
    """A secret from the environment (BANTIN_…) or a file of that name in the secrets folder; never from config.toml.

    Raises:
        ConfigError: it is needed and there is none.
    """
    value = os.environ.get(PREFIX + name, "")
    if not value:
        file = config.path(config.paths.secrets) / (PREFIX + name)
        try:
            value = file.read_text(encoding="utf-8").strip()
        except OSError:
            value = ""
    if not value and needed_for:
        raise ConfigError(
            _("The secret {name} is missing, which {channel} needs: set it in the environment or write it into "
              "{folder}.").format(name=PREFIX + name, channel=needed_for, folder=config.path(config.paths.secrets))
        )  # fmt: skip
    return value


def save_secret(config: Config, name: str, value: str) -> None:
    """Write a secret file that only its owner may read (used for the simulator's credentials and our own key)."""
    folder = config.path(config.paths.secrets)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / (PREFIX + name)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(value)

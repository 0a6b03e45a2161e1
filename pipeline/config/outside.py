"""The sections of config.toml that name the world outside: WordPress, the portal's server, feeds and mail."""

from __future__ import annotations

import os
import re
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from channels.deploy.target import target_of
from pipeline.i18n import _


def _feed_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or re.search(r"[\s<>]", value):
        raise ValueError(_("expected the web address of a feed"))
    return value


def one_address(value: str) -> str:
    if not re.fullmatch(
        r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,190}[A-Za-z0-9])?", value
    ):
        raise ValueError(_("expected an e-mail address such as vanthu@hanoi.gov.vn"))
    return value


Email = Annotated[str, AfterValidator(one_address)]
# No plugin that happens to be installed sees the settings, and none is searched for in all packages at every start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class WordPressSection(Section):
    """A WordPress that carries the pages, used when [portal] target says so; the password is BANTIN_WORDPRESS_PASSWORD."""

    base_url: str = ""
    user: str = ""
    looks: Annotated[tuple[float, ...], Field(strict=False, min_length=1, max_length=10)] = (60.0, 300.0)

    @field_validator("base_url")
    @classmethod
    def _safe(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.query
            or parts.fragment
            or parts.username
        ):
            raise ValueError(_("expected a web address such as https://cchc.hanoi.gov.vn"))
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError(_("expected https: a password must not travel in the clear"))
        return value.rstrip("/")


def _target(value: str) -> str:
    try:
        return str(target_of(value)) if value else ""
    except ValueError:
        raise ValueError(_(
            "expected the place where the web server finds the portal, such as rsync+ssh://web@may-chu/srv/cchc, "
            "sftp://web@may-chu/srv/cchc, s3://bucket or file:///mnt/cchc; secrets never stand in it")) from None  # fmt: skip


class DeploySection(Section):
    """Where the portal is brought to; off while `to` is empty. Keys and passwords are the secrets BANTIN_DEPLOY_….

    `known_hosts` is the file with the server's key (ssh); `endpoint` and `region` are of an S3 that is not Amazon's;
    `time_out` in seconds of silence.
    """

    to: Annotated[str, AfterValidator(_target)] = ""
    known_hosts: str = "state/known_hosts"
    endpoint: str = Field(default="", pattern=r"^(https?://[^\s<>\"@]+)?$")
    region: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    time_out: int = Field(default=60, ge=5, le=600)

    @model_validator(mode="after")
    def _safe(self) -> DeploySection:
        parts = urlsplit(self.endpoint)
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError(_("expected https: a password must not travel in the clear"))
        return self


def _is_unit(name: str) -> bool:
    from pipeline.reference import units  # here: settings without feeds cost no look at the units

    return units().find(name, date.max) is not None


class FeedSource(Section):
    """One feed: of a unit's portal (`unit` = its folder) or of the press (`outlet` = its name); `every` in minutes."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    url: Annotated[str, AfterValidator(_feed_address)]
    kind: Literal["unit", "press"]
    unit: str = ""
    outlet: str = Field(default="", max_length=120)
    every: int = Field(default=60, ge=1, le=10_080)

    @model_validator(mode="after")
    def _whole(self) -> FeedSource:
        if self.kind == "unit" and (not self.unit or self.outlet):
            raise ValueError(_("expected unit = the folder of the unit"))
        if self.kind == "press" and (not self.outlet.strip() or self.unit):
            raise ValueError(_("expected outlet = the name of the paper or station"))
        if self.unit and not _is_unit(self.unit):
            raise ValueError(_("expected a unit of data/units.csv"))
        return self


class FeedsSection(Section):
    """Feeds are fetched from public addresses only; limits are for one feed, `most_bytes` after decompression."""

    source: tuple[FeedSource, ...] = Field(default=(), strict=False)
    most_bytes: int = Field(default=1_000_000, ge=10_000, le=1_000_000)
    seconds: float = Field(default=20.0, gt=0, le=120)
    allow_loopback: bool = False

    @model_validator(mode="after")
    def _names(self) -> FeedsSection:
        names = [source.name for source in self.source]
        if len(set(names)) < len(names):
            raise ValueError(_("expected a different name for each feed"))
        return self


class MailSection(Section):
    """Mail to the units; off while `host` is empty. The password is the secret BANTIN_MAIL_PASSWORD."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    sender: Email | Literal[""] = Field(default="", alias="from")
    starttls: bool = True
    user: str = ""
    units: dict[str, Email] = {}

    @model_validator(mode="after")
    def _whole(self) -> MailSection:
        if self.host and not self.sender:
            raise ValueError(_("expected from = the address that mail comes from"))
        if self.user and not self.starttls and self.host not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError(_("expected starttls = true: a password must not travel in the clear"))
        return self

"""The sections of config.toml, each with its bounds and defaults."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator, model_validator

from pipeline.config.outside import DeploySection, Section, one_address
from pipeline.i18n import _
from pipeline.settling import IGNORED


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


class Newsroom(Section):
    name: str = "Văn phòng UBND thành phố Hà Nội"
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    language: str = Field(default="vi", pattern="^(vi|en)$")
    security_contact: Annotated[str, AfterValidator(_contact)] = ""


class Paths(Section):
    content: str = "content"
    state: str = "state"
    schedules: str = "schedules"
    secrets: str = "state/secrets"


class LedgerSection(Section):
    url: str = ""
    wait: float = Field(default=30.0, gt=0, le=600)


class ContactSection(Section):
    kind: Literal["phone", "mail", "web", "place"]
    name: str = Field(min_length=1)
    value: str = Field(min_length=1)
    note: str = ""


class PortalSection(Section):
    target: Literal["static", "wordpress", "both"] = "static"
    output: str = "public"
    base_url: Address = "http://127.0.0.1:8780"
    title: str = "Cải cách hành chính Hà Nội"
    owner: str = "UBND thành phố Hà Nội"
    tagline: str = ""
    page_size: int = Field(default=12, ge=3, le=100)
    contacts: tuple[ContactSection, ...] = Field(default=(), strict=False)
    imprint: tuple[str, ...] = Field(default=(), strict=False, max_length=6)
    deploy: DeploySection = DeploySection()


class SimulatorSection(Section):
    enabled: bool = False
    host: Annotated[str, AfterValidator(_host)] = "127.0.0.1"
    port: int = Field(default=8790, ge=1, le=65535)


class DeliverySection(Section):
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


class IntakeSection(Section):
    most_missing: float = Field(default=0.5, gt=0, le=1)
    workers: int = Field(default=2, ge=1, le=64)
    executor: Literal["process", "dask"] = "process"
    cluster: str = Field(default="", pattern=r"^((tcp|tls)://\S+)?$")
    markdown: Literal["markdown-it-py", "markdown-it-pyrs"] = "markdown-it-py"

    @field_validator("markdown")
    @classmethod
    def _is_installed(cls, name: str) -> str:
        if name == "markdown-it-pyrs" and find_spec("markdown_it_pyrs") is None:
            raise ValueError(_('needs the extra "swift": pip install "bantin[swift]"'))
        return name

    settle: float = Field(default=3.0, ge=0, le=600)
    ignore: tuple[str, ...] = Field(default=IGNORED, strict=False)
    attachment_mb: int = Field(default=10, ge=1, le=50)

    @property
    def attachment_bytes(self) -> int:
        return self.attachment_mb * 1024 * 1024


class MediaSection(Section):
    """Pictures; JPEG is always one of the encodings, for Zalo, Facebook and old browsers."""

    card: Literal["item", "area"] = "item"
    webp_method: int = Field(default=2, ge=0, le=6)
    formats: tuple[Literal["avif", "webp", "jpeg"], ...] = Field(default=("webp", "jpeg"), strict=False)
    widths: tuple[int, ...] = Field(default=(1200, 800, 480), strict=False, min_length=1, max_length=6)

    @model_validator(mode="after")
    def _whole(self) -> MediaSection:
        if not {"webp", "jpeg"} <= set(self.formats) or len(set(self.formats)) < len(self.formats):
            raise ValueError(_('expected ["webp", "jpeg"] or ["avif", "webp", "jpeg"]'))
        if (
            list(self.widths) != sorted(set(self.widths), reverse=True)
            or not 320 <= self.widths[-1] <= self.widths[0] <= 2048
        ):
            raise ValueError(_("expected widths in pixels, from wide to narrow, none above 2048 or below 320"))
        return self


class ApprovalRule(Section):
    """A policy for some items; an empty key fits all. The first rule that fits decides."""

    unit: str = ""
    kind: str = Field(default="", pattern="^(|article|clip|qa)$")
    area: str = Field(default="", pattern="^(|kstthc|mot-cua|de-an-06|chuyen-doi-so)$")
    policy: Literal["auto", "editor"]


class ApprovalSection(Section):
    default: Literal["auto", "editor"] = "auto"
    rule: tuple[ApprovalRule, ...] = Field(default=(), strict=False)

    def needs_editor(self, unit: str, kind: str, areas: Sequence[str]) -> bool:
        """Whether an item waits for an editor even when no rule asks for one."""
        for rule in self.rule:
            if rule.unit in ("", unit) and rule.kind in ("", kind) and (not rule.area or rule.area in areas):
                return rule.policy == "editor"
        return self.default == "editor"

"""The section [desk] of config.toml: where the desk listens, how people reach it and log in."""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from pipeline.config.outside import Section
from pipeline.i18n import _

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _bind(value: str) -> str:
    try:
        return value if value in LOOPBACK else str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError(_("expected an IP address of this machine, 0.0.0.0 for all of them")) from None


def _origin(value: str) -> str:
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.path.strip("/"):
        raise ValueError(_("expected an address without a path, such as https://bantin.hanoi.gov.vn"))
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _issuer(value: str) -> str:
    parts = urlsplit(value)
    if value and (not _safe(value) or parts.query or parts.fragment):
        raise ValueError(_("expected the https address of the login service"))
    return value.rstrip("/")


def _page(value: str) -> str:
    if value and not _safe(value):
        raise ValueError(_("expected the https address of a page of the login service"))
    return value


def _safe(value: str) -> bool:
    parts = urlsplit(value)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


class OidcSection(Section):
    """The office's login service; off while `issuer` is empty. Its secret is BANTIN_OIDC_SECRET.

    `password_page` is where people change the password that they have there.
    """

    issuer: Annotated[str, AfterValidator(_issuer)] = ""
    client_id: str = ""
    name: str = Field(default="", max_length=80)
    password_page: Annotated[str, AfterValidator(_page)] = ""

    @property
    def called(self) -> str:
        """What people know it as; empty when there is none."""
        return (self.name or self.issuer) if self.issuer else ""

    @model_validator(mode="after")
    def _whole(self) -> OidcSection:
        if self.issuer and not self.client_id:
            raise ValueError(_("expected client_id = the name under which the login service knows bantin"))
        return self


class DeskSection(Section):
    """`idle` in minutes and `longest` in hours are a login's life; `proxy` may say from where a request came."""

    host: Annotated[str, AfterValidator(_bind)] = "127.0.0.1"
    port: int = Field(default=8770, ge=1, le=65535)
    public_url: Annotated[str, AfterValidator(_origin)] = ""
    proxy: Annotated[str, AfterValidator(_bind)] = "127.0.0.1"
    idle: int = Field(default=60, ge=1, le=1440)
    longest: int = Field(default=12, ge=1, le=168)
    oidc: OidcSection = OidcSection()

    @property
    def shared(self) -> bool:
        """Whether anybody but this machine can reach it."""
        return self.host not in LOOPBACK or bool(self.public_url)

    @property
    def address(self) -> str:
        """Where people open it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @model_validator(mode="after")
    def _reachable(self) -> DeskSection:
        if self.host in ("0.0.0.0", "::") and not self.public_url:  # noqa: S104 - compared, not bound
            raise ValueError(_("expected public_url = the address at which people open the desk"))
        if self.oidc.issuer and not self.public_url and self.host not in LOOPBACK:
            raise ValueError(_("expected public_url = the address at which people open the desk"))
        return self

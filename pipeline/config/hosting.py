"""The sections of config.toml on what comes through the desk and on who is told of what: upload, alerts, log."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.config.outside import Email, Section


class UploadSection(Section):
    """Limits of one upload: files, MB of all of them together, seconds without a byte, minutes for the whole."""

    files: int = Field(default=20, ge=1, le=200)
    total_mb: int = Field(default=300, ge=1, le=4096)
    idle: float = Field(default=30.0, gt=0, le=600)
    minutes: float = Field(default=15.0, gt=0, le=240)

    @property
    def total_bytes(self) -> int:
        return self.total_mb * 1024 * 1024


class AlertsSection(Section):
    """Who is told when the newsroom needs a person; addresses of other services are the secret BANTIN_ALERT_URLS.

    `unsure` in minutes, `silent` in hours (0: never), `token_days` in days, `again` in hours.
    """

    mail: tuple[Email, ...] = Field(default=(), strict=False)
    desk_url: str = Field(default="", pattern=r"^(https?://[^\s<>\"]+)?$")
    unsure: int = Field(default=60, ge=1, le=10_080)
    silent: int = Field(default=24, ge=0, le=720)
    token_days: int = Field(default=7, ge=1, le=90)
    again: int = Field(default=24, ge=1, le=720)


class LogSection(Section):
    """The program's own log, on stderr."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    json_lines: bool = Field(default=False, alias="json")

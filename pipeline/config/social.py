"""The sections of the social channels."""

from __future__ import annotations

from pydantic import Field

from pipeline.config.outside import Section, WordPressSection
from pipeline.config.sections import Address, Looks


class ZaloSection(Section):
    enabled: bool = True
    api_base: Address = "https://openapi.zalo.me"
    oauth_base: Address = "https://oauth.zaloapp.com"
    app_id: str = ""
    verify_after: float = Field(default=3.0, gt=0, le=3600)
    redirect_uri: str = ""
    looks: Looks = (300.0, 1800.0, 7200.0)


class FacebookSection(Section):
    enabled: bool = True
    app_id: str = ""
    looks: Looks = (30.0, 120.0, 300.0)
    graph_base: Address = "https://graph.facebook.com"
    version: str = Field(default="v26.0", pattern=r"^v\d{2}\.0$")
    page_id: str = ""


class Channels(Section):
    zalo: ZaloSection = ZaloSection()
    facebook: FacebookSection = FacebookSection()
    wordpress: WordPressSection = WordPressSection()

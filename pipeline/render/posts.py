"""An item becomes one Post for each channel, rendered once from the same tokens: what is previewed is what goes out."""

from __future__ import annotations

from collections.abc import Iterable

from channels.base import Post
from pipeline.model import Item
from pipeline.render.facebook import facebook
from pipeline.render.page import Page
from pipeline.render.portal import portal
from pipeline.render.zalo import zalo


def render(item: Item, page: Page, channels: Iterable[str]) -> dict[str, Post]:
    """A post for each of the channels."""
    makers = {"portal": portal, "zalo": zalo, "facebook": facebook}
    return {name: makers[name](item, page) for name in channels}

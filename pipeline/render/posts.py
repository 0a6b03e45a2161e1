"""An item becomes one Post for each channel, rendered once from the same tokens: what is previewed is what goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from channels.base import Post
from pipeline.model import Item
from pipeline.render.facebook import facebook
from pipeline.render.page import Page
from pipeline.render.portal import portal
from pipeline.render.zalo import zalo
from pipeline.wordpress import wordpress


def render(item: Item, page: Page, channels: Iterable[str]) -> dict[str, Post]:
    """A post for each of the channels."""
    names = tuple(channels)
    makers: dict[str, Callable[[Item, Page], Post]] = {
        "portal": portal, "zalo": zalo, "facebook": facebook,
        "wordpress": lambda item, page: wordpress(portal(item, page), original=page.link if "portal" in names else ""),
    }  # fmt: skip
    return {name: makers[name](item, page) for name in names}

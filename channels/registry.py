"""Which channels exist, and how their posts are kept as text; importing this loads no adapter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from channels.base import Post
from channels.facebook.post import FacebookPost
from channels.portal.post import PortalPost
from channels.wordpress.post import WordPressPost
from channels.zalo.post import ZaloPost

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Entry(NamedTuple):
    """A channel's post and where its adapter is, as "module:class"."""

    post: type[Post]
    adapter: str


CHANNELS: Mapping[str, Entry] = MappingProxyType(
    {
        "portal": Entry(PortalPost, "channels.portal.adapter:Portal"),
        "wordpress": Entry(WordPressPost, "channels.wordpress.adapter:WordPress"),
        "zalo": Entry(ZaloPost, "channels.zalo.adapter:Zalo"),
        "facebook": Entry(FacebookPost, "channels.facebook.adapter:Facebook"),
    }
)


def load(channel: str) -> type[Any]:
    """The adapter class of a channel; KeyError when there is no such channel."""
    module, _, name = CHANNELS[channel].adapter.partition(":")
    found: type[Any] = getattr(import_module(module), name)
    return found


def post_to_json(post: Post) -> str:
    """A post as text that `post_from_json` turns back into an equal post; TypeError when it is no channel's."""
    for channel, entry in CHANNELS.items():
        if type(post) is entry.post:
            return _codec(channel).dump_json(post).decode()
    raise TypeError(f"{type(post).__name__} is no channel's post")


def post_from_json(channel: str, text: str) -> Post:
    """The post of a channel; KeyError for an unknown channel, ValueError for a text that is not its post."""
    return _codec(channel).validate_json(text)


@cache
def _codec(channel: str) -> TypeAdapter[Post]:
    from pydantic import TypeAdapter  # here, because it costs more than all of channels together

    return TypeAdapter(CHANNELS[channel].post)

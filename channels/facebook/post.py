"""What a Facebook Page shows."""

from __future__ import annotations

from dataclasses import dataclass

from channels.base import Picture, Post


@dataclass(frozen=True)
class FacebookPost(Post):
    """A message with a link that carries our marker.

    Args:
        message: the whole text in code points, hashtags included; holds `link` when there is a photo.
        photo: uploaded and attached when present; without it the post is a link post with the portal's share card.
    """

    message: str
    photo: Picture | None = None

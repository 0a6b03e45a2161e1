"""What goes out to Facebook for a post, what it cannot carry, and what cannot be changed once it is there."""

from __future__ import annotations

import json

from channels.base import Limit, Limits, Picture, Post
from channels.errors import Refused
from channels.facebook.post import FacebookPost

PHOTO_BYTES = 4_000_000  # docs say 10 MB, the runtime's own error text says 4 (facebook.md §3, M)
MESSAGE = 63_206
_INSTEAD = "withdraw it on Facebook and publish it again, or edit the post by hand on the Page"

LIMITS = Limits(
    text=Limit(63_206, 60_000, "code points", "postiz facebook.provider.ts maxLength, 2026-08-21: facebook.md §2.4, M"),
    picture_bytes=PHOTO_BYTES,
    picture_types=("image/jpeg", "image/png"),
)


def payload(post: FacebookPost, photo_id: str | None = None) -> dict[str, str]:
    """The form of POST /{page}/feed; `link` and `attached_media` are never combined (effect UNKNOWN, §3)."""
    if photo_id is None:
        return {"message": post.message, "link": post.link}
    return {"message": post.message, "attached_media": json.dumps([{"media_fbid": photo_id}])}


def mine(post: Post) -> FacebookPost:
    if not isinstance(post, FacebookPost):
        raise TypeError(f"Facebook sends a FacebookPost, not a {type(post).__name__}")
    return post


def checked(post: Post) -> FacebookPost:
    own = mine(post)
    if not 1 <= len(own.message) <= MESSAGE:
        raise Refused(f"message: {len(own.message)} code points, Facebook takes 1 to {MESSAGE}")
    if own.photo is not None:
        if own.photo.mime not in LIMITS.picture_types:
            raise Refused(f"photo: {own.photo.mime} is not one of {', '.join(LIMITS.picture_types)}")
        if own.marker not in own.message:
            raise Refused("message: the portal address is missing, so a post with a photo could not be found again")
    return own


def check_editable(post: FacebookPost, shown: FacebookPost) -> None:
    """Say no by name to what the update call does not take (§5.1), before anything is sent."""
    if post.photo is None and shown.photo is None:
        if post.link != shown.link:
            raise Refused(f"link: Facebook cannot change the link of a post; {_INSTEAD}")
    elif post.photo is None or shown.photo is None or _looks(post.photo) != _looks(shown.photo):
        raise Refused(f"photo: Facebook cannot change the picture of a post or its description; {_INSTEAD}")


def _looks(photo: Picture) -> tuple[str, str]:
    """Files are named by their content, whatever folder they are in."""
    return photo.file.name, photo.alt

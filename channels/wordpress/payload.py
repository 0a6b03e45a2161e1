"""A WordPressPost as the body of a REST call; pure."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from channels.base import Limit, Limits, Post
from channels.errors import Refused
from channels.wordpress.post import PLACE, WordPressPost

_TABLES = "columns of wp_posts and wp_terms, wp-admin/includes/schema.php of WordPress 6.1.9, seen 2026-11-26"
LIMITS: Final = Limits(
    title=Limit(65_535, 65_535, "bytes", f"post_title text; {_TABLES}"),
    summary=Limit(65_535, 65_535, "bytes", f"post_excerpt text; {_TABLES}"),
    text=Limit(
        16 * 1024 * 1024, 4 * 1024 * 1024, "bytes", f"post_content longtext, MySQL's max_allowed_packet; {_TABLES}"
    ),
    picture_bytes=2
    * 1024
    * 1024,  # upload_max_filesize of PHP as it comes (php.ini, seen 2026-11-26); a server may say more
    picture_types=("image/jpeg", "image/png", "image/webp"),
)
SLUG: Final = Limit(200, 200, "code points", f"post_name varchar(200); {_TABLES}")
_IMAGE = re.compile(rf'<img src="{PLACE}([^"]+)"')
_PLACE = re.compile(rf'(?<=")({PLACE})([^"]+)(?=")')
_SHORTCODE = str.maketrans({"[": "&#91;", "]": "&#93;"})
# An address alone on a line or in a paragraph would be fetched and embedded by WordPress (WP_Embed::autoembed).
_ALONE = re.compile(r"(^\s*|<p[^>]*>\s*)(https?):(?=//)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Placed:
    """A medium in the library: its id and its public address."""

    id: int
    url: str


def mine(post: Post) -> WordPressPost:
    if not isinstance(post, WordPressPost):
        raise TypeError(f"WordPress shows a WordPressPost, not a {type(post).__name__}")
    return post


def check(post: WordPressPost) -> None:
    """Refuse by name what a post cannot carry.

    Raises:
        Refused: the message begins with the part's name.
    """
    assert LIMITS.title and LIMITS.summary and LIMITS.text
    if not post.title.strip():
        raise Refused("title: a post without a title has no name in WordPress's lists")
    if not re.fullmatch(r"[a-z0-9-]+", post.slug) or len(post.slug) > SLUG.most:
        raise Refused(f"slug: expected at most {SLUG.most} of a-z, 0-9 and -, or WordPress would change it")
    parts = (("title", post.title, LIMITS.title), ("excerpt", post.excerpt, LIMITS.summary),
             ("body", post.body_html, LIMITS.text))  # fmt: skip
    for name, text, limit in parts:
        if len(text.encode()) > limit.aim:
            raise Refused(f"{name}: {len(text.encode())} bytes, at most {limit.aim}")


def payload(
    post: WordPressPost, now: datetime, places: Mapping[str, Placed], categories: Sequence[int], tags: Sequence[int]
) -> dict[str, Any]:
    """All that makes the post; sent whole each time, so that an update leaves nothing of what was there before.

    Args:
        now: aware; a post of a later time is scheduled.
        places: of the post's media, by key.
    """
    featured = places.get(post.featured)
    return {
        "title": html.escape(post.title, quote=False), "slug": post.slug,
        "content": _body(post, places), "excerpt": html.escape(post.excerpt, quote=False),
        "status": "future" if post.published > now else "publish",
        "date_gmt": f"{post.published.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "categories": list(categories), "tags": list(tags), "featured_media": featured.id if featured else 0,
        "comment_status": "closed", "ping_status": "closed",
    }  # fmt: skip


def mark(item: str) -> str:
    """What the body of every post of ours carries; data attributes pass WordPress's own filter (since 5.0)."""
    return f'data-bantin="{html.escape(item)}"'


def _body(post: WordPressPost, places: Mapping[str, Placed]) -> str:
    """One block "Custom HTML": WordPress shows it as it is, and a text cannot call its shortcodes or embeds."""
    text = _ALONE.sub(r"\1\2&#58;", post.body_html.translate(_SHORTCODE))
    text = _IMAGE.sub(lambda found: _pictured(found, places), text)  # the class lets WordPress add its own srcset
    text = _PLACE.sub(lambda found: html.escape(places[found[2]].url) if found[2] in places else found[0], text)
    return f'<!-- wp:html -->\n<div class="bantin" {mark(post.item)}>\n{text}\n</div>\n<!-- /wp:html -->'


def _pictured(found: re.Match[str], places: Mapping[str, Placed]) -> str:
    place = places.get(found[1])
    return f'<img class="wp-image-{place.id}" src="{PLACE}{found[1]}"' if place else found[0]

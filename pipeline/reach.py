"""Who answers at an address.

Portal first: Zalo fetches pictures from the portal and Facebook scrapes and caches its page, so it must be public.
"""

from __future__ import annotations

import re
import socket
from urllib.parse import urlsplit

from channels.base import Post
from pipeline.i18n import _

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TIME_OUT = (5.0, 10.0)  # seconds to connect, and of silence
_MOST = 512 * 1024  # bytes of a page that are looked at
_OPEN_GRAPH = re.compile(rb"<meta[^>]+property=[\"']og:title[\"']", re.IGNORECASE)


def page_ready(post: Post, *, tags: bool = True) -> str:
    """Why the portal's page of a social post cannot be linked to yet; "" when it answers 200 with its Open Graph tags.

    Args:
        tags: the page has to have them.
    """
    if not post.link or post.marker == "":
        return ""
    import requests  # here, because a run that sends nothing social needs none

    try:
        with requests.get(post.link, timeout=_TIME_OUT, stream=True, allow_redirects=False) as answer:
            if answer.status_code != requests.codes.ok:
                return _("The portal's page is not public yet (HTTP {status}).").format(status=answer.status_code)
            head = answer.raw.read(_MOST, decode_content=True)
    except (requests.RequestException, OSError) as error:
        return _("The portal's page cannot be reached ({reason}).").format(reason=type(error).__name__)
    return "" if not tags or _OPEN_GRAPH.search(head) else _("The portal's page has no Open Graph tags yet.")


def place(address: str) -> tuple[str, int] | None:
    """Host and port of a loopback address, None for any other."""
    parts = urlsplit(address)
    if parts.hostname not in LOOPBACK:
        return None
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def listening(host: str, port: int) -> bool:
    """Whether somebody answers there already (another `bantin serve`, or another program)."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0

"""An item's page with its files, made anew from what the index holds."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from channels.base import Picture
from channels.errors import Refused
from channels.portal.build import Builder
from channels.portal.files import Output, content_name
from channels.portal.post import PortalPost
from channels.portal.rows import Rows
from channels.portal.site import media_address

_log = logging.getLogger(__name__)


class Showing:
    """Writes item pages and puts the files there that they show."""

    def __init__(self, output: Output, builder: Builder) -> None:
        self.output, self.builder = output, builder

    def again(self, rows: Rows, items: Iterable[str]) -> None:
        """The pages of items, and of those that are gone the notice that stands there; cheaper in the order of a list."""
        nearby = rows.nearby()
        for item in items:
            post = rows.post(item)
            if post is None:
                self.builder.notice(rows.address(item) or "")
                continue
            known = rows.shelf.of(item) if post.video else {}
            try:
                self.add_media(post, known)
            except Refused as problem:  # the page is worth more than its picture
                _log.warning("rebuilding %s: %s", item, problem)
            self.builder.page(post, nearby, known)

    def add_media(self, post: PortalPost, known: dict[str, str] | None = None) -> list[tuple[str, str]]:
        """Put the files there that the page shows, before the page; their roles and names.

        Raises:
            Refused: one of them is missing.
        """
        pictures = {picture.file: None for picture in _pictures(post)}
        files = [("picture", file.name) for file in pictures]
        files += [("attachment", attachment.file.name) for attachment in post.attachments]
        try:
            for attachment in post.attachments:
                self.output.link(media_address(attachment.file.name), attachment.file)
            for file in pictures:
                self.output.link(media_address(file.name), file)
            for role, source in _videos(post).items():
                name = (known or {}).get(role) or content_name(source)
                self.output.copy(media_address(name), source)
                files.append((role, name))
        except FileNotFoundError as error:
            raise Refused(f"a file of this post is missing: {error.filename}") from error
        return files


def _pictures(post: PortalPost) -> Iterator[Picture]:
    yield post.share
    yield from post.pictures
    if post.cover:
        yield from post.cover.renditions


def _videos(post: PortalPost) -> dict[str, Path]:
    files = {"video": post.video.file, "captions": post.video.captions} if post.video else {}
    return {role: file for role, file in files.items() if file}

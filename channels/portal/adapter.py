"""The portal section as a channel: static files that any web server can show, and an index that they are built from."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from channels.base import Health, Limits, Pending, Post, Receipt
from channels.errors import ChannelError, Refused, TryLater, Unsure
from channels.portal.build import Builder
from channels.portal.compiled import FOLDER
from channels.portal.crew import Crew, Place, helpers
from channels.portal.debt import INDEX
from channels.portal.files import Output
from channels.portal.index import Index
from channels.portal.post import PortalPost
from channels.portal.rows import Rows
from channels.portal.showing import Showing
from channels.portal.site import ADDRESS, Contact, Site, media_address, public_url

if TYPE_CHECKING:
    from channels.portal.outbox import Outbox  # with the machinery of deployments, which most sites do without

__all__ = ["Contact", "Portal", "Site", "media_address"]


class Deploy(Protocol):
    """Brings the built folder to a server; see channels/deploy."""

    def bring(self) -> None:
        """Bring what changed; what goes wrong is noted and raises nothing."""

    def health(self) -> Health:
        """How the last deployment ended."""


class Portal:
    """Writes an item's page at once, and at `flush` what lists it; what is owed is in the index: a crash loses nothing.

    Args:
        output: folder that the web server shows; may be deleted, the next flush builds it again.
        state: folder of the index and of compiled templates.
        base_url: public address of `output`.
        page_size: items on a numbered list page.
        workers: processes that make pages when there are many.
        durable: a flush waits until its files survive a power cut; until then the index counts them as owed.
        deploy: makes who brings the folder to a server, out of what notes the changes; None when readers ask this machine.
    """

    name: ClassVar[str] = "portal"
    limits: ClassVar[Limits] = Limits(picture_types=("image/avif", "image/webp", "image/jpeg"))
    idempotent: ClassVar[bool] = True

    def __init__(
        self,
        output: Path,
        state: Path,
        base_url: str,
        site: Site,
        *,
        page_size: int = 12,
        workers: int = 1,
        durable: bool = True,
        deploy: Callable[[Outbox], Deploy] | None = None,
    ) -> None:
        self.looks: tuple[float, ...] = (0.0,)
        self._output = Output(output, durable=durable)
        self._base_url = base_url.rstrip("/")
        self._index = Index(state / INDEX)
        self._builder = Builder(self._output, site, self._base_url, page_size, state / FOLDER)
        self._showing = Showing(self._output, self._builder)
        self._workers = workers
        self._place = Place(output, state / INDEX, site, self._base_url, page_size)
        self._deploy = deploy(self._outbox(output)) if deploy else None

    def _outbox(self, output: Path) -> Outbox:
        from channels.portal.outbox import Outbox

        return Outbox(output, self._index)

    def publish(self, post: Post) -> Receipt:
        """Show the post: media, index and page in one transaction, so that a crash leaves nothing half known."""
        page = _checked(post)
        with self._writing() as rows:
            files = self._keep(rows, page)
            self._builder.page(page, rows.nearby(), dict(files) if page.video else {})
        return self._receipt(page.item, page.address)

    def publish_all(self, posts: Sequence[Post]) -> list[Receipt | ChannelError]:
        """Take many posts in one transaction: their pages are owed durably, and flush writes them; as `publish` for one.

        Raises:
            TryLater: nothing of the batch was kept.
        """
        if len(posts) == 1:
            return [self.publish(posts[0])]
        with self._writing() as rows:
            rows.owed.whole = not self._builder.complete(rows)
            return [self._taken(rows, post) for post in posts]

    def _taken(self, rows: Rows, post: Post) -> Receipt | ChannelError:
        """One post of a batch, which leaves nothing behind when it is refused."""
        try:
            page = _checked(post)
            with rows.alone():
                self._keep(rows, page)
        except sqlite3.IntegrityError as error:
            return _taken_address(error)
        except ChannelError as error:
            return error
        return self._receipt(page.item, page.address)

    def _keep(self, rows: Rows, page: PortalPost) -> list[tuple[str, str]]:
        """Note a post and put its files there; their roles and names."""
        at = rows.put(page)
        files = self._showing.add_media(page)
        rows.shelf.keep(page.item, files)
        if at and at != page.address:
            self._output.remove(at)
        return files

    def revise(self, post: Post, remote_id: str, shown: Post | None = None) -> Receipt:
        """The same as publishing: the page stands at the item's address."""
        return self.publish(post)

    def confirm(self, post: Post, pending: Pending) -> Receipt:
        """Never needed, since publishing answers at once; says what stands there."""
        found = self.find(post, datetime.min)  # noqa: DTZ901 - find does not look at it
        if not found:
            raise Unsure("the portal's index does not know this item")
        return found[0]

    def withdraw(self, post: Post, remote_id: str) -> None:
        """Replace the page by a notice at once; lists and files that nobody shows any more go at flush."""
        with self._writing() as rows:
            item = remote_id or post.item
            address = rows.address(item) or _checked(post).address
            rows.withdraw(item, address)
            rows.shelf.keep(item, ())
            self._builder.notice(address)

    def find(self, post: Post, since: datetime) -> Sequence[Receipt]:
        """What the index shows for the post's item or marker; at most one, whenever it was published."""
        with self._writing() as rows:
            item = rows.at(post.marker) or post.item
            address = rows.address(item) if rows.card(item) else None
        return [self._receipt(item, address)] if address else []

    def flush(self) -> None:
        """Write what is out of date; everything, when the folder is gone or the theme is another one.

        Pages first, then what lists them, then what lists the lists; what nobody shows any more goes last. A reader,
        and whoever looks after a crash in the middle, finds a link only where there is a page.
        """
        with self._writing() as rows:  # kept before the work begins, because helpers see only what is kept
            self._output.sweep()
            whole = not self._builder.complete(rows)
            if whole:
                rows.owed.everything()
        with self._writing() as rows, helpers(self._workers, rows.owed.size(), self._place) as pool:
            crew = Crew(self._showing, rows, self._place, pool)
            if whole:
                self._builder.furniture()
                rows.owed.note("digest", self._builder.digest)
            crew.pages(rows.owed.pages())
            self._builder.lists(rows, crew)
            for name in rows.shelf.unused():
                self._output.remove(media_address(name))
            if whole:
                self._builder.seal()
            self._output.settle()
            rows.owed.settle()
        if self._deploy:
            self._deploy.bring()

    def rest(self) -> float:
        """Our own files have no limits."""
        return 0.0

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def health(self) -> Health:
        """Whether the folder can be written, and whether the server has what it holds."""
        folder = self._output.root
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        if not os.access(folder, os.W_OK):
            return Health(False, f"cannot write to {folder}")
        return self._deploy.health() if self._deploy else Health(True)

    def _receipt(self, item: str, address: str) -> Receipt:
        return Receipt(item, public_url(self._base_url, address))

    @contextmanager
    def _writing(self) -> Iterator[Rows]:
        try:
            with self._index.open() as rows:
                self._output.look_anew()
                yield rows
                touched = self._output.touched()
                if self._deploy:
                    rows.changes.note(touched)
        except sqlite3.IntegrityError as error:
            raise _taken_address(error) from error
        except (OSError, sqlite3.OperationalError) as error:  # disk full, share away, index busy: nothing was kept
            raise TryLater(f"the portal's files cannot be written: {error}", whole=True) from error


def _taken_address(error: sqlite3.IntegrityError) -> Refused:
    return Refused(f"another item stands at this address: {error}")


def _checked(post: Post) -> PortalPost:
    if not isinstance(post, PortalPost):
        raise Refused(f"not a portal post: {type(post).__name__}")
    if not ADDRESS.fullmatch(post.address):
        raise Refused(f"address outside the section: {post.address}")
    if post.video and post.video.page and not post.video.page.startswith(("https://", "http://")):
        raise Refused(f"not a web address: {post.video.page}")
    return post

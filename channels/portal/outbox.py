"""What changed on the site since a server last got it, and a copy of it that later changes do not touch."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from channels.deploy.deployer import Batch
from channels.portal.files import copied_or_linked
from channels.portal.index import Index
from channels.portal.site import AREAS, FACETS, KINDS, NEWS

OUTGOING: Final = ".outgoing"  # beside the site's files, so that they can be linked; a name with a dot is never served
_LISTS: Final = "|".join((NEWS, *AREAS, *KINDS, *FACETS))
# When a file is brought: what others need first, then what names it. A name that fits none is not ours.
_ORDER: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(media|theme)/.+|410\.html",
        r"(\.gone/)?\d{4}/.+",
        rf"({_LISTS})/.+\.html|(con-so|lien-he|tiep-can|kenh-tin|so-do)/index\.html|tim-kiem/(index\.html|\d{{4}}-\d\d.*\.json)",
        r"index\.html",
        rf"(({_LISTS})/)?(rss\.xml|atom\.xml|feed\.json)|sitemap/.+\.xml|robots\.txt",
        r"tim-kiem/muc-luc\.json|sitemap\.xml|404\.html",
    )
)


def rank(address: str) -> int | None:
    """Place of a file in the order in which it is brought; None for a file that the portal does not write."""
    if ".." in address.split("/"):  # a server's list of names is somebody else's word
        return None
    return next((number for number, pattern in enumerate(_ORDER) if pattern.fullmatch(address)), None)


class Outbox:
    """The portal's folder as a deployer sees it."""

    def __init__(self, output: Path, index: Index) -> None:
        self._output, self._index = output, index

    def waits(self) -> bool:
        """Whether anything changed since it was last brought."""
        with self._index.open() as rows:
            return rows.changes.any()

    @contextmanager
    def batch(self, *, whole: bool) -> Iterator[Batch]:
        """What changed, linked aside while nobody writes: lists and pages of one moment."""
        folder = self._output / OUTGOING
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        root = Path(mkdtemp(dir=folder))
        try:
            with self._index.open() as rows:
                changed = rows.changes.all()
                wanted = sorted(_everything(self._output)) if whole else sorted(changed)
                files = [address for address in wanted if _set_aside(self._output / address, root / address)]
            yield Batch(root, tuple(files), tuple(sorted(changed.keys() - set(files))), changed)
        finally:
            shutil.rmtree(root, ignore_errors=True)

    def settle(self, batch: Batch) -> None:
        """Strike out what was brought, unless it changed again."""
        assert isinstance(batch.mark, dict)
        with self._index.open() as rows:
            rows.changes.done(batch.mark)

    def withdrawn(self) -> list[str]:
        """Addresses of the items that were taken down, for a web server that cannot look for the marks (an object store)."""
        with self._index.open() as rows:
            return rows.gone()

    def rank(self, address: str) -> int | None:
        """As the function of this name."""
        return rank(address)


def _everything(root: Path) -> Iterable[str]:
    """Addresses of all files that are the portal's own; others may lie in the folder (a web server's test file)."""
    for folder, _folders, names in os.walk(root):
        at = Path(folder).relative_to(root)
        for name in names:
            address = (at / name).as_posix()
            if rank(address) is not None:
                yield address


def _set_aside(source: Path, target: Path) -> bool:
    """Keep a file's bytes: it is replaced by renaming and never written in place. False when it is not there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        copied_or_linked(source, target)
    except FileNotFoundError:
        return False
    return True

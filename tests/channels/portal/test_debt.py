"""A run with nothing due still asks whether the portal owes something."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from channels.portal.adapter import Portal, Site
from channels.portal.debt import owes

SITE = Site("Cải cách hành chính Hà Nội", "UBND thành phố Hà Nội", "Gần dân")
Ask = Callable[..., bool]


@pytest.fixture
def ask(public: Path, tmp_path: Path) -> Ask:
    return lambda site=SITE: owes(public, tmp_path / "public-state", site, "https://cchc.example.vn", 3)


def test_a_flushed_portal_owes_nothing(portal: Portal, desk: Any, ask: Ask) -> None:
    """And one that was never used does not either."""
    before = ask()
    portal.publish(desk.article(0))
    portal.flush()

    assert (False, False) == (before, ask())


@pytest.mark.parametrize("loss", ["crash", "folder", "title"])
def test_what_is_owed_is_seen(portal: Portal, desk: Any, public: Path, ask: Ask, loss: str) -> None:
    """A crash before the flush, a deleted folder, other settings."""
    portal.publish(desk.article(0))
    if loss != "crash":
        portal.flush()
    if loss == "folder":
        shutil.rmtree(public)

    assert ask(Site("Tên khác", "UBND")) if loss == "title" else ask()

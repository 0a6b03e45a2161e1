"""Helpers make the same bytes; a batch is what its posts are one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from channels.errors import Refused
from channels.portal import crew
from channels.portal.adapter import Portal

COUNT = 40


def tree(portal: Portal) -> dict[str, bytes]:
    root = portal._output.root
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def posts(desk: Any, count: int = COUNT) -> list[Any]:
    return [desk.article(number) for number in range(count)]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Helpers are worth it from two pages on."""
    monkeypatch.setattr(crew, "MANY", 2)
    monkeypatch.setattr(crew, "_CHUNK", 7)


@pytest.mark.usefixtures("many")
def test_two_helpers_make_the_bytes_of_one_process(open_portal: Callable[..., Portal], desk: Any) -> None:
    """All files, those of lists, months and feeds too; and again after a change."""
    alone, helped = open_portal("alone", page_size=4), open_portal("helped", page_size=4, workers=2)
    for portal in (alone, helped):
        portal.publish_all(posts(desk))
        portal.flush()
    assert tree(alone) == tree(helped)
    for portal in (alone, helped):
        portal.publish_all(
            [desk.article(3, title="Tên khác"), desk.article(COUNT), desk.article(7, body_html="<p>x</p>")]
        )
        portal.withdraw(desk.article(9), "k009")
        portal.flush()

    assert tree(alone) == tree(helped)


def test_a_batch_is_what_its_posts_are_one_by_one(open_portal: Callable[..., Portal], desk: Any) -> None:
    """Cold and on top of what is there."""
    single, batch = open_portal("single", page_size=4), open_portal("batch", page_size=4)
    for post in posts(desk):
        single.publish(post)
    single.flush()
    batch.publish_all(posts(desk, 25))
    batch.flush()
    batch.publish_all(posts(desk)[25:])
    batch.flush()

    assert tree(single) == tree(batch)


def test_one_refused_post_leaves_nothing_behind_and_the_others_stand(
    open_portal: Callable[..., Portal], desk: Any
) -> None:
    """Two items at one address: the second is refused, as by `publish`."""
    portal, first = open_portal("refused"), desk.article(1)
    answers = portal.publish_all([first, replace(desk.article(2), address=first.address), desk.article(3)])
    portal.flush()

    assert [False, True, False] == [isinstance(one, Refused) for one in answers]
    assert {"k001", "k003"} == {name[-9:-5] for name in tree(portal) if name.startswith("2026/11/tin-")}


def test_what_a_batch_owes_survives_a_crash_before_the_flush(open_portal: Callable[..., Portal], desk: Any) -> None:
    """Another process that only flushes writes every page."""
    open_portal("crash", page_size=4).publish_all(posts(desk))
    after = open_portal("crash", page_size=4)
    after.flush()
    whole = open_portal("whole", page_size=4)
    whole.publish_all(posts(desk))
    whole.flush()

    assert tree(whole) == tree(after)

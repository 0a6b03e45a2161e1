"""Work grows with what changed: which files a change writes, counted (facts/performance.md, counter-goals)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from channels.portal import owed
from channels.portal.adapter import Portal
from channels.portal.post import Label

Snapshot = Callable[..., dict[str, tuple[bytes, int]]]
FEEDS = {f"{folder}{name}" for folder in ("", "mot-cua/", "tin-bai/") for name in ("rss.xml", "atom.xml", "feed.json")}


def fill(portal: Portal, desk: Any, count: int) -> None:
    for number in range(count):
        portal.publish(desk.article(number))
    portal.flush()


def touched(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_a_second_flush_writes_nothing(portal: Portal, desk: Any, snapshot: Snapshot) -> None:
    """Nothing is owed, nothing is touched."""
    fill(portal, desk, 5)
    before = snapshot()
    portal.flush()

    assert before == snapshot()


def test_publishing_the_same_again_touches_nothing(portal: Portal, desk: Any, snapshot: Snapshot) -> None:
    """The portal is idempotent down to the time stamps."""
    fill(portal, desk, 5)
    before = snapshot()
    fill(portal, desk, 5)

    assert before == snapshot()


def test_a_body_in_other_words_changes_its_page_and_its_month_of_the_search(
    portal: Portal, desk: Any, snapshot: Snapshot
) -> None:
    """A change that no list shows stays off the lists."""
    fill(portal, desk, 5)
    before = snapshot()
    portal.revise(desk.article(2, body_html="<p>Đã sửa.</p>"), "k002")
    portal.flush()

    assert {"2026/11/tin-2-k002.html", "tim-kiem/2026-11.json", "tim-kiem/muc-luc.json"} == touched(before, snapshot())


def test_a_dated_revision_also_reaches_who_asks_for_changes(portal: Portal, desk: Any, snapshot: Snapshot) -> None:
    """Feeds and the sitemap tell the date; no list does."""
    fill(portal, desk, 5)
    before = snapshot()
    portal.revise(desk.article(2, updated=desk.article(2).published + timedelta(days=1)), "k002")
    portal.flush()

    assert {"2026/11/tin-2-k002.html", "sitemap/2026-11.xml", "sitemap.xml", *FEEDS} == touched(before, snapshot())


def test_the_feeds_tell_the_thirtieth_item_and_not_the_next(portal: Portal, desk: Any, snapshot: Snapshot) -> None:
    """A revision behind their end leaves them alone."""
    fill(portal, desk, 31)
    feeds = []
    for number in (1, 0):
        before = snapshot()
        portal.revise(desk.article(number, updated=desk.article(40).published), f"k{number:03}")
        portal.flush()
        feeds.append(touched(before, snapshot()) & FEEDS)

    assert [FEEDS, set()] == feeds


def test_a_new_item_writes_what_shows_it(portal: Portal, desk: Any, snapshot: Snapshot) -> None:
    """Its page, the one before it, the newest page of each list, the feeds, the newest parts: no old list page."""
    fill(portal, desk, 13)
    before = snapshot()
    portal.publish(desk.article(13))
    portal.flush()
    lists = {f"{name}/index.html" for name in ("tin", "tin-bai", "mot-cua", "don-vi/so-noi-vu", "luu-tru/2026-11")}
    after = snapshot()
    media = {name for name in after if name.startswith("media/") and name not in before}

    assert {
        "2026/11/tin-12-k012.html", "2026/11/tin-13-k013.html", "index.html", *lists, *FEEDS,
        "don-vi/index.html", "luu-tru/index.html", "con-so/index.html", "sitemap/2026-11.xml", "sitemap/tin-moi.xml", "sitemap.xml",
        "tim-kiem/2026-11.json", "tim-kiem/muc-luc.json",
    } == touched(before, after) - media  # fmt: skip


def test_a_page_that_fills_up_is_written_with_the_one_before(portal: Portal, desk: Any, snapshot: Snapshot) -> None:
    """The newest numbered page appears, and the one that was newest learns its neighbour; all others stay."""
    fill(portal, desk, 14)
    before = snapshot()
    portal.publish(desk.article(14))
    portal.flush()

    assert {"tin/index.html", "tin/trang-4.html", "tin/trang-3.html"} == {
        name for name in touched(before, snapshot()) if name.startswith("tin/")
    }


@pytest.mark.parametrize("change", ["new", "title", "withdrawn"])
def test_the_number_of_files_does_not_grow_with_the_archive(
    open_portal: Callable[..., Portal], desk: Any, snapshot: Snapshot, tmp_path: Any, change: str
) -> None:
    """The same change at 40 and at 160 items writes as many files."""
    counts = []
    for size in (40, 160):
        portal = open_portal(f"s{size}", page_size=4)
        fill(portal, desk, size)
        before = snapshot(tmp_path / f"s{size}")
        if change == "new":
            portal.publish(desk.article(size))
        elif change == "title":
            portal.revise(desk.article(size - 20, title="Tít mới"), f"k{size - 20:03}")
        else:
            portal.withdraw(desk.article(size - 1), f"k{size - 1:03}")
        portal.flush()
        counts.append(len(touched(before, snapshot(tmp_path / f"s{size}"))))

    assert counts[0] == counts[1]


def test_another_month_is_left_alone(portal: Portal, desk: Any, snapshot: Snapshot) -> None:
    """The search index and the sitemap are rewritten by the month."""
    fill(portal, desk, 3)
    portal.publish(desk.article(800))  # 800 hours later: December
    portal.flush()
    before = snapshot()
    portal.publish(desk.article(801))
    portal.flush()
    changed = touched(before, snapshot())

    assert {"tim-kiem/2026-12.json", "sitemap/2026-12.xml"} <= changed
    assert not {name for name in changed if "2026-11" in name}


def test_every_order_gives_the_same_bytes(open_portal: Callable[..., Portal], desk: Any, snapshot: Snapshot,
                                          tmp_path: Any) -> None:  # fmt: skip
    """In order and cold, backwards and flushed each time, with detours: one tree."""
    units = [Label("a", "Sở A"), Label("b", "Sở B")]
    posts = [desk.article(n, unit=units[n % 2], title=f"Khai sinh {n % 4}") for n in range(9)]
    posts += [desk.qa(9), desk.clip(10)]
    straight, crooked = open_portal("a"), open_portal("b")
    for post in posts:
        straight.publish(post)
    straight.flush()
    crooked.publish(desk.article(11, unit=Label("c", "Sở C"), fields=(Label("thue", "Thuế"),)))
    for post in reversed(posts):
        crooked.publish(desk.article(int(post.item[1:]), title="Sẽ sửa", unit=units[0], address=post.address))
        crooked.flush()
    for post in posts[::2] + posts[1::2]:
        crooked.publish(post)
    crooked.withdraw(desk.article(11), "k011")
    crooked.flush()
    gone = desk.article(11).address
    one, two = snapshot(tmp_path / "a"), snapshot(tmp_path / "b")

    assert {name: content for name, (content, _) in one.items()} == {
        name: content for name, (content, _) in two.items() if not name.endswith(gone)
    }


def test_a_large_month_is_written_by_days(
    portal: Portal, desk: Any, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a phone reads no megabytes, and a change writes none; the month that it was goes away."""
    monkeypatch.setattr(owed, "MOST", 30)
    fill(portal, desk, 30)
    assert {"tim-kiem/2026-11.json", "sitemap/2026-11.xml"} <= snapshot().keys()
    portal.publish(desk.article(30))
    portal.flush()
    before = snapshot()
    days = {
        f"{folder}/2026-11-0{day}.{ending}"
        for day in (1, 2)
        for folder, ending in (("tim-kiem", "json"), ("sitemap", "xml"))
    }

    assert days == {name for name in before if name.startswith(("tim-kiem/2026", "sitemap/2026"))}
    assert [["2026-11-02", 15], ["2026-11-01", 16]] == [
        one[:2] for one in json.loads(before["tim-kiem/muc-luc.json"][0])
    ]
    portal.revise(desk.article(2, body_html="<p>Đã sửa.</p>"), "k002")
    portal.flush()
    assert {"2026/11/tin-2-k002.html", "tim-kiem/2026-11-01.json", "tim-kiem/muc-luc.json"} == touched(
        before, snapshot()
    )


def test_a_month_that_shrinks_is_whole_again(
    portal: Portal, desk: Any, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its days are taken away with it."""
    monkeypatch.setattr(owed, "MOST", 30)
    fill(portal, desk, 31)
    portal.withdraw(desk.article(30), "k030")
    portal.flush()

    assert {"tim-kiem/2026-11.json", "sitemap/2026-11.xml"} == {
        name for name in snapshot() if name.startswith(("tim-kiem/2026", "sitemap/2026"))
    }


@pytest.mark.parametrize(("seed", "most"), [(1, owed.MOST), (2, 12)])
def test_a_long_history_gives_the_bytes_of_a_cold_build(
    open_portal: Callable[..., Portal], desk: Any, snapshot: Snapshot, tmp_path: Any, monkeypatch: pytest.MonkeyPatch,
    seed: int, most: int,
) -> None:  # fmt: skip
    """Random publications, new titles, moves between areas, withdrawals and returns; more items than a page looks back.

    Args:
        most: items of a month that is written whole; with few of them the month changes its shape now and then.
    """
    monkeypatch.setattr(owed, "MOST", most)
    chance = random.Random(seed)
    words = [
        "khai",
        "sinh",
        "thuế",
        "đất",
        "nhà",
        "hồ",
        "sơ",
        "phép",
        "lái",
        "xe",
        "học",
        "bạ",
        "một",
        "cửa",
        "số",
        "hóa",
    ]
    areas = [Label("mot-cua", "Một cửa"), Label("kstthc", "Kiểm soát thủ tục")]
    shown: dict[int, Any] = {}
    portal = open_portal("grown")
    for _step in range(90):
        number = chance.randrange(45)
        if number in shown and chance.random() < 0.2:
            portal.withdraw(shown.pop(number), f"k{number:03}")
        else:
            shown[number] = desk.article(number, title=" ".join(chance.choices(words, k=4)), summary="",
                                         areas=(areas[chance.random() < 0.2],), cover=None)  # fmt: skip
            portal.publish(shown[number])
        if chance.random() < 0.3:
            portal.flush()
    portal.flush()
    cold = open_portal("cold")
    for post in shown.values():
        cold.publish(post)
    cold.flush()
    grown, built = snapshot(tmp_path / "grown"), snapshot(tmp_path / "cold")
    gone = {name for name in grown if name.startswith(".gone/")}
    left = grown.keys() - gone - {name.removeprefix(".gone/") for name in gone}

    assert built.keys() == left
    assert [] == [name for name in sorted(built) if built[name][0] != grown[name][0]]

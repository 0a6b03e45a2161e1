"""The portal as a channel: what a publish, a revision, a withdrawal and a flush leave on disk."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from channels.errors import Refused, TryLater
from channels.portal.adapter import Portal, Site, media_address
from channels.portal.post import Label

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Snapshot = Callable[..., dict[str, tuple[bytes, int]]]


def fill(portal: Portal, desk: Any, count: int) -> None:
    for number in range(count):
        portal.publish(desk.article(number))
    portal.flush()


def test_publish_writes_the_page_and_its_files_at_once(portal: Portal, desk: Any, public: Path) -> None:
    """The page answers before any flush, because the social channels wait for it."""
    post = desk.article(1)
    receipt = portal.publish(post)

    assert ("k001", post.link) == (receipt.remote_id, receipt.url)
    assert "Tin số 1" in (public / post.address).read_text(encoding="utf-8")
    assert (public / media_address(post.share.file.name)).is_file()


def test_flush_writes_lists_feeds_and_sitemap(portal: Portal, desk: Any, public: Path) -> None:
    """After a flush a reader finds the item everywhere."""
    fill(portal, desk, 1)

    for name in (
        "index.html",
        "tin/index.html",
        "mot-cua/index.html",
        "rss.xml",
        "mot-cua/rss.xml",
        "sitemap/2026-11.xml",
    ):
        assert "tin-0-k000.html" in (public / name).read_text(encoding="utf-8"), name
    for name in ("kstthc/index.html", "hoi-dap/index.html", "404.html", "robots.txt", "theme/site.css", "sitemap.xml"):
        assert (public / name).is_file(), name


def test_a_revised_title_reaches_lists_and_neighbours(portal: Portal, desk: Any, public: Path) -> None:
    """What is shown elsewhere is mended elsewhere."""
    fill(portal, desk, 9)
    portal.revise(desk.article(2, title="Tít mới"), "k002")
    portal.flush()

    for name in ("tin/trang-1.html", "mot-cua/trang-1.html", "2026/11/tin-1-k001.html", "2026/11/tin-3-k003.html"):
        assert "Tít mới" in (public / name).read_text(encoding="utf-8"), name
    assert not [path for path in public.rglob("*.html") if "Tin số 2" in path.read_text(encoding="utf-8")]


def test_lists_are_numbered_from_the_oldest(portal: Portal, desk: Any, public: Path) -> None:
    """Ten items at three a page: two full numbered pages, and four on the index page."""
    fill(portal, desk, 10)
    first = (public / "tin/trang-1.html").read_text(encoding="utf-8")

    assert ["index.html", "trang-1.html", "trang-2.html"] == sorted(path.name for path in (public / "tin").iterdir())
    assert all(f"Tin số {number}<" in first for number in (0, 1, 2))
    assert 4 == (public / "tin/index.html").read_text(encoding="utf-8").count('class="headline"')


def test_a_backdated_item_gives_the_same_site_as_one_in_order(open_portal: Callable[..., Portal], desk: Any, tmp_path: Path,
                                                              snapshot: Snapshot) -> None:  # fmt: skip
    """Bytes depend on the posts only, not on the order or the number of flushes."""
    straight, crooked = open_portal("a"), open_portal("b")
    fill(straight, desk, 11)
    for number in (10, 3, 7, 0, 1, 9, 2, 8, 4, 6, 5):
        crooked.publish(desk.article(number))
        crooked.flush()
    one, two = snapshot(tmp_path / "a"), snapshot(tmp_path / "b")

    assert {name: content for name, (content, _) in one.items()} == {
        name: content for name, (content, _) in two.items()
    }


def test_withdrawn_item_leaves_a_notice_and_nothing_else(portal: Portal, desk: Any, public: Path) -> None:
    """Its words and pictures are gone from every file, and pages that no longer exist are removed."""
    fill(portal, desk, 9)
    post = desk.article(4, title="Tin số 4")
    portal.withdraw(post, "k004")
    portal.flush()
    left = [
        path
        for path in public.rglob("*")
        if path.suffix in (".html", ".xml", ".json") and "k004" in path.read_text(encoding="utf-8")
    ]

    assert "Bài này đã được gỡ" in (public / post.address).read_text(encoding="utf-8")
    assert [public / post.address] == left
    assert (public / ".gone" / post.address).is_file()
    assert not (public / media_address(post.share.file.name)).exists()
    assert not (public / "tin/trang-2.html").exists()
    assert [] == portal.find(post, LONG_AGO)


def test_withdrawing_twice_is_done(portal: Portal, desk: Any) -> None:
    """Gone already counts as done."""
    fill(portal, desk, 1)
    portal.withdraw(desk.article(0), "k000")
    portal.withdraw(desk.article(0), "k000")
    portal.flush()


def test_a_withdrawn_item_may_come_back(portal: Portal, desk: Any, public: Path) -> None:
    """Publishing again replaces the notice."""
    fill(portal, desk, 2)
    portal.withdraw(desk.article(0), "k000")
    portal.flush()
    fill(portal, desk, 2)

    assert "Tin số 0" in (public / "tin/index.html").read_text(encoding="utf-8")
    assert not (public / ".gone").exists()


def test_a_list_that_nobody_is_in_any_more_is_taken_away(portal: Portal, desk: Any, public: Path) -> None:
    """A unit, a field or a month without items has no page and no line in the overview."""
    portal.publish(desk.article(0, fields=(Label("dat-dai", "Đất đai"),)))
    portal.flush()
    there = (public / "linh-vuc/dat-dai/index.html").is_file()
    portal.revise(desk.article(0, fields=(Label("y-te", "Y tế"),)), "k000")
    portal.flush()

    assert there
    assert not (public / "linh-vuc/dat-dai").exists()
    assert "dat-dai" not in (public / "linh-vuc/index.html").read_text(encoding="utf-8")


def test_a_list_is_called_what_its_newest_item_calls_it(portal: Portal, desk: Any, public: Path) -> None:
    """A unit that got a new name has it everywhere, whatever order the items came in."""
    portal.publish(desk.article(1, unit=Label("so-nn-mt", "Sở Nông nghiệp và Môi trường")))
    portal.publish(desk.article(0, unit=Label("so-nn-mt", "Sở Tài nguyên và Môi trường")))
    portal.flush()

    assert "<h1>Sở Nông nghiệp và Môi trường</h1>" in (public / "don-vi/so-nn-mt/index.html").read_text("utf-8")


def test_a_file_that_two_items_show_stays_with_the_other(portal: Portal, desk: Any, public: Path) -> None:
    """A shared picture survives the withdrawal of one of its items."""
    shared = desk.picture("chung")
    portal.publish(desk.article(0, share=shared))
    portal.publish(desk.article(1, share=shared))
    portal.withdraw(desk.article(0), "k000")
    portal.flush()

    assert (public / media_address(shared.file.name)).is_file()


def test_find_reads_the_marker(portal: Portal, desk: Any) -> None:
    """A post is recognised by its address, as on the other channels."""
    post = desk.article(1)
    portal.publish(post)

    assert [("k001", post.link)] == [(one.remote_id, one.url) for one in portal.find(replace(post, item="?"), LONG_AGO)]
    assert [] == portal.find(desk.article(2), LONG_AGO)


@pytest.mark.parametrize("loss", ["folder", "theme"])
def test_everything_is_rebuilt(open_portal: Callable[..., Portal], desk: Any, public: Path, snapshot: Snapshot,
                               loss: str) -> None:  # fmt: skip
    """From the portal's own index, with nobody asked."""
    portal = open_portal()
    fill(portal, desk, 7)
    portal.publish(desk.clip(7))
    portal.withdraw(desk.article(3), "k003")
    portal.flush()
    before = {name: content for name, (content, _) in snapshot().items()}
    if loss == "folder":
        shutil.rmtree(public)
    else:
        open_portal(site=Site("Tên khác", "Chủ khác")).flush()
        assert "Tên khác" in (public / "2026/11/tin-0-k000.html").read_text(encoding="utf-8")
        assert "Tên khác" in (public / "2026/11/tin-3-k003.html").read_text(encoding="utf-8")
    open_portal().flush()

    assert before == {name: content for name, (content, _) in snapshot().items()}


def test_a_crash_before_flush_loses_nothing(open_portal: Callable[..., Portal], desk: Any, public: Path) -> None:
    """What is owed is in the index, so that another process can pay it."""
    fill(open_portal(), desk, 1)
    open_portal().publish(desk.article(1))
    open_portal().flush()

    assert "Tin số 1" in (public / "index.html").read_text(encoding="utf-8")


def test_a_missing_picture_is_refused_and_nothing_is_kept(portal: Portal, desk: Any, public: Path) -> None:
    """A half post is no post."""
    post = desk.article(0)
    post.share.file.unlink()

    with pytest.raises(Refused, match="missing"):
        portal.publish(post)
    assert [] == portal.find(post, LONG_AGO)
    assert not (public / post.address).exists()


@pytest.mark.parametrize(
    "address", ["../x.html", "index.html", "/etc/x.html", "2026/../../x.html", "2026/11/x.php", "tin/a.html"]
)
def test_an_address_outside_the_item_pages_is_refused(portal: Portal, desk: Any, address: str) -> None:
    """No post can write over a list page or leave the folder."""
    with pytest.raises(Refused, match="outside"):
        portal.publish(desk.article(0, address=address))


def test_two_items_cannot_share_an_address(portal: Portal, desk: Any) -> None:
    """The second is refused, the first stays."""
    portal.publish(desk.article(0))

    with pytest.raises(Refused, match="another item"):
        portal.publish(desk.article(1, address=desk.article(0).address))


def test_an_unwritable_folder_is_for_later(portal: Portal, desk: Any, public: Path) -> None:
    """A share that is away is not the editor's mistake."""
    public.write_text("in the way", encoding="utf-8")

    with pytest.raises(TryLater):
        portal.publish(desk.article(0))


def test_the_index_can_be_asked_by_unit(portal: Portal, desk: Any, tmp_path: Path) -> None:
    """Operators look into it with any SQLite tool."""
    portal.publish(desk.article(0, published=desk.article(0).published + timedelta(minutes=1)))
    with sqlite3.connect(tmp_path / "public-state/portal.sqlite") as index:
        rows = index.execute("SELECT item, kind, unit FROM item").fetchall()
    index.close()

    assert [("k000", "article", "so-noi-vu")] == rows


def test_what_others_did_after_a_refusal_is_seen(portal: Portal, desk: Any, public: Path) -> None:
    """Another process swept the parts and took away a picture that nobody showed: the next publication brings both back."""
    post = desk.article(0)
    lost = replace(post.share, file=post.share.file.with_name("lost.jpg"))
    with pytest.raises(Refused, match="missing"):
        portal.publish(replace(post, pictures=(lost,)))
    shutil.rmtree(public / ".parts")
    (public / media_address(post.share.file.name)).unlink()
    portal.publish(post)

    assert (public / media_address(post.share.file.name)).is_file()


# Until version 3 an item's long texts stood in its own row.
THIRD = """
CREATE TABLE old AS SELECT item, address, post, card, entry, words, home, kind, unit, sort, changed, gone
  FROM item LEFT JOIN said USING (item);
DROP TABLE item; DROP TABLE said; ALTER TABLE old RENAME TO item; PRAGMA user_version = 3;
"""
NEWER = "PRAGMA user_version = 0; DROP TABLE tally; ALTER TABLE item DROP COLUMN words; DELETE FROM fact; DELETE FROM listed;"


@pytest.mark.parametrize("other", [THIRD, NEWER], ids=["third", "newer"])
def test_an_index_of_another_version_is_filled_anew(open_portal: Callable[..., Portal], desk: Any, public: Path, tmp_path: Path,
                                                    snapshot: Snapshot, other: str) -> None:  # fmt: skip
    """An upgrade keeps every item, every notice and every byte, and nobody publishes again."""
    fill(open_portal(), desk, 5)
    open_portal().withdraw(desk.article(2), "k002")
    open_portal().flush()
    before = {name: content for name, (content, _) in snapshot().items()}
    index = sqlite3.connect(tmp_path / "public-state/portal.sqlite")
    index.executescript(other)
    index.close()
    open_portal().flush()

    assert before == {name: content for name, (content, _) in snapshot().items()}

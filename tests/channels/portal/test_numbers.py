"""The page of numbers: twelve months, bars that can be compared, and the same figures in words."""

import html
import re

from channels.portal.numbers import HEIGHT, chart, months_before


def test_twelve_months_pass_the_turn_of_the_year():
    """Oldest first, the newest last."""
    months = months_before("2026-03")

    assert (12, "2025-04", "2026-03") == (len(months), months[0], months[-1])


def test_bars_share_a_scale_and_a_single_item_is_still_seen():
    """An empty month has no bar."""
    months = months_before("2026-11")
    small = chart("kstthc", {"2026-11": 1}, months, 400)

    assert [0] * 11 + [2] == [bar.height for bar in small.bars]
    assert HEIGHT > chart("clip", {"2026-11": 400}, months, 400).bars[-1].height


def test_the_page_counts_what_was_published(portal, desk, tmp_path):
    """By area and unit, in the drawing's words too; a withdrawal counts no longer."""
    for number in range(3):
        portal.publish(desk.article(number))
    portal.flush()
    page = next(tmp_path.rglob("con-so/index.html"))
    shown = html.unescape(page.read_text(encoding="utf-8"))
    assert "3 tin đã đăng" in shown
    assert re.search(r'aria-label="Một cửa: [^"]*11/2026 3', shown)
    portal.withdraw(desk.article(0), desk.article(0).item)
    portal.flush()
    assert "2 tin đã đăng" in page.read_text(encoding="utf-8")

"""The week of the desk: what is planned and went out, and why nothing does."""

import html
import re
from datetime import datetime

from pipeline.ledger import views
from pipeline.ledger.verbs import By

ITEM = "2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"


def day(desk, query, chosen):
    """The part of the page that belongs to one day."""
    page = html.unescape(desk.get(f"/lich?{query}").text)
    return page[page.index(f'id="d{chosen}"') :].partition("<section")[0]


def test_what_is_planned_stands_on_its_day_and_moves_with_a_form(desk, office):
    """Without scripts; the form leads to the item with a notice, and the calendar shows the new day."""
    item = views.item(desk.ledger, ITEM)["id"]
    answer = desk.post(f"/tin/{item}/lam", verb="move", channel="zalo", sure="yes", when="2026-11-26T09:15")

    assert 303 == answer.status_code
    shown = day(desk, "tu=2026-11-24", "2026-11-26")
    assert re.search(r"09:15</b> .*Xây nhà: mở bản đồ số trước", shown)
    assert 'value="2026-11-26T09:15"' in shown
    assert "09:15" not in day(desk, "tu=2026-11-24", "2026-11-27")


def test_what_is_overdue_stands_on_today(desk):
    """Not on the day at which it should have gone out."""
    assert "chờ từ 00:00 20/10/2026" in day(desk, "", "2026-11-24")


def test_what_went_out_stands_on_its_day(desk):
    """With its time."""
    desk.send("portal")

    assert re.search(r'<span class="figure">08:00</span> <a href="/tin/', day(desk, "", "2026-11-24"))


def test_holidays_hours_and_blackouts_are_told(desk, office):
    """New Year is one; Facebook keeps quiet at night in the shipped schedules; a blackout by hand has its reason."""
    zone = office.zone
    desk.ledger.black_out(
        datetime(2026, 12, 30, 8, tzinfo=zone), datetime(2026, 12, 31, 8, tzinfo=zone), By("a", desk.now, "quốc tang")
    )

    assert "ngày lễ" in day(desk, "tu=2026-12-28", "2027-01-01").lower()
    assert "quốc tang" in day(desk, "tu=2026-12-28", "2026-12-31")
    assert "quốc tang" not in day(desk, "tu=2026-12-28", "2027-01-01")
    assert re.search(r'Facebook <span class="soft">cả ngày, nghỉ 21:30–06:30', day(desk, "tu=2026-12-28", "2026-12-29"))


def test_a_day_that_is_none_is_this_week(desk):
    """Nonsense in the address breaks nothing."""
    assert "hôm nay" in day(desk, "tu=2026-13-45", "2026-11-24").lower()

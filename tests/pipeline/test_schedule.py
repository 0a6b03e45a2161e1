"""Schedules: typed, in the city's zone, with quiet hours over midnight."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline import schedule, scheduler
from pipeline.errors import ConfigError

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
QUIET = schedule.Job(name="zalo", does="send", channel="zalo", every=5, quiet=("21:00", "07:00"))


@pytest.mark.parametrize(
    ("hour", "open_hours"), [(20, True), (21, False), (23, False), (3, False), (7, True), (12, True)]
)
def test_quiet_hours_pass_midnight(hour, open_hours):
    """From 21:00 until 07:00 nothing goes out."""
    assert open_hours == QUIET.open_at(datetime(2026, 11, 24, hour, tzinfo=ZONE))


def test_the_shipped_schedules_load(root):
    """look, portal, zalo, facebook and feeds."""
    assert ["look", "portal", "zalo", "facebook", "feeds"] == [job.name for job in schedule.load(root / "schedules")]


def test_times_of_day_are_the_citys():
    """A CronTrigger made without a zone would take the machine's (libraries.md, trap 1)."""
    job = schedule.Job(name="a", does="look", at=("07:30",))
    fires = scheduler.triggers(job, ZONE)[0].get_next_fire_time(
        None, datetime(2026, 11, 24, 0, 0, tzinfo=ZoneInfo("UTC"))
    )

    assert "2026-11-24T07:30:00+07:00" == fires.isoformat()


def test_a_slot_is_the_last_set_time_that_passed():
    """So that a late firing is the same row as a punctual one."""
    job = schedule.Job(name="a", does="look", at=("07:30", "11:30"))

    assert 7 == scheduler.slot_of(job, datetime(2026, 11, 24, 11, 29, tzinfo=ZONE)).hour
    assert 23 == scheduler.slot_of(job, datetime(2026, 11, 24, 6, 0, tzinfo=ZONE)).day


@pytest.mark.parametrize(
    "text", ["[[job]]\nname='a'\ndoes='fly'\nevery=1", "[[job]]\nname='a'\ndoes='look'", "not toml ["]
)
def test_a_wrong_schedule_is_one_clear_message(text, tmp_path):
    """Never a traceback."""
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"a\.toml"):
        schedule.load(tmp_path)

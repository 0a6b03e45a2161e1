"""Schedules: typed, in the city's zone, with hours, limits, holidays and blackouts decided at the moment of the claim."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline import daysoff, schedule, scheduler
from pipeline.daysoff import DaysOff
from pipeline.errors import ConfigError
from pipeline.schedule import Hours, Timetable

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def closed(moment, **hours):
    return bool(Hours(channel="zalo", **hours).closed(at(moment), DaysOff()))


@pytest.mark.parametrize(
    ("clock", "shut"), [("20:59", False), ("21:00", True), ("23:00", True), ("03:00", True), ("07:00", False)]
)
def test_quiet_hours_pass_midnight(clock, shut):
    """From 21:00 until 07:00 nothing begins."""
    assert shut == closed(f"2026-11-24T{clock}", quiet=("21:00", "07:00"))


@pytest.mark.parametrize(
    ("moment", "shut"),
    [
        ("2026-11-27T07:29", True), ("2026-11-27T07:30", False), ("2026-11-27T11:30", True),
        ("2026-11-27T14:00", False), ("2026-11-28T08:00", True),
    ],
)  # fmt: skip
def test_posting_windows_and_days(moment, shut):
    """A Friday has two windows, a Saturday none."""
    assert shut == closed(moment, windows=("07:30-11:30", "13:30-17:00"), days="mon-fri")


@pytest.mark.parametrize("day", ["2026-12-31", "2027-01-01", "2027-01-02"])
def test_new_year_is_a_holiday_and_its_neighbours_are_not(day):
    """Also over the turn of the year."""
    assert (day == "2027-01-01") == closed(f"{day}T09:00", holidays=False)


@pytest.mark.parametrize("day", ["2026-02-16", "2026-04-27", "2026-09-02", "2027-02-08"])
def test_tet_and_substituted_days_are_holidays(day):
    """Lunar days and days moved from a weekend."""
    assert DaysOff().is_off(date.fromisoformat(day))


def test_the_offices_own_calendar_wins(tmp_path):
    """A swap announced by the ministry: one day more, another one less."""
    (tmp_path / "calendar.toml").write_text("off = [2026-12-31]\nworking = [2027-01-01]")
    off = daysoff.load(tmp_path)

    assert (True, False) == (off.is_off(date(2026, 12, 31)), off.is_off(date(2027, 1, 1)))


def test_a_blackout_closes_every_channel_for_whole_days(tmp_path):
    """From midnight to midnight of the city, whatever the hours of a channel say."""
    (tmp_path / "calendar.toml").write_text('[[blackout]]\nname = "Quốc tang"\nfrom = 2026-12-01\nto = 2026-12-02')
    table = schedule.load(tmp_path)
    found = [
        table.gate("portal", at(f"2026-{day}")) for day in ("11-30T23:59", "12-01T00:00", "12-02T23:59", "12-03T00:00")
    ]

    assert [True, False, False, True] == [gate.open for gate in found]
    assert "Quốc tang" in found[1].why


def test_limits_are_counted_from_the_citys_midnight_and_month():
    """In UTC the day would begin at seven in the morning."""
    hours = Hours(channel="zalo", per_hour=2, per_day=4, per_month=15)
    now = at("2027-01-01T00:30")

    assert ((now - timedelta(hours=1), 2), (at("2027-01-01T00:00"), 4), (at("2027-01-01T00:00"), 15)) == hours.quotas(
        now
    )
    assert datetime(2026, 12, 31, 17, 0, tzinfo=UTC) == hours.quotas(now)[1][0]


def test_the_next_opening_is_known():
    """For the screen and for what is overdue."""
    table = Timetable(hours={"zalo": Hours(channel="zalo", quiet=("21:00", "07:00"))})

    assert at("2026-11-25T07:00") == table.next_opening("zalo", at("2026-11-24T21:03"))
    assert table.next_opening("zalo", at("2026-11-24T12:00")) is None
    assert at("2026-11-24T07:00") == table.gate("zalo", at("2026-11-24T07:20")).since


def test_the_shipped_schedules_load(root):
    """Jobs, and hours for the two social channels."""
    table = schedule.load(root / "schedules")

    assert ["look", "check", "portal", "wordpress", "zalo", "facebook", "feeds", "alerts"] == [
        job.name for job in table.jobs
    ]
    assert {"zalo", "facebook"} == set(table.hours)


def test_times_of_day_are_the_citys():
    """A CronTrigger made without a zone would take the machine's (libraries.md, trap 1)."""
    job = schedule.Job(name="a", does="look", at=("07:30",))
    fires = scheduler.triggers(job, ZONE)[0].get_next_fire_time(
        None, datetime(2026, 11, 24, 0, 0, tzinfo=ZoneInfo("UTC"))
    )

    assert "2026-11-24T07:30:00+07:00" == fires.isoformat()


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_a_machine_in_another_zone_keeps_the_citys_time(zone, root):
    """The whole decision in a process whose clock is set elsewhere."""
    code = """
import pipeline.config, pipeline.wiring, pathlib, datetime
config = pipeline.config.load(pathlib.Path("config.toml"))
now = pipeline.wiring.clock_in(config)()
assert now.utcoffset() == datetime.timedelta(hours=7), now
gate = pipeline.wiring.timetable(config).gate("zalo", now.replace(hour=6, minute=59))
print(gate.open, pipeline.wiring.timetable(config).gate("zalo", now.replace(hour=7, minute=0, day=25)).open)
"""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BANTIN_")} | {"TZ": zone}
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=True
    )

    assert "False True\n" == shown.stdout


def test_a_slot_is_the_last_set_time_that_passed():
    """So that a late firing is the same row as a punctual one; days off the list have no slots."""
    job = schedule.Job(name="a", does="look", at=("07:30", "11:30"))
    friday = schedule.Job(name="b", does="look", at=("07:30",), days="fri")

    assert at("2026-11-24T07:30") == scheduler.slot_of(job, at("2026-11-24T11:29"))
    assert at("2026-11-23T11:30") == scheduler.slot_of(job, at("2026-11-24T06:00"))
    assert at("2026-11-20T07:30") == scheduler.slot_of(friday, at("2026-11-24T06:00"))


@pytest.mark.parametrize(
    "text",
    [
        "[[job]]\nname='a'\ndoes='fly'\nevery=1", "[[job]]\nname='a'\ndoes='look'", "not toml [", "[[jobs]]\nname='a'",
        "[[hours]]\nchannel='zalo'\nwindows=['09:00-08:00']", "[[hours]]\nchannel='zalo'\ndays='monday'",
        "[[hours]]\nchannel='zalo'\n[[hours]]\nchannel='zalo'",
    ],
)  # fmt: skip
def test_a_wrong_schedule_is_one_clear_message(text, tmp_path):
    """Never a traceback."""
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"a\.toml"):
        schedule.load(tmp_path)


@pytest.mark.parametrize("text", ["off = ['x']", "[[blackout]]\nname='a'\nfrom=2026-12-02\nto=2026-12-01"])
def test_a_wrong_calendar_is_one_clear_message(text, tmp_path):
    """It names the file."""
    (tmp_path / "calendar.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"calendar\.toml"):
        schedule.load(tmp_path)

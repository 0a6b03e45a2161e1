"""All feeds from a real server: drafts for units, counts for the press, each story once, whatever one of them does."""

import gzip
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from pipeline import config as settings
from pipeline.cli import main
from pipeline.errors import BantinError, ConfigError
from pipeline.feeds import collect as feeds
from pipeline.feeds.decide import accept, dismiss, press
from pipeline.ledger import schema
from pipeline.ledger.feeds import stories
from pipeline.schedule import Job
from pipeline.serving import fire
from pipeline.session import run_once
from pipeline.wiring import feed_sources, fetcher, newsroom
from tests.pipeline.feeds.test_parse import item, rss
from tests.pipeline.feeds.web import drip, redirect
from tests.pipeline.offices import open_office

SOURCE = """
[[feeds.source]]
name = "{name}"
url = "{url}"
kind = "{kind}"
{owner}
every = 60
"""
DATE = "Tue, 24 Nov 2026 07:00:00 +0700"
ON_PLAN = "Hà Nội cắt giảm thủ tục hành chính tại bộ phận một cửa cấp xã"
BESIDE = "Đội bóng đá nữ thành phố thắng trận mở màn ở giải quốc gia"


def source(name, url, kind="unit", owner=""):
    owner = owner or ("so-y-te" if kind == "unit" else "Báo Hà Nội mới")
    key = "unit" if kind == "unit" else "outlet"
    return SOURCE.format(name=name, url=url, kind=kind, owner=f'{key} = "{owner}"')


@pytest.fixture
def office(tmp_path):
    """A newsroom with the feeds given."""
    (tmp_path / "content").mkdir()

    def make(*sources, seconds=5):
        feeds = f"[feeds]\nallow_loopback = true\nseconds = {seconds}\n"
        return open_office(tmp_path, more=feeds + "".join(sources))

    return make


@pytest.fixture
def room(now):
    """Opens a newsroom, fetches, and gives the results."""
    opened = []

    def fetch(config, at=now, due=False):
        with newsroom(config, lambda: at, channels=False) as one:
            sources = feed_sources(config)
            chosen = list(feeds.due(sources, one.ledger, at)) if due else sources
            results = feeds.collect(chosen, fetcher(config), one.ledger, config.content, at)
            opened.append(one.ledger)
            return results

    fetch.ledger = lambda: opened[-1]
    return fetch


def drafts(config):
    return sorted(path.relative_to(config.content).as_posix() for path in config.content.rglob("*.md"))


def test_a_units_story_becomes_a_draft_that_waits(server, office, room, now):
    """In the unit's folder, tagged, and a run publishes nothing of it."""
    server.pages["/rss"] = (200, {}, rss(item(ON_PLAN, "https://soyte.example.vn/1", DATE, "Tóm tắt của tin.")))
    config = office(source("y-te", f"{server.url}/rss"))
    result = room(config)[0]
    row = stories(room.ledger(), "unit")[0]

    path = "so-y-te/tu-nguon-tin/2026-11-24-ha-noi-cat-giam-thu-tuc-hanh-chinh-tai-bo-phan-mot-cua-cap.md"
    assert (("fetched", 1, 0), [path]) == ((result.state, result.new, result.known), drafts(config))
    assert ("new", path, True) == (row["state"], row["path"], "mot-cua" in row["areas"])
    run = run_once(config, lambda: now)
    assert ([], ["ignore"]) == (run.items, [str(one.outcome) for one in run.taken.prepared])


def test_the_same_story_is_taken_once(server, office, room):
    """By id, by address without its trackers, by title and day; from any unit's feed."""
    first = item(ON_PLAN, "https://soyte.example.vn/1", DATE, more="<guid>urn:1</guid>")
    again = item("Tên mới của tin cũ hôm nay", "https://soyte.example.vn/moi", DATE, more="<guid>urn:1</guid>")
    tracked = item("Một tên khác hẳn cho tin", "http://www.soyte.example.vn/1/?utm_source=zalo#x", DATE)
    titled = item(ON_PLAN.upper() + "!", "https://khac.example.vn/9", DATE)
    server.pages |= {"/a": (200, {}, rss(first, again, tracked)), "/b": (200, {}, rss(titled))}
    config = office(source("a", f"{server.url}/a"), source("b", f"{server.url}/b", owner="xa-00145"))
    results = room(config)

    assert [(1, 2), (0, 1)] == [(one.new, one.known) for one in results]
    assert 1 == len(drafts(config))
    assert [(0, 3), (0, 1)] == [(one.new, one.known) for one in room(config)]


def test_bare_numbers_and_short_titles_of_two_sites_are_no_sameness(server, office, room):
    """Every site counts from 1, and every site has a "Thông báo"."""
    server.pages |= {
        "/a": (200, {}, rss(item("Thông báo", "https://a.example.vn/1", DATE, more="<guid isPermaLink='false'>1</guid>"))),
        "/b": (200, {}, rss(item("Thông báo", "https://b.example.vn/1", DATE, more="<guid isPermaLink='false'>1</guid>"))),
    }  # fmt: skip
    config = office(source("a", f"{server.url}/a"), source("b", f"{server.url}/b"))

    assert [1, 1] == [one.new for one in room(config)]
    assert ["so-y-te/tu-nguon-tin/2026-11-24-thong-bao-2.md", "so-y-te/tu-nguon-tin/2026-11-24-thong-bao.md"] == drafts(
        config
    )


def test_sameness_is_a_constraint_of_the_ledger(server, office, room):
    """Not only a question that is asked before."""
    from sqlalchemy import insert
    from sqlalchemy.exc import IntegrityError

    server.pages["/rss"] = (200, {}, rss(item(ON_PLAN, date=DATE)))
    room(office(source("a", f"{server.url}/rss")))
    engine = room.ledger().engine
    with engine.connect() as connection:
        row = dict(connection.execute(select(schema.story)).mappings().first())
    for key in ("id_key", "link_key", "title_key"):
        other = row | {"id": 99, "id_key": "x", "link_key": "y", "title_key": "z"} | {key: row[key]}
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(insert(schema.story).values(**other))
    engine.dispose()


def test_an_unchanged_feed_is_not_sent_again(server, office, room):
    """The ETag is kept in the ledger, and thrown away with the address."""
    server.pages["/rss"] = (200, {"ETag": '"1"'}, rss(item(ON_PLAN, date=DATE)))
    config = office(source("a", f"{server.url}/rss"))
    assert ["fetched", "unchanged"] == [room(config)[0].state, room(config)[0].state]
    assert '"1"' == server.seen[1][1]["If-None-Match"]
    server.pages["/neu"] = server.pages["/rss"]
    room(office(source("a", f"{server.url}/neu")))

    assert "If-None-Match" not in server.seen[2][1]


def test_one_failing_feed_never_stops_the_others(server, office, room):
    """Whatever it does; each says why in one word."""
    good = rss(item(ON_PLAN, date=DATE))
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">]><rss/>'
    server.pages |= {"/404": (404, {}, b""), "/private": redirect("http://10.0.0.1/"), "/slow": drip(b"a", b"HTTP/1.1 200 OK\r\nX: "),
                     "/gzip": (200, {"Content-Encoding": "gzip"}, gzip.compress(b" " * 30_000_000)), "/bomb": (200, {}, bomb),
                     "/html": (200, {}, b"<html>x</html>"), "/good": (200, {}, good)}  # fmt: skip
    names = ("404", "private", "slow", "gzip", "bomb", "html", "good")
    config = office(
        *[source(name, f"{server.url}/{name}") for name in names], source("off", "http://127.0.0.1:1/"), seconds=0.5
    )
    results = {one.name: one.reason for one in room(config)}

    assert {"404": "status 404", "private": "private", "slow": "slow", "gzip": "big", "bomb": "entities", "html": "feed",
            "good": "", "off": "network"} == results  # fmt: skip
    assert 1 == len(drafts(config))


def test_a_folder_that_is_a_link_is_one_failing_feed(server, office, room, tmp_path):
    """Nothing is written outside the content folder."""
    (tmp_path / "draussen").mkdir()
    (tmp_path / "content/so-y-te").symlink_to(tmp_path / "draussen")
    server.pages |= {"/rss": (200, {}, rss(item(ON_PLAN, date=DATE))), "/b": (200, {}, rss(item(BESIDE, date=DATE)))}
    config = office(source("a", f"{server.url}/rss"), source("b", f"{server.url}/b", owner="xa-00145"))

    assert ["failed", "fetched"] == [one.state for one in room(config)]
    assert [] == list((tmp_path / "draussen").iterdir())


def test_loopback_is_no_feed_unless_it_is_allowed(server, office, room, tmp_path):
    """As shipped it is not."""
    server.pages["/rss"] = (200, {}, rss(item(ON_PLAN)))
    office(source("a", f"{server.url}/rss"))
    file = tmp_path / "config.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("allow_loopback = true", ""), encoding="utf-8")

    assert ("private", []) == (room(settings.load(file))[0].reason, server.seen)


def test_press_stories_on_the_plan_are_counted_and_not_kept(server, office, room, now):
    """By outlet, month and area; of the others only that they were seen."""
    first = rss(item(ON_PLAN, "https://hnm.example.vn/1", DATE, "Câu tóm tắt của báo."), item(BESIDE, "https://hnm.example.vn/2", DATE),
                item("Thêm 10.000 người dùng VNeID theo Đề án 06", "https://hnm.example.vn/3", "Sat, 31 Oct 2026 23:30:00 +0700"))  # fmt: skip
    second = rss(item(ON_PLAN, "https://ktdt.example.vn/1", DATE))
    server.pages |= {"/a": (200, {}, first), "/b": (200, {}, second)}
    config = office(
        source("a", f"{server.url}/a", "press"), source("b", f"{server.url}/b", "press", "Báo Kinh tế và Đô thị")
    )
    result = room(config)[0]
    november = press(room.ledger(), now.replace(day=1, hour=0))

    assert (2, 1, []) == (result.new, result.beside, drafts(config))
    assert [("Báo Hà Nội mới", 1), ("Báo Kinh tế và Đô thị", 1)] == [
        (row["outlet"], row["stories"]) for row in november
    ]
    assert november[0]["areas"]["mot-cua"] == 1 and november[0]["list"][0]["link"] == "https://hnm.example.vn/1"
    assert ["Báo Hà Nội mới"] == [row["outlet"] for row in press(room.ledger(), now.replace(month=10, day=1, hour=0))]
    december = press(room.ledger(), now.replace(month=12, day=1, hour=0), ["Đài H1"])
    assert [("Đài H1", 0)] == [(row["outlet"], row["stories"]) for row in december]
    with room.ledger().engine.connect() as connection:
        kept = json.dumps([dict(row) for row in connection.execute(select(schema.story)).mappings()], default=str)
    room.ledger().engine.dispose()
    assert "tóm tắt của báo" not in kept and "bóng đá" not in kept and "hnm.example.vn/2" not in kept


def test_an_accepted_draft_is_published_by_the_next_run(server, office, room, now):
    """And only once decided."""
    server.pages["/rss"] = (
        200,
        {},
        rss(item(ON_PLAN, date=DATE, body="Từ tuần này bộ phận một cửa nhận hồ sơ đến 20 giờ các ngày trong tuần.")),
    )
    config = office(source("a", f"{server.url}/rss"))
    room(config)
    number = stories(room.ledger(), "unit")[0]["id"]
    run_once(config, lambda: now)
    path = accept(room.ledger(), config.content, number, "Lan", now)

    assert 'status: "ready"' in (config.content / path).read_text(encoding="utf-8")
    assert [("publish", "done")] == [
        (op, outcome) for _item, _channel, op, outcome in run_once(config, lambda: now).items
    ]
    with pytest.raises(BantinError):
        dismiss(room.ledger(), config.content, number, "Lan", now)


def test_a_dismissed_draft_goes_and_does_not_come_back(server, office, room, now):
    """Nor is it reported as missing."""
    server.pages["/rss"] = (200, {}, rss(item(ON_PLAN, date=DATE)))
    config = office(source("a", f"{server.url}/rss"))
    room(config)
    run_once(config, lambda: now)
    _path, removed = dismiss(room.ledger(), config.content, 1, "Lan", now)
    result = run_once(config, lambda: now)

    assert (True, [], ()) == (removed, drafts(config), result.taken.missing)
    assert (0, 1) == (lambda one: (one.new, one.known))(room(config)[0])
    assert [] == drafts(config)


def test_a_dismissed_draft_that_somebody_edited_stays(server, office, room, now):
    """Their work is theirs."""
    server.pages["/rss"] = (200, {}, rss(item(ON_PLAN, date=DATE)))
    config = office(source("a", f"{server.url}/rss"))
    room(config)
    file = next(config.content.rglob("*.md"))
    file.write_text(file.read_text(encoding="utf-8") + "thêm", encoding="utf-8")

    assert not dismiss(room.ledger(), config.content, 1, "Lan", now)[1] and file.exists()


def test_only_feeds_whose_time_has_come_are_asked_by_the_schedule(server, office, room, now):
    """One that fails is asked more rarely."""
    server.pages["/rss"] = (200, {}, rss(item(ON_PLAN, date=DATE)))
    config = office(source("good", f"{server.url}/rss"), source("bad", f"{server.url}/404"))
    hour = timedelta(minutes=61)

    assert ["good", "bad"] == [one.name for one in room(config, now, due=True)]
    assert [] == room(config, now + timedelta(minutes=30), due=True)
    assert ["good"] == [one.name for one in room(config, now + hour, due=True)]
    assert ["good", "bad"] == [one.name for one in room(config, now + 2 * hour, due=True)]


def test_a_schedule_fires_the_feeds(server, office, now):
    """does = "feeds"."""
    server.pages["/rss"] = (200, {}, rss(item(ON_PLAN, date=DATE)))
    config = office(source("a", f"{server.url}/rss"))
    with newsroom(config, lambda: now, channels=False) as room:
        fire(room, Job(name="feeds", does="feeds", every=10), now)

    assert 1 == len(drafts(config))


def test_the_commands_speak(server, office, tmp_path):
    """Fetch, list, accept, press; exit code 1 when a feed failed."""
    server.pages |= {
        "/rss": (200, {}, rss(item(ON_PLAN, date=DATE))),
        "/press": (200, {}, rss(item(ON_PLAN, date=DATE))),
    }
    office(
        source("a", f"{server.url}/rss"), source("b", f"{server.url}/press", "press"), source("c", f"{server.url}/404")
    )
    config = ["--config", str(tmp_path / "config.toml")]
    call = CliRunner().invoke
    fetched = call(main, ["feeds", "--at", "2026-11-24T09:00", *config])
    listed = json.loads(call(main, ["feeds", "list", "--json", *config]).stdout)
    accepted = call(main, ["feeds", "accept", str(listed[0]["id"]), *config])
    counted = json.loads(call(main, ["feeds", "press", "--month", "2026-11", "--json", *config]).stdout)
    again = json.loads(call(main, ["feeds", "--json", *config]).stdout)
    before = json.loads(call(main, ["feeds", *config, "--json", "list", "--state", "accepted"]).stdout)

    state = call(main, ["feeds", "status", *config]).stdout.split("\n")
    assert "404" in state[2] and "404" not in state[0]
    assert 1 == fetched.exit_code and "404" in fetched.stdout
    assert (0, [ON_PLAN]) == (accepted.exit_code, [row["title"] for row in listed])
    assert [("Báo Hà Nội mới", 1)] == [(row["outlet"], row["stories"]) for row in counted["outlets"]]
    assert [("a", 0, 1), ("b", 0, 1)] == [(row["name"], row["new"], row["known"]) for row in again[:2]]
    assert [ON_PLAN] == [row["title"] for row in before]
    assert 1 == call(main, ["feeds", "accept", "999", *config]).exit_code
    assert 1 == call(main, ["feeds", "press", "--month", "2026-13", *config]).exit_code


@pytest.mark.parametrize("text", [
    source("a", "file:///etc/passwd"), source("a", "https://x.vn/", owner="khong-co"), source("A b", "https://x.vn/"),
    source("a", "https://x.vn/") + source("a", "https://y.vn/"), source("a", "https://u:p@x.vn/"),
    '[[feeds.source]]\nname = "a"\nurl = "https://x.vn"\nkind = "press"\nunit = "so-y-te"\n',
])  # fmt: skip
def test_a_wrong_source_is_told(office, text):
    """Before anything is fetched."""
    with pytest.raises(ConfigError):
        office(text)

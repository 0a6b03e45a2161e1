"""Alerts against a real SMTP server and a real web hook on loopback."""

import json
import shutil
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from channels.base import Health
from pipeline import alerts, schedule
from pipeline import config as settings
from pipeline.ledger import Ledger
from pipeline.ledger.engine import open_engine
from pipeline.model import Attempt
from pipeline.serving import fire
from pipeline.wiring import Newsroom
from tests.pipeline.ledger.making import prepared, send
from tests.pipeline.test_mail import Box, box, server  # noqa: F401 - fixtures

CONFIG = """
[portal]
base_url = "https://cchc.example.vn"
[mail]
host = "127.0.0.1"
port = {port}
from = "bantin@example.vn"
starttls = false
[alerts]
mail = ["truc@example.vn"]
desk_url = "https://desk.example.vn"
silent = 6
"""
ENDED = "token hết hạn"


class Hook:
    """What a web hook was told; `broken` makes it answer 500."""

    def __init__(self):
        self.told, self.broken = [], False
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.told.append(json.loads(body))
                self.send_response(500 if hook.broken else 200)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.address = f"json://nguoi:bi-mat-hook@127.0.0.1:{self.server.server_port}/nhan"


@pytest.fixture
def hook():
    hook = Hook()
    yield hook
    hook.server.shutdown()
    hook.server.server_close()


@pytest.fixture
def office(tmp_path, root, server):  # noqa: F811 - the fixture of that name
    (tmp_path / "content").mkdir()
    shutil.copytree(root / "schedules", tmp_path / "schedules")
    (tmp_path / "config.toml").write_text(CONFIG.format(port=server), encoding="utf-8")
    return settings.load(tmp_path / "config.toml")


@pytest.fixture
def ledger(sqlite_url):
    engine = open_engine(sqlite_url)
    yield Ledger(engine, "test")
    engine.dispose()


def body(box, number=-1):  # noqa: F811 - as above
    return box.mails[number][1].get_content().replace("\r\n", "\n")


def test_a_calm_newsroom_tells_nobody(office, ledger, box, now):  # noqa: F811 - as above
    """Silence is good news."""
    assert (0, []) == (alerts.tell(office, ledger, now), box.mails)


def test_a_channel_that_needs_a_person_is_told_once_until_it_changes_or_a_day_passes(office, ledger, box, now):  # noqa: F811 - as above
    """And its end once."""
    ledger.checked("zalo", Health(False, ENDED, remedy="gia hạn"), now)
    assert 1 == alerts.tell(office, ledger, now)
    assert "bantin: 1 việc cần người xử lý" == box.mails[0][1]["Subject"]
    assert ENDED in body(box) and "https://desk.example.vn/" in body(box)
    assert 0 == alerts.tell(office, ledger, now + timedelta(hours=23))
    assert 1 == alerts.tell(office, ledger, now + timedelta(hours=24))
    ledger.checked("zalo", Health(False, "bị khóa"), now)
    assert 1 == alerts.tell(office, ledger, now + timedelta(hours=25)) and "bị khóa" in body(box)
    ledger.checked("zalo", Health(True), now)
    assert 1 == alerts.tell(office, ledger, now + timedelta(hours=26))

    assert "bantin: đã xử lý xong" == box.mails[-1][1]["Subject"] and "Đã xong:" in body(box)
    assert 0 == alerts.tell(office, ledger, now + timedelta(days=9))


def test_several_troubles_come_in_one_message(office, ledger, box, now):  # noqa: F811 - as above
    """Refused files by unit without their names, a refused delivery, a token that ends."""
    from pipeline.model import Outcome

    ledger.record([prepared(now), prepared(now, item="b1", outcome=Outcome.REJECT)], now)
    send(ledger, "portal", now, Attempt("refused", error="Ảnh quá lớn"))
    ledger.checked("facebook", Health(True, expires_at=now + timedelta(days=3)), now)
    assert 1 == alerts.tell(office, ledger, now)

    assert 1 == len(box.mails)
    text = body(box)
    assert "Sở Nội vụ: 1 tệp bị từ chối" in text or "so-noi-vu: 1 tệp bị từ chối" in text
    assert "1 lượt đăng chờ người xử lý" in text and "27/11/2026" in text
    assert "b1.md" not in text


def test_a_delivery_that_stays_unsure_is_told(office, ledger, box, now):  # noqa: F811 - as above
    """Not at once: the channel is looked at first."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now, Attempt("unsure", error="?"))
    assert 0 == alerts.tell(office, ledger, now + timedelta(minutes=59))
    assert 1 == alerts.tell(office, ledger, now + timedelta(minutes=61))

    assert "chưa rõ kết quả" in body(box)


def test_silence_is_told_only_when_something_was_due(office, ledger, box, now):  # noqa: F811 - as above
    """A weekend without news is no trouble."""
    ledger.record([prepared(now, channels=("portal",))], now)
    assert 0 == alerts.tell(office, ledger, now + timedelta(hours=5))
    assert 1 == alerts.tell(office, ledger, now + timedelta(hours=7)) and "Đã 6 giờ" in body(box)
    send(ledger, "portal", now + timedelta(hours=8))
    assert 1 == alerts.tell(office, ledger, now + timedelta(hours=8)) and "Đã xong" in body(box)

    assert 0 == alerts.tell(office, ledger, now + timedelta(hours=80))


def test_a_content_folder_that_is_gone_is_told(office, ledger, box, now):  # noqa: F811 - as above
    """So is one that is suddenly empty."""
    ledger.record([prepared(now, item=f"x{number}", channels=()) for number in range(9)], now)
    assert "9" in alerts.intake_trouble(office, ledger)
    office.content.rmdir()
    alerts.tell(office, ledger, now)

    assert "Việc tiếp nhận đã dừng" in body(box)


def test_another_service_is_told_and_its_secret_stays_one(office, ledger, box, hook, now, monkeypatch, caplog):  # noqa: F811 - as above
    """The address is neither in the ledger nor in the log."""
    monkeypatch.setenv("BANTIN_ALERT_URLS", f"{hook.address}\nkhong-phai-dia-chi\n")
    ledger.checked("zalo", Health(False, ENDED), now)
    assert 2 == alerts.tell(office, ledger, now)

    assert ENDED in hook.told[0]["message"] and "bantin: 1 việc" in hook.told[0]["title"]
    assert "bi-mat-hook" not in caplog.text
    with ledger.reads.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM alert").all()
    assert 2 == len(rows) and "bi-mat-hook" not in str(rows)


def test_a_broken_target_stops_nothing_and_is_tried_again(office, ledger, box, hook, now, monkeypatch):  # noqa: F811 - as above
    """Each target is told what it has not heard; the others hear nothing twice."""
    monkeypatch.setenv("BANTIN_ALERT_URLS", f"json://127.0.0.1:1/\n{hook.address}")
    ledger.checked("zalo", Health(False, ENDED), now)
    hook.broken, box.refuse = True, True
    assert 0 == alerts.tell(office, ledger, now)
    hook.broken, box.refuse = False, False
    assert 2 == alerts.tell(office, ledger, now + timedelta(minutes=5))

    assert (1, 2) == (len(box.mails), len(hook.told))
    assert 0 == alerts.tell(office, ledger, now + timedelta(minutes=10))


def test_a_message_of_a_platform_cannot_write_headers_or_lines(office, ledger, box, now):  # noqa: F811 - as above
    """What a platform says is hostile."""
    ledger.checked("zalo", Health(False, "x\r\nBcc: a@example.com\r\n• giả " + "0912345678" * 3), now)
    alerts.tell(office, ledger, now)

    assert 1 == body(box).count("\n•") and "0912345678" not in body(box)
    assert box.mails[0][1]["Bcc"] is None


def test_the_shipped_schedule_fires_it_once_a_slot(office, ledger, box, now):  # noqa: F811 - as above
    """Any number of schedulers may knock."""
    job = next(one for one in schedule.load(office.path("schedules")).jobs if one.does == "alert")
    ledger.checked("zalo", Health(False, ENDED), now)
    room = Newsroom(office, ledger, lambda: now)
    fire(room, job, now)
    ledger.checked("zalo", Health(False, "khác"), now)
    fire(room, job, now)

    assert 1 == len(box.mails)

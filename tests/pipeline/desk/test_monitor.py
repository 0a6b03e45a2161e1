"""The monitor's filters and pages, its log as files, and its live stream."""

import csv
import html
import io
import json
import re
from datetime import timedelta

import pytest
import requests

from pipeline.desk import guard, people
from pipeline.desk.logs import harmless
from pipeline.ledger import views
from pipeline.model import Attempt

ITEM = "2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"


def listed(desk, query):
    return re.findall(
        r'<li data-id="\d+" data-unit="([^"]*)" data-areas="[^"]*" data-channel="(\w+)"', desk.get(f"/?{query}").text
    )


@pytest.mark.parametrize(("query", "count"), [
    ("q=quy+hoach", 3), ("q=QUY+HOẠCH+bả", 3), ("q=quy+hoach+khongco", 0), ("q=%25", 6), ("don_vi=so-xay-dung", 0),
    ("channel=zalo", 2), ("view=planned", 6), ("view=failed", 0), ("tu=2026-11-24&den=2026-11-24", 6), ("den=2026-11-23", 0),
    ("tu=hom-nay", 6), ("mang=khong-co", 6), ("truoc=abc-def", 6), ("truoc=1-1", 0), ("sau=1-1", 6), ("cuoi=1", 6)])  # fmt: skip
def test_filters_narrow_and_nonsense_narrows_nothing(desk, query, count):
    """Words count with and without marks."""
    if query.startswith("don_vi"):
        unit = views.item(desk.ledger, ITEM)["unit"]
        query, count = f"don_vi={unit}", 6

    assert count == len(listed(desk, query))


def test_a_contributor_sees_the_own_unit_only(desk, monkeypatch):
    """Whatever the address says; the log too."""
    monkeypatch.setattr(guard, "LOCAL", people.Person("ctv", "Cộng tác viên", "contributor", "so-y-te"))

    assert [] == listed(desk, "don_vi=" + views.item(desk.ledger, ITEM)["unit"])
    desk.send("portal")
    assert 1 == len(desk.get("/nhat-ky.csv").text.strip().splitlines())


def test_the_glance_names_the_oldest_of_each_state_and_what_to_do(desk):
    """Refused by the channel: the title, the remedy."""
    desk.send("portal", Attempt("refused", error="Ảnh quá lớn", code="100"))
    shown = html.unescape(desk.get("/").text)
    glance = shown[shown.index('id="glance"') : shown.index('id="stuck-list"')]

    assert "lâu nhất:" in glance
    assert "Sửa tệp" in glance or "Sửa lại tệp" in glance
    assert re.search(r'<p class="big failed"><a href="/\?view=failed#deliveries">1</a>', glance)


def test_the_log_opens_in_excel_and_runs_nothing_there(desk):
    """Byte order mark, headings in words, an apostrophe before what would be a formula."""
    desk.send("portal", Attempt("refused", error='=HYPERLINK("http://x")', code="-1"))
    answer = desk.get("/nhat-ky.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert 'attachment; filename="nhat-ky.csv"' == answer.headers["content-disposition"]
    assert ['\'=HYPERLINK("http://x")', "'-1"] == [rows[0]["Lỗi"], rows[0]["Mã"]]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", " =1", "\r1"])
def test_what_begins_a_formula_is_made_harmless(cell):
    """OWASP's list, with blanks before it."""
    assert f"'{cell}" == harmless(cell)


def test_json_lines_carry_every_attempt_with_its_receipt(desk):
    """Newest first, times with their offset."""
    desk.send("portal")
    desk.now += timedelta(minutes=1)
    desk.send("portal", Attempt("later", error="bận", code="503", retry_at=desk.now))
    rows = [json.loads(line) for line in desk.get("/nhat-ky.jsonl").text.splitlines()]

    assert ["later", "done"] == [row["outcome"] for row in rows]
    assert "https://portal.example/1" == rows[1]["url"]
    assert rows[1]["started"].endswith("+07:00")


def test_the_log_of_a_day_is_a_sheet_with_a_signature_block(desk):
    """In the order of the day; another day is another sheet."""
    desk.send("portal")
    desk.now += timedelta(minutes=1)
    desk.send("portal")
    shown = html.unescape(desk.get("/nhat-ky?ngay=2026-11-24").text)

    assert ["08:00:00", "08:01:00"] == re.findall(r'<td class="figure">(\d\d:\d\d:\d\d)</td>', shown)
    assert "NGƯỜI LẬP" in shown
    assert "Hà Nội, ngày 24 tháng 11 năm 2026" in shown
    assert "08:00:00" not in desk.get("/nhat-ky?ngay=2026-11-23").text


class Stream:
    """A browser's live stream, read event by event."""

    def __init__(self, answer):
        self.answer, self.lines = answer, answer.iter_lines(chunk_size=1, decode_unicode=True)

    def event(self, name):
        kind, data = "", ""
        for line in self.lines:
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: "):
                data = line[6:]
            elif not line and kind == name:
                return data
        raise AssertionError(f"the stream ended before {name}")


@pytest.fixture
def stream(desk, monkeypatch):
    """Open streams, with a look every 20 ms."""
    from pipeline.desk import live

    monkeypatch.setattr(live, "EVERY", 0.02)
    opened = []

    def go(**headers):
        address = desk.get("/healthz").url.removesuffix("/healthz")
        answer = requests.get(f"{address}/dong-su-kien", stream=True, timeout=30, headers=headers)
        answer.encoding = "utf-8"
        opened.append(answer)
        found = Stream(answer)
        found.stamp = found.event("xin-chao")
        return found

    yield go
    for one in opened:
        one.close()


def test_an_open_monitor_hears_what_changes(desk, stream, monkeypatch):
    """The row as the page shows it, escaped, and the numbers of every state."""
    one = stream()
    shown = re.search(r'data-stamp="([^"]*)"', desk.get("/").text)[1]
    assert one.stamp == shown
    two = stream()
    for reader in (one, two):
        assert "text/event-stream; charset=utf-8" == reader.answer.headers["content-type"]
    _settle(desk, one, two)


def _settle(desk, *readers):
    desk.send("portal", Attempt("refused", error="Lỗi <script>"))
    for reader in readers:
        news = {"rows": [{"view": ""}]}
        while "failed" != news["rows"][-1]["view"]:  # a look may fall between claim and settlement
            news = json.loads(reader.event("thay-doi"))
        assert 1 == news["counts"]["portal"]["failed"]
        assert "&lt;script&gt;" in news["rows"][-1]["html"]


def _settle_again(desk, readers):
    desk.send("portal", Attempt("later", error="bận", retry_at=desk.now))
    for reader in readers:
        assert json.loads(reader.event("thay-doi"))["rows"]


def test_a_stream_of_another_life_is_told_to_reload(desk, stream):
    """Numbers of a process that is no more mean nothing to this one."""
    address = desk.get("/healthz").url.removesuffix("/healthz")
    with requests.get(f"{address}/dong-su-kien", stream=True, timeout=30, headers={"Last-Event-ID": "900"}) as answer:
        answer.encoding = "utf-8"
        Stream(answer).event("tai-lai")


def test_many_readers_cost_one_look(desk, stream, monkeypatch):
    """Fifty streams, one poller: every look of the ledger is made once for all of them."""
    from pipeline.desk import live

    looks = []
    look = live.Live._look
    monkeypatch.setattr(live.Live, "_look", lambda self: looks.append(self.streams) or look(self))
    readers = [stream() for _reader in range(50)]
    _settle(desk, *readers)
    before = len(looks)
    _settle_again(desk, readers)

    assert 50 == max(looks)
    assert len(looks) - before < 50

"""What people do at the desk, as a browser without scripts sends it: forms, second steps, notices."""

import html
import re

import pytest

from pipeline.desk import guard, people
from pipeline.desk.mend import MASKING, REPAIR, with_yes
from pipeline.errors import NotPossible
from pipeline.feedback import report
from pipeline.ledger import views
from pipeline.model import Attempt

ITEM = "2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"


@pytest.fixture
def item(desk):
    return views.item(desk.ledger, ITEM)["id"]


@pytest.fixture
def do(desk, item):
    """Send a form of the item's page and follow where it leads; the status of the POST and the page at the end."""

    def go(verb, **form):
        answer = desk.post(f"/tin/{item}/lam", verb=verb, **form)
        page = desk.get(answer.headers["location"]) if answer.status_code == 303 else answer
        return answer.status_code, html.unescape(page.text)

    return go


def of(desk, item, channel):
    return next(row for row in views.deliveries(desk.ledger, item=item) if row["channel"] == channel)


def offered(page):
    """Verbs by channel; "" is the item."""
    found = {}
    for form in re.findall(r'<form class="doing".*?</form>', page, re.DOTALL):
        channel = re.search(r'name="channel" value="(\w*)"', form)[1]
        found[channel] = re.findall(r'<button name="verb" value="(\w+)"', form)
    return found


def test_hold_and_release_undo_each_other(desk, item, do):
    """One click, a notice, and the other verb is offered then."""
    status, page = do("hold", channel="zalo", why="chờ lãnh đạo")

    assert (303, True) == (status, of(desk, item, "zalo")["hold"])
    assert "release" in offered(page)["zalo"]
    assert "hold" not in offered(page)["zalo"]
    assert "chờ lãnh đạo" in page
    status, page = do("release", channel="zalo")
    assert (303, False) == (status, of(desk, item, "zalo")["hold"])


def test_what_the_state_does_not_allow_is_neither_offered_nor_done(desk, item, do):
    """A planned delivery was refused by nobody; the page says why and nothing changes."""
    status, page = do("retry", channel="zalo")

    assert 409 == status
    assert "chưa bị kênh từ chối" in page or "không có gì để thử lại" in page
    assert "retry" not in offered(page)["zalo"]


def test_a_withdrawal_is_done_only_after_a_second_step_with_a_reason(desk, item, do):
    """The first form only asks; without a reason it is not done."""
    desk.send("portal")
    desk.send("portal")
    before = of(desk, item, "portal")["want"]
    status, page = do("withdraw", channel="portal", why="sai số liệu")
    assert (200, before) == (status, of(desk, item, "portal")["want"])
    assert 'name="sure" value="yes"' in page
    assert 'value="sai số liệu"' in page
    assert 409 == do("withdraw", channel="portal", sure="yes")[0]
    status, _page = do("withdraw", channel="portal", sure="yes", why="sai số liệu")
    assert (303, 0) == (status, of(desk, item, "portal")["want"])


def test_what_was_cancelled_is_planned_again(desk, item, do):
    """Cancel has its own way back."""
    do("cancel", channel="facebook")
    assert 0 == of(desk, item, "facebook")["want"]
    status, page = do("plan", channel="facebook")

    assert (303, 1) == (status, of(desk, item, "facebook")["want"])
    assert "cancel" in offered(page)["facebook"]


def test_an_unsure_post_is_adopted_with_its_id(desk, item, do):
    """The id is asked for in the second step; without it nothing is taken over."""
    while of(desk, item, "portal")["state"] != "in_doubt":
        desk.send("portal", Attempt("unsure", error="không trả lời"))
    assert 409 == do("adopt", channel="portal", sure="yes")[0]
    status, page = do("adopt", channel="portal", sure="yes", remote_id="r77", url="https://portal.example/77")

    assert (303, "r77", 1) == (status, of(desk, item, "portal")["remote_id"], of(desk, item, "portal")["have"])
    assert "https://portal.example/77" in page


def test_a_delivery_moves_to_another_time_but_not_into_the_past(desk, item, do):
    """Times are the city's."""
    assert 409 == do("move", channel="zalo", sure="yes", when="2020-01-01T08:00")[0]
    assert 409 == do("move", channel="zalo", sure="yes", when="mai")[0]
    status, page = do("move", channel="zalo", sure="yes", when="2027-01-05T08:30")

    assert 303 == status
    assert "08:30 05/01/2027" in page


def test_an_edition_that_was_sent_back_stays_refused_and_its_unit_reads_why(desk, item, do, office):
    """Also when the file is looked at again; an editor may take it back."""
    status, page = do("send_back")
    assert (200, True) == (status, 'name="why" maxlength="500" autocomplete="off" value="" required' in page)
    assert 409 == do("send_back", sure="yes")[0]
    status, page = do("send_back", why="Thiếu số văn bản", edition="1")
    assert 303 == status
    assert "Thiếu số văn bản" in page
    assert {0} == {row["want"] for row in views.deliveries(desk.ledger, item=item)}
    file = office.content / "so-xay-dung" / ITEM
    file.touch()
    desk.look()
    assert "reject" == views.item(desk.ledger, ITEM)["outcome"]
    told = (office.content / "so-xay-dung" / report.TEXT).read_text(encoding="utf-8")
    assert "Thiếu số văn bản" in told
    assert ["take_back"] == offered(page)[""]
    do("take_back")
    assert {1} == {row["want"] for row in views.deliveries(desk.ledger, item=item)}


def test_nobody_decides_about_an_edition_that_they_did_not_see(desk, item, do, office):
    """A newer one came between the look and the click."""
    file = office.content / "so-xay-dung" / ITEM
    file.write_text(file.read_text(encoding="utf-8") + "\nThêm một câu.\n", encoding="utf-8")
    desk.look()
    status, page = do("send_back", why="x", edition="1")

    assert 409 == status
    assert "mới hơn" in page


def test_masking_is_accepted_in_the_file_itself_and_the_text_is_masked(desk, item, do, office):
    """One line more in the metadata; every other byte is as it was; the item is looked at again at once."""
    file = office.content / "so-xay-dung" / ITEM
    file.write_bytes(
        file.read_bytes().rstrip(b"\n") + "\n\nBà Trần Thị Hoa, số CCCD 001187012345, cho biết.\n".encode()
    )
    desk.look()
    before = file.read_bytes()
    page = html.unescape(desk.get(f"/tin/{item}").text)
    assert "accept_masking" in offered(page)[""]
    status, page = do("accept_masking")

    assert 303 == status
    after = file.read_bytes()
    assert b"che_thong_tin: dong_y\n" in after
    assert before == after.replace(b"che_thong_tin: dong_y\n", b"", 1)
    assert "001187012345" not in page
    assert "accept_masking" not in offered(page).get("", [])


@pytest.mark.parametrize("key", [MASKING, REPAIR])
@pytest.mark.parametrize(("ending", "mark"), [(b"\n", b""), (b"\r\n", b"\xef\xbb\xbf")])
def test_a_yes_keeps_every_other_byte(key, ending, mark):
    """Line ends, a byte order mark and old encodings stay."""
    data = mark + ending.join([b"---", b"title: th\xf1 t\xf4c", b"---", b"N\xe9i dung", b"---", b""])
    new = with_yes(data, key)

    assert data == new.replace(key + b": dong_y" + ending, b"")
    assert new.index(key) < new.index(b"N\xe9i dung")


@pytest.mark.parametrize(
    "text", ["kh\u00f4ng", "---\ntitle: x\n", "---\nChe th\u00f4ng tin: kh\u00f4ng\n---\n", "---\n'masking': no\n---\n"]
)
def test_a_yes_is_not_written_where_it_does_not_belong(text):
    """No metadata, metadata without an end, or a person's own word."""
    with pytest.raises(NotPossible):
        with_yes(text.encode(), MASKING)


def test_the_blackout_is_switched_on_and_off_in_two_steps_each(desk):
    """Nothing happens at the first; it is on the monitor while it lasts."""
    assert 'value="bat" class="final"' in desk.post("/im-lang", verb="bat", why="quốc tang").text
    assert [] == views.blackouts(desk.ledger, desk.now)
    assert 409 == desk.post("/im-lang", verb="bat", sure="yes").status_code
    assert 303 == desk.post("/im-lang", verb="bat", why="quốc tang", sure="yes").status_code
    assert "quốc tang" in desk.get("/").text
    assert (
        409
        == desk.post(
            "/im-lang", verb="bat", why="x", sure="yes", starts="2027-01-02T10:00", ends="2027-01-02T09:00"
        ).status_code
    )
    assert 303 == desk.post("/im-lang", verb="tat", sure="yes").status_code
    assert [] == views.blackouts(desk.ledger, desk.now)


@pytest.mark.parametrize(("role", "may"), [
    ("reader", ()), ("contributor", ()), ("editor", ("hold", "send_back")), ("approver", ("hold", "send_back", "withdraw")),
    ("operator", ("hold", "send_back", "withdraw", "cancel"))])  # fmt: skip
def test_every_role_sees_and_does_its_own_verbs_only(desk, item, role, may, monkeypatch):
    """What is not offered is refused when somebody sends it all the same."""
    monkeypatch.setattr(guard, "LOCAL", people.Person("thu", "Thử", role))
    page = html.unescape(desk.get(f"/tin/{item}").text)
    shown = {verb for verbs in offered(page).values() for verb in verbs}

    for verb in ("hold", "cancel", "withdraw", "send_back"):
        assert (verb in may) == (verb in shown)
        channel = "" if verb == "send_back" else "zalo"
        status = desk.post(f"/tin/{item}/lam", verb=verb, channel=channel).status_code
        assert (403 == status) == (verb not in may)
    if role != "operator":
        assert 403 == desk.post("/im-lang", verb="bat", why="x", sure="yes").status_code


@pytest.mark.parametrize("form", [{"verb": "restored"}, {"verb": "engine"}, {"verb": "__class__", "channel": "zalo"},
                                  {"verb": "hold", "channel": "<script>"}])  # fmt: skip
def test_no_other_word_is_a_verb(desk, item, form):
    """The table decides, not the ledger's attributes."""
    assert 404 == desk.post(f"/tin/{item}/lam", **form).status_code


def test_the_item_page_marks_lines_of_findings_and_words_that_changed(desk, item, office):
    """Side by side, the words marked; the line of the file with what was said about it."""
    file = office.content / "so-xay-dung" / ITEM
    text = file.read_text(encoding="utf-8")
    file.write_text(text.rstrip("\n") + " Bên cạnh có [trang](javascript:x) lạ.\n", encoding="utf-8")
    desk.look()
    page = html.unescape(desk.get(f"/tin/{item}").text)

    assert re.search(r"<ins>[^<]*Bên cạnh", page)
    assert re.search(r'<li class="(error|review|warning)"><span class="number">\d+</span> <mark>', page)


def way_back(page):
    """The form that takes back what was just done: its verb."""
    found = re.search(r'<form class="undo".*?value="(\w+)">↶', page, re.DOTALL)
    return found and found[1]


def test_what_was_just_done_is_taken_back_by_one_click(desk, item, do):
    """Where the state allows it; a time goes back to what it was."""
    do("move", channel="zalo", sure="yes", when="2027-01-05T08:30")
    _status, page = do("move", channel="zalo", sure="yes", when="2027-01-06T10:00")
    assert "move" == way_back(page)
    assert 'name="when" value="2027-01-05T08:30"' in page
    assert "release" == way_back(do("hold", channel="zalo")[1])
    assert "plan" == way_back(do("cancel", channel="facebook")[1])
    assert "take_back" == way_back(do("send_back", why="x")[1])
    assert way_back(do("take_back")[1]) is None


def test_an_approval_tells_first_what_goes_out(desk, item, do, office):
    """The channels in their order and when; nothing happens before it is confirmed."""
    file = office.content / "so-xay-dung" / ITEM
    file.write_text(file.read_text(encoding="utf-8").replace("---\n", "---\nurgent: true\n", 1), encoding="utf-8")
    desk.look()
    status, page = do("approve")
    assert (200, ["Cổng", "Zalo", "Facebook"]) == (status, re.findall(r"<li><b>([^<]+)</b>", page))
    assert "approve" in offered(html.unescape(desk.get(f"/tin/{item}").text))[""]
    assert ITEM in html.unescape(desk.get("/duyet").text) or item in desk.get("/duyet").text
    assert 303 == do("approve", sure="yes")[0]
    assert item not in desk.get("/duyet").text


def test_enter_in_a_field_presses_no_button(desk, item):
    """A browser presses the first button of a form; that one is disabled."""
    page = desk.get(f"/tin/{item}").text

    for form in re.findall(r'<form class="doing".*?</form>', page, re.DOTALL):
        assert "<button disabled hidden>" == re.search(r"<button[^>]*>", form)[0]


def test_a_move_from_the_calendar_leads_back_to_its_week(desk, item):
    """With a notice and the way back; another page than the desk's own is never led to."""
    desk.post(f"/tin/{item}/lam", verb="move", channel="zalo", sure="yes", when="2026-11-26T08:00")
    form = {"verb": "move", "channel": "zalo", "when": "2026-11-27T09:00"}
    answer = desk.post(f"/tin/{item}/lam", **form, tuan="2026-11-23")
    assert 200 == answer.status_code
    assert 'name="tuan" value="2026-11-23"' in answer.text
    answer = desk.post(f"/tin/{item}/lam", **form, tuan="2026-11-23", sure="yes")
    assert answer.headers["location"].startswith("/lich?tu=2026-11-23&")
    page = html.unescape(desk.get(answer.headers["location"]).text)
    assert "Đã đổi giờ" in page
    assert 'name="when" value="2026-11-26T08:00"' in page
    answer = desk.post(f"/tin/{item}/lam", **form | {"when": "2026-11-27T10:00"}, tuan="//evil.example", sure="yes")
    assert answer.headers["location"].startswith(f"/tin/{item}?")

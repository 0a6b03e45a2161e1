"""The monitor and the page of an item, asked over HTTP."""

import html
import re
from datetime import timedelta

import pytest

from pipeline.ledger import views
from pipeline.ledger.verbs import By
from pipeline.model import Attempt

ITEM = "2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"
OUR_SCRIPT = re.compile(r'<script src="/(desk|phim)\.js" defer></script>')


@pytest.fixture
def page(desk):
    """The article's page, with entities turned back so that tests can read it; `raw` is what came over the wire."""
    address = f"/tin/{views.item(desk.ledger, ITEM)['id']}"
    return lambda raw=False: desk.get(address).text if raw else html.unescape(desk.get(address).text)


def body(answer):
    return html.unescape(answer.text)


def test_a_calm_morning_says_so(desk):
    """Nothing is stuck: one line, no list."""
    shown = body(desk.get("/"))

    assert "Không có gì bị kẹt" in shown
    assert "Lượt đăng bị kẹt" not in shown


def test_what_the_channel_refused_stands_first_with_its_error_and_a_remedy(desk):
    """And a click leads to the item."""
    desk.send("portal", Attempt("refused", error="Ảnh quá lớn", code="100"))
    shown = body(desk.get("/"))

    assert "1 việc cần người xử lý" in shown
    assert shown.index("Lượt đăng bị kẹt") < shown.index("Ảnh quá lớn") < shown.index("Theo kênh")
    assert re.search(r'<p class="title"><a href="/tin/[^"]+" data-row>', shown)


def test_what_is_due_for_longer_than_a_night_is_stuck(desk):
    """Quiet hours are no reason to ring."""
    desk.now += timedelta(hours=11)
    assert "Không có gì bị kẹt" in body(desk.get("/"))
    desk.now += timedelta(hours=2)
    assert "quá hạn" in body(desk.get("/"))


def test_a_held_channel_and_a_refused_file_are_told(desk, office):
    """With the reason, the line and how to mend it."""
    desk.send("portal", Attempt("held", error="-216 token hết hạn"))
    (office.content / "so-xay-dung" / "hong.md").write_text("---\nkind: article\ntitle: x\ndate: hôm nào\n---\nz")
    desk.look()
    shown = body(desk.get("/"))

    assert "cả kênh đang tạm giữ" in shown and "-216 token hết hạn" in shown
    assert "so-xay-dung/hong.md" in shown
    assert re.search(r"META006</code> <b>phải sửa</b> · dòng 4", shown)


def test_the_monitor_narrows_to_a_channel_and_a_state(desk):
    """Unknown words in the address narrow nothing and break nothing."""
    desk.send("portal")

    def listed(query):
        return len(re.findall('<span class="channel">', desk.get(query).text))

    assert (1, 1, 6) == (listed("/?view=published"), listed("/?channel=portal&view=planned"), listed("/?view=<x>"))


def test_the_page_of_an_item_tells_state_address_attempts_and_findings(desk, page):
    """Times, outcome, error and code of every try; newest first."""
    for _item in range(2):
        desk.send("portal", Attempt("later", error="bận", code="503", retry_at=desk.now))
    desk.now += timedelta(hours=1)
    for _item in range(2):
        desk.send("portal")
    shown = page()

    assert "https://portal.example/1" in shown
    assert "đang có phiên bản 1" in shown
    assert f"so-xay-dung/{ITEM}" in shown
    attempts = shown[shown.index('id="attempts"') :]
    assert attempts.index('<b class="outcome">xong</b>') < attempts.index("bận")
    assert "mã 503" in attempts


def test_every_tag_is_explained_by_words_that_stand_in_the_text(desk, page):
    """Which words, where, what they weigh; and the same words are marked in the text."""
    shown = page()
    tags = shown[shown.index('id="tags"') : shown.index('id="text"')]
    quoted = re.findall(r"<q>(.+?)</q>", tags)

    assert quoted
    assert re.search(r"(tiêu đề|tóm tắt|nội dung) · trọng số \d", tags)
    text = shown[shown.index('<div class="text">') :]
    assert set(quoted) & set(re.findall(r'<mark class="[^"]+">(.+?)</mark>', text))
    assert [] == [word for word in quoted if word not in re.sub("<[^>]+>", "", text)]
    assert re.search(r"Chủ đề|Lĩnh vực|Đối tượng", tags)


def test_words_that_a_mask_took_away_are_shown_as_left_out(desk, office, page):
    """One shop is no one-stop unit."""
    file = office.content / "so-xay-dung" / ITEM
    file.write_text(file.read_text(encoding="utf-8") + "\nBên cạnh có một cửa hàng bán nước.\n", encoding="utf-8")
    desk.look()
    shown = page()

    assert "<q>một cửa</q>" in shown[shown.index("Cố ý không tính") :]
    assert '<mark class="masked">một cửa</mark> hàng' in shown


def test_the_previews_are_the_stored_posts(desk, page):
    """Portal card, Zalo article and Facebook post, with the links that carry our marker."""
    shown = page()

    assert 3 == len(re.findall('<article class="phone', shown))
    assert "?tu=zalo" in shown
    assert "?tu=facebook" in shown
    picture = re.search(r'src="(/anh/[0-9a-f]{20}\.jpg)"', shown)[1]
    answer = desk.get(picture)
    assert (200, "image/jpeg") == (answer.status_code, answer.headers["content-type"])


def test_hostile_words_stay_words(desk, office):
    """Titles, errors and addresses of platforms are text, never markup, links or tricks with direction."""
    evil = "<script>alert(1)</script>"
    file = office.content / "so-xay-dung" / ITEM
    text = re.sub(r"(?m)^title: .*$", f'title: "Tin {evil} \\\\u202etxt.exe"', file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    desk.look()
    item = views.item(desk.ledger, ITEM)["id"]
    desk.ledger.approve(item, By("an editor who lets code out", desk.now))
    for _item in range(2):
        desk.send("portal", Attempt("done", "r", f'javascript:alert("{evil}")', error=evil))

    pages = [desk.get("/").text, desk.get(f"/tin/{item}").text]

    assert all(
        "<script" not in OUR_SCRIPT.sub("", shown) and "\u202e" not in shown and 'href="javascript' not in shown
        for shown in pages
    )
    assert all("&lt;script&gt;" in shown for shown in pages)


def test_pages_carry_a_strict_policy_and_no_inline_style_or_script(desk, page):
    """So that whatever slips through cannot run."""
    answer = desk.get("/")

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    for shown in (answer.text, page(raw=True)):
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", OUR_SCRIPT.sub("", shown))


@pytest.mark.parametrize("path", ["/tin/none", "/tin/..%2f..%2fetc%2fpasswd", "/anh/..%2f..%2fledger.sqlite",
                                  "/anh/" + "0" * 20 + ".jpg", "/nothing"])  # fmt: skip
def test_what_is_not_there_is_404(path, desk):
    """And nothing outside the picture folder is served."""
    assert 404 == desk.get(path).status_code


def test_a_foreign_host_name_gets_nothing(desk):
    """DNS rebinding: a page elsewhere must not read the desk."""
    assert 403 == desk.get("/", Host="evil.example").status_code

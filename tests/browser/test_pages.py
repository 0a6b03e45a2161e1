"""Every kind of page, as a browser shows it: on a phone and a desk, light and dark."""

import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser.newsroom import ARTICLE, ROOM_PAGES, settled
from tests.browser.rooms import follow, in_colours

pytestmark = pytest.mark.browser

ALL_PICTURES = """Promise.all([...document.images].filter(one => !one.complete).map(
    one => new Promise(there => { one.onload = one.onerror = there })))"""
WIDTHS = (390, 1280)
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


class Visit:
    """One page in a fresh window, with what it asked for and what it complained of."""

    def __init__(self, browser, address, width):
        self.address, self.asked, self.complaints = address, [], []
        size = {"width": width, "height": 844}
        self.context = browser.new_context(viewport=size, color_scheme="light", locale="vi-VN")
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.answer = self.page.goto(address, wait_until="load")
        settled(self.page, address)
        # Pictures further down load when they come near; here they all have to be there.
        self.page.evaluate("document.querySelectorAll('img').forEach(one => one.loading = 'eager')")
        self.page.evaluate(ALL_PICTURES)

    def _heard(self, message):
        own_404 = message.location.get("url") == self.address and "404" in message.text
        if message.type in ("error", "warning") and not own_404:
            self.complaints.append(message.text)


@pytest.fixture(params=WIDTHS)
def visit(request, browser, address):
    """Open a page; `keep` takes its picture when a folder was given."""
    folder, visits = request.config.getoption("--pictures"), []

    def go(name, site, place):
        visits.append(Visit(browser, address(site, place), request.param))
        return visits[-1], lambda scheme: folder and visits[-1].page.screenshot(
            path=f"{folder}/{name}-{request.param}-{scheme}.png", full_page=True)  # fmt: skip

    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    yield go
    for one in visits:
        one.context.close()


@pytest.mark.parametrize(("name", "site", "place"), ROOM_PAGES, ids=[name for name, *_rest in ROOM_PAGES])
def test_a_page_is_whole_and_open_to_everybody(name, site, place, visit, room):
    """Nothing from elsewhere, no error, no broken picture, no sideways scrolling, and axe finds nothing."""
    seen, keep = visit(name, site, place)
    ours = {urlsplit(one).netloc for one in (room.portal, room.simulator, room.desk)}

    assert (404 if name.endswith("missing") else 200) == seen.answer.status
    assert [] == [url for url in seen.asked if not url.startswith("data:") and urlsplit(url).netloc not in ours]
    assert [] == seen.complaints
    assert 0 >= seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    broken = "[...document.images].filter(one => !one.complete || !one.naturalWidth).map(one => one.src)"
    assert [] == seen.page.evaluate(broken)
    assert "vi" == seen.page.evaluate("document.documentElement.lang")
    keep("light")
    found = Axe().run(seen.page)
    assert 0 == found.violations_count, found.generate_report()
    in_colours(seen.page, "dark")
    keep("dark")
    found = Axe().run(seen.page, options=OF_COLOURS)
    assert 0 == found.violations_count, found.generate_report()
    assert [] == seen.complaints


def found_by(page, room, words):
    page.goto(f"{room.portal}/")
    page.locator("#tim").fill(words)
    page.locator("#tim").press("Enter")
    page.locator(".search-status", has_text=re.compile("Tìm thấy|Không tìm thấy")).wait_for()
    return [hit.inner_text() for hit in page.locator(".hit h2").all()]


def test_search_finds_with_and_without_marks(browser, room):
    """From any page, by the keyboard; words of the body count too, and what nobody wrote is not found."""
    page = browser.new_page()
    plain, marked = found_by(page, room, "de an 06"), found_by(page, room, "Đề án 06")

    assert plain
    assert sorted(plain) == sorted(marked)
    assert "Nộp hồ sơ cấp phép xây nhà trực tuyến" in found_by(page, room, "1.009994")[0]
    assert [] == found_by(page, room, "khongaivietthe")
    page.close()


def test_an_item_reads_without_a_script(browser, address):
    """Text, pictures and ways on are there; only the buttons that need one are not."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address("portal", ARTICLE))

    assert page.locator(".text p").count() > 3
    assert page.locator(".neighbours a").count() > 0
    assert 0 == page.locator(".share button").count()
    context.close()


def test_from_the_monitor_one_click_leads_to_the_item_and_back(browser, room):
    """The title in the list is the way in; the first link of the page is the way back."""
    page = browser.new_page()
    page.goto(f"{room.desk}/?channel=portal")
    title = page.locator(".deliveries .title a").first
    shown = title.inner_text()
    follow(title)
    assert shown == page.locator("h1").inner_text()
    follow(page.locator(".back a").first)
    assert room.desk == page.url.rstrip("/")
    page.close()


def test_the_monitor_shows_the_held_channel_and_the_refused_file_before_anything_else(browser, room):
    """Within the first screen of a desk: what an operator sees in five seconds."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(room.desk)

    assert re.search(r"2 việc cần người xử lý", page.locator(".verdict").inner_text())
    for text in ("cả kênh đang tạm giữ", "hong.md"):
        box = page.get_by_text(text).first.bounding_box()
        assert box["y"] + box["height"] < 900
    page.close()


TYPED = "---\nkind: article\ntitle: Tin gửi từ trình duyệt\nsummary: Tóm tắt.\ndate: hôm nào\n---\nThân bài.\n"


def sending(page, room, tmp_path):
    """Choose two files in the drop box of a unit that nobody else counts."""
    files = [tmp_path / "index.md", tmp_path / "anh.jpg"]
    files[0].write_text(TYPED, encoding="utf-8")
    Image.new("RGB", (1200, 800), "teal").save(files[1])
    page.goto(f"{room.desk}/gui-tin/so-noi-vu")
    page.set_input_files("#files", files)
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_files_are_sent_with_and_without_scripts(scripts, browser, room, tmp_path):
    """Chosen, listed, sent; the page that follows has findings with line and remedy."""
    context = browser.new_context(java_script_enabled=scripts)
    page = sending(context.new_page(), room, tmp_path)
    if scripts:
        assert ["anh.jpg", "index.md"] == sorted(
            row.split(" · ")[0] for row in page.locator("#chosen li").all_inner_texts()
        )
        page.get_by_role("button", name="Bỏ ra: anh.jpg").click()
        assert 1 == page.locator("#chosen li").count()
        page.set_input_files("#files", tmp_path / "anh.jpg")
    name = f"tin-thu-{int(scripts)}"
    page.get_by_label("Thư mục").fill(name)
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.get_by_role("heading", name="Kết quả gửi tệp").wait_for()

    assert "META006" in page.inner_text("main") and "dòng 5" in page.inner_text("main")
    assert {"index.md", "anh.jpg"} == {file.name for file in (room.folder / "content/so-noi-vu" / name).iterdir()}
    shutil.rmtree(room.folder / "content/so-noi-vu" / name)
    context.close()


def test_a_dropped_file_is_sent_and_a_refusal_stays_on_the_page(browser, room, tmp_path):
    """Dragged onto the zone; what is refused says why and leaves the choice."""
    page = browser.new_page()
    page.goto(f"{room.desk}/gui-tin/so-noi-vu")
    drop = page.evaluate_handle("""() => { const all = new DataTransfer();
        all.items.add(new File(["<html><script>alert(1)</script>"], "tin.md")); return all; }""")
    page.dispatch_event("#zone", "drop", {"dataTransfer": drop})
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.locator("main > .alarm").wait_for()

    assert "trang web (HTML)" in page.locator("main > .alarm").inner_text()
    assert 1 == page.locator("#chosen li").count()
    assert not (room.folder / "content/so-noi-vu/tin.md").exists()
    page.close()


def test_findings_come_while_one_types_and_the_draft_is_a_file(browser, room):
    """By the keyboard; saved where a person would have put it."""
    page = browser.new_page()
    page.goto(f"{room.desk}/soan/article?unit=so-noi-vu")
    page.get_by_label("Ngày").fill("hôm nào")
    page.get_by_label("Tiêu đề").press_sequentially("Tin soạn thử")
    page.locator("#live code", has_text="META006").wait_for()
    page.get_by_label("Ngày").fill("24/11/2026")
    page.locator("#live code", has_text="META006").wait_for(state="detached")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.get_by_text("Đã lưu.").wait_for()
    file = room.folder / "content/so-noi-vu/2026-11-24-tin-soan-thu.md"

    assert "status: draft" in file.read_text(encoding="utf-8")
    file.unlink()
    page.close()

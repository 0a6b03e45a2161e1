"""How people work at the desk: by the keyboard, without scripts, with the calendar, and what an operator does with accounts."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.rooms import Desk, follow, in_colours, serving, staffed

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("working")]  # one office for all of them

ARTICLE = "so-xay-dung/2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"
QUESTION = "so-xay-dung/2026-11-10-hoi-dap-ban-ve-giay.md"
HEALTH = "so-y-te/2026-11-05-so-suc-khoe-dien-tu/index.md"
WIDTHS = (390, 1280)
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
TEXT = ("---\nkind: article\ntitle: Tin gửi không cần JavaScript\nsummary: Tóm tắt của tin.\ndate: 20/11/2026\n---\n"
        "Người dân nộp hồ sơ tại bộ phận một cửa của phường.\n")  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Everything waits for an editor; it is never sent, so that nothing changes by itself."""
    with serving(staffed(tmp_path_factory.mktemp("working"), "so-y-te", "so-xay-dung")) as room:
        room.bantin("run")
        yield room


@pytest.fixture
def desk_of(browser, office, pictures):
    """`desk_of(login)` is a person who has logged in, in a window of their own."""
    opened = []

    def one(login, **window):
        opened.append(Desk(browser, office, login, pictures, **window))
        return opened[-1]

    yield one
    for desk in opened:
        desk.context.close()


def focused(page):
    return page.evaluate("document.activeElement.innerText || document.activeElement.name")


def test_an_approver_reviews_by_shortcuts_alone(desk_of, office):
    """j and k walk, o opens, a asks before it approves, r asks for the reason, u leads back; Enter alone sends nothing."""
    desk = desk_of("lan")
    page, keys = desk.go("/duyet"), desk.page.keyboard
    rows = page.locator("[data-row]").all_inner_texts()
    keys.press("j")
    keys.press("j")
    assert rows[1] == focused(page)
    keys.press("k")
    assert rows[0] == focused(page)
    keys.press("o")
    page.wait_for_url("**/tin/**")
    first = page.url
    keys.press("j")
    page.wait_for_url(lambda address: address != first)
    assert rows[1] == page.locator("h1").inner_text()
    keys.press("a")
    expect(page.locator("form.ask button")).to_be_focused()  # autofocus comes a moment after the form
    assert "Duyệt" == focused(page)
    page.go_back()
    keys.press("r")
    expect(page.locator("form.ask [name=why]")).to_be_focused()
    keys.press("Enter")
    assert page.locator("form.ask").is_visible()  # a reason is needed
    page.go_back()
    keys.press("u")
    page.wait_for_url("**/duyet")
    keys.press("/")
    page.wait_for_url("**/#tim")
    expect(page.locator("input[type=search]")).to_be_focused()
    keys.type("jk?a/")
    assert "jk?a/" == page.locator("input[type=search]").input_value()


def test_shortcuts_can_be_switched_off(desk_of):
    """WCAG 2.1.4: on the page that lists them, for this browser, and it is remembered."""
    desk = desk_of("lan")
    page = desk.go("/duyet")
    page.keyboard.press("?")
    page.wait_for_url("**/tro-giup")
    page.get_by_label("Bật phím tắt").uncheck()
    desk.go("/duyet")
    page.keyboard.press("j")
    assert "BODY" == page.evaluate("document.activeElement.tagName")
    desk.go("/tro-giup").get_by_label("Bật phím tắt").check()
    desk.go("/duyet").keyboard.press("j")
    assert "A" == page.evaluate("document.activeElement.tagName")


STOP = """() => { const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
    const shown = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2 && box.width * box.height > 0;
    return [one === document.body, one.closest("header, main, a.skip")?.tagName, shown ? "" : one.outerHTML]; }"""


@pytest.mark.parametrize("place", ["/", "/duyet", "item", "/lich", "/gui-tin/so-y-te", "/tai-khoan", "/im-lang"])
def test_everything_is_reached_by_tab_in_the_order_in_which_it_stands(place, desk_of, office):
    """The way to the content first, then header, then the page from above; each stop is seen and shows its focus."""
    page = desk_of("minh").go(f"/tin/{office.item(ARTICLE)['id']}" if place == "item" else place)
    page.evaluate("document.activeElement.blur()")
    stops = []
    for _number in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop[0]:
            break
        stops.append(stop)
    wanted = page.evaluate("""[...document.querySelectorAll("main a[href], main button, main input, main select, main summary, main textarea, main [tabindex='0']")]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.type !== "hidden").length""")  # fmt: skip

    assert "A" == stops[0][1]
    assert ["HEADER", "MAIN"] == list(dict.fromkeys(stop[1] for stop in stops[1:]))
    assert [] == [unseen for *_rest, unseen in stops if unseen]
    assert wanted <= sum(1 for stop in stops if stop[1] == "MAIN")


def form_of(page, channel=""):
    return page.locator(f'form.doing:has(input[name=channel][value="{channel}"])')


def done(page):
    return page.locator(".notice").first.inner_text()


def test_the_main_verbs_work_without_scripts(desk_of, office, tmp_path):
    """Upload, send back and undo it, approve, hold, release, withdraw: plain forms, each with its notice."""
    file = tmp_path / "khong-script.md"
    file.write_text(TEXT, encoding="utf-8")
    bich = desk_of("bich", java_script_enabled=False)
    bich.go("/gui-tin/so-y-te").set_input_files("#files", file)
    bich.follow("Gửi")
    assert "Tin gửi không cần JavaScript" in bich.text()
    office.bantin("run")
    minh = desk_of("minh", java_script_enabled=False)
    page = minh.go(f"/tin/{office.item('so-y-te/khong-script.md')['id']}")
    follow(form_of(page).locator("button[value=send_back]"))
    page.get_by_label("Lý do").fill("thiếu số liệu")
    follow(page.locator("form.ask button"))
    assert "Đã trả lại" in done(page)
    follow(page.get_by_role("button", name="Hoàn tác"))
    follow(form_of(page).locator("button[value=approve]"))
    assert "Cổng" in page.locator(".plan").inner_text()
    follow(page.locator("form.ask button"))
    assert "Đã duyệt" in done(page)
    for verb, words in (("hold", "Đã tạm giữ"), ("release", "Đã bỏ tạm giữ")):
        follow(form_of(page, "zalo").locator(f"button[value={verb}]"))
        assert words in done(page)
    follow(page.get_by_role("button", name="Hoàn tác"))
    assert "Đã tạm giữ" in done(page)
    follow(form_of(page).locator("button[value=withdraw]"))
    page.get_by_label("Lý do").fill("đơn vị xin rút")
    follow(page.locator("form.ask button"))

    assert "gỡ" in done(page).lower()
    assert {0} == {row["want"] for row in office.item("so-y-te/khong-script.md")["deliveries"]}
    page = minh.go("/lich")
    assert page.locator(".calendar").count() == 7


def planned(desk, office, file):
    """Approved, and every channel moved to tomorrow at nine, so that nobody sends it meanwhile."""
    tomorrow = (datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) + timedelta(days=1)).replace(hour=9, minute=0)
    page = desk.go(f"/tin/{office.item(file)['id']}")
    follow(form_of(page).locator("button[value=approve]"))
    follow(page.locator("form.ask button"))
    for channel in ("portal", "zalo", "facebook"):
        follow(form_of(page, channel).locator("button[value=move]"))
        page.locator("form.ask [name=when]").fill(f"{tomorrow:%Y-%m-%dT%H:%M}")
        follow(page.locator("form.ask button"))
        page.locator(".notice").wait_for()
    return tomorrow


def test_an_item_is_dragged_to_another_time(desk_of, office):
    """It leads to the same question as the form; it is noted, and one click takes it back."""
    desk = desk_of("minh")
    tomorrow = planned(desk, office, QUESTION)
    page = desk.go(f"/lich?tu={tomorrow:%Y-%m-%d}")
    row = page.locator(f"#d{tomorrow:%Y-%m-%d} ~ .cells li[draggable][data-channel=zalo]").first
    row.hover(position={"x": 4, "y": 4})
    page.mouse.down()
    page.mouse.move(10, 10, steps=3)
    slot = page.locator(f'.slots > span[data-when="{tomorrow:%Y-%m-%d}T15:00"]')
    slot.wait_for()
    box = slot.bounding_box()
    desk.picture_of_now("calendar-drag")
    page.mouse.move(box["x"] + 5, box["y"] + 5, steps=4)
    page.mouse.up()
    page.locator("form.ask").wait_for()
    assert f"{tomorrow:%Y-%m-%d}T15:00" == page.locator("form.ask [name=when]").input_value()
    page.locator("form.ask [name=why]").fill("nhường tin khẩn")
    follow(page.locator("form.ask button"))
    page.wait_for_url("**/lich?*")
    assert "15:00" in page.locator(f"#d{tomorrow:%Y-%m-%d} ~ .cells .cell[data-channel=zalo]").inner_text()
    desk.picture("calendar-moved")
    assert "nhường tin khẩn" in desk.go(f"/tin/{office.item(QUESTION)['id']}").locator(".deeds").inner_text()
    page.go_back()
    follow(page.get_by_role("button", name="Hoàn tác"))
    page.locator(".notice").wait_for()

    assert "09:00" in page.locator(f"#d{tomorrow:%Y-%m-%d} ~ .cells .cell[data-channel=zalo]").inner_text()


def test_on_a_phone_it_moves_by_the_form(desk_of, office):
    """The same page without dragging, by the keyboard too."""
    desk = desk_of("minh", has_touch=True)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    tomorrow = planned(desk, office, HEALTH) + timedelta(days=1)
    page = desk.go(f"/lich?tu={tomorrow - timedelta(days=1):%Y-%m-%d}")
    summary = page.locator("li[data-channel=facebook] summary").first
    summary.focus()
    page.keyboard.press("Enter")
    form = page.locator("li[data-channel=facebook] details[open] form")
    form.locator("[name=when]").fill(f"{tomorrow:%Y-%m-%dT10:30}")
    follow(form.locator("button"))
    follow(page.locator("form.ask button"))
    page.locator(".notice").wait_for()

    assert f"{tomorrow:%Y-%m-%d}T10:30" in str(office.of(HEALTH, "facebook")["not_before"]) or "10:30" in desk.text()


def test_an_operator_makes_an_account_changes_it_and_ends_its_session(desk_of, browser, office):
    """The password is shown once; the person chooses another; a session that is ended is at its end at once."""
    minh = desk_of("minh")
    page = minh.go("/tai-khoan")
    form = page.locator("form.ask").last
    form.locator("[name=login]").fill("thu.nv")
    form.locator("[name=name]").fill("Nguyễn Văn Thư")
    form.locator("[name=role]").select_option("editor")
    follow(form.get_by_role("button"))
    first = page.locator("code.secret").inner_text()
    minh.picture("accounts-made")
    guest = browser.new_context(locale="vi-VN").new_page()
    enter(guest, office, "thu.nv", first)
    guest.goto(f"{office.desk}/mat-khau")
    for name, words in (("cu", first), ("moi", "mười hai con giáp"), ("lai", "mười hai con giáp")):
        guest.locator(f"[name={name}]").fill(words)
    guest.get_by_role("button", name="Đổi mật khẩu").click()
    guest.wait_for_url("**/dang-nhap*")
    enter(guest, office, "thu.nv", "mười hai con giáp")
    assert "Nguyễn Văn Thư" in guest.inner_text("header")
    minh.go("/tai-khoan")
    person = page.locator(".people > li", has_text="thu.nv")
    follow(person.get_by_role("button", name="Kết thúc phiên").first)
    assert "Đã kết thúc phiên" in done(page)
    guest.goto(office.desk)
    assert "/dang-nhap" in guest.url
    person.locator("summary").click()
    person.locator("[name=role]").select_option("reader")
    follow(person.get_by_role("button", name="Đổi vai trò"))
    assert "người xem" in page.locator(".people > li", has_text="thu.nv").inner_text()
    guest.context.close()


def enter(page, office, login, password):
    page.goto(f"{office.desk}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(f"{office.desk}/")


PLACES = {"review": "/duyet", "help": "/tro-giup", "accounts": "/tai-khoan", "password": "/mat-khau", "calendar": "/lich",
          "monitor": "/", "log": "/nhat-ky", "blackout": "/im-lang", "item": "item",
          "approve": "approve", "send_back": "send_back", "send": "/gui-tin/so-y-te", "write": "/soan/article?unit=so-y-te"}  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_any_page_of_people_who_log_in(width, desk_of, office, pictures):
    """Light and dark; nothing stands out of a phone's screen."""
    desk = desk_of("minh")
    desk.page.set_viewport_size({"width": width, "height": 844})
    found = {}
    for name, place in PLACES.items():
        page = desk.go(f"/tin/{office.item(ARTICLE)['id']}" if place in ("item", "approve", "send_back") else place)
        if place in ("approve", "send_back"):
            follow(form_of(page).locator(f"button[value={place}]"))
        for scheme in ("light", "dark"):
            in_colours(page, scheme)
            result = Axe().run(page, options=OF_COLOURS if scheme == "dark" else None)
            if result.violations_count:
                found[name, scheme] = result.generate_report()
            if pictures:
                page.screenshot(path=f"{pictures}/work-{name}-{width}-{scheme}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found[name, "wide"] = wide

    assert {} == found

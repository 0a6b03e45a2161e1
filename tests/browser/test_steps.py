"""What a person sees only on the way: second steps, refusals, results. axe on each, on a phone and a desk, light and dark."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from pipeline.desk.actions import DELIVERY, ITEM
from pipeline.ledger import Ledger, accounts, sessions
from pipeline.ledger.engine import open_engine
from pipeline.ledger.verbs import By
from tests.browser.rooms import Desk, in_colours, serving, staffed

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("steps")]  # one office for all of them

FILE = "so-xay-dung/2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"
OTHER = "so-xay-dung/2026-11-10-hoi-dap-ban-ve-giay.md"
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
REFUSED = "---\nkind: article\ntitle: Tin thiếu ngày\nsummary: Tóm tắt\ndate: hôm nào\n---\nNội dung.\n"
SERVICE = {
    "issuer": '"https://sso.hanoi.gov.vn"',
    "client_id": '"bantin"',
    "password_page": '"https://sso.hanoi.gov.vn/mat-khau"',
}
AXE = Axe().axe_script
RUN = """options => axe.run(document, options).then(found => found.violations.flatMap(
    one => one.nodes.map(node => [one.id, node.html, node.failureSummary])))"""
SUBMIT = """([action, values]) => { const form = document.createElement("form"); form.method = "post"; form.action = action;
    for (const [name, value] of Object.entries(values)) { const one = document.createElement("input");
        one.type = "hidden"; one.name = name; one.value = value; form.append(one); }
    document.body.append(form); form.submit(); }"""


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Everything waits for an editor; people may also come in by a login service."""
    with serving(staffed(tmp_path_factory.mktemp("steps"), "so-xay-dung", **SERVICE)) as room:
        room.bantin("run")
        yield room


@pytest.fixture
def seen(browser, office, pictures):
    """`seen(login)` is a person who looks: `look(name)` at what stands there, `post(place, …)` a form; faults at the end."""
    opened = []

    def one(login):
        opened.append(Looking(browser, office, login, pictures))
        return opened[-1]

    yield one
    for looking in opened:
        looking.context.close()
    assert {} == {name: fault for looking in opened for name, fault in looking.faults.items()}
    assert sum(len(looking.names) for looking in opened) > 0


class Looking(Desk):
    """A person whose every page is looked at."""

    def __init__(self, *who):
        super().__init__(*who)
        self.faults, self.names = {}, []

    def look(self, name, words=""):
        """axe and width; `words` have to stand there, or it is another page than was meant."""
        page = self.page
        assert words in page.inner_text("body"), (name, page.url, page.inner_text("body")[:600])
        assert page.locator("main").count() == 1
        self.names.append(name)
        page.evaluate(AXE)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            for scheme in ("light", "dark"):
                in_colours(page, scheme)
                found = page.evaluate(RUN, OF_COLOURS if scheme == "dark" else {})
                if found:
                    self.faults[name, width, scheme] = found
                if self._pictures:
                    Path(self._pictures).mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=f"{self._pictures}/step-{name}-{width}-{scheme}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                self.faults[name, width, "wide"] = wide

    def post(self, place, **values):
        """A form of the desk's own page, as its button sends it."""
        if not self.page.url.startswith(self.room.desk):
            self.go("/tro-giup")
        with self.page.expect_navigation():
            self.page.evaluate(SUBMIT, [place, values])
        return self.page


def test_every_second_step_of_an_item(seen, office):
    """Each verb that asks before it does, for a channel and for the item, and what it says when something is missing."""
    minh, item = seen("minh"), office.item(FILE)["id"]
    for channel, table in (("facebook", DELIVERY), ("", ITEM)):
        for verb, action in table.items():
            if action.asks("") and (channel or verb not in DELIVERY):
                minh.post(f"/tin/{item}/lam", verb=verb, channel=channel)
                minh.look(f"ask-{verb}", "Không làm gì")
    minh.post(f"/tin/{item}/lam", verb="move", channel="zalo", sure="yes", when="2020-01-01T08:00", why="thử")
    minh.look("ask-problem", "đã qua")
    minh.post(f"/tin/{item}/lam", verb="release", channel="zalo")
    minh.look("item-problem")


def test_what_stands_after_a_verb(seen, office):
    """The item with its notice and the way back; the list with what was handed in, and the empty one."""
    dung, lan, item = seen("dung"), seen("lan"), office.item(OTHER)["id"]
    dung.go(f"/tin/{item}")
    dung.follow("Trình duyệt")
    dung.look("item-handed-in", "đã trình duyệt")
    lan.go("/duyet")
    lan.look("review-handed-in", "Trần Văn Dũng")
    lan.post(f"/tin/{item}/lam", verb="send_back", why="Thiếu căn cứ pháp lý của câu trả lời", sure="yes")
    lan.look("item-sent-back", "Hoàn tác")
    bich = seen("bich")
    bich.go("/duyet")
    bich.look("review-empty", "Không có tin nào")
    bich.go("/tai-khoan")
    bich.look("not-allowed", "Tài khoản")


def test_uploads_and_their_results(seen, tmp_path):
    """Refused at the door, there already, waiting for intake, with findings; a file that the forms cannot show."""
    bich, file = seen("bich"), tmp_path / "tin-hong.md"
    page = bich.go("/gui-tin/so-y-te")
    for text, name, words in (("<html><script>alert(1)</script>", "upload-refused", "trang web (HTML)"), (REFUSED, "upload-findings", "META006"),
                              (REFUSED.replace("hôm nào", "20/11/2026"), "upload-exists", "Các tệp này đã có")):  # fmt: skip
        page = bich.go("/gui-tin/so-y-te")
        file.write_text(text, encoding="utf-8")
        page.set_input_files("#files", file)
        bich.press("Gửi")
        page.get_by_text(words).first.wait_for()
        bich.look(name, words)
    bich.follow("Thay thế: thành phiên bản mới của cùng một tin")
    page.get_by_role("heading", name="Kết quả gửi tệp").wait_for()
    bich.look("upload-replaced")
    bich.go("/gui-tin/so-y-te/ket-qua?tep=so-y-te/khong-co.md")
    bich.look("upload-nothing", "không có ở đó")
    bich.go("/soan/article?unit=so-y-te&tep=so-y-te/khong-co.md")
    bich.look("write-nowhere", "Không tìm thấy")
    bich.go("/soan/article?unit=so-y-te&tep=so-y-te/tin-hong.md")
    bich.look("write-findings")
    bich.page.get_by_label("Ngày").fill("hôm nào")
    bich.page.locator("#live code", has_text="META006").first.wait_for()
    bich.look("write-live")


def test_accounts_and_passwords(seen, browser, office, pictures):
    """Made, refused, changed; the own password: wrong, kept by a login service; the login page that says no."""
    minh = seen("minh")
    minh.post("/tai-khoan", verb="them", login="thu.nv", name="Nguyễn Văn Thư", role="editor")
    minh.look("account-made", "Mật khẩu của thu.nv")
    minh.post("/tai-khoan", verb="them", login="thu.nv", name="Nguyễn Văn Thư", role="contributor")
    minh.look("account-problem")
    minh.post("/tai-khoan", verb="vai-tro", login="thu.nv", role="contributor")
    minh.look("account-change", "phải có đơn vị")
    minh.post("/tai-khoan", verb="khoa", login="thu.nv", why="nghỉ việc")
    minh.look("account-closed", "đang đóng")
    minh.post("/mat-khau", cu="sai mật khẩu", moi="x", lai="x")
    minh.look("password-wrong", "không đúng")
    minh.context.add_cookies([{"name": "bantin", "value": by_the_service(office), "url": office.desk}])
    minh.go("/mat-khau")
    minh.look("password-at-the-service", "Mật khẩu do dịch vụ đó giữ")
    minh.context.clear_cookies()
    minh.go("/dang-nhap?tiep=/duyet")
    minh.look("login-service", "https://sso.hanoi.gov.vn")
    minh.post("/dang-nhap", ten="minh", mat_khau="sai")
    minh.look("login-wrong", "không đúng")


def by_the_service(office):
    """A session of somebody without a password here."""
    engine, now = open_engine(f"sqlite:///{office.folder}/state/ledger.sqlite"), datetime.now(UTC)
    ledger, by = Ledger(engine, "thử"), By("thử", now)
    accounts.add(ledger, accounts.Account("moi", "Bà Mới", "editor", email="moi@hanoi.gov.vn"), by)
    session = sessions.begin(ledger, "moi", "127.0.0.1", By("moi", now))
    engine.dispose()
    return session


def test_a_blackout_step_by_step(seen):
    """Asked, on, told on the monitor and in the calendar, asked again, over."""
    minh = seen("minh")
    minh.post("/im-lang", verb="bat", why="Quốc tang", ends="2020-01-01T00:00", sure="yes")
    minh.look("blackout-problem")
    minh.post("/im-lang", verb="bat", why="Quốc tang")
    minh.look("blackout-asks", "Đúng, bật tạm dừng")
    minh.follow("Đúng, bật tạm dừng")
    minh.look("blackout-on", "Đã bật tạm dừng")
    minh.go("/")
    minh.look("monitor-blackout", "Quốc tang")
    minh.go("/lich")
    minh.look("calendar-blackout", "Quốc tang")
    minh.post("/im-lang", verb="tat")
    minh.look("blackout-ends", "Đúng, kết thúc tạm dừng")
    minh.follow("Đúng, kết thúc tạm dừng")
    minh.look("blackout-over", "Đã kết thúc tạm dừng")


def test_lists_that_are_empty_and_addresses_without_sense(seen):
    """Nothing found, a day without deliveries, no unit chosen, a consent that nobody began, a form that is none."""
    minh = seen("minh")
    for name, place in (("monitor-nothing", "/?q=khongaivietthe"), ("monitor-last", "/?cuoi=1"), ("log-empty", "/nhat-ky?ngay=2020-01-01"),
                        ("write-unit", "/soan"), ("zalo-refused", "/zalo/callback?code=x&state=y"),
                        ("calendar-past", "/lich?tu=2020-01-01")):  # fmt: skip
        minh.go(place)
        minh.look(name)
    minh.post("/im-lang", verb="bat", why="x" * 600)
    minh.look("form-unreadable")

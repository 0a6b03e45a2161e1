"""The newsroom's whole day as its people live it: four persons, four browsers, one running `bantin serve`."""

import docx
import pytest
import requests

from tests.browser.rooms import LONG, Desk, follow, serving, staffed

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("day")]  # one office for all of them

HEAD = {"Loại tin": "Tin bài", "Tiêu đề": "Trạm y tế phường mở thêm giờ khám buổi tối", "Ngày đăng": "20/11/2026",
        "Tóm tắt": "Từ ngày 24/11, trạm y tế phường khám thêm từ 17 giờ đến 20 giờ các ngày trong tuần.",
        "Tác giả": "Nguyễn Thị Bích"}  # fmt: skip
BODY = ("Từ ngày 24/11, trạm y tế phường mở thêm giờ khám buổi tối cho người dân đi làm cả ngày.",
        "Người dân đặt lịch qua ứng dụng VNeID hoặc tại bộ phận một cửa; hồ sơ sức khỏe điện tử được cập nhật ngay.",
        "Sở Y tế cho biết việc này giảm thời gian chờ và giảm giấy tờ phải nộp.")  # fmt: skip
FILE = "so-y-te/kham-buoi-toi.docx"


def word(folder, name="kham-buoi-toi.docx", body=BODY, **changes):
    """A Word file as a unit writes it: a table of metadata, then the text."""
    made, head = docx.Document(), HEAD | {key.replace("_", " "): value for key, value in changes.items()}
    table = made.add_table(rows=0, cols=2)
    for label, value in head.items():
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    for paragraph in body:
        made.add_paragraph(paragraph)
    folder.mkdir(exist_ok=True)
    made.save(folder / name)
    return folder / name


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Everything waits for an editor; one unit's item is there already."""
    with serving(staffed(tmp_path_factory.mktemp("office"), "so-y-te", "so-xay-dung")) as room:
        room.bantin("run")
        yield room


@pytest.fixture
def people(browser, office, pictures):
    """`people(login)` is a person who has logged in."""
    opened = {}

    def one(login):
        if login not in opened:
            opened[login] = Desk(browser, office, login, pictures)
        return opened[login]

    yield one
    for desk in opened.values():
        desk.context.close()


def drop(desk, file):
    """Drag a file onto the zone, as from a folder of the own machine."""
    page = desk.go("/gui-tin")
    data = list(file.read_bytes())
    transfer = page.evaluate_handle(
        """([bytes, name]) => { const all = new DataTransfer();
        all.items.add(new File([new Uint8Array(bytes)], name)); return all; }""", [data, file.name])  # fmt: skip
    page.dispatch_event("#zone", "drop", {"dataTransfer": transfer})
    desk.press("Gửi")


def act(desk, file, verb, channel="", **fields):
    """Press a button of the item's page, fill in what the second step asks for, and confirm."""
    page = desk.go(f"/tin/{desk.room.item(file)['id']}")
    form = page.locator(f'form.doing:has(input[name=channel][value="{channel}"])')
    follow(form.locator(f"button[value={verb}]"))
    for name, value in fields.items():
        page.locator(f"form.ask [name={name}]").fill(value)
    if page.locator("form.ask").count():
        desk.picture(f"ask-{verb}")
        follow(page.locator(f"form.ask button[value={verb}]"))
    page.locator(".notice").first.wait_for()
    return page


def sent_and_mended(people, office, tmp_path):
    """A contributor drops a Word file, reads what is wrong with it, and sends it again."""
    bich = people("bich")
    drop(bich, word(tmp_path / "1", Ngày_đăng="hôm nào", Tóm_tắt=""))
    bich.page.get_by_role("heading", name="Kết quả gửi tệp").wait_for()
    assert "META006" in bich.text() or "hôm nào" in bich.text()
    assert "bị từ chối" in bich.text()
    assert "hôm nào" in bich.page.locator(".source li.error mark").inner_text()
    bich.picture("1-findings")
    drop(bich, word(tmp_path / "2"))
    bich.page.get_by_role("heading", name="Các tệp này đã có").wait_for()
    bich.picture("2-exists")
    bich.press("Thay thế: thành phiên bản mới của cùng một tin")
    bich.page.get_by_role("heading", name="Kết quả gửi tệp").wait_for()
    assert "bị từ chối" not in bich.text()
    office.bantin("run")
    bich.page.reload()
    follow(bich.page.get_by_role("link", name="Xem tin sẽ hiển thị thế nào"))
    for channel in ("portal", "zalo", "facebook"):
        assert HEAD["Tiêu đề"] in bich.page.locator(f".phone.{channel}").inner_text()
    bich.picture("3-previews")
    assert 0 == bich.page.locator("form.doing").count()


def approved_by_another(people, office):
    """The editor hands it in and may not approve; the approver finds it in the list and does; an operator watches."""
    dung, lan = people("dung"), people("lan")
    people("minh").go("/").evaluate("window.mine = true")
    act(dung, FILE, "hand_in")
    assert "đã trình duyệt" in dung.text()
    assert 0 == dung.page.locator("button[value=approve]").count()
    dung.picture("4-handed-in")
    lan.go("/duyet")
    lan.picture("5-waiting")
    follow(lan.page.get_by_role("link", name=HEAD["Tiêu đề"]))
    assert "đã trình duyệt" in lan.text()
    act(lan, FILE, "approve", why="đúng kế hoạch")
    assert "Đã duyệt" in lan.text()
    lan.picture("6-approved")


def seen_live(people, office):
    """The monitor that was opened before the approval shows it going out, without being loaded again."""
    minh = people("minh")
    page = minh.page
    office.bantin("run")
    for channel in ("portal", "zalo", "facebook"):
        page.locator(f'#rows li.fresh[data-channel={channel}][data-view=published]', has_text=HEAD["Tiêu đề"]).wait_for(
            timeout=LONG * 1000)  # fmt: skip
    assert page.evaluate("window.mine")
    minh.picture("7-live")
    address = f"{office.portal}/{office.item(FILE)['address']}"
    assert HEAD["Tiêu đề"] in requests.get(address, timeout=LONG).text


def corrected(people, office, tmp_path):
    """A mistake in a public item: a new edition, one revision on every channel, told to the readers."""
    bich, lan = people("bich"), people("lan")
    body = (BODY[0].replace("24/11", "25/11"), *BODY[1:])
    drop(bich, word(tmp_path / "3", body=body, Đính_chính="Bản trước ghi sai ngày bắt đầu; đúng là 25/11."))
    bich.press("Thay thế: thành phiên bản mới của cùng một tin")
    bich.page.get_by_role("heading", name="Kết quả gửi tệp").wait_for()
    office.bantin("run")
    act(lan, FILE, "approve")
    office.bantin("run")
    item = office.item(FILE)
    assert {"portal", "zalo", "facebook"} == {
        row["channel"] for row in item["deliveries"] if row["have"] == item["edition"]
    }
    page = lan.go(f"/tin/{item['id']}")
    assert "25/11" in page.locator("ins").first.inner_text() + page.locator(".sides").first.inner_text()
    assert "đúng là 25/11" in lan.text()
    assert 3 == page.locator(".timeline li", has_text="sửa").count()
    lan.picture("8-corrected")
    assert "đúng là 25/11" in requests.get(f"{office.portal}/{item['address']}", timeout=LONG).text


def withdrawn(people, office):
    """Taken off everywhere, with a reason; the portal says 410 and the platforms have it no more."""
    lan = people("lan")
    addresses = {row["channel"]: row["url"] for row in office.item(FILE)["deliveries"]}
    act(lan, FILE, "withdraw", why="đơn vị xin rút")
    lan.picture("9-withdrawing")
    office.bantin("run")
    assert 410 == requests.get(addresses["portal"], timeout=LONG).status_code
    assert [] == on_the_platforms(office, HEAD["Tiêu đề"])
    lan.page.reload()
    assert 3 == lan.page.locator(".state.withdrawn").count()
    lan.picture("10-withdrawn")


def test_a_whole_day(people, office, tmp_path):
    """From a Word file with mistakes to an item that is public, corrected and withdrawn; each by the person whose work it is."""
    sent_and_mended(people, office, tmp_path)
    approved_by_another(people, office)
    seen_live(people, office)
    corrected(people, office, tmp_path)
    withdrawn(people, office)


def sent(people, office, tmp_path, login, name, title, body):
    """A new item of so-y-te that waits for its approval; its file."""
    desk = people(login)
    if login == "bich":
        drop(desk, word(tmp_path, name, (body, *BODY[1:]), Tiêu_đề=title, Tóm_tắt=body))
    else:
        desk.go("/gui-tin/so-y-te").set_input_files(
            "#files", word(tmp_path, name, (body,), Tiêu_đề=title, Tóm_tắt=body)
        )
        desk.press("Gửi")
    desk.page.get_by_role("heading", name="Kết quả gửi tệp").wait_for()
    office.bantin("run")
    return f"so-y-te/{name}"


def test_who_sent_a_file_does_not_approve_it(people, office, tmp_path):
    """Four eyes, also for an approver: the button is not there, and the request of somebody who knows it is refused."""
    file = sent(people, office, tmp_path, "lan", "tu-gui.docx", "Phòng khám phường nhận kết quả qua mạng",
                "Phòng khám phường trả kết quả xét nghiệm qua mạng cho người dân từ tuần này.")  # fmt: skip
    lan, item = people("lan"), office.item(file)["id"]
    page = lan.go(f"/tin/{item}")
    assert "Người gửi và người duyệt phải là hai người khác nhau" in lan.text()
    assert 0 == page.locator("button[value=approve]").count()
    lan.picture("11-four-eyes")
    send = """([place, words]) => fetch(place, {method: "POST", body: new URLSearchParams(words)}).then(one => one.status)"""

    assert 409 == page.evaluate(send, [f"/tin/{item}/lam", {"verb": "approve", "sure": "yes"}])
    assert [] == office.item(file)["deliveries"]


def on_the_platforms(office, title):
    """What the simulator shows of a title, as (channel, post)."""
    held = requests.get(f"{office.simulator}/_sim/held", timeout=LONG).json()
    found = [(channel, one) for channel in ("zalo", "facebook") for one in held[channel]]
    return [(channel, one) for channel, one in found if title in str(one) and one["status"] in ("show", "published")]


def test_an_unsure_delivery_is_adopted_or_planned_again(people, office, tmp_path):
    """One post is there although its answer was lost, one never came; a person says so, and each stands there once."""
    title = "Nhà thuốc phường nhận đơn thuốc điện tử"
    file = sent(people, office, tmp_path, "bich", "don-thuoc.docx", title,
                "Nhà thuốc của phường nhận đơn thuốc điện tử, người dân không phải mang giấy.")  # fmt: skip
    office.fault("facebook.feed", "lost")
    office.fault("zalo.create", "reset-before")
    act(people("lan"), file, "approve")
    office.bantin("run")
    minh, item = people("minh"), office.item(file)["id"]
    minh.go("/")
    assert 2 == minh.page.locator("#stuck-list .state.in_doubt").count()
    minh.picture("12-unsure")
    minh.go(f"/tin/{item}")
    assert "Mất câu trả lời của kênh" in minh.text()
    minh.picture("13-unsure-item")
    ((_channel, post),) = on_the_platforms(office, title)
    act(minh, file, "adopt", "facebook", remote_id=post["id"], url=f"{office.simulator}/facebook#{post['id']}")
    act(minh, file, "absent", "zalo")
    office.bantin("run")

    assert {("facebook", 1), ("zalo", 1), ("portal", 1)} == {
        (row["channel"], row["have"]) for row in office.item(file)["deliveries"]
    }
    assert ["zalo", "facebook"] == [channel for channel, _post in on_the_platforms(office, title)]
    minh.go(f"/tin/{item}")
    minh.picture("14-settled")


def test_nothing_goes_out_while_a_blackout_is_on(people, office, tmp_path):
    """Switched on in two steps, told on the monitor and in the calendar; what waited goes out after it."""
    file = sent(people, office, tmp_path, "bich", "tiem-chung.docx", "Lịch tiêm chủng tháng 12 có trên mạng",
                "Người dân xem lịch tiêm chủng tháng 12 của phường trên mạng và đặt giờ trước.")  # fmt: skip
    minh = people("minh")
    page = minh.go("/im-lang")
    page.get_by_label("Lý do").fill("Quốc tang")
    follow(page.get_by_role("button", name="Bật tạm dừng"))
    minh.picture("15-blackout-asks")
    minh.follow("Đúng, bật tạm dừng")
    page.locator(".notice").wait_for()
    minh.picture("16-blackout")
    act(people("lan"), file, "approve")
    office.bantin("run")
    assert {0} == {row["have"] for row in office.item(file)["deliveries"]}
    minh.go("/")
    assert "Quốc tang" in page.locator("#now").inner_text()
    minh.picture("17-silent")
    assert "Quốc tang" in minh.go("/lich").locator(".calendar.today").inner_text()
    minh.go("/im-lang")
    follow(page.get_by_role("button", name="Kết thúc tạm dừng"))
    minh.follow("Đúng, kết thúc tạm dừng")
    page.locator(".notice").wait_for()
    office.bantin("run")

    assert {1} == {row["have"] for row in office.item(file)["deliveries"]}


def test_the_days_log_prints_with_a_block_to_sign(people, office, pictures):
    """Office and title above, two names to sign below; what is for the screen only is not on paper."""
    page = people("minh").go("/nhat-ky")
    page.emulate_media(media="print")
    text = page.inner_text("body")

    for words in ("Độc lập - Tự do - Hạnh phúc", "NGƯỜI LẬP", "NGƯỜI KIỂM TRA", "Hà Nội, ngày"):
        assert words in text
    for screen in ("header.bar", "form.filters", ".back"):
        assert not page.locator(screen).is_visible()
    if pictures:
        page.pdf(path=f"{pictures}/log.pdf", prefer_css_page_size=True)

"""The drop box over HTTP: what a person sends lies in the unit's folder, and what is hostile never does."""

import html
import io
import os
import shutil
import socket
import time
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image

from pipeline.desk.people import Person
from pipeline.ledger import views
from tests.pipeline.desk.conftest import SAME

UNIT = "so-xay-dung"
GOOD = (
    "---\nkind: article\ntitle: Bớt một lần đi lại khi xin phép sửa nhà\nsummary: Hồ sơ nộp trực tuyến được trả kết quả "
    "tại nhà.\ndate: 2026-11-20\n---\n\nTừ tháng 11, người dân nộp hồ sơ trên cổng dịch vụ công.\n"
)
BAD = GOOD.replace("2026-11-20", "hôm nào")


def jpeg(colour="red", size=(1200, 800), form="JPEG"):
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, form)
    return made.getvalue()


@pytest.fixture
def send(desk):
    def send(*files, unit=UNIT, follow=True, **fields):
        parts = [("files", one) for one in files]
        return requests.post(f"{desk.address}/gui-tin/{unit}", files=parts, data=fields, headers=SAME, timeout=20,
                             allow_redirects=follow)  # fmt: skip

    return send


@pytest.fixture
def folder(office):
    return office.content / UNIT


def shown(answer):
    return html.unescape(answer.text)


def lying(folder):
    """Everything below a folder; os.walk, because what is going away meanwhile is no error to it."""
    found = [Path(place, name) for place, folders, files in os.walk(folder) for name in folders + files]
    return sorted(one.relative_to(folder).as_posix() for one in found)


def test_a_text_lies_in_the_folder_and_its_findings_are_shown_with_line_and_remedy(send, folder):
    """As if a person had copied it there."""
    answer = send(("tin-moi.md", BAD))

    assert BAD == (folder / "tin-moi.md").read_text(encoding="utf-8")
    assert 200 == answer.status_code
    assert "META006" in shown(answer) and "dòng 5" in shown(answer) and "→" in shown(answer)
    assert "mỗi phút" in shown(answer)


def test_once_it_is_taken_in_the_page_leads_to_the_preview(send, desk):
    """The same address, a look later."""
    answer = send(("tin-moi.md", GOOD))
    assert "/tin/" not in answer.text.split('<ul class="files">')[1]
    desk.look()
    place = urlsplit(answer.url)
    again = desk.get(f"{place.path}?{place.query}").text
    item = again.split('href="/tin/')[1].split('"')[0]

    assert 200 == desk.get(f"/tin/{item}").status_code
    assert "data-wait" not in again


def test_several_files_become_a_folder_at_once(send, folder, desk):
    """Text and picture in a folder of their own are one item."""
    text = GOOD.replace("date:", "cover: anh.jpg\ncover_alt: Quầy tiếp nhận có hai công chức\ndate:")
    answer = send(("index.md", text), ("anh.jpg", jpeg()), folder="Tin sửa nhà")

    assert {"tin-sua-nha/anh.jpg", "tin-sua-nha/index.md"} <= set(lying(folder))
    assert "index.md" in answer.text and "anh.jpg" in answer.text
    assert any("tin-sua-nha/index.md" in one.path for one in desk.look().prepared)


def test_a_file_that_is_there_is_replaced_only_when_somebody_says_so(send, folder, desk):
    """First a question; then the very files that were sent, without sending them again."""
    send(("tin-moi.md", GOOD))
    answer = send(("tin-moi.md", BAD), ("khac.md", GOOD))
    assert 409 == answer.status_code
    assert GOOD == (folder / "tin-moi.md").read_text(encoding="utf-8")
    assert "khac.md" not in lying(folder)
    address = answer.text.split('method="post" action="')[1].split('"')[0]
    done = requests.post(desk.address + address, data={"lam": "thay"}, headers=SAME, timeout=5)

    assert 200 == done.status_code
    assert BAD == (folder / "tin-moi.md").read_text(encoding="utf-8")
    assert "khac.md" in lying(folder)
    assert [] == [one for one in lying(folder) if "gui-tin" in one]
    assert 422 == requests.post(desk.address + address, data={"lam": "thay"}, headers=SAME, timeout=5).status_code


def test_both_may_be_kept_or_the_upload_taken_back(send, folder, desk):
    """A second name, or nothing at all."""
    send(("tin-moi.md", GOOD))
    for choice, names in (("bo", 1), ("canh", 2)):
        page = send(("tin-moi.md", BAD)).text
        address = page.split('method="post" action="')[1].split('"')[0]
        requests.post(desk.address + address, data={"lam": choice}, headers=SAME, timeout=5)
        assert names == len([one for one in lying(folder) if one.startswith("tin-moi")])

    assert BAD == (folder / "tin-moi-2.md").read_text(encoding="utf-8")
    assert [] == [one for one in lying(folder) if "gui-tin" in one]


def test_the_same_file_twice_is_no_question(send, folder):
    """Nothing differs, nothing is asked."""
    send(("tin-moi.md", GOOD))

    assert 200 == send(("tin-moi.md", GOOD)).status_code
    assert 1 == len([one for one in lying(folder) if one.startswith("tin-moi")])


def test_the_audit_says_who_sent_what(send, desk):
    """A file that was there already is no news."""
    send(("tin-moi.md", GOOD))
    send(("tin-moi.md", GOOD))
    found = [
        (row["who"], row["what"], row["subject"], row["note"]) for row in views.audit(desk.ledger, subject="", limit=9)
    ]

    assert [("may-nay", "send file", f"{UNIT}/tin-moi.md", "new")] == [row for row in found if row[1] == "send file"]


def bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", "x" * 80_000_000)
    return made.getvalue()


HOSTILE = {
    "zip bomb": ("to-trinh.docx", bomb(), "phình"),
    "web page": ("tin.md", b"<!-- x --><html><script>alert(1)</script></html>", "HTML"),
    "picture bomb": ("anh.png", b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\xff\xff\xff\0\xff\xff\xff\x08\x02\0\0\0" + b"\0" * 40, ""),
    "program": ("tin.md", b"MZ\x90\0" + b"\0" * 100, "không phải"),
    "picture as text": ("tin.md", jpeg(), "không phải"),
    "png as jpg": ("anh.jpg", jpeg(form="PNG"), "PNG"),
    "svg": ("anh.svg", b"<svg onload=alert(1)>", "loại"),
    "empty": ("tin.md", b"", "trống"),
    "huge text": ("tin.md", b"a" * 300_000, "KB"),
    "up": ("../tin.md", b"x", "tên"),
    "up by backslash": ("..\\..\\tin.md", b"x", "tên"),
    "absolute": ("/etc/cron.d/x.md", b"x", "tên"),
    "hidden": (".htaccess.md", b"x", "tên"),
    "our report": ("KET-QUA.html", b"x", "tên"),
    "device": ("con.md", b"x", "tên"),
    "turned": ("anh\u202egpj.md", b"x", "tên"),
    "long": ("a" * 230 + ".md", b"x", "dài"),
    "secret": ("Ke hoach TOI MAT.md", b"x", "mật"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_with_a_clear_message(name, send, folder):
    """And nothing of it stays, not even hidden."""
    before = lying(folder.parent)
    file, data, words = HOSTILE[name]
    answer = send((file, data))

    assert answer.status_code in (413, 422), answer.status_code
    alarm = shown(answer).split('role="alert">')[1].split("</p>")[0]
    assert words.lower() in alarm.lower()
    assert before == lying(folder.parent)


def test_one_bad_file_refuses_the_whole_upload(send, folder):
    """Half an item is worse than none."""
    before = lying(folder)
    assert 422 == send(("tin-moi.md", GOOD), ("anh.jpg", b"no picture")).status_code

    assert before == lying(folder)


def test_two_thousand_parts_are_refused(send, folder):
    """Files and empty fields alike."""
    before = lying(folder)
    assert 413 == send(*((f"tin-{number}.md", "x") for number in range(2000))).status_code
    parts = [(f"f{number}", (None, "x")) for number in range(2000)]
    assert 413 == requests.post(send_address(send), files=parts, headers=SAME, timeout=20).status_code

    assert before == lying(folder)


def send_address(send):
    return send(("x.svg", b"x")).url


def raw(desk, head, *pieces, wait=0.0):
    """Speak HTTP by hand; the answer's first line."""
    with socket.create_connection(("127.0.0.1", urlsplit(desk.address).port), timeout=20) as line:
        line.sendall(head)
        for piece in pieces:
            line.sendall(piece)
            time.sleep(wait)
        return line.recv(65536).split(b"\r\n")[0].decode()


HEAD = ("POST /gui-tin/so-xay-dung HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\nContent-Type: multipart/form-data; boundary=xx\r\n"
        "Content-Length: {size}\r\n\r\n")  # fmt: skip
PART = b'--xx\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\n'


def test_a_body_that_stops_coming_is_let_go(office, desk, folder):
    """With an answer, and without a rest on the disk."""
    object.__setattr__(office.upload, "idle", 0.3)  # frozen settings of this test's own copy
    before = lying(folder)

    assert "408" in raw(desk, HEAD.format(size=5000).encode(), PART + b"abc")
    assert before == lying(folder)


def test_a_body_that_is_too_large_is_refused_before_it_came(office, desk, folder):
    """By its own word already."""
    object.__setattr__(office.upload, "idle", 0.3)
    before = lying(folder)

    assert "413" in raw(desk, HEAD.format(size=10**12).encode(), PART)
    assert before == lying(folder)


def test_a_sender_that_goes_away_leaves_nothing_behind(desk, folder, caplog):
    """No rest on the disk, no error in the log."""
    before = lying(folder)

    def until(there):
        end = time.monotonic() + 10
        while (lying(folder) != before) != there and time.monotonic() < end:
            pass  # what the server does cannot be awaited otherwise
        return (lying(folder) != before) == there

    with socket.create_connection(("127.0.0.1", urlsplit(desk.address).port), timeout=20) as line:
        line.sendall(HEAD.format(size=5000).encode() + PART + b"abc")
        assert until(True)

    assert until(False)
    assert "Traceback" not in caplog.text


def test_a_folder_that_cannot_be_written_is_told(send, folder):
    """The reason is the system's own."""
    shutil.rmtree(folder)
    folder.write_bytes(b"a file where the folder of the unit should be")
    answer = send(("tin-moi.md", GOOD))

    assert 507 == answer.status_code and "Hãy báo" in shown(answer)


@pytest.mark.parametrize(
    "body", [b"", b"--yy\r\n", PART, PART + b"x\r\n--xx", b"--xx\r\n" + b"A" * 9000 + b": b\r\n\r\n"]
)
def test_a_broken_form_is_no_server_error(body, desk, folder):
    """Cut off, without an end, with endless headers."""
    before = lying(folder)
    answer = requests.post(f"{desk.address}/gui-tin/{UNIT}", data=body, timeout=10,
                           headers=SAME | {"Content-Type": "multipart/form-data; boundary=xx"})  # fmt: skip

    assert 400 <= answer.status_code < 500
    assert before == lying(folder)


def test_other_units_folders_are_out_of_reach(desk, send):
    """An unknown unit is no page, a path out of the unit's folder is nobody's file."""
    assert 404 == send(("tin.md", GOOD), unit="khong-co").status_code
    answer = desk.get(f"/gui-tin/{UNIT}/ket-qua?tep=so-y-te/x.md&tep={UNIT}/../../config.toml")

    assert 2 == shown(answer).count("không có ở đó")
    assert "base_url" not in answer.text


def test_a_name_that_is_markup_is_shown_as_text(send):
    """Names of files are hostile too."""
    answer = send(("<img src=x onerror=alert(1)>.md", GOOD))

    assert 422 == answer.status_code
    assert "<img src=x" not in answer.text


def test_intake_does_not_see_an_upload_that_waits(send, desk, folder):
    """It lies in the folder, hidden."""
    send(("tin-moi.md", GOOD))
    send(("tin-moi.md", BAD))
    staged = list(folder.glob(".gui-tin-*/*"))

    assert 1 == len(staged)
    assert [] == [one.path for one in desk.look().prepared if "gui-tin" in one.path]


def test_a_contributor_writes_for_the_own_unit_only(desk, monkeypatch):
    """The folder of another unit is forbidden, and choosing one leads home."""
    monkeypatch.setattr("pipeline.desk.guard.LOCAL", Person("lan", "Lan", "contributor", UNIT))
    address = desk.address
    home = requests.get(f"{address}/gui-tin", timeout=5, allow_redirects=False)
    assert f"/gui-tin/{UNIT}" == home.headers["location"]
    for path in (
        "/gui-tin/so-y-te",
        "/gui-tin/so-y-te/ket-qua",
        "/soan?unit=so-y-te",
        "/soan/article?unit=so-y-te",
    ):
        assert 403 == requests.get(address + path, timeout=5).status_code, path
    for path in ("/gui-tin/so-y-te", "/soan/article?unit=so-y-te", "/gui-tin/so-y-te/cho/" + "0" * 32):
        assert (
            403 == requests.post(address + path, files={"files": ("a.md", GOOD)}, headers=SAME, timeout=5).status_code
        ), path
    fields = {"unit": "so-y-te", "kind": "article"}
    assert 403 == requests.post(f"{address}/kiem-tra", data=fields, headers=SAME, timeout=5).status_code
    assert 200 == requests.get(f"{address}/gui-tin/{UNIT}", timeout=5).status_code

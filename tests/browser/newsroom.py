"""A newsroom with a little trouble in it, and its pages, for the browser and for the HTML checker."""

import re
import shutil
from contextlib import contextmanager

from tests.browser.rooms import ROOT, Room, serving

REFUSED = "---\nkind: article\ntitle: Tin thiếu ngày\nsummary: Tóm tắt\ndate: hôm nào\n---\nNội dung.\n"
ARTICLE = "so-y-te/2026-11-05-so-suc-khoe-dien-tu/index.md"
CLIP = "cong-an-tp/2026-11-21-clip-mat-dien-thoai-khoa-vneid.md"
QUESTION = "so-xay-dung/2026-11-10-hoi-dap-ban-ve-giay.md"
EDITED = "xa-00577/2026-11-01-ho-gom-ban-hang-so.md"
# Name, site, and either a path or the file of the item whose page it is.
ROOM_PAGES = [
    ("portal-home", "portal", "/"), ("portal-area", "portal", "/mot-cua/"), ("portal-questions", "portal", "/hoi-dap/"),
    ("portal-article", "portal", ARTICLE), ("portal-clip", "portal", CLIP), ("portal-question", "portal", QUESTION),
    ("portal-clips", "portal", "/clip/"), ("portal-units", "portal", "/don-vi/"), ("portal-fields", "portal", "/linh-vuc/"),
    ("portal-topics", "portal", "/chu-de/"), ("portal-months", "portal", "/luu-tru/"),
    ("portal-search", "portal", "/tim-kiem/?q=de+an+06"), ("portal-contact", "portal", "/lien-he/"),
    ("portal-access", "portal", "/tiep-can/"), ("portal-feeds", "portal", "/kenh-tin/"), ("portal-numbers", "portal", "/con-so/"), ("portal-map", "portal", "/so-do/"),
    ("portal-missing", "portal", "/khong-co.html"), ("simulator", "simulator", "/"),
    ("simulator-facebook", "simulator", "/facebook"), ("simulator-zalo", "simulator", "/zalo"),
    ("simulator-article", "simulator", EDITED), ("desk-monitor", "desk", "/"),
    ("desk-planned", "desk", "/?channel=facebook&view=planned"), ("desk-item", "desk", EDITED),
    ("desk-clip", "desk", CLIP), ("desk-login", "desk", "/dang-nhap"), ("desk-missing", "desk", "/tin/khong-co"),
    ("desk-calendar", "desk", "/lich"), ("desk-blackout", "desk", "/im-lang"), ("desk-log", "desk", "/nhat-ky"), ("desk-api", "desk", "/api"),
    ("desk-search", "desk", "/?q=lang+gom&channel=zalo"),
    ("desk-send-unit", "desk", "/gui-tin"), ("desk-send", "desk", "/gui-tin/so-y-te"),
    ("desk-sent", "desk", "/gui-tin/so-y-te/ket-qua?tep=so-y-te/hong.md"), ("desk-drafts", "desk", "/soan?unit=so-y-te"),
    ("desk-write-article", "desk", f"/soan/article?unit=so-y-te&tep={ARTICLE}"), ("desk-write-clip", "desk", "/soan/clip?unit=so-y-te"),
    ("desk-write-question", "desk", f"/soan/qa?unit=so-xay-dung&tep={QUESTION}"),
]  # fmt: skip


def settled(page, address):
    """Wait for what comes after the page: the results of a search."""
    if "/tim-kiem/?q=" in address:
        page.locator(".search-status", has_text="ìm thấy").wait_for()


@contextmanager
def real_newsroom(folder):
    """Everything published; then one file edited, one broken, and Facebook's token dead."""
    for name in ("content", "schedules"):
        shutil.copytree(ROOT / name, folder / name)
    with serving(Room(folder)) as room:
        room.bantin("run")
        _trouble(room)
        yield room


def _trouble(room):
    (room.folder / "content/so-y-te/hong.md").write_text(REFUSED, encoding="utf-8")
    edited = room.folder / "content/xa-00577/2026-11-01-ho-gom-ban-hang-so.md"
    text = re.sub(r'(?m)^(summary: .+)"$', r'\1 Bên cạnh có một cửa hàng gốm."', edited.read_text(encoding="utf-8"))
    edited.write_text(text, encoding="utf-8")
    room.fault("facebook.*", "expired", times=5)
    room.bantin("run")

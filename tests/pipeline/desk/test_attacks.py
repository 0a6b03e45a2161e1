"""What an attacker tries on the desk, each tried over HTTP and refused; see also test_guard, test_login, test_dropbox."""

import json
import re
import socket
import threading
from pathlib import Path
from urllib.parse import quote, urlsplit

import html5lib
import pytest
import requests
import uvicorn
from fastapi import Response

from pipeline.desk import files
from pipeline.desk.app import build
from pipeline.desk.pages import environment
from pipeline.ledger import sessions, views
from pipeline.ledger.accounts import Account, add, change
from pipeline.ledger.verbs import By
from pipeline.model import Attempt
from tests.pipeline.desk.conftest import CHEAP, PASSWORD, SAME, Served
from tests.pipeline.desk.test_monitor import Stream

pytestmark = pytest.mark.attacks
ITEM = "2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"
OURS = ("/desk.js", "/gui-tin.js", "/soan.js", "/phim.js", "/lich.js")
LOADED = ("href", "src", "action", "formaction", "poster", "data", "srcset", "background", "cite", "ping")
EVIL = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'", "</textarea><svg/onload=alert(1)>",
    "{{7*7}}${7*7}<%=7*7%>", "javascript:alert(1)", "</title><script src=//evil.example></script>", "<a href=javascript:alert(1)>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "\u202e<script>\u202c", "<!--<script>", "]]><script>alert(1)</script>", "<math><mi xlink:href=javascript:alert(1)>x",
    "data-stamp\" onfocus=alert(1) autofocus x=\"", "&lt;script&gt;alert(1)&lt;/script&gt;", "<form action=//evil.example><button>",
]  # fmt: skip


def dangers(text):
    """What a browser would run, load or follow outside, in a page as a browser parses it."""
    found = []
    for element in html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        name, get = element.tag.rpartition("}")[2], element.attrib.get
        if (name == "script" and get("src") not in OURS) or name in (
            "iframe",
            "object",
            "embed",
            "base",
            "style",
            "math",
        ):
            found.append(name)
        if name == "meta" and "http-equiv" in element.attrib:
            found.append("meta")
        for key, value in element.attrib.items():
            plain = re.sub(r"[\x00-\x20]", "", str(value)).lower() if str(key).rpartition("}")[2] in LOADED else ""
            if (
                str(key).lower().startswith("on")
                or str(key) == "style"
                or "javascript:" in plain[:20]
                or plain.startswith("data:")
            ):
                found.append(f"{name} {key}={value}")
        action = get("action") or get("formaction") or ""
        if action and (not action.startswith("/") or action.startswith("//")):
            found.append(f"form to {action}")
    return found


@pytest.fixture
def hostile(desk, office):
    """A newsroom whose titles, file names, findings, drafts, reasons and platforms' answers are all hostile; its pages."""
    folder = office.content / "so-xay-dung"
    good, names = (folder / ITEM).read_text(encoding="utf-8"), []
    (folder / "tu-nguon-tin").mkdir()
    for number, evil in enumerate(EVIL):
        title = json.dumps(f"Tin {number} {evil}", ensure_ascii=False)
        text = re.sub(r"(?m)^title: .*$", lambda _, title=title: f"title: {title}", good)
        (folder / f"tin-{number}.md").write_text(f"{text}\n\n{number} {evil}\n\n[x]({evil})\n", encoding="utf-8")
        names.append(f"{number}{evil.replace('/', '')[:80]}.md")
        (folder / names[-1]).write_text(
            f"---\nkind: article\ntitle: {title}\ndate: {evil}\n---\n{evil}", encoding="utf-8"
        )
        draft = f"---\nkind: article\nstatus: draft\ntitle: {title}\n---\n{evil}"
        (folder / "tu-nguon-tin" / names[-1]).write_text(draft, encoding="utf-8")
    desk.look()
    items = [row["item"] for row in views.drops(desk.ledger, "review")]
    for item, evil in zip(items, EVIL, strict=True):
        desk.ledger.approve(item, By(evil[:60], desk.now, evil))
        for result in (Attempt("refused", evil, evil, error=evil, code=evil, trace=evil), Attempt("done", evil, f"javascript:{evil}"),
                       Attempt("held", error=evil)):  # fmt: skip
            desk.ledger.release_channel("portal", evil[:60], desk.now, evil)
            claim = desk.ledger.claim("portal", desk.now)
            if claim:
                desk.ledger.settle(claim, result, desk.now)
    for item, evil in zip(items, EVIL, strict=True):
        desk.ledger.hold(item, "zalo", By(evil[:60], desk.now, evil))
        desk.ledger.black_out(desk.now, None, By(evil[:60], desk.now, evil))
    told = [f"/gui-tin/so-xay-dung/ket-qua?tep={quote(f'so-xay-dung/{name}')}" for name in names]
    forms = [f"/soan/article?unit=so-xay-dung&tep={quote(f'so-xay-dung/{name}')}" for name in ["tin-1.md", *names[:4]]]
    return ["/", "/nhat-ky", "/lich", "/im-lang", "/soan?unit=so-xay-dung", "/gui-tin/so-xay-dung", "/api", *forms, *told,
            *(f"/tin/{item}" for item in items)]  # fmt: skip


def test_what_is_stored_is_only_ever_shown_as_text(desk, hostile):
    """As a browser parses the pages, not as a pattern reads them."""
    answers = [(page, desk.get(page)) for page in hostile]

    assert len(EVIL) == len([page for page in hostile if page.startswith("/tin/")])
    assert [] == [(page, one.status_code) for page, one in answers if one.status_code not in (200, 422)]
    assert [] == [(page, danger) for page, one in answers for danger in dangers(one.text)]
    shown = "".join(html5lib_text(one.text) for _page, one in answers)
    assert [] == [evil for evil in EVIL if evil.isprintable() and evil not in shown]


def html5lib_text(page):
    return "".join(html5lib.parse(page, treebuilder="etree").itertext())


def test_what_is_asked_comes_back_only_as_text(desk):
    """Searches, filters, notices, ids, forms that are shown again."""
    item = views.item(desk.ledger, ITEM)["id"]
    keys = (
        "q",
        "don_vi",
        "mang",
        "channel",
        "view",
        "tu",
        "den",
        "truoc",
        "sau",
        "cuoi",
        "xong",
        "kenh",
        "ngay",
        "unit",
        "tep",
        "tiep",
    )
    for evil in EVIL:
        sign = quote(evil, safe="")
        asked = "&".join(f"{key}={sign}" for key in keys)
        answers = [desk.get(f"{path}?{asked}") for path in ("/", f"/tin/{item}", "/nhat-ky", "/lich", "/im-lang", "/soan", "/gui-tin",
                                                            "/dang-nhap", f"/tin/{sign}", f"/{sign}", "/zalo/callback")]  # fmt: skip
        answers += [desk.post(f"/tin/{item}/lam", verb=verb, channel="zalo", why=evil, when=evil, remote_id=evil, url=evil)
                    for verb in ("withdraw", "move", "retry", evil)]  # fmt: skip
        answers += [desk.post("/im-lang", verb="bat", why=evil, starts=evil[:40], ends=evil[:40]),
                    desk.post("/im-lang", verb="bat", why=evil, starts=evil[:40], ends=evil[:40], sure="1"),
                    desk.post("/kiem-tra", unit="so-xay-dung", kind="article", title=evil, body=evil, cover=evil),
                    desk.post("/dang-nhap", ten=evil, mat_khau=evil, tiep=evil)]  # fmt: skip
        answers.append(requests.post(f"{desk.address}/soan/article?unit=so-xay-dung", headers=SAME, timeout=10,
                                     files={"title": (None, evil), "body": (None, evil), "lam": (None, "xem")}))  # fmt: skip
        pages = [one for one in answers if "html" in one.headers.get("content-type", "")]

        assert [] == [(one.url, one.status_code) for one in answers if one.status_code >= 500]
        assert [] == [(one.url, danger) for one in pages for danger in dangers(one.text)]
        assert [] == [one.url for one in answers if urlsplit(one.headers.get("location", "/")).netloc]


def test_the_live_stream_carries_text_too(desk, office):
    """Its rows are put into the page as they come."""
    from pipeline.desk.live import Live
    from pipeline.desk.pages import Desk

    live = Live(Desk(desk.ledger, office, lambda: desk.now, environment(office)))
    live._look()
    for evil in EVIL:
        claim = desk.ledger.claim("portal", desk.now)
        desk.ledger.settle(claim, Attempt("later", evil, evil, error=evil, code=evil, retry_at=desk.now), desk.now)
        message = live._look()
        assert [] == [danger for _unit, row in message.rows for danger in dangers(row["html"])]


ADDRESSES = ["/", "/nhat-ky", "/nhat-ky.csv", "/nhat-ky.jsonl", "/lich", "/im-lang", "/gui-tin/so-xay-dung", "/soan", "/tin/none",
             "/anh/x", "/nothing", "/dang-nhap", "/healthz", "/readyz", "/metrics", "/api", "/api/v1/openapi.json", "/api/v1/items",
             "/api/v1/nothing", "/api/v1/items?limit=x", *sorted(files.OPEN), "/zalo/callback", "/dang-nhap/oidc",
             "/?q=%00", "/dong-su-kien"]  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_is_strict(desk, path):
    """Pages, files, errors, the stream and the API: nothing inline, nothing from outside, no frame, no guessing, no cache."""
    with requests.get(desk.address + path, timeout=20, stream=True) as answer:
        told = answer.headers
    policy = dict(part.strip().partition(" ")[::2] for part in told["content-security-policy"].split(";"))

    assert "'none'" == policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"]
    assert {"'self'"} == {
        policy[name] for name in ("script-src", "style-src", "font-src", "img-src", "connect-src", "form-action")
    }
    assert ("nosniff", "DENY", "same-origin", "same-origin", "same-origin") == (
        told["x-content-type-options"], told["x-frame-options"], told["referrer-policy"],
        told["cross-origin-opener-policy"], told["cross-origin-resource-policy"])  # fmt: skip
    kept = "public, max-age=604800" if path.startswith("/fonts") else "no-cache"
    assert (kept if path in files.OPEN else "no-store") == told["cache-control"]
    assert "server" not in told or "uvicorn" == told["server"]  # `serve` sends none
    assert "access-control-allow-origin" not in told


def test_strict_transport_is_asked_for_behind_https(desk, office):
    """And only there: on this machine there is no https."""
    assert "strict-transport-security" not in desk.get("/").headers
    section = office.desk.model_copy(update={"public_url": "https://bantin.hanoi.gov.vn"})
    app = build(desk.ledger, office.model_copy(update={"desk": section}), lambda: desk.now)
    with Served(uvicorn.Config(app, port=0, log_level="warning")) as address:
        told = requests.get(f"{address}/dang-nhap", headers={"Host": "bantin.hanoi.gov.vn"}, timeout=20).headers
    assert "max-age=31536000" == told["strict-transport-security"]


UP = ["..", "../..", "../../config.toml", "..%2f..%2fconfig.toml", "%2e%2e/%2e%2e/config.toml", "..%5c..%5cconfig.toml", "....//config.toml",
      "/etc/passwd", "%2fetc%2fpasswd", "..%252f..%252fconfig.toml", "so-xay-dung/../../config.toml", "so-xay-dung/%2e%2e/%2e%2e/config.toml",
      "file:///etc/passwd", "\\\\evil\\share", "CON", "config.toml%00.md", "..;/config.toml"]  # fmt: skip


def test_no_path_leads_out_of_its_folder(desk, office):
    """Every part of an address and every file that a form names; asked by hand, because clients tidy addresses."""
    root = Path(office.root).parent
    before = places(root)
    for up in UP:
        _tried(desk, up)

    assert before == places(root)


def places(root):
    """All that lies there, but inside the unit's own folder only the folder."""
    return {one for one in root.rglob("*") if not {"so-xay-dung", "state"} & set(one.relative_to(root).parts[:-1])}


def _tried(desk, up):
    for place in ("/{}", "/tin/{}", "/anh/{}", "/soan/{}?unit=so-xay-dung", "/soan/article?unit=so-xay-dung&tep={}", "/soan/article?unit={}",
                  "/gui-tin/{}", "/gui-tin/{}/ket-qua", "/gui-tin/so-xay-dung/ket-qua?tep={}", "/api/v1/items/{}",
                  "/nhat-ky?ngay={}", "/api/v1/files?after={}", "/desk.css/{}", "/dang-nhap?tiep={}"):  # fmt: skip
        status, text = by_hand(desk, place.format(up.replace("\\", "%5c").replace(" ", "%20")))
        assert status < 500, place
        assert "base_url" not in text and "root:" not in text, place
    for form in (
        {"tep": up, "lam": "nhap", "title": "x"},
        {"tep": "", "lam": "nhap", "title": up, "cover": up, "video": up},
    ):
        fields = {key: (None, value) for key, value in form.items()}
        answer = requests.post(
            f"{desk.address}/soan/article?unit=so-xay-dung",
            files=fields,
            headers=SAME,
            timeout=10,
            allow_redirects=False,
        )
        assert answer.status_code < 500
        assert "base_url" not in answer.text
    for token in (up, quote(up, safe="")):
        answer = desk.post(f"/gui-tin/so-xay-dung/cho/{token}", lam="thay", folder=up)
        assert answer.status_code in (303, 307, 400, 404, 405, 422)


def by_hand(desk, target):
    """(status, body) of a GET whose address nobody has tidied."""
    with socket.create_connection(("127.0.0.1", urlsplit(desk.address).port), timeout=10) as line:
        line.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        data = b""
        while piece := line.recv(65536):
            data += piece
    head, _blank, body = data.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body.decode("utf-8", "replace")


@pytest.mark.parametrize(
    "split", ["%0d%0aX-Evil:%201", "%0aX-Evil:%201", "%E5%98%8A%E5%98%8DX-Evil:%201", "\u010a\u010dX-Evil: 1"]
)
def test_no_line_break_gets_into_a_header(desk, split):
    """In filters of downloads, notices, ids and places to go to."""
    for place in ("/nhat-ky.csv?q={}&don_vi={}", "/nhat-ky.jsonl?tu={}", "/dang-nhap?tiep=/{}", "/gui-tin?unit={}", "/tin/{}", "/soan?unit={}",
                  "/api/v1/log?form=csv&q={}"):  # fmt: skip
        answer = requests.get(desk.address + place.format(split, split), timeout=20, allow_redirects=False)
        assert "x-evil" not in answer.headers
        assert answer.status_code < 500
        assert answer.headers.get("content-disposition", "nhat-ky") in ("nhat-ky", 'attachment; filename="nhat-ky.csv"',
                                                                        'attachment; filename="nhat-ky.jsonl"')  # fmt: skip


@pytest.mark.parametrize("headers", [{"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example;for=1.2.3.4"},
                                     {"X-Original-URL": "/metrics"}, {"X-Rewrite-URL": "/metrics"}, {"X-HTTP-Method-Override": "POST"}])  # fmt: skip
def test_no_other_header_names_the_host_or_the_address(desk, browser, staff, headers):
    """A poisoned link or redirect would carry somebody's token away."""
    person = browser()
    person.headers.update(headers)
    answer = person.get("/dang-nhap")

    assert 200 == answer.status_code
    assert "evil" not in answer.text + str(answer.headers)
    assert "/dang-nhap?tiep=%2F" == person.get("/").headers["location"]
    assert "bantin_deliveries" not in answer.text


@pytest.mark.parametrize(("public", "forged"), [("", 21), ("https://bantin.hanoi.gov.vn", 21)])
def test_a_forged_origin_does_not_pass_the_limit_of_logins(desk, office, staff, public, forged):
    """Directly the header counts nothing; behind the proxy only what the proxy itself wrote, the last entry."""
    section = office.desk.model_copy(update={"public_url": public})
    app = build(desk.ledger, office.model_copy(update={"desk": section}), lambda: desk.now)
    settings = uvicorn.Config(
        app, port=0, log_level="warning", proxy_headers=bool(public), forwarded_allow_ips=section.proxy
    )
    host = urlsplit(public).hostname or "127.0.0.1"
    with Served(settings) as address:
        statuses = [requests.post(f"{address}/dang-nhap", {"ten": f"name{turn}", "mat_khau": "Hanoi2026!"}, timeout=20, headers=SAME | {
            "Host": host, "X-Forwarded-For": f"198.51.100.{turn}, 203.0.113.9"}).status_code for turn in range(forged)]  # fmt: skip

    assert [401] * 20 + [429] == statuses
    assert {"203.0.113.9" if public else "127.0.0.1"} == {
        row["where_from"] for row in views.audit(desk.ledger) if row["what"] == "login refused"
    }


def test_a_crowd_at_the_login_is_sent_away_before_it_keeps_readers_waiting(desk, browser, staff, monkeypatch):
    """Each login takes a thread for half a second; eight at once, the ninth is told to come again."""
    from pipeline.desk import login

    here, go = threading.Barrier(9), threading.Event()

    def slow(*_given):
        here.wait(20)
        go.wait(20)
        return Response("", 204)

    monkeypatch.setattr(login, "_login", slow)
    crowd = [threading.Thread(target=browser().enter, args=("editor",), daemon=True) for _one in range(8)]
    for one in crowd:
        one.start()
    here.wait(20)
    answer = browser().enter("editor")
    go.set()
    for one in crowd:
        one.join(20)

    assert (503, "30") == (answer.status_code, answer.headers["retry-after"])
    assert 200 == desk.get("/healthz").status_code


def test_no_further_field_of_a_form_is_believed(desk, browser, staff):
    """Mass assignment: columns of the row, the person, the role and the author are never taken from what was sent."""
    item, person = views.item(desk.ledger, ITEM)["id"], browser()
    person.enter("editor")
    more = {"state": "idle", "have": "9", "want": "0", "who": "operator", "by": "operator", "role": "operator", "login": "operator",
            "priority": "0", "stopped": "", "attention": "", "unit": "so-y-te"}  # fmt: skip
    assert (
        303 == person.post(f"/tin/{item}/lam", data={"verb": "hold", "channel": "zalo", "why": "x", **more}).status_code
    )
    found = next(row for row in views.item(desk.ledger, ITEM)["deliveries"] if row["channel"] == "zalo")
    assert (True, 0, 1, 5) == (found["hold"], found["have"], found["want"], found["priority"])
    assert "editor" == views.audit(desk.ledger)[0]["who"]
    assert 303 == browser().enter("reader", role="operator", unit="so-y-te").status_code
    assert 403 == person.post("/im-lang", data={"verb": "bat", "why": "x", "role": "operator", "sure": "1"}).status_code


def test_a_secret_is_looked_up_by_its_digest(desk, staff):
    """So no answer comes sooner because more of its signs were right, and a copy of the ledger opens nothing."""
    token = sessions.make_token(desk.ledger, "operator", "x", read_only=True, by=By("t", desk.now))
    begun = sessions.begin(desk.ledger, "editor", "", By("editor", desk.now))
    with desk.ledger.reads.connect() as connection:
        kept = str(
            [connection.exec_driver_sql(f"SELECT * FROM {table}").all() for table in ("api_token", "session", "audit")]
        )

    assert token[:12] not in kept and token[7:] not in kept and begun not in kept
    assert sessions.owner_of(desk.ledger, token[:-1] + ("A" if token[-1] != "A" else "B")) is None


ENDS = {
    "logout": lambda desk, person: person.post("/dang-xuat"),
    "sessions ended by an operator": lambda desk, person: sessions.end_all(desk.ledger, "editor", By("t", desk.now)),
    "account closed": lambda desk, person: change(desk.ledger, "editor", By("t", desk.now), "disable", disabled=True),
    "new role": lambda desk, person: change(desk.ledger, "editor", By("t", desk.now), "role", role="reader"),
}  # fmt: skip


@pytest.mark.parametrize("how", ENDS)
def test_an_open_stream_ends_with_the_login(desk, browser, staff, monkeypatch, how):
    """Not at the next page, and another's goes on."""
    monkeypatch.setattr("pipeline.desk.live.EVERY", 0.02)
    person, other = browser(), browser()
    person.enter("editor")
    other.enter("reader")
    ended, open_still = (Stream(one.get("/dong-su-kien", stream=True)) for one in (person, other))
    for one in (ended, open_still):
        one.answer.encoding = "utf-8"
        one.event("xin-chao")
    ENDS[how](desk, person)

    with pytest.raises(AssertionError, match="the stream ended"):
        ended.event("khong-bao-gio")
    desk.send("portal")
    assert json.loads(open_still.event("thay-doi"))["rows"]
    open_still.answer.close()


def test_an_open_stream_ends_with_its_token_and_with_the_first_account(desk, monkeypatch):
    """A machine that needed no login needs one from then on."""
    monkeypatch.setattr("pipeline.desk.live.EVERY", 0.02)
    alone = Stream(requests.get(f"{desk.address}/dong-su-kien", stream=True, timeout=20))
    alone.event("xin-chao")
    add(desk.ledger, Account("an", "An", "operator", password=CHEAP), By("t", desk.now))
    with pytest.raises(AssertionError, match="the stream ended"):
        alone.event("khong-bao-gio")
    token = sessions.make_token(desk.ledger, "an", "x", read_only=True, by=By("t", desk.now))
    headers = {"Authorization": f"Bearer {token}"}
    by_token = Stream(requests.get(f"{desk.address}/dong-su-kien", stream=True, timeout=20, headers=headers))
    by_token.event("xin-chao")
    sessions.end_token(desk.ledger, "an", "x", By("t", desk.now))

    with pytest.raises(AssertionError, match="the stream ended"):
        by_token.event("khong-bao-gio")


def test_a_password_in_an_address_is_not_taken(desk, browser, staff):
    """It would stand in logs and histories."""
    answer = browser().get("/dang-nhap", params={"ten": "editor", "mat_khau": PASSWORD})

    assert 200 == answer.status_code
    assert "set-cookie" not in answer.headers
    assert PASSWORD not in answer.text

"""Every form and every address with a question mark: whatever is typed, sent or pasted there is no 5xx."""

import asyncio
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = max(20, settings.default.max_examples // 2)
ODD = ["", "0", "-1", "1", "9" * 40, "\x00", "\u202e", "\U0001f600", "<script>", "' OR 1=1 --", "%", "_", "\\", "../../etc/passwd",
       "2026-11-24", "2026-11-24T08:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-13-45", "1-1", "9" * 17 + "-" + "9" * 18,
       "portal", "zalo", "hold", "withdraw", "approve", "adopt", "move", "bat", "tat", "article", "qa", "so-xay-dung",
       "\r\nX-Evil: 1", "a" * 600]  # fmt: skip
TEXT = st.one_of(st.sampled_from(ODD), st.text(st.characters(codec="utf-8"), max_size=60))
FIELDS = st.dictionaries(
    st.one_of(
        st.sampled_from(
            ["verb", "channel", "why", "edition", "sure", "when", "remote_id", "url", "starts", "ends", "ten", "mat_khau", "tiep",
             "unit", "kind", "tep", "title", "body", "date", "video", "lam", "digest", "areas", "cover", "folder", "publish_at"]),
        st.text(st.characters(codec="utf-8"), max_size=12)),
    TEXT, max_size=10)  # fmt: skip
ASKED = st.dictionaries(
    st.sampled_from(["q", "don_vi", "mang", "channel", "view", "tu", "den", "truoc", "sau", "cuoi", "ngay", "unit", "tep", "luu",
                     "xong", "kenh", "so_sanh", "tiep", "state", "code", "error"]), TEXT, max_size=6)  # fmt: skip
FORMS = ["/tin/ITEM/lam", "/im-lang", "/dang-nhap", "/kiem-tra", "/soan/article?unit=so-xay-dung", "/soan/qa?unit=so-xay-dung",
         "/soan/ODD?unit=ODD", "/gui-tin/so-xay-dung", "/gui-tin/ODD", "/gui-tin/so-xay-dung/cho/" + "0" * 32,
         "/gui-tin/so-xay-dung/cho/ODD", "/tin/ODD/lam"]  # fmt: skip
PAGES = ["/", "/tin/ITEM", "/tin/ODD", "/nhat-ky", "/nhat-ky.csv", "/nhat-ky.jsonl", "/lich", "/im-lang", "/gui-tin",
         "/gui-tin/ODD", "/gui-tin/so-xay-dung/ket-qua", "/soan", "/soan/article", "/soan/ODD", "/anh/ODD", "/dang-nhap",
         "/dang-nhap/oidc", "/dang-nhap/oidc/ve", "/zalo/callback", "/api", "/ODD", "/healthz", "/readyz", "/metrics"]  # fmt: skip


@pytest.fixture
def client(newsroom):
    """In this process, so that an exception is a failure with its trace; a token that may write stands for the login."""
    headers = {"Authorization": f"Bearer {newsroom.tokens['operator']}"}
    loop, opened = asyncio.new_event_loop(), httpx.AsyncClient(
        transport=httpx.ASGITransport(newsroom.app), base_url="http://testserver", headers=headers)  # fmt: skip
    yield lambda method, path, **sent: loop.run_until_complete(opened.request(method, path, **sent))
    loop.run_until_complete(opened.aclose())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def place(newsroom, path, odd):
    return path.replace("ITEM", newsroom.item).replace("ODD", quote(odd, safe="") or "x")


def test_no_form_breaks_the_desk(newsroom, client):
    """As a browser sends it, urlencoded and as multipart with a file, and as bytes that are neither."""

    @settings(max_examples=EXAMPLES * len(FORMS))
    @given(
        st.sampled_from(FORMS), TEXT, FIELDS, st.sampled_from(["form", "parts", "json", "raw"]), st.binary(max_size=80)
    )
    def tried(path, odd, fields, how, data):
        sent = {
            "form": {"data": fields}, "json": {"json": fields}, "raw": {"content": data},
            "parts": {"data": fields, "files": {"files": (odd[:40] or "x", data)}},
        }[how]  # fmt: skip
        if how == "raw":
            sent["headers"] = {"Content-Type": plain(odd) or "multipart/form-data; boundary=x"}
        answer = client("POST", place(newsroom, path, odd), **sent)

        assert answer.status_code < 500, (path, sent)
        assert "x-evil" not in answer.headers

    tried()


def plain(text):
    """What a header can carry."""
    return "".join(sign for sign in text if " " <= sign < "\x7f")


def test_no_address_breaks_the_desk(newsroom, client):
    """Filters, keys of pages, ids and names; also with nobody logged in."""

    @settings(max_examples=EXAMPLES * len(PAGES) // 2)
    @given(st.sampled_from(PAGES), TEXT, ASKED, st.booleans())
    def tried(path, odd, asked, known):
        headers = {} if known else {"Authorization": "", "Cookie": f"bantin={plain(odd)}"}
        answer = client("GET", f"{place(newsroom, path, odd)}?{urlencode(asked)}", headers=headers)

        assert answer.status_code < 500, (path, asked)
        assert "x-evil" not in answer.headers

    tried()

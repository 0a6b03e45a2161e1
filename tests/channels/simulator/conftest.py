"""A simulator on a free port, a small web that counts as public, and a clock that tests move."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from channels.simulator.server import Simulator

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200
PAGE = (
    '<html><head><title>T</title><meta property="og:title" content="Một cửa &amp; nhanh">'
    '<meta property="og:description" content="Mô tả"><meta property="og:image" content="/anh.png"></head></html>'
).encode()


class Web:
    """Pages by path; any other path is 404."""

    def __init__(self):
        self.pages = {
            "/anh.png": ("image/png", PNG),
            "/lon.png": ("image/png", PNG + b"0" * 1_000_000),
            "/tin.html": ("text/html; charset=utf-8", PAGE),
            "/tin.txt": ("text/plain", b"khong phai trang"),
        }
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                kind, content = web.pages.get(self.path.partition("?")[0], (None, b""))
                self.send_response(404 if kind is None else 200)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.place}"
        threading.Thread(target=self.server.serve_forever, args=(0.005,), daemon=True).start()


class Clock:
    def __init__(self):
        self.now = 1_795_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="module")
def web():
    web = Web()
    yield web
    web.server.shutdown()
    web.server.server_close()


@pytest.fixture
def make(tmp_path, web, clock):
    started = []

    def start():
        simulator = Simulator(tmp_path, port=0, public_hosts=(web.place,), clock=clock)
        simulator.start()
        started.append(simulator)
        return simulator

    yield start
    for simulator in started:
        simulator.stop()


@pytest.fixture
def sim(make):
    return make()


class ZaloClient:
    """Speaks to the simulated Zalo with a fresh access token."""

    def __init__(self, sim, web):
        self.sim, self.web, self.keys = sim, web, sim.credentials()
        self.access = ""

    def refresh(self, token=None, **changes):
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token or self.keys["zalo_refresh_token"],
            "app_id": self.keys["zalo_app_id"],
            **changes,
        }
        headers = {"secret_key": self.keys["zalo_app_secret"]}
        url = f"{self.sim.url}/zalo-oauth/v4/oa/access_token"
        return requests.post(url, data=form, headers=headers, timeout=5).json()

    def call(self, method, path, headers=None, **parts):
        if not self.access:
            self.access = self.refresh()["access_token"]
        url = f"{self.sim.url}/zalo-api{path if path.startswith('/') else '/v2.0/article/' + path}"
        headers = {"access_token": self.access, **(headers or {})}
        return requests.request(method, url, headers=headers, timeout=5, **parts)

    def post(self, path, body):
        return self.call("POST", path, json=body).json()

    def get(self, path, **query):
        return self.call("GET", path, params=query).json()

    def article(self, **changes):
        cover = {"cover_type": "photo", "photo_url": f"{self.web.url}/anh.png", "status": "show"}
        body = [{"type": "text", "content": "<p>Đoạn một &amp; hai<br>Xem https://a.vn/x</p>"}]
        texts = {"title": "Tin cải cách", "author": "Văn phòng", "description": "Tóm tắt"}
        article = {"type": "normal", **texts, "status": "show", "comment": "show", "cover": cover, "body": body}
        return {name: value for name, value in {**article, **changes}.items() if value is not None}

    def settle(self, token):
        self.post("verify", {"token": token})
        return self.post("verify", {"token": token})

    def published(self, **changes):
        token = self.post("create", self.article(**changes))["data"]["token"]
        return self.settle(token)["data"]["id"]


@pytest.fixture
def zalo(sim, web):
    return ZaloClient(sim, web)


class GraphClient:
    """Speaks to the simulated Graph API with the Page's token."""

    def __init__(self, sim, web):
        self.sim, self.web, self.keys = sim, web, sim.credentials()
        self.page = self.keys["facebook_page_id"]
        self.token = self.keys["facebook_page_token"]

    def call(self, method, path, version="v26.0", **parts):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = "/".join(part for part in (f"{self.sim.url}/graph", version, path) if part)
        return requests.request(method, url, headers=headers, timeout=5, **parts)

    def feed(self, **values):
        return self.call("POST", f"{self.page}/feed", data=values).json()

    def photo(self, content=PNG, **values):
        values = {"published": "false", "alt_text_custom": "Ảnh", **values}
        files = {"source": ("a.png", content, "image/png")}
        return self.call("POST", f"{self.page}/photos", data=values, files=files).json()

    def posts(self, **query):
        return self.call("GET", f"{self.page}/published_posts", params=query).json()

    def get(self, path, **query):
        return self.call("GET", path, params=query).json()


@pytest.fixture
def graph(sim, web):
    return GraphClient(sim, web)

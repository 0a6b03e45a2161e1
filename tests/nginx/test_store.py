"""docs/nginx/store.conf: the real nginx before a store that only knows files; `make nginx` runs it too."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

sys.path.insert(0, str(Path(__file__).parents[1] / "channels/deploy"))
from deploy_town import Town

from channels.portal.index import Index
from channels.portal.outbox import Outbox

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.nginx,
    pytest.mark.skipif(not NGINX, reason="nginx is not installed: apt-get install nginx-light"),
]
CONF = Path(__file__).resolve().parents[2] / "docs/nginx"
ITEM, GONE = "2026/11/tin-0-k000.html", "2026/11/tin-1-k001.html"


class Silent(http.server.SimpleHTTPRequestHandler):
    """A store: it lists no folder and answers to whole names only."""

    def log_message(self, *_words):
        pass

    def list_directory(self, _path):
        self.send_error(403)


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    """Address of nginx before a deployed site with one withdrawn item."""
    folder = tmp_path_factory.mktemp("store")
    town = Town(folder)
    town.publish(0, 1)
    town.portal.withdraw(town.post(1), "k001")
    town.portal.flush()
    store = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=str(town.server)))
    threading.Thread(target=store.serve_forever, daemon=True).start()
    gone = Outbox(town.public, Index(folder / "state/portal.sqlite")).withdrawn()
    (folder / "gone.map").write_text("".join(f'"/{address}" 1;\n' for address in gone))
    for name in ("store.conf", "headers.conf"):
        shutil.copy(CONF / name, folder / name)
    spare = http.server.HTTPServer(("127.0.0.1", 0), Silent)
    port = spare.server_port
    spare.server_close()
    temp = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; pid {folder}/pid; error_log stderr warn; events {{}}\n"
        f"http {{ include /etc/nginx/mime.types; access_log off; {temp}\n"
        f"map $uri $bantin_gone {{ default ''; include {folder}/gone.map; }}\n"
        f"upstream bantin_store {{ server 127.0.0.1:{store.server_port}; keepalive 8; }}\n"
        f"server {{ listen 127.0.0.1:{port}; include store.conf; }} }}\n"
    )
    nginx = subprocess.Popen([NGINX, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")])
    address = f"http://127.0.0.1:{port}"
    with requests.Session() as asked:
        asked.mount(
            "http://", requests.adapters.HTTPAdapter(max_retries=requests.adapters.Retry(8, backoff_factor=0.1))
        )
        asked.get(address, timeout=30)
    yield address
    nginx.terminate()
    nginx.wait(20)
    store.shutdown()
    store.server_close()


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/", 200, "Tin số 0"), ("/tin/", 200, "Tin số 0"), (f"/{ITEM}", 200, "Nội dung."), (f"/{GONE}", 410, "Bài này đã được gỡ"),
     ("/khong-co.html", 404, "Không tìm thấy trang"), ("/2026/", 404, "Không tìm thấy trang"),
     ("/.bantin-deploy", 404, "Không tìm thấy trang"), ("/410.html", 404, "Không tìm thấy trang")],
)  # fmt: skip
def test_the_store_behaves_like_the_folder(front, path, status, words):
    """Index pages, our pages for what is missing or gone, nothing with a dot; the guarding headers on each."""
    answer = requests.get(front + path, timeout=30)

    assert status == answer.status_code
    assert words in answer.content.decode()
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_nobody_writes_through_it(front):
    """Whatever the store would allow."""
    assert requests.put(f"{front}/index.html", data="x", timeout=30).status_code in (403, 404)

"""The static portal at its loopback address."""

import requests

from pipeline.loopback import PortalServer


def test_a_missing_page_shows_the_portals_own_words(tmp_path):
    """With status 404; folders are not listed either."""
    (tmp_path / "404.html").write_text("<p>Không tìm thấy</p>", encoding="utf-8")
    (tmp_path / "anh").mkdir()
    server = PortalServer(tmp_path, "127.0.0.1", 0)
    server.start()
    address = f"http://127.0.0.1:{server._server.server_address[1]}"
    try:
        answers = [requests.get(f"{address}{path}", timeout=5) for path in ("/khong-co.html", "/anh/", "/../x")]
        head = requests.head(f"{address}/khong-co.html", timeout=5)
    finally:
        server.stop()

    assert [(404, "<p>Không tìm thấy</p>")] * 3 == [(one.status_code, one.content.decode()) for one in answers]
    assert (404, "") == (head.status_code, head.text)

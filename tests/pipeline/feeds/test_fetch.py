"""The guarded client against a real server on loopback: validators, redirects, slow bodies, bombs."""

import gzip
import socket
import time

import pytest

from pipeline.fetch import Fetcher, FetchError
from tests.pipeline.feeds.web import drip, redirect
from tests.pipeline.tls import certificate

FEED = b"<rss version='2.0'><channel><title>x</title></channel></rss>"


@pytest.fixture
def client():
    return Fetcher(most_bytes=100_000, seconds=5, loopback=True)


def reason(client, url):
    with pytest.raises(FetchError) as error:
        client.get(url)
    return error.value.reason


def test_a_feed_is_fetched_with_its_validators(server, client):
    """And they are sent back the next time; 304 has no body."""
    server.pages["/rss"] = (200, {"ETag": '"v1"', "Last-Modified": "Mon, 23 Nov 2026 01:00:00 GMT"}, FEED)
    first = client.get(f"{server.url}/rss")
    second = client.get(f"{server.url}/rss", etag=first.etag, modified=first.modified)

    assert (False, FEED, '"v1"') == (first.unchanged, first.body, first.etag)
    assert (True, b"") == (second.unchanged, second.body)
    assert "Mon, 23 Nov 2026 01:00:00 GMT" == server.seen[1][1]["If-Modified-Since"]


def test_a_compressed_feed_is_opened(server, client):
    """As most servers send it."""
    server.pages["/rss"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(FEED))

    assert FEED == client.get(f"{server.url}/rss").body


def test_a_redirect_is_followed(server, client):
    """Portals move."""
    server.pages |= {"/old": redirect("/rss", 301), "/rss": (200, {}, FEED)}

    assert FEED == client.get(f"{server.url}/old").body


@pytest.mark.parametrize("target", [
    "http://10.0.0.1/x", "http://192.168.1.1/x", "http://169.254.169.254/latest/meta-data", "http://[fd00::1]/x",
    "http://[fec0::1]/x", "http://100.64.0.1/x", "http://0.0.0.0:1/x", "http://[::ffff:10.0.0.1]/x", "http://167772161/x",
])  # fmt: skip
def test_a_redirect_to_a_private_address_is_refused(server, client, target):
    """Before a single packet leaves: the test suite forbids any other address than loopback."""
    server.pages["/rss"] = redirect(target)

    assert "private" == reason(client, f"{server.url}/rss")


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "data:text/xml,x"]
)
def test_a_redirect_to_another_scheme_is_refused(server, client, target):
    """Only http and https."""
    server.pages["/rss"] = redirect(target)

    assert reason(client, f"{server.url}/rss") in ("address", "network", "status")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1"])
def test_loopback_is_refused_unless_it_is_allowed(server, host):
    """By any spelling."""
    shut = Fetcher(most_bytes=1000, seconds=5)

    assert "private" == reason(shut, f"http://{host}:{server.server_address[1]}/rss")
    assert [] == server.seen


def test_an_endless_chain_of_redirects_is_cut(server, client):
    """After five."""
    server.pages["/rss"] = redirect("/rss")

    assert ("redirects", 6) == (reason(client, f"{server.url}/rss"), len(server.seen))


def test_a_gzip_bomb_is_cut_at_the_limit(server, client):
    """50 MB from 50 KB, and no more memory than a few pieces."""
    server.pages["/rss"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"\0" * 50_000_000))

    assert "big" == reason(client, f"{server.url}/rss")


def test_a_body_without_end_is_cut_at_the_limit(server, client):
    """A length that was promised counts for nothing."""
    server.pages["/rss"] = drip(b"x" * 50_000, b"HTTP/1.1 200 OK\r\n\r\n")

    assert "big" == reason(client, f"{server.url}/rss")


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\n\r\n",
                                  b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n",
                                  b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5000\r\n"])  # fmt: skip
def test_a_drip_ends_at_the_deadline(server, head):
    """Also in the headers, where each byte would start the socket's time-out anew."""
    server.pages["/rss"] = drip(b"a", head)
    start = time.monotonic()

    assert "slow" == reason(Fetcher(most_bytes=100_000, seconds=0.3, loopback=True), f"{server.url}/rss")
    assert time.monotonic() - start < 2


def test_silence_ends_at_the_deadline(client):
    """A server that takes the connection and says nothing."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        patient = Fetcher(most_bytes=1000, seconds=0.2, loopback=True)

        assert "slow" == reason(patient, f"http://127.0.0.1:{deaf.getsockname()[1]}/rss")


@pytest.mark.parametrize("status", [201, 204, 206, 403, 404, 429, 500, 503])
def test_any_other_answer_is_a_status(server, client, status):
    """Its number is told, its text is not."""
    server.pages["/rss"] = (status, {}, b"")
    with pytest.raises(FetchError) as error:
        client.get(f"{server.url}/rss")

    assert ("status", status) == (error.value.reason, error.value.status)


@pytest.mark.parametrize(
    "answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip"]
)
def test_a_broken_answer_is_an_error_of_ours(server, client, answer):
    """Never a traceback of a library."""

    def page(handler):
        handler.wfile.write(answer)
        handler.close_connection = True

    server.pages["/rss"] = page

    assert reason(client, f"{server.url}/rss") in ("network", "status")


def test_the_environment_names_no_proxy(server, client, monkeypatch):
    """It would fetch around the filter."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.pages["/rss"] = (200, {}, FEED)

    assert FEED == client.get(f"{server.url}/rss").body


def test_https_is_checked_against_the_name_and_bounded_like_http(server, tmp_path, monkeypatch):
    """The connection goes to the address that was looked up, the certificate is asked for the name."""
    file, context = certificate(tmp_path)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.pages |= {"/rss": (200, {}, FEED), "/slow": drip(b"a", b"HTTP/1.1 200 OK\r\nX-A: ")}
    url = f"https://localhost:{server.server_address[1]}"
    short = Fetcher(most_bytes=1000, seconds=1, loopback=True)
    assert "network" == reason(short, f"{url}/rss")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", file)

    assert FEED == Fetcher(most_bytes=1000, seconds=5, loopback=True).get(f"{url}/rss").body
    assert "network" == reason(short, f"{url.replace('localhost', '127.0.0.1')}/rss")
    assert "slow" == reason(short, f"{url}/slow")


def test_an_odd_validator_is_not_kept(server, client):
    """It would be sent back for ever."""
    server.pages["/rss"] = (200, {"ETag": '"' + "x" * 2000 + '"'}, FEED)

    assert "" == client.get(f"{server.url}/rss").etag

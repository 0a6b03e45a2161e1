"""Deliveries a second on loopback with every commit durable: SQLite and PostgreSQL, 1 to 4 workers, beside a bare loop.

The platform is a server of a few lines that answers at once, so that what is measured is the ledger and the adapter.
`python -m bench.deliveries [NUMBER]`; compare the ratios, not the figures.
"""

from __future__ import annotations

import json
import multiprocessing
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from channels.facebook.adapter import Facebook
from channels.facebook.post import FacebookPost
from channels.registry import post_to_json
from pipeline import flow
from pipeline.deliver import Patience
from pipeline.ledger import Ledger, Prepared
from pipeline.ledger.engine import open_engine
from pipeline.model import Identity, Outcome, Slot
from tests.postgres import Server

_SPAWN = multiprocessing.get_context("spawn")


class Platform(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    number = 0

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        Platform.number += 1
        body = json.dumps({"id": f"42_{Platform.number}"}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    do_GET = do_POST = _answer

    def log_message(self, *_args: object) -> None:
        pass


def serve(pipe) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    pipe.send(server.server_address[1])
    server.serve_forever()


def now() -> datetime:
    return datetime.now(UTC)


def post(number: int) -> FacebookPost:
    link = f"https://x.vn/2026/11/tin-{number}.html?tu=facebook"
    return FacebookPost(
        f"i{number}", 1, f"Tin {number}", link, f"tin-{number}.html?tu=facebook", f"Tin {number}\n\n{link}"
    )


def page(base: str) -> Facebook:
    return Facebook(base, "v26.0", "42", "token", clock=now)


def seed(url: str, count: int) -> None:
    engine = open_engine(url)
    rows = [Prepared(f"u/{n}.md", "u", f"d{n}", (), f"d{n}", Outcome.PUBLISH, identity=Identity(f"i{n}", f"{n}.html", now()),
                     kind="article", title=f"Tin {n}", slots=(Slot("facebook", now()),),
                     posts={"facebook": (post_to_json(post(n)), f"d{n}")}) for n in range(count)]  # fmt: skip
    Ledger(engine).record(rows, now())
    engine.dispose()


def work(url: str, base: str, name: str, ready, go) -> None:
    engine = open_engine(url)
    ledger, channel = Ledger(engine, name), page(base)
    ready.release()
    go.wait()
    while flow.deliver_due(ledger, {"facebook": channel}, now, patience=Patience()).items:
        pass
    engine.dispose()


def measure(url: str, base: str, workers: int, count: int) -> float:
    seed(url, count)
    ready, go = _SPAWN.Semaphore(0), _SPAWN.Event()
    processes = [_SPAWN.Process(target=work, args=(url, base, f"w{n}", ready, go)) for n in range(workers)]
    for process in processes:
        process.start()
    for _process in processes:
        ready.acquire()
    began = time.perf_counter()
    go.set()
    for process in processes:
        process.join()
    return count / (time.perf_counter() - began)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    ours, theirs = _SPAWN.Pipe()
    server = _SPAWN.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{ours.recv()}"
    rows = [
        ("bare requests loop (two calls a post)", 1, bare(base, count)),
        ("adapter without a ledger", 1, adapter(base, count)),
    ]
    postgres = Server(durable=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            for workers in (1, 2, 4):
                rows.append(
                    (
                        "SQLite, WAL, synchronous=FULL",
                        workers,
                        measure(f"sqlite:///{folder}/{workers}.sqlite", base, workers, count),
                    )
                )
            for workers in (1, 2, 4):
                rows.append(
                    (
                        "PostgreSQL, synchronous_commit=on",
                        workers,
                        measure(postgres.create(f"b{workers}"), base, workers, count),
                    )
                )
    finally:
        postgres.stop()
        server.kill()
    print(f"{count} deliveries, Python {platform.python_version()}, {multiprocessing.cpu_count()} cores")
    for name, workers, rate in rows:
        print(
            f"{name:40} {workers} worker{'s' if workers > 1 else ' '}  {rate:8.0f}/s  {rate / rows[0][2]:6.2f} of the bare loop"
        )


def bare(base: str, count: int) -> float:
    session, began = requests.Session(), time.perf_counter()
    for number in range(count):
        one = post(number)
        made = session.post(f"{base}/v26.0/42/feed", data={"message": one.message, "link": one.link}, timeout=10).json()
        session.get(f"{base}/v26.0/{made['id']}", timeout=10).json()
    return count / (time.perf_counter() - began)


def adapter(base: str, count: int) -> float:
    channel, began = page(base), time.perf_counter()
    for number in range(count):
        channel.publish(post(number))
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    main()

"""How many calls a second the simulator answers on loopback: `python bench/simulator.py [posts] [clients]`.

The simulator runs as its own process with a fresh state folder; clients are processes with one connection each. Each
post is one feed call, one read of it and, every tenth, one page of the list: what an adapter does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import requests


def client(base: str, page: str, token: str, first: int, count: int) -> int:
    """Post, read back, list; returns the number of calls."""
    calls = 0
    with requests.Session() as web:
        web.headers["Authorization"] = f"Bearer {token}"
        for number in range(first, first + count):
            text = f"Tin số {number} https://tin.example.vn/2026/11/tin-{number:08d}.html?tu=facebook"
            made = web.post(f"{base}/{page}/feed", data={"message": text}, timeout=30).json()
            web.get(f"{base}/{made['id']}", params={"fields": "id,permalink_url"}, timeout=30).json()
            calls += 2
            if number % 10 == 0:
                fields = "id,message,created_time,permalink_url,attachments{unshimmed_url}"
                web.get(f"{base}/{page}/published_posts", params={"limit": 50, "fields": fields}, timeout=30).json()
                calls += 1
    return calls


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    with tempfile.TemporaryDirectory() as state:
        command = [sys.executable, "-m", "channels.simulator", "--state", state, "--port", "0"]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert running.stdout is not None
            told = json.loads(running.stdout.readline())
            page, token = told["facebook_page_id"], told["facebook_page_token"]
            share, began = posts // clients, time.monotonic()
            with ProcessPoolExecutor(clients) as pool:
                jobs = [
                    pool.submit(client, f"{told['url']}/graph/v26.0", page, token, share * at, share)
                    for at in range(clients)
                ]
                calls = sum(job.result() for job in jobs)
            spent, busy = time.monotonic() - began, cpu_seconds(running.pid)
            asked = time.monotonic()
            items = requests.get(f"{told['url']}/_sim/items", timeout=60).json()
            took = time.monotonic() - asked
        finally:
            running.terminate()
            running.wait(10)
    print(f"{clients} clients, {share * clients} posts: {calls} calls in {spent:.1f} s, {calls / spent:.0f} calls/s")
    print(f"simulator: {1000 * busy / calls:.2f} ms of CPU per call")
    print(f"items: {len(items['items'])} in {took:.2f} s, posted twice: {len(items['twice'])}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

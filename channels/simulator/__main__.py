"""`python -m channels.simulator --state DIR --port 18110`: the simulator alone, without a newsroom, until interrupted.

The first line it prints is a JSON object: `url` and the credentials.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from channels.simulator.server import Simulator


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m channels.simulator", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="folder of its file; the same folder, the same posts")
    parser.add_argument("--port", type=int, default=8790, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--public", action="append", default=[], help="host:port that counts as the public internet")
    given = parser.parse_args()
    over = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: over.set())
    simulator = Simulator(given.state, given.host, given.port, tuple(given.public))
    simulator.start()
    sys.stdout.write(json.dumps({"url": simulator.url, **simulator.credentials()}) + "\n")
    sys.stdout.flush()
    over.wait()
    simulator.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

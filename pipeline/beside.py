"""The desk as a program beside the one that sends: how it is started and ended, and how it gives way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

_GIVES_WAY = 5  # of nice(2): a page may wait some milliseconds, what has to go out may not
_END = 10.0  # seconds to end
_GROUP = Path("/proc/self/autogroup")


def desk_command(config: Path) -> tuple[str, ...]:
    """The desk of a newsroom, which ends with its standard input; no script of a certain name has to be found."""
    program = "from pipeline.cli import main; main()"
    return (sys.executable, "-c", program, "desk", "--until-eof", "--config", str(config.resolve()))


def start(command: Sequence[str], out: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C is heard by the one who started it.

    Args:
        out: where it writes; None is where this process does.
    """
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=out, start_new_session=True)  # noqa: S603 - our own program


def end(running: subprocess.Popen[bytes]) -> None:
    """Told to stop, then made to."""
    running.terminate()
    try:
        running.wait(_END)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()
    if running.stdin:
        running.stdin.close()


def give_way() -> None:
    """From now on whoever started this process goes first when both want the processor.

    Where Linux groups processes by session ("autogroup"), niceness counts only within a session, and a process with a
    session of its own is as good as all others together: there the session has to be nice, too.
    """
    os.nice(_GIVES_WAY)
    if os.getsid(0) == os.getpid():  # never the session of somebody's terminal
        with suppress(OSError):  # no Linux, or no such groups
            _GROUP.write_text(str(_GIVES_WAY), encoding="ascii")

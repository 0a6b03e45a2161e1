"""Pools whose processes end with the one that they work for, also when that one is killed.

Otherwise they would wait for work for ever, and a page that one has in hand could come out over a newer one.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Final

_PR_SET_PDEATHSIG: Final = 1  # prctl(2), Linux
_LOOKS: Final = 1.0  # seconds between two looks, where the kernel does not tell


def family(workers: int, nice: int = 0) -> ProcessPoolExecutor:
    """A pool of processes that begin with all that this one has loaded; to be used by the thread that closes it.

    Args:
        workers: number of processes, at most.
        nice: how much they stand back behind this process.
    """
    begin = partial(_begin, os.getpid(), nice)
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork"), initializer=begin)


def _begin(parent: int, nice: int) -> None:
    os.nice(nice)
    if not _told_by_kernel():
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it was gone before we could ask
        os._exit(1)


def _told_by_kernel() -> bool:
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOKS)
    os._exit(1)

"""Where a large batch is worked through: in this process, in a pool of processes, or on a Dask cluster.

All are `concurrent.futures` executors and give results in the order of the batch, so that what is recorded is the same,
byte for byte, whoever did the work.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Literal

from pipeline.check import Work, Workshop
from pipeline.errors import ConfigError
from pipeline.flow import Mapper
from pipeline.i18n import _
from pipeline.ledger import Prepared
from pipeline.prepare import load_data, prepare

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

MANY = 40  # drops; below it starting a pool costs more than it saves
_CHUNK = 8  # drops that travel together, at most
_TURNS = 8  # chunks for each worker, at least, so that none waits long for the last one
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # mallopt(3)
_AHEAD = 4  # chunks under way for each worker: enough to keep it busy, few enough to keep their results small


@dataclass(frozen=True)
class Bulk:
    """How a large batch is worked through.

    Args:
        kind: "dask" needs the extra `cluster`, and folders that every worker sees at the same paths.
        workers: processes of a pool, or of the cluster that is started when there is no address.
        address: of a Dask scheduler, such as tcp://scheduler:8786; empty starts a cluster on this machine.
        many: fewer drops are worked through at once.
        wait: seconds in which a cluster must answer.
    """

    kind: Literal["process", "dask"] = "process"
    workers: int = 2
    address: str = ""
    many: int = MANY
    wait: float = 10.0


@contextmanager
def mapper(shop: Workshop, bulk: Bulk) -> Iterator[Mapper]:
    """Serial for a few drops; an executor, opened when it is first needed, for many.

    Raises:
        ConfigError: the cluster cannot be reached, or the extra `cluster` is not installed.
    """
    with ExitStack() as stack:

        def spread(works: Iterable[Work]) -> Iterable[Prepared]:
            todo = list(works)
            alone = bulk.kind == "process" and bulk.workers < 2
            if alone or len(todo) < bulk.many:
                return (prepare(work, shop) for work in todo)
            pool = stack.enter_context(_dask(bulk) if bulk.kind == "dask" else _processes(bulk.workers))
            size = max(1, min(_CHUNK, len(todo) // (bulk.workers * _TURNS)))
            return _in_order(pool, todo, shop, size, _AHEAD * bulk.workers)

        yield spread


def _in_order(pool: Executor, todo: Sequence[Work], shop: Workshop, size: int, ahead: int) -> Iterator[Prepared]:
    """Results in the order of the batch, never more than `ahead` chunks of `size` waiting to be recorded."""
    # What lies in the whole folder is needed only by the one who compares, and would travel with every chunk.
    light = (replace(work, stamps={}) for work in todo)
    chunks = iter(lambda: list(islice(light, size)), [])
    waiting: deque[Future[list[Prepared]]] = deque()
    for chunk in chunks:
        waiting.append(pool.submit(_prepared, chunk, shop))
        if len(waiting) >= ahead:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _prepared(works: Sequence[Work], shop: Workshop) -> list[Prepared]:
    _keep_memory()
    return [prepare(work, shop) for work in works]


@cache
def _keep_memory() -> None:
    """What one picture took, up to 64 MB, waits in the worker for the next one. To ask the system for each anew took a
    tenth of a picture's time. Only glibc can be told."""
    with suppress(OSError, AttributeError):
        tell = ctypes.CDLL(None).mallopt
        tell(_MMAP_THRESHOLD, 32 << 20)
        tell(_TRIM_THRESHOLD, 64 << 20)


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    from channels.offspring import family  # here, as below: a few drops need no processes

    load_data()
    with family(workers, nice=1) as pool:
        try:
            yield pool
        finally:  # after an error in the middle nobody waits for the rest
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _dask(bulk: Bulk) -> Iterator[Executor]:
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise ConfigError(
            _('[intake] executor = "dask" needs the extra "cluster": pip install "bantin[cluster]"')
        ) from None
    with ExitStack() as stack:
        address = bulk.address or stack.enter_context(
            LocalCluster(  # type: ignore[no-untyped-call]  # distributed has no annotations
                n_workers=bulk.workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",
            )
        )
        try:
            client = stack.enter_context(Client(address, timeout=bulk.wait))  # type: ignore[no-untyped-call]  # nor here
        except OSError as error:
            raise ConfigError(
                _("[intake] cluster = {address}: the Dask scheduler does not answer: {reason}").format(
                    address=bulk.address, reason=error)
            ) from None  # fmt: skip
        # pure=False: two runs over equal drops at different times must not share a result
        yield stack.enter_context(client.get_executor(pure=False))

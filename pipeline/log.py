"""The program's own log: one line an event on stderr, as text or as JSON; no local variables, no secrets, whoever wrote it.

structlog is loaded when the first line is written, because most runs of the command have nothing to say.
"""

from __future__ import annotations

import json
import logging
import re
import secrets as random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TextIO

__all__ = ["about", "hide", "set_up"]

HIDDEN: Final = "•••"
_SHORTEST: Final = 6  # letters of a secret; shorter ones would take whole words out of every line
_said: ContextVar[Mapping[str, str]] = ContextVar("said", default={})  # noqa: B039 - never changed in place

_KEYS: Final = r"access_token|refresh_token|id_token|token|app_secret|client_secret|secret_key|secretkey|secret|password|passwd|authorization|cookie|api_key|apikey|appsecret_proof"
_PATTERNS: Final = (
    (re.compile(r"(?i)\b((?:bearer|basic)\s+)[\w.~+/=-]{8,}"), rf"\1{HIDDEN}"),
    (re.compile(rf"(?i)((?:{_KEYS})(?:\\?[\"'])?\s*[=:]\s*(?:\\?[\"'])?)(?!\s)[^\s\"'\\&,;}}\])]{{4,}}"), rf"\1{HIDDEN}"),
    (re.compile(r"(\w://)[^\s/@\"']+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"\bEA[A-Za-z0-9]{20,}"), HIDDEN),  # Facebook's tokens
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),  # JWT
    # Long words of capitals, small letters and figures; digests, which have one case only, stay.
    (re.compile(r"(?<![\w/.-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[A-Za-z0-9_-]{32,}={0,2}"), HIDDEN),
)  # fmt: skip


def hide(text: str, known: Iterable[str] = ()) -> str:
    """The text without known secrets and without what looks like a token."""
    for secret in known:
        text = text.replace(secret, HIDDEN)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


@contextmanager
def about(**facts: str) -> Iterator[None]:
    """`with about(job="look"):` every line inside says so."""
    before = _said.set({**_said.get(), **facts})
    try:
        yield
    finally:
        _said.reset(before)


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to the stderr of the moment, which a command's runner may have replaced.

    Args:
        formatter: makes the formatter, at the first line.
        known: secrets; they are hidden in the finished line, so that no message, field or traceback comes past it.
    """

    def __init__(self, formatter: Callable[[], logging.Formatter], known: tuple[str, ...]) -> None:
        logging.Handler.__init__(self)
        self._make, self._known = formatter, known

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # an attribute there, set by the constructor that is left out
        return sys.stderr

    def format(self, record: logging.LogRecord) -> str:
        if self.formatter is None:
            self.setFormatter(self._make())
        return hide(super().format(record), self._known)


def set_up(level: str, *, as_json: bool, known: Iterable[str] = ()) -> str:
    """Send every logger of this process to stderr, and return the id of this run, which stands in every line.

    Args:
        level: debug, info, warning or error.
        known: secrets that must never be seen.
    """
    run = random.token_hex(4)
    found = {one for one in known if len(one) >= _SHORTEST}
    found |= {json.dumps(one, ensure_ascii=False)[1:-1] for one in found}

    handler = _Stderr(lambda: _formatter(run, as_json=as_json), tuple(sorted(found, key=len, reverse=True)))
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Stderr)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for noisy in ("apscheduler", "urllib3", "python_multipart", "asyncio", "PIL", "httpx", "httpcore", "alembic"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it names its targets, which are secrets
    return run


def _formatter(run: str, *, as_json: bool) -> logging.Formatter:
    import structlog
    from structlog.stdlib import ProcessorFormatter
    from structlog.tracebacks import ExceptionDictTransformer

    def with_facts(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, fact in _said.get().items():
            event.setdefault(name, fact)
        event["run"] = run
        return event

    shared: list[Any] = [with_facts, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name,
                         structlog.stdlib.ExtraAdder(), structlog.processors.TimeStamper(fmt="iso", utc=True)]  # fmt: skip
    end: list[Any] = [ProcessorFormatter.remove_processors_meta]
    if as_json:
        end += [structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]  # fmt: skip
    else:
        plain = structlog.dev.plain_traceback  # the rich one prints local variables
        end.append(structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain))
    return ProcessorFormatter(foreign_pre_chain=shared, processors=end)

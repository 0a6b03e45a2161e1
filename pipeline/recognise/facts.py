"""The lists behind the recognisers (data/guards.yaml), read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Facts:
    """Numbers are digits only, names lower case."""

    phones: frozenset[str]
    accounts: frozenset[str]
    mail: tuple[str, ...]
    free_mail: frozenset[str]
    mailboxes: frozenset[str]
    provinces: frozenset[str]


@cache
def facts() -> Facts:
    text = (files("pipeline") / "data" / "guards.yaml").read_text(encoding="utf-8")
    raw = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both loaders are safe ones
    return Facts(
        phones=frozenset(digits(one) for one in raw["official_phones"]),
        accounts=frozenset(digits(one) for one in raw["official_accounts"]),
        mail=tuple(raw["official_mail"]), free_mail=frozenset(raw["free_mail"]),
        mailboxes=frozenset(raw["office_mailboxes"]), provinces=frozenset(raw["provinces"]),
    )  # fmt: skip


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)

"""Prepared drops and settled claims for the tests of the ledger."""

from datetime import timedelta

from pipeline.ledger import Prepared, schema
from pipeline.model import Attempt, Identity, Outcome, Slot


def prepared(now, *, digest="d1", outcome=Outcome.PUBLISH, status="ready", channels=("portal", "zalo"), text="p1",
             item="a1", when=None, **more):  # fmt: skip
    slots = tuple(Slot(name, when or now, "" if name == "portal" else "portal") for name in channels)
    path = f"so-noi-vu/{item}.md"
    return Prepared(path, "so-noi-vu", digest, (), digest, outcome,
                    identity=Identity(item, f"2026/11/{item}.html", now), kind="article", title=more.pop("title", "Tin"),
                    areas=("mot-cua",), status=status,
                    slots=slots if outcome in (Outcome.PUBLISH, Outcome.REVIEW) and status == "ready" else (),
                    posts={name: (f"{name} {text}", f"{name}{text}") for name in channels}, **more)  # fmt: skip


def send(ledger, channel, now, result=None, **more):
    """Claim and settle one delivery."""
    claim = ledger.claim(channel, now, **more)
    assert claim is not None
    ledger.settle(claim, result or Attempt("done", "r1", "https://x/1"), now)
    return claim


def die(ledger, now):
    """A worker takes a delivery and is never heard of again; the lease of a real server cannot be waited for."""
    claim = ledger.claim("portal", now)
    with ledger.engine.begin() as connection:
        connection.execute(schema.delivery.update().values(lease_until=now - timedelta(days=400)))
    return claim

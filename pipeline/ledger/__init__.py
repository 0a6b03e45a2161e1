"""The ledger: the only truth about what happened, and the only SQL."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.ledger.ledger import Knowing, Known, Ledger, Prepared

__all__ = ["Knowing", "Known", "Ledger", "Prepared"]


def __getattr__(name: str) -> Any:
    """Loaded when it is asked for: a look that finds nothing to do needs no SQLAlchemy (pipeline/ledger/glance.py)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pipeline.ledger import ledger

    return getattr(ledger, name)

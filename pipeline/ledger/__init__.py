"""The ledger: the only truth about what happened, and the only SQL."""

from pipeline.ledger.ledger import Known, Ledger, Prepared

__all__ = ["Known", "Ledger", "Prepared"]

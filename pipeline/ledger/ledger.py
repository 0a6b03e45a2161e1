"""The ledger of one newsroom, put together from what intake, workers, channels and people ask of it."""

from __future__ import annotations

from datetime import datetime

from pipeline.ledger import schema as t
from pipeline.ledger.batches import Batches
from pipeline.ledger.editing import Editing
from pipeline.ledger.glance import Known
from pipeline.ledger.knowing import Knowing
from pipeline.ledger.recording import Prepared

__all__ = ["Knowing", "Known", "Ledger", "Prepared"]


class Ledger(Batches, Editing):
    """The database behind one newsroom."""

    def known_drops(self) -> dict[str, Known]:
        """Every drop that was ever seen, by path."""
        knowing = Knowing(self)
        knowing.renew()
        return knowing.drops

    def first_to_run(self, job: str, slot: datetime, now: datetime) -> bool:
        """Whether this process is the one that runs a firing; any number of schedulers may ask."""
        statement = self.make_insert(t.run).values(job=job, slot=slot, who=self.owner, at=now).on_conflict_do_nothing()
        with self.engine.begin() as connection:
            return connection.execute(statement.returning(t.run.c.job)).first() is not None

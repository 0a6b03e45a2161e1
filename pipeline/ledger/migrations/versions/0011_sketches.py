"""Sketches, by which most candidates are told to be other stories at a glance; indexes of what expires and of what somebody has in hand.

Revision ID: 0011
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from pipeline.likeness import sketch, unpacked

revision = "0011"
down_revision = "0010"

_BATCH = 500  # rows whose shingles are read at a time
_LEASED = sa.text("lease_until IS NOT NULL")
_EXPIRES = sa.text("expires IS NOT NULL")
_likeness = sa.table(
    "likeness", sa.column("id"), sa.column("shingles", sa.LargeBinary), sa.column("sketch", sa.LargeBinary)
)


def upgrade() -> None:
    op.add_column("likeness", sa.Column("sketch", sa.LargeBinary(), nullable=True))
    op.create_index("ix_item_expires", "item", ["expires"], sqlite_where=_EXPIRES, postgresql_where=_EXPIRES)
    op.create_index("ix_delivery_leased", "delivery", ["lease_until"], sqlite_where=_LEASED, postgresql_where=_LEASED)
    connection = op.get_bind()
    drawn = sa.update(_likeness).where(_likeness.c.id == sa.bindparam("key")).values(sketch=sa.bindparam("drawn"))
    for rows in _portions(connection):
        connection.execute(drawn, [{"key": row.id, "drawn": sketch(unpacked(row.shingles))} for row in rows])


def _portions(connection: sa.Connection) -> Iterator[list[Any]]:
    last = 0
    query = sa.select(_likeness.c.id, _likeness.c.shingles).order_by(_likeness.c.id).limit(_BATCH)
    while rows := list(connection.execute(query.where(_likeness.c.id > last))):
        yield rows
        last = rows[-1].id


def downgrade() -> None:
    op.drop_index("ix_delivery_leased", "delivery")
    op.drop_index("ix_item_expires", "item")
    op.drop_column("likeness", "sketch")

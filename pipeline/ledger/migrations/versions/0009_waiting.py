"""Indexes for what waits for an approval, and for who did what to an item.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
_WAITS = sa.text("attention <> ''")


def upgrade() -> None:
    op.create_index("ix_item_waiting", "item", ["id"], sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_index("ix_audit_subject", "audit", ["subject"])


def downgrade() -> None:
    op.drop_index("ix_audit_subject", "audit")
    op.drop_index("ix_item_waiting", "item")

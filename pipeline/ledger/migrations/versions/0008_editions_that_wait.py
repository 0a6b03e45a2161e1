"""Whether an edition needs somebody's approval, so that a release can ask for it.

What the policy asked of older editions was not kept; a release of one that nobody approved asks for approval.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("edition", sa.Column("waits", sa.Boolean(), server_default=sa.text("true"), nullable=False))


def downgrade() -> None:
    op.drop_column("edition", "waits")

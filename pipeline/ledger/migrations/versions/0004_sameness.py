"""What items are compared by.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "likeness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("shingles", sa.LargeBinary(), nullable=False),
        sa.Column("pictures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness")),
        sa.UniqueConstraint("path", name=op.f("uq_likeness_path")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_likeness_item"), "likeness", ["item"], unique=False)
    for name, column in (("likeness_band", "key"), ("likeness_passage", "hash")):
        op.create_table(
            name,
            sa.Column(column, sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("likeness", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["likeness"], ["likeness.id"], name=op.f(f"fk_{name}_likeness")),
            sa.PrimaryKeyConstraint(column, "likeness", name=op.f(f"pk_{name}")),
        )
        op.create_index(op.f(f"ix_{name}_likeness"), name, ["likeness"], unique=False)

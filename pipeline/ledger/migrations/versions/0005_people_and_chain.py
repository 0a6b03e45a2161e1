"""Accounts with their sessions and tokens; the audit's address and hash chain.

Revision ID: 0005
"""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

from pipeline.ledger.schema import UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _accounts()
    op.create_table(
        "failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("where_from", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failure")),
    )
    for column in ("login", "where_from", "at"):
        op.create_index(op.f(f"ix_failure_{column}"), "failure", [column], unique=False)
    for column in ("where_from", "chain"):
        op.add_column("audit", sa.Column(column, sa.String(), server_default="", nullable=False))
    _chain()


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), server_default="", nullable=False),
        sa.Column("email", sa.String(), server_default="", nullable=False),
        sa.Column("subject", sa.String(), server_default="", nullable=False),
        sa.Column("password", sa.Text(), server_default="", nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_account")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("began", UtcTime(), nullable=False),
        sa.Column("seen", UtcTime(), nullable=False),
        sa.Column("where_from", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["login"], ["account.login"], name=op.f("fk_session_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_login"), "session", ["login"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        sa.Column("created", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["account.login"], name=op.f("fk_api_token_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("login", "name", name=op.f("uq_api_token_login_name")),
    )


def _chain() -> None:
    """Rows that are there already become the beginning of the chain; the form is that of pipeline/ledger/chain.py."""
    texts = [sa.column(name, sa.String()) for name in ("who", "what", "subject", "note", "where_from", "chain")]
    audit = sa.table("audit", sa.column("id", sa.Integer()), sa.column("at", UtcTime()), *texts)
    connection, last, chained = op.get_bind(), "", []
    for row in connection.execute(sa.select(audit).order_by(audit.c.id)).mappings():
        told = {key: row[key] for key in ("who", "what", "subject", "note", "where_from")}
        told["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
        canonical = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        last = hashlib.sha256(f"{last}\n{canonical}".encode()).hexdigest()
        chained.append({"number": row["id"], "value": last})
    if chained:
        connection.execute(
            sa.update(audit).where(audit.c.id == sa.bindparam("number")).values(chain=sa.bindparam("value")), chained
        )


def downgrade() -> None:
    with op.batch_alter_table("audit") as batch:
        for column in ("chain", "where_from"):
            batch.drop_column(column)
    for table in ("failure", "api_token", "session", "account"):
        op.drop_table(table)

"""What is ours is kept as it was fetched, before anything reads it."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables forward."""
    op.create_table(
        "kept",
        sa.Column("mailbox", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("folder", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailbox", "folder", "uidvalidity", "uid"],
            ["ledger.mailbox", "ledger.folder", "ledger.uidvalidity", "ledger.uid"],
            name=op.f("fk_kept_mailbox_ledger"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("mailbox", "folder", "uidvalidity", "uid", name=op.f("pk_kept")),
    )


def downgrade() -> None:
    """Takes it back. What is kept waits in the ledger as before there was such a table: to be fetched again."""
    op.execute("UPDATE ledger SET outcome = 'retry' WHERE outcome = 'kept'")
    op.drop_table("kept")

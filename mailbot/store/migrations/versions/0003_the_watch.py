"""The watch goes by the numbers of messages, and the ledger knows when it noted what."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables forward. What was looked at until now is judged by its date, as it was."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    with op.batch_alter_table("cursor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_uidnext", sa.BigInteger(), nullable=True))
    op.execute("UPDATE cursor SET first_uidnext = last_uid + 1")
    with op.batch_alter_table("cursor", schema=None) as batch_op:
        batch_op.alter_column("first_uidnext", existing_type=sa.BigInteger(), nullable=False)
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.add_column(sa.Column("noted_at", moment, nullable=True))
    op.execute("UPDATE ledger SET noted_at = received_at")
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.alter_column("noted_at", existing_type=moment, nullable=False)
        batch_op.drop_index("ix_ledger_outcome")
        batch_op.create_index("ix_ledger_outcome", ["outcome", "noted_at"], unique=False)


def downgrade() -> None:
    """Takes them back."""
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_outcome")
        batch_op.create_index("ix_ledger_outcome", ["outcome", "received_at"], unique=False)
        batch_op.drop_column("noted_at")
    with op.batch_alter_table("cursor", schema=None) as batch_op:
        batch_op.drop_column("first_uidnext")

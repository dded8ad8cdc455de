"""gathered: a mail whose place is taken by a digest, and digests found by their own name."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

IN_A_DIGEST = sa.text("gathered_into IS NOT NULL")
IS_A_DIGEST = sa.text("incident_id IS NULL AND reference IS NOT NULL")


def upgrade() -> None:
    """Brings the tables forward."""
    # Added as it is: a table made anew would have to copy every sealed mail.
    op.add_column("outbox", sa.Column("gathered_into", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_gathered",
            ["gathered_into"],
            unique=False,
            sqlite_where=IN_A_DIGEST,
            postgresql_where=IN_A_DIGEST,
        )
        batch_op.create_index(
            "ix_outbox_digest", ["reference"], unique=False, sqlite_where=IS_A_DIGEST, postgresql_where=IS_A_DIGEST
        )


def downgrade() -> None:
    """Takes it back: what stood in a digest that has not left waits again by itself, what left in one was sent."""
    op.execute(
        "UPDATE outbox SET state = 'sent' WHERE state = 'gathered'"
        " AND gathered_into IN (SELECT id FROM outbox AS digest WHERE digest.state = 'sent')"
    )
    op.execute(
        "UPDATE outbox SET state = 'withdrawn', ready_at = NULL, claimed_by = NULL"
        " WHERE state IN ('waiting', 'claimed', 'held', 'given_up') AND id IN"
        " (SELECT gathered_into FROM outbox AS member WHERE member.gathered_into IS NOT NULL)"
    )
    op.execute(
        "UPDATE outbox SET state = 'waiting', ready_at = COALESCE(not_before, created_at) WHERE state = 'gathered'"
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_digest")
        batch_op.drop_index("ix_outbox_gathered")
    op.drop_column("outbox", "gathered_into")

"""likeness: by what a report is found again when another reads like it."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables forward."""
    op.create_table(
        "likeness",
        sa.Column("fingerprint", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("incident_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name=op.f("fk_likeness_incident_id_incident"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("fingerprint", "received_at", "incident_id", name=op.f("pk_likeness")),
    )
    with op.batch_alter_table("likeness", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_likeness_incident_id"), ["incident_id"], unique=False)


def downgrade() -> None:
    """Takes them back."""
    with op.batch_alter_table("likeness", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_likeness_incident_id"))
    op.drop_table("likeness")

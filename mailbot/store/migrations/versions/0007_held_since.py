"""held_since: since when a duty's present holder has it, where another had it before."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables forward. Duties of before count from their start, as they did."""
    op.add_column("duty", sa.Column("held_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("duty", "held_since")

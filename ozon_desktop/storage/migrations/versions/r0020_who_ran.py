"""The journal says who did what, and from which computer."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies the revision."""
    for name in ("host", "user_name"):
        op.add_column("runs", sa.Column(name, sa.Text(), nullable=False, server_default=""))

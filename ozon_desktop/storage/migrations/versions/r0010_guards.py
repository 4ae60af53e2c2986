"""Guards: whether a cabinet's first sending was confirmed, what is held for a person, what can be taken back, what an export lacked.

A cabinet that has sent before is not asked again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Applies the revision."""
    _of_integration("sending_states", [], sa.Column("confirmed_at", MOMENT), sa.Column("read_only", sa.Boolean(), nullable=False))
    _of_integration(
        "held_items",
        ["offer_id", "what", "value"],
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("offer_id", "what", "value", "hold", "name", "changes")),
        sa.Column("verdict", sa.Text()),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
    )
    _of_integration(
        "sent_values",
        ["run_id", "offer_id", "kind"],
        sa.Column("run_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("offer_id", "kind", "item", "before")),
        sa.Column("sent_at", MOMENT, nullable=False),
    )
    op.create_index("ix_sent_values_sent_at", "sent_values", ["sent_at"])
    op.create_table(
        "store_absences",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("import_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", "part", name="pk_store_absences"),
    )
    # A run that got through, or a card that Ozon took: whoever set this cabinet up knows what is sent to it.
    op.execute(
        """
        INSERT INTO sending_states (integration_id, confirmed_at, read_only)
        SELECT integrations.id, CURRENT_TIMESTAMP, false FROM integrations
        WHERE EXISTS (SELECT 1 FROM accepted_offers
                      WHERE accepted_offers.integration_id = integrations.id AND accepted_offers.payload IS NOT NULL)
           OR EXISTS (SELECT 1 FROM runs
                      WHERE runs.integration_id = integrations.id AND runs.kind = 'sync' AND runs.result IN ('done', 'partial'))
        """
    )


def _of_integration(name: str, keys: list[str], *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("integration_id", SERIAL, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name=f"fk_{name}_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", *keys, name=f"pk_{name}"),
    )

"""Cards that were on Ozon before are told apart, with what was answered about them; a product's own rate of VAT may be used.

Whoever has sent already is not asked: for such a cabinet the answers are what the program did until now, the store's values.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACCEPTED = sa.table(
    "accepted_offers",
    *(sa.column(name) for name in ("integration_id", "offer_id", "product_id", "payload", "stocks", "old_price", "min_price")),
    sa.column("adopted", sa.Boolean()),
)


def upgrade() -> None:
    """Applies the revision."""
    op.add_column("accepted_offers", sa.Column("adopted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("integrations", sa.Column("vat_of_product", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "existing_card_answers",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("content", sa.Text()),
        sa.Column("prices", sa.Text()),
        sa.Column("stocks", sa.Text()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integrations.id"], name="fk_existing_card_answers_integration_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("integration_id", name="pk_existing_card_answers"),
    )
    _tell_apart()
    _answer_for_senders()


def _tell_apart() -> None:
    """A card the cabinet was read with may have been made elsewhere: what Ozon holds of it is kept. So is what was never sent."""
    cards = sa.table("cabinet_cards", sa.column("integration_id"), sa.column("offer_id"), sa.column("gone", sa.Boolean()))
    same = (cards.c.integration_id == ACCEPTED.c.integration_id) & (cards.c.offer_id == ACCEPTED.c.offer_id)
    read = sa.exists().where(same, cards.c.gone == sa.false())
    unknown = (ACCEPTED.c.product_id != 0) & (ACCEPTED.c.payload.is_(None) | read)
    op.execute(ACCEPTED.update().where(unknown).values(adopted=sa.true()))


def _answer_for_senders() -> None:
    connection, rows = op.get_bind(), ACCEPTED.c
    names = ("integration_id", "content", "prices", "stocks")
    answers = sa.table("existing_card_answers", *map(sa.column, names), sa.column("answered_at", sa.DateTime(timezone=True)))
    sent = rows.payload.is_not(None) | (rows.stocks != "[]") | rows.old_price.is_not(None) | rows.min_price.is_not(None)
    now = datetime.now(UTC)
    moment = now.replace(tzinfo=None) if connection.dialect.name == "sqlite" else now
    for integration_id in connection.execute(sa.select(rows.integration_id).where(sent).distinct()).scalars().all():
        connection.execute(
            answers.insert().values(integration_id=integration_id, content="store", prices="store", stocks="store", answered_at=moment)
        )

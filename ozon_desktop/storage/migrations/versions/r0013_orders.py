"""Since when the store's stocks count each order, when an export with stocks was made, and who began a batch of orders.

What was subtracted until now were the pieces Ozon held for buyers, where that was chosen: the choice becomes the moment at which the
store writes orders off.
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
LEFT = ("delivering", "driver_pickup", "sent_by_seller", "arbitration", "client_arbitration", "delivered", "returned", "partly_returned")


def upgrade() -> None:
    """Applies the revision."""
    for name, kind in (
        ("handed_at", MOMENT),
        ("handed_import", sa.BigInteger()),
        ("shipped_at", MOMENT),
        ("shipped_import", sa.BigInteger()),
        ("in_store_at", MOMENT),
    ):
        op.add_column("orders", sa.Column(name, kind))
    op.create_index("ix_orders_in_store_at", "orders", ["in_store_at"])
    op.add_column("store_imports", sa.Column("stocks_made_at", MOMENT))
    op.add_column("order_batches", sa.Column("installation", sa.Text()))
    _settle_orders()
    _remember_fetches()
    _choose_write_off()


def _settle_orders() -> None:
    """What had left the store was never subtracted: its own way of accounting goes on. The rest counts from the next import on."""
    left = ", ".join(f"'{status}'" for status in LEFT)
    # An order cancelled so far is over, whenever it was cancelled.
    op.execute(f"UPDATE orders SET in_store_at = seen_at WHERE status IN ({left}, 'cancelled', 'cancelled_from_split_pending')")
    op.execute(
        "UPDATE orders SET handed_at = exported_at, handed_import = (SELECT COALESCE(MAX(id), 0) FROM store_imports) "
        "WHERE exported_at IS NOT NULL"
    )


def _remember_fetches() -> None:
    """Only the very first fetch of a cabinet meets orders of the time before the program."""
    bind = op.get_bind()
    fetched = bind.execute(sa.text("SELECT DISTINCT integration_id FROM order_marks UNION SELECT DISTINCT integration_id FROM orders"))
    now = datetime.now(UTC).isoformat()
    for (integration_id,) in fetched.fetchall():
        for key in (f"orders/began/{integration_id}", f"orders/fetched/{integration_id}"):
            bind.execute(sa.text("INSERT INTO preferences (key, value) VALUES (:key, :now)"), {"key": key, "now": now})


def _choose_write_off() -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT integration_id, stocks FROM sync_rules WHERE stocks IS NOT NULL")).fetchall()
    for integration_id, text in rows:
        rules = json.loads(text)
        rules["write_off"] = "at_shipment" if rules.pop("minus_reserved", True) else "at_order"
        changed = json.dumps(rules, ensure_ascii=False)
        bind.execute(sa.text("UPDATE sync_rules SET stocks = :rules WHERE integration_id = :id"), {"rules": changed, "id": integration_id})

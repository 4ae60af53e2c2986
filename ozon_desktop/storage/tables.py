"""The schema: every table in one metadata, those of the mapping in `mapping_tables.py`, of the cards in `card_tables.py`.

The revisions in `migrations/` must give exactly this (a test compares them).

Ids of Ozon are 64-bit (up to 16 digits), ids of the store are the back office's own texts. Store rows carry `seen`, the number of
the import that last mentioned them, products that of the one that last wrote them. Data that outlives a re-import (mappings, saved
fields, links) refers to store ids without a foreign key, because a category may vanish from one export and be back in the next.

Not here: what only one of the databases has for the search among values (`value_index.py` on SQLite, an index of trigrams on
PostgreSQL; both made by revision 0002).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.integration import ConnectionReport
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.sync_plan import PlanItem
from ozon_desktop.storage.columns import ExactDecimal, Folded, Json, Serial, UtcDateTime
from ozon_desktop.storage.table_base import metadata, of_integration

integrations = Table(
    "integrations",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("client_id", BigInteger),
    Column("scheme", Text),
    Column("catalog_structure_id", Text),
    Column("order_direction_id", Text),
    Column("organization_id", Text),
    Column("responsible_employee_id", Text),
    Column("price_type_id", Text),
    Column("vat_rate", Text),
    Column("vat_of_product", Boolean, nullable=False, server_default=false()),
    Column("update_trigger", Text),
    Column("enabled", Boolean, nullable=False),
    Column("has_key", Boolean, nullable=False),
    Column("connection", Json(ConnectionReport)),
    Column("selected_base_ids", Json(frozenset[int]), nullable=False),
    Column("base_fetched_at", UtcDateTime),
    Column("children_fetched_at", UtcDateTime),
    Column("settings_fetched_at", UtcDateTime),
)


# --- The store ------------------------------------------------------------------------------------------------------

store_imports = Table(
    "store_imports",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("stocks_made_at", UtcDateTime),
)
"""stocks_made_at: when the oldest of its files with stocks was made; NULL = it had none, or that is not known."""

store_structures = Table(
    "store_structures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("owner", Text, nullable=False),
)

store_categories = Table(
    "store_categories",
    metadata,
    Column("id", Text, primary_key=True),
    Column("structure_id", Text, nullable=False, index=True),
    Column("parent_id", Text),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("seen", BigInteger, nullable=False),
)

store_properties = Table(
    "store_properties",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("value_type", Text, nullable=False),
)

store_directory_values = Table(
    "store_directory_values",
    metadata,
    Column("property_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

store_products = Table(
    "store_products",
    metadata,
    Column("id", Text, primary_key=True),
    Column("offer_id", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("structure_id", Text, nullable=False, index=True),
    Column("parent_id", Text, index=True),
    Column("category_ids", Json(tuple[str, ...]), nullable=False),
    Column("description", Text, nullable=False),
    Column("barcodes", Json(tuple[str, ...]), nullable=False),
    Column("pictures", Json(tuple[str, ...]), nullable=False),
    Column("vat", Text),
    Column("vendor", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("properties", Json(tuple[tuple[str, str], ...]), nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("has_card", Boolean, nullable=False),
    Column("code", Text, nullable=False, server_default=""),
    Column("group_id", Text, nullable=False, server_default=""),
    Column("model", Text, nullable=False, server_default=""),
    Column("sold_as", Text, nullable=False, server_default="", index=True),
    Column("seen", BigInteger, nullable=False),
)

store_price_types = Table(
    "store_price_types",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
)

store_prices = Table(
    "store_prices",
    metadata,
    Column("price_type_id", Text, ForeignKey("store_price_types.id", ondelete="CASCADE"), primary_key=True),
    Column("product_id", Text, ForeignKey("store_products.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("value", ExactDecimal, nullable=False),
    Column("currency", Text, nullable=False),
    Column("seen", BigInteger, nullable=False),
)

store_warehouses = Table("store_warehouses", metadata, Column("id", Text, primary_key=True), Column("name", Text, nullable=False))

store_stocks = Table(
    "store_stocks",
    metadata,
    Column("product_id", Text, ForeignKey("store_products.id", ondelete="CASCADE"), primary_key=True),
    Column("warehouse_id", Text, ForeignKey("store_warehouses.id", ondelete="CASCADE"), primary_key=True),
    Column("quantity", ExactDecimal, nullable=False),
    Column("seen", BigInteger, nullable=False),
)

store_elements = Table(
    "store_elements",
    metadata,
    Column("product_id", Text, primary_key=True),
    Column("print", LargeBinary, primary_key=True),
    Column("context", LargeBinary, nullable=False),
    Column("prices", Integer, nullable=False),
    Column("stocks", Integer, nullable=False),
    Column("pictured", Boolean, nullable=False),
    Column("seen", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Elements of exports that would change nothing of the store if they were read once more: see `store_elements.py`."""

store_references = Table(
    "store_references",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

# --- Ozon's catalogue -----------------------------------------------------------------------------------------------

ozon_categories = Table(
    "ozon_categories",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("parent_id", BigInteger),
    Column("base_id", BigInteger, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
)

ozon_types = Table(
    "ozon_types",
    metadata,
    Column("category_id", BigInteger, ForeignKey("ozon_categories.id"), primary_key=True, autoincrement=False),
    Column("type_id", BigInteger, primary_key=True, autoincrement=False),
    Column("base_id", BigInteger, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("settings_at", UtcDateTime),
    Column("position", Integer, nullable=False),
)

ozon_attributes = Table(
    "ozon_attributes",
    metadata,
    Column("category_id", BigInteger, primary_key=True, autoincrement=False),
    Column("type_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("is_collection", Boolean, nullable=False),
    Column("is_required", Boolean, nullable=False),
    Column("is_aspect", Boolean, nullable=False),
    Column("max_value_count", Integer, nullable=False),
    Column("group_id", BigInteger, nullable=False),
    Column("group_name", Text, nullable=False),
    Column("dictionary_id", BigInteger, nullable=False),
    Column("category_dependent", Boolean, nullable=False),
    Column("complex_id", BigInteger, nullable=False),
    Column("complex_is_collection", Boolean, nullable=False),
    ForeignKeyConstraint(["category_id", "type_id"], ["ozon_types.category_id", "ozon_types.type_id"], ondelete="CASCADE"),
)

# A dictionary that does not depend on the category has category and type 0: NULL would escape the unique constraint.
ozon_dictionaries = Table(
    "ozon_dictionaries",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("dictionary_id", BigInteger, nullable=False),
    Column("category_id", BigInteger, nullable=False),
    Column("type_id", BigInteger, nullable=False),
    Column("partial", Boolean, nullable=False),
    Column("value_count", Integer, nullable=False),
    Column("fetched_at", UtcDateTime),
    UniqueConstraint("dictionary_id", "category_id", "type_id"),
)

ozon_values = Table(
    "ozon_values",
    metadata,
    Column("dictionary", Serial, ForeignKey("ozon_dictionaries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("value_id", BigInteger, primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
    Column("folded", Folded, nullable=False),
    Column("info", Text, nullable=False),
    Column("picture", Text, nullable=False),
    Index(None, "dictionary", "folded"),
    sqlite_with_rowid=False,
)

ozon_warehouses = Table(
    "ozon_warehouses",
    metadata,
    of_integration(primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("is_rfbs", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
)

# --- What was sent and received -------------------------------------------------------------------------------------

accepted_offers = Table(
    "accepted_offers",
    metadata,
    of_integration(primary_key=True),
    Column("offer_id", Text, primary_key=True),
    Column("product_id", BigInteger, nullable=False),
    Column("payload", Json(CardPayload)),
    Column("price", ExactDecimal),
    Column("stocks", Json(tuple[tuple[int, int], ...]), nullable=False),
    Column("status", Text, nullable=False),
    Column("status_name", Text, nullable=False),
    Column("errors", Json(tuple[ItemError, ...]), nullable=False),
    Column("refused", Json(CardPayload)),
    Column("updated_at", UtcDateTime),
    Column("archived", Boolean, nullable=False),
    Column("type_key", Json(TypeKey)),
    Column("old_price", ExactDecimal),
    Column("min_price", ExactDecimal),
    Column("card_print", Text),
    Column("adopted", Boolean, nullable=False, server_default=false()),
)

# Of the cards the last plan would send: the fingerprint each was built from, and that of its payload as `accepted_offers` stores it.
planned_cards = Table(
    "planned_cards",
    metadata,
    of_integration(primary_key=True),
    Column("offer_id", Text, primary_key=True),
    Column("card_print", Text, nullable=False),
    Column("payload_print", Text, nullable=False),
)

product_links = Table(
    "product_links",
    metadata,
    of_integration(primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("offer_id", Text, nullable=False),
)

cabinet_articles = Table(
    "cabinet_articles",
    metadata,
    of_integration(primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("offer_id", Text, nullable=False),
)

intents = Table(
    "intents",
    metadata,
    Column("id", Serial, primary_key=True),
    of_integration(),
    Column("run_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Json(tuple[PlanItem, ...]), nullable=False),
    Column("task_id", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("integration_id", Serial, ForeignKey("integrations.id", ondelete="SET NULL")),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("result", Text, nullable=False),
    Column("counts", Json(tuple[tuple[str, int], ...]), nullable=False),
    Column("requests", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("problems", Json(tuple[RunProblem, ...]), nullable=False),
    Column("host", Text, nullable=False, server_default=""),
    Column("user_name", Text, nullable=False, server_default=""),
    Index(None, "integration_id", "started_at"),
)

preferences = Table("preferences", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

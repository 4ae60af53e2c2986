"""The first schema: everything the program keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Frozen copies of the column types of `storage.columns`: a revision must not change with the code.
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Applies the revision."""
    _create_integrations()
    _create_store_catalog()
    _create_store_offers()
    _create_ozon_tree()
    _create_ozon_attributes()
    _create_ozon_dictionaries()
    _create_ozon_warehouses()
    _create_mappings()
    _create_cards()
    _create_synchronization()
    _create_orders()
    _create_journal()


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _create_integrations() -> None:
    op.create_table(
        "integrations",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("client_id", sa.BigInteger()),
        sa.Column("scheme", sa.Text()),
        sa.Column("catalog_structure_id", sa.Text()),
        sa.Column("order_direction_id", sa.Text()),
        sa.Column("organization_id", sa.Text()),
        sa.Column("responsible_employee_id", sa.Text()),
        sa.Column("price_type_id", sa.Text()),
        sa.Column("vat_rate", sa.Text()),
        sa.Column("update_trigger", sa.Text()),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("has_key", sa.Boolean(), nullable=False),
        sa.Column("connection", sa.Text()),
        sa.Column("selected_base_ids", sa.Text(), nullable=False),
        sa.Column("base_fetched_at", sa.DateTime(timezone=True)),
        sa.Column("children_fetched_at", sa.DateTime(timezone=True)),
        sa.Column("settings_fetched_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_integrations"),
        sa.UniqueConstraint("name", name="uq_integrations_name"),
    )


def _create_store_catalog() -> None:
    op.create_table(
        "store_imports",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_store_imports"),
    )
    op.create_table(
        "store_structures",
        *_texts("id", "name", "owner"),
        sa.PrimaryKeyConstraint("id", name="pk_store_structures"),
    )
    op.create_table(
        "store_categories",
        *_texts("id", "structure_id"),
        sa.Column("parent_id", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_store_categories"),
    )
    op.create_index("ix_store_categories_structure_id", "store_categories", ["structure_id"])
    op.create_table(
        "store_properties",
        *_texts("id", "name", "value_type"),
        sa.PrimaryKeyConstraint("id", name="pk_store_properties"),
    )
    op.create_table(
        "store_products",
        *_texts("id", "offer_id", "name", "structure_id"),
        sa.Column("parent_id", sa.Text()),
        *_texts("category_ids", "description", "barcodes", "pictures"),
        sa.Column("vat", sa.Text()),
        *_texts("vendor", "unit", "properties"),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("has_card", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_store_products"),
    )
    op.create_index("ix_store_products_parent_id", "store_products", ["parent_id"])
    op.create_index("ix_store_products_structure_id", "store_products", ["structure_id"])


def _create_store_offers() -> None:
    op.create_table(
        "store_price_types",
        *_texts("id", "name", "currency"),
        sa.PrimaryKeyConstraint("id", name="pk_store_price_types"),
    )
    op.create_table(
        "store_prices",
        *_texts("price_type_id", "product_id", "value", "currency"),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["price_type_id"], ["store_price_types.id"], name="fk_store_prices_price_type_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["product_id"], ["store_products.id"], name="fk_store_prices_product_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("price_type_id", "product_id", name="pk_store_prices"),
    )
    op.create_index("ix_store_prices_product_id", "store_prices", ["product_id"])
    op.create_table(
        "store_warehouses",
        *_texts("id", "name"),
        sa.PrimaryKeyConstraint("id", name="pk_store_warehouses"),
    )
    op.create_table(
        "store_stocks",
        *_texts("product_id", "warehouse_id", "quantity"),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["store_products.id"], name="fk_store_stocks_product_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["store_warehouses.id"], name="fk_store_stocks_warehouse_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("product_id", "warehouse_id", name="pk_store_stocks"),
    )
    op.create_table(
        "store_references",
        *_texts("kind", "id", "name"),
        sa.PrimaryKeyConstraint("kind", "id", name="pk_store_references"),
    )


def _create_ozon_tree() -> None:
    op.create_table(
        "ozon_categories",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parent_id", sa.BigInteger()),
        sa.Column("base_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ozon_categories"),
    )
    op.create_index("ix_ozon_categories_base_id", "ozon_categories", ["base_id"])
    op.create_table(
        "ozon_types",
        sa.Column("category_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("base_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("settings_at", sa.DateTime(timezone=True)),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["ozon_categories.id"], name="fk_ozon_types_category_id"),
        sa.PrimaryKeyConstraint("category_id", "type_id", name="pk_ozon_types"),
    )
    op.create_index("ix_ozon_types_base_id", "ozon_types", ["base_id"])


def _create_ozon_attributes() -> None:
    op.create_table(
        "ozon_attributes",
        sa.Column("category_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        *_texts("name", "description", "type"),
        sa.Column("is_collection", sa.Boolean(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_aspect", sa.Boolean(), nullable=False),
        sa.Column("max_value_count", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("dictionary_id", sa.BigInteger(), nullable=False),
        sa.Column("category_dependent", sa.Boolean(), nullable=False),
        sa.Column("complex_id", sa.BigInteger(), nullable=False),
        sa.Column("complex_is_collection", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id", "type_id"],
            ["ozon_types.category_id", "ozon_types.type_id"],
            name="fk_ozon_attributes_category_id_type_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("category_id", "type_id", "position", name="pk_ozon_attributes"),
    )


def _create_ozon_dictionaries() -> None:
    op.create_table(
        "ozon_dictionaries",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("dictionary_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("value_count", sa.Integer(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_ozon_dictionaries"),
        sa.UniqueConstraint("dictionary_id", "category_id", "type_id", name="uq_ozon_dictionaries_dictionary_id_category_id_type_id"),
    )
    op.create_table(
        "ozon_values",
        sa.Column("dictionary", SERIAL, autoincrement=False, nullable=False),
        sa.Column("value_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("folded", FOLDED, nullable=False),
        *_texts("info", "picture"),
        sa.ForeignKeyConstraint(["dictionary"], ["ozon_dictionaries.id"], name="fk_ozon_values_dictionary", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("dictionary", "value_id", name="pk_ozon_values"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ozon_values_dictionary_folded", "ozon_values", ["dictionary", "folded"])


def _create_ozon_warehouses() -> None:
    op.create_table(
        "ozon_warehouses",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_rfbs", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_ozon_warehouses_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "id", name="pk_ozon_warehouses"),
    )


def _create_mappings() -> None:
    op.create_table(
        "category_mappings",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("category_id", sa.Text(), nullable=False),
        sa.Column("description_category_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_category_mappings_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "category_id", name="pk_category_mappings"),
    )
    op.create_table(
        "mapping_changes",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("integration_id", SERIAL, nullable=False),
        *_texts("label", "before", "after"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_mapping_changes_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_mapping_changes"),
    )
    op.create_index("ix_mapping_changes_integration_id", "mapping_changes", ["integration_id"])


def _create_cards() -> None:
    op.create_table(
        "card_fields",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entered", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer()),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("weight", sa.Integer()),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_card_fields_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "product_id", "category_id", "type_id", name="pk_card_fields"),
    )
    op.create_table(
        "field_rules",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("category_id", sa.Text(), nullable=False),
        sa.Column("attribute_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *_texts("kind", "entered", "property_name"),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_field_rules_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "category_id", "attribute_id", name="pk_field_rules"),
    )


def _create_synchronization() -> None:
    op.create_table(
        "accepted_offers",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("price", sa.Text()),
        *_texts("stocks", "status", "status_name", "errors"),
        sa.Column("refused", sa.Text()),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_accepted_offers_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "offer_id", name="pk_accepted_offers"),
    )
    op.create_table(
        "product_links",
        sa.Column("integration_id", SERIAL, nullable=False),
        *_texts("product_id", "offer_id"),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_product_links_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "product_id", name="pk_product_links"),
    )
    op.create_table(
        "intents",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        *_texts("kind", "payload"),
        sa.Column("task_id", sa.BigInteger()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_intents_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_intents"),
    )
    op.create_index("ix_intents_integration_id", "intents", ["integration_id"])


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("integration_id", SERIAL, nullable=False),
        *_texts("posting_number", "status"),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("posting", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text()),
        sa.Column("direction_id", sa.Text()),
        sa.Column("responsible_id", sa.Text()),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_orders_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "posting_number", name="pk_orders"),
    )
    op.create_table(
        "order_statuses",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("posting_number", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["integration_id", "posting_number"],
            ["orders.integration_id", "orders.posting_number"],
            name="fk_order_statuses_integration_id_posting_number",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_statuses"),
    )
    op.create_index("ix_order_statuses_integration_id_posting_number", "order_statuses", ["integration_id", "posting_number"])


def _create_journal() -> None:
    op.create_table(
        "runs",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("integration_id", SERIAL),
        *_texts("kind", "cause"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        *_texts("result", "counts"),
        sa.Column("requests", sa.Integer(), nullable=False),
        *_texts("reason", "problems"),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_runs_integration_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_integration_id_started_at", "runs", ["integration_id", "started_at"])
    op.create_table(
        "preferences",
        *_texts("key", "value"),
        sa.PrimaryKeyConstraint("key", name="pk_preferences"),
    )

"""Tables of the category mapping: types of whole categories, of parts of their products, and the changes that can be undone."""

from sqlalchemy import BigInteger, Boolean, Column, Table, Text

from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.storage.columns import Json, Serial, UtcDateTime
from ozon_desktop.storage.table_base import metadata, of_integration

StoredAssignments = tuple[tuple[str | MappingPlace, TypeKey | None], ...]
"""Places and their types; a whole category is stored by its id alone."""

category_mappings = Table(
    "category_mappings",
    metadata,
    of_integration(primary_key=True),
    Column("category_id", Text, primary_key=True),
    Column("description_category_id", BigInteger, nullable=False),
    Column("type_id", BigInteger, nullable=False),
)

mapping_parts = Table(
    "mapping_parts",
    metadata,
    of_integration(primary_key=True),
    Column("category_id", Text, primary_key=True),
    Column("property_name", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("description_category_id", BigInteger, nullable=False),
    Column("type_id", BigInteger, nullable=False),
)

mapping_changes = Table(
    "mapping_changes",
    metadata,
    Column("id", Serial, primary_key=True),
    of_integration(),
    Column("label", Text, nullable=False),
    Column("before", Json(StoredAssignments), nullable=False),
    Column("after", Json(StoredAssignments), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("undone", Boolean, nullable=False),
)

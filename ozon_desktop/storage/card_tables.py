"""Tables of what the manager decided for cards: entered fields, rules, remembered values, the order of pictures."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from ozon_desktop.domain.field_values import Values
from ozon_desktop.storage.columns import ExactDecimal, Folded, Json
from ozon_desktop.storage.table_base import metadata, of_integration

StoredRows = tuple[tuple[str, tuple[int, str]], ...]
"""A rule's table: store texts and values."""

card_fields = Table(
    "card_fields",
    metadata,
    of_integration(primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("category_id", BigInteger, primary_key=True, autoincrement=False),
    Column("type_id", BigInteger, primary_key=True, autoincrement=False),
    Column("entered", Json(dict[int, Values]), nullable=False),
    Column("depth", Integer),
    Column("width", Integer),
    Column("height", Integer),
    Column("weight", Integer),
)
"""A row without values says that the product's list was switched to this type, though nothing is entered in it."""

field_rules = Table(
    "field_rules",
    metadata,
    of_integration(primary_key=True),
    Column("category_id", Text, primary_key=True),
    Column("attribute_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("entered", Json(Values), nullable=False),
    Column("property_name", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("factor", ExactDecimal),
    Column("value_table", Json(StoredRows), nullable=False),
)

value_choices = Table(
    "value_choices",
    metadata,
    of_integration(primary_key=True),
    Column("dictionary_id", BigInteger, primary_key=True, autoincrement=False),
    Column("category_id", BigInteger, primary_key=True, autoincrement=False),
    Column("type_id", BigInteger, primary_key=True, autoincrement=False),
    Column("folded", Folded, primary_key=True),
    Column("text", Text, nullable=False),
    Column("value_id", BigInteger, nullable=False),
    Column("value", Text, nullable=False),
)
"""category_id and type_id 0: the dictionary is the same for all types. value_id 0: the text has no value."""

card_pictures = Table(
    "card_pictures",
    metadata,
    of_integration(primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("ordered", Json(tuple[str, ...]), nullable=False),
    Column("main", Text, nullable=False),
)

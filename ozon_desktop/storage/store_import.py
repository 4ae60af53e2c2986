"""Writes the records of one store export: in batches, doubling nothing, and clearing what a full export does not mention."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Select,
    Table,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from ozon_desktop.domain.import_problems import ImportProblem
from ozon_desktop.domain.store_catalog import (
    DEFAULT_WAREHOUSE_ID,
    CatalogStructure,
    DirectoryValue,
    Employee,
    ExportScope,
    ImportCounts,
    OrderDirection,
    Organization,
    Price,
    PriceType,
    Product,
    PropertyDefinition,
    Stock,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
    without_home,
)
from ozon_desktop.storage.guard_tables import store_absences
from ozon_desktop.storage.product_rows import newer, product_of, product_row, products_with_ids
from ozon_desktop.storage.sql import BATCH, batches, insert_missing, prepared, upsert
from ozon_desktop.storage.store_articles import give_articles, name_models
from ozon_desktop.storage.store_homes import give_homes
from ozon_desktop.storage.store_lacks import Lacks, lacks
from ozon_desktop.storage.tables import (
    store_categories,
    store_directory_values,
    store_imports,
    store_price_types,
    store_prices,
    store_products,
    store_properties,
    store_references,
    store_stocks,
    store_structures,
    store_warehouses,
)

MAX_LINES = 1_000
"""Problems of one import that are told one by one; the number counts all of them."""
DEFAULT_WAREHOUSE_NAME = "Основной склад"

_NEW_IMPORT = insert(store_imports).returning(store_imports.c.id)


class StoreImporter:
    """Takes one export record by record; `finish` must follow within the same transaction."""

    def __init__(self, connection: Connection, file_name: str) -> None:
        self._connection = connection
        self.number: int = connection.execute(_NEW_IMPORT, {"file_name": file_name}).scalar_one()
        self._counts: Counter[type[object]] = Counter()
        self._lines: list[ImportProblem] = []
        self._problems = 0
        self._withdrawn: set[str] = set()
        self._pictures = False
        self._full = True
        self._without_pictures: set[str] = set()
        self._pictures_kept: set[str] = set()
        self._gone_categories: set[str] = set()
        self._deleted = 0
        self._scopes: list[ExportScope] = []
        self._products: dict[str, Product] = {}
        self._prices: dict[tuple[str, str], Price] = {}
        self._stocks: dict[tuple[str, str], Stock] = {}
        self._categories: dict[str, StoreCategory] = {}
        self._repeated: dict[str, dict[str, Any]] = {}
        self._small: dict[Table, dict[tuple[str, ...], dict[str, Any]]] = {}
        self._writers: dict[type[object], Callable[[Any], None]] = {
            ExportScope: self._take_scope,
            Product: self._take_product,
            Price: self._take_price,
            Stock: self._take_stock,
            StoreCategory: self._take_category,
            CatalogStructure: self._take_structure,
            ImportProblem: self._take_problem,
        }

    def write(self, record: StoreRecord) -> None:
        """Takes one record; it is in the database after `finish` at the latest."""
        kind = type(record)
        self._counts[kind] += 1
        writer = self._writers.get(kind)
        if writer is not None:
            writer(record)
        else:
            self._take_small(record)

    def finish(self) -> ImportCounts:
        """Writes what is left and clears what full exports did not mention."""
        self._flush()
        self._note_mentioned()
        self._take_pictures_away()
        self._withdraw()
        for scope in self._scopes:
            if not scope.full or scope.portion:
                continue
            if scope.part == "catalog":
                self._clear_catalog(scope.structure_id)
            elif scope.part == "offers":
                self._clear_offers(scope.structure_id)
        homeless = give_homes(self._connection, self.number)
        name_models(self._connection, self.number)
        give_articles(self._connection)
        counted = self._counts
        vanished, before = self._count_vanished()
        named = self._named()
        lacking = lacks(self._connection)
        return ImportCounts(
            structures=counted[CatalogStructure],
            categories=counted[StoreCategory],
            properties=counted[PropertyDefinition],
            products=named[False],
            prices=counted[Price],
            price_types=counted[PriceType],
            warehouses=counted[StoreWarehouse],
            stocks=counted[Stock],
            organizations=counted[Organization],
            employees=counted[Employee],
            directions=counted[OrderDirection],
            deleted=self._deleted,
            vanished=vanished,
            before=before,
            variants=named[True],
            without_price=lacking.price,
            without_stock=lacking.stock,
            without_article=lacking.article,
            without_category=homeless,
            problems=self._problems,
            lines=tuple(self._lines),
            missing=self._missing(lacking),
        )

    def _named(self) -> dict[bool, int]:
        """How many products, and how many variants (key True), the export named."""
        return {False: 0, True: 0} | {bool(is_variant): count for is_variant, count in _named(self._connection, self.number)}

    def _missing(self, lacking: Lacks) -> tuple[str, ...]:
        """Parts that the store still waits for: "offers" when only goods came, "catalog" when only offers did."""
        parts = {scope.part for scope in self._scopes}
        offers = lacking.price and not self._counts[Price] and not self._counts[Stock] and "catalog" in parts
        return tuple(name for name, lacks in (("offers", offers), ("catalog", lacking.card and "catalog" not in parts)) if lacks)

    # --- Taking records in ------------------------------------------------------------------------------------------

    def _take_small(self, record: StoreRecord) -> None:
        table, row = _small_row(record)
        self._small.setdefault(table, {})[tuple(row[column.name] for column in table.primary_key)] = row

    def _take_structure(self, structure: CatalogStructure) -> None:
        if structure.repeated:
            self._repeated[structure.id] = _small_row(structure)[1]
        else:
            self._take_small(structure)

    def _take_scope(self, scope: ExportScope) -> None:
        self._scopes.append(scope)
        if scope.part == "catalog":
            self._full = scope.full

    def _take_problem(self, problem: ImportProblem) -> None:
        self._problems += problem.costs
        if len(self._lines) < MAX_LINES:
            self._lines.append(problem)

    def _take_product(self, product: Product) -> None:
        if product.parent_id is None and not product.has_card:
            if product.deleted:
                # Without a characteristic: its sizes are sold on, if there are any.
                self._withdrawn.add(product.id)
                return
            self._withdrawn.discard(product.id)
        if product.has_card and not product.pictures and self._full:
            self._without_pictures.add(product.id)
        known = self._products.get(product.id)
        self._products[product.id] = product if known is None else newer(known, product)
        if len(self._products) >= BATCH:
            self._flush()

    def _take_price(self, price: Price) -> None:
        self._prices[price.price_type_id, price.product_id] = price
        if len(self._prices) >= BATCH:
            self._flush()

    def _take_stock(self, stock: Stock) -> None:
        self._stocks[stock.product_id, stock.warehouse_id] = stock
        if len(self._stocks) >= BATCH:
            self._flush()

    def _take_category(self, category: StoreCategory) -> None:
        if category.deleted:
            self._gone_categories.add(category.id)
            self._categories.pop(category.id, None)
            return
        self._gone_categories.discard(category.id)
        self._categories[category.id] = category
        if len(self._categories) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        """Everything taken so far, in the order the foreign keys ask for."""
        insert_missing(self._connection, store_structures, list(self._repeated.values()))
        for table, rows in self._small.items():
            upsert(self._connection, table, list(rows.values()))
        self._flush_categories()
        self._flush_products()
        self._flush_prices()
        self._flush_stocks()
        for taken in (self._repeated, self._small, self._categories, self._products, self._prices, self._stocks):
            taken.clear()

    def _flush_categories(self) -> None:
        rows = [
            {
                "id": category.id,
                "structure_id": category.structure_id,
                "parent_id": category.parent_id,
                "name": category.name,
                "position": category.position,
                "seen": self.number,
            }
            for category in self._categories.values()
        ]
        upsert(self._connection, store_categories, rows)
        for ids in batches(sorted(self._gone_categories)):
            self._connection.execute(delete(store_categories).where(store_categories.c.id.in_(ids)))
        self._gone_categories.clear()

    def _flush_products(self) -> None:
        known: dict[str, Product] = {}
        articles: dict[str, str] = {}
        same = self._mentioned_cards()
        for ids in batches(id_ for id_ in self._products if id_ not in same):
            for row in products_with_ids(self._connection, ids):
                known[row.id] = _as_named(product_of(row, None))
                articles[row.id] = row.sold_as
        changed: list[dict[str, Any]] = []
        for record in self._products.values():
            if record.id in same:
                continue
            before = known.get(record.id)
            product = newer(before, self._with_pictures(before, record))
            self._deleted += before is not None and product.deleted and not before.deleted
            if product == before:
                same.add(product.id)
            else:
                changed.append(self._row(product, before, articles))
        upsert(self._connection, store_products, changed)
        late = store_products.c.seen != self.number
        for ids in batches(sorted(same)):
            self._connection.execute(update(store_products).where(store_products.c.id.in_(ids), late).values(seen=self.number))

    def _mentioned_cards(self) -> set[str]:
        """Products with a card among those that only an offers file speaks of: a mention changes nothing of them, so they are not read."""
        table = store_products.c
        mentioned = [record.id for record in self._products.values() if _is_mention(record)]
        found: set[str] = set()
        for ids in batches(mentioned):
            found.update(self._connection.execute(select(table.id).where(table.id.in_(ids), table.has_card.is_(True))).scalars())
        return found

    def _row(self, product: Product, known: Product | None, articles: dict[str, str]) -> dict[str, Any]:
        """Its row. An article given once stays, until the store writes another one or the product was gone."""
        same = known is not None and known.offer_id == product.offer_id and (product.deleted or not known.deleted)
        if known is not None and known.model and not product.model:
            product = replace(product, model=known.model)
        return product_row(product, self.number, articles[product.id] if same else "")

    def _with_pictures(self, known: Product | None, record: Product) -> Product:
        """The record, with the pictures known so far where it has none: a catalogue without any picture says nothing of pictures."""
        if record.has_card and record.pictures:
            self._pictures = True
            self._pictures_kept.discard(record.id)
        elif record.id in self._without_pictures and known is not None and known.pictures:
            self._pictures_kept.add(record.id)
            return replace(record, pictures=known.pictures)
        return record

    def _take_pictures_away(self) -> None:
        """From products that had none in a catalogue with pictures."""
        if self._pictures:
            for ids in batches(sorted(self._pictures_kept)):
                self._connection.execute(update(store_products).where(store_products.c.id.in_(ids)).values(pictures=()))

    def _withdraw(self) -> None:
        """Deletes products whose own offer is gone, unless a variant of them is sold."""
        variants = store_products.alias("variants")
        for ids in batches(sorted(self._withdrawn)):
            sold = exists().where(variants.c.parent_id == store_products.c.id, variants.c.deleted.is_(False))
            gone = store_products.c.id.in_(ids) & store_products.c.deleted.is_(False) & ~sold
            self._deleted += self._connection.execute(update(store_products).where(gone).values(deleted=True, seen=self.number)).rowcount

    def _flush_prices(self) -> None:
        prices = list(self._prices.values())
        types = {price.price_type_id: price.currency for price in prices}
        insert_missing(self._connection, store_price_types, [{"id": id_, "name": id_, "currency": money} for id_, money in types.items()])
        self._add_placeholders({price.product_id for price in prices})
        rows = [
            {
                "price_type_id": price.price_type_id,
                "product_id": price.product_id,
                "value": price.value,
                "currency": price.currency,
                "seen": self.number,
            }
            for price in prices
        ]
        upsert(self._connection, store_prices, rows)

    def _flush_stocks(self) -> None:
        stocks = list(self._stocks.values())
        names = {stock.warehouse_id: stock.warehouse_id for stock in stocks}
        if DEFAULT_WAREHOUSE_ID in names:
            names[DEFAULT_WAREHOUSE_ID] = DEFAULT_WAREHOUSE_NAME
        insert_missing(self._connection, store_warehouses, [{"id": id_, "name": name} for id_, name in names.items()])
        self._add_placeholders({stock.product_id for stock in stocks})
        rows = [
            {"product_id": stock.product_id, "warehouse_id": stock.warehouse_id, "quantity": stock.quantity, "seen": self.number}
            for stock in stocks
        ]
        upsert(self._connection, store_stocks, rows)
        self._replace_stocks(stocks)

    def _replace_stocks(self, stocks: list[Stock]) -> None:
        """A number for the whole shop takes the place of those by warehouse, and the other way round: never more than there is."""
        whole = {stock.product_id for stock in stocks if stock.warehouse_id == DEFAULT_WAREHOUSE_ID}
        placed = {stock.product_id for stock in stocks} - whole
        for ids in batches(sorted(placed)):
            _without_whole_stocks(self._connection, ids, self.number)
        for ids in batches(sorted(whole)):
            _nothing_in_warehouses(self._connection, ids, self.number)

    def _add_placeholders(self, product_ids: set[str]) -> None:
        """A price or a stock may come before anything else is known of its product."""
        missing = [Product(product_id, "", "", has_card=False) for product_id in sorted(product_ids - self._products.keys())]
        insert_missing(self._connection, store_products, [product_row(product, self.number) for product in missing])

    # --- Clearing what a full export left out -----------------------------------------------------------------------

    def _clear_catalog(self, structure_id: str) -> None:
        """Products and categories of the structure that this export did not mention.

        An export without a single category (or product) is a part of a split one and says nothing of the others.
        """
        if self._counts[StoreCategory]:
            _without_categories(self._connection, structure_id, self.number)
        if self._counts[Product]:
            _note_gone_products(self._connection, structure_id, self.number)
            self._deleted += _delete_gone_products(self._connection, structure_id, self.number).rowcount

    def _clear_offers(self, structure_id: str) -> None:
        """Stocks and prices of the structure that this export did not mention; a file with stocks only leaves prices alone.

        An export that does not name its structure speaks of those whose products it mentions.
        """
        structures = [structure_id] if structure_id else list(_mentioned_structures(self._connection, self.number).scalars())
        if self._counts[Stock]:
            _note_gone_stocks(self._connection, structures, self.number)
            _clear_gone_stocks(self._connection, structures, self.number)
        if self._counts[Price]:
            _without_prices(self._connection, structures, self.number)

    # --- What the export says nothing of -------------------------------------------------------------------------------

    def _note_mentioned(self) -> None:
        """What this export speaks of is not absent any more, also where it says that it is deleted or sold out."""
        _not_absent(self._connection, self.number)
        _not_sold_out(self._connection, self.number)

    def _count_vanished(self) -> tuple[int, int]:
        """How many products this export made vanish, from the catalogue or from sale, and how many there were before it."""
        vanished = _vanished(self._connection, self.number).scalar_one()
        if not vanished:
            return 0, 0
        mine = store_absences.c.import_number == self.number
        deleted = select(func.count()).select_from(store_absences).where(mine, store_absences.c.part == "catalog")
        alive = select(func.count()).select_from(store_products).where(store_products.c.deleted.is_(False))
        return vanished, self._connection.execute(deleted).scalar_one() + self._connection.execute(alive).scalar_one()


@prepared
def _named(number: int) -> Executable:
    variant = store_products.c.parent_id.is_not(None)
    return select(variant, func.count()).where(store_products.c.seen == number).group_by(variant)


@prepared
def _without_whole_stocks(product_ids: list[str], number: int) -> Executable:
    table = store_stocks.c
    earlier, default = table.seen != number, table.warehouse_id == DEFAULT_WAREHOUSE_ID
    return delete(store_stocks).where(table.product_id.in_(product_ids), default, earlier)


@prepared
def _nothing_in_warehouses(product_ids: list[str], number: int) -> Executable:
    table = store_stocks.c
    earlier, others = table.seen != number, table.warehouse_id != DEFAULT_WAREHOUSE_ID
    return update(store_stocks).where(table.product_id.in_(product_ids), others, earlier).values(quantity=Decimal(0))


@prepared
def _without_categories(structure_id: str, number: int) -> Executable:
    table = store_categories.c
    return delete(store_categories).where(table.structure_id == structure_id, table.seen != number)


@prepared
def _note_gone_products(structure_id: str, number: int) -> Executable:
    return _note_absent("catalog", select(store_products.c.id).where(_is_gone(structure_id, number)), number)


@prepared
def _delete_gone_products(structure_id: str, number: int) -> Executable:
    return update(store_products).where(_is_gone(structure_id, number)).values(deleted=True)


def _is_gone(structure_id: str, number: int) -> ColumnElement[bool]:
    """Whether it is of the structure, and the import of this number did not mention it."""
    products = store_products.c
    # Variants known only from offers follow their product.
    own = products.parent_id.is_(None) & (products.structure_id == structure_id)
    variant = products.has_card.is_(True) & products.parent_id.in_(_products_of(store_products.c.structure_id == structure_id))
    return or_(own, variant) & (products.seen != number) & products.deleted.is_(False)


@prepared
def _note_gone_stocks(structures: list[str], number: int) -> Executable:
    stocks = store_stocks.c
    there = (stocks.seen != number) & (stocks.quantity != Decimal(0))
    return _note_absent("offers", select(stocks.product_id).where(there, stocks.product_id.in_(_families_of(structures))), number)


@prepared
def _clear_gone_stocks(structures: list[str], number: int) -> Executable:
    stocks = store_stocks.c
    return update(store_stocks).where(stocks.seen != number, stocks.product_id.in_(_families_of(structures))).values(quantity=Decimal(0))


@prepared
def _without_prices(structures: list[str], number: int) -> Executable:
    prices = store_prices.c
    return delete(store_prices).where(prices.seen != number, prices.product_id.in_(_families_of(structures)))


@prepared
def _not_absent(number: int) -> Executable:
    spoken = select(store_products.c.id).where(store_products.c.seen == number)
    return delete(store_absences).where(store_absences.c.part == "catalog", store_absences.c.product_id.in_(spoken))


@prepared
def _not_sold_out(number: int) -> Executable:
    stocked = select(store_stocks.c.product_id).where(store_stocks.c.seen == number)
    return delete(store_absences).where(store_absences.c.part == "offers", store_absences.c.product_id.in_(stocked))


def _note_absent(part: str, product_ids: Select[tuple[str]], number: int) -> Executable:
    known = select(store_absences.c.product_id).where(store_absences.c.part == part)
    ids = product_ids.distinct().subquery()
    rows = select(ids.c[0], literal(part), type_coerce(number, Integer)).where(ids.c[0].not_in(known))
    return insert(store_absences).from_select(["product_id", "part", "import_number"], rows)


@prepared
def _vanished(number: int) -> Select[Any]:
    return select(func.count(store_absences.c.product_id.distinct())).where(store_absences.c.import_number == number)


@prepared
def _mentioned_structures(number: int) -> Select[Any]:
    products = store_products.c
    priced = select(store_prices.c.product_id).where(store_prices.c.seen == number)
    stocked = select(store_stocks.c.product_id).where(store_stocks.c.seen == number)
    rows = select(products.id, products.parent_id).where(products.id.in_(priced.union(stocked))).subquery()
    families = or_(products.id.in_(select(rows.c.id)), products.id.in_(select(rows.c.parent_id)))
    return select(products.structure_id).where(families).distinct()


def _families_of(structures: list[str]) -> Select[tuple[str]]:
    """Ids of the products of these structures and of their variants."""
    products = _products_of(store_products.c.structure_id.in_(structures))
    return select(store_products.c.id).where(or_(store_products.c.id.in_(products), store_products.c.parent_id.in_(products)))


def _products_of(structures: ColumnElement[bool]) -> Select[tuple[str]]:
    """Ids of the products (not variants) of structures."""
    return select(store_products.c.id).where(store_products.c.parent_id.is_(None), structures)


def _as_named(product: Product) -> Product:
    """With the categories the store named: where it named none, what `give_homes` added is no difference."""
    named = without_home(product.category_ids)
    return product if named == product.category_ids else replace(product, category_ids=named)


def _is_mention(record: Product) -> bool:
    """Whether `newer` keeps a known card as it is after this record."""
    return record.parent_id is None and not record.has_card and not record.deleted


def _small_row(record: StoreRecord) -> tuple[Table, dict[str, Any]]:
    """Table and row of a record of which an export holds few."""
    match record:
        case CatalogStructure():
            return store_structures, {"id": record.id, "name": record.name, "owner": record.owner}
        case PropertyDefinition():
            return store_properties, {"id": record.id, "name": record.name, "value_type": record.value_type}
        case PriceType():
            return store_price_types, {"id": record.id, "name": record.name, "currency": record.currency}
        case StoreWarehouse():
            return store_warehouses, {"id": record.id, "name": record.name}
        case Organization():
            return store_references, {"kind": "organization", "id": record.id, "name": record.name}
        case Employee():
            return store_references, {"kind": "employee", "id": record.id, "name": record.name}
        case DirectoryValue():
            return store_directory_values, {"property_id": record.property_id, "id": record.id, "value": record.value}
        case OrderDirection():
            return store_references, {"kind": "direction", "id": record.id, "name": record.name}
    raise TypeError(f"not a record of a store export: {record!r}")

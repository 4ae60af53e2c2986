"""Writes the records of one store export: in batches, doubling nothing, and clearing what a full export does not mention."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    Connection,
    Executable,
    Table,
    delete,
    exists,
    func,
    insert,
    select,
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
    KnownElement,
    OrderDirection,
    Organization,
    Price,
    PriceType,
    Product,
    PropertyDefinition,
    ReadElement,
    Stock,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
)
from ozon_desktop.storage.doubled import count_added, count_doubled
from ozon_desktop.storage.guard_tables import store_absences
from ozon_desktop.storage.import_clearing import (
    clear_gone_stocks,
    delete_products,
    gone_of,
    mentioned_structures,
    not_absent,
    not_sold_out,
    note_gone_products,
    note_gone_stocks,
    nothing_in_warehouses,
    vanished_by,
    without_categories,
    without_prices,
    without_whole_stocks,
)
from ozon_desktop.storage.mentioned import create, drop, mention, named, named_variants, note_same, settle_same, unmentioned
from ozon_desktop.storage.product_rows import PRODUCT_NAMES, as_named, newer, product_of, product_values, products_with_ids
from ozon_desktop.storage.sql import BATCH, batches, insert_missing, prepared, rows_with, upsert, upsert_rows
from ozon_desktop.storage.store_articles import give_articles, name_models
from ozon_desktop.storage.store_elements import Effect, ElementRepository
from ozon_desktop.storage.store_homes import give_homes
from ozon_desktop.storage.store_lacks import Lacks, lacks, lacks_cards
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
MOST_AMOUNTS = 4 * BATCH
"""Prices or stocks of one batch where no product comes between them."""
DEFAULT_WAREHOUSE_NAME = "Основной склад"
_PRICE_NAMES = ("price_type_id", "product_id", "value", "currency", "seen")
_STOCK_NAMES = ("product_id", "warehouse_id", "quantity", "seen")

_NEW_IMPORT = insert(store_imports).returning(store_imports.c.id)


class StoreImporter:
    """Takes one export record by record; `finish` must follow within the same transaction.

    After `finish`: named: how many products it spoke of; added: how many of them were not there before; doubled: how many there would be
    twice, because it is the export of another source, 0 = it is not.
    """

    def __init__(self, connection: Connection, file_name: str) -> None:
        self._connection = connection
        self.number: int = connection.execute(_NEW_IMPORT, {"file_name": file_name}).scalar_one()
        create(connection)
        self.elements = ElementRepository(connection, self.number)
        self._read: list[KnownElement] = []
        self._same: list[KnownElement] = []
        self._records = 0
        self._before = 0, 0, 0
        self._product: Product | None = None
        self._merged: set[str] = set()
        self._grouped = False
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
        self.named = self.added = self.doubled = 0
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
            ReadElement: self._take_element,
            KnownElement: self._take_same,
        }

    def write(self, record: StoreRecord) -> None:
        """Takes one record; it is in the database after `finish` at the latest."""
        kind = type(record)
        self._counts[kind] += 1
        self._records += 1
        writer = self._writers.get(kind)
        if writer is not None:
            writer(record)
        else:
            self._take_small(record)

    @property
    def stocks(self) -> int:
        """How many stocks were taken so far."""
        return self._counts[Stock]

    def finish(self) -> ImportCounts:
        """Writes what is left and clears what full exports did not mention."""
        self._flush()
        settle_same(self._connection, self.number)
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
        if self._grouped or self._deleted:
            name_models(self._connection)
        give_articles(self._connection)
        counted = self._counts
        vanished, before = self._count_vanished()
        variants = named_variants(self._connection).scalar_one()
        products = named(self._connection).scalar_one() - variants
        self.named, self.added = products + variants, count_added(self._connection)
        self.doubled = count_doubled(self._connection, self.named, self.added, self.number)
        drop(self._connection)
        lacking = lacks(self._connection)
        return ImportCounts(
            structures=counted[CatalogStructure],
            categories=counted[StoreCategory],
            properties=counted[PropertyDefinition],
            products=products,
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
            variants=variants,
            without_price=lacking.price,
            without_stock=lacking.stock,
            without_article=lacking.article,
            without_category=homeless,
            problems=self._problems,
            lines=tuple(self._lines),
            missing=self._missing(lacking),
        )

    def _missing(self, lacking: Lacks) -> tuple[str, ...]:
        """Parts that the store still waits for: "offers" when only goods came, "catalog" when only offers did."""
        parts = {scope.part for scope in self._scopes}
        offers = lacking.price and not self._counts[Price] and not self._counts[Stock] and "catalog" in parts
        catalog = "catalog" not in parts and lacks_cards(self._connection)
        return tuple(name for name, lacks in (("offers", offers), ("catalog", catalog)) if lacks)

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
        # Between two elements: all that one says is in one batch.
        if max(len(self._products), len(self._prices), len(self._stocks)) >= BATCH:
            self._flush()
        if product.parent_id is None and not product.has_card:
            if product.deleted:
                # Without a characteristic: its sizes are sold on, if there are any.
                self._withdrawn.add(product.id)
                return
            self._withdrawn.discard(product.id)
        if product.has_card and not product.pictures and self._full:
            self._without_pictures.add(product.id)
        self.elements.touch(product.id)
        self._product = product
        self._before = self._records - 1, self._counts[Price], self._counts[Stock]
        known = self._products.get(product.id)
        if known is None:
            self._products[product.id] = product
        elif (merged := newer(known, product)) is not known:
            self._products[product.id] = merged
            self._merged.add(product.id)

    def _take_price(self, price: Price) -> None:
        self.elements.touch(price.product_id)
        self._prices[price.price_type_id, price.product_id] = price
        if len(self._prices) >= MOST_AMOUNTS:
            self._flush()

    def _take_stock(self, stock: Stock) -> None:
        self.elements.touch(stock.product_id)
        self._stocks[stock.product_id, stock.warehouse_id] = stock
        if len(self._stocks) >= MOST_AMOUNTS:
            self._flush()

    def _take_element(self, element: ReadElement) -> None:
        """Keeps the element if its records are of its product alone, and nothing else depends on them."""
        counts, product, (records, prices, stocks) = self._counts, self._product, self._before
        prices, stocks = counts[Price] - prices, counts[Stock] - stocks
        # The product itself, and this.
        alone = self._records - records == 2 + prices + stocks
        if alone and product is not None and product.id == element.product_id and not product.deleted:
            pictured = product.has_card and bool(product.pictures)
            self._read.append(KnownElement(element.product_id, element.print, element.context, prices, stocks, pictured, self.number))

    def _take_same(self, element: KnownElement) -> None:
        counts = self._counts
        counts[Product] += 1
        counts[Price] += element.prices
        counts[Stock] += element.stocks
        self._pictures = self._pictures or element.pictured
        self._withdrawn.discard(element.product_id)
        self._same.append(element)
        if len(self._same) >= BATCH:
            self._flush_same()

    def _take_category(self, category: StoreCategory) -> None:
        if category.deleted:
            self._gone_categories.add(category.id)
            self._categories.pop(category.id, None)
            return
        self._gone_categories.discard(category.id)
        self._categories[category.id] = category
        if len(self._categories) >= BATCH:
            self._flush_categories()

    def _flush(self) -> None:
        """Everything taken so far, in the order the foreign keys ask for."""
        insert_missing(self._connection, store_structures, list(self._repeated.values()))
        for table, rows in self._small.items():
            upsert(self._connection, table, list(rows.values()))
        self._flush_categories()
        changed = self._flush_products()
        self._flush_prices()
        self._flush_stocks()
        self._flush_elements(changed)
        self._flush_same()
        for taken in (self._repeated, self._small, self._products, self._prices, self._stocks, self._merged):
            taken.clear()

    def _flush_same(self) -> None:
        """What says the same as before: everything of it is there."""
        note_same(self._connection, self._same)
        self._same.clear()

    def _flush_elements(self, changed: set[str]) -> None:
        effects = {product_id: Effect(product_id in changed) for product_id in self._products}
        for price in self._prices.values():
            effect = effects.get(price.product_id)
            if effect is None:
                effect = effects[price.product_id] = Effect()
            effect.prices += 1
        for stock in self._stocks.values():
            effect = effects.get(stock.product_id)
            if effect is None:
                effect = effects[stock.product_id] = Effect()
            effect.stocks += 1
        doubtful = self._merged | self._pictures_kept
        self.elements.take([element for element in self._read if element.product_id not in doubtful], effects)
        self.elements.forget(self._merged)
        self._read.clear()

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
        self._categories.clear()

    def _flush_products(self) -> set[str]:
        """Writes the products that changed, and gives their ids."""
        known: dict[str, Product] = {}
        articles: dict[str, str] = {}
        same = self._mentioned_cards()
        for ids in batches(id_ for id_ in self._products if id_ not in same):
            for row in products_with_ids(self._connection, ids):
                known[row.id] = as_named(product_of(row, None))
                articles[row.id] = row.sold_as
        rows: list[tuple[Any, ...]] = []
        fresh: set[str] = set()
        changed: set[str] = set()
        for record in self._products.values():
            if record.id in same:
                continue
            before = known.get(record.id)
            product = newer(before, self._with_pictures(before, record))
            if before is not None and before.model and not product.model:
                product = replace(product, model=before.model)
            self._deleted += before is not None and product.deleted and not before.deleted
            if product != before:
                changed.add(product.id)
                self._grouped = self._grouped or bool(product.group_id or (before is not None and before.group_id))
                rows.append(product_values(product, self.number, _article(product, before, articles)))
                if before is None:
                    fresh.add(product.id)
        upsert_rows(self._connection, store_products, PRODUCT_NAMES, rows)
        mention(self._connection, self._products, fresh)
        return changed

    def _mentioned_cards(self) -> set[str]:
        """Products with a card among those that only an offers file speaks of: a mention changes nothing of them, so they are not read."""
        spoken = [record.id for record in self._products.values() if _is_mention(record)]
        found: set[str] = set()
        for ids in batches(spoken):
            found.update(id_ for id_, has_card in rows_with(self._connection, store_products, ("id", "has_card"), "id", ids) if has_card)
        return found

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
            self.elements.forget(self._pictures_kept)

    def _withdraw(self) -> None:
        """Deletes products whose own offer is gone, unless a variant of them is sold."""
        variants = store_products.alias("variants")
        sold = exists().where(variants.c.parent_id == store_products.c.id, variants.c.deleted.is_(False))
        for ids in batches(sorted(self._withdrawn)):
            gone = select(store_products.c.id).where(store_products.c.id.in_(ids), store_products.c.deleted.is_(False), ~sold)
            found = list(self._connection.execute(gone).scalars())
            self._connection.execute(update(store_products).where(store_products.c.id.in_(found)).values(deleted=True))
            mention(self._connection, found)
            self._deleted += len(found)
        self.elements.forget(self._withdrawn)

    def _flush_prices(self) -> None:
        prices = list(self._prices.values())
        types = {price.price_type_id: price.currency for price in prices}
        insert_missing(self._connection, store_price_types, [{"id": id_, "name": id_, "currency": money} for id_, money in types.items()])
        self._add_placeholders({price.product_id for price in prices})
        rows = [(price.price_type_id, price.product_id, format(price.value, "f"), price.currency, self.number) for price in prices]
        upsert_rows(self._connection, store_prices, _PRICE_NAMES, rows)

    def _flush_stocks(self) -> None:
        stocks = list(self._stocks.values())
        names = {stock.warehouse_id: stock.warehouse_id for stock in stocks}
        if DEFAULT_WAREHOUSE_ID in names:
            names[DEFAULT_WAREHOUSE_ID] = DEFAULT_WAREHOUSE_NAME
        insert_missing(self._connection, store_warehouses, [{"id": id_, "name": name} for id_, name in names.items()])
        self._add_placeholders({stock.product_id for stock in stocks})
        rows = [(stock.product_id, stock.warehouse_id, format(stock.quantity, "f"), self.number) for stock in stocks]
        upsert_rows(self._connection, store_stocks, _STOCK_NAMES, rows)
        self._replace_stocks(stocks)

    def _replace_stocks(self, stocks: list[Stock]) -> None:
        """A number for the whole shop takes the place of those by warehouse, and the other way round: never more than there is."""
        whole = {stock.product_id for stock in stocks if stock.warehouse_id == DEFAULT_WAREHOUSE_ID}
        placed = {stock.product_id for stock in stocks} - whole
        for ids in batches(sorted(placed)):
            without_whole_stocks(self._connection, ids, self.number)
        for ids in batches(sorted(whole)):
            nothing_in_warehouses(self._connection, ids, self.number)

    def _add_placeholders(self, product_ids: set[str]) -> None:
        """A price or a stock may come before anything else is known of its product."""
        for ids in batches(sorted(product_ids - self._products.keys())):
            there = set(_there(self._connection, ids).scalars())
            missing = [product_id for product_id in ids if product_id not in there]
            rows = [product_values(Product(product_id, "", "", has_card=False), self.number) for product_id in missing]
            upsert_rows(self._connection, store_products, PRODUCT_NAMES, rows)
            mention(self._connection, missing)

    # --- Clearing what a full export left out -----------------------------------------------------------------------

    def _clear_catalog(self, structure_id: str) -> None:
        """Products and categories of the structure that this export did not mention.

        An export without a single category (or product) is a part of a split one and says nothing of the others.
        """
        if self._counts[StoreCategory]:
            without_categories(self._connection, structure_id, self.number)
        if self._counts[Product]:
            for ids in batches(unmentioned(self._connection).scalars().all()):
                gone = list(gone_of(self._connection, ids, structure_id).scalars())
                note_gone_products(self._connection, gone, self.number)
                delete_products(self._connection, gone)
                self.elements.forget(gone)
                self._deleted += len(gone)

    def _clear_offers(self, structure_id: str) -> None:
        """Stocks and prices of the structure that this export did not mention; a file with stocks only leaves prices alone.

        An export that does not name its structure speaks of those whose products it mentions.
        """
        structures = [structure_id] if structure_id else list(mentioned_structures(self._connection, self.number).scalars())
        self.elements.forget_amounts()
        if self._counts[Stock]:
            note_gone_stocks(self._connection, structures, self.number)
            clear_gone_stocks(self._connection, structures, self.number)
        if self._counts[Price]:
            without_prices(self._connection, structures, self.number)

    # --- What the export says nothing of -------------------------------------------------------------------------------

    def _note_mentioned(self) -> None:
        """What this export speaks of is not absent any more, also where it says that it is deleted or sold out."""
        not_absent(self._connection)
        not_sold_out(self._connection, self.number)

    def _count_vanished(self) -> tuple[int, int]:
        """How many products this export made vanish, from the catalogue or from sale, and how many there were before it."""
        vanished = vanished_by(self._connection, self.number).scalar_one()
        if not vanished:
            return 0, 0
        mine = store_absences.c.import_number == self.number
        deleted = select(func.count()).select_from(store_absences).where(mine, store_absences.c.part == "catalog")
        alive = select(func.count()).select_from(store_products).where(store_products.c.deleted.is_(False))
        return vanished, self._connection.execute(deleted).scalar_one() + self._connection.execute(alive).scalar_one()


def _article(product: Product, known: Product | None, articles: Mapping[str, str]) -> str:
    """One given once stays, until the store writes another one or the product was gone; a new product has its own for the time being."""
    if known is None:
        return "" if product.deleted else product.offer_id
    return articles[product.id] if known.offer_id == product.offer_id and (product.deleted or not known.deleted) else ""


@prepared
def _there(product_ids: list[str]) -> Executable:
    return select(store_products.c.id).where(store_products.c.id.in_(product_ids))


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

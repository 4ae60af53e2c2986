"""Ozon's answers about products: import tasks, prices and stocks, the list, products and cards as the cabinet has them."""

from msgspec import Struct

from ozon_desktop.domain.adoption import CabinetPrice, CabinetStock
from ozon_desktop.domain.cabinet import (
    CabinetAttribute,
    CabinetCard,
    CabinetProduct,
    ImportedItem,
    ItemError,
    ListedProduct,
    UpdateAnswer,
    WarehouseStock,
)
from ozon_desktop.ozon.models import Money, decimal


class ErrorTexts(Struct):
    """`texts` of an error in /v3/product/info/list."""

    attribute_name: str | None = None
    description: str | None = None
    short_description: str | None = None
    message: str | None = None


class ErrorRow(Struct):
    """One error of one product, in all its forms: import/info, info/list (with texts), prices and stocks (code and message)."""

    code: str | int | None = None
    message: str | None = None
    description: str | None = None
    field: str | None = None
    attribute_id: int | None = None
    attribute_name: str | None = None
    level: str | None = None
    texts: ErrorTexts | None = None

    def to_domain(self) -> ItemError:
        texts = self.texts or ErrorTexts()
        words = (self.description, texts.description, texts.short_description, self.message, texts.message)
        return ItemError(
            str(self.code or ""),
            next((text for text in words if text), ""),
            self.field or "",
            self.attribute_id or 0,
            self.attribute_name or texts.attribute_name or "",
            (self.level or "error").casefold().removeprefix("error_level_"),
        )


Errors = list[ErrorRow] | None


def item_errors(rows: Errors) -> tuple[ItemError, ...]:
    """Errors of an item, in Ozon's order."""
    return tuple(row.to_domain() for row in rows or [])


class TaskRow(Struct):
    """`result` of /v3/product/import."""

    task_id: int


class ImportAnswer(Struct):
    """/v3/product/import."""

    result: TaskRow


class ImportedRow(Struct):
    offer_id: str | None = None
    product_id: int | None = None
    status: str | None = None
    errors: Errors = None


class ImportedRows(Struct):
    """`result` of /v1/product/import/info."""

    items: list[ImportedRow] | None = None


class ImportInfoAnswer(Struct):
    """/v1/product/import/info. No items at all: category or VAT were wrong."""

    result: ImportedRows

    def to_domain(self) -> list[ImportedItem]:
        return [
            ImportedItem(row.offer_id or "", row.product_id or 0, row.status or "pending", item_errors(row.errors))
            for row in self.result.items or []
        ]


class UpdateRow(Struct):
    offer_id: str | None = None
    product_id: int | None = None
    warehouse_id: int | None = None
    updated: bool | None = None
    errors: Errors = None


class UpdatesAnswer(Struct):
    """/v1/product/import/prices and /v2/products/stocks: a 200 with a verdict per item."""

    result: list[UpdateRow] | None

    def to_domain(self) -> list[UpdateAnswer]:
        return [
            UpdateAnswer(row.offer_id or "", bool(row.updated), row.product_id or 0, row.warehouse_id or 0, item_errors(row.errors))
            for row in self.result or []
        ]


class ListedRow(Struct):
    """A row of /v3/product/list."""

    product_id: int
    offer_id: str | None = None
    sku: int | None = None
    archived: bool | None = None


class ListedPage(Struct):
    """`result` of /v3/product/list. `total` is removed in favour of `total_items`."""

    items: list[ListedRow] | None
    last_id: str | None = None
    total: int | None = None
    total_items: int | None = None


class ListAnswer(Struct):
    """/v3/product/list."""

    result: ListedPage

    def to_domain(self) -> list[ListedProduct]:
        rows = self.result.items or []
        return [ListedProduct(row.product_id, row.offer_id or "", row.sku or 0, bool(row.archived)) for row in rows]


class StatusesRow(Struct):
    status: str | None = None
    status_name: str | None = None
    status_description: str | None = None
    status_failed: str | None = None
    moderate_status: str | None = None
    is_created: bool | None = None


class ProductRow(Struct):
    """An item of /v3/product/info/list."""

    id: int
    offer_id: str | None = None
    name: str | None = None
    sku: int | None = None
    statuses: StatusesRow | None = None
    price: Money = None
    old_price: Money = None
    vat: Money = None
    currency_code: str | None = None
    description_category_id: int | None = None
    type_id: int | None = None
    barcodes: list[str] | None = None
    errors: Errors = None
    is_archived: bool | None = None
    is_autoarchived: bool | None = None

    def to_domain(self) -> CabinetProduct:
        statuses = self.statuses or StatusesRow()
        return CabinetProduct(
            product_id=self.id,
            offer_id=self.offer_id or "",
            name=self.name or "",
            sku=self.sku or 0,
            status=statuses.status or "",
            status_name=statuses.status_name or "",
            price=decimal(self.price),
            old_price=decimal(self.old_price),
            vat="" if self.vat is None else str(self.vat),
            currency=self.currency_code or "",
            description_category_id=self.description_category_id or 0,
            type_id=self.type_id or 0,
            barcodes=tuple(self.barcodes or ()),
            errors=item_errors(self.errors),
            is_created=bool(statuses.is_created),
            archived=bool(self.is_archived or self.is_autoarchived),
            status_failed=statuses.status_failed or "",
            moderate_status=statuses.moderate_status or "",
            status_description=statuses.status_description or "",
        )


class ProductsAnswer(Struct):
    """/v3/product/info/list: no `result` around it."""

    items: list[ProductRow] | None

    def to_domain(self) -> list[CabinetProduct]:
        return [row.to_domain() for row in self.items or []]


class CardValue(Struct):
    dictionary_value_id: int | None = None
    value: str | int | float | bool | None = None


class CardAttribute(Struct):
    """An attribute of a card. Complex ones are flat in real answers; the nested form of the import is understood as well."""

    id: int | None = None
    complex_id: int | None = None
    values: list[CardValue] | None = None
    attributes: "list[CardAttribute] | None" = None

    def to_domain(self) -> list[CabinetAttribute]:
        if self.attributes is not None:
            return [inner for row in self.attributes for inner in row.to_domain()]
        # A list first: for a million attributes that takes two thirds of the time a generator does.
        values = tuple([(row.dictionary_value_id or 0, "" if row.value is None else str(row.value)) for row in self.values or ()])
        return [CabinetAttribute(self.id or 0, self.complex_id or 0, values)]


class CardRow(Struct):
    """A card of /v4/product/info/attributes."""

    id: int
    offer_id: str | None = None
    name: str | None = None
    description_category_id: int | None = None
    type_id: int | None = None
    height: int | None = None
    depth: int | None = None
    width: int | None = None
    dimension_unit: str | None = None
    weight: int | None = None
    weight_unit: str | None = None
    primary_image: str | list[str] | None = None
    images: list[str] | None = None
    attributes: list[CardAttribute] | None = None
    complex_attributes: list[CardAttribute] | None = None

    def to_domain(self) -> CabinetCard:
        first = self.primary_image or []
        pictures = [*([first] if isinstance(first, str) else first), *(self.images or [])]
        rows = [*(self.attributes or []), *(self.complex_attributes or [])]
        return CabinetCard(
            product_id=self.id,
            offer_id=self.offer_id or "",
            name=self.name or "",
            description_category_id=self.description_category_id or 0,
            type_id=self.type_id or 0,
            height=self.height or 0,
            depth=self.depth or 0,
            width=self.width or 0,
            dimension_unit=self.dimension_unit or "mm",
            weight=self.weight or 0,
            weight_unit=self.weight_unit or "g",
            images=tuple(dict.fromkeys(pictures)),
            attributes=tuple([attribute for row in rows for attribute in row.to_domain()]),
        )


class CardsAnswer(Struct):
    """/v4/product/info/attributes; `total` can be a string."""

    result: list[CardRow] | None
    last_id: str | None = None
    total: int | None = None

    def to_domain(self) -> list[CabinetCard]:
        return [row.to_domain() for row in self.result or []]


class ArchiveAnswer(Struct):
    """/v1/product/archive."""

    result: bool = False


class PriceParts(Struct):
    """`price` of an item of /v5/product/info/prices: numbers here, texts in /v3/product/info/list."""

    currency_code: str | None = None
    price: Money = None
    old_price: Money = None
    min_price: Money = None
    vat: Money = None


class PriceRow(Struct):
    """An item of /v5/product/info/prices."""

    product_id: int
    offer_id: str | None = None
    price: PriceParts | None = None

    def to_domain(self) -> CabinetPrice:
        parts = self.price or PriceParts()
        vat = "" if parts.vat is None else str(parts.vat)
        amounts = (decimal(parts.price), decimal(parts.old_price) or None, decimal(parts.min_price) or None)
        return CabinetPrice(self.product_id, self.offer_id or "", *amounts, vat, parts.currency_code or "")


class PricesAnswer(Struct):
    """/v5/product/info/prices."""

    items: list[PriceRow] | None
    cursor: str | None = None

    def to_domain(self) -> list[CabinetPrice]:
        return [row.to_domain() for row in self.items or []]


class StockPart(Struct):
    """Stock of a product under one scheme."""

    type: str | None = None
    present: int | None = None
    reserved: int | None = None
    warehouse_ids: list[int] | None = None


class StockRow(Struct):
    """An item of /v4/product/info/stocks."""

    product_id: int
    offer_id: str | None = None
    stocks: list[StockPart] | None = None

    def to_domain(self) -> tuple[str, tuple[CabinetStock, ...]]:
        parts = (
            CabinetStock(part.type or "", part.present or 0, part.reserved or 0, tuple(part.warehouse_ids or ()))
            for part in self.stocks or []
        )
        return self.offer_id or "", tuple(parts)


class StocksAnswer(Struct):
    """/v4/product/info/stocks."""

    items: list[StockRow] | None
    cursor: str | None = None

    def to_domain(self) -> list[tuple[str, tuple[CabinetStock, ...]]]:
        return [row.to_domain() for row in self.items or []]


class WarehouseStockRow(Struct):
    """A product of /v2/product/info/stocks-by-warehouse/fbs on one warehouse."""

    warehouse_id: int
    offer_id: str | None = None
    warehouse_name: str | None = None
    present: int | None = None
    reserved: int | None = None
    free_stock: int | None = None

    def to_domain(self) -> WarehouseStock:
        reserved = self.reserved or 0
        free = (self.present or 0) - reserved if self.free_stock is None else self.free_stock
        return WarehouseStock(self.warehouse_id, self.warehouse_name or "", free, reserved)


class WarehouseStocksAnswer(Struct):
    """/v2/product/info/stocks-by-warehouse/fbs: a row for each product and warehouse."""

    products: list[WarehouseStockRow] | None
    has_next: bool | None = None
    cursor: str | None = None

    def to_domain(self) -> list[tuple[str, WarehouseStock]]:
        return [(row.offer_id or "", row.to_domain()) for row in self.products or []]

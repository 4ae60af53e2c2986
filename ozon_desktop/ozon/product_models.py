"""Ozon's answers about products: import tasks, prices and stocks, the list, products and cards as the cabinet has them."""

from typing import Generic

from msgspec import Struct, field

from ozon_desktop.domain.adoption import CabinetPrice, CabinetStock
from ozon_desktop.domain.cabinet import (
    CabinetAttribute,
    CabinetCard,
    CabinetProduct,
    ImportedItem,
    ItemError,
    ListedProduct,
    PdfFile,
    UpdateAnswer,
    WarehouseStock,
)
from ozon_desktop.ozon.models import Int, Money, Row, decimal, word


class ErrorTexts(Struct):
    """`texts` of an error in /v3/product/info/list."""

    attribute_name: str | None = None
    description: str | None = None
    short_description: str | None = None
    message: str | None = None


class ErrorRow(Struct):
    """One error of one product, in all its forms: import/info, info/list (with texts), prices and stocks (code and message)."""

    code: str | Int | None = None
    message: str | None = None
    description: str | None = None
    field: str | None = None
    attribute_id: Int | None = None
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

    task_id: Int


class ImportAnswer(Struct):
    """/v3/product/import."""

    result: TaskRow


class ImportedRow(Struct):
    offer_id: str | None = None
    product_id: Int | None = None
    status: str | None = None
    errors: Errors = None

    def to_domain(self) -> ImportedItem:
        return ImportedItem(self.offer_id or "", self.product_id or 0, word(self.status) or "pending", item_errors(self.errors))


class ImportedRows(Struct, Generic[Row]):
    """`result` of /v1/product/import/info."""

    items: list[Row] | None = None


class ImportInfoAnswer(Struct, Generic[Row]):
    """/v1/product/import/info. No items at all: category or VAT were wrong."""

    result: ImportedRows[Row]

    def rows(self) -> list[Row]:
        return self.result.items or []


class UpdateRow(Struct):
    offer_id: str | None = None
    product_id: Int | None = None
    warehouse_id: Int | None = None
    updated: bool | None = None
    errors: Errors = None

    def to_domain(self) -> UpdateAnswer:
        errors = item_errors(self.errors)
        return UpdateAnswer(self.offer_id or "", bool(self.updated), self.product_id or 0, self.warehouse_id or 0, errors)


class UpdatesAnswer(Struct, Generic[Row]):
    """/v1/product/import/prices and /v2/products/stocks: a 200 with a verdict per item."""

    result: list[Row] | None

    def rows(self) -> list[Row]:
        return self.result or []


class ListedRow(Struct):
    """A row of /v3/product/list."""

    product_id: Int
    offer_id: str | None = None
    sku: Int | None = None
    archived: bool | None = None

    def to_domain(self) -> ListedProduct:
        return ListedProduct(self.product_id, self.offer_id or "", self.sku or 0, bool(self.archived))


class ListedPage(Struct, Generic[Row]):
    """`result` of /v3/product/list. `total` is removed in favour of `total_items`."""

    items: list[Row] | None
    last_id: str | None = None
    total: Int | None = None
    total_items: Int | None = None


class ListAnswer(Struct, Generic[Row]):
    """/v3/product/list."""

    result: ListedPage[Row]

    def rows(self) -> list[Row]:
        return self.result.items or []


class StatusesRow(Struct):
    status: str | None = None
    status_name: str | None = None
    status_description: str | None = None
    status_failed: str | None = None
    moderate_status: str | None = None
    is_created: bool | None = None


class ProductRow(Struct):
    """An item of /v3/product/info/list."""

    id: Int
    offer_id: str | None = None
    name: str | None = None
    sku: Int | None = None
    statuses: StatusesRow | None = None
    price: Money = None
    old_price: Money = None
    vat: Money = None
    currency_code: str | None = None
    description_category_id: Int | None = None
    type_id: Int | None = None
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
            status=word(statuses.status),
            status_name=statuses.status_name or "",
            price=decimal(self.price, "price"),
            old_price=decimal(self.old_price, "old_price"),
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


class ProductsAnswer(Struct, Generic[Row]):
    """/v3/product/info/list: no `result` around it."""

    items: list[Row] | None

    def rows(self) -> list[Row]:
        return self.items or []


class CardValue(Struct):
    """Official: in `complex_attributes` the id is spelt dictionaryValueId."""

    dictionary_value_id: Int | None = None
    dictionary_value_id_of_complex: Int | None = field(default=None, name="dictionaryValueId")
    value: str | int | float | bool | None = None


class CardAttribute(Struct):
    """An attribute of a card. Complex ones are flat in real answers; the nested form of the import is understood as well."""

    id: Int | None = None
    complex_id: Int | None = None
    values: list[CardValue] | None = None
    attributes: "list[CardAttribute] | None" = None

    def to_domain(self) -> list[CabinetAttribute]:
        if self.attributes is not None:
            return [inner for row in self.attributes for inner in row.to_domain()]
        # A list first: for a million attributes that takes two thirds of the time a generator does.
        values = tuple(
            [
                (row.dictionary_value_id or row.dictionary_value_id_of_complex or 0, "" if row.value is None else str(row.value))
                for row in self.values or ()
            ]
        )
        return [CabinetAttribute(self.id or 0, self.complex_id or 0, values)]


class PdfRow(Struct):
    """A document of a card; `file_name` is its address."""

    file_name: str | None = None
    name: str | None = None


class CardRow(Struct):
    """A card of /v4/product/info/attributes."""

    id: Int
    offer_id: str | None = None
    name: str | None = None
    description_category_id: Int | None = None
    type_id: Int | None = None
    height: Int | None = None
    depth: Int | None = None
    width: Int | None = None
    dimension_unit: str | None = None
    weight: Int | None = None
    weight_unit: str | None = None
    primary_image: str | list[str] | None = None
    images: list[str] | None = None
    color_image: str | list[str] | None = None
    pdf_list: list[PdfRow] | None = None
    barcode: str | None = None
    barcodes: list[str] | None = None
    attributes: list[CardAttribute] | None = None
    complex_attributes: list[CardAttribute] | None = None

    def to_domain(self) -> CabinetCard:
        barcodes = [self.barcode, *(self.barcodes or [])] if self.barcode else self.barcodes or []
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
            images=tuple(self.images or ()),
            attributes=tuple([attribute for row in rows for attribute in row.to_domain()]),
            primary_image=_first(self.primary_image),
            color_image=_first(self.color_image),
            pdf_list=tuple([PdfFile(pdf.name or "", pdf.file_name or "") for pdf in self.pdf_list or ()]),
            barcodes=tuple(dict.fromkeys(barcodes)),
        )


def _first(address: str | list[str] | None) -> str:
    """A picture is a text in one answer of Ozon and a list of one in another."""
    if isinstance(address, list):
        return address[0] if address else ""
    return address or ""


class CardsAnswer(Struct, Generic[Row]):
    """/v4/product/info/attributes; `total` can be a string."""

    result: list[Row] | None
    last_id: str | None = None
    total: Int | None = None

    def rows(self) -> list[Row]:
        return self.result or []


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

    product_id: Int
    offer_id: str | None = None
    price: PriceParts | None = None

    def to_domain(self) -> CabinetPrice:
        parts = self.price or PriceParts()
        vat = "" if parts.vat is None else str(parts.vat)
        price, old_price, min_price = (
            decimal(amount, f"price.{name}")
            for name, amount in (("price", parts.price), ("old_price", parts.old_price), ("min_price", parts.min_price))
        )
        amounts = (price, old_price or None, min_price or None)
        return CabinetPrice(self.product_id, self.offer_id or "", *amounts, vat, parts.currency_code or "")


class PricesAnswer(Struct, Generic[Row]):
    """/v5/product/info/prices."""

    items: list[Row] | None
    cursor: str | None = None

    def rows(self) -> list[Row]:
        return self.items or []


class StockPart(Struct):
    """Stock of a product under one scheme."""

    type: str | None = None
    present: Int | None = None
    reserved: Int | None = None
    warehouse_ids: list[Int] | None = None


class StockRow(Struct):
    """An item of /v4/product/info/stocks."""

    product_id: Int
    offer_id: str | None = None
    stocks: list[StockPart] | None = None

    def to_domain(self) -> tuple[str, tuple[CabinetStock, ...]]:
        parts = (
            CabinetStock(part.type or "", part.present or 0, part.reserved or 0, tuple(part.warehouse_ids or ()))
            for part in self.stocks or []
        )
        return self.offer_id or "", tuple(parts)


class StocksAnswer(Struct, Generic[Row]):
    """/v4/product/info/stocks."""

    items: list[Row] | None
    cursor: str | None = None

    def rows(self) -> list[Row]:
        return self.items or []


class WarehouseStockRow(Struct):
    """A product of /v2/product/info/stocks-by-warehouse/fbs on one warehouse."""

    warehouse_id: Int
    offer_id: str | None = None
    warehouse_name: str | None = None
    present: Int | None = None
    reserved: Int | None = None
    free_stock: Int | None = None

    def to_domain(self) -> tuple[str, WarehouseStock]:
        reserved = self.reserved or 0
        free = (self.present or 0) - reserved if self.free_stock is None else self.free_stock
        return self.offer_id or "", WarehouseStock(self.warehouse_id, self.warehouse_name or "", free, reserved)


class WarehouseStocksAnswer(Struct, Generic[Row]):
    """/v2/product/info/stocks-by-warehouse/fbs: a row for each product and warehouse."""

    products: list[Row] | None
    has_next: bool | None = None
    cursor: str | None = None

    def rows(self) -> list[Row]:
        return self.products or []

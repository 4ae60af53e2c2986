"""One item of /v3/product/import: as it is sent, and as the card keeps it."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from .requests import Int32, NotNegative, Positive, Request, one_of

CURRENCY = "RUB"
CURRENCIES = ("RUB", "BYN", "KZT", "EUR", "USD", "CNY")
MILLIMETRES = {"mm": Decimal(1), "cm": Decimal(10), "in": Decimal("25.4")}
GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.592")}


class Value(Request):
    """A free text, or an id of the attribute's dictionary."""

    dictionary_value_id: NotNegative = 0
    value: str = ""


class Attribute(Request):
    """A characteristic with its values."""

    id: Positive
    complex_id: NotNegative = 0
    values: list[Value] = []

    @property
    def filled(self) -> list[Value]:
        """Values that say something."""
        return [value for value in self.values if value.dictionary_value_id or value.value.strip()]


class ComplexAttribute(Request):
    """A group of attributes."""

    attributes: list[Attribute] = []


class Pdf(Request):
    index: int = 0
    name: str = ""
    src_url: str = ""


class Promotion(Request):
    operation: Annotated[str, one_of(("UNKNOWN", "ENABLE", "DISABLE"))] = "UNKNOWN"
    type: Annotated[str, one_of(("REVIEWS_PROMO",))] = "REVIEWS_PROMO"


class ImportItem(Request):
    """What may be sent at all; what Ozon accepts of it is decided by `import_rules`, once the import is judged."""

    offer_id: Annotated[str, Meta(min_length=1)]
    name: str = ""
    description_category_id: NotNegative = 0
    new_description_category_id: NotNegative = 0
    type_id: NotNegative = 0
    price: str = ""
    old_price: str = ""
    currency_code: str = CURRENCY
    vat: str = ""
    depth: Int32 = 0
    width: Int32 = 0
    height: Int32 = 0
    dimension_unit: Annotated[str, one_of(("", *MILLIMETRES))] = ""
    weight: Int32 = 0
    weight_unit: Annotated[str, one_of(("", *GRAMS))] = ""
    images: Annotated[list[str], Meta(max_length=50)] = []
    primary_image: str = ""
    color_image: str = ""
    barcode: str = ""
    attributes: list[Attribute] = []
    complex_attributes: list[ComplexAttribute] = []
    pdf_list: list[Pdf] = []
    promotions: list[Promotion] = []
    service_type: str = ""
    geo_names: list[str] = []

    @property
    def category_id(self) -> int:
        return self.new_description_category_id or self.description_category_id

    @property
    def nested_attributes(self) -> list[Attribute]:
        return [attribute for group in self.complex_attributes for attribute in group.attributes]

    @property
    def grams(self) -> Decimal:
        """0 without a unit."""
        return self.weight * GRAMS.get(self.weight_unit, Decimal(0))

    @property
    def cubic_millimetres(self) -> Decimal:
        """0 without a unit."""
        return self.depth * self.width * self.height * MILLIMETRES.get(self.dimension_unit, Decimal(0)) ** 3

    @property
    def longest_mm(self) -> Decimal:
        """0 without a unit."""
        return max(self.depth, self.width, self.height) * MILLIMETRES.get(self.dimension_unit, Decimal(0))

    @property
    def currency(self) -> str:
        """Roubles unless another one was sent."""
        return self.currency_code or CURRENCY

    @property
    def volume_weight(self) -> float:
        """Kilograms: the larger of the real weight and litres / 5, as carriers count it."""
        return float(round(max(self.cubic_millimetres / 5_000_000, self.grams / 1000), 1))

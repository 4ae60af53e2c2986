"""The product card: additional fields of the mapped type, where each value comes from, and whether Ozon would accept it.

How fields are filled is in `field_filling`, the rules in `field_rules`, values as texts in `field_values`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ozon_desktop.domain.cabinet import CabinetAttribute, PdfFile
from ozon_desktop.domain.field_values import Values, sent_values
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, Attribute, OzonType, TypeKey
from ozon_desktop.domain.pictures import Pictures, arranged
from ozon_desktop.domain.store_catalog import Product

NAME_LIMIT = 255
OFFER_ID_LIMIT = 50


class Origin(StrEnum):
    """Where the value of a field comes from, in order of precedence."""

    PRODUCT = "product"
    CATEGORY = "category"
    PARENT = "parent"
    INTEGRATION = "integration"
    AUTOMATIC = "automatic"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Package: depth, width, height in mm, weight in g; None = unknown."""

    depth: int | None = None
    width: int | None = None
    height: int | None = None
    weight: int | None = None

    def over(self, other: "Dimensions") -> "Dimensions":
        """These values, with the other's where these are unknown."""
        return Dimensions(
            other.depth if self.depth is None else self.depth,
            other.width if self.width is None else self.width,
            other.height if self.height is None else self.height,
            other.weight if self.weight is None else self.weight,
        )


@dataclass(frozen=True, slots=True)
class SavedFields:
    """What the manager entered on one product for one type: values by attribute id, and the package."""

    product_id: str
    type_key: TypeKey
    values: Mapping[int, Values] = field(default_factory=dict)
    dimensions: Dimensions = field(default_factory=Dimensions)


@dataclass(frozen=True, slots=True)
class FilledField:
    """One additional field. `source`: name of the property or category the value comes from.

    unmatched: store texts that are not surely a value of the dictionary; they are asked about and not sent by themselves.
    """

    attribute: Attribute
    values: Values
    origin: Origin
    source: str = ""
    unmatched: tuple[str, ...] = ()


class ProblemCode(StrEnum):
    """Why a card is not ready. Those of WARNINGS do not hold it back."""

    NO_CATEGORY = "no_category"
    NOT_MAPPED = "not_mapped"
    TYPE_DISABLED = "type_disabled"
    TYPE_GONE = "type_gone"
    SETTINGS_MISSING = "settings_missing"
    OTHER_LIST = "other_list"
    REQUIRED_EMPTY = "required_empty"
    NOT_IN_DICTIONARY = "not_in_dictionary"
    NOT_A_NUMBER = "not_a_number"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_LINK = "not_a_link"
    TOO_MANY_VALUES = "too_many_values"
    VALUE_TOO_LONG = "value_too_long"
    DIMENSION_MISSING = "dimension_missing"
    DIMENSION_TOO_BIG = "dimension_too_big"
    WEIGHT_MISSING = "weight_missing"
    WEIGHT_TOO_BIG = "weight_too_big"
    DENSITY = "density"
    PACKAGE_DOUBTFUL = "package_doubtful"
    NAME_EMPTY = "name_empty"
    NAME_TOO_LONG = "name_too_long"
    OFFER_ID_EMPTY = "offer_id_empty"
    OFFER_ID_TOO_LONG = "offer_id_too_long"
    OFFER_ID_DUPLICATE = "offer_id_duplicate"
    PRICE_MISSING = "price_missing"
    PRICE_NOT_POSITIVE = "price_not_positive"
    PRICE_TOO_BIG = "price_too_big"
    OLD_PRICE = "old_price"
    CURRENCY = "currency"
    VAT_NOT_ACCEPTED = "vat_not_accepted"
    PICTURE_MISSING = "picture_missing"
    BARCODE_FORM = "barcode_form"
    BARCODE_TOO_LONG = "barcode_too_long"
    BARCODE_DUPLICATE = "barcode_duplicate"


WARNINGS = frozenset(
    {
        ProblemCode.PICTURE_MISSING,
        ProblemCode.PACKAGE_DOUBTFUL,
        # An old price that does not fit is left out and the card is sent without it.
        ProblemCode.OLD_PRICE,
        # Ozon takes other codes than EAN as well, and what it says of a repeated one is not documented.
        ProblemCode.BARCODE_FORM,
        ProblemCode.BARCODE_DUPLICATE,
        # Known from the field's description only, which may mean each word of the value.
        ProblemCode.VALUE_TOO_LONG,
    }
)


@dataclass(frozen=True, slots=True)
class CardProblem:
    """One problem. field: a name of the card ("name", "price", "depth" …) or the attribute's name; detail: the bad value, limit …"""

    code: ProblemCode
    field: str
    attribute_id: int = 0
    detail: str = ""

    @property
    def blocking(self) -> bool:
        """Whether the card must not be sent with it."""
        return self.code not in WARNINGS


@dataclass(frozen=True, slots=True)
class CardPayload:
    """What is sent to /v3/product/import for one product. Money in the cabinet's currency.

    Sizes in `dimension_unit`, weight in `weight_unit`. primary_image: "" = the first of the images is the main one. more_barcodes: those
    beside `barcode`; the import takes one only, so they are sent by a method of their own.
    """

    offer_id: str
    name: str
    type_key: TypeKey
    price: Decimal
    vat: str
    currency: str
    depth: int
    width: int
    height: int
    weight: int
    images: tuple[str, ...] = ()
    barcode: str = ""
    attributes: tuple[CabinetAttribute, ...] = ()
    primary_image: str = ""
    color_image: str = ""
    pdf_list: tuple[PdfFile, ...] = ()
    dimension_unit: str = "mm"
    weight_unit: str = "g"
    more_barcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A product with everything its Ozon card needs. `type` None = its category is not mapped.

    pictures: as the manager ordered them; None = those of the store. other_list: the type whose additional fields are entered while
    the category is mapped to another one.
    """

    product: Product
    offer_id: str
    type: OzonType | None
    fields: tuple[FilledField, ...]
    dimensions: Dimensions
    price: Decimal | None
    vat: VatRate | None
    currency: str
    problems: tuple[CardProblem, ...] = ()
    pictures: Pictures | None = None
    other_list: OzonType | None = None

    @property
    def ready(self) -> bool:
        return not any(problem.blocking for problem in self.problems)

    def payload(self) -> CardPayload:
        """What to send; ValueError when the card is not ready."""
        sizes = self.dimensions
        if not self.ready or self.type is None or self.price is None or self.vat is None:
            raise ValueError(f"card {self.offer_id} is not ready")
        return CardPayload(
            self.offer_id,
            self.product.name.strip(),
            self.type.key,
            self.price,
            self.vat.ozon_value,
            self.currency,
            sizes.depth or 0,
            sizes.width or 0,
            sizes.height or 0,
            sizes.weight or 0,
            self.pictures.sent if self.pictures is not None else web_pictures(self.product),
            self.product.barcodes[0] if self.product.barcodes else "",
            tuple(
                CabinetAttribute(filled.attribute.id, filled.attribute.complex_id, sent_values(filled.attribute, filled.values))
                for filled in self.fields
                if filled.values and filled.attribute.id != TYPE_ATTRIBUTE
            ),
        )


def web_pictures(product: Product) -> tuple[str, ...]:
    """Pictures Ozon can load, in the store's order: public addresses only, PICTURE_LIMIT at most."""
    return arranged(product.pictures).sent

"""What the Ozon cabinet answers besides its catalogue: roles, company, limits, warehouses, its products, import tasks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ozon_desktop.domain.ozon_catalog import TypeKey


@dataclass(frozen=True, slots=True)
class KeyRoles:
    """Answer of /v1/roles. `methods`: every path the key may call."""

    roles: tuple[str, ...]
    methods: frozenset[str]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Company:
    """Answer of /v1/seller/info."""

    name: str
    currency: str
    inn: str = ""


@dataclass(frozen=True, slots=True)
class OzonWarehouse:
    """A warehouse of the cabinet (FBS or rFBS); the id has 16 digits."""

    id: int
    name: str
    is_rfbs: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class WarehouseStock:
    """Stock of a product on one warehouse of the cabinet. free: what can be sold; reserved: ordered and not handed over yet."""

    warehouse_id: int
    warehouse: str
    free: int
    reserved: int

    def shows(self, sent: int) -> bool:
        """Whether it is the stock that was sent, or less by no more than buyers have reserved since."""
        return self.free <= sent <= self.free + self.reserved


def shown_on(stocks: Iterable[WarehouseStock], warehouse_id: int) -> WarehouseStock:
    """The stock on this warehouse; a product that never had any there is not listed with it."""
    found = (stock for stock in stocks if stock.warehouse_id == warehouse_id)
    return next(found, WarehouseStock(warehouse_id, "", 0, 0))


STOCK_NOT_SHOWN = "stock_not_shown"
"""The program's own code for a stock that Ozon accepted and does not show."""

QUOTA_USED_UP = "quota_used_up"
"""The program's own code for cards that wait for Ozon's next quota of items; the message is the number of seconds until then."""

CARD_NOT_CREATED = "card_not_created"
"""The program's own code for a card that Ozon has not created yet; the message is its status in words."""

CARD_NOT_UPDATED = "card_not_updated"
"""The program's own code for new values that Ozon refused without saying why; the message is the card's status in words."""

ARCHIVE_NOT_DONE = "archive_not_done"
"""The program's own code for a product that Ozon agreed to archive and has not archived."""

CARD_GONE = "card_gone"
"""The program's own code for a card that is not in the cabinet any more: there is nothing to archive."""

OZON_FAILED = "ozon_failed"
"""The program's own code for an item on which Ozon failed by itself; the message says how."""

UNEXPECTED_ERROR = "unexpected_error"
"""The program's own code for an item the program itself stumbled over; the message names the kind of error, the log has the rest."""

TOO_OFTEN = "TOO_MANY_REQUESTS"
"""Ozon's code for a product that was changed too recently."""

NOT_CREATED = "product_is_not_created"
"""Ozon's code for the price or stock of a card that is not created yet."""

CREATED_STATUS = "price_sent"
"""The status of a created card: Ozon takes its price and its stock only then."""

_QUOTAS = ("limit exceeded", "limit_exceeded", "autoarchive_restore_failed", QUOTA_USED_UP)
_NOT_OF_THE_CARD = frozenset({OZON_FAILED, UNEXPECTED_ERROR, "seller_no_contract_failed"})
_DECLINED = frozenset({"declined", "rejected"})
_NOT_MODERATED = frozenset({"", "approved", *_DECLINED})


@dataclass(frozen=True, slots=True)
class ItemError:
    """One error of one product in Ozon's answer. level: "error" or "warning"; retry_after_s: how long a limit is used up yet."""

    code: str
    message: str
    field: str = ""
    attribute_id: int = 0
    attribute_name: str = ""
    level: str = "error"
    retry_after_s: float = 0.0

    @property
    def blocking(self) -> bool:
        """Whether the product cannot be sold with it."""
        return "warn" not in self.level.casefold() and "internal" not in self.level.casefold()

    @property
    def passes_by_itself(self) -> bool:
        """The same succeeds later: a quota, a limit of changes per product (a stock every 30 s, ten prices an hour), no card yet."""
        return self.code in {NOT_CREATED, OZON_FAILED} or self.is_quota or self.too_often

    @property
    def too_often(self) -> bool:
        """This product was changed too often; the others may be."""
        said = f"{self.code} {self.message}".casefold()
        return self.code == TOO_OFTEN or "acquire limit" in said or "updated too frequently" in said

    @property
    def is_quota(self) -> bool:
        """A number of products is used up, of the day or of the cabinet."""
        said = f"{self.code} {self.message}".casefold()
        return any(words in said for words in _QUOTAS)

    @property
    def about_content(self) -> bool:
        """Ozon will say the same of the same card, so it need not be sent again before it changes."""
        return self.blocking and not self.passes_by_itself and self.code.casefold() not in _NOT_OF_THE_CARD


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """One product of an import task. status: pending | imported | failed | skipped, in any case."""

    offer_id: str
    product_id: int
    status: str
    errors: tuple[ItemError, ...] = ()

    @property
    def finished(self) -> bool:
        """Ozon is done with it."""
        return self.status.casefold() != "pending"

    @property
    def accepted(self) -> bool:
        """`imported` with a blocking error is not success."""
        return self.status.casefold() in {"imported", "skipped"} and not any(error.blocking for error in self.errors)


@dataclass(frozen=True, slots=True)
class UpdateAnswer:
    """Ozon's answer for one price or one stock. warehouse_id 0 for prices."""

    offer_id: str
    updated: bool
    product_id: int = 0
    warehouse_id: int = 0
    errors: tuple[ItemError, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """A row of /v3/product/list."""

    product_id: int
    offer_id: str
    sku: int = 0
    archived: bool = False


@dataclass(frozen=True, slots=True)
class CabinetProduct:
    """A product as /v3/product/info/list shows it. Statuses come in any case, and others than the documented ones.

    status_failed: where its newest values failed, "" = they did not; archived: by the seller or by Ozon.
    """

    product_id: int
    offer_id: str
    name: str
    sku: int
    status: str
    status_name: str
    price: Decimal | None
    old_price: Decimal | None
    vat: str
    currency: str
    description_category_id: int
    type_id: int
    barcodes: tuple[str, ...] = ()
    errors: tuple[ItemError, ...] = ()
    is_created: bool = False
    archived: bool = False
    status_failed: str = ""
    moderate_status: str = ""
    status_description: str = ""

    @property
    def created(self) -> bool:
        """Whether it takes a price and a stock."""
        return self.is_created or self.status.casefold() == CREATED_STATUS

    @property
    def plain_status(self) -> str:
        """The status to go by: CREATED_STATUS for every created card, else Ozon's own in lower case."""
        return CREATED_STATUS if self.created else self.status.casefold()

    @property
    def moderating(self) -> bool:
        """Whether its newest values are being looked at; an unknown word counts as such."""
        return self.moderate_status.casefold() not in _NOT_MODERATED

    @property
    def declined(self) -> bool:
        """Whether moderation has refused its newest values."""
        return self.moderate_status.casefold() in _DECLINED

    @property
    def failed(self) -> bool:
        """Whether its newest values were refused: it was not created, or goes on with the old ones."""
        return not self.moderating and (self.declined or self.status_failed.casefold() not in {"", "none"})

    @property
    def decided(self) -> bool:
        """Whether Ozon is done with its newest values."""
        return not self.moderating and (self.created or self.failed)

    @property
    def status_text(self) -> str:
        """Ozon's own words for its state: «Не продается: на модерации»; "" when it says nothing at all."""
        name, more = self.status_name or self.status, self.status_description
        return f"{name}: {more[:1].lower()}{more[1:]}" if name and more else name or more

    @property
    def type_key(self) -> TypeKey | None:
        """The type of the card; None when Ozon does not say it."""
        return TypeKey(self.description_category_id, self.type_id) if self.description_category_id and self.type_id else None


@dataclass(frozen=True, slots=True)
class CabinetAttribute:
    """One attribute of a card on Ozon; values are (dictionary_value_id, value), 0 for free text."""

    id: int
    complex_id: int
    values: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class PdfFile:
    """One of the documents of a card, in their order."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class CabinetCard:
    """A card as /v4/product/info/attributes shows it. Dimensions in `dimension_unit`, weight in `weight_unit`.

    images: as Ozon lists them; primary_image may be among them or stand alone. barcodes: all of them, the first is the card's main one.
    """

    product_id: int
    offer_id: str
    name: str
    description_category_id: int
    type_id: int
    height: int
    depth: int
    width: int
    dimension_unit: str
    weight: int
    weight_unit: str
    images: tuple[str, ...]
    attributes: tuple[CabinetAttribute, ...]
    primary_image: str = ""
    color_image: str = ""
    pdf_list: tuple[PdfFile, ...] = ()
    barcodes: tuple[str, ...] = ()

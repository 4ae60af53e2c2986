"""Rows of МойСклад as they come. Every field but the id may be missing; what cannot be read is a bad row, not a lost page."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import msgspec

from ozon_desktop.errors import BackOfficeAnswerUnreadable

Number = int | float


class Meta(msgspec.Struct, rename="camel", omit_defaults=True):
    href: str = ""
    type: str = ""
    media_type: str = "application/json"
    size: int = 0
    limit: int = 0
    offset: int = 0
    next_href: str | None = None
    download_permanent_href: str | None = None


class Link(msgspec.Struct, omit_defaults=True):
    meta: Meta = msgspec.field(default_factory=Meta)

    @property
    def id(self) -> str:
        return self.meta.href.partition("?")[0].rstrip("/").rpartition("/")[2]


class NamedRow(msgspec.Struct, rename="camel", omit_defaults=True):
    """A row of a list of which only the name counts. default: of currencies, the one the books are kept in."""

    id: str
    name: str | None = ""
    archived: bool | None = False
    iso_code: str | None = None
    default: bool | None = False
    type: str | None = None
    product_folder: Link | None = None
    meta: Meta = msgspec.field(default_factory=Meta)


class Money(msgspec.Struct, rename="camel", omit_defaults=True):
    """value in hundredths of the currency."""

    value: Number | None = None
    currency: Link | None = None
    price_type: NamedRow | None = None


class Value(msgspec.Struct, omit_defaults=True):
    """Of a field whose values stand in a directory."""

    name: str | None = None


class Attribute(msgspec.Struct, omit_defaults=True):
    """A field of the shop's own."""

    id: str
    name: str | None = ""
    type: str | None = ""
    value: str | Number | bool | Value | None = None


class Characteristic(msgspec.Struct, omit_defaults=True):
    name: str | None = ""
    value: str | None = ""


class Image(msgspec.Struct, omit_defaults=True):
    meta: Meta = msgspec.field(default_factory=Meta)


class Images(msgspec.Struct, omit_defaults=True):
    meta: Meta = msgspec.field(default_factory=Meta)
    rows: list[Image] | None = None


class Component(msgspec.Struct, omit_defaults=True):
    assortment: Link = msgspec.field(default_factory=Link)
    quantity: Number | None = 1


class Components(msgspec.Struct, omit_defaults=True):
    meta: Meta = msgspec.field(default_factory=Meta)
    rows: list[Component] | None = None


class GoodRow(msgspec.Struct, rename="camel", omit_defaults=True):
    """A product, variant or bundle; which one `meta.type` says."""

    id: str
    meta: Meta = msgspec.field(default_factory=Meta)
    name: str | None = ""
    code: str | None = ""
    article: str | None = ""
    description: str | None = ""
    archived: bool | None = False
    product_folder: Link | None = None
    product: Link | None = None
    sale_prices: list[Money] | None = None
    min_price: Money | None = None
    barcodes: list[dict[str, str | int | None]] | None = None
    vat: Number | None = None
    vat_enabled: bool | None = None
    effective_vat: Number | None = None
    effective_vat_enabled: bool | None = None
    uom: Link | None = None
    weight: Number | None = None
    volume: Number | None = None
    attributes: list[Attribute] | None = None
    characteristics: list[Characteristic] | None = None
    images: Images | None = None
    components: Components | None = None


class MadeRow(msgspec.Struct, rename="camel"):
    """A product of which only its ids count."""

    id: str
    code: str | None = ""
    sync_id: str | None = None


class StandingRow(msgspec.Struct, rename="camel"):
    """A product or variant of which counts what another could share with it."""

    id: str
    name: str | None = ""
    article: str | None = ""
    archived: bool | None = False
    sync_id: str | None = None
    barcodes: list[dict[str, str | int | None]] | None = None


class AttributeField(msgspec.Struct):
    """A field of the shop's own, as it is defined."""

    id: str
    name: str | None = ""
    type: str | None = ""


class StockRow(msgspec.Struct, rename="camel"):
    """store_id None = of an order that names no store: a reserve, so less than nothing."""

    assortment_id: str
    store_id: str | None = None
    free_stock: Number | None = 0


class StateRow(msgspec.Struct):
    id: str
    name: str | None = ""


class OrderMetadata(msgspec.Struct):
    states: list[StateRow] | None = None


class PositionRow(msgspec.Struct):
    id: str
    assortment: Link = msgspec.field(default_factory=Link)
    quantity: Number | None = 0
    reserve: Number | None = 0
    shipped: Number | None = 0


class Positions(msgspec.Struct):
    """rows None = not asked for; there may be fewer than `meta.size`."""

    meta: Meta = msgspec.field(default_factory=Meta)
    rows: list[PositionRow] | None = None


class OrderRow(msgspec.Struct, rename="camel"):
    """deleted: when it went to the bin; sums in kopecks."""

    id: str
    name: str | None = ""
    state: Link | None = None
    applicable: bool | None = True
    deleted: str | None = None
    sync_id: str | None = None
    sum: Number | None = 0
    shipped_sum: Number | None = 0
    demands: list[Link] | None = None
    positions: Positions = msgspec.field(default_factory=Positions)


class EmployeeRow(msgspec.Struct, rename="camel"):
    """permissions: the scope of each action, by entity."""

    name: str | None = ""
    full_name: str | None = None
    permissions: dict[str, dict[str, str]] | None = None


class Page(msgspec.Struct):
    meta: Meta
    rows: list[msgspec.Raw]


Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read. id: "" = not even that; detail: the decoder's words, without the value."""

    id: str
    name: str
    detail: str


class _Label(msgspec.Struct):
    id: str = ""
    name: str | None = ""


_PAGES: msgspec.json.Decoder[Page] = msgspec.json.Decoder(Page)
_LABELS: msgspec.json.Decoder[_Label] = msgspec.json.Decoder(_Label)


def read_page(subject: str, body: bytes) -> Page:
    """BackOfficeAnswerUnreadable when it is no list."""
    try:
        return _PAGES.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackOfficeAnswerUnreadable(subject, detail=str(error)) from error


def read_as(subject: str, body: bytes, shape: type[Shape]) -> Shape:
    """BackOfficeAnswerUnreadable."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackOfficeAnswerUnreadable(subject, detail=str(error)) from error


def read_rows(rows: list[msgspec.Raw], decoder: msgspec.json.Decoder[Shape]) -> tuple[list[Shape], list[BadRow]]:
    """Those that can be read, and those that cannot."""
    good: list[Shape] = []
    bad: list[BadRow] = []
    for raw in rows:
        try:
            good.append(decoder.decode(raw))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            bad.append(_bad(raw, str(error)))
    return good, bad


def _bad(raw: msgspec.Raw, detail: str) -> BadRow:
    try:
        label = _LABELS.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return BadRow("", "", detail)
    return BadRow(label.id, label.name or "", detail)


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

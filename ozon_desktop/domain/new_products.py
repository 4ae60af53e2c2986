"""Cards that exist only on Ozon as products to be made in the store: what each would be, and why one is not made.

A product has an id of its own before it is made, derived from the cabinet and the article on Ozon: whoever is killed between the asking and
the answer, on whichever computer, finds by it what was made, and makes nothing twice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID, uuid5

from ozon_desktop.domain.adoption import CachedCard
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.store_catalog import Product, fold

NAMESPACE = UUID("5d0f3a4e-6b0c-5c57-9a0e-3f1f0a6d8c21")
"""Of all ids made here: never to be changed, for they tell products that were made already."""
ROOT_FOLDER = "Карточки Ozon"
LONGEST_NAME, LONGEST_ARTICLE, LONGEST_DESCRIPTION = 255, 255, 4096
"""What МойСклад takes; 1C takes more, but files follow the same preview."""
PLAN_ID_BYTES = 6


class NotMade(StrEnum):
    """Why a card that has no product is not made one. All but ARCHIVED and MADE ask for a person's look."""

    ARCHIVED = "archived"
    """It is in Ozon's archive."""
    MADE = "made"
    """It was made already, and comes with the next pull."""
    ARTICLE = "article"
    """The store has a product of this article, which is another card's or is sold by another one."""
    GONE = "gone"
    """The store had a product of this article, and has it in its archive or deleted it."""
    BARCODE = "barcode"
    """The store has a product with one of its barcodes."""
    SIMILAR = "similar"
    """The store has a product of a name so close that it may be the same."""
    TWICE = "twice"
    """Another card of the same preview has the same article but for its case, or one of its barcodes."""
    NAMELESS = "nameless"
    LONG_NAME = "long_name"


class Note(StrEnum):
    """What a product is made without, or what is to be known of it."""

    NO_PRICE = "no_price"
    NO_PRICE_TYPE = "no_price_type"
    NO_TYPE = "no_type"
    LONG_DESCRIPTION = "long_description"
    ASKED = "asked"
    """It was asked for before, and the answer never came: it is looked for first."""


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product as it would be made.

    creation_id: a UUID. folder: names from the top, made where they are missing, unless folder_id names the category of the store: it
    alone has the card's type. price in `currency` (ISO), None = none; vat in per cent, "0" = without, None = the store's usual.
    weight: g. properties: (name, value), made where the store has a field of that name.
    """

    creation_id: str
    offer_id: str
    name: str
    folder: tuple[str, ...]
    folder_id: str | None = None
    description: str = ""
    barcodes: tuple[str, ...] = ()
    price: Decimal | None = None
    currency: str = "RUB"
    price_type_id: str | None = None
    vat: str | None = None
    weight: int | None = None
    properties: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A card that is not made a product. other: the product or card that stands in its way, in words, "" = none does."""

    offer_id: str
    name: str
    reason: NotMade
    other: str = ""


@dataclass(frozen=True, slots=True)
class NewProductsPreview:
    """All that a confirmation would make. into: the store, in words; can_make: over its connection, else only as a file."""

    plan_id: str
    into: str
    can_make: bool
    products: tuple[NewProduct, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def doubtful(self) -> tuple[LeftOut, ...]:
        """Those a person has to look at."""
        return tuple(one for one in self.left_out if one.reason not in {NotMade.ARCHIVED, NotMade.MADE})


@dataclass(frozen=True, slots=True)
class MadeProduct:
    """A product as the store has it. id: the store's; code: what people there call it."""

    id: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A product of the store that stands in the way of a new one."""

    reason: NotMade
    name: str


@dataclass(frozen=True, slots=True)
class Creation:
    """What came of a confirmation. made: store's products by offer_id, those found as made before among them.

    refused: why not, in words, by offer_id. unreached: those that nobody asked for, because of `failure`, "" = nothing broke it off.
    """

    made: Mapping[str, MadeProduct] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    unreached: tuple[str, ...] = ()
    failure: str = ""

    @property
    def complete(self) -> bool:
        return not self.refused and not self.unreached


def creation_id(client_id: int, offer_id: str) -> str:
    """The same for one card in every database and on every computer. client_id: the cabinet's on Ozon."""
    return str(uuid5(NAMESPACE, f"product/{client_id}/{offer_id}"))


def folder_creation_id(path: Iterable[str]) -> str:
    """Of a folder that is made for them; one path is one folder for all cabinets."""
    return str(uuid5(NAMESPACE, "folder/" + "/".join(fold(name) for name in path)))


def folder_of(type_path: tuple[str, ...]) -> tuple[str, ...]:
    """Where products of a type go that no category of the store has."""
    return (ROOT_FOLDER, *type_path)


def only_category(mapped: Mapping[str, TypeKey], known: Callable[[str], bool], key: TypeKey) -> str | None:
    """The one category of the store that is mapped to this type; None when none or several are."""
    found = [category for category, type_key in mapped.items() if type_key == key and known(category)]
    return found[0] if len(found) == 1 else None


class InStore:
    """What the store has, to be looked into by article and barcode."""

    def __init__(self, products: Iterable[Product], articles: Iterable[tuple[str, str]]) -> None:
        """articles: (id, the store's own article), beside those products are sold by."""
        known = list(products)
        names = {product.id: product for product in known}
        self._articles = {fold(product.offer_id): product for product in known if product.offer_id.strip()}
        self._articles |= {fold(article): names[id_] for id_, article in articles if id_ in names and article.strip()}
        self._codes = {code: product for product in known if not product.deleted for code in product.barcodes}

    def taken(self, card: CachedCard) -> Taken | None:
        """What stands in the way of a product for this card; None = nothing does."""
        if (product := self._articles.get(fold(card.offer_id))) is not None:
            return Taken(NotMade.GONE if product.deleted else NotMade.ARTICLE, named(product))
        product = next((self._codes[code] for code in card.barcodes if code in self._codes), None)
        return None if product is None else Taken(NotMade.BARCODE, named(product))


def named(product: Product) -> str:
    """«Рубашка (RU-1)»."""
    return f"{product.name} ({product.offer_id})" if product.offer_id else product.name


class Twice:
    """Tells cards of one preview that could be one product."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def other(self, card: CachedCard) -> str | None:
        """The article of an earlier card that has this one's article or barcode; this one is remembered."""
        keys = [f"article {fold(card.offer_id)}", *(f"code {code}" for code in card.barcodes)]
        found = next((self._seen[key] for key in keys if key in self._seen), None)
        for key in keys:
            self._seen.setdefault(key, card.offer_id)
        return found


def unfit(card: CachedCard) -> NotMade | None:
    """Why no store would take a product of this card; None = one would."""
    name = " ".join(card.name.split())
    if not name:
        return NotMade.NAMELESS
    return NotMade.LONG_NAME if len(name) > LONGEST_NAME else None


def plan_id(into: str, products: Iterable[NewProduct]) -> str:
    """Names all that a confirmation would make: another product, or another value of one, has another id."""
    digest = blake2b(into.encode(), digest_size=PLAN_ID_BYTES)
    for product in sorted(products, key=lambda product: product.offer_id):
        digest.update(f"{product!r}\n".encode())
    return digest.hexdigest()

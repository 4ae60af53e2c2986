"""Cards the cabinet has already: how they are kept, and which of the store's products each of them is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ozon_desktop.domain.cabinet import CabinetAttribute, CabinetCard, CabinetProduct, ItemError, ListedProduct, PdfFile
from ozon_desktop.domain.card import Dimensions
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.package import Package
from ozon_desktop.domain.store_catalog import Product, fold

CLOSE_NAME = 85.0
"""Per cent of likeness from which a name is proposed."""

MOST_PROPOSALS = 3
RARE_WORDS, MOST_OF_A_WORD = 3, 300
"""Names are compared where they share one of so many rarest words, each in at most so many products' names."""


@dataclass(frozen=True, slots=True)
class CabinetPrice:
    """Prices of a product in the cabinet; None = there is none."""

    product_id: int
    offer_id: str
    price: Decimal | None
    old_price: Decimal | None
    min_price: Decimal | None
    vat: str
    currency: str


@dataclass(frozen=True, slots=True)
class CabinetStock:
    """Stock of a product under one scheme (fbs, rfbs, fbo, fbp), over all its warehouses; `present` includes what is reserved."""

    scheme: str
    present: int
    reserved: int
    warehouse_ids: tuple[int, ...] = ()

    @property
    def free(self) -> int:
        """What can be sold."""
        return self.present - self.reserved


@dataclass(frozen=True, slots=True)
class CachedCard:
    """A card of the cabinet as last read. Dimensions in mm and g; gone = the last complete reading did not find it any more.

    images: as Ozon lists them, see `pictures`. package: its sizes as Ozon has them, None = its content was not read, or by a release that
    did not keep all of it.
    """

    product_id: int
    offer_id: str
    name: str
    sku: int = 0
    archived: bool = False
    status: str = ""
    status_name: str = ""
    price: Decimal | None = None
    old_price: Decimal | None = None
    min_price: Decimal | None = None
    vat: str = ""
    currency: str = ""
    type_key: TypeKey | None = None
    barcodes: tuple[str, ...] = ()
    errors: tuple[ItemError, ...] = ()
    dimensions: Dimensions = field(default_factory=Dimensions)
    images: tuple[str, ...] = ()
    attributes: tuple[CabinetAttribute, ...] = ()
    stocks: tuple[CabinetStock, ...] = ()
    gone: bool = False
    loaded_at: datetime | None = None
    primary_image: str = ""
    color_image: str = ""
    pdf_list: tuple[PdfFile, ...] = ()
    package: Package | None = None

    @property
    def pictures(self) -> tuple[str, ...]:
        """All pictures, the main one first."""
        return tuple(dict.fromkeys((self.primary_image, *self.images))) if self.primary_image else self.images


def merged(
    listed: ListedProduct, info: CabinetProduct, card: CabinetCard | None, price: CabinetPrice | None, stocks: tuple[CabinetStock, ...]
) -> CachedCard:
    """What the four answers about one product say in sum."""
    package = None if card is None else _package(card)
    return CachedCard(
        product_id=info.product_id,
        offer_id=info.offer_id,
        name=info.name or (card.name if card is not None else ""),
        sku=info.sku or listed.sku,
        archived=info.archived or listed.archived,
        status=info.plain_status,
        status_name=info.status_text,
        price=info.price if price is None or price.price is None else price.price,
        old_price=(info.old_price if price is None else price.old_price) or None,
        min_price=None if price is None else price.min_price,
        vat=info.vat or ("" if price is None else price.vat),
        currency=info.currency or ("" if price is None else price.currency),
        type_key=info.type_key,
        # The first one is the card's main barcode.
        barcodes=info.barcodes if card is None else tuple(dict.fromkeys((*card.barcodes, *info.barcodes))),
        errors=info.errors,
        dimensions=Dimensions() if package is None else package.dimensions,
        images=() if card is None else card.images,
        attributes=() if card is None else card.attributes,
        stocks=stocks,
        primary_image="" if card is None else card.primary_image,
        color_image="" if card is None else card.color_image,
        pdf_list=() if card is None else card.pdf_list,
        package=package,
    )


def _package(card: CabinetCard) -> Package:
    return Package(card.depth, card.width, card.height, card.dimension_unit, card.weight, card.weight_unit)


@dataclass(frozen=True, slots=True)
class CardOutline:
    """As much of a cached card as matching needs."""

    product_id: int
    offer_id: str
    name: str
    barcodes: tuple[str, ...] = ()
    archived: bool = False
    gone: bool = False


class MatchedBy(StrEnum):
    """What says that a card and a product are the same."""

    ARTICLE = "article"
    BARCODE = "barcode"
    MANAGER = "manager"


class CardState(StrEnum):
    """What is known of a card of the cabinet."""

    MATCHED = "matched"
    ONLY_OZON = "only_ozon"
    DOUBTFUL = "doubtful"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the manager said of a product and a card: the same, or not the same."""

    product_id: str
    offer_id: str
    same: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A store product a card may be. score: likeness of the names in per cent, 100 for a barcode or an article."""

    product_id: str
    score: float = 100.0


@dataclass(frozen=True, slots=True)
class AdoptedCard:
    """A card with what it was matched to (MATCHED), or what it may be (DOUBTFUL by name, SEVERAL by barcode or article)."""

    card: CardOutline
    state: CardState
    product_id: str | None = None
    by: MatchedBy | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Adoption:
    """The cabinet beside the store. only_store: ids of products that no card was found or proposed for, in their order."""

    cards: tuple[AdoptedCard, ...]
    only_store: tuple[str, ...]

    def of(self, state: CardState) -> tuple[AdoptedCard, ...]:
        return tuple(adopted for adopted in self.cards if adopted.state is state)


def match(
    cards: Iterable[CardOutline],
    products: Iterable[Product],
    links: Mapping[str, str],
    decisions: Iterable[Decision] = (),
    *,
    with_names: bool = True,
) -> Adoption:
    """Matches cards with products: as the manager said, as linked before, by article, by barcode; names are only proposed.

    with_names: False leaves the proposals out, which take the longest.

    links: offer_id by product id. Cards that are gone are left out. Ozon distinguishes cards by the article alone, so an equal article
    cannot be denied by a decision.
    """
    matcher = _Matcher([card for card in cards if not card.gone], list(products))
    decided = list(decisions)
    matcher.denied = {(decision.product_id, decision.offer_id) for decision in decided if not decision.same}
    matcher.take_decided({decision.product_id: decision.offer_id for decision in decided if decision.same}, MatchedBy.MANAGER)
    matcher.take_decided(links, MatchedBy.BARCODE)
    matcher.by_article()
    matcher.by_barcode()
    if with_names:
        matcher.by_name()
    return matcher.result()


class _Matcher:
    def __init__(self, cards: list[CardOutline], products: list[Product]) -> None:
        self._cards = cards
        self._products = {product.id: product for product in products}
        self._by_offer = {card.offer_id: card for card in cards}
        self._found: dict[int, AdoptedCard] = {}
        self._taken: set[str] = set()
        self._involved: set[str] = set()
        self.denied: set[tuple[str, str]] = set()

    def take_decided(self, pairs: Mapping[str, str], by: MatchedBy) -> None:
        for product_id, offer_id in pairs.items():
            card = self._by_offer.get(offer_id)
            free = product_id in self._products and product_id not in self._taken
            if card is not None and free and card.product_id not in self._found and (product_id, offer_id) not in self.denied:
                self._match(card, product_id, by)

    def by_article(self) -> None:
        articles: dict[str, list[str]] = {}
        for product in self._products.values():
            if product.offer_id.strip() and product.id not in self._taken:
                articles.setdefault(product.offer_id.strip(), []).append(product.id)
        for card in self._left():
            found = articles.get(card.offer_id.strip(), [])
            if len(found) == 1:
                self._match(card, found[0], MatchedBy.ARTICLE)
            elif found:
                self._propose(card, CardState.SEVERAL, [Candidate(product_id) for product_id in found])

    def by_barcode(self) -> None:
        codes: dict[str, list[str]] = {}
        for product in self._products.values():
            for code in product.barcodes:
                codes.setdefault(code, []).append(product.id)
        wanted: dict[int, list[str]] = {}
        claims: dict[str, int] = {}
        for card in self._left():
            found = dict.fromkeys(product_id for code in card.barcodes for product_id in codes.get(code, ()))
            wanted[card.product_id] = [product_id for product_id in found if (product_id, card.offer_id) not in self.denied]
            for product_id in wanted[card.product_id]:
                claims[product_id] = claims.get(product_id, 0) + 1
        for card in self._left():
            found_ids = wanted[card.product_id]
            if len(found_ids) == 1 and found_ids[0] not in self._taken and claims[found_ids[0]] == 1:
                self._match(card, found_ids[0], MatchedBy.BARCODE)
            elif found_ids:
                self._propose(card, CardState.SEVERAL, [Candidate(product_id) for product_id in found_ids])

    def by_name(self) -> None:
        seen = self._taken | self._involved
        names = _Names([product for product in self._products.values() if product.id not in seen])
        for card in self._left():
            close = [found for found in names.close_to(card.name) if (found.product_id, card.offer_id) not in self.denied]
            if close:
                self._propose(card, CardState.DOUBTFUL, close[:MOST_PROPOSALS])

    def result(self) -> Adoption:
        cards = tuple(self._found.get(card.product_id, AdoptedCard(card, CardState.ONLY_OZON)) for card in self._cards)
        seen = self._taken | self._involved
        return Adoption(cards, tuple(product_id for product_id in self._products if product_id not in seen))

    def _left(self) -> list[CardOutline]:
        return [card for card in self._cards if card.product_id not in self._found]

    def _match(self, card: CardOutline, product_id: str, by: MatchedBy) -> None:
        self._found[card.product_id] = AdoptedCard(card, CardState.MATCHED, product_id, by)
        self._taken.add(product_id)

    def _propose(self, card: CardOutline, state: CardState, candidates: list[Candidate]) -> None:
        self._found[card.product_id] = AdoptedCard(card, state, candidates=tuple(candidates))
        self._involved.update(candidate.product_id for candidate in candidates)


class _Names:
    """Products by the words of their names, so that each card is compared with few of many thousands."""

    def __init__(self, products: list[Product]) -> None:
        self._names = {product.id: _plain(product.name) for product in products}
        self._figures = {product_id: _figures(name) for product_id, name in self._names.items()}
        self._by_word: dict[str, list[str]] = {}
        for product_id, name in self._names.items():
            for word in set(name.split()):
                self._by_word.setdefault(word, []).append(product_id)

    def close_to(self, name: str) -> list[Candidate]:
        """Products of close names, the closest first. Words with a digit (sizes, models) must be the same."""
        # Imported here: most commands compare no words, and it takes four mebibytes.
        from rapidfuzz import fuzz, process

        wanted = _plain(name)
        words = sorted(set(wanted.split()) & self._by_word.keys(), key=lambda word: len(self._by_word[word]))
        rare = [word for word in words if len(self._by_word[word]) <= MOST_OF_A_WORD][:RARE_WORDS]
        figures = _figures(wanted)
        near = {product_id for word in rare for product_id in self._by_word[word]}
        pool = {product_id: self._names[product_id] for product_id in sorted(near) if self._figures[product_id] == figures}
        found = process.extract(wanted, pool, scorer=fuzz.token_sort_ratio, score_cutoff=CLOSE_NAME, limit=MOST_PROPOSALS + 2)
        return [Candidate(product_id, round(score, 1)) for _, score, product_id in found]


def _plain(name: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in fold(name)).split())


def _figures(name: str) -> set[str]:
    return {word for word in name.split() if any(sign.isdigit() for sign in word)}

"""The article a product of the store is sold by on Ozon: one for each size and colour, and the same from export to export."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from ozon_desktop.domain.card import OFFER_ID_LIMIT


class ArticleSource(StrEnum):
    """What may become the article: the store's article, its own number of the product, the first barcode, the id of the export."""

    ARTICLE = "article"
    CODE = "code"
    BARCODE = "barcode"
    ID = "id"


AUTOMATIC = (ArticleSource.ARTICLE, ArticleSource.CODE, ArticleSource.BARCODE)
"""What is taken first, and what in its place where it is missing or another product has it."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a product may be called by; article, code and barcode of a variant are its own or its product's.

    characteristic: what tells a variant from its sisters («37», «37-синий»); sisters: variants of its product with the same article, itself
    included.
    """

    id: str
    parent_id: str | None = None
    article: str = ""
    code: str = ""
    barcode: str = ""
    characteristic: str = ""
    sisters: int = 1

    def named_by(self, source: ArticleSource) -> str:
        """The text of one source, "" when there is none."""
        match source:
            case ArticleSource.ARTICLE:
                return self.article
            case ArticleSource.CODE:
                return self.code
            case ArticleSource.BARCODE:
                return self.barcode
            case ArticleSource.ID:
                return self.id if len(self.id) <= OFFER_ID_LIMIT else _joined(self.id, _mark(self.id))


def articles(
    products: Sequence[Named], taken: Callable[[set[str]], set[str]], order: Sequence[ArticleSource] = AUTOMATIC
) -> dict[str, str]:
    """An article for each product that has none yet, by product id; one with nothing to be called by is left out.

    taken: which of these articles belong to other products already. Variants that share an article get it with their characteristic.
    Of other products the first keeps a shared article and the others take the next source of the order, at last a mark of their own behind
    the article; where the code is the export's own id (YML) all of them take that.
    """
    ordered = sorted(products, key=lambda product: product.id)
    bases = {product.id: base_of(product, order) for product in ordered}
    shared = Counter((product.parent_id, bases[product.id]) for product in ordered)
    repeated = Counter(bases.values())
    wanted: dict[str, list[str]] = {}
    for product in ordered:
        base = bases[product.id]
        if base:
            wanted[product.id] = list(_candidates(product, base, order, shared[product.parent_id, base], repeated[base]))
    used = taken({candidate for candidates in wanted.values() for candidate in candidates})
    found: dict[str, str] = {}
    for product_id, candidates in wanted.items():
        chosen = next((candidate for candidate in candidates if candidate not in used), None)
        if chosen is not None:
            used.add(chosen)
            found[product_id] = chosen
    return found


def characteristic_of(values: Iterable[str]) -> str:
    """Values of a variant's own properties as the end of an article."""
    return "-".join(" ".join(value.split()) for value in values if value.strip())


def base_of(product: Named, order: Sequence[ArticleSource] = AUTOMATIC) -> str:
    """The first of the sources that the product has, "" when it has none."""
    return next((text for source in order if (text := product.named_by(source))), "")


def _candidates(product: Named, base: str, order: Sequence[ArticleSource], shared: int, repeated: int) -> Iterator[str]:
    """What the product may be called, best first."""
    if product.parent_id is not None:
        if shared == 1 and (product.sisters == 1 or base != product.article):
            yield base
        if product.characteristic:
            yield _joined(base, product.characteristic)
        yield _joined(base, _mark(product.id))
        return
    by_id = product.code == product.id
    if not (by_id and repeated > 1):
        yield base
    yield from (text for source in order if (text := product.named_by(source)) and text != base)
    if by_id:
        yield base
    yield _joined(base, _mark(product.id))


def _joined(base: str, end: str) -> str:
    """Both within the limit of Ozon; a long end becomes a mark of it."""
    short = end if len(end) < OFFER_ID_LIMIT // 2 else _mark(end)
    return f"{base[: OFFER_ID_LIMIT - len(short) - 1]}-{short}"


def _mark(text: str) -> str:
    return blake2b(text.encode(), digest_size=4).hexdigest()

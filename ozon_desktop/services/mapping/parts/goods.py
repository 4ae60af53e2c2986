"""What the products of a category say about the types suggested for it: the words in their names, and whose brand they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ozon_desktop.domain.store_catalog import Product, fold
from ozon_desktop.domain.value_matching import stem, words_of
from ozon_desktop.services.mapping.view import Goods, NamedBy, Suggestion

SHOWN = 6
EMPTY = frozenset({"для", "при", "без", "под", "над", "или", "прочее", "прочие", "другие"})
SHORTEST = 3
BRAND_PROPERTIES = frozenset({"бренд", "марка", "торговая марка", "производитель"})
BRAND_SHARE = 0.5


def goods_of(category_name: str, products: Sequence[Product]) -> Goods:
    """What the page tells of the products that lie in a category itself. Some of them are spread evenly: neighbours are of one kind."""
    step = max(1, len(products) // SHOWN)
    sample = tuple((product.offer_id, product.name) for product in products[::step][:SHOWN])
    return Goods(len(products), sample, _is_brand(category_name, products))


def with_names(category_name: str, found: Sequence[Suggestion], products: Iterable[Product]) -> tuple[Suggestion, ...]:
    """The suggestions, each with how many product names have a word that the type's name has and the category's has not.

    A type whose name says nothing more than the category's is looked for by all its words.
    """
    known = {stem(word) for word in _telling(category_name)}
    wanted: list[dict[str, str]] = []
    for suggestion in found:
        words = {stem(word): word for word in _telling(suggestion.path[-1])}
        wanted.append({key: word for key, word in words.items() if key not in known} or words)
    names = [frozenset(stem(word) for word in words_of(product.name)) for product in products]
    return tuple(replace(one, named=_counted(words, names)) for one, words in zip(found, wanted, strict=True))


def _counted(words: Mapping[str, str], names: Sequence[frozenset[str]]) -> NamedBy:
    stems = frozenset(words)
    met = [stems & name for name in names]
    seen = frozenset().union(*met)
    return NamedBy(tuple(word for key, word in words.items() if key in seen), sum(map(bool, met)), len(names))


def _telling(text: str) -> list[str]:
    return [word for word in words_of(text) if len(word) >= SHORTEST and word not in EMPTY and not word[0].isdigit()]


def _is_brand(category_name: str, products: Sequence[Product]) -> bool:
    """Whether the category is called as the maker of half its products."""
    name = fold(category_name)
    made = sum(
        fold(product.vendor) == name or any(fold(value) == name for key, value in product.properties if fold(key) in BRAND_PROPERTIES)
        for product in products
    )
    return bool(products) and made >= BRAND_SHARE * len(products)

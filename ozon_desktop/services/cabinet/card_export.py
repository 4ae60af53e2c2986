"""Cards of the cabinet as products of a store: for CommerceML, and as a table."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ozon_desktop.domain.adoption import CachedCard
from ozon_desktop.domain.ozon_catalog import (
    ANNOTATION_ATTRIBUTE,
    BRAND_ATTRIBUTE,
    NAME_ATTRIBUTE,
    SELLER_CODE_ATTRIBUTE,
    TYPE_ATTRIBUTE,
    OzonTree,
    TypeKey,
)
from ozon_desktop.domain.store_catalog import (
    CatalogStructure,
    Price,
    PriceType,
    Product,
    PropertyDefinition,
    Stock,
    StoreCategory,
    StoreWarehouse,
)
from ozon_desktop.store.catalog_export import ExportedCatalog, ExportedProduct

STRUCTURE = CatalogStructure("ozon-cabinet", "Карточки Ozon")
PRICE_TYPE = PriceType("ozon-price", "Цена на Ozon")
WAREHOUSE = StoreWarehouse("ozon-stock", "Остаток на Ozon")
NO_CATEGORY = StoreCategory("ozon-no-category", STRUCTURE.id, None, "Без категории")
SIZES = {
    "depth": PropertyDefinition("ozon-depth", "Длина упаковки, мм", "Число"),
    "width": PropertyDefinition("ozon-width", "Ширина упаковки, мм", "Число"),
    "height": PropertyDefinition("ozon-height", "Высота упаковки, мм", "Число"),
    "weight": PropertyDefinition("ozon-weight", "Вес в упаковке, г", "Число"),
}
"""Named so that a back office which exports them again is understood: the unit, and that the package is meant."""

ELSEWHERE = frozenset({TYPE_ATTRIBUTE, NAME_ATTRIBUTE, ANNOTATION_ATTRIBUTE, SELLER_CODE_ATTRIBUTE})
"""Attributes that are a field of the product itself."""

ATTRIBUTE_COLUMNS = 150
OTHER_ATTRIBUTES = "Прочие характеристики"
FIXED_HEADINGS = (
    "Артикул",
    "Наименование",
    "Категория Ozon",
    "Описание",
    "Бренд",
    "Штрихкоды",
    "Цена",
    "Цена до скидки",
    "Валюта",
    "НДС, %",
    "Остаток",
    *(definition.name for definition in SIZES.values()),
    "Фотографии",
)

AttributeNames = Callable[[TypeKey], Mapping[int, str]]
"""Names of a type's attributes by id, as far as they are cached."""


@dataclass(slots=True)
class CardExport:
    """Turns cached cards into products. `names` is asked once per type."""

    tree: OzonTree
    names: AttributeNames
    _known: dict[TypeKey, Mapping[int, str]] = field(default_factory=dict)

    def catalog(self, cards: Iterable[CachedCard]) -> ExportedCatalog:
        """The categories and properties that the products of these cards refer to."""
        categories: dict[str, StoreCategory] = {}
        properties = {definition.name: definition for definition in SIZES.values()}
        for card in cards:
            for category in self._categories(card.type_key):
                categories.setdefault(category.id, category)
            for attribute_id, name, _ in self._attributes(card):
                properties.setdefault(name, PropertyDefinition(f"ozon-attribute-{attribute_id}", name, "Строка"))
        return ExportedCatalog(STRUCTURE, tuple(categories.values()), tuple(properties.values()), PRICE_TYPE, WAREHOUSE)

    def product(self, card: CachedCard) -> ExportedProduct:
        product_id = f"ozon-{card.product_id}"
        sizes = [(SIZES[name].name, str(value)) for name in SIZES if (value := getattr(card.dimensions, name)) is not None]
        product = Product(
            id=product_id,
            offer_id=card.offer_id,
            name=" ".join(card.name.split()),
            structure_id=STRUCTURE.id,
            category_ids=(self._categories(card.type_key)[-1].id,),
            description=_text(card, ANNOTATION_ATTRIBUTE),
            barcodes=card.barcodes,
            pictures=card.pictures,
            vat=_percent(card.vat),
            vendor=_text(card, BRAND_ATTRIBUTE),
            unit="шт",
            properties=(*sizes, *((name, value) for _, name, value in self._attributes(card))),
        )
        price = None if card.price is None else Price(product_id, PRICE_TYPE.id, card.price, card.currency or "RUB")
        pieces = sum(stock.free for stock in card.stocks)
        return ExportedProduct(product, price, Stock(product_id, WAREHOUSE.id, Decimal(pieces)) if card.stocks else None)

    def table(self, cards: Sequence[CachedCard]) -> tuple[list[str], list[list[str]]]:
        """(headings, rows): the most frequent attributes have columns of their own, the others share the last one."""
        counts = Counter(name for card in cards for _, name, _ in self._attributes(card))
        fixed = set(FIXED_HEADINGS)
        columns = [name for name, _ in counts.most_common() if name not in fixed][:ATTRIBUTE_COLUMNS]
        rows = []
        for card in cards:
            values = {name: value for _, name, value in self._attributes(card)}
            others = "; ".join(f"{name}: {value}" for name, value in values.items() if name not in columns and name not in fixed)
            rows.append([*self._fixed(card), *(values.get(name, "") for name in columns), others])
        return [*FIXED_HEADINGS, *columns, OTHER_ATTRIBUTES], rows

    def _fixed(self, card: CachedCard) -> list[str]:
        product = self.product(card).product
        sizes = (getattr(card.dimensions, name) for name in SIZES)
        return [
            card.offer_id,
            product.name,
            " / ".join(self.tree.type_path(card.type_key)) if card.type_key is not None else "",
            product.description,
            product.vendor,
            ", ".join(card.barcodes),
            _number(card.price),
            _number(card.old_price),
            card.currency,
            product.vat or "",
            str(sum(stock.free for stock in card.stocks)) if card.stocks else "",
            *("" if size is None else str(size) for size in sizes),
            "\n".join(card.pictures),
        ]

    def _attributes(self, card: CachedCard) -> Iterator[tuple[int, str, str]]:
        """(id, name, value) of each attribute that has a value, each name once."""
        names = self._names_of(card.type_key)
        joined: dict[str, tuple[int, list[str]]] = {}
        for attribute in card.attributes:
            if attribute.id in ELSEWHERE:
                continue
            name = " ".join(names.get(attribute.id, "").split()) or f"Характеристика Ozon {attribute.id}"
            texts = joined.setdefault(name, (attribute.id, []))[1]
            texts.extend(text for _, value in attribute.values if (text := _clean(value)) and text not in texts)
        for name, (attribute_id, texts) in joined.items():
            if texts:
                yield attribute_id, name, "; ".join(texts)

    def _names_of(self, key: TypeKey | None) -> Mapping[int, str]:
        if key is None:
            return {}
        if key not in self._known:
            self._known[key] = self.names(key)
        return self._known[key]

    def _categories(self, key: TypeKey | None) -> list[StoreCategory]:
        """From the base category down to the type."""
        type_ = self.tree.types.get(key) if key is not None else None
        if key is None or type_ is None:
            return [NO_CATEGORY]
        above: list[StoreCategory] = []
        category = self.tree.categories.get(key.description_category_id)
        while category is not None and len(above) < 50:
            parent_id = None if category.parent_id is None else f"ozon-{category.parent_id}"
            above.append(StoreCategory(f"ozon-{category.id}", STRUCTURE.id, parent_id, category.name))
            category = self.tree.categories.get(category.parent_id) if category.parent_id is not None else None
        parent = above[0].id if above else None
        leaf = StoreCategory(f"ozon-{key.description_category_id}-{key.type_id}", STRUCTURE.id, parent, type_.name)
        return [*reversed(above), leaf]


def _text(card: CachedCard, attribute_id: int) -> str:
    found = (attribute for attribute in card.attributes if attribute.id == attribute_id)
    return "; ".join(_clean(value) for attribute in found for _, value in attribute.values if value.strip())


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _percent(vat: str) -> str | None:
    return _number(Decimal(vat) * 100) if vat else None


def _number(value: Decimal | None) -> str:
    if value is None:
        return ""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain

"""A small store and Ozon tree, and services that keep their answers in memory, for the categories page."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ozon_desktop.domain.carry_over import CarryOver
from ozon_desktop.domain.mapping import MappingChange, MappingPart, MappingPlace, coverage, products_below, resolve
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue, OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.setup_guide import Missing
from ozon_desktop.domain.store_catalog import StoreCategory
from ozon_desktop.domain.tree_changes import new_places
from ozon_desktop.services.catalog.view import TypeDetails, ValueSearch
from ozon_desktop.services.mapping.exchange import ImportChange, ImportPreview
from ozon_desktop.services.mapping.view import Goods, MappingView, PartState, PropertyChoice, Proposals, Suggestion

MOMENT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
BOOTS, HALF_BOOTS, WORK_BOOTS, TV, COOKER = TypeKey(11, 1), TypeKey(11, 2), TypeKey(12, 3), TypeKey(21, 4), TypeKey(22, 5)


def make_tree() -> OzonTree:
    categories = [
        OzonCategory(1, None, "Обувь"),
        OzonCategory(11, 1, "Повседневная обувь"),
        OzonCategory(12, 1, "Спортивная и рабочая обувь"),
        OzonCategory(2, None, "Электроника"),
        OzonCategory(21, 2, "Телевизоры и мониторы"),
        OzonCategory(22, 2, "Техника для кухни"),
        OzonCategory(3, None, "Книги"),
    ]
    types = [
        OzonType(BOOTS, "Сапоги", settings_at=MOMENT),
        OzonType(HALF_BOOTS, "Полусапоги", settings_at=MOMENT),
        OzonType(WORK_BOOTS, "Полусапоги рабочие"),
        OzonType(TV, "Телевизор", settings_at=MOMENT),
        OzonType(COOKER, "Мультиварка", disabled=True, settings_at=MOMENT),
    ]
    return OzonTree.build(categories, types)


CATEGORIES = (
    StoreCategory("shoes", "s", None, "Обувь", 0),
    StoreCategory("sneakers", "s", "shoes", "Кроссовки", 1),
    StoreCategory("boots", "s", "shoes", "Женские сапоги", 2),
    StoreCategory("tech", "s", None, "Бытовая техника", 3),
    StoreCategory("tv", "s", "tech", "Телевизоры", 4),
    StoreCategory("cookers", "s", "tech", "Мультиварки", 5),
)
PRODUCTS = {"sneakers": 96, "boots": 1058, "tv": 44, "cookers": 22}


class FakeMapping:
    """The mapping service over a dictionary."""

    def __init__(self) -> None:
        self.categories: tuple[StoreCategory, ...] = CATEGORIES
        self.tree = make_tree()
        self.own: dict[str, TypeKey] = {"tv": TV, "cookers": COOKER}
        self.undone: list[dict[str, TypeKey]] = []
        self.done: list[dict[str, TypeKey]] = []
        self.missing: tuple[Missing, ...] = ()
        self.error: Exception | None = None
        self.calls: list[tuple[Any, ...]] = []
        self.suggestions: dict[str, tuple[Suggestion, ...]] = {}
        self.goods: dict[str, Goods] = {}
        self.carry = CarryOver()
        self.carry_error: Exception | None = None
        self.parts: dict[str, tuple[PartState, ...]] = {}
        self.carried_for: list[dict[MappingPlace, TypeKey | None]] = []
        self.suggested_for: list[Sequence[str] | None] = []

    async def view(self, integration_id: int) -> MappingView:
        self.calls.append(("view", integration_id))
        if self.error is not None:
            raise self.error
        resolved = resolve(self.categories, self.own, self.tree)
        return MappingView(
            self.categories,
            dict(self.own),
            resolved,
            PRODUCTS,
            products_below(self.categories, PRODUCTS),
            self.tree,
            coverage(resolved, PRODUCTS),
            "«Женские сапоги» → «Сапоги»" if self.done else None,
            "«Женские сапоги» → «Сапоги»" if self.undone else None,
            self.missing,
            new_places(set(self.own.values()), self.tree),
            self.parts,
        )

    async def map(self, integration_id: int, category_ids: Sequence[str], key: TypeKey) -> MappingView:
        self.calls.append(("map", tuple(category_ids), key))
        self.done.append(dict(self.own))
        self.own |= dict.fromkeys(category_ids, key)
        return await self.view(integration_id)

    async def map_each(self, integration_id: int, keys: Mapping[str, TypeKey]) -> MappingView:
        self.calls.append(("map_each", dict(keys)))
        self.done.append(dict(self.own))
        self.own |= keys
        return await self.view(integration_id)

    async def unmap(self, integration_id: int, category_ids: Sequence[str]) -> MappingView:
        self.calls.append(("unmap", tuple(category_ids)))
        self.done.append(dict(self.own))
        for category_id in category_ids:
            del self.own[category_id]
        return await self.view(integration_id)

    async def carry_over(self, integration_id: int, after: Mapping[MappingPlace, TypeKey | None]) -> CarryOver:
        self.carried_for.append(dict(after))
        if self.carry_error is not None:
            raise self.carry_error
        return self.carry

    async def undo(self, integration_id: int, steps: int = 1) -> MappingView:
        self.undone.append(dict(self.own))
        self.own = self.done.pop()
        return await self.view(integration_id)

    async def redo(self, integration_id: int, steps: int = 1) -> MappingView:
        self.done.append(dict(self.own))
        self.own = self.undone.pop()
        return await self.view(integration_id)

    async def history(self, integration_id: int, limit: int = 500) -> list[MappingChange]:
        return [MappingChange(1, "«Телевизоры» → «Телевизор»", ((MappingPlace("tv"), None),), ((MappingPlace("tv"), TV),), MOMENT, "Мария")]

    async def properties(self, integration_id: int, category_id: str) -> tuple[PropertyChoice, ...]:
        return (PropertyChoice("Сезон", (("Зима", 5), ("Лето", 3))),)

    async def map_places(self, integration_id: int, after: Mapping[MappingPlace, TypeKey | None], label: str = "") -> MappingView:
        self.calls.append(("map_places", dict(after)))
        for place, key in after.items():
            if key is not None:
                part = PartState(MappingPart(place.property_name, place.value, key), 5, usable=True)
                self.parts[place.category_id] = (*self.parts.get(place.category_id, ()), part)
        return await self.view(integration_id)

    async def suggest(
        self, integration_id: int, category_ids: Sequence[str] | None = None, limit: int = 5
    ) -> dict[str, tuple[Suggestion, ...]]:
        self.suggested_for.append(category_ids)
        return self.suggestions

    async def propose(self, integration_id: int, category_ids: Sequence[str] | None = None, limit: int = 5) -> Proposals:
        self.suggested_for.append(category_ids)
        found = self.suggestions if category_ids is None else {one: self.suggestions[one] for one in category_ids}
        return Proposals(found, self.goods)


class FakeCatalog:
    """The catalogue service with one type's attributes."""

    def __init__(self, mapping: FakeMapping) -> None:
        self.mapping = mapping
        self.partial = True
        self.fetched: list[Any] = []
        self.below: list[Any] = []

    async def type_details(self, key: TypeKey) -> TypeDetails:
        attributes = (
            Attribute(85, "Бренд", "Торговая марка", is_required=True, dictionary_id=28),
            Attribute(9048, "Название модели", is_required=True),
            Attribute(10096, "Цвет товара", is_required=True, dictionary_id=7, is_collection=True),
            Attribute(4497, "Вес, г", type="Integer"),
            Attribute(4298, "Российский размер", dictionary_id=9, is_aspect=True),
        )
        return TypeDetails(self.mapping.tree.types[key], self.mapping.tree.type_path(key), attributes, {})

    async def search_values(self, integration_id: int, key: TypeKey, attribute: Attribute, text: str, *, limit: int = 50) -> ValueSearch:
        values = [DictionaryValue(1, "Adidas"), DictionaryValue(2, "Nike"), DictionaryValue(3, "Нет бренда")]
        return ValueSearch(tuple(value for value in values if text.casefold() in value.value.casefold()), self.partial, False)

    async def fetch_settings(
        self, integration_id: int, progress: Any, keys: Sequence[TypeKey] | None = None, *, below: Sequence[int] | None = None
    ) -> Any:
        if below is None:
            self.fetched.append(keys)
        else:
            self.below.append(below)
        return SimpleNamespace(failed=())


class FakeExchange:
    """The exchange service: remembers where it wrote."""

    def __init__(self, mapping: FakeMapping) -> None:
        self.mapping = mapping
        self.written: list[Path] = []
        self.error: Exception | None = None

    async def export(self, integration_id: int, path: Path) -> int:
        if self.error is not None:
            raise self.error
        self.written.append(path)
        return len(self.mapping.categories)

    async def preview(self, integration_id: int, path: Path) -> ImportPreview:
        change = ImportChange(2, MappingPlace("boots"), "Обувь / Женские сапоги", "", "Обувь / Сапоги", BOOTS)
        return ImportPreview((change,), (), 5)

    async def apply(self, integration_id: int, preview: ImportPreview) -> MappingView:
        return await self.mapping.map_each(integration_id, {change.category_id: change.key for change in preview.changes if change.key})

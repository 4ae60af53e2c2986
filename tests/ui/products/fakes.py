"""A few products with cards, and services that keep their answers in memory, for the products page."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import Card, CardProblem, Dimensions, FilledField, Origin, ProblemCode, SavedFields
from ozon_desktop.domain.carry_over import CarriedField, CarryOver
from ozon_desktop.domain.dimensions import PackageDoubt
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, DictionaryValue, OzonType, TypeKey
from ozon_desktop.domain.ozon_problems import ozon_problems
from ozon_desktop.domain.pictures import LoadedPicture, PictureChoice, arranged
from ozon_desktop.domain.price_timers import LowestPrice
from ozon_desktop.domain.readiness import field_problems
from ozon_desktop.domain.rule_proposals import RuleProposal
from ozon_desktop.domain.store_catalog import Product, StoreCategory
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.domain.value_matching import DoubtfulValue, ValueChoice
from ozon_desktop.errors import NotFound
from ozon_desktop.services.cards.bulk import BulkResult
from ozon_desktop.services.cards.cards import CardDetails
from ozon_desktop.services.cards.exchange import CardChange, CardRowProblem, CardsPreview
from ozon_desktop.services.cards.field_rules import OwnValue
from ozon_desktop.services.cards.history import StepTaken
from ozon_desktop.services.cards.view import CardRow, CardsView, view_of
from ozon_desktop.services.catalog.view import ValueSearch

MOMENT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
KEY = TypeKey(11, 1)
BRAND = Attribute(85, "Бренд", "Торговая марка", is_required=True, dictionary_id=28)
MODEL = Attribute(9048, "Название модели", is_required=True)
COLOUR = Attribute(10096, "Цвет товара", is_required=True, dictionary_id=7, is_collection=True, max_value_count=3)
SIZE = Attribute(4298, "Российский размер", dictionary_id=9, is_aspect=True, group_name="Размеры")
NOTE = Attribute(4191, "Аннотация", type="multiline", group_name="Описание")
COUNT = Attribute(4497, "Пар в упаковке", type="Integer", group_name="Размеры")
HEEL = Attribute(4500, "Высота каблука, см", type="Decimal", group_name="Размеры")
LINED = Attribute(4501, "С подкладкой", type="Boolean", group_name="Описание")
TYPE = Attribute(8229, "Тип", dictionary_id=1, is_required=True)
ATTRIBUTES = (BRAND, MODEL, COLOUR, TYPE, SIZE, COUNT, HEEL, NOTE, LINED)
WEB = "https://shop.example/"
PICTURES = (f"{WEB}1.jpg", f"{WEB}2.jpg", "ftp://shop.example/3.jpg", f"{WEB}4.jpg")
WOOD = DoubtfulValue(DictionaryKey(7), "цвет мокрого асфальта", ((10096, "Цвет товара"),), (DictionaryValue(5, "серый"),), 12, 4)
LEATHER = DoubtfulValue(DictionaryKey(8), "кожзам", ((4600, "Материал верха"),), (DictionaryValue(6, "искусственная кожа"),), 3)
PROPOSALS = [
    RuleProposal(SIZE, "Размер", 0.95, ("37", "38"), 40),
    RuleProposal(COUNT, "Пар", 0.9, ("1",), 30),
    RuleProposal(HEEL, "Каблук", 0.6, ("5 см", "7 см"), 4, RuleKind.UNITS),
]
PRODUCTS = {
    "p1": Product("p1", "SP-2201", "Сапоги зимние женские", properties=(("Цвет", "чёрный"), ("Сезон", "Зима")), pictures=PICTURES),
    "p2": Product("p2", "KR-1042", "Кроссовки беговые Atlas, синие"),
    "p3": Product("p3", "MV-0007", "Мультиварка 5 л"),
}


class FakeCards:
    """The cards service over dictionaries."""

    def __init__(self) -> None:
        self.saved: dict[str, SavedFields] = {}
        self.rules: dict[int, FieldRule] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.attributes: tuple[Attribute, ...] = ATTRIBUTES
        self.type: OzonType | None = OzonType(KEY, "Сапоги", settings_at=MOMENT)
        self.error: Exception | None = None
        self.field_rules = FakeRules(self)
        self.other: OzonType | None = None
        self.pictures: dict[str, PictureChoice] = {}
        self.doubts: tuple[PackageDoubt, ...] = ()
        self.sizes = Dimensions(300, 200, None, 900)
        self.ozon: dict[str, Accepted] = {}
        """what Ozon last answered, by product"""
        self.lowest: LowestPrice | None = None
        self.history = FakeHistory()
        self.carry = CarryOver(1, (CarriedField("Бренд", 1),), (CarriedField("Высота каблука", 1),))

    async def view(self, integration_id: int) -> CardsView:
        if self.error is not None:
            raise self.error
        rows = []
        for product in PRODUCTS.values():
            problems = self._card(product).problems if product.id != "p2" else ()
            status = "продаётся" if product.id == "p2" else ""
            price = Decimal("7450") if product.id != "p3" else None
            rows.append(
                CardRow(
                    product.id,
                    product.offer_id,
                    product.name,
                    "Обувь / Женские сапоги" if product.id != "p3" else "Кухня",
                    "Сапоги",
                    price,
                    "RUB",
                    Decimal(8),
                    not problems,
                    problems,
                    status,
                    self._errors(product.id),
                    ozon_problems(self._errors(product.id), self.attributes),
                )
            )
        reasons = ((ProblemCode.REQUIRED_EMPTY, "Бренд", 2), (ProblemCode.DIMENSION_MISSING, "height", 1))
        return CardsView(tuple(rows), 1, 2, reasons, index=view_of(rows).index)

    def _errors(self, product_id: str) -> tuple[ItemError, ...]:
        return self.ozon[product_id].errors if product_id in self.ozon else ()

    async def details(self, integration_id: int, product_id: str) -> CardDetails:
        self.calls.append(("details", product_id))
        product = PRODUCTS[product_id]
        path = ("Обувь", "Женские сапоги")
        sizes = self.sizes
        type_path = ("Обувь", "Повседневная обувь", "Сапоги")
        return CardDetails(
            self._card(product),
            "boots",
            path,
            type_path,
            self.saved.get(product_id),
            sizes,
            self.ozon.get(product_id),
            self.doubts,
            self.pictures.get(product_id),
            ozon_problems(self._errors(product_id), self.attributes),
            self.lowest,
        )

    async def save_card(
        self, integration_id: int, product_id: str, fields: SavedFields | None = None, pictures: PictureChoice | None = None
    ) -> CardDetails:
        if fields is not None:
            self.calls.append(("save", fields))
        if pictures is not None:
            self.calls.append(("pictures", pictures))
        if self.error is not None:
            raise self.error
        if fields is not None:
            self.saved[product_id] = fields
        if pictures is not None:
            self.pictures[product_id] = pictures
        return await self.details(integration_id, product_id)

    async def switch_preview(self, integration_id: int, product_ids: Sequence[str]) -> CarryOver:
        return self.carry

    async def switch_list(self, integration_id: int, product_ids: Sequence[str]) -> CarryOver:
        self.calls.append(("switch", tuple(product_ids)))
        self.other = None
        return self.carry

    async def save_rule(self, integration_id: int, rule: FieldRule, own: OwnValue | None = None) -> None:
        self.rules[rule.attribute_id] = rule
        self.give_way(own)

    def give_way(self, own: OwnValue | None) -> None:
        saved = self.saved.get(own.product_id) if own is not None else None
        if own is not None and saved is not None:
            values = {number: entered for number, entered in saved.values.items() if number != own.attribute_id}
            self.saved[own.product_id] = replace(saved, values=values)

    async def delete_rule(self, integration_id: int, category_id: str, attribute_id: int) -> None:
        del self.rules[attribute_id]

    async def copy_fields(self, integration_id: int, from_product_id: str, to_product_ids: Sequence[str]) -> int:
        self.calls.append(("copy", from_product_id, tuple(to_product_ids)))
        return len(to_product_ids)

    async def resolve_values(self, integration_id: int, progress: Any) -> int:
        return 3

    def _card(self, product: Product) -> Card:
        saved = self.saved.get(product.id)
        fields = tuple(self._field(attribute, product, saved) for attribute in self.attributes) if self.type is not None else ()
        sizes = (saved.dimensions if saved is not None else Dimensions()).over(self.sizes)
        problems = [*field_problems(fields)]
        if not sizes.height:
            problems.append(CardProblem(ProblemCode.DIMENSION_MISSING, "height"))
        if self.other is not None and product.id != "p2":
            problems.insert(0, CardProblem(ProblemCode.OTHER_LIST, "category", detail=self.other.name))
        pictures = arranged(product.pictures, self.pictures.get(product.id))
        other = self.other if product.id != "p2" else None
        return Card(
            product, product.offer_id, self.type, fields, sizes, Decimal(7450), VatRate.VAT_20, "RUB", tuple(problems), pictures, other
        )

    def _field(self, attribute: Attribute, product: Product, saved: SavedFields | None) -> FilledField:
        if saved is not None and attribute.id in saved.values:
            return FilledField(attribute, saved.values[attribute.id], Origin.PRODUCT)
        rule = self.rules.get(attribute.id)
        if rule is not None and rule.kind is RuleKind.CONSTANT:
            return FilledField(attribute, rule.values, Origin.CATEGORY, "Женские сапоги")
        automatic = {TYPE.id: ((1, "Сапоги"),), MODEL.id: ((0, product.name),), COLOUR.id: ((61574, "чёрный"),)}.get(attribute.id, ())
        return FilledField(attribute, automatic, Origin.AUTOMATIC if automatic else Origin.EMPTY, "Цвет" if attribute is COLOUR else "")


class FakeHistory:
    """Steps by their names, the last one last."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.undone: list[str] = []
        self.left = 0
        self.forgotten = 0

    def undo_label(self, integration_id: int) -> str | None:
        return self.done[-1] if self.done else None

    def redo_label(self, integration_id: int) -> str | None:
        return self.undone[-1] if self.undone else None

    async def undo(self, integration_id: int) -> StepTaken | None:
        self.undone.append(self.done.pop())
        return StepTaken(self.undone[-1], 2, self.left)

    async def redo(self, integration_id: int) -> StepTaken | None:
        self.done.append(self.undone.pop())
        return StepTaken(self.done[-1], 2, self.left)

    def forget(self) -> None:
        self.forgotten += 1
        self.done.clear()
        self.undone.clear()


class FakeRules:
    """The rules of the fake cards, proposals, and values to decide."""

    def __init__(self, cards: FakeCards) -> None:
        self._cards = cards
        self.all_rules: list[FieldRule] = []
        self.doubtful = [WOOD, LEATHER]
        self.answers: list[ValueChoice] = []
        self.proposals = list(PROPOSALS)
        self.calls: list[tuple[Any, ...]] = []
        self.error: Exception | None = None

    async def all(self, integration_id: int) -> list[FieldRule]:
        return list(self.all_rules)

    async def save(self, integration_id: int, rules: Sequence[FieldRule], own: OwnValue | None = None) -> None:
        if self.error is not None:
            raise self.error
        self._cards.give_way(own)
        self.calls.append(("save", *rules))
        for rule in rules:
            self._cards.rules[rule.attribute_id] = rule

    async def delete(self, integration_id: int, category_id: str, attribute_id: int) -> None:
        self.calls.append(("delete", category_id, attribute_id))

    async def propose(self, integration_id: int, category_id: str) -> list[RuleProposal]:
        return list(self.proposals)

    async def accept(self, integration_id: int, category_id: str, proposals: Sequence[RuleProposal]) -> None:
        self.calls.append(("accept", category_id, *(proposal.property_name for proposal in proposals)))

    async def doubtful_values(self, integration_id: int) -> list[DoubtfulValue]:
        return list(self.doubtful)

    async def decide_value(self, integration_id: int, dictionary: DictionaryKey, text: str, value: DictionaryValue | None) -> None:
        self.answers.append(ValueChoice(dictionary, text, value))
        self.doubtful = [doubt for doubt in self.doubtful if doubt.text != text]

    async def choices(self, integration_id: int) -> list[ValueChoice]:
        return list(self.answers)

    async def forget_value(self, integration_id: int, dictionary: DictionaryKey, text: str) -> None:
        self.answers = [answer for answer in self.answers if answer.text != text]
        self.doubtful = [WOOD, LEATHER]


class FakeMapping:
    """As much of the mapping as the rule editor reads."""

    async def view(self, integration_id: int) -> Any:
        categories = (StoreCategory("shoes", "s", None, "Обувь"), StoreCategory("boots", "s", "shoes", "Женские сапоги"))
        return SimpleNamespace(categories=categories)


class FakeTables:
    """Steps over many cards, and their tables."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.passed = 0
        self.read = CardsPreview(
            (CardChange(2, "p1", "SP-2201", "Бренд", "", "Nike"), CardChange(2, "p1", "SP-2201", "Высота, мм", "", "120")),
            (CardRowProblem(3, "Бренд", NotFound("Бренд: Найки")),),
            4,
            (SavedFields("p1", KEY, {85: ((2, "Nike"),)}),),
        )

    async def set_values(
        self, integration_id: int, product_ids: Sequence[str], attribute: Attribute, key: TypeKey, values: Any
    ) -> BulkResult:
        self.calls.append(("set", tuple(product_ids), attribute.id, values))
        return BulkResult(tuple(product_ids)[self.passed :], self.passed)

    async def export(self, integration_id: int, category_id: str, key: TypeKey, path: Any) -> int:
        self.calls.append(("export", category_id, key, path.name))
        return 3

    async def preview(self, integration_id: int, category_id: str, key: TypeKey, path: Any) -> CardsPreview:
        return self.read

    async def apply(self, integration_id: int, preview: CardsPreview) -> int:
        self.calls.append(("apply", preview))
        return preview.products


class FakePictures:
    """Pictures by their addresses; others have not answered yet, or are not loaded at all."""

    def __init__(self) -> None:
        self.loaded: dict[str, LoadedPicture] = {}
        self.asked: list[str] = []
        self.held: asyncio.Event | None = None

    async def get(self, url: str) -> LoadedPicture:
        self.asked.append(url)
        if self.held is not None:
            await self.held.wait()
        return self.loaded.get(url, LoadedPicture())


class FakeCatalog:
    """The catalogue service with a handful of values."""

    def __init__(self) -> None:
        self.partial = False
        self.searched: list[str] = []
        self.fetched: list[Any] = []

    async def search_values(self, integration_id: int, key: TypeKey, attribute: Attribute, text: str, *, limit: int = 50) -> ValueSearch:
        self.searched.append(text)
        values = [DictionaryValue(1, "Adidas"), DictionaryValue(2, "Nike"), DictionaryValue(3, "Зелёный"), DictionaryValue(4, "Синий")]
        return ValueSearch(tuple(value for value in values if text.casefold() in value.value.casefold()), self.partial, False)

    async def fetch_settings(self, integration_id: int, progress: Any, keys: Sequence[TypeKey] | None = None) -> Any:
        self.fetched.append(keys)
        return SimpleNamespace(failed=())

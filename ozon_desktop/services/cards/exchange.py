"""The additional fields of one category's products as an XLSX table: written with drop-downs, read back with a preview of changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ozon_desktop.domain.card import Card, SavedFields
from ozon_desktop.domain.field_values import BOOLEANS, Values, normal_text, value_limit
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, Attribute, TypeKey
from ozon_desktop.domain.spreadsheet import SheetRow, error_word, fits_cell
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.errors import Ambiguous, AppError, BrokenFile, NotFound, WrongInput
from ozon_desktop.services.cards.bulk import CardBulk, TypeCards
from ozon_desktop.services.cards.cards import CardsService
from ozon_desktop.services.catalog.catalog import CatalogService, OnPartialSearch
from ozon_desktop.services.spreadsheets import read_back, read_table, write_table
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.card_steps import import_step
from ozon_desktop.wording.spreadsheets import cell_fault_text, is_long_text_mark, long_text_mark

TITLE = "Дополнительные поля"
OFFER, NAME = "Артикул", "Наименование"
SIZES = {"depth": "Длина, мм", "width": "Ширина, мм", "height": "Высота, мм", "weight": "Вес, г"}
BETWEEN = "; "
YES_NO = {"true": "Да", "false": "Нет"}
DROP_DOWN_VALUES = 1000


@dataclass(frozen=True, slots=True)
class CardChange:
    """One field that a row would change. row: its number in the sheet; field: its heading; before and after as texts, "" = empty."""

    row: int
    product_id: str
    offer_id: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CardRowProblem:
    """A cell (or, with field "", a row) that cannot be used; the whole row is left as it is."""

    row: int
    field: str
    error: AppError


@dataclass(frozen=True, slots=True)
class CardsPreview:
    """What a file would change. fields: what would be saved, one per product; unchanged: rows that say what is there already.

    seen: what was saved on each product when the file was read, for the type the table is about.
    """

    changes: tuple[CardChange, ...]
    problems: tuple[CardRowProblem, ...]
    unchanged: int
    fields: tuple[SavedFields, ...] = ()
    seen: Mapping[str, SavedFields] = field(default_factory=dict)

    @property
    def products(self) -> int:
        return len(self.fields)


class CardExchange:
    """Writes and reads the table of one store category's type."""

    def __init__(self, storage: Database, cards: CardsService, catalog: CatalogService) -> None:
        self._bulk, self._cards = CardBulk(storage, cards), cards
        self._catalog = catalog

    async def export(self, integration_id: int, category_id: str, key: TypeKey, path: Path) -> int:
        """Writes the cards of the category and below that have this type; gives how many. NotFound, FileNotReadable.

        Texts that no cell holds are marked there and stay as they are when the table is read back.
        """
        known = await self._bulk.of_category(integration_id, category_id, key)
        headings = headings_of(known)
        sizes = len(SIZES)
        table = [_line(card, known.attributes) for card in known.cards]
        choices: dict[int, list[str]] = {}
        for column, attribute in enumerate(known.attributes, start=2 + sizes):
            if attribute.kind == "boolean":
                choices[column] = list(YES_NO.values())
            elif attribute.has_dictionary and attribute.id != TYPE_ATTRIBUTE:
                found = await self._catalog.search_values(integration_id, key, attribute, "", limit=DROP_DOWN_VALUES)
                choices[column] = [value.value for value in found.values]
        await write_table(path, TITLE, headings, table, {column: texts for column, texts in choices.items() if texts})
        return len(table)

    async def preview(
        self, integration_id: int, category_id: str, key: TypeKey, path: Path, on_partial: OnPartialSearch | None = None
    ) -> CardsPreview:
        """Reads such a table; changes nothing. An emptied cell empties its field. NotFound, and what `read_table` raises."""
        known = await self._bulk.of_category(integration_id, category_id, key)
        rows = await read_table(path)
        if rows and OFFER not in {*rows[0].texts, *rows[0].faults}:
            raise BrokenFile(path.name, line=1, detail=f"«{OFFER}»")
        return await _Comparison(self._catalog, integration_id, known, on_partial).of(rows)

    async def apply(self, integration_id: int, preview: CardsPreview) -> int:
        """Saves what the preview shows, all of it or nothing, in one step; gives how many cards.

        WrongInput when one of the cards was changed after the file was read: what was entered since would be lost.
        """

        def collect(unit: UnitOfWork) -> Sequence[SavedFields]:
            saved = unit.cards.saved(integration_id)
            offers = {change.product_id: change.offer_id for change in preview.changes}
            for fields in preview.fields:
                if saved.get(fields.product_id, {}).get(fields.type_key) != preview.seen.get(fields.product_id):
                    offer_id = offers.get(fields.product_id, fields.product_id)
                    raise WrongInput("Файл", detail=f"карточка {offer_id} изменена после чтения файла. Прочитайте файл ещё раз")
            return preview.fields

        return len(await self._cards.save_many(integration_id, collect, import_step)) if preview.fields else 0


class _Comparison:
    """The rows of a sheet against the cards."""

    def __init__(self, catalog: CatalogService, integration_id: int, known: TypeCards, on_partial: OnPartialSearch | None) -> None:
        self._catalog, self._integration_id, self._known, self._on_partial = catalog, integration_id, known, on_partial
        self._looked_up: dict[tuple[int, str], tuple[int, str]] = {}
        self._headings = headings_of(known)[2 + len(SIZES) :]
        self._changes: list[CardChange] = []
        self._problems: list[CardRowProblem] = []

    async def of(self, rows: Sequence[SheetRow]) -> CardsPreview:
        """What they would change."""
        by_offer: dict[str, list[Card]] = {}
        for card in self._known.cards:
            by_offer.setdefault(card.offer_id, []).append(card)
        fields: list[SavedFields] = []
        seen: dict[str, int] = {}
        unchanged = 0
        for row in rows:
            try:
                card = _card(by_offer, row, seen)
            except (NotFound, Ambiguous, WrongInput) as error:
                self._problems.append(CardRowProblem(row.number, "", error))
                continue
            problems = len(self._problems)
            entered = await self._row(row, card)
            if entered is not None:
                fields.append(entered)
            elif problems == len(self._problems):
                unchanged += 1
        return CardsPreview(tuple(self._changes), tuple(self._problems), unchanged, tuple(fields), self._known.saved)

    async def _row(self, row: SheetRow, card: Card) -> SavedFields | None:
        """What the row enters; None when nothing, or when one of its cells cannot be used: half a row would be no correction."""
        saved = self._known.saved.get(card.product.id) or SavedFields(card.product.id, self._known.key)
        changes: list[CardChange] = []
        problems: list[CardRowProblem] = []
        values, sizes = dict(saved.values), saved.dimensions
        place = (row.number, card.product.id, card.offer_id)
        before = _texts(card)
        for attribute, heading in zip(self._known.attributes, self._headings, strict=True):
            try:
                text = _entered(row, heading, attribute, before[attribute.id])
                if text is None:
                    continue
                values[attribute.id] = await self._values(attribute, text)
            except (NotFound, WrongInput) as error:
                problems.append(CardRowProblem(row.number, heading, error))
                continue
            after = BETWEEN.join(shown for _, shown in values[attribute.id])
            changes.append(CardChange(*place, heading, before[attribute.id], after))
        for side, heading in SIZES.items():
            now = getattr(card.dimensions, side)
            try:
                text = _text_of(row, heading) or ""
                if not text.strip() or text.strip() == str(now):
                    continue
                sizes = replace(sizes, **{side: whole_number(heading, text.strip())})
            except WrongInput as error:
                problems.append(CardRowProblem(row.number, heading, error))
                continue
            changes.append(CardChange(*place, heading, "" if now is None else str(now), text.strip()))
        self._problems.extend(problems)
        if problems or not changes:
            return None
        self._changes.extend(changes)
        return replace(saved, values=values, dimensions=sizes)

    async def _values(self, attribute: Attribute, text: str) -> Values:
        parts = [part.strip() for part in text.split(";")] if attribute.is_collection else [text.strip()]
        parts = [part for part in parts if part]
        limit = value_limit(attribute)
        if limit and len(parts) > limit:
            raise WrongInput(attribute.name, detail=f"значений больше, чем примет Ozon ({limit})")
        if attribute.has_dictionary:
            return tuple([await self._of_dictionary(attribute, part) for part in parts])
        for part in parts:
            if normal_text(attribute, part) is None:
                wanted = "нужно «Да» или «Нет»" if attribute.kind == "boolean" else "нужно число"
                raise WrongInput(attribute.name, detail=f"{wanted}, а стоит «{part}»")
        if attribute.kind == "boolean":
            return tuple((0, BOOLEANS[fold(part)]) for part in parts)
        return tuple((0, part) for part in parts)

    async def _of_dictionary(self, attribute: Attribute, text: str) -> tuple[int, str]:
        known = self._looked_up.get((attribute.id, fold(text)))
        if known is not None:
            return known
        exact = await self._catalog.find_value(self._integration_id, self._known.key, attribute, text, self._on_partial)
        self._looked_up[attribute.id, fold(text)] = (exact.id, exact.value)
        return exact.id, exact.value


def headings_of(known: TypeCards) -> list[str]:
    """The headings of the table; of several attributes with one name the later ones carry their number."""
    names = [OFFER, NAME, *SIZES.values()]
    for attribute in known.attributes:
        name = attribute.name.strip()
        # Without blanks around it, as it is read back, and never empty: a column without a heading is nobody's.
        while not name or name in names:
            name = f"{name} ({attribute.id})".strip()
        names.append(name)
    return names


def whole_number(heading: str, text: str) -> int:
    """A size or weight. WrongInput unless it is a whole number above zero."""
    if not text.isdigit() or not int(text):
        raise WrongInput(heading, detail=f"нужно целое число больше нуля, а стоит «{text}»")
    return int(text)


def _text_of(row: SheetRow, heading: str) -> str | None:
    """The text of a cell, None when the table has no such column. WrongInput for a cell that cannot be taken at its word."""
    fault = row.faults.get(heading)
    if fault is not None:
        raise WrongInput(heading, detail=cell_fault_text(fault))
    return row.texts.get(heading)


def _entered(row: SheetRow, heading: str, attribute: Attribute, before: str) -> str | None:
    """What a cell enters in its field; None when nothing, "" when it empties it. WrongInput.

    before: what the card has, as `export` writes it.
    """
    if attribute.id == TYPE_ATTRIBUTE:
        return None
    text = _text_of(row, heading)
    if text is None or text == read_back(_cell_of(before)) or _says(attribute, text) == _says(attribute, before):
        return None
    error = error_word(text)
    if error:
        raise WrongInput(heading, detail=f"вместо значения стоит ошибка {error}")
    if is_long_text_mark(text):
        raise WrongInput(heading, detail="в ячейке пометка о длинном тексте другого товара или прежнего значения, а не само значение")
    return text


def _says(attribute: Attribute, text: str) -> object:
    """What a text means to a field: writings that mean the same are no change."""
    if attribute.has_dictionary:
        return fold(text)
    if attribute.is_collection:
        return tuple(part.strip() for part in text.split(BETWEEN.strip()) if part.strip())
    normal = normal_text(attribute, text)
    return text.strip() if normal is None else normal


def _cell_of(text: str) -> str:
    """What `export` writes in a cell: the text, or a mark instead of one that does not fit."""
    return text if fits_cell(text) else long_text_mark(len(text))


def _texts(card: Card) -> dict[int, str]:
    found: dict[int, str] = {}
    for item in card.fields:
        boolean = item.attribute.kind == "boolean"
        found[item.attribute.id] = BETWEEN.join(YES_NO.get(text, text) if boolean else text for _, text in item.values)
    return found


def _line(card: Card, attributes: tuple[Attribute, ...]) -> list[str]:
    texts = _texts(card)
    sizes = [getattr(card.dimensions, side) for side in SIZES]
    return [
        card.offer_id,
        card.product.name,
        *("" if value is None else str(value) for value in sizes),
        *(_cell_of(texts.get(attribute.id, "")) for attribute in attributes),
    ]


def _card(by_offer: Mapping[str, list[Card]], row: SheetRow, seen: dict[str, int]) -> Card:
    written = _text_of(row, OFFER) or ""
    offer_id = written if written in by_offer else written.strip()
    found = by_offer.get(offer_id, [])
    if not found:
        raise NotFound(offer_id or OFFER)
    if len(found) > 1:
        raise Ambiguous(offer_id, detail="; ".join(card.product.name for card in found[:5]))
    if offer_id in seen:
        raise WrongInput(OFFER, detail=f"«{offer_id}» уже есть в строке {seen[offer_id]}")
    seen[offer_id] = row.number
    return found[0]

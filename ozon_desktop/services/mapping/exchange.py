"""The mapping as an XLSX table: written with types to choose from, read back with a preview of what would change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.russian_order import russian_order
from ozon_desktop.domain.spreadsheet import SheetRow, error_word
from ozon_desktop.domain.store_catalog import category_paths
from ozon_desktop.errors import Ambiguous, AppError, BrokenFile, NotFound, WrongInput
from ozon_desktop.services.mapping.lookup import SEPARATOR, CategoryFinder, TypeFinder
from ozon_desktop.services.mapping.mapping import MappingService
from ozon_desktop.services.mapping.view import MappingView, as_known
from ozon_desktop.services.spreadsheets import read_table, write_table
from ozon_desktop.wording.mapping import mapping_import_text
from ozon_desktop.wording.spreadsheets import cell_fault_text

TITLE = "Соответствие категорий"
CATEGORY, PART, PRODUCTS, TYPE, EFFECTIVE = "Категория магазина", "Часть товаров", "Товаров", "Категория Ozon", "Действует сейчас"
HEADINGS = (CATEGORY, PART, PRODUCTS, TYPE, EFFECTIVE)
EQUALS = " = "


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One line of the table. category, own and effective: paths with « / »; part: «Сезон = Зима» or ""."""

    place: MappingPlace
    category: str
    part: str
    products: int
    own: str
    effective: str


@dataclass(frozen=True, slots=True)
class ImportChange:
    """What one row would change. row: its number in the sheet; before and after: type paths, "" = none; key None = unmap."""

    row: int
    place: MappingPlace
    category: str
    before: str
    after: str
    key: TypeKey | None

    @property
    def category_id(self) -> str:
        return self.place.category_id


@dataclass(frozen=True, slots=True)
class ImportProblem:
    row: int
    error: AppError


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file would change; rows with problems are left out of the changes."""

    changes: tuple[ImportChange, ...]
    problems: tuple[ImportProblem, ...]
    unchanged: int


class MappingExchange:
    """Writes and reads the table for one integration."""

    def __init__(self, mapping: MappingService) -> None:
        self._mapping = mapping

    async def export(self, integration_id: int, path: Path) -> int:
        """Writes every category and part, own types as a drop-down; gives the number of rows. FileNotReadable."""
        view = await self._mapping.view(integration_id)
        rows = [[row.category, row.part, str(row.products), row.own, row.effective] for row in exchange_rows(view)]
        usable = (SEPARATOR.join(view.tree.type_path(key)) for key, type_ in view.tree.types.items() if type_.usable)
        types = sorted(usable, key=russian_order)
        await write_table(path, TITLE, HEADINGS, rows, {HEADINGS.index(TYPE): types})
        return len(rows)

    async def preview(self, integration_id: int, path: Path) -> ImportPreview:
        """Reads such a table; changes nothing. An emptied type means: inherit again. FileNotReadable, BrokenFile."""
        view = await self._mapping.view(integration_id)
        rows = await read_table(path)
        if rows and not {CATEGORY, TYPE} <= {*rows[0].texts, *rows[0].faults}:
            raise BrokenFile(path.name, line=1, detail=f"«{CATEGORY}», «{TYPE}»")
        return _compare(view, rows)

    async def apply(self, integration_id: int, preview: ImportPreview) -> MappingView:
        """Makes the changes in one step of undo. NotPossibleYet, NotFound, WrongInput; then nothing is changed."""
        after = {change.place: change.key for change in preview.changes}
        if not after:
            return await self._mapping.view(integration_id)
        return await self._mapping.map_places(integration_id, after, mapping_import_text(len(after)))


def exchange_rows(view: MappingView) -> Iterator[ExchangeRow]:
    """Every category in the order of the tree, its parts below it."""
    known = _known(view)
    paths = category_paths(view.categories)
    for category in sorted(view.categories, key=lambda item: item.position):
        place, path = MappingPlace(category.id), SEPARATOR.join(paths[category.id])
        effective = _path(view, view.resolved[category.id].key)
        yield ExchangeRow(place, path, "", view.products.get(category.id, 0), _path(view, known.get(place)), effective)
        for state in view.parts.get(category.id, ()):
            part = state.part
            text = f"{part.property_name}{EQUALS}{part.value}"
            of_part = MappingPlace(category.id, part.property_name, part.value)
            yield ExchangeRow(of_part, path, text, state.products, _path(view, part.key), _path(view, part.key))


def _known(view: MappingView) -> dict[MappingPlace, TypeKey]:
    known = {MappingPlace(category_id): key for category_id, key in view.own.items()}
    for category_id, states in view.parts.items():
        known |= {MappingPlace(category_id, state.part.property_name, state.part.value): state.part.key for state in states}
    return known


def _path(view: MappingView, key: TypeKey | None) -> str:
    return SEPARATOR.join(view.tree.type_path(key)) if key is not None else ""


def _compare(view: MappingView, rows: Sequence[SheetRow]) -> ImportPreview:
    categories, types, known = CategoryFinder(view.categories), TypeFinder(view.tree), _known(view)
    paths = category_paths(view.categories)
    changes: list[ImportChange] = []
    problems: list[ImportProblem] = []
    seen: dict[MappingPlace, int] = {}
    unchanged = 0
    for line in rows:
        number, row = line.number, line.texts
        try:
            _refuse_faults(line)
            place = as_known(view, _place(categories, row))
            if place in seen:
                raise WrongInput(CATEGORY, detail=f"уже есть в строке {seen[place]}")
            seen[place] = number
            key = _key(view, types, row.get(TYPE, "").strip(), known.get(place))
        except (NotFound, Ambiguous, WrongInput) as error:
            problems.append(ImportProblem(number, error))
            continue
        before = known.get(place)
        if key == before:
            unchanged += 1
            continue
        name = SEPARATOR.join(paths[place.category_id]) + (f" ({place.property_name}{EQUALS}{place.value})" if place.property_name else "")
        changes.append(ImportChange(number, place, name, _path(view, before), _path(view, key), key))
    return ImportPreview(tuple(changes), tuple(problems), unchanged)


def _refuse_faults(row: SheetRow) -> None:
    """WrongInput for a cell of the columns that count which cannot be taken at its word."""
    for heading in (CATEGORY, PART, TYPE):
        fault = row.faults.get(heading)
        if fault is not None:
            raise WrongInput(heading, detail=cell_fault_text(fault))
        error = error_word(row.texts.get(heading, ""))
        if error:
            raise WrongInput(heading, detail=f"вместо значения стоит ошибка {error}")


def _place(categories: CategoryFinder, row: Mapping[str, str]) -> MappingPlace:
    category = categories.find(row.get(CATEGORY, ""))
    text = row.get(PART, "").strip()
    if not text:
        return MappingPlace(category.id)
    name, separator, value = text.partition("=")
    if not separator or not name.strip() or not value.strip():
        raise WrongInput(PART, detail=f"нужно «Свойство{EQUALS}Значение», а стоит «{text}»")
    return MappingPlace(category.id, name.strip(), value.strip())


def _key(view: MappingView, types: TypeFinder, text: str, before: TypeKey | None) -> TypeKey | None:
    """The type written in a row. One that Ozon switched off is only refused where it would be new."""
    if not text:
        return None
    if before is not None and text == _path(view, before):
        return before
    key = types.find(text)
    type_ = view.tree.types[key]
    if not type_.usable and key != before:
        raise WrongInput(TYPE, detail=f"Ozon отключил тип «{type_.name}», выберите другой")
    return key

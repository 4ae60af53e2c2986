"""mapping suggest|set|list|export|import: the categories page without the window."""

from decimal import Decimal
from pathlib import Path

from ozon_desktop import wording
from ozon_desktop.commands.context import SEPARATOR, Command, find_category, find_type
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.store_catalog import category_paths
from ozon_desktop.errors import Ambiguous, NotFound, WrongInput
from ozon_desktop.services.exchange import read_table, write_table
from ozon_desktop.services.mapping import MappingView

CATEGORY, PRODUCTS, TYPE, STATE = "Категория магазина", "Товаров", "Категория Ozon", "Состояние"


async def suggest(command: Command) -> Exit:
    """Ranked types for categories without a mapping, or for the one named; --accept maps the confident ones."""
    mapping = command.application.mapping
    view = await mapping.view(command.integration.id)
    paths = category_paths(view.categories)
    wanted = [find_category(view.categories, command.args.category).id] if command.args.category else None
    found = await mapping.suggest(command.integration.id, wanted, command.args.limit)
    command.output.document(
        {
            SEPARATOR.join(paths[category_id]): [
                {
                    "path": SEPARATOR.join(suggestion.path),
                    "description_category_id": suggestion.key.description_category_id,
                    "type_id": suggestion.key.type_id,
                    "confidence": suggestion.confidence,
                    "reason": suggestion.reason,
                }
                for suggestion in suggestions
            ]
            for category_id, suggestions in found.items()
        }
    )
    for category_id, suggestions in found.items():
        command.output.line(SEPARATOR.join(paths[category_id]))
        for suggestion in suggestions:
            command.output.line(
                f"  {wording.number(Decimal(str(suggestion.confidence)))}  {SEPARATOR.join(suggestion.path)}  ({suggestion.reason})"
            )
    if command.args.accept is not None:
        confident = {category: rows[0].key for category, rows in found.items() if rows and rows[0].confidence >= command.args.accept}
        for category_id, key in confident.items():
            await mapping.map(command.integration.id, [category_id], key)
        command.output.line(f"Сопоставлено: {len(confident)} из {len(found)}")
    return Exit.DONE


async def set_mapping(command: Command) -> Exit:
    """Maps one store category; an empty type removes its mapping."""
    view = await command.application.mapping.view(command.integration.id)
    category = find_category(view.categories, command.args.category)
    if command.args.type:
        view = await command.application.mapping.map(command.integration.id, [category.id], find_type(view.tree, command.args.type))
    else:
        view = await command.application.mapping.unmap(command.integration.id, [category.id])
    row = _row(view, category.id)
    command.output.document(row)
    command.output.line(f"{row[CATEGORY]} → {row[TYPE] or 'нет'}")
    return Exit.DONE


async def list_mapping(command: Command) -> Exit:
    """Every store category with its type."""
    view = await command.application.mapping.view(command.integration.id)
    rows = [_row(view, category.id) for category in view.categories]
    command.output.document(
        {
            "coverage": {
                "mapped_categories": view.coverage.mapped_categories,
                "categories": view.coverage.categories,
                "products_percent": view.coverage.product_percent,
            },
            "mapping": [
                {
                    "category": SEPARATOR.join(path),
                    "products": view.products[category_id],
                    "description_category_id": key.description_category_id if (key := view.resolved[category_id].key) else None,
                    "type_id": key.type_id if key else None,
                    "path": SEPARATOR.join(view.tree.type_path(key)) if key else "",
                    "state": view.resolved[category_id].state,
                }
                for category_id, path in category_paths(view.categories).items()
            ],
        }
    )
    for row in rows:
        command.output.line(f"{row[CATEGORY]} ({row[PRODUCTS]}) → {row[TYPE] or '—'} [{row[STATE]}]")
    cover = view.coverage
    command.output.line(f"Сопоставлено {cover.mapped_categories} из {cover.categories} категорий — {cover.product_percent} % товаров")
    return Exit.DONE


def _row(view: MappingView, category_id: str) -> dict[str, str]:
    mapped = view.resolved[category_id]
    return {
        CATEGORY: SEPARATOR.join(category_paths(view.categories)[category_id]),
        PRODUCTS: str(view.products[category_id]),
        TYPE: SEPARATOR.join(view.tree.type_path(mapped.key)) if mapped.key else "",
        STATE: wording.mapping_state_text(mapped.state),
    }


async def export(command: Command) -> Exit:
    """Writes the mapping as XLSX, types as a drop-down."""
    view = await command.application.mapping.view(command.integration.id)
    rows = [list(_row(view, category.id).values()) for category in view.categories]
    types = sorted(SEPARATOR.join(view.tree.type_path(key)) for key, type_ in view.tree.types.items() if type_.usable)
    path = Path(command.args.file)
    await write_table(path, "Соответствие категорий", [CATEGORY, PRODUCTS, TYPE, STATE], rows, {2: types})
    command.output.document({"file": path, "categories": len(rows)})
    command.output.line(f"Записано: {path}")
    return Exit.DONE


async def import_mapping(command: Command) -> Exit:
    """Reads such a file back; a row that cannot be used is told with its number, the others are taken."""
    mapping = command.application.mapping
    view = await mapping.view(command.integration.id)
    changed, problems = 0, []
    for number, row in await read_table(Path(command.args.file)):
        try:
            category = find_category(view.categories, row.get(CATEGORY, ""))
            text = row.get(TYPE, "")
            key = find_type(view.tree, text) if text else None
            if view.resolved[category.id].key == key:
                continue
            if key is None:
                await mapping.unmap(command.integration.id, [category.id])
            else:
                await mapping.map(command.integration.id, [category.id], key)
            changed += 1
        except (NotFound, Ambiguous, WrongInput) as error:
            problems.append({"row": number, "text": wording.error_text(error).text})
    command.output.document({"changed": changed, "problems": problems})
    command.output.line(f"Изменено соответствий: {changed}")
    for problem in problems:
        command.output.line(f"Строка {problem['row']}: {problem['text']}")
    return Exit.PROBLEMS if problems else Exit.DONE

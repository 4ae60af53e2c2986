"""mapping suggest|set|list|export|import|undo|redo|history: the categories page without the window."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.domain.store_catalog import category_paths
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.mapping.groups import MOST, choices, group_of, grouped
from ozon_desktop.services.mapping.lookup import SEPARATOR, CategoryFinder, TypeFinder
from ozon_desktop.services.mapping.view import MappingView, PartState


async def suggest(command: Command) -> Exit:
    """Ranked types for categories without a mapping, or for the one named; --accept maps the confident ones."""
    mapping = command.application.mapping
    view = await mapping.view(command.integration.id)
    paths = category_paths(view.categories)
    wanted = [CategoryFinder(view.categories).find(command.args.category).id] if command.args.category else None
    # Which group a category belongs to is told by the best five, however few are shown.
    found = await mapping.suggest(command.integration.id, wanted, max(command.args.limit, MOST))
    command.output.document(
        {
            SEPARATOR.join(paths[category_id]): [
                {
                    "group": group_of(suggestions),
                    "path": SEPARATOR.join(suggestion.path),
                    "description_category_id": suggestion.key.description_category_id,
                    "type_id": suggestion.key.type_id,
                    "confidence": suggestion.confidence,
                    "reason": suggestion.reason,
                    "detail": suggestion.detail,
                }
                for suggestion in suggestions[: command.args.limit]
            ]
            for category_id, suggestions in found.items()
        }
    )
    for group, category_ids in grouped(found).items():
        if not category_ids:
            continue
        command.output.line(f"{wording.suggestion_group_text(group)}: {len(category_ids)}")
        for category_id in category_ids:
            command.output.line(f"  {SEPARATOR.join(paths[category_id])}")
            rows = choices(found[category_id]) if group is SuggestionGroup.CHOICE else found[category_id][: command.args.limit]
            for suggestion in rows:
                why = wording.suggestion_reason_text(suggestion.reason, suggestion.detail)
                sure = wording.number(Decimal(str(suggestion.confidence)))
                command.output.line(f"    {sure}  {SEPARATOR.join(suggestion.path)}  ({why})")
    if command.args.accept is not None:
        confident = {category: rows[0].key for category, rows in found.items() if rows and rows[0].confidence >= command.args.accept}
        if confident:
            await mapping.map_each(command.integration.id, confident)
        command.output.line(f"Сопоставлено: {len(confident)} из {len(found)}")
    return Exit.DONE


async def set_mapping(command: Command) -> Exit:
    """Maps one store category, or with --where a part of its products; an empty type removes the mapping."""
    mapping = command.application.mapping
    view = await mapping.view(command.integration.id)
    category = CategoryFinder(view.categories).find(command.args.category)
    key = TypeFinder(view.tree).find(command.args.type) if command.args.type else None
    place = MappingPlace(category.id, *_condition(command.args.where))
    summary = await mapping.carry_over(command.integration.id, {place: key})
    view = await mapping.map_places(command.integration.id, {place: key})
    row = _document(view, category.id)
    command.output.document(row)
    part = f" ({wording.mapping_part_text(place.property_name, place.value)})" if place.property_name else ""
    command.output.line(f"{row['category']}{part} → {SEPARATOR.join(view.tree.type_path(key)) if key else 'нет'}")
    if text := wording.carry_over_text(summary):
        command.output.line(text)
    return Exit.DONE


def _condition(text: str | None) -> tuple[str, ...]:
    """«Сезон=Зима» as name and value. WrongInput."""
    if text is None:
        return ()
    name, _, value = text.partition("=")
    if not name.strip() or not value.strip():
        raise WrongInput("--where", detail="нужно «Свойство=Значение»")
    return name.strip(), value.strip()


async def list_mapping(command: Command) -> Exit:
    """Every store category with its type, and the parts of it that have their own."""
    view = await command.application.mapping.view(command.integration.id)
    rows = [_document(view, category_id) for category_id in category_paths(view.categories)]
    cover = view.coverage
    covered = {"mapped_categories": cover.mapped_categories, "categories": cover.categories, "products_percent": cover.product_percent}
    command.output.document({"coverage": covered, "mapping": rows})
    for row in rows:
        state = wording.mapping_state_text(row["state"])
        command.output.line(f"{row['category']} ({row['products']}) → {row['path'] or '—'} [{state}]")
        for part in row["parts"]:
            text = wording.mapping_part_text(part["property"], part["value"])
            command.output.line(f"    {text} ({part['products']}) → {part['path']}")
    command.output.line(f"Сопоставлено {cover.mapped_categories} из {cover.categories} категорий — {cover.product_percent} % товаров")
    return Exit.DONE


def _document(view: MappingView, category_id: str) -> dict[str, Any]:
    mapped = view.resolved[category_id]
    key = mapped.key
    return {
        "category": SEPARATOR.join(category_paths(view.categories)[category_id]),
        "products": view.products[category_id],
        "description_category_id": key.description_category_id if key else None,
        "type_id": key.type_id if key else None,
        "path": SEPARATOR.join(view.tree.type_path(key)) if key else "",
        "state": mapped.state,
        "parts": [_part(view, state) for state in view.parts.get(category_id, ())],
    }


def _part(view: MappingView, state: PartState) -> dict[str, Any]:
    part = state.part
    return {
        "property": part.property_name,
        "value": part.value,
        "products": state.products,
        "description_category_id": part.key.description_category_id,
        "type_id": part.key.type_id,
        "path": SEPARATOR.join(view.tree.type_path(part.key)),
    }


async def export(command: Command) -> Exit:
    """Writes the mapping as XLSX, types as a drop-down."""
    path = Path(command.args.file)
    rows = await command.application.mapping_exchange.export(command.integration.id, path)
    command.output.document({"file": path, "categories": rows})
    command.output.line(f"Записано: {path}")
    return Exit.DONE


async def import_mapping(command: Command) -> Exit:
    """Reads such a file back in one step of undo; a row that cannot be used is listed with its number. --dry-run only shows."""
    exchange = command.application.mapping_exchange
    preview = await exchange.preview(command.integration.id, Path(command.args.file))
    if not command.args.dry_run:
        await exchange.apply(command.integration.id, preview)
    problems = [{"row": problem.row, "text": wording.error_text(problem.error).text} for problem in preview.problems]
    changes = [{"row": row.row, "category": row.category, "before": row.before, "after": row.after} for row in preview.changes]
    command.output.document({"changed": len(changes), "changes": changes, "problems": problems, "dry_run": command.args.dry_run})
    for row in preview.changes:
        command.output.line(f"{row.category}: {row.before or 'нет'} → {row.after or 'нет'}")
    command.output.line(f"{'Изменится' if command.args.dry_run else 'Изменено'} соответствий: {len(changes)}")
    for problem in problems:
        command.output.line(f"Строка {problem['row']}: {problem['text']}")
    return Exit.PROBLEMS if problems else Exit.DONE


async def undo(command: Command) -> Exit:
    return await _step(command, redo=False)


async def redo(command: Command) -> Exit:
    return await _step(command, redo=True)


async def _step(command: Command, *, redo: bool) -> Exit:
    mapping = command.application.mapping
    view = await mapping.view(command.integration.id)
    label = view.redo_label if redo else view.undo_label
    if label is not None:
        view = await (mapping.redo if redo else mapping.undo)(command.integration.id)
    command.output.document({"done": label, "undo": view.undo_label, "redo": view.redo_label})
    if label is None:
        command.output.line("Возвращать нечего" if redo else "Отменять нечего")
    else:
        command.output.line(f"{'Возвращено' if redo else 'Отменено'}: {label}")
    return Exit.DONE


async def history(command: Command) -> Exit:
    """Who changed what and when, newest first."""
    changes = await command.application.mapping.history(command.integration.id)
    shown = ("at", "who", "label", "undone")
    command.output.document([{name: getattr(change, name) for name in shown} | {"places": len(change.after)} for change in changes])
    for change in changes:
        state = " (отменено)" if change.undone else ""
        command.output.line(f"{wording.exact(change.at)}  {change.who or '—'}  {change.label}{state}")
    if not changes:
        command.output.line("Изменений ещё не было")
    return Exit.DONE

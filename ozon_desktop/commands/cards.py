"""cards list|check|set|export|import: the products page without the window; rules and pictures have their own modules."""

from dataclasses import replace
from pathlib import Path

from ozon_desktop import wording
from ozon_desktop.commands.card_values import attribute_of, note_partial, values_of
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.card import Card, SavedFields
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.errors import Ambiguous, NetworkError, NotFound, NotPossibleYet, OzonError, SecretStoreError, WrongInput
from ozon_desktop.services.cards.exchange import SIZES
from ozon_desktop.services.cards.view import CardRow
from ozon_desktop.services.mapping.lookup import CategoryFinder


async def list_cards(command: Command) -> Exit:
    view = await command.application.cards.view(command.integration.id)
    command.output.document(
        {
            "cards": [
                {
                    "offer_id": row.offer_id,
                    "name": row.name,
                    "category": row.category,
                    "type": row.type_name,
                    "price": row.price,
                    "stock": row.stock,
                    "ready": row.ready,
                    "ozon_status": row.ozon_status,
                }
                for row in view.rows
            ]
        }
    )
    for row in view.rows:
        command.output.line(f"{row.offer_id:<20} {'готов' if row.ready else 'не готов':<9} {row.name}")
    return Exit.DONE


async def check(command: Command) -> Exit:
    """Readiness of every card, with a reason per field."""
    try:
        await command.application.cards.resolve_values(command.integration.id, command.output.progress)
    except (NetworkError, OzonError, SecretStoreError, NotPossibleYet) as error:
        # Offline the cards are checked against what is cached, and that is said.
        command.output.note(f"{wording.error_text(error).title}: значения проверены по тому, что уже загружено")
    view = await command.application.cards.view(command.integration.id)
    problems = [
        {"offer_id": row.offer_id, "field": problem.field, "code": problem.code, "text": wording.problem_text(problem)}
        for row in view.rows
        for problem in row.problems
        if problem.blocking
    ]
    command.output.document({"ready": view.ready, "not_ready": view.with_errors, "problems": problems})
    command.output.line(f"Готовы: {view.ready}, с ошибками: {view.with_errors}")
    for problem in problems:
        command.output.line(f"  {problem['offer_id']}: {problem['text']}")
    return Exit.PROBLEMS if view.with_errors else Exit.DONE


async def set_fields(command: Command) -> Exit:
    """Enters fields of one product: ATTRIBUTE=VALUE, and depth= width= height= (mm) weight= (g)."""
    row = await card_row(command, command.args.offer_id)
    details = await command.application.cards.details(command.integration.id, row.product_id)
    if details.card.type is None:
        raise NotFound(command.args.offer_id, detail="категория не сопоставлена")
    key = details.card.type.key
    saved = details.saved or SavedFields(row.product_id, key)
    attributes = [filled.attribute for filled in details.card.fields]
    for pair in command.args.pairs:
        name, separator, text = pair.partition("=")
        if not separator:
            raise WrongInput(pair, detail="ожидается ПОЛЕ=ЗНАЧЕНИЕ")
        if name in SIZES:
            saved = replace(saved, dimensions=replace(saved.dimensions, **{name: _size(name, text)}))
            continue
        attribute = attribute_of(attributes, name)
        values = await values_of(command, key, attribute, text)
        saved = replace(saved, values={**saved.values, attribute.id: values})
    details = await command.application.cards.save_fields(command.integration.id, saved)
    return _say_card(command, details.card)


def _say_card(command: Command, card: Card) -> Exit:
    texts = [wording.problem_text(problem) for problem in card.problems if problem.blocking]
    command.output.document({"offer_id": card.offer_id, "ready": card.ready, "problems": texts})
    command.output.line(f"{card.offer_id}: {'готов' if card.ready else '; '.join(texts)}")
    return Exit.DONE


async def export(command: Command) -> Exit:
    """Fields of one store category's products as XLSX, a column per attribute."""
    path = Path(command.args.file)
    category, key = await _category(command)
    count = await command.application.card_exchange.export(command.integration.id, category, key, path)
    command.output.document({"file": path, "cards": count})
    command.output.line(f"Записано: {path}")
    return Exit.DONE


async def import_cards(command: Command) -> Exit:
    """Reads such a file back: what differs from the card is entered on the product; bad rows are listed with their number.

    --dry-run only shows.
    """
    exchange, dry_run = command.application.card_exchange, command.args.dry_run
    category, key = await _category(command)
    preview = await exchange.preview(command.integration.id, category, key, Path(command.args.file), note_partial(command))
    changed = preview.products if dry_run else await exchange.apply(command.integration.id, preview)
    problems = [
        {"row": problem.row, "field": problem.field, "text": wording.error_text(problem.error).text} for problem in preview.problems
    ]
    changes = [
        {"row": row.row, "offer_id": row.offer_id, "field": row.field, "before": row.before, "after": row.after} for row in preview.changes
    ]
    command.output.document(
        {"changed": changed, "changes": changes, "unchanged": preview.unchanged, "problems": problems, "dry_run": dry_run}
    )
    for row in preview.changes:
        command.output.line(f"Строка {row.row}, {row.offer_id}, {row.field}: {row.before or 'пусто'} → {row.after or 'пусто'}")
    command.output.line(f"{'Изменится' if dry_run else 'Изменено'} карточек: {changed}, без изменений: {preview.unchanged}")
    for problem in problems:
        command.output.line(f"Строка {problem['row']}: {problem['text']}")
    return Exit.PROBLEMS if problems else Exit.DONE


async def _category(command: Command) -> tuple[str, TypeKey]:
    """The named category and its type. NotFound, also when it is not mapped."""
    view = await command.application.mapping.view(command.integration.id)
    category = CategoryFinder(view.categories).find(command.args.category)
    key = view.resolved[category.id].key
    if key is None:
        raise NotFound(category.name, detail="категория не сопоставлена")
    return category.id, key


async def card_row(command: Command, offer_id: str) -> CardRow:
    """The row of the one product with this article. NotFound, Ambiguous."""
    view = await command.application.cards.view(command.integration.id)
    found = [row for row in view.rows if row.offer_id == offer_id]
    if not found:
        raise NotFound(offer_id)
    if len(found) > 1:
        raise Ambiguous(offer_id, detail="; ".join(row.name for row in found[:5]))
    return found[0]


def _size(name: str, text: str) -> int:
    if not text.strip().isdigit():
        raise WrongInput(name, detail=text)
    return int(text)

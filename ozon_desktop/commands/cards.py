"""cards list|check|set|rule|export|import|adopt: the products page without the window."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ozon_desktop import wording
from ozon_desktop.commands.context import Command, find_category
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.card import Card, Dimensions, FieldRule, RuleKind, SavedFields, Values
from ozon_desktop.domain.ozon_catalog import Attribute, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.errors import Ambiguous, NetworkError, NotFound, NotPossibleYet, OzonError, SecretStoreError, WrongInput
from ozon_desktop.services.cards import CardRow
from ozon_desktop.services.exchange import read_table, write_table

OFFER, NAME = "Артикул", "Наименование"
SIZES = {"depth": "Длина, мм", "width": "Ширина, мм", "height": "Высота, мм", "weight": "Вес, г"}


async def list_cards(command: Command) -> Exit:
    """The products table."""
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
    row = await _row(command, command.args.offer_id)
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
        attribute = _attribute(attributes, name)
        values = await _values(command, key, attribute, text)
        saved = replace(saved, values={**saved.values, attribute.id: values})
    details = await command.application.cards.save_fields(command.integration.id, saved)
    return _say_card(command, details.card)


def _say_card(command: Command, card: Card) -> Exit:
    texts = [wording.problem_text(problem) for problem in card.problems if problem.blocking]
    command.output.document({"offer_id": card.offer_id, "ready": card.ready, "problems": texts})
    command.output.line(f"{card.offer_id}: {'готов' if card.ready else '; '.join(texts)}")
    return Exit.DONE


async def rule(command: Command) -> Exit:
    """Default of an attribute for a store category and below; without --attribute lists the rules."""
    service, integration = command.application.cards, command.integration.id
    view = await command.application.mapping.view(integration)
    names = {category.id: category.name for category in view.categories}
    if command.args.attribute is None:
        rules = await service.rules(integration)
        command.output.document({"rules": rules})
        for known in rules:
            value = f"свойство «{known.property_name}»" if known.kind is RuleKind.PROPERTY else "; ".join(text for _, text in known.values)
            command.output.line(f"{names.get(known.category_id, known.category_id)}: {known.attribute_id} = {value}")
        return Exit.DONE
    if command.args.category is None:
        raise WrongInput("--category", detail="required")
    category = find_category(view.categories, command.args.category)
    key = view.resolved[category.id].key
    if key is None:
        raise NotFound(category.name, detail="категория не сопоставлена")
    attribute = _attribute((await command.application.catalog.type_details(key)).attributes, command.args.attribute)
    if command.args.delete:
        await service.delete_rule(integration, category.id, attribute.id)
    elif command.args.property is not None:
        await service.save_rule(integration, FieldRule(category.id, attribute.id, RuleKind.PROPERTY, property_name=command.args.property))
    elif command.args.value is not None:
        values = await _values(command, key, attribute, command.args.value)
        await service.save_rule(integration, FieldRule(category.id, attribute.id, RuleKind.CONSTANT, values))
    else:
        raise WrongInput("--value", detail="required")
    command.output.document({"category": category.name, "attribute_id": attribute.id})
    command.output.line(f"{category.name}: правило для «{attribute.name}» {'удалено' if command.args.delete else 'сохранено'}")
    return Exit.DONE


async def adopt(command: Command) -> Exit:
    """Reads the cabinet's cards and matches them to the store's products."""
    report = await command.application.cards.adopt(command.integration.id, command.output.progress)
    command.output.document(report)
    command.output.line(f"Найдено в магазине: {report.matched}, только на Ozon: {report.only_ozon}, только в магазине: {report.only_store}")
    for offer_id in report.doubtful:
        command.output.line(f"Несколько кандидатов: {offer_id}")
    return Exit.PROBLEMS if report.doubtful else Exit.DONE


async def export(command: Command) -> Exit:
    """Fields of one store category's products as XLSX, a column per attribute."""
    rows, attributes = await _category_cards(command)
    sizes = list(SIZES.values())
    headings = [OFFER, NAME, *sizes, *(attribute.name for attribute in attributes)]
    table = []
    for row in rows:
        card = (await command.application.cards.details(command.integration.id, row.product_id)).card
        filled = {item.attribute.id: "; ".join(text for _, text in item.values) for item in card.fields}
        values = [getattr(card.dimensions, name) for name in SIZES]
        table.append(
            [row.offer_id, row.name, *("" if value is None else str(value) for value in values), *(filled[item.id] for item in attributes)]
        )
    choices = {}
    for column, attribute in enumerate(attributes, start=2 + len(sizes)):
        if attribute.has_dictionary and rows:
            found = await command.application.catalog.search_values(command.integration.id, await _key(command), attribute, "", limit=1000)
            choices[column] = [value.value for value in found.values]
    path = Path(command.args.file)
    await write_table(path, "Дополнительные поля", headings, table, {column: texts for column, texts in choices.items() if texts})
    command.output.document({"file": path, "cards": len(table)})
    command.output.line(f"Записано: {path}")
    return Exit.DONE


async def import_cards(command: Command) -> Exit:
    """Reads such a file back: what differs from the card is entered on the product; bad rows are told with their number."""
    rows, attributes = await _category_cards(command)
    key = await _key(command)
    by_offer = {row.offer_id: row for row in rows}
    changed, problems = 0, []
    for number, texts in await read_table(Path(command.args.file)):
        row = by_offer.get(texts.get(OFFER, ""))
        try:
            if row is None:
                raise NotFound(texts.get(OFFER, ""))
            changed += await _import_row(command, key, row, attributes, texts)
        except (NotFound, Ambiguous, WrongInput) as error:
            problems.append({"row": number, "text": wording.error_text(error).text})
    command.output.document({"changed": changed, "problems": problems})
    command.output.line(f"Изменено карточек: {changed}")
    for problem in problems:
        command.output.line(f"Строка {problem['row']}: {problem['text']}")
    return Exit.PROBLEMS if problems else Exit.DONE


async def _import_row(command: Command, key: TypeKey, row: CardRow, attributes: list[Attribute], texts: Mapping[str, str]) -> bool:
    details = await command.application.cards.details(command.integration.id, row.product_id)
    before = {item.attribute.id: "; ".join(text for _, text in item.values) for item in details.card.fields}
    saved = details.saved or SavedFields(row.product_id, key)
    values = dict(saved.values)
    for attribute in attributes:
        text = texts.get(attribute.name)
        if text is not None and fold(text) != fold(before[attribute.id]):
            values[attribute.id] = await _values(command, key, attribute, text)
    sizes: dict[str, int | None] = {}
    for name, heading in SIZES.items():
        text = texts.get(heading, "")
        if text and text != str(getattr(details.card.dimensions, name)):
            sizes[name] = _size(heading, text)
    if values == dict(saved.values) and not sizes:
        return False
    entered = replace(saved, values=values, dimensions=Dimensions(**sizes).over(saved.dimensions))
    await command.application.cards.save_fields(command.integration.id, entered)
    return True


async def _category_cards(command: Command) -> tuple[list[CardRow], list[Attribute]]:
    key = await _key(command)
    view = await command.application.mapping.view(command.integration.id)
    attributes = list((await command.application.catalog.type_details(key)).attributes)
    cards = await command.application.cards.view(command.integration.id)
    rows = []
    for row in cards.rows:
        details = await command.application.cards.details(command.integration.id, row.product_id) if row.type_name else None
        if details is not None and details.card.type is not None and details.card.type.key == key and details.category_id in view.resolved:
            rows.append(row)
    return rows, attributes


async def _key(command: Command) -> TypeKey:
    view = await command.application.mapping.view(command.integration.id)
    category = find_category(view.categories, command.args.category)
    key = view.resolved[category.id].key
    if key is None:
        raise NotFound(category.name, detail="категория не сопоставлена")
    return key


async def _row(command: Command, offer_id: str) -> CardRow:
    view = await command.application.cards.view(command.integration.id)
    found = [row for row in view.rows if row.offer_id == offer_id]
    if not found:
        raise NotFound(offer_id)
    if len(found) > 1:
        raise Ambiguous(offer_id, detail="; ".join(row.name for row in found[:5]))
    return found[0]


def _attribute(attributes: list[Attribute] | tuple[Attribute, ...], text: str) -> Attribute:
    for attribute in attributes:
        if str(attribute.id) == text or fold(attribute.name) == fold(text):
            return attribute
    raise NotFound(text, detail=", ".join(attribute.name for attribute in attributes if attribute.is_required))


async def _values(command: Command, key: TypeKey, attribute: Attribute, text: str) -> Values:
    """Typed values; those of a dictionary are looked up in it. NotFound with near ones."""
    parts = [part.strip() for part in text.split(";") if part.strip()] if attribute.is_collection else [text.strip()]
    if not attribute.has_dictionary:
        return tuple((0, part) for part in parts if part)
    values = []
    for part in parts:
        if not part:
            continue
        search = await command.application.catalog.search_values(command.integration.id, key, attribute, part, limit=100)
        exact = next((value for value in search.values if fold(value.value) == fold(part) or str(value.id) == part), None)
        if exact is None:
            if search.partial and not search.online:
                # Ozon may have it: whoever reads the refusal must know that only a part was looked into.
                why = wording.values_found_text(found=False, partial=True, online=False, offline=search.offline)
                command.output.note(f"{attribute.name}: {why}")
            raise NotFound(f"{attribute.name}: {part}", detail="; ".join(value.value for value in search.values[:8]))
        values.append((exact.id, exact.value))
    return tuple(values)


def _size(name: str, text: str) -> int:
    if not text.strip().isdigit():
        raise WrongInput(name, detail=text)
    return int(text)

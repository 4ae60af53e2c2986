"""cards rule|propose|doubtful|switch: where the values of fields come from, without the window."""

from decimal import Decimal

from ozon_desktop import wording
from ozon_desktop.commands.card_values import attribute_of, values_of
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.card import ProblemCode
from ozon_desktop.domain.field_rules import ALL_CATEGORIES, FieldRule, RuleKind, with_row
from ozon_desktop.domain.field_values import number
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.value_matching import DoubtfulValue, ValueChoice
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.services.mapping.lookup import CategoryFinder

EVERYWHERE = "Все категории"


async def rule(command: Command) -> Exit:
    """Default of an attribute for a store category and below, or for all; without --attribute lists the rules."""
    service, integration, args = command.application.cards.field_rules, command.integration.id, command.args
    view = await command.application.mapping.view(integration)
    if args.attribute is None:
        names = {category.id: category.name for category in view.categories} | {ALL_CATEGORIES: EVERYWHERE}
        rules = await service.all(integration)
        command.output.document({"rules": rules})
        for known in rules:
            place = names.get(known.category_id, known.category_id)
            command.output.line(f"{place}: {known.attribute_id} = {wording.rule_text(known)}")
        return Exit.DONE
    if args.default:
        category_id, name = ALL_CATEGORIES, EVERYWHERE
        key, attribute = await _anywhere(command, args.attribute)
    else:
        if args.category is None:
            raise WrongInput("--category", detail="required")
        category = CategoryFinder(view.categories).find(args.category)
        category_id, name, known_key = category.id, category.name, view.resolved[category.id].key
        if known_key is None:
            raise NotFound(category.name, detail="категория не сопоставлена")
        key = known_key
        attribute = attribute_of((await command.application.catalog.type_details(key)).attributes, args.attribute)
    if args.delete:
        await service.delete(integration, category_id, attribute.id)
    else:
        await service.save(integration, [await _rule(command, category_id, key, attribute)])
    command.output.document({"category": name, "attribute_id": attribute.id})
    command.output.line(f"{name}: правило для «{attribute.name}» {'удалено' if args.delete else 'сохранено'}")
    return Exit.DONE


async def _rule(command: Command, category_id: str, key: TypeKey, attribute: Attribute) -> FieldRule:
    """The rule that the options describe. WrongInput when they describe none."""
    args = command.args
    if args.template is not None:
        return FieldRule(category_id, attribute.id, RuleKind.TEMPLATE, template=args.template)
    if args.unit_factor is not None:
        return FieldRule(category_id, attribute.id, RuleKind.UNITS, property_name=_property(command), factor=_factor(args.unit_factor))
    typed: list[str] = args.value or []
    constant = args.constant if args.constant is not None else next((text for text in typed if "=" not in text), None)
    if constant is None and typed and not attribute.has_dictionary and args.property is None:
        # «a=b» in a field of free text is what it says, as it always was.
        constant = typed[0]
    if constant is not None:
        return FieldRule(category_id, attribute.id, RuleKind.CONSTANT, await values_of(command, key, attribute, constant))
    if typed:
        return await _table(command, category_id, key, attribute, typed)
    if args.property is not None:
        return FieldRule(category_id, attribute.id, RuleKind.PROPERTY, property_name=args.property)
    raise WrongInput("--value", detail="required")


async def _table(command: Command, category_id: str, key: TypeKey, attribute: Attribute, typed: list[str]) -> FieldRule:
    """Rows STORE=OZON, added to a table that is there already; a value that has the sign itself stays a constant."""
    rules = await command.application.cards.field_rules.all(command.integration.id)
    known = next((item for item in rules if (item.category_id, item.attribute_id) == (category_id, attribute.id)), None)
    name = command.args.property or (known.property_name if known is not None else "")
    table = FieldRule(category_id, attribute.id, RuleKind.TABLE, property_name=name, table=known.table if known is not None else ())
    for pair in typed:
        text, _, wanted = pair.partition("=")
        try:
            values = await values_of(command, key, attribute, wanted.strip())
        except NotFound:
            if len(typed) > 1:
                raise
            try:
                return FieldRule(category_id, attribute.id, RuleKind.CONSTANT, await values_of(command, key, attribute, pair))
            except NotFound:
                pass  # neither the whole nor its second half is a value: what was meant is the half
            raise
        if len(values) != 1 or not text.strip():
            raise WrongInput(pair, detail="ожидается ЗНАЧЕНИЕ МАГАЗИНА=ЗНАЧЕНИЕ OZON")
        table = with_row(table, text, values[0])
    return table


def _property(command: Command) -> str:
    if not command.args.property:
        raise WrongInput("--property", detail="required")
    name: str = command.args.property
    return name


def _factor(text: str) -> Decimal | None:
    """The number given; None = by the units."""
    if not text:
        return None
    factor = number(text)
    if factor is None:
        raise WrongInput("--unit-factor", detail=text)
    return factor


async def _types(command: Command) -> list[tuple[TypeKey, list[Attribute]]]:
    view = await command.application.mapping.view(command.integration.id)
    keys = {state.key for state in view.resolved.values() if state.key is not None}
    keys |= {state.part.key for states in view.parts.values() for state in states}
    return [(key, list((await command.application.catalog.type_details(key)).attributes)) for key in sorted(keys)]


async def _anywhere(command: Command, text: str) -> tuple[TypeKey, Attribute]:
    """An attribute of any mapped type, and one such type. NotFound."""
    for key, attributes in await _types(command):
        for attribute in attributes:
            if str(attribute.id) == text or fold(attribute.name) == fold(text):
                return key, attribute
    raise NotFound(text)


async def propose(command: Command) -> Exit:
    """Rules that look right for a category; --accept makes those with at least this confidence rules."""
    service, integration, args = command.application.cards.field_rules, command.integration.id, command.args
    view = await command.application.mapping.view(integration)
    category = CategoryFinder(view.categories).find(args.category)
    proposals = await service.propose(integration, category.id)
    accepted = [proposal for proposal in proposals if args.accept is not None and proposal.confidence >= args.accept]
    await service.accept(integration, category.id, accepted)
    rows = [
        {
            "attribute_id": proposal.attribute.id,
            "attribute": proposal.attribute.name,
            "property": proposal.property_name,
            "kind": proposal.kind,
            "confidence": proposal.confidence,
            "products": proposal.products,
            "samples": proposal.samples,
            "accepted": proposal in accepted,
        }
        for proposal in proposals
    ]
    command.output.document({"proposals": rows})
    for proposal in proposals:
        mark = "принято " if proposal in accepted else ""
        samples = ", ".join(proposal.samples)
        command.output.line(f"{mark}{proposal.confidence:.0%} «{proposal.property_name}» → «{proposal.attribute.name}»: {samples}")
    return Exit.DONE


async def doubtful(command: Command) -> Exit:
    """Store texts that are not surely a value of Ozon; --decide TEXT=VALUE answers once and for all, an empty VALUE = none."""
    service, integration = command.application.cards.field_rules, command.integration.id
    doubts = await service.doubtful_values(integration)
    decided = []
    for pair in command.args.decide or []:
        text, sign, wanted = pair.partition("=")
        asked = [doubt for doubt in doubts if fold(doubt.text) == fold(text)]
        if not sign:
            raise WrongInput(pair, detail="ожидается ЗНАЧЕНИЕ МАГАЗИНА=ЗНАЧЕНИЕ OZON")
        if not asked:
            raise NotFound(text, detail="; ".join(doubt.text for doubt in doubts[:8]))
        decided += [ValueChoice(doubt.dictionary, doubt.text, await _answer(command, doubt, wanted.strip())) for doubt in asked]
    if decided:
        await service.decide_values(integration, decided)
        doubts = await service.doubtful_values(integration)
    rows = [
        {
            "text": doubt.text,
            "attributes": [name for _, name in doubt.attributes],
            "candidates": [value.value for value in doubt.candidates],
            "products": doubt.products,
            "blocking": doubt.blocking,
        }
        for doubt in doubts
    ]
    command.output.document({"decided": len(decided), "doubtful": rows})
    for doubt in doubts:
        near = ", ".join(value.value for value in doubt.candidates) or "похожих нет"
        command.output.line(f"{', '.join(name for _, name in doubt.attributes)}: «{doubt.text}» ({doubt.products}) — {near}")
    return Exit.PROBLEMS if any(doubt.blocking for doubt in doubts) else Exit.DONE


async def _answer(command: Command, doubt: DoubtfulValue, text: str) -> DictionaryValue | None:
    if not text:
        return None
    near = next((value for value in doubt.candidates if fold(value.value) == fold(text)), None)
    if near is not None:
        return near
    ids = {attribute_id for attribute_id, _ in doubt.attributes}
    for key, attributes in await _types(command):
        for attribute in attributes:
            if attribute.id in ids and DictionaryKey.of(attribute, key) == doubt.dictionary:
                single = await values_of(command, key, attribute, text)
                return DictionaryValue(*single[0])
    raise NotFound(text)


async def switch(command: Command) -> Exit:
    """Switches the additional fields of the named products, or of all that need it, to their category's type."""
    service, integration, args = command.application.cards, command.integration.id, command.args
    rows = (await service.view(integration)).rows
    marked = [row for row in rows if any(problem.code is ProblemCode.OTHER_LIST for problem in row.problems)]
    unknown = set(args.offer_ids) - {row.offer_id for row in rows}
    if unknown:
        raise NotFound(sorted(unknown)[0])
    ids = [row.product_id for row in marked if not args.offer_ids or row.offer_id in args.offer_ids]
    carried = await (service.switch_preview if args.dry_run else service.switch_list)(integration, ids)
    command.output.document(
        {
            "products": carried.products,
            "kept": {field.name: field.products for field in carried.kept},
            "lost": {field.name: field.products for field in carried.lost},
            "without_settings": [str(key) for key in carried.unknown],
        }
    )
    verb = "Переключится" if args.dry_run else "Переключено"
    command.output.line(f"{verb} карточек: {carried.products}")
    for field in carried.kept:
        command.output.line(f"  перенесено «{field.name}»: {field.products}")
    for field in carried.lost:
        command.output.line(f"  осталось в прежнем списке «{field.name}»: {field.products}")
    return Exit.PROBLEMS if carried.unknown else Exit.DONE

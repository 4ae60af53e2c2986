"""store: the store as the program knows it now."""

from pathlib import Path

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.price_list import ColumnRole
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.store.articles import parse_rule
from ozon_desktop.wording.store_import import article_preview_text, article_rule_text, column_role_text
from ozon_desktop.wording.watching import file_troubles_text, folder_fault_text, watched_text


async def products(command: Command) -> Exit:
    """Every product and variant that is sold or gone."""
    listed = await command.application.store_listing.products(command.args.article or ())
    command.output.document({"products": listed})
    for product in listed:
        prices = ", ".join(wording.money(price.value, price.currency) for price in product.prices.values()) or "без цены"
        stocks = ", ".join(f"{warehouse} {quantity}" for warehouse, quantity in product.stocks.items()) or "без остатка"
        gone = "  (больше нет в магазине)" if product.deleted else ""
        command.output.line(f"{product.offer_id or 'без артикула'}  {product.name}  {prices}; {stocks}{gone}")
    command.output.line(wording.plural(len(listed), "товар", "товара", "товаров"))
    return Exit.DONE


async def articles(command: Command) -> Exit:
    """By what this cabinet sells products; a rule is shown before it is taken."""
    rules, integration_id, asked = command.application.article_rules, command.integration.id, command.args.rule
    if asked == "store":
        await rules.choose(integration_id, None)
        command.output.document({"rule": None})
        command.output.line(article_rule_text(None))
        return Exit.DONE
    chosen = await rules.chosen(integration_id)
    if asked:
        preview = await rules.preview(integration_id, parse_rule(asked))
    else:
        preview = await rules.preview(integration_id, chosen) if chosen else await rules.proposed(integration_id)
    if command.args.apply:
        await rules.choose(integration_id, preview.rule)
        chosen = preview.rule
    command.output.document({"chosen": chosen, "preview": preview})
    command.output.line(article_rule_text(chosen))
    for line in article_preview_text(preview.rule, preview.products, preview.distinct, preview.without, preview.kept, preview.examples):
        command.output.line(line)
    if not command.args.apply and preview.rule != chosen:
        command.output.line("Чтобы продавать так, повторите с --apply")
    return Exit.DONE


async def columns(command: Command) -> Exit:
    """What the columns of a price list are taken for; a choice is kept for lists with the same headings."""
    service, path = command.application.price_list_columns, Path(command.args.file)
    roles = dict(_column(pair) for pair in command.args.set or ())
    sheets = await (service.choose(path, roles) if roles else service.preview(path))
    command.output.document({"sheets": sheets})
    for sheet in sheets:
        command.output.line(f"Лист «{sheet.name}»:" if sheet.name else "Столбцы:")
        for column in sheet.columns:
            command.output.line(f"  {column.heading} — {column_role_text(column.role)}  ({'; '.join(column.examples)})")
    return Exit.DONE


async def folder(command: Command) -> Exit:
    """The folder that `run` takes exports from, and what of it could not be taken."""
    watched, asked = command.application.scheduler.watched, command.args.folder
    assert watched is not None, "the scheduler of the application looks into a folder"
    if asked is not None:
        await watched.set_folder(Path(asked).absolute() if asked else None)
    state = await watched.state()
    command.output.document({"folder": state.folder, "fault": state.fault, "troubles": state.troubles})
    command.output.line(watched_text(state.folder))
    for text in (folder_fault_text(state.fault) if state.fault is not None else "", file_troubles_text(state.troubles)):
        if text:
            command.output.note(text)
    return Exit.PROBLEMS if state.fault is not None or state.troubles else Exit.DONE


def _column(pair: str) -> tuple[str, ColumnRole]:
    heading, _, role = pair.rpartition("=")
    if not heading or role not in set(ColumnRole):
        raise WrongInput("--set", detail=pair)
    return heading.strip(), ColumnRole(role)

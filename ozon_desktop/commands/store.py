"""store: the store as the program knows it now."""

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit


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

"""What elements of exports said when they were read last: one that says the same changes nothing, so it need not be read again.

An entry asserts that importing its element once more would change nothing of the store but the number of the import that mentioned it.
Whatever else changes the same of a product takes the entry away; at worst an element is read once too often.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Executable, delete, exists, select

from ozon_desktop.domain.store_catalog import KnownElement
from ozon_desktop.storage.mentioned import same
from ozon_desktop.storage.sql import batches, insert_missing_rows, prepared, rows_with
from ozon_desktop.storage.tables import store_elements

_NAMES = ("product_id", "print", "context", "prices", "stocks", "pictured", "seen")


@dataclass(slots=True)
class Effect:
    """What the records of one batch did to a product. written: its row changed; prices, stocks: how many of them were given."""

    written: bool = False
    prices: int = 0
    stocks: int = 0


class ElementRepository:
    """Finds elements by their prints, keeps and forgets them. number: of the import that is running."""

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self._number = number
        self._any = _any_known(connection).scalar_one()
        self._touched: set[str] = set()
        self._shared: set[str] = set()

    def find(self, elements: Sequence[tuple[str, bytes]]) -> list[KnownElement | None]:
        """The entry of each (product id, print), None where there is none."""
        if not self._any:
            return [None] * len(elements)
        found: dict[tuple[str, bytes], KnownElement] = {}
        for ids in batches({product_id for product_id, _ in elements}):
            for row in rows_with(self._connection, store_elements, _NAMES, "product_id", ids):
                found[row[0], row[1]] = KnownElement(*row)
        return [found.get(element) for element in elements]

    def holds(self, product_id: str) -> bool:
        """Whether nothing else was imported of the product since this import began."""
        return product_id not in self._touched

    def touch(self, product_id: str) -> None:
        """Notes that something of the product is imported."""
        if self._any:
            self._touched.add(product_id)

    def take(self, read: Sequence[KnownElement], effects: Mapping[str, Effect]) -> None:
        """Keeps elements that were read, and forgets those whose assertion what was read has broken.

        read: their prices and stocks as they were counted. effects: of this batch by product id, also of what else was read.
        """
        if self._any:
            for ids in batches(effects):
                _forget_earlier(self._connection, ids, self._number)
        self._note_shared(read, effects)
        contested: set[str] = set()
        for ids in batches(effects):
            for product_id, prices, stocks in rows_with(
                self._connection, store_elements, ("product_id", "prices", "stocks"), "product_id", ids
            ):
                effect = effects[product_id]
                if effect.written or (effect.prices and prices) or (effect.stocks and stocks):
                    contested.add(product_id)
        self.forget(contested)
        self._shared |= contested
        rows = [
            (each.product_id, each.print, each.context, each.prices, each.stocks, each.pictured, each.seen)
            for each in read
            if each.product_id not in contested and not ((each.prices or each.stocks) and each.product_id in self._shared)
        ]
        insert_missing_rows(self._connection, store_elements, _NAMES, rows)

    def _note_shared(self, read: Sequence[KnownElement], effects: Mapping[str, Effect]) -> None:
        """Notes products whose prices or stocks do not all come from one element: which of them are whose cannot be told later."""
        single: dict[str, KnownElement] = {}
        for element in read:
            if (element.prices or element.stocks) and single.setdefault(element.product_id, element) is not element:
                other = single[element.product_id]
                if (element.prices and other.prices) or (element.stocks and other.stocks):
                    self._shared.add(element.product_id)
                prices, stocks = element.prices + other.prices, element.stocks + other.stocks
                single[element.product_id] = replace(element, prices=prices, stocks=stocks)
        for product_id, effect in effects.items():
            if effect.prices or effect.stocks:
                own = single.get(product_id)
                if own is None or own.prices != effect.prices or own.stocks != effect.stocks:
                    self._shared.add(product_id)

    def forget(self, product_ids: Iterable[str]) -> None:
        """Forgets all of these products."""
        for ids in batches(product_ids):
            _forget(self._connection, ids)

    def forget_amounts(self) -> None:
        """Forgets elements with prices or stocks that this import did not mention."""
        _forget_amounts(self._connection, self._number)


@prepared
def _any_known() -> Executable:
    return select(exists(select(store_elements.c.product_id)))


@prepared
def _forget_earlier(product_ids: list[str], number: int) -> Executable:
    table = store_elements.c
    again = exists().where(same.c.product_id == table.product_id, same.c.print == table.print)
    return delete(store_elements).where(table.product_id.in_(product_ids), table.seen != number, ~again)


@prepared
def _forget(product_ids: list[str]) -> Executable:
    return delete(store_elements).where(store_elements.c.product_id.in_(product_ids))


@prepared
def _forget_amounts(number: int) -> Executable:
    table = store_elements.c
    return delete(store_elements).where(table.seen != number, (table.prices > 0) | (table.stocks > 0))

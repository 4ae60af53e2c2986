"""Free stocks: what the report says of goods, and what follows from it for bundles."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path

import msgspec

from ozon_desktop.backoffice.moysklad.cursor import Parts
from ozon_desktop.backoffice.moysklad.models import Number, StockRow
from ozon_desktop.domain.store_catalog import Stock
from ozon_desktop.errors import BackOfficeAnswerUnreadable

Places = dict[str, Decimal]
"""Free pieces by store."""

_PIECE = 1024 * 1024
_ROWS = msgspec.json.Decoder(list[StockRow])
_BETWEEN = re.compile(rb"\}\s*,\s*\{")
NO_STORE = ""


def read_report(subject: str, path: Path) -> Iterator[StockRow]:
    """The rows of a report of any size, a megabyte at a time. BackOfficeAnswerUnreadable, OSError.

    Its rows are flat, so it can be parted between them; one that is not is read whole.
    """
    try:
        for piece in _pieces(path):
            yield from _ROWS.decode(piece)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackOfficeAnswerUnreadable(subject, detail=str(error)) from error


def _pieces(path: Path) -> Iterator[bytes]:
    """Whole arrays of rows."""
    rest = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            rest += piece
            found = list(_BETWEEN.finditer(rest))
            if found:
                last = found[-1]
                yield _array(rest[: last.start() + 1])
                rest = rest[last.end() - 1 :]
    yield _array(rest)


def _array(text: bytes) -> bytes:
    text = text.strip()
    return (b"" if text.startswith(b"[") else b"[") + text + (b"" if text.endswith(b"]") else b"]")


class Book:
    """Free pieces of the goods it is told of. Reserves of orders without a store are taken from where most lies."""

    def __init__(self) -> None:
        self._places: dict[str, Places] = {}

    def add(self, row: StockRow) -> None:
        places = self._places.setdefault(row.assortment_id, {})
        places[row.store_id or NO_STORE] = quantity(row.free_stock)

    def __contains__(self, good_id: str) -> bool:
        return good_id in self._places

    def of(self, good_id: str) -> Places:
        """By store, never less than nothing; {} when nothing was told."""
        told = self._places.get(good_id, {})
        places = {store: max(Decimal(0), amount) for store, amount in told.items() if store != NO_STORE}
        missing = -min(Decimal(0), told.get(NO_STORE, Decimal(0)))
        for store in sorted(places, key=lambda store: (-places[store], store)):
            taken = min(missing, places[store])
            places[store] -= taken
            missing -= taken
        return places

    def bundle(self, parts: Parts) -> Places:
        """How many bundles each store could put together."""
        lying = [(self.of(id_), Decimal(str(number))) for id_, number in parts if number > 0]
        stores = {store for places, _ in lying for store in places}
        return {
            store: min((places.get(store, Decimal(0)) / number).to_integral_value(ROUND_FLOOR) for places, number in lying)
            for store in sorted(stores)
        }


def stocks_of(good_id: str, places: Places, usual_store: str) -> Iterator[Stock]:
    """Records of one good; nothing anywhere is said too, of the usual store: else an old number would stay."""
    for store, amount in places.items():
        yield Stock(good_id, store, amount)
    if not places and usual_store:
        yield Stock(good_id, usual_store, Decimal(0))


def affected(bundles: Mapping[str, Parts], changed: Iterable[str]) -> list[str]:
    """Bundles with one of these goods in them."""
    moved = frozenset(changed)
    return [id_ for id_, parts in bundles.items() if any(part in moved for part, _ in parts)]


def quantity(number: Number | None) -> Decimal:
    return Decimal(0) if number is None else Decimal(str(number))

"""Packing one posting with a scanner: an item at a time, until exactly what was ordered lies on the table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ozon_desktop.domain.fbs import Need
from ozon_desktop.domain.fbs_todo import pieces_of, wanted_pieces
from ozon_desktop.domain.marks import MARK_LIKE, gtin, latin, read_mark
from ozon_desktop.domain.orders import Posting


class Scan(StrEnum):
    """What a scan meant. ITEM: a piece was put in. MARK: a code of a piece, whose product is in. NOT_HERE: another product."""

    ITEM = "item"
    MARK = "mark"
    NOT_HERE = "not_here"
    TOO_MANY = "too_many"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Packing:
    """How far one posting is. codes: SKU by what is printed on the goods (barcode, article); packed: pieces put in, by SKU."""

    posting: Posting
    codes: Mapping[str, int]
    packed: tuple[tuple[int, int], ...] = ()

    @property
    def left(self) -> dict[int, int]:
        """Pieces still to be put in, by SKU."""
        put_in = dict(self.packed)
        return {sku: count - put_in.get(sku, 0) for sku, count in pieces_of(self.posting).items() if count > put_in.get(sku, 0)}

    @property
    def complete(self) -> bool:
        return not self.left

    def scan(self, text: str) -> tuple["Packing", Scan, int]:
        """The packing after a scan, what the scan meant, and of which SKU (0 = of none)."""
        code = latin(text.strip()) or text.strip()
        sku = self.codes.get(code) or self.codes.get(code.lstrip("0")) or self._of_mark(code)
        if not sku:
            return self, Scan.UNKNOWN, 0
        counts = pieces_of(self.posting)
        if sku not in counts:
            return self, Scan.NOT_HERE, sku
        if self._is_mark(code) and self._needs_mark(sku):
            # The item itself was put in by its own barcode, or goes in with its mark: the mark finds its place either way.
            after = self if sku not in self.left else self._put(sku)
            return after, Scan.MARK, sku
        if sku not in self.left:
            return self, Scan.TOO_MANY, sku
        return self._put(sku), Scan.ITEM, sku

    def take_out(self, sku: int) -> "Packing":
        """One piece less; nothing when there is none."""
        put_in = dict(self.packed)
        if put_in.get(sku, 0):
            put_in[sku] -= 1
        return replace(self, packed=tuple((one, count) for one, count in put_in.items() if count))

    def _put(self, sku: int) -> "Packing":
        put_in = dict(self.packed)
        put_in[sku] = put_in.get(sku, 0) + 1
        return replace(self, packed=tuple(put_in.items()))

    def _needs_mark(self, sku: int) -> bool:
        possible = {product.sku for product in self.posting.needs if Need.POSSIBLE_MARK in product.needs}
        return sku in possible or Need.MARK in wanted_pieces(self.posting).get(sku, ())

    @staticmethod
    def _is_mark(code: str) -> bool:
        return MARK_LIKE.match(read_mark(Need.MARK, code).code) is not None

    def _of_mark(self, code: str) -> int:
        """The SKU a mark names by the number of its goods, which is a barcode with zeros before it."""
        number = gtin(read_mark(Need.MARK, code).code)
        return self.codes.get(number) or self.codes.get(number.lstrip("0"), 0) if number else 0

"""Tells when a file says twice, and not the same, what it should say of a product once: of any number of products in little memory."""

from array import array
from typing import Final

_BEGIN: Final = 1 << 12
_KEY: Final = (1 << 64) - 1


class Repeats:
    """Ids a file has given so far and what it said of them, as numbers of eight bytes: a dictionary would take three times the memory.

    Two ids are taken for one once in some 10¹³ files of a hundred thousand products.
    """

    def __init__(self) -> None:
        self._ids = array("Q", bytes(8 * _BEGIN))
        self._said = array("Q", bytes(8 * _BEGIN))
        self._number = 0

    def differ(self, product_id: str, said: bytes) -> bool:
        """Whether the id was given before, and something else was said of it. said: a print of at least eight bytes."""
        # 0 stands for a free place.
        key, print_ = hash(product_id) & _KEY or 1, int.from_bytes(said[:8])
        place = self._place(self._ids, key)
        met = self._ids[place] != 0
        differs = met and self._said[place] != print_
        self._ids[place], self._said[place] = key, print_
        if not met:
            self._number += 1
            if self._number * 4 > len(self._ids) * 3:
                self._grow()
        return differs

    @staticmethod
    def _place(ids: "array[int]", key: int) -> int:
        """Where the id stands, or the free place it goes to."""
        size = len(ids)
        place = key % size
        while ids[place] not in (0, key):
            place = (place + 1) % size
        return place

    def _grow(self) -> None:
        ids, prints = self._ids, self._said
        self._ids, self._said = (array("Q", bytes(2 * 8 * len(ids))) for _ in range(2))
        for key, said in zip(ids, prints, strict=True):
            if key:
                place = self._place(self._ids, key)
                self._ids[place], self._said[place] = key, said

"""Dictionaries of attributes: values of the data files and, to make them as large as real ones, values made from these by number."""

from array import array
from bisect import bisect_left, bisect_right
from functools import cached_property

import msgspec

from .model import Json

GENERATED_ID_FACTOR = 1_000_000
PAGE_LIMIT = 2000


def same_text(one: str, other: str) -> bool:
    """Whether two texts are one value; case and blanks do not tell values apart."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


class Dictionary:
    """Values of one dictionary in id order, with look-up by id and by text.

    size: how many values there are; those behind the given ones repeat them with a number («Тропинка 2»), with ids from
    `first_generated_id` on. They are made when asked for, so that 200 000 values take no memory.
    """

    def __init__(self, values: list[Json], *, size: int = 0, first_generated_id: int = 0) -> None:
        self._base = sorted(values, key=lambda value: int(value["id"]))
        self._ids = [int(value["id"]) for value in self._base]
        self._id_set = frozenset(self._ids)
        self._size = max(size, len(values)) if values else 0
        self._first_generated = max(first_generated_id, self._ids[-1] + 1 if self._ids else 0)

    def __len__(self) -> int:
        return self._size

    def __contains__(self, value_id: object) -> bool:
        if value_id in self._id_set:
            return True
        generated = self._size - len(self._base)
        return isinstance(value_id, int) and self._first_generated <= value_id < self._first_generated + generated

    def text_of(self, value_id: int) -> str | None:
        """The text of a value; None for an id it does not have."""
        if value_id not in self:
            return None
        if value_id in self._id_set:
            return self._text(bisect_left(self._ids, value_id))
        return self._text(len(self._base) + value_id - self._first_generated)

    def page(self, last_value_id: int, limit: int) -> tuple[list[Json], bool]:
        """(at most `limit` values with ids above `last_value_id`, whether there are more)."""
        start = self._position(last_value_id)
        end = min(start + limit, self._size)
        return [self._value(index) for index in range(start, end)], end < self._size

    @cached_property
    def whole(self) -> bytes | None:
        """The encoded answer that has all values, None when they do not fit into one page: most dictionaries are asked for so."""
        if self._size > PAGE_LIMIT:
            return None
        values, has_next = self.page(0, PAGE_LIMIT)
        return msgspec.json.encode({"result": values, "has_next": has_next})

    def search(self, text: str, limit: int) -> list[Json]:
        """Values that contain the text, whatever its case; those that begin with it come first, each kind in id order."""
        needle = text.casefold()
        if "\n" in needle:
            return []
        found = self._matches(f"\n{needle}", limit)
        if len(found) < limit:
            known = set(found)
            found += [index for index in self._matches(needle, limit) if index not in known]
        return [self._value(index) for index in found[:limit]]

    def _matches(self, needle: str, limit: int) -> list[int]:
        """Positions of the first values in whose text, with a line break before it, the needle stands."""
        found: list[int] = []
        haystack, starts = self._haystack
        at = haystack.find(needle)
        while at >= 0 and len(found) < limit:
            index = bisect_right(starts, at) - 1
            found.append(index)
            at = haystack.find(needle, starts[index + 1]) if index + 1 < self._size else -1
        return found

    @cached_property
    def _haystack(self) -> tuple[str, "array[int]"]:
        """All texts, folded, each after a line break, and where each begins: one search of a string is faster than 200 000."""
        texts = [f"\n{self._text(index).replace(chr(10), ' ').casefold()}" for index in range(self._size)]
        starts, position = array("L"), 0
        for text in texts:
            starts.append(position)
            position += len(text)
        return "".join(texts), starts

    def _position(self, last_value_id: int) -> int:
        """How many values have an id of at most `last_value_id`."""
        if last_value_id < self._first_generated:
            return bisect_right(self._ids, last_value_id)
        return min(len(self._base) + last_value_id - self._first_generated + 1, self._size)

    def _text(self, index: int) -> str:
        copy, place = divmod(index, len(self._base))
        text = str(self._base[place]["value"])
        return f"{text} {copy + 1}" if copy else text

    def _value(self, index: int) -> Json:
        if index < len(self._base):
            return self._base[index]
        value_id = self._first_generated + index - len(self._base)
        return {"id": value_id, "value": self._text(index), "info": "", "picture": ""}

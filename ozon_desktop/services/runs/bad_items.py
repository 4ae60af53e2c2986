"""What of Ozon's answers could not be read during a run, for its entry in the journal."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ozon_desktop.domain.bad_item import BadItem
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.wording.errors import bad_item_text

CODE = "unreadable"
MOST = 1_000

_collected: ContextVar[dict[BadItem, None] | None] = ContextVar("bad_items", default=None)


class BadItems:
    """Those of one run, each once."""

    def __init__(self, items: dict[BadItem, None]) -> None:
        self._items = items

    def problems(self) -> tuple[RunProblem, ...]:
        return tuple(RunProblem(bad.offer_id, bad.field, CODE, bad_item_text(bad)) for bad in self._items)


@contextmanager
def collected_bad_items() -> Iterator[BadItems]:
    """Collects what `note_bad_item` is given in this task and those it starts: a run asks Ozon through several clients."""
    items: dict[BadItem, None] = {}
    token = _collected.set(items)
    try:
        yield BadItems(items)
    finally:
        _collected.reset(token)


def note_bad_item(bad: BadItem) -> None:
    """Outside a run nobody collects it: the client has logged it."""
    items = _collected.get()
    if items is not None and len(items) < MOST:
        items[bad] = None

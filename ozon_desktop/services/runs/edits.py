"""Edits in the program, which make a synchronization due: every change that it has not made by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ozon_desktop.services.shared import Revision

_own: ContextVar[bool] = ContextVar("own_changes", default=False)


@contextmanager
def own_changes() -> Iterator[None]:
    """What a synchronization changes by itself, in this task and those it starts, is no edit that calls for another one."""
    token = _own.set(True)
    try:
        yield
    finally:
        _own.reset(token)


def edited_key(integration_id: int) -> str:
    """The preference that says, also to a program started again, that a synchronization on change is due."""
    return f"schedule/edited/{integration_id}"


class EditedRevision(Revision):
    """Also counts the changes that somebody made, as opposed to a synchronization."""

    def __init__(self) -> None:
        super().__init__()
        self.edits = 0

    def bump(self) -> None:
        """Something that cards, mapping or plans depend on was changed."""
        super().bump()
        if not _own.get():
            self.edits += 1

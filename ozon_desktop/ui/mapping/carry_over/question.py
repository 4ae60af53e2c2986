"""Before a change of the mapping: asks whether to go on when fields entered for the old types would be lost or carried over."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from ozon_desktop import wording
from ozon_desktop.domain.carry_over import CarryOver
from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.worker import Job

Go = Callable[[], object]
After = Mapping[MappingPlace, TypeKey | None]


class CarryOverQuestion(QObject):
    """One question at a time; it blocks nothing.

    opened: what becomes of the entered fields, in words. closed: agreed, declined or dropped.
    failed: an exception of the check, and a callable that checks again.
    """

    opened = Signal(str)
    closed = Signal()
    failed = Signal(object, object)

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._after: After = {}
        self._go: Go | None = None
        self._checking: Job | None = None
        context.integration_changed.connect(self.dismiss)

    @property
    def pending(self) -> bool:
        """Whether a question is being prepared or stands open."""
        return self._go is not None

    def ask(self, after: After, go: Go) -> None:
        """Calls `go` when nothing entered is concerned, or after `agree`; replaces a question that is open."""
        self._close()
        self._after, self._go = dict(after), go
        check = self._context.application.mapping.carry_over(self._context.integration_id, self._after)
        self._checking = self._context.worker.run(check, on_done=self._checked, on_failed=self._failed)

    def agree(self) -> None:
        go = self._go
        self._close()
        if go is not None:
            go()

    def dismiss(self, _: object = None) -> None:
        self._close()

    def _checked(self, summary: CarryOver) -> None:
        self._checking = None
        text = wording.carry_over_text(summary)
        if text:
            self.opened.emit(text)
        else:
            self.agree()

    def _failed(self, error: object) -> None:
        after, go = self._after, self._go
        self._close()
        if go is not None:
            self.failed.emit(error, partial(self.ask, after, go))

    def _close(self) -> None:
        if self._checking is not None:
            self._checking.cancel()
        self._checking, self._go, self._after = None, None, {}
        self.closed.emit()

"""Editing the reference lists in place: the popup, and the calls it leads to."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.reference_popup import ReferencePopup
from ozon_desktop.ui.integration.settings_form import REFERENCES
from ozon_desktop.ui.widgets import ComboBox


class ReferenceLists(QObject):
    """added(field, id): a new entry is stored and the form already offers it."""

    added = Signal(str, str)

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._window = parent
        self._page: IntegrationPage | None = None
        self._field = ""
        self._new_id: str | None = None
        self._box: ComboBox | None = None
        self.popup: ReferencePopup | None = None

    def edit(self, field: str, box: ComboBox) -> None:
        """Opens the list of a field under its box."""
        titles = {
            "direction": "Направления заказа",
            "organization": "Организации",
            "employee": "Сотрудники",
        }
        if self.popup is not None:
            self.popup.deleteLater()
        self._field, self._box = field, box
        self.popup = ReferencePopup(titles[REFERENCES[field]], self._window)
        self.popup.added.connect(self._add)
        self.popup.renamed.connect(self._rename)
        self.popup.removed.connect(self._remove)
        self._fill()
        self.popup.open_below(box)

    def show_page(self, page: IntegrationPage) -> None:
        """The lists were read again."""
        self._page = page
        new, self._new_id = self._new_id, None
        if new is not None:
            self.added.emit(self._field, new)
        self._fill()

    def _entries(self) -> tuple[tuple[str, str], ...]:
        if self._page is None:
            return ()
        lists = {
            "direction": tuple((entry.id, entry.name) for entry in self._page.directions),
            "organization": tuple((entry.id, entry.name) for entry in self._page.organizations),
            "employee": tuple((entry.id, entry.name) for entry in self._page.employees),
        }
        return lists[REFERENCES[self._field]]

    def _fill(self) -> None:
        if self.popup is not None and self._box is not None:
            self.popup.show_entries(self._entries(), self._box.chosen)

    def _add(self, name: str) -> None:
        work = self._context.application.integrations.add_reference(REFERENCES[self._field], name)
        self._context.worker.run(work, on_done=self._stored_new, on_failed=self._failed)

    def _rename(self, reference_id: str, name: str) -> None:
        work = self._context.application.integrations.rename_reference(REFERENCES[self._field], reference_id, name)
        self._context.worker.run(work, on_done=self._stored, on_failed=self._failed)

    def _remove(self, reference_id: str) -> None:
        work = self._context.application.integrations.remove_reference(REFERENCES[self._field], reference_id)
        self._context.worker.run(work, on_done=self._stored, on_failed=self._failed)

    def _stored_new(self, reference_id: str) -> None:
        self._new_id = reference_id
        self._stored(None)

    def _stored(self, _: object) -> None:
        self._context.data_changed.emit("integration")

    def _failed(self, error: object) -> None:
        self._context.failure.emit(error)
        self._fill()

"""Editing the reference lists in place: the popup, and the calls it leads to."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.ui.integration.reference_popup import ReferencePopup
from ozon_desktop.ui.integration.session import IntegrationSession
from ozon_desktop.ui.integration.settings_form import REFERENCES
from ozon_desktop.ui.widgets import ComboBox

TITLES = {
    "direction": "Направления заказа",
    "organization": "Организации",
    "employee": "Сотрудники",
}


class ReferenceLists(QObject):
    """added(field, id): a new entry is stored and the form already offers it."""

    added = Signal(str, str)

    def __init__(self, session: IntegrationSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._field = ""
        self._new_id: str | None = None
        self._box: ComboBox | None = None
        self.popup: ReferencePopup | None = None
        session.reference_added.connect(self._keep_new)
        session.reference_refused.connect(self._fill)

    def edit(self, field: str, box: ComboBox, page: QWidget) -> None:
        """Opens the list of a field at its box, as a part of `page`."""
        if self.popup is not None:
            self.popup.deleteLater()
        self._field, self._box = field, box
        self.popup = ReferencePopup(TITLES[REFERENCES[field]], page)
        self.popup.added.connect(self._add)
        self.popup.renamed.connect(self._rename)
        self.popup.removed.connect(self._remove)
        self._fill()
        self.popup.open_at(box)

    def show_page(self, _: IntegrationPage) -> None:
        new, self._new_id = self._new_id, None
        if new is not None:
            self.added.emit(self._field, new)
        self._fill()

    def _entries(self) -> tuple[tuple[str, str], ...]:
        page = self._session.page
        if page is None:
            return ()
        kind = REFERENCES[self._field]
        if kind == "direction":
            return tuple((entry.id, entry.name) for entry in page.directions)
        return tuple((entry.id, entry.name) for entry in (page.organizations if kind == "organization" else page.employees))

    def _fill(self) -> None:
        if self.popup is not None and self._box is not None:
            self.popup.show_entries(self._entries(), self._box.chosen)

    def _add(self, name: str) -> None:
        self._session.add_reference(REFERENCES[self._field], name)

    def _rename(self, reference_id: str, name: str) -> None:
        self._session.rename_reference(REFERENCES[self._field], reference_id, name)

    def _remove(self, reference_id: str) -> None:
        self._session.remove_reference(REFERENCES[self._field], reference_id)

    def _keep_new(self, reference_id: str) -> None:
        self._new_id = reference_id

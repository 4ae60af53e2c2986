"""Below the Ozon tree: attributes of the chosen type and the values of its dictionaries, read offline."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListView, QPlainTextEdit, QPushButton, QTableView, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import OzonType
from ozon_desktop.services.catalog.view import TypeDetails, ValueSearch
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.type_details.attribute_model import AttributeModel
from ozon_desktop.ui.widgets import ROW_HEIGHT, SearchField, WrappedLabel
from ozon_desktop.ui.widgets.tables import set_up_table
from ozon_desktop.ui.widgets.value_model import ValueModel
from ozon_desktop.ui.worker import Job


class TypePanel(QWidget):
    """Shows one type. `settings_wanted` carries the key of a type whose settings shall be collected."""

    settings_wanted = Signal(object)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._type: OzonType | None = None
        self._details: TypeDetails | None = None
        self._job: Job | None = None
        self._search_job: Job | None = None
        self._attributes = AttributeModel(context.theme, self)
        self._values = ValueModel(self)
        self.title = WrappedLabel("Выберите тип товара, чтобы увидеть его характеристики", role="secondary")
        self.note = WrappedLabel("", role="hint")
        self.fetch = QPushButton("Получить настройки")
        self.fetch.setObjectName("fetch_type_settings")
        self.attribute_list = self._make_attributes()
        self.description = self._make_description()
        self.value_search = SearchField("Найти значение", name="value_search")
        self.value_list = QListView()
        self.value_list.setObjectName("value_list")
        self.value_list.setAccessibleName("Значения справочника")
        self.value_list.setModel(self._values)
        self.value_list.setUniformItemSizes(True)
        self.value_list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.partial = WrappedLabel("", role="hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(6)
        for widget, stretch in (
            (self.title, 0),
            (self.note, 0),
            (self.fetch, 0),
            (self.attribute_list, 3),
            (self.description, 0),
            (self.value_search, 0),
            (self.value_list, 2),
            (self.partial, 0),
        ):
            layout.addWidget(widget, stretch)
        layout.addStretch(0)
        self.show_type(None)
        self.fetch.clicked.connect(self._want_settings)
        self.attribute_list.selectionModel().currentRowChanged.connect(self._attribute_chosen)
        self.value_search.searched.connect(self._search)

    def _make_attributes(self) -> QTableView:
        table = QTableView()
        set_up_table(table, "attribute_list", "Характеристики типа")
        table.setModel(self._attributes)
        table.horizontalHeader().hide()
        # Names are read first and stay whole; a long kind is cut at its end and is whole in the tooltip.
        table.horizontalHeader().setMaximumSectionSize(280)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.setMinimumHeight(ROW_HEIGHT * 3)
        return table

    def _make_description(self) -> QPlainTextEdit:
        """Some descriptions are half a page long: they scroll, so that the list keeps its height."""
        text = QPlainTextEdit()
        text.setObjectName("attribute_description")
        text.setAccessibleName("Описание характеристики")
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setFixedHeight(text.fontMetrics().lineSpacing() * 2 + 22)
        return text

    # --- type -------------------------------------------------------------------------------------------------------

    def show_type(self, type_: OzonType | None) -> None:
        """Show a type; the same type again only asks anew when its settings have changed."""
        if type_ is not None and type_ == self._type:
            return
        self._type, self._details = type_, None
        self.description.clear()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._show_parts(attributes=False, values=False)
        self.fetch.setVisible(type_ is not None and type_.settings_at is None and type_.usable)
        self.note.hide()
        set_role(self.title, "secondary" if type_ is None else "heading")
        if type_ is None:
            self.title.setText("Выберите тип товара, чтобы увидеть его характеристики")
        elif type_.settings_at is None:
            self.title.setText(f"{type_.name}: настройки не получены")
        else:
            self.title.setText(type_.name)
            service = self._context.application.catalog
            self._job = self._context.worker.run(service.type_details(type_.key), on_done=self._show_details, on_failed=self._failed)

    def _show_parts(self, *, attributes: bool, values: bool) -> None:
        self.attribute_list.setVisible(attributes)
        self.description.setVisible(attributes and bool(self.description.toPlainText()))
        for widget in (self.value_search, self.value_list, self.partial):
            widget.setVisible(values)

    def _show_details(self, details: TypeDetails) -> None:
        self._job = None
        if self._type is None or details.type.key != self._type.key:
            return
        self._details = details
        required = sum(attribute.is_required for attribute in details.attributes)
        total = wording.plural(len(details.attributes), "характеристика", "характеристики", "характеристик")
        of_them = wording.plural(required, "обязательная", "обязательные", "обязательных")
        self.title.setText(f"{details.type.name}: {total}, {of_them}")
        partial = frozenset(attribute_id for attribute_id, state in details.dictionaries.items() if state.partial)
        self._attributes.show_attributes(details.attributes, partial)
        self._show_parts(attributes=True, values=False)

    def _failed(self, error: object) -> None:
        self._job = None
        self.note.setText(self._context.explain(error).line)
        self.note.show()

    def _want_settings(self) -> None:
        if self._type is not None:
            self.settings_wanted.emit(self._type.key)

    # --- values -----------------------------------------------------------------------------------------------------

    def _attribute_chosen(self) -> None:
        attribute = self._attributes.row_at(self.attribute_list.currentIndex().row())
        dictionary = attribute is not None and attribute.has_dictionary
        self.description.setPlainText(attribute.description if attribute is not None else "")
        self._show_parts(attributes=self._details is not None, values=dictionary)
        self._values.show_rows(())
        if attribute is None or not dictionary:
            return
        self.value_search.setPlaceholderText(f"Найти значение: {attribute.name}")
        self.value_search.setAccessibleName(self.value_search.placeholderText())
        self._search(self.value_search.text())

    def _search(self, text: str) -> None:
        attribute = self._attributes.row_at(self.attribute_list.currentIndex().row())
        if attribute is None or self._type is None or not attribute.has_dictionary:
            return
        if self._search_job is not None:
            self._search_job.cancel()
        found = self._context.application.catalog.search_values(self._context.integration_id, self._type.key, attribute, text)
        self._search_job = self._context.worker.run(found, on_done=self._show_values, on_failed=self._values_failed)

    def _show_values(self, found: ValueSearch) -> None:
        self._search_job = None
        self._values.show_rows(found.values)
        text = wording.values_found_text(found=bool(found.values), partial=found.partial, online=found.online, offline=found.offline)
        self.partial.setText(text)
        self.partial.setVisible(bool(text))

    def _values_failed(self, error: object) -> None:
        self._search_job = None
        self.partial.setText(self._context.explain(error).line)
        self.partial.show()

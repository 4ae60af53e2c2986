"""«Категории Ozon»: the three buttons, the base categories to choose from, and why a button is disabled."""

from datetime import datetime

from PySide6.QtCore import QSortFilterProxyModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.domain.setup_guide import Action
from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.ui.integration.base_list_model import BaseListModel
from ozon_desktop.ui.integration.texts import gate_lines
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import Card, RowDelegate, SearchField, WrappedLabel
from ozon_desktop.wording import gate_text, number, when

SEARCH_FROM = 9
SAVE_AFTER_MS = 350
LIST_HEIGHT = 190
ACTIONS = {"fetch_base": Action.FETCH_BASE, "fetch_children": Action.FETCH_CHILDREN, "fetch_settings": Action.FETCH_SETTINGS}


class CategoriesCard(Card):
    """fetch_asked(Action) when a button is pressed; bases_chosen(frozenset of ids) shortly after the last check box.

    changes_asked: the manager wants to read again what the last refresh changed.
    """

    fetch_asked = Signal(object)
    bases_chosen = Signal(object)
    changes_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Категории Ozon", parent)
        self.fetched = WrappedLabel("", role="secondary")
        self.fetched.setObjectName("categories_fetched")
        self.changed = QPushButton()
        self.changed.setObjectName("show_changes")
        self.changed.hide()
        self.buttons: dict[Action, QPushButton] = {}
        for name, action in ACTIONS.items():
            button = QPushButton(gate_text(action))
            button.setObjectName(name)
            button.clicked.connect(self._clicked)
            self.buttons[action] = button
        self.model = BaseListModel(self)
        self.filtered = QSortFilterProxyModel(self)
        self.filtered.setSourceModel(self.model)
        self.filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.chosen_label = WrappedLabel("", role="label")
        self.all = QPushButton("Все")
        self.all.setObjectName("base_all")
        self.none = QPushButton("Ни одной")
        self.none.setObjectName("base_none")
        self.search = SearchField("Найти базовую категорию", name="base_search")
        self.list = QListView()
        self.list.setObjectName("base_list")
        self.chooser = QFrame()
        self.why = WrappedLabel("", role="secondary")
        self.why.setObjectName("why_disabled")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        for button in (self.all, self.none, self.changed):
            set_role(button, "link")
        self.list.setModel(self.filtered)
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setAccessibleName("Базовые категории, с которыми вы работаете")
        self.list.setFixedHeight(LIST_HEIGHT)
        self.list.setUniformItemSizes(True)
        set_role(self.list, "boxed")
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.chosen_label, 1)
        head.addWidget(self.all)
        head.addWidget(self.none)
        inside = QVBoxLayout(self.chooser)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        inside.addLayout(head)
        inside.addWidget(self.search)
        inside.addWidget(self.list)
        self.body.setSpacing(10)
        self.body.addWidget(self.fetched)
        self.body.addWidget(self.changed, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.buttons[Action.FETCH_BASE])
        self.body.addWidget(self.chooser)
        self.body.addWidget(self.buttons[Action.FETCH_CHILDREN])
        self.body.addWidget(self.buttons[Action.FETCH_SETTINGS])
        self.body.addWidget(self.why)

    def _connect(self) -> None:
        self.changed.clicked.connect(self.changes_asked)
        self.all.clicked.connect(self._check_all)
        self.none.clicked.connect(self._check_none)
        self.search.searched.connect(self.filtered.setFilterFixedString)
        self.model.selection_changed.connect(self._selection_changed)
        self._timer.timeout.connect(self._report_selection)

    def show_page(self, page: IntegrationPage, fetched: str, *, unsaved: bool) -> None:
        """Shows what is fetched and chosen. A choice that is not reported yet stays."""
        self.fetched.setText(fetched)
        waiting = self._timer.isActive()
        self.model.show_bases(page.bases, self.model.selected if waiting else page.integration.selected_base_ids)
        self.chooser.setVisible(bool(page.bases))
        self.search.setVisible(len(page.bases) >= SEARCH_FROM)
        self._show_count()
        self.show_gates(page, unsaved=unsaved)

    def show_changed(self, changed_at: datetime | None, now: datetime) -> None:
        """Offers the changes of the last refresh that had any; None = none had."""
        self.changed.setVisible(changed_at is not None)
        if changed_at is not None:
            self.changed.setText(f"Что изменилось {when(changed_at, now)}")

    def show_gates(self, page: IntegrationPage, *, unsaved: bool) -> None:
        """Enables the buttons that may be used, says in words what the others wait for, marks the next one."""
        for action, button in self.buttons.items():
            button.setEnabled(not page.missing.get(action))
        lines = gate_lines(page.missing, self.buttons, unsaved=unsaved)
        self.why.setText("\n".join(lines))
        self.why.setVisible(bool(lines))

    def flush(self) -> None:
        """Reports a choice at once that is still waiting."""
        if self._timer.isActive():
            self._timer.stop()
            self._report_selection()

    def _show_count(self) -> None:
        chosen, all_ = len(self.model.selected), self.model.rowCount()
        text = "Выбрано базовых категорий: {chosen} из {all}"
        self.chosen_label.setText(text.format(chosen=number(chosen), all=number(all_)))

    def _clicked(self) -> None:
        button = self.sender()
        self.flush()
        self.fetch_asked.emit(next(action for action, known in self.buttons.items() if known is button))

    def _check_all(self) -> None:
        self.model.set_all(True)

    def _check_none(self) -> None:
        self.model.set_all(False)

    def _selection_changed(self) -> None:
        self._show_count()
        self._timer.start()

    def _report_selection(self) -> None:
        self.bases_chosen.emit(self.model.selected)

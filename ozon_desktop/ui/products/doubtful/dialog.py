"""«Сомнительные значения»: each store text is asked about once, the answer is remembered; a second list shows the answers."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QTabWidget, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue, TypeKey
from ozon_desktop.domain.value_matching import DoubtfulValue
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.doubtful.answers_view import AnswersView
from ozon_desktop.ui.products.doubtful.model import BLOCKING, PRODUCTS, DoubtfulModel
from ozon_desktop.ui.products.fields.dictionary_editor import ValueLine
from ozon_desktop.ui.products.fields.values import CardValues
from ozon_desktop.ui.widgets import ColumnFitter, EmptyState, RowDelegate, WrappedLabel
from ozon_desktop.ui.widgets.number_delegate import NumberDelegate
from ozon_desktop.ui.widgets.tables import make_table
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog

NO_TYPE = TypeKey(0, 0)


class CandidateList(QListWidget):
    """Enter decides for the current line."""

    decided = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter, and the digits of the lines."""
        row = self.currentRow()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row >= 0:
            self.decided.emit(row)
        elif event.text().isdigit() and 1 <= int(event.text()) <= self.count():
            self.decided.emit(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)


class DoubtfulDialog(ToolDialog):
    """`decided` comes after every answer that was stored. key: a type to ask Ozon with where the dictionary belongs to none."""

    decided = Signal()

    def __init__(self, context: WindowContext, key: TypeKey | None, parent: QWidget | None = None) -> None:
        super().__init__(context, "doubtful", "Сомнительные значения", parent)
        self._key = key or NO_TYPE
        self._values = CardValues(context)
        self.set_hint("Стрелки выбирают значение магазина, цифры и Enter — значение Ozon. Ответ запоминается для всех товаров.")
        self.model = DoubtfulModel(self)
        self.table = make_table("doubtful_table", "Сомнительные значения")
        self.table.setModel(self.model)
        for column in (PRODUCTS, BLOCKING):
            self.table.setItemDelegateForColumn(column, NumberDelegate(self.table))
        ColumnFitter(self.table, self.model.widths, context.state, "doubtful")
        self.empty = EmptyState("Сомнительных значений нет: всё из магазина нашлось в справочниках Ozon.", name="none")
        self.question = WrappedLabel("", role="heading")
        self.question.setObjectName("doubtful_question")
        self.candidates = CandidateList()
        self.candidates.setObjectName("doubtful_candidates")
        self.candidates.setAccessibleName("Похожие значения Ozon")
        self.candidates.setItemDelegate(RowDelegate(self.candidates))
        set_role(self.candidates, "boxed")
        self.found = WrappedLabel("", role="hint")
        self._other_place = QVBoxLayout()
        self.other: ValueLine | None = None
        self.answers = AnswersView(context, self.integration_id)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("doubtful_tabs")
        self.tabs.setDocumentMode(True)
        self.decide_button = QPushButton("&Выбрать")
        self._lay_out()
        self.finish(self.decide_button, "doubtful_decide", 920, 560)
        self.decide_button.setToolTip("Enter")
        self.table.selectionModel().currentRowChanged.connect(self._show_value)
        self.table.activated.connect(self._to_candidates)
        self.candidates.decided.connect(self.decide_row)
        self.candidates.itemDoubleClicked.connect(self._decide_current)
        self.decide_button.clicked.connect(self._decide_current)
        self.answers.forgotten.connect(self._forgotten)
        self.tabs.currentChanged.connect(self.show_state)
        self.read()

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        for widget in (self.question, self.candidates):
            right.addWidget(widget)
        right.setStretch(1, 1)
        right.addLayout(self._other_place)
        right.addWidget(self.found)
        asked = QWidget()
        row = QHBoxLayout(asked)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.table, 3)
        row.addWidget(self.empty, 3)
        row.addLayout(right, 2)
        self.empty.hide()
        self.tabs.addTab(asked, "Решить")
        self.tabs.addTab(self.answers, "Решённые")
        self.body.addWidget(self.tabs, 1)

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        self.run(self.context.application.cards.field_rules.doubtful_values(self.integration_id), self._show)
        self.answers.read()

    def _show(self, values: list[DoubtfulValue]) -> None:
        self.ended()
        row = max(self.table.currentIndex().row(), 0)
        self.model.show_rows(tuple(values))
        self.heading.setText(f"Сомнительные значения: {wording.number(len(values))}")
        self.table.setVisible(bool(values))
        self.empty.setVisible(not values)
        if values:
            self.table.selectRow(min(row, len(values) - 1))
            if not self.candidates.hasFocus():
                self.table.setFocus()
        self._show_value(self.table.currentIndex())

    def _show_value(self, index: QModelIndex) -> None:
        value = self.model.row_at(index.row())
        self.candidates.clear()
        self.found.setText("")
        if self.other is not None:
            self._other_place.removeWidget(self.other)
            self.other.hide()
            self.other.deleteLater()
            self.other = None
        self.question.setText(f"Что значит «{value.text}»?" if value is not None else "")
        if value is not None:
            names = [candidate.value for candidate in value.candidates]
            self.candidates.addItems([f"{number}. {name}" for number, name in enumerate((*names, "Нет такого значения"), start=1)])
            self.candidates.setCurrentRow(0)
            self._make_search(value)
        self.show_state()

    def _make_search(self, value: DoubtfulValue) -> None:
        """A line for values that are not among the close ones."""
        number, name = value.attributes[0]
        key = value.dictionary.type_key or self._key
        self._values.key = key
        dependent = value.dictionary.type_key is not None
        attribute = Attribute(number, name, dictionary_id=value.dictionary.dictionary_id, category_dependent=dependent)
        line = ValueLine(attribute, self._values)
        line.setObjectName("doubtful_other")
        line.setPlaceholderText("Другое значение справочника…")
        line.setAccessibleName(f"Другое значение справочника «{name}»")
        line.picked.connect(self._picked)
        line.hinted.connect(self.found.setText)
        self._other_place.addWidget(line)
        self.other = line
        QWidget.setTabOrder(self.candidates, line)

    # --- answering --------------------------------------------------------------------------------------------------

    def decide_row(self, row: int) -> None:
        """Answer with a line of the candidates; the last one is «нет такого»."""
        value = self.model.row_at(self.table.currentIndex().row())
        if value is not None and not self.busy:
            self._decide(value, value.candidates[row] if row < len(value.candidates) else None)

    def _picked(self, answer: DictionaryValue) -> None:
        value = self.model.row_at(self.table.currentIndex().row())
        if value is not None and not self.busy:
            self._decide(value, answer)

    def _decide(self, value: DoubtfulValue, answer: DictionaryValue | None) -> None:
        service = self.context.application.cards.field_rules
        self.run(service.decide_value(self.integration_id, value.dictionary, value.text, answer), self._stored)

    def _stored(self, _: object) -> None:
        self.ended()
        self.decided.emit()
        self.read()

    def _forgotten(self) -> None:
        self.decided.emit()
        self.read()

    def _decide_current(self, *_: object) -> None:
        self.decide_row(self.candidates.currentRow())

    def _to_candidates(self, _: QModelIndex) -> None:
        self.candidates.setFocus()

    def show_state(self, *_: object) -> None:
        """The button is for the first tab."""
        asked = self.tabs.currentIndex() == 0
        self.decide_button.setVisible(asked)
        self.decide_button.setEnabled(self.candidates.count() > 0 and not self.busy)

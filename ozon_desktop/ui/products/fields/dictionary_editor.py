"""Editors of additional fields whose values are looked up: a line with a list of found values, one value or several."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLabel, QLineEdit, QListView, QPushButton, QSizePolicy, QToolButton, QWidget

from ozon_desktop.domain.field_values import Values, value_limit
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.services.catalog.view import ValueSearch
from ozon_desktop.ui.products.fields.colours import SIDE, ColourModel, shows_colours, swatch
from ozon_desktop.ui.products.fields.editors import FieldEditor
from ozon_desktop.ui.widgets.flow_layout import FlowLayout
from ozon_desktop.ui.widgets.value_model import ValueModel
from ozon_desktop.ui.worker import Job
from ozon_desktop.wording import values_found_text

DEBOUNCE_MS = 150
SHOWN_ROWS = 10


class ValueSource(Protocol):
    """Where values of dictionaries are looked up, offline and (when the dictionary is partial) at Ozon."""

    arrow: QIcon

    def search(
        self, attribute: Attribute, text: str, on_done: Callable[[ValueSearch], object], on_failed: Callable[[object], object]
    ) -> Job | None:
        """Start a search; the callbacks are bound methods of QObjects."""


class ValueLine(QLineEdit):
    """A line that looks values up while one types. `picked` carries the DictionaryValue; `hinted` a text about the list."""

    picked = Signal(object)
    hinted = Signal(str)

    def __init__(self, attribute: Attribute, source: ValueSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attribute, self._source = attribute, source
        self._model: ValueModel | None = None
        self._completer: QCompleter | None = None
        self._popup: QListView | None = None
        self._timer: QTimer | None = None
        self._job: Job | None = None
        self.setPlaceholderText("Начните вводить…")
        self.addAction(source.arrow, QLineEdit.ActionPosition.TrailingPosition).triggered.connect(self.open_list)
        for button in self.findChildren(QToolButton):
            # Qt's button of the action takes no name from it.
            button.setAccessibleName("Открыть список")
        self.textEdited.connect(self._edited)

    def open_list(self) -> None:
        """Show the first values of the dictionary."""
        self.setFocus()
        self._search("")

    def match(self, text: str) -> DictionaryValue | None:
        """The value of the last list that is exactly this text, ignoring case and ё/е."""
        wanted = fold(text)
        found = self._model.rows if self._model is not None else ()
        return next((value for value in found if fold(value.value) == wanted), None)

    @property
    def listing(self) -> bool:
        """Whether the list of values is open: Enter and Tab may be about its current value.

        Qt: the line gets these keys before the list does, so its text is still the fragment that was searched for. Whoever takes the
        text as a value waits for the next turn of the event loop: by then `picked` has come, or nothing was chosen.
        """
        return self._popup is not None and self._popup.isVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_F4} and not self.isReadOnly():
            self._search(self.text() if self.isModified() else "")
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Qt: a double click selects all, so that a name of several words is replaced at once."""
        self.selectAll()

    def _edited(self, text: str) -> None:
        if self._timer is None:
            self._timer = QTimer(self)
            self._timer.setSingleShot(True)
            self._timer.setInterval(DEBOUNCE_MS)
            self._timer.timeout.connect(self._search_typed)
        if text.strip():
            self._timer.start()
        else:
            self._timer.stop()

    def _search_typed(self) -> None:
        self._search(self.text().strip())

    def _search(self, text: str) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self._source.search(self._attribute, text, self.show_found, self.show_failure)

    def show_found(self, found: ValueSearch) -> None:
        self._job = None
        if self._completer is None:
            self._make_completer()
        assert self._model is not None
        assert self._completer is not None
        assert self._popup is not None
        self._model.show_rows(found.values)
        self.hinted.emit(values_found_text(found=bool(found.values), partial=found.partial, online=found.online, offline=found.offline))
        if self.hasFocus() and found.values:
            self._completer.complete()
        else:
            self._popup.hide()

    def show_failure(self, error: object) -> None:
        """The search itself failed: say it under the field."""
        self._job = None
        self.hinted.emit(f"Найти не удалось: {error}")

    def _make_completer(self) -> None:
        # Made at the first search: a card has dozens of such lines and few are ever opened.
        self._model = ColourModel(self) if shows_colours(self._attribute) else ValueModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(SHOWN_ROWS)
        popup = QListView()
        popup.setObjectName("value_popup")
        popup.setAccessibleName("Значения справочника")
        completer.setPopup(popup)
        self._popup = popup
        # Not QLineEdit.setCompleter: it would open the list of the previous search at every key.
        completer.setWidget(self)
        picked: SignalInstance = completer.activated[QModelIndex]  # type: ignore[index]  # the stubs lack overloads of signals
        picked.connect(self._picked)
        self._completer = completer

    def _picked(self, index: QModelIndex) -> None:
        assert self._model is not None
        value = self._model.row_at(index.row())
        if value is not None:
            self.picked.emit(value)


class DictionaryEditor(FieldEditor):
    """One value of a dictionary. A text that is not in it is kept, and Ozon's refusal is shown before sending."""

    hinted = Signal(str)

    def __init__(self, attribute: Attribute, source: ValueSource, parent: QWidget | None = None) -> None:
        super().__init__(attribute, parent)
        self._values: Values = ()
        self._line = ValueLine(attribute, source)
        self._swatch: QAction | None = None
        self.add_control(self._line)
        self._line.picked.connect(self._picked)
        self._line.editingFinished.connect(self._finished)
        self._line.textEdited.connect(self._edited)
        self._line.hinted.connect(self.hinted)

    def values(self) -> Values:
        """The value, with the id 0 while the text is not one of the dictionary."""
        return self._values

    def set_values(self, values: Values) -> None:
        text = values[0][1] if values else ""
        if values[:1] == self._values and text == self._line.text():
            return
        self._values = values[:1]
        self._line.setText(text)
        self._line.setCursorPosition(0)
        self._show_swatch()

    def _picked(self, value: DictionaryValue) -> None:
        self.set_values(((value.id, value.value),))
        self.changed.emit()

    def _edited(self, text: str) -> None:
        self._take(text)

    def _finished(self) -> None:
        if self._line.listing:
            QTimer.singleShot(0, self, self._take_match)
        else:
            self._take_match()

    def finish(self) -> None:
        self._take_match()

    def _take_match(self) -> None:
        found = self._line.match(self._line.text()) if self._values and not self._values[0][0] else None
        if found is not None:
            self._picked(found)

    def _take(self, text: str) -> None:
        values: Values = ((0, text.strip()),) if text.strip() else ()
        if values != self._values:
            self._values = values
            self._show_swatch()
            self.changed.emit()

    def _show_swatch(self) -> None:
        if not shows_colours(self.attribute):
            return
        icon = swatch(self._values[0][1]) if self._values else QIcon()
        if self._swatch is not None:
            self._line.removeAction(self._swatch)
        self._swatch = None if icon.isNull() else self._line.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)


class MultiEditor(FieldEditor):
    """Several values as chips that can be removed, and a line to add one: from the dictionary, or free text."""

    hinted = Signal(str)
    wide = True

    def __init__(self, attribute: Attribute, source: ValueSource, remove_icon: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(attribute, parent)
        self._values: Values = ()
        # Typed texts that are no values of the dictionary, as long as they may be the beginning of a choice.
        self._fragments: set[str] = set()
        self._remove_icon = remove_icon
        self._limit = value_limit(attribute)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, spacing=6)
        policy = self._chips.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        self._chips.setSizePolicy(policy)
        self._chips.hide()
        self.column.addWidget(self._chips)
        self._line: QLineEdit
        if attribute.has_dictionary:
            line = ValueLine(attribute, source)
            line.picked.connect(self._picked)
            line.hinted.connect(self.hinted)
            self._line = line
        else:
            self._line = QLineEdit()
            self._line.setPlaceholderText("Введите и нажмите Enter")
        self._placeholder = self._line.placeholderText()
        self._line.editingFinished.connect(self._finished)
        self.add_control(self._line)

    def values(self) -> Values:
        return self._values

    def set_values(self, values: Values) -> None:
        self._line.clear()
        if values != self._values:
            self._values = values
            self._fragments.clear()
            self._show_chips()

    def chips(self) -> list[QPushButton]:
        """The buttons of the values; pressing one removes its value."""
        items = (self._flow.itemAt(number) for number in range(self._flow.count()))
        widgets = [widget for item in items if item is not None and (widget := item.widget()) is not None]
        return [widget if isinstance(widget, QPushButton) else widget.findChildren(QPushButton)[0] for widget in widgets]

    def _picked(self, value: DictionaryValue) -> None:
        chosen = fold(value.value)
        searched = {text for text in self._fragments if text in chosen}
        self._values = tuple(pair for pair in self._values if pair[0] or fold(pair[1]) not in searched)
        self._fragments -= searched
        self._add((value.id, value.value))
        if searched:
            self._show_chips()
            self.changed.emit()

    def _finished(self) -> None:
        if isinstance(self._line, ValueLine) and self._line.listing:
            QTimer.singleShot(0, self, self._take_typed)
        else:
            self._take_typed()

    def finish(self) -> None:
        # A beginning that is still being chosen for is no value.
        line = self._line
        if not isinstance(line, ValueLine) or not line.listing or line.match(line.text().strip()) is not None:
            self._take_typed()

    def _take_typed(self) -> None:
        text = self._line.text().strip()
        if not text:
            return
        found = self._line.match(text) if isinstance(self._line, ValueLine) else None
        if found is None and self.attribute.has_dictionary:
            self._fragments.add(fold(text))
        self._add((found.id, found.value) if found is not None else (0, text))

    def _add(self, pair: tuple[int, str]) -> None:
        self._line.clear()
        known = {fold(text) for _, text in self._values}
        if fold(pair[1]) in known or (self._limit and len(self._values) >= self._limit):
            return
        self._values = (*self._values, pair)
        self._show_chips()
        self.changed.emit()

    def _remove(self) -> None:
        chip = self.sender()
        text = chip.property("value") if chip is not None else None
        self._values = tuple(pair for pair in self._values if pair[1] != text)
        self._show_chips()
        self._line.setFocus()
        self.changed.emit()

    def _show_chips(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        coloured = shows_colours(self.attribute)
        for _, text in self._values:
            chip = self._chip(text)
            self._flow.addWidget(self._with_swatch(chip, text) if coloured and not swatch(text).isNull() else chip)
        self._chips.setVisible(bool(self._values))
        full = bool(self._limit) and len(self._values) >= self._limit
        self._line.setReadOnly(full)
        self._line.setPlaceholderText(f"не больше {self._limit}" if full else self._placeholder)
        self._chips.updateGeometry()

    def _with_swatch(self, chip: QPushButton, text: str) -> QWidget:
        """The chip's own icon is the cross, so the square stands before it."""
        pair, square = QWidget(), QLabel()
        square.setPixmap(swatch(text).pixmap(SIDE, SIDE))
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(square)
        row.addWidget(chip)
        return pair

    def _chip(self, text: str) -> QPushButton:
        chip = QPushButton(self._remove_icon, text)
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setProperty("value", text)
        chip.setAutoDefault(False)
        chip.setToolTip(f"Убрать значение «{text}»")
        chip.setAccessibleName(f"Убрать значение «{text}»")
        chip.clicked.connect(self._remove)
        return chip

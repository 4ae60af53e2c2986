"""Right card beside the groups: the types offered for one category, what speaks for and against each, and some of its products."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.groups.board import Candidate, GroupBoard
from ozon_desktop.ui.widgets import Card, WrappedLabel
from ozon_desktop.ui.widgets.labels import fixed_label
from ozon_desktop.wording.mapping_groups import products_text

MOST, SHOWN = 5, 6
"""Types, and products, shown of a category."""


class CandidateButton(QPushButton):
    """A type that can be chosen, with its reasons below its name."""

    def __init__(self, digit: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"candidate_{digit}")
        self.setCheckable(True)
        set_role(self, "option")
        self.digit = fixed_label(str(digit), role="secondary")
        self.name = WrappedLabel("", role="cabinet-name")
        self.place, self.reasons = WrappedLabel("", role="hint"), WrappedLabel("", role="hint")
        self.against = WrappedLabel("", role="attention")
        self._layout = layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(10)
        layout.addWidget(self.digit, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        for label in (self.name, self.place, self.reasons, self.against):
            column.addWidget(label)
        layout.addLayout(column, 1)
        for widget in self.findChildren(QLabel):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_candidate(self, candidate: Candidate) -> None:
        self.name.setText(candidate.path[-1])
        self.place.setText(" / ".join(candidate.path[:-1]))
        self.reasons.setText("за: " + "; ".join(candidate.reasons))
        self.against.setText(f"против: {candidate.against}" if candidate.against else "")
        self.against.setVisible(bool(candidate.against))
        self.setChecked(candidate.chosen)
        said = (self.digit.text(), self.name.text(), self.reasons.text(), self.against.text())
        self.setAccessibleName(". ".join(text for text in said if text))
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        return self._layout.totalHeightForWidth(width)

    def sizeHint(self) -> QSize:
        return self._layout.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return QSize(self._layout.totalMinimumSize().width(), self.heightForWidth(self.width()))


class DetailsCard(Card):
    """chosen(digit): a type was clicked."""

    chosen = Signal(int)
    find_wanted = Signal()
    parts_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("suggestion_details")
        self.set_heading("Категория магазина")
        self.place = WrappedLabel("", role="hint")
        self.asked = WrappedLabel("Что говорит за каждый", role="label")
        self.candidates = [CandidateButton(digit) for digit in range(1, MOST + 1)]
        self.find_button = QPushButton("Другой тип   Ctrl+K")
        self.find_button.setObjectName("find_other_type")
        self.find_button.setAccessibleName("Найти другой тип")
        self.parts_button = QPushButton("Разделить товары…")
        self.parts_button.setObjectName("different_types")
        self.parts_button.setToolTip("Разные типы для части товаров: по значению свойства")
        self.goods_title = WrappedLabel("Товары категории", role="label")
        self.goods = [WrappedLabel("") for _ in range(SHOWN)]
        self.more = WrappedLabel("", role="hint")
        self._lay_out()
        for digit, button in enumerate(self.candidates, 1):
            button.clicked.connect(partial(self._choose, digit))
        self.find_button.clicked.connect(self.find_wanted)
        self.parts_button.clicked.connect(self.parts_wanted)

    def _lay_out(self) -> None:
        content = QWidget()
        content.setObjectName("scrolled")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        column.addWidget(self.place)
        column.addWidget(self.asked)
        for button in self.candidates:
            column.addWidget(button)
        column.addWidget(self.goods_title)
        for label in self.goods:
            column.addWidget(label)
        column.addWidget(self.more)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(content)
        self.body.addWidget(self.area, 1)
        self.body.addWidget(self.parts_button)
        self.body.addWidget(self.find_button)

    def show_category(self, board: GroupBoard, category_id: str) -> None:
        """What is known of one category; "" = none is chosen."""
        candidates = board.candidates(category_id)[:MOST] if category_id else []
        name, place = board.heading(category_id) if category_id else ("Категория не выбрана", "")
        self.set_heading(name)
        self.place.setText(place)
        self.asked.setVisible(bool(candidates))
        for button, candidate in zip(self.candidates, candidates, strict=False):
            button.show_candidate(candidate)
        for number, button in enumerate(self.candidates):
            button.setVisible(number < len(candidates))
        goods = board.goods(category_id)
        self.goods_title.setVisible(goods.products > 0)
        lines = [f"{article}   {name}" if article else name for article, name in goods.sample][:SHOWN]
        for number, label in enumerate(self.goods):
            label.setText(lines[number] if number < len(lines) else "")
            label.setVisible(number < len(lines))
        left = goods.products - len(lines)
        self.more.setText(f"и ещё {products_text(left)}" if left > 0 else "")
        for widget in (self.find_button, self.parts_button):
            widget.setEnabled(bool(category_id))
        self.parts_button.setVisible(goods.products > 1)

    def show_possible(self, possible: bool) -> None:
        """Without a mapping that may be changed nothing can be chosen."""
        for button in self.candidates:
            button.setEnabled(possible)

    def _choose(self, digit: int) -> None:
        self.chosen.emit(digit)

"""Chips of «Загрузить карточки с Ozon»: a kind of the report each, with its count; one is on."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.products.adoption.model import Kind, kind_words
from ozon_desktop.ui.widgets import FlowLayout
from ozon_desktop.ui.widgets.keys import KeyActions


class KindChips(QWidget):
    """`chosen` carries the Kind whose chip was switched on."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Что показать")
        self.chips: dict[Kind, QPushButton] = {}
        self._group = QButtonGroup(self)
        flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for kind in Kind:
            chip = QPushButton()
            chip.setObjectName(f"kind_{kind.value}")
            chip.setCheckable(True)
            chip.setAutoDefault(False)
            chip.setToolTip(kind_words(kind)[1])
            keys = KeyActions(chip)
            keys.on(frozenset({Qt.Key.Key_Left, Qt.Key.Key_Up}), partial(self._step, -1))
            keys.on(frozenset({Qt.Key.Key_Right, Qt.Key.Key_Down}), partial(self._step, 1))
            flow.addWidget(chip)
            self._group.addButton(chip)
            self.chips[kind] = chip
        self.show_counts({})
        self.choose(Kind.MATCHED)
        self._group.buttonToggled.connect(self._toggled)

    @property
    def kind(self) -> Kind:
        return next(kind for kind, chip in self.chips.items() if chip.isChecked())

    def choose(self, kind: Kind) -> None:
        self.chips[kind].setChecked(True)
        self._mark_tab_stop()

    def show_counts(self, counts: Mapping[Kind, int]) -> None:
        """«Под вопросом · 5»."""
        for kind, chip in self.chips.items():
            chip.setText(f"{kind_words(kind)[0]} · {wording.number(counts.get(kind, 0))}")
            chip.setAccessibleName(chip.text())

    def sizeHint(self) -> QSize:
        """One line; layouts ask for the height at the width they give. The layout's own answer would be a line for each chip."""
        chip = self.chips[Kind.MATCHED].sizeHint() if self.chips else QSize()
        return QSize(super().sizeHint().width(), chip.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _mark_tab_stop(self) -> None:
        """Tab stops at the chip that is on; arrows go on from there."""
        for chip in self.chips.values():
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chip.isChecked() else Qt.FocusPolicy.ClickFocus)

    def _step(self, by: int) -> None:
        kinds = list(Kind)
        kind = kinds[(kinds.index(self.kind) + by) % len(kinds)]
        self.choose(kind)
        self.chips[kind].setFocus()

    def _toggled(self, chip: object, on: bool) -> None:
        if on:
            self._mark_tab_stop()
            self.chosen.emit(self.kind)

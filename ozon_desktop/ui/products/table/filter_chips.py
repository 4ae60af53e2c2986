"""Chips above the table: all, ready, with errors, and the most frequent reasons with their counts."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QMenu, QPushButton, QSizePolicy, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import ProblemCode
from ozon_desktop.ui.products.table.product_table_model import Readiness, Reason
from ozon_desktop.ui.widgets.flow_layout import FlowLayout

REASONS_AT_MOST = 4
"""Reasons with a chip of their own; the others are in the menu of the last one."""


class FilterChips(QWidget):
    """One chip is on at a time. `chosen` carries (Readiness, frozenset of reasons)."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._filters: list[tuple[QPushButton, Readiness, frozenset[Reason]]] = []
        self._fixed = [
            (self._chip("chip_all", Readiness.ALL), "Все {0}"),
            (self._chip("chip_ready", Readiness.READY), "Готовы {0}"),
            (self._chip("chip_errors", Readiness.ERRORS), "С ошибками {0}"),
            (self._chip("chip_refused", Readiness.REFUSED), "Ozon отклонил {0}"),
        ]
        self._refused = self._fixed[-1][0]
        self._refused.setToolTip("Карточки, к которым у Ozon есть ошибки: их нельзя продавать, пока ошибки не исправлены")
        self._refused.hide()
        self._texts: list[str] = []
        self._grouped: dict[str, dict[Reason, int]] = {}
        self._counts: dict[str, int] = {}
        self._rare: list[str] = []
        self._remarks: list[str] = []
        self._rare_chosen = ""
        self.more = QPushButton()
        self.more.setObjectName("chip_more")
        self.more.setCheckable(True)
        self.more.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.menu = QMenu(self.more)
        self.menu.triggered.connect(self._more_chosen)
        self.more.clicked.connect(self._open_more)
        self._group.addButton(self.more)
        self._flow.addWidget(self.more)
        self.more.hide()
        self._fixed[0][0].setChecked(True)
        self._mark_tab_stop()
        self._group.buttonClicked.connect(self._clicked)

    def show_counts(
        self,
        total: int,
        ready: int,
        errors: int,
        reasons: Sequence[tuple[ProblemCode, str, int]],
        count: Callable[[frozenset[Reason]], int],
        *,
        refused: int = 0,
        warnings: Sequence[tuple[ProblemCode, str, int]] = (),
    ) -> None:
        """Show the numbers. `count` gives how many cards have any of some reasons, for chips that stand for several.

        refused: cards that Ozon has a blocking error for; warnings: what does not hold cards back, it is in the menu only.
        """
        for (chip, text), number in zip(self._fixed, (total, ready, errors, refused), strict=True):
            chip.setText(text.format(wording.number(number)))
        if not refused and self._refused.isChecked():
            self.choose(Readiness.ALL)
        self._refused.setVisible(bool(refused))
        grouped: dict[str, dict[Reason, int]] = {}
        for code, field, number in (*reasons, *warnings):
            grouped.setdefault(reason_label(code, field), {})[(code, field)] = number
        counts = {text: next(iter(found.values())) if len(found) == 1 else count(frozenset(found)) for text, found in grouped.items()}
        remarks = {reason_label(code, field) for code, field, _ in warnings}
        by_count = sorted(counts, key=lambda text: -counts[text])
        held_by = [text for text in by_count if text not in remarks]
        shown = held_by[:REASONS_AT_MOST]
        self._grouped, self._counts = grouped, counts
        self._show_more(held_by[REASONS_AT_MOST:], [text for text in by_count if text in remarks])
        if shown != self._texts:
            self._rebuild(shown, {text: frozenset(grouped[text]) for text in shown})
        for text, (chip, _, _) in zip(shown, self._filters[len(self._fixed) :], strict=True):
            chip.setText(f"{text} — {wording.number(counts[text])}")
            chip.setAccessibleName(chip.text())

    def _show_more(self, texts: list[str], remarks: list[str]) -> None:
        """The rarer reasons, and below them what does not hold cards back; the one chosen there stands on the chip itself."""
        self._rare, self._remarks = texts, remarks
        if self._rare_chosen not in {*texts, *remarks}:
            self._rare_chosen = ""
        if not texts and not remarks and self.more.isChecked():
            self.choose(Readiness.ALL)
        self.more.setVisible(bool(texts or remarks))
        self._name_more()
        self.menu.clear()
        for text in texts:
            self._add_to_menu(text)
        if texts and remarks:
            self.menu.addSeparator()
        for text in remarks:
            self._add_to_menu(text)

    def _add_to_menu(self, text: str) -> None:
        action = self.menu.addAction(f"{text} — {wording.number(self._counts[text])}".replace("&", "&&"))
        action.setData(text)

    def _name_more(self) -> None:
        chosen = self._rare_chosen
        all_of_them = "Другие причины: {0} ▾" if self._rare else "Замечания: {0} ▾"
        number = wording.number(len(self._rare or self._remarks))
        self.more.setText(f"{chosen} — {wording.number(self._counts[chosen])} ▾" if chosen else all_of_them.format(number))
        self.more.setAccessibleName(self.more.text())

    def _open_more(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _more_chosen(self, action: QAction) -> None:
        self._rare_chosen = str(action.data())
        self._name_more()
        self.more.setChecked(True)
        self._mark_tab_stop()
        self.chosen.emit(Readiness.ALL, frozenset(self._grouped[self._rare_chosen]))

    def choose(self, readiness: Readiness) -> None:
        """Switch one of the first three chips on."""
        chip = next(chip for chip, value, reasons in self._filters if value is readiness and not reasons)
        chip.setChecked(True)
        self._clicked(chip)

    def _rebuild(self, texts: list[str], reasons: dict[str, frozenset[Reason]]) -> None:
        old = zip(self._texts, self._filters[len(self._fixed) :], strict=True)
        chosen = next((text for text, (chip, _, _) in old if chip.isChecked()), None)
        for chip, _, _ in self._filters[len(self._fixed) :]:
            self._group.removeButton(chip)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        del self._filters[len(self._fixed) :]
        self._texts = texts
        for number, text in enumerate(texts):
            self._chip(f"chip_reason_{number}", Readiness.ALL, reasons[text]).setChecked(text == chosen)
        if chosen is not None and chosen not in texts:
            self.choose(Readiness.ALL)
        self._mark_tab_stop()
        self.updateGeometry()

    def _chip(self, name: str, readiness: Readiness, reasons: frozenset[Reason] = frozenset()) -> QPushButton:
        chip = QPushButton()
        chip.setObjectName(name)
        chip.setCheckable(True)
        self._group.addButton(chip)
        self._flow.insert(len(self._filters), chip)
        if self._filters:
            QWidget.setTabOrder(self._filters[-1][0], chip)
        self._filters.append((chip, readiness, reasons))
        return chip

    def _mark_tab_stop(self) -> None:
        """Tab stops at the chip that is on; arrows go on from there."""
        for chip in (*(chip for chip, _, _ in self._filters), self.more):
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chip.isChecked() else Qt.FocusPolicy.ClickFocus)

    def _clicked(self, clicked: object) -> None:
        self._mark_tab_stop()
        if clicked is self.more:
            # Without a reason chosen in its menu it stands for all of them.
            texts = [self._rare_chosen] if self._rare_chosen else self._rare or self._remarks
            self.chosen.emit(Readiness.ALL, frozenset(reason for text in texts for reason in self._grouped[text]))
            return
        if self._rare_chosen:
            self._rare_chosen = ""
            self._name_more()
        for chip, readiness, reasons in self._filters:
            if chip is clicked:
                self.chosen.emit(readiness, reasons)


def reason_label(code: ProblemCode, field: str) -> str:
    """A reason in two or three words: «нет бренда»; the three sides of the package are one reason."""
    return _reason_words(field)[code]


def _reason_words(field: str) -> dict[ProblemCode, str]:
    return {
        ProblemCode.NO_CATEGORY: "вне категорий",
        ProblemCode.NOT_MAPPED: "нет соответствия",
        ProblemCode.TYPE_DISABLED: "тип отключён",
        ProblemCode.TYPE_GONE: "тип удалён",
        ProblemCode.SETTINGS_MISSING: "нет настроек типа",
        ProblemCode.OTHER_LIST: "список другого типа",
        ProblemCode.PACKAGE_DOUBTFUL: "непонятные размеры",
        ProblemCode.DIMENSION_MISSING: "нет габаритов",
        ProblemCode.DIMENSION_TOO_BIG: "слишком большие габариты",
        ProblemCode.WEIGHT_MISSING: "нет веса",
        ProblemCode.WEIGHT_TOO_BIG: "слишком большой вес",
        ProblemCode.DENSITY: "вес не подходит к размерам",
        ProblemCode.NAME_EMPTY: "нет названия",
        ProblemCode.NAME_TOO_LONG: "длинное название",
        ProblemCode.OFFER_ID_EMPTY: "нет артикула",
        ProblemCode.OFFER_ID_TOO_LONG: "длинный артикул",
        ProblemCode.OFFER_ID_DUPLICATE: "артикул повторяется",
        ProblemCode.PRICE_MISSING: "нет цены",
        ProblemCode.PRICE_NOT_POSITIVE: "цена не больше нуля",
        ProblemCode.PRICE_TOO_BIG: "слишком большая цена",
        ProblemCode.PRICE_TOO_FINE: "цена точнее копейки",
        ProblemCode.OLD_PRICE: "цена до скидки не подходит",
        ProblemCode.CURRENCY: "не та валюта",
        ProblemCode.VAT_NOT_ACCEPTED: "ставка НДС",
        ProblemCode.PICTURE_MISSING: "нет фотографии",
        ProblemCode.BARCODE_FORM: "штрихкод не EAN",
        ProblemCode.BARCODE_TOO_LONG: "длинный штрихкод",
        ProblemCode.BARCODE_DUPLICATE: "штрихкод повторяется",
        ProblemCode.NOT_IN_DICTIONARY: f"не из справочника: {field}",
        ProblemCode.NOT_YES_OR_NO: f"не «да» и не «нет»: {field}",
        ProblemCode.NOT_A_NUMBER: f"не число: {field}",
        ProblemCode.NOT_A_LINK: f"не адрес: {field}",
        ProblemCode.VALUE_TOO_LONG: f"длинное значение: {field}",
        ProblemCode.TOO_MANY_VALUES: f"лишние значения: {field}",
        ProblemCode.REQUIRED_EMPTY: "нет бренда" if field.casefold().startswith("бренд") else f"не заполнено: {field}",
    }

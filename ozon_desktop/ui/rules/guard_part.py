"""The tab «Защита от резких изменений»: a sentence for one price and one for many, with their numbers in them."""

from dataclasses import replace
from decimal import Decimal

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from ozon_desktop.domain.price_rules import MARKUP_LIMIT, GuardLimits
from ozon_desktop.ui.look.theme import repolish
from ozon_desktop.ui.rules.numbers import ShortLine, decimal_of, text_of, whole_of
from ozon_desktop.ui.rules.part import RulesPart
from ozon_desktop.ui.widgets import Card, FlowLayout, WrappedLabel
from ozon_desktop.ui.widgets.labels import fixed_label


class GuardPart(RulesPart):
    """On or off, and when it stops prices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = GuardLimits()
        self.active = QCheckBox("Останавливать отправку цен, если слишком многие сильно меняются")
        self.active.setObjectName("guard_active")
        self.share = ShortLine("guard_share", "Больше скольких процентов цен", digits=4)
        self.change = ShortLine("guard_change", "Больше чем на сколько процентов", digits=4)
        self.least = ShortLine("guard_least", "Не меньше скольких товаров", digits=4)
        self.single = ShortLine("guard_single", "Одна цена: больше чем на сколько процентов", digits=4)
        self.fault_label = WrappedLabel("", role="error")
        self.fault_label.setObjectName("guard_fault")
        card = Card("Защита от резких изменений")
        sentence = FlowLayout(spacing=6)
        sentence.addWidget(_phrase("Цены ждут подтверждения, если больше", self.share, "% цен"))
        sentence.addWidget(_phrase("меняются больше чем на", self.change, "%,"))
        sentence.addWidget(_phrase("и таких товаров не меньше", self.least))
        one = FlowLayout(spacing=6)
        one.addWidget(_phrase("Одна цена ждёт решения, если меняется больше чем на", self.single, "%"))
        card.body.addLayout(one)
        card.body.addWidget(self.active)
        card.body.addLayout(sentence)
        card.body.addWidget(self.fault_label)
        hint = (
            "Так ошибка в магазине — пропавший ноль, другой тип цен — не уйдёт на Ozon. Остановленные цены видны в списке изменений и "
            "отправляются после подтверждения на странице «Синхронизация»; карточки и остатки отправляются как обычно."
        )
        card.body.addWidget(WrappedLabel(hint, role="hint"))
        self.column.addWidget(card)
        self.column.addStretch(1)
        self.active.toggled.connect(self._edited)
        for line in self._lines:
            line.textEdited.connect(self._edited)

    @property
    def _lines(self) -> tuple[ShortLine, ...]:
        return self.single, self.share, self.change, self.least

    def show_guard(self, limits: GuardLimits) -> None:
        self._shown = limits
        blocked = self.active.blockSignals(True)
        self.active.setChecked(limits.active)
        self.active.blockSignals(blocked)
        self.single.setText(text_of(limits.single))
        self.share.setText(text_of(limits.share))
        self.change.setText(text_of(limits.change))
        self.least.setText(text_of(limits.at_least))
        self._show_use()
        self.fault()

    def limits(self) -> GuardLimits:
        """The limits as they stand; where no fitting number is entered, the usual one."""
        usual = GuardLimits()
        single = self._single()
        share, change, least = self._numbers()
        return replace(
            self._shown,
            single=usual.single if single is None else single,
            share=usual.share if share is None else share,
            change=usual.change if change is None else change,
            at_least=usual.at_least if least is None else least,
            active=self.active.isChecked(),
        )

    def _single(self) -> Decimal | None:
        """What is entered for one price; None where it does not fit."""
        single = decimal_of(self.single.text())
        return single if single is not None and 0 <= single <= MARKUP_LIMIT else None

    def _numbers(self) -> tuple[Decimal | None, Decimal | None, int | None]:
        """What is entered, None where it does not fit."""
        share, change, least = decimal_of(self.share.text()), decimal_of(self.change.text()), whole_of(self.least.text())
        return (
            share if share is not None and 0 <= share <= Decimal(100) else None,
            change if change is not None and 0 <= change <= MARKUP_LIMIT else None,
            least or None,
        )

    def state(self) -> object:
        return self.active.isChecked(), self.single.text(), self.share.text(), self.change.text(), self.least.text()

    def fault(self) -> QWidget | None:
        """Says what is wrong, and gives the first line to correct."""
        share, change, least = self._numbers()
        wrong: dict[ShortLine, str] = {}
        if self._single() is None:
            wrong[self.single] = "Изменение одной цены — число от 0 до 1000 %."
        if self.active.isChecked():
            for line, number, text in (
                (self.share, share, "Доля цен — число от 0 до 100 %."),
                (self.change, change, "Изменение цены — число от 0 до 1000 %."),
                (self.least, least, "Товаров — целое число, не меньше одного."),
            ):
                if number is None:
                    wrong[line] = text
        for line in self._lines:
            state = "error" if line in wrong else ""
            if line.property("state") != state:
                line.setProperty("state", state)
                repolish(line)
            line.setAccessibleDescription(wrong.get(line, ""))
        self.fault_label.setText(" ".join(wrong.values()))
        self.fault_label.setVisible(bool(wrong))
        return next(iter(wrong), None)

    def _show_use(self) -> None:
        for line in (self.share, self.change, self.least):
            line.setEnabled(self.active.isChecked())

    def _edited(self, *_: object) -> None:
        self._show_use()
        self.fault()
        self.changed.emit()


def _phrase(before: str, line: ShortLine, after: str = "") -> QWidget:
    """A piece of the sentence that stays on one line."""
    phrase = QWidget()
    row = QHBoxLayout(phrase)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    label = fixed_label(before)
    label.setBuddy(line)
    row.addWidget(label)
    row.addWidget(line)
    if after:
        row.addWidget(fixed_label(after))
    return phrase

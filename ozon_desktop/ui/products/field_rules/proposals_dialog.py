"""«Предложить правила»: what could fill the fields of a category, with samples; nothing is a rule before it is accepted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.rule_proposals import RuleProposal
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.field_rules.proposal_model import PRODUCTS, SURE, ProposalModel
from ozon_desktop.ui.widgets import ColumnFitter
from ozon_desktop.ui.widgets.confirm_bar import ConfirmBar
from ozon_desktop.ui.widgets.keys import KeyActions
from ozon_desktop.ui.widgets.number_delegate import NumberDelegate
from ozon_desktop.ui.widgets.tables import make_table
from ozon_desktop.ui.widgets.tool_dialog import Body, ToolDialog


class ProposalsDialog(ToolDialog):
    """`accepted_rules` carries how many rules were made. reached: products of the category."""

    accepted_rules = Signal(int)

    def __init__(self, context: WindowContext, category_id: str, category: str, reached: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "proposals", f"Правила для категории «{category}»", parent)
        self._category_id, self._category, self._reached = category_id, category, reached
        self.set_hint("Пробел отмечает строку. Правило действует на все товары категории, у которых поле не заполнено вручную.")
        self.question = ConfirmBar("proposals_question")
        self.body.addWidget(self.question)
        self.model = ProposalModel(self)
        self.table = make_table("proposal_table", "Предложенные правила")
        self.table.setModel(self.model)
        for column in (PRODUCTS, SURE):
            self.table.setItemDelegateForColumn(column, NumberDelegate(self.table))
        ColumnFitter(self.table, self.model.widths, context.state, "proposals")
        self.add_content(self.table, empty="Подходящих свойств не нашлось: названий, похожих на поля без правил, нет.")
        self.all_button = self.add_button("&Отметить все", "proposals_all")
        self.accept_button = QPushButton()
        self.finish(self.accept_button, "proposals_accept", 860, 480)
        self.question.stand_for(self.all_button, self.close_button, self.accept_button)
        self.all_button.clicked.connect(self._all)
        self.accept_button.clicked.connect(self.accept_checked)
        self.model.checked_changed.connect(self.show_state)
        # The view checks with the space bar only when the current cell is that of the check mark.
        KeyActions(self.table).on(frozenset({Qt.Key.Key_Space}), self._toggle)
        self.run(context.application.cards.field_rules.propose(self.integration_id, category_id), self._proposed, self._not_proposed)

    def _proposed(self, proposals: list[RuleProposal]) -> None:
        self.ended()
        self.model.show_rows(tuple(proposals))
        self.show_body(Body.CONTENT if proposals else Body.EMPTY)
        if proposals:
            self.table.selectRow(0)
            self.table.setFocus()
        self.show_state()

    def _not_proposed(self, error: object) -> None:
        self.show_body(Body.NOTHING)
        self.job_failed(error)

    def accept_checked(self) -> None:
        """Make the checked ones rules of the category; where they reach many products it is asked first."""
        chosen = self.model.checked()
        if chosen and not self.busy:
            rules = wording.plural(len(chosen), "правило", "правила", "правил")
            goods = wording.plural(self._reached, "товар", "товара", "товаров")
            text = f"{rules} в категории «{self._category}»: {goods}, кроме заполненных вручную."
            self.question.ask(self._reached, text, self._accept)

    def _accept(self) -> None:
        chosen = self.model.checked()
        if chosen and not self.busy:
            service = self.context.application.cards.field_rules
            self.run(service.accept(self.integration_id, self._category_id, chosen), self._accepted)

    def _accepted(self, _: object) -> None:
        count = len(self.model.checked())
        left = [row for row in self.model.rows if row not in self.model.checked()]
        self.ended()
        self.model.show_rows(tuple(left))
        # What the manager left out stays unchecked.
        self.model.check_all(False)
        self.show_body(Body.CONTENT if left else Body.NOTHING)
        rules = wording.plural(count, "правило", "правила", "правил")
        self.bar.show_message(f"Сохранено: {rules}. Поля заполняются по ним.", "good")
        self.accepted_rules.emit(count)
        self.close_button.setFocus()

    def _toggle(self) -> None:
        self.model.toggle(self.table.currentIndex().row())

    def _all(self) -> None:
        self.model.check_all(len(self.model.checked()) < self.model.rowCount())

    def show_state(self) -> None:
        self.question.dismiss()
        count = len(self.model.checked())
        rules = wording.plural(count, "правило", "правила", "правил")
        self.accept_button.setText(f"Принять {rules}" if count else "Принять")
        self.accept_button.setEnabled(bool(count) and not self.busy)
        every = bool(count) and count == self.model.rowCount()
        self.all_button.setText("&Снять отметки" if every else "&Отметить все")
        self.all_button.setEnabled(bool(self.model.rowCount()))

"""«Указать товар…»: which product of the store a card is that nothing connects with one, asked in place and confirmed with its meaning."""

import asyncio
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ozon_desktop.services.cabinet.report import AdoptionReport, StoreProduct
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.adoption.form import InPlaceForm
from ozon_desktop.ui.products.adoption.model import AdoptionRow
from ozon_desktop.ui.widgets import SearchField, Width, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.ui.widgets.row_table import RowTable
from ozon_desktop.ui.widgets.row_table_model import Column, RowTableModel
from ozon_desktop.ui.worker import Job


@dataclass(frozen=True, slots=True)
class Choice:
    """A product of the store. card: the article of the card it is matched with, "" = it is free."""

    product_id: str
    offer_id: str
    name: str
    card: str = ""


def choices_of(report: AdoptionReport) -> list[Choice]:
    """Every product that the report names, the free ones first."""
    taken: dict[str, Choice] = {}
    for card in report.matched:
        if card.product is not None:
            product = card.product
            taken[product.product_id] = Choice(product.product_id, product.offer_id, product.name, card.offer_id)
    proposed = (product for card in (*report.doubtful, *report.several) for product, _ in card.candidates)
    named: dict[str, StoreProduct] = {product.product_id: product for product in (*report.only_store, *proposed)}
    free = [Choice(product.product_id, product.offer_id, product.name) for id_, product in named.items() if id_ not in taken]
    return [*free, *taken.values()]


async def _listed(report: AdoptionReport) -> tuple[AdoptionReport, list[Choice]]:
    return report, await asyncio.to_thread(choices_of, report)


CHOICE_COLUMNS: tuple[Column[Choice], ...] = (
    Column("Артикул", lambda row: row.offer_id, Width(share=1, least=10)),
    Column("Товар магазина", lambda row: row.name, Width(share=3, least=14)),
    Column("Карточка на Ozon", lambda row: row.card or "нет", Width(share=1, least=10), sort_key=lambda row: row.card),
)


def choice_model(parent: QObject) -> RowTableModel[Choice]:
    """Products to choose from, with the cards they have."""
    return RowTableModel(CHOICE_COLUMNS, key=lambda row: row.product_id, searched=lambda row: f"{row.offer_id}\n{row.name}", parent=parent)


class AssignForm(InPlaceForm):
    """Opened by `open_for`. assigned(product id, article of the card)."""

    assigned = Signal(str, str)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__("assign", "Это &один товар", parent)
        self._context = context
        self._card: AdoptionRow | None = None
        self._report: AdoptionReport | None = None
        self._reading: Job | None = None
        self.search = SearchField("Найти товар по артикулу или названию", name="assign_search")
        self.model = choice_model(self)
        self.table = RowTable(self.model, name="assign_table", label="Товары магазина", state=context.state)
        self.table.setSelectionMode(RowTable.SelectionMode.SingleSelection)
        self.meaning = WrappedLabel("", role="hint")
        self.meaning.setObjectName("assign_meaning")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.go)
        for widget in (self.title, self.search, self.table, self.meaning):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        self.search.searched.connect(self._searched)
        KeyActions(self.search).on(ENTER | {Qt.Key.Key_Down}, self._to_table)
        KeyActions(self.table).on(ENTER, self.assign)
        self.table.doubleClicked.connect(self.assign)
        self.table.selectionModel().selectionChanged.connect(self._show_meaning)
        self.go.clicked.connect(self.assign)
        self.close_with_escape(self.search, self.table)

    def open_for(self, card: AdoptionRow, report: AdoptionReport) -> None:
        """Ask which product this card is."""
        self._card = card
        self.title.setText(f"Какой это товар: карточка {card.card_offer} «{card.card_name}»?")
        self.search.clear()
        self.model.search("")
        self.table.clearSelection()
        if report is not self._report:
            # Listing a hundred thousand products takes a noticeable while.
            self._report = None
            self.model.show_rows([])
            if self._reading is not None:
                self._reading.cancel()
            self._reading = self._context.worker.run(_listed(report), on_done=self._show_choices)
        self.show()
        self._show_meaning()
        self.search.setFocus()

    def _show_choices(self, found: tuple[AdoptionReport, list[Choice]]) -> None:
        self._reading = None
        self._report, choices = found
        self.model.show_rows(choices)
        self.table.fitter.measure()
        self._show_meaning()

    def assign(self) -> None:
        """Enter, «Это один товар»: only for a product without a card."""
        choice = self._chosen()
        if choice is not None and not choice.card and self._card is not None:
            self.hide()
            self.assigned.emit(choice.product_id, self._card.card_offer)

    def _chosen(self) -> Choice | None:
        rows: list[Choice] = self.table.selected_rows()
        return rows[0] if rows else None

    def _searched(self, text: str) -> None:
        self.model.search(text)
        self._show_meaning()

    def _to_table(self) -> None:
        self.search.returnPressed.emit()
        if self.model.rowCount():
            if self._chosen() is None:
                self.table.select_numbers([0])
            self.table.setFocus()

    def _show_meaning(self, *_: object) -> None:
        """What the choice means, or why it cannot be made."""
        choice, card = self._chosen(), self._card
        self.go.setEnabled(choice is not None and not choice.card)
        set_role(self.meaning, "error" if choice is not None and choice.card else "hint")
        if card is None or choice is None:
            empty = "Выберите товар. Ни один не подходит — значит, такого товара в магазине нет."
            nothing = "Загружаю товары…" if self._report is None else "По этому запросу товаров нет."
            self.meaning.setText(empty if self.model.rowCount() else nothing)
        elif choice.card:
            text = "Товар {0} уже сопоставлен с карточкой {1}. Если это ошибка, разделите их в «Сопоставлены» клавишей Delete."
            self.meaning.setText(text.format(choice.offer_id, choice.card))
        else:
            text = (
                "Карточка {0} станет карточкой товара {1} «{2}»: синхронизация будет обновлять её под артикулом {0} "
                "данными магазина и не создаст новую."
            )
            self.meaning.setText(text.format(card.card_offer, choice.offer_id or "без артикула", choice.name))

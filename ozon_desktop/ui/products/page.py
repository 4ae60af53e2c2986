"""Page «Товары»: the table with readiness and filters beside the card of the chosen product."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import CardProblem
from ozon_desktop.domain.ozon_problems import OzonProblem
from ozon_desktop.services.cards.history import StepTaken
from ozon_desktop.services.cards.view import CardsView
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.products.adoption.panel import AdoptionPanel
from ozon_desktop.ui.products.bulk.actions import BulkActions
from ozon_desktop.ui.products.card.list_switch import ListSwitch
from ozon_desktop.ui.products.card.panel import CardPanel
from ozon_desktop.ui.products.card.session import CardSession
from ozon_desktop.ui.products.differences.panel import DifferencesPanel
from ozon_desktop.ui.products.doubtful.button import DoubtfulButton
from ozon_desktop.ui.products.excel.excel_button import ExcelButton
from ozon_desktop.ui.products.session import ProductsSession
from ozon_desktop.ui.products.table.filter_chips import FilterChips
from ozon_desktop.ui.products.table.product_table import ProductTable
from ozon_desktop.ui.products.table.product_table_model import SEPARATOR, ProductFilter, ProductTableModel, Readiness, Reason
from ozon_desktop.ui.products.table.selection_bar import SelectionBar
from ozon_desktop.ui.widgets import Card, ComboBox, EmptyState, SearchField
from ozon_desktop.ui.widgets.text_undo import forget_text_steps
from ozon_desktop.ui.widgets.tool_dialog import show_one

ADOPT = "adopt"
"""Another page asks for «Загрузить карточки с Ozon»."""


class ProductsPage(Page):
    """Which products may be sent, why the others may not, and their additional fields."""

    topics = frozenset({"store", "integration", "tree", "settings", "mapping", "cards", "sync"})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "Товары", parent=parent)
        self._wanted: str | None = None
        self._counted: CardsView | None = None
        self.opened: QDialog | None = None
        bulk = context.application.card_bulk
        self.session = ProductsSession(context, self)
        self.card = CardSession(context, bulk, self)
        self.panel = CardPanel(context, self.card)
        self.excel = ExcelButton(context, context.application.card_exchange, self.card)
        self.doubtful = DoubtfulButton(context, self.card)
        self.resolve_button = QPushButton("Проверить значения на Ozon")
        self.resolve_button.setObjectName("resolve_values")
        self.resolve_button.setToolTip("Ищет на Ozon значения (например, бренды), которых нет в загруженных справочниках")
        self.adopt_button = QPushButton("Карточки на Ozon…")
        self.adopt_button.setObjectName("adopt_button")
        self.adopt_button.setToolTip("Загружает карточки кабинета, находит их товары и показывает различия")
        for button in (self.excel, self.doubtful, self.resolve_button, self.adopt_button):
            self.add_action(button)
        self.chips = FilterChips()
        self.search = SearchField("Найти по артикулу или названию", name="product_search")
        self.model = ProductTableModel(context.theme, self)
        self.table = ProductTable(self.model, context.state)
        self.card.products_in = self.model.products_in
        self.category = ComboBox("product_category", "Все категории")
        self.category.setAccessibleName("Категория магазина")
        self.selection = SelectionBar()
        self.switch = ListSwitch(context, "bulk_list", can_close=True)
        self.bulk = BulkActions(context, bulk, self.table, self.switch, self)
        self.empty = EmptyState("Товаров ещё нет. Загрузите выгрузку магазина.", "Загрузить выгрузку", name="products_empty")
        self._build()
        self._connect()
        self.set_loading(True)

    def _build(self) -> None:
        card = Card()
        card.setContentsMargins(-8, -4, -8, -6)
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.search, 3)
        filters.addWidget(self.category, 2)
        card.body.addLayout(filters)
        self._views = QStackedWidget()
        self._views.addWidget(self.table)
        self._views.addWidget(EmptyState("По этому запросу товаров нет.", name="products_nothing"))
        card.body.addWidget(self._views, 1)
        card.body.addWidget(self.switch)
        card.body.addWidget(self.selection)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setHandleWidth(16)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(card)
        self.parts.addWidget(self.panel)
        self.parts.setSizes([700, 370])
        self.context.state.restore_splitter("products", self.parts)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.parts)
        self._pages.addWidget(self.empty)
        self.body.addWidget(self.chips)
        self.body.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.chips.chosen.connect(self._chip_chosen)
        self.search.searched.connect(self._searched)
        self.category.currentIndexChanged.connect(self._category_chosen)
        self.table.activated.connect(self._open_problem)
        self.table.chosen_changed.connect(self._selected)
        self.selection.edit_wanted.connect(self.bulk.edit)
        self.selection.switch_wanted.connect(self.bulk.switch)
        self.resolve_button.clicked.connect(self.session.resolve_values)
        self.session.viewed.connect(self._show_view)
        self.session.view_failed.connect(self._view_failed)
        self.session.resolved.connect(self._show_resolved)
        self.session.step_taken.connect(self._show_step)
        self.session.failed.connect(self.show_error)
        self.adopt_button.clicked.connect(self.show_adoption)
        self.empty.acted.connect(self._go_import)
        for changed in (self.card.stored, self.excel.changed, self.bulk.changed, self.doubtful.decided):
            changed.connect(self._cards_changed)
        self.card.stored.connect(self._forget_typing)
        for part in (self.excel, self.bulk):
            part.reported.connect(self.show_message)
            part.failed.connect(self.show_error)
        self.panel.settings_wanted.connect(self.session.fetch_settings)
        self.panel.mapping_wanted.connect(self._go_mapping)
        self.parts.splitterMoved.connect(self._keep_parts)
        for keys, action in ((QKeySequence("Ctrl+D"), self._fill_down), (QKeySequence(QKeySequence.StandardKey.Save), self.card.save)):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _keep_parts(self, _position: int, _index: int) -> None:
        self.context.state.keep_splitter("products", self.parts)

    # --- reading ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the table again, and for the shown card."""
        self.session.read()
        self.card.reload()

    def set_integration(self, integration_id: object) -> None:
        self.session.forget_steps()
        self.card.close_card()
        self.switch.dismiss()
        self.table.clearSelection()
        super().set_integration(integration_id)

    def open_payload(self, payload: object) -> None:
        """ "errors" shows what is not ready, "refused" what Ozon refused, "adopt" its cards; another text is a product's id or article."""
        if payload in {Readiness.ERRORS.value, Readiness.REFUSED.value}:
            self.chips.choose(Readiness(str(payload)))
        elif payload == ADOPT:
            self.show_adoption()
        elif isinstance(payload, str):
            self._wanted = payload
            self._open_wanted()

    def focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def undo(self) -> None:
        """Ctrl+Z: the last step over cards, whether of one or of many."""
        if not self.card.saving:
            self.session.undo()

    def redo(self) -> None:
        if not self.card.saving:
            self.session.redo()

    @property
    def undo_label(self) -> str | None:
        return self.session.undo_label

    @property
    def redo_label(self) -> str | None:
        return self.session.redo_label

    def save(self) -> None:
        """Stores the card that is shown."""
        self.card.save()

    def has_unsaved_changes(self) -> bool:
        return self.card.changed

    def _show_view(self, view: CardsView) -> None:
        if view is not self._counted:
            # Not for the same view again: looking for doubtful values reads as much as the table does.
            self._counted = view
            self.doubtful.count()
        first = self.model.total == 0
        self.set_loading(False)
        selected = self.table.selected_ids()
        if self.model.update_rows(view.rows):
            self.table.select_ids(selected)
        self._pages.setCurrentIndex(0 if view.rows else 1)
        self.chips.setVisible(bool(view.rows))
        counts = len(view.rows), view.ready, view.with_errors, view.reasons, self.model.count
        self.chips.show_counts(*counts, refused=len(view.index.refused), warnings=view.warnings)
        ready = wording.plural(view.ready, "готов", "готовы", "готовы")
        text = f"{ready} к отправке, {wording.number(view.with_errors)} с ошибками"
        if view.index.refused:
            text = f"{text}, Ozon отклонил {wording.number(len(view.index.refused))}"
        self.set_status_line(text if view.rows else "Товаров ещё нет")
        self._show_categories()
        self._show_found()
        self._show_selection()
        self._open_wanted()
        if first and view.rows and not self.card.product_id and not self.table.selected_ids():
            self.table.select_ids([view.rows[0].product_id])
            self.table.setFocus()

    def _view_failed(self, error: object) -> None:
        self.set_loading(False)
        self.show_error(error, "Повторить", self.refresh)

    def _open_wanted(self) -> None:
        if self._wanted is None or not self.model.total:
            return
        wanted, self._wanted = self._wanted, None
        product_id = self.model.find(wanted)
        if product_id is None:
            self.show_message(f"Товара «{wanted}» в магазине больше нет.", "attention")
            return
        if self.model.row_of(product_id) < 0:
            self.search.clear()
            self.category.setCurrentIndex(0)
            self.model.show_filter(ProductFilter())
            self.chips.choose(Readiness.ALL)
        self.table.select_ids([product_id])

    # --- choosing ---------------------------------------------------------------------------------------------------

    def _chip_chosen(self, readiness: Readiness, reasons: frozenset[Reason]) -> None:
        self.model.show_filter(replace(self.model.filter, readiness=readiness, reasons=reasons))
        self._show_found()

    def _searched(self, text: str) -> None:
        self.model.show_filter(replace(self.model.filter, text=text))
        self._show_found()

    def _category_chosen(self, _row: int) -> None:
        self.model.show_filter(replace(self.model.filter, category=str(self.category.chosen or "")))
        self._show_found()

    def _show_categories(self) -> None:
        """Every category with its number of products; the chosen one stays while it has any."""
        choices: list[tuple[object, str, str]] = [("", "Все категории", "Все категории")]
        for path, number in self.model.categories():
            names = path.split(SEPARATOR)
            indented = "    " * (len(names) - 1) + f"{names[-1]} — {wording.number(number)}"
            choices.append((path, names[-1], indented))
        chosen = self.model.filter.category
        known = any(path == chosen for path, _, _ in choices)
        self.category.set_choices(choices, chosen if known else "")
        if not known:
            self._category_chosen(0)

    def _open_problem(self, index: QModelIndex) -> None:
        """Enter or a double click on a row goes to the first field of its card that has to be corrected."""
        row = self.model.row(index.row())
        problems: list[CardProblem | OzonProblem] = [*row.problems, *row.ozon_problems]
        fields = [str(problem.attribute_id or problem.field) for problem in problems if problem.blocking]
        self.panel.open_at(row.product_id, fields[0] if fields else "")

    def _show_found(self) -> None:
        self._views.setCurrentIndex(0 if self.model.rowCount() else 1)

    def _selected(self) -> None:
        selected = self.table.selected_ids()
        self.card.set_targets(selected if len(selected) > 1 else ())
        self._show_selection()
        # Several selected rows are targets of a copy: the card from which to copy stays.
        if len(selected) == 1:
            self.card.open_card(selected[0])

    def _show_selection(self) -> None:
        """The bar below the table says what can be done with the selected rows."""
        selected = self.table.selected_ids()
        self.selection.show_selected(len(selected), len(self.model.other_lists(set(selected))) if len(selected) > 1 else 0)
        if len(selected) < 2:
            self.switch.dismiss()

    def _forget_typing(self) -> None:
        """What was typed on the card is stored: the next step back is about the card, not about letters."""
        if not self.card.changed:
            forget_text_steps(self.panel.form)

    def _fill_down(self) -> None:
        """Ctrl+D: from an editor of the card at once to the others, from the table through the dialog."""
        if not self.panel.fill_down() and len(self.table.selected_ids()) > 1:
            self.bulk.edit()

    # --- work -------------------------------------------------------------------------------------------------------

    def _show_resolved(self, count: int) -> None:
        if count:
            values = wording.plural(count, "значение", "значения", "значений")
            self.show_message(f"На Ozon найдено: {values}.", "good")
        else:
            self.show_message("Новых значений на Ozon не нашлось.", "info")

    def _show_step(self, taken: StepTaken, again: bool) -> None:
        text = wording.step_taken_text(taken.label, taken.changed, taken.left, again=again)
        self.show_message(text, "attention" if taken.left else "good")
        self._cards_changed()

    def _cards_changed(self) -> None:
        self.context.data_changed.emit("cards")

    def _go_import(self) -> None:
        self.context.go_to.emit("integration", "import")

    def _go_mapping(self, category_id: object) -> None:
        self.context.go_to.emit("mapping", category_id)

    # --- the cabinet's own cards ------------------------------------------------------------------------------------

    def show_adoption(self) -> None:
        """The report of the last reading, and «Загрузить карточки с Ozon»; blocks nothing."""
        panel = AdoptionPanel(self.context, self.window())
        panel.differences_wanted.connect(self.show_differences)
        self._open(panel)

    def show_differences(self, product_ids: Sequence[str]) -> None:
        self._open(DifferencesPanel(self.context, product_ids, self.window()))

    def _open(self, dialog: QDialog) -> None:
        self.opened = show_one(dialog)

"""The tab «Исключения»: products and categories that are sold otherwise than the rest, or not at all."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.stock_rules import MAX_STOCK, Selling, StockException
from ozon_desktop.services.sync.rules import NamedProduct, SyncRules
from ozon_desktop.ui.rules.numbers import ShortLine, whole_of
from ozon_desktop.ui.rules.part import Room, RulesPart
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.widgets import Card, ColumnFitter, ComboBox, Field, FieldRow, Width, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.ui.widgets.row_table_model import Column, RowTableModel
from ozon_desktop.ui.widgets.tables import make_table

PRODUCT, CATEGORY = "product", "category"


class Known:
    """Products and categories that exceptions are for, by id."""

    def __init__(self) -> None:
        self.products: dict[str, NamedProduct] = {}
        self.categories: dict[str, str] = {}

    def what(self, row: StockException) -> str:
        if row.category_id:
            known = self.categories.get(row.category_id)
            return f"Категория «{known}»" if known else "Категория, которой больше нет в магазине"
        product = self.products.get(row.product_id)
        return f"{product.offer_id}  {product.name}" if product is not None else "Товар, которого больше нет в магазине"


class ExceptionModel(RowTableModel[StockException]):
    """What an exception is for, and what it says."""

    def __init__(self, known: Known, parent: QObject | None = None) -> None:
        half = Width(share=1, least=16)
        columns: tuple[Column[StockException], ...] = (
            Column("Для чего", known.what, half),
            Column("Что иначе", lambda row: wording.capital(wording.exception_text(row)), half),
        )
        super().__init__(columns, key=lambda row: (row.product_id, row.category_id), speaks_rows=True, parent=parent)


class ExceptionsPart(RulesPart):
    """`product_asked` carries an article: the window answers with `add_product` or `not_found`."""

    product_asked = Signal(str)

    def __init__(self, state: WindowState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[StockException] = []
        self._rules_there = False
        self._known = Known()
        self.model = ExceptionModel(self._known, self)
        self.table = make_table("exception_table", "Исключения", rows=4)
        self.table.setModel(self.model)
        ColumnFitter(self.table, self.model.widths, state, "exceptions")
        self.note = WrappedLabel("", role="hint")
        self.note.setObjectName("exceptions_note")
        self.remove = QPushButton("&Удалить исключение")
        self.remove.setObjectName("exception_remove")
        self.remove.setAutoDefault(False)
        self.edit = QPushButton("&Изменить…")
        self.edit.setObjectName("exception_edit")
        self.edit.setAutoDefault(False)
        self._make_form()
        self.column.addWidget(self.note)
        self.column.addWidget(Room(self.table), 1)
        row = QHBoxLayout()
        row.addWidget(self.edit)
        row.addWidget(self.remove)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.form)
        self.kind.currentIndexChanged.connect(self._show_kind)
        self.add.clicked.connect(self._add)
        self.article.returnPressed.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.edit.clicked.connect(self._edit)
        self.table.doubleClicked.connect(self._edit)
        KeyActions(self.table).on(ENTER, self._edit)
        self.table.selectionModel().currentRowChanged.connect(self._show_current)

    def _make_form(self) -> None:
        self.kind = ComboBox("exception_kind", "Не выбрано")
        self.kind.set_choices(((PRODUCT, "Товар"), (CATEGORY, "Категория и вложенные")), PRODUCT)
        self.article = QLineEdit()
        self.article.setObjectName("exception_article")
        self.category = ComboBox("exception_category", "Выберите категорию")
        self.article_field = Field("Артикул", self.article)
        self.category_field = Field("Категория магазина", self.category)
        self.what = QStackedWidget()
        self.what.addWidget(self.article_field)
        self.what.addWidget(self.category_field)
        self.selling = ComboBox("exception_selling", "Не выбрано")
        choices: list[tuple[object, str]] = [
            (None, "Продавать как остальные"),
            (Selling.ZERO, "Не продавать: отправлять ноль"),
            (Selling.LEAVE, "Не трогать остаток на Ozon"),
            (Selling.ON, "Продавать, хотя категория не продаётся"),
        ]
        self.selling.set_choices(choices, None)
        self.reserve, self.limit = ShortLine("exception_reserve"), ShortLine("exception_limit")
        for line in (self.reserve, self.limit):
            line.setPlaceholderText("общий")
        kind_field = Field("Для чего", self.kind)
        self.selling_field = Field("Что делать", self.selling)
        self.reserve_field = Field("Свой резерв, шт.", self.reserve)
        self.limit_field = Field("Свой предел, шт.", self.limit)
        self.add = QPushButton("&Добавить исключение")
        self.add.setObjectName("exception_add")
        self.add.setAutoDefault(False)
        self.form = Card("Новое исключение")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(kind_field, 0, 0)
        grid.addWidget(self.what, 0, 1, 1, 2)
        grid.addWidget(self.selling_field, 1, 0)
        grid.addWidget(self.reserve_field, 1, 1)
        grid.addWidget(self.limit_field, 1, 2)
        for column, stretch in enumerate((3, 2, 2)):
            grid.setColumnStretch(column, stretch)
        FieldRow((self.selling_field, self.reserve_field, self.limit_field), self.form)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addStretch(1)
        self.form.body.addLayout(grid)
        self.form.body.addLayout(row)

    # --- showing --------------------------------------------------------------------------------------------------------

    def show_rules(self, view: SyncRules) -> None:
        self._known.products = {product.id: product for product in view.products} | self._known.products
        above = {category.id: category for category in view.categories}
        self._known.categories = {category.id: category.name for category in view.categories}
        choices: list[tuple[object, str, str]] = []
        for category in view.categories:
            path, place = [category.name], above.get(category.parent_id or "")
            while place is not None and len(path) < 20:
                path.insert(0, place.name)
                place = above.get(place.parent_id or "")
            choices.append((category.id, category.name, " › ".join(path)))
        self.category.set_choices(choices, self.category.chosen)
        self._show(view.stocks.exceptions if view.stocks is not None else ())

    def set_rules_there(self, there: bool) -> None:
        """Exceptions need rules for stocks: without them they go."""
        self._rules_there = there
        if not there:
            self._rows = []
        self._show(self._rows)

    def _show(self, rows: Sequence[StockException]) -> None:
        self._rows = list(rows)
        self.model.show_rows(tuple(self._rows))
        there = self._rules_there
        none = "Исключений нет: для всех товаров действуют общие резерв и предел."
        some = "Исключение товара важнее исключения его категории, ближняя категория важнее дальней."
        first = "Исключения действуют вместе с правилами остатков: сначала задайте их на вкладке «Остатки»."
        self.note.setText((some if self._rows else none) if there else first)
        self.table.setVisible(there)
        self.form.setVisible(there)
        for button in (self.edit, self.remove):
            button.setVisible(there)
        self._show_current()

    def _show_current(self, *_: object) -> None:
        chosen = self.model.row_at(self.table.currentIndex().row()) is not None
        for button in (self.edit, self.remove):
            button.setEnabled(chosen)

    def _show_kind(self, *_: object) -> None:
        self.what.setCurrentWidget(self.article_field if self.kind.chosen == PRODUCT else self.category_field)

    # --- editing ------------------------------------------------------------------------------------------------------

    def _add(self) -> None:
        """Checks what is entered; a product's article is then looked up in the store."""
        for field in (self.article_field, self.category_field, self.selling_field):
            field.set_error(None)
        wrong = False
        for field, line in ((self.reserve_field, self.reserve), (self.limit_field, self.limit)):
            number = whole_of(line.text())
            bad = bool(line.text().strip()) and (number is None or number > MAX_STOCK)
            field.set_error("Целое число, не меньше нуля" if bad else None)
            wrong = wrong or bad
        if not wrong and self._entered() == StockException():
            self.selling_field.set_error("Выберите, что делать, или введите свой резерв или предел")
            wrong = True
        if self.kind.chosen == CATEGORY:
            chosen = str(self.category.chosen or "")
            self.category_field.set_error(None if chosen else "Выберите категорию")
            if chosen and not wrong:
                self._put(StockException(category_id=chosen))
            return
        article = self.article.text().strip()
        self.article_field.set_error(None if article else "Введите артикул товара")
        if article and not wrong:
            self.product_asked.emit(article)

    def _entered(self) -> StockException:
        selling = self.selling.chosen
        return StockException(
            selling=selling if isinstance(selling, Selling) else None,
            reserve=whole_of(self.reserve.text()) if self.reserve.text().strip() else None,
            lower_limit=whole_of(self.limit.text()) if self.limit.text().strip() else None,
        )

    def add_product(self, product: NamedProduct) -> None:
        """The product whose article was asked for."""
        self._known.products[product.id] = product
        self._put(StockException(product_id=product.id))

    def not_found(self, text: str) -> None:
        """The article was asked for, and the store does not know it."""
        self.article_field.set_error(text)
        self.article.setFocus()

    def _put(self, place: StockException) -> None:
        """One exception for each product and category: another one takes its place."""
        said = self._entered()
        made = StockException(place.product_id, place.category_id, said.selling, said.reserve, said.lower_limit)
        key = (made.product_id, made.category_id)
        self._show([*(row for row in self._rows if (row.product_id, row.category_id) != key), made])
        self.table.selectRow(self.model.row_of(key))
        self.article.clear()
        self.changed.emit()

    def _edit(self) -> None:
        """Brings the chosen exception into the form; adding it then takes the place of what it was."""
        row = self.model.row_at(self.table.currentIndex().row())
        if row is None:
            return
        product = self._known.products.get(row.product_id)
        self.kind.choose(PRODUCT if row.product_id else CATEGORY)
        self.article.setText(product.offer_id if product is not None else row.product_id)
        self.category.choose(row.category_id or None)
        self.selling.choose(row.selling)
        for line, pieces in ((self.reserve, row.reserve), (self.limit, row.lower_limit)):
            line.setText("" if pieces is None else str(pieces))
        self.selling.setFocus()

    def _remove(self) -> None:
        number = self.table.currentIndex().row()
        gone = self.model.row_at(number)
        if gone is None:
            return
        rows = [row for row in self._rows if row is not gone]
        self._show(rows)
        if rows:
            self.table.selectRow(min(number, len(rows) - 1))
        else:
            # A disabled button would take the focus of the keyboard with it.
            self.article.setFocus()
        self.changed.emit()

    # --- what is entered ----------------------------------------------------------------------------------------------

    def exceptions(self) -> tuple[StockException, ...]:
        return tuple(self._rows)

    def state(self) -> object:
        return self.exceptions()

    def fault(self) -> QWidget | None:
        """Nothing wrong gets into the list."""
        return None

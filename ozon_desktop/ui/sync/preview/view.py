"""The preview: tiles that count and filter, parts that can be switched off, search, the tree, and what sending will cost."""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.sync_plan import ActionKind, Part
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.sync.preview.model import NEW, OLD, RARE, SyncPlanModel, tile_kinds
from ozon_desktop.ui.sync.preview.plan_index import PlanIndex
from ozon_desktop.ui.sync.preview.sending_cost import SendingCost
from ozon_desktop.ui.sync.preview.tile import Tile
from ozon_desktop.ui.widgets import Card, LeastRows, SearchField, Width, WrappedLabel
from ozon_desktop.ui.widgets.grouped_model import PRODUCT_ID
from ozon_desktop.ui.widgets.lines_tree import LinesTree


class PreviewView(QWidget):
    """parts_changed: the parts that shall be sent. product_opened: the store's id of a product."""

    parts_changed = Signal(object)
    product_opened = Signal(str)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.model = SyncPlanModel(context.theme, self)
        self.tree = LinesTree(self.model, name="preview_tree", accessible="Изменения перед отправкой")
        values = Width(share=1, least=8)
        self.fitter = self.tree.fit_columns(
            context.state, Width(share=3, least=24), Width(share=1), values, values, Width(share=4, least=24)
        )
        LeastRows(self.tree, 5)
        self.search = SearchField("Найти товар", name="preview_search")
        self.none_found = WrappedLabel("", role="hint")
        self.none_found.setObjectName("preview_none_found")
        self.none_found.hide()
        self.cost = SendingCost()
        self.tiles = {
            kind: Tile(wording.action_text(kind), name=f"tile_{kind.value}", attention=kind is ActionKind.SKIP) for kind in ActionKind
        }
        self.parts = {part: QCheckBox(wording.part_text(part)) for part in Part}
        self._make_filter()
        self._lay_out()
        for kind, tile in self.tiles.items():
            tile.setProperty("kind", kind.value)
            tile.clicked.connect(self._tile_clicked)
        for part, box in self.parts.items():
            box.setObjectName(f"part_{part.value}")
            box.setChecked(True)
            box.toggled.connect(self._part_toggled)
        self.search.searched.connect(self._search)
        self.tree.opened.connect(self._opened)

    def _make_filter(self) -> None:
        self.wrong_prices = QPushButton()
        self.wrong_prices.setObjectName("wrong_prices")
        self.wrong_prices.setCheckable(True)
        self.wrong_prices.setToolTip("Показать только товары, цены которых Ozon не примет")
        self.wrong_prices.hide()
        self.wrong_prices.clicked.connect(self._wrong_prices_clicked)

    def _lay_out(self) -> None:
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for tile in self.tiles.values():
            tiles.addWidget(tile, 1)
        for kind in RARE:
            self.tiles[kind].hide()
        switches = QHBoxLayout()
        switches.setSpacing(12)
        switches.addWidget(self.search, 1)
        caption = QLabel("Отправлять:")
        set_role(caption, "secondary")
        switches.addWidget(caption)
        for box in self.parts.values():
            switches.addWidget(box)
        card = Card()
        self.cost.add(self.wrong_prices)
        card.body.addLayout(switches)
        card.body.addWidget(self.none_found)
        card.body.addWidget(self.tree, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addLayout(tiles)
        layout.addWidget(self.cost)
        layout.addWidget(card, 1)

    @property
    def chosen_parts(self) -> frozenset[Part]:
        return frozenset(part for part, box in self.parts.items() if box.isChecked())

    def show_preview(self, preview: Preview, index: PlanIndex, *, asked_to_compare: bool = False) -> None:
        """Shows another preview; search, chosen tile, selection and scroll stay. asked_to_compare: with what Ozon shows now."""
        counts = preview.plan.counts()
        shown = set(tile_kinds(counts))
        for kind, tile in self.tiles.items():
            tile.set_count(counts[kind])
            tile.setVisible(kind in shown)
        if self.model.kind is not None and not counts[self.model.kind]:
            self.model.show_filter(self.search.text(), None)
        if not index.price_problems:
            self.model.show_wrong_prices(False)
        self.model.show_plan(index)
        self._show_wrong_prices(index.price_problems)
        self._after_filter()
        self.cost.show_preview(preview, asked_to_compare=asked_to_compare)

    def set_enabled(self, enabled: bool) -> None:
        """Parts cannot be switched while a run is under way."""
        for box in self.parts.values():
            box.setEnabled(enabled)

    def _show_wrong_prices(self, count: int) -> None:
        self.wrong_prices.setText(f"Цены не подходят: {wording.number(count)}")
        self.wrong_prices.setVisible(count > 0)

    def _wrong_prices_clicked(self) -> None:
        self.model.show_wrong_prices(self.wrong_prices.isChecked())
        self._after_filter()

    def _tile_clicked(self) -> None:
        tile = self.sender()
        chosen = ActionKind(tile.property("kind")) if isinstance(tile, Tile) and tile.isChecked() else None
        self.model.show_filter(self.search.text(), chosen)
        self._after_filter()

    def _search(self, text: str) -> None:
        self.model.show_filter(text, self.model.kind)
        self._after_filter()

    def _after_filter(self) -> None:
        for kind, tile in self.tiles.items():
            tile.setChecked(kind is self.model.kind)
        only_skipped = bool(self.model.groups) and {group.key for group in self.model.groups} == {ActionKind.SKIP.value}
        self.wrong_prices.setChecked(self.model.wrong_prices)
        for column in (OLD, NEW):
            # Skipped products have no values, and their reasons are long.
            self.tree.setColumnHidden(column, only_skipped and not self.model.wrong_prices)
        self.fitter.fit()
        nothing = not self.model.shown and bool(self.search.text())
        self.none_found.setText(f"По запросу «{self.search.text()}» ничего не нашлось" if nothing else "")
        self.none_found.setVisible(nothing)

    def _part_toggled(self) -> None:
        self.parts_changed.emit(self.chosen_parts)

    def _opened(self, index: QModelIndex) -> None:
        product_id = index.data(PRODUCT_ID)
        if product_id:
            self.product_opened.emit(product_id)

"""The preview: tiles that count and filter, parts that can be switched off, search, the tree, and what sending will cost."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.sync_plan import Part, PlanItem, Verdict
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.sync.preview.model import APPROVE, KEEP_OZONS, NEW, OLD, OPEN, REJECT, SHOW, UNDECIDE, SyncPlanModel, shown_buckets
from ozon_desktop.ui.sync.preview.plan_index import Bucket, PlanIndex
from ozon_desktop.ui.sync.preview.sending_cost import SendingCost
from ozon_desktop.ui.sync.preview.tile import Tile
from ozon_desktop.ui.widgets import Card, FlowLayout, LeastRows, SearchField, Width, WrappedLabel
from ozon_desktop.ui.widgets.grouped_model import PRODUCT_ID
from ozon_desktop.ui.widgets.lines_tree import LinesTree
from ozon_desktop.ui.widgets.pieces import LinkPointer, PiecesDelegate
from ozon_desktop.wording.preview import bucket_text
from ozon_desktop.wording.quotas import turn_note

TONES = {Bucket.HELD: "attention", Bucket.LOST: "error", Bucket.SKIP: "attention"}
VERDICTS = {APPROVE: Verdict.SEND, REJECT: Verdict.KEEP, UNDECIDE: None}
KEYS = "Enter — открыть товар, пробел — «Верно», Delete — «Не отправлять», Ctrl+Z — вернуть решение"


class PreviewView(QWidget):
    """parts_changed: the parts that shall be sent. product_opened: the store's id of a product.

    decided(items, verdict): the manager's answer about held items, None takes it back. kept(item, field): a value that stays Ozon's.
    """

    parts_changed = Signal(object)
    product_opened = Signal(str)
    decided = Signal(object, object)
    kept = Signal(object, str)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.model = SyncPlanModel(context.theme, self)
        self.tree = LinesTree(self.model, name="preview_tree", accessible="Изменения перед отправкой")
        self.delegate = PiecesDelegate(context.theme, self.tree)
        self.tree.setItemDelegate(self.delegate)
        LinkPointer(self.tree, self.delegate)
        values = Width(share=2, least=14)
        self.fitter = self.tree.fit_columns(
            context.state, Width(share=4, least=24), Width(share=1), values, values, Width(share=4, least=24)
        )
        LeastRows(self.tree, 5)
        self.search = SearchField("Товар, артикул или штрихкод", name="preview_search")
        self.none_found = WrappedLabel("", role="hint")
        self.none_found.setObjectName("preview_none_found")
        self.none_found.hide()
        self.cost = SendingCost()
        self.keys = WrappedLabel(KEYS, role="hint")
        self.keys.setObjectName("preview_keys")
        self.tiles = {bucket: Tile(bucket_text(bucket), name=f"tile_{bucket.value}", tone=TONES.get(bucket, "")) for bucket in Bucket}
        self.parts = {part: QCheckBox(wording.part_text(part)) for part in Part}
        self._make_filter()
        self._lay_out()
        for bucket, tile in self.tiles.items():
            tile.setProperty("bucket", bucket.value)
            tile.clicked.connect(self._tile_clicked)
        for part, box in self.parts.items():
            box.setObjectName(f"part_{part.value}")
            box.setChecked(True)
            box.toggled.connect(self._part_toggled)
        self.search.searched.connect(self._search)
        self.tree.opened.connect(self._opened)
        self.delegate.link_clicked.connect(self._link_clicked)
        for key, link in ((Qt.Key.Key_Space, APPROVE), (Qt.Key.Key_Delete, REJECT)):
            shortcut = QShortcut(QKeySequence(key), self.tree, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.setProperty("link", link)
            shortcut.activated.connect(self._key_pressed)

    def _make_filter(self) -> None:
        self.wrong_prices = QPushButton()
        self.wrong_prices.setObjectName("wrong_prices")
        self.wrong_prices.setCheckable(True)
        self.wrong_prices.setToolTip("Показать только товары, цены которых Ozon не примет")
        self.wrong_prices.hide()
        self.wrong_prices.clicked.connect(self._wrong_prices_clicked)

    def _lay_out(self) -> None:
        self._tiles_row = tiles_row = QWidget()
        tiles = FlowLayout(tiles_row, spacing=10)
        for tile in self.tiles.values():
            tiles.addWidget(tile)
        self._show_tiles(dict.fromkeys(Bucket, 0))
        switches = QHBoxLayout()
        switches.setSpacing(12)
        switches.addWidget(self.search, 1)
        caption = QLabel("Отправлять:")
        set_role(caption, "secondary")
        switches.addWidget(caption)
        for box in self.parts.values():
            switches.addWidget(box)
        card = Card()
        card.set_compact()
        self.cost.add(self.wrong_prices)
        card.body.addLayout(switches)
        card.body.addWidget(self.none_found)
        card.body.addWidget(self.tree, 1)
        card.body.addWidget(self.keys)
        # In a row of its own: within another that wraps it would be as narrow as its longest text.
        card.body.addWidget(self.cost)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(tiles_row)
        layout.addWidget(card, 1)

    @property
    def chosen_parts(self) -> frozenset[Part]:
        return frozenset(part for part, box in self.parts.items() if box.isChecked())

    def show_preview(self, preview: Preview, index: PlanIndex, *, asked_to_compare: bool = False) -> None:
        """Shows another preview; search, chosen tile, selection and scroll stay. asked_to_compare: with what Ozon shows now."""
        counts = index.counts()
        for bucket, tile in self.tiles.items():
            tile.set_count(counts[bucket])
        self._show_tiles(counts)
        self.keys.setVisible(bool(counts[Bucket.HELD]))
        if self.model.bucket is not None and not counts[self.model.bucket]:
            self.model.show_filter(self.search.text(), None)
        if not index.price_problems:
            self.model.show_wrong_prices(False)
        self.model.notes = {Bucket(turn.kind): turn_note(turn) for turn in preview.turns if turn.waits}
        self.model.show_plan(index)
        self._show_wrong_prices(index.price_problems)
        self._after_filter()
        self.cost.show_preview(preview, asked_to_compare=asked_to_compare)

    def _show_tiles(self, counts: Mapping[Bucket, int]) -> None:
        shown = set(shown_buckets(counts))
        for bucket, tile in self.tiles.items():
            tile.setVisible(bucket in shown)

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
        chosen = Bucket(tile.property("bucket")) if isinstance(tile, Tile) and tile.isChecked() else None
        self.model.show_filter(self.search.text(), chosen)
        self._after_filter()

    def _search(self, text: str) -> None:
        self.model.show_filter(text, self.model.bucket)
        self._after_filter()

    def _after_filter(self) -> None:
        for bucket, tile in self.tiles.items():
            tile.setChecked(bucket is self.model.bucket)
        only_skipped = bool(self.model.groups) and {group.key for group in self.model.groups} == {Bucket.SKIP.value}
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

    # --- decisions --------------------------------------------------------------------------------------------------

    def selected(self) -> Sequence[PlanItem]:
        """The held items that are highlighted."""
        rows = self.tree.selectionModel().selectedRows()
        found = {(item.offer_id, item.kind): item for row in rows for item in self.model.items_at(row) if item.waits}
        return list(found.values())

    def _key_pressed(self) -> None:
        shortcut = self.sender()
        items = self.selected()
        if isinstance(shortcut, QShortcut) and items:
            self.decided.emit(items, VERDICTS[shortcut.property("link")])

    def _link_clicked(self, index: QModelIndex, link: str) -> None:
        items = self.model.items_at(index)
        if not items:
            return
        change = self.model.change_at(index)
        if link in VERDICTS:
            self.decided.emit(items, VERDICTS[link])
        elif link == SHOW and items[0].hold is not None:
            self.model.show_apart(items[0].hold)
            self._after_filter()
        elif link == KEEP_OZONS and change is not None:
            self.kept.emit(items[0], change.field)
        elif link == OPEN:
            self._opened(index)

    def _opened(self, index: QModelIndex) -> None:
        product_id = index.data(PRODUCT_ID)
        if product_id:
            self.product_opened.emit(product_id)

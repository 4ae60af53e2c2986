"""Widgets the pages share."""

from ozon_desktop.ui.widgets.card import Card
from ozon_desktop.ui.widgets.columns import ColumnFitter, Width
from ozon_desktop.ui.widgets.combo_box import ComboBox
from ozon_desktop.ui.widgets.confirm import confirm
from ozon_desktop.ui.widgets.delegates import ROW_HEIGHT, LeftElideDelegate, RowDelegate, row_height
from ozon_desktop.ui.widgets.field import Field, FieldRow
from ozon_desktop.ui.widgets.flow_layout import FlowLayout
from ozon_desktop.ui.widgets.labels import Badge, ElidedLabel, WrappedLabel
from ozon_desktop.ui.widgets.least_rows import LeastRows
from ozon_desktop.ui.widgets.message_bar import MessageBar
from ozon_desktop.ui.widgets.placeholders import EmptyState, Skeleton
from ozon_desktop.ui.widgets.progress_strip import ProgressStrip
from ozon_desktop.ui.widgets.search_field import SearchField

__all__ = [
    "ROW_HEIGHT",
    "Badge",
    "Card",
    "ColumnFitter",
    "ComboBox",
    "ElidedLabel",
    "EmptyState",
    "Field",
    "FieldRow",
    "FlowLayout",
    "LeastRows",
    "LeftElideDelegate",
    "MessageBar",
    "ProgressStrip",
    "RowDelegate",
    "SearchField",
    "Skeleton",
    "Width",
    "WrappedLabel",
    "confirm",
    "row_height",
]

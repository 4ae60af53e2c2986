"""The menu of «Отличия от Ozon»: sides for rows, for whole products, and as a rule for a field."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from ozon_desktop import wording
from ozon_desktop.domain.card_differences import CardDifference, Side
from ozon_desktop.wording.adoption import difference_label

if TYPE_CHECKING:
    from ozon_desktop.ui.products.differences.panel import DifferencesPanel


def differences_menu(panel: DifferencesPanel, rows: list[CardDifference], current: CardDifference | None) -> QMenu:
    """For the selected rows and the field of the current one."""
    menu = QMenu(panel)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for text, side in (
        ("Взять из магазина\t←", Side.STORE),
        ("Взять с Ozon\t→", Side.OZON),
        ("Снять выбор\tDelete", None),
    ):
        _add(menu, text, partial(panel.choose, side)).setEnabled(any(row.choosable for row in rows))
    menu.addSeparator()
    products = len({row.product_id for row in rows})
    whole = "Все поля этого товара"
    if products > 1:
        whole = "Все поля: {}".format(wording.plural(products, "товар", "товара", "товаров"))
    of_products = menu.addMenu(whole)
    of_products.setEnabled(bool(rows))
    _add(of_products, "Взять из магазина", partial(panel.choose_products, Side.STORE))
    _add(of_products, "Взять с Ozon", partial(panel.choose_products, Side.OZON))
    _add(of_products, "Снять выбор товара", partial(panel.choose_products, None))
    menu.addSeparator()
    if current is not None:
        # An ampersand of a name is not a mnemonic.
        label = difference_label(current).replace("&", "&&")
        for text, side in (
            ("Всегда брать из магазина: «{0}»", Side.STORE),
            ("Всегда брать с Ozon: «{0}»", Side.OZON),
            ("Снять правило для поля «{0}»", None),
        ):
            _add(menu, text.format(label), partial(panel.propose_rule, current.field, side)).setEnabled(current.choosable)
    return menu


def _add(menu: QMenu, text: str, action: Callable[[], object]) -> QAction:
    added = menu.addAction(text)
    added.triggered.connect(lambda: action())
    return added

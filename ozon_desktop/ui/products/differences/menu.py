"""The menu of «Отличия от Ozon»: sides for rows, for whole products, and as a rule for a field."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card_differences import CardDifference, Side
from ozon_desktop.wording.adoption import difference_label

Choose = Callable[[Side | None], object]
"""Takes a side; None = the choice is taken back."""


def differences_menu(
    parent: QWidget,
    rows: list[CardDifference],
    current: CardDifference | None,
    *,
    choose: Choose,
    choose_products: Choose,
    propose_rule: Callable[[str, Side | None], object],
) -> QMenu:
    """For the selected rows and their products, and a rule for the field of the current row."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for text, side in (
        ("Взять из магазина\t←", Side.STORE),
        ("Взять с Ozon\t→", Side.OZON),
        ("Снять выбор\tDelete", None),
    ):
        _add(menu, text, partial(choose, side)).setEnabled(any(row.choosable for row in rows))
    menu.addSeparator()
    products = len({row.product_id for row in rows})
    whole = "Все поля этого товара"
    if products > 1:
        whole = "Все поля: {}".format(wording.plural(products, "товар", "товара", "товаров"))
    of_products = menu.addMenu(whole)
    of_products.setEnabled(bool(rows))
    _add(of_products, "Взять из магазина", partial(choose_products, Side.STORE))
    _add(of_products, "Взять с Ozon", partial(choose_products, Side.OZON))
    _add(of_products, "Снять выбор товара", partial(choose_products, None))
    menu.addSeparator()
    if current is not None:
        # An ampersand of a name is not a mnemonic.
        label = difference_label(current).replace("&", "&&")
        for text, side in (
            ("Всегда брать из магазина: «{0}»", Side.STORE),
            ("Всегда брать с Ozon: «{0}»", Side.OZON),
            ("Снять правило для поля «{0}»", None),
        ):
            _add(menu, text.format(label), partial(propose_rule, current.field, side)).setEnabled(current.choosable)
    return menu


def _add(menu: QMenu, text: str, action: Callable[[], object]) -> QAction:
    added = menu.addAction(text)
    added.triggered.connect(lambda: action())
    return added

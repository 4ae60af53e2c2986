"""The table of the cabinet's warehouses with the rule of each in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject

from ozon_desktop import wording
from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.stock_rules import Spread, WarehouseRule
from ozon_desktop.ui.rules.numbers import decimal_of, text_of
from ozon_desktop.ui.widgets.row_model import RowModel

HOUSE, SCHEME, RULE = range(3)


@dataclass(frozen=True, slots=True)
class Draft:
    """The rule of an Ozon warehouse as it is being entered. spread None = it has none."""

    spread: Spread | None = None
    store_ids: tuple[str, ...] = ()
    share: str = "100"

    @classmethod
    def of(cls, rule: WarehouseRule) -> "Draft":
        """A stored rule."""
        return cls(rule.spread, rule.store_ids, text_of(rule.share))

    def rule(self, ozon_id: int) -> WarehouseRule | None:
        """The rule it makes; None = it has none, or its share is no number."""
        share = decimal_of(self.share) if self.spread is Spread.SHARE else decimal_of("100")
        if self.spread is None or share is None:
            return None
        return WarehouseRule(ozon_id, self.spread, () if self.spread is Spread.LEAVE else self.store_ids, share)

    def fault(self) -> str:
        """What is wrong: "" | "stores" | "share"."""
        if self.spread in {None, Spread.LEAVE}:
            return ""
        if not self.store_ids:
            return "stores"
        share = decimal_of(self.share)
        return "share" if self.spread is Spread.SHARE and (share is None or not 0 < share <= 100) else ""


@dataclass(frozen=True, slots=True)
class WarehouseRow:
    """An Ozon warehouse and its rule. house None = the cabinet has it no more; fits: stocks are sent to it with the chosen scheme."""

    ozon_id: int
    house: OzonWarehouse | None
    draft: Draft
    fits: bool

    @property
    def name(self) -> str:
        """Its name, or its id."""
        return self.house.name if self.house is not None else str(self.ozon_id)


class WarehouseModel(RowModel[WarehouseRow]):
    """Rows in the order in which the warehouses are filled."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((), parent=parent)
        self._titles = ("Склад Ozon", "Схема", "Как наполняется")
        self.stores: Mapping[str, str] = {}
        self.by_name = True

    def text(self, row: WarehouseRow, column: int) -> str:
        """What stands in a cell."""
        if column == HOUSE:
            return row.name
        if column == SCHEME:
            return self._scheme(row)
        fault = row.draft.fault()
        if fault:
            return "Не выбраны склады магазина" if fault == "stores" else "Неверная доля"
        rule = row.draft.rule(row.ozon_id)
        if rule is not None:
            return wording.capital(wording.warehouse_rule_text(rule, self.stores))
        return "По названию складов" if self.by_name else "Правила нет: отправляется ноль"

    def _scheme(self, row: WarehouseRow) -> str:
        if row.house is None:
            return "нет в кабинете"
        scheme = "rFBS" if row.house.is_rfbs else "FBS"
        if not row.house.active:
            return f"{scheme}, выключен"
        return scheme if row.fits else f"{scheme}, не используется"

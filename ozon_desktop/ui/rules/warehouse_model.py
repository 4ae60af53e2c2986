"""The table of the cabinet's warehouses with the rule of each in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject

from ozon_desktop import wording
from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.stock_rules import Spread, WarehouseRule
from ozon_desktop.ui.rules.numbers import decimal_of, text_of
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import Column, RowTableModel


@dataclass(frozen=True, slots=True)
class Draft:
    """The rule of an Ozon warehouse as it is being entered. spread None = it has none."""

    spread: Spread | None = None
    store_ids: tuple[str, ...] = ()
    share: str = "100"

    @classmethod
    def of(cls, rule: WarehouseRule) -> "Draft":
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


@dataclass(slots=True)
class WarehouseWords:
    """What stands in the table. stores: names by id; by_name: no warehouse has a rule, so all meet by their names."""

    stores: Mapping[str, str] = field(default_factory=dict)
    by_name: bool = True

    def scheme(self, row: WarehouseRow) -> str:
        """The scheme of the warehouse, and why nothing is sent to it."""
        if row.house is None:
            return "нет в кабинете"
        scheme = "rFBS" if row.house.is_rfbs else "FBS"
        if not row.house.active:
            return f"{scheme}, выключен"
        return scheme if row.fits else f"{scheme}, не используется"

    def rule(self, row: WarehouseRow) -> str:
        """How it is filled, or what is wrong with its rule."""
        fault = row.draft.fault()
        if fault:
            return "Не выбраны склады магазина" if fault == "stores" else "Неверная доля"
        rule = row.draft.rule(row.ozon_id)
        if rule is not None:
            return wording.capital(wording.warehouse_rule_text(rule, self.stores))
        return "По названию складов" if self.by_name else "Правила нет: отправляется ноль"


class WarehouseModel(RowTableModel[WarehouseRow]):
    """Rows in the order in which the warehouses are filled."""

    def __init__(self, parent: QObject | None = None) -> None:
        self.words = WarehouseWords()
        columns: tuple[Column[WarehouseRow], ...] = (
            Column("Склад Ozon", lambda row: row.name, Width(share=1, least=12)),
            Column("Схема", self.words.scheme),
            Column("Как наполняется", self.words.rule, Width(share=2, least=16)),
        )
        super().__init__(columns, speaks_rows=True, parent=parent)

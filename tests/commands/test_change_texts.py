"""What a line of a preview shows: fields by their names, and every price and loss however many changes there are."""

from ozon_desktop.commands.change_texts import change_text, shown_changes
from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, PlanItem, Reason
from tests.commands.conftest import Terminal

SIZES = tuple(FieldChange(name, "1", "2") for name in ("depth", "width", "height", "weight", "vat"))
LOST, PRICE = FieldChange("attribute:4191", "Тёплая рубашка", "", ("Тёплая рубашка",)), FieldChange("price", "100", "110")


def test_prices_and_losses_are_shown_behind_any_number_of_changes() -> None:
    item = PlanItem(ActionKind.UPDATE, "RU-1", "Рубашка", Reason.CARD_CHANGED, (*SIZES, LOST, PRICE))
    assert shown_changes(item) == (*SIZES[:4], LOST, PRICE)
    assert change_text(LOST, "Аннотация") == "Аннотация: Тёплая рубашка → — (пропадёт: Тёплая рубашка)"


def test_a_preview_names_warehouses(terminal: Terminal) -> None:
    terminal.sets_up()
    said = terminal("sync", "--dry-run").out
    assert "Склад «Основной склад»" in said
    assert "stock:" not in said

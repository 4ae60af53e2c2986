"""Words of the page «Заказы» about the store: what it has not got yet, by how it is connected."""

from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.wording.formats import number

ONEC_FETCHES = "1С забирает заказы сама, при следующем обмене"
NOT_HANDED_OVER = "не передаётся: заказ завершён раньше подключения"
_LINES = {
    ConnectionKind.ONEC: ("1С ещё не забрала: {count}", "1С забрала все"),
    ConnectionKind.MOYSKLAD: ("ещё не передано в МойСклад: {count}", "все переданы в МойСклад"),
}
_WRITTEN = ("ещё не выгружено в магазин: {count}", "все выгружены в магазин")
_TIPS = {ConnectionKind.ONEC: "1С его ещё не забрала", ConnectionKind.MOYSKLAD: "Ещё не передан в МойСклад"}
_BUTTONS = {ConnectionKind.ONEC: "Выгр&узить в магазин", ConnectionKind.MOYSKLAD: "Передать в Мой&Склад"}


def hand_over_line(connection: StoreConnection, waiting: int) -> str:
    """The end of the line of truth: how many orders the store lacks."""
    some, none = _LINES.get(connection.kind, _WRITTEN)
    return some.format(count=number(waiting)) if waiting else none


def not_in_store_tip(connection: StoreConnection) -> str:
    """Of one order the store has not got."""
    return _TIPS.get(connection.kind, "Ещё не выгружен в магазин")


def hand_over_button(connection: StoreConnection) -> str:
    """The button that gives the store what it lacks."""
    return _BUTTONS.get(connection.kind, "Выгр&узить в магазин")

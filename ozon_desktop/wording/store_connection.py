"""Words of the store's connection: its kinds, what a check found, exchanges, orders in the store."""

from datetime import datetime

from ozon_desktop.domain.store_connection import ConnectionCheck, ConnectionKind, OrdersHeld, OrderStage, StoreConnection
from ozon_desktop.wording.formats import plural, when

_KINDS = {
    ConnectionKind.FILES: "Файлы",
    ConnectionKind.LINK: "Ссылка",
    ConnectionKind.ONEC: "1С",
    ConnectionKind.MOYSKLAD: "МойСклад",
}
_STAGES = {
    OrderStage.NEW: "новый",
    OrderStage.ASSEMBLED: "собран",
    OrderStage.SHIPPED: "отгружен",
    OrderStage.DELIVERED: "доставлен",
    OrderStage.RETURNED: "возвращён",
    OrderStage.CANCELLED: "отменён",
}
_HELD = {
    OrdersHeld.NO_GOODS_YET: (
        "Заказы пойдут, когда 1С пришлёт товары: станет видно, те же ли у них id, что у загруженных раньше. "
        "Если 1С товаров не присылает, загрузите её выгрузку: «Перенос магазина…»"
    ),
    OrdersHeld.OTHER_IDS: "Заказы ждут переноса магазина: товары пришли под другими id, и магазин не узнал бы их в заказе",
}
NEVER_PULLED = "Товары ещё не загружались"
NOTHING_NEW = "Ничего не изменилось"
PULL = "загрузка товаров"
CHECK = "проверка подключения"


def kind_text(kind: ConnectionKind) -> str:
    return _KINDS[kind]


def stage_text(stage: OrderStage) -> str:
    """How far an order has come, as a word beside it."""
    return _STAGES[stage]


def connection_text(connection: StoreConnection) -> str:
    """«Ссылка: https://shop.example/price.yml», «1С: порт 8910», «Файлы»."""
    if connection.kind is ConnectionKind.ONEC:
        return f"{kind_text(connection.kind)}: порт {connection.port}"
    return f"{kind_text(connection.kind)}: {connection.address}" if connection.address else kind_text(connection.kind)


def check_text(check: ConnectionCheck) -> list[str]:
    """The lines of a check: who is there, and each right that is missing."""
    company = f"Связь есть: {check.company}" if check.company else "Связь есть"
    return [company, *(f"Не хватает прав: {right}" for right in check.missing)]


def pulled_text(pulled_at: datetime | None, now: datetime) -> str:
    """When goods were last asked for."""
    return NEVER_PULLED if pulled_at is None else f"Товары загружены {when(pulled_at, now)}"


def interval_text(minutes: int) -> str:
    return f"раз в {plural(minutes, 'минуту', 'минуты', 'минут')}"


def no_store_product_text(posting_number: str, offer_id: str, name: str, quantity: int) -> str:
    """Of a product sold on Ozon that the store does not have."""
    return f"Заказ {posting_number}: в магазине нет товара {offer_id} «{name}», {quantity} шт.; строка записана в комментарий заказа"


def changed_by_hand_text(posting_number: str) -> str:
    """Of an order whose state somebody changed in the store."""
    return f"Заказ {posting_number}: состояние в магазине поменяли вручную, программа его не трогает"


def still_reserved_text(posting_number: str) -> str:
    """Of an order that was cancelled when its goods had left: the store keeps them apart until they are back."""
    return f"Заказ {posting_number} отменён в пути: резерв в магазине оставлен, снимите его, когда товар вернётся"


def held_text(held: OrdersHeld) -> str:
    """Why orders do not go to the store, and what lets them go."""
    return _HELD[held]


def handed_over_text(orders: int, waiting: int, held: OrdersHeld | None = None) -> str:
    """How many orders the store took now; waiting: how many it will fetch by itself, or that are held."""
    if held is not None:
        return f"Ждут: {plural(waiting, 'заказ', 'заказа', 'заказов')}. {held_text(held)}"
    if waiting:
        return f"Ждут, когда магазин их заберёт: {plural(waiting, 'заказ', 'заказа', 'заказов')}"
    return f"Передано в магазин: {plural(orders, 'заказ', 'заказа', 'заказов')}" if orders else "Магазин уже получил все заказы"

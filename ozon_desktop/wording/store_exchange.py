"""The store's connection as a manager reads it: how it is doing, what was exchanged, how orders stand in the store, what comes next."""

from datetime import datetime, timedelta

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.onec_exchange import ExchangeAddress
from ozon_desktop.domain.store_connection import ConnectionKind, OrdersHeld, OrderStage, PlacedOrder, StoreConnection
from ozon_desktop.domain.store_health import StoreHealth
from ozon_desktop.wording.formats import clock_time, duration, number, plural, when
from ozon_desktop.wording.store_connection import held_text, kind_text, stage_text

_HEALTH = {
    StoreHealth.FILES: ("", "neutral"),
    StoreHealth.NEVER: ("Ещё не загружалось", "attention"),
    StoreHealth.LOADING: ("Идёт загрузка", "accent"),
    StoreHealth.GOOD: ("Связь есть", "good"),
    StoreHealth.SILENT: ("Давно нет обмена", "attention"),
    StoreHealth.FAILING: ("Связи нет", "error"),
}
_HINTS = {
    ConnectionKind.FILES: "Выгрузки загружаете вы, или программа берёт их из папки. Заказы программа пишет файлами.",
    ConnectionKind.LINK: "Программа сама забирает выгрузку по ссылке: YML, CommerceML, прайс-лист или zip. Заказы программа пишет файлами.",
    ConnectionKind.ONEC: "1С приходит сюда сама. Впишите эти три строки в 1С, в настройку «Обмен с сайтом»:",
    ConnectionKind.MOYSKLAD: "Товары, цены и остатки приходят из МоегоСклада сами, заказы уходят туда с резервом.",
}
_STAGES_OF_OZON = {
    OrderStage.NEW: "Ждёт сборки",
    OrderStage.ASSEMBLED: "Собран, ждёт отгрузки",
    OrderStage.SHIPPED: "Отгружен, доставляется",
    OrderStage.DELIVERED: "Доставлен",
    OrderStage.RETURNED: "Возвращён, целиком или частью",
    OrderStage.CANCELLED: "Отменён",
}
_GOODS = {
    "products": ("товар", "товара", "товаров"),
    "variants": ("вариант", "варианта", "вариантов"),
    "categories": ("категория", "категории", "категорий"),
    "prices": ("цена", "цены", "цен"),
    "stocks": ("остаток", "остатка", "остатков"),
}
_ENDS = {
    RunResult.RUNNING: "идёт",
    RunResult.PARTIAL: "не всё",
    RunResult.FAILED: "не получилось",
    RunResult.STOPPED: "остановлено",
    RunResult.SKIPPED: "пропущено",
    RunResult.INTERRUPTED: "прервано",
}
WAITS, REFUSED = "ждёт обмена", "не принят"
KEEP_STATE = "не менять"
NEVER_EXCHANGED = "Обменов ещё не было"


def health_text(health: StoreHealth, kind: ConnectionKind) -> tuple[str, str]:
    """The words of the badge and its kind; "" = there is nothing to say."""
    if health is StoreHealth.NEVER and kind is ConnectionKind.ONEC:
        return "1С ещё не приходила", "attention"
    if health is StoreHealth.LOADING and kind is ConnectionKind.ONEC:
        return "Идёт обмен", "accent"
    return _HEALTH[health]


def last_exchange_text(kind: ConnectionKind, last: datetime | None, now: datetime) -> str:
    """Beside the badge: «последний обмен в 12:31» of today, «последняя загрузка вчера в 22:04»."""
    if last is None:
        return ""
    what = "последняя загрузка" if kind is ConnectionKind.FILES else "последний обмен"
    return f"{what} {when(last, now).removeprefix('сегодня ')}"


def kind_hint(kind: ConnectionKind) -> str:
    """What happens by itself, and what does not."""
    return _HINTS[kind]


def health_hint(health: StoreHealth, connection: StoreConnection, last: datetime | None, now: datetime, failure: str) -> str:
    """What is wrong and what to do about it; "" = nothing is wrong."""
    if health is StoreHealth.FAILING:
        return f"{failure.rstrip('.')}. Всё загруженное раньше осталось, программа пробует снова."
    if health is StoreHealth.SILENT and last is not None:
        quiet = f"Последний обмен был {when(last, now)}: перерыв дольше обычного."
        if connection.kind is ConnectionKind.ONEC:
            return f"{quiet} Проверьте, включён ли компьютер с 1С и не выключено ли расписание обмена в ней."
        return f"{quiet} Нажмите «Проверить»: станет видно, отвечает ли магазин."
    if health is StoreHealth.NEVER and connection.kind is ConnectionKind.ONEC:
        return "1С ещё не приходила. Впишите в неё три строки выше и запустите обмен; как это сделать — в описании для вашей 1С."
    return ""


def secret_missing_text(connection: StoreConnection) -> str:
    """Of a connection whose secret this computer does not have (any more)."""
    if connection.kind is ConnectionKind.ONEC:
        return "Пароля для 1С нет на этом компьютере: нажмите «Сохранить», появится новый, и впишите его в 1С"
    token = connection.kind is ConnectionKind.MOYSKLAD and not connection.login
    return f"{'Токена' if token else 'Пароля'} нет на этом компьютере: введите его заново и сохраните"


def site_text(address: ExchangeAddress | None, trouble: str) -> str:
    """Whether 1C would be let in now. address None = it is not listened to."""
    if trouble:
        return f"1С сейчас не войдёт: {trouble}"
    if address is None:
        return "Программа ещё не открыла адрес для 1С: подождите несколько секунд и проверьте снова."
    return f"Программа ждёт 1С: {address.network or address.url}. Запустите обмен в 1С, и он появится в списке ниже."


def page_line(health: StoreHealth, connection: StoreConnection, last: datetime | None, now: datetime) -> str:
    """The one line of truth under the page's title."""
    name = kind_text(connection.kind)
    if health is StoreHealth.FILES:
        return "Магазин загружается файлами" + (f"; последняя выгрузка {when(last, now)}" if last is not None else "")
    match health:
        case StoreHealth.LOADING:
            return f"{name}: идёт обмен" if connection.kind is ConnectionKind.ONEC else f"{name}: идёт загрузка"
        case StoreHealth.NEVER:
            return f"{name}: подключено, но ещё ничего не пришло"
        case StoreHealth.FAILING:
            return f"{name}: связи нет" + (f"; последний обмен {when(last, now)}" if last is not None else "")
        case StoreHealth.SILENT if last is not None:
            return f"{name}: давно нет обмена, последний — {when(last, now)}"
    return f"Магазин на связи, {name}" + (f": последний обмен {when(last, now)}" if last is not None else "")


def next_exchange_text(
    connection: StoreConnection, next_at: datetime | None, last: datetime | None, usual: timedelta | None, now: datetime
) -> str:
    """When something comes next, and that an estimate is one."""
    if connection.kind is ConnectionKind.FILES:
        return "Когда вы загрузите выгрузку или она появится в папке. Папку программа смотрит и с закрытым окном, если она в трее."
    if connection.kind is ConnectionKind.ONEC:
        begins = "Его начинает 1С по своему расписанию"
        if usual is not None and last is not None and last + usual > now:
            begins += f", обычно раз в {_every(usual)}: около {clock_time(last + usual)}"
        elif usual is not None:
            begins += f", обычно раз в {_every(usual)}"
        return f"{begins}. Программа принимает и с закрытым окном."
    orders = " Заказы — сразу, как придут с Ozon." if connection.takes_orders else ""
    if next_at is not None:
        at = "сейчас" if next_at <= now else f"в {clock_time(next_at)}"
        return f"Товары — {at}, дальше раз в {_every(timedelta(minutes=connection.interval_min))}.{orders}"
    return f"Товары — перед каждой синхронизацией: условие обновления выбрано не «При обновлении товара или остатка».{orders}"


def _every(pause: timedelta) -> str:
    minutes = round(pause.total_seconds() / 60)
    if minutes == 60:
        return "час"
    if minutes % 60 == 0:
        return plural(minutes // 60, "час", "часа", "часов")
    return f"{number(minutes)} мин"


# --- the log --------------------------------------------------------------------------------------------------------


def exchange_when(run: Run, now: datetime) -> str:
    """«12:31» of today, «вчера в 22:04» before."""
    return when(run.started_at, now).removeprefix("сегодня в ")


_RUNNING = {
    RunKind.STORE_IMPORT: "Загрузка товаров",
    RunKind.STORE_ORDERS: "Обмен заказами",
    RunKind.STORE_CREATE: "Создание товаров",
}


def exchange_text(run: Run) -> str:
    """What came or went, in one line."""
    counts = dict(run.counts)
    if run.result is RunResult.RUNNING:
        return _RUNNING[run.kind]
    if run.result in {RunResult.FAILED, RunResult.SKIPPED} and run.reason:
        return run.reason
    if run.kind is RunKind.STORE_ORDERS:
        return _orders_text(counts, run.reason)
    if run.kind is RunKind.STORE_CREATE:
        return f"Из карточек Ozon: {plural(counts.get('made', 0), 'новый товар', 'новых товара', 'новых товаров')}"
    goods = [plural(counts[name], *words) for name, words in _GOODS.items() if counts.get(name)]
    parts = [", ".join(goods) or "Ни товаров, ни цен, ни остатков"]
    if counts.get("deleted"):
        parts.append(f"больше нет: {number(counts['deleted'])}")
    said = "; ".join(parts)
    # A file is known by its name; what a connection brings has none.
    return said if run.cause is RunCause.CONNECTION or not run.reason else f"{said} · {run.reason}"


def _orders_text(counts: dict[str, int], reason: str) -> str:
    if reason:
        return reason
    given = counts.get("handed", 0)
    return f"Магазин принял {plural(given, 'заказ', 'заказа', 'заказов')}" if given else "Магазин не принял заказы"


def exchange_result(run: Run) -> tuple[str, str]:
    """How it ended, and the tone of it: «принято», good; «3 замечания», attention."""
    if run.kind is RunKind.STORE_ORDERS and run.result is RunResult.PARTIAL and run.problems:
        return plural(len(run.problems), "замечание", "замечания", "замечаний"), "attention"
    if run.result in _ENDS:
        tones = {RunResult.RUNNING: "accent", RunResult.FAILED: "error", RunResult.INTERRUPTED: "error"}
        return _ENDS[run.result], tones.get(run.result, "attention")
    if run.problems:
        return plural(len(run.problems), "замечание", "замечания", "замечаний"), "attention"
    if run.kind is RunKind.STORE_CREATE:
        return "создано", "good"
    if run.kind is RunKind.STORE_ORDERS:
        return ("передано", "good") if dict(run.counts).get("handed") else ("принято", "good")
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at is not None else 0
    return (f"принято, {duration(took)}" if took >= 60 else "принято"), "good"


# --- orders ---------------------------------------------------------------------------------------------------------


def stage_of_ozon_text(stage: OrderStage) -> str:
    """A row of the table of states: what happened on Ozon."""
    return _STAGES_OF_OZON[stage]


def placed_text(placed: PlacedOrder | None, stage: OrderStage | None, problem: str) -> tuple[str, str]:
    """How an order stands in the store, and its tone."""
    if problem:
        return REFUSED, "error"
    if placed is None:
        return WAITS, "secondary"
    if placed.cancelled:
        return "отменён", "attention"
    if placed.shipped:
        return "отгружен", "good"
    if placed.posted:
        return "проведён", "good"
    return (stage_text(stage) if stage not in {None, OrderStage.NEW} and stage is not None else "в резерве"), "secondary"


def orders_heading(connection: StoreConnection) -> str:
    """«Что взяла 1С», «Заказы в МоёмСкладе»."""
    match connection.kind:
        case ConnectionKind.ONEC:
            return "Что взяла 1С"
        case ConnectionKind.MOYSKLAD:
            return "Заказы в МоёмСкладе"
    return "Заказы для магазина"


def orders_line(connection: StoreConnection, placed: int, waiting: int, refused: int, held: OrdersHeld | None = None) -> str:
    """How many orders the store has, how many wait and why."""
    if not connection.takes_orders:
        line = "Так подключённый магазин заказы не забирает: программа пишет их файлами, папка — на странице «Заказы»."
        return f"{line} Ждут: {number(waiting)}." if waiting else line
    parts = [f"В магазине {plural(placed, 'заказ', 'заказа', 'заказов')}" if placed else "В магазине заказов ещё нет"]
    if waiting:
        parts.append(f"ждут обмена {number(waiting)}")
    if refused:
        parts.append(f"не принято {number(refused)}")
    line = ", ".join(parts)
    return line if held is None else f"{line}. {held_text(held)}"


# --- questions ------------------------------------------------------------------------------------------------------


def disconnect_question(connection: StoreConnection) -> str:
    """What disconnecting comes to."""
    secret = "Пароль забудется" if connection.kind is not ConnectionKind.MOYSKLAD or connection.login else "Токен забудется"
    return f"Отключить магазин ({kind_text(connection.kind)})? {secret}, товары снова будут загружаться файлами; всё загруженное останется."


def full_pull_question() -> str:
    """What asking for everything again comes to."""
    return (
        "Загрузить из магазина всё заново, а не только изменения? Карточки, категории и правила останутся; "
        "товары, которых в магазине больше нет, уйдут из списка. Остановить можно в любой момент: тогда ничего не изменится."
    )


def replace_question(before: ConnectionKind, after: ConnectionKind) -> str:
    """What another source comes to."""
    return (
        f"Источник товаров сменится: «{kind_text(before)}» → «{kind_text(after)}». Сначала новое подключение проверяется; "
        "если оно не работает, прежнее остаётся."
    )

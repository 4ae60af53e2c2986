"""Words of the exchange with 1C: answers its user reads, lines of the journal, and how 1C is set up."""

from collections.abc import Mapping, Sequence

from ozon_desktop.domain.onec_exchange import ExchangeEvent, OrderFault, Refusal
from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.domain.store_connection import PlacedOrder, StoreOrder
from ozon_desktop.wording.formats import number, plural

_REFUSALS = {
    Refusal.NAME: "Имя файла «{subject}» не подходит: нужны только буквы, цифры, точка, дефис и подчёркивание",
    Refusal.CHUNK_TOO_LARGE: "Часть файла больше, чем разрешено ({subject}): 1С должна делить файлы по ответу init",
    Refusal.FILE_TOO_LARGE: "Файл «{subject}» больше 4 ГБ",
    Refusal.TOO_MANY_FILES: "За один обмен передано больше {subject} файлов",
    Refusal.NO_ROOM: "На компьютере с Ozon Desktop не хватает места для файла «{subject}»",
    Refusal.EMPTY: "Файл «{subject}» пуст",
    Refusal.BROKEN_ARCHIVE: "Архив «{subject}» повреждён или передан не до конца",
    Refusal.BOMB: "Архив «{subject}» распаковывается в слишком большие файлы",
    Refusal.NOT_UPLOADED: "Файл «{subject}» не был передан в этом обмене",
    Refusal.NOT_WRITTEN: "Файл «{subject}» не удалось сохранить на компьютере с Ozon Desktop",
    Refusal.OTHER_EXCHANGE: "Идёт другой обмен, с компьютера {subject}. Повторите через несколько минут",
    Refusal.REPLACED: "Этот обмен прерван: с того же компьютера начат новый",
    Refusal.STOPPED: "Загрузку остановили в Ozon Desktop: из файла «{subject}» ничего не взято. Повторите обмен, когда можно",
    Refusal.LOCKED: "Слишком много неверных попыток входа. Подождите {subject} мин и проверьте логин и пароль",
    Refusal.WRONG_LOGIN: "Неверный логин или пароль. Скопируйте их из Ozon Desktop: «Интеграция», карточка «Магазин»",
    Refusal.NO_LOGIN: "Нужны логин и пароль. Скопируйте их из Ozon Desktop: «Интеграция», карточка «Магазин»",
    Refusal.UNKNOWN_MODE: "Ozon Desktop не знает такого шага обмена: {subject}",
    Refusal.UNKNOWN_ADDRESS: "По этому адресу обмена нет. Адрес для 1С заканчивается на /ozon",
    Refusal.POST_NEEDED: "Файлы передаются методом POST",
    Refusal.NO_METHOD: "Такой запрос не поддерживается",
    Refusal.UNEXPECTED: "Непредвиденная ошибка Ozon Desktop, подробности в журнале программы (папка logs)",
}
_EVENTS = {
    ExchangeEvent.WRONG_LOGIN: "1С: неверный логин или пароль, с компьютера {subject}",
    ExchangeEvent.LOCKED: "1С: {detail} неверных попыток входа подряд, с компьютера {subject}; вход с него закрыт на 10 минут",
    ExchangeEvent.UPLOAD_LOST: "1С: файл «{subject}» не загружен: {detail}",
    ExchangeEvent.STOPPED: "1С: загрузку остановили, из файла «{subject}» ничего не взято; он придёт со следующим обменом",
    ExchangeEvent.NOT_WHOLE: "1С: полная выгрузка пришла не вся ({subject}); товары, которых в ней нет, остались как были",
}
_FAULTS = {
    OrderFault.NO_LINES: "в нём нет ни одного товара",
    OrderFault.NO_KNOWN_LINES: "ни одного из его товаров нет в магазине, 1С завела бы новые",
    OrderFault.NO_CURRENCY: "не указана валюта",
    OrderFault.TWO_CURRENCIES: "его товары в разных валютах",
    OrderFault.WRONG_NUMBER: "номер для 1С не помещается в 11 знаков",
    OrderFault.WRONG_QUANTITY: "количество или цена товара меньше нуля",
}
SHOWN = 3
LOGIN = "ozon-desktop"
PASSWORD_ONCE = "Пароль, показан один раз"
SERVE_IT = "Обмен принимают окно программы, ozon-desktop run и ozon-desktop store serve"
SERVED_ELSEWHERE = "обмен с 1С уже обслуживает другой запуск программы на этом компьютере"
WORKING = "Загрузка продолжается"
TAKEN_BEFORE = "Уже загружено"
NOTHING_FOR_US = "В файле нет ни товаров, ни цен, ни остатков: пропущен"


def refusal_text(refusal: Refusal, subject: str = "") -> str:
    return _REFUSALS[refusal].format(subject=subject)


def event_text(event: ExchangeEvent, subject: str, detail: str) -> str:
    return _EVENTS[event].format(subject=subject, detail=detail)


def working_text(update: ProgressUpdate | None) -> str:
    """What an import that is not over yet says to 1C."""
    return f"{WORKING}: прочитано товаров {number(update.done)}" if update is not None and update.done else WORKING


def taken_text(counts: ImportCounts) -> str:
    """What was taken of an uploaded file, for the user of 1C."""
    parts = [
        (counts.products, ("товар", "товара", "товаров")),
        (counts.prices, ("цена", "цены", "цен")),
        (counts.stocks, ("остаток", "остатка", "остатков")),
    ]
    taken = ", ".join(plural(count, *forms) for count, forms in parts if count)
    return f"Загружено: {taken}" if taken else "Загружено"


def given_text(orders: Sequence[StoreOrder]) -> str:
    """«1С взяла 5 заказов: 41200000017 (37217065-0112-1), …»."""
    listed = ", ".join(f"{order.own_number} ({order.posting_number})" for order in orders[:SHOWN])
    more = f" и ещё {number(len(orders) - SHOWN)}" if len(orders) > SHOWN else ""
    return f"1С взяла {plural(len(orders), 'заказ', 'заказа', 'заказов')}: {listed}{more}"


def returned_text(found: Mapping[int, PlacedOrder], changed: int) -> str:
    """What 1C has told of orders."""
    posted = sum(1 for placed in found.values() if placed.posted)
    shipped = sum(1 for placed in found.values() if placed.shipped)
    told = plural(len(found), "заказе", "заказах", "заказах")
    return f"1С рассказала о {told}, изменилось {number(changed)}; проведено {number(posted)}, отгружено {number(shipped)}"


def order_fault_text(fault: OrderFault, posting_number: str) -> str:
    """Why an order was kept back from 1C."""
    return f"Заказ {posting_number} не передан в 1С: {_FAULTS[fault]}. Остальные заказы переданы"


def address_lines(url: str, network: str, login: str) -> list[str]:
    """The lines to copy into 1C, the password apart."""
    lines = [f"Адрес сайта: {url}"]
    if network:
        lines.append(f"Адрес с других компьютеров сети: {network}")
    return [*lines, f"Пользователь: {login}"]


INSTRUCTIONS = {
    "УТ 11, КА 2, ERP": (
        "Администрирование → Синхронизация данных → Обмен с сайтом → Создать узел",
        "Назначение: «Обмен товарами» и «Обмен заказами»; адрес сайта, пользователь и пароль — как здесь",
        "«Проверить подключение», затем «Выполнить обмен»; расписание — там же, «Автоматический обмен»",
        "Первый раз отметьте «Полная выгрузка»: после неё программа знает весь каталог",
    ),
    "УНФ": (
        "Продажи → Интернет-магазин → Сайты → Создать, CMS — «Другая»",
        "Адрес сайта, пользователь и пароль — как здесь; «Проверить соединение»",
        "Отметьте выгрузку товаров, остатков и цен и загрузку заказов; таблицу статусов 1С заполнит сама",
    ),
    "Розница 2": (
        "Администрирование → Обмен данными → Обмен с сайтом → Создать узел",
        "Адрес сайта, пользователь и пароль — как здесь; «Проверить подключение», затем «Выполнить обмен»",
    ),
    "УТ 10.3, КА 1.1": (
        "Сервис → Обмен данными с WEB-сайтом → Настроить обмен; тип — «Полный обмен»",
        "Адрес сайта, пользователь и пароль — как здесь",
    ),
}
"""How 1C is set up, a list of steps for each of its programs."""

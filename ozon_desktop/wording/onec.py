"""Words of the exchange with 1C: answers its user reads, lines of the journal, and how 1C is set up."""

from ozon_desktop.domain.onec_exchange import ExchangeEvent, Refusal
from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.wording.formats import number

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
    ExchangeEvent.WRONG_LOGIN: "1С: неверный логин или пароль, с компьютера {subject} ({detail}-я попытка)",
    ExchangeEvent.LOCKED: "1С: {detail} неверных попыток входа подряд, с компьютера {subject}; вход с него закрыт на 10 минут",
    ExchangeEvent.UPLOAD_LOST: "1С: файл «{subject}» не загружен: {detail}",
    ExchangeEvent.NOT_WHOLE: "1С: полная выгрузка пришла не вся ({subject}); товары, которых в ней нет, остались как были",
}
WORKING = "Загрузка продолжается"
UNPACKING = "Архив распаковывается"
TAKEN_BEFORE = "Уже загружено"
NOTHING_FOR_US = "В файле нет ни товаров, ни цен, ни остатков: пропущен"


def refusal_text(refusal: Refusal, subject: str = "") -> str:
    return _REFUSALS[refusal].format(subject=subject)


def event_text(event: ExchangeEvent, subject: str, detail: str) -> str:
    return _EVENTS[event].format(subject=subject, detail=detail)


def working_text(update: ProgressUpdate | None) -> str:
    """What an import that is not over yet says to 1C."""
    return f"{WORKING}: прочитано товаров {number(update.done)}" if update is not None and update.done else WORKING

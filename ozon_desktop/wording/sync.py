"""Words of the synchronization, the orders and the journal: stages, actions, reasons, limits, runs and their counts."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from ozon_desktop.domain.card import CardProblem, ProblemCode
from ozon_desktop.domain.integration import LimitUsage, VatRate
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.price_timers import TIMER_FIELD
from ozon_desktop.domain.progress import ProgressUpdate, Stage
from ozon_desktop.domain.quotas import PER_MINUTE
from ozon_desktop.domain.sync_plan import ActionKind, Part, Reason
from ozon_desktop.errors import AppError
from ozon_desktop.wording.cards import problem_text
from ozon_desktop.wording.errors import error_text, title_of
from ozon_desktop.wording.formats import NBSP, day_of_year, number, plural
from ozon_desktop.wording.ozon_codes import advice
from ozon_desktop.wording.setup import field_label, vat_text

_STAGES = {
    Stage.READING_FILE: "Чтение файла",
    Stage.CHECKING: "Проверка",
    Stage.BASE_CATEGORIES: "Базовые категории",
    Stage.CHILD_CATEGORIES: "Дочерние категории",
    Stage.ATTRIBUTES: "Характеристики",
    Stage.DICTIONARIES: "Справочники",
    Stage.CARDS: "Карточки товаров",
    Stage.VALUES: "Поиск значений в справочниках Ozon",
    Stage.CABINET: "Чтение кабинета Ozon",
    Stage.PLAN: "Сравнение с Ozon",
    Stage.PRODUCTS: "Отправка карточек",
    Stage.WAITING_FOR_OZON: "Ozon проверяет карточки",
    Stage.PRICES: "Отправка цен",
    Stage.STOCKS: "Отправка остатков",
    Stage.STORE_PRODUCTS: "Создаю товары в магазине",
    Stage.ORDERS: "Получение заказов",
}
_ACTIONS = {
    ActionKind.CREATE: "создать",
    ActionKind.UPDATE: "обновить",
    ActionKind.ARCHIVE: "архивировать",
    ActionKind.PRICE: "изменить цену",
    ActionKind.TIMER: "продлить минимальную цену",
    ActionKind.STOCK: "изменить остаток",
    ActionKind.SKIP: "пропустить",
}
_PARTS = {Part.PRODUCTS: "товары", Part.PRICES: "цены", Part.STOCKS: "остатки", Part.ORDERS: "заказы"}
_REASONS = {
    Reason.NEW_PRODUCT: "Новый товар, в Ozon его ещё нет",
    Reason.CARD_CHANGED: "Карточка изменилась в магазине",
    Reason.RETURNED: "Товар снова есть в магазине: карточка вернётся из архива Ozon",
    Reason.ADOPTED: "Карточка уже есть в Ozon, она обновится по данным магазина",
    Reason.PRICE_CHANGED: "Цена изменилась в магазине",
    Reason.STOCK_CHANGED: "Остаток изменился в магазине",
    Reason.DELETED_IN_STORE: "Товар удалён в магазине",
    Reason.NOT_READY: "Карточка не готова",
    Reason.REFUSED_UNCHANGED: "Ozon не принял карточку, а она с тех пор не изменилась",
    Reason.PRICE_NOT_ALLOWED: "Ozon не примет такие цены: они не подходят друг к другу",
    Reason.TIMER_ENDS: "Скоро Ozon перестанет учитывать минимальную цену: её срок продлится ещё на 30 дней",
    Reason.OZON_DIFFERS: "На Ozon сейчас показано другое",
    Reason.TAKEN_BACK: "Возвращается то, что было до отправки",
    Reason.OZON_UNREADABLE: "Ozon ответил об этом товаре непонятно: он подождёт, остальные отправятся",
    Reason.ORDERS_UNREAD: "заказы Ozon не прочитаны, проданное неизвестно: остаток пока не увеличивается",
}
_RESULTS = {
    RunResult.RUNNING: "выполняется",
    RunResult.DONE: "выполнено",
    RunResult.PARTIAL: "выполнено с ошибками",
    RunResult.FAILED: "не удалось",
    RunResult.STOPPED: "остановлено",
    RunResult.SKIPPED: "пропущено",
    RunResult.INTERRUPTED: "прервано",
}
_KINDS = {
    RunKind.SYNC: "Синхронизация",
    RunKind.CATEGORIES: "Получение категорий",
    RunKind.SETTINGS: "Получение настроек",
    RunKind.STORE_IMPORT: "Загрузка из магазина",
    RunKind.ORDERS: "Получение заказов",
    RunKind.CABINET: "Загрузка карточек с Ozon",
    RunKind.STORE_ORDERS: "Обмен заказами с магазином",
    RunKind.FBS: "Сборка и отгрузка заказов",
    RunKind.STORE_CREATE: "Создание товаров в магазине",
}
_CAUSES = {
    RunCause.MANUAL: "вручную",
    RunCause.SCHEDULED: "по расписанию",
    RunCause.CHANGE: "после изменений",
    RunCause.RESUMED: "после перерыва",
    RunCause.FOLDER: "папка выгрузки",
    RunCause.CONNECTION: "подключение магазина",
}
_COUNTS = {
    "create": "создано",
    "update": "обновлено",
    "archive": "в архив",
    "price": "цены",
    "timer": "сроки минимальных цен",
    "stock": "остатки",
    "skip": "пропущено",
    "failed": "ошибок",
    "waiting": "ждут Ozon",
    "held": "придержано",
    "vanished": "исчезло из выгрузки",
    "orders": "новых заказов",
    "not_exported": "заказов не записано",
    "handed": "передано заказов",
    "assembled": "собрано",
    "done": "сделано",
    "refused": "отказано",
    "wait_for_ozon": "Ozon ещё не ответил",
    "made": "создано товаров",
    "unmade": "не создано",
    "new": "новых",
    "updated": "обновлено",
    "products": "товары",
    "categories": "категории",
    "prices": "цены",
    "stocks": "остатки",
    "bases": "базовых категорий",
    "types": "типов",
    "attributes": "характеристик",
    "dictionaries": "справочников",
    "values": "значений",
    "requests": "запросов",
    "deleted": "удалено",
    "warehouses": "склады",
    "properties": "свойства",
    "structures": "структуры",
    "price_types": "типы цен",
    "organizations": "организации",
    "employees": "сотрудники",
    "directions": "направления",
    "variants": "варианты",
    "without_price": "без цены",
    "without_stock": "без остатка",
    "without_article": "без артикула",
    "without_category": "без категории",
    "problems": "не взято",
    "matched": "сопоставлено",
    "cards": "карточек",
    "only_ozon": "только на Ozon",
    "only_store": "только в магазине",
    "unsure": "под вопросом",
    "gone": "пропало",
    "sent": "отправлено",
    "changes": "изменений",
}
_LIMITS = {
    "total": "Товары в кабинете",
    "daily_create": "Создание карточек",
    "daily_update": "Обновление карточек",
    "per_minute": "Отправка карточек",
}
_POSTINGS = {
    "awaiting_registration": "ожидает регистрации",
    "acceptance_in_progress": "идёт приёмка",
    "awaiting_approve": "ожидает подтверждения",
    "awaiting_verification": "ожидает проверки",
    "awaiting_packaging": "ожидает сборки",
    "awaiting_deliver": "ожидает отгрузки",
    "arbitration": "арбитраж",
    "client_arbitration": "арбитраж с покупателем",
    "delivering": "доставляется",
    "driver_pickup": "у водителя",
    "delivered": "доставлен",
    "cancelled": "отменён",
    "cancelled_from_split_pending": "отменён при разделении",
    "not_accepted": "не принят на сортировке",
    "sent_by_seller": "отправлен продавцом",
}


def stage_text(stage: Stage) -> str:
    return _STAGES[stage]


def about(seconds: float) -> str:
    """A time left, in the genitive: «40 секунд», «3 минут», «1 часа 10 минут»."""
    if seconds < 60:
        tens = max(10 * round(seconds / 10), 10)
        return plural(tens, "секунды", "секунд", "секунд")
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    parts = [plural(hours, "часа", "часов", "часов")] if hours else []
    if rest or not hours:
        parts.append(plural(rest, "минуты", "минут", "минут"))
    return " ".join(parts)


def progress_text(update: ProgressUpdate, *, with_detail: bool = False) -> str:
    """«Отправка цен — 300 из 1 200», with the requests per second and the time left where known, on demand with what it works on."""
    text = stage_text(update.stage)
    if update.total:
        text = f"{text} — {number(update.done)} из {number(update.total)}"
    elif update.done:
        text = f"{text} — {number(update.done)}"
    if update.rate is not None:
        text = f"{text}, {number(round(update.rate))} в секунду"
    if update.seconds_left is not None and update.seconds_left >= 1:
        text = f"{text}, осталось около {about(update.seconds_left)}"
    return f"{text}: {update.detail}" if with_detail and update.detail else text


def action_text(kind: ActionKind) -> str:
    """What is done with a product, as an infinitive: «изменить цену»."""
    return _ACTIONS[kind]


def part_text(part: Part) -> str:
    return _PARTS[part]


def reason_text(reason: Reason) -> str:
    return _REASONS[reason]


def change_label(field: str, attribute_names: Mapping[int, str], warehouses: Mapping[int, str]) -> str:
    """The field of a FieldChange: «Цена», «Бренд», «Склад «Основной»»; ids stay visible when their name is not known."""
    kind, _, key = field.partition(":")
    if kind == "attribute" and key.isdigit():
        return attribute_names.get(int(key)) or f"Характеристика {key}"
    if kind == "stock" and key.isdigit():
        name = warehouses.get(int(key))
        return f"Склад «{name}»" if name else f"Склад {key}"
    return field_label(field)


def change_value_text(field: str, value: str) -> str:
    """A value of a FieldChange as it is read: prices and sizes by Russian rules, the VAT rate, file names of pictures."""
    if not value:
        return ""
    if field in {"price", "old_price", "min_price", "stock"} or field.startswith("stock:"):
        return _number_text(value)
    if field in {"depth", "width", "height"}:
        return f"{_number_text(value)}{NBSP}мм"
    if field == "weight":
        return f"{_number_text(value)}{NBSP}г"
    if field == TIMER_FIELD:
        return f"защищает до {day_of_year(datetime.fromisoformat(value))}"
    if field == "vat":
        return next((vat_text(rate) for rate in VatRate if rate.accepted_by_ozon and rate.ozon_value == value), value)
    if field in {"images", "primary_image", "color_image"}:
        return ", ".join(part.strip().rsplit("/", 1)[-1] for part in value.split(", "))
    if field == "type_key":
        category, _, type_ = value.partition(":")
        return f"категория {category}, тип {type_}"
    return value


def _number_text(value: str) -> str:
    try:
        return number(Decimal(value))
    except InvalidOperation:
        return value


def run_problem_text(problem: RunProblem) -> str:
    """A problem of a run: advice for a code that is known, else its own text, else the code."""
    known = advice(problem.code, field_label(problem.field) if problem.field else "")
    if known or problem.text:
        return known or problem.text
    if problem.code in set(ProblemCode):
        return problem_text(CardProblem(ProblemCode(problem.code), problem.field))
    return title_of(problem.code) or f"Код ошибки {problem.code or 'не указан'}"


def run_result_text(result: RunResult) -> str:
    return _RESULTS[result]


def run_kind_text(kind: RunKind) -> str:
    return _KINDS[kind]


def run_cause_text(cause: RunCause) -> str:
    return _CAUSES[cause]


def who_text(run: Run) -> str:
    """«компьютер KASSA, пользователь anna»; "" when it is not known."""
    return ", ".join(part for part in (f"компьютер {run.host}" if run.host else "", f"пользователь {run.user}" if run.user else "") if part)


def counts_text(counts: tuple[tuple[str, int], ...]) -> str:
    """Counts of a run without the zeros: «создано 12, цены 37»; a name that is not known stays as it is."""
    return ", ".join(f"{_COUNTS.get(name, name)} {number(count)}" for name, count in counts if count)


def limit_text(limit: LimitUsage) -> str:
    """«Создание карточек: 12 из 1 500 на сегодня»."""
    name = _LIMITS.get(limit.name, limit.name)
    if limit.limit < 0:
        return f"{name}: без ограничений"
    if limit.name == PER_MINUTE:
        return f"{name}: не больше {number(limit.limit)} в минуту"
    today = " на сегодня" if limit.name.startswith("daily") else ""
    return f"{name}: {number(limit.usage)} из {number(limit.limit)}{today}"


def newly_required_text(type_name: str, field: str, products: int) -> str:
    """«У типа «Рубашка» появилось обязательное поле «Аннотация»: 12 товаров»."""
    return f"У типа «{type_name}» появилось обязательное поле «{field}»: {plural(products, 'товар', 'товара', 'товаров')}"


def not_read_again_text(path: str, error: AppError) -> str:
    """A type whose attributes are older than a day and could not be read again before the upload."""
    return f"Обязательные поля типа «{path}» не удалось проверить: {error_text(error).title}"


def timers_not_read_text(error: AppError) -> str:
    """Until when the lowest prices are heeded could not be asked."""
    return f"Срок минимальных цен не удалось проверить: {error_text(error).title}"


def changes_text(count: int) -> str:
    """«96 изменений»."""
    return plural(count, "изменение", "изменения", "изменений")


def posting_status_text(status: str) -> str:
    """Status of a posting; one that is not known stays as Ozon gives it."""
    return _POSTINGS.get(status, status)

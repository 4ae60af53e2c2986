"""Words of the integration page: fields, steps of the guide, what is missing, rates, schemes and triggers."""

from collections import Counter

from ozon_desktop.domain.integration import FieldProblem, Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.mapping import MappingState
from ozon_desktop.domain.setup_guide import Action, Missing, Step
from ozon_desktop.domain.tree_changes import ChangeKind, TreeChange
from ozon_desktop.wording.formats import NBSP, capital, number, plural

_MISSING = {
    Missing.CREDENTIALS: "Введите Client ID и ключ API",
    Missing.FIELDS: "Заполните обязательные поля и нажмите «Обновить»",
    Missing.BASE_CATEGORIES: "Получите базовые категории",
    Missing.BASE_SELECTION: "Выберите базовые категории, с которыми работаете",
    Missing.CHILD_CATEGORIES: "Получите дочерние категории",
    Missing.CATEGORY_SETTINGS: "Получите настройки категорий",
    Missing.ENABLED: "Включите интеграцию",
    Missing.MAPPING: "Сопоставьте хотя бы одну категорию",
    Missing.CABINET_CARDS: "Загрузите карточки с Ozon: страница «Товары», «Загрузить карточки с Ozon». Без окна: cards adopt",
    Missing.STORE_CONNECTION: "Подключите магазин: страница «Интеграция», вкладка «Магазин»",
}
_STEPS = {
    Step.PAGE_OPENED: "Страница открыта",
    Step.CREDENTIALS: "Client ID и ключ API проверены",
    Step.FIELDS: "Поля заполнены",
    Step.BASE_CATEGORIES: "Базовые категории",
    Step.CHILD_CATEGORIES: "Дочерние категории",
    Step.CATEGORY_SETTINGS: "Настройки категорий",
    Step.ENABLED: "Интеграция включена",
    Step.MAPPED: "Категории сопоставлены",
}
_ACTIONS = {
    Action.CHECK: "Проверить подключение",
    Action.FETCH_BASE: "Получить базовые категории",
    Action.FETCH_CHILDREN: "Получить дочерние категории",
    Action.FETCH_SETTINGS: "Получить настройки",
    Action.ENABLE: "Включить интеграцию",
    Action.MAP: "Сопоставить категории",
    Action.SYNCHRONIZE: "Синхронизировать",
}
_RUNNING = {
    Action.FETCH_BASE: "Получение базовых категорий",
    Action.FETCH_CHILDREN: "Получение дочерних категорий",
    Action.FETCH_SETTINGS: "Получение настроек",
}
_FIELD_PROBLEMS = {
    FieldProblem.REQUIRED: "Обязательное поле: заполните его",
    FieldProblem.NOT_POSITIVE_INTEGER: "Client ID — целое положительное число, например 100500",
    FieldProblem.VAT_NOT_ACCEPTED: "Ставка отменена в 2019 году. Ozon принимает: без НДС, 5, 7, 10, 20, 22 %",
}
_VAT = {
    VatRate.NONE: "Без НДС",
    VatRate.VAT_5: f"5{NBSP}%",
    VatRate.VAT_7: f"7{NBSP}%",
    VatRate.VAT_10: f"10{NBSP}%",
    VatRate.VAT_18: f"18{NBSP}%",
    VatRate.VAT_20: f"20{NBSP}%",
    VatRate.VAT_22: f"22{NBSP}%",
}
_SCHEMES = {
    Scheme.FBO: "FBO — товары лежат на складе Ozon, он сам хранит, собирает и доставляет",
    Scheme.FBS: "FBS — товары на вашем складе, вы собираете, Ozon доставляет",
    Scheme.RFBS: "rFBS — товары на вашем складе, вы и собираете, и доставляете сами",
}
_TRIGGERS = {
    UpdateTrigger.ON_CHANGE: "при обновлении товара или остатка",
    UpdateTrigger.HOURLY: "каждый час",
    UpdateTrigger.EVERY_3_HOURS: "каждые 3 часа",
    UpdateTrigger.TWICE_A_DAY: "2 раза в день",
}
_MAPPING = {
    MappingState.MAPPED: "сопоставлена",
    MappingState.INHERITED: "от родителя",
    MappingState.PARTIAL: "частично",
    MappingState.NONE: "нет",
    MappingState.TYPE_DISABLED: "тип отключён на Ozon",
    MappingState.TYPE_GONE: "типа больше нет на Ozon",
}
_LABELS = {
    "recipient": "Кому",
    "server": "Почтовый сервер",
    "port": "Порт",
    "security": "Защита соединения",
    "user": "Имя пользователя",
    "password": "Пароль",
    "sender": "От кого",
    # the integration page, in page order
    "client_id": "Client ID",
    "api_key": "Ключ API",
    "scheme": "Схема работы с Ozon",
    "catalog_structure_id": "Структура каталога для выгрузки",
    "order_direction_id": "Направление заказа при создании",
    "organization_id": "Организация, проставляемая в документе «Заказ»",
    "responsible_employee_id": "Ответственный за заказ",
    "price_type_id": "Цена типа",
    "vat_rate": "НДС",
    "vat_of_product": "Ставка товара",
    "update_trigger": "Условие обновления остатков на складе и цены",
    # the card
    "name": "Название",
    "offer_id": "Артикул",
    "type_key": "Тип товара Ozon",
    "type": "Тип товара Ozon",
    "category": "Категория",
    "price": "Цена",
    "old_price": "Цена до скидки",
    "min_price": "Минимальная цена",
    "min_price_timer": "Минимальная цена",
    "vat": "НДС",
    "currency": "Валюта",
    "depth": "Длина",
    "width": "Ширина",
    "height": "Высота",
    "weight": "Вес",
    "dimensions": "Размеры упаковки",
    "images": "Фотографии",
    "primary_image": "Главная фотография",
    "color_image": "Образец цвета",
    "pdf_list": "Документы PDF",
    "barcode": "Штрихкод",
    "barcodes": "Ещё штрихкоды",
    "more_barcodes": "Ещё штрихкоды",
    "dimension_unit": "Единица размеров",
    "weight_unit": "Единица веса",
    "attributes": "Характеристики",
    "stock": "Остаток",
    "description_category_id": "Категория Ozon",
    "type_id": "Тип товара Ozon",
}


def missing_text(missing: Missing) -> str:
    """What to do first, as an order: «Получите базовые категории»."""
    return _MISSING[missing]


def step_text(step: Step, count: int | None = None) -> str:
    """A line of the checklist: «Базовые категории: 29»."""
    return _STEPS[step] if count is None else f"{_STEPS[step]}: {number(count)}"


def running_text(action: Action) -> str:
    """How a long job is called while it runs. KeyError for an action that is none."""
    return _RUNNING[action]


def gate_text(action: Action) -> str:
    """The action of the page as its button names it."""
    return _ACTIONS[action]


def field_problem_text(problem: FieldProblem) -> str:
    """What is wrong with a field of the page, and what fits."""
    return _FIELD_PROBLEMS[problem]


def vat_text(rate: VatRate) -> str:
    """«Без НДС», «20 %»."""
    return _VAT[rate]


def scheme_text(scheme: Scheme) -> str:
    """The scheme with its one-line explanation."""
    return _SCHEMES[scheme]


def trigger_text(trigger: UpdateTrigger) -> str:
    return _TRIGGERS[trigger]


def mapping_state_text(state: MappingState) -> str:
    return _MAPPING[state]


def field_label(name: str) -> str:
    """Label of a field of the page or the card; a name that is not known (an attribute's own) stays as it is."""
    return _LABELS.get(name, name)


_CHANGES = {
    ChangeKind.GONE: ("исчез", "исчезла"),
    ChangeKind.DISABLED: ("отключён", "отключена"),
    ChangeKind.MOVED: ("перенесён", "перенесена"),
    ChangeKind.RENAMED: ("переименован", "переименована"),
    ChangeKind.ENABLED: ("снова доступен", "снова доступна"),
    ChangeKind.NEW: ("новый", "новая"),
}


_FUNCTIONS = {
    "connection": "Проверка подключения",
    "catalog": "Категории и характеристики",
    "products": "Карточки товаров",
    "prices": "Цены",
    "stocks": "Остатки",
    "orders": "Заказы",
}


def function_text(function: str) -> str:
    """What the program needs a group of methods for."""
    return _FUNCTIONS.get(function, function)


def change_kind_text(kind: ChangeKind, *, category: bool = False) -> str:
    """What happened to a type, or to a category."""
    return _CHANGES[kind][category]


def tree_change_text(change: TreeChange) -> str:
    """«Тип перенесён: Обувь / Летняя / Сандалии → Обувь / Зимняя / Сандалии», «Новая категория: Обувь / Домашняя»."""
    before, after = " / ".join(change.before), " / ".join(change.after)
    paths = f"{before} → {after}" if before and after and before != after else before or after
    name, kind = "категория" if change.is_category else "тип", change_kind_text(change.kind, category=change.is_category)
    words = f"{kind} {name}" if change.kind is ChangeKind.NEW else f"{name} {kind}"
    return f"{capital(words)}: {paths}"


def tree_changes_line(changes: tuple[TreeChange, ...], concerned: int) -> str:
    """«С прошлого раза — типы: исчез 2, новый 14; категории: переименована 1.», "" when nothing changed."""
    counts = Counter((change.is_category, change.kind) for change in changes)
    parts: list[str] = []
    for category, name in ((False, "типы"), (True, "категории")):
        kinds = [kind for kind in ChangeKind if counts[category, kind]]
        changed = [f"{change_kind_text(kind, category=category)} {number(counts[category, kind])}" for kind in kinds]
        if changed:
            parts.append(f"{name}: {', '.join(changed)}")
    line = f"С прошлого раза — {'; '.join(parts)}." if parts else ""
    if concerned:
        fix = plural(concerned, "соответствие", "соответствия", "соответствий")
        line = f"{line} Исправьте {fix}: тип отключён, перенесён или исчез, категории отмечены на странице «Категории».".strip()
    return line

"""What the integration page says about connection, gates and results, as pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ozon_desktop.domain.integration import ConnectionReport, Integration
from ozon_desktop.domain.setup_guide import Action, Missing
from ozon_desktop.services.catalog.view import FetchResult, SettingsResult
from ozon_desktop.services.integration.connection import missing_functions
from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.wording import (
    day,
    error_text,
    gate_text,
    join_words,
    key_expiry_text,
    limit_left_text,
    missing_function_text,
    missing_function_words,
    missing_text,
    number,
    plural,
    tree_changes_line,
    when,
)

_CURRENCIES = {
    "RUB": "рубли",
    "BYN": "белорусские рубли",
    "KZT": "тенге",
    "USD": "доллары",
    "EUR": "евро",
    "CNY": "юани",
}
_PLACES = {
    "Диспетчер учётных данных Windows": "Хранится в Диспетчере учётных данных Windows",
    "Связка ключей macOS": "Хранится в Связке ключей macOS",
    "Связка ключей системы": "Хранится в связке ключей системы",
}


@dataclass(frozen=True, slots=True)
class ConnectionText:
    """badge and its kind, one line, further lines (what the key may not do, limits); tip: the methods it may not call."""

    badge: str
    kind: str
    line: str
    more: str = ""
    tip: str = ""


def key_place_text(place: str) -> str:
    """Where the key is kept, as a sentence."""
    return _PLACES.get(place, place)


def connection_text(report: ConnectionReport, now: datetime) -> ConnectionText:
    """What «Проверить подключение» found. Never green when the key lacks a right or is about to expire."""
    parts = [report.company] if report.company else []
    if report.roles:
        parts.append(f"{'роль' if len(report.roles) == 1 else 'роли'} {', '.join(report.roles)}")
    if report.currency:
        parts.append(_CURRENCIES.get(report.currency, report.currency))
    line = ", ".join(parts)
    badge, kind = "Подключено", "good"
    more: list[str] = []
    tip = ""
    if report.missing_methods:
        badge, kind = "Не хватает прав", "attention"
        lacking = missing_functions(report)
        more.extend(f"{missing_function_words(function, paths)}." for function, paths in lacking.items())
        tip = "\n".join(missing_function_text(function, paths) for function, paths in lacking.items())
        more.append("Чтобы работало всё, создайте ключ с ролью «Администратор».")
    if report.expires_at is not None:
        expired = report.expires_at <= now
        line = "; ".join(part for part in (line, f"ключ {'действовал' if expired else 'действует'} до {day(report.expires_at)}") if part)
        if expired:
            badge, kind = "Ключ истёк", "error"
            more.append("Создайте новый ключ в кабинете Ozon (Настройки → Seller API) и введите его здесь.")
        elif soon := key_expiry_text(report, now):
            badge, kind = "Ключ скоро истечёт", "attention"
            more.append(f"{soon}: создайте новый в кабинете Ozon (Настройки → Seller API).")
    if report.limits:
        more.append(" ".join(f"{limit_left_text(limit)}." for limit in report.limits))
    return ConnectionText(badge, kind, line, "\n".join(more), tip)


def gate_lines(missing: Mapping[Action, tuple[Missing, ...]], actions: Iterable[Action], *, unsaved: bool) -> list[str]:
    """Why buttons are disabled, one line per reason: «Получить настройки»: сначала получите дочерние категории."""
    by_reason: dict[str, list[str]] = {}
    for action in actions:
        if missing.get(action):
            reason = join_words([_lower(missing_text(item)) for item in missing[action]])
            if unsaved and Missing.CREDENTIALS in missing[action]:
                reason += " и нажмите «Обновить»"
            by_reason.setdefault(reason, []).append(f"«{gate_text(action)}»")
    return [f"{join_words(names)}: сначала {reason}." for reason, names in by_reason.items()]


def fetched_text(integration: Integration, page: IntegrationPage, now: datetime) -> str:
    """«Обновлены сегодня в 13:40. Можно просматривать без сети.», and how much of the settings is there."""
    moments = [moment for moment in (integration.base_fetched_at, integration.children_fetched_at) if moment is not None]
    if not moments:
        return "Ещё не получены."
    text = f"Обновлены {when(max(moments), now)}. Можно просматривать без сети."
    if page.type_count:
        settings = f"{number(page.settings_count)} из {plural(page.type_count, 'типа', 'типов', 'типов')}"
        text += f" Настройки получены для {settings}, в справочниках {plural(page.value_count, 'значение', 'значения', 'значений')}."
    return text


def base_result_text(result: FetchResult) -> str:
    """What «Получить базовые категории» brought."""
    brought = plural(result.bases, "базовая категория", "базовые категории", "базовых категорий")
    return f"Получено: {brought}. {tree_changes_line(result.changes, result.concerned)}".strip()


def children_result_text(result: FetchResult) -> str:
    """What «Получить дочерние категории» brought."""
    categories = plural(result.categories, "дочерняя категория", "дочерние категории", "дочерних категорий")
    types = plural(result.types, "тип товара", "типа товара", "типов товара")
    return f"Получено: {categories}, {types}. {tree_changes_line(result.changes, result.concerned)}".strip()


def settings_result_text(result: SettingsResult) -> tuple[str, str]:
    """What «Получить настройки» brought, and the kind of message: attention when some types failed."""
    brought = (
        plural(result.types, "тип", "типа", "типов"),
        plural(result.attributes, "характеристика", "характеристики", "характеристик"),
        plural(result.values, "значение", "значения", "значений"),
    )
    text = f"Получено: {', '.join(brought)}." if result.types or not result.failed else ""
    if result.partial:
        count = plural(len(result.partial), "большой справочник получен", "больших справочника получены", "больших справочников получены")
        text += f" {count} не целиком: недостающие значения найдутся поиском."
    if not result.failed:
        return text, "good"
    path, error = result.failed[0]
    failed = plural(len(result.failed), "тип", "типа", "типов")
    return f"{text} Не получено: {failed}. Первый из них — {path}: {_lower(error_text(error).title)}.".strip(), "attention"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]

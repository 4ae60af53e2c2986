"""What a check of the connection found, in words: rights that are missing, a key that expires, what is left of the limits."""

from collections.abc import Sequence
from datetime import datetime

from ozon_desktop.domain.integration import ConnectionReport, LimitUsage
from ozon_desktop.domain.quotas import PER_MINUTE
from ozon_desktop.wording.formats import day, join_words, number, plural
from ozon_desktop.wording.methods import method_text
from ozon_desktop.wording.setup import function_text
from ozon_desktop.wording.sync import limit_text

WARN_DAYS = 14
"""A key that expires within so many days is warned of: making a new one takes someone with access to the cabinet."""


def missing_function_text(function: str, paths: Sequence[str]) -> str:
    """«Цены: нет прав на /v1/product/import/prices (отправка цен)»."""
    return f"{function_text(function)}: нет прав на {join_words([_path_first(path) for path in paths])}"


def missing_function_words(function: str, paths: Sequence[str]) -> str:
    """The same for whoever knows no paths: «Цены — не разрешено: отправка цен»."""
    return f"{function_text(function)} — не разрешено: {join_words([_words(path) for path in paths])}"


def key_expiry_text(report: ConnectionReport, now: datetime) -> str:
    """«Ключ истекает через 3 дня, 27.11.2026»; "" while there is more time than `WARN_DAYS`, or no end at all."""
    days = report.days_left(now)
    if report.expires_at is None or days is None or days > WARN_DAYS:
        return ""
    if report.expires_at <= now:
        return f"Ключ истёк {day(report.expires_at)}"
    return f"Ключ истекает через {plural(days, 'день', 'дня', 'дней')}, {day(report.expires_at)}" if days else "Ключ истекает сегодня"


def limit_left_text(limit: LimitUsage) -> str:
    """«Создание карточек: 12 из 1 500 на сегодня, осталось 1 488»; without limit as it is."""
    text = limit_text(limit)
    return text if limit.left is None or limit.name == PER_MINUTE else f"{text}, осталось {number(limit.left)}"


def _path_first(path: str) -> str:
    words = _words(path)
    return path if words == path else f"{path} ({words})"


def _words(path: str) -> str:
    return method_text(path).removesuffix(f" ({path})")

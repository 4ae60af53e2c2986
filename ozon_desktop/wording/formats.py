"""Numbers, money, plurals and times as a Russian reader writes them; used by every other text."""

from datetime import date, datetime, timedelta
from decimal import Decimal

NBSP = "\u00a0"
"""Between groups of digits and before a currency sign, so that a number never breaks over two lines."""

_CURRENCY_SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸", "CNY": "¥", "BYN": "Br", "KGS": "сом"}
_MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


def plural_form(count: int, one: str, few: str, many: str) -> str:
    """The noun that goes with `count`: 1 товар, 2 товара, 5 товаров; without the number."""
    tens, units = abs(count) % 100, abs(count) % 10
    if units == 1 and tens != 11:
        return one
    return few if 2 <= units <= 4 and not 12 <= tens <= 14 else many


def plural(count: int, one: str, few: str, many: str) -> str:
    """`count` with its noun: «1 234 товара»."""
    return f"{number(count)} {plural_form(count, one, few, many)}"


def number(value: Decimal | int | None) -> str:
    """«1 234,5»; groups of three split by a no-break space, all decimal places of the value kept; "" for None."""
    if value is None:
        return ""
    return f"{value:,f}".replace(",", NBSP).replace(".", ",") if isinstance(value, Decimal) else f"{value:,}".replace(",", NBSP)


def money(value: Decimal | None, currency: str = "RUB") -> str:
    """«1 234,50 ₽»: always two places; a currency without a known sign is named by its code; "" for None."""
    if value is None:
        return ""
    return f"{number(value.quantize(Decimal('0.01')))}{NBSP}{_CURRENCY_SIGNS.get(currency.upper(), currency)}"


def when(moment: datetime, now: datetime) -> str:
    """«сегодня в 13:40», «вчера в 9:05», «22 ноября в 13:40», «22 ноября 2025»; both aware, shown in local time."""
    local, today = moment.astimezone(), now.astimezone().date()
    clock = clock_time(moment)
    named = {today: "сегодня", today - timedelta(days=1): "вчера", today + timedelta(days=1): "завтра"}
    if local.date() in named:
        return f"{named[local.date()]} в {clock}"
    return f"{_day(local.date())} в {clock}" if local.year == today.year else f"{_day(local.date())} {local.year}"


def clock_time(moment: datetime) -> str:
    """«13:40» in local time."""
    return f"{moment.astimezone():%H:%M}"


def exact(moment: datetime) -> str:
    """«24.11.2026 13:40» in local time."""
    return f"{moment.astimezone():%d.%m.%Y %H:%M}"


def day(moment: datetime) -> str:
    """«24.11.2026» in local time."""
    return f"{moment.astimezone():%d.%m.%Y}"


def day_of_year(moment: datetime) -> str:
    """«24.11» in local time."""
    return f"{moment.astimezone():%d.%m}"


def duration(seconds: float) -> str:
    """«меньше 1 с», «42 секунды», «3 мин 5 с», «1 ч 20 мин»."""
    whole = round(seconds)
    if whole < 1:
        return f"меньше 1{NBSP}с"
    if whole < 60:
        return plural(whole, "секунда", "секунды", "секунд")
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}{NBSP}мин {rest}{NBSP}с" if rest else f"{minutes}{NBSP}мин"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{NBSP}ч {minutes}{NBSP}мин" if minutes else f"{hours}{NBSP}ч"


def join_words(parts: list[str] | tuple[str, ...]) -> str:
    """«а, б и в»."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} и {parts[-1]}"


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def _day(value: date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]}"

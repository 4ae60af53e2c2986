"""Words of Ozon's quotas: when the cards of a plan go."""

from ozon_desktop.domain.quotas import Turn
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.wording.formats import number, plural

_CARDS = {ActionKind.CREATE: "Новые карточки", ActionKind.UPDATE: "Изменения карточек"}
_FOLLOWING = {1: "завтра", 2: "завтра и послезавтра"}


def turn_text(turn: Turn) -> str:
    """«Новые карточки: сегодня 1 500, остальные 3 500 завтра и послезавтра, программа отправит их сама»."""
    parts = [_days_text(turn)] if turn.days else []
    if len(turn.days) > 1:
        parts.append("программа отправит их сама")
    if turn.beyond:
        parts.append(f"для {number(turn.beyond)} в кабинете нет места: уберите лишние товары в архив")
    return f"{_CARDS[turn.kind]}: {', '.join(parts)}"


def turn_note(turn: Turn) -> str:
    """As short as it stands beside the group it is about: «сегодня 1 500, остальные 3 500 завтра и послезавтра»."""
    parts = [_days_text(turn)] if turn.days else []
    if turn.beyond:
        parts.append(f"для {number(turn.beyond)} в кабинете нет места")
    return ", ".join(parts)


def _days_text(turn: Turn) -> str:
    today, following = (turn.days[0] if turn.days else 0), len(turn.days) - 1
    if following <= 0:
        return f"сегодня {number(today)}"
    when = _FOLLOWING.get(following) or f"в следующие {plural(following, 'день', 'дня', 'дней')}"
    if today:
        return f"сегодня {number(today)}, остальные {number(turn.later)} {when}"
    return f"на сегодня лимит Ozon исчерпан, {number(turn.later)} {when}"

"""Words about cards that were on Ozon before: the question, its answers, and what each would lose."""

from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.wording.formats import number, plural

_CONTENT = {
    Content.FILL: "оставить как на Ozon и дополнить пустое",
    Content.STORE: "как в магазине",
    Content.FIELDS: "решать по полям",
}
_WHOSE = {Side.OZON: "как на Ozon", Side.STORE: "как в магазине"}
NOT_ANSWERED = "нет ответа"


def existing_cards_text(count: int) -> str:
    """«Карточки уже есть на Ozon: 2 140»."""
    return f"Карточки уже есть на Ozon: {number(count)}"


def content_text(content: Content | None) -> str:
    """«оставить как на Ozon и дополнить пустое»; «нет ответа» for None."""
    return NOT_ANSWERED if content is None else _CONTENT[content]


def whose_text(side: Side | None) -> str:
    """Of prices and stocks: «как в магазине»; «нет ответа» for None."""
    return NOT_ANSWERED if side is None else _WHOSE[side]


def losses_text(count: int) -> str:
    """«будет потеряно: 3 поля»; «ничего не потеряется»."""
    return f"будет потеряно: {plural(count, 'поле', 'поля', 'полей')}" if count else "ничего не потеряется"


def uncounted_text(cards: int) -> str:
    """«Потери ещё не посчитаны у 12 карточек: …»."""
    forms = plural(cards, "карточки", "карточек", "карточек")
    return f"Потери ещё не посчитаны у {forms}: их товары в магазине не готовы (нет соответствия категории или обязательных полей)"


def lost_text(parts: tuple[str, ...], most: int = 3) -> str:
    """What goes, shortened: «3.jpg, 4.jpg и ещё 2»."""
    shown = ", ".join(_short(part) for part in parts[:most])
    return f"{shown} и ещё {number(len(parts) - most)}" if len(parts) > most else shown


def _short(text: str) -> str:
    line = " ".join(text.split())
    if line.startswith(("http://", "https://")):
        line = line.rstrip("/").rsplit("/", 1)[-1]
    return line if len(line) <= 60 else f"{line[:59]}…"

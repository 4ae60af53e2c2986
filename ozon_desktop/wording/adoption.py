"""Words of «Загрузить карточки с Ozon»: what was found, by what a card was matched, whose value wins."""

from ozon_desktop.domain.adoption import MatchedBy
from ozon_desktop.domain.card_differences import DESCRIPTION, CardDifference, Side
from ozon_desktop.wording.cards import origin_text
from ozon_desktop.wording.formats import plural
from ozon_desktop.wording.setup import field_label

_BY = {MatchedBy.ARTICLE: "по артикулу", MatchedBy.BARCODE: "по штрихкоду", MatchedBy.MANAGER: "подтверждено вручную"}
_ORIGINS = {
    "type_key": "сопоставление категории",
    "vat": "настройка интеграции",
    "price": "цена выбранного типа в магазине",
    "old_price": "правило цен",
    "stock": "остаток магазина по правилам остатков",
}
"""Of fields that are the same for all products of a shop; the others say it themselves."""

_SIDES = {Side.STORE: "из магазина на Ozon", Side.OZON: "с Ozon в магазин"}


def matched_by_text(by: MatchedBy) -> str:
    """«по штрихкоду»."""
    return _BY[by]


def side_text(side: Side | None) -> str:
    """«с Ozon в магазин»; «не выбрано» for None."""
    return _SIDES[side] if side is not None else "не выбрано"


def difference_label(difference: CardDifference) -> str:
    """The field's name as the card shows it."""
    return "Описание" if difference.field == DESCRIPTION else difference.label or field_label(difference.field)


def store_origin_text(difference: CardDifference) -> str:
    """Where the store's side comes from: «правило категории «Обувь»»."""
    return _ORIGINS.get(difference.field) or origin_text(difference.origin, difference.source)


def adoption_lines(*, matched: int, only_ozon: int, only_store: int, doubtful: int, several: int, gone: int, complete: bool) -> list[str]:
    """What a reading of the cabinet found, a line each; groups with nothing in them are left out, save the first three."""
    lines = [
        f"Найдены в магазине: {_cards(matched)}",
        f"Только на Ozon: {_cards(only_ozon)}",
        f"Только в магазине: {plural(only_store, 'товар', 'товара', 'товаров')}",
    ]
    if doubtful:
        lines.append(f"Похожи по названию, подтвердите: {_cards(doubtful)}")
    if several:
        lines.append(f"Подходят несколько товаров, выберите: {_cards(several)}")
    if gone:
        lines.append(f"Больше нет на Ozon: {_cards(gone)}")
    if not complete:
        lines.append("Карточки загружены не полностью: загрузите их ещё раз")
    return lines


def exported_text(cards: int, archived: int) -> str:
    """«Записано: 3 карточки. В архиве Ozon осталась 1 карточка»."""
    text = f"Записано: {_cards(cards)}"
    return f"{text}. Не записаны карточки из архива Ozon: {archived}" if archived else text


def _cards(count: int) -> str:
    return plural(count, "карточка", "карточки", "карточек")

"""Words of a take-over: what the store goes on with, what was matched by what, what is left, and what must be set anew."""

from collections.abc import Mapping, Sequence

from ozon_desktop.domain.take_over import Doubt, Kind, MatchedBy, Matching, Pair, TakenOver
from ozon_desktop.domain.take_over_preview import LostSetting, TakeOverPreview, Thing
from ozon_desktop.wording.formats import plural

HINT = "Товары те же, id другие: соответствия, карточки, правила и заказы перейдут к новым id, на Ozon ничего не изменится"
_KINDS = {
    Kind.PRODUCT: "Товары",
    Kind.CATEGORY: "Категории",
    Kind.STRUCTURE: "Структуры каталога",
    Kind.PROPERTY: "Свойства",
    Kind.PRICE_TYPE: "Типы цен",
    Kind.WAREHOUSE: "Склады",
    Kind.ORGANIZATION: "Организации",
    Kind.EMPLOYEE: "Сотрудники",
    Kind.DIRECTION: "Направления",
}
_SINGLE = {
    Kind.PRODUCT: "товар",
    Kind.CATEGORY: "категория",
    Kind.STRUCTURE: "структура каталога",
    Kind.PROPERTY: "свойство",
    Kind.PRICE_TYPE: "тип цен",
    Kind.WAREHOUSE: "склад",
    Kind.ORGANIZATION: "организация",
    Kind.EMPLOYEE: "сотрудник",
    Kind.DIRECTION: "направление",
}
_BY = {
    MatchedBy.PERSON: "по вашему выбору",
    MatchedBy.ID: "по id",
    MatchedBy.ARTICLE: "по артикулу",
    MatchedBy.BARCODE: "по штрихкоду",
    MatchedBy.CHARACTERISTIC: "по характеристике",
    MatchedBy.VARIANTS: "по вариантам",
    MatchedBy.PATH: "по пути и названию",
    MatchedBy.PRODUCTS: "по товарам",
    MatchedBy.NAME: "по названию",
    MatchedBy.ONLY: "единственные",
}

_UNCLEAR = "Неясно, что с чем совпадает; карточки на Ozon останутся как есть и новых для этих товаров не будет, пока вы не решите"


def needed_question(reason: str) -> str:
    """Of a connection whose goods have other ids. reason: what a comparison found."""
    return f"Товары те же, но id у них другие: {reason}. Посмотреть, что с чем совпадёт? Пока работает прежний источник"


def undo_question(taken: TakenOver) -> str:
    return f"Вернуть прежний источник ({taken.came_from}) и прежние id? Цены и остатки останутся нынешние до следующей загрузки"


def files_text(names: Sequence[str]) -> str:
    """Exports as a source."""
    return f"Файлы: {', '.join(names)}"


def counts_text(matching: Matching, kind: Kind) -> str:
    """«Товары: совпали 98 (по артикулу 90, по штрихкоду 8), нет в новом 2, только в новом 5»."""
    found = matching.counts(kind)
    how = ", ".join(f"{_BY[by]} {number}" for by, number in found.items())
    parts = [f"совпали {sum(found.values())}{f' ({how})' if how else ''}"]
    if old := len(matching.only_old[kind]):
        parts.append(f"нет в новом {old}")
    if new := len(matching.only_new[kind]):
        parts.append(f"только в новом {new}")
    return f"{_KINDS[kind]}: {', '.join(parts)}"


def preview_lines(preview: TakeOverPreview, most: int) -> list[str]:
    """What a take-over would come to, list by list; of each list at most so many lines, and how many there are."""
    matching = preview.matching
    lines = [counts_text(matching, kind) for kind in Kind if matching.of(kind) or matching.only_old[kind] or matching.only_new[kind]]
    lines += [lost_text(lost) for lost in preview.lost]
    old, new = preview.old[Kind.PRODUCT], preview.new[Kind.PRODUCT]
    unclear = {id_ for doubt in matching.doubts for id_ in doubt.old}, {id_ for doubt in matching.doubts for id_ in doubt.new}
    gone = [_thing(old[id_]) for id_ in matching.only_old[Kind.PRODUCT] if id_ in old and id_ not in unclear[0]]
    fresh = [_thing(new[id_]) for id_ in matching.only_new[Kind.PRODUCT] if id_ in new and id_ not in unclear[1]]
    lines += _listed(_UNCLEAR, [line for doubt in matching.doubts for line in _doubt(doubt, preview)], most)
    lines += _listed("Нет в новом источнике; карточки на Ozon останутся, пока вы не решите", gone, most)
    lines += _listed("Только в новом источнике", fresh, most)
    return lines + _listed("Артикул тот же, а название другое", [unlike_text(preview, pair) for pair in matching.unlike], most)


def _listed(heading: str, lines: Sequence[str], most: int) -> list[str]:
    if not lines:
        return []
    more = [f"  … и ещё {len(lines) - most}"] if len(lines) > most else []
    return [f"{heading}: {len(lines)}", *(f"  {line}" for line in lines[:most]), *more]


def _thing(thing: Thing) -> str:
    return f"{thing.article or 'без артикула'}  {thing.name}"


def _doubt(doubt: Doubt, preview: TakeOverPreview) -> list[str]:
    """A line for each product of the store, with all that it may be. Ids tell copies apart."""
    new = " или ".join(f"{_thing(preview.new[Kind.PRODUCT][id_])} (id {id_})" for id_ in doubt.new)
    return [f"{_thing(preview.old[Kind.PRODUCT][id_])} (id {id_}) — {_BY[doubt.by]} подходит: {new}" for id_ in doubt.old]


def cannot_pair_text(pairs: Sequence[tuple[str, str]]) -> str:
    """Of pairs (old id, new id) that a person made and that cannot be."""
    named = ", ".join(f"{old} = {new}" for old, new in pairs)
    return f"нельзя связать {named}: такого товара нет, он назван дважды, или у одного есть варианты, а у другого нет"


def unlike_text(preview: TakeOverPreview, pair: Pair) -> str:
    """Of a pair with one article and two names."""
    return f"{_thing(preview.old[Kind.PRODUCT][pair.old])} → {preview.new[Kind.PRODUCT][pair.new].name}"


def lost_text(lost: LostSetting) -> str:
    """Of a setting whose thing the new source does not have."""
    return f"Кабинет «{lost.integration}»: {_SINGLE[lost.kind]} «{lost.name}» — в новом источнике нет, выберите заново"


def needed_text(counts: Mapping[MatchedBy, int], missing: int) -> str:
    """Why a connection waits: how many products would get other ids."""
    matched = plural(sum(counts.values()), "товар", "товара", "товаров")
    return f"совпадают по артикулу, штрихкоду или названию {matched}, не нашлось {missing}"


def doubled_text(products: int) -> str:
    """Why an export is not taken."""
    return f"по артикулам есть в магазине уже {plural(products, 'товар', 'товара', 'товаров')}, загрузка удвоила бы их"


def taken_over_text(came_from: str, goes_on_with: str) -> str:
    """Of the journal."""
    return f"Магазин перенесён: {came_from} → {goes_on_with}"


def undone_text(taken: TakenOver) -> str:
    """Of the journal."""
    return f"Перенос магазина отменён: снова {taken.came_from}"

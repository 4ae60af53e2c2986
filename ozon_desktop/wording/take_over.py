"""Words of a take-over: what the store goes on with, what was matched by what, what is left, and what must be set anew."""

from collections.abc import Mapping, Sequence

from ozon_desktop.domain.take_over import Kind, MatchedBy, Matching, TakenOver
from ozon_desktop.wording.formats import plural

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


def kind_text(kind: Kind) -> str:
    """Many of a kind, as a heading."""
    return _KINDS[kind]


def matched_by_text(by: MatchedBy) -> str:
    return _BY[by]


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


def lost_text(integration: str, kind: Kind, name: str) -> str:
    """Of a setting whose thing the new source does not have."""
    return f"Кабинет «{integration}»: {_SINGLE[kind]} «{name}» — в новом источнике нет, выберите заново"


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

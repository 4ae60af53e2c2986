"""Rows of «Загрузить карточки с Ozon»: the cabinet beside the store, a kind at a time; a proposal has a row for each candidate."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from ozon_desktop.domain.adoption import MatchedBy
from ozon_desktop.domain.russian_order import russian_order
from ozon_desktop.services.cabinet.report import AdoptionReport, ReportedCard, StoreProduct
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import Column, RowTableModel
from ozon_desktop.wording.adoption import matched_by_text

CARD_OFFER, CARD_NAME, OFFER, NAME, NOTE = range(5)


class Kind(StrEnum):
    """Groups of the report, in the order of their chips."""

    MATCHED = "matched"
    ONLY_OZON = "only_ozon"
    ONLY_STORE = "only_store"
    DOUBTFUL = "doubtful"
    SEVERAL = "several"
    REJECTED = "rejected"
    GONE = "gone"


PROPOSED = frozenset({Kind.DOUBTFUL, Kind.SEVERAL})
HIDDEN = {
    Kind.ONLY_OZON: frozenset({OFFER, NAME}),
    Kind.GONE: frozenset({OFFER, NAME}),
    Kind.ONLY_STORE: frozenset({CARD_OFFER, CARD_NAME, NOTE}),
}
"""Columns that have nothing to say of a kind."""


@dataclass(frozen=True, slots=True)
class AdoptionRow:
    """A card, a product, or both. product_id "" = no product; by: what it was matched by; score: likeness in per cent."""

    card_offer: str = ""
    card_name: str = ""
    ozon_id: int = 0
    archived: bool = False
    product_id: str = ""
    offer_id: str = ""
    name: str = ""
    by: MatchedBy | None = None
    score: float | None = None


def kind_words(kind: Kind) -> tuple[str, str, str]:
    """The title of a group, what it means, and what stands there when it is empty."""

    words = {
        Kind.MATCHED: (
            "Сопоставлены",
            "Эти карточки будут обновляться. Пара не та — Delete: карточка больше не будет считаться этим товаром.",
            "Ни одна карточка Ozon не совпала с товаром магазина",
        ),
        Kind.ONLY_OZON: (
            "Только на Ozon",
            "Товары этих карточек в магазине не найдены. Enter — указать товар; или выгрузите их в магазин файлами.",
            "У всех карточек Ozon есть товар в магазине",
        ),
        Kind.ONLY_STORE: (
            "Только в магазине",
            "Карточек этих товаров на Ozon не нашлось. Их создаст синхронизация, когда карточки будут готовы.",
            "У всех товаров магазина есть карточка на Ozon",
        ),
        Kind.DOUBTFUL: (
            "Под вопросом",
            "Похожи только названия. Enter — это один товар, Delete — разные; можно выделить несколько строк.",
            "Вопросов нет: похожих по названию карточек и товаров не осталось",
        ),
        Kind.SEVERAL: (
            "Несколько вариантов",
            "Один штрихкод или артикул у нескольких товаров или карточек. Выберите нужную пару и нажмите Enter.",
            "Выбирать не из чего: артикулы и штрихкоды не повторяются",
        ),
        Kind.REJECTED: (
            "Отклонены",
            "Вы сказали, что это разные товары. Delete — снять отказ: пара снова будет предложена или сопоставлена по штрихкоду.",
            "Отклонённых пар нет",
        ),
        Kind.GONE: (
            "Пропали",
            "При последней полной загрузке этих карточек на Ozon уже не было.",
            "Все карточки, что были на Ozon, на месте",
        ),
    }
    return words[kind]


def rows_of(report: AdoptionReport, kind: Kind) -> list[AdoptionRow]:
    """The rows of one kind, in the order of the report."""
    if kind is Kind.ONLY_STORE:
        return [AdoptionRow(product_id=item.product_id, offer_id=item.offer_id, name=item.name) for item in report.only_store]
    if kind in PROPOSED:
        cards = report.doubtful if kind is Kind.DOUBTFUL else report.several
        return [_row(card, product, score=score) for card in cards for product, score in card.candidates]
    groups = {Kind.MATCHED: report.matched, Kind.ONLY_OZON: report.only_ozon, Kind.REJECTED: report.rejected, Kind.GONE: report.gone}
    return [_row(card, card.product) for card in groups[kind]]


def counts_of(report: AdoptionReport) -> dict[Kind, int]:
    """Cards (products for ONLY_STORE) of each kind."""
    return {
        Kind.MATCHED: len(report.matched),
        Kind.ONLY_OZON: len(report.only_ozon),
        Kind.ONLY_STORE: len(report.only_store),
        Kind.DOUBTFUL: len(report.doubtful),
        Kind.SEVERAL: len(report.several),
        Kind.REJECTED: len(report.rejected),
        Kind.GONE: len(report.gone),
    }


def _row(card: ReportedCard, product: StoreProduct | None, *, score: float | None = None) -> AdoptionRow:
    if product is None:
        return AdoptionRow(card.offer_id, card.name, card.ozon_id, card.archived)
    return AdoptionRow(
        card.offer_id, card.name, card.ozon_id, card.archived, product.product_id, product.offer_id, product.name, card.by, score
    )


def adoption_columns(theme: Theme, kind: Kind) -> tuple[Column[AdoptionRow], ...]:
    """The card, the product, and what they were matched by. Colour only supports the words."""

    def note(row: AdoptionRow) -> str:
        return _note(row, kind)

    def note_colour(_: AdoptionRow) -> QColor:
        return theme.color("attention" if kind in PROPOSED else "secondary")

    article, name = Width(share=1, least=10), Width(share=4, least=14)
    title = {Kind.MATCHED: "Сопоставлена", Kind.DOUBTFUL: "Сходство", Kind.SEVERAL: "Сходство"}.get(kind, "Состояние")
    return (
        Column("Артикул на Ozon", lambda row: row.card_offer, article),
        Column("Карточка на Ozon", lambda row: row.card_name, name),
        Column("Артикул в магазине", lambda row: row.offer_id, article),
        Column("Товар магазина", lambda row: row.name, name),
        Column(title, note, colour=note_colour, sort_key=lambda row: (row.score or 0.0, russian_order(note(row)))),
    )


def _note(row: AdoptionRow, kind: Kind) -> str:
    if kind is Kind.GONE:
        return "нет на Ozon"
    if kind is Kind.REJECTED:
        return "разные товары"
    words = [matched_by_text(row.by)] if row.by is not None else []
    if row.score is not None:
        # Rounded down: a name that is not quite the same is not shown as the same.
        words.append(f"{int(row.score)} %")
    if row.archived:
        words.append("в архиве")
    return ", ".join(words)


class AdoptionModel(RowTableModel[AdoptionRow]):
    """The rows of the chosen kind. A card with several candidates is named once, in the first of its rows that are shown."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(
            adoption_columns(theme, Kind.MATCHED),
            key=lambda row: (row.ozon_id, row.product_id),
            searched=lambda row: f"{row.card_offer}\n{row.card_name}\n{row.offer_id}\n{row.name}",
            parent=parent,
        )
        self._theme = theme
        self.kind = Kind.MATCHED

    def show_kind(self, kind: Kind, rows: Sequence[AdoptionRow]) -> None:
        """Show the rows of a kind instead."""
        self.kind = kind
        self.columns = adoption_columns(self._theme, kind)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, NOTE)
        self.show_rows(rows)

    def shown_text(self, number: int, column: int) -> str:
        """Nothing instead of a card that the row above names already."""
        if (
            number
            and column in {CARD_OFFER, CARD_NAME}
            and self.kind in PROPOSED
            and self.row(number - 1).ozon_id == self.row(number).ozon_id
        ):
            return ""
        return super().shown_text(number, column)

"""What counts as lost: what goes or gets shorter, not what only changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.cabinet import PdfFile
from ozon_desktop.domain.card_losses import lost_files, lost_items, lost_size, lost_text, lost_values
from ozon_desktop.domain.field_values import Values

LONG = "Лён из Вологды. Ручная работа. Стирать при 30°."


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        (LONG, "", (LONG,)),
        (LONG, "Лён из Вологды.", ("Ручная работа.", "Стирать при 30°.")),
        (LONG, f"{LONG} Новое.", ()),
        ("Лён<br>Хлопок", "Лён", ("Хлопок",)),
        ("Лён и хлопок", "Шёлк", ("Лён и хлопок",)),
        ("Рубашка синяя", "Рубашка белая", ()),
        ("", "Новое", ()),
        ("  Лён \n", "Лён", ()),
    ],
)
def test_texts_lose_what_goes(old: str, new: str, lost: tuple[str, ...]) -> None:
    assert lost_text(old, new) == lost


@given(st.text(max_size=200))
def test_a_text_that_stays_loses_nothing(text: str) -> None:
    assert lost_text(text, text) == ()


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_a_text_that_is_emptied_loses_something(text: str) -> None:
    assert lost_text(text, "") != ()


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        (((1, "белый"), (2, "чёрный")), ((1, "белый"),), ("чёрный",)),
        (((1, "белый"), (2, "чёрный")), ((3, "серый"), (4, "синий")), ("белый", "чёрный")),
        (((1, "белый"),), ((2, "чёрный"),), ()),
        (((1, "белый"),), (), ("белый",)),
        (((0, "10"),), ((0, "9"),), ()),
        (((0, "#лето"), (0, "#Дом")), ((0, "#дом"),), ("#лето",)),
        (((7, ""),), (), ("7",)),
        (((0, LONG),), ((0, "Лён из Вологды."),), ("Ручная работа.", "Стирать при 30°.")),
        ((), ((1, "белый"),), ()),
    ],
)
def test_attributes_lose_values_that_go(old: Values, new: Values, lost: tuple[str, ...]) -> None:
    assert lost_values(old, new) == lost


def test_pictures_documents_and_sizes() -> None:
    assert lost_items(("1", "2", "3"), ("3", "1")) == ("2",)
    care, sizes = PdfFile("Уход", "https://a/care.pdf"), PdfFile("", "https://a/sizes.pdf")
    assert lost_files((care, sizes), ()) == ("Уход", "https://a/sizes.pdf")
    assert lost_files((care,), (PdfFile("Иначе", care.address),)) == ()
    assert (lost_size(300, 0), lost_size(300, 200), lost_size(0, 0)) == (("300",), (), ())

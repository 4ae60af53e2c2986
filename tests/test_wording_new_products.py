"""Words of «Создать в магазине»."""

from decimal import Decimal

import pytest

from ozon_desktop.domain.new_products import Creation, LeftOut, MadeProduct, NewProduct, NewProductsPreview, Note, NotMade, Taken
from ozon_desktop.wording import new_products as words

DRESS = NewProduct("id", "DRESS", "Платье", ("Одежда", "Платья"), price=Decimal(1990), vat="0")


@pytest.mark.parametrize("reason", NotMade)
def test_every_reason_has_words(reason: NotMade) -> None:
    assert words.taken_text(Taken(reason, "Рубашка")).endswith(": Рубашка")
    assert words.taken_text(Taken(reason, ""))
    assert words.left_out_text(LeftOut("A-1", "Шарф", reason)).startswith("A-1  Шарф — ")


@pytest.mark.parametrize("note", Note)
def test_every_note_has_words(note: Note) -> None:
    plain = words.product_text(NewProduct("id", "A", "Шарф", ("Х",)))
    assert len(words.product_text(NewProduct("id", "A", "Шарф", ("Х",), notes=(note,)))) > len(plain)


def test_a_preview_says_what_will_and_what_will_not_be_made() -> None:
    old, new = LeftOut("C", "Старое", NotMade.ARCHIVED), LeftOut("D", "Новое", NotMade.MADE)
    left = (LeftOut("B", "Шарф", NotMade.ARTICLE, "Шарф (b)"), old, new)
    preview = NewProductsPreview("x", "МойСклад", True, (DRESS,) * 3, left)
    assert words.summary_text(preview) == "МойСклад: будет создано 3 товара, под вопросом 1, в архиве Ozon 1, уже создано 1"
    lines = [line.replace("\xa0", " ") for line in words.preview_lines(preview, 2)]
    assert lines == [
        "DRESS  Платье, 1 990,00 ₽, без НДС, в «Одежда / Платья»",
        "DRESS  Платье, 1 990,00 ₽, без НДС, в «Одежда / Платья»",
        "… и ещё 1",
        "Не будут созданы, посмотрите сами:",
        "  B  Шарф — в магазине есть товар с таким артикулом: Шарф (b)",
    ]
    assert "создавать нечего" in words.summary_text(NewProductsPreview("x", "МойСклад", True, ()))


def test_what_came_of_it_is_told_product_by_product() -> None:
    creation = Creation({"A": MadeProduct("1")}, {"B": "не принято"}, ("C",), "МойСклад не отвечает")
    assert words.created_text(creation) == "В магазине создан 1 товар, не принято 1, не отправлено 1. МойСклад не отвечает"
    assert words.created_lines(creation, 9) == ["B — не принято"]

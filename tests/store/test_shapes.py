"""Products cut at their tags: the tree is the one a strict parser gives, or there is none."""

from random import Random
from xml.etree.ElementTree import Element, ParseError, fromstring

import pytest

from ozon_desktop.store.clean_stream import CONTROLS
from ozon_desktop.store.shapes import MOST_SHAPES, Shapes
from tests.store.mutations import spoil

PRODUCTS = (
    "<Товар><Ид>1</Ид><Имя>Чай &amp; кофе &lt;5&#160;г&gt;</Имя><Склад ИдСклада='x' Количество=\"2\"/></Товар>",
    '<Товар Статус="Новый"><Ид>2</Ид>\r\n  <Описание>а<b>б</b>в<br/>г</Описание>\r'
    '<Цены><Цена a="&quot;" б="1"><Сумма> 7 </Сумма></Цена></Цены></Товар>',
    "<Товар><Ид>3</Ид><Описание><![CDATA[<p>5 > 3 && 2</p>]]> и <![CDATA[]]></Описание><Картинка>a.jpg</Картинка><Картинка/></Товар>",
    '<Товар id="4" available="true"><param name="Цвет" unit="">белый</param><param name="Размер">4&#x32;</param></Товар>',
)


def plain(element: Element) -> object:
    """An element as values that can be compared."""
    inside = [plain(child) for child in element]
    return element.tag, dict(element.attrib), element.text or "", inside, [child.tail or "" for child in element]


def cut(shapes: Shapes, written: bytes) -> object:
    """What the shape of a product gives, None without one."""
    found = shapes.cut(written, cdata=b"<![CDATA[" in written)
    return None if found is None else plain(found.tree().root)


@pytest.mark.parametrize("text", PRODUCTS)
def test_a_tree_is_what_a_parser_gives(text: str) -> None:
    expected = None if "'" in text else plain(fromstring(text))
    assert cut(Shapes(), text.encode()) == expected


def test_a_shape_is_filled_for_each_product_anew() -> None:
    shapes = Shapes()
    texts = [text.replace("><", between, 1) for text in PRODUCTS[1:] for between in ("><", ">\n<", "><")]
    texts += [text.replace("белый", "чёрный").replace("Цвет", "Тон") for text in texts]
    for text in texts:
        assert cut(shapes, text.encode()) == plain(fromstring(text)), text


def test_what_is_spoilt_has_the_tree_of_a_parser_or_none() -> None:
    """Whatever happens to a product: a shape never reads what a parser would read otherwise, or refuse."""
    shapes, random = Shapes(), Random(12)
    known = 0
    for _ in range(3_000):
        written = spoil(random, random.choice(PRODUCTS).encode()).translate(None, CONTROLS)
        if not written.startswith("<Товар".encode()) or not written.endswith("</Товар>".encode()):
            continue
        found = cut(shapes, written)
        if found is not None:
            known += 1
            try:
                assert found == plain(fromstring(written)), written
            except ParseError:
                pytest.fail(f"a parser refuses {written.decode()}")
    assert known > 30


@pytest.mark.parametrize(
    "text",
    [
        "<Товар><Ид>1 > 0</Ид></Товар>",
        "<Товар><Ид>1</Ид><!-- нет --></Товар>",
        "<Товар><?x?><Ид>1</Ид></Товар>",
        '<Товар a="<"><Ид>1</Ид></Товар>',
        '<Товар a="1"\nb="2"><Ид>1</Ид></Товар>',
        '<Товар a="1" a="2"><Ид>1</Ид></Товар>',
        '<Товар xmlns:x="y"><x:Ид>1</x:Ид></Товар>',
        "<Товар><Ид>1 & 2</Ид></Товар>",
        "<Товар><Ид>&#1;</Ид></Товар>",
        "<Товар><Ид>&нет;</Ид></Товар>",
        "<Товар><Ид>1</Имя></Товар>",
        f"<Товар>{'<p>' * 300}{'</p>' * 300}</Товар>",
        "<Товар></Товар><Товар></Товар>",
    ],
)
def test_what_is_in_doubt_has_no_shape(text: str) -> None:
    assert cut(Shapes(), text.encode()) is None


def test_shapes_without_end_do_not_fill_the_memory() -> None:
    shapes = Shapes()
    for number in range(MOST_SHAPES * 2):
        assert cut(shapes, f"<Товар>{'<Ид/>' * number}</Товар>".encode()) is not None

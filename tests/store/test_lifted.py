"""Products read apart from the file's tree: which are, where they stand, and that the others are judged as before."""

import io

import pytest
from lxml import etree

from ozon_desktop.store.lifted import CHUNK, MARK, LiftedStream

PRODUCT = "<Товар><Ид>{}</Ид>\n<Имя>Чай &amp; кофе</Имя></Товар>"


class Trickle:
    """Gives a few bytes at a time, as an archive may."""

    def __init__(self, data: bytes, size: int) -> None:
        self._stream = io.BytesIO(data)
        self._size = size

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes of its own."""
        return self._stream.read(self._size)


def skeleton(text: str, size: int = CHUNK) -> tuple[etree._Element, LiftedStream, list[str]]:
    """The file's tree, the stream, and the texts of the products that were read apart, as they were met."""
    stream = LiftedStream(Trickle(text.encode(), size), ["Товар"])
    ids: list[str] = []
    parser = etree.iterparse(stream, events=("end",), tag="Товар")
    for _, element in parser:
        run = stream.take(element)
        wholes = (lifted.whole() for lifted in run or ())
        ids += [f"{whole.root.findtext('Ид')}:{whole.line_of(whole.root[-1])}" for whole in wholes] if run is not None else [""]
    return parser.root, stream, ids


@pytest.mark.parametrize("size", [1, 7, 64, CHUNK])
def test_each_product_is_met_in_its_place_with_its_lines(size: int) -> None:
    text = f"<a>\n{''.join(PRODUCT.format(number) for number in range(30))}</a>"
    _, _, ids = skeleton(text, size)
    assert ids == [f"{number}:{number + 3}" for number in range(30)]


@pytest.mark.parametrize(
    "product",
    [
        "<Товар><Ид>1</Ид><!-- </Товар> --></Товар>",
        "<Товар><Товар><Ид>1</Ид></Товар></Товар>",
        f"<Товар>{'<p>' * 300}{'</p>' * 300}</Товар>",
        '<Товар xmlns:x="y"><x:Ид>1</x:Ид></Товар>',
    ],
    ids=["comment", "nested", "deep", "namespace"],
)
def test_what_is_not_plain_stays_in_the_tree_and_costs_the_others_nothing(product: str) -> None:
    text = f"<a>{PRODUCT.format(1)}{product}{PRODUCT.format(2)}</a>"
    data = LiftedStream(Trickle(text.encode(), CHUNK), ["Товар"]).read()
    assert product.encode() in data
    assert data.count(MARK.encode()) == 2


def test_an_end_tag_in_cdata_is_a_text() -> None:
    inside = "<Товар><Ид><![CDATA[1</Товар>&<b>]]>\n]</Ид><Имя/></Товар>"
    _, _, ids = skeleton(f"<a>{PRODUCT.format(1)}{inside}{PRODUCT.format(2)}</a>", 7)
    assert ids == ["1:2", "1</Товар>&<b>\n]:3", "2:4"]


def test_products_that_follow_each_other_are_one_mark_and_each_counts() -> None:
    text = f"<a>{PRODUCT.format(1)}\n{PRODUCT.format(2)}<b/>{PRODUCT.format(3)}</a>"
    stream = LiftedStream(Trickle(text.encode(), CHUNK), ["Товар"])
    data = stream.read()
    assert data.count(b"\n") == text.count("\n")
    assert [stream.size(mark) for mark in etree.fromstring(data).iter("Товар")] == [2, 1]


def test_a_product_in_a_comment_is_none() -> None:
    _, _, ids = skeleton(f"<a><!-- {PRODUCT.format(1)} -->{PRODUCT.format(2)}</a>")
    assert ids == ["2:3"]


def test_a_broken_product_is_left_to_the_parser_of_the_file() -> None:
    with pytest.raises(etree.XMLSyntaxError):
        skeleton(f"<a>{PRODUCT.format(1)}<Товар><Ид>2</Имя></Товар></a>")


def test_names_that_only_begin_alike_are_other_elements() -> None:
    text = "<a><ТоварныйЗнак>x</ТоварныйЗнак></a>"
    assert LiftedStream(Trickle(text.encode(), CHUNK), ["Товар"]).read() == text.encode()

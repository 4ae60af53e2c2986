"""Lines of elements far down a big file, which libxml2 has forgotten."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.store.line_finder import Place, Reopen, find_line
from ozon_desktop.store.source import open_source

TEXT = """<shop>
<offer id="1"><price>1</price></offer>
<offer id="2">
<price>2</price>
<price>3</price>
</offer>
</shop>"""
OFFERS = frozenset({"offer"})


def again(text: str) -> Reopen:
    """The file, as often as it is asked for."""

    @contextmanager
    def reopen() -> Iterator[io.BytesIO]:
        yield io.BytesIO(text.encode())

    return reopen


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (Place(1, "", 0), 2),
        (Place(2, "", 0), 3),
        (Place(1, "price", 1), 2),
        (Place(2, "price", 1), 4),
        (Place(2, "price", 2), 5),
        (Place(2, "price", 3), 0),
        (Place(3, "", 0), 0),
    ],
)
def test_an_element_is_found_by_its_product_and_its_number(place: Place, line: int) -> None:
    assert find_line(again(TEXT), OFFERS, place) == line


def test_a_name_of_any_namespace_counts() -> None:
    text = '<a:shop xmlns:a="urn:a">\n<a:offer/>\n\n<a:offer/></a:shop>'
    assert find_line(again(text), OFFERS, Place(2, "", 0)) == 4


def test_a_file_that_is_another_one_by_now_has_no_line() -> None:
    assert find_line(again("<shop><offer>"), OFFERS, Place(9, "", 0)) == 0
    assert find_line(again("<shop></price>"), OFFERS, Place(1, "", 0)) == 0


def problems(path: Path) -> list[ImportProblem]:
    return [record for record in open_source(path).read(path) if isinstance(record, ImportProblem)]


def test_a_problem_far_down_names_its_line(tmp_path: Path) -> None:
    """Beyond 65,535 lines libxml2 says 65,535 of everything."""
    offer = (
        '<offer id="{0}" available="true">\n<name>Т</name>\n<price>{1}</price>\n'
        "<currencyId>RUR</currencyId>\n<categoryId>1</categoryId>\n</offer>\n"
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<yml_catalog date="2026-11-24 10:00"><shop><name>П</name>\n'
        '<categories><category id="1">О</category></categories>\n<offers>\n'
    )
    many = 12_000
    body = "".join(offer.format(number, 10) for number in range(many))
    path = tmp_path / "far.yml"
    path.write_text(f"{head}{body}{offer.format('bad', 'договорная')}</offers></shop></yml_catalog>", encoding="utf-8")
    (found,) = problems(path)
    assert found.line == head.count("\n") + many * 6 + 3


COMMERCEML = """<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.10" ДатаФормирования="2026-11-24T10:00:00">
<Классификатор><Ид>к</Ид><Наименование>К</Наименование>
<Группы>
<Группа><Наименование>Без номера</Наименование></Группа>
</Группы>
<Свойства>
<Свойство><Наименование>Цвет</Наименование></Свойство>
</Свойства>
<ТипыЦен>
<ТипЦены><Наименование>Розничная</Наименование></ТипЦены>
</ТипыЦен>
<Склады>
<Склад><Наименование>Основной</Наименование></Склад>
</Склады>
</Классификатор>
<Каталог><Ид>кат</Ид><ИдКлассификатора>к</ИдКлассификатора><Наименование>К</Наименование>
<Товары>
<Товар><Наименование>Кружка</Наименование></Товар>
</Товары></Каталог>
</КоммерческаяИнформация>
"""


def test_whatever_has_no_number_of_its_own_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "import0_1.xml"
    path.write_text(COMMERCEML, encoding="utf-8")
    lines = COMMERCEML.splitlines()
    assert [(record.kind, lines[record.line - 1]) for record in problems(path)] == [
        (ImportProblemKind.NO_ID, next(line for line in lines if line.startswith(start)))
        for start in ("<Группа>", "<Свойство>", "<ТипЦены>", "<Склад>", "<Товар>")
    ]

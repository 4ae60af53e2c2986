"""Word tables: the form a shop person writes is read, and each kind of mistake is named with its file, line and word."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.matching.roots import root_of
from ozon_desktop.domain.matching.tables import LISTS, PAIRS, WEIGHTS, TableFault, WordTables, WrongTable, read_tables
from ozon_desktop.domain.store_catalog import fold
from tests.word_tables import TABLES

SAME, ABBREVIATIONS, EMPTY, VAGUE, HOME, SLANG = (
    "same_words.txt", "abbreviations.txt", "empty_words.txt", "vague_words.txt", "headings/home.txt", "headings/slang.txt",
)  # fmt: skip


def read(**texts: str) -> WordTables:
    return read_all({f"{name}.txt": text for name, text in texts.items()})


def read_all(texts: Mapping[str, str]) -> WordTables:
    return read_tables({**dict.fromkeys([*LISTS, *PAIRS, WEIGHTS], ""), **texts})


def test_headings_lead_to_names_of_types_as_written() -> None:
    tables = read_all({HOME: "# Дом\n\nКрёсла;  мягкая мебель = Кресло ; Сумка, рюкзак для рыбалки # проверено\n"})
    assert tables.headings == dict.fromkeys(("кресла", "мягкая мебель"), ("Кресло", "Сумка, рюкзак для рыбалки"))


def test_tables_of_headings_are_read_in_the_order_given() -> None:
    assert list(read_all({SLANG: "софа = Диван", HOME: "тахта = Диван"}).headings) == ["софа", "тахта"]


def test_words_are_folded_and_led_to_one_root() -> None:
    tables = read(same_words="Щенок; пёс = Собака", broader_words="кошка; собака = животное", compounds="авто = автомобиля")
    assert tables.same_roots == {root_of("щенок"): root_of("собака"), root_of("пес"): root_of("собака")}
    assert tables.broader == {"кошка": "животное", "собака": "животное"}
    assert tables.compounds == {"авто": "автомобиля"}


def test_abbreviations_sections_and_lists() -> None:
    tables = read(
        abbreviations="sup; sup-борд = sup доска",
        sections="косметика; макияж = красота гигиена",
        empty_words="прочее; прочие\nновинки",
        rare_places="охота\nконный спорт",
        type_properties="Тип; вид товара",
    )
    assert tables.abbreviations == dict.fromkeys(("sup", "sup-борд"), ("sup", "доска"))
    assert tables.sections == dict.fromkeys(("косметика", "макияж"), "красота гигиена")
    assert tables.empty == ("прочее", "прочие", "новинки")
    assert tables.rare_places == ("охота", "конный спорт")
    assert tables.type_properties == {"тип", "вид товара"}


def test_weights_are_numbers_under_the_names_they_are_written_with() -> None:
    assert read_all({WEIGHTS: "# подобрано\nranking.shop_base = -2.5\n"}).weights == {"ranking.shop_base": -2.5}
    with pytest.raises(WrongTable) as caught:
        read_all({WEIGHTS: "\nranking.name = много"})
    assert (caught.value.line, caught.value.fault, caught.value.word) == (2, TableFault.NOT_A_NUMBER, "много")


@pytest.mark.parametrize(
    ("file", "text", "line", "fault", "word", "other"),
    [
        (HOME, "\nкресла Кресло", 2, TableFault.NO_SIGN, "кресла Кресло", ""),
        (HOME, "кресла = Кресло = Стул", 1, TableFault.SURPLUS_SIGN, "кресла = Кресло = Стул", ""),
        (EMPTY, "прочее = другое", 1, TableFault.SURPLUS_SIGN, "прочее = другое", ""),
        (HOME, "кресла; = Кресло", 1, TableFault.EMPTY, "кресла; = Кресло", ""),
        (HOME, "кресла =", 1, TableFault.EMPTY, "кресла =", ""),
        (HOME, "= Кресло", 1, TableFault.EMPTY, "= Кресло", ""),
        (HOME, "кресла = Кресло;; Стул", 1, TableFault.EMPTY, "кресла = Кресло;; Стул", ""),
        (EMPTY, "прочее;;другое", 1, TableFault.EMPTY, "прочее;;другое", ""),
        (HOME, "кресла = Кресло\n# и ещё\nКрёсла = Стул", 3, TableFault.DOUBLE, "кресла", "headings/home.txt:1"),
        (HOME, "кресла; кресла = Кресло", 1, TableFault.DOUBLE, "кресла", "headings/home.txt:1"),
        (HOME, "кресла = Кресло; Кресло", 1, TableFault.DOUBLE, "Кресло", "headings/home.txt:1"),
        (EMPTY, "прочее\nПрочее", 2, TableFault.DOUBLE, "прочее", "empty_words.txt:1"),
        (SAME, "щенок = собака\nщенки = животное", 2, TableFault.DOUBLE, "щенки", "same_words.txt:1"),
        ("sections.txt", "сад = дом; дача", 1, TableFault.SEVERAL, "дача", ""),
        (ABBREVIATIONS, "ж/д = железная дорога", 1, TableFault.NOT_ONE_WORD, "ж/д", ""),
        (SAME, "щенок = домашняя собака", 1, TableFault.NOT_ONE_WORD, "домашняя собака", ""),
        ("compounds.txt", "авто = для автомобиля", 1, TableFault.NOT_ONE_WORD, "для автомобиля", ""),
        (VAGUE, "набор\nнабор ключей", 2, TableFault.NOT_ONE_WORD, "набор ключей", ""),
        (SAME, "щенок = пес\nпес = собака", 1, TableFault.CHAIN, "пес", "same_words.txt:2"),
        (SAME, "собака = пес\nпес = собака", 1, TableFault.CHAIN, "пес", "same_words.txt:2"),
        (ABBREVIATIONS, "юсб = usb\nusb = шина", 1, TableFault.CHAIN, "usb", "abbreviations.txt:2"),
        ("broader_words.txt", "щенок = собака\nсобака = животное", 1, TableFault.CHAIN, "собака", "broader_words.txt:2"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(file: str, text: str, line: int, fault: TableFault, word: str, other: str) -> None:
    with pytest.raises(WrongTable) as caught:
        read_all({file: text})
    wrong = caught.value
    assert (wrong.file, wrong.line, wrong.fault, wrong.word, wrong.other) == (file, line, fault, word, other)


def test_a_heading_of_two_tables_is_a_double() -> None:
    with pytest.raises(WrongTable) as caught:
        read_all({HOME: "софа = Диван", SLANG: "тахта = Диван\nсофа = Кресло"})
    assert (caught.value.file, caught.value.line, caught.value.other) == (SLANG, 2, "headings/home.txt:1")


def test_a_word_cannot_be_both_empty_and_vague() -> None:
    with pytest.raises(WrongTable) as caught:
        read_all({EMPTY: "прочее", VAGUE: "прочее"})
    assert (caught.value.file, caught.value.fault, caught.value.other) == (VAGUE, TableFault.DOUBLE, "empty_words.txt:1")


@pytest.mark.parametrize("file", [*LISTS, *PAIRS])
def test_a_table_that_is_not_there_is_named(file: str) -> None:
    with pytest.raises(WrongTable) as caught:
        read_tables({name: "" for name in [*LISTS, *PAIRS] if name != file})
    assert (caught.value.file, caught.value.line, caught.value.fault) == (file, 0, TableFault.MISSING)


NAMES = st.text(st.characters(categories=["L", "N"], include_characters=" ,/-()"), min_size=1, max_size=12).filter(str.strip)


@given(st.lists(st.tuples(st.sets(NAMES, min_size=1, max_size=3), st.lists(NAMES, min_size=1, max_size=3)), max_size=6))
def test_headings_that_are_written_are_read_back(rows: list[tuple[set[str], list[str]]]) -> None:
    wanted: dict[str, tuple[str, ...]] = {}
    lines: list[str] = []
    for words, meanings in rows:
        new = [word for word in dict.fromkeys(map(fold, sorted(words))) if word not in wanted]
        names = tuple(dict.fromkeys(name.strip() for name in meanings))
        if new:
            lines.append(f"{'; '.join(new)} = {'; '.join(names)}")
            wanted |= dict.fromkeys(new, names)
    assert read_all({HOME: "\n".join(lines)}).headings == wanted


def test_shipped_headings_of_the_same_words_lead_to_the_same_types() -> None:
    known: dict[tuple[str, ...], str] = {}
    for heading, names in TABLES.headings.items():
        roots = tuple(sorted({TABLES.same_roots.get(root_of(word), root_of(word)) for word in heading.split()}))
        assert TABLES.headings[known.setdefault(roots, heading)] == names, f"{heading}, {known[roots]}"
    assert len(known) > 3500

"""The store's card over the one Ozon holds, field by field."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from ozon_desktop.domain.cabinet import CabinetAttribute, PdfFile
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.card_merging import Merging, merge
from ozon_desktop.domain.existing_cards import Winner
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.sync_plan import card_changes

KEY, OTHER = TypeKey(101, 1001), TypeKey(101, 2001)
COLOUR = CabinetAttribute(10096, 0, ((1, "белый"), (2, "чёрный")))
TEXT = CabinetAttribute(4191, 0, ((0, "Лён<br/>и хлопок"),))
VIDEOS = (
    CabinetAttribute(21841, 100001, ((0, "https://v/1"), (0, "https://v/2"))),
    CabinetAttribute(21837, 100001, ((0, "Первое"), (0, "Второе"))),
)
HELD = CardPayload(
    "A",
    "Имя на Ozon",
    KEY,
    Decimal(1990),
    "0.22",
    "RUB",
    30,
    20,
    4,
    2,
    ("https://cdn1.ozone.ru/1.jpg", "https://cdn1.ozone.ru/2.jpg"),
    "OZN1",
    (COLOUR, TEXT, *VIDEOS),
    color_image="https://cdn1.ozone.ru/c.jpg",
    pdf_list=(PdfFile("Уход", "https://a/care.pdf"),),
    dimension_unit="cm",
    weight_unit="kg",
)
BARE = CardPayload("A", HELD.name, KEY, Decimal(1990), "0.22", "RUB", 0, 0, 0, 0)


def always(winner: Winner | None) -> Callable[[str], Winner | None]:
    return lambda _: winner


def merged(store: CardPayload, winner: Winner | None, held: CardPayload = HELD, last: CardPayload | None = None) -> CardPayload:
    return merge(store, held, Merging(always(winner), [4191], last)).payload


@pytest.mark.parametrize("winner", [None, *Winner])
def test_a_store_that_means_the_same_changes_nothing(winner: Winner | None) -> None:
    same = replace(
        HELD,
        name=f" {HELD.name} ",
        depth=300,
        width=200,
        height=40,
        weight=2000,
        dimension_unit="mm",
        weight_unit="g",
        images=("https://shop.example/1.jpg", "https://shop.example/2.jpg"),
        attributes=(replace(COLOUR, values=((2, "Чёрный"), (1, ""))), replace(TEXT, values=((0, "Лён и хлопок"),)), *VIDEOS),
        color_image="",
        pdf_list=(),
    )
    assert merged(same, winner) == HELD


@pytest.mark.parametrize("winner", [None, Winner.OZON, Winner.STORE, Winner.UNTOUCHED])
def test_a_store_without_a_word_changes_nothing(winner: Winner | None) -> None:
    assert merged(BARE, winner) == HELD


def test_what_nobody_answered_about_is_named() -> None:
    found = merge(replace(BARE, barcode="460"), HELD, Merging(always(None)))
    assert found.payload.more_barcodes == ("460",), "an empty field is filled in what is proposed"
    assert found.undecided == ("barcodes",)
    assert merge(replace(BARE, barcode="460"), HELD, Merging(always(Winner.OZON))).undecided == ()


def test_only_a_choice_for_just_this_field_empties_it() -> None:
    assert merged(BARE, Winner.STORE).images == HELD.images
    emptied = merged(BARE, Winner.STORE_EVEN_EMPTY)
    assert (emptied.images, emptied.depth, emptied.attributes) == ((), 0, ())
    assert {change.field for change in card_changes(HELD, emptied) if change.lost} >= {"images", "depth", "weight", "attribute:4191"}
    assert (emptied.name, emptied.pdf_list, emptied.barcode) == (HELD.name, HELD.pdf_list, HELD.barcode)


def test_one_size_changes_alone_and_keeps_the_unit_where_it_can() -> None:
    wider = merged(replace(BARE, width=250), Winner.STORE)
    assert (wider.depth, wider.width, wider.height, wider.dimension_unit) == (30, 25, 4, "cm")
    finer = merged(replace(BARE, width=255), Winner.STORE)
    assert (finer.depth, finer.width, finer.height, finer.dimension_unit) == (300, 255, 40, "mm")
    assert [change.field for change in card_changes(HELD, finer)] == ["width"]


def test_videos_and_their_titles_go_together() -> None:
    new = CabinetAttribute(21841, 100001, ((0, "https://v/3"),))
    sent = merged(replace(BARE, attributes=(new,)), Winner.STORE)
    assert [item for item in sent.attributes if item.complex_id] == [new]
    lost = {change.field: change.lost for change in card_changes(HELD, sent) if change.lost}
    assert lost == {"attribute:21841": ("https://v/1", "https://v/2"), "attribute:21837": ("Первое", "Второе")}


def test_pictures_the_store_changed_since_they_were_sent_go_though_ozon_shows_as_many() -> None:
    first, second = (
        ("https://shop.example/1.jpg", "https://shop.example/2.jpg"),
        ("https://shop.example/1.jpg", "https://shop.example/3.jpg"),
    )
    store, last = replace(BARE, images=second), replace(HELD, images=first)
    assert merged(store, Winner.STORE, last=last).images == second
    assert merged(store, Winner.OZON, last=last).images == HELD.images
    assert merged(replace(BARE, images=first), Winner.STORE, last=last).images == HELD.images


def test_a_name_goes_into_its_attribute_too() -> None:
    held = replace(HELD, attributes=(CabinetAttribute(4180, 0, ((0, HELD.name),)), COLOUR))
    sent = merged(replace(BARE, name="Новое имя"), Winner.STORE, held)
    assert sent.attributes[0].values == ((0, "Новое имя"),)
    assert merged(replace(BARE, name="Новое имя"), Winner.OZON, held) == held


def test_another_type_takes_what_fits_and_tells_the_rest() -> None:
    sent = merged(replace(BARE, type_key=OTHER), Winner.STORE)
    assert (sent.type_key, sent.attributes) == (OTHER, (TEXT,))
    assert {change.field for change in card_changes(HELD, sent) if change.lost} == {"attribute:10096", "attribute:21841", "attribute:21837"}
    assert merged(replace(BARE, type_key=OTHER), Winner.OZON) == HELD


def test_an_abolished_rate_of_vat_is_not_sent_again() -> None:
    held = replace(HELD, vat="0.18")
    assert merged(BARE, Winner.OZON, held).vat == "0.22"
    assert merged(replace(BARE, vat="0.1"), Winner.OZON).vat == "0.22"
    assert merged(replace(BARE, vat="0.1"), Winner.STORE).vat == "0.1"

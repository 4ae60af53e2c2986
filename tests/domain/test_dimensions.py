"""Which store properties give the package, and in which unit."""

import pytest

from ozon_desktop.domain.card import Dimensions
from ozon_desktop.domain.dimensions import PackageDoubt, PackageFault, read_package
from ozon_desktop.domain.readiness import dimension_problems
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.store.source import open_source
from tests.places import SHARED

SAMPLES = SHARED / "samples/commerceml"


def package(**properties: str) -> Dimensions:
    return read_package(Product("1", "A-1", "Полка", properties=tuple(properties.items()))).dimensions


def pairs(*properties: tuple[str, str]) -> Dimensions:
    return read_package(Product("1", "A-1", "Полка", properties=properties)).dimensions


@pytest.mark.parametrize(
    ("name", "value", "grams"),
    [
        ("Вес", "1,4", 1400),
        ("Вес", "0.35", 350),
        ("Вес", "12", 12_000),
        ("Вес", "250", 250),
        ("Вес", "250 г", 250),
        ("Вес", "2 кг", 2000),
        ("Вес, кг", "250", 250_000),
        ("Вес (г)", "40", 40),
        ("Вес в граммах", "40", 40),
        ("ВЕС_БРУТТО", "1 250 гр.", 1250),
        ("Масса", "0,0001", 1),
        ("Вес", "0", 0),
    ],
)
def test_weight_is_read_in_the_written_or_the_likely_unit(name: str, value: str, grams: int) -> None:
    assert pairs((name, value)).weight == grams


@pytest.mark.parametrize("value", ["-3", "лёгкий", "", "5-7 кг", "3 м", "9" * 60])
def test_weight_that_is_none_stays_unknown(value: str) -> None:
    assert package(Вес=value).weight is None


def test_package_wins_over_plain_and_plain_over_bare_product() -> None:
    assert package(Товар_Вес="1", Вес="2", Габарит_Вес="3").weight == 3000
    assert package(Вес_нетто="1", Вес="2").weight == 2000
    assert pairs(("Вес", "2"), ("Вес товара с упаковкой", "4")).weight == 4000
    assert package(Вес_нетто="1").weight == 1000


def test_zero_is_kept_only_when_nothing_better_is_known() -> None:
    assert package(Габарит_Вес="0", Вес="1,5").weight == 1500
    assert package(Длина="0", Ширина="0", Высота="0") == Dimensions(0, 0, 0, None)


def test_lengths_of_one_kind_share_one_unit() -> None:
    assert package(Длина="2", Ширина="1,4", Толщина="0,01") == Dimensions(2000, 1400, 10)
    assert package(Длина="108", Ширина="92", Высота="20") == Dimensions(1080, 920, 200)
    assert package(Длина="600", Ширина="80", Высота="40") == Dimensions(600, 80, 40)
    assert package(Длина="3", Ширина="2", Высота="1") == Dimensions(30, 20, 10)


def test_complete_package_is_not_mixed_with_the_bare_product() -> None:
    bare = {"Товар_Длина": "2", "Товар_Ширина": "1,4", "Товар_Толщина": "0,01"}
    packed = {"Габарит_Длина": "0,71", "Габарит_Ширина": "0,4", "Габарит_Высота": "0,12"}
    assert package(**bare, **packed) == Dimensions(710, 400, 120)


def test_incomplete_package_is_completed_from_other_properties() -> None:
    assert pairs(("Длина упаковки, см", "30"), ("Ширина", "200 мм"), ("Высота, м", "0,1")) == Dimensions(300, 200, 100)


def test_impossible_density_shows_the_other_unit() -> None:
    assert package(Длина="120", Ширина="80", Высота="40", Вес="0,3") == Dimensions(120, 80, 40, 300)
    assert package(Длина="2,5", Ширина="2", Высота="1", Вес="0,01") == Dimensions(25, 20, 10, 10)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Габариты", "30х20х10 см"),
        ("Размер упаковки", "300 x 200 x 100 мм"),
        ("Размер упаковки, мм", "300*200*100"),
        ("Габариты", "30 × 20 × 10"),
        ("Размеры", "30смх20смх10см"),
        ("Размер упаковки, см", "30/20/10"),
        ("Габариты, м", "0,3x0,2x0,1"),
        ("Габариты", "30 на 20 на 10 см"),
        ("Габариты (ШхВхД), см", "20х10х30"),
        ("Длина х ширина х высота", "30х20х10 см"),
        ("Ширина, высота, длина упаковки, мм", "200x100x300"),
        ("Упаковка", "Длина: 30 см; ширина: 20 см; высота: 10 см"),
        ("Габариты упаковки", "Д 30 см, Ш 20 см, В 10 см"),
        ("Габариты упаковки", "3 дм x 2 дм x 1 дм"),
    ],
)
def test_three_sizes_in_one_property(name: str, value: str) -> None:
    assert pairs((name, value)) == Dimensions(300, 200, 100)


def test_clothes_sizes_and_other_lengths_are_no_package() -> None:
    assert pairs(("Размер", "40/42/44"), ("Длина рукава", "60 см"), ("Высота каблука, см", "5")) == Dimensions()
    assert pairs(("Максимальный вес пользователя", "90")) == Dimensions()


def test_length_of_a_hose_or_of_yarn_is_no_side_of_the_parcel() -> None:
    assert pairs(("Длина, м", "5"), ("Длина", "36 см"), ("Ширина", "36 см"), ("Высота", "14 см")) == Dimensions(360, 360, 140)
    assert pairs(("Длина, м", "280")).depth is None


def reported(*properties: tuple[str, str]) -> list[PackageDoubt]:
    return list(read_package(Product("1", "A-1", "Полка", properties=properties)).doubts)


def test_labelled_weight_and_two_units() -> None:
    assert pairs(("Упаковка", "Вес брутто, кг: 1,2; длина: 30 см")) == Dimensions(300, None, None, 1200)
    assert pairs(("Вес с упаковкой", "1 кг 250 г")).weight == 1250


def test_package_properties_that_contradict_each_other_are_reported_and_give_nothing() -> None:
    properties = (("Вес брутто, кг", "1,2"), ("Вес упаковки", "3 кг"), ("Вес", "2 кг"))
    assert pairs(*properties).weight is None
    assert reported(*properties) == [PackageDoubt(PackageFault.CONTRADICTION, "weight", "Вес брутто, кг", "1,2", "Вес упаковки: 3 кг")]
    same = (("Вес брутто, кг", "1,2"), ("Вес упаковки", "1200 г"))
    assert (pairs(*same).weight, reported(*same)) == (1200, [])


@pytest.mark.parametrize(
    ("name", "value", "fault", "axis"),
    [
        ("Вес", "около 5 кг", PackageFault.UNREADABLE, "weight"),
        ("Вес", "5-7 кг", PackageFault.UNREADABLE, "weight"),
        ("Вес брутто", "3 м", PackageFault.UNREADABLE, "weight"),
        ("Длина упаковки", "большая", PackageFault.UNREADABLE, "depth"),
        ("Размер упаковки", "30х20 см", PackageFault.UNREADABLE, ""),
        ("Вес", "5000 кг", PackageFault.ABSURD, "weight"),
        ("Вес", "-3", PackageFault.ABSURD, "weight"),
        ("Длина упаковки, м", "120", PackageFault.ABSURD, "depth"),
        ("Размер упаковки, м", "30х20х10", PackageFault.ABSURD, ""),
    ],
)
def test_what_cannot_be_understood_is_reported_and_not_guessed(name: str, value: str, fault: PackageFault, axis: str) -> None:
    assert pairs((name, value)) == Dimensions()
    assert reported((name, value)) == [PackageDoubt(fault, axis, name, value)]


def test_nothing_is_reported_of_what_another_property_settles_or_of_other_things() -> None:
    assert reported(("Вес", "лёгкий"), ("Вес брутто", "1 кг")) == []
    assert reported(("Размер", "XL"), ("Длина", "макси"), ("Длина, м", "280"), ("Высота каблука", "большая")) == []


def test_guessed_unit_is_reported_and_a_written_one_is_not() -> None:
    guessed = reported(("Длина", "108"), ("Ширина", "92"), ("Высота", "20"), ("Вес", "7"))
    assert [(doubt.fault, doubt.axis, doubt.detail) for doubt in guessed] == [
        (PackageFault.UNIT_GUESSED, "weight", "кг"),
        (PackageFault.UNIT_GUESSED, "", "см"),
    ]
    assert reported(("Габариты", "30х20х10 см"), ("Вес", "1 кг")) == []


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared sample exports are not here")
def test_every_mat_of_the_sample_gets_a_package_ozon_takes() -> None:
    path = SAMPLES / "mats_import.xml"
    products = [record for record in open_source(path).read(path) if isinstance(record, Product)]
    assert len(products) == 36
    for product in products:
        sizes = read_package(product).dimensions
        assert not dimension_problems(sizes), product.name
        assert 400 <= (sizes.depth or 0) <= 2000, product.name
        assert 1000 <= (sizes.weight or 0) <= 14_000, product.name

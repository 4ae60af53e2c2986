"""What Ozon would refuse in a card, and where its own complaints belong."""

from decimal import Decimal

import pytest

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import CardProblem, Dimensions, FilledField, Origin, ProblemCode
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.domain.ozon_problems import OzonProblem, ozon_problems
from ozon_desktop.domain.readiness import base_problems, dimension_problems, field_problems, is_ean, vat_accepted
from ozon_desktop.domain.store_catalog import Product

LINK = Attribute(7003, "Ссылка", type="URL")
BRAND = Attribute(85, "Бренд", is_required=True, dictionary_id=1)
TAGS = Attribute(23171, "Хештеги", "Длина — не более 30 символов.")


def filled(attribute: Attribute, *values: tuple[int, str]) -> FilledField:
    return FilledField(attribute, values, Origin.PRODUCT)


def codes(product: Product, price: str = "100", **more: object) -> set[ProblemCode]:
    found = base_problems(product, product.offer_id, Decimal(price), VatRate.VAT_22, False, **more)  # type: ignore[arg-type]
    return {problem.code for problem in found}


def product(barcode: str = "", pictures: tuple[str, ...] = ("https://shop.example/1.jpg",)) -> Product:
    return Product("p", "A-1", "Рубашка", barcodes=(barcode,) if barcode else (), pictures=pictures)


@pytest.mark.parametrize("code", ["4600000000008", "46000002", "036000291452", "14600000000005"])
def test_right_barcodes(code: str) -> None:
    assert is_ean(code)
    assert codes(product(code)) == set()
    other_digit = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert not is_ean(other_digit)
    assert codes(product(other_digit)) == {ProblemCode.BARCODE_FORM}


@pytest.mark.parametrize("code", ["460", "46000000000٠8", "4600000000008 ", "abcdefgh"])
def test_barcode_of_no_known_form_only_warns(code: str) -> None:
    assert codes(product(code)) == {ProblemCode.BARCODE_FORM}
    assert not CardProblem(ProblemCode.BARCODE_FORM, "barcode").blocking


def test_ozons_own_barcodes_are_right_and_long_ones_are_refused() -> None:
    assert codes(product("OZN1234567")) == set()
    assert codes(product("4" * 101)) == {ProblemCode.BARCODE_TOO_LONG}
    assert codes(product("4600000000008"), same_barcode=True) == {ProblemCode.BARCODE_DUPLICATE}


def test_prices_have_an_upper_bound_and_an_old_price_only_warns() -> None:
    assert codes(product(), "10000000") == set()
    assert codes(product(), "9999999.990") == set()
    for absurd in ("10000000.01", "1e25", "1e99", "123456789012345678901234.123456789012345678901234"):
        assert codes(product(), absurd) == {ProblemCode.PRICE_TOO_BIG}, absurd
    for fine in ("1990.505", "0.001"):
        assert codes(product(), fine) == {ProblemCode.PRICE_TOO_FINE}, fine
    assert codes(product(), old_price_fault="discount_too_big") == {ProblemCode.OLD_PRICE}
    assert not CardProblem(ProblemCode.OLD_PRICE, "old_price").blocking


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://shop.example/a b.jpg", False),
        ("HTTP://shop.example/1.jpg", True),
        ("http://192.168.0.1/1.jpg", False),
        ("https://shop.example?x=1", True),
        ("https://[::1/1.jpg", False),
        ("ftp://shop.example/1.jpg", False),
        ("  ", False),
    ],
)
def test_picture_that_cannot_be_loaded_is_none(address: str, shown: bool) -> None:
    assert (ProblemCode.PICTURE_MISSING not in codes(product(pictures=(address,)))) is shown


def test_vat_is_compared_as_a_number() -> None:
    assert {rate for rate in VatRate if not vat_accepted(rate)} == {VatRate.VAT_18}
    assert not vat_accepted(None)


@pytest.mark.parametrize(
    ("sizes", "code", "field"),
    [
        (Dimensions(2**31, 1, 1, 100), ProblemCode.DIMENSION_TOO_BIG, "depth"),
        (Dimensions(1000, 1000, 1000, 1_000_001), ProblemCode.WEIGHT_TOO_BIG, "weight"),
    ],
)
def test_packages_have_upper_bounds(sizes: Dimensions, code: ProblemCode, field: str) -> None:
    assert [(problem.code, problem.field) for problem in dimension_problems(sizes)] == [(code, field)]


def test_fields_that_are_no_links_or_too_long() -> None:
    assert [problem.code for problem in field_problems([filled(LINK, (0, "shop.example"))])] == [ProblemCode.NOT_A_LINK]
    assert field_problems([filled(LINK, (0, "https://shop.example"))]) == []
    (warning,) = field_problems([filled(TAGS, (0, "#" * 31))])
    assert (warning.code, warning.detail, warning.blocking) == (ProblemCode.VALUE_TOO_LONG, "30", False)


def test_value_that_ozon_took_out_of_its_dictionary_holds_the_card_back() -> None:
    known = filled(BRAND, (5, "Ромашка"))
    assert field_problems([known], {(85, 6), (86, 5)}) == []
    assert [problem.code for problem in field_problems([known], {(85, 5)})] == [ProblemCode.NOT_IN_DICTIONARY]
    assert field_problems([filled(BRAND, (5, ""))]) == [], "the id alone is a value"


@pytest.mark.parametrize(
    ("error", "field", "attribute_id"),
    [
        (ItemError("x", "", "", 85, "Brand"), "Бренд", 85),
        (ItemError("x", "", "", 0, "бренд"), "Бренд", 85),
        (ItemError("x", "", "", 999, "Чужое поле"), "Чужое поле", 999),
        (ItemError("x", "", "primary_image"), "images", 0),
        (ItemError("x", "", "item.weight"), "weight", 0),
        (ItemError("Incorrect_density", ""), "weight", 0),
        (ItemError("description_category_is_legacy", ""), "category", 0),
        (ItemError("SPU_already_exists", ""), "", 0),
    ],
)
def test_complaint_of_ozon_stands_at_its_field(error: ItemError, field: str, attribute_id: int) -> None:
    assert ozon_problems([error], [BRAND, LINK]) == (OzonProblem(error, field, attribute_id),)


def test_complaints_that_block_come_first_and_each_once() -> None:
    warning, error = ItemError("a", "", level="ERROR_LEVEL_WARNING"), ItemError("b", "")
    assert [problem.error for problem in ozon_problems([warning, error, warning], [])] == [error, warning]
    assert ozon_problems([], [BRAND]) == ()

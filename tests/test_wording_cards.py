"""Words of rules, packages and pictures of cards."""

import re
from decimal import Decimal

import pytest

from ozon_desktop import wording
from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import Origin
from ozon_desktop.domain.dimensions import PackageDoubt, PackageFault
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.ozon_problems import OzonProblem
from ozon_desktop.domain.pictures import PictureFault, PictureProblem


@pytest.mark.parametrize("fault", list(PictureFault))
def test_every_fault_of_a_picture_has_words(fault: PictureFault) -> None:
    text = wording.picture_problem_text(PictureProblem("1.jpg", fault, 4))
    assert text.startswith("Фотография 4 не отправится: ")
    assert "{" not in text


@pytest.mark.parametrize("fault", list(PackageFault))
def test_every_doubt_about_a_package_names_the_property(fault: PackageFault) -> None:
    text = wording.package_doubt_text(PackageDoubt(fault, "weight", "Вес брутто", "около 5", "кг"))
    assert text.startswith("Вес: ")
    assert text.endswith("(«Вес брутто»: около 5)")
    assert "{" not in text


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (FieldRule("c", 1, RuleKind.CONSTANT, ((1, "а"), (2, "б"))), "а; б"),
        (FieldRule("c", 1, RuleKind.PROPERTY, property_name="Цвет"), "свойство «Цвет»"),
        (FieldRule("c", 1, RuleKind.TEMPLATE, template="{Бренд}"), "шаблон «{Бренд}»"),
        (FieldRule("c", 1, RuleKind.UNITS, property_name="Вес", factor=Decimal("0.5")), "свойство «Вес» × 0,5"),
        (FieldRule("c", 1, RuleKind.UNITS, property_name="Вес"), "свойство «Вес» с переводом единиц"),
        (FieldRule("c", 1, RuleKind.TABLE, table=(("кр.", (1, "красный")),)), "кр. → красный"),
    ],
)
def test_rule_says_what_it_does(rule: FieldRule, text: str) -> None:
    assert wording.rule_text(rule) == text


def test_kinds_of_rules_and_the_default_have_names() -> None:
    names = {wording.rule_kind_text(kind) for kind in RuleKind}
    assert len(names) == len(RuleKind)
    assert all(re.search("[а-я]", name) for name in names)
    assert wording.origin_text(Origin.INTEGRATION) == "правило для всех категорий"


@pytest.mark.parametrize(
    ("code", "level", "begins"),
    [
        ("all_image_failed", "error", "Ozon не смог загрузить"),
        ("offer_id_too_long", "error", "Ozon: Артикул слишком длинный"),
        ("barcode_too_long", "warning", "Замечание Ozon: Штрихкод"),
        ("some_image_failed", "warning", "Замечание: Ozon не смог"),
    ],
)
def test_a_complaint_says_whose_it_is(code: str, level: str, begins: str) -> None:
    assert wording.ozon_problem_text(OzonProblem(ItemError(code, "", level=level))).startswith(begins)


def test_pictures_left_out_for_one_reason_are_one_line() -> None:
    problems = [PictureProblem(f"{number}.jpg", PictureFault.A_FILE, number) for number in (1, 2)]
    text = wording.picture_problems_text([*problems, PictureProblem("x", PictureFault.NOT_PUBLIC, 3)])
    assert text.splitlines()[0].startswith("Фотографии 1, 2 не отправятся: это файл из магазина")
    assert text.splitlines()[1:] == [wording.picture_problem_text(PictureProblem("x", PictureFault.NOT_PUBLIC, 3))]

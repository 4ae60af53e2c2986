"""Every code by which Ozon refuses a product, through the whole program: its own text, at its field, with what to do."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ozon_desktop import wording
from ozon_desktop.application import build
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE
from ozon_desktop.domain.ozon_problems import ozon_problems
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.model import GoodsSize
from ozon_desktop.sandbox.ozon.refusals import CODES, Kind
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState
from ozon_desktop.wording.ozon_codes import advice
from tests.barcodes import ean
from tests.places import SHARED
from tests.services.conftest import connect, make_options
from tests.services.shop import MAIN_WAREHOUSE, SHIRTS, Line, Shirt, Shop, make_sandbox, write_export

API_FACTS = SHARED / "ozon/API.md"
WHAT_TO_DO = re.compile(r": .*\b\w+(?:йте|ите|ьте|йтесь|итесь)\b")
"""The second half of a text: an order to the manager."""

BRAND, HASHTAGS = "Бренд", "#Хештеги"
TOO_OFTEN = "error limiting: acquire limit per item: items limit: limit exceeded"
FIELDS: dict[Kind, dict[str, tuple[str, ...]]] = {
    Kind.IMPORT: {
        "": (
            "SPU_already_exists",
            "SPU_ALREADY_EXISTS_IN_ANOTHER_ACCOUNT",
            "Invalid_state",
            "SELLER_NO_CONTRACT_FAILED",
            "item_limit_exceeded",
        ),
        "name": ("EMPTY_REQUIRED", "name_too_long"),
        "offer_id": ("offer_id_repeated", "offer_id_too_long"),
        "barcode": ("barcode_too_long", "barcode_invalid", "barcode_already_used"),
        "category": (
            "description_category_invalid",
            "description_category_has_no_description_type",
            "description_category_is_legacy",
            "levels_category_not_found",
            "description_category_is_empty",
            "description_type_is_empty",
        ),
        "price": ("price_is_negative", "price_out_of_range", "price_less_than_min_auto_price", "bad_request_error"),
        "old_price": ("old_price_less_than_price",),
        "min_price": ("min_auto_price_too_big", "min_auto_price_too_small"),
        "vat": ("vat_invalid",),
        "depth": ("missing_dimension",),
        "weight": ("Incorrect_density", "weight_too_big"),
        BRAND: (
            "error_attribute_values_empty",
            "error_attribute_values_out_of_range",
            "VALUE_MAX_LIMIT",
            "brand_certificate_required",
            "attribute_hierarchy_fail",
            "VALUE_MUST_BE_INTEGER",
            "VALUE_MUST_BE_DECIMAL",
            "ATTRIBUTE_VALUE_COUNT_EXCEEDED",
        ),
        HASHTAGS: ("BR_hashtags_symbols_validation", "BR_hashtag_brand"),
        "Rich-контент JSON": ("invalid_rich_content_json",),
    },
    Kind.MODERATION: {
        "images": ("all_image_failed", "all_image_unprocessed", "primary_image_load_failed", "pics_http_error", "some_image_failed"),
        "weight": ("ML_INCORRECT_VOLUME_WEIGHT",),
    },
    Kind.PRICE: {
        "price": (
            "NOT_FOUND_ERROR",
            "bad_request_error",
            "price_negative",
            "price_out_of_range",
            "invalid_category_price",
            "price_less_than_min_auto_price",
            TOO_OFTEN,
        ),
        "vat": ("vat_invalid",),
        "old_price": (
            "old_price_less_than_price",
            "discount_too_big",
            "discount_for_low_price_is_too_small",
            "discount_for_average_price_is_too_small",
            "discount_for_top_price_is_too_small",
        ),
        "min_price": ("min_auto_price_too_big", "min_auto_price_too_small", "action_price_enabled_min_price_missing"),
    },
    Kind.STOCK: {
        "offer_id": ("SIZE_REQUIRED_FOR_NOT_UNIQUE_OFFER_ID",),
        "stock": tuple(sorted(CODES[Kind.STOCK] - {"SIZE_REQUIRED_FOR_NOT_UNIQUE_OFFER_ID"})),
    },
    Kind.UNARCHIVE: {"": ("restore limit exceeded", "total limit exceeded", "autoarchive_restore_failed")},
}
WARNINGS = {"some_image_failed"}


@dataclass(frozen=True)
class Case:
    """A code, the product that is refused by it, and the field its text has to stand at."""

    kind: Kind
    code: str
    field: str
    offer_id: str

    @property
    def refusal(self) -> str:
        return f"{self.kind}:{self.code}={self.offer_id}"


def _cases() -> Iterator[Case]:
    for kind, fields in FIELDS.items():
        pairs = [(field, code) for field, codes in fields.items() for code in codes]
        for number, (field, code) in enumerate(pairs):
            yield Case(kind, code, field, f"{kind.value}-{number:02}")


CASES = list(_cases())


@dataclass(frozen=True)
class Answers:
    """What the program learned of refused products. accepted: what its product page knows."""

    outcomes: tuple[ItemOutcome, ...]
    accepted: dict[str, Accepted]

    def problem(self, case: Case) -> RunProblem:
        found = [problem for outcome in self.outcomes if outcome.offer_id == case.offer_id for problem in outcome.problems]
        assert [problem.code for problem in found] == [case.code], found
        return found[0]


async def _refuse_everything(folder: Path, line: Line) -> Answers:
    application = await build(make_options(folder))
    await application.secrets.keep(KNOWN_CLIENT_ID, ADMIN_KEY)
    shop = Shop(application, line, folder, (await application.integrations.ensure_one()).id)
    refusals = line.sandbox.memory.refusals
    sold = tuple(Shirt(case.offer_id) for case in CASES)
    later = {case.offer_id for case in CASES if case.kind is Kind.UNARCHIVE}
    dearer = tuple(replace(shirt, price="2090") for shirt in sold)
    outcomes: list[ItemOutcome] = []
    for kinds, shirts in (
        ({Kind.IMPORT, Kind.MODERATION, Kind.STOCK}, sold),
        ({Kind.PRICE}, tuple(shirt for shirt in dearer if shirt.offer_id not in later)),
        ({Kind.UNARCHIVE}, dearer),
    ):
        refusals.clear()
        for case in CASES:
            if case.kind in kinds:
                refusals.add(case.refusal)
        await shop.stocks_the_store(*shirts)
        result = await application.sync.run(shop.integration, silent)
        outcomes += [one for one in result.outcomes if one.offer_id.rpartition("-")[0] in kinds]
    accepted = await application.storage.run(lambda unit: unit.sync.accepted(shop.integration))
    await application.close()
    return Answers(tuple(outcomes), accepted)


@pytest.fixture(scope="module")
def answers(prepared_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """All refusals at once: a cabinet that takes nothing, three runs."""
    folder = tmp_path_factory.mktemp("refused")
    shutil.copytree(prepared_shop, folder, dirs_exist_ok=True)
    line = Line(make_sandbox())
    with pytest.MonkeyPatch.context() as patch:
        connect(line, patch)
        return asyncio.run(_refuse_everything(folder, line))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}-{case.code[:40]}")
def test_a_refusal_has_the_programs_own_text_at_its_field(answers: Answers, case: Case) -> None:
    if case.code in WARNINGS:
        [shown] = ozon_problems(answers.accepted[case.offer_id].errors, ())
        field, text, message = shown.field, wording.item_error_text(shown.error), shown.error.message
    else:
        problem = answers.problem(case)
        field, text = problem.field, wording.run_problem_text(problem)
        message = next((error.message for error in answers.accepted[case.offer_id].errors), case.code)
    assert field == case.field
    assert WHAT_TO_DO.search(text), text
    assert text != message
    assert text == advice(case.code, wording.field_label(field), "Неверно указана валюта")
    assert not re.fullmatch("[a-z_]*", wording.field_label(field)) or not field, "the field has no name in Russian"


@pytest.mark.parametrize("kind", Kind)
def test_no_code_of_the_sandbox_is_left_out(kind: Kind) -> None:
    assert {case.code for case in CASES if case.kind is kind} == CODES[kind]


@pytest.mark.skipif(not API_FACTS.exists(), reason="needs the facts about the API beside the project")
def test_every_code_worth_mapping_can_be_reached() -> None:
    section = API_FACTS.read_text(encoding="utf-8").split("## 6.", 1)[1].split("\n## ", 1)[0]
    named = {name.split("…")[0].rstrip("*") for line in section.splitlines()[1:] for name in re.findall(r"`([^`]+)`", line)}
    # Written in short: «min_auto_price_too_big/small», and the three discounts as one.
    named = {"discount_for_" if name == "discount_for_low|average|top_price_is_too_small" else name for name in named}
    named = {name.partition("/")[0] for name in named if not name.endswith(".md")}
    known = {code for codes in CODES.values() for code in codes}
    assert {name for name in named if not any(code.startswith(name) for code in known)} == set()


async def test_a_code_nobody_knows_is_shown_in_ozons_own_words(shop: Shop) -> None:
    shop.sandbox.memory.refusals.add("import:BRAND_NEW_RULE=RU-1")
    shop.sandbox.memory.refusals.add("stock:BRAND_NEW_STOCK_RULE=RU-2")
    result = await shop.application.sync.run(shop.integration, silent)
    texts = {problem.offer_id: (problem.field, wording.run_problem_text(problem)) for problem in result.run.problems}
    assert texts == {"RU-1": ("", "Ozon: BRAND_NEW_RULE"), "RU-2": ("stock", "Ozon: BRAND_NEW_STOCK_RULE")}


# --- by what a shop sends ---------------------------------------------------------------------------------------------------


async def _problems(shop: Shop) -> dict[str, list[tuple[str, str]]]:
    """(code, field) of the problems of a run, by article."""
    found: dict[str, list[tuple[str, str]]] = {}
    for problem in (await shop.application.sync.run(shop.integration, silent)).run.problems:
        found.setdefault(problem.offer_id, []).append((problem.code, problem.field))
    return found


async def _rewrite(shop: Shop, old: str, new: str) -> None:
    """The export with a part of it replaced."""
    path = write_export(shop.folder / "shop.xml", *SHIRTS)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)


async def test_barcodes_that_are_none_or_anothers(shop: Shop) -> None:
    codes = {"RU-1": ean("same"), "RU-2": ean("same"), "RU-3": "4600000000017"}
    path = write_export(shop.folder / "shop.xml", *SHIRTS)
    text = path.read_text(encoding="utf-8")
    for offer_id, code in codes.items():
        mark = f"<vendorCode>{offer_id}</vendorCode>"
        text = text.replace(mark, f"{mark}<barcode>{code}</barcode>")
    path.write_text(text, encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)
    assert await _problems(shop) == {"RU-2": [("barcode_already_used", "barcode")], "RU-3": [("barcode_invalid", "barcode")]}


@pytest.mark.parametrize(
    ("address", "code"),
    [("https://pictures.invalid/1.jpg", "all_image_failed"), ("https://shop.example/unprocessable/1.jpg", "all_image_unprocessed")],
)
async def test_pictures_that_cannot_be_loaded_are_found_after_the_card_was_taken(shop: Shop, address: str, code: str) -> None:
    await _rewrite(shop, "https://shop.example/RU-1.jpg", address)
    assert await _problems(shop) == {"RU-1": [(code, "images")]}
    product = shop.sandbox.products["RU-1"]
    assert (product.declined, product.is_created) == (True, False), "it was taken, and refused afterwards"


async def test_a_brand_that_needs_a_certificate(shop: Shop) -> None:
    shop.sandbox.memory.contract.certified_brands = frozenset({"ромашка"})
    assert await _problems(shop) == {shirt.offer_id: [("brand_certificate_required", BRAND)] for shirt in SHIRTS}


async def test_values_that_do_not_go_together_are_refused_at_the_child(shop: Shop) -> None:
    params = '<param name="Страна-изготовитель">Китай</param><param name="Цвет товара">серый</param>'
    await _rewrite(shop, "</offer>", f"{params}</offer>")
    assert await _problems(shop) == {shirt.offer_id: [("attribute_hierarchy_fail", "Цвет товара")] for shirt in SHIRTS}
    task = shop.sandbox.memory.tasks.popitem()[1]
    assert all(TYPE_ATTRIBUTE not in {attribute.id for attribute in item.attributes} for item in task.items)


async def test_a_cabinet_in_another_currency_refuses_roubles(shop: Shop) -> None:
    shop.sandbox.memory.contract.currency = "BYN"
    result = await shop.application.sync.run(shop.integration, silent)
    assert {problem.field for problem in result.run.problems} == {"price"}
    [text] = {wording.run_problem_text(problem) for problem in result.run.problems}
    assert text.startswith("Валюта цены не та, что в кабинете Ozon")


@pytest.mark.parametrize(
    ("goods", "weight", "code"),
    [
        (GoodsSize.LARGE, "0.35", "NON_KGT_ON_KGT_WAREHOUSE"),
        (GoodsSize.COMMON, "30", "OVER_MAX_OVH_NON_KGT"),
        (GoodsSize.LARGE, "600", "OVER_MAX_OVH_KGT"),
    ],
)
async def test_goods_on_a_warehouse_for_other_sizes(shop: Shop, goods: GoodsSize, weight: str, code: str) -> None:
    warehouses = shop.sandbox.memory.warehouses
    warehouses[MAIN_WAREHOUSE] = replace(warehouses[MAIN_WAREHOUSE], goods=goods)
    await shop.stocks_the_store(Shirt("RU-1", weight=weight))
    await _rewrite_size(shop, weight)
    assert await _problems(shop) == {"RU-1": [(code, "stock")]}


async def _rewrite_size(shop: Shop, weight: str) -> None:
    """A package that fits the weight, else its density is refused first."""
    path = write_export(shop.folder / "shop.xml", Shirt("RU-1", weight=weight))
    if float(weight) > 1:
        path.write_text(path.read_text(encoding="utf-8").replace("30/20/4", "140/100/100"), encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)


@pytest.mark.parametrize("status", ["new", "disabled", "disabled_due_to_limit", "blocked"])
async def test_a_warehouse_that_is_not_active_gets_no_stock(shop: Shop, status: str) -> None:
    warehouses = shop.sandbox.memory.warehouses
    warehouses[MAIN_WAREHOUSE] = replace(warehouses[MAIN_WAREHOUSE], status=status)
    assert await _problems(shop) == {}
    assert all(MAIN_WAREHOUSE not in product.stocks for product in shop.sandbox.products.values())


async def test_a_product_that_stays_in_the_archive_does_not_stop_the_others(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(SHIRTS[2])
    await shop.application.sync.run(shop.integration, silent)
    shop.sandbox.memory.refusals.add("restore limit exceeded=RU-1")
    await shop.stocks_the_store(*SHIRTS)
    result = await shop.application.sync.run(shop.integration, silent)
    assert [(problem.offer_id, problem.code) for problem in result.run.problems] == [("RU-1", "restore limit exceeded")]
    states = {outcome.offer_id: outcome.state for outcome in result.outcomes if outcome.state is not OutcomeState.NOT_SENT}
    assert states == {"RU-1": OutcomeState.WAITING, "RU-2": OutcomeState.SENT}, "tomorrow it may return"
    assert {offer_id: product.archived for offer_id, product in shop.sandbox.products.items()} == {
        "RU-1": True,
        "RU-2": False,
        "RU-3": False,
    }

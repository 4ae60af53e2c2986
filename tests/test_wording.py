"""Proves that nothing the program can say is missing its words, and that numbers, plurals and times read as Russian."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import pytest

from ozon_desktop import errors, wording
from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import CardPayload, CardProblem, Origin, ProblemCode
from ozon_desktop.domain.integration import REQUIRED_FIELDS, FieldProblem, LimitUsage, Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.journal import RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.mapping import MappingState
from ozon_desktop.domain.matching.tables import TableFault
from ozon_desktop.domain.notification import MailProblem, MailSecurity
from ozon_desktop.domain.progress import ProgressUpdate, Stage
from ozon_desktop.domain.setup_guide import Action, Missing, Step
from ozon_desktop.domain.sync_plan import ActionKind, Part, Reason
from ozon_desktop.wording.ozon_codes import known_codes
from tests.places import ROOT, SHARED

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def _all_errors(base: type[errors.AppError] = errors.AppError) -> Iterator[type[errors.AppError]]:
    if base.__module__ == errors.__name__:
        yield base
    for child in base.__subclasses__():
        yield from _all_errors(child)


@pytest.mark.parametrize("kind", list(_all_errors()), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(("subject", "detail"), [("", ""), ("/v3/product/import", ""), ("", "подробность"), ("file.xml", "подробность")])
def test_every_error_class_has_words_of_its_own(kind: type[errors.AppError], subject: str, detail: str) -> None:
    error = kind(subject) if kind is errors.NotPossibleYet else kind(subject, detail=detail)
    assert wording.has_own_text(kind)
    text = wording.error_text(error)
    for part in (text.title, text.text, text.action):
        assert CYRILLIC.search(part), part
        assert "{" not in part
        assert not part.endswith((":", " "))
        assert not part.startswith(":")


def test_the_error_tree_is_walked_down_to_its_leaves() -> None:
    assert {errors.ItemLimitReached, errors.SecretStoreLocked, errors.WrongInput} <= set(_all_errors())


def test_a_wrong_key_says_where_to_copy_the_right_one() -> None:
    text = wording.error_text(errors.InvalidKey("/v1/roles", status=404, code=5))
    assert text.title == "Ozon не принял ключ"
    assert text.text.startswith("Client ID и ключ API не подходят друг к другу")
    assert "Настройки → Seller API" in text.action


def test_a_value_that_is_missing_is_called_so() -> None:
    assert wording.error_text(errors.WrongInput("password", detail="required")).text == "Поле Пароль: не заполнено"


def test_an_error_names_the_method_the_file_and_the_wait() -> None:
    assert "отправка карточек (/v3/product/import)" in wording.error_text(errors.MissingRole("/v3/product/import")).text
    broken = errors.BrokenFile("import.xml", line=12, element="Товар", product="Чайник")
    assert "«import.xml», строка 12, элемент Товар, товар «Чайник»" in wording.error_text(broken).text
    assert "1 мин 30 с" in wording.error_text(errors.RateLimited("/v1/roles", retry_after=90)).text.replace("\u00a0", " ")


@pytest.mark.parametrize("fault", TableFault)
def test_every_fault_of_a_word_table_has_words(fault: TableFault) -> None:
    text = wording.error_text(
        errors.WordTableError("headings/home.txt", line=7, fault=fault, word="стул", other="headings/home.txt:3")
    ).text
    assert text.startswith("Файл «headings/home.txt», строка 7: ")
    assert "{" not in text


def test_an_action_that_waits_says_what_for() -> None:
    text = wording.error_text(errors.NotPossibleYet("synchronize", missing=("enabled", "mapping"))).text
    assert text == "Сначала включите интеграцию; сопоставьте хотя бы одну категорию"


def test_an_unexpected_failure_shows_its_own_text() -> None:
    text = wording.error_text(ZeroDivisionError("division by zero"))
    assert text.title == "Непредвиденная ошибка"
    assert text.text == "ZeroDivisionError: division by zero"


def test_a_new_error_class_takes_the_words_of_its_base() -> None:
    class Sub(errors.NoConnection):
        """A class without words; never a subclass of the error module itself."""

    assert wording.error_text(Sub()).title == "Нет связи с Ozon"
    assert not wording.has_own_text(Sub)


@pytest.mark.parametrize(
    ("function", "members"),
    [
        (wording.stage_text, Stage),
        (wording.reason_text, Reason),
        (wording.action_text, ActionKind),
        (wording.part_text, Part),
        (wording.step_text, Step),
        (wording.gate_text, Action),
        (wording.missing_text, Missing),
        (wording.field_problem_text, FieldProblem),
        (wording.mapping_state_text, MappingState),
        (wording.run_result_text, RunResult),
        (wording.run_kind_text, RunKind),
        (wording.run_cause_text, RunCause),
        (wording.origin_text, Origin),
        (wording.trigger_text, UpdateTrigger),
        (wording.scheme_text, Scheme),
        (wording.problem_code_text, ProblemCode),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_no_member_is_without_words(function: Callable[[object], str], members: type[StrEnum]) -> None:
    texts = [function(member) for member in members]
    assert all(CYRILLIC.search(text) and "{" not in text for text in texts)
    assert len(set(texts)) == len(texts), "two members read the same"


def test_vat_rates_read_as_on_the_page() -> None:
    texts = [wording.vat_text(rate).replace("\u00a0", " ") for rate in VatRate]
    assert texts == ["Без НДС", "5 %", "7 %", "10 %", "18 %", "20 %", "22 %"]


@pytest.mark.parametrize("code", list(ProblemCode))
def test_a_problem_names_its_field_and_value(code: ProblemCode) -> None:
    text = wording.problem_text(CardProblem(code, "Бренд", 85, "37"))
    assert "{" not in text
    assert "«»" not in wording.problem_text(CardProblem(code, "Бренд"))


def test_problem_texts_say_what_is_wrong() -> None:
    assert wording.problem_text(CardProblem(ProblemCode.REQUIRED_EMPTY, "Бренд", 85)) == "Не заполнено обязательное поле «Бренд»"
    assert wording.problem_text(CardProblem(ProblemCode.DIMENSION_MISSING, "depth")) == "Не указан размер упаковки: длина"
    assert "18 %" in wording.problem_text(CardProblem(ProblemCode.VAT_NOT_ACCEPTED, "vat", detail="18"))


def test_fields_of_the_card_and_of_the_page_have_labels() -> None:
    names = [field.name for field in fields(CardPayload)] + list(REQUIRED_FIELDS)
    assert [name for name in names if wording.field_label(name) == name] == []
    assert wording.field_label("Бренд") == "Бренд"


def test_changes_are_named_by_attribute_and_warehouse() -> None:
    attributes, warehouses = {85: "Бренд"}, {1020000000000001: "Основной"}
    assert wording.change_label("attribute:85", attributes, warehouses) == "Бренд"
    assert wording.change_label("attribute:9", attributes, warehouses) == "Характеристика 9"
    assert wording.change_label("stock:1020000000000001", attributes, warehouses) == "Склад «Основной»"
    assert wording.change_label("stock:7", attributes, warehouses) == "Склад 7"
    assert wording.change_label("price", attributes, warehouses) == "Цена"


@pytest.mark.parametrize("code", sorted(known_codes()))
def test_every_known_code_of_ozon_gives_advice(code: str) -> None:
    text = wording.item_error_text(ItemError(code.upper(), "the original message", attribute_name="Бренд"))
    assert CYRILLIC.search(text)
    assert "original" not in text
    assert "{" not in text


def test_ozon_errors_name_the_attribute_and_unknown_codes_keep_ozons_message() -> None:
    assert "«Бренд»" in wording.item_error_text(ItemError("error_attribute_values_empty", "", attribute_name="Бренд"))
    assert wording.item_error_text(ItemError("OVER_MAX_OVH_KGT", "")).startswith("Товар слишком тяжёлый")
    assert wording.item_error_text(ItemError("something_new", "новая ошибка Ozon")) == "Новая ошибка Ozon"
    assert "something_new" in wording.item_error_text(ItemError("something_new", " "))


@pytest.mark.skipif(not (SHARED / "ozon/API.md").exists(), reason="needs the facts about the API beside the project")
def test_every_code_worth_mapping_is_mapped() -> None:
    text = (SHARED / "ozon/API.md").read_text(encoding="utf-8")
    section = text.split("## 6.", 1)[1].split("\n## ", 1)[0]
    # `_small` alone is the second half of «min_auto_price_too_big/small», and the three discounts are written as one.
    codes = {code for code in re.findall(r"`([A-Za-z_ ]+?)(?:…|\*)?`", section) if "_" in code}
    assert len(codes) > 30
    missing = {
        code
        for code in codes
        if not wording.item_error_text(ItemError(code, "")).strip() or "код ошибки" in wording.item_error_text(ItemError(code, ""))
    }
    assert missing == set()


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 товаров"),
        (1, "1 товар"),
        (2, "2 товара"),
        (5, "5 товаров"),
        (11, "11 товаров"),
        (12, "12 товаров"),
        (21, "21 товар"),
        (112, "112 товаров"),
        (1204, "1 204 товара"),
    ],
)
def test_plurals(count: int, text: str) -> None:
    assert wording.plural(count, "товар", "товара", "товаров").replace("\u00a0", " ") == text


def test_numbers_and_money_are_russian() -> None:
    def plain(text: str) -> str:
        return text.replace("\u00a0", " ")

    assert plain(wording.number(Decimal("1234.5"))) == "1 234,5"
    assert plain(wording.number(1234567)) == "1 234 567"
    assert plain(wording.number(Decimal("1E+3"))) == "1 000"
    assert wording.number(None) == ""
    assert plain(wording.money(Decimal("1234.5"), "RUB")) == "1 234,50 ₽"
    assert plain(wording.money(Decimal(-7), "XXX")) == "-7,00 XXX"


def test_times_are_relative_with_the_exact_one_beside() -> None:
    now = datetime(2026, 11, 24, 12, 0).astimezone()
    assert wording.when(now, now) == "сегодня в 12:00"
    assert wording.when(now - timedelta(days=1), now) == "вчера в 12:00"
    assert wording.when(now + timedelta(days=1), now) == "завтра в 12:00"
    assert wording.when(now - timedelta(days=2), now) == "22 ноября в 12:00"
    assert wording.when(datetime(2025, 5, 9, 12, 0).astimezone(), now) == "9 мая 2025"
    assert wording.exact(now) == "24.11.2026 12:00"
    assert wording.day(now) == "24.11.2026"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "меньше 1 с"), (42, "42 секунды"), (60, "1 мин"), (185, "3 мин 5 с"), (4800, "1 ч 20 мин"), (7200, "2 ч")],
)
def test_durations(seconds: float, text: str) -> None:
    assert wording.duration(seconds).replace("\u00a0", " ") == text


def test_progress_counts_and_limits_in_words() -> None:
    assert wording.progress_text(ProgressUpdate(Stage.PRICES, 3, 12)) == "Отправка цен — 3 из 12"
    assert wording.progress_text(ProgressUpdate(Stage.CABINET, 40)) == "Чтение кабинета Ozon — 40"
    detailed = ProgressUpdate(Stage.ATTRIBUTES, 1, 2, "Кроссовки")
    assert wording.progress_text(detailed) == "Характеристики — 1 из 2"
    assert wording.progress_text(detailed, with_detail=True) == "Характеристики — 1 из 2: Кроссовки"
    paced = ProgressUpdate(Stage.ATTRIBUTES, 1200, 3000, "Кроссовки", rate=48.6, seconds_left=75)
    assert wording.progress_text(paced).replace("\u00a0", " ") == "Характеристики — 1 200 из 3 000, 49 в секунду, осталось около 1 минуты"
    assert wording.counts_text((("create", 12), ("price", 37), ("stock", 0))) == "создано 12, цены 37"
    assert wording.limit_text(LimitUsage("daily_create", 1500, 12)).replace("\u00a0", " ") == "Создание карточек: 12 из 1 500 на сегодня"
    assert wording.limit_text(LimitUsage("total", -1, 12)) == "Товары в кабинете: без ограничений"
    assert wording.step_text(Step.BASE_CATEGORIES, 29) == "Базовые категории: 29"
    assert wording.posting_status_text("awaiting_packaging") == "ожидает сборки"
    assert wording.posting_status_text("brand_new") == "brand_new"


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("price", "4990", "4 990"),
        ("price", "12.5", "12,5"),
        ("price", "", ""),
        ("stock:7", "1200", "1 200"),
        ("weight", "1500", "1 500 г"),
        ("depth", "300", "300 мм"),
        ("vat", "0.2", "20 %"),
        ("vat", "0.33", "0.33"),
        ("images", "https://shop.example/a/1.jpg, https://shop.example/2.jpg", "1.jpg, 2.jpg"),
        ("type_key", "17:970", "категория 17, тип 970"),
        ("name", "Чайник", "Чайник"),
    ],
)
def test_changed_values_read_as_russian(field: str, value: str, text: str) -> None:
    assert wording.change_value_text(field, value).replace("\u00a0", " ") == text


def test_problems_of_a_run_read_as_advice() -> None:
    assert "«Бренд»" in wording.run_problem_text(RunProblem("A-1", "Бренд", "error_attribute_values_empty", "empty"))
    assert wording.run_problem_text(RunProblem("A-1", "", "brand_new", "Сообщение Ozon")) == "Сообщение Ozon"
    assert wording.run_problem_text(RunProblem("A-1", "Бренд", "required_empty", "")) == "Не заполнено обязательное поле «Бренд»"
    assert wording.run_problem_text(RunProblem("", "", "NoConnection", "")) == "Нет связи с Ozon"
    assert wording.run_problem_text(RunProblem("", "", "", "")) == "Код ошибки не указан"


def test_words_need_no_window() -> None:
    code = "import sys, ozon_desktop.wording; print([name for name in sys.modules if name.startswith(('PySide6', 'httpx', 'sqlalchemy'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_every_mail_problem_and_protection_has_words() -> None:
    for problem in MailProblem:
        assert wording.mail_problem_text(problem)
    for security in MailSecurity:
        assert wording.mail_security_text(security)

"""What a manager reads of the store's connection."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.store_connection import ConnectionKind, OrdersHeld, OrderStage, PlacedOrder, StoreConnection
from ozon_desktop.domain.store_health import StoreHealth
from ozon_desktop.wording.store_exchange import (
    disconnect_question,
    exchange_result,
    exchange_text,
    exchange_when,
    health_hint,
    health_text,
    kind_hint,
    last_exchange_text,
    next_exchange_text,
    orders_heading,
    orders_line,
    page_line,
    placed_text,
    replace_question,
    secret_missing_text,
    stage_of_ozon_text,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
RUN = Run(1, None, RunKind.STORE_IMPORT, RunCause.CONNECTION, NOW, NOW + timedelta(seconds=2), RunResult.DONE)
ONEC, LINK = StoreConnection(ConnectionKind.ONEC), StoreConnection(ConnectionKind.LINK, "https://shop.example/price.yml")


def test_every_state_of_every_kind_has_words() -> None:
    for health, kind in product(StoreHealth, ConnectionKind):
        connection = StoreConnection(kind)
        assert bool(health_text(health, kind)[0]) is (health is not StoreHealth.FILES)
        assert page_line(health, connection, NOW, NOW)
        assert page_line(health, connection, None, NOW)
        assert kind_hint(kind)
        assert orders_heading(connection)
    assert len({stage_of_ozon_text(stage) for stage in OrderStage}) == len(OrderStage)


def test_only_what_is_well_is_green() -> None:
    green = {health for health, kind in product(StoreHealth, ConnectionKind) if health_text(health, kind)[1] == "good"}
    assert green == {StoreHealth.GOOD}


def test_what_is_wrong_is_said_with_what_to_do() -> None:
    assert health_hint(StoreHealth.FAILING, LINK, NOW, NOW, "Порт занят.") == (
        "Порт занят. Всё загруженное раньше осталось, программа пробует снова."
    )
    assert "компьютер с 1С" in health_hint(StoreHealth.SILENT, ONEC, NOW - timedelta(days=2), NOW, "")
    assert "«Проверить»" in health_hint(StoreHealth.SILENT, LINK, NOW - timedelta(days=2), NOW, "")
    assert "три строки" in health_hint(StoreHealth.NEVER, ONEC, None, NOW, "")
    assert health_hint(StoreHealth.GOOD, LINK, NOW, NOW, "") == ""


def test_a_log_line_says_what_came_and_how_it_ended() -> None:
    counts = (("products", 14), ("categories", 0), ("prices", 3), ("stocks", 212), ("deleted", 2))
    run = replace(RUN, counts=counts, reason="price.yml")
    assert exchange_text(run) == "14 товаров, 3 цены, 212 остатков; больше нет: 2"
    assert exchange_result(run) == ("принято", "good")
    assert exchange_text(replace(run, cause=RunCause.MANUAL)).endswith(" · price.yml")
    long = replace(run, finished_at=NOW + timedelta(seconds=192))
    assert exchange_result(long)[0] == "принято, 3\u00a0мин 12\u00a0с"
    failed = replace(RUN, result=RunResult.FAILED, reason="Нет связи с магазином")
    assert exchange_text(failed) == "Нет связи с магазином"
    assert exchange_result(failed) == ("не получилось", "error")
    assert exchange_result(replace(run, problems=(RunProblem("", "", "x", "y"),))) == ("1 замечание", "attention")
    assert exchange_text(replace(RUN, result=RunResult.RUNNING)) == "Загрузка товаров"


def test_orders_that_went_and_states_that_came() -> None:
    given = replace(RUN, kind=RunKind.STORE_ORDERS, counts=(("handed", 6),))
    assert exchange_text(given) == "Магазин принял 6 заказов"
    assert exchange_result(given) == ("передано", "good")
    states = replace(RUN, kind=RunKind.STORE_ORDERS, reason="1С рассказала о 4 заказах")
    assert exchange_text(states) == "1С рассказала о 4 заказах"
    assert exchange_result(states) == ("принято", "good")
    partly = replace(given, result=RunResult.PARTIAL, problems=(RunProblem("", "1-1", "x", "y"),))
    assert exchange_result(partly) == ("1 замечание", "attention")


@pytest.mark.parametrize("result", RunResult)
def test_no_end_of_an_exchange_is_without_words(result: RunResult) -> None:
    words, tone = exchange_result(replace(RUN, result=result))
    assert words
    assert (tone == "good") is (result is RunResult.DONE)


def test_times_are_short_today() -> None:
    assert ":" in exchange_when(RUN, NOW)
    assert "сегодня" not in exchange_when(RUN, NOW)
    assert exchange_when(RUN, NOW + timedelta(days=1)).startswith("вчера")
    assert last_exchange_text(ConnectionKind.LINK, None, NOW) == ""
    assert last_exchange_text(ConnectionKind.FILES, NOW, NOW).startswith("последняя загрузка в ")


def test_what_comes_next_says_whether_it_is_an_estimate() -> None:
    hour = timedelta(hours=1)
    text = next_exchange_text(ONEC, None, NOW - timedelta(minutes=10), hour, NOW)
    assert "обычно раз в час: около" in text
    assert "около" not in next_exchange_text(ONEC, None, NOW - 3 * hour, hour, NOW), "that time has passed"
    assert "обычно" not in next_exchange_text(ONEC, None, NOW, None, NOW)
    assert "раз в 5 мин" in next_exchange_text(LINK, NOW + timedelta(minutes=3), NOW, None, NOW)
    assert "сейчас" in next_exchange_text(LINK, NOW - timedelta(minutes=3), NOW, None, NOW)
    assert "перед каждой синхронизацией" in next_exchange_text(LINK, None, NOW, None, NOW)
    assert "раз в 2 часа" in next_exchange_text(ONEC, None, NOW, 2 * hour, NOW)
    assert "папке" in next_exchange_text(StoreConnection(), None, None, None, NOW)


def test_an_order_stands_in_the_store_in_one_word() -> None:
    there = PlacedOrder("1", "УТ00-004512")
    assert placed_text(None, None, "") == ("ждёт обмена", "secondary")
    assert placed_text(None, None, "Нет организации") == ("не принят", "error")
    assert placed_text(there, OrderStage.NEW, "")[0] == "в резерве"
    assert placed_text(there, None, "")[0] == "в резерве"
    assert placed_text(there, OrderStage.DELIVERED, "")[0] == "доставлен"
    assert placed_text(replace(there, posted=True), OrderStage.NEW, "") == ("проведён", "good")
    assert placed_text(replace(there, posted=True, shipped=True), OrderStage.NEW, "") == ("отгружен", "good")
    assert placed_text(replace(there, shipped=True, cancelled=True), OrderStage.NEW, "") == ("отменён", "attention")


def test_counts_of_orders_leave_out_what_is_not() -> None:
    assert orders_line(ONEC, 6, 2, 1) == "В магазине 6 заказов, ждут обмена 2, не принято 1"
    assert orders_line(ONEC, 0, 0, 0) == "В магазине заказов ещё нет"
    assert "файлами" in orders_line(LINK, 0, 3, 0)
    assert "Перенос магазина" in orders_line(ONEC, 0, 2, 0, OrdersHeld.NO_GOODS_YET)
    assert "переноса магазина" in orders_line(ONEC, 3, 2, 0, OrdersHeld.OTHER_IDS)


def test_a_missing_secret_is_called_by_its_name() -> None:
    kinds = (ONEC, LINK, StoreConnection(ConnectionKind.MOYSKLAD), StoreConnection(ConnectionKind.MOYSKLAD, login="a@b"))
    said = [secret_missing_text(connection).split()[0] for connection in kinds]
    assert said == ["Пароля", "Пароля", "Токена", "Пароля"]


def test_questions_name_what_is_given_up() -> None:
    assert "Токен забудется" in disconnect_question(StoreConnection(ConnectionKind.MOYSKLAD))
    assert "Пароль забудется" in disconnect_question(StoreConnection(ConnectionKind.MOYSKLAD, login="a@b"))
    assert "«Файлы» → «МойСклад»" in replace_question(ConnectionKind.FILES, ConnectionKind.MOYSKLAD)


def test_new_products_say_how_many_and_how_it_ended() -> None:
    made = replace(RUN, kind=RunKind.STORE_CREATE, cause=RunCause.MANUAL, reason="", problems=(), counts=(("made", 2), ("unmade", 0)))
    assert exchange_text(made) == "Из карточек Ozon: 2 новых товара"
    assert exchange_result(made) == ("создано", "good")
    assert exchange_text(replace(made, result=RunResult.RUNNING)) == "Создание товаров"
    refused = replace(made, result=RunResult.PARTIAL, problems=(RunProblem("A", "", "not_made", "нет"),))
    assert exchange_result(refused) == ("не всё", "attention")

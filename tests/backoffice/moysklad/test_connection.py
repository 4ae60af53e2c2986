"""Login, headers, rights and refusals of МойСклад."""

import base64
from pathlib import Path

import pytest

from ozon_desktop.backoffice.moysklad.api import SERVICE, Api, base_address
from ozon_desktop.backoffice.moysklad.client import MoySklad as Client
from ozon_desktop.backoffice.moysklad.paging import STEPS_BACK
from ozon_desktop.backoffice.moysklad.rights import NEEDED
from ozon_desktop.domain.store_connection import ConnectionCheck
from ozon_desktop.errors import (
    BackOfficeAnswerUnreadable,
    BackOfficeError,
    BackOfficeFailed,
    BackOfficeLoginRefused,
    BackOfficeRefused,
    BackOfficeRightMissing,
    BackOfficeUnreachable,
    WrongInput,
)
from ozon_desktop.sandbox.moysklad.memory import STATES
from tests.backoffice.moysklad.shop import Shop, records


async def test_a_probe_says_whose_shop_it_is(shop: Shop) -> None:
    assert await shop.client.probe() == ConnectionCheck("ООО «Ромашка»", (), STATES)
    assert len(shop.there.requests) == 3


async def test_every_right_that_is_missing_is_said_in_words(shop: Shop) -> None:
    for entity, _, _ in NEEDED:
        shop.there.take_right(entity)
    found = await shop.client.probe()
    assert found.company == "Администратор"
    assert found.missing == tuple(text for _, _, text in NEEDED)
    assert found.order_states == (), "who may not see orders sees no states"


async def test_only_what_is_missing_is_said(shop: Shop) -> None:
    shop.there.take_right("customerorder", "update")
    assert [text.partition(":")[0] for text in (await shop.client.probe()).missing] == ["редактировать заказы покупателей"]


async def test_a_token_is_as_good_as_a_password_until_there_is_a_newer_one(shop: Shop) -> None:
    client = shop.new_client("", shop.there.token())
    await client.probe()
    shop.there.token()
    with pytest.raises(BackOfficeLoginRefused):
        await client.probe()


async def test_a_login_in_russian_letters_is_sent_whole(shop: Shop) -> None:
    shop.there.add_user("иванов@лавка", "пароль")
    assert (await shop.new_client("иванов@лавка", "пароль").probe()).missing == ()


async def test_a_wrong_password_is_not_tried_again(shop: Shop) -> None:
    with pytest.raises(BackOfficeLoginRefused):
        await shop.new_client(secret="wrong").probe()
    assert shop.refused == [401]


async def test_a_login_that_was_cut_off_says_so(shop: Shop) -> None:
    shop.there.memory.limits._users["admin@sandbox"].cut_off = True
    with pytest.raises(BackOfficeLoginRefused, match="Отсутствует доступ"):
        await shop.client.probe()


@pytest.mark.parametrize("fault", ["500", "503", "html", "cut", "lost"])
async def test_a_question_is_repeated_a_few_times_and_no_more(shop: Shop, fault: str) -> None:
    shop.there.memory.faults.add(fault, "context/employee", times=3)
    await shop.client.probe()
    shop.there.memory.faults.add(fault, "context/employee", times=100)
    before = len(shop.there.requests)
    with pytest.raises((BackOfficeFailed, BackOfficeAnswerUnreadable, BackOfficeUnreachable)):
        await shop.client.probe()
    assert len(shop.there.requests) - before == 4


async def test_a_right_that_is_missing_is_no_reason_to_ask_again(shop: Shop) -> None:
    shop.there.take_right("product")
    with pytest.raises(BackOfficeRightMissing):
        await shop.pull()
    assert shop.refused.count(403) == 1


async def test_a_list_that_tells_the_same_page_for_ever_ends(shop: Shop) -> None:
    shop.there.add_product("Кружка")
    shop.there.memory.endless = True
    before = len(shop.there.requests)
    with pytest.raises(BackOfficeError):
        await shop.pull()
    assert len(shop.there.requests) - before < STEPS_BACK + 20


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("", f"{SERVICE}/api/remap/1.2"),
        ("http://127.0.0.1:8643", "http://127.0.0.1:8643/api/remap/1.2"),
        ("https://proxy.example/moysklad/1.2/", "https://proxy.example/moysklad/1.2"),
        ("http://localhost:1/", "http://localhost:1/api/remap/1.2"),
    ],
)
def test_addresses(address: str, base: str) -> None:
    assert base_address(address) == base


@pytest.mark.parametrize("address", ["http://moysklad.example", "moysklad.example", "ftp://moysklad.example"])
def test_a_password_never_travels_open(shop: Shop, address: str) -> None:
    with pytest.raises(WrongInput):
        Client(shop.web, address, "admin", "word")


async def test_basic_and_bearer(shop: Shop) -> None:
    assert Api(shop.web, "", "", "token")._authorization == "Bearer token"
    assert base64.b64decode(Api(shop.web, "", "a", "b:c")._authorization.removeprefix("Basic ")) == b"a:b:c"


async def test_what_the_service_found_wrong_is_told_in_its_words(shop: Shop) -> None:
    api = Api(shop.web, "http://127.0.0.1:1", "admin@sandbox", "sandbox-password")
    with pytest.raises(BackOfficeRefused, match="неизвестное поле"):
        await api.get("товары", "entity/product", {"filter": "colour=red"})


async def test_nothing_of_the_pull_is_held_in_memory_but_ids(shop: Shop, tmp_path: Path) -> None:
    shop.there.add_product("Кружка")
    pulled = await shop.whole()
    folder = next(path for path in tmp_path.iterdir() if path.is_dir())
    assert {path.name for path in folder.iterdir()} >= {"product.rows", "stocks.json"}
    (folder / "product.rows").unlink()
    with pytest.raises(FileNotFoundError):
        records(pulled)

"""The protocol, answer for answer, as 1C's own clients judge it."""

import asyncio
import base64
import http.client

import pytest

from ozon_desktop.backoffice.onec.area import AreaLimits
from ozon_desktop.backoffice.onec.site import Request, Timing
from ozon_desktop.domain.onec_exchange import ExchangeEvent
from ozon_desktop.errors import DatabaseBusy
from tests.backoffice.onec.conftest import PASSWORD, Served, serving
from tests.backoffice.onec.desks import MemoryDesk
from tests.backoffice.onec.exports import documents_xml, full_export, import_xml, returned
from tests.backoffice.onec.scripted import (
    BITRIX,
    CLIENTS,
    MOYSKLAD,
    OLD_UT,
    UNF_BITRIX,
    UT,
    Client,
    Onec,
    OnecError,
    Reply,
    SessionOf,
)

EXPORT = full_export(["p1", "p2", "p3", "p4"], 2)


async def ask(onec: Onec, query: str, body: bytes | None = None, cookie: str = "", *, basic: bool = True) -> Reply:
    return await asyncio.to_thread(lambda: onec.ask(query, body, cookie, basic=basic))


# --- answers ----------------------------------------------------------------------------------------------------------


async def test_init_is_two_lines_and_nothing_after_the_number(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    reply = await asyncio.to_thread(session.request, "init")
    assert reply.body == b"zip=no\nfile_limit=1000"
    assert reply.headers["content-type"] == "text/plain; charset=windows-1251"


async def test_checkauth_is_three_lines_with_a_cookie_of_128_bits(served: Served) -> None:
    reply = await ask(served.onec(), "type=catalog&mode=checkauth")
    word, name, value = reply.body.split(b"\n")
    assert (word, name) == (b"success", b"ozon_exchange")
    assert len(bytes.fromhex(value.decode())) == 16


async def test_a_client_that_names_its_version_gets_the_lines_it_reads(served: Served) -> None:
    reply = await ask(served.onec(), "type=catalog&version=2.09&mode=checkauth")
    assert [line.partition("=")[0] for line in reply.lines[3:]] == ["sessid", "timestamp"]
    init = await ask(served.onec(), "type=catalog&mode=init&sessid=&version=2.10", cookie=f"ozon_exchange={reply.lines[2]}")
    assert [line.partition("=")[0] for line in init.lines] == ["zip", "file_limit", "sessid", "version"]


async def test_an_empty_sessid_alone_leaves_init_at_two_lines(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    assert len((await asyncio.to_thread(session.request, "init", "sessid=")).lines) == 2


async def test_a_taken_chunk_is_one_word(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    assert (await asyncio.to_thread(session.request, "file", "filename=a.xml", b"<a/>")).body == b"success"


@pytest.mark.parametrize("path", ["/", "/ozon", "/ozon/", "/bitrix/admin/1c_exchange.php", "/admin/exchange/autoimport/"])
async def test_every_path_1c_makes_of_an_address_is_served(served: Served, path: str) -> None:
    reply = await asyncio.to_thread(lambda: served.onec().ask("type=catalog&mode=checkauth", path=path))
    assert reply.word == "success"


async def test_another_path_is_refused_in_words(served: Served) -> None:
    reply = await asyncio.to_thread(lambda: served.onec().ask("type=catalog&mode=checkauth", path="/1c"))
    assert (reply.status, reply.word) == (404, "failure")


@pytest.mark.parametrize("query", ["mode=checkauth&type=catalog", "type=Catalog&mode=CHECKAUTH", "x=1?type=catalog&mode=checkauth"])
async def test_the_order_of_parameters_and_their_case_do_not_matter(served: Served, query: str) -> None:
    assert (await ask(served.onec(), query)).word == "success"


@pytest.mark.parametrize("query", ["", "type=catalog", "type=catalog&mode=remove", "type=crm&mode=query", "type=catalog&mode=query"])
async def test_an_unknown_step_is_a_failure_in_words_with_status_200(served: Served, query: str) -> None:
    reply = await ask(served.onec(), query)
    assert (reply.status, reply.word, len(reply.lines)) == (200, "failure", 2)
    assert "<" not in reply.text


# --- logging in -------------------------------------------------------------------------------------------------------


async def test_a_wrong_password_is_401_with_a_challenge_and_told(served: Served) -> None:
    reply = await ask(served.onec(password="другой"), "type=catalog&mode=checkauth")
    assert (reply.status, reply.word) == (401, "failure")
    assert reply.headers["www-authenticate"].startswith("Basic")
    assert served.desk.events == [(ExchangeEvent.WRONG_LOGIN, "127.0.0.1", "1")]


async def test_ten_wrong_tries_lock_the_computer_out_for_a_while_and_are_told(served: Served) -> None:
    for _ in range(10):
        await ask(served.onec(password="другой"), "type=catalog&mode=checkauth")
    assert served.desk.events[-1] == (ExchangeEvent.LOCKED, "127.0.0.1", "10")
    locked = await ask(served.onec(), "type=catalog&mode=checkauth")
    assert (locked.status, locked.word) == (200, "failure")
    served.clock.now += 601
    assert (await ask(served.onec(), "type=catalog&mode=checkauth")).word == "success"


async def test_wrong_tries_before_a_right_one_are_forgotten(served: Served) -> None:
    for _ in range(3):
        for _ in range(9):
            await ask(served.onec(password="другой"), "type=catalog&mode=checkauth")
        assert (await ask(served.onec(), "type=catalog&mode=checkauth")).word == "success"


async def test_without_credentials_nothing_is_let_in_and_nothing_counted(served: Served) -> None:
    for _ in range(12):
        assert (await ask(served.onec(), "type=catalog&mode=init", basic=False)).status == 401
    assert served.desk.events == []


async def test_the_cookie_alone_goes_on_as_does_the_password_alone(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    assert (await ask(session.onec, "type=catalog&mode=init", cookie=session.cookie, basic=False)).lines[0] == "zip=no"
    assert (await ask(session.onec, "type=catalog&mode=init")).lines[0] == "zip=no"


async def test_a_cookie_of_an_earlier_life_goes_on_with_the_password(served: Served) -> None:
    onec = served.onec()
    assert (await ask(onec, "type=catalog&mode=init", cookie="ozon_exchange=" + "0" * 32)).lines[0] == "zip=no"
    assert (await ask(onec, "type=catalog&mode=init", cookie="ozon_exchange=" + "0" * 32, basic=False)).status == 401


async def test_an_idle_session_ends_after_an_hour(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    await served.quiet(3_601)
    assert (await ask(session.onec, "type=catalog&mode=init", cookie=session.cookie, basic=False)).status == 401


async def test_russian_login_and_password_are_read_in_both_encodings(served: Served) -> None:
    onec = served.onec()
    header = base64.b64encode(f"{onec.login}:{PASSWORD}".encode("cp1251")).decode()

    def work() -> bytes:
        host = served.address.removeprefix("http://").removesuffix("/ozon")
        connection = http.client.HTTPConnection(host)
        connection.request("GET", "/?type=catalog&mode=checkauth", headers={"Authorization": f"Basic {header}"})
        read = connection.getresponse().read()
        connection.close()
        return read

    assert (await asyncio.to_thread(work)).startswith(b"success")


async def test_the_session_of_a_replaced_exchange_says_so(served: Served) -> None:
    first = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(served.onec().session, "catalog")
    reply = await asyncio.to_thread(first.request, "file", "filename=a.xml", b"<a/>")
    assert reply.word == "failure"
    assert "прерван" in reply.text


async def test_goods_and_orders_of_one_computer_do_not_replace_each_other(served: Served) -> None:
    goods = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(goods.init)
    await asyncio.to_thread(served.onec().fetch_orders)
    assert (await asyncio.to_thread(goods.request, "file", "filename=a.xml", b"<a/>")).word == "success"


# --- goods ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
async def test_every_client_brings_its_goods_in_portions(served: Served, client: Client) -> None:
    await asyncio.to_thread(served.onec(client).send_goods, EXPORT)
    assert served.desk.goods == {"p1", "p2", "p3", "p4"}
    assert served.desk.portions == ["import0_1.xml", "import0_2.xml", "offers0_1.xml", "offers0_2.xml"]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
async def test_one_zip_of_everything_is_the_same(served: Served, client: Client) -> None:
    files = {name: content for portion in EXPORT for name, content in portion.items()}
    picture = {"import_files/0a/0a1b_9f.jpg": b"\xff\xd8" * 900}
    await asyncio.to_thread(lambda: served.onec(client).send_goods([{**files, **picture}], zipped=True))
    assert served.desk.portions == ["import0_1.xml", "import0_2.xml", "offers0_1.xml", "offers0_2.xml"]


async def test_a_long_import_says_progress_only_after_it_was_held(served: Served) -> None:
    served.desk.hold = asyncio.Event()
    session = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(session.upload, "import.xml", import_xml({"p1": "А"}), 1_000)
    first = await asyncio.to_thread(session.request, "import", "filename=import.xml")
    assert first.word == "progress"
    assert "500" in first.text
    served.desk.hold.set()
    assert await asyncio.to_thread(session.take, "import.xml") == "Загружено: import.xml"
    assert served.desk.portions == ["import.xml"]


async def test_an_import_that_ends_while_it_is_held_is_answered_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    desk = MemoryDesk(hold=asyncio.Event())
    timing = Timing(hold_s=3_600, look_every_s=3_600)
    async with serving(tmp_path_factory.mktemp("held"), desk, AreaLimits(least_free=0), timing) as served:
        session = await asyncio.to_thread(served.onec().session, "catalog")
        await asyncio.to_thread(session.upload, "import.xml", import_xml({"p1": "А"}), 10_000)
        waiting = asyncio.create_task(asyncio.to_thread(session.request, "import", "filename=import.xml"))
        await desk.began.wait()
        assert desk.hold is not None
        desk.hold.set()
        assert (await waiting).word == "success"


async def test_an_import_asked_for_again_after_its_end_changes_nothing(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(session.upload, "import.xml", import_xml({"p1": "А"}), 1_000)
    first = await asyncio.to_thread(session.request, "import", "filename=import.xml")
    again = await asyncio.to_thread(session.request, "import", "filename=import.xml")
    assert (first.body, served.desk.portions) == (again.body, ["import.xml"])


async def test_the_same_name_in_a_new_session_begins_a_new_file(served: Served) -> None:
    first = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(first.request, "file", "filename=import.xml", b"<?xml half of")
    await asyncio.to_thread(served.onec().send_goods, [{"import.xml": import_xml({"p1": "А"})}])
    assert "p1" in served.desk.goods


async def test_an_import_of_a_cut_file_is_a_failure_and_takes_nothing(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(session.upload, "import.xml", import_xml({"p1": "А"})[:-40], 1_000)
    with pytest.raises(OnecError, match="failure"):
        await asyncio.to_thread(session.take, "import.xml")
    assert served.desk.goods == set()


async def test_a_failed_import_is_tried_again_when_it_is_asked_for_again(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(session.upload, "import.xml", import_xml({"p1": "А"}), 1_000)
    served.desk.trouble = DatabaseBusy("")
    assert (await asyncio.to_thread(session.request, "import", "filename=import.xml")).word == "failure"
    served.desk.trouble = None
    assert (await asyncio.to_thread(session.request, "import", "filename=import.xml")).word == "success"


async def test_an_error_nobody_foresaw_is_a_failure_and_the_site_goes_on(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(session.upload, "import.xml", import_xml({"p1": "А"}), 1_000)
    served.desk.trouble = KeyError("x")
    reply = await asyncio.to_thread(session.request, "import", "filename=import.xml")
    assert (reply.status, reply.word) == (200, "failure")
    assert "KeyError" not in reply.text


async def test_an_import_of_a_file_that_never_came_is_a_failure(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    assert "не был передан" in (await asyncio.to_thread(session.request, "import", "filename=import.xml")).text


async def test_a_client_that_does_not_wait_is_served_without_import(served: Served) -> None:
    onec = served.onec(Client("УТ, без ожидания", waits=False))
    await asyncio.to_thread(onec.send_goods, EXPORT)
    await served.quiet(61)
    assert served.desk.portions == ["import0_1.xml", "import0_2.xml", "offers0_1.xml", "offers0_2.xml"]


async def test_a_taken_file_asked_for_by_its_bare_name_is_found(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(session.upload, "webdata/import.xml", import_xml({"p1": "А"}), 1_000)
    assert await asyncio.to_thread(session.take, "import.xml") == "Загружено: import.xml"


# --- one exchange at a time -------------------------------------------------------------------------------------------


async def test_an_exchange_is_open_until_it_has_been_silent_for_longer_than_1c_waits(served: Served) -> None:
    assert not served.site.busy
    session = await asyncio.to_thread(served.onec().session, "catalog")
    assert not served.site.busy, "a check of the connection is no exchange"
    await asyncio.to_thread(session.init)
    assert served.site.busy
    served.clock.now += 31
    assert not served.site.busy, "it has nothing left to do"
    await asyncio.to_thread(session.request, "file", "filename=import.xml", b"<a/>")
    served.clock.now += 179
    assert served.site.busy, "its file is still to be asked for"
    served.clock.now += 2
    assert not served.site.busy


async def test_a_second_computer_waits_while_an_exchange_is_under_way(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(session.request, "file", "filename=import.xml", b"<a/>")
    password = base64.b64encode(f"{session.onec.login}:{PASSWORD}".encode()).decode()

    async def other(cookie: str = "") -> str:
        query = b"type=catalog&mode=checkauth"
        request = Request("GET", "/", query, "192.168.0.7", f"Basic {password}", cookie)
        return (await served.site.handle(request)).body.decode("cp1251")

    assert "Идёт другой обмен, с компьютера 127.0.0.1" in await other()
    assert "Идёт другой обмен" in await other(session.cookie), "a session is its own computer's"
    served.clock.now += 181
    assert (await other()).startswith("success")


async def test_a_cookie_is_worth_nothing_on_another_computer(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    request = Request("GET", "/", b"type=catalog&mode=init", "192.168.0.7", "", session.cookie)
    assert (await served.site.handle(request)).status == 401


# --- orders -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
async def test_every_client_fetches_orders_and_confirms_them(served: Served, client: Client) -> None:
    served.desk.orders = ["10000000001", "10000000002"]
    onec = served.onec(client)
    assert await asyncio.to_thread(onec.fetch_orders) == ["10000000001", "10000000002"]
    assert served.desk.confirmed == ["10000000001", "10000000002"]
    assert await asyncio.to_thread(onec.fetch_orders) == []


async def test_orders_not_confirmed_are_given_again(served: Served) -> None:
    served.desk.orders = ["10000000001"]
    await asyncio.to_thread(lambda: served.onec().fetch_orders(confirm=False))
    assert served.desk.confirmed == []
    assert await asyncio.to_thread(served.onec().fetch_orders) == ["10000000001"]


async def test_success_without_a_query_in_that_session_confirms_nothing(served: Served) -> None:
    served.desk.orders = ["10000000001"]
    await asyncio.to_thread(lambda: served.onec().fetch_orders(confirm=False))
    session = await asyncio.to_thread(served.onec().session, "sale")
    assert (await asyncio.to_thread(session.request, "success")).body == b"success"
    assert served.desk.confirmed == []


async def test_a_query_asked_twice_gives_the_same_bytes(served: Served) -> None:
    served.desk.orders = ["10000000001"]
    session = await asyncio.to_thread(served.onec().session, "sale")
    first = await asyncio.to_thread(session.request, "query")
    served.desk.orders.append("10000000002")
    assert (await asyncio.to_thread(session.request, "query")).body == first.body
    await asyncio.to_thread(session.request, "success")
    assert served.desk.confirmed == ["10000000001"]


async def test_no_more_than_a_hundred_orders_come_at_once(served: Served) -> None:
    served.desk.orders = [f"1{number:010d}" for number in range(250)]
    onec = served.onec()
    assert [len(await asyncio.to_thread(onec.fetch_orders)) for _ in range(4)] == [100, 100, 50, 0]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("client", [UT, OLD_UT, MOYSKLAD, BITRIX, UNF_BITRIX], ids=lambda client: client.name)
async def test_states_of_orders_come_back(served: Served, client: Client, zipped: bool) -> None:
    xml = documents_xml(returned("10000000001", {"Номер по 1С": "00УТ-000017"}), returned("10000000002", {"Проведен": "true"}))
    reply = await asyncio.to_thread(lambda: served.onec(client).send_states(xml, zipped=zipped))
    assert reply.word == "success"
    assert served.desk.documents == ["10000000001", "10000000002"]


async def test_states_in_chunks_are_taken_when_the_last_has_come(served: Served) -> None:
    xml = documents_xml(*(returned(f"1000000000{number}", {"Проведен": "true"}) for number in range(9)))
    assert len(xml) > 3_000
    await asyncio.to_thread(served.onec(MOYSKLAD).send_states, xml, "orders.xml")
    assert len(served.desk.documents) == 9


async def test_lists_for_the_settings_of_1c_are_xml(served: Served) -> None:
    session: SessionOf = await asyncio.to_thread(served.onec().session, "sale")
    assert (await asyncio.to_thread(session.request, "info")).body.startswith(b"<?xml")

"""Orders from Ozon to the store's folder: each once, followed to their end, whatever breaks in between; and labels."""

import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from lxml import etree

from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.domain.orders import ExportEncoding, ExportSettings
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import FileNotReadable, NotFound, OzonUnavailable, RequestRefused, UnexpectedAnswer, WrongInput
from ozon_desktop.ozon import endpoints, files
from ozon_desktop.sandbox.ozon.auth import POSTING_KEY
from ozon_desktop.services.orders.parts import export as order_export
from ozon_desktop.services.orders.parts.export import OrderExport
from ozon_desktop.store import new_file, orders_export
from ozon_desktop.wording import counts_text
from tests.services.shop import Shop

NS = {"c": "urn:1C.ru:commerceml_2"}
FBS, UNFULFILLED, FBO = "/v4/posting/fbs/list", "/v4/posting/fbs/unfulfilled/list", "/v3/posting/fbo/list"
RETURNS = "/v1/returns/list"


@pytest.fixture
async def stocked(shop: Shop) -> Shop:
    """The shop with its shirts on sale, and nothing asked yet."""
    await shop.application.sync.run(shop.integration, silent)
    shop.line.mend()
    return shop


async def fetch(shop: Shop) -> tuple[int, int]:
    fetched = await shop.application.orders.fetch(shop.integration, silent)
    return fetched.new, fetched.updated


async def states(shop: Shop) -> dict[str, str]:
    view = await shop.application.orders.view(shop.integration)
    return {order.posting.posting_number: order.state for order in view.orders}


def age(shop: Shop, number: str, days: int) -> None:
    """Makes a posting old on both sides: on Ozon and in the database."""
    posting = shop.sandbox.memory.postings[number]
    posting.created_at -= timedelta(days=days)
    created = posting.created_at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    posting.body["in_process_at"] = created
    if "created_at" in posting.body:
        posting.body["created_at"] = created


def documents(folder: Path) -> list[tuple[str, str]]:
    """(number, state) of every document in the folder's files, in the order of their names."""
    found = []
    for path in sorted(folder.glob("*.xml")):
        for document in etree.parse(str(path)).findall("c:Документ", NS):
            values = document.findall("c:ЗначенияРеквизитов/c:ЗначениеРеквизита", NS)
            pairs = {one.findtext("c:Наименование", namespaces=NS): one.findtext("c:Значение", namespaces=NS) for one in values}
            found.append((str(document.findtext("c:Номер", namespaces=NS)), str(pairs["Статус заказа"])))
    return found


async def export_to(shop: Shop, folder: Path, **settings: Any) -> None:
    await shop.application.orders.save_export(shop.integration, ExportSettings(str(folder), **settings))


# --- what comes -----------------------------------------------------------------------------------------------------


async def test_only_what_is_new_is_read_again(stocked: Shop) -> None:
    old = stocked.sandbox.place_order("RU-1")
    stocked.sandbox.set_posting_status(old, "delivered")
    age(stocked, old, 5)
    assert await fetch(stocked) == (1, 0)
    stocked.sandbox.place_order("RU-1")
    assert await fetch(stocked) == (1, 1)
    # The mark stands at the new order by now: the old one is beyond the day that is read again.
    assert await fetch(stocked) == (0, 1)


@pytest.mark.parametrize("scheme", ["fbs", "fbo"])
async def test_an_order_older_than_any_list_is_followed_until_it_ends(stocked: Shop, scheme: str) -> None:
    number = stocked.sandbox.place_order("RU-1", scheme=scheme)
    stocked.sandbox.set_posting_status(number, "delivering")
    age(stocked, number, 25)
    await fetch(stocked)
    fresh = stocked.sandbox.place_order("RU-2", scheme=scheme)
    await fetch(stocked)
    assert await states(stocked) == {number: "delivering", fresh: "awaiting_packaging"}
    stocked.sandbox.set_posting_status(number, "cancelled")
    await fetch(stocked)
    assert (await states(stocked))[number] == "cancelled"
    (order,) = [order for order in (await stocked.application.orders.view(stocked.integration)).orders if order.posting.cancel_reason]
    assert order.posting.posting_number == number
    stocked.line.mend()
    await fetch(stocked)
    assert stocked.line.sent() == {FBS: 1, UNFULFILLED: 1, FBO: 1, RETURNS: 1}, "an order that has ended is not asked for again"


async def test_a_posting_the_list_does_not_reach_comes_with_the_unfulfilled(stocked: Shop) -> None:
    number = stocked.sandbox.place_order("RU-1")
    age(stocked, number, 40)
    assert await fetch(stocked) == (1, 0)
    assert await states(stocked) == {number: "awaiting_packaging"}


async def test_a_fetch_that_breaks_off_keeps_what_came_and_goes_on_there(stocked: Shop) -> None:
    await stocked.stocks_the_store()
    numbers = [stocked.sandbox.place_order("RU-1", scheme="fbo") for _ in range(150)]
    stocked.line.break_at(FBO, "500", after=1)
    with pytest.raises(OzonUnavailable):
        await fetch(stocked)
    assert len(await states(stocked)) == 100
    stocked.line.mend()
    assert await fetch(stocked) == (50, 100)
    assert set(await states(stocked)) == set(numbers)


async def test_returned_goods_change_the_state_once_and_are_dated_by_ozon(stocked: Shop) -> None:
    number = stocked.sandbox.place_order("RU-1", 2)
    stocked.sandbox.set_posting_status(number, "delivered")
    await fetch(stocked)
    moment = stocked.sandbox.memory.clock().replace(microsecond=0)
    stocked.sandbox.orders.give_back(number, 1, moment)
    assert (await stocked.application.orders.fetch(stocked.integration, silent)).returns == 1
    assert await states(stocked) == {number: "partly_returned"}
    stocked.sandbox.orders.give_back(number, 1, moment)
    assert (await stocked.application.orders.fetch(stocked.integration, silent)).returns == 1
    assert (await stocked.application.orders.fetch(stocked.integration, silent)).returns == 0
    history = await stocked.application.orders.history(stocked.integration, number)
    assert [state for _, state in history] == ["delivered", "partly_returned", "returned"]
    assert history[-1][0] == moment


async def test_a_key_for_postings_only_brings_them_all_the_same(stocked: Shop) -> None:
    stocked.sandbox.place_order("RU-1")
    page = await stocked.application.integrations.page(stocked.integration)
    await stocked.application.integrations.save(stocked.integration, page.integration.settings, POSTING_KEY)
    assert await fetch(stocked) == (1, 0)


async def test_settings_are_those_of_the_time_of_arrival(stocked: Shop) -> None:
    first = stocked.sandbox.place_order("RU-1")
    await fetch(stocked)
    other = await stocked.application.integrations.add_reference("employee", "Петров Пётр")
    page = await stocked.application.integrations.page(stocked.integration)
    settings = replace(page.integration.settings, responsible_employee_id=other)
    await stocked.application.integrations.save(stocked.integration, settings, None)
    second = stocked.sandbox.place_order("RU-1")
    await fetch(stocked)
    view = await stocked.application.orders.view(stocked.integration)
    named = {order.posting.posting_number: view.employees[order.responsible_id or ""] for order in view.orders}
    assert named == {first: "Иванова Мария", second: "Петров Пётр"}


# --- what is told ---------------------------------------------------------------------------------------------------


async def test_new_orders_are_told_once_and_ended_ones_are_no_news(stocked: Shop) -> None:
    told: list[tuple[str, str]] = []
    stocked.application.notifications.listen(lambda title, text: told.append((title, text)))
    for offer_id in ("RU-1", "RU-1", "RU-2"):
        stocked.sandbox.place_order(offer_id)
    stocked.sandbox.set_posting_status(stocked.sandbox.place_order("RU-1"), "cancelled")
    await fetch(stocked)
    await fetch(stocked)
    cabinet = (await stocked.application.integrations.all())[0].name
    assert told == [(cabinet, "Новых заказов: 3")]


# --- to the store ---------------------------------------------------------------------------------------------------


async def test_each_order_is_written_once_as_commerceml_and_xlsx(stocked: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    await export_to(stocked, folder, encoding=ExportEncoding.WINDOWS_1251)
    first = stocked.sandbox.place_order("RU-1", 2)
    fetched = await stocked.application.orders.fetch(stocked.integration, silent)
    assert fetched.exported == 1
    stocked.sandbox.set_posting_status(first, "delivering")
    second = stocked.sandbox.place_order("RU-2")
    await fetch(stocked)
    await fetch(stocked)
    assert documents(folder) == [(first, "awaiting_packaging"), (second, "awaiting_packaging")]
    client = (await stocked.application.integrations.all())[0].settings.client_id
    named = (stocked.application.paths.root / "installation").read_text()
    names = [f"ozon-{client}-{named}-{number:06d}.{kind}" for number in (1, 2) for kind in ("xlsx", "xml")]
    assert sorted(path.name for path in folder.glob("ozon-*")) == names
    assert b'encoding="windows-1251"' in (folder / names[1]).read_bytes().replace(b"'", b'"').lower()[:60]
    rows = python_calamine.CalamineWorkbook.from_path(str(folder / names[0])).get_sheet_by_index(0).to_python()
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Номер отправления"], row["Статус"], row["Артикул"], row["Количество"], row["Сумма"]) == (
        first,
        "ожидает сборки",
        "RU-1",
        2,
        3980,
    )
    assert (row["Организация"], row["Ответственный"]) == ("ООО «Пуговка»", "Иванова Мария")
    assert (await stocked.application.orders.view(stocked.integration)).orders[0].exported_at is not None


async def test_a_changed_state_is_written_again_only_when_that_is_wanted(stocked: Shop, tmp_path: Path) -> None:
    await export_to(stocked, tmp_path / "out", again=True)
    number = stocked.sandbox.place_order("RU-1")
    await fetch(stocked)
    await fetch(stocked)
    stocked.sandbox.set_posting_status(number, "delivered")
    await fetch(stocked)
    stocked.sandbox.orders.give_back(number, 1, stocked.sandbox.memory.clock())
    await fetch(stocked)
    await fetch(stocked)
    assert documents(tmp_path / "out") == [(number, "awaiting_packaging"), (number, "delivered"), (number, "returned")]


@pytest.mark.parametrize("place", ["before the files", "between the files", "after the files"])
async def test_a_crash_between_database_and_files_loses_and_doubles_nothing(
    stocked: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    folder = tmp_path / "out"
    await export_to(stocked, folder)
    first = stocked.sandbox.place_order("RU-1")
    real_put, real_new = orders_export.put_orders, new_file.put_new

    class Killed(Exception):
        pass

    def killed(*arguments: Any) -> Path:
        if place == "after the files":
            real_put(*arguments)
        raise Killed

    def killed_between(content: bytes, path: Path) -> bool:
        if path.suffix == ".xml":
            raise Killed
        return real_new(content, path)

    if place == "between the files":
        monkeypatch.setattr(orders_export, "put_new", killed_between)
    else:
        monkeypatch.setattr(order_export, "put_orders", killed)
    with pytest.raises(Killed):
        await fetch(stocked)
    monkeypatch.setattr(order_export, "put_orders", real_put)
    monkeypatch.setattr(orders_export, "put_new", real_new)
    second = stocked.sandbox.place_order("RU-1")
    await fetch(stocked)
    await fetch(stocked)
    assert [number for number, _ in documents(folder)] == [first, second]
    assert len(list(folder.glob("ozon-*"))) == 4


async def test_a_folder_that_cannot_be_written_is_told_once_and_tried_again(
    stocked: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    await export_to(stocked, folder)
    folder.rmdir()
    folder.write_text("a file in the way")
    told: list[str] = []
    stocked.application.notifications.listen(lambda title, text: told.append(text))
    number = stocked.sandbox.place_order("RU-1")
    for _ in range(2):
        fetched = await stocked.application.orders.fetch(stocked.integration, silent)
        assert isinstance(fetched.not_exported, FileNotReadable)
    assert [text for text in told if "не записаны" in text] == [told[-1]]
    assert str(folder) in told[-1]
    run = (await stocked.application.journal.runs(stocked.integration))[0]
    assert (run.kind, run.result) == (RunKind.ORDERS, RunResult.PARTIAL)
    assert "Они подождут" in run.problems[0].text
    assert dict(run.counts)["not_exported"] == 1
    assert "заказов не записано 1" in counts_text(run.counts)
    folder.unlink()
    assert (await stocked.application.orders.hand_over(stocked.integration)).orders == 1
    assert documents(folder) == [(number, "awaiting_packaging")]


async def test_synchronization_whose_orders_cannot_be_written_is_partial_and_says_why(stocked: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    await export_to(stocked, folder)
    folder.rmdir()
    folder.write_text("a file in the way")
    for number in range(2):
        stocked.sandbox.place_order("RU-1")
        result = await stocked.application.sync.run(stocked.integration, silent)
        assert result.new_orders == 1
        assert result.run.result is RunResult.PARTIAL
        assert dict(result.run.counts)["not_exported"] == number + 1
        (problem,) = result.run.problems
        assert problem.code == "FileNotReadable"
        assert str(folder) in problem.text
    folder.unlink()
    again = await stocked.application.sync.run(stocked.integration, silent)
    assert (again.run.result, again.run.problems) == (RunResult.DONE, ())
    assert len(documents(folder)) == 2


async def test_settings_of_the_export_are_checked_and_kept(stocked: Shop, tmp_path: Path) -> None:
    service = stocked.application.orders
    settings = ExportSettings(str(tmp_path / "new"), ExportEncoding.WINDOWS_1251, True)
    await service.save_export(stocked.integration, settings)
    assert await service.export_settings(stocked.integration) == settings
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(FileNotReadable):
        await service.save_export(stocked.integration, ExportSettings(str(tmp_path / "file")))
    with pytest.raises(WrongInput):
        await service.save_export(stocked.integration, ExportSettings("orders"))
    assert await service.export_settings(stocked.integration) == settings
    assert (await service.hand_over(stocked.integration)).files == ()


# --- labels ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_waiting(stocked: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Labels are ready as soon as they are asked for the second time."""
    waits: list[float] = []

    async def passes(seconds: float) -> None:
        waits.append(seconds)
        start = stocked.sandbox.memory.clock()
        monkeypatch.setattr(stocked.sandbox.memory, "clock", lambda: start + timedelta(seconds=seconds / 2))

    monkeypatch.setattr(stocked.application.orders._labels, "_sleep", passes)
    return stocked


async def test_labels_come_as_a_pdf_with_a_page_for_each_posting(no_waiting: Shop, tmp_path: Path) -> None:
    shop = no_waiting
    packed, unpacked = shop.sandbox.place_order("RU-1"), shop.sandbox.place_order("RU-1")
    of_ozon = shop.sandbox.place_order("RU-1", scheme="fbo")
    shop.sandbox.set_posting_status(packed, "awaiting_deliver")
    await fetch(shop)
    path = tmp_path / "labels.pdf"
    done = await shop.application.orders.labels(shop.integration, [packed, unpacked, of_ozon, packed], path)
    assert (done.files, done.printed) == ((path,), 1)
    assert done.refused == ((of_ozon, ""), (unpacked, "этикетка будет после сборки заказа"))
    document = path.read_bytes()
    assert document.startswith(b"%PDF")
    assert document.count(b"/Type /Page ") == 1
    assert packed.encode() in document
    assert [entry.name for entry in tmp_path.glob("*.part")] == []


async def test_labels_ozon_cannot_print_are_refused_with_its_reason(no_waiting: Shop, tmp_path: Path) -> None:
    number = no_waiting.sandbox.place_order("RU-1")
    await fetch(no_waiting)
    with pytest.raises(RequestRefused) as caught:
        await no_waiting.application.orders.labels(no_waiting.integration, [number], tmp_path / "l.pdf")
    assert caught.value.detail == "этикетки будут после сборки заказа"
    with pytest.raises(NotFound):
        await no_waiting.application.orders.labels(no_waiting.integration, ["0-0-0"], tmp_path / "l.pdf")
    assert not (tmp_path / "l.pdf").exists()


async def test_the_first_hundred_without_labels_does_not_hold_up_the_rest(
    no_waiting: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = no_waiting
    monkeypatch.setattr(endpoints, "CREATE_LABELS", replace(endpoints.CREATE_LABELS, item_limit=2))
    numbers = [shop.sandbox.place_order("RU-1") for _ in range(3)]
    shop.sandbox.set_posting_status(numbers[2], "awaiting_deliver")
    await fetch(shop)
    done = await shop.application.orders.labels(shop.integration, numbers, tmp_path / "l.pdf")
    assert (done.files, done.printed) == ((tmp_path / "l.pdf",), 1)
    assert [number for number, _ in done.refused] == numbers[:2]


async def test_a_posting_shipped_since_it_was_fetched_has_its_label(no_waiting: Shop, tmp_path: Path) -> None:
    shop = no_waiting
    number = shop.sandbox.place_order("RU-1")
    await fetch(shop)
    shop.sandbox.memory.timing.assembling = shop.sandbox.memory.timing.ship_delay = timedelta(0)
    done = await shop.application.orders.labels(shop.integration, [number], tmp_path / "l.pdf")
    assert (done.printed, done.refused) == (1, ())


@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://example.com/l.pdf", "ftp://example.com/l.pdf", ""])
async def test_only_safe_addresses_of_files_are_followed(url: str) -> None:
    with pytest.raises(UnexpectedAnswer):
        await files.download(url, "labels")


async def test_a_file_is_fetched_without_the_key_and_a_refusal_is_told() -> None:
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(dict(self.headers))
            self.send_response(200 if self.path == "/l.pdf" else 403)
            self.end_headers()
            self.wfile.write(b"%PDF-1.4")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        assert await files.download(f"{url}/l.pdf", "labels") == b"%PDF-1.4"
        with pytest.raises(OzonUnavailable):
            await files.download(f"{url}/other.pdf", "labels")
        server.shutdown()
    assert not any(name.lower() in {"api-key", "client-id"} for headers in seen for name in headers)


async def test_installations_over_one_database_and_folder_write_each_order_once(
    stocked: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one began and could not write, the other writes under the name that was begun; a file of that name is never lost."""
    folder, application = tmp_path / "out", stocked.application
    await export_to(stocked, folder)
    other = OrderExport(application.storage, application.clock, "0ther000")
    number = stocked.sandbox.place_order("RU-1")

    def killed(*_: Any) -> Path:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(order_export, "put_orders", killed)
        with pytest.raises(MemoryError):
            await fetch(stocked)
    own = (application.paths.root / "installation").read_text()
    (taken := folder / f"ozon-100500-{own}-000001.xml").write_text("somebody's file")
    done = await other.hand_over(stocked.integration)
    assert [file.name for file in done.files] == [f"ozon-100500-{own}-000001-2.xml"]
    assert taken.read_text() == "somebody's file"
    taken.unlink()
    second = stocked.sandbox.place_order("RU-2")
    await fetch(stocked)
    assert documents(folder) == [(number, "awaiting_packaging"), (second, "awaiting_packaging")]

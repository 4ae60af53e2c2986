"""The file behind a link: fetched when it has changed, whole or not at all, with the password for its own server alone."""

import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ozon_desktop.backoffice.http import Limits, Web
from ozon_desktop.backoffice.link import link as link_module
from ozon_desktop.backoffice.link.link import Link, file_name
from ozon_desktop.backoffice.protocol import Pulled
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.errors import (
    BackOfficeAnswerTooLarge,
    BackOfficeAnswerUnreadable,
    BackOfficeError,
    BackOfficeFailed,
    BackOfficeLimited,
    BackOfficeLoginRefused,
    BackOfficeNotFound,
    BackOfficeNotTrusted,
    BackOfficeRightMissing,
    WrongInput,
)
from tests.backoffice.web_shop import LAST_MODIFIED, WebShop

ADDRESS = "http://shop.example/price.yml?key=secret"
FEED = b"<yml_catalog/>"


@pytest.fixture
def shop() -> WebShop:
    return WebShop({"/price.yml": FEED})


@pytest.fixture
async def web(shop: WebShop) -> AsyncIterator[Web]:
    made = Web(app=shop.app)
    yield made
    await made.aclose()


async def pull(web: Web, folder: Path, cursor: str = "", address: str = ADDRESS, login: str = "", password: str = "") -> Pulled:
    folder.mkdir(parents=True, exist_ok=True)
    return await Link(web, StoreConnection(ConnectionKind.LINK, address, login), password).pull(cursor, folder, silent)


async def test_the_file_is_fetched_and_then_only_when_it_has_changed(shop: WebShop, web: Web, tmp_path: Path) -> None:
    first = await pull(web, tmp_path / "1")
    assert [path.name for path in first.files] == ["price.yml"]
    assert first.files[0].read_bytes() == FEED
    assert first.made_at == datetime(2026, 11, 24, 7, tzinfo=UTC)
    again = await pull(web, tmp_path / "2", first.cursor)
    assert again.is_empty
    assert again.cursor == first.cursor
    shop.files["/price.yml"] = b"<yml_catalog>more</yml_catalog>"
    assert (await pull(web, tmp_path / "3", again.cursor)).files[0].read_bytes() == b"<yml_catalog>more</yml_catalog>"


@pytest.mark.parametrize(("date", "asked"), [(LAST_MODIFIED, False), ("Tue, 24 Nov 2026 07:00:01 GMT", True), ("yesterday", True)])
async def test_a_date_that_another_file_may_have_too_is_not_asked_with(
    shop: WebShop, web: Web, tmp_path: Path, date: str, *, asked: bool
) -> None:
    shop.headers["Date"] = date
    first = await pull(web, tmp_path / "1")
    await pull(web, tmp_path / "2", first.cursor)
    assert ("if-modified-since" in shop.asked[-1][1]) is asked
    assert "if-none-match" in shop.asked[-1][1]


async def test_another_address_does_not_ask_with_the_validators_of_the_first(shop: WebShop, web: Web, tmp_path: Path) -> None:
    shop.files["/other.yml"] = FEED
    first = await pull(web, tmp_path / "1")
    other = await pull(web, tmp_path / "2", first.cursor, "http://shop.example/other.yml")
    assert not other.is_empty
    assert "if-none-match" not in shop.asked[-1][1]


async def test_a_cursor_that_is_none_fetches_everything(web: Web, tmp_path: Path) -> None:
    assert not (await pull(web, tmp_path / "1", "{{")).is_empty


async def test_login_and_password_go_along(shop: WebShop, web: Web, tmp_path: Path) -> None:
    shop.login, shop.password = "robot", "тайна"
    with pytest.raises(BackOfficeLoginRefused):
        await pull(web, tmp_path / "1", login="robot", password="другая")
    assert not (await pull(web, tmp_path / "2", login="robot", password="тайна")).is_empty


async def test_a_redirect_is_followed_without_the_password_to_another_server(shop: WebShop, web: Web, tmp_path: Path) -> None:
    shop.redirects = {"/price.yml": "/moved.yml", "/moved.yml": "http://files.example/final.yml"}
    shop.files["/final.yml"] = FEED
    found = await pull(web, tmp_path / "1", login="robot", password="secret")
    assert found.files[0].read_bytes() == FEED
    sent = {path: headers.get("authorization") for path, headers in shop.asked}
    assert sent["/moved.yml"] is not None
    assert sent["/final.yml"] is None


async def test_a_redirect_from_https_to_http_is_not_followed(shop: WebShop, web: Web, tmp_path: Path) -> None:
    shop.redirects = {"/price.yml": "http://shop.example/plain.yml"}
    with pytest.raises(BackOfficeNotTrusted):
        await pull(web, tmp_path / "1", address="https://shop.example/price.yml")


async def test_a_circle_of_redirects_ends(shop: WebShop, web: Web, tmp_path: Path) -> None:
    shop.redirects = {"/price.yml": "/a", "/a": "/price.yml"}
    with pytest.raises(BackOfficeAnswerUnreadable):
        await pull(web, tmp_path / "1")


async def test_a_redirect_to_no_address_is_refused(shop: WebShop, web: Web, tmp_path: Path) -> None:
    shop.redirects = {"/price.yml": "file:///etc/hostname"}
    with pytest.raises(BackOfficeAnswerUnreadable):
        await pull(web, tmp_path / "1")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, BackOfficeRightMissing), (404, BackOfficeNotFound), (429, BackOfficeLimited), (500, BackOfficeFailed), (503, BackOfficeFailed)],
)
async def test_a_refusal_is_an_error_of_its_kind(shop: WebShop, web: Web, tmp_path: Path, status: int, kind: type[BackOfficeError]) -> None:
    shop.status = status
    with pytest.raises(kind) as caught:
        await pull(web, tmp_path / "1")
    assert "secret" not in str(caught.value), "a key in the address is not written anywhere"


async def test_an_empty_file_is_refused(shop: WebShop, web: Web, tmp_path: Path) -> None:
    shop.files["/price.yml"] = b""
    with pytest.raises(BackOfficeAnswerUnreadable):
        await pull(web, tmp_path / "1")


async def test_a_file_that_unpacks_beyond_the_cap_is_refused(
    shop: WebShop, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "LARGEST", Limits(size=100_000))
    shop.files["/price.yml"] = gzip.compress(b" " * 1_000_000)
    shop.headers["Content-Encoding"] = "gzip"
    with pytest.raises(BackOfficeAnswerTooLarge):
        await pull(web, tmp_path / "1")


async def test_a_check_reads_only_the_beginning(shop: WebShop, web: Web) -> None:
    shop.files["/price.yml"] = b"x" * 1_000_000
    found = await Link(web, StoreConnection(ConnectionKind.LINK, ADDRESS), "").probe()
    assert found.company == "shop.example"
    assert shop.asked[-1][1]["range"] == "bytes=0-0"


@pytest.mark.parametrize("address", ["", "shop.example/price.yml", "ftp://shop.example/price.yml", "http://", "http://[::1"])
def test_what_is_no_web_address_is_said_at_once(web: Web, address: str) -> None:
    with pytest.raises(WrongInput):
        Link(web, StoreConnection(ConnectionKind.LINK, address), "")


@pytest.mark.parametrize(
    ("address", "headers", "name"),
    [
        ("http://s.example/a/price.yml?x=1", {}, "price.yml"),
        ("http://s.example/export", {"content-type": "application/zip"}, "export.zip"),
        ("http://s.example/export", {"content-type": "text/xml; charset=utf-8"}, "export.xml"),
        ("http://s.example/", {}, "export.xml"),
        ("http://s.example/x", {"content-disposition": 'attachment; filename="прайс.xlsx"'}, "прайс.xlsx"),
        ("http://s.example/x", {"content-disposition": "attachment; filename=..\\..\\evil/../a:b.csv"}, "a_b.csv"),
        ("http://s.example/%2e%2e%2fetc", {}, "etc.xml"),
    ],
)
def test_the_file_is_named_safely_and_with_an_ending_readers_know(address: str, headers: dict[str, str], name: str) -> None:
    assert file_name(address, headers) == name

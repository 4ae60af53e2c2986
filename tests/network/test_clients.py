"""Proxies of the system, however their exceptions are written: no spelling keeps the program from starting to ask."""

import httpx
import pytest

from ozon_desktop.network.clients import behind_proxy, new_client, proxies

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def given(monkeypatch: pytest.MonkeyPatch, no_proxy: str, proxy: str = "http://127.0.0.1:9") -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("https_proxy", proxy)
    monkeypatch.setenv("no_proxy", no_proxy)


def way_to(url: str) -> bool:
    """Whether a client asks the proxy for this address."""
    client = new_client(httpx.Timeout(1), httpx.Limits(), secure=True, outside=True)
    return client._transport_for_url(httpx.URL(url)) is not client._transport


@pytest.mark.parametrize(
    "no_proxy",
    [
        "[::1]",
        "[::1]:8080",
        "[fe80::1%25eth0],localhost",
        "fe80::/10",
        "[",
        "]",
        "[]",
        "http://x",
        "10.0.0.0/8",
        "192.168.*",
        "a b",
        "::",
        "-",
    ],
)
def test_no_spelling_of_an_exception_stops_the_program(monkeypatch: pytest.MonkeyPatch, no_proxy: str) -> None:
    given(monkeypatch, no_proxy)
    assert way_to("https://api-seller.ozon.ru/v1/roles"), "and other addresses still go by the proxy"
    assert behind_proxy("https://api-seller.ozon.ru/v1/roles")


@pytest.mark.parametrize(
    ("no_proxy", "url"),
    [
        ("[::1]", "https://[::1]/"),
        ("::1", "https://[::1]/"),
        ("[2001:db8::1]:443", "https://[2001:db8::1]/"),
        ("10.1.2.3", "https://10.1.2.3/"),
        ("localhost", "https://localhost/"),
        (".shop.ru", "https://www.shop.ru/"),
        ("shop.ru", "https://shop.ru/"),
        ("[::1], shop.ru", "https://shop.ru/"),
        ("*", "https://shop.ru/"),
    ],
)
def test_what_is_named_goes_past_the_proxy(monkeypatch: pytest.MonkeyPatch, no_proxy: str, url: str) -> None:
    given(monkeypatch, no_proxy)
    assert not way_to(url)


def test_an_address_inside_asks_no_proxy_and_no_proxy_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "", proxy="")
    assert proxies() == {}
    given(monkeypatch, "", proxy="[::1]:3128")
    assert proxies() == {"https://": "http://[::1]:3128"}

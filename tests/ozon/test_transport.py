"""What is repeated and what is not, how failures of the network are told apart, and that no key gets out."""

import asyncio
import json
import logging
import ssl

import httpx
import pytest
import respx

from ozon_desktop import errors
from ozon_desktop.errors import AppError
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.bodies import without_zeros
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.endpoints import Endpoint
from ozon_desktop.ozon.limits import Pace, Ticket
from ozon_desktop.ozon.transport import Transport
from tests.ozon.conftest import FakeClock

READ = endpoints.PRODUCT_LIST
OK = httpx.Response(200, content=b'{"result": 1}')


def failing_with(cause: BaseException, error: httpx.TransportError) -> httpx.TransportError:
    error.__cause__ = cause
    return error


def fail_with(failure: httpx.TransportError, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below httpx's client, because respx replaces the cause of an error by its own."""

    async def fail(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        raise failure

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", fail)


NETWORK = [
    (httpx.ConnectError("[Errno -2] Name or service not known"), errors.NoConnection, False),
    (httpx.ConnectTimeout("slow"), errors.NoConnection, False),
    (httpx.ReadTimeout("silence"), errors.AnswerTimeout, True),
    (httpx.WriteTimeout("stuck"), errors.AnswerTimeout, True),
    (httpx.RemoteProtocolError("peer closed connection"), errors.ConnectionLost, True),
    (httpx.ReadError("reset"), errors.ConnectionLost, True),
    (httpx.WriteError("broken pipe"), errors.ConnectionLost, True),
    (httpx.ProxyError("407 Proxy Authentication Required"), errors.ProxyFailed, False),
    (failing_with(ssl.SSLCertVerificationError("self-signed"), httpx.ConnectError("ssl")), errors.InsecureConnection, False),
    (failing_with(ssl.SSLEOFError("eof"), httpx.ConnectError("eof")), errors.ConnectionLost, False),
]


@pytest.mark.parametrize(("failure", "kind", "sent"), NETWORK)
async def test_a_failure_of_the_network_becomes_its_class(
    transport: Transport,
    credentials: Credentials,
    monkeypatch: pytest.MonkeyPatch,
    failure: httpx.TransportError,
    kind: type[errors.NetworkError],
    sent: bool,
) -> None:
    fail_with(failure, monkeypatch)
    with pytest.raises(errors.NetworkError) as caught:
        await transport.post(READ, credentials, b"{}")
    assert (type(caught.value), caught.value.sent, caught.value.subject) == (kind, sent, READ.path)


async def test_a_connection_refused_by_the_proxy_of_the_system_is_the_proxys_fault(
    ozon: respx.MockRouter, transport: Transport, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    ozon.post(READ.path).mock(side_effect=httpx.ConnectError("refused"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(errors.ProxyFailed):
        await transport.post(READ, credentials, b"{}")


async def test_a_proxy_setting_that_is_no_address_is_the_proxys_fault(credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "gopher://proxy:1")
    transport = Transport()
    with pytest.raises(errors.ProxyFailed):
        await transport.post(READ, credentials, b"{}")


REPEATED = [
    (httpx.ReadTimeout("silence"), READ, True),
    (httpx.ReadTimeout("silence"), endpoints.UPDATE_PRICES, True),
    (httpx.ReadTimeout("silence"), endpoints.UPDATE_STOCKS, True),
    (httpx.ReadTimeout("silence"), endpoints.IMPORT_PRODUCTS, False),
    (httpx.ReadError("reset"), endpoints.ARCHIVE, False),
    (httpx.ConnectError("dns"), endpoints.IMPORT_PRODUCTS, True),
    (httpx.ConnectError("dns"), endpoints.ARCHIVE, True),
    (httpx.Response(500, text="Internal error"), READ, True),
    (httpx.Response(502, html="<html>"), endpoints.UPDATE_PRICES, True),
    (httpx.Response(500, text="Internal error"), endpoints.IMPORT_PRODUCTS, False),
    (httpx.Response(429, json={"code": 8}), endpoints.IMPORT_PRODUCTS, True),
    (httpx.Response(429, json={"code": 8}), READ, True),
    (httpx.Response(200, content=b'{"result": {"items": [{"of'), READ, True),
    (httpx.Response(200, content=b'{"result": {"task'), endpoints.IMPORT_PRODUCTS, False),
    (httpx.Response(200, html="<html>log in to the wifi</html>"), READ, True),
    (httpx.Response(200, content=b""), READ, True),
    (httpx.Response(403, html="<html>denied</html>"), READ, False),
    (httpx.Response(400, json={"code": 3, "message": "bad"}), READ, False),
    (httpx.Response(404, json={"code": 5, "message": "Invalid Api-Key"}), READ, False),
    (httpx.Response(500, json={"message": "Circle is open"}), READ, False),
]


@pytest.mark.parametrize(("trouble", "endpoint", "repeated"), REPEATED)
async def test_only_what_does_no_harm_is_sent_again(
    ozon: respx.MockRouter,
    transport: Transport,
    credentials: Credentials,
    trouble: httpx.Response | httpx.TransportError,
    endpoint: Endpoint,
    repeated: bool,
) -> None:
    route = ozon.post(endpoint.path).mock(side_effect=[trouble, OK])
    if repeated:
        assert await transport.post(endpoint, credentials, b"{}") == OK.content
    else:
        with pytest.raises(AppError):
            await transport.post(endpoint, credentials, b"{}")
    assert route.call_count == transport.requests == (2 if repeated else 1)


async def test_a_certificate_that_is_not_trusted_is_not_tried_again(
    transport: Transport, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(failing_with(ssl.SSLCertVerificationError("expired"), httpx.ConnectError("ssl")), monkeypatch)
    with pytest.raises(errors.InsecureConnection):
        await transport.post(READ, credentials, b"{}")
    assert transport.requests == 1


async def test_it_gives_up_after_five_attempts_with_growing_waits(
    ozon: respx.MockRouter, transport: Transport, credentials: Credentials, clock: FakeClock
) -> None:
    route = ozon.post(READ.path).mock(return_value=httpx.Response(500))
    with pytest.raises(errors.OzonUnavailable):
        await transport.post(READ, credentials, b"{}")
    assert route.call_count == 5
    assert clock.slept == [0.5, 1.0, 2.0, 4.0]


async def test_the_wait_of_a_429_is_kept_by_everybody(
    ozon: respx.MockRouter, transport: Transport, credentials: Credentials, clock: FakeClock
) -> None:
    times: list[float] = []
    first = [httpx.Response(429, headers={"Retry-After": "20"}, json={"code": 8, "message": "request rate limit per second"})]

    def answer(request: httpx.Request) -> httpx.Response:
        times.append(clock.now)
        return first.pop() if first else OK

    ozon.post(READ.path).mock(side_effect=answer)
    ozon.post(endpoints.ROLES.path).mock(side_effect=answer)
    await asyncio.gather(transport.post(READ, credentials, b"{}"), transport.post(endpoints.ROLES, credentials, b"{}"))
    assert sum(time >= 20 for time in times) >= 1
    await transport.post(endpoints.ROLES, credentials, b"{}")
    assert times[-1] >= 20


async def test_a_day_long_limit_is_said_at_once_and_again_without_asking(
    ozon: respx.MockRouter, transport: Transport, credentials: Credentials, clock: FakeClock
) -> None:
    answer = {"code": "RESOURCE_EXHAUSTED", "message": "operation items limits"}
    limited = httpx.Response(429, headers={"Item-Retry-After": "600"}, json=answer)
    route = ozon.post(endpoints.IMPORT_PRODUCTS.path).mock(return_value=limited)
    ozon.post(READ.path).mock(return_value=OK)
    with pytest.raises(errors.ItemLimitReached) as caught:
        await transport.post(endpoints.IMPORT_PRODUCTS, credentials, b"{}")
    assert caught.value.retry_after == 36_000
    with pytest.raises(errors.ItemLimitReached) as again:
        await transport.post(endpoints.IMPORT_PRODUCTS, credentials, b"{}")
    assert again.value.subject == endpoints.IMPORT_PRODUCTS.path
    assert again.value.retry_after == pytest.approx(36_000, abs=1)
    assert route.call_count == 1
    assert await transport.post(READ, credentials, b"{}") == OK.content
    assert clock.now < 1


async def test_cancelling_ends_the_wait_for_a_repetition(ozon: respx.MockRouter, credentials: Credentials) -> None:
    transport = Transport()
    ozon.post(READ.path).mock(return_value=httpx.Response(429, headers={"Retry-After": "60"}, json={"code": 8}))
    task = asyncio.create_task(transport.post(READ, credentials, b"{}"))
    while not transport.requests:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await transport.aclose()


async def test_the_log_has_path_status_and_trace_but_no_key_and_no_body(
    ozon: respx.MockRouter, transport: Transport, credentials: Credentials, caplog: pytest.LogCaptureFixture
) -> None:
    ozon.post(READ.path).mock(return_value=httpx.Response(200, headers={"x-o3-trace-id": "t-1"}, content=b'{"secret": 1}'))
    with caplog.at_level(logging.DEBUG, logger="ozon_desktop"):
        await transport.post(READ, credentials, b'{"asked": 2}')
    [record] = [record for record in caplog.records if record.name == "ozon_desktop.ozon"]
    message = record.getMessage()
    assert message.startswith(f"{READ.path} 200 ")
    assert "t-1" in message
    assert not any(word in message for word in (credentials.api_key, "secret", "asked"))


async def test_headers_of_a_request(ozon: respx.MockRouter, transport: Transport) -> None:
    route = ozon.post(READ.path).mock(return_value=OK)
    await transport.post(READ, Credentials(777, " abc-def\n"), b"{}")
    sent = route.calls.last.request.headers
    assert (sent["Client-Id"], sent["Api-Key"], sent["Content-Type"]) == ("777", "abc-def", "application/json")


@pytest.mark.parametrize("key", ["", "  ", "ключ", "ab\ncd"])
async def test_a_key_that_cannot_be_sent_is_an_invalid_key(transport: Transport, key: str) -> None:
    with pytest.raises(errors.InvalidKey):
        await transport.post(READ, Credentials(777, key), b"{}")
    assert transport.requests == 0


def test_the_key_is_masked_wherever_credentials_are_shown(credentials: Credentials) -> None:
    assert credentials.api_key not in repr(credentials) + str(credentials) + f"{credentials}" + repr([credentials])
    assert "777" in repr(credentials)


@pytest.mark.parametrize("address", ["", "ftp://ozon.ru", "api-seller.ozon.ru", "http://", "http://[::1"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(errors.WrongInput):
        Transport(base_url=address)


async def test_loopback_addresses_are_reached_past_a_proxy(credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "gopher://nonsense:1")
    transport = Transport(base_url="http://127.0.0.1:8080/")
    with respx.mock(base_url="http://127.0.0.1:8080") as router:
        route = router.post(READ.path).mock(return_value=OK)
        await transport.post(READ, credentials, b"{}")
    assert route.called
    await transport.aclose()


async def test_an_application_in_process_can_time_out_and_crash(credentials: Credentials, clock: FakeClock) -> None:
    async def silent(scope: object, receive: object, send: object) -> None:
        await asyncio.sleep(60)

    async def crashing(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("bug in the sandbox")

    with pytest.raises(errors.AnswerTimeout):
        await Transport(app=silent, timeout_s=0.01, clock=clock, sleep=clock.sleep).post(READ, credentials, b"{}")
    with pytest.raises(errors.OzonUnavailable):
        await Transport(app=crashing, clock=clock, sleep=clock.sleep).post(READ, credentials, b"{}")


async def test_a_407_is_the_proxys(ozon: respx.MockRouter, transport: Transport, credentials: Credentials) -> None:
    ozon.post(READ.path).mock(return_value=httpx.Response(407))
    with pytest.raises(errors.ProxyFailed):
        await transport.post(READ, credentials, b"{}")


def test_every_path_is_in_the_table_once() -> None:
    paths = [endpoint.path for endpoint in endpoints.ENDPOINTS]
    assert len(paths) == len(set(paths))
    assert set(endpoints.NEEDED_METHODS) == set(paths) - {"/v1/roles"}
    once = {endpoint.path for endpoint in endpoints.ENDPOINTS if not endpoint.safe_to_retry}
    assert once == {
        "/v3/product/import",
        "/v1/product/archive",
        "/v1/product/unarchive",
        "/v4/posting/fbs/ship",
        "/v4/posting/fbs/ship/package",
        "/v1/posting/fbs/split",
        "/v2/posting/fbs/cancel",
        "/v2/posting/fbs/product/cancel",
        "/v1/carriage/create",
        "/v1/carriage/approve",
        "/v1/carriage/cancel",
        "/v2/fbs/posting/delivering",
        "/v2/fbs/posting/last-mile",
        "/v2/fbs/posting/delivered",
    }


async def test_pace_hears_when_a_request_leaves_and_when_its_answer_begins(credentials: Credentials) -> None:
    """Over a real connection: the rest of the answer comes only when its beginning was heard of, and is no delay of the request."""
    heard: list[str] = []
    begun = asyncio.Event()

    class Listening(Pace):
        def left(self, ticket: Ticket) -> None:
            super().left(ticket)
            heard.append("left")

        def answering(self, ticket: Ticket) -> None:
            super().answering(ticket)
            assert ticket.took is not None
            heard.append("took")
            begun.set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n")
        await writer.drain()
        await begun.wait()
        writer.write(b'{"result": 1}')
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = Transport(base_url=f"http://127.0.0.1:{port}", pace=Listening())
    assert await transport.post(READ, credentials, b"{}") == b'{"result": 1}'
    await transport.aclose()
    server.close()
    await server.wait_closed()
    assert heard == ["left", "took"]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (rb'{"a": "x\u0000y"}', "xy"),
        (rb'{"a": "\u0000\u0000"}', ""),
        (rb'{"a": "\\\u0000y"}', "\\y"),
        (rb'{"a": "\\u0000"}', "\\u0000"),
        (rb'{"a": "\\u0000\u0000\u0001"}', "\\u0000\x01"),
        (rb'{"a": "u0000"}', "u0000"),
    ],
)
def test_the_sign_no_table_can_hold_is_left_out_of_texts(sent: bytes, read: str) -> None:
    assert json.loads(without_zeros(sent)) == {"a": read}

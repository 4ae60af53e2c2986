"""A line to the sandbox that spoils answers at random, a loop whose time passes only while everybody waits, and a whole job over both."""

import asyncio
import json
import random
import selectors
import shutil
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from ozon_desktop import application as composition
from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import AppError
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.ozon.limits import Pace, RetryPolicy
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.services.secrets import MemoryStore
from tests.places import SANDBOX_DATA
from tests.services.cabinet.cards_on_ozon import as_in_store
from tests.services.exact_state import CATALOGUE, State, differing, neither, read_state
from tests.services.shop import MAIN_WAREHOUSE, SHIRT, SHIRTS, URL, Line, Shirt, Shop

LONGEST_PART_S = 3_600.0
"""Of a job, in seconds of the loop: some requests one after the other, each within its deadline and its repetitions."""

START = datetime(2026, 11, 24, 10, tzinfo=UTC)
ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 2**31, 2**63 - 1, 2**63, -(2**70), 10**300),
    *("", "x", "0", "NaN", "1e999", "9" * 30, "-5", " \u0000", "\u202e", "Ы" * 5_000, "PRICE_SENT"),
    *([], {}, [[]], [None], {"a": None}, {"amount": "5"}),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2026-13-45", "https://", "file:///etc/passwd", "http://["),
]
"""Values that stand where others are expected."""

HEADERS: list[dict[str, str]] = [
    {"Ratelimit-Remaining": "\u00b2"},
    {"Ratelimit-Remaining": "9" * 4_000},
    {"Ratelimit-Remaining": "0"},
    {"Ratelimit-Remaining": "-1"},
    {"x-o3-trace-id": "t" * 5_000},
    {"Content-Encoding": "br"},
    {"Content-Encoding": "gzip"},
    {"Content-Type": "image/png"},
    {"Date": "never"},
]
WAITS = ["9" * 400, "1e9", "NaN", "-5", "soon", "Wed, 21 Oct 99999999999 07:28:00 GMT", "0.5", "\u00b2"]
REFUSALS: list[tuple[int, bytes]] = [
    (400, b'{"code":3,"message":"wrong"}'),
    (400, b'{"error":{"code":"BAD_REQUEST","message":"Invalid payload","data":[{"name":"limit","message":"too large"}]}}'),
    (400, b'{"code":' + b"9" * 5_000 + b',"message":"x"}'),
    (400, b'{"code":"' + b"9" * 5_000 + b'","message":["x"]}'),
    (403, b'{"code":7,"message":"Api-Key is missing a required role for a method"}'),
    (404, b"404 page not found"),
    (409, b""),
    (418, b"\xff\xfe"),
    (429, b'{"code":8,"message":"You have reached request rate limit per second"}'),
    (429, b'{"code":8,"message":"Retry after 99999999999999 h"}'),
    (500, b'{"code":13,"message":"Internal error"}'),
    (502, b"<html>Bad gateway</html>"),
    (503, b"[" * 50_000),
]


class VirtualLoop(asyncio.SelectorEventLoop):
    """Whoever sleeps is woken as soon as nobody has anything else to do: an hour of waiting takes no time."""

    def __init__(self) -> None:
        super().__init__(_Jumping(self))
        self.now = 0.0
        self.in_threads = 0

    def time(self) -> float:
        return self.now

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        self.in_threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, _: object) -> None:
        self.in_threads -= 1

    def moment(self) -> datetime:
        return START + timedelta(seconds=self.now)


class _Jumping(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        events = super().select(0)
        if events or timeout == 0:
            return events
        if self._loop.in_threads or timeout is None:
            return super().select(0.05)
        self._loop.now += max(timeout or 0.0, 0.0) + 1e-9
        return events


class SpoiltLine(Line):
    """Spoils so large a share of the answers; says which kinds and how many.

    plain: only in ways nobody can take for an answer; lied: the methods whose answers were spoilt otherwise.
    """

    def __init__(self, sandbox: Sandbox, rng: random.Random, share: float = 0.0) -> None:
        super().__init__(sandbox)
        self.rng = rng
        self.share = share
        self.plain = False
        self.lied: set[str] = set()
        self.kinds: Counter[str] = Counter()
        self.last: list[str] = []

    @property
    def spoilt(self) -> int:
        return self.kinds.total()

    async def answer(self, request: httpx.Request) -> httpx.Response:
        response = await super().answer(request)
        if self.rng.random() >= self.share:
            return response
        kinds = {name: spoil for name, spoil in KINDS.items() if name in PLAIN or not self.plain}
        kind = self.rng.choices(list(kinds), [weight for weight, _ in kinds.values()])[0]
        self.kinds[kind] += 1
        self.last = [*self.last[-8:], f"{request.url.path} {kind}"]
        if kind not in PLAIN:
            self.lied.add(request.url.path)
        answer = await _maybe(KINDS[kind][1](response, self.rng))
        # What the key may do is told by such a refusal, and kept.
        return _html(answer, self.rng) if self.plain and answer.status_code in {403, 404} else answer


async def _maybe(answer: httpx.Response | Awaitable[httpx.Response]) -> httpx.Response:
    return answer if isinstance(answer, httpx.Response) else await answer


def _json(response: httpx.Response) -> Any:
    return json.loads(response.content)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of everything within."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            waiting.append(holder[key])
    return found


def _changed(
    change: Callable[[Any, Any, random.Random], None], times: int = 1
) -> Callable[[httpx.Response, random.Random], httpx.Response]:
    def spoil(response: httpx.Response, rng: random.Random) -> httpx.Response:
        body = _json(response)
        for _ in range(rng.randint(1, times)):
            places = _places(body)
            if places:
                change(*rng.choice(places), rng)
        return httpx.Response(response.status_code, content=json.dumps(body).encode())

    return spoil


def _replace(holder: Any, key: Any, rng: random.Random) -> None:
    # A copy: what is put into an odd list later must not stand in every answer after it, nor within itself.
    holder[key] = deepcopy(rng.choice(ODD))


def _remove(holder: Any, key: Any, _: random.Random) -> None:
    del holder[key]


def _repeat(holder: Any, key: Any, rng: random.Random) -> None:
    if isinstance(holder[key], list) and holder[key]:
        holder[key] = holder[key] * rng.randint(2, 40)
    elif isinstance(holder, dict):
        holder[f"{key}_more"] = [holder[key]] * 3


def _more_pages(response: httpx.Response, rng: random.Random) -> httpx.Response:
    """Says that there are more, with the same cursor or a new one each time."""
    body = _json(response)
    for holder in [body, body.get("result")]:
        if isinstance(holder, dict):
            mark = rng.choice(["x", str(rng.random())])
            holder.update(has_next=True, cursor=mark, last_id=mark)
            holder.pop("total", None)
            holder.pop("total_items", None)
    return httpx.Response(200, content=json.dumps(body).encode())


def _circle(response: httpx.Response, rng: random.Random) -> httpx.Response:
    """Gives one of the ids of the answer another's value."""
    body = _json(response)
    places = [(holder, key) for holder, key in _places(body) if isinstance(key, str) and key.endswith("id")]
    if places:
        holder, key = rng.choice(places)
        other, its_key = rng.choice(places)
        holder[key] = deepcopy(other[its_key])
    return httpx.Response(200, content=json.dumps(body).encode())


def _deep(response: httpx.Response, rng: random.Random) -> httpx.Response:
    depth = rng.choice([40, 70, 400, 100_000])
    name = rng.choice([b"result", b"items", b"children", b"attributes"])
    return httpx.Response(200, content=b'{"' + name + b'":[' * depth + b"]}" * depth)


def _huge(response: httpx.Response, rng: random.Random) -> httpx.Response:
    """A body that grows a thousandfold, or very many small rows."""
    if rng.random() < 0.5:
        # As a stream: a response made of its content would unpack it at once.
        return httpx.Response(200, stream=_Pieces([_bomb()]), headers={"Content-Encoding": "gzip"})
    name = rng.choice(["items", "postings", "products", "warehouses"])
    return httpx.Response(200, content=b'{"' + name.encode() + b'":[' + b'{"id":1},' * 600_000 + b"{}]}")


@cache
def _bomb() -> bytes:
    """A hundred megabytes in a hundred kilobytes."""
    packing = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    start = packing.compress(b'{"result":"')
    return start + b"".join([packing.compress(b" " * 1024 * 1024) for _ in range(96)]) + packing.flush()


def _cut(response: httpx.Response, rng: random.Random) -> httpx.Response:
    return httpx.Response(200, content=response.content[: rng.randrange(len(response.content) + 1)])


def _flipped(response: httpx.Response, rng: random.Random) -> httpx.Response:
    content = bytearray(response.content)
    for _ in range(rng.randint(1, 5)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return httpx.Response(200, content=bytes(content))


def _refusal(_: httpx.Response, rng: random.Random) -> httpx.Response:
    status, content = rng.choice(REFUSALS)
    headers = [(b"Retry-After", rng.choice(WAITS).encode())] if rng.random() < 0.5 else []
    return httpx.Response(status, content=content, headers=headers)


def _headers(response: httpx.Response, rng: random.Random) -> httpx.Response:
    headers = {name.encode(): value.encode("latin-1") for name, value in rng.choice(HEADERS).items()}
    return httpx.Response(200, stream=_Pieces([response.content]), headers=list(headers.items()))


def _redirect(_: httpx.Response, rng: random.Random) -> httpx.Response:
    return httpx.Response(rng.choice([301, 302, 307, 308]), headers={"Location": "http://elsewhere.example/"})


def _html(_: httpx.Response, rng: random.Random) -> httpx.Response:
    return httpx.Response(rng.choice([200, 200, 403, 503]), text="<html><body>Вход в сеть отеля</body></html>")


class _Pieces(httpx.AsyncByteStream):
    def __init__(self, pieces: list[bytes], pause_s: float = 0.0) -> None:
        self._pieces = pieces
        self._pause_s = pause_s

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            if self._pause_s:
                await asyncio.sleep(self._pause_s)
            yield piece


def _drip(response: httpx.Response, rng: random.Random) -> httpx.Response:
    """A byte now and then: never silent for long, and never done."""
    return httpx.Response(200, stream=_Pieces([b"{"] + [b" "] * 500 + [response.content], rng.choice([1.0, 20.0])))


async def _slow(response: httpx.Response, rng: random.Random) -> httpx.Response:
    await asyncio.sleep(rng.choice([5, 40, 10_000]))
    return response


Spoil = Callable[[httpx.Response, random.Random], httpx.Response | Awaitable[httpx.Response]]
KINDS: dict[str, tuple[int, Spoil]] = {
    "another value": (10, _changed(_replace, 3)),
    "missing": (6, _changed(_remove, 3)),
    "repeated": (4, _changed(_repeat)),
    "more pages": (4, _more_pages),
    "another id": (3, lambda response, rng: _circle(response, rng)),
    "deep": (2, _deep),
    "cut": (3, _cut),
    "flipped": (4, _flipped),
    "html": (2, _html),
    "redirect": (2, _redirect),
    "headers": (3, _headers),
    "refusal": (4, _refusal),
    "drip": (2, _drip),
    "slow": (2, lambda response, rng: _slow(response, rng)),
    "huge": (1, _huge),
}


PLAIN = frozenset({"deep", "html", "redirect", "refusal", "drip", "slow", "huge", "headers"})
"""Kinds that leave an answer as it is or make it none: what is kept after them can be told exactly."""


@dataclass
class Ended:
    """How the parts of jobs ended: by the class of the error, "" = done; and the longest of them in seconds of the loop.

    compared: parts after which the database was compared with before and with the same part answered in full; not_compared: those
    whose second try failed, by the class of the error.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0
    compared: int = 0
    not_compared: Counter[str] = field(default_factory=Counter)


Part = Callable[[], Awaitable[object]]


async def whole_job(shop: Shop, ended: Ended | None = None) -> None:
    """Everything the program asks Ozon for. With `ended` every AppError is counted and the next part begins; without it is raised."""
    application, integration = shop.application, shop.integration
    catalog, sync = application.catalog, application.sync
    parts: list[Part] = [
        lambda: application.connection.check(integration),
        lambda: catalog.fetch_base(integration, silent),
        lambda: application.integrations.select_bases(integration, frozenset({100})),
        lambda: catalog.fetch_children(integration, silent),
        lambda: catalog.fetch_settings(integration, silent, [SHIRT]),
        lambda: application.previews.preview(integration, silent, against_ozon=True),
        lambda: sync.run(integration, silent),
        lambda: application.cabinet_cards.load(integration, silent),
        lambda: application.orders.fetch(integration, silent),
        lambda: application.sync_rules.verify(integration, silent),
    ]
    if ended is not None:
        # Ozon refuses labels of orders that were handed over: that is no trouble.
        parts.append(lambda: _labels(application, integration, shop.folder))
    for part in parts:
        if ended is None:
            await part()
        else:
            await _spoilt_part(shop, part, ended)


async def _spoilt_part(shop: Shop, part: Part, ended: Ended) -> None:
    """One part. Where its answers were spoilt so that none can be taken for another, what it keeps is compared."""
    loop, line = asyncio.get_running_loop(), shop.line
    assert isinstance(line, SpoiltLine)
    before, spoilt, began = read_state(_database(shop)) if line.plain else {}, line.spoilt, loop.time()
    try:
        await part()
    except AppError as error:
        ended.kinds[type(error).__name__] += 1
    else:
        ended.kinds[""] += 1
    ended.longest_s = max(ended.longest_s, loop.time() - began)
    if not line.plain or line.spoilt == spoilt:
        return
    now, held, share = read_state(_database(shop)), stocks_on_ozon(shop), line.share
    line.share = 0.0
    try:
        await part()
    except AppError as error:
        # A limit that was invented goes on.
        ended.not_compared[type(error).__name__] += 1
    else:
        ended.compared += 1
        faults = neither(before, now, read_state(_database(shop)), held)
        assert not faults, "\n".join(faults)
    finally:
        line.share = share


def stocks_on_ozon(shop: Shop) -> State:
    """What Ozon holds, in the form of a state: an order that could not be read changes what the part sends the next time."""
    offers = {offer: product.stocks for offer, product in shop.sandbox.products.items()}
    rows = {(shop.integration, offer): {f"stocks.{house}": stock for house, stock in stocks.items()} for offer, stocks in offers.items()}
    return {"accepted_offers": rows}


def _database(shop: Shop) -> Path:
    return shop.folder / "data" / "ozon-desktop.sqlite3"


async def _labels(application: Application, integration: int, folder: Path) -> None:
    orders = (await application.orders.view(integration)).orders
    numbers = [order.posting.posting_number for order in orders if order.posting.scheme != "fbo"][:3]
    if numbers:
        await application.orders.labels(integration, numbers, folder / "labels.pdf")


@dataclass
class Survived:
    """What was spoilt and how the parts of the jobs ended. requests: all that were sent."""

    spoilt: Counter[str]
    ended: Ended
    jobs: int
    requests: int


def survive(
    prepared: Path, folder: Path, seed: int, answers: int, calm_every: int = 5, shares: Sequence[float] = (0.1, 0.3, 0.6)
) -> Survived:
    """Jobs over a copy of the prepared shop until so many answers were spoilt, of each job one of these shares.

    Whatever is no AppError is raised. After so many of them, and at the end, come calm jobs, which must bring the cabinet to what
    the store wants.
    """
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner, pytest.MonkeyPatch.context() as patch:
        return runner.run(_survive(folder, random.Random(seed), answers, calm_every, shares, patch))


async def _survive(
    folder: Path, rng: random.Random, answers: int, calm_every: int, shares: Sequence[float], patch: pytest.MonkeyPatch
) -> Survived:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    sandbox = Sandbox(data_dir=SANDBOX_DATA, clock=loop.moment, import_delay_s=0.05, order_interval_s=0, stock_interval_s=0)
    sandbox.memory.limits.requests_per_second = 10_000
    line = SpoiltLine(sandbox, rng)
    pace = Pace(5_000, clock=loop.time)
    patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", lambda _, request: line.answer(request))
    patch.setattr(composition, "Transport", partial(Transport, pace=pace, clock=loop.time, retries=RetryPolicy(jitter=rng.random)))
    limits = ItemLimits(stock_every_s=0)
    application = await build(Options(folder / "data", api_url=URL, secret_store=MemoryStore(), clock=loop.moment, item_limits=limits))
    await application.secrets.keep(KNOWN_CLIENT_ID, ADMIN_KEY)
    shop = Shop(application, line, folder, (await application.integrations.ensure_one()).id)
    # After an answer that names another card, or says that none was made, a card may seem to be someone else's.
    await as_in_store(shop)
    ended, jobs, first = Ended(), 0, read_state(_database(shop))
    try:
        while line.spoilt < answers:
            jobs += 1
            # Limits that an answer invented are over by then.
            await asyncio.sleep(90_000)
            shirts = [replace(shirt, price=str(rng.randint(900, 990)), stock=rng.randint(1, 9)) for shirt in SHIRTS]
            await shop.stocks_the_store(*shirts)
            line.share, line.plain = shares[jobs % len(shares)], bool(jobs % 2)
            await whole_job(shop, ended)
            if line.spoilt >= answers or not jobs % calm_every:
                line.share = 0.0
                await _calm(shop, shirts, first)
            in_stock = [offer for offer, product in sandbox.products.items() if product.stocks.get(MAIN_WAREHOUSE, 0) > 0]
            if in_stock:
                sandbox.place_order(rng.choice(in_stock))
    except Exception as error:
        error.add_note("the last spoilt answers: " + "; ".join(line.last))
        raise
    finally:
        await application.close()
    return Survived(line.kinds, ended, jobs, len(line.paths))


async def _calm(shop: Shop, shirts: list[Shirt], first: State) -> None:
    """Once nothing is spoilt any more everything becomes as it should be, whatever was believed meanwhile.

    first: what the database held before anything was spoilt. Ozon's catalogue has not changed since; cards, prices, stocks and orders are
    those that Ozon holds.
    """
    line = shop.line
    assert isinstance(line, SpoiltLine)
    await asyncio.sleep(90_000)
    for _ in range(2):
        await whole_job(shop)
    prices = {offer: price for offer, (_, price, _) in shop.on_ozon().items()}
    assert prices == {shirt.offer_id: Decimal(shirt.price) for shirt in shirts}
    state = read_state(_database(shop))
    differences = differing(first, state, CATALOGUE)
    assert not differences, "\n".join(differences)
    assert {key[1] for key in state["ozon_warehouses"]} == set(shop.sandbox.memory.warehouses), "warehouses"
    held = stocks_on_ozon(shop)["accepted_offers"]
    kept = {key: row for key, row in state["accepted_offers"].items() if key in held}
    _same("prices", {key[1]: Decimal(row["price"]) for key, row in kept.items()}, prices)
    # Ozon takes off what was ordered since the stock was sent.
    ordered = Counter[tuple[str, str]]()
    for posting in shop.sandbox.memory.postings.values():
        ordered[next(iter(posting.pieces)), f"stocks.{posting.warehouse_id}"] += posting.quantity
    odd = {
        (key, house): (row[house], there)
        for key, row in kept.items()
        for house, there in held[key].items()
        if not 0 <= row[house] - there <= ordered[key[1], house]
    }
    if not any("stocks" in path for path in line.lied):
        _same("stocks", odd, {})
    cards = {key[1]: row["offer_id"] for key, row in state["cabinet_cards"].items() if not row["gone"]}
    _same("cards", cards, {product.product_id: offer for offer, product in shop.sandbox.products.items()})
    orders = {key[1]: row["status"] for key, row in state["orders"].items()}
    postings = {posting["posting_number"]: posting["status"] for posting in shop.sandbox.postings}
    _same("orders", {number: status for number, status in orders.items() if number in postings}, postings)


def _same(what: str, kept: object, there: object) -> None:
    assert kept == there, f"{what}: kept {kept}, Ozon has {there}"

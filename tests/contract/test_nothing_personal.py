"""Personal texts and numbers planted at every place of every request and answer never get into the files of a recording."""

import asyncio
import json
import random
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ozon_desktop.ozon.endpoints import ENDPOINTS, Endpoint
from ozon_desktop.ozon.harmless import ANSWERS, FORMS, PUBLIC, REFUSALS, REQUESTS, Places, is_harmless, of_api_words
from ozon_desktop.ozon.recording import Recording
from tests.contract.exchanges import Exchange, Play
from tests.places import SHARED

FIXTURES = {
    "import_info.json": "/v1/product/import/info",
    "posting_fbs_unfulfilled_list_v4.json": "/v4/posting/fbs/unfulfilled/list",
    "product_info_attributes.json": "/v4/product/info/attributes",
    "product_info_limit.json": "/v4/product/info/limit",
    "product_info_list.json": "/v3/product/info/list",
    "product_info_list_with_error.json": "/v3/product/info/list",
    "product_info_prices.json": "/v5/product/info/prices",
}
NAMES = ("Вера", "Веснянкина", "Vera", "vesnyankina", "ZARECHINSK", "Iasenevaia")
BY_PATH = {endpoint.path: endpoint for endpoint in ENDPOINTS}
SEEDS = range(6)


class Planting:
    """Puts an invented person into a document: every text and number becomes another one, and some names of fields too."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.names: list[str] = []

    def document(self, value: Any) -> Any:
        if isinstance(value, dict):
            planted = {key: self.document(item) for key, item in value.items()}
            if planted and self._random.random() < 0.3:
                planted[self._name_of_a_field()] = self._person()
            return planted
        if isinstance(value, list):
            return [self.document(item) for item in value]
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, str):
            return self._person()
        return self._number() if isinstance(value, int) else self._number() + 0.25

    def _name_of_a_field(self) -> str:
        self.names.append(f"{self._random.choice(('vera', 'Vesnyankina', 'flat', '+7912', 'Вера'))}{self._random.randrange(10**6)}")
        return self.names[-1]

    def _number(self) -> int:
        return self._random.choice((1, -1, 1)) * self._random.randrange(1, 10 ** self._random.randrange(1, 17))

    def _person(self) -> str:
        digits = "".join(self._random.choices(string.digits, k=self._random.randrange(1, 15)))
        name = self._random.choice(NAMES)
        return self._random.choice((
            name, f"{name} {digits}", f"{name}_{digits}", f"{name}@mail{digits}.example", f"+7 912 {digits}", digits, f"{digits}-{digits}",
            f"2026-03-30T11:26:08Z {name}", f"https://{name}.example/{digits}", f"19{digits[:2]:0>2}-05-17", f"{digits}.{digits}",
            f"/v1/{name}", f"awaiting_{name}", f"%101%{digits}", "".join(self._random.choices(string.ascii_letters, k=9)),
        ))  # fmt: skip


def _leaves(before: Any, after: Any, place: str = "", name: str = "") -> Iterator[tuple[str, str, Any, Any]]:
    """(place, name, planted, written) of every text and number; keys are compared by the order they stand in."""
    if isinstance(before, dict):
        within = place if name in {"", place.rpartition("/")[2]} else f"{place}/{name}".lstrip("/")
        for (key, item), written in zip(before.items(), after.values(), strict=True):
            yield from _leaves(item, written, within, key)
    elif isinstance(before, list):
        for item, written in zip(before, after, strict=True):
            yield from _leaves(item, written, place, name)
    elif before is not None and not isinstance(before, bool):
        yield place, name, before, after


def _real(name: str) -> Any:
    return json.loads((SHARED / "ozon/fixtures" / name).read_text(encoding="utf-8"))


def _check(folder: Path, seed: int, endpoint: Endpoint, request: Any, status: int, answer: Any) -> None:
    planting = Planting(seed)
    request, answer = planting.document(request), planting.document(answer)
    Recording(folder)(endpoint, msgspec.json.encode(request), status, msgspec.json.encode(answer))
    [file] = folder.iterdir()
    text = file.read_text(encoding="utf-8")
    file.unlink()
    written = json.loads(text)
    allowed = ANSWERS.get(endpoint.path, {}) if status < 400 else REFUSALS
    public = PUBLIC.get(endpoint.path, {}) if status < 400 else {}
    _check_places(request, written["request"], REQUESTS.get(endpoint.path, {}), {})
    _check_places(answer, written["answer"], allowed, public)
    if not public:
        assert not [name for name in (*NAMES, *planting.names) if name in text]


def _check_places(planted: Any, written: Any, harmless: Places, public: Places) -> None:
    for place, name, before, after in _leaves(planted, written):
        assert type(before) is type(after)
        if before == after and not (isinstance(before, str) and set(before) <= set("0.")) and before:
            assert name in public.get(place, ()) or is_harmless(harmless, place, name, before), (place, name, before)
            assert name in public.get(place, ()) or not isinstance(before, str) or before.replace(".", "").removeprefix("-").isdigit()


@pytest.fixture(scope="module")
def exchanges() -> list[Exchange]:
    return asyncio.run(Play().run())


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_planted_in_the_sandboxs_answers_is_in_no_file(exchanges: list[Exchange], tmp_path: Path, seed: int) -> None:
    of_program = [exchange for exchange in exchanges if exchange.path in BY_PATH]
    for number, exchange in enumerate(of_program):
        _check(tmp_path, 1000 * seed + number, BY_PATH[exchange.path], exchange.request, exchange.status, exchange.answer)
    assert {exchange.path for exchange in of_program} == set(BY_PATH)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", sorted(FIXTURES))
@pytest.mark.skipif(not (SHARED / "ozon").is_dir(), reason="the recorded answers of Ozon are not on this machine")
def test_what_is_planted_in_real_answers_is_in_no_file(tmp_path: Path, seed: int, name: str) -> None:
    _check(tmp_path, seed, BY_PATH[FIXTURES[name]], {}, 200, _real(name))


def _names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for item in value.values() for name in _names(item)}
    return {name for item in value for name in _names(item)} if isinstance(value, list) else set()


def test_the_names_of_fields_that_ozon_uses_are_kept(exchanges: list[Exchange]) -> None:
    names = {name for exchange in exchanges for name in _names(exchange.answer) | _names(exchange.request)}
    assert {name for name in names if not of_api_words(name)} == set()


@pytest.mark.skipif(not (SHARED / "ozon").is_dir(), reason="the recorded answers of Ozon are not on this machine")
def test_the_names_of_fields_of_real_answers_are_kept() -> None:
    assert {name for file in FIXTURES for name in _names(_real(file)) if not of_api_words(name)} == set()


def test_every_harmless_field_has_a_form_and_every_method_is_known() -> None:
    for places in (*ANSWERS.values(), *REQUESTS.values(), REFUSALS):
        assert {name for names in places.values() for name in names} <= set(FORMS)
    assert set(ANSWERS) | set(PUBLIC) | set(REQUESTS) <= set(BY_PATH)

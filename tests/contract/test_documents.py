"""Every request of the client and every answer of the sandbox, judged by Ozon's own description and by a package that knows neither.

The newest description that knows a method is its judge, of June or of April 2026. They lie outside the project: where they are absent
the tests that need them are skipped.
"""

import asyncio
import inspect
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from ozon_sdk.base.method import BaseMethod
from ozon_sdk.seller_api.basic import methods as sdk
from ozon_sdk.seller_api.beta import methods as beta

from ozon_desktop.ozon.endpoints import ENDPOINTS
from ozon_desktop.sandbox.ozon.methods import METHODS, ROLES_PATH
from tests.contract.exchanges import Exchange, Play
from tests.places import SHARED

DESCRIPTIONS = [SHARED / "ozon" / f"openapi-2026-{month}.json" for month in ("06", "04")]
"""Newest first."""
PATHS = [ROLES_PATH, *METHODS]
NEWER_METHODS = {
    "/v1/description-category/dependent-attributes",
    "/v1/description-category/dependent-attributes/values",
    "/v3/posting/fbs/package-label/create",
    "/v2/posting/fbs/package-label/get",
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ODD_TYPES = {"array of strings": "array"}
LIVE_ONLY = {"marketing_price", "images360", "is_seasonal", "dictionary_value_id"}
POSTING_NEWS = "('integration_type_flow', 'scanit', 'sorting_center' were unexpected)"
NEWER = "added since June (API.md)"
LIVE = "so in recorded live answers"
EITHER = "the prose lets the article do instead of the number"
DIFFERENCES: dict[str, dict[str, str]] = {
    "/v2/products/stocks": {
        "asked stocks/*: 'product_id' is a required property": EITHER,
        "asked stocks/*: 'quant_size' is a required property": "not asked for any more",
    },
    "/v3/product/list": {
        "answered result/items/*: ('sku' was unexpected)": NEWER,
        "answered result: ('total_items' was unexpected)": NEWER,
    },
    "/v3/product/info/list": {"answered items/*: ('is_seasonal', 'marketing_price' were unexpected)": LIVE},
    "/v4/product/info/attributes": {
        "answered result/*/complex_attributes/*/values/*: ('dictionary_value_id' was unexpected)": LIVE,
        "answered result/*/images/*: is not of type 'object'": LIVE,
        "answered result/*/sku: is not of type 'string'": LIVE,
        "answered total: is not of type 'string'": LIVE,
    },
    "/v5/product/info/prices": {
        "answered items/*/price: ('declared_price' was unexpected)": NEWER,
        "answered : ('total_items' was unexpected)": NEWER,
    },
    "/v4/product/info/stocks": {"answered : ('total_items' was unexpected)": NEWER},
    **{path: {f"answered postings/*: {POSTING_NEWS}": NEWER} for path in ("/v4/posting/fbs/list", "/v4/posting/fbs/unfulfilled/list")},
}
"""Where the newest description is known to be behind or wrong, and why; each has to be met, so that the list stays true."""

described = pytest.mark.skipif(
    not all(file.is_file() for file in DESCRIPTIONS), reason="Ozon's descriptions of its API are not on this machine"
)


@pytest.fixture(scope="module")
def exchanges() -> list[Exchange]:
    return asyncio.run(Play().run())


# --- Ozon's description ---------------------------------------------------------------------------------------------


@cache
def _description(file: Path) -> Any:
    """The OpenAPI document with every object closed: a field it does not name is a mistake."""
    document = json.loads(file.read_text(encoding="utf-8"))
    for schema in _schemas(document["components"]["schemas"]):
        if isinstance(schema.get("properties"), dict):
            schema.setdefault("additionalProperties", False)
        if isinstance(schema.get("type"), str) and schema["type"] in ODD_TYPES:
            schema["type"] = ODD_TYPES[schema["type"]]
        if "YYYY" in str(schema.get("pattern", "")):
            # A sketch of a time where a regular expression belongs.
            del schema["pattern"]
    return document


def _describing(path: str) -> Any:
    """The newest document that knows the method."""
    return next(document for document in map(_description, DESCRIPTIONS) if path in document["paths"])


def _request(document: Any, operation: Any) -> Any:
    """The description of a request, which one method keeps elsewhere."""
    described = operation.get("requestBody", {})
    name = described.get("$ref", "").rpartition("/")[2]
    return document["components"]["requestBodies"][name] if name else described


def _schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document: schemas, and what lies between them."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _schemas(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _schemas(inner)


NOTHING = {"type": "object", "additionalProperties": False}
"""What a method answers of which the description names no content."""

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time")
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or MOMENT.fullmatch(value) is not None


def _complaints(document: Any, schema: Any, value: Any) -> set[str]:
    """«place: what is wrong», with * for every position in a list."""
    whole = {**schema, "components": document["components"]}
    found = set()
    for error in jsonschema.Draft4Validator(whole, format_checker=FORMATS).iter_errors(value):
        place = "/".join("*" if isinstance(step, int) else step for step in error.absolute_path)
        words = error.message.removeprefix("Additional properties are not allowed ")
        if error.validator == "type":
            words = words[words.index("is not of type") :]
        found.add(f"{place}: {words}")
    return found


def _without_nulls(value: Any) -> Any:
    """As in proto3 JSON, null is the same as a field that is not there."""
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


@described
@pytest.mark.parametrize("path", [path for path in PATHS if path not in NEWER_METHODS])
def test_requests_and_answers_fit_ozons_description(exchanges: list[Exchange], path: str) -> None:
    document = _describing(path)
    operation = document["paths"][path]["post"]
    asked = _request(document, operation).get("content", {}).get("application/json", {}).get("schema")
    answered = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", NOTHING)
    complaints: set[str] = set()
    for exchange in (exchange for exchange in exchanges if exchange.path == path):
        assert _without_nulls(exchange.request) == exchange.request
        assert asked is not None or exchange.request == {}
        complaints |= {f"asked {text}" for text in _complaints(document, asked, exchange.request)} if asked else set()
        if exchange.status == 200:
            complaints |= {f"answered {text}" for text in _complaints(document, answered, _without_nulls(exchange.answer))}
    assert complaints == set(DIFFERENCES.get(path, {}))


@described
def test_the_description_notices_what_is_wrong() -> None:
    document = _describing("/v1/description-category/attribute")
    schema = {"$ref": "#/components/schemas/v1GetAttributesRequest"}
    assert _complaints(document, schema, {"description_category_id": "1", "type_id": 2, "lang": "RU"}) == {
        "description_category_id: is not of type 'integer'",
        ": ('lang' was unexpected)",
    }
    assert _complaints(document, schema, {"type_id": 2}) == {": 'description_category_id' is a required property"}
    moments = {"properties": {"at": {"type": "string", "format": "date-time"}}}
    assert _complaints(document, moments, {"at": "2026-11-24T09:00:00.5Z"}) == set()
    assert _complaints(document, moments, {"at": "09:00"}) == {"at: '09:00' is not a 'date-time'"}


@described
def test_only_newer_methods_are_not_described() -> None:
    known = [_description(file)["paths"] for file in DESCRIPTIONS]
    assert {path for path in PATHS if not any(path in paths for paths in known)} == NEWER_METHODS


# --- the package that knows neither ---------------------------------------------------------------------------------


@cache
def _judges() -> dict[str, type[BaseMethod[Any]]]:
    known = [*vars(beta).values(), *vars(sdk).values()]
    classes = [item for item in known if inspect.isclass(item) and issubclass(item, BaseMethod) and hasattr(item, "__path__")]
    return {item.__path__: item for item in classes}


def _unknown(model: Any) -> set[str]:
    """Names of fields of an answer that its model did not know, at any depth."""
    if isinstance(model, list):
        return {name for item in model for name in _unknown(item)}
    if not isinstance(model, msgspec.Struct):
        return set()
    names = set(model.__dict__.get("extras") or {})
    return names | {name for field in msgspec.structs.fields(model) for name in _unknown(getattr(model, field.name))}


@pytest.mark.parametrize("path", PATHS)
def test_requests_survive_the_models_of_another_client(exchanges: list[Exchange], path: str) -> None:
    """A field the model does not know would be gone after the way through it."""
    judge = _judges()[path]
    for exchange in (exchange for exchange in exchanges if exchange.path == path):
        understood = msgspec.convert(exchange.request, judge)._body() or {}
        assert _without_nulls(understood) == exchange.request


@pytest.mark.parametrize("path", PATHS)
def test_answers_decode_with_the_models_of_another_client(exchanges: list[Exchange], path: str) -> None:
    answers = [exchange.answer for exchange in exchanges if exchange.path == path and exchange.status == 200]
    assert answers
    for answer in answers:
        decoded = _judges()[path]()._decode(_as_declared(path, answer))
        assert decoded is not None or answer == {}
        assert _unknown(decoded) <= LIVE_ONLY


def _as_declared(path: str, answer: Any) -> Any:
    """The article number of a card is declared as a text, yet is a number in the official example and in live answers."""
    if path != "/v4/product/info/attributes":
        return answer
    return {**answer, "result": [{**card, "sku": str(card["sku"])} for card in answer["result"]]}


def test_refusals_have_the_declared_shape(exchanges: list[Exchange]) -> None:
    refused = [exchange for exchange in exchanges if exchange.status != 200]
    assert {exchange.status for exchange in refused} == {403, 404}
    for exchange in refused:
        assert set(exchange.answer) == {"code", "message", "details"}
        assert isinstance(exchange.answer["code"], int)


def test_the_client_sends_no_field_that_a_method_does_not_have() -> None:
    play = Play()
    asyncio.run(play.run())
    assert not play.sandbox.memory.unknown_fields


def test_everything_the_client_can_ask_and_the_sandbox_can_answer_was_played(exchanges: list[Exchange]) -> None:
    assert {exchange.path for exchange in exchanges if exchange.by_client} == {endpoint.path for endpoint in ENDPOINTS}
    assert {exchange.path for exchange in exchanges if exchange.status == 200} == set(PATHS)

"""Two clients of Ozon that know nothing of this program, as judges of answers: ozon-sdk and ozonapi-async."""

import inspect
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import MagicMock

from ozon_sdk.base.method import BaseMethod
from ozon_sdk.exceptions import OzonAPIError
from ozon_sdk.seller_api.basic import methods as sdk
from pydantic import BaseModel, ValidationError

from tests.contract.exchanges import Exchange

SDK, ASYNC = "ozon-sdk", "ozonapi-async"
Complaints = dict[tuple[str, str], set[str]]
"""«place: what is wrong» by client and path, with * for every position in a list."""

TOTAL = "`total` was removed on 23 November 2026, `total_items` came in its place"
REFUSED: dict[tuple[str, str], dict[str, str]] = {
    (SDK, "/v4/product/info/attributes"): {
        "result.*.sku: int instead of str | null": "a text in its models, a number in live answers; it mends one such field, not two"
    },
    (ASYNC, "/v3/product/list"): {"result.total: missing": TOTAL},
    (ASYNC, "/v4/product/info/stocks"): {"total: missing": TOTAL},
    (ASYNC, "/v5/product/info/prices"): {"total: missing": TOTAL},
    (ASYNC, "/v5/fbs/posting/product/exemplar/status"): {"products.*.product_id: string_type": "a number in Ozon's description"},
}
"""What of the sandbox's answers the models refuse, and why. Exact: a model or an answer that gets better makes the test fail."""

NOT_KNOWN: dict[str, set[str]] = {
    SDK: set(),
    ASYNC: {
        "/v3/posting/fbs/package-label/create",
        "/v2/posting/fbs/package-label/get",
        "/v2/posting/fbs/product/country/list",
    },
}
"""Methods of the program a client has no model for."""

_MISMATCH = re.compile(r"Expected `([^`]+)`, got `([^`]+)` - at `\$\.?([^`]*)`")

_POSITION = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class AsyncMethod:
    """A method of ozonapi-async. request: its model, None when it takes none."""

    name: str
    answer: type[BaseModel]
    request: type[BaseModel] | None


class _AskedError(Exception):
    """Raised in place of a request."""


class _Api:
    """Stands for the client: notices which path one of its methods asks."""

    path = ""

    async def _request(self, *, api_version: str = "v1", endpoint: str = "", **_: object) -> None:
        self.path = f"/{api_version}/{endpoint}"
        raise _AskedError


@cache
def sdk_methods() -> dict[str, type[BaseMethod[Any]]]:
    classes = [item for item in vars(sdk).values() if inspect.isclass(item) and issubclass(item, BaseMethod) and hasattr(item, "__path__")]
    return {item.__path__: item for item in classes}


@cache
def async_methods() -> dict[str, AsyncMethod]:
    """Methods of ozonapi-async by path, found by calling them: a table of its own would have to be kept by hand."""
    # Here, because the import takes seconds, and every worker of the suite loads this module.
    from ozonapi.seller import SellerAPI

    found: dict[str, AsyncMethod] = {}
    for name, function in inspect.getmembers(SellerAPI, inspect.iscoroutinefunction):
        plain = inspect.unwrap(function)
        signature = inspect.signature(plain)
        models = [parameter.annotation for parameter in signature.parameters.values() if parameter.name != "self"]
        answer = signature.return_annotation
        if name.startswith("_") or not (inspect.isclass(answer) and issubclass(answer, BaseModel)):
            continue
        request = next((model for model in models if inspect.isclass(model) and issubclass(model, BaseModel)), None)
        found[_path_of(plain, len(models))] = AsyncMethod(name, answer, request)
    return found


def _path_of(function: Any, arguments: int) -> str:
    api = _Api()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        asked = function(api, *(MagicMock() for _ in range(arguments)))
        try:
            asked.send(None)
        except _AskedError:
            return api.path
        finally:
            asked.close()
    raise AssertionError(f"{function} asks nothing")


def complaints(exchanges: Iterable[Exchange]) -> Complaints:
    """What the two refuse of the answers of success."""
    found = Complaints()
    for exchange in exchanges:
        if exchange.status != 200:
            continue
        for client, words in ((SDK, _sdk_complaints(exchange)), (ASYNC, _async_complaints(exchange))):
            if words:
                found.setdefault((client, exchange.path), set()).update(words)
    return found


def _sdk_complaints(exchange: Exchange) -> set[str]:
    """The first mistake only: it stops there."""
    if exchange.path not in sdk_methods():
        return set()
    try:
        sdk_methods()[exchange.path]()._decode(exchange.answer)
    except OzonAPIError as error:
        wanted, got, place = _MISMATCH.findall(str(error))[0]
        return {f"{_POSITION.sub('.*', place)}: {got} instead of {wanted}"}
    return set()


def _async_complaints(exchange: Exchange) -> set[str]:
    if exchange.path not in async_methods():
        return set()
    try:
        async_methods()[exchange.path].answer(**exchange.answer)
    except ValidationError as error:
        return {f"{'.'.join('*' if isinstance(step, int) else step for step in row['loc'])}: {row['type']}" for row in error.errors()}
    return set()

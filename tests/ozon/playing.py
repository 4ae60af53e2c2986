"""Plays Ozon through respx: what a route answers, and what it was asked."""

import json
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import httpx
import respx

T = TypeVar("T")


def bodies(route: respx.Route) -> list[Any]:
    """Decoded bodies of all requests the route got."""
    return [json.loads(call.request.content) for call in route.calls]


def answers(ozon: respx.MockRouter, path: str, *pages: object) -> respx.Route:
    """The route answers with these documents, one after the other."""
    return ozon.post(path).mock(side_effect=[httpx.Response(200, json=page) for page in pages])


async def pages_of(iterator: AsyncIterator[list[T]]) -> list[list[T]]:
    return [page async for page in iterator]

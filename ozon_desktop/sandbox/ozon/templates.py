"""Answers whose fields are mostly the same in every cabinet: what never varies stands in resources/sandbox/answers.json."""

from functools import cache

import msgspec

from ...paths import resource
from .model import Json


@cache
def _templates() -> dict[str, Json]:
    return msgspec.json.decode(resource("sandbox", "answers.json").read_bytes(), type=dict[str, Json])


def template(name: str) -> Json:
    """Shared by all answers: not to be changed."""
    return _templates()[name]


def fill(name: str, varying: Json) -> Json:
    """The template with what varies put in, at any depth; its inner parts are shared, so that only the top may be changed."""
    return _merged(template(name), varying)


def _merged(fixed: Json, varying: Json) -> Json:
    merged = {**fixed, **varying}
    for name in fixed.keys() & varying.keys():
        if isinstance(fixed[name], dict) and isinstance(varying[name], dict):
            merged[name] = _merged(fixed[name], varying[name])
    return merged

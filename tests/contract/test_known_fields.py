"""`resources/ozon_fields.json` has every field of the sandbox's answers.

`python -m tests.contract.test_known_fields` writes it anew after a change of the sandbox.
"""

import asyncio
import json
from typing import Any

import pytest

from ozon_desktop.ozon.answer_forms import field_places
from ozon_desktop.ozon.endpoints import READING
from tests.contract.exchanges import Exchange, Play
from tests.contract.test_real_answers import ANSWERS, OLDER, REAL
from tests.places import RESOURCES

FILE = RESOURCES / "ozon_fields.json"


def played_fields() -> dict[str, list[str]]:
    exchanges: list[Exchange] = asyncio.run(Play().run())
    paths = {endpoint.path for endpoint in READING}
    found: dict[str, set[str]] = {path: set() for path in sorted(paths)}
    for exchange in exchanges:
        if exchange.status == 200 and exchange.path in paths:
            found[exchange.path] |= field_places(exchange.answer)
    return {path: sorted(places) for path, places in found.items()}


def kept_fields() -> Any:
    return json.loads(FILE.read_text(encoding="utf-8"))


def test_the_file_has_the_fields_the_sandbox_answers_with() -> None:
    assert kept_fields() == played_fields()


@pytest.mark.skipif(not REAL.is_dir(), reason="the recorded answers of Ozon are not on this machine")
@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_fields_of_real_answers_are_known(name: str) -> None:
    places = field_places(json.loads((REAL / name).read_text(encoding="utf-8")))
    assert places - set(kept_fields()[ANSWERS[name]]) <= {place.strip("/").replace("/*", "") for place in OLDER}


if __name__ == "__main__":
    FILE.write_text(json.dumps(played_fields(), indent=0) + "\n", encoding="utf-8")

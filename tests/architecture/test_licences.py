"""The table of licences has a line for everything the program stands on, with the licence the package itself names."""

import importlib.metadata
import re

import pytest
from packaging.requirements import Requirement

from tests.places import ROOT

ROW = re.compile(r"^\| ([a-z0-9-]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
LISTED = {name: text for name, text in ROW.findall((ROOT / "LICENSES.md").read_text(encoding="utf-8")) if name != "package"}
OURS = "ozon-desktop"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def stood_on(name: str, extras: tuple[str, ...], found: dict[str, importlib.metadata.Distribution]) -> None:
    """Adds what a package needs here, and what that needs."""
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return
    if normal(name) in found and not extras:
        return
    found[normal(name)] = distribution
    for requirement in map(Requirement, distribution.requires or []):
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras or ("",)):
            stood_on(requirement.name, tuple(requirement.extras), found)


@pytest.fixture(scope="module")
def installed() -> dict[str, importlib.metadata.Distribution]:
    found: dict[str, importlib.metadata.Distribution] = {}
    stood_on(OURS, ("", "postgresql"), found)
    found.pop(OURS, None)
    return found


def test_every_package_the_program_stands_on_is_listed(installed: dict[str, importlib.metadata.Distribution]) -> None:
    assert len(installed) > 20
    assert sorted(set(installed) - set(LISTED)) == []


def test_the_licence_listed_is_the_one_the_package_names(installed: dict[str, importlib.metadata.Distribution]) -> None:
    named = {name: found.metadata.json.get("license_expression", "") for name, found in installed.items()}
    assert any(named.values())
    assert {name: text for name, text in named.items() if text and text != LISTED[name]} == {}


def test_no_licence_would_bind_the_program_itself() -> None:
    """GPL alone, AGPL and the like: only where another licence can be chosen instead."""
    free = re.compile(r"\b(MIT|MIT-0|BSD-[23]-Clause|Apache-2\.0|PSF-2\.0|MPL-2\.0|LGPL-3\.0-only)\b")
    assert [name for name, text in LISTED.items() if not free.search(text)] == []


def test_every_test_the_security_table_names_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+(?:\.py|/))`", text)
    places = [ROOT / "tests", ROOT / "tests" / "benchmarks", ROOT]
    assert len(named) > 30
    assert [name for name in named if not any((place / name).exists() for place in places)] == []

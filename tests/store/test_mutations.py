"""Exports spoilt at random: the same facts, or a refusal that names its place."""

from pathlib import Path
from random import Random

import pytest

from tests.store.mutations import HARMLESS, facts, outcome, spoil

DATA = Path(__file__).parent / "data"
FILES = ("shop_import.xml", "changes.xml", "shop.yml.xml")
SEEDS = range(12)


def text_of(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("kind", HARMLESS)
@pytest.mark.parametrize("name", FILES)
def test_what_shops_programs_do_to_a_file_changes_no_fact(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    path.write_text(text_of(name), encoding="utf-8")
    whole = facts(path)
    for seed in SEEDS:
        if "1251" in kind and not _fits(name):
            continue
        path.write_bytes(HARMLESS[kind](Random(seed), text_of(name)))
        assert facts(path) == whole, seed


def _fits(name: str) -> bool:
    return text_of(name).encode("cp1251", "ignore").decode("cp1251") == text_of(name)


@pytest.mark.parametrize("name", FILES)
def test_a_spoilt_file_is_read_or_refused_with_its_place(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    refused = 0
    for seed in range(60):
        path.write_bytes(spoil(Random(seed), text_of(name).encode()))
        refused += not isinstance(outcome(path), list)
    assert 0 < refused < 60

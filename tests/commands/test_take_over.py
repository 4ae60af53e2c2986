"""store take-over on the command line: seen, confirmed by its id, undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ozon_desktop.commands.output import Exit
from tests.backoffice.web_shop import WebShop, on_a_port
from tests.commands.conftest import Terminal
from tests.services.shop import SHIRTS, Shirt, write_export


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The goods of the shop as another program exports them, without the last and with a new one."""
    path = write_export(tmp_path / "other.yml", *SHIRTS[:2], Shirt("RU-9"))
    path.write_text(path.read_text(encoding="utf-8").replace('offer id="id-', 'offer id="n-'), encoding="utf-8")
    return path


@pytest.fixture
def filled(terminal: Terminal, tmp_path: Path) -> Terminal:
    assert terminal("import", str(write_export(tmp_path / "shop.yml", *SHIRTS))).code == Exit.DONE
    return terminal


@pytest.fixture
def url(other: Path) -> Iterator[str]:
    with on_a_port(WebShop({"/price.yml": other.read_bytes()})) as address:
        yield f"{address}/price.yml"


def test_files_of_another_program_are_shown_taken_over_and_given_back(filled: Terminal, other: Path) -> None:
    seen = filled("store", "take-over", "--file", str(other), "--preview", "--json").document
    products = seen["kinds"]["product"]
    assert (seen["done"], products["matched"]) == (False, {"article": 2})
    assert [one["article"] for one in products["only_old"]] == ["RU-3"]
    assert [one["article"] for one in products["only_new"]] == ["RU-9"]
    said = filled("store", "take-over", "--file", str(other))
    assert "Товары: совпали 2 (по артикулу 2), нет в новом 1, только в новом 1" in said.out
    assert f"--confirm {seen['plan']}" in said.err
    stale = filled("store", "take-over", "--file", str(other), "--confirm", "abc", "--json")
    assert (stale.code, stale.document["plan"]) == (Exit.PROBLEMS, seen["plan"])
    done = filled("store", "take-over", "--file", str(other), "--confirm", seen["plan"], "--json")
    assert (done.code, done.document["done"]) == (Exit.DONE, True)
    listed = filled("store", "products").out
    assert "RU-9" in listed
    assert "больше нет в магазине" in listed
    assert filled("store", "take-over", "--undo", "--json").document == {"undone": seen["plan"], "source": "Файлы"}
    assert filled("store", "take-over", "--undo").code == Exit.COULD_NOT


def test_a_person_pairs_what_is_unclear_by_ids(filled: Terminal, tmp_path: Path) -> None:
    path = write_export(tmp_path / "other.yml", Shirt("A", name="Платье"), Shirt("B", name="Юбка"), *SHIRTS[1:])
    text = path.read_text(encoding="utf-8").replace('offer id="id-', 'offer id="n-')
    path.write_text(text.replace("<vendorCode>A<", "<vendorCode>RU-1<").replace("<vendorCode>B<", "<vendorCode>RU-1<"), encoding="utf-8")
    unclear = filled("store", "take-over", "--file", str(path))
    assert unclear.code == Exit.PROBLEMS
    assert "(id id-RU-1) — по артикулу подходит: RU-1  Платье (id n-A) или RU-1  Юбка (id n-B)" in unclear.out
    assert "--pair ID=ID" in unclear.err
    paired = filled("store", "take-over", "--file", str(path), "--pair", "id-RU-1=n-B")
    assert (paired.code, "по вашему выбору 1" in paired.out) == (Exit.DONE, True)
    assert "--pair id-RU-1=n-B --confirm" in paired.err
    twice = ("--pair", "id-RU-1=n-B", "--pair", "id-RU-1=n-A")
    for wrong in (("--pair", "id-RU-1=n-X"), ("--pair", "id-RU-1"), twice, ("--undo", "--pair", "id-RU-1=n-B")):
        assert filled("store", "take-over", *wrong).code == Exit.COULD_NOT if "--undo" in wrong else Exit.USAGE


def test_a_link_with_other_ids_asks_for_the_take_over(filled: Terminal, url: str) -> None:
    said = filled("store", "connect", "link", url)
    assert said.code == Exit.COULD_NOT
    assert "store take-over" in said.err
    assert filled("store", "connection", "--json").document["kind"] == "files"
    plan = filled("store", "take-over", "--json").document["plan"]
    assert filled("store", "take-over", "--connection", "--confirm", plan).code == Exit.DONE
    assert filled("store", "connection", "--json").document["kind"] == "link"
    assert filled("store", "pull", "--json").document["changed"] is False


def test_without_a_source_there_is_nothing_to_take_over(filled: Terminal) -> None:
    said = filled("store", "take-over")
    assert said.code == Exit.COULD_NOT

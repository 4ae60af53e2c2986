"""cards pictures on the command line: the list, another order, the main one, and the way back."""

from tests.commands.conftest import Terminal
from tests.services.shop import SHIRTS

WEB = "https://shop.example"


def with_pictures(terminal: Terminal, *names: str) -> None:
    """RU-1 with these pictures."""
    terminal.sets_up(*SHIRTS)
    path = terminal.data.parent / "shop.xml"
    text = path.read_text(encoding="utf-8")
    start = text.index("<picture>", text.index("id-RU-1"))
    end = text.index("</picture>", start) + len("</picture>")
    marks = "".join(f"<picture>{name}</picture>" for name in names)
    path.write_text(text[:start] + marks + text[end:], encoding="utf-8")
    assert terminal("import", str(path)).code == 0


def lines(terminal: Terminal, *arguments: str) -> list[str]:
    return terminal("cards", "pictures", "RU-1", *arguments).out.splitlines()


def test_pictures_are_listed_and_put_into_order(terminal: Terminal) -> None:
    one, two, three = (f"{WEB}/{number}.jpg" for number in (1, 2, 3))
    with_pictures(terminal, one, two, three, "ftp://shop.example/4.jpg")
    said = terminal("cards", "pictures", "RU-1")
    assert said.code == 1, "one of them cannot be sent"
    assert said.out.splitlines()[:3] == [f"1. {one}  — главная", f"2. {two}", f"3. {three}"]
    assert "Фотография 4 не отправится" in said.out
    assert lines(terminal, "--main", "3")[:3] == [f"1. {three}  — главная", f"2. {one}", f"3. {two}"]
    assert lines(terminal, "--order", "2,3")[:3] == [f"1. {one}  — главная", f"2. {two}", f"3. {three}"]
    document = terminal("cards", "pictures", "RU-1", "--order", "3, 1", "--json").document
    assert document["sent"] == [three, one, two]
    assert [problem["code"] for problem in document["problems"]] == ["not_an_address"]
    assert lines(terminal)[0] == f"1. {three}  — главная", "kept"
    assert lines(terminal, "--reset")[0] == f"1. {one}  — главная"


def test_numbers_that_are_not_there_are_refused(terminal: Terminal) -> None:
    with_pictures(terminal, f"{WEB}/1.jpg", f"{WEB}/2.jpg")
    before = lines(terminal)
    for arguments in (("--main", "3"), ("--order", "1,1"), ("--order", "1,x"), ("--order", "0")):
        assert terminal("cards", "pictures", "RU-1", *arguments).code == 3
    assert lines(terminal) == before
    assert terminal("cards", "pictures", "RU-9").code == 3

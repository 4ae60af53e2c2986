"""cards rule, propose, doubtful and switch as they are typed."""

from tests.commands.conftest import Terminal
from tests.services.shop import Shirt, write_export


def stocked(terminal: Terminal, params: dict[str, dict[str, str]]) -> None:
    """The shop's shirts with further properties by article."""
    path = write_export(terminal.data.parent / "shop.xml", *(Shirt(offer_id) for offer_id in params))
    text = path.read_text(encoding="utf-8")
    for offer_id, own in params.items():
        code = f"<vendorCode>{offer_id}</vendorCode>"
        text = text.replace(code, code + "".join(f'<param name="{name}">{value}</param>' for name, value in own.items()))
    path.write_text(text, encoding="utf-8")
    assert terminal("import", str(path)).code == 0


def exported(terminal: Terminal, attribute: str, offer_id: str = "RU-1") -> list[str]:
    """What the sandbox got for an attribute."""
    terminal.sends_first()
    item = terminal.sandbox.products[offer_id].item
    return [value.value for sent in item.attributes if str(sent.id) == attribute for value in sent.values]


def test_every_kind_of_rule_can_be_typed(terminal: Terminal) -> None:
    terminal.sets_up(Shirt("RU-1"))
    stocked(terminal, {"RU-1": {"Рост изделия": "0,7 м", "Отделка": "уголь", "Пуговицы": "2"}})
    shirts = ("cards", "rule", "--category", "Рубашки", "--attribute")
    typed = [
        (*shirts, "Название модели", "--template", "{Бренд} {Артикул}"),
        (*shirts, "Длина, см", "--property", "Рост изделия", "--unit-factor"),
        (*shirts, "Количество пуговиц", "--property", "Пуговицы", "--unit-factor", "3"),
        (*shirts, "Цвет товара", "--property", "Отделка", "--value", "Уголь=чёрный", "--value", "мел=белый"),
        ("cards", "rule", "--default", "--attribute", "Страна-изготовитель", "--constant", "Китай"),
        (*shirts, "Аннотация", "--value", "2+2=4"),
    ]
    for words in typed:
        said = terminal(*words)
        assert said.code == 0, (words, said)
    lines = terminal("cards", "rule").out.splitlines()
    assert "Рубашки: 9048 = шаблон «{Бренд} {Артикул}»" in lines
    assert "Рубашки: 7001 = свойство «Пуговицы» × 3" in lines
    assert "Рубашки: 10096 = свойство «Отделка»: Уголь → чёрный; мел → белый" in lines
    assert "Все категории: 4389 = Китай" in lines
    wanted = {"9048": ["Ромашка RU-1"], "7002": ["70"], "7001": ["6"], "10096": ["чёрный"], "4389": ["Китай"], "4191": ["2+2=4"]}
    assert {attribute: exported(terminal, attribute) for attribute in wanted} == wanted
    assert terminal("cards", "rule", "--default", "--attribute", "4389", "--delete").code == 0
    assert "Все категории" not in terminal("cards", "rule").out


def test_rows_are_added_to_the_table_that_is_there(terminal: Terminal) -> None:
    terminal.sets_up(Shirt("RU-1"))
    words = ("cards", "rule", "--category", "Рубашки", "--attribute", "Цвет товара")
    assert terminal(*words, "--property", "Отделка", "--value", "уголь=чёрный").code == 0
    assert terminal(*words, "--value", "мел=белый").code == 0
    (rule,) = terminal("cards", "rule", "--json").document["rules"]
    assert (rule["kind"], rule["property_name"], [row[0] for row in rule["table"]]) == ("table", "Отделка", ["уголь", "мел"])


def test_what_cannot_be_is_refused_in_words(terminal: Terminal) -> None:
    terminal.sets_up(Shirt("RU-1"))
    shirts = ("cards", "rule", "--category", "Рубашки", "--attribute")
    for words, named in (
        ((*shirts, "Название модели", "--template", "{Шляпа}"), "{Шляпа}"),
        ((*shirts, "Количество пуговиц", "--property", "Пуговицы", "--unit-factor"), "Количество пуговиц"),
        ((*shirts, "Длина, см", "--unit-factor", "2"), "--property"),
        ((*shirts, "Длина, см", "--property", "Рост", "--unit-factor", "два"), "два"),
        ((*shirts, "Цвет товара", "--value", "уголь=пегий"), "пегий"),
        (("cards", "rule", "--default", "--attribute", "Поля шляпы", "--constant", "да"), "Поля шляпы"),
        (("cards", "propose", "--category", "Подарки"), "Подарки"),
        (("cards", "doubtful", "--decide", "нет такого=белый"), "нет такого"),
        (("cards", "switch", "RU-77"), "RU-77"),
    ):
        said = terminal(*words)
        assert said.code == 3, words
        assert named in said.err, words


def test_proposals_are_shown_and_accepted(terminal: Terminal) -> None:
    terminal.sets_up(Shirt("RU-1"))
    stocked(terminal, {"RU-1": {"Страна": "Китай"}})
    (shown,) = terminal("cards", "propose", "--category", "Рубашки", "--json").document["proposals"]
    assert (shown["attribute_id"], shown["property"], shown["samples"], shown["accepted"]) == (4389, "Страна", ["Китай"], False)
    assert terminal("cards", "rule", "--json").document == {"rules": []}
    assert "принято" in terminal("cards", "propose", "--category", "Рубашки", "--accept", "0.7").out
    assert exported(terminal, "4389") == ["Китай"]


def test_doubtful_values_are_decided_once(terminal: Terminal) -> None:
    terminal.sets_up(Shirt("RU-1"), Shirt("RU-2"))
    stocked(terminal, {"RU-1": {"Цвет": "чернйы"}, "RU-2": {"Цвет": "белаый"}})
    shown = terminal("cards", "doubtful", "--json").document["doubtful"]
    assert {(row["text"], row["candidates"][0]) for row in shown} == {("чернйы", "чёрный"), ("белаый", "белый")}
    said = terminal("cards", "doubtful", "--decide", "Чернйы=серый", "--decide", "белаый=", "--json")
    assert (said.code, said.document) == (0, {"decided": 2, "doubtful": []})
    assert exported(terminal, "10096") == ["серый"]
    assert exported(terminal, "10096", "RU-2") == []


def test_lists_are_switched(terminal: Terminal) -> None:
    terminal.sets_up(Shirt("RU-1"), Shirt("RU-2"))
    terminal("cards", "set", "RU-1", "Название модели=Своя", "Количество пуговиц=7")
    terminal("mapping", "set", "Рубашки", "")
    terminal("mapping", "set", "Рубашки", "Куртка")
    reported = terminal("cards", "switch", "--dry-run", "--json").document
    wanted = {"products": 1, "kept": {"Название модели": 1}, "lost": {"Количество пуговиц": 1}, "without_settings": []}
    assert reported == wanted
    assert terminal("cards", "switch", "RU-1", "--json").document == wanted
    assert terminal("cards", "switch", "--json").document["products"] == 0

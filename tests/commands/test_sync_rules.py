"""sync rules, sync verify, and the plan as it is printed."""

from decimal import Decimal

from tests.commands.conftest import Terminal
from tests.services.shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRTS, Shirt, write_export


def test_rules_can_be_typed_and_are_reported_in_words(terminal: Terminal) -> None:
    terminal.sets_up()
    assert "правил нет" in terminal("sync", "rules", "show").out
    terminal("sync", "--dry-run")  # reads the warehouses of the cabinet
    pairs = [
        *("old_markup=20", "old_step=10", "old_nine=on", "min_markup=-20", "guard_share=20", "guard_change=40", "guard_at_least=1"),
        *("reserve=1", "limit=2", "sold=order", "warehouse:Склад на Лесной=sum: Основной склад, Склад на Лесной"),
        *("product:RU-1=zero", "category:Рубашки=limit 3"),
    ]
    said = terminal("sync", "rules", "set", *pairs)
    assert said.code == 0, said
    lines = said.out.replace("\u00a0", " ").splitlines()
    assert "Цена до скидки: цена + 20 %, шаг 10, на конце 9" in lines
    assert "Минимальная цена: цена − 20 %" in lines
    assert "Защита цен: больше 20 % цен меняются больше чем на 40 % (не меньше 1 товара)" in lines
    assert "Остатки: резерв 1, нижний предел 2" in lines
    assert "Проданное на Ozon: вычитается, пока магазин не получит заказ (первая выгрузка после передачи заказа)" in lines
    assert "Склад Ozon «Склад на Лесной»: сумма складов «Основной склад», «Склад на Лесной»" in lines
    assert "Категория «Рубашки»: меньше 3 шт. не продаётся" in lines
    assert terminal.sends_first().code == 0
    sold = {
        offer_id: (product.old_price, product.min_price, dict(product.stocks)) for offer_id, product in terminal.sandbox.products.items()
    }
    nothing = {FOREST_WAREHOUSE: 0, MAIN_WAREHOUSE: 0}
    assert sold["RU-1"] == (Decimal(2389), Decimal(1592), nothing)
    assert sold["RU-2"] == (Decimal(2989), Decimal(1992), {FOREST_WAREHOUSE: 4, MAIN_WAREHOUSE: 0})
    off = ["old=off", "min=off", "guard=off", "warehouse:Склад на Лесной=off", "product:RU-1=off", "category:Рубашки=off"]
    document = terminal("sync", "rules", "set", *off, "--json").document
    assert (document["prices"]["old"], document["prices"]["guard"]["active"]) == (None, False)
    assert (document["stocks"]["warehouses"], document["stocks"]["exceptions"], document["stocks"]["reserve"]) == ([], [], 1)
    risky = terminal("sync", "rules", "set", "sold=ignore")
    assert "может продаваться второй раз" in risky.err
    assert terminal("sync", "rules", "set", "stocks=off", "--json").document["stocks"] is None


def test_rules_that_cannot_be_are_refused_in_words(terminal: Terminal) -> None:
    terminal.sets_up(Shirt("RU-1"))
    for pair, named in (
        ("old_type=Нет такой", "Нет такой"),
        ("old_markup=много", "много"),
        ("old_markup=-100", "наценка"),
        ("hat=1", "old_markup"),
        ("reserve=-1", "-1"),
        ("sold=может быть", "может быть"),
        ("warehouse:Луна=sum: Основной склад", "Луна"),
        ("product:RU-77=zero", "RU-77"),
        ("category:Шляпы=zero", "Шляпы"),
        ("product:RU-1=пусть", "пусть"),
        ("reserve", "KEY=VALUE"),
    ):
        said = terminal("sync", "rules", "set", pair)
        assert (said.code, said.out) == (3, ""), pair
        assert named in said.err, pair


def test_plan_is_printed_with_its_changes_limits_and_guard(terminal: Terminal) -> None:
    terminal.sets_up()
    assert "создание 3 из" in terminal("sync", "--dry-run").out.replace("\u00a0", " ")
    terminal.sends_first()
    terminal("sync", "rules", "set", "guard_share=20", "guard_at_least=1")
    write_export(terminal.data.parent / "shop.xml", Shirt("RU-1", price="199", stock=4), *SHIRTS[1:])
    terminal("import", str(terminal.data.parent / "shop.xml"))
    said = terminal("sync", "--dry-run", "--json")
    document = said.document
    assert said.code == 1
    assert (document["guard"]["stopped"], document["guard"]["large"], document["guard"]["prices"]) == (True, 1, 3)
    assert {limit["name"]: limit["wanted"] for limit in document["limits"]} == {"total": 0, "daily_create": 0, "daily_update": 0}
    items = {(item["kind"], item["reason"]): item for item in document["items"]}
    assert items["price", "price_changed"]["changes"] == [{"field": "price", "old": "1990", "new": "199", "lost": []}]
    assert (items["price", "price_changed"]["hold"], document["held"], document["price"]) == ("many_prices", 1, 0)
    assert document["held_items"][0] | {"text": ""} == {
        "offer_id": "RU-1",
        "kind": "price",
        "why": "many_prices",
        "text": "",
        "verdict": None,
        "old": "1990",
        "new": "199",
    }
    assert items["stock", "stock_changed"]["offer_id"] == "RU-1"
    assert "1 цена из 3 меняется больше чем на 50 %: RU-1 (1 990 → 199)" in said.err.replace("\u00a0", " ")
    held = terminal("sync")
    assert (held.code, terminal.sandbox.products["RU-1"].price) == (1, Decimal(1990))
    assert "--confirm-prices" in held.err
    assert terminal.sandbox.products["RU-1"].stocks[MAIN_WAREHOUSE] == 4
    assert terminal("sync", "--confirm-prices").code == 0
    assert terminal.sandbox.products["RU-1"].price == Decimal(199)


def test_stocks_are_verified_and_ozon_compared(terminal: Terminal) -> None:
    terminal.sets_up()
    terminal.sends_first()
    said = terminal("sync", "verify", "--json")
    assert (said.code, said.document["checked"], said.document["different"]) == (0, 3, 0)
    terminal.sandbox.products["RU-2"].stocks[MAIN_WAREHOUSE] = 90
    said = terminal("sync", "verify")
    assert (said.code, "fbs, склад «Основной склад»: отправлено 3, на Ozon 90" in said.out) == (1, True)
    assert terminal("sync", "--dry-run", "--json").document["stock"] == 0
    document = terminal("sync", "--dry-run", "--against-ozon", "--json").document
    assert (document["stock"], document["against_ozon"], document["items"][0]["reason"]) == (1, True, "ozon_differs")
    assert terminal("sync", "--against-ozon").code == 0
    assert terminal("sync", "verify").code == 0


def test_retry_sends_what_had_problems_again_and_nothing_else(terminal: Terminal) -> None:
    terminal.sets_up()
    assert "Повторять нечего" in terminal("sync", "--retry").out
    terminal.sandbox.memory.refusals.add("import:name_too_long=RU-1")
    assert terminal.sends_first().code == 1
    assert sorted(terminal.sandbox.products) == ["RU-2", "RU-3"]
    terminal.sandbox.memory.refusals.clear()
    again = terminal("sync", "--json").document
    assert [problem["code"] for problem in again["problems"]] == ["refused_unchanged"], "an unchanged card is not sent by itself"
    done = terminal("sync", "--retry", "--json")
    assert done.code == 0, done
    assert (done.document["create"], done.document["update"]) == (1, 0)
    assert sorted(terminal.sandbox.products) == ["RU-1", "RU-2", "RU-3"]
    nothing = terminal("sync", "--retry", "--json")
    assert (nothing.code, nothing.document["requests"]) == (0, 0)
    wrong = terminal("sync", "--retry", "--dry-run")
    assert wrong.code == 3
    assert "--dry-run" in wrong.err


def test_the_days_of_a_large_upload_are_told_beforehand(terminal: Terminal) -> None:
    terminal.sets_up()
    terminal.sandbox.memory.quotas.daily_create = 1
    said = terminal("sync", "--dry-run").out.replace("\u00a0", " ")
    assert "Новые карточки: сегодня 1, остальные 2 завтра и послезавтра, программа отправит их сама" in said
    assert terminal("sync", "--dry-run", "--json").document["turns"] == [{"kind": "create", "days": [1, 1, 1], "beyond": 0}]


def test_until_when_lowest_prices_protect_is_told(terminal: Terminal) -> None:
    terminal.sets_up()
    assert terminal("sync", "rules", "set", "min_markup=-20").code == 0
    assert "на Ozon ещё не отправлена" in terminal("sync", "rules", "show").out
    assert terminal.sends_first().code == 0
    assert "защищает до" in terminal("sync", "rules", "show").out
    protection = terminal("sync", "rules", "show", "--json").document["protection"]
    assert (protection["binding"], protection["loose"]) == (3, 0)

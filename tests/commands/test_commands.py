"""Commands end to end in this process: the shapes of --json, exit codes, where options may stand, names that do not exist."""

import json
from pathlib import Path

import pytest

import ozon_desktop
from ozon_desktop.cli import main
from ozon_desktop.ozon.questions import QUESTIONS
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID, POSTING_KEY
from ozon_desktop.services.secrets import ENVIRONMENT_KEY
from tests.commands.conftest import Terminal
from tests.services.shop import SHIRTS, Shirt, write_export

CONNECT = ("connect", "--client-id", str(KNOWN_CLIENT_ID))
SYNC_NUMBERS = {"create", "update", "archive", "price", "stock", "skip", "failed", "orders", "requests"}
PROBLEM = {"offer_id", "field", "code", "text"}


def test_check_has_the_promised_shape(terminal: Terminal) -> None:
    assert terminal(*CONNECT, typed=f"{ADMIN_KEY}\n").code == 0
    said = terminal("check", "--json")
    assert said.code == 0
    document = said.document
    assert set(document) == {"company", "currency", "roles", "missing_methods", "missing_functions", "expires_at", "limits"}
    assert (document["currency"], document["roles"], document["missing_methods"]) == ("RUB", ["Admin"], [])
    assert document["limits"]["daily_create"] == {"limit": 1500, "usage": 0, "reset_at": document["limits"]["daily_create"]["reset_at"]}


def test_report_on_answers_is_written_without_a_keyring_and_never_has_the_key(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal("integration", "set", f"client_id={KNOWN_CLIENT_ID}").code == 1, "fields of the page are still empty"
    file = tmp_path / "reports" / "report.json"
    said = terminal("check", "--report", str(file))
    assert said.code == 0
    assert "возвраты (/v1/returns/list): ответил, как ожидалось" in said.out
    assert "пропущен: в кабинете нет товаров" in said.out
    skipped = said.out.count(": пропущен: ")
    asked = len(QUESTIONS) - skipped
    assert asked > 10
    assert skipped
    assert f"Спрошено {asked} методов: как ожидалось — {asked}, пропущено — {skipped}" in said.out.replace("\xa0", " ")
    assert terminal("check", "--report", str(file), "--json").document == json.loads(file.read_text(encoding="utf-8"))
    assert ADMIN_KEY not in file.read_text(encoding="utf-8") + said.out + said.err
    assert str(KNOWN_CLIENT_ID) not in file.read_text(encoding="utf-8")


def test_report_with_differences_is_done_with_problems(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal("integration", "set", f"client_id={KNOWN_CLIENT_ID}").code == 1, "fields of the page are still empty"
    terminal.monkeypatch.setenv(ENVIRONMENT_KEY, POSTING_KEY)
    said = terminal("check", "--report", str(tmp_path / "report.json"))
    assert said.code == 1
    assert "склады кабинета (/v2/warehouse/list): отказал, код 7 (HTTP 403, «missing a required role»)" in said.out
    assert "иначе — " in said.out


def test_report_that_cannot_be_made_or_written_could_not(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    assert terminal("check", "--report", str(file)).code == 3, "no Client ID"
    assert terminal("integration", "set", f"client_id={KNOWN_CLIENT_ID}").code == 1, "fields of the page are still empty"
    (tmp_path / "taken").write_text("")
    assert terminal("check", "--report", str(tmp_path / "taken" / "report.json")).code == 3
    terminal.monkeypatch.setenv(ENVIRONMENT_KEY, "00000000-0000-4000-8000-00000000dead")
    said = terminal("check", "--report", str(file))
    assert said.code == 3
    assert "Ozon не принял ключ" in said.err
    assert not file.exists()


def test_connect_with_json_prints_one_document_and_never_the_key(terminal: Terminal) -> None:
    said = terminal("--json", *CONNECT, typed=f"{ADMIN_KEY}\n")
    assert (said.code, said.document["currency"]) == (0, "RUB")
    assert ADMIN_KEY not in said.out + said.err
    assert ENVIRONMENT_KEY in said.err, "where the key is kept has to be said"


def test_key_of_a_weaker_role_is_done_with_problems(terminal: Terminal) -> None:
    terminal.monkeypatch.setenv(ENVIRONMENT_KEY, POSTING_KEY)
    said = terminal("--json", *CONNECT, typed=f"{POSTING_KEY}\n")
    assert said.code == 1
    assert said.document["roles"] == ["Posting FBS"]
    assert "/v3/product/import" in said.document["missing_methods"]
    assert "/v4/posting/fbs/list" not in said.document["missing_methods"]


def test_connect_without_a_key_says_so(terminal: Terminal) -> None:
    said = terminal(*CONNECT, typed="\n")
    assert said.code == 3
    assert said.out == ""
    assert said.err.strip()


@pytest.mark.parametrize("option", [("--json",), ()])
def test_wrong_key_could_not(terminal: Terminal, option: tuple[str, ...]) -> None:
    said = terminal(*option, *CONNECT, typed="00000000-0000-4000-8000-00000000dead\n")
    assert said.code == 3
    assert said.out == ""
    assert "Ozon не принял ключ" in said.err
    assert "dead" not in said.err
    assert "Traceback" not in said.err


def test_no_network_could_not(terminal: Terminal) -> None:
    assert terminal(*CONNECT, typed=f"{ADMIN_KEY}\n").code == 0
    # Port 9 of this computer: nobody listens.
    terminal.monkeypatch.setattr("ozon_desktop.ozon.limits.RetryPolicy.delay", lambda *_: None)
    said = terminal("check", "--json", "--api-url", "http://127.0.0.1:9")
    assert said.code == 3
    assert said.out == ""
    assert "Нет связи с Ozon" in said.err


def test_mapping_suggest_has_the_promised_shape(terminal: Terminal) -> None:
    terminal.sets_up()
    terminal("mapping", "set", "Рубашки", "")
    document = terminal("mapping", "suggest", "--json", "--limit", "2").document
    assert "Одежда / Рубашки" in document
    (first, *rest) = document["Одежда / Рубашки"]
    assert len(rest) <= 1
    assert set(first) == {"group", "path", "description_category_id", "type_id", "confidence", "reason", "detail"}
    assert (first["path"], first["description_category_id"], first["type_id"]) == ("Одежда / Рубашки / Рубашка", 101, 1001)
    assert 0 < first["confidence"] <= 1


def test_suggestions_that_are_sure_enough_can_be_accepted(terminal: Terminal) -> None:
    terminal.sets_up()
    terminal("mapping", "set", "Рубашки", "")
    assert terminal("mapping", "suggest", "--category", "Одежда / Рубашки", "--accept", "0.5").code == 0
    rows = {row["category"]: row for row in terminal("mapping", "list", "--json").document["mapping"]}
    assert (rows["Одежда / Рубашки"]["type_id"], rows["Одежда / Рубашки"]["state"]) == (1001, "mapped")
    assert rows["Одежда"]["state"] == "partial"


def test_cards_check_has_the_promised_shape(terminal: Terminal) -> None:
    terminal.sets_up(SHIRTS[0], Shirt("RU-9", weight="0"))
    said = terminal("cards", "check", "--json")
    assert said.code == 1
    assert set(said.document) == {"ready", "not_ready", "problems"}
    assert (said.document["ready"], said.document["not_ready"]) == (1, 1)
    assert all(set(problem) == PROBLEM for problem in said.document["problems"])
    assert {(problem["offer_id"], problem["code"]) for problem in said.document["problems"]} == {("RU-9", "weight_missing")}


def test_sync_has_the_promised_shape_planned_and_done(terminal: Terminal) -> None:
    terminal.sets_up(*SHIRTS, Shirt("RU-9", weight="0"))
    planned = terminal("sync", "--dry-run", "--json")
    assert not terminal.sandbox.products, "a dry run has sent something"
    done = terminal("sync", "--confirm", planned.document["plan"], "--json")
    for said in (planned, done):
        assert said.code == 1
        assert set(said.document) >= SYNC_NUMBERS | {"problems"}
        assert all(isinstance(said.document[name], int) for name in SYNC_NUMBERS)
        assert [set(problem) for problem in said.document["problems"]] == [PROBLEM]
        assert (said.document["create"], said.document["stock"], said.document["skip"]) == (3, 3, 1)
    assert set(terminal.sandbox.products) == {"RU-1", "RU-2", "RU-3"}


def test_sync_without_problems_is_done(terminal: Terminal) -> None:
    terminal.sets_up()
    assert terminal.sends_first().code == 0
    assert terminal("sync", "--dry-run").code == 0
    assert terminal("sync", "--json").document["requests"] > 0


def test_only_names_the_parts(terminal: Terminal) -> None:
    terminal.sets_up()
    document = terminal.sends_first("--only", "products,prices", "--json").document
    assert (document["create"], document["stock"]) == (3, 0)
    wrong = terminal("sync", "--only", "products,everything", "--json")
    assert (wrong.code, wrong.out) == (3, "")
    assert "everything" in wrong.err


def test_sync_before_the_setup_is_done_names_what_is_missing(terminal: Terminal) -> None:
    said = terminal("sync", "--json")
    assert (said.code, said.out) == (3, "")
    assert "Client ID" in said.err or "ключ" in said.err.casefold()


@pytest.mark.parametrize(
    "words",
    [
        ("--json", "integration", "show"),
        ("integration", "--json", "show"),
        ("integration", "show", "--json"),
    ],
)
def test_options_may_stand_before_or_after_the_command(terminal: Terminal, words: tuple[str, ...]) -> None:
    assert terminal(*words).document["name"] == "Ozon"


def test_later_option_wins_over_an_earlier_one(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal("integration", "show", "--json", "--data-dir", str(tmp_path / "other"))
    assert said.document["client_id"] is None
    assert (tmp_path / "other").is_dir()


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("mapping",),
        ("mapping", "nonsense"),
        ("connect",),
        ("connect", "--client-id", "0"),
        ("connect", "--client-id", "-5"),
        ("connect", "--client-id", "сто"),
        ("import",),
        ("mapping", "suggest", "--limit", "0"),
        ("--nonsense",),
        ("sandbox", "--scale", "0"),
    ],
)
def test_wrong_usage_is_exit_code_two(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(list(words))
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--version"], ["--help"], ["cards", "rule", "--help"]):
        with pytest.raises(SystemExit) as caught:
            main(words)
        assert caught.value.code == 0
    assert ozon_desktop.__version__ in capsys.readouterr().out


UNKNOWN = (
    (("mapping", "set", "Шляпы", "Рубашка"), "Шляпы"),
    (("mapping", "set", "Рубашки", "Шляпа"), "Шляпа"),
    (("mapping", "suggest", "--category", "Шляпы"), "Шляпы"),
    (("cards", "rule", "--category", "Рубашки", "--attribute", "Поля шляпы", "--value", "да"), "Поля шляпы"),
    (("cards", "rule", "--category", "Рубашки", "--attribute", "Бренд", "--value", "Шляпников"), "Шляпников"),
    (("cards", "rule", "--category", "Подарки", "--attribute", "Бренд", "--value", "Ромашка"), "Подарки"),
    (("cards", "set", "RU-77", "Бренд=Ромашка"), "RU-77"),
    (("cards", "set", "RU-1", "weight=тяжёлый"), "тяжёлый"),
    (("categories", "fetch", "--base", "Шляпы"), "Шляпы"),
    (("integration", "set", "hat=yes"), "hat"),
    (("integration", "set", "vat=33"), "33"),
    (("integration", "set", "scheme=FBX"), "FBX"),
    (("integration", "set", "price_type=Оптовая"), "Оптовая"),
    (("--integration", "Второй", "check"), "Второй"),
    (("import", "nowhere.xml"), "nowhere.xml"),
)


def test_unknown_names_are_named_and_change_nothing(terminal: Terminal) -> None:
    terminal.sets_up()
    before = terminal("integration", "show", "--json").document
    for words, named in UNKNOWN:
        said = terminal("--json", *words)
        assert (said.code, said.out) == (3, ""), words
        assert named in said.err, words
        assert "Traceback" not in said.err, words
    assert terminal("integration", "show", "--json").document == before


def test_vat_of_eighteen_percent_can_be_chosen_and_is_a_problem(terminal: Terminal) -> None:
    terminal.sets_up()
    said = terminal("integration", "set", "vat=18", "--json")
    assert said.code == 1
    assert set(said.document["problems"]) == {"vat_rate"}
    assert "22" in said.document["problems"]["vat_rate"]
    assert said.document["enabled"] is False


def test_fields_and_rules_fill_cards(terminal: Terminal) -> None:
    terminal.sets_up(Shirt("RU-1", brand="Неведомая марка"), Shirt("RU-2", brand="Неведомая марка"))
    assert terminal("cards", "check", "--json").document["ready"] == 0
    said = terminal("cards", "set", "RU-1", "Бренд=Пуговкин", "weight=400", "--json")
    assert said.document == {"offer_id": "RU-1", "ready": True, "problems": []}
    assert terminal("cards", "rule", "--category", "Одежда / Рубашки", "--attribute", "Бренд", "--value", "нет бренда").code == 0
    assert terminal("cards", "check", "--json").document["ready"] == 2
    (rule,) = terminal("cards", "rule", "--json").document["rules"]
    assert (rule["attribute_id"], rule["kind"], rule["values"]) == (85, "constant", [[5_000_001, "Нет бренда"]])
    terminal.sends_first()
    brands = {
        offer: next(item.values[0].value for item in product.item.attributes if item.id == 85)
        for offer, product in terminal.sandbox.products.items()
    }
    assert brands == {"RU-1": "Пуговкин", "RU-2": "Нет бренда"}
    assert terminal("cards", "rule", "--category", "Рубашки", "--attribute", "Бренд", "--delete").code == 0
    assert terminal("cards", "rule", "--json").document == {"rules": []}


def test_mapping_and_cards_travel_through_a_spreadsheet(terminal: Terminal, tmp_path: Path) -> None:
    terminal.sets_up()
    mapping, cards = tmp_path / "mapping.xlsx", tmp_path / "cards.xlsx"
    assert terminal("mapping", "export", str(mapping)).code == 0
    terminal("mapping", "set", "Рубашки", "")
    looked = terminal("mapping", "import", str(mapping), "--dry-run", "--json").document
    change = {"category": "Одежда / Рубашки", "before": "", "after": "Одежда / Рубашки / Рубашка"}
    assert [{name: row[name] for name in change} for row in looked["changes"]] == [change]
    assert terminal("mapping", "import", str(mapping), "--json").document == {**looked, "dry_run": False}
    again = terminal("mapping", "import", str(mapping), "--json").document
    assert (again["changed"], again["problems"]) == (0, [])
    assert terminal("mapping", "undo", "--json").document["done"] == "Загружено из XLSX: 1"
    assert [row["undone"] for row in terminal("mapping", "history", "--json").document][:2] == [True, False]
    terminal("mapping", "redo")
    assert terminal("cards", "export", str(cards), "--category", "Рубашки", "--json").document["cards"] == 3
    untouched = {"changed": 0, "changes": [], "unchanged": 3, "problems": [], "dry_run": False}
    assert terminal("cards", "import", str(cards), "--category", "Рубашки", "--json").document == untouched
    terminal("cards", "set", "RU-1", "Бренд=Пуговкин")
    shown = terminal("cards", "import", str(cards), "--category", "Рубашки", "--dry-run", "--json").document
    row = {"row": 2, "offer_id": "RU-1", "field": "Бренд", "before": "Пуговкин", "after": "Ромашка"}
    assert shown == {"changed": 1, "changes": [row], "unchanged": 2, "problems": [], "dry_run": True}
    words = terminal("cards", "import", str(cards), "--category", "Рубашки", "--dry-run").out
    assert "Строка 2, RU-1, Бренд: Пуговкин → Ромашка" in words
    assert "Изменится карточек: 1" in words
    imported = terminal("cards", "import", str(cards), "--category", "Рубашки", "--json").document
    assert imported == {**shown, "dry_run": False}, "--dry-run has changed nothing"
    assert terminal("cards", "import", str(cards), "--category", "Рубашки", "--json").document["changed"] == 0


def test_orders_are_listed_and_exported(terminal: Terminal, tmp_path: Path) -> None:
    terminal.sets_up()
    terminal.sends_first()
    number = terminal.sandbox.place_order("RU-1")
    assert terminal("sync", "--only", "orders", "--json").document["orders"] == 1
    (order,) = terminal("orders", "list", "--json").document["orders"]
    assert (order["posting_number"], order["responsible"], order["organization"]) == (number, "Иванова Мария", "ООО «Пуговка»")
    said = terminal("orders", "export", str(tmp_path / "out"), "--json")
    assert number in Path(said.document["file"]).read_text(encoding="utf-8")


def test_connect_by_a_new_name_makes_a_second_integration(terminal: Terminal) -> None:
    terminal(*CONNECT, typed=f"{ADMIN_KEY}\n")
    assert terminal(*CONNECT, "--integration", "Второй", typed=f"{ADMIN_KEY}\n").code == 0
    assert terminal("integration", "show", "--json", "--integration", "второй").document["name"] == "Второй"
    assert terminal("doctor", "--json").document["integrations"] == ["Ozon", "Второй"]


def test_doctor_says_that_keys_do_not_last(terminal: Terminal) -> None:
    said = terminal("doctor", "--json")
    assert said.code == 1
    assert {"program", "python", "packages", "secrets", "database", "logs"} <= set(said.document)
    assert said.document["database"].startswith(str(terminal.data))


def test_broken_export_changes_nothing(terminal: Terminal, tmp_path: Path) -> None:
    terminal.sets_up()
    before = terminal("cards", "list", "--json").document
    path = write_export(tmp_path / "broken.xml", Shirt("RU-50"))
    path.write_text(path.read_text(encoding="utf-8").replace("</shop></yml_catalog>", ""), encoding="utf-8")
    said = terminal("import", str(path))
    assert said.code == 3
    assert "broken.xml" in said.err
    assert terminal("cards", "list", "--json").document == before


def test_database_that_cannot_be_opened_is_said_in_words(terminal: Terminal) -> None:
    terminal.data.parent.mkdir(exist_ok=True)
    terminal.data.write_text("a file, not a folder", encoding="utf-8")
    said = terminal("integration", "show")
    assert said.code == 3
    assert "Traceback" not in said.err


def test_sandbox_with_wrong_options_could_not(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["sandbox", "--tree", "nowhere.json"], ["sandbox", "--faults", "flood=0.5"]):
        assert main(words) == 3
        said = capsys.readouterr()
        assert (said.out, "Traceback" in said.err) == ("", False)

"""From an empty program to a mapped shop: the page, the key, the catalogue, the mapping with undo, the cards."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.card import Dimensions, Origin, SavedFields
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.mapping import MappingState
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.progress import ProgressUpdate, silent
from ozon_desktop.domain.setup_guide import Step
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.errors import NotFound, NotPossibleYet, WrongInput
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.services.secrets import MemoryStore
from tests.barcodes import ean
from tests.services.shop import QUICK, SHIRT, SHIRTS, Line, Shirt, Shop, write_export


async def test_demonstration_starts_at_the_second_step_and_needs_no_network(tmp_path: Path) -> None:
    application = await build(Options(tmp_path / "demo", demo=True, patience=QUICK, demo_order_interval_s=0))
    try:
        integration = await application.integrations.ensure_one()
        page = await application.integrations.page(integration.id)
        assert next(state.step for state in page.checklist if state.current) is Step.CREDENTIALS
        assert page.integration.settings.client_id == KNOWN_CLIENT_ID
        assert (page.key_hint, page.integration.has_key) == ("0001", True)
        report = await application.connection.check(integration.id)
        assert (report.currency, report.roles) == ("RUB", ("Admin",))
        assert (await application.cards.view(integration.id)).rows
        fetched = await application.catalog.fetch_base(integration.id, silent)
        assert fetched.bases == len((await application.integrations.page(integration.id)).bases) > 10
    finally:
        await application.close()


async def test_new_program_has_an_empty_page(application: Application) -> None:
    (integration,) = await application.integrations.all()
    page = await application.integrations.page(integration.id)
    assert "client_id" in page.problems
    assert page.key_hint == ""
    with pytest.raises(NotPossibleYet) as caught:
        await application.catalog.fetch_base(integration.id, silent)
    assert caught.value.missing == ("credentials",)


async def test_only_choices_are_made_by_the_import(application: Application, tmp_path: Path) -> None:
    counts = await application.store_import.import_files([write_export(tmp_path / "shop.xml", *SHIRTS)], silent)
    assert (counts.products, counts.categories, counts.prices) == (3, 3, 3)
    (integration,) = await application.integrations.all()
    assert integration.settings.catalog_structure_id == "yml"
    assert integration.settings.organization_id == "ООО «Пуговка»"


async def test_key_without_client_id_and_wrong_client_id_are_refused(application: Application) -> None:
    (integration,) = await application.integrations.all()
    with pytest.raises(WrongInput):
        await application.integrations.save(integration.id, integration.settings, ADMIN_KEY)
    with pytest.raises(WrongInput):
        await application.integrations.save(integration.id, replace(integration.settings, client_id=-1), None)


async def test_changed_credentials_have_to_be_checked_again(shop: Shop) -> None:
    service = shop.application.integrations
    page = await service.page(shop.integration)
    assert (await service.save(shop.integration, page.integration.settings, None)).integration.connection is not None
    assert (await service.save(shop.integration, page.integration.settings, ADMIN_KEY)).integration.connection is None


async def test_emptied_required_field_switches_the_integration_off(shop: Shop) -> None:
    service = shop.application.integrations
    page = await service.page(shop.integration)
    saved = await service.save(shop.integration, replace(page.integration.settings, price_type_id=None), None)
    assert not saved.integration.enabled
    with pytest.raises(NotPossibleYet) as caught:
        await service.set_enabled(shop.integration, True)
    assert caught.value.missing == ("fields",)


async def test_second_collection_of_settings_asks_nothing(shop: Shop) -> None:
    stages: list[ProgressUpdate] = []
    result = await shop.application.catalog.fetch_settings(shop.integration, stages.append)
    assert (result.types, result.requests) == (0, 0)
    assert shop.line.paths == []
    assert stages[-1].done == stages[-1].total


async def test_mapping_can_be_undone_and_redone(shop: Shop) -> None:
    mapping = shop.application.mapping
    view = await mapping.map(shop.integration, ["1", "3"], TypeKey(103, 1004))
    assert (view.resolved["1"].state, view.own["2"]) == (MappingState.MAPPED, SHIRT)
    view = await mapping.unmap(shop.integration, ["2"])
    assert (view.resolved["2"].key, view.resolved["2"].inherited_from) == (TypeKey(103, 1004), "1")
    assert view.redo_label is None
    view = await mapping.undo(shop.integration)
    assert view.own["2"] == SHIRT
    view = await mapping.undo(shop.integration)
    assert view.own == {"2": SHIRT}
    view = await mapping.redo(shop.integration)
    assert view.own == {"1": TypeKey(103, 1004), "2": SHIRT, "3": TypeKey(103, 1004)}


async def test_mapping_refuses_what_cannot_be(shop: Shop) -> None:
    mapping = shop.application.mapping
    with pytest.raises(NotFound):
        await mapping.map(shop.integration, ["77"], SHIRT)
    with pytest.raises(NotFound):
        await mapping.map(shop.integration, ["2"], TypeKey(7, 7))
    with pytest.raises(WrongInput):
        await mapping.map(shop.integration, ["2"], TypeKey(101, 1002))
    await shop.application.integrations.set_enabled(shop.integration, False)
    with pytest.raises(NotPossibleYet):
        await mapping.map(shop.integration, ["2"], SHIRT)
    assert (await mapping.view(shop.integration)).own == {"2": SHIRT}


async def test_entered_fields_rules_and_copies_reach_the_cards(shop: Shop) -> None:
    cards = shop.application.cards
    await cards.field_rules.save(shop.integration, [FieldRule("1", 9048, RuleKind.CONSTANT, ((0, "Модель по правилу"),))])
    by_rule = (await cards.details(shop.integration, "id-RU-1")).card
    model = next(item for item in by_rule.fields if item.attribute.id == 9048)
    assert (model.values, model.origin, model.source) == (((0, "Модель по правилу"),), Origin.PARENT, "Одежда")
    entered = SavedFields("id-RU-1", SHIRT, {9048: ((0, "Своя модель"),)}, Dimensions(weight=500))
    details = await cards.save_fields(shop.integration, entered)
    assert details.card.dimensions == Dimensions(300, 200, 40, 500)
    assert await cards.copy_fields(shop.integration, "id-RU-1", ["id-RU-2", "id-RU-1"]) == 1
    await shop.application.sync.run(shop.integration, silent)
    models = {
        offer: next(item.values[0].value for item in product.item.attributes if item.id == 9048)
        for offer, product in shop.sandbox.products.items()
    }
    assert models == {"RU-1": "Своя модель", "RU-2": "Своя модель", "RU-3": "Модель по правилу"}
    assert {offer: product.item.weight for offer, product in shop.sandbox.products.items()} == {"RU-1": 500, "RU-2": 500, "RU-3": 350}


async def test_table_of_cards_follows_every_change(shop: Shop) -> None:
    cards = shop.application.cards
    first = await cards.view(shop.integration)
    assert (first.ready, first.with_errors) == (3, 0)
    assert await cards.view(shop.integration) is first, "nothing changed, yet it was computed again"
    await shop.application.mapping.unmap(shop.integration, ["2"])
    second = await cards.view(shop.integration)
    assert (second.ready, second.with_errors) == (0, 3)
    assert ("not_mapped", "category", 3) in second.reasons
    assert {row.offer_id: row.stock for row in second.rows} == {"RU-1": 5, "RU-2": 5, "RU-3": 0}
    assert {row.offer_id: row.price for row in second.rows}["RU-3"] == Decimal("990.5")


async def test_cards_of_the_cabinet_are_matched_by_article_then_by_barcode(shop: Shop) -> None:
    def with_barcodes(*shirts: Shirt) -> Path:
        path = write_export(shop.folder / "shop.xml", *shirts)
        text = path.read_text(encoding="utf-8")
        for number, shirt in enumerate(shirts):
            code = f"<vendorCode>{shirt.offer_id}</vendorCode>"
            text = text.replace(code, f"{code}<barcode>{ean(str(number))}</barcode>")
        path.write_text(text, encoding="utf-8")
        return path

    await shop.application.store_import.import_files([with_barcodes(*SHIRTS)], silent)
    await shop.application.sync.run(shop.integration, silent)
    # The shop gives its second shirt another article; the cabinet still sells it under the old one.
    renamed = replace(SHIRTS[1], offer_id="NEW-2", name="Рубашка RU-2")
    await shop.application.store_import.import_files([with_barcodes(SHIRTS[0], renamed, SHIRTS[2])], silent)
    report = await shop.application.cabinet_cards.load(shop.integration, silent)
    assert (len(report.matched), report.only_ozon, report.only_store, report.doubtful, report.several) == (3, (), (), (), ())
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert preview.plan.of(ActionKind.CREATE) == ()
    await shop.application.sync.run(shop.integration, silent)
    assert len(shop.sandbox.memory.by_id) == 3
    assert not any(product.archived for product in shop.sandbox.products.values())


async def test_value_outside_the_cached_part_of_a_dictionary_is_searched_online_and_kept(shop: Shop, line: Line) -> None:
    catalog = shop.application.catalog
    brand = next(item for item in (await catalog.type_details(SHIRT)).attributes if item.id == 85)
    found = await catalog.search_values(shop.integration, SHIRT, brand, "пугов")
    assert {value.value for value in found.values} >= {"Пуговкин", "Лесная пуговица"}
    assert (found.partial, found.online, found.offline) == (True, True, False)
    line.break_at("*", "network")
    offline = await catalog.search_values(shop.integration, SHIRT, brand, "пугов")
    assert {value.value for value in offline.values} >= {"Пуговкин", "Лесная пуговица"}
    assert (offline.partial, offline.online, offline.offline) == (True, False, True)
    letter = await catalog.search_values(shop.integration, SHIRT, brand, "п")
    assert (letter.partial, letter.online, letter.offline) == (True, False, False), "one letter is not asked for"


async def test_second_program_on_the_same_folder_sees_everything(shop: Shop, options: Options) -> None:
    await shop.application.sync.run(shop.integration, silent)
    other = await build(replace(options, secret_store=MemoryStore(fallback=ADMIN_KEY)))
    try:
        preview = await other.previews.preview(shop.integration, silent)
        assert preview.plan.items == ()
    finally:
        await other.close()

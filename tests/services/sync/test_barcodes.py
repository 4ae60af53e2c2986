"""Every barcode of a product reaches its card: one with the import, the others after it, each refusal for itself."""

import pytest

from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.errors import NetworkError
from tests.barcodes import with_check_digit
from tests.services.cabinet.cards_on_ozon import as_in_store, place, with_mark
from tests.services.shop import SHIRTS, Line, Shop

ADD = "/v1/barcode/add"
CODES = [with_check_digit(f"46000000000{number}") for number in range(1, 5)]


async def with_codes(shop: Shop, offer_id: str, *codes: str) -> None:
    await shop.stocks_the_store(*SHIRTS)
    await with_mark(shop, offer_id, "".join(f"<barcode>{code}</barcode>" for code in codes))


async def settle(shop: Shop) -> None:
    """Runs until what waits for creation is there."""
    for _ in range(2):
        await shop.application.sync.run(shop.integration, silent)


async def test_all_barcodes_of_a_new_product_are_there_in_the_end(shop: Shop, line: Line) -> None:
    await with_codes(shop, "RU-1", *CODES[:3])
    await settle(shop)
    assert shop.sandbox.products["RU-1"].barcodes == CODES[:3]
    line.mend()
    await shop.application.sync.run(shop.integration, silent)
    assert ADD not in line.paths, "nothing is left to be added"
    assert "/v3/product/import" not in line.paths


async def test_a_barcode_that_comes_later_is_a_line_of_the_plan(shop: Shop) -> None:
    await with_codes(shop, "RU-1", CODES[0])
    await settle(shop)
    await with_codes(shop, "RU-1", CODES[0], CODES[1])
    preview = await shop.application.previews.preview(shop.integration, silent)
    [item] = preview.plan.of(ActionKind.UPDATE)
    assert [(change.field, change.old, change.new) for change in item.changes] == [("barcodes", "", CODES[1])]
    await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-1"].barcodes == CODES[:2]


async def test_a_refused_barcode_is_told_for_its_product_and_stops_no_other(shop: Shop) -> None:
    place(shop.sandbox, "OTHER", "Чужая", barcode=CODES[3])
    await with_codes(shop, "RU-1", CODES[0], CODES[3], CODES[1])
    results = [await shop.application.sync.run(shop.integration, silent) for _ in range(2)]
    assert shop.sandbox.products["RU-1"].barcodes == CODES[:2]
    [problem] = [problem for result in results for problem in result.run.problems if problem.field == "barcode"]
    assert (problem.offer_id, problem.code) == ("RU-1", "barcode_already_used")
    assert problem.text.startswith(CODES[3])
    again = await shop.application.sync.run(shop.integration, silent)
    assert not again.run.problems, "it is not asked for again before the store's change"


async def test_a_request_refused_as_a_whole_ends_nothing_and_is_made_again(shop: Shop, line: Line) -> None:
    await with_codes(shop, "RU-1", CODES[0])
    await settle(shop)
    await with_codes(shop, "RU-1", CODES[0], CODES[1])
    line.break_at(ADD, "400")
    result = await shop.application.sync.run(shop.integration, silent)
    assert {problem.offer_id for problem in result.run.problems} == {"RU-1"}
    line.mend()
    await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-1"].barcodes == CODES[:2]


async def test_killed_between_the_import_and_the_barcodes_they_are_added_by_the_next_run(shop: Shop, line: Line) -> None:
    await with_codes(shop, "RU-1", CODES[0])
    await settle(shop)
    await with_codes(shop, "RU-1", CODES[0], CODES[1])
    line.break_at(ADD, "network")
    with pytest.raises(NetworkError):
        await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-1"].barcodes == CODES[:1]
    line.mend()
    await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-1"].barcodes == CODES[:2]


async def test_barcodes_an_existing_card_has_stay(shop: Shop) -> None:
    made = place(shop.sandbox, "RU-2", "Старая", barcode=CODES[0])
    made.more_barcodes = [CODES[1]]
    shop.sandbox.memory.note_barcode(made)
    await with_codes(shop, "RU-2", CODES[2])
    await as_in_store(shop)
    await shop.application.sync.run(shop.integration, silent)
    now = shop.sandbox.products["RU-2"]
    assert (now.name, now.barcodes[0], set(now.barcodes)) == ("Рубашка RU-2", CODES[0], set(CODES[:3]))

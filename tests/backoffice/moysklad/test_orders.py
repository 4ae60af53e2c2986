"""Orders in МойСклад: each posting once with its reserve, forward only, freed when cancelled."""

import asyncio
from decimal import Decimal
from uuid import uuid4

import pytest

from ozon_desktop.backoffice.moysklad.order_texts import LONGEST
from ozon_desktop.backoffice.moysklad.orders import BUYER_CODE, sync_id
from ozon_desktop.domain.store_connection import OrderStage
from ozon_desktop.errors import BackOfficeFailed, BackOfficeRefused
from ozon_desktop.sandbox.moysklad.model import MOSCOW
from tests.backoffice.moysklad.shop import NOW, Shop, order


async def test_an_order_has_all_that_was_chosen_and_reserves_its_goods(shop: Shop) -> None:
    there = shop.there
    channel = there.add_to("saleschannel", "Ozon", type="MARKETPLACE")
    boss = there.add_to("employee", "Иванов", lastName="Иванов")
    mug = there.add_product("Кружка", stock=7, vat=10)
    asked = order(
        "100-1-1",
        {"MUG": 2},
        {"MUG": mug.id},
        state="Подтвержден",
        organization_id=there.company.id,
        direction_id=channel.id,
        responsible_id=boss.id,
    )
    placed = await shop.client.put(asked)
    made = there.orders[0]
    assert (placed.id, placed.number, placed.posted, placed.shipped, placed.cancelled) == (made.id, made.name, True, False, False)
    assert placed.state == "Подтвержден"
    assert placed.seen_at is not None
    buyer = next(iter(there.memory.lists["counterparty"].values()))
    assert (buyer.name, buyer.external_code) == ("Ozon", BUYER_CODE)
    assert made.references == {
        "organization": there.company.id,
        "agent": buyer.id,
        "store": there.store.id,
        "salesChannel": channel.id,
        "owner": boss.id,
        "state": there.state_id("Подтвержден"),
    }
    assert (made.sync_id, made.external_code) == (sync_id("100-1-1"), "100-1-1")
    assert made.moment == NOW.astimezone(MOSCOW)
    line = made.positions[0]
    assert (line.good_id, line.price, line.vat, line.vat_enabled) == (mug.id, 59000.0, 10, True)
    assert line.quantity == line.reserve == 2
    assert there.free(mug) == 5


async def test_whom_only_the_program_knows_keeps_no_order_out(shop: Shop) -> None:
    mug, boss = shop.there.add_product("Кружка", stock=7), shop.there.add_to("employee", "Иванов", lastName="Иванов")
    unknown = uuid4().hex
    await shop.client.put(order("1-1", {"MUG": 2}, {"MUG": mug.id}, direction_id=unknown, responsible_id=boss.id))
    await shop.client.put(order("1-2", {"MUG": 1}, {"MUG": mug.id}, direction_id=unknown, responsible_id=unknown))
    first, second = (made.references for made in shop.there.orders)
    assert "salesChannel" not in {*first, *second}
    assert first["owner"] == boss.id
    assert shop.there.free(mug) == 4


async def test_an_organization_that_is_not_there_is_named(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    with pytest.raises(BackOfficeRefused, match="организации"):
        await shop.client.put(order("1-1", {"MUG": 2}, {"MUG": mug.id}, organization_id=uuid4().hex))
    assert not shop.there.orders


@pytest.mark.parametrize("kind", ["variant", "bundle"])
async def test_variants_and_bundles_are_ordered_as_what_they_are(shop: Shop, kind: str) -> None:
    cup = shop.there.add_product("Чашка", stock=10)
    sold = (
        shop.there.add_variant(cup, characteristics=(("Цвет", "белый"),), stock=10)
        if kind == "variant"
        else shop.there.add_bundle("Пара", {cup.id: 2.0})
    )
    await shop.client.put(order("1-1", {"A": 3}, {"A": sold.id}))
    assert shop.there.orders[0].positions[0].good_id == sold.id
    assert shop.there.free(cup if kind == "bundle" else sold) == (4 if kind == "bundle" else 7)


async def test_a_line_without_a_product_stands_in_the_comment(shop: Shop) -> None:
    mug, gone = shop.there.add_product("Кружка", stock=7), shop.there.add_product("Удалённая")
    shop.there.delete(gone)
    await shop.client.put(order("1-1", {"MUG": 1, "NEW": 2, "GONE": 3}, {"MUG": mug.id, "GONE": gone.id}))
    made = shop.there.orders[0]
    assert [line.good_id for line in made.positions] == [mug.id]
    assert "NEW — Товар NEW: 2 шт. по 590 RUB" in made.description
    assert "GONE — Товар GONE: 3 шт." in made.description
    assert "1-1" in made.description


async def test_a_comment_is_never_longer_than_the_service_takes(shop: Shop) -> None:
    await shop.client.put(order("1-1", {f"ARTICLE-{number}": 1 for number in range(200)}, {}))
    assert len(shop.there.orders[0].description) == LONGEST


async def test_an_order_that_is_there_is_not_made_again(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    asked = order("1-1", {"MUG": 2}, {"MUG": mug.id})
    first = await shop.client.put(asked)
    # Another computer, with nothing but the posting.
    second = await shop.new_client().put(asked)
    assert (first.id, first.number) == (second.id, second.number)
    assert len(shop.there.orders) == 1
    assert shop.there.free(mug) == 5


async def test_two_computers_at_once_make_one_order_and_one_buyer(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    asked = order("1-1", {"MUG": 2}, {"MUG": mug.id})
    placed = await asyncio.gather(shop.client.put(asked), shop.new_client().put(asked))
    assert placed[0].id == placed[1].id
    assert len(shop.there.orders) == len(shop.there.memory.lists["counterparty"]) == 1
    assert shop.there.free(mug) == 5


@pytest.mark.parametrize("fault", ["lost", "cut"])
async def test_a_lost_answer_is_looked_up(shop: Shop, fault: str) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    asked = order("1-1", {"MUG": 2}, {"MUG": mug.id})
    shop.there.memory.faults.add(fault, "entity/customerorder", method="POST")
    placed = await shop.client.put(asked)
    assert [made.id for made in shop.there.orders] == [placed.id]
    assert [request.method for request in shop.there.requests if request.path == "/entity/customerorder"] == ["GET", "POST", "GET"]


async def test_what_was_not_carried_out_is_an_error_and_taken_the_next_time(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    asked = order("1-1", {"MUG": 2}, {"MUG": mug.id})
    shop.there.memory.faults.add("lost_before", "entity/customerorder", method="POST")
    with pytest.raises(BackOfficeFailed):
        await shop.client.put(asked)
    assert shop.there.orders == []
    await shop.client.put(asked)
    assert len(shop.there.orders) == 1


async def test_an_order_a_person_threw_away_is_not_made_again(shop: Shop) -> None:
    asked = order("1-1", {"MUG": 2}, {})
    await shop.client.put(asked)
    shop.there.trash(shop.there.orders[0])
    assert (await shop.client.put(asked)).cancelled
    assert len(shop.there.orders) == 1


async def test_many_orders_are_found_at_once(shop: Shop) -> None:
    orders = [order(f"{number}-1", {"MUG": 1}, {}) for number in range(120)]
    for asked in orders[:110]:
        await shop.client.put(asked)
    before = len(shop.there.requests)
    found = await shop.client.find(orders)
    assert sorted(found) == sorted(asked.posting_number for asked in orders[:110])
    assert len(shop.there.requests) - before == 3


async def test_the_shop_has_a_buyer_of_that_name_already(shop: Shop) -> None:
    buyer = shop.there.add_to("counterparty", "Ozon", companyType="legal")
    await shop.client.put(order("1-1", {"MUG": 1}, {}))
    assert shop.there.orders[0].references["agent"] == buyer.id


async def test_without_a_chosen_organization_the_only_one_is_taken(shop: Shop) -> None:
    await shop.client.put(order("1-1", {"MUG": 1}, {}))
    assert shop.there.orders[0].references["organization"] == shop.there.company.id
    shop.there.add_to("organization", "Вторая", companyType="legal")
    with pytest.raises(BackOfficeRefused, match="организация"):
        await shop.client.put(order("2-1", {"MUG": 1}, {}))


async def test_goods_are_reserved_in_the_store_that_has_them(shop: Shop) -> None:
    second = shop.there.add_to("store", "Второй")
    mug = shop.there.add_product("Кружка", stock=1)
    shop.there.set_stock(mug, 9, second)
    await shop.client.put(order("1-1", {"MUG": 3}, {"MUG": mug.id}))
    assert shop.there.orders[0].references["store"] == second.id
    assert [shop.there.free(mug, store) for store in (shop.there.store, second)] == [1, 6]


async def test_goods_are_taken_from_where_the_rules_say(shop: Shop) -> None:
    second, third = shop.there.add_to("store", "Второй"), shop.there.add_to("store", "Третий")
    mug = shop.there.add_product("Кружка", stock=50)
    for store in (second, third):
        shop.there.set_stock(mug, 4, store)
    await shop.client.put(order("1-1", {"MUG": 3}, {"MUG": mug.id}, warehouse_ids=("gone", second.id)))
    await shop.client.put(order("2-1", {"MUG": 3}, {"MUG": mug.id}, warehouse_ids=(second.id, third.id)))
    assert [made.references["store"] for made in shop.there.orders] == [second.id, third.id]
    await shop.client.put(order("3-1", {"MUG": 3}, {"MUG": mug.id}, warehouse_ids=("gone",)))
    assert shop.there.orders[2].references["store"] == shop.there.store.id


async def test_what_ozon_sells_from_its_own_warehouse_reserves_nothing_here(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    placed = await shop.client.put(order("1-1", {"MUG": 3}, {"MUG": mug.id}, scheme="fbo"))
    assert not placed.reserved
    assert "store" not in shop.there.orders[0].references
    assert shop.there.free(mug) == 7


# --- what the free stocks are without ------------------------------------------------------------------------------------


async def test_the_answer_says_that_the_goods_are_reserved_and_since_when(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    asked = order("1-1", {"MUG": 2}, {"MUG": mug.id}, state="Новый")
    # The service's clock is not this computer's.
    shop.time.move(hours=5)
    placed = await shop.client.put(asked)
    assert (placed.reserved, placed.left_out, placed.seen_at) == (True, (), shop.time().replace(microsecond=0))
    assert (await shop.client.find([asked]))["1-1"].reserved
    packed = order("1-1", {"MUG": 2}, {"MUG": mug.id}, stage=OrderStage.ASSEMBLED, state="Собран")
    assert (await shop.client.set_state(packed, placed, "Новый")).reserved
    shop.there.ship(shop.there.orders[0])
    assert (await shop.client.find([asked]))["1-1"].reserved, "shipped goods are not free either"


async def test_a_gift_is_reserved_like_anything_else(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    asked = order("1-1", {"MUG": 2}, {"MUG": mug.id})
    await shop.client.put(asked)
    shop.there.memory.orders[shop.there.orders[0].id].positions[0].price = 0.0
    assert (await shop.client.find([asked]))["1-1"].reserved


@pytest.mark.parametrize("what", ["reserve", "posted", "bin"])
async def test_what_a_person_took_away_is_reserved_no_more(shop: Shop, what: str) -> None:
    mug, plate = shop.there.add_product("Кружка", stock=7), shop.there.add_product("Тарелка", stock=7)
    asked = order("1-1", {"MUG": 2, "PLATE": 1}, {"MUG": mug.id, "PLATE": plate.id})
    await shop.client.put(asked)
    made = shop.there.orders[0]
    if what == "reserve":
        made.positions[0].reserve = Decimal(1)
    elif what == "posted":
        made.applicable = False
    else:
        shop.there.trash(made)
    assert not (await shop.client.find([asked]))["1-1"].reserved


async def test_lines_that_are_not_in_the_order_are_named(shop: Shop) -> None:
    mug, plate = shop.there.add_product("Кружка", stock=7), shop.there.add_product("Тарелка", stock=7)
    asked = order("1-1", {"MUG": 2, "PLATE": 3, "NEW": 1}, {"MUG": mug.id, "PLATE": plate.id})
    placed = await shop.client.put(asked)
    assert (placed.reserved, placed.left_out) == (True, ("NEW",))
    shop.there.orders[0].positions[1].quantity = shop.there.orders[0].positions[1].reserve = Decimal(2)
    assert (await shop.client.find([asked]))["1-1"].left_out == ("PLATE", "NEW")
    only_unknown = await shop.client.put(order("2-1", {"NEW": 1}, {}))
    assert not only_unknown.reserved


async def test_two_articles_of_one_product_need_the_pieces_of_both(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    ids = {"MUG": mug.id, "MUG-OLD": mug.id}
    asked = order("1-1", {"MUG": 2, "MUG-OLD": 1}, ids)
    assert (await shop.client.put(asked)).left_out == ()
    shop.there.orders[0].positions.pop()
    assert (await shop.client.find([asked]))["1-1"].left_out == ("MUG", "MUG-OLD")


async def test_an_order_in_another_currency_says_so(shop: Shop) -> None:
    tenge = shop.there.add_to("currency", "тенге", isoCode="KZT", default=False)
    await shop.client.put(order("1-1", {"MUG": 1}, {}, currency="KZT"))
    assert shop.there.orders[0].currency_id == tenge.id
    with pytest.raises(BackOfficeRefused, match="BYN"):
        await shop.client.put(order("2-1", {"MUG": 1}, {}, currency="BYN"))


async def test_a_state_nobody_knows_does_not_keep_an_order_out(shop: Shop) -> None:
    asked = order("1-1", {"MUG": 1}, {}, state="Такого нет")
    placed = await shop.client.put(asked)
    assert placed.state == ""
    with pytest.raises(BackOfficeRefused, match="Такого нет"):
        await shop.client.set_state(asked, placed, "")


# --- states ---------------------------------------------------------------------------------------------------------------


async def test_a_state_is_moved_on_and_not_written_twice(shop: Shop) -> None:
    placed = await shop.client.put(order("1-1", {"MUG": 1}, {}, state="Новый"))
    packed = order("1-1", {"MUG": 1}, {}, stage=OrderStage.ASSEMBLED, state="собран ")
    moved = await shop.client.set_state(packed, placed, placed.state)
    assert shop.there.state_of(shop.there.orders[0]) == "Собран"
    assert moved.state == "Собран"
    before = len([request for request in shop.there.requests if request.method == "PUT"])
    await shop.client.set_state(packed, moved, "Собран")
    assert len([request for request in shop.there.requests if request.method == "PUT"]) == before


async def test_a_persons_state_stays(shop: Shop) -> None:
    placed = await shop.client.put(order("1-1", {"MUG": 1}, {}, state="Новый"))
    shop.there.set_state(shop.there.orders[0], "Доставлен")
    packed = order("1-1", {"MUG": 1}, {}, stage=OrderStage.ASSEMBLED, state="Собран")
    after = await shop.client.set_state(packed, placed, "Новый")
    assert after.changed_by_hand
    assert shop.there.state_of(shop.there.orders[0]) == "Доставлен"


@pytest.mark.parametrize(("by_hand", "after"), [("", "Собран"), ("Новый", "Собран"), ("Подтвержден", "Подтвержден")])
async def test_where_no_state_was_set_only_an_untouched_order_gets_one(shop: Shop, by_hand: str, after: str) -> None:
    placed = await shop.client.put(order("1-1", {"MUG": 1}, {}))
    if by_hand:
        shop.there.set_state(shop.there.orders[0], by_hand)
    await shop.client.set_state(order("1-1", {"MUG": 1}, {}, stage=OrderStage.ASSEMBLED, state="Собран"), placed, "")
    assert shop.there.state_of(shop.there.orders[0]) == after


async def test_a_cancelled_order_is_freed_of_its_reserve_and_keeps_all_else(shop: Shop) -> None:
    mug, plate = shop.there.add_product("Кружка", stock=7), shop.there.add_product("Тарелка", stock=5)
    placed = await shop.client.put(order("1-1", {"MUG": 2, "PLATE": 1}, {"MUG": mug.id, "PLATE": plate.id}, state="Новый"))
    made = shop.there.orders[0]
    kept = [(line.good_id, line.quantity, line.price) for line in made.positions]
    cancelled = order("1-1", {"MUG": 2, "PLATE": 1}, {"MUG": mug.id}, stage=OrderStage.CANCELLED, state="Отменен")
    await shop.client.set_state(cancelled, placed, "Новый")
    assert [shop.there.free(good) for good in (mug, plate)] == [7, 5]
    assert [(line.good_id, line.quantity, line.price) for line in made.positions] == kept
    assert shop.there.state_of(made) == "Отменен"


async def test_what_is_cancelled_on_its_way_keeps_its_reserve(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    placed = await shop.client.put(order("1-1", {"MUG": 2}, {"MUG": mug.id}, state="Новый"))
    cancelled = order("1-1", {"MUG": 2}, {"MUG": mug.id}, stage=OrderStage.CANCELLED, state="Отменен", left=True)
    after = await shop.client.set_state(cancelled, placed, "Новый")
    assert (after.state, after.reserved) == ("Отменен", True)
    assert shop.there.free(mug) == 5, "the pieces have left and are not to be sold once more"


async def test_a_cancelled_order_a_person_moved_is_freed_and_keeps_its_state(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    placed = await shop.client.put(order("1-1", {"MUG": 2}, {"MUG": mug.id}, state="Новый"))
    shop.there.set_state(shop.there.orders[0], "Подтвержден")
    after = await shop.client.set_state(order("1-1", {"MUG": 2}, {}, stage=OrderStage.CANCELLED, state="Отменен"), placed, "Новый")
    assert after.changed_by_hand
    assert shop.there.free(mug) == 7
    assert shop.there.state_of(shop.there.orders[0]) == "Подтвержден"


async def test_what_was_shipped_is_seen_and_left_alone(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=7)
    placed = await shop.client.put(order("1-1", {"MUG": 2}, {"MUG": mug.id}, state="Новый"))
    shop.there.ship(shop.there.orders[0])
    after = await shop.client.set_state(order("1-1", {"MUG": 2}, {}, stage=OrderStage.CANCELLED, state="Отменен"), placed, "Новый")
    assert after.shipped
    assert shop.there.state_of(shop.there.orders[0]) == "Новый"
    assert shop.there.memory.stocks[mug.id][shop.there.store.id] == Decimal(5)


@pytest.mark.parametrize("gone", ["trash", "erase"])
async def test_an_order_that_is_gone_is_said_to_be_cancelled(shop: Shop, gone: str) -> None:
    placed = await shop.client.put(order("1-1", {"MUG": 1}, {}, state="Новый"))
    getattr(shop.there, gone)(shop.there.orders[0])
    after = await shop.client.set_state(order("1-1", {"MUG": 1}, {}, stage=OrderStage.ASSEMBLED, state="Собран"), placed, "Новый")
    assert after.cancelled


async def test_a_state_that_was_just_added_is_known(shop: Shop) -> None:
    placed = await shop.client.put(order("1-1", {"MUG": 1}, {}, state="Новый"))
    shop.there.memory.states["00000000-0000-4000-8000-00000000aaaa"] = "Ждёт курьера"
    packed = order("1-1", {"MUG": 1}, {}, stage=OrderStage.ASSEMBLED, state="Ждёт курьера")
    assert (await shop.client.set_state(packed, placed, "Новый")).state == "Ждёт курьера"

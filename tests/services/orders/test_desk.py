"""Work on FBS orders against an honest Ozon: what is assembled, split, cancelled, handed over, and what is told of it."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from ozon_desktop.domain.fbs import ActionEnd, FbsAction, MarkState, Need, OwnDelivery, ShipState
from ozon_desktop.domain.fbs_todo import Step
from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.domain.lease import fbs_lease
from ozon_desktop.domain.marks import MarkProblem
from ozon_desktop.errors import AnswerTimeout, ConnectionLost, InvalidKey, MissingRole, NotFound, RequestRefused, WrongInput
from ozon_desktop.ozon.fbs import FbsClient
from ozon_desktop.services.orders.desk_view import ShipReport
from ozon_desktop.services.orders.parts.keeping import MARK_DAYS
from ozon_desktop.services.runs.leases import Leases, RunIsHeld
from tests.services.orders.desk_shop import CODE, GET, LIST, SHIP, Desk, opened
from tests.services.shop import MAIN_WAREHOUSE, Shop


@pytest.fixture
async def desk(shop: Shop) -> Desk:
    return await opened(shop)


def states(report: ShipReport) -> list[ShipState]:
    return [one.state for one in report.outcomes]


# --- to do --------------------------------------------------------------------------------------------------------------


async def test_the_list_says_what_is_next_and_what_to_fetch(desk: Desk) -> None:
    desk.sandbox.require("RU-2", "mandatory_mark")
    plain, marked = await desk.order({"RU-1": 2, "RU-3": 1}, {"RU-2": 1})
    view = await desk.work.todo(desk.integration)
    assert {line.posting.posting_number: (line.step, line.needs) for line in view.lines} == {
        plain: (Step.ASSEMBLE, ()),
        marked: (Step.FILL, (Need.MARK,)),
    }
    assert view.last_fetch is not None
    assert all(line.cost is not None and line.next_cost is not None for line in view.lines)
    assert (await desk.work.todo(desk.integration, frozenset({1}))).lines == ()
    pick = await desk.work.picking(desk.integration, [plain, marked])
    assert [(line.offer_id, line.quantity) for line in pick] == [("RU-1", 2), ("RU-2", 1), ("RU-3", 1)]


# --- assembling ---------------------------------------------------------------------------------------------------------


async def test_several_postings_are_assembled_and_each_is_told(desk: Desk) -> None:
    desk.sandbox.require("RU-2", "mandatory_mark")
    good, marked, gone, packed = await desk.order({"RU-1": 2}, {"RU-2": 1}, {"RU-1": 1}, {"RU-3": 1})
    desk.sandbox.set_posting_status(gone, "cancelled")
    desk.sandbox.set_posting_status(packed, "awaiting_deliver")
    report = await desk.work.ship(desk.integration, [good, marked, gone, packed])
    assert states(report) == [ShipState.ASSEMBLED, ShipState.NEEDS, ShipState.CANCELLED, ShipState.ALREADY]
    assert (desk.status(good), await desk.known(good), await desk.known(gone)) == ("awaiting_deliver", "awaiting_deliver", "cancelled")
    assert desk.asked(SHIP) == 1
    run = (await desk.shop.application.journal.runs(desk.integration))[0]
    assert (run.kind, run.result, dict(run.counts)) == (RunKind.FBS, RunResult.PARTIAL, {"assembled": 2, "refused": 2})
    assert {problem.field for problem in run.problems} == {marked, gone}
    [intent] = await desk.work.history(desk.integration, good)
    assert (intent.action, intent.end, intent.run_id) == (FbsAction.SHIP, ActionEnd.DONE, run.id)
    assert intent.who
    assert intent.answered_at is not None


async def test_a_200_is_not_assembled(desk: Desk) -> None:
    failing, fine = await desk.order({"RU-1": 1}, {"RU-1": 1})
    desk.sandbox.memory.ship_failures = 1
    report = await desk.work.ship(desk.integration, [failing])
    assert states(report) == [ShipState.FAILED]
    assert (await desk.work.todo(desk.integration)).lines[0].failed or (await desk.work.todo(desk.integration)).lines[1].failed
    assert states(await desk.work.ship(desk.integration, [failing, fine])) == [ShipState.ASSEMBLED, ShipState.ASSEMBLED]


async def test_an_earlier_failure_is_not_taken_for_the_answer(desk: Desk) -> None:
    [number] = await desk.order({"RU-1": 1})
    desk.sandbox.memory.ship_failures = 1
    assert states(await desk.work.ship(desk.integration, [number])) == [ShipState.FAILED]
    # Until Ozon has done it, the posting shows the old failure.
    desk.sandbox.memory.timing.ship_delay = timedelta(seconds=0.5)
    assert states(await desk.work.ship(desk.integration, [number])) == [ShipState.ASSEMBLED]


async def test_what_ozon_is_still_at_is_read_later_and_not_asked_twice(desk: Desk) -> None:
    [number] = await desk.order({"RU-1": 1})
    desk.sandbox.memory.timing.ship_delay = timedelta(days=1)
    assert states(await desk.work.ship(desk.integration, [number])) == [ShipState.WAITING]
    assert [line.step for line in (await desk.work.todo(desk.integration)).lines] == [Step.WAIT]
    assert await desk.open_intents() == 1
    desk.sandbox.memory.timing.ship_delay = timedelta(0)
    assert states(await desk.work.ship(desk.integration, [number])) == [ShipState.ALREADY]
    assert (desk.asked(SHIP), await desk.open_intents()) == (1, 0)


async def test_two_parcels_keep_both_numbers(desk: Desk) -> None:
    [number] = await desk.order({"RU-1": 2, "RU-2": 1})
    one, two = desk.sku("RU-1"), desk.sku("RU-2")
    wrong = await desk.work.ship(desk.integration, [number], {number: [{one: 1}, {two: 1}]})
    assert (states(wrong), desk.asked(SHIP)) == ([ShipState.WRONG_PIECES], 0)
    report = await desk.work.ship(desk.integration, [number], {number: [{one: 2}, {two: 1}]})
    [outcome] = report.outcomes
    assert (outcome.state, len(outcome.parcels), outcome.parcels[0]) == (ShipState.ASSEMBLED, 2, number)
    assert [await desk.known(parcel) for parcel in outcome.parcels] == ["awaiting_deliver"] * 2


async def test_a_part_and_a_split(desk: Desk) -> None:
    number, apart = await desk.order({"RU-1": 3}, {"RU-1": 2, "RU-2": 1})
    one, two = desk.sku("RU-1"), desk.sku("RU-2")
    done = await desk.work.ship_part(desk.integration, number, {one: 1})
    assert done.done
    assert [desk.status(parcel) for parcel in done.result] == ["awaiting_packaging", "awaiting_deliver"]
    assert [line["quantity"] for line in desk.on_ozon(number)["products"]] == [2]
    with pytest.raises(WrongInput):
        await desk.work.ship_part(desk.integration, number, {one: 3})
    with pytest.raises(WrongInput):
        await desk.work.split(desk.integration, apart, [{one: 2}])
    done = await desk.work.split(desk.integration, apart, [{one: 2}, {two: 1}])
    assert (done.done, len(done.result)) == (True, 3)
    assert [await desk.known(parcel) for parcel in done.result] == ["cancelled_from_split_pending", *["awaiting_packaging"] * 2]


async def test_what_concerns_all_is_raised_once_and_the_rest_is_not_asked(desk: Desk) -> None:
    numbers = await desk.order(*[{"RU-1": 1}] * 20)
    desk.line.break_at(SHIP, "key")
    with pytest.raises(InvalidKey):
        await desk.work.ship(desk.integration, numbers)
    assert desk.asked(SHIP) <= 8
    assert await desk.open_intents() == 0
    run = (await desk.shop.application.journal.runs(desk.integration))[0]
    assert run.result is RunResult.FAILED


@pytest.mark.parametrize("trouble", ["lost", "500 after work"])
async def test_a_lost_answer_is_read_and_never_asked_again(desk: Desk, trouble: str) -> None:
    [number] = await desk.order({"RU-1": 1})
    desk.line.break_at(SHIP, trouble)
    try:
        report = await desk.work.ship(desk.integration, [number])
        assert states(report) == [ShipState.ASSEMBLED]
    except (ConnectionLost, AnswerTimeout):
        assert trouble == "lost"
    desk.line.break_at(SHIP, "400")
    assert states(await desk.work.ship(desk.integration, [number])) == [ShipState.ALREADY]
    assert (desk.asked(SHIP), await desk.open_intents(), desk.status(number)) == (1, 0, "awaiting_deliver")


async def test_two_processes_do_not_work_on_one_cabinet_and_lacking_rights_are_said_before(desk: Desk) -> None:
    [number] = await desk.order({"RU-1": 1})
    async with Leases(desk.shop.application.storage).hold(fbs_lease(desk.integration), lambda unit: 0):
        with pytest.raises(RunIsHeld):
            await desk.work.ship(desk.integration, [number])
    desk.sandbox.memory.keys._roles["Admin"] = tuple(path for path in desk.sandbox.memory.keys._roles["Admin"] if path != SHIP)
    await desk.shop.application.connection.check(desk.integration)
    assert await desk.work.lacking_rights(desk.integration) == (SHIP,)
    with pytest.raises(MissingRole):
        await desk.work.ship(desk.integration, [number])
    assert desk.asked(SHIP) == 0
    with pytest.raises(NotFound):
        await desk.work.ship(desk.integration, ["0-0-0"])


# --- marks --------------------------------------------------------------------------------------------------------------


async def test_a_marked_posting_goes_from_scanner_to_assembled(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.sandbox.require("RU-1", "mandatory_mark", "gtd")
    number, other = await desk.order({"RU-1": 2, "RU-3": 1}, {"RU-1": 1})
    work = desk.work
    first = await work.enter_mark(desk.integration, number, f"]d2{CODE.format(1)}\n")
    assert first.slot is not None
    assert (first.slot.piece, first.problem) == (0, None)
    again = await work.enter_mark(desk.integration, other, CODE.format(1))
    assert (again.problem, again.other) == (MarkProblem.DOUBLE, number)
    short = await work.enter_mark(desk.integration, number, CODE.format(2).replace("\x1d", ""), kind=Need.MARK)
    assert short.problem is MarkProblem.NO_SEPARATOR
    checked = await work.send_marks(desk.integration, number)
    assert (checked.may_ship, checked.missing) == (False, 3)
    await work.enter_mark(desk.integration, number, CODE.format(2))
    for _ in range(2):
        assert (await work.enter_mark(desk.integration, number, "Нет")).problem is None
    assert (await work.enter_mark(desk.integration, number, CODE.format(3))).slot is None, "every piece has one"
    checked = await work.send_marks(desk.integration, number)
    assert (checked.may_ship, checked.missing) == (True, 0)
    assert {slot.mark.state for slot in checked.slots if slot.mark is not None} == {MarkState.PASSED}
    assert states(await work.ship(desk.integration, [number])) == [ShipState.ASSEMBLED]
    codes = [mark for pieces in desk.sandbox.memory.postings[number].exemplars.values() for piece in pieces for mark, _ in piece.marks]
    assert codes == [CODE.format(1), CODE.format(2)]
    journal = "".join(str(run) for run in await desk.shop.application.journal.runs(desk.integration))
    intents = "".join(str(one) for one in await work.history(desk.integration, number))
    assert "5serial" not in caplog.text + journal + intents


@pytest.mark.parametrize("method", ["validate_pieces", "set_pieces"])
async def test_a_code_that_ozon_repeats_in_its_refusal_is_kept_nowhere(desk: Desk, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    desk.sandbox.require("RU-1", "mandatory_mark")
    [number] = await desk.order({"RU-1": 1})
    await desk.work.enter_mark(desk.integration, number, CODE.format(1))

    async def refuse(*_: object) -> None:
        raise RequestRefused("/v6", detail=f"mark {CODE.format(1)} is bad, as is {CODE.format(1)[:30]}", status=400)

    monkeypatch.setattr(FbsClient, method, refuse)
    with pytest.raises(RequestRefused) as refused:
        await desk.work.send_marks(desk.integration, number)
    runs = await desk.shop.application.journal.runs(desk.integration)
    said = f"{refused.value} {refused.value.detail} {runs} {await desk.work.history(desk.integration, number)}"
    assert "is bad" in said
    assert "5serial0001" not in said


async def test_what_ozon_refuses_stands_at_its_piece(desk: Desk) -> None:
    desk.sandbox.require("RU-1", "mandatory_mark")
    desk.sandbox.memory.not_in_circulation.add(CODE.format(2))
    desk.sandbox.memory.mark_timeouts = 1
    [number] = await desk.order({"RU-1": 2})
    for place in (1, 2):
        await desk.work.enter_mark(desk.integration, number, CODE.format(place))
    checked = await desk.work.send_marks(desk.integration, number)
    found = [(slot.mark.state, slot.mark.errors) for slot in checked.slots if slot.mark is not None]
    assert found == [(MarkState.PASSED, ()), (MarkState.REFUSED, ("MARK_NOT_IN_CIRCULATION",))]
    assert states(await desk.work.ship(desk.integration, [number])) == [ShipState.NEEDS]
    sku = desk.sku("RU-1")
    replaced = await desk.work.enter_mark(desk.integration, number, CODE.format(3), sku=sku, piece=1)
    assert replaced.problem is None
    assert (await desk.work.send_marks(desk.integration, number)).may_ship
    assert await desk.work.drop_mark(desk.integration, number, sku, 1, Need.MARK)
    assert not await desk.work.drop_mark(desk.integration, number, sku, 1, Need.MARK)


async def test_a_country_may_ask_for_a_declaration(desk: Desk) -> None:
    desk.sandbox.require("RU-1", "country")
    [number] = await desk.order({"RU-1": 1})
    assert "CN" in await desk.work.countries(desk.integration, "Кит")
    done = await desk.work.set_country(desk.integration, number, desk.sku("RU-1"), "CN")
    assert done.detail == "теперь нужна ГТД"
    [slot] = await desk.work.slots(desk.integration, number)
    assert slot.kind is Need.GTD
    await desk.work.enter_mark(desk.integration, number, "10714040/140917/0090376")
    assert (await desk.work.send_marks(desk.integration, number)).may_ship
    assert states(await desk.work.ship(desk.integration, [number])) == [ShipState.ASSEMBLED]


async def test_codes_are_forgotten_when_the_time_for_returns_is_over(desk: Desk) -> None:
    desk.sandbox.require("RU-1", "mandatory_mark")
    number, kept = await desk.order({"RU-1": 1}, {"RU-1": 1})
    await desk.work.enter_mark(desk.integration, number, CODE.format(1))
    await desk.work.enter_mark(desk.integration, kept, CODE.format(2))
    desk.sandbox.set_posting_status(number, "delivering")
    await desk.fetch()
    assert await desk.work.forget_codes() == 0, "ninety days are not over"
    await desk.shop.application.storage.run(lambda unit: unit.preferences.set(MARK_DAYS, "0"))
    await desk.fetch()
    assert await desk.work.forget_codes() == 0, "every fetch forgets"
    [slot] = await desk.work.slots(desk.integration, kept)
    assert slot.mark is not None
    assert slot.mark.code == CODE.format(2)
    [mark] = await desk.shop.application.storage.run(lambda unit: unit.fbs.marks(desk.integration, [number]))
    assert (mark.code, len(mark.digest)) == ("", 64)
    [again] = await desk.order({"RU-1": 1})
    assert (await desk.work.enter_mark(desk.integration, again, CODE.format(1))).problem is MarkProblem.DOUBLE


# --- cancelling, handing over, own delivery -----------------------------------------------------------------------------


async def test_only_reasons_ozon_takes_cancel(desk: Desk) -> None:
    whole, part = await desk.order({"RU-1": 1}, {"RU-1": 2, "RU-2": 1})
    assert {one.id for one in await desk.work.cancel_reasons(desk.integration, whole)} == {352, 400, 402, 666}
    for reason, message in ((506, ""), (402, " ")):
        with pytest.raises(WrongInput):
            await desk.work.cancel(desk.integration, whole, reason, message)
    assert (await desk.work.cancel(desk.integration, whole, 352)).done
    assert (desk.status(whole), await desk.known(whole)) == ("cancelled", "cancelled")
    assert (await desk.work.cancel(desk.integration, part, 352, "нет", {desk.sku("RU-1"): 1})).done
    assert [line["quantity"] for line in desk.on_ozon(part)["products"]] == [1, 1]
    assert (await desk.work.cancel(desk.integration, whole, 352)).detail == "уже отменено"


async def test_a_carriage_takes_the_named_ones_and_the_rest_stays(desk: Desk, tmp_path: Path) -> None:
    first, second = await desk.order({"RU-1": 1}, {"RU-2": 1})
    await desk.work.ship(desk.integration, [first, second])
    [method] = await desk.work.carriage_methods(desk.integration)
    assert (method.packed, method.can_create) == (2, True)
    gathered = await desk.work.gather_carriage(desk.integration, method.method_id, [first, "0-0-0"])
    assert [number for number, _ in gathered.not_taken] == ["0-0-0"]
    assert (await desk.work.gather_carriage(desk.integration, method.method_id)).carriage_id == gathered.carriage_id, "the open one goes on"
    done = await desk.work.approve_carriage(desk.integration, gathered.carriage_id, tmp_path / "act.pdf")
    assert done.act is not None
    assert (done.act.postings, done.act.has_next, done.barcode) == ((first,), True, f"%303%{done.carriage_id}")
    assert (tmp_path / "act.pdf").read_bytes().startswith(b"%PDF")
    assert (await desk.known(first), await desk.known(second)) == ("delivering", "awaiting_deliver")
    again = await desk.work.gather_carriage(desk.integration, MAIN_WAREHOUSE)
    assert again.carriage_id != done.carriage_id
    assert await desk.work.cancel_carriage(desk.integration, again.carriage_id) == ""
    with pytest.raises(WrongInput):
        await desk.work.gather_carriage(desk.integration, 5)


async def test_rfbs_postings_are_moved_by_the_seller(desk: Desk) -> None:
    [own] = await desk.order({"RU-1": 1}, scheme="rfbs")
    assert states(await desk.work.ship(desk.integration, [own])) == [ShipState.ASSEMBLED]
    assert (await desk.work.track(desk.integration, {own: "T-1"}))[own].done
    assert not (await desk.work.move(desk.integration, OwnDelivery.DELIVERED, [own]))[own].done
    for step, status in zip(OwnDelivery, ("delivering", "driver_pickup", "delivered"), strict=True):
        assert (await desk.work.move(desk.integration, step, [own]))[own].done
        assert await desk.known(own) == status


# --- labels -------------------------------------------------------------------------------------------------------------


async def test_labels_that_do_not_come_are_asked_again_and_named(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def passes(_seconds: float) -> None:
        return

    monkeypatch.setattr(desk.shop.application.orders._labels, "_sleep", passes)
    numbers = await desk.order(*({offer: 1} for offer in ("RU-3", "RU-1", "RU-2")))
    await desk.work.ship(desk.integration, numbers)
    desk.sandbox.memory.missing_labels = 1
    done = await desk.shop.application.orders.labels(desk.integration, numbers, tmp_path / "l.pdf")
    assert (done.printed, done.refused) == (3, ())
    assert _pages(done.files) == [numbers[1], numbers[2], numbers[0]], "as the picking list goes"
    desk.sandbox.memory.never_labelled.add(numbers[2])
    done = await desk.shop.application.orders.labels(desk.integration, numbers, tmp_path / "l.pdf")
    assert done.printed == 2
    assert done.refused == ((numbers[2], "Ozon не отдал этикетку: повторите через минуту"),)
    assert sorted(_pages(done.files)) == sorted([numbers[0], numbers[1]])


def _pages(files: Sequence[Path]) -> list[str]:
    text = b"".join(file.read_bytes() for file in files).decode("latin-1")
    return [part.partition(")")[0] for part in text.split("Td (")[1:]]


# --- how much is asked --------------------------------------------------------------------------------------------------


async def test_forty_postings_take_a_request_each_and_a_list_before_and_after(desk: Desk) -> None:
    numbers = await desk.order(*[{"RU-1": 1}] * 40)
    report = await desk.work.ship(desk.integration, numbers)
    assert report.assembled == 40
    assert desk.line.sent() == {LIST: 2, SHIP: 40}
    assert desk.asked(GET) == 0

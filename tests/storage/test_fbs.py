"""Work on FBS postings as it is kept, on both kinds of databases: intents and what became of them, codes and what is left of them."""

from dataclasses import replace
from datetime import timedelta

from ozon_desktop.domain.fbs import ActionAsked, ActionEnd, FbsAction, FbsIntent, KeptMark, MarkState, Need
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.storage.database import Database
from tests.storage.conftest import NOW
from tests.storage.test_aggregates import order

DAY = timedelta(days=1)


def intent(integration_id: int, subject: str, run_id: int = 0, action: FbsAction = FbsAction.SHIP) -> FbsIntent:
    asked = ActionAsked(((1, 2),), (((1, 1),), ((1, 1),)), 352, "слова", ("1-2",))
    return FbsIntent(0, integration_id, run_id, action, subject, asked, "Анна", NOW)


def test_an_intent_is_open_until_it_is_answered(database: Database, integration_id: int) -> None:
    first, second = database.run_sync(lambda unit: unit.fbs.begin([intent(integration_id, "1-1"), intent(integration_id, "2-1")]))
    assert database.run_sync(lambda unit: unit.fbs.open(integration_id)) == [first, second]
    assert database.run_sync(lambda unit: unit.fbs.open(integration_id + 1)) == []
    ended = replace(first, answered_at=NOW + DAY, end=ActionEnd.DONE, detail="", result=("1-1", "1-2"))
    database.run_sync(lambda unit: unit.fbs.end(ended))
    assert database.run_sync(lambda unit: unit.fbs.open(integration_id)) == [second]
    assert database.run_sync(lambda unit: unit.fbs.of_subject(integration_id, "1-1")) == [ended]
    assert database.run_sync(lambda unit: unit.fbs.of_kind(integration_id, FbsAction.SHIP)) == [ended, second]


def test_what_a_run_that_was_cut_short_has_done_is_told_once(database: Database, integration_id: int) -> None:
    def run(result: RunResult) -> int:
        begun = Run(0, integration_id, RunKind.FBS, RunCause.MANUAL, NOW, result=result)
        return database.run_sync(lambda unit: unit.journal.start(begun))

    runs = [run(result) for result in (RunResult.RUNNING, RunResult.DONE, RunResult.INTERRUPTED, RunResult.RUNNING)]
    begun = database.run_sync(lambda unit: unit.fbs.begin([intent(integration_id, "1-1", number) for number in runs]))
    for one in begun[:3]:
        ended = replace(one, answered_at=NOW, end=ActionEnd.DONE)
        database.run_sync(lambda unit, ended=ended: unit.fbs.end(ended))  # type: ignore[misc]

    def untold(asking: int) -> list[int]:
        return [one.id for one in database.run_sync(lambda unit: unit.fbs.untold(integration_id, FbsAction.SHIP, "1-1", asking))]

    assert untold(0) == [begun[0].id, begun[2].id]
    assert untold(runs[0]) == [begun[2].id], "the run that asks knows its own"
    database.run_sync(lambda unit: unit.fbs.tell(begun[2]))
    assert untold(0) == [begun[0].id]


def mark(integration_id: int, number: str, piece: int = 0, code: str = "code") -> KeptMark:
    return KeptMark(integration_id, number, 2**40, piece, Need.MARK, code, f"sha-{code}", MarkState.ENTERED, ("E",), NOW, "Анна")


def test_a_code_has_one_place_and_is_found_by_its_digest(database: Database, integration_id: int) -> None:
    database.run_sync(lambda unit: unit.orders.upsert(order(integration_id, "gone", "cancelled")))
    kept = [mark(integration_id, "1-1"), mark(integration_id, "1-1", 1, "other"), mark(integration_id, "gone", 0, "free")]
    database.run_sync(lambda unit: unit.fbs.put_marks(kept))
    assert database.run_sync(lambda unit: unit.fbs.marks(integration_id, ["1-1", "1-1", "none"])) == kept[:2]
    passed = replace(kept[0], state=MarkState.PASSED, errors=())
    database.run_sync(lambda unit: unit.fbs.put_marks([passed]))
    assert database.run_sync(lambda unit: unit.fbs.with_digest(integration_id, "sha-code")) == [passed]
    assert database.run_sync(lambda unit: unit.fbs.with_digest(integration_id, "sha-free")) == [], (
        "a cancelled posting gives its pieces back"
    )
    database.run_sync(lambda unit: unit.fbs.drop_mark(passed))
    assert database.run_sync(lambda unit: unit.fbs.marks(integration_id, ["1-1"])) == [kept[1]]


def test_codes_of_parcels_long_gone_leave_their_digests(database: Database, integration_id: int) -> None:
    for number, status, at in (
        ("left", "delivering", NOW),
        ("waits", "awaiting_packaging", NOW),
        ("cancelled", "cancelled", NOW),
        ("late", "delivering", NOW + DAY),
    ):
        stored = order(integration_id, number, status, at)
        database.run_sync(lambda unit, stored=stored: unit.orders.upsert(stored))  # type: ignore[misc]
    numbers = ["left", "waits", "cancelled", "late"]
    database.run_sync(lambda unit: unit.fbs.put_marks([mark(integration_id, number, 0, number) for number in numbers]))
    assert database.run_sync(lambda unit: unit.fbs.forget_codes(NOW)) == 0
    assert database.run_sync(lambda unit: unit.fbs.forget_codes(NOW + DAY / 2)) == 2
    left = {one.posting_number: (one.code, one.digest) for one in database.run_sync(lambda unit: unit.fbs.marks(integration_id, numbers))}
    assert left == {
        "left": ("", "sha-left"),
        "cancelled": ("", "sha-cancelled"),
        "waits": ("waits", "sha-waits"),
        "late": ("late", "sha-late"),
    }
    assert database.run_sync(lambda unit: unit.fbs.forget_codes(NOW + DAY / 2)) == 0


def test_a_parcel_of_an_order_the_store_has_is_no_second_order(database: Database, integration_id: int) -> None:
    """Its pieces stand in the store's order already; one split before the assembling is cancelled there, and its parts are new."""
    for parent, status, new in (("1-1", "awaiting_deliver", 0), ("2-1", "cancelled_from_split_pending", 1)):
        whole = order(integration_id, parent)
        database.run_sync(lambda unit, whole=whole: unit.orders.upsert(whole))  # type: ignore[misc]
        database.run_sync(lambda unit, parent=parent: unit.orders.mark_exported(integration_id, [parent], NOW))  # type: ignore[misc]
        later = replace(whole, posting=replace(whole.posting, status=status))
        parcel = order(integration_id, f"{parent}-part", "awaiting_packaging")
        parcel = replace(parcel, posting=replace(parcel.posting, parent=parent))
        for one in (later, parcel):
            database.run_sync(lambda unit, one=one: unit.orders.upsert(one))  # type: ignore[misc]
        assert database.run_sync(lambda unit: unit.orders.count_new(integration_id)) == new, parent
        waiting = database.run_sync(lambda unit: unit.store_orders.waiting(integration_id, 10))
        assert [number for number in waiting if number.endswith("part")] == [f"{parent}-part"] * new

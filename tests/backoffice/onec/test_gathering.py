"""Portions of one export come in sessions of their own, and nothing marks the last: nothing is gone before the whole is there."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from ozon_desktop.backoffice.onec.gathering import Gathering, Place, series_of
from ozon_desktop.domain.onec_exchange import ExchangeEvent
from ozon_desktop.errors import DatabaseBusy
from tests.backoffice.onec.conftest import Served
from tests.backoffice.onec.exports import documents_xml, full_export, import_xml, offers_xml, returned
from tests.backoffice.onec.scripted import BITRIX, UT, OnecError

FOUR = full_export(["p1", "p2", "p3", "p4"], 2)
THREE = full_export(["p1", "p2", "p3"], 2)


@pytest.mark.parametrize(
    ("name", "series", "number"),
    [
        ("import0_1.xml", "import0", 1),
        ("offers12_104.xml", "offers12", 104),
        ("import.xml", "import", 1),
        ("import1.xml", "import", 2),
        ("webdata/Import.xml", "import", 1),
        ("rests___0b6f5c4e-1111-11ee-8000-00155d000001.xml", "rests", 1),
    ],
)
def test_a_name_says_which_files_are_portions_of_one_another(name: str, series: str, number: int) -> None:
    assert series_of(name) == (series, number)


async def test_a_portion_deletes_nothing(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4"}
    await asyncio.to_thread(served.onec().send_goods, FOUR[:1])
    assert served.desk.goods == {"p1", "p2", "p3", "p4"}
    assert served.desk.wholes == []


async def test_what_no_portion_mentions_is_gone_after_the_orders_were_fetched(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4"}
    onec = served.onec()
    await asyncio.to_thread(onec.send_goods, THREE)
    assert served.desk.goods == {"p1", "p2", "p3", "p4"}
    await asyncio.to_thread(onec.fetch_orders)
    await served.quiet(16)
    assert served.desk.goods == {"p1", "p2", "p3"}
    assert served.desk.wholes == [["import0_1.xml", "import0_2.xml", "offers0_1.xml", "offers0_2.xml"]]


async def test_what_no_portion_mentions_is_gone_after_the_quiet(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4"}
    await asyncio.to_thread(served.onec().send_goods, THREE)
    await served.quiet(599)
    assert served.desk.wholes == []
    await served.quiet(2)
    assert served.desk.goods == {"p1", "p2", "p3"}
    await served.quiet(601)
    assert len(served.desk.wholes) == 1


async def test_bitrix_module_says_itself_that_the_export_is_over(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4"}
    await asyncio.to_thread(served.onec(BITRIX).send_goods, THREE)
    assert served.desk.goods == {"p1", "p2", "p3"}
    assert len(served.desk.wholes) == 1


async def test_changes_alone_never_make_a_whole(served: Served) -> None:
    served.desk.goods = {"p1", "p2"}
    onec = served.onec()
    await asyncio.to_thread(onec.send_goods, [{"import0_1.xml": import_xml({"p3": "В"}, full=False)}])
    await asyncio.to_thread(onec.fetch_orders)
    await served.quiet(601)
    assert (served.desk.goods, served.desk.wholes) == ({"p1", "p2", "p3"}, [])


async def test_changes_after_a_full_export_end_it_first(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4"}
    onec = served.onec()
    await asyncio.to_thread(onec.send_goods, THREE)
    await asyncio.to_thread(onec.send_goods, [{"import0_1.xml": import_xml({"p5": "Д"}, full=False)}])
    assert served.desk.goods == {"p1", "p2", "p3", "p5"}
    assert served.desk.portions[-1] == "import0_1.xml"


async def test_a_portion_sent_again_is_no_new_export(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4"}
    onec = served.onec()
    await asyncio.to_thread(onec.send_goods, [THREE[0], THREE[1], THREE[1], *THREE[2:]])
    await asyncio.to_thread(onec.fetch_orders)
    await served.quiet(16)
    assert served.desk.goods == {"p1", "p2", "p3"}


async def test_a_full_export_begun_anew_forgets_the_portions_of_the_first(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4"}
    onec = served.onec()
    await asyncio.to_thread(onec.send_goods, FOUR)
    await asyncio.to_thread(onec.send_goods, full_export(["p1"], 2))
    await asyncio.to_thread(onec.fetch_orders)
    await served.quiet(16)
    assert served.desk.goods == {"p1"}


async def test_an_export_that_lost_a_portion_removes_nothing_and_says_so(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4"}
    onec = served.onec()
    broken = {"import0_2.xml": import_xml({"p3": "В"}, full=False)[:-30]}
    await asyncio.to_thread(onec.send_goods, FOUR[:1])
    with pytest.raises(OnecError):
        await asyncio.to_thread(onec.send_goods, [broken])
    await asyncio.to_thread(onec.fetch_orders)
    await served.quiet(16)
    assert served.desk.goods == {"p1", "p2", "p3", "p4"}
    assert served.desk.events == [(ExchangeEvent.NOT_WHOLE, "import0_2.xml", "")]


async def test_orders_and_pictures_that_cannot_be_taken_leave_the_export_whole(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4"}
    onec = served.onec()
    await asyncio.to_thread(onec.send_goods, THREE)
    session = await asyncio.to_thread(onec.session, "catalog")
    empty = await asyncio.to_thread(session.request, "file", "filename=import_files/0a/0a1b.jpg", b"")
    cut = await asyncio.to_thread(onec.send_states, documents_xml(returned("5", {}))[:-30])
    orders = await asyncio.to_thread(onec.session, "sale")
    too_large = await asyncio.to_thread(orders.request, "file", "filename=orders-2.xml", b"x" * 2_000)
    assert [reply.word for reply in (empty, cut, too_large)] == ["failure"] * 3
    await asyncio.to_thread(onec.fetch_orders)
    await served.quiet(16)
    assert served.desk.goods == {"p1", "p2", "p3"}
    assert ExchangeEvent.NOT_WHOLE not in {event for event, _, _ in served.desk.events}


async def test_pictures_are_kept_as_soon_as_their_goods_are_read(served: Served) -> None:
    picture = {"import_files/0a/0a1b_9f.jpg": b"\xff\xd8" * 900}
    await asyncio.to_thread(served.onec().send_goods, [{**THREE[0], **picture}])
    assert (served.area.pictures / "import_files/0a/0a1b_9f.jpg").read_bytes() == b"\xff\xd8" * 900


async def test_a_portion_that_came_after_all_makes_the_export_whole_again(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4"}
    onec = served.onec()
    await asyncio.to_thread(onec.send_goods, THREE[:1])
    with pytest.raises(OnecError):
        await asyncio.to_thread(onec.send_goods, [{"import0_2.xml": THREE[1]["import0_2.xml"][:-30]}])
    await asyncio.to_thread(onec.send_goods, THREE[1:])
    await asyncio.to_thread(onec.fetch_orders)
    await served.quiet(16)
    assert served.desk.goods == {"p1", "p2", "p3"}


async def test_an_export_with_a_gap_is_not_whole(served: Served) -> None:
    served.desk.goods = {"p1", "p2", "p3", "p4", "p5"}
    onec = served.onec()
    parts = full_export(["p1", "p2", "p3", "p4"], 1)
    await asyncio.to_thread(onec.send_goods, [parts[0], parts[2]])
    await asyncio.to_thread(onec.fetch_orders)
    await served.quiet(16)
    assert served.desk.wholes == []
    assert served.desk.events == [(ExchangeEvent.NOT_WHOLE, "import0_3.xml", "")]


async def test_offers_before_their_goods_are_of_the_same_export(served: Served) -> None:
    files = {"offers0_1.xml": offers_xml({"p1": (1, 1)}), "import0_1.xml": import_xml({"p1": "А"})}
    await asyncio.to_thread(served.onec().send_goods, [files])
    await served.quiet(601)
    assert served.desk.wholes == [["import0_1.xml", "offers0_1.xml"]]


async def test_orders_do_not_end_an_export_whose_files_are_still_to_be_read(served: Served) -> None:
    session = await asyncio.to_thread(served.onec().session, "catalog")
    await asyncio.to_thread(session.upload, "import0_1.xml", THREE[0]["import0_1.xml"], 1_000)
    await asyncio.to_thread(session.take, "import0_1.xml")
    await asyncio.to_thread(session.upload, "import0_2.xml", THREE[1]["import0_2.xml"], 1_000)
    await asyncio.to_thread(served.onec().fetch_orders)
    await served.quiet(16)
    assert served.desk.wholes == []


async def test_a_whole_that_met_a_busy_database_is_taken_later(served: Served) -> None:
    onec = served.onec()
    await asyncio.to_thread(onec.send_goods, THREE)
    served.desk.trouble = DatabaseBusy("")
    await asyncio.to_thread(onec.fetch_orders)
    await served.quiet(16)
    assert served.desk.wholes == []
    served.desk.trouble = None
    await served.quiet(601)
    assert len(served.desk.wholes) == 1


async def test_a_whole_nobody_can_read_does_not_stand_in_the_way_of_what_follows(served: Served) -> None:
    onec = served.onec()
    await asyncio.to_thread(onec.send_goods, THREE)
    served.desk.trouble = RuntimeError()
    await served.quiet(601)
    served.desk.trouble = None
    assert served.desk.events[-1][0] is ExchangeEvent.NOT_WHOLE
    await asyncio.to_thread(onec.send_goods, [{"import0_1.xml": import_xml({"p9": "Я"}, full=False)}])
    assert "p9" in served.desk.goods


# --- kills ------------------------------------------------------------------------------------------------------------


def kept(folder: Path, names: list[str]) -> Gathering:
    """A gathering with these portions, of four bytes each."""
    gathering = Gathering(folder / "whole")
    for name in names:
        path = folder / name
        path.write_bytes(b"<a/>")
        gathering.add(path, name, name, f"session {name}", full=name.endswith("_1.xml"))
    return gathering


def test_portions_are_there_after_a_kill(tmp_path: Path) -> None:
    kept(tmp_path, ["import0_1.xml", "import0_2.xml"])
    again = Gathering(tmp_path / "whole")
    assert [path.name for path in again.paths] == ["import0_1.xml", "import0_2.xml"]
    assert again.lacks == ""
    assert again.place("import0_3.xml", "new", "session 9", full=False) is Place.JOINS


def test_a_portion_noted_but_not_yet_moved_is_missed(tmp_path: Path) -> None:
    gathering = kept(tmp_path, ["import0_1.xml", "import0_2.xml"])
    gathering.paths[1].unlink()
    again = Gathering(tmp_path / "whole")
    assert again.lacks == "import0_2.xml"
    (tmp_path / "import0_2.xml").write_bytes(b"<a/>")
    again.add(tmp_path / "import0_2.xml", "import0_2.xml", "import0_2.xml", "session", full=False)
    assert again.lacks == ""


def test_a_damaged_list_of_portions_is_no_export(tmp_path: Path) -> None:
    kept(tmp_path, ["import0_1.xml"])
    (tmp_path / "whole" / "export.json").write_text("{")
    again = Gathering(tmp_path / "whole")
    assert (bool(again), again.paths) == (False, [])
    (tmp_path / "b.xml").write_bytes(b"<a/>")
    again.add(tmp_path / "b.xml", "import0_1.xml", "x", "session", full=True)
    assert len(again.paths) == 1


async def test_uploads_a_killed_program_left_are_taken_by_the_next(served: Served, tmp_path: Path) -> None:
    left = tmp_path / "exchange" / "sessions" / "0123456789abcdef"
    left.mkdir(parents=True)
    (left / "import0_1.xml").write_bytes(import_xml({"p7": "Ж"}))
    (left / "offers0_1.xml").write_bytes(b"<cut")
    await served.site.start()
    await served.site.settled()
    assert "p7" in served.desk.goods
    assert [(event, subject) for event, subject, _ in served.desk.events] == [(ExchangeEvent.UPLOAD_LOST, "offers0_1.xml")]
    assert not left.exists()


async def test_what_a_killed_program_left_is_older_than_what_comes_next(served: Served, tmp_path: Path) -> None:
    left = tmp_path / "exchange" / "sessions" / "0123456789abcdef"
    left.mkdir(parents=True)
    (left / "import0_1.xml").write_bytes(import_xml({"old": "Старый"}))
    (left / "import0_3.xml").write_bytes(b"<cut")
    served.desk.hold = asyncio.Event()
    await served.site.start()
    await served.desk.began.wait()
    exchange = asyncio.create_task(asyncio.to_thread(served.onec().send_goods, THREE))
    await asyncio.sleep(0)
    served.desk.hold.set()
    await exchange
    await asyncio.to_thread(served.onec().fetch_orders)
    await served.quiet(16)
    assert served.desk.portions == ["import0_1.xml", "import0_1.xml", "import0_2.xml", "offers0_1.xml", "offers0_2.xml"]
    assert served.desk.goods == {"p1", "p2", "p3"}


async def test_what_a_busy_database_left_is_taken_with_a_later_look(served: Served) -> None:
    onec = served.onec(replace(UT, waits=False))
    served.desk.trouble = DatabaseBusy("")
    await asyncio.to_thread(onec.send_goods, FOUR[:2])
    await served.quiet(61)
    assert served.desk.portions == []
    served.desk.trouble = None
    await served.quiet(61)
    assert served.desk.portions == ["import0_1.xml", "import0_2.xml"]

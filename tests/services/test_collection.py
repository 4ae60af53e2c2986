"""«Получить настройки»: as few requests as possible, at Ozon's pace, and nothing lost by faults, stops and new starts."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from ozon_desktop.domain.ozon_catalog import DictionaryValue, OzonType, TypeKey
from ozon_desktop.errors import KeyDeactivated
from ozon_desktop.ozon.limits import Pace
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox import ADMIN_KEY, Sandbox, SandboxThread
from ozon_desktop.services.progress import ProgressUpdate
from ozon_desktop.storage.unit_of_work import UnitOfWork
from services.collecting import Collector, cached, in_process, open_database, smallest_number, some_types

ATTRIBUTES = "/v1/description-category/attribute"
VALUES = "/v1/description-category/attribute/values"
FAULTS = "429=0.01,500=0.04,html=0.03,cut=0.03"


def unlimited(**arguments: object) -> Sandbox:
    """A sandbox without a limit of requests, unless a test is about it."""
    sandbox = Sandbox(order_interval_s=0, **arguments)  # type: ignore[arg-type]
    sandbox.limits.requests_per_second = 1_000_000
    return sandbox


async def test_no_request_is_made_twice(tmp_path: Path) -> None:
    sandbox = unlimited()
    program = in_process(sandbox, tmp_path)
    types = some_types(await program.fetch_tree(), 60)
    sandbox.reset_requests()
    told: list[ProgressUpdate] = []
    result = await program.collect(types, told.append)
    cache = await cached(program.database, types)
    assert result.types == 60
    assert not result.failed
    assert len(sandbox.requests) == result.requests == smallest_number(cache)
    assert "Бренд" in result.partial
    assert (told[0].done, told[-1].done, told[-1].total) == (0, 60, 60)
    sandbox.reset_requests()
    again = await program.collect(types)
    assert (again.types, len(sandbox.requests)) == (0, 0)
    more = some_types(await program.fetch_tree(), 61)
    sandbox.reset_requests()
    await program.collect(more)
    assert Counter(request.path for request in sandbox.requests)[ATTRIBUTES] == 1
    await program.close()


async def test_refused_type_is_listed_and_the_rest_is_collected(tmp_path: Path) -> None:
    sandbox = unlimited()
    program = in_process(sandbox, tmp_path)
    tree = await program.fetch_tree()
    types = some_types(tree, 12)
    # The cache knows a type that Ozon has forgotten since.
    forgotten = OzonType(TypeKey(types[0].key.description_category_id, 999_999_999), "Забытый тип")
    base = tree.base_of(types[0].key.description_category_id)
    below = [category for category in tree.categories.values() if category.parent_id is not None and tree.base_of(category.id) == base]
    kept = [*tree.types_below([base]), forgotten]
    await program.database.run(lambda unit: unit.ozon.save_children([base], below, kept))
    result = await program.collect([*types, forgotten])
    assert result.types == 12
    assert [path.rpartition(" / ")[2] for path, _ in result.failed] == ["Забытый тип"]
    await program.close()


async def test_revoked_key_ends_the_collection_with_its_own_error_and_keeps_what_came(tmp_path: Path) -> None:
    sandbox = unlimited()
    program = in_process(sandbox, tmp_path)
    types = some_types(await program.fetch_tree(), 80)

    def revoke(update: ProgressUpdate) -> None:
        if update.done:
            sandbox.revoke_key(ADMIN_KEY)

    with pytest.raises(KeyDeactivated):
        await program.collect(types, revoke)
    *_, collected = await cached(program.database, types)
    assert collected
    await program.close()


@pytest.mark.parametrize("seed", range(3))
async def test_faults_and_stops_at_any_point_leave_the_same_cache(tmp_path: Path, seed: int) -> None:
    calm = in_process(unlimited(), tmp_path / "calm")
    types = some_types(await calm.fetch_tree(), 25)
    await calm.collect(types)
    wanted = await cached(calm.database, types)
    await calm.close()

    rng = random.Random(seed)
    sandbox = unlimited(faults=FAULTS, seed=seed)
    (tmp_path / "rough").mkdir()
    program = in_process(sandbox, tmp_path / "rough")
    await program.fetch_tree()
    for _ in range(4):
        task = asyncio.create_task(program.collect(types))
        await asyncio.sleep(rng.random() * 0.15)
        task.cancel()
        await asyncio.wait([task])
        # A new program on the same database, as after a kill.
        await program.close()
        program = in_process(sandbox, tmp_path / "rough")
    for _ in range(5):
        if not (await program.collect(types)).failed:
            break
    assert await cached(program.database, types) == wanted
    await program.close()


async def test_dictionary_broken_off_in_the_middle_goes_on_from_its_last_page(tmp_path: Path) -> None:
    sandbox = unlimited(scale=2)
    program = in_process(sandbox, tmp_path)
    types = some_types(await program.fetch_tree(), 3)
    await program.collect(types)
    whole = await cached(program.database, types)
    key = next(key for key, (partial, values) in whole[1].items() if not partial and len(values) > 1)
    await program.close()

    (tmp_path / "second").mkdir()
    second = in_process(sandbox, tmp_path / "second")
    await second.fetch_tree()
    first_values = whole[1][key][1][:1]
    mark = f"collecting:{key.dictionary_id}:{key.type_key or ''}"

    def as_if_killed(unit: UnitOfWork) -> None:
        unit.ozon.save_values(key, [DictionaryValue(*value) for value in first_values])
        unit.preferences.set(mark, str(first_values[-1][0]))

    await second.database.run(as_if_killed)
    result = await second.collect(types)
    assert await cached(second.database, types) == whole
    total = sum(len(values) for _, values in whole[1].values())
    assert result.values == total - 1
    assert mark not in await second.database.run(lambda unit: unit.preferences.starting_with("collecting:"))
    await second.close()


async def test_pace_at_the_server_is_even_and_near_ozons_limit(tmp_path: Path) -> None:
    """The exact bound is proved with a clock of its own in tests/ozon; here arrivals over real HTTP are looked at.

    The server shares this process and its machine, so arrivals jitter: its limit is lifted and a little more is allowed.
    """
    sandbox = Sandbox(order_interval_s=0, latency_ms=150)
    sandbox.limits.requests_per_second = 1_000
    with SandboxThread(sandbox) as server:
        program = Collector(Transport(base_url=server.url), open_database(tmp_path))
        types = some_types(await program.fetch_tree(), 583)
        sandbox.reset_requests()
        task = asyncio.create_task(program.collect(types))
        await asyncio.sleep(5.0)
        task.cancel()
        await asyncio.wait([task])
        await program.close()
    moments = sorted(request.at.timestamp() for request in sandbox.requests)
    busiest = max(sum(start <= moment < start + 1 for moment in moments) for start in moments)
    assert busiest <= 60
    inner = [moment for moment in moments if moments[0] + 1 <= moment < moments[0] + 4]
    assert 30 <= len(inner) / 3 <= 50


async def test_two_programs_on_one_cabinet_settle_without_errors(tmp_path: Path) -> None:
    sandbox = Sandbox(order_interval_s=0)
    programs = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        programs.append(in_process(sandbox, tmp_path / name, pace=Pace()))
    trees = [await program.fetch_tree() for program in programs]
    types = some_types(trees[0], 70)
    results = await asyncio.gather(*(program.collect(types) for program in programs))
    assert [(result.types, result.failed) for result in results] == [(70, ()), (70, ())]
    for program in programs:
        await program.close()

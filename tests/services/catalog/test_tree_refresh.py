"""A refreshed tree: what it tells, what it keeps, what it marks, and what can be read of it later."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.domain.mapping import MappingState
from ozon_desktop.domain.ozon_catalog import OzonType, TypeKey
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.tree_changes import ChangeKind
from ozon_desktop.errors import UnexpectedAnswer
from ozon_desktop.services.catalog.parts.collection import SettingsCollection
from tests.services.shop import SHIRT, Shop

Nodes = list[dict[str, Any]]
CATEGORY = "2"
"""The store's category that is mapped to shirts."""


def change_tree(shop: Shop, change: Callable[[Nodes], object]) -> None:
    """Changes the sandbox's tree."""
    tree = json.loads(shop.sandbox.memory.catalog.tree_bytes)
    change(tree["result"])
    shop.sandbox.memory.catalog.tree_bytes = json.dumps(tree).encode()


def everything(nodes: Nodes) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield node
        yield from everything(node.get("children") or [])


def category(nodes: Nodes, id_: int) -> dict[str, Any]:
    return next(node for node in everything(nodes) if node.get("description_category_id") == id_)


def move_shirt(nodes: Nodes) -> None:
    """From shirts (101) to outerwear (103)."""
    old = category(nodes, SHIRT.description_category_id)["children"]
    shirt = next(node for node in old if node.get("type_id") == SHIRT.type_id)
    old.remove(shirt)
    category(nodes, 103)["children"].append(shirt)


async def test_moved_type_is_marked_and_accepted_at_its_new_place(shop: Shop) -> None:
    change_tree(shop, move_shirt)
    result = await shop.application.catalog.fetch_children(shop.integration, silent)
    assert [(change.kind, change.key) for change in result.changes] == [(ChangeKind.MOVED, SHIRT)]
    assert result.concerned == 1
    view = await shop.application.mapping.view(shop.integration)
    place = TypeKey(103, SHIRT.type_id)
    assert (view.resolved[CATEGORY].state, view.moved) == (MappingState.TYPE_GONE, {SHIRT: place})
    accepted = await shop.application.mapping.map(shop.integration, [CATEGORY], view.moved[SHIRT])
    assert (accepted.resolved[CATEGORY].state, accepted.moved) == (MappingState.MAPPED, {})


async def test_settings_stay_readable_when_their_type_is_gone(shop: Shop) -> None:
    before = await shop.application.catalog.type_details(SHIRT)
    change_tree(shop, lambda nodes: category(nodes, SHIRT.description_category_id)["children"].clear())
    await shop.application.catalog.fetch_children(shop.integration, silent)
    after = await shop.application.catalog.type_details(SHIRT)
    assert after.type.gone
    assert after.attributes == before.attributes


async def test_a_collection_of_settings_that_is_stopped_says_how_much_it_has_kept(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = await shop.application.catalog.tree()
    keys = [type_.key for type_ in tree.types.values() if type_.usable and type_.settings_at is not None]
    collect_one, kept = SettingsCollection._collect_type, asyncio.Event()

    async def only_the_first(collection: SettingsCollection, type_: OzonType) -> None:
        if type_.key != keys[0]:
            await asyncio.Event().wait()
        await collect_one(collection, type_)
        kept.set()

    monkeypatch.setattr(SettingsCollection, "_collect_type", only_the_first)
    task = asyncio.create_task(shop.application.catalog.fetch_settings(shop.integration, silent, keys))
    await kept.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    run = next(run for run in await shop.application.journal.runs(shop.integration) if run.kind is RunKind.SETTINGS)
    assert (run.result, dict(run.counts)["types"]) == (RunResult.STOPPED, 1)


async def test_base_category_that_is_gone_takes_everything_below_along(shop: Shop) -> None:
    change_tree(shop, lambda nodes: nodes.remove(category(nodes, 100)))
    result = await shop.application.catalog.fetch_base(shop.integration, silent)
    assert [(change.kind, change.key, change.before) for change in result.changes] == [(ChangeKind.GONE, 100, ("Одежда",))]
    assert result.concerned == 1
    view = await shop.application.mapping.view(shop.integration)
    assert view.resolved[CATEGORY].state is MappingState.TYPE_GONE


async def test_chosen_base_that_vanished_before_the_children_are_fetched_is_gone_too(shop: Shop) -> None:
    change_tree(shop, lambda nodes: nodes.remove(category(nodes, 100)))
    result = await shop.application.catalog.fetch_children(shop.integration, silent)
    assert {(change.kind, change.key) for change in result.changes if not change.is_category} >= {(ChangeKind.GONE, SHIRT)}
    assert result.concerned == 1


async def test_empty_tree_is_no_answer_and_changes_nothing(shop: Shop) -> None:
    before = await shop.application.catalog.tree()
    change_tree(shop, lambda nodes: nodes.clear())
    for fetch in (shop.application.catalog.fetch_base, shop.application.catalog.fetch_children):
        with pytest.raises(UnexpectedAnswer):
            await fetch(shop.integration, silent)
    assert await shop.application.catalog.tree() == before


async def test_last_changes_can_be_read_later_and_stay_when_nothing_changes(shop: Shop) -> None:
    catalog, integrations = shop.application.catalog, shop.application.integrations
    assert await catalog.last_changes(shop.integration) is None
    assert (await integrations.page(shop.integration)).tree_changed_at is None
    change_tree(shop, lambda nodes: category(nodes, 200).update(category_name="Еда"))
    await catalog.fetch_base(shop.integration, silent)
    change_tree(shop, move_shirt)
    await catalog.fetch_children(shop.integration, silent)
    await catalog.fetch_children(shop.integration, silent)
    last = await catalog.last_changes(shop.integration)
    assert last is not None
    assert [(change.kind, change.key) for change in last.changes] == [(ChangeKind.RENAMED, 200), (ChangeKind.MOVED, SHIRT)]
    assert last.changes[0].after == ("Еда",)
    assert last.concerned == 1
    assert (await integrations.page(shop.integration)).tree_changed_at == last.at
    await shop.application.mapping.map(shop.integration, [CATEGORY], TypeKey(103, SHIRT.type_id))
    settled = await catalog.last_changes(shop.integration)
    assert settled is not None
    assert settled.concerned == 0, "it is counted when it is read"

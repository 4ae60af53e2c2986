"""Two programs with databases of their own, one cabinet, one folder of the store: orders are written by one of them, and none twice."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from ozon_desktop.domain.orders import ExportSettings
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import OrdersFolderTaken
from ozon_desktop.services.orders.parts import folder_owner
from ozon_desktop.services.orders.parts.folder_owner import GONE_AFTER, claim
from ozon_desktop.services.shared import utc_now
from tests.services.shop import Shop
from tests.storage.conftest import NOW

MINE, THEIRS = "a" * 16, "b" * 16


def owner(folder: Path) -> str:
    kept = json.loads((folder / ".ozon-desktop-100500.owner").read_text("utf-8"))
    return str(kept["database"])


def test_the_first_has_it_until_it_is_gone(tmp_path: Path) -> None:
    claim(tmp_path, 100500, MINE, NOW)
    claim(tmp_path, 100500, MINE, NOW + timedelta(days=1))
    for moment in (NOW + timedelta(days=2), NOW, NOW + timedelta(days=1) - GONE_AFTER / 2):
        with pytest.raises(OrdersFolderTaken, match="owner"):
            claim(tmp_path, 100500, THEIRS, moment)
    assert owner(tmp_path) == MINE
    claim(tmp_path, 200600, THEIRS, NOW)
    claim(tmp_path, 100500, THEIRS, NOW + timedelta(days=1) + GONE_AFTER)
    assert owner(tmp_path) == THEIRS


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"database": 1}', b"\xff\xfe", b'{"database": "x", "computer": "", "user": "", "at": "2026"}']
)
def test_what_is_no_marker_is_nobodys(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".ozon-desktop-100500.owner").write_bytes(content)
    claim(tmp_path, 100500, MINE, NOW)
    assert owner(tmp_path) == MINE


async def test_orders_wait_while_another_database_writes_them_and_none_is_lost(shop: Shop, tmp_path: Path) -> None:
    await shop.application.sync.run(shop.integration, silent)
    folder, orders = tmp_path / "out", shop.application.orders
    await orders.save_export(shop.integration, ExportSettings(str(folder)))
    claim(folder, 100500, THEIRS, utc_now())
    shop.sandbox.place_order("RU-1")
    fetched = await orders.fetch(shop.integration, silent)
    assert isinstance(fetched.not_exported, OrdersFolderTaken)
    with pytest.raises(OrdersFolderTaken):
        await orders.save_export(shop.integration, ExportSettings(str(folder)))
    assert not list(folder.glob("*.xml"))
    (folder / ".ozon-desktop-100500.owner").unlink()
    assert (await orders.hand_over(shop.integration)).orders == 1
    assert len(list(folder.glob("*.xml"))) == 1
    assert owner(folder) == await shop.application.storage.run(folder_owner.database_name)

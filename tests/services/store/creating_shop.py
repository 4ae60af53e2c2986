"""A cabinet with cards that the store, which lies in МойСклад, does not have; the program over both can be killed and started again."""

import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ozon_desktop import application as composition
from ozon_desktop.application import Application, build
from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.domain.integration import Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.new_products import Creation
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.sandbox.moysklad import writing_goods
from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD
from ozon_desktop.sandbox.moysklad.limits import Limits
from ozon_desktop.sandbox.moysklad.model import Good, Json, Named
from ozon_desktop.sandbox.moysklad.replies import ApiError
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.services.store.creating import StoreCreating
from tests.services.cabinet.cards_on_ozon import place, values
from tests.services.conftest import connect, make_options
from tests.services.orders.moysklad_course import ADDRESS, Mortal
from tests.services.shop import SHIRT, Line, first_sending_confirmed, make_sandbox

DESCRIPTION = "Лён <и> хлопок\nвторая строка — ♥"
EAN, NO_EAN = "2000000000015", "2000000000016"


def never_twice(rows: Iterable[Good | Named], body: Json) -> None:
    """Stricter than the stand-in: what is there is never asked for again, for nobody knows what the service would do then."""
    if any(row.sync_id == body.get("syncId") for row in rows):
        raise ApiError(412, 3006, "Ошибка сохранения объекта: нарушена уникальность параметра 'syncId'", "syncId")


class CreatingShop:
    """The shop, set up by `begin`; RU-1 is sold already."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.there = MoySklad(limits=Limits(bucket=10**9))
        self.web = Mortal(self.there.app)
        self.line = Line(make_sandbox())
        self.folder = folder
        self.integration = 0
        self.shirts_folder = self.there.add_folder("Рубашки", self.there.add_folder("Одежда"))
        self.shirt = self.there.add_product(
            "Рубашка RU-1", price=1990, stock=5, article="RU-1", folder_id=self.shirts_folder.id, weight=0.35, images=1
        )
        self._options = replace(make_options(folder), secret_store=MemoryStore())
        self._application: Application | None = None
        self._patch = patch
        self._before: tuple[dict[str, Good], dict[str, Named]] | None = None
        connect(self.line, patch)
        patch.setattr(composition, "Web", lambda: self.web)
        patch.setattr(writing_goods, "known_row", never_twice)

    # --- lives ------------------------------------------------------------------------------------------------------

    @property
    def application(self) -> Application:
        assert self._application is not None
        return self._application

    @property
    def service(self) -> StoreCreating:
        return self.application.store_creating

    async def start(self) -> None:
        self._application = await build(self._options)

    async def close(self) -> None:
        await self.application.close()

    async def begin(self) -> None:
        """Everything the manager does before."""
        await self.start()
        application = self.application
        await application.store_connection.connect(StoreConnection(ConnectionKind.MOYSKLAD, ADDRESS, ADMIN_LOGIN), ADMIN_PASSWORD)
        await application.store_connection.pull(silent)
        id_ = self.integration = (await application.integrations.ensure_one()).id
        page = await application.integrations.page(id_)
        settings = replace(
            page.integration.settings,
            client_id=KNOWN_CLIENT_ID,
            scheme=Scheme.FBS,
            responsible_employee_id=next(iter(self.there.memory.lists["employee"])),
            price_type_id=self.there.price_type,
            vat_rate=VatRate.VAT_22,
            update_trigger=UpdateTrigger.HOURLY,
        )
        await application.integrations.save(id_, settings, ADMIN_KEY)
        await application.connection.check(id_)
        await application.catalog.fetch_base(id_, silent)
        await application.integrations.select_bases(id_, frozenset({100}))
        await application.catalog.fetch_children(id_, silent)
        await application.catalog.fetch_settings(id_, silent)
        await application.integrations.set_enabled(id_, True)
        await application.mapping.map(id_, [self.shirts_folder.id], SHIRT)
        await first_sending_confirmed(application, id_)

    def remember(self) -> None:
        """Both sides as they are now, for `again`."""
        self._before = dict(self.there.memory.goods), dict(self.there.memory.lists["productfolder"])
        shutil.copytree(self.folder / "data", self.folder / "kept")

    def again(self) -> None:
        """Both sides as they were; the program is not running."""
        assert self._before is not None
        self.there.memory.goods, self.there.memory.lists["productfolder"] = dict(self._before[0]), dict(self._before[1])
        shutil.rmtree(self.folder / "data")
        shutil.copytree(self.folder / "kept", self.folder / "data")

    # --- what is done -----------------------------------------------------------------------------------------------

    def card(self, offer_id: str, name: str = "Платье", **more: Any) -> None:
        place(self.line.sandbox, offer_id, name, **more)

    def dress(self) -> None:
        """A card that has everything."""
        attributes = (values(85, (5, "Ромашка & Ко")), values(10096, (1, "белый"), (2, "чёрный")), values(4191, (0, DESCRIPTION)))
        self.card("DRESS", "Платье «Лён» ♥", price="1990.50", barcode=EAN, stock=7, vat="0.1", attributes=attributes)

    async def reads_ozon(self) -> None:
        await self.application.cabinet_cards.load(self.integration, silent)

    async def makes(self) -> Creation:
        """All that a look shows now."""
        preview = await self.service.preview(self.integration)
        return await self.service.confirm(self.integration, preview.plan_id, silent)

    async def store_wins(self) -> None:
        await self.application.existing_cards.answer(self.integration, content=Content.STORE, prices=Side.STORE, stocks=Side.STORE)

    # --- what came of it --------------------------------------------------------------------------------------------

    def articles(self) -> Counter[str]:
        """How many products there have each article."""
        return Counter(good.article for good in self.there.memory.goods.values())

    def good(self, article: str) -> Good:
        (found,) = (good for good in self.there.memory.goods.values() if good.article == article)
        return found

    def path(self, good: Good) -> str:
        return self.there.memory.folder_path(good.folder_id)

    async def matched(self) -> dict[str, str]:
        """The store's product of each card, by article on Ozon."""
        report = await self.application.cabinet_cards.report(self.integration)
        return {card.offer_id: card.product.product_id for card in report.matched if card.product is not None}

    async def plan(self) -> dict[str, list[ActionKind]]:
        """What a run would do, by article on Ozon."""
        preview = await self.application.previews.preview(self.integration, silent)
        found: dict[str, list[ActionKind]] = {}
        for item in preview.plan.items:
            found.setdefault(item.offer_id, []).append(item.kind)
        return found

    async def stocks_sent(self, offer_id: str) -> list[int]:
        """The pieces that a run would send of a card."""
        preview = await self.application.previews.preview(self.integration, silent)
        return [pieces for item in preview.plan.of(ActionKind.STOCK) if item.offer_id == offer_id for _, pieces in item.stocks]

"""The story of a shop's first four days on Ozon: the command line by day one, then the schedule, on one clock for the program and Ozon.

It is run small in the suite (`test_first_day.py`) and at full size in `benchmarks/test_first_day.py`.
"""

import io
import json
import shutil
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from ozon_desktop import cli
from ozon_desktop.application import Options
from ozon_desktop.domain.cabinet import QUOTA_USED_UP
from ozon_desktop.domain.sync_plan import Hold
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.services.secrets import MemoryStore
from tests.e2e.first_day_shop import BELOW_LOWEST, KEPT_BY_FILLING, Size, Store, fields_of, place_rich_cards
from tests.places import SANDBOX_DATA
from tests.services.conftest import connect
from tests.services.shop import QUICK, URL, WRITING, Line, MovingClock

SAME_FIELD = {"barcode": "barcodes", "more_barcodes": "barcodes"}


class Road(Line):
    """The way to Ozon, on which a buyer may order at a chosen moment of a run."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.before: dict[str, Any] = {}

    @property
    def calm(self) -> bool:
        """Whether nothing is broken."""
        return not self._trouble

    async def answer(self, request: httpx.Request) -> httpx.Response:
        happens = self.before.pop(request.url.path, None)
        if happens is not None:
            happens()
        return await super().answer(request)


def make_sandbox(folder: Path, clock: MovingClock, size: Size) -> Sandbox:
    """Ozon with its real quotas of a day (scaled); rich content is an attribute of shirts."""
    data = folder / "ozon"
    shutil.copytree(SANDBOX_DATA, data)
    attributes = json.loads((data / "attributes.json").read_text(encoding="utf-8"))
    annotation = next(one for one in attributes["attributes"] if one["id"] == 4191)
    attributes["attributes"].append({**annotation, "id": 11254, "name": "Rich-контент JSON"})
    attributes["types"][0]["attributes"].append({"id": 11254})
    (data / "attributes.json").write_text(json.dumps(attributes, ensure_ascii=False), encoding="utf-8")
    hurry = {"archive_delay": timedelta(0), "cancel_unshipped": None}
    sandbox = Sandbox(
        data_dir=data, clock=clock, import_delay_s=0.05, moderation_s=0.05, order_interval_s=0, stock_interval_s=0, timing=hurry
    )
    sandbox.memory.limits.requests_per_second = 10_000
    sandbox.memory.quotas.daily_create = size.daily_create
    return sandbox


@dataclass
class Told:
    """What the program let people see. changes: fields of each article on Ozon that previews or the journal's sendings named.

    lost: the parts of fields that a confirmed preview named as lost. owner: what the owner heard.
    """

    changes: dict[str, set[str]] = field(default_factory=dict)
    lost: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    owner: list[str] = field(default_factory=list)

    def preview(self, document: Any) -> None:
        """A preview that was confirmed."""
        for item in document["items"]:
            self.changed(item["offer_id"], [change["field"] for change in item["changes"]])
        for loss in document["losses"]:
            self.lost.setdefault((loss["offer_id"], SAME_FIELD.get(loss["field"], loss["field"])), set()).update(loss["values"])

    def changed(self, offer_id: str, fields: list[str]) -> None:
        self.changes.setdefault(offer_id, set()).update(SAME_FIELD.get(name, name) for name in fields)


class FirstDay:
    """The shop, Ozon, the program, and everybody who does something to them."""

    def __init__(self, folder: Path, size: Size, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.size = folder, size
        self.clock = MovingClock()
        self.sandbox = make_sandbox(folder, self.clock, size)
        self.road = Road(self.sandbox)
        self.store = Store(size)
        self.on_ozon = place_rich_cards(self.sandbox, self.store, size)
        self.rich = {offer_id: fields_of(product) for offer_id, product in self.sandbox.products.items()}
        matched = set(self.on_ozon.values())
        self.alone = {offer_id: fields for offer_id, fields in self.rich.items() if offer_id not in matched}
        self.below_lowest = list(self.on_ozon)[BELOW_LOWEST]
        self.told = Told()
        self.sold: dict[str, tuple[str, int, datetime]] = {}
        self.exports = folder / "exports"
        self.exports.mkdir()
        self._patch, self._capsys = patch, capsys
        connect(self.road, patch)
        limits, secrets = ItemLimits(stock_every_s=0), MemoryStore(fallback=ADMIN_KEY)
        made = partial(Options, clock=self.clock, patience=QUICK, secret_store=secrets, item_limits=limits)
        patch.setattr(cli, "Options", made)
        self.options: Options = made(folder / "data", api_url=URL)

    # --- people ---------------------------------------------------------------------------------------------------------

    def types(self, *words: str, code: int = 0, typed: str = "") -> Any:
        """The manager types a command; gives its document."""
        self._patch.setattr(sys, "stdin", io.StringIO(typed))
        self._capsys.readouterr()
        said_code = cli.main(["--data-dir", str(self.folder / "data"), "--api-url", URL, "--json", *words])
        said = self._capsys.readouterr()
        assert said_code == code, (words, said_code, said.err[-2000:], said.out[-2000:])
        return json.loads(said.out) if said.out else said.err

    def offer(self, article: str) -> str:
        """The article a good has on Ozon."""
        return self.on_ozon.get(article, article)

    def now(self, offer_id: str) -> dict[str, tuple[str, ...]]:
        """Every field of a card as it is on Ozon."""
        return fields_of(self.sandbox.products[offer_id])

    def buys(self, article: str, pieces: int = 1) -> str:
        """A buyer orders on Ozon, if there is as much: gives the number of the posting."""
        number = self.sandbox.place_order(self.offer(article), pieces)
        self.sold[number] = (article, pieces, self.clock.now)
        return number

    def ships(self, number: str) -> None:
        """The store packs and hands over an order; its pieces leave the shelf."""
        for status in ("awaiting_deliver", "delivering"):
            self.sandbox.set_posting_status(number, status)
        article, pieces, _ = self.sold[number]
        self.store.change(article, stock=self.store.goods[article].stock - pieces)

    # --- what must hold ---------------------------------------------------------------------------------------------------

    def assert_rich_untouched(self) -> None:
        now = {offer_id: self.now(offer_id) for offer_id in self.rich}
        assert now == self.rich

    def assert_never_more_promised(self) -> None:
        """What may still be bought on Ozon, and what was bought and has not left, lies in the store."""
        waiting: dict[str, int] = {}
        for number, (article, pieces, _) in self.sold.items():
            if self.sandbox.memory.postings[number].status in {"awaiting_packaging", "awaiting_deliver"}:
                waiting[article] = waiting.get(article, 0) + pieces
        products = self.sandbox.products
        for good in self.store.goods.values():
            product = products.get(self.offer(good.article))
            promised = 0 if product is None or product.archived else product.free
            exists = max((0 if good.deleted else good.stock) - waiting.get(good.article, 0), 0)
            assert promised <= exists, (good, promised, waiting.get(good.article, 0))

    def assert_all_changes_were_shown(self, *, filled: bool = True) -> None:
        """Every field of every card somebody else made: as it was, or a preview or the journal named it; losses were confirmed.

        filled: nothing but what was empty was to change in their content.
        """
        for offer_id, before in self.rich.items():
            after = self.now(offer_id)
            for name in {*before, *after}:
                old, new = before.get(name, ()), after.get(name, ())
                if old == new:
                    continue
                assert name in self.told.changes.get(offer_id, set()), (offer_id, name, old, new)
                assert not filled or name not in KEPT_BY_FILLING, (offer_id, name, old, new)
                gone = set(old) - set(new)
                if len(old) > 1 or not any(new) or (name == "old_price" and not Decimal(new[0])):
                    assert len(self.told.lost.get((offer_id, name), set())) >= len(gone), (offer_id, name, old, new)

    # --- day one, by hand ---------------------------------------------------------------------------------------------------

    def connects(self) -> None:
        """The manager does what the guide says, up to the mapping."""
        export = self.store.export(self.folder / "first.xml", self.clock.now)
        self.types("import", str(export))
        self.types("connect", "--client-id", str(KNOWN_CLIENT_ID), typed=f"{ADMIN_KEY}\n")
        self.types("categories", "fetch", "--base", "Одежда")
        self.types("settings", "fetch")
        words = ("scheme=FBS", "employee=Иванова Мария", "price_type=price", "vat=22", "trigger=on_change", "organization=ООО «Пуговка»")
        self.types("integration", "set", *words)
        self.types("integration", "enable")
        self.types("mapping", "set", "Рубашки", "Рубашка")

    def looks_before_answering(self) -> None:
        """Previews, plain `sync`, and reading the cabinet change nothing; what is confirmed unanswered leaves the rich cards alone."""
        size = self.size
        report = self.types("cards", "adopt")
        assert len(report["matched"]) == size.matched
        assert len(report["only_ozon"]) == size.cards - size.matched
        assert report["existing"]["count"] == size.cards
        assert report["existing"]["content"] is None
        seen = self.types("sync", "--dry-run", code=1)
        held = {item["offer_id"] for item in seen["held_items"] if item["why"] == Hold.UNANSWERED}
        assert held == set(self.on_ozon.values())
        assert seen["create"] == size.products - size.matched
        refused = self.types("sync", code=1)
        assert refused["sent"] is False
        assert not WRITING & set(self.road.paths)
        self.assert_rich_untouched()
        five = self.types("sync", "--first-five", "--confirm", seen["plan"])
        assert (len(five["offers"]), five["different"], five["problems"]) == (5, 0, [])
        assert not set(five["offers"]) & set(self.rich)
        self.assert_rich_untouched()

    def answers_and_confirms(self, content: str = "fill") -> None:
        """Prices and stocks from the store; the preview names what goes, and only that preview is sent. content: «дополнить пустое»."""
        before = self.types("sync", "--dry-run", code=1)
        view = self.types("cards", "adopt", "--offline", "--prefer", content, "--prices", "store", "--stocks", "store")["existing"]
        assert (view["content"], view["prices"], view["stocks"]) == (content, "store", "store")
        assert view["losses"]["fill"] == 0 < view["losses"]["store"]
        refused = self.types("sync", "--confirm", before["plan"], code=1)
        assert refused["sent"] is False
        self.assert_rich_untouched()
        seen = self.types("sync", "--dry-run", code=1)
        days = self.days_of_creations(self.size.daily_create - 5)
        assert [turn["days"][:4] for turn in seen["turns"] if turn["kind"] == "create"] == [days]
        assert {item["why"] for item in seen["held_items"]} == {Hold.PRICE_JUMP}
        assert (seen["lost"] > 0) is (content == "store")
        self.told.preview(seen)
        sent = self.types("sync", "--confirm", seen["plan"], code=1)
        assert sent["create"] == self.size.daily_create - 5
        refused = [one for one in sent["problems"] if one["code"] != QUOTA_USED_UP]
        assert [one["offer_id"] for one in refused] == [self.offer(self.below_lowest)], refused
        self.assert_all_changes_were_shown(filled=content == "fill")

    def days_of_creations(self, today: int) -> list[int]:
        """How many cards go on each day; today: what is left of Ozon's quota."""
        left, days = self.size.products - self.size.matched - 5, [today]
        while left > sum(days):
            days.append(min(self.size.daily_create, left - sum(days)))
        return days

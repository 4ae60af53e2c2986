"""Orders in МойСклад: made once for each posting with their reserve, moved on, and freed when they are cancelled."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ozon_desktop.backoffice.moysklad.api import LIGHT_ASSORTMENT, Api, moscow_text
from ozon_desktop.backoffice.moysklad.goods import roubles
from ozon_desktop.backoffice.moysklad.lists import named
from ozon_desktop.backoffice.moysklad.models import (
    GoodRow,
    NamedRow,
    OrderMetadata,
    OrderRow,
    StockRow,
    is_uuid,
    read_as,
)
from ozon_desktop.backoffice.moysklad.order_lines import free, lines_of, with_reserve
from ozon_desktop.backoffice.moysklad.order_texts import description
from ozon_desktop.backoffice.moysklad.paging import ALL, LONGEST_EXPANDED, Listing, every
from ozon_desktop.backoffice.moysklad.stocks import Book
from ozon_desktop.domain.orders import PostingProduct
from ozon_desktop.domain.pricing import iso_currency
from ozon_desktop.domain.sold_pieces import left_the_store
from ozon_desktop.domain.store_connection import OrderStage, PlacedOrder, StoreOrder
from ozon_desktop.errors import (
    BackOfficeAnswerUnreadable,
    BackOfficeFailed,
    BackOfficeNotFound,
    BackOfficeRefused,
    BackOfficeUnreachable,
)

NAMESPACE = uuid.UUID("a0f3b2b4-2f8c-5a5e-9a35-0e6f7f3d1c77")
"""Of all ids made here: never to be changed, for they tell orders that are there already."""
BUYER, BUYER_CODE = "Ozon", "ozon-desktop-buyer"
FOUND_AT_ONCE = 50
"""Ids of a search fit into an address."""
SUBJECT = "заказ покупателя"
UNKNOWN_ORGANIZATION = "выбранной организации в МоёмСкладе нет: выберите её заново на странице «Интеграция»"
IN_BIN = "isDeleted=true;isDeleted=false"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What does not change from order to order. states: names by id, in the order of the account."""

    states: Mapping[str, str]
    buyer: str


class Orders:
    """The desk for orders over one login; see `OrderDesk`."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._kept: _Kept | None = None

    async def put(self, order: StoreOrder) -> PlacedOrder:
        """The order there is, or a new one. An answer that was lost is looked up, never asked for again blindly."""
        if (known := (await self.find([order])).get(order.posting_number)) is not None:
            return known
        body = await self._body(order)
        try:
            answer = await self._made(order, body)
        except (BackOfficeUnreachable, BackOfficeFailed, BackOfficeAnswerUnreadable):
            if (known := (await self.find([order])).get(order.posting_number)) is None:
                raise
            return known
        return await self._named(await self._standing(order, read_as(SUBJECT, answer, OrderRow)))

    async def _made(self, order: StoreOrder, body: dict[str, object]) -> bytes:
        """The answer to a new order. Who is responsible and the channel may be known to the program alone, or be gone there.

        The order is worth more than they are: it is made without them. BackOfficeRefused for such an organization.
        """
        try:
            return await self._api.send(SUBJECT, "POST", "entity/customerorder", body)
        except BackOfficeNotFound:
            known = body.copy()
            for name, kind, id_ in _chosen(order):
                if id_ and name in body and id_ not in {row.id for row in await named(self._api, kind)}:
                    if name == "organization":
                        raise BackOfficeRefused(SUBJECT, detail=UNKNOWN_ORGANIZATION) from None
                    del known[name]
            if known == body:
                raise
        return await self._api.send(SUBJECT, "POST", "entity/customerorder", known)

    async def find(self, orders: Sequence[StoreOrder]) -> Mapping[str, PlacedOrder]:
        """Those that are there, in the bin as well: what a person threw away is not made again."""
        return {number: await self._named(placed) for number, placed in (await self._found(orders)).items()}

    async def _found(self, orders: Sequence[StoreOrder]) -> dict[str, PlacedOrder]:
        """States by id."""
        asked = {sync_id(order.posting_number): order for order in orders}
        found: dict[str, PlacedOrder] = {}
        ids = list(asked)
        for start in range(0, len(ids), FOUND_AT_ONCE):
            conditions = [IN_BIN, *(f"syncId={id_}" for id_ in ids[start : start + FOUND_AT_ONCE])]
            query = {"filter": ";".join(conditions), "expand": "positions"}
            for row in await every(self._api, Listing(SUBJECT, "entity/customerorder", OrderRow, query, LONGEST_EXPANDED)):
                if (order := asked.get(row.sync_id or "")) is not None:
                    found[order.posting_number] = await self._standing(order, row)
        return found

    async def _standing(self, order: StoreOrder, row: OrderRow) -> PlacedOrder:
        """How it stands there, its lines among it; the state by id."""
        seen = self._placed(row)
        return with_reserve(seen, order, await lines_of(self._api, row))

    async def set_state(self, order: StoreOrder, placed: PlacedOrder, last_state: str) -> PlacedOrder:
        """Moves it on, unless a person did so; one cancelled while its goods lie there is freed of its reserve anyway. BackOfficeError."""
        found = (await self._found([order])).get(order.posting_number)
        if found is None:
            return replace(placed, cancelled=True, seen_at=self._api.server_time)
        if found.cancelled or found.shipped:
            return await self._named(found)
        if order.stage is OrderStage.CANCELLED and not left_the_store(order.order.posting):
            # What is on its way already is not there to be sold before it comes back.
            await free(self._api, found.id)
            found = replace(found, reserved=False)
        return await self._named(await self._moved(order, found, last_state) if order.state else found)

    async def _moved(self, order: StoreOrder, now: PlacedOrder, last_state: str) -> PlacedOrder:
        """In the state the order is to have. BackOfficeRefused for one there is not."""
        states = (await self._common()).states
        if _state_id(states, order.state) is None:
            # A person may just have added it.
            self._kept = None
            states = (await self._common()).states
        target, last = _state_id(states, order.state), _state_id(states, last_state)
        if target is None:
            raise BackOfficeRefused(f"статус «{order.state}»", detail="такого статуса заказов в МоёмСкладе нет")
        if now.state == target:
            return now
        # The service gives new orders the first state, or none.
        untouched = {last} if last else {"", next(iter(states), "")}
        if now.state not in untouched:
            return replace(now, changed_by_hand=True)
        answer = await self._api.send(SUBJECT, "PUT", f"entity/customerorder/{now.id}", {"state": self._state_link(target)})
        return replace(self._placed(read_as(SUBJECT, answer, OrderRow)), reserved=now.reserved, left_out=now.left_out)

    async def _named(self, placed: PlacedOrder) -> PlacedOrder:
        """With the name of its state, which people can read, in place of the id."""
        return replace(placed, state=(await self._common()).states.get(placed.state, placed.state)) if placed.state else placed

    # --- making -----------------------------------------------------------------------------------------------------

    async def _body(self, order: StoreOrder) -> dict[str, object]:
        posting, common = order.order.posting, await self._common()
        goods = await self._goods(order)
        lines = [(line, goods[order.product_ids[line.offer_id]]) for line in posting.products if _is_known(line, order, goods)]
        unknown = [line for line in posting.products if not _is_known(line, order, goods)]
        body: dict[str, object] = {
            "syncId": sync_id(posting.posting_number),
            "externalCode": posting.posting_number,
            "organization": self._link("organization", await self._organization(order)),
            "agent": self._link("counterparty", common.buyer),
            "moment": moscow_text(posting.created_at or order.order.received_at),
            "description": description(posting, unknown),
            "vatEnabled": True,
            "vatIncluded": True,
            "positions": [self._position(line, good, reserved=posting.scheme != "fbo") for line, good in lines],
        }
        references = [*_chosen(order), ("store", "store", await self._store(order, lines))]
        body |= {name: self._link(kind, id_) for name, kind, id_ in references if name not in body and id_ and is_uuid(id_)}
        if (state := _state_id(common.states, order.state)) is not None and order.state:
            body["state"] = self._state_link(state)
        if posting.shipment_date is not None:
            body["deliveryPlannedMoment"] = moscow_text(posting.shipment_date)
        return body | await self._rate(posting.products)

    def _position(self, line: PostingProduct, good: GoodRow, *, reserved: bool) -> dict[str, object]:
        """reserved: its pieces are kept apart; those that Ozon sells from its own warehouses have left the store long before."""
        body: dict[str, object] = {
            "assortment": self._link(good.meta.type, good.id),
            "quantity": line.quantity,
            "price": float((line.price * 100).quantize(Decimal("0.01"))),
            "discount": 0,
            "reserve": line.quantity if reserved else 0,
        }
        rate, has_vat = (good.vat, good.vat_enabled) if good.effective_vat is None else (good.effective_vat, good.effective_vat_enabled)
        return body if rate is None else body | {"vat": int(rate), "vatEnabled": has_vat is not False}

    async def _goods(self, order: StoreOrder) -> dict[str, GoodRow]:
        """What the lines are of, as the service knows it: whether a product, a variant or a bundle has to be said."""
        ids = sorted({id_ for id_ in order.product_ids.values() if is_uuid(id_)})
        if not ids:
            return {}
        conditions = ";".join([ALL, *(f"id={id_}" for id_ in ids)])
        listing = Listing("товары заказа", "entity/assortment", GoodRow, {"filter": conditions}, headers=LIGHT_ASSORTMENT)
        return {row.id: row for row in await every(self._api, listing)}

    async def _organization(self, order: StoreOrder) -> str:
        """The chosen one, else the only one there is. BackOfficeRefused."""
        if order.order.organization_id and is_uuid(order.order.organization_id):
            return order.order.organization_id
        rows = await named(self._api, "organization")
        if len(rows) != 1:
            raise BackOfficeRefused(SUBJECT, detail="не выбрана организация, на которую оформлять заказы")
        return rows[0].id

    async def _store(self, order: StoreOrder, lines: Sequence[tuple[PostingProduct, GoodRow]]) -> str:
        """Of the warehouses the goods are taken from the one that has enough of most lines; "" when none comes into question.

        Where it is not known from which, all do, but for goods that lie at Ozon.
        """
        if order.order.posting.scheme == "fbo":
            return ""
        there = [row.id for row in await named(self._api, "store")]
        stores = [id_ for id_ in order.warehouse_ids if id_ in there] or there
        ids = [good.id for _, good in lines if good.meta.type != "bundle"]
        if len(stores) < 2 or not ids:
            return next(iter(stores), "")
        query = {"stockType": "freeStock", "filter": f"assortmentId={','.join(ids)}"}
        book = Book()
        for row in read_as("остатки", await self._api.get("остатки", "report/stock/bystore/current", query), list[StockRow]):
            book.add(row)

        def enough(store: str) -> int:
            return sum(book.of(good.id).get(store, Decimal(0)) >= line.quantity for line, good in lines)

        return max(stores, key=enough)

    async def _rate(self, lines: Sequence[PostingProduct]) -> dict[str, object]:
        """The currency of the order, where it is another than that of the books."""
        wanted = {iso_currency(line.currency) for line in lines}
        if wanted <= {"RUB"}:
            return {}
        rows = await named(self._api, "currency")
        usual = next((iso_currency(row.iso_code or "") for row in rows if row.default), "RUB")
        if wanted == {usual}:
            return {}
        found = next((row for row in rows if len(wanted) == 1 and iso_currency(row.iso_code or "") in wanted), None)
        if found is None:
            raise BackOfficeRefused(SUBJECT, detail=f"в МоёмСкладе нет валюты заказа: {', '.join(sorted(wanted))}")
        return {"rate": {"currency": self._link("currency", found.id)}}

    # --- what is common to all -----------------------------------------------------------------------------------------

    async def _common(self) -> _Kept:
        if self._kept is None:
            subject = "статусы заказов"
            metadata = read_as(subject, await self._api.get(subject, "entity/customerorder/metadata"), OrderMetadata)
            self._kept = _Kept({state.id: state.name or "" for state in metadata.states or ()}, await self._buyer())
        return self._kept

    async def _buyer(self) -> str:
        """The one counterparty all orders are for: ours, one the shop has under that name, or a new one."""
        for condition in (f"externalCode={BUYER_CODE}", f"name={BUYER}"):
            listing = Listing("контрагент «Ozon»", "entity/counterparty", NamedRow, {"filter": condition})
            if found := await every(self._api, listing):
                return found[0].id
        body = {"name": BUYER, "externalCode": BUYER_CODE, "syncId": str(uuid.uuid5(NAMESPACE, BUYER_CODE)), "companyType": "legal"}
        answer = await self._api.send("контрагент «Ozon»", "POST", "entity/counterparty", body)
        return read_as("контрагент «Ozon»", answer, NamedRow).id

    def _link(self, kind: str, id_: str) -> dict[str, object]:
        return {"meta": {"href": self._api.href(f"entity/{kind}/{id_}"), "type": kind, "mediaType": "application/json"}}

    def _state_link(self, id_: str) -> dict[str, object]:
        href = self._api.href(f"entity/customerorder/metadata/states/{id_}")
        return {"meta": {"href": href, "type": "state", "mediaType": "application/json"}}

    def _placed(self, row: OrderRow) -> PlacedOrder:
        shipped, whole = roubles(row.shipped_sum) or Decimal(0), roubles(row.sum) or Decimal(0)
        return PlacedOrder(
            row.id,
            row.name or "",
            row.state.id if row.state is not None else "",
            posted=row.applicable is not False,
            # A gift has no sum: its shipment document says it.
            shipped=shipped >= whole if shipped else bool(row.demands),
            cancelled=row.deleted is not None,
            seen_at=self._api.server_time,
        )


def _chosen(order: StoreOrder) -> list[tuple[str, str, str | None]]:
    """Field, kind and id of what a person chose for all orders."""
    chosen = order.order
    return [
        ("organization", "organization", chosen.organization_id),
        ("salesChannel", "saleschannel", chosen.direction_id),
        ("owner", "employee", chosen.responsible_id),
    ]


def sync_id(posting_number: str) -> str:
    """The id an order of this posting has in every account and from every computer."""
    return str(uuid.uuid5(NAMESPACE, posting_number))


def _state_id(states: Mapping[str, str], named_so: str) -> str | None:
    """Of a state given by id or name."""
    if named_so in states:
        return named_so
    wanted = named_so.strip().casefold()
    return next((id_ for id_, name in states.items() if name.strip().casefold() == wanted), None) if wanted else None


def _is_known(line: PostingProduct, order: StoreOrder, goods: Mapping[str, GoodRow]) -> bool:
    return order.product_ids.get(line.offer_id, "") in goods

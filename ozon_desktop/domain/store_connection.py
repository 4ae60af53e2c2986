"""How the store is connected with the program, what a connection says of itself, and orders as they go back to the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from ozon_desktop.domain.orders import CANCELLED, PARTLY_RETURNED, RETURNED, ExportEncoding, Order
from ozon_desktop.domain.sold_pieces import SHIPPED


class ConnectionKind(StrEnum):
    """FILES: a person or the watched folder brings exports. ONEC: 1C comes to the program; the others are asked."""

    FILES = "files"
    LINK = "link"
    ONEC = "1c"
    MOYSKLAD = "moysklad"


DEFAULT_INTERVAL_MIN = 5
SHORTEST_INTERVAL_MIN, LONGEST_INTERVAL_MIN = 1, 24 * 60
DEFAULT_PORT = 8910


@dataclass(frozen=True, slots=True)
class StoreConnection:
    """The one connection of this database. Its secret (password, token) lies in the secret store under `secret_name`.

    address: LINK the address of the file, MOYSKLAD a stand-in instead of the service, "" otherwise. login: "" where none is asked;
    of MOYSKLAD "" means that the secret is a token. port, open_to_network: where ONEC is listened to; open_to_network False = only
    programs of this computer get in. encoding: of the answers to a 1C that does not name its version.
    interval_min: minutes between two pulls of a connection that is asked.
    """

    kind: ConnectionKind = ConnectionKind.FILES
    address: str = ""
    login: str = ""
    port: int = DEFAULT_PORT
    open_to_network: bool = False
    encoding: ExportEncoding = ExportEncoding.WINDOWS_1251
    interval_min: int = DEFAULT_INTERVAL_MIN

    @property
    def is_pulled(self) -> bool:
        """Whether the program asks for goods, rather than waiting for somebody who brings them."""
        return self.kind in {ConnectionKind.LINK, ConnectionKind.MOYSKLAD}

    @property
    def takes_orders(self) -> bool:
        """Whether orders go back over it; else they are written as files."""
        return self.kind in {ConnectionKind.ONEC, ConnectionKind.MOYSKLAD}

    @property
    def makes_products(self) -> bool:
        """Whether products of cards can be made over it; else they are written as a catalogue file."""
        return self.kind is ConnectionKind.MOYSKLAD

    @property
    def secret_name(self) -> str:
        """Bound to the address, so that the password of one server is never sent to another."""
        return f"store-{self.kind}-{self.login.casefold()}@{self.address.casefold()}"


@dataclass(frozen=True, slots=True)
class ConnectionCheck:
    """What a check found. company: whose store it is, as the other side names it, "" = it does not say.

    missing: what the program may not do there, each in words a manager can pass on; the connection works without it, but not whole.
    order_states: what orders can be there, by name and in the order of the store, () = it does not say.
    """

    company: str = ""
    missing: tuple[str, ...] = ()
    order_states: tuple[str, ...] = ()


class OrdersHeld(StrEnum):
    """Why no order goes to a connected store. NO_GOODS_YET: it has brought none, so its ids may be others than those known;

    OTHER_IDS: its goods came under other ids, and a take-over is needed.
    """

    NO_GOODS_YET = "no_goods_yet"
    OTHER_IDS = "other_ids"


class OrderStage(StrEnum):
    """How far an order has come, in the order of its life; a store's state follows it, never goes back."""

    NEW = "new"
    ASSEMBLED = "assembled"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"

    @property
    def rank(self) -> int:
        return list(OrderStage).index(self)


_ASSEMBLED = frozenset({"awaiting_deliver", "acceptance_in_progress"})


def stage_of(order: Order) -> OrderStage:
    """What the order's state means to the store."""
    state = order.state
    if state in {RETURNED, PARTLY_RETURNED}:
        return OrderStage.RETURNED
    if state in CANCELLED:
        return OrderStage.CANCELLED
    if state == "delivered":
        return OrderStage.DELIVERED
    if state in SHIPPED:
        return OrderStage.SHIPPED
    return OrderStage.ASSEMBLED if state in _ASSEMBLED else OrderStage.NEW


@dataclass(frozen=True, slots=True)
class StoreOrder:
    """An order as a connection is given it.

    own_number: the program's permanent number of it, of eleven digits, for stores that know orders by a short one. product_ids: the
    store's ids by offer_id; a line whose offer_id is missing has no product there and goes into the comment. state: the store's id or
    name of the state that `stage` has there by the table of states, "" = the state is left alone. warehouse_ids: of the store, which
    the goods are taken from, the first before the others, () = it is not known.
    """

    order: Order
    own_number: int
    stage: OrderStage
    state: str = ""
    product_ids: Mapping[str, str] = field(default_factory=dict)
    warehouse_ids: tuple[str, ...] = ()

    @property
    def posting_number(self) -> str:
        return self.order.posting.posting_number


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order as the store has it. id: the store's; number: what people there call it; state: id or name of its state there.

    posted: it counts in the store's books («проведён»); shipped: the store has written the goods off; cancelled: it is there no more,
    or marked so. changed_by_hand: a person there set another state than the program last asked for. reserved: the stocks the store
    tells of since `seen_at` are without its goods, but for the lines in `left_out` (offer_ids), of which it has too few or none.
    seen_at: by the store's clock.
    """

    id: str
    number: str = ""
    state: str = ""
    posted: bool = False
    shipped: bool = False
    cancelled: bool = False
    changed_by_hand: bool = False
    reserved: bool = False
    seen_at: datetime | None = None
    left_out: tuple[str, ...] = ()

    def after(self, before: "PlacedOrder | None") -> "PlacedOrder":
        """The same, seen once more: what was reserved before, and still is, is so since then."""
        return replace(self, seen_at=before.seen_at) if before is not None and before.reserved and self.reserved else self

"""The stand-in as tests and the command line use it: an account of one shop, changed as people in it would change it."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette

from .app import ROOT, Endpoint, build_app
from .auth import ADMIN_LOGIN, ADMIN_PASSWORD, User
from .limits import Limits
from .memory import Memory
from .model import AttributeField, CustomerOrder, Good, Named, RecordedRequest, utc_now

RUB: dict[str, Any] = {"fullName": "Российский рубль", "code": "643", "isoCode": "RUB", "rate": 1.0, "multiplicity": 1, "indirect": False}
UNITS = {"шт": "Штука", "кг": "Килограмм", "упак": "Упаковка"}


class MoySklad:
    """An account with one administrator. Time comes from `clock` only. limits: None = those of December 2026 for a user's token.

    All of what a person could do in the service is a method here; what is asked and answered lies in `memory`.
    """

    def __init__(self, *, clock: Callable[[], datetime] = utc_now, limits: Limits | None = None, company: str = "ООО «Ромашка»") -> None:
        self.memory = Memory(clock, limits)
        self._endpoint = Endpoint(self.memory)
        self._app = build_app(self._endpoint)
        rub = self.add_to("currency", "руб", **RUB, default=True, system=True, rateUpdateType="manual", margin=0.0)
        self._rub = rub.id
        for name, full in UNITS.items():
            self.add_to("uom", name, description=full, code="796" if name == "шт" else "")
        admin = self.add_to("employee", "Администратор", lastName="Администратор", fullName="Администратор", shortFio="Администратор")
        self.admin = self.memory.users.add(ADMIN_LOGIN, ADMIN_PASSWORD, admin.id)
        self.company = self.add_to("organization", company, companyType="legal")
        self.store = self.add_to("store", "Основной склад", pathName="")
        self.price_type = self.add_price_type("Цена продажи")

    @property
    def app(self) -> Starlette:
        """The ASGI application."""
        return self._app

    @property
    def dates_answers(self) -> bool:
        """Changes are asked for by the time of its clock."""
        return True

    @property
    def root(self) -> str:
        """What stands behind host and port in all addresses."""
        return ROOT

    @property
    def requests(self) -> list[RecordedRequest]:
        """The newest requests, oldest first."""
        return self.memory.requests

    def set_latency(self, seconds: float) -> None:
        """How long each answer takes."""
        self._endpoint.latency_s = seconds

    @property
    def after_answer(self) -> Callable[[str], object] | None:
        """Called after each answer with its path: for people who change things between two pages."""
        return self._endpoint.after_answer

    @after_answer.setter
    def after_answer(self, call: Callable[[str], object] | None) -> None:
        self._endpoint.after_answer = call

    # --- lists ------------------------------------------------------------------------------------------------------

    def add_to(self, kind: str, name: str, *, parent: str = "", archived: bool = False, **extra: Any) -> Named:
        """A row of one of the lists `memory.LISTS`. extra: other fields, as they are answered."""
        with self.memory.lock:
            row = Named(self.memory.made_id(f"{kind} {name} {parent}"), name, self.memory.clock(), archived, parent, extra=extra)
            self.memory.lists[kind][row.id] = row
            return row

    def add_folder(self, name: str, parent: Named | None = None) -> Named:
        return self.add_to("productfolder", name, parent=parent.id if parent is not None else "")

    def add_price_type(self, name: str) -> str:
        with self.memory.lock:
            id_ = self.memory.made_id(f"pricetype {name}")
            self.memory.price_types[id_] = name
            return id_

    def add_attribute(self, name: str, kind: str = "string") -> str:
        """A field of the shop's own for products; gives its id."""
        with self.memory.lock:
            field = AttributeField(self.memory.made_id(f"attribute {name}"), name, kind)
            self.memory.attributes[field.id] = field
            return field.id

    def add_user(self, login: str, password: str, rights: Mapping[str, frozenset[str]] | None = None) -> User:
        """An employee with a login. rights: None = all."""
        employee = self.add_to("employee", login.partition("@")[0], lastName=login, fullName=login, shortFio=login)
        with self.memory.lock:
            user = self.memory.users.add(login, password, employee.id)
            if rights is not None:
                user.rights = dict(rights)
            return user

    def take_right(self, entity: str, *actions: str, user: User | None = None) -> None:
        """The user (the administrator) may do this no more; without actions nothing with it at all."""
        with self.memory.lock:
            rights = (user or self.admin).rights
            rights[entity] = rights.get(entity, frozenset()) - frozenset(actions) if actions else frozenset()

    def token(self) -> str:
        """A new token of the administrator; the one before is refused from now on."""
        with self.memory.lock:
            return self.memory.users.new_token(self.admin)

    # --- goods ------------------------------------------------------------------------------------------------------

    def add_product(self, name: str, *, price: float = 0.0, stock: float | None = None, id: str = "", **fields: Any) -> Good:
        """price in roubles, of the first price type; stock: in the first store, None = it was never there. fields: of `Good`."""
        return self._add(Good(id or str(uuid.uuid4()), "product", name, self.memory.clock(), **fields), price, stock)

    def add_variant(self, product: Good, *, price: float = 0.0, stock: float | None = None, **fields: Any) -> Good:
        """fields: of `Good`, the characteristics among them."""
        values = ", ".join(value for _, value in fields["characteristics"])
        name = f"{product.name} ({values})"
        return self._add(Good(str(uuid.uuid4()), "variant", name, self.memory.clock(), product_id=product.id, **fields), price, stock)

    def add_bundle(self, name: str, components: Mapping[str, float], *, price: float = 0.0, **fields: Any) -> Good:
        """components: how many of each, by id."""
        good = Good(str(uuid.uuid4()), "bundle", name, self.memory.clock(), components=tuple(components.items()), **fields)
        return self._add(good, price, None)

    def _add(self, good: Good, price: float, stock: float | None) -> Good:
        with self.memory.lock:
            good.currency_id = good.currency_id or self._rub
            good.code = good.code or self.memory.next_number()
            if price:
                good.prices[self.price_type] = round(price * 100, 2)
            self.memory.add(good)
            if stock is not None:
                self.set_stock(good, stock)
            return good

    def change(self, good: Good, **fields: Any) -> None:
        """Somebody changes fields of a good."""
        with self.memory.lock:
            for name, value in fields.items():
                setattr(good, name, value)
            good.updated = self.memory.clock()
            if "archived" in fields:
                self.memory.touch_stock(good.id)

    def set_price(self, good: Good, price: float, price_type: str = "") -> None:
        """price in roubles."""
        self.change(good, prices=good.prices | {price_type or self.price_type: round(price * 100, 2)})

    def set_stock(self, good: Good, quantity: float, store: Named | None = None) -> None:
        """So many lie in the store (the first one); the good itself is not changed by it."""
        with self.memory.lock:
            there = self.memory.stocks.setdefault(good.id, {})
            there[(store or self.store).id] = Decimal(str(quantity))
            self.memory.touch_stock(good.id)

    def free(self, good: Good, store: Named | None = None) -> Decimal:
        """Pieces that are not reserved, in one store or in all."""
        with self.memory.lock:
            found = self.memory.free(good.id)
            return sum(found.values(), Decimal(0)) if store is None else found.get(store.id, Decimal(0))

    def picture_links(self, good: Good) -> list[str]:
        """Where its pictures can be opened."""
        return [self.memory.picture_link(good.id, number) for number in range(good.images)]

    def delete(self, good: Good) -> None:
        """For good: lists do not name it any more."""
        with self.memory.lock:
            self.memory.drop(good)

    # --- orders -----------------------------------------------------------------------------------------------------

    @property
    def orders(self) -> list[CustomerOrder]:
        """Oldest first, those in the bin among them."""
        with self.memory.lock:
            return list(self.memory.orders.values())

    def state_id(self, name: str) -> str:
        """ValueError for a state there is not."""
        return next((id_ for id_, known in self.memory.states.items() if known == name), "") or _unknown(name)

    def state_of(self, order: CustomerOrder) -> str:
        """The name of the order's state, "" = it has none."""
        return self.memory.states.get(order.references.get("state", ""), "")

    def set_state(self, order: CustomerOrder, name: str) -> None:
        """Somebody sets another state by hand."""
        with self.memory.lock:
            order.references["state"] = self.state_id(name)
            order.updated = self.memory.clock()

    def ship(self, order: CustomerOrder) -> None:
        """Somebody writes the shipment document: reserved pieces leave the store."""
        with self.memory.lock:
            self.memory.reserve(order, -1)
            store = order.references.get("store") or self.store.id
            for line in order.positions:
                for good_id, each in self.memory.parts(line.good_id):
                    there = self.memory.stocks.setdefault(good_id, {})
                    there[store] = there.get(store, Decimal(0)) - (line.quantity - line.shipped) * each
                    self.memory.touch_stock(good_id)
                line.shipped, line.reserve = line.quantity, Decimal(0)
            order.demands.append(str(uuid.uuid4()))
            order.updated = self.memory.clock()

    def trash(self, order: CustomerOrder) -> None:
        """Somebody moves the order to the bin: it reserves nothing any more."""
        with self.memory.lock:
            self.memory.reserve(order, -1)
            order.trashed = self.memory.clock()

    def erase(self, order: CustomerOrder) -> None:
        """For good."""
        with self.memory.lock:
            self.memory.reserve(order, -1)
            del self.memory.orders[order.id]


def _unknown(name: str) -> str:
    raise ValueError(f"unknown state: {name}")

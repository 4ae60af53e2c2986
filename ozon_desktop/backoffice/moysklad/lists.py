"""The short lists around the goods: warehouses, price types, folders, and whom orders are written for."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from ozon_desktop.backoffice.moysklad.api import Api
from ozon_desktop.backoffice.moysklad.goods import SOURCE, STRUCTURE
from ozon_desktop.backoffice.moysklad.models import NamedRow, read_as
from ozon_desktop.backoffice.moysklad.paging import ALL, Listing, every
from ozon_desktop.domain.store_catalog import (
    CatalogStructure,
    Employee,
    OrderDirection,
    Organization,
    PriceType,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
)
from ozon_desktop.errors import BackOfficeRightMissing

Result = TypeVar("Result")

SUBJECTS = {
    "store": "склады",
    "currency": "валюты",
    "uom": "единицы измерения",
    "organization": "организации",
    "employee": "сотрудники",
    "saleschannel": "каналы продаж",
    "productfolder": "группы товаров",
}
OPTIONAL = frozenset({"currency", "uom", "organization", "employee", "saleschannel"})
"""Without the right to see these goods are read all the same."""


@dataclass(frozen=True, slots=True)
class Lists:
    stores: list[NamedRow]
    price_types: list[NamedRow]
    currencies: list[NamedRow]
    units: list[NamedRow]
    organizations: list[NamedRow]
    employees: list[NamedRow]
    channels: list[NamedRow]
    folders: list[NamedRow]

    @property
    def codes(self) -> dict[str, str]:
        """Codes of currencies by id."""
        return {row.id: row.iso_code or row.name or "" for row in self.currencies}

    @property
    def unit_names(self) -> dict[str, str]:
        return {row.id: row.name or "" for row in self.units}

    @property
    def usual_currency(self) -> str:
        """The one the books are kept in."""
        return next((row.iso_code or "" for row in self.currencies if row.default), "")


async def read_lists(api: Api, stores: list[NamedRow]) -> Lists:
    """stores: read already. BackOfficeError; lists the login may not see are empty where goods can do without them."""
    types, currencies, units, organizations, employees, channels, folders = await together(
        price_types(api),
        named(api, "currency"),
        named(api, "uom"),
        named(api, "organization"),
        named(api, "employee"),
        named(api, "saleschannel"),
        named(api, "productfolder", archived=True),
    )
    return Lists(stores, types, currencies, units, organizations, employees, channels, folders)


async def named(api: Api, kind: str, *, archived: bool = False, since: str = "") -> list[NamedRow]:
    """The rows of a list. since: only those changed since then, by the service's clock."""
    conditions = [ALL] if archived else []
    conditions += [f"updated>={since}"] if since else []
    query = {"filter": ";".join(conditions)} if conditions else {}
    try:
        return await every(api, Listing(SUBJECTS[kind], f"entity/{kind}", NamedRow, query))
    except BackOfficeRightMissing:
        if kind not in OPTIONAL:
            raise
        return []


async def price_types(api: Api) -> list[NamedRow]:
    """The default one first."""
    subject = "типы цен"
    return read_as(subject, await api.get(subject, "context/companysettings/pricetype"), list[NamedRow])


def list_records(lists: Lists, usual_currency: str) -> Iterator[StoreRecord]:
    """The structure, and everything that goods refer to but their folders."""
    owner = next((row.name or "" for row in lists.organizations), "")
    yield CatalogStructure(STRUCTURE, SOURCE, owner)
    yield from (PriceType(row.id, row.name or row.id, usual_currency or "RUB") for row in lists.price_types)
    yield from (StoreWarehouse(row.id, row.name or row.id) for row in lists.stores)
    yield from (Organization(row.id, row.name or row.id) for row in lists.organizations)
    yield from (Employee(row.id, row.name or row.id) for row in lists.employees)
    yield from (OrderDirection(row.id, row.name or row.id) for row in lists.channels)


def category_records(folders: list[NamedRow]) -> Iterator[StoreRecord]:
    """Folders in the order they came; archived ones are gone."""
    for position, row in enumerate(folders):
        parent = row.product_folder.id if row.product_folder is not None else None
        yield StoreCategory(row.id, STRUCTURE, parent, row.name or row.id, position, bool(row.archived))


async def together(*jobs: Coroutine[Any, Any, Any]) -> list[Any]:
    """The results of all; the first error ends the others."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

"""Who the login belongs to, what it may not do there, in words for the one who can change it, and what orders can be there."""

from collections.abc import Iterator, Mapping

from ozon_desktop.backoffice.moysklad.api import Api
from ozon_desktop.backoffice.moysklad.lists import named
from ozon_desktop.backoffice.moysklad.models import EmployeeRow, OrderMetadata, read_as
from ozon_desktop.domain.store_connection import ConnectionCheck
from ozon_desktop.errors import BackOfficeRightMissing

SUBJECT = "сотрудник"
Permissions = Mapping[str, Mapping[str, str]]

NEEDED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("product", ("view",), "смотреть товары и услуги: без этого товары не загрузятся"),
    ("stock", ("view",), "просматривать остатки по товарам: без этого товары не загрузятся"),
    ("store", ("view",), "смотреть склады: без этого товары не загрузятся"),
    ("currency", ("view",), "смотреть валюты: цены в другой валюте будут приняты за рубли"),
    ("uom", ("view",), "смотреть единицы измерения: у товаров их не будет"),
    ("organization", ("view",), "смотреть юрлица: без этого заказы не оформить"),
    ("employee", ("view",), "смотреть сотрудников: ответственного за заказ не выбрать"),
    ("counterparty", ("view", "create"), "смотреть и создавать контрагентов: заказу нужен покупатель «Ozon»"),
    ("customerorder", ("view",), "смотреть заказы покупателей: без этого заказы не передать"),
    ("customerorder", ("create",), "создавать заказы покупателей: без этого заказы не передать"),
    ("customerorder", ("update",), "редактировать заказы покупателей: статусы и отмена не дойдут"),
    ("product", ("create",), "создавать товары: карточки, которые есть только на Ozon, в магазин не завести"),
    ("productfolder", ("create",), "создавать группы товаров: для таких карточек групп не будет"),
)
"""(entity, actions, what is lacking). What is named may be looked for in vain in older accounts: then it is told too."""


async def check(api: Api) -> ConnectionCheck:
    """BackOfficeError."""
    employee = read_as(SUBJECT, await api.get(SUBJECT, "context/employee"), EmployeeRow)
    try:
        companies = [row.name or "" for row in await named(api, "organization")]
    except BackOfficeRightMissing:
        companies = []
    who = employee.full_name or employee.name or ""
    company = ", ".join(filter(None, companies[:3])) or who
    lacking = () if employee.permissions is None else tuple(missing(employee.permissions))
    return ConnectionCheck(company, lacking, await _order_states(api))


async def _order_states(api: Api) -> tuple[str, ...]:
    """What the account calls the states of orders; who may not see orders sees none."""
    subject = "статусы заказов"
    try:
        metadata = read_as(subject, await api.get(subject, "entity/customerorder/metadata"), OrderMetadata)
    except BackOfficeRightMissing:
        return ()
    return tuple(state.name for state in metadata.states or () if state.name)


def missing(permissions: Permissions) -> Iterator[str]:
    """What is lacking, the most important first."""
    for entity, actions, text in NEEDED:
        given = permissions.get(entity, {})
        if not all(given.get(action) for action in actions):
            yield text

"""Connected Ozon cabinets with their settings. The API key itself is never stored here, only whether there is one."""

from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from ozon_desktop.domain.integration import Integration, IntegrationSettings, Scheme, UpdateTrigger, VatRate
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.storage.sql import prepared
from ozon_desktop.storage.tables import integrations


class IntegrationRepository:
    """Reads and writes integrations. Names are unique."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Integration]:
        """All integrations in the order they were added."""
        return [_integration(row) for row in _every(self._connection)]

    def get(self, integration_id: int) -> Integration:
        """The integration; NotFound when there is none of this id."""
        row = _of_id(self._connection, integration_id).one_or_none()
        if row is None:
            raise NotFound(str(integration_id))
        return _integration(row)

    def by_name(self, name: str) -> Integration:
        """The integration of this name; NotFound when there is none."""
        row = self._connection.execute(select(integrations).where(integrations.c.name == name)).one_or_none()
        if row is None:
            raise NotFound(name)
        return _integration(row)

    def add(self, name: str) -> Integration:
        """A new integration with nothing filled in. WrongInput when the name is taken."""
        self._refuse_taken(name, 0)
        integration = Integration(0, name)
        values = _values(integration)
        added = self._connection.execute(insert(integrations).values(values).returning(integrations.c.id)).scalar_one()
        return Integration(added, name)

    def save(self, integration: Integration) -> None:
        """Overwrites the stored integration of the same id. NotFound, WrongInput when the name is taken."""
        self._refuse_taken(integration.name, integration.id)
        result = self._connection.execute(update(integrations).where(integrations.c.id == integration.id).values(_values(integration)))
        if result.rowcount == 0:
            raise NotFound(str(integration.id))

    def delete(self, integration_id: int) -> None:
        """Removes the integration with its mappings, cards, orders and what Ozon accepted; journal entries stay."""
        self._connection.execute(delete(integrations).where(integrations.c.id == integration_id))

    def _refuse_taken(self, name: str, integration_id: int) -> None:
        taken = select(func.count()).where(integrations.c.name == name, integrations.c.id != integration_id)
        if self._connection.execute(taken).scalar_one():
            raise WrongInput("name", detail=name)


@prepared
def _every() -> Select[Any]:
    return select(integrations).order_by(integrations.c.id)


@prepared
def _of_id(integration_id: int) -> Select[Any]:
    return select(integrations).where(integrations.c.id == integration_id)


def _values(integration: Integration) -> dict[str, Any]:
    settings = integration.settings
    return {
        "name": integration.name,
        "client_id": settings.client_id,
        "scheme": settings.scheme,
        "catalog_structure_id": settings.catalog_structure_id,
        "order_direction_id": settings.order_direction_id,
        "organization_id": settings.organization_id,
        "responsible_employee_id": settings.responsible_employee_id,
        "price_type_id": settings.price_type_id,
        "vat_rate": settings.vat_rate,
        "vat_of_product": settings.vat_of_product,
        "update_trigger": settings.update_trigger,
        "enabled": integration.enabled,
        "has_key": integration.has_key,
        "connection": integration.connection,
        "selected_base_ids": integration.selected_base_ids,
        "base_fetched_at": integration.base_fetched_at,
        "children_fetched_at": integration.children_fetched_at,
        "settings_fetched_at": integration.settings_fetched_at,
    }


def _integration(row: Row[Any]) -> Integration:
    settings = IntegrationSettings(
        client_id=row.client_id,
        scheme=None if row.scheme is None else Scheme(row.scheme),
        catalog_structure_id=row.catalog_structure_id,
        order_direction_id=row.order_direction_id,
        organization_id=row.organization_id,
        responsible_employee_id=row.responsible_employee_id,
        price_type_id=row.price_type_id,
        vat_rate=None if row.vat_rate is None else VatRate(row.vat_rate),
        update_trigger=None if row.update_trigger is None else UpdateTrigger(row.update_trigger),
        vat_of_product=row.vat_of_product,
    )
    return Integration(
        row.id,
        row.name,
        settings,
        row.enabled,
        row.has_key,
        row.connection,
        row.selected_base_ids,
        row.base_fetched_at,
        row.children_fetched_at,
        row.settings_fetched_at,
    )

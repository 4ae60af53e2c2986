"""Postings brought from Ozon and the store orders made of them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ozon_desktop.domain.integration import IntegrationSettings


@dataclass(frozen=True, slots=True)
class PostingProduct:
    """One line of a posting. price per piece."""

    offer_id: str
    name: str
    sku: int
    quantity: int
    price: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Posting:
    """Ozon's order parcel. scheme: fbs | fbo | rfbs. Times are UTC."""

    posting_number: str
    order_number: str
    order_id: int
    scheme: str
    status: str
    substatus: str
    created_at: datetime | None
    shipment_date: datetime | None
    products: tuple[PostingProduct, ...]
    warehouse_id: int = 0
    warehouse_name: str = ""
    cancel_reason: str = ""

    @property
    def total(self) -> Decimal:
        """Sum of the lines."""
        return sum((line.price * line.quantity for line in self.products), Decimal(0))


@dataclass(frozen=True, slots=True)
class Order:
    """What the store gets: a posting with the organization, direction and responsible employee set on the page."""

    integration_id: int
    posting: Posting
    organization_id: str | None
    direction_id: str | None
    responsible_id: str | None
    received_at: datetime
    exported_at: datetime | None = None


def order_of(posting: Posting, integration_id: int, settings: IntegrationSettings, now: datetime) -> Order:
    """The store order of a posting seen for the first time."""
    return Order(
        integration_id,
        posting,
        settings.organization_id,
        settings.order_direction_id,
        settings.responsible_employee_id,
        now,
    )

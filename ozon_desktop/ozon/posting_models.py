"""Ozon's answers about postings (v4 of FBS, v3 of FBO: without `result`, prices as {amount, currency}), returns and labels."""

from decimal import Decimal

from msgspec import Struct

from ozon_desktop.domain.orders import LabelTask, OrderReturn, Posting, PostingProduct
from ozon_desktop.ozon.models import Money, decimal, moment

RFBS_INTEGRATIONS = frozenset({"non_integrated", "3pl_tracking", "aggregator"})
"""Values of tpl_integration_type that mean the seller delivers by himself: rFBS has no delivery_schema of its own."""


class Amount(Struct):
    amount: Money = None
    currency: str | None = None
    currency_code: str | None = None


class ProductLine(Struct):
    offer_id: str | None = None
    name: str | None = None
    sku: int | None = None
    quantity: int | None = None
    price: Amount | str | int | float | None = None
    currency_code: str | None = None

    def to_domain(self) -> PostingProduct:
        price = self.price if isinstance(self.price, Amount) else Amount(self.price, self.currency_code)
        currency = price.currency or price.currency_code or ""
        amount = decimal(price.amount) or Decimal(0)
        return PostingProduct(self.offer_id or "", self.name or "", self.sku or 0, self.quantity or 0, amount, currency)


class DeliveryMethod(Struct):
    warehouse_id: int | None = None
    warehouse: str | None = None


class AnalyticsData(Struct):
    """`analytics_data` of an FBO posting: where it is sent from."""

    warehouse_id: int | None = None
    warehouse_name: str | None = None


class Cancellation(Struct):
    """`cancellation`; filled with empty texts when there was none."""

    cancel_reason: str | None = None


class PostingRow(Struct):
    """One posting of either scheme."""

    posting_number: str
    order_number: str | None = None
    order_id: int | None = None
    status: str | None = None
    substatus: str | None = None
    delivery_schema: str | None = None
    tpl_integration_type: str | None = None
    created_at: str | None = None
    in_process_at: str | None = None
    shipment_date: str | None = None
    products: list[ProductLine] | None = None
    delivery_method: DeliveryMethod | None = None
    analytics_data: AnalyticsData | None = None
    cancellation: Cancellation | None = None

    def to_domain(self, scheme: str) -> Posting:
        """`scheme`: that of the method it was read with; FBS postings say themselves which are rFBS."""
        place = self.delivery_method or DeliveryMethod()
        analytics = self.analytics_data or AnalyticsData()
        return Posting(
            posting_number=self.posting_number,
            order_number=self.order_number or "",
            order_id=self.order_id or 0,
            scheme="rfbs" if scheme == "fbs" and self._delivered_by_seller() else scheme,
            status=self.status or "",
            substatus=self.substatus or "",
            created_at=moment(self.created_at) or moment(self.in_process_at),
            shipment_date=moment(self.shipment_date),
            products=tuple(line.to_domain() for line in self.products or []),
            warehouse_id=place.warehouse_id or analytics.warehouse_id or 0,
            warehouse_name=place.warehouse or analytics.warehouse_name or "",
            cancel_reason=(self.cancellation or Cancellation()).cancel_reason or "",
        )

    def _delivered_by_seller(self) -> bool:
        schema = (self.delivery_schema or "").casefold()
        return schema == "rfbs" or (self.tpl_integration_type or "").casefold() in RFBS_INTEGRATIONS


class PostingsAnswer(Struct):
    """/v4/posting/fbs/list, /v4/posting/fbs/unfulfilled/list and /v3/posting/fbo/list."""

    postings: list[PostingRow] | None
    cursor: str | None = None
    has_next: bool | None = None

    def to_domain(self, scheme: str) -> list[Posting]:
        return [row.to_domain(scheme) for row in self.postings or []]


class ReturnedProduct(Struct):
    offer_id: str | None = None
    quantity: int | str | None = None


class VisualStatus(Struct):
    """`visual.status` of a return: what the cabinet shows."""

    display_name: str | None = None
    sys_name: str | None = None


class Visual(Struct):
    status: VisualStatus | None = None
    change_moment: str | None = None


class ReturnRow(Struct):
    """One return. Numbers come as numbers or as texts."""

    id: int | str
    posting_number: str | None = None
    return_reason_name: str | None = None
    type: str | None = None
    product: ReturnedProduct | None = None
    visual: Visual | None = None

    def to_domain(self) -> OrderReturn:
        product, visual = self.product or ReturnedProduct(), self.visual or Visual()
        status = visual.status or VisualStatus()
        return OrderReturn(
            id=int(self.id),
            posting_number=self.posting_number or "",
            offer_id=product.offer_id or "",
            quantity=int(product.quantity or 0),
            kind=self.type or "",
            reason=self.return_reason_name or "",
            status=status.display_name or status.sys_name or "",
            changed_at=moment(visual.change_moment),
        )


class ReturnsAnswer(Struct):
    """/v1/returns/list."""

    returns: list[ReturnRow] | None
    has_next: bool | None = None

    def to_domain(self) -> list[OrderReturn]:
        return [row.to_domain() for row in self.returns or []]


class LabelTaskRow(Struct):
    task_id: int
    task_type: str | None = None


class LabelTasksAnswer(Struct):
    """/v3/posting/fbs/package-label/create."""

    tasks: list[LabelTaskRow]

    def task_id(self) -> int:
        """The task of the usual labels; that of the small ones when there is no other. ValueError without any."""
        if not self.tasks:
            raise ValueError("no task of labels")
        return next((task for task in self.tasks if task.task_type == "big_label"), self.tasks[0]).task_id


class LabelError(Struct):
    code: str | None = None
    message: str | None = None


class UnprintedPosting(Struct):
    posting_number: str | None = None
    message: str | None = None


class LabelStatus(Struct):
    """`status` of a task. code: pending | in_progress | completed | error."""

    code: str | None = None
    unprinted_postings: list[UnprintedPosting] | None = None


class LabelFileAnswer(Struct):
    """/v2/posting/fbs/package-label/get."""

    status: LabelStatus
    file_url: str | None = None
    error: LabelError | None = None

    def to_domain(self) -> LabelTask:
        error = self.error or LabelError()
        failed = self.status.code == "error"
        unprinted = tuple((row.posting_number or "", row.message or "") for row in self.status.unprinted_postings or [])
        words = error.message or error.code or ("error" if failed else "")
        return LabelTask(self.status.code == "completed", self.file_url or "", words if failed else "", unprinted)

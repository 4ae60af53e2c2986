"""Ozon's answers about postings (v4 of FBS, v3 of FBO: without `result`, prices as {amount, currency}), returns and labels."""

from datetime import datetime
from decimal import Decimal
from typing import Generic

from msgspec import Struct

from ozon_desktop.domain.fbs import Need, ProductNeeds, TariffStep
from ozon_desktop.domain.orders import CANCELLATION, LabelTask, OrderReturn, Posting, PostingProduct
from ozon_desktop.ozon.models import Int, Money, Row, decimal, moment, word

RFBS_INTEGRATIONS = frozenset({"non_integrated", "3pl_tracking", "aggregator"})
"""Values of tpl_integration_type that mean the seller delivers by himself: rFBS has no delivery_schema of its own."""

PLAUSIBLE_YEARS = range(2000, 2100)
"""A posting of another year would be looked for around a time that no calendar has, and lists would be read on from there."""


class Amount(Struct):
    amount: Money = None
    currency: str | None = None
    currency_code: str | None = None


class ProductLine(Struct):
    offer_id: str | None = None
    name: str | None = None
    sku: Int | None = None
    quantity: Int | None = None
    price: Amount | str | int | float | None = None
    currency_code: str | None = None

    def to_domain(self) -> PostingProduct:
        price = self.price if isinstance(self.price, Amount) else Amount(self.price, self.currency_code)
        currency = price.currency or price.currency_code or ""
        amount = decimal(price.amount, "price") or Decimal(0)
        return PostingProduct(self.offer_id or "", self.name or "", self.sku or 0, self.quantity or 0, amount, currency)


class DeliveryMethod(Struct):
    id: Int | None = None
    name: str | None = None
    warehouse_id: Int | None = None
    warehouse: str | None = None


class AnalyticsData(Struct):
    """`analytics_data` of an FBO posting: where it is sent from."""

    warehouse_id: Int | None = None
    warehouse_name: str | None = None


class Cancellation(Struct):
    """`cancellation`; filled with empty texts when there was none."""

    cancel_reason: str | None = None
    affect_cancellation_rating: bool | None = None


Skus = list[Int] | None
"""Numbers of products; Ozon writes them as texts."""


class Requirements(Struct):
    products_requiring_mandatory_mark: Skus = None
    products_requiring_gtd: Skus = None
    products_requiring_rnpt: Skus = None
    products_requiring_country: Skus = None
    products_requiring_change_country: Skus = None
    products_requiring_jw_uin: Skus = None
    products_requiring_imei: Skus = None
    products_requiring_weight: Skus = None


class Optional(Struct):
    products_with_possible_mandatory_mark: Skus = None


class TariffRow(Struct):
    tariff_type: str | None = None
    tariff_rate: float | None = None
    tariff_charge: Amount | None = None
    tariff_deadline_at: str | None = None

    def to_domain(self) -> TariffStep:
        charge = self.tariff_charge or Amount()
        amount, until = decimal(charge.amount, "tariff_charge") or Decimal(0), moment(self.tariff_deadline_at)
        # The last step ends at the end of time.
        ends = until if until is not None and until.year in PLAUSIBLE_YEARS else None
        rate = decimal(self.tariff_rate, "tariff_rate") or Decimal(0)
        return TariffStep(word(self.tariff_type), rate, amount, charge.currency or "", ends)


class PostingRow(Struct):
    """One posting of either scheme."""

    posting_number: str
    order_number: str | None = None
    order_id: Int | None = None
    status: str | None = None
    substatus: str | None = None
    delivery_schema: str | None = None
    tpl_integration_type: str | None = None
    created_at: str | None = None
    in_process_at: str | None = None
    shipment_date: str | None = None
    delivering_date: str | None = None
    products: list[ProductLine] | None = None
    delivery_method: DeliveryMethod | None = None
    analytics_data: AnalyticsData | None = None
    cancellation: Cancellation | None = None
    shipment_date_without_delay: str | None = None
    available_actions: list[str] | None = None
    requirements: Requirements | None = None
    optional: Optional | None = None
    tariffication_steps: list[TariffRow] | None = None
    parent_posting_number: str | None = None
    is_express: bool | None = None
    tracking_number: str | None = None

    def to_domain(self, scheme: str) -> Posting:
        """`scheme`: that of the method it was read with; FBS postings say themselves which are rFBS."""
        place = self.delivery_method or DeliveryMethod()
        analytics = self.analytics_data or AnalyticsData()
        return Posting(
            posting_number=self.posting_number,
            order_number=self.order_number or "",
            order_id=self.order_id or 0,
            scheme="rfbs" if scheme == "fbs" and self._delivered_by_seller() else scheme,
            status=word(self.status),
            substatus=word(self.substatus),
            created_at=_plausible(self.created_at) or _plausible(self.in_process_at),
            shipment_date=moment(self.shipment_date),
            products=tuple(line.to_domain() for line in self.products or []),
            warehouse_id=place.warehouse_id or analytics.warehouse_id or 0,
            warehouse_name=place.warehouse or analytics.warehouse_name or "",
            cancel_reason=(self.cancellation or Cancellation()).cancel_reason or "",
            delivering_at=_plausible(self.delivering_date),
            late_at=_plausible(self.shipment_date_without_delay),
            actions=tuple(self.available_actions or ()),
            needs=_needs(self.requirements or Requirements(), self.optional or Optional()),
            tariffs=tuple(row.to_domain() for row in self.tariffication_steps or ()),
            method_id=place.id or 0,
            method_name=place.name or "",
            parent=self.parent_posting_number or "",
            express=bool(self.is_express),
            affects_rating=bool((self.cancellation or Cancellation()).affect_cancellation_rating),
            tracking_number=self.tracking_number or "",
        )

    def _delivered_by_seller(self) -> bool:
        return word(self.delivery_schema) == "rfbs" or word(self.tpl_integration_type) in RFBS_INTEGRATIONS


def _needs(required: Requirements, optional: Optional) -> tuple[ProductNeeds, ...]:
    lists = (
        (Need.MARK, required.products_requiring_mandatory_mark),
        (Need.UIN, required.products_requiring_jw_uin),
        (Need.IMEI, required.products_requiring_imei),
        (Need.GTD, required.products_requiring_gtd),
        (Need.RNPT, required.products_requiring_rnpt),
        (Need.COUNTRY, [*(required.products_requiring_country or ()), *(required.products_requiring_change_country or ())]),
        (Need.WEIGHT, required.products_requiring_weight),
        (Need.POSSIBLE_MARK, optional.products_with_possible_mandatory_mark),
    )
    found: dict[int, dict[Need, None]] = {}
    for need, skus in lists:
        for sku in skus or ():
            found.setdefault(sku, {})[need] = None
    return tuple(ProductNeeds(sku, tuple(needs)) for sku, needs in found.items())


def _plausible(text: str | None) -> datetime | None:
    found = moment(text)
    return found if found is not None and found.year in PLAUSIBLE_YEARS else None


class PostingsAnswer(Struct, Generic[Row]):
    """/v4/posting/fbs/list, /v4/posting/fbs/unfulfilled/list and /v3/posting/fbo/list."""

    postings: list[Row] | None
    cursor: str | None = None
    has_next: bool | None = None

    def rows(self) -> list[Row]:
        return self.postings or []


class ReturnedProduct(Struct):
    offer_id: str | None = None
    quantity: Int | None = None


class VisualStatus(Struct):
    """`visual.status` of a return: what the cabinet shows."""

    display_name: str | None = None
    sys_name: str | None = None


class Visual(Struct):
    status: VisualStatus | None = None
    change_moment: str | None = None


class ReturnPlace(Struct):
    name: str | None = None
    address: str | None = None


class ReturnMoney(Struct):
    price: float | None = None


class ReturnStorage(Struct):
    sum: ReturnMoney | None = None
    tariffication_start_date: str | None = None


class ReturnLogistic(Struct):
    barcode: str | None = None


class ReturnRow(Struct):
    """One return. Numbers come as numbers or as texts."""

    id: Int
    posting_number: str | None = None
    return_reason_name: str | None = None
    type: str | None = None
    product: ReturnedProduct | None = None
    visual: Visual | None = None
    place: ReturnPlace | None = None
    target_place: ReturnPlace | None = None
    storage: ReturnStorage | None = None
    logistic: ReturnLogistic | None = None

    def to_domain(self) -> OrderReturn:
        product, visual = self.product or ReturnedProduct(), self.visual or Visual()
        status, storage = visual.status or VisualStatus(), self.storage or ReturnStorage()
        return OrderReturn(
            id=self.id,
            posting_number=self.posting_number or "",
            offer_id=product.offer_id or "",
            quantity=product.quantity or 0,
            kind=CANCELLATION if word(self.type) == word(CANCELLATION) else self.type or "",
            reason=self.return_reason_name or "",
            status=status.display_name or status.sys_name or "",
            changed_at=_plausible(visual.change_moment),
            place=(self.place or ReturnPlace()).name or "",
            target=(self.target_place or ReturnPlace()).name or "",
            paid_from=_plausible(storage.tariffication_start_date),
            storage=decimal((storage.sum or ReturnMoney()).price, "storage") or Decimal(0),
            barcode=(self.logistic or ReturnLogistic()).barcode or "",
        )


class ReturnsAnswer(Struct, Generic[Row]):
    """/v1/returns/list."""

    returns: list[Row] | None
    has_next: bool | None = None

    def rows(self) -> list[Row]:
        return self.returns or []


class LabelTaskRow(Struct):
    task_id: Int
    task_type: str | None = None


class LabelTasksAnswer(Struct):
    """/v3/posting/fbs/package-label/create."""

    tasks: list[LabelTaskRow]

    def task_id(self, kind: str = "big_label") -> int:
        """The task of labels of a kind; that of the others when there is no such. ValueError without any."""
        if not self.tasks:
            raise ValueError("no task of labels")
        return next((task for task in self.tasks if task.task_type == kind), self.tasks[0]).task_id


class LabelError(Struct):
    code: str | None = None
    message: str | None = None


class UnprintedPosting(Struct):
    posting_number: str | None = None
    message: str | None = None


class LabelStatus(Struct):
    """`status` of a task. code: pending | in_progress | completed | error."""

    code: str | None = None
    printed_postings_count: Int | None = None
    unprinted_postings: list[UnprintedPosting] | None = None


class LabelFileAnswer(Struct):
    """/v2/posting/fbs/package-label/get."""

    status: LabelStatus
    file_url: str | None = None
    error: LabelError | None = None

    def to_domain(self) -> LabelTask:
        error = self.error or LabelError()
        code = word(self.status.code)
        failed = code == "error"
        unprinted = tuple((row.posting_number or "", row.message or "") for row in self.status.unprinted_postings or [])
        words = error.message or error.code or ("error" if failed else "")
        return LabelTask(code == "completed", self.file_url or "", words if failed else "", unprinted, self.status.printed_postings_count)

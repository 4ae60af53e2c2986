"""One connected Ozon cabinet and the settings of the integration page, with their rules."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Scheme(StrEnum):
    FBO = "FBO"
    FBS = "FBS"
    RFBS = "rFBS"

    @property
    def sends_stock(self) -> bool:
        """Whether stocks are sent: goods of FBO lie at Ozon, which counts them itself."""
        return self is not Scheme.FBO


class VatRate(StrEnum):
    """VAT rates offered by the back office; the value is the percent, or "none"."""

    NONE = "none"
    VAT_5 = "5"
    VAT_7 = "7"
    VAT_10 = "10"
    VAT_18 = "18"
    VAT_20 = "20"
    VAT_22 = "22"

    @property
    def accepted_by_ozon(self) -> bool:
        """18 % was abolished in 2019 but lives on in old store data."""
        return self is not VatRate.VAT_18

    @property
    def ozon_value(self) -> str:
        """What Ozon's `vat` field takes: "0", "0.05" … "0.22".

        Raises ValueError for a rate that Ozon does not take.
        """
        if not self.accepted_by_ozon:
            raise ValueError(f"Ozon does not accept VAT {self.value}")
        return "0" if self is VatRate.NONE else str(Decimal(self.value) / 100)


def parse_vat(text: str | None) -> VatRate | None:
    """The rate a store file means by `text` ("20", "20%", "Без НДС", "0"); None when absent or unknown."""
    if text is None:
        return None
    cleaned = text.replace("%", "").replace(",", ".").strip().casefold()
    if cleaned.startswith("без") or cleaned in {"0", "0.0", "0.00", "none"}:
        return VatRate.NONE
    cleaned = cleaned.removesuffix(".00").removesuffix(".0")
    return next((rate for rate in VatRate if rate.value == cleaned), None)


def same_vat(left: object, right: object) -> bool:
    """Ozon answers "0.1", "0.10" or 0.1 for one rate: compare as decimals."""
    return Decimal(str(left)) == Decimal(str(right))


class UpdateTrigger(StrEnum):
    """When stocks and prices are sent by themselves."""

    ON_CHANGE = "on_change"
    HOURLY = "hourly"
    EVERY_3_HOURS = "every_3_hours"
    TWICE_A_DAY = "twice_a_day"


@dataclass(frozen=True, slots=True)
class IntegrationSettings:
    """The fields of the integration page below the credentials; None = not chosen yet.

    vat_of_product: a product's own rate goes to Ozon where the store states one, vat_rate for the others.
    """

    client_id: int | None = None
    scheme: Scheme | None = None
    catalog_structure_id: str | None = None
    order_direction_id: str | None = None
    organization_id: str | None = None
    responsible_employee_id: str | None = None
    price_type_id: str | None = None
    vat_rate: VatRate | None = None
    update_trigger: UpdateTrigger | None = None
    vat_of_product: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What «Проверить подключение» found. `missing_methods`: paths this program needs and the key may not call."""

    company: str
    currency: str
    roles: tuple[str, ...]
    missing_methods: tuple[str, ...]
    expires_at: datetime | None
    checked_at: datetime
    limits: tuple["LimitUsage", ...] = ()

    def days_left(self, now: datetime) -> int | None:
        """Whole days until the key expires; None when Ozon names no day."""
        return None if self.expires_at is None else (self.expires_at - now).days


@dataclass(frozen=True, slots=True)
class LimitUsage:
    """One product limit of the cabinet. name: total | daily_create | daily_update | per_minute; limit -1 = unlimited."""

    name: str
    limit: int
    usage: int
    reset_at: datetime | None = None

    @property
    def left(self) -> int | None:
        """How many are left; None = unlimited."""
        return None if self.limit < 0 else max(self.limit - self.usage, 0)


@dataclass(frozen=True, slots=True)
class Integration:
    """One connected Ozon cabinet. `id` 0 = not stored yet. Times are UTC."""

    id: int
    name: str
    settings: IntegrationSettings = field(default_factory=IntegrationSettings)
    enabled: bool = False
    has_key: bool = False
    connection: ConnectionReport | None = None
    selected_base_ids: frozenset[int] = frozenset()
    base_fetched_at: datetime | None = None
    children_fetched_at: datetime | None = None
    settings_fetched_at: datetime | None = None


REQUIRED_FIELDS = (
    "client_id",
    "api_key",
    "scheme",
    "catalog_structure_id",
    "organization_id",
    "responsible_employee_id",
    "price_type_id",
    "vat_rate",
    "update_trigger",
)


class FieldProblem(StrEnum):
    """Why a field of the page cannot stay as it is."""

    REQUIRED = "required"
    NOT_POSITIVE_INTEGER = "not_positive_integer"
    VAT_NOT_ACCEPTED = "vat_not_accepted"


def settings_problems(settings: IntegrationSettings, has_key: bool) -> dict[str, FieldProblem]:
    """Problems of the page by field name (names of IntegrationSettings, and "api_key"), in page order."""
    problems: dict[str, FieldProblem] = {}
    for name in REQUIRED_FIELDS:
        present = has_key if name == "api_key" else getattr(settings, name) is not None
        if not present:
            problems[name] = FieldProblem.REQUIRED
    if settings.client_id is not None and settings.client_id <= 0:
        problems["client_id"] = FieldProblem.NOT_POSITIVE_INTEGER
    if settings.vat_rate is not None and not settings.vat_rate.accepted_by_ozon:
        problems["vat_rate"] = FieldProblem.VAT_NOT_ACCEPTED
    return problems


def parse_client_id(text: str) -> int | FieldProblem | None:
    """A typed Client ID: None when empty, a problem when it is not a positive integer."""
    cleaned = text.strip()
    if not cleaned:
        return None
    if not cleaned.isascii() or not cleaned.isdigit() or int(cleaned) <= 0 or len(cleaned) > 18:
        return FieldProblem.NOT_POSITIVE_INTEGER
    return int(cleaned)

"""Takes keys and personal data out of requests and answers: every text and number is replaced unless it is known to be harmless."""

import re
from collections.abc import Callable
from typing import Any

PUBLIC_PREFIX = "/v1/description-category/"
"""Answers of these methods are Ozon's catalogue, the same for every seller: they are kept whole."""

KEPT_NUMBERS = frozenset({
    "attribute_id", "complex_id", "attribute_complex_id", "dictionary_id", "dictionary_value_id", "description_category_id",
    "attributes_with_defaults", "new_description_category_id", "type_id", "cancel_reason_id", "last_value_id",
    "limit", "usage", "total", "total_items", "count", "quantity", "present", "reserved", "free_stock", "stock",
    "width", "height", "depth", "weight", "volume_weight", "price", "old_price", "min_price", "net_price", "retail_price",
    "marketing_price", "marketing_seller_price", "payout", "amount", "percent", "acquiring", "multi_box_qty",
    "total_discount_value", "total_discount_percent", "postings_limit", "min_postings_limit",
})  # fmt: skip
"""Names of numbers that say nothing about a person. Money may also be written as a text of digits."""

KEPT_WORDS = frozenset({
    "code", "level", "state", "field", "status", "substatus", "status_failed", "moderate_status", "validation_status",
    "currency", "currency_code", "type", "tpl_integration_type", "integration_type_flow", "delivery_schema", "delivery_type",
    "dimension_unit", "weight_unit", "vat", "visibility", "sort_dir", "sort_by", "language", "warehouse_type", "statuses",
    "carriage_label_type", "working_days", "available_actions", "methods", "limit_type", "cancellation_type", "tariff_type",
    "current_tariff_type", "next_tariff_type", "shipment_type", "source", "tax_system", "value_type", "rating", "cargo_type",
    "color_index", "typeUrl",
})  # fmt: skip
"""Names whose texts are words of the API. A word is Latin letters, digits and signs without five digits in a row, else it goes."""

FIELDS = {
    "name": "name", "first_name": "name", "last_name": "name", "middle_name": "name", "customer_name": "name", "addressee": "name",
    "legal_name": "name", "company_name": "name", "warehouse": "name", "warehouse_name": "name", "tpl_provider": "name",
    "address": "address", "address_tail": "address", "city": "address", "region": "address", "district": "address",
    "zip_code": "digits", "inn": "digits", "kpp": "digits", "ogrn": "digits", "phone": "phone", "courier_phones": "phone",
    "customer_email": "email", "email": "email", "offer_id": "offer", "barcode": "barcode", "barcodes": "barcode",
    "upper_barcode": "barcode", "lower_barcode": "barcode", "posting_number": "posting", "posting_numbers": "posting",
    "parent_posting_number": "posting", "order_number": "posting", "order_numbers": "posting", "tracking_number": "tracking",
    "cursor": "cursor", "last_id": "cursor", "images": "url", "primary_image": "url", "color_image": "url",
}  # fmt: skip
"""What the replacement of a field's text looks like; other fields by the look of the text, else «text-N»."""

IDENTITY = frozenset({"sku", "skus"})
"""Numbers that name something of the seller, besides those called …_id; «id» itself only when it is long."""

COORDINATES = frozenset({"latitude", "longitude", "lat", "lon", "lng"})
LONG_NUMBER = 10_000
"""From here on a number of a field unknown here goes."""

ATTRIBUTE_LISTS = frozenset({"attributes", "complex_attributes"})

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?|\d\d:\d\d")
_MONEY = re.compile(r"-?\d{1,7}(\.\d{1,4})?")
_WORD = re.compile(r"[A-Za-z0-9_./-]{1,64}")
_ROLE = re.compile(r"[A-Za-z ]{1,64}")
_DIGITS = re.compile(r"\d+")
_MANY_DIGITS = re.compile(r"\d{5,}")
_POSTING = re.compile(r"(\d+-\d+)((?:-\d+)?)")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_PHONE = re.compile(r"\+?\d[\d ()-]{8,}\d")
_LOOKS = ((_UUID, "uuid"), (_EMAIL, "email"), (_POSTING, "posting"), (_DIGITS, "digits"), (_PHONE, "phone"))
_UUID_OR_NUMBER = re.compile(rf"{_UUID.pattern}|\d{{5,}}")
_OWN_WORDS = re.compile(
    r"(client-id|invalid api-key|api-key|offer not signed|obsolete method|you have reached|circle is open|internal error|too many requests"
    r"|request validation error: invalid field)[a-z0-9_.,:\[\]/ -]{0,200}",
    re.IGNORECASE,
)
"""Beginnings of the errors that Ozon documents (API documentation, «Ошибки»)."""

_SHAPES: dict[str, Callable[[int], str]] = {
    "name": lambda number: f"Имя {number}",
    "address": lambda number: f"Адрес {number}",
    "phone": lambda number: f"+7000{number:07d}",
    "email": lambda number: f"person{number}@example.test",
    "offer": lambda number: f"OFFER-{number}",
    "barcode": lambda number: f"BARCODE{number:06d}",
    "tracking": lambda number: f"TRACK{number:06d}",
    "cursor": lambda number: f"cursor-{number}",
    "url": lambda number: f"https://example.test/{number}.jpg",
    "uuid": lambda number: f"00000000-0000-4000-8000-{number:012d}",
    "text": lambda number: f"text-{number}",
}


class Scrubber:
    """Replaces by counters: a fake holds nothing of what it stands for, and the same original gets the same fake everywhere.

    So numbers of orders, products and warehouses still lead from one document to the next. The originals are kept in memory
    only, as long as the scrubber lives.
    """

    def __init__(self) -> None:
        self._fakes: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def request(self, body: Any) -> Any:
        """A request: what the user typed goes whatever the method is."""
        return self._clean(body, "", "")

    def answer(self, path: str, status: int, body: Any) -> Any:
        """An answer. Public catalogue answers stay as they are; of an error the known English words of Ozon stay."""
        if status >= 400 and isinstance(body, dict):
            message = body.get("message")
            cleaned: dict[str, Any] = self._clean(body, "", path)
            return {**cleaned, "message": self._message(message)} if isinstance(message, str) else cleaned
        return body if path.startswith(PUBLIC_PREFIX) else self._clean(body, "", path)

    def _clean(self, value: Any, name: str, path: str) -> Any:
        if isinstance(value, dict):
            return {self._key(key): self._clean(item, _meaning(key, name), path) for key, item in value.items()}
        if isinstance(value, list):
            return [self._clean(item, name, path) for item in value]
        if isinstance(value, str):
            return self._string(value, name, path)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            return self._integer(value, name)
        return self._fraction(value, name)

    def _key(self, key: str) -> str:
        """A name of a field; a key that cannot be one (a phone, a number of an order) is data."""
        return key if _IDENTIFIER.fullmatch(key) else self._fake("text", key)

    def _string(self, value: str, name: str, path: str) -> str:
        if not value.strip() or _TIME.fullmatch(value):
            return value
        if name in KEPT_WORDS and _WORD.fullmatch(value) and not _MANY_DIGITS.search(value):
            return value
        if path == "/v1/roles" and name == "name" and _ROLE.fullmatch(value):
            return value
        if name in KEPT_NUMBERS and _MONEY.fullmatch(value):
            return value
        kind = FIELDS.get(name) or next((kind for look, kind in _LOOKS if look.fullmatch(value)), "text")
        if kind == "text" and value.startswith(("http://", "https://", "//")):
            kind = "url"
        return self._fake(kind, value)

    def _fake(self, kind: str, value: str) -> str:
        if kind == "posting":
            return self._posting(value)
        if _DIGITS.fullmatch(value) and kind in {"digits", "text"}:
            return self._digits(value)
        if kind not in _SHAPES:
            kind = "text"
        return self._remember(kind, value, _SHAPES[kind])

    def _posting(self, value: str) -> str:
        """The number of a posting is that of its order and the number of the box: the box stays, so that they still fit."""
        found = _POSTING.fullmatch(value)
        if found is None:
            return self._fake("text", value)
        box = found[2] if len(found[2]) <= 4 else ""
        return self._remember("posting", found[1], lambda number: f"{90_000_000 + number:08d}-{number:04d}") + box

    def _integer(self, value: int, name: str) -> int:
        if name in COORDINATES:
            return 0
        if name in KEPT_NUMBERS or value == 0:
            return value
        identity = name in IDENTITY or (name.endswith(("_id", "_ids")) and name != "id")
        return int(self._digits(str(abs(value)))) if identity or abs(value) >= LONG_NUMBER else value

    def _fraction(self, value: float, name: str) -> float:
        if name in COORDINATES:
            return 0.0
        if name in KEPT_NUMBERS:
            return value
        return round(value, 1) if abs(value) < LONG_NUMBER else 0.0

    def _digits(self, value: str) -> str:
        """As many digits as before (at least enough for the counter), as a number and as a text the same."""
        return self._remember("digits", value, lambda number: str(10 ** (max(len(value), 4) - 1) + number))

    def _message(self, text: str) -> str:
        """Errors are known by their words, so the documented ones stay, but for keys and long numbers inside."""
        cleaned = _UUID_OR_NUMBER.sub(lambda found: self._fake("digits" if found[0].isdigit() else "uuid", found[0]), text)
        return cleaned if _OWN_WORDS.fullmatch(cleaned) else self._fake("text", text)

    def _remember(self, kind: str, value: str, shape: Callable[[int], str]) -> str:
        known = self._fakes.get((kind, value))
        if known is None:
            number = self._counts[kind] = self._counts.get(kind, 0) + 1
            known = self._fakes[kind, value] = shape(number)
        return known


def _meaning(key: str, parent: str) -> str:
    """The name a field is known by: an «id» in a list of attributes is the id of an attribute."""
    return "attribute_id" if key == "id" and parent in ATTRIBUTE_LISTS else key

"""Takes keys and personal data out of requests and answers: what is not known to be harmless is replaced, names of fields as well."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ozon_desktop.ozon.errors import known_words
from ozon_desktop.ozon.harmless import ANSWERS, PUBLIC, REFUSALS, REQUESTS, Places, inside, is_harmless, of_api_words

FIELDS = {
    "name": "name", "first_name": "name", "last_name": "name", "middle_name": "name", "customer_name": "name", "addressee": "name",
    "legal_name": "name", "company_name": "name", "warehouse": "name", "warehouse_name": "name", "tpl_provider": "name",
    "address": "address", "address_tail": "address", "city": "address", "region": "address", "district": "address",
    "phone": "phone", "courier_phones": "phone", "customer_email": "email", "email": "email", "offer_id": "offer", "barcode": "barcode",
    "barcodes": "barcode", "upper_barcode": "barcode", "lower_barcode": "barcode", "tracking_number": "tracking",
    "cursor": "cursor", "last_id": "cursor", "images": "url", "primary_image": "url", "color_image": "url",
}  # fmt: skip
"""What stands for a text of no particular look, by the name of its field; elsewhere «text-N»."""

_NOTHING = re.compile(r"\s*|0(\.0+)?")
_EPOCH = datetime(2000, 1, 1)
_ORDER = re.compile(r"(\d{7,12}-\d{4})((?:-\d{1,2})?)")
"""The number of a posting is that of its order and the number of the box: the box stays, so that they still fit."""

_LOOKS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}", "uuid"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d.*", "time"),
        (r"\d{4}-\d\d-\d\d", "date"),
        (r"\d\d:\d\d", "hour"),
        (r"[^\s@<>]+@[^\s@<>]+", "email"),
        (r"-?\d+\.\d+", "money"),
        (r"\+?\d[\d ()-]{8,}\d", "phone"),
        (r"(https?:)?//.*|data:.*", "url"),
    )
)

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
    "time": lambda number: f"{(_EPOCH + timedelta(minutes=number)).isoformat()}Z",
    "date": lambda number: (_EPOCH + timedelta(days=number)).date().isoformat(),
    "hour": lambda number: (_EPOCH + timedelta(minutes=number)).strftime("%H:%M"),
    "money": lambda number: f"{number}.50",
    "order": lambda number: f"{90_000_000 + number:08d}-{number % 10_000:04d}",
    "text": lambda number: f"text-{number}",
}
_MOST_DIGITS = 18
"""More do not fit the integers of Ozon."""


class Scrubber:
    """Replaces by counters: a fake holds nothing of what it stands for, and the same original gets the same fake everywhere.

    So numbers of orders, products and warehouses still lead from one document to the next, and every field keeps its kind: a moment
    stays a moment, a number a number. Empty texts, zero, true, false and null stay. The originals are kept in memory only, as long
    as the scrubber lives.
    """

    def __init__(self) -> None:
        self._fakes: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def request(self, path: str, body: Any) -> Any:
        return self._clean(body, _Known(REQUESTS.get(path, {})), "", "")

    def answer(self, path: str, status: int, body: Any) -> Any:
        """Of an error only the code stays, and of its text the words the program knows it by."""
        if status < 400:
            return self._clean(body, _Known(ANSWERS.get(path, {}), PUBLIC.get(path, {})), "", "")
        cleaned = self._clean(body, _Known(REFUSALS), "", "")
        if isinstance(body, dict) and isinstance(body.get("message"), str):
            cleaned["message"] = known_words(body["message"]) or cleaned["message"]
        return cleaned

    def _clean(self, value: Any, known: "_Known", place: str, name: str) -> Any:
        """place: of the object around the value; name: of the field in it."""
        if isinstance(value, dict):
            within = inside(place, name)
            return {self._key(key): self._clean(item, known, within, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._clean(item, known, place, name) for item in value]
        if isinstance(value, bool) or not value or known.keeps(place, name, value):
            return value
        if isinstance(value, str):
            return value if _NOTHING.fullmatch(value) else self._text(value, name)
        if isinstance(value, int):
            return int(self._digits(str(abs(value))))
        return float(self._remember("fraction", repr(value), "fraction", lambda number: f"{number}.5"))

    def _key(self, key: str) -> str:
        """A name made of other words than the API's is data: a phone, a number of an order, a person."""
        return key if of_api_words(key) else self._text(key, "")

    def _text(self, value: str, name: str) -> str:
        order = _ORDER.fullmatch(value)
        if order is not None:
            return self._remember("order", order[1], "order", _SHAPES["order"]) + order[2]
        if value.isascii() and value.isdigit():
            return self._digits(value)
        look = next((kind for pattern, kind in _LOOKS if pattern.fullmatch(value)), "text")
        # Remembered by its look alone: the same article in a field of names must get the same fake.
        kind = FIELDS.get(name, "text") if look == "text" else look
        return self._remember(look, value, kind, _SHAPES[kind])

    def _digits(self, value: str) -> str:
        """As many digits as before (at least enough for the counter), as a number and as a text the same."""
        length = min(max(len(value), 4), _MOST_DIGITS)
        return self._remember("digits", value, "digits", lambda number: str(10 ** (length - 1) + number))

    def _remember(self, look: str, value: str, kind: str, shape: Callable[[int], str]) -> str:
        """The fake of this original. look: originals of one look are remembered together; kind: fakes of one kind are counted together."""
        fake = self._fakes.get((look, value))
        while fake is None or fake == value:
            number = self._counts[kind] = self._counts.get(kind, 0) + 1
            fake = self._fakes[look, value] = shape(number)
        return fake


class _Known:
    """What may stay in one document."""

    def __init__(self, harmless: Places, public: Places | None = None) -> None:
        self._harmless = harmless
        self._public = public or {}

    def keeps(self, place: str, name: str, value: Any) -> bool:
        return name in self._public.get(place, ()) or is_harmless(self._harmless, place, name, value)

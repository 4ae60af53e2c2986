"""One complaint about an item, as /v1/product/import/info writes it, and how numbers are read."""

import re
from decimal import Decimal

from ..model import Json

PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def entry(code: str, text: str, field: str = "", attribute: Json | None = None, level: str = "error") -> Json:
    """One element of `errors` in the answer of /v1/product/import/info."""
    return {
        "code": code,
        "field": field,
        "attribute_id": int(attribute["id"]) if attribute else 0,
        "attribute_name": str(attribute["name"]) if attribute else "",
        "state": "new",
        "level": level,
        "description": text,
        "message": text,
    }


def decimal(text: str) -> Decimal | None:
    """The number in plain digits with an optional point, else None."""
    return Decimal(text) if PLAIN_NUMBER.fullmatch(text) else None

"""/v1/roles and /v1/seller/info: what the key may do and whose cabinet it is."""

from datetime import timedelta

from .memory import Memory
from .model import Json, stamp
from .requests import EmptyRequest
from .templates import fill

KEY_LIFE = timedelta(days=90)


def roles(memory: Memory, role: str) -> Json:
    """The one role of the key; new keys live three months."""
    return {"expires_at": stamp(memory.started_at + KEY_LIFE), "roles": [memory.keys.describe(role)]}


def seller_info(memory: Memory, body: EmptyRequest) -> Json:
    now = memory.clock()
    value = fill("rating_value", {"date_from": stamp(now - timedelta(days=1)), "date_to": stamp(now)})
    ratings = [fill("rating", {"current_value": value, "past_value": value})]
    return fill("seller", {"company": {"currency": memory.contract.currency}, "ratings": ratings})

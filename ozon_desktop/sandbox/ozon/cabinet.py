"""/v1/roles and /v1/seller/info: what the key may do and whose cabinet it is."""

from datetime import timedelta

from .import_item import CURRENCY
from .memory import Memory
from .model import Json, stamp
from .requests import EmptyRequest

KEY_LIFE = timedelta(days=90)


def roles(memory: Memory, role: str) -> Json:
    """The one role of the key; new keys live three months."""
    return {"expires_at": stamp(memory.started_at + KEY_LIFE), "roles": [memory.keys.describe(role)]}


def seller_info(memory: Memory, body: EmptyRequest) -> Json:
    now = memory.clock()
    value = {
        "date_from": stamp(now - timedelta(days=1)),
        "date_to": stamp(now),
        "formatted": "4,9",
        "status": {"danger": False, "premium": True, "warning": False},
        "value": 4.9,
    }
    return {
        "company": {
            "country": "Россия",
            "currency": CURRENCY,
            "inn": "0000000000",
            "legal_name": "ООО «Песочница»",
            "name": "Песочница",
            "ogrn": "0000000000000",
            "ownership_form": "ООО",
            "tax_system": "USN",
        },
        "ratings": [
            {
                "current_value": value,
                "past_value": value,
                "name": "Оценка товаров",
                "rating": "rating_review_avg_score_total",
                "status": "OK",
                "value_type": "REVIEW_SCORE",
            }
        ],
        "subscription": {"is_premium": False, "type": "UNSPECIFIED"},
    }

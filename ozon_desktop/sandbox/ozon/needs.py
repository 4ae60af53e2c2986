"""What Ozon asks for before a posting is assembled: `requirements` of its body, and the actions that follow from them."""

from .model import Posting

FIELDS = {
    "mandatory_mark": "products_requiring_mandatory_mark",
    "gtd": "products_requiring_gtd",
    "rnpt": "products_requiring_rnpt",
    "jw_uin": "products_requiring_jw_uin",
    "imei": "products_requiring_imei",
    "country": "products_requiring_country",
    "weight": "products_requiring_weight",
}
POSSIBLE_MARK = "possible_mark"
"""Allowed, not required."""

MARK_KINDS = ("mandatory_mark", "jw_uin", "imei")


def show_needs(posting: Posting) -> None:
    """Write what a posting needs into its body; SKUs are texts there (official)."""
    requirements: dict[str, list[str]] = {field: [] for field in posting.body["requirements"]} | {
        field: [str(sku) for sku, wants in posting.needs.items() if need in wants] for need, field in FIELDS.items()
    }
    possible = [str(sku) for sku, wants in posting.needs.items() if POSSIBLE_MARK in wants]
    posting.body["requirements"] = requirements
    posting.body["optional"] = {"products_with_possible_mandatory_mark": possible}
    if posting.status != "awaiting_packaging":
        posting.body["requirements"] = {field: [] for field in requirements}
    elif any(requirements.values()):
        actions = [action for action in posting.body["available_actions"] if action != "ship"]
        posting.body["available_actions"] = [*actions, "ship_with_additional_info"]

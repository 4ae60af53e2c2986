"""/v2/posting/fbs/product/country/list and /set: the country a product comes from, asked for when a company buys it.

Official: both methods, and that a country other than Russia may ask for a customs declaration.
"""

from .exemplars import PostingRequest, posting_of
from .memory import Memory
from .model import Json
from .needs import show_needs
from .replies import invalid
from .requests import Id, Request


class CountryListRequest(Request):
    name_search: str = ""


class CountrySetRequest(PostingRequest, kw_only=True):
    product_id: Id
    country_iso_code: str


COUNTRIES = (("Беларусь", "BY"), ("Вьетнам", "VN"), ("Китай", "CN"), ("Россия", "RU"), ("Турция", "TR"), ("Узбекистан", "UZ"))


def country_list(memory: Memory, body: CountryListRequest) -> Json:
    wanted = body.name_search.casefold()
    return {"result": [{"name": name, "country_iso_code": code} for name, code in COUNTRIES if wanted in name.casefold()]}


def country_set(memory: Memory, body: CountrySetRequest) -> Json:
    """The number may be the SKU or that of the product: sources differ, so both are taken."""
    posting = posting_of(memory, body.posting_number)
    product = memory.by_id.get(body.product_id)
    sku = product.sku if product is not None else int(body.product_id)
    if sku not in posting.offers:
        raise invalid("UNKNOWN_PRODUCT_DEFINED")
    if body.country_iso_code not in {code for _, code in COUNTRIES}:
        raise invalid("Request validation error: country_iso_code is unknown")
    foreign = body.country_iso_code != "RU"
    wants = posting.needs.get(sku, frozenset()) - {"country"}
    posting.needs[sku] = wants | {"gtd"} if foreign and "country" in posting.needs.get(sku, frozenset()) else wants
    show_needs(posting)
    return {"product_id": int(body.product_id), "is_gtd_needed": "gtd" in posting.needs[sku]}

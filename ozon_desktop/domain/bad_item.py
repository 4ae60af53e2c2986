"""One row of an answer of Ozon's that could not be read; the others of its page were used."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadItem:
    """method: its path; item: article, posting number or id, "" = not to be read either; field: as «price.amount», "" = the row itself.

    offer_id: the article when it is a product; detail: what is wrong with the field, in the words of the decoder, without its value.
    """

    method: str
    item: str
    field: str
    detail: str
    offer_id: str = ""

"""What an export holds that could not be taken as it is written: one line each, in place of a guess or of a refused file."""

from dataclasses import dataclass
from enum import StrEnum


class ImportProblemKind(StrEnum):
    """What is wrong. Those of REMARKS are only said, the others cost a product a value or the offer itself."""

    WRONG_NUMBER = "wrong_number"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    NEGATIVE_PRICE = "negative_price"
    PACKAGE_PRICE = "package_price"
    NO_ID = "no_id"
    UNREADABLE_ROW = "unreadable_row"
    STOCK_ON_PRODUCT = "stock_on_product"
    UNKNOWN_ENTITY = "unknown_entity"
    CONTROL_CHARACTERS = "control_characters"
    ENCODING = "encoding"
    REPEATED_ROW = "repeated_row"
    REPEATED_ID = "repeated_id"
    NO_GOODS = "no_goods"


REMARKS = frozenset({ImportProblemKind.CONTROL_CHARACTERS, ImportProblemKind.ENCODING, ImportProblemKind.NO_GOODS})
"""Kinds that cost nothing: the text was read whole, or a file of counterparties or orders was passed over."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One such place. line from 1, 0 = not known; product: its name in the file; written: what stands there."""

    kind: ImportProblemKind
    file: str
    line: int = 0
    product_id: str = ""
    product: str = ""
    element: str = ""
    written: str = ""

    @property
    def costs(self) -> bool:
        """Whether a value or a product was left out because of it."""
        return self.kind not in REMARKS

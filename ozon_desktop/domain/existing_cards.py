"""Cards that were on Ozon before the program: whose values win, as the manager answered for the cabinet, a product, a field or all.

Until an answer nothing is sent of such a card.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ozon_desktop.domain.card_differences import DESCRIPTION, Side, Sides
from ozon_desktop.domain.ozon_catalog import ANNOTATION_ATTRIBUTE, NAME_ATTRIBUTE

PRICES = frozenset({"price", "old_price", "min_price"})
STOCK = "stock"
PICTURES = frozenset({"images", "primary_image", "color_image"})
BARCODES = frozenset({"barcode", "more_barcodes", "barcodes"})


class Content(StrEnum):
    """What is to become of the content of existing cards.

    FILL: as on Ozon, what is empty there is filled. STORE: as in the store, what it has no word about stays as on Ozon. FIELDS: only
    fields a side was chosen for are sent.
    """

    FILL = "fill"
    STORE = "store"
    FIELDS = "fields"


class Winner(StrEnum):
    """Whose value a field gets.

    OZON: Ozon's, the store's where Ozon has none; STORE: the store's, Ozon's where the store has none; STORE_EVEN_EMPTY: the store's
    whatever it is; UNTOUCHED: Ozon's, also when it has none.
    """

    OZON = "ozon"
    STORE = "store"
    STORE_EVEN_EMPTY = "store_even_empty"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class ExistingAnswer:
    """The manager's answers for a whole cabinet; None = not answered yet. answered_at: when it was last answered."""

    content: Content | None = None
    prices: Side | None = None
    stocks: Side | None = None
    answered_at: datetime | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be asked."""
        return self.content is not None and self.prices is not None and self.stocks is not None


NOT_ANSWERED = ExistingAnswer()


@dataclass(frozen=True, slots=True)
class Respect:
    """Looks up what was answered for a field of a product: the choices of single fields and products first, then the cabinet's."""

    answer: ExistingAnswer
    sides: Sides

    def winner(self, product_id: str, field: str) -> Winner | None:
        """Of a field of the card's content, by its name in a plan; None = nothing was answered."""
        name = chosen_name(field)
        side = self.sides.side(product_id, name)
        if side is Side.OZON:
            return Winner.OZON
        if side is Side.STORE:
            return Winner.STORE_EVEN_EMPTY if self.sides.exact(product_id, name) is Side.STORE else Winner.STORE
        match self.answer.content:
            case None:
                return None
            case Content.FILL:
                return Winner.OZON
            case Content.STORE:
                return Winner.STORE
            case Content.FIELDS:
                return Winner.UNTOUCHED

    def prices(self, product_id: str) -> Side | None:
        """Whose price wins; None = nothing was answered."""
        return self.sides.side(product_id, "price") or self.answer.prices

    def stocks(self, product_id: str) -> Side | None:
        """Whose stock wins; None = nothing was answered."""
        return self.sides.side(product_id, STOCK) or self.answer.stocks


def chosen_name(field: str) -> str:
    """The name under which a side is chosen for a field of a plan."""
    if field in PICTURES:
        return "images"
    if field in BARCODES:
        return "barcode"
    if field == f"attribute:{ANNOTATION_ATTRIBUTE}":
        return DESCRIPTION
    return "name" if field == f"attribute:{NAME_ATTRIBUTE}" else field

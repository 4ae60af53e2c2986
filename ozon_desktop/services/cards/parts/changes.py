"""What changed between two revisions, where this program knows: so that only the cards a change concerns are worked out again."""

from dataclasses import dataclass

from ozon_desktop.domain.ozon_catalog import DictionaryKey
from ozon_desktop.services.shared import Revision

REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class CardChange:
    """A change of one integration's cards. product_ids: whose fields or pictures were entered; rules: rules or answers about values;
    dictionaries: those that got values."""

    product_ids: frozenset[str] = frozenset()
    rules: bool = False
    dictionaries: frozenset[DictionaryKey] = frozenset()

    def __or__(self, other: "CardChange") -> "CardChange":
        return CardChange(self.product_ids | other.product_ids, self.rules or other.rules, self.dictionaries | other.dictionaries)


class ChangeLog:
    """Remembers which revisions were made by which change; of all others nothing is known but that they happened."""

    def __init__(self, revision: Revision) -> None:
        self._revision = revision
        self._changes: dict[int, tuple[int | None, CardChange]] = {}

    @property
    def number(self) -> int:
        return self._revision.number

    def note(self, integration_id: int | None, change: CardChange) -> None:
        """Makes a revision of this change, which is stored already. integration_id None = of any integration."""
        self._revision.bump()
        self._changes[self._revision.number] = integration_id, change
        self._changes.pop(self._revision.number - REMEMBERED, None)

    def bump(self) -> None:
        """Makes a revision of a change nothing is known of."""
        self._revision.bump()

    def since(self, integration_id: int, number: int) -> CardChange | None:
        """All that changed in the integration after the revision `number`; None when anything else may have."""
        merged = CardChange()
        for later in range(number + 1, self._revision.number + 1):
            known = self._changes.get(later)
            if known is None:
                return None
            if known[0] in {integration_id, None}:
                merged |= known[1]
        return merged

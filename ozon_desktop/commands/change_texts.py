"""The changes of one line of a plan, as commands print them."""

from ozon_desktop.domain.sync_plan import FieldChange, PlanItem
from ozon_desktop.wording.existing_cards import lost_text

SHOWN = 4
"""Changes of an item that its line shows."""

ALWAYS = frozenset({"price", "old_price", "min_price"})


def shown_changes(item: PlanItem) -> tuple[FieldChange, ...]:
    """The first few, and whatever is never left out: prices and losses."""
    return tuple(change for place, change in enumerate(item.changes) if place < SHOWN or change.lost or change.field in ALWAYS)


def change_text(change: FieldChange, label: str) -> str:
    """Old and new value behind the name of the field, and what would be lost."""
    text = f"{label}: {change.old or '—'} → {change.new or '—'}"
    return f"{text} (пропадёт: {lost_text(change.lost)})" if change.lost else text

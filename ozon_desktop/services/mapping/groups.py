"""Suggestions sorted by what the manager does with them: accept together, choose one of a few, think."""

from collections.abc import Mapping, Sequence

from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.services.mapping.view import Suggestion, Suggestions

FEWEST, MOST = 2, 5
ENOUGH_OF_ALL, WORTH_A_PLACE = 0.75, 0.06
"""Measured on shops the suggestions were not made for: in two of three cases one of those offered is right (test_unseen_shops.py)."""


def choices(suggestions: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The few of one category, best first, one of which most likely is right; empty when the right one may be elsewhere.

    suggestions: for one store category, best first.
    """
    near = [one for one in suggestions[:MOST] if one.path[:1] == suggestions[0].path[:1] and one.chance >= WORTH_A_PLACE]
    return tuple(near) if len(near) >= FEWEST and sum(one.chance for one in near) >= ENOUGH_OF_ALL else ()


def group_of(suggestions: Sequence[Suggestion]) -> SuggestionGroup:
    """suggestions: for one store category, best first; without any it is unsure."""
    if suggestions and suggestions[0].confident:
        return SuggestionGroup.SURE
    return SuggestionGroup.CHOICE if choices(suggestions) else SuggestionGroup.UNSURE


def grouped(found: Suggestions) -> Mapping[SuggestionGroup, list[str]]:
    """Ids of the store categories of each group, in their order."""
    groups: dict[SuggestionGroup, list[str]] = {group: [] for group in SuggestionGroup}
    for category_id, suggestions in found.items():
        groups[group_of(suggestions)].append(category_id)
    return groups

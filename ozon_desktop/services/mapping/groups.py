"""Suggestions sorted by what the manager does with them: accept together, choose one of a few, think."""

from collections.abc import Mapping, Sequence

from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.value_matching import form_key
from ozon_desktop.services.mapping.view import Suggestion, Suggestions

FEWEST, MOST = 2, 5
ENOUGH_OF_ALL, WORTH_A_PLACE = 0.75, 0.06
"""Measured on shops the suggestions were not made for: in seven of ten cases one of those offered is right (test_unseen_shops.py)."""


def choices(suggestions: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The few of one category, best first, one of which most likely is right; empty when the right one may be elsewhere.

    suggestions: for one store category, best first.
    """
    near = [one for one in suggestions[:MOST] if one.path[:1] == suggestions[0].path[:1] and one.chance >= WORTH_A_PLACE]
    return tuple(near) if len(near) >= FEWEST and sum(one.chance for one in near) >= ENOUGH_OF_ALL else ()


def mixed(suggestions: Sequence[Suggestion]) -> bool:
    """Whether the products are of several kinds: their names name types of different categories of Ozon, each only some of them."""
    named = [one for one in suggestions[:MOST] if one.named is not None and 0 < one.named.products < one.named.of]
    whole = any(one.named is not None and one.named.products == one.named.of for one in suggestions)
    return not whole and len({one.path[:-1] for one in named}) > 1


def group_of(suggestions: Sequence[Suggestion]) -> SuggestionGroup:
    """suggestions: for one store category, best first; without any it is unsure."""
    if suggestions and suggestions[0].confident:
        return SuggestionGroup.SURE
    return SuggestionGroup.CHOICE if choices(suggestions) and not mixed(suggestions) else SuggestionGroup.UNSURE


def grouped(found: Suggestions) -> Mapping[SuggestionGroup, list[str]]:
    """Ids of the store categories of each group, in their order."""
    groups: dict[SuggestionGroup, list[str]] = {group: [] for group in SuggestionGroup}
    for category_id, suggestions in found.items():
        groups[group_of(suggestions)].append(category_id)
    return groups


def same_question(category_id: str, key: TypeKey, names: Mapping[str, str], found: Suggestions) -> tuple[str, ...]:
    """Other categories of the store that the same choice answers: called alike, with the type among the few to choose from.

    names: of the categories by id; found: what is still open. A category whose products are named by another of its few types more
    often than by this one asks another question.
    """
    name = form_key(names[category_id])
    return tuple(
        other
        for other, suggestions in found.items()
        if other != category_id and name and form_key(names[other]) == name and _may_be(key, choices(suggestions))
    )


def _may_be(key: TypeKey, few: Sequence[Suggestion]) -> bool:
    named = {one.key: one.named.products if one.named is not None else 0 for one in few}
    return key in named and named[key] == max(named.values())

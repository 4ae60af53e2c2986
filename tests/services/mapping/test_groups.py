"""Suggestions are sorted by what the manager does: accept, choose one of a few, think."""

from ozon_desktop.domain.matching.evidence import MatchReason, SuggestionGroup
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.services.mapping.groups import choices, group_of, grouped
from ozon_desktop.services.mapping.view import CONFIDENT, Suggestion


def one(number: int, chance: float, confidence: float = 0.5, base: str = "Техника") -> Suggestion:
    return Suggestion(TypeKey(1, number), (base, "Пылесосы", str(number)), confidence, MatchReason.NAME, chance=chance)


def test_a_few_of_one_category_that_have_nearly_all_chances_are_offered_side_by_side() -> None:
    siblings = (one(1, 0.4), one(2, 0.3), one(3, 0.2))
    assert choices((*siblings, one(4, 0.01))) == siblings
    assert group_of(siblings) is SuggestionGroup.CHOICE


def test_what_may_be_elsewhere_is_no_choice() -> None:
    assert choices((one(1, 0.4), one(2, 0.2))) == ()
    assert choices((one(1, 0.5), one(2, 0.45, base="Игрушки"))) == ()
    assert choices((one(1, 0.9),)) == ()
    assert choices(()) == ()


def test_a_sure_one_is_not_offered_for_choice_and_nothing_found_is_unsure() -> None:
    sure = (one(1, 0.6, CONFIDENT), one(2, 0.4))
    assert grouped({"sure": sure, "choice": (one(1, 0.6), one(2, 0.4)), "none": (), "unsure": (one(1, 0.3),)}) == {
        SuggestionGroup.SURE: ["sure"],
        SuggestionGroup.CHOICE: ["choice"],
        SuggestionGroup.UNSURE: ["none", "unsure"],
    }

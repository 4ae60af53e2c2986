"""Suggestions for the mapping: Ozon types ranked by how well they fit what is known of a store category."""

from ozon_desktop.domain.matching.evidence import Evidence, Lesson, Match, MatchReason
from ozon_desktop.domain.matching.matcher import TypeMatcher

__all__ = ["Evidence", "Lesson", "Match", "MatchReason", "TypeMatcher"]

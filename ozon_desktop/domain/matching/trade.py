"""What a store trades in, learned from the categories it is sure of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from ozon_desktop.domain.matching.evidence import Evidence

SURE_CATEGORIES = 3
KNOWN_TRADE = 0.1
"""From this share of the sure categories on a base category of Ozon is the store's trade as much as any other."""
# Votes of the others, each its confidence squared.
ENOUGH, AT_HOME, ENOUGH_SIBLINGS, AMONG_SIBLINGS = 1.5, 0.3, 1.0, 0.6


def trade_of(bases: Iterable[int]) -> dict[int, float]:
    """How much a store trades in each base category of Ozon, 0…1; empty when too little is sure. bases: of the sure categories."""
    known = list(bases)
    if len(known) < SURE_CATEGORIES:
        return {}
    return {base: min(1.0, number / len(known) / KNOWN_TRADE) for base, number in Counter(known).items()}


def homes(store: Sequence[Evidence], guesses: Sequence[tuple[int, float] | None]) -> list[int | None]:
    """For each category of a store the base category its siblings or most others of the store are in; None: they are scattered.

    guesses: (base category, confidence) of the best suggestion for each.
    """
    siblings: dict[tuple[str, ...], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    everywhere: dict[int, float] = defaultdict(float)
    for evidence, guess in zip(store, guesses, strict=True):
        if guess:
            siblings[evidence.path[:-1]][guess[0]] += guess[1] ** 2
            everywhere[guess[0]] += guess[1] ** 2
    return [
        _most(siblings[evidence.path[:-1]], guess, ENOUGH_SIBLINGS, AMONG_SIBLINGS) or _most(everywhere, guess, ENOUGH, AT_HOME)
        for evidence, guess in zip(store, guesses, strict=True)
    ]


def _most(votes: dict[int, float], own: tuple[int, float] | None, enough: float, share: float) -> int | None:
    """The base category with at least this share of the others' votes; None when there is none, or there are too few."""
    others = {base: number - (own[1] ** 2 if own and own[0] == base else 0.0) for base, number in votes.items()}
    total = sum(others.values())
    if total < enough:
        return None
    base = max(others, key=lambda base: (others[base], -base))
    return base if others[base] >= share * total else None

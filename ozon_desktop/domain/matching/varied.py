"""Which of the ranked candidates are shown: the best, and some places kept for the best by other evidence."""

from dataclasses import dataclass

from ozon_desktop.domain.matching.scoring import Found

# Of five suggestions.
RESERVED, ENOUGH_GOODS, ENOUGH_NAME = 2, 0.2, 0.6
# Where even the best is doubtful, a mere guess at the name is worth a place.
DOUBTFUL, ENOUGH_GUESS, ENOUGH_PART, AS_GOOD = 0.7, 0.12, 0.3, 0.6


@dataclass(slots=True, eq=False)
class Candidate:
    """A type with its partial scores, all 0…1. near: how many of the relatives have a type of the same section."""

    number: int
    name: float = 0.0
    products: float = 0.0
    properties: float = 0.0
    place: float = 0.0
    near: float = 0.0
    score: float = 0.0
    heading: Found | None = None
    product: str = ""
    value: str = ""

    @property
    def goods(self) -> float:
        """How well the products fit, by name or property."""
        return max(self.products, self.properties)


def varied(ranked: list[Candidate], limit: int) -> list[Candidate]:
    """The best with one more; the last places are for the best by other evidence than decided for the first ones."""
    kept = [candidate for candidate in ranked if candidate.score >= 0.05]
    first = kept[: limit - RESERVED]
    others = [candidate for candidate in ranked if candidate not in first]
    if limit <= 2 * RESERVED or not others:
        return kept[: limit + 1]
    wanted = _wanted(first, others)
    rest = [candidate for candidate in kept[limit - RESERVED :] if candidate not in wanted[:RESERVED]]
    taken = [*wanted[:RESERVED], *rest]
    return [*first, *sorted(taken[:RESERVED], key=lambda candidate: -candidate.score), *taken[RESERVED : RESERVED + 1]]


def _wanted(first: list[Candidate], others: list[Candidate]) -> list[Candidate]:
    """Candidates for the reserved places, the most deserving first."""
    wanted: list[Candidate] = []
    sold = [candidate for candidate in others if candidate.goods >= ENOUGH_GOODS]
    goods = max(sold, key=lambda candidate: (candidate.goods, candidate.score), default=None)
    if goods and goods.score > 0.01:
        wanted.append(goods)
    named_parts = {candidate.heading.part for candidate in first if candidate.heading}
    for candidate in others:
        heading = candidate.heading
        if candidate in wanted or heading is None or heading.part in named_parts:
            continue
        if candidate.name >= (ENOUGH_PART if heading.guessed and heading.part else ENOUGH_NAME):
            named_parts.add(heading.part)
            wanted.append(candidate)
    last = others[RESERVED - 1].score if len(others) >= RESERVED else 0.0
    if not first or first[0].score < DOUBTFUL:
        guesses = [candidate for candidate in others if candidate.heading and candidate.heading.guessed and candidate not in wanted]
        guess = max(guesses, key=lambda candidate: (candidate.name * (0.5 + candidate.place), candidate.score), default=None)
        if guess and guess.name >= max(ENOUGH_GUESS, AS_GOOD * last) and not any(one.heading and one.heading.guessed for one in first):
            wanted.append(guess)
    return wanted

"""Seeded trouble on demand: `429=0.1,cut=0.05` makes a tenth of the answers a 429 and cuts every twentieth."""

import random
from dataclasses import dataclass

KINDS = ("429", "500", "html", "timeout", "cut", "slow")
AFTER_WORK = frozenset({"timeout", "cut", "slow"})
HTML_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


@dataclass
class FaultDelays:
    """Seconds a `timeout` and a `slow` answer hang."""

    timeout_s: float = 120.0
    slow_s: float = 3.0


class Faults:
    """Draws a fault for each request.

    `429`, `500` and `html` replace the work; `timeout`, `cut` and `slow` come after it, so that the client has to find out
    whether its change was made. Raises ValueError, naming the part, when the specification is wrong.
    """

    def __init__(self, spec: str, seed: int) -> None:
        self._random = random.Random(seed)
        self._chances: list[tuple[str, float]] = []
        self.delays = FaultDelays()
        for part in filter(None, (piece.strip() for piece in spec.split(","))):
            kind, _, text = part.partition("=")
            self._chances.append((self._kind(kind.strip(), part), self._probability(text.strip(), part)))
        if sum(chance for _, chance in self._chances) > 1:
            raise ValueError(f"fault probabilities add up to more than 1: {spec}")

    def draw(self) -> str | None:
        """The kind of fault this request gets, or None."""
        if not self._chances:
            return None
        point = self._random.random()
        for kind, chance in self._chances:
            if point < chance:
                return kind
            point -= chance
        return None

    @staticmethod
    def _kind(kind: str, part: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"unknown fault in {part!r}; known: {', '.join(KINDS)}")
        return kind

    @staticmethod
    def _probability(text: str, part: str) -> float:
        try:
            chance = float(text)
        except ValueError:
            raise ValueError(f"{part!r} should look like kind=probability") from None
        if not 0 <= chance <= 1:
            raise ValueError(f"the probability in {part!r} should be between 0 and 1")
        return chance

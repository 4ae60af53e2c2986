"""Trouble on demand, seeded: what a specification such as `429=0.05,burst=10/200,cut=0.01` does to the answers.

A specification is a list of parts with commas between them (spaces are ignored); every part is `KIND=WHAT`:

    429=P      a share P (0 to 1) of the requests is refused with 429 «request rate limit per second», Retry-After: 1
    500=P      … answered with 500 «Internal error»
    html=P     … answered with 502 and a page of HTML instead of JSON
    timeout=P  … carried out, but not answered for 120 seconds (`timeout=P:SECONDS` for another time), then 504
    cut=P      … carried out, but the connection is cut in the middle of the answer
    slow=P     … carried out, but the first byte comes 3 seconds later (`slow=P:SECONDS` for another time)
    reject=P   a share P of the cards whose import was accepted is refused by moderation
    burst=N/M  of every M requests the last N are refused with 429, one after the other
    circle=PATH:SECONDS     «Circle is open» on one method for SECONDS after its first request, once;
                            `circle=PATH:SECONDS@N`: after its N-th request
    revoked=after:N         the first N requests are served, then the key is deactivated (403)
    obsolete=PATH           the method is switched off (400 «obsolete method cannot be used»)

`circle` and `obsolete` may be given several times. The same seed and the same order of requests give the same trouble:
chances are drawn once per request, whatever becomes of it.
"""

import random
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from .replies import ApiError, circle_open, deactivated, obsolete

CHANCES = ("429", "500", "html", "timeout", "cut", "slow")
EVENTS = ("reject", "burst", "circle", "revoked", "obsolete")
KINDS = CHANCES + EVENTS
AFTER_WORK = frozenset({"timeout", "cut", "slow"})
HTML_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"

_BURST = re.compile(r"(\d+)/(\d+)")
_CIRCLE = re.compile(r"(/[^:@]+):(\d+(?:\.\d+)?)(?:@(\d+))?")
_REVOKED = re.compile(r"after:(\d+)")
_SECONDS = re.compile(r"\d+(\.\d+)?")
_PATH = re.compile(r"/[^:@]+")


@dataclass
class FaultDelays:
    """Seconds a `timeout` and a `slow` answer hang."""

    timeout_s: float = 120.0
    slow_s: float = 3.0


@dataclass
class _Circle:
    """A breaker: opens at the `opens_at`-th request of a method, stays open `seconds`, never opens again."""

    seconds: float
    opens_at: int
    closes: datetime | None = None

    def is_open(self, request_number: int, now: datetime) -> bool:
        if self.closes is None and request_number >= self.opens_at:
            self.closes = now + timedelta(seconds=self.seconds)
        return self.closes is not None and now < self.closes


class Faults:
    """Decides which requests go wrong, by the specification in the docstring of this module.

    `429`, `500` and `html` replace the work; `timeout`, `cut` and `slow` come after it, so that the client has to find out
    whether its change was made. Raises ValueError, naming the part, when the specification is wrong.
    """

    def __init__(self, spec: str, seed: int) -> None:
        self._random = random.Random(seed)
        self._moderator = random.Random(seed)
        self._rejected = 0.0
        self._chances: list[tuple[str, float]] = []
        self._burst: tuple[int, int] | None = None
        self._circles: dict[str, _Circle] = {}
        self._revoked_after: int | None = None
        self._obsolete: set[str] = set()
        self._drawn = 0
        self._admitted = 0
        self._per_path: Counter[str] = Counter()
        self.delays = FaultDelays()
        for part in filter(None, (piece.strip() for piece in spec.split(","))):
            self._read(part)
        if sum(chance for _, chance in self._chances) > 1:
            raise ValueError(f"fault probabilities add up to more than 1: {spec}")

    def draw(self) -> str | None:
        """The kind of fault this request gets, or None."""
        self._drawn += 1
        point = self._random.random() if self._chances else 1.0
        if self._burst is not None and (self._drawn - 1) % self._burst[1] >= self._burst[1] - self._burst[0]:
            return "429"
        for kind, chance in self._chances:
            if point < chance:
                return kind
            point -= chance
        return None

    def rejects(self) -> bool:
        """Whether moderation refuses this card; drawn once per accepted item."""
        return self._rejected > 0 and self._moderator.random() < self._rejected

    def refusal(self, path: str, now: datetime) -> ApiError | None:
        """The error of a request to a method that the specification closes, or that comes after the end of the key."""
        self._admitted += 1
        if self._revoked_after is not None and self._admitted > self._revoked_after:
            return deactivated()
        if path in self._obsolete:
            return obsolete()
        circle = self._circles.get(path)
        if circle is not None:
            self._per_path[path] += 1
            if circle.is_open(self._per_path[path], now):
                return circle_open()
        return None

    @property
    def paths(self) -> set[str]:
        """The methods the specification names."""
        return self._obsolete | set(self._circles)

    def _read(self, part: str) -> None:
        kind, _, text = (piece.strip() for piece in part.partition("="))
        if kind in CHANCES:
            self._read_chance(kind, text, part)
        elif kind == "reject":
            self._rejected = _probability(text, part)
        elif kind == "burst":
            number, period = map(int, _matched(_BURST, text, part, "burst=N/M").groups())
            if not 0 < number <= period:
                raise ValueError(f"the fault {part!r} should have 0 < N <= M")
            self._burst = number, period
        elif kind == "circle":
            path, seconds, opens_at = _matched(_CIRCLE, text, part, "circle=PATH:SECONDS or circle=PATH:SECONDS@N").groups()
            self._circles[path] = _Circle(float(seconds), int(opens_at or 1))
        elif kind == "revoked":
            self._revoked_after = int(_matched(_REVOKED, text, part, "revoked=after:N")[1])
        elif kind == "obsolete":
            self._obsolete.add(_matched(_PATH, text, part, "obsolete=PATH")[0])
        else:
            raise ValueError(f"unknown fault in {part!r}; known: {', '.join(KINDS)}")

    def _read_chance(self, kind: str, text: str, part: str) -> None:
        chance, colon, seconds = text.partition(":")
        if colon and kind not in {"timeout", "slow"}:
            raise ValueError(f"{part!r} should look like kind=probability; only the faults timeout and slow have seconds")
        self._chances.append((kind, _probability(chance, part)))
        if colon:
            setattr(self.delays, f"{kind}_s", float(_matched(_SECONDS, seconds, part, "kind=probability:seconds")[0]))


def _matched(pattern: re.Pattern[str], text: str, part: str, form: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(f"the fault {part!r} should look like {form}")
    return found


def _probability(text: str, part: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        raise ValueError(f"{part!r} should look like kind=probability") from None
    if not 0 <= chance <= 1:
        raise ValueError(f"the probability in {part!r} should be between 0 and 1")
    return chance

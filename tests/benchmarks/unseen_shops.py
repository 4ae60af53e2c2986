"""Judged categories of real shops the suggestions were not made for, and how often the suggestions are right there.

`unseen_shops.json` holds references (repository, commit, path, how the file is read) and judgements made before any suggestion was looked
at. The shops are split in three, `half` names the part: what goes wrong in the tuning shops may be read while the matching is changed; the
calibration shops were judged after the word tables had been written, and nothing but the weights is fitted on them; of the held-out shops
only the figures are looked at.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import msgspec

from ozon_desktop.domain.matching import Match, TypeMatcher
from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.services.mapping.groups import choices, group_of
from ozon_desktop.services.mapping.view import CONFIDENT, Suggestion
from tests.benchmarks.shop_texts import ShopCategory, read_shop

FILE = Path(__file__).parent / "unseen_shops.json"
FOLDER = "OZON_DESKTOP_SHOP_TEXTS"
BINS = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.01)


class Verdict(StrEnum):
    RIGHT = "right"  # The types listed are right, each of them.
    SIBLINGS = "siblings"  # One of the types listed; nothing known of the category says which.
    NONE = "none"  # A brand, novelties, a mixture: no single type is honest.


class Judged(msgspec.Struct):
    """A judged category. hash: of its path, so that a judgement is known to be about these words; types: "category / type"."""

    id: str
    hash: str
    verdict: Verdict
    types: list[str] = []


class JudgedShop(msgspec.Struct):
    repository: str
    commit: str
    path: str
    read: str
    half: str
    judged: list[Judged]

    def categories(self, folder: Path) -> list[ShopCategory]:
        content = (folder / self.repository.replace("/", "+") / self.path).read_bytes()
        return read_shop(content, self.read)


@dataclass
class Answer:
    """What was suggested for a judged category."""

    judged: Judged
    path: tuple[str, ...]
    found: list[Match]
    labels: list[str]

    @property
    def right(self) -> list[bool]:
        return [label in self.judged.types for label in self.labels]

    @property
    def first_right(self) -> bool:
        """Whether the first would be right if it were accepted unlooked at: a sibling would be so by chance only."""
        return self.judged.verdict is Verdict.RIGHT and self.right[:1] == [True]


@dataclass
class Quality:
    """Shares over one half. first, five: of categories that have an answer; sure: of all; sure_right: of the sure ones."""

    answers: list[Answer] = field(default_factory=list)

    @property
    def answered(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.judged.verdict is not Verdict.NONE]

    @property
    def first(self) -> float:
        return _share(answer.right[:1] == [True] for answer in self.answered)

    @property
    def five(self) -> float:
        return _share(any(answer.right) for answer in self.answered)

    @property
    def confident(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.found and answer.found[0].confidence >= CONFIDENT]

    @property
    def coverage(self) -> float:
        """Of the categories for which one type is right: how many are answered so that nobody has to look."""
        decided = [answer for answer in self.answers if answer.judged.verdict is Verdict.RIGHT]
        return len([answer for answer in self.confident if answer.judged.verdict is Verdict.RIGHT]) / len(decided)

    @property
    def coverage_of_all(self) -> float:
        return len(self.confident) / len(self.answers)

    @property
    def confident_right(self) -> float:
        return _share(answer.first_right for answer in self.confident)

    def offered(self, tree: OzonTree) -> list[tuple[Answer, list[str]]]:
        """Categories where a few types are offered side by side, with those offered."""
        found: list[tuple[Answer, list[str]]] = []
        for answer in self.answers:
            rows = [
                Suggestion(match.key, tree.type_path(match.key), match.confidence, match.reason, match.detail, match.chance)
                for match in answer.found
            ]
            if group_of(rows) is SuggestionGroup.CHOICE:
                found.append((answer, [label(tree, one.key) for one in choices(rows)]))
        return found

    def offered_right(self, tree: OzonTree) -> float:
        return _share(bool(set(labels) & set(answer.judged.types)) for answer, labels in self.offered(tree))

    def wrong_confident(self) -> Counter[Verdict]:
        return Counter(answer.judged.verdict for answer in self.confident if not answer.first_right)

    def table(self) -> str:
        """How the stated confidence fits what was right, and the confident ones by their reason."""
        wrong = ", ".join(f"{number} where {verdict.value}" for verdict, number in self.wrong_confident().items())
        lines = [
            f"{len(self.answers)} categories: first {self.first:.3f}, among five {self.five:.3f}",
            f"confident {self.coverage_of_all:.3f} of all, {self.coverage:.3f} of those with one right type; "
            f"right {self.confident_right:.3f}; wrong: {wrong}",
        ]
        for low, high in pairwise(BINS):
            inside = [answer for answer in self.answers if answer.found and low <= answer.found[0].confidence < high]
            if inside:
                stated = sum(answer.found[0].confidence for answer in inside) / len(inside)
                right = _share(answer.first_right for answer in inside)
                lines.append(f"  {low:.2f}…{min(high, 1):.2f}: {len(inside):4}, stated {stated:.2f}, right {right:.2f}")
        by_reason: dict[str, list[Answer]] = defaultdict(list)
        for answer in self.confident:
            by_reason[answer.found[0].reason.value].append(answer)
        lines += [f"  {reason}: {len(some)}, right {_share(a.first_right for a in some):.3f}" for reason, some in sorted(by_reason.items())]
        return "\n".join(lines)


def texts_folder() -> Path | None:
    """Where the shops' files are, None when they are not at hand."""
    named = os.environ.get(FOLDER)
    return Path(named) if named and Path(named).is_dir() else None


def judged_shops(half: str) -> list[JudgedShop]:
    return [shop for shop in msgspec.json.decode(FILE.read_bytes(), type=list[JudgedShop]) if shop.half == half]


def label(tree: OzonTree, key: TypeKey) -> str:
    return " / ".join(tree.type_path(key)[-2:])


def measure(tree: OzonTree, matcher: TypeMatcher, folder: Path, shops: Iterable[JudgedShop]) -> Quality:
    """Suggestions for whole shops, as the program makes them, held against the judgements."""
    quality = Quality()
    for shop in shops:
        categories = shop.categories(folder)
        found = matcher.best_of_store([category.evidence() for category in categories])
        by_id = {category.id: (category, some) for category, some in zip(categories, found, strict=True)}
        for judged in shop.judged:
            category, some = by_id[judged.id]
            if category.hash != judged.hash:
                raise ValueError(f"{shop.repository} {shop.path}: {judged.id} is not what was judged")
            quality.answers.append(Answer(judged, category.path, some, [label(tree, match.key) for match in some]))
    return quality


def _share(right: Iterable[bool]) -> float:
    known = list(right)
    return sum(known) / max(len(known), 1)

"""Fits the weights of the matching: what each piece of evidence says when types are ranked, and how far the first one can be trusted.

Only judged categories of the tuning and calibration shops are used (unseen_shops.py), and with little weight the sets of known shops; it
takes half an hour. Run:
OZON_DESKTOP_SHOP_TEXTS=<folder> python -m tests.benchmarks.fit_weights > weights; the numbers go to resources/matching/weights.txt.
Ranking is a logit over the candidates of a category; trust a logit over what speaks for the first one, whose cases are ranked with
weights that were fitted without their shop.
"""

import json
import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path

import msgspec

from ozon_desktop.domain.matching import Evidence, TypeMatcher
from ozon_desktop.domain.matching.index import TypeIndex
from ozon_desktop.domain.matching.judge import RANKING, TRUST, Heading, Judge
from ozon_desktop.domain.matching.trade import Surroundings
from ozon_desktop.domain.matching.varied import Candidate
from ozon_desktop.domain.matching.words import Words
from ozon_desktop.domain.ozon_catalog import OzonTree
from ozon_desktop.ozon.catalog_models import TreeAnswer
from tests.benchmarks.unseen_shops import Verdict, judged_shops, label, texts_folder
from tests.places import SHARED
from tests.word_tables import TABLES

KNOWN_SHOPS = ("matching_tuning.json", "matching_tuning_2.json", "matching_tuning_3.json")
OF_KNOWN = 0.05
# The word tables were written after the mistakes of the tuning shops had been read, so these trust the suggestions too much.
TRUST_OF_TUNING = 0.4
FOLDS, STEPS, STEP = 6, 300, 0.2
RANKING_DAMPING, TRUST_DAMPING = 0.001, 4.0
TrustCase = tuple[dict[str, float], bool, float]
"""What speaks for the first candidate, whether it was right, and how much the case counts."""

# What is in no judged shop keeps its start: types the manager chose for relatives, and products that contradict the name.
START = {"score": 2.0, "relatives": 2.0}
TRUST_START = {"goods_against": -4.0}
NEVER_AGAINST = {
    "name", "exact", "goods", "place", "relatives", "context", "translated", "shop_base", "shop_category", "siblings_base",
    "siblings_category", "siblings_type", "branch_base", "branch_category", "children_category", "children_type",
    "words_base", "words_category", "store_words_base", "store_words_category", "parent_type", "parent_category",
    "says_own", "says_parent", "says_top", "part_fits", "part_fits_own", "parent_type_bare", "siblings_type_bare",
}  # fmt: skip
NEVER_FOR = {"unsaid", "rare", "shop_foreign", "name_foreign"}


@dataclass
class Case:
    """A category with its candidates. right: which of them are; weight, trust: how much the case counts for ranking and for trust."""

    shop: str
    candidates: list[Candidate]
    heading: Heading
    around: Surroundings
    right: list[bool]
    verdict: Verdict
    weight: float
    trust: float


def cases_of_shops(tree: OzonTree, matcher: TypeMatcher, index: TypeIndex, folder: Path) -> list[Case]:
    cases: list[Case] = []
    for shop in [*judged_shops("tuning"), *judged_shops("calibration")]:
        trust = 1.0 if shop.half == "calibration" else TRUST_OF_TUNING
        categories = shop.categories(folder)
        studied = dict(zip((one.id for one in categories), matcher.study([one.evidence() for one in categories]), strict=True))
        for judged in shop.judged:
            candidates, heading, around = studied[judged.id]
            right = [label(tree, index.keys[one.number]) in judged.types for one in candidates]
            cases.append(Case(shop.repository + shop.path, candidates, heading, around, right, judged.verdict, 1.0, trust))
    return cases


def cases_of_known_shops(tree: OzonTree, matcher: TypeMatcher, index: TypeIndex) -> list[Case]:
    cases: list[Case] = []
    for name in KNOWN_SHOPS:
        rows = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
        by_shop: dict[str, list[tuple[Evidence, set[str]]]] = defaultdict(list)
        for row in rows:
            properties = tuple((one, value) for one, value in row["properties"])
            by_shop[row["shop"]].append((Evidence(tuple(row["path"]), tuple(row["products"]), properties), set(row["right"])))
        for shop, known in by_shop.items():
            for (_, types), studied in zip(known, matcher.study([evidence for evidence, _ in known]), strict=True):
                right = [label(tree, index.keys[one.number]) in types for one in studied[0]]
                cases.append(Case(name + shop, *studied, right, Verdict.RIGHT, OF_KNOWN, 0.0))
    return cases


def fit_ranking(judge: Judge, cases: Sequence[Case]) -> dict[str, float]:
    """Weights under which the right candidates have the best chance; siblings are to have equal ones."""
    known = [
        (judge.evidence(case.candidates, case.heading, case.around), case)
        for case in cases
        if case.verdict is not Verdict.NONE and any(case.right)
    ]
    names = list(known[0][0][0])
    rows = [([[one[name] for name in names] for one in evidence], case) for evidence, case in known]
    whole = sum(case.weight for _, case in rows)
    start = [START.get(name, 0.0) for name in names]
    weights, mean, spread = list(start), [0.0] * len(names), [0.0] * len(names)
    for step in range(1, STEPS + 1):
        slope = [2 * RANKING_DAMPING * (weight - first) for weight, first in zip(weights, start, strict=True)]
        for evidence, case in rows:
            for one, wrong in zip(evidence, _wrong(evidence, case, weights), strict=True):
                if abs(wrong) > 1e-4:
                    for place, value in enumerate(one):
                        slope[place] += wrong * value * case.weight / whole
        pace = STEP * (1 - step / STEPS) + 0.005
        for place, number in enumerate(slope):
            mean[place] = 0.9 * mean[place] + 0.1 * number
            spread[place] = 0.99 * spread[place] + 0.01 * number * number
            weights[place] -= pace * (mean[place] / (1 - 0.9**step)) / (sqrt(spread[place] / (1 - 0.99**step)) + 1e-8)
            weights[place] = _allowed(names[place], weights[place])
    return dict(zip(names, weights, strict=True))


def _allowed(name: str, weight: float) -> float:
    """Evidence that by its nature speaks for a type must not speak against it because the shops are few."""
    return max(0.0, weight) if name in NEVER_AGAINST else min(0.0, weight) if name in NEVER_FOR else weight


def _wrong(evidence: Sequence[Sequence[float]], case: Case, weights: Sequence[float]) -> list[float]:
    """By how much the chance of each candidate is too great."""
    sums = [sum(value * weight for value, weight in zip(one, weights, strict=True)) for one in evidence]
    most = max(sums)
    powers = [exp(number - most) for number in sums]
    total = sum(powers)
    chances = [power / total for power in powers]
    if case.verdict is Verdict.SIBLINGS:
        wanted = [right / sum(case.right) for right in case.right]
    else:
        of_right = sum(chance for chance, right in zip(chances, case.right, strict=True) if right) or 1e-9
        wanted = [chance * right / of_right for chance, right in zip(chances, case.right, strict=True)]
    return [chance - part for chance, part in zip(chances, wanted, strict=True)]


def trust_cases(index: TypeIndex, ranking: Mapping[str, float], cases: Sequence[Case]) -> list[TrustCase]:
    judge = Judge(index, {RANKING + name: number for name, number in ranking.items()})
    found: list[TrustCase] = []
    for case in cases:
        judged = judge.ranked(case.candidates, case.heading, case.around)
        if judged:
            right = {id(one) for one, good in zip(case.candidates, case.right, strict=True) if good}
            good = case.verdict is Verdict.RIGHT and id(judged[0].candidate) in right
            found.append((judge.trust_evidence(judged, case.heading, case.around), good, case.trust))
    return found


def fit_trust(rows: Sequence[TrustCase]) -> dict[str, float]:
    """A damped logit over evidence brought to one scale."""
    names = list(rows[0][0])
    middle = {name: sum(one[name] for one, _, _ in rows) / len(rows) for name in names}
    width = {name: sqrt(sum((one[name] - middle[name]) ** 2 for one, _, _ in rows) / len(rows)) + 1e-9 for name in names}
    middle["bias"], width["bias"] = 0.0, 1.0
    scaled = [([(one[name] - middle[name]) / width[name] for name in names], good, weight) for one, good, weight in rows]
    start = [TRUST_START.get(name, 0.0) * width[name] for name in names]
    weights = list(start)
    pace = 4 / (sum(weight for _, _, weight in rows) + TRUST_DAMPING)
    for _ in range(20 * STEPS):
        slope = [
            TRUST_DAMPING * (number - first) if name != "bias" else 0.0 for name, number, first in zip(names, weights, start, strict=True)
        ]
        for one, good, weight in scaled:
            wrong = weight * (1 / (1 + exp(-sum(a * b for a, b in zip(one, weights, strict=True)))) - good)
            for place, value in enumerate(one):
                slope[place] += wrong * value
        weights = [number - pace * down / len(names) ** 0.5 for number, down in zip(weights, slope, strict=True)]
    fitted = {name: weight / width[name] for name, weight in zip(names, weights, strict=True)}
    fitted["bias"] -= sum(fitted[name] * middle[name] for name in names if name != "bias")
    return fitted


def main() -> None:
    folder = texts_folder()
    if folder is None:
        raise SystemExit("the shops' texts are not at hand, see shop_texts.py")
    answer = msgspec.json.decode((SHARED / "ozon" / "category_tree.json").read_bytes(), type=TreeAnswer)
    tree = OzonTree.build(*answer.to_domain())
    matcher, index = TypeMatcher(tree, TABLES), TypeIndex(tree, Words(TABLES))
    cases, known = cases_of_shops(tree, matcher, index, folder), cases_of_known_shops(tree, matcher, index)
    judge = Judge(index, {})
    shops = sorted({case.shop for case in cases})
    random.Random(1).shuffle(shops)
    rows: list[TrustCase] = []
    for fold in range(FOLDS):
        left_out = set(shops[fold::FOLDS])
        ranking = fit_ranking(judge, [*(case for case in cases if case.shop not in left_out), *known])
        rows += trust_cases(index, ranking, [case for case in cases if case.shop in left_out])
    ranking = fit_ranking(judge, [*cases, *known])
    trust = fit_trust(rows)
    lines = [f"{RANKING}{name} = {weight:.3f}" for name, weight in ranking.items()]
    lines += ["", *(f"{TRUST}{name} = {weight:.3f}" for name, weight in trust.items())]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

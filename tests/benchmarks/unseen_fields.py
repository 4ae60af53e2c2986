"""Store properties of real shops judged against attributes, and store values against dictionaries; how often the program is right.

`unseen_fields.json` holds references (repository, commit, path) and judgements made before any proposal was looked at, keyed by hashes of
the properties' names; no text of the shops. Seven shops were used while the proposals were changed, three were judged afterwards. The
folder is that of shop_texts.py.

What it rests on: Ozon's own attributes are not public, so the 152 attributes and 60 dictionaries are those of the program's sandbox, all
offered at once, as if one type had them all. That is harder than a type of thirty where names are alike, and easier where Ozon's dictionary
has more values than the sandbox's.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec

from ozon_desktop.domain.ozon_catalog import BRAND_ATTRIBUTE, Attribute, DictionaryValue
from ozon_desktop.domain.rule_proposals import CONFIDENT, RuleProposal, property_uses, propose
from ozon_desktop.domain.store_catalog import Product, fold
from ozon_desktop.domain.value_matching import form_key, has_forms
from ozon_desktop.paths import resource
from ozon_desktop.store.source import open_source

FILE = Path(__file__).parent / "unseen_fields.json"


class JudgedFields(msgspec.Struct):
    """A shop. fields: by the hash of each property's name the ids of the attributes it may fill, [] = none.

    wrong: hashes of texts with the value they were taken for, where the value is not what the text says.
    """

    repository: str
    commit: str
    path: str
    half: str
    fields: dict[str, list[int]]
    wrong: list[str] = []

    def products(self, folder: Path) -> Iterator[Product]:
        """As the program reads the shop's file."""
        path = folder / self.repository.replace("/", "+") / self.path
        return (record for record in open_source(path).read(path) if isinstance(record, Product))


def hashed(*texts: str) -> str:
    """By which a judgement knows that it is still about the same words."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def judged_shops(half: str) -> list[JudgedFields]:
    return [shop for shop in msgspec.json.decode(FILE.read_bytes(), type=list[JudgedFields]) if shop.half == half]


class _Values(msgspec.Struct):
    values: list[DictionaryValue]


class _Attributes(msgspec.Struct):
    attributes: list[Attribute]


@cache
def attributes() -> list[Attribute]:
    """All of the sandbox."""
    return msgspec.json.decode(resource("sandbox", "attributes.json").read_bytes(), type=_Attributes).attributes


@cache
def dictionaries() -> Mapping[int, list[DictionaryValue]]:
    """By id. Brands stand in a list of their own."""
    found = msgspec.json.decode(resource("sandbox", "dictionaries.json").read_bytes(), type=dict[str, _Values])
    brands = resource("sandbox", "brands.txt").read_text(encoding="utf-8").splitlines()
    of_brands = next(one.dictionary_id for one in attributes() if one.id == BRAND_ATTRIBUTE)
    return {int(key): one.values for key, one in found.items()} | {
        of_brands: [DictionaryValue(number, name) for number, name in enumerate(brands, 1)]
    }


class Meaning:
    """What texts surely mean, as the program looks them up: as they are, else in the one value of the same word forms."""

    def __init__(self) -> None:
        self._exact = {key: {fold(one.value): one for one in values} for key, values in dictionaries().items()}
        self._forms: dict[int, dict[tuple[str, ...], set[str]]] = {}
        for key, values in dictionaries().items():
            forms = self._forms.setdefault(key, {})
            for one in values:
                forms.setdefault(form_key(one.value), set()).add(fold(one.value))

    def __call__(self, attribute: Attribute, text: str) -> DictionaryValue | None:
        folded, exact = fold(text), self._exact[attribute.dictionary_id]
        if folded in exact or attribute.id == BRAND_ATTRIBUTE or not has_forms(folded):
            return exact.get(folded)
        alike = self._forms[attribute.dictionary_id].get(form_key(folded), set())
        return exact[next(iter(alike))] if len(alike) == 1 else None


@dataclass
class FieldQuality:
    """confident: of proposals ticked from the start, whether each is right. fields: of properties that have an attribute, whether one of
    theirs was ticked for it. values: of texts in rightly mapped dictionary fields, None = asked about, else whether it is right."""

    confident: list[bool] = field(default_factory=list)
    proposed: list[bool] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)
    values: list[bool | None] = field(default_factory=list)
    uses: Counter[bool | None] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)

    def table(self) -> str:
        answered = [one for one in self.values if one is not None]
        used = self.uses[True] + self.uses[False]
        return "\n".join(
            (
                f"fields: confident {len(self.confident)}, right {share(self.confident):.3f}; "
                f"of {len(self.fields)} properties with an attribute {share(self.fields):.3f} are filled confidently; "
                f"all proposals {len(self.proposed)}, right {share(self.proposed):.3f}",
                f"values: confident {len(answered)} of {len(self.values)} texts, right {share(answered):.3f}, "
                f"coverage {len(answered) / max(1, len(self.values)):.3f} of texts, {used / max(1, self.uses.total()):.3f} of uses",
                *self.mistakes,
            )
        )


def measure(folder: Path, shops: Iterable[JudgedFields]) -> FieldQuality:
    """Proposals and values for whole shops, held against the judgements. Names are told only on the screen."""
    quality, meaning = FieldQuality(), Meaning()
    for shop in shops:
        uses = property_uses(shop.products(folder))
        found = propose(attributes(), uses, lambda attribute, text: meaning(attribute, text) is not None)
        sure = [one for one in found if one.confidence >= CONFIDENT]
        right = {one: one.attribute.id in shop.fields[hashed(one.property_name)] for one in found}
        quality.proposed += right.values()
        quality.confident += [right[one] for one in sure]
        quality.mistakes += [
            f"  {shop.path}: «{one.property_name}» → «{one.attribute.name}» {one.confidence}" for one in sure if not right[one]
        ]
        filled = {one.property_name for one in sure if right[one]}
        quality.fields += [name in filled for name in uses if shop.fields[hashed(name)]]
        _measure_values(quality, shop, [one for one in sure if right[one] and one.attribute.has_dictionary], uses, meaning)
    return quality


def _measure_values(
    quality: FieldQuality, shop: JudgedFields, mapped: Iterable[RuleProposal], uses: Mapping[str, Counter[str]], meaning: Meaning
) -> None:
    for proposal in mapped:
        for text, count in uses[proposal.property_name].items():
            value = meaning(proposal.attribute, text)
            right = None if value is None else hashed(text, value.value) not in shop.wrong
            quality.values.append(right)
            quality.uses[right] += count


def share(right: Iterable[bool | None]) -> float:
    known = list(right)
    return sum(map(bool, known)) / max(len(known), 1)

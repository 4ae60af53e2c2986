"""Sizes in the brackets of a name, and the name that sizes and colours of one model share."""

import re
from collections.abc import Sequence

_BRACKETS = re.compile(r"^(?P<name>.*\S)\s*\((?P<inside>[^()]{1,120})\)\s*$")
_ONE_SIZE = r"(?:\d{1,3}(?:[.,]5)?|\d{0,2}x{0,5}[sml]|one size)"
_SIZE = re.compile(rf"(?:р-?р|размер|р\.|size)?\s*(?P<size>{_ONE_SIZE}(?:\s*[-/–]\s*{_ONE_SIZE})?)(?:\s*(?:р\.?|размер))?", re.IGNORECASE)
_PARTS = re.compile(r",(?!5(?!\d))|;")
"""What parts size and colour; «37,5» is one size."""
_COLOURS = (
    "красн",
    "син",
    "голуб",
    "бел",
    "черн",
    "сер",
    "зелен",
    "желт",
    "розов",
    "фиолет",
    "бежев",
    "коричн",
    "оранж",
    "бордов",
    "хаки",
    "молочн",
    "серебр",
    "золот",
    "бирюз",
    "лилов",
    "сирен",
    "персик",
    "мятн",
    "графит",
    "изумруд",
    "терракот",
    "песочн",
    "разноцвет",
    "мультиколор",
)
_ENDS = " -–—,.;:/("


def without_brackets(name: str) -> str:
    """The name without what stands in brackets at its end."""
    found = _BRACKETS.match(name)
    return found.group("name") if found is not None else name


def bracket_properties(name: str) -> tuple[tuple[str, str], ...]:
    """Size and colour in the brackets at the end of a name («Слипоны (37, Синий)»), under the names shops give them."""
    found = _BRACKETS.match(name)
    pairs: dict[str, str] = {}
    for part in _PARTS.split(found.group("inside")) if found is not None else ():
        text = part.strip()
        size = _SIZE.fullmatch(text)
        folded = text.casefold().replace("ё", "е")
        if size is not None:
            pairs.setdefault("Размер", size.group("size"))
        elif any(word.startswith(_COLOURS) for word in re.split(r"[\s-]+", folded)):
            pairs.setdefault("Цвет", text)
    return tuple(pairs.items())


def characteristic_in_brackets(name: str) -> str:
    """What stands in the brackets at the end of a name, "" when there are none."""
    found = _BRACKETS.match(name)
    return found.group("inside").strip() if found is not None else ""


def shared_name(names: Sequence[str]) -> str:
    """What the names of one model's sizes and colours have in common, by whole words; the first name when they share none."""
    bare = [without_brackets(name) for name in names]
    if len(set(bare)) <= 1:
        return bare[0] if bare else ""
    words: list[str] = []
    for same in zip(*(name.split() for name in bare), strict=False):
        if len(set(same)) > 1:
            break
        words.append(same[0])
    return " ".join(words).rstrip(_ENDS) or bare[0]

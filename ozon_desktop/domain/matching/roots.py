"""Russian nouns and adjectives without their endings, so that all forms of a word are one."""

import re

VOWELS = "аеиоуыэюя"
ENDING = re.compile(
    r"(?:иями|ями|ами|ыми|ими|ией|иям|ием|иях|ого|его|ому|ему|ев|ов|ие|ье|ии|ей|ой|ий|ый|ям|ем|ам|ом|им|ым|ах|ях|ых|их|ию|ью|ия|ья|ее|ое|ые|"
    r"ая|яя|ую|юю|а|е|и|й|о|у|ы|ь|ю|я)$"
)
FLEETING = re.compile(r"(?<=[бвгджзклмнпрстфхцчшщь])[оеь]([кцнлр])$")


def root_of(word: str) -> str:
    """What all forms of a folded word share: «батарейка» and «батареек», «камень» and «камни»."""
    stem = _without_ending(word)
    if len(stem) < 5 and not stem.endswith(("ок", "ек")):
        return stem
    return stem[:-2] + "йк" if stem.endswith(("еек", "аек")) else FLEETING.sub(r"\1", stem)


def _without_ending(word: str) -> str:
    """A noun or adjective without its case ending. Headings have no verbs, so «пенал» and «кровать» are not taken for ones."""
    if not word[-1:].isalpha() or word.isascii():
        return word
    vowel = next((place for place, letter in enumerate(word) if letter in VOWELS), len(word))
    found = ENDING.search(word, vowel + 1)
    stem = (word[: found.start()] if found else word).removesuffix("ь")
    return stem[:-1] if stem.endswith("нн") else stem

"""Numbers and lists as store files write them: with words and thousands signs, and never guessed at."""

import re
from decimal import Decimal
from enum import Enum

from ozon_desktop.domain.import_problems import ImportProblemKind

_NUMBER = re.compile(r"[+-]?(\d{1,24}(\.\d{0,24})?|\.\d{1,24})(e[+-]?\d{1,2})?")
_BLANKS = str.maketrans(dict.fromkeys("\t\r\n\xa0\u2009\u202f\u2007\u200a\u3000'’`", " ") | {"\u2212": "-", "\ufeff": None, "\u200b": None})
_GROUPED = re.compile(r"[+-]?\d{1,3}( \d{3})+([.,]\d*)?")
_MONEY = r"руб(?:\.|лей|ля|ль)?|р\.?|rub|rur|₽|₴|₸|грн\.?|тенге|тг\.?|сом|byn|kzt|uah|usd|eur|cny|\$|€|¥"
_MONEY_AFTER = re.compile(rf"(?<=[\d.,\s])(?:{_MONEY})\s*(?:/\s*шт\.?|за\s+шт(?:уку|\.)?)?$")
_MONEY_BEFORE = re.compile(rf"^(?:{_MONEY})\s*(?=[+-]?\d)")
_KOPECKS = re.compile(r"^([\d ]+)\s*(?:руб(?:\.|лей|ля|ль)?|р\.?)\s*(\d{2})\s*коп(?:\.|еек|ейки|ейка)?$")
_PIECES = re.compile(r"(?<=[\d.,\s])(?:штук[аи]?|шт|pcs|pc|ед)\.?$")
_AT_LEAST = re.compile(r"^(?:>=?|≥|более|больше|свыше|не менее|от)\s*(?=\d)|(?<=\d)\s*(?:\+|и более|и больше)$")
NONE_LEFT = frozenset({"нет", "нет в наличии", "отсутствует", "закончился", "закончилось", "нет на складе", "out of stock"})


class Meaning(Enum):
    """What a number says: of a quantity words like «более 10» and «нет» are certain, a price has money's words."""

    PRICE = "price"
    QUANTITY = "quantity"
    PLAIN = "plain"


def decimal_of(text: str, meaning: Meaning = Meaning.PLAIN) -> Decimal | ImportProblemKind:
    """A number with point or comma, blanks or signs between thousands and the words of its meaning («1 234,50 руб.», «>10»).

    «Больше 10» is 10: never more is promised than there is. AMBIGUOUS_NUMBER for one that can be read in two ways («1,234»), of a price
    «1.234», too; WRONG_NUMBER when it is none.
    """
    bare = " ".join(text.translate(_BLANKS).casefold().split())
    if meaning is Meaning.PRICE:
        kopecks = _KOPECKS.fullmatch(bare)
        bare = ".".join(kopecks.groups()).replace(" ", "") if kopecks else _MONEY_BEFORE.sub("", _MONEY_AFTER.sub("", bare))
    elif meaning is Meaning.QUANTITY:
        if bare in NONE_LEFT:
            return Decimal(0)
        bare = _AT_LEAST.sub("", _PIECES.sub("", bare).strip(), count=1)
    bare = bare.strip()
    if " " in bare:
        sign = bare[:1] if bare[:2] in {"- ", "+ "} else ""
        bare = sign + bare.removeprefix(sign).strip()
        if " " in bare and not _GROUPED.fullmatch(bare):
            return ImportProblemKind.WRONG_NUMBER
        bare = bare.replace(" ", "")
        grouped = True
    else:
        grouped = False
    plain = _with_point(bare, meaning, grouped=grouped)
    if isinstance(plain, ImportProblemKind):
        return plain
    return Decimal(plain) if _NUMBER.fullmatch(plain) else ImportProblemKind.WRONG_NUMBER


def _with_point(bare: str, meaning: Meaning, *, grouped: bool) -> str | ImportProblemKind:
    """The number with a point as its only sign."""
    signs = [sign for sign in bare if sign in ".,"]
    whole, _, rest = bare.lstrip("+-").partition(signs[0]) if signs else (bare, "", "")
    if not signs or (grouped and len(signs) == 1):
        return bare.replace(",", ".")
    if len(set(signs)) == 2:
        # The last one is the decimal one, the other parts thousands.
        thousands = "," if signs[-1] == "." else "."
        before, _, after = bare.rpartition(signs[-1])
        return f"{before.replace(thousands, '')}.{after}" if _in_threes(before, thousands) else ImportProblemKind.WRONG_NUMBER
    if len(signs) > 1:
        return bare.replace(signs[0], "") if _in_threes(bare, signs[0]) else ImportProblemKind.WRONG_NUMBER
    # An exact number has a point; a comma, or a point in money, may part thousands as well.
    doubtful = signs[0] == "," or meaning is Meaning.PRICE
    if doubtful and re.fullmatch(r"[1-9]\d{0,2}", whole) and re.fullmatch(r"\d{3}", rest):
        return ImportProblemKind.AMBIGUOUS_NUMBER
    return bare.replace(",", ".")


def _in_threes(bare: str, thousands: str) -> bool:
    """Whether the signs between thousands stand where they belong."""
    return re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}({re.escape(thousands)}\d{{3}})+", bare) is not None


def split_codes(texts: list[str]) -> tuple[str, ...]:
    """Barcodes out of fields that may hold several (separated by blanks, comma or semicolon), each once, in order."""
    if len(texts) == 1 and texts[0].isalnum():
        return (texts[0],)
    codes = (code for text in texts for code in re.split(r"[\s,;]+", text))
    return tuple(dict.fromkeys(code for code in codes if code))

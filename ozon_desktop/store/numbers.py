"""Numbers and lists as store files write them."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?(\d{1,24}(\.\d{0,24})?|\.\d{1,24})(e[+-]?\d{1,2})?")
_BLANKS = str.maketrans("", "", " \t\r\n\u00a0\u2009\u202f'")


def decimal_of(text: str) -> Decimal | None:
    """A number with point or comma and blanks between thousands («1 234,50», "1,234.50"); None when it is none."""
    bare = text.translate(_BLANKS).replace("−", "-").casefold()
    if "," in bare and "." in bare:
        # Both signs: the last one is the decimal one, the other parts thousands.
        thousands = "," if bare.rindex(".") > bare.rindex(",") else "."
        bare = bare.replace(thousands, "")
    bare = bare.replace(",", ".")
    return Decimal(bare) if _NUMBER.fullmatch(bare) else None


def split_codes(texts: list[str]) -> tuple[str, ...]:
    """Barcodes out of fields that may hold several (separated by blanks, comma or semicolon), each once, in order."""
    codes = (code for text in texts for code in re.split(r"[\s,;]+", text))
    return tuple(dict.fromkeys(code for code in codes if code))

"""How long the text of an additional field may be, and whether it is an address: what an editor can check while one types."""

import re
from urllib.parse import urlsplit

from ozon_desktop.domain.card import NAME_LIMIT
from ozon_desktop.domain.ozon_catalog import ANNOTATION_ATTRIBUTE, MODEL_NAME_ATTRIBUTE, NAME_ATTRIBUTE, Attribute

ANNOTATION_LIMIT = 6000
_KNOWN = {NAME_ATTRIBUTE: NAME_LIMIT, MODEL_NAME_ATTRIBUTE: NAME_LIMIT, ANNOTATION_ATTRIBUTE: ANNOTATION_LIMIT}
# «не более 100 символов», «до 1 000 знаков», «максимальная длина — 255 символов»
_WORDS = re.compile(
    r"(?:не (?:более|больше|длиннее|должн\w+ превышать)|до|максимум|максимальн\w+[^.;]{0,30}?)\D{0,3}(\d[\d \u00a0]*)\s*(?:символ|знак)",
    re.IGNORECASE,
)


def length_limit(attribute: Attribute) -> int:
    """How many characters a value may have: known of the attribute, or stated by Ozon in its description; 0 = nothing is known."""
    if attribute.has_dictionary or attribute.kind not in {"text", "multiline", "url"}:
        return 0
    if attribute.id in _KNOWN:
        return _KNOWN[attribute.id]
    found = _WORDS.search(attribute.description)
    return int(re.sub(r"\D", "", found.group(1))) if found is not None else 0


def is_address(text: str) -> bool:
    """Whether a text is a whole address of the web, as Ozon takes it: http or https, a host with a dot, no blanks."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host.strip(".") and not re.search(r"\s", text)

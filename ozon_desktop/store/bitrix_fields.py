"""What a site on 1С-Битрикс writes among the properties of a product, though it is a field of it, and texts in PHP's own notation."""

import re
from collections.abc import Mapping
from dataclasses import replace

from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.store.numbers import split_codes
from ozon_desktop.store.safe_html import TAG, safe_html

MARK = "CML2_"
"""How the ids of such properties begin."""

ARTICLE, MAKER, BARCODE, PICTURE = "CML2_ARTICLE", "CML2_MANUFACTURER", "CML2_BAR_CODE", "CML2_PREVIEW_PICTURE"
TEXTS = ("CML2_DETAIL_TEXT", "CML2_PREVIEW_TEXT")
"""The long text, and the short one that stands for it."""

FIELDS = frozenset({ARTICLE, MAKER, BARCODE, PICTURE, *TEXTS})
OF_THE_SITE = frozenset({f"{MARK}{name}" for name in ("ACTIVE", "ACTIVE_FROM", "ACTIVE_TO", "CODE", "SORT", "LINK")})
"""How and where the site shows the product: nothing about the product itself."""

_BARCODE = re.compile(r"\d{8}|\d{12,14}")
_PHP_TEXT = re.compile(r'a:\d+:\{s:4:"TEXT";s:\d+:"(.*)";s:4:"TYPE";s:4:"(?:html|text|HTML|TEXT)";\}', re.DOTALL)


def is_field(property_id: str, value: str) -> bool:
    """Whether this property is a field of the product, or only of the site; a barcode with letters is a property like others."""
    return property_id in OF_THE_SITE or (property_id in FIELDS and (property_id != BARCODE or _BARCODE.fullmatch(value) is not None))


def plain_text(value: str) -> str:
    """The text of a property that the site keeps as text with markup; any other value as it is."""
    found = _PHP_TEXT.fullmatch(value)
    if found is None:
        return value
    written = found[1].strip()
    return safe_html(written) if TAG.search(written) else written


def with_fields(product: Product, fields: Mapping[str, str]) -> Product:
    """The product with these fields where it has none of its own. fields: values by the id of the property."""
    description = next((fields[name] for name in TEXTS if name in fields), "")
    picture = fields.get(PICTURE, "")
    filled = replace(
        product,
        offer_id=product.offer_id or " ".join(fields.get(ARTICLE, "").split()),
        vendor=product.vendor or fields.get(MAKER, ""),
        description=product.description or (safe_html(description) if TAG.search(description) else description),
        barcodes=product.barcodes or (split_codes([fields[BARCODE]]) if BARCODE in fields else ()),
        pictures=product.pictures or ((picture,) if picture else ()),
    )
    taken = {name for name in ("offer_id", "vendor", "description", "barcodes", "pictures") if getattr(filled, name)}
    return replace(filled, unsaid=product.unsaid - taken)

"""What the columns of a price list mean: recognised by their headings, or as somebody chose for files with these headings."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from ozon_desktop.domain.store_catalog import fold


class ColumnRole(StrEnum):
    """What a column holds. PROPERTY: a property under the heading's name; NOTHING: it is not read."""

    ARTICLE = "article"
    CODE = "code"
    NAME = "name"
    CATEGORY = "category"
    BARCODE = "barcode"
    PRICE = "price"
    STOCK = "stock"
    VAT = "vat"
    VENDOR = "vendor"
    DESCRIPTION = "description"
    PICTURE = "picture"
    UNIT = "unit"
    PROPERTY = "property"
    NOTHING = "nothing"


HEADINGS: tuple[tuple[re.Pattern[str], ColumnRole], ...] = tuple(
    (re.compile(pattern), role)
    for pattern, role in (
        (r"артикул.*|арт\.?|№ по каталогу|(?:каталожный|парт-?) ?номер|sku|offer ?id|vendor ?code|part ?(?:no|number)", ColumnRole.ARTICLE),
        (r"(?:код|id|ид)(?: (?:товара|номенклатуры|предложения|offer))?|code", ColumnRole.CODE),
        (r"(?:наименование|название)(?! (?:категор|групп|раздел|магазин|склад)).*|номенклатура|товар|name|title|модель", ColumnRole.NAME),
        (r"(?:(?:наименование|название) )?(?:групп|категори|раздел).*|корневая|подкатегория.*|уровень ?\d+", ColumnRole.CATEGORY),
        (r"categor(?:y|ies)(?: ?\d+)?|group", ColumnRole.CATEGORY),
        (r"штрих-?\s?код.*|шк|ean-?\d*|barcode|gtin", ColumnRole.BARCODE),
        (r"(?:.* )?цена(?:[ ,].*)?|стоимость.*|розница|розничная|опт|оптовая|.*,? руб\.?", ColumnRole.PRICE),
        (r"price.*|(?:regular|sale|retail|wholesale) price", ColumnRole.PRICE),
        (r"остат(?:ок|ки)(?:[ ,].*)?|количество.*|кол-?во.*|наличие|в наличии|stock.*|quantity|склад .*", ColumnRole.STOCK),
        (r"ндс.*|ставка ндс.*|vat", ColumnRole.VAT),
        (r"бренд|производитель|торговая марка|изготовитель|марка|vendor|brand|manufacturer", ColumnRole.VENDOR),
        (r"описание.*|description", ColumnRole.DESCRIPTION),
        (r"(?:(?:url|ссылк.|адреса?)(?: на)? )?(?:фото|картинк|изображени).*|picture.*|image.*|photo.*", ColumnRole.PICTURE),
        (r"ед\.?|ед\.? ?изм\.?.*|единица.*|unit", ColumnRole.UNIT),
        (r"№|№ ?п/?п|n|#", ColumnRole.NOTHING),
    )
)
LEVEL = re.compile(r"корневая(?: категория)?|(?:(?:под)?(?:категория|группа|раздел)|category|уровень) ?\d+")
"""Headings of columns that hold one level of the tree of categories each, from the top down."""
MANY = frozenset({ColumnRole.PRICE, ColumnRole.STOCK, ColumnRole.PICTURE, ColumnRole.PROPERTY, ColumnRole.NOTHING, ColumnRole.BARCODE})
SINGLE = frozenset(ColumnRole) - MANY
"""Roles that one column of a list may have: the first one has it, further ones are properties."""
NAMING = frozenset({ColumnRole.ARTICLE, ColumnRole.CODE, ColumnRole.BARCODE})
MOST_ROWS_ABOVE = 30
"""Lines with the shop's name and the like may stand above the headings."""
_BARCODE = re.compile(r"\d{8}|\d{12,14}")


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings of a list: where they stand (from 0), their texts, what they mean."""

    row: int
    headings: tuple[str, ...]
    roles: tuple[ColumnRole, ...]

    @property
    def key(self) -> str:
        """The same for all files with these headings."""
        return layout_key(self.headings)


def layout_key(headings: Sequence[str]) -> str:
    """A short text for lists with these headings."""
    return blake2b("\n".join(fold(heading) for heading in headings).encode(), digest_size=8).hexdigest()


def find_layout(rows: Sequence[Sequence[str]], chosen: Mapping[str, Mapping[str, str]]) -> Layout | None:
    """The headings among the first rows; None when no row looks like headings. chosen: roles by heading, by `layout_key`."""
    best: Layout | None = None
    most = 1
    for number, row in enumerate(rows[:MOST_ROWS_ABOVE]):
        headings = tuple(" ".join(cell.split()) for cell in row)
        remembered = chosen.get(layout_key(headings))
        if remembered is not None:
            roles = [ColumnRole(remembered.get(heading, ColumnRole.PROPERTY)) if heading else ColumnRole.NOTHING for heading in headings]
            return Layout(number, headings, tuple(roles))
        layout = Layout(number, headings, _recognised(headings, rows[number + 1 : number + 50]))
        known = len(set(layout.roles) - {ColumnRole.PROPERTY, ColumnRole.NOTHING})
        if ColumnRole.NAME in layout.roles and known > most:
            best, most = layout, known
    return best


def layout_with(rows: Sequence[Sequence[str]], wanted: Collection[str]) -> Layout | None:
    """The first line in which all these headings stand, whatever the others mean; None when there is none, or nothing is wanted."""
    for number, row in enumerate(rows[:MOST_ROWS_ABOVE] if wanted else ()):
        headings = tuple(" ".join(cell.split()) for cell in row)
        if set(wanted) <= set(headings):
            return Layout(number, headings, _recognised(headings, rows[number + 1 : number + 50]))
    return None


def _recognised(headings: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[ColumnRole, ...]:
    roles: list[ColumnRole] = []
    for column, heading in enumerate(headings):
        role = _role_of(heading)
        if role is ColumnRole.STOCK and _all_words([row[column] for row in below if column < len(row)]):
            # «Наличие: есть» is no number of pieces.
            role = ColumnRole.PROPERTY
        if role is ColumnRole.PROPERTY and _all_barcodes([row[column] for row in below if column < len(row)]):
            role = ColumnRole.BARCODE
        if role in SINGLE and role in roles and not (role is ColumnRole.CATEGORY and _is_level(heading)):
            role = ColumnRole.PROPERTY
        roles.append(role)
    return tuple(roles)


def _is_level(heading: str) -> bool:
    return LEVEL.fullmatch(fold(heading)) is not None


def _role_of(heading: str) -> ColumnRole:
    folded = fold(heading)
    if not folded:
        return ColumnRole.NOTHING
    return next((role for pattern, role in HEADINGS if pattern.fullmatch(folded)), ColumnRole.PROPERTY)


def _all_words(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and not any(sign.isdecimal() for cell in filled for sign in cell)


def _all_barcodes(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_BARCODE.fullmatch(cell) for cell in filled)

"""What the back office exports: catalogue structures, categories, products, price types, prices, warehouses, stock, and its people.

Every store format gives these objects. Ids are the back office's own strings.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from ozon_desktop.domain.import_problems import ImportProblem

DEFAULT_WAREHOUSE_ID = "default"
"""Id of the warehouse that takes a stock for which the export names no warehouse."""


@dataclass(frozen=True, slots=True)
class CatalogStructure:
    """A catalogue structure (CommerceML: classifier).

    `repeated`: an offers file only repeats it, often under another name, so a name known already stays.
    """

    id: str
    name: str
    owner: str = ""
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class StoreCategory:
    """A category of one structure; parent_id None = top level. `position` keeps the order of the export.

    `deleted`: the export says that it is gone.
    """

    id: str
    structure_id: str
    parent_id: str | None
    name: str
    position: int = 0
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class PropertyDefinition:
    """A property of products. value_type as the export names it (Строка, Число, Справочник …)."""

    id: str
    name: str
    value_type: str = ""


@dataclass(frozen=True, slots=True)
class DirectoryValue:
    """What the id of a value means in a property whose values stand in a directory."""

    property_id: str
    id: str
    value: str


HOME_NAME = "Без категории"
_HOME = "без-категории#"


def home_id(structure_id: str) -> str:
    """The category of a catalogue in which the program puts the products that stand in none, so that they can be mapped as well."""
    return _HOME + structure_id


def without_home(category_ids: Iterable[str]) -> tuple[str, ...]:
    """The categories the store named."""
    return tuple(category_id for category_id in category_ids if not category_id.startswith(_HOME))


def with_home(category_ids: Iterable[str], structure_id: str, known: Container[str]) -> tuple[str, ...]:
    """The categories the store named, and the home of its catalogue when none of them is known."""
    named = without_home(category_ids)
    return named if any(category_id in known for category_id in named) else (*named, home_id(structure_id))


@dataclass(frozen=True, slots=True)
class Product:
    """A product, or one characteristic (size, colour) of a product, in which case parent_id names the product.

    `offer_id` is the article, `code` the back office's own number of it. Products with one `group_id` are sizes and colours of one model,
    `model` is the name they share on Ozon. `properties` are (name, value) pairs with directory values resolved. `has_card` is False for one
    seen only in an offers file so far. `unsaid`: names of fields that an export of changes does not speak of; what is known of them stays.
    """

    id: str
    offer_id: str
    name: str
    structure_id: str = ""
    parent_id: str | None = None
    category_ids: tuple[str, ...] = ()
    description: str = ""
    barcodes: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    vat: str | None = None
    vendor: str = ""
    unit: str = ""
    properties: tuple[tuple[str, str], ...] = ()
    deleted: bool = False
    has_card: bool = True
    code: str = ""
    group_id: str = ""
    model: str = ""
    unsaid: frozenset[str] = frozenset()

    def property_value(self, name: str) -> str | None:
        """The value of the property called `name` (ignoring case and ё/е), or None."""
        wanted = fold(name)
        return next((value for key, value in self.properties if fold(key) == wanted), None)


@dataclass(frozen=True, slots=True)
class PriceType:
    """A price type; currency as an ISO code."""

    id: str
    name: str
    currency: str = "RUB"


@dataclass(frozen=True, slots=True)
class Price:
    product_id: str
    price_type_id: str
    value: Decimal
    currency: str = "RUB"


@dataclass(frozen=True, slots=True)
class StoreWarehouse:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Stock:
    """Quantity of one product on one store warehouse, in the product's unit."""

    product_id: str
    warehouse_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Organization:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Employee:
    """An employee who can be responsible for orders."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class OrderDirection:
    """An order direction (sales channel)."""

    id: str
    name: str


ReferenceKind = Literal["organization", "employee", "direction"]
"""Reference lists that may be edited in the program, since exports often lack them."""


@dataclass(frozen=True, slots=True)
class ExportScope:
    """How much an export speaks of. part: "catalog" or "offers"; full = an absent product is gone from the store.

    portion: other parts of it are not here, so nothing is gone by it; of each product that is here a full one tells all the same.
    """

    part: str
    full: bool
    structure_id: str = ""
    portion: bool = False


@dataclass(frozen=True, slots=True)
class ReadElement:
    """The element of an export that the records before this one were read from: the product it speaks of, and nothing else.

    print: of its bytes. context: of everything else its reading depends on.
    """

    product_id: str
    print: bytes
    context: bytes


@dataclass(frozen=True, slots=True)
class KnownElement:
    """An element that was imported before; in the stream of records: one that still says the same, so that nothing has to change.

    prices, stocks: how many it holds. pictured: whether it has pictures. seen: the number of the import that last mentioned it.
    """

    product_id: str
    print: bytes
    context: bytes
    prices: int
    stocks: int
    pictured: bool
    seen: int


StoreRecord = (
    CatalogStructure
    | StoreCategory
    | PropertyDefinition
    | Product
    | PriceType
    | Price
    | StoreWarehouse
    | Stock
    | Organization
    | Employee
    | OrderDirection
    | ExportScope
    | DirectoryValue
    | ImportProblem
    | ReadElement
    | KnownElement
)
"""One thing read from an export; a source gives a stream of them in the order of the file."""


DESCRIBED = "#~"
"""Parts the id of a product from the characteristics of a variant that has no id of its own."""


def described_id(product_id: str, characteristics: Iterable[tuple[str, str]]) -> str:
    """The id of a variant that the store tells from its sisters by (name, value) pairs alone; their order does not count."""
    return f"{product_id}{DESCRIBED}{';'.join(f'{name}={value}' for name, value in sorted(characteristics) if value)}"


def described_by(variant_id: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The store's own id of a product or variant, and the characteristics where they are a part of the id made by `described_id`."""
    product_id, mark, written = variant_id.partition(DESCRIBED)
    if not mark:
        return variant_id, ()
    pairs = (pair.partition("=") for pair in written.split(";"))
    return product_id, tuple((name, value) for name, _, value in pairs if value)


def fold(text: str) -> str:
    """Text for comparing names: case, ё/е, underscores and surplus blanks do not count."""
    return " ".join(text.casefold().replace("ё", "е").replace("_", " ").split())


def merge_variant(parent: Product, variant: Product) -> Product:
    """A characteristic with what it inherits from its product: category, description, pictures, properties, VAT.

    The variant's own values win; its properties come first.
    """
    own = {fold(name) for name, _ in variant.properties}
    inherited = tuple(pair for pair in parent.properties if fold(pair[0]) not in own)
    return replace(
        variant,
        offer_id=variant.offer_id or parent.offer_id,
        name=variant.name or parent.name,
        structure_id=parent.structure_id,
        category_ids=parent.category_ids,
        description=variant.description or parent.description,
        barcodes=variant.barcodes or parent.barcodes,
        pictures=variant.pictures or parent.pictures,
        vat=variant.vat or parent.vat,
        vendor=variant.vendor or parent.vendor,
        unit=variant.unit or parent.unit,
        properties=variant.properties + inherited,
        deleted=variant.deleted or parent.deleted,
        has_card=parent.has_card,
        code=variant.code or parent.code,
        group_id=variant.group_id or parent.group_id,
        model=parent.model or parent.name or variant.model,
    )


def category_paths(categories: tuple[StoreCategory, ...]) -> dict[str, tuple[str, ...]]:
    """Names from the top level down to each category, by category id. A broken parent link ends the path."""
    by_id = {category.id: category for category in categories}
    paths: dict[str, tuple[str, ...]] = {}

    def path(category: StoreCategory, seen: frozenset[str]) -> tuple[str, ...]:
        if category.id not in paths:
            parent = by_id.get(category.parent_id or "")
            above = path(parent, seen | {category.id}) if parent is not None and parent.id not in seen else ()
            paths[category.id] = (*above, category.name)
        return paths[category.id]

    for category in categories:
        path(category, frozenset({category.id}))
    return paths


def with_descendants(categories: Iterable[StoreCategory], category_id: str) -> set[str]:
    """Ids of a category and of all categories below it; an export may have a circle of parents."""
    children: dict[str | None, list[str]] = {}
    for category in categories:
        children.setdefault(category.parent_id, []).append(category.id)
    found: set[str] = set()
    pending = [category_id]
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            pending.extend(children.get(current, ()))
    return found


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """How many records of each kind the export held, each product once; deleted: products it made vanish from the store.

    vanished: products a full export did not mention, of the `before` there were, 0 when none vanished; others were deleted by name.
    variants: sizes and colours among the products; without_…: those that can be sold but for that, in the whole store. problems: values
    and offers left out, `lines` tells of the first of them and of what was only remarked.
    """

    structures: int = 0
    categories: int = 0
    properties: int = 0
    products: int = 0
    prices: int = 0
    price_types: int = 0
    warehouses: int = 0
    stocks: int = 0
    organizations: int = 0
    employees: int = 0
    directions: int = 0
    deleted: int = 0
    vanished: int = 0
    before: int = 0
    variants: int = 0
    without_price: int = 0
    without_stock: int = 0
    without_article: int = 0
    without_category: int = 0
    problems: int = 0
    lines: tuple[ImportProblem, ...] = ()
    missing: tuple[str, ...] = ()

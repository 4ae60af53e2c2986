"""Goods as they are gathered: rows spooled to the folder of the pull, and the little that has to be known of all of them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ozon_desktop.backoffice.moysklad.api import LIGHT_ASSORTMENT, Api
from ozon_desktop.backoffice.moysklad.cursor import Parts
from ozon_desktop.backoffice.moysklad.goods import Goods, Words, bad_row_records, definitions
from ozon_desktop.backoffice.moysklad.models import BadRow, GoodRow
from ozon_desktop.backoffice.moysklad.paging import ALL, LONGEST_EXPANDED, Listing, Rows, count, pages
from ozon_desktop.backoffice.moysklad.spool import Spool
from ozon_desktop.domain.models import without_brackets
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.store_catalog import PropertyDefinition, StoreRecord
from ozon_desktop.errors import BackOfficeRefused, BackOfficeRightMissing

SUBJECTS = {"product": "товары", "variant": "модификации", "bundle": "комплекты", "assortment": "товары"}
KINDS = "type=product;type=variant;type=bundle"
PERMANENT = "downloadPermanentHref"
SERVICE = "service"


class Harvest:
    """The goods of one pull. pictures: links to them are asked for; False once the service has none to give (a tariff without)."""

    def __init__(self, api: Api, folder: Path, progress: Progress, *, pictures: bool) -> None:
        self._api = api
        self._progress = progress
        self.pictures = pictures
        self.spools = {kind: Spool(folder / f"{kind}.rows", GoodRow) for kind in ("product", "variant", "bundle", "assortment")}
        self._links = {kind: Spool(folder / f"{kind}.pictures", tuple[str, tuple[str, ...]]) for kind in self.spools}
        self.known: dict[str, None] = {}
        self.parents: dict[str, str] = {}
        self.bundles: dict[str, Parts] = {}
        self.units: set[str] = set()
        self.definitions: dict[str, PropertyDefinition] = {}
        self.bad: list[BadRow] = []
        self._pictured: dict[str, list[str]] = {"product": [], "variant": []}
        self._sizes: dict[str, int] = {}

    @property
    def count(self) -> int:
        """How many goods there are, archived ones among them."""
        return len(self.known)

    async def everything(self) -> None:
        """All products, variants and bundles. BackOfficeError."""
        for kind in ("product", "variant"):
            await self._gather(Listing(SUBJECTS[kind], f"entity/{kind}", GoodRow, {"filter": ALL}), kind)
        await self._gather(self._expanded("bundle", ALL), "bundle")

    async def pictures_of_all(self) -> None:
        """Links to the pictures of products and variants that have some. BackOfficeError."""
        for kind, ids in self._pictured.items():
            for start in range(0, len(ids), LONGEST_EXPANDED):
                if self.pictures:
                    await self._pictures_of(kind, ids[start : start + LONGEST_EXPANDED])

    async def changed_since(self, since: str) -> None:
        """Goods changed since then, a page that is expanded at a time. BackOfficeError."""
        await self._gather(self._expanded("assortment", f"{KINDS};{ALL};updated>={since}"), "assortment")

    async def total(self) -> int:
        """How many goods the service counts now. BackOfficeError."""
        return await count(self._api, self._listing("assortment", {"filter": f"{KINDS};{ALL}"}, LONGEST_EXPANDED))

    # --- reading ----------------------------------------------------------------------------------------------------

    def _expanded(self, kind: str, conditions: str) -> Listing[GoodRow]:
        """With parts of bundles and, if they are to be had, links to pictures."""
        expand = "components,images" if self.pictures else "components"
        query = {"filter": conditions, "expand": expand} | ({"fields": PERMANENT} if self.pictures else {})
        return self._listing(kind, query, LONGEST_EXPANDED)

    @staticmethod
    def _listing(kind: str, query: Mapping[str, str], limit: int) -> Listing[GoodRow]:
        return Listing(SUBJECTS[kind], f"entity/{kind}", GoodRow, query, limit, LIGHT_ASSORTMENT if kind == "assortment" else None)

    async def _gather(self, listing: Listing[GoodRow], kind: str) -> None:
        try:
            async for rows in pages(self._api, listing):
                self._take(rows, kind)
        except (BackOfficeRefused, BackOfficeRightMissing):
            if "fields" not in listing.query or self.spools[kind].count:
                raise
            # Links to pictures are a matter of the tariff.
            self.pictures = False
            conditions = listing.query["filter"]
            await self._gather(self._expanded(kind, conditions), kind)

    def _take(self, rows: Rows[GoodRow], kind: str) -> None:
        self.spools[kind].add(rows.good)
        self.bad += rows.bad
        definitions(rows.good, self.definitions)
        for row in rows.good:
            self._note(row)
        self.known |= dict.fromkeys(bad.id for bad in rows.bad if bad.id)
        self._sizes[kind] = rows.size
        done = sum(spool.count for spool in self.spools.values())
        self._progress(ProgressUpdate(Stage.READING_FILE, done, max(done, sum(self._sizes.values())), SUBJECTS[kind]))

    def _note(self, row: GoodRow) -> None:
        kind = row.meta.type
        self.known[row.id] = None
        if row.product is not None and not row.archived:
            self.parents[row.product.id] = without_brackets(row.name or "")
        if row.uom is not None:
            self.units.add(row.uom.id)
        if kind == "bundle":
            self.bundles[row.id] = _parts(row)
        elif kind in self._pictured and row.images is not None and row.images.meta.size and row.images.rows is None:
            self._pictured[kind].append(row.id)

    async def _pictures_of(self, kind: str, ids: list[str]) -> None:
        query = {
            "filter": ";".join([ALL, *(f"id={id_}" for id_ in ids)]),
            "expand": "images",
            "fields": PERMANENT,
        }
        listing = Listing("картинки", f"entity/{kind}", GoodRow, query, LONGEST_EXPANDED)
        found: dict[str, tuple[str, ...]] = {}
        try:
            async for rows in pages(self._api, listing):
                found |= {row.id: picture_links(row) for row in rows.good}
        except (BackOfficeRefused, BackOfficeRightMissing):
            self.pictures = False
            return
        if not any(found.values()) and not self._links[kind].count:
            # The tariff gives none: asking for the others would only cost requests.
            self.pictures = False
            return
        self._links[kind].add((id_, found.get(id_, ())) for id_ in ids)

    # --- giving -----------------------------------------------------------------------------------------------------

    def records(self, words: Words, *, changes: bool) -> Iterator[StoreRecord]:
        """Definitions, problems, and all goods in the order they came."""
        yield from self.definitions.values()
        for bad in self.bad:
            yield from bad_row_records(bad)
        goods = Goods(words, pictures=self.pictures, changes=changes)
        for kind, spool in self.spools.items():
            links = self._links[kind].read() if self.pictures else iter(())
            waiting = next(links, None)
            for row in spool.read():
                pictures = picture_links(row)
                if waiting is not None and waiting[0] == row.id:
                    pictures, waiting = waiting[1], next(links, None)
                yield from goods.records(row, pictures)


def picture_links(row: GoodRow) -> tuple[str, ...]:
    """Lasting links that anybody can open, in the order of the pictures."""
    rows = row.images.rows if row.images is not None and row.images.rows is not None else []
    return tuple(dict.fromkeys(link for image in rows if (link := image.meta.download_permanent_href)))


def _parts(row: GoodRow) -> Parts:
    """What of the bundle lies in a store: services do not."""
    found = row.components.rows if row.components is not None and row.components.rows is not None else []
    return tuple((part.assortment.id, float(part.quantity or 0)) for part in found if part.assortment.meta.type != SERVICE)


def all_parts(bundles: Mapping[str, Parts], ids: Iterable[str]) -> set[str]:
    """The goods these bundles consist of."""
    return {part for id_ in ids for part, _ in bundles.get(id_, ())}

"""Products made in МойСклад of cards that exist only on Ozon: each once by its creation id, in folders made where they are missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ozon_desktop.backoffice.moysklad.api import LIGHT_ASSORTMENT, Api
from ozon_desktop.backoffice.moysklad.goods import barcodes
from ozon_desktop.backoffice.moysklad.lists import named, price_types, together
from ozon_desktop.backoffice.moysklad.models import AttributeField, MadeRow, NamedRow, StandingRow, is_uuid, read_as
from ozon_desktop.backoffice.moysklad.paging import ALL, Listing, every
from ozon_desktop.backoffice.moysklad.product_values import barcode, field_values, kopecks, vat
from ozon_desktop.domain.new_products import MadeProduct, NewProduct, NotMade, Taken, folder_creation_id
from ozon_desktop.domain.pricing import iso_currency
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.errors import (
    BackOfficeAnswerUnreadable,
    BackOfficeFailed,
    BackOfficeRefused,
    BackOfficeRightMissing,
    BackOfficeUnreachable,
)

SUBJECT, FOLDER, FIELDS = "новый товар", "группа товаров", "поля товаров"
FOUND_AT_ONCE = 40
"""Ids, articles and barcodes of a search fit into an address."""
LONGEST_SEARCH = 4_000
"""Signs of one filter before they are written for an address, where a Russian one takes six."""
UNCLEAR = (BackOfficeUnreachable, BackOfficeFailed, BackOfficeAnswerUnreadable)
"""Errors after which a product may be there."""
PIECE = "шт"
LONGEST_FOLDER = 255


@dataclass(slots=True)
class _Shop:
    """What products refer to, as it was when the making began. folders: living ones by id; currencies: ids by ISO code."""

    price_types: list[str]
    currencies: Mapping[str, str]
    folders: dict[str, NamedRow]
    fields: Mapping[str, AttributeField]
    piece: str = ""
    made_folders: dict[tuple[str, ...], str] = field(default_factory=dict)


class Products:
    """The maker of products over one login; see `ProductMaker`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def made(self, creation_ids: Sequence[str]) -> Mapping[str, MadeProduct]:
        """Archived ones too: what a person put there is not made again."""
        return {row.sync_id: _made(row) for row in await self._with_sync_ids(creation_ids) if row.sync_id}

    async def _with_sync_ids(self, creation_ids: Sequence[str]) -> list[MadeRow]:
        found: list[MadeRow] = []
        for start in range(0, len(creation_ids), FOUND_AT_ONCE):
            conditions = [ALL, *(f"syncId={id_}" for id_ in creation_ids[start : start + FOUND_AT_ONCE])]
            found += await every(self._api, Listing(SUBJECT, "entity/product", MadeRow, {"filter": ";".join(conditions)}))
        return found

    async def making(self) -> "Making":
        """See `ProductMaker`. Without the right to see units, currencies or own fields products are made without them."""
        types, currencies, units, folders, fields = await together(
            price_types(self._api), named(self._api, "currency"), named(self._api, "uom"), named(self._api, "productfolder"), self._fields()
        )
        shop = _Shop(
            [row.id for row in types],
            {iso_currency(row.iso_code or row.name or ""): row.id for row in currencies},
            {row.id: row for row in folders},
            {fold(row.name or ""): row for row in fields},
            next((row.id for row in units if fold(row.name or "") == PIECE), ""),
        )
        return Making(self._api, self, shop)

    async def _fields(self) -> list[AttributeField]:
        try:
            return await every(self._api, Listing(FIELDS, "entity/product/metadata/attributes", AttributeField, {}))
        except BackOfficeRightMissing:
            return []


class Making:
    """See `ProductMaking`."""

    def __init__(self, api: Api, products: Products, shop: _Shop) -> None:
        self._api = api
        self._products = products
        self._shop = shop

    # --- what is there already --------------------------------------------------------------------------------------

    async def taken(self, products: Sequence[NewProduct]) -> Mapping[str, Taken]:
        """Asks of products and variants by article, of all goods by barcode; archived ones too."""
        found: dict[str, Taken] = {}
        own = {product.creation_id for product in products}
        by_article = {fold(product.offer_id): product.offer_id for product in products}
        for kind in ("product", "variant"):
            for row in await self._searched(f"entity/{kind}", "article", [product.offer_id for product in products]):
                offer_id = by_article.get(fold(row.article or ""))
                if offer_id is not None and row.sync_id not in own:
                    reason = NotMade.GONE if row.archived else NotMade.ARTICLE
                    found.setdefault(offer_id, Taken(reason, row.name or ""))
        by_code = {code: product.offer_id for product in products for code in product.barcodes}
        for row in await self._searched("entity/assortment", "barcode", list(by_code)):
            for code in barcodes(row.barcodes or ()):
                if code in by_code and row.sync_id not in own and not row.archived:
                    found.setdefault(by_code[code], Taken(NotMade.BARCODE, row.name or ""))
        return found

    async def _searched(self, path: str, name: str, values: Sequence[str]) -> list[StandingRow]:
        headers = LIGHT_ASSORTMENT if path.endswith("assortment") else None
        found: list[StandingRow] = []
        for conditions in _searches(name, values):
            query = {"filter": ";".join([ALL, *conditions])}
            found += await every(self._api, Listing("товары", path, StandingRow, query, headers=headers))
        return found

    # --- making -----------------------------------------------------------------------------------------------------

    async def make(self, product: NewProduct) -> MadeProduct:
        """An answer that was lost is looked up, never asked for again blindly."""
        body = self._body(product) | await self._place(product)
        try:
            answer = await self._api.send(SUBJECT, "POST", "entity/product", body)
        except UNCLEAR:
            if (known := (await self._products.made([product.creation_id])).get(product.creation_id)) is None:
                raise
            return known
        return _made(read_as(SUBJECT, answer, MadeRow))

    def _body(self, product: NewProduct) -> dict[str, object]:
        body: dict[str, object] = {
            "syncId": product.creation_id,
            "externalCode": product.creation_id,
            "name": product.name,
            "article": product.offer_id,
        }
        if product.description:
            body["description"] = product.description
        if product.barcodes:
            body["barcodes"] = [barcode(code) for code in product.barcodes]
        if product.weight:
            body["weight"] = product.weight / 1000
        if self._shop.piece:
            body["uom"] = self._link("uom", self._shop.piece)
        values = list(field_values(product.properties, self._shop.fields))
        if values:
            body["attributes"] = [{"meta": self._field_meta(id_), "value": value} for id_, value in values]
        return body | (vat(product.vat) if product.vat is not None else {}) | self._price(product)

    def _price(self, product: NewProduct) -> dict[str, object]:
        """BackOfficeRefused where the account does not know the price type or the currency."""
        if product.price is None or product.price_type_id is None:
            return {}
        if product.price_type_id not in self._shop.price_types:
            raise BackOfficeRefused(SUBJECT, detail="типа цены из настроек кабинета в МоёмСкладе нет")
        currency = self._shop.currencies.get(iso_currency(product.currency))
        if currency is None and self._shop.currencies:
            raise BackOfficeRefused(SUBJECT, detail=f"в МоёмСкладе нет валюты {product.currency}")
        href = self._api.href(f"context/companysettings/pricetype/{product.price_type_id}")
        type_link = {"meta": {"href": href, "type": "pricetype", "mediaType": "application/json"}}
        price: dict[str, object] = {"value": kopecks(product.price), "priceType": type_link}
        return {"salePrices": [price | ({"currency": self._link("currency", currency)} if currency else {})]}

    # --- folders ----------------------------------------------------------------------------------------------------

    async def _place(self, product: NewProduct) -> dict[str, object]:
        if product.folder_id is not None:
            if not is_uuid(product.folder_id) or product.folder_id not in self._shop.folders:
                raise BackOfficeRefused(FOLDER, detail="группы из соответствий в МоёмСкладе больше нет: загрузите магазин заново")
            return {"productFolder": self._link("productfolder", product.folder_id)}
        folder_id = ""
        for depth in range(1, len(product.folder) + 1):
            folder_id = await self._folder(product.folder[:depth], folder_id)
        return {"productFolder": self._link("productfolder", folder_id)} if folder_id else {}

    async def _folder(self, path: tuple[str, ...], parent_id: str) -> str:
        """The one of this name there, or a new one; `parent_id` where ours lies in the archive, which is a person's choice."""
        known = self._shop.made_folders.get(path) or self._standing(path[-1], parent_id)
        if known is None:
            known = await self._new_folder(path, parent_id)
        self._shop.made_folders[path] = known
        return known

    def _standing(self, name: str, parent_id: str) -> str | None:
        def is_it(row: NamedRow) -> bool:
            above = row.product_folder.id if row.product_folder is not None else ""
            return above == parent_id and fold(row.name or "") == fold(name)

        return next((row.id for row in self._shop.folders.values() if is_it(row)), None)

    async def _new_folder(self, path: tuple[str, ...], parent_id: str) -> str:
        own = folder_creation_id(path)
        if (standing := await self._own_folder(own)) is not None:
            return parent_id if standing.archived else standing.id
        body: dict[str, object] = {"name": path[-1][:LONGEST_FOLDER], "syncId": own, "externalCode": own}
        if parent_id:
            body["productFolder"] = self._link("productfolder", parent_id)
        try:
            answer = await self._api.send(FOLDER, "POST", "entity/productfolder", body)
        except UNCLEAR:
            if (standing := await self._own_folder(own)) is None:
                raise
            return standing.id
        row = read_as(FOLDER, answer, NamedRow)
        self._shop.folders[row.id] = row
        return row.id

    async def _own_folder(self, creation_id: str) -> NamedRow | None:
        query = {"filter": f"{ALL};syncId={creation_id}"}
        return next(iter(await every(self._api, Listing(FOLDER, "entity/productfolder", NamedRow, query))), None)

    def _link(self, kind: str, id_: str) -> dict[str, object]:
        return {"meta": {"href": self._api.href(f"entity/{kind}/{id_}"), "type": kind, "mediaType": "application/json"}}

    def _field_meta(self, id_: str) -> dict[str, object]:
        href = self._api.href(f"entity/product/metadata/attributes/{id_}")
        return {"href": href, "type": "attributemetadata", "mediaType": "application/json"}


def _searches(name: str, values: Iterable[str]) -> Iterable[list[str]]:
    """Conditions in lists that fit into an address each."""
    batch: list[str] = []
    size = 0
    for value in values:
        condition = f"{name}={_escaped(value)}"
        length = sum(1 if sign.isascii() else 6 for sign in condition)
        if batch and (len(batch) == FOUND_AT_ONCE or size + length > LONGEST_SEARCH):
            yield batch
            batch, size = [], 0
        batch.append(condition)
        size += length
    if batch:
        yield batch


def _escaped(value: str) -> str:
    return value.replace(";", "\\;")


def _made(row: MadeRow) -> MadeProduct:
    return MadeProduct(row.id, row.code or "")

"""How rows are answered: links as `meta`, empty fields left out."""

from collections.abc import Mapping

from .filters import PERMANENT
from .memory import Memory
from .model import AttributeField, CustomerOrder, Good, Json, Named, Position, moment_text

REFERENCES: Mapping[str, str] = {
    "organization": "organization", "agent": "counterparty", "store": "store", "salesChannel": "saleschannel", "owner": "employee",
}  # fmt: skip
STATES = "customerorder/metadata/states"


class Bodies:
    """base: the address the stand-in is reached by, up to the version."""

    def __init__(self, memory: Memory, base: str) -> None:
        self._memory = memory
        self.base = base

    def meta(self, kind: str, id_: str, path: str = "") -> Json:
        """A link. path: where it is, if not in the list of its kind."""
        href = f"{self.base}/entity/{path or kind}/{id_}"
        found = {"href": href, "type": kind, "mediaType": "application/json"}
        if not path:
            found["metadataHref"] = f"{self.base}/entity/{kind}/metadata"
        return found

    def link(self, kind: str, id_: str, path: str = "") -> Json:
        return {"meta": self.meta(kind, id_, path)}

    def listed(self, kind: str, path: str, size: int, limit: int, offset: int) -> Json:
        """The `meta` of a list, without the links to its neighbours."""
        href = f"{self.base}/{path}"
        return {"href": href, "type": kind, "mediaType": "application/json", "size": size, "limit": limit, "offset": offset}

    @property
    def context(self) -> Json:
        employee = {"href": f"{self.base}/context/employee", "type": "employee", "mediaType": "application/json"}
        return {"employee": {"meta": employee}}

    # --- lists ------------------------------------------------------------------------------------------------------

    def named(self, kind: str, row: Named) -> Json:
        body: Json = {
            "meta": self.meta(kind, row.id),
            "id": row.id,
            "accountId": self._memory.account_id,
            "name": row.name,
            "externalCode": row.external_code or row.id,
            "updated": moment_text(row.updated),
        }
        if kind not in {"currency", "uom"}:
            body |= {"shared": True, "archived": row.archived, "group": self.link("group", self._memory.group_id)}
        elif kind == "currency":
            body = {"meta": body["meta"], "id": row.id, "name": row.name, "archived": row.archived}
        if row.sync_id:
            body["syncId"] = row.sync_id
        if kind == "productfolder":
            body["pathName"] = self._memory.folder_path(row.parent_id)
            if row.parent_id:
                body["productFolder"] = self.link("productfolder", row.parent_id)
        return body | row.extra

    def attribute_field(self, field: AttributeField) -> Json:
        return {
            "meta": self.meta("attributemetadata", field.id, "product/metadata/attributes"),
            "id": field.id,
            "name": field.name,
            "type": field.type,
            "required": False,
        }

    # --- goods ------------------------------------------------------------------------------------------------------

    def good(self, good: Good, expand: frozenset[str] = frozenset()) -> Json:
        body: Json = {
            "meta": self.meta(good.kind, good.id),
            "id": good.id,
            "accountId": self._memory.account_id,
            "name": good.name,
            "code": good.code,
            "externalCode": good.external_code or good.id,
            "archived": good.archived,
            "discountProhibited": False,
            "updated": moment_text(good.updated),
            "images": self._images(good, expand),
        }
        if good.kind == "variant":
            body |= self._variant(good, expand)
        else:
            body |= self._card(good)
        if good.kind == "bundle":
            body["components"] = self._components(good, expanded="components" in expand)
        if good.prices:
            body["salePrices"] = [self._price(good, type_id, value) for type_id, value in good.prices.items()]
        if good.min_price:
            body["minPrice"] = {"value": good.min_price, "currency": self.link("currency", good.currency_id)}
        for name, value in (("article", good.article), ("description", good.description), ("barcodes", good.barcodes)):
            if value:
                body[name] = value
        return body | (good.broken or {})

    def _images(self, good: Good, expand: frozenset[str]) -> Json:
        path = f"{good.kind}/{good.id}/images"
        body: Json = {"meta": self.listed("image", f"entity/{path}", good.images, 1000, 0)}
        if "images" in expand:
            body["rows"] = [self._image(good, number, path, lasting=PERMANENT in expand) for number in range(good.images)]
        return body

    def _image(self, good: Good, number: int, path: str, *, lasting: bool) -> Json:
        own = self._memory.image_id(good.id, number)
        meta = self.meta("image", own, path) | {"downloadHref": f"{self.base}/download/{own}"}
        if lasting:
            meta["downloadPermanentHref"] = self._memory.picture_link(good.id, number)
        return {
            "meta": meta,
            "title": f"{number + 1}",
            "filename": f"{number + 1}.png",
            "size": 14052,
            "updated": moment_text(good.updated),
        }

    def _card(self, good: Good) -> Json:
        vat = good.vat or 0
        body: Json = {
            "shared": True,
            "group": self.link("group", self._memory.group_id),
            "pathName": self._memory.folder_path(good.folder_id),
            "useParentVat": False,
            "vat": vat,
            "vatEnabled": good.vat is not None,
            "effectiveVat": vat,
            "effectiveVatEnabled": good.vat is not None,
            "weight": good.weight,
            "volume": good.volume,
            "trackingType": "NOT_TRACKED",
            "paymentItemType": "GOOD",
        }
        if good.kind == "product":
            body["variantsCount"] = self._memory.count_variants(good.id)
        if good.sync_id:
            body["syncId"] = good.sync_id
        if good.folder_id:
            body["productFolder"] = self.link("productfolder", good.folder_id)
        if good.uom_id:
            body["uom"] = self.link("uom", good.uom_id)
        if good.attributes:
            body["attributes"] = [self._attribute(id_, value) for id_, value in good.attributes.items()]
        return body

    def _variant(self, good: Good, expand: frozenset[str]) -> Json:
        parent = self._memory.goods[good.product_id]
        path = "variant/metadata/characteristics"
        named = [
            {"meta": self.meta("attributemetadata", self._memory.characteristic_id(name), path), "id": self._memory.characteristic_id(name)}
            | {"name": name, "value": value}
            for name, value in good.characteristics
        ]
        return {"characteristics": named, "product": self.good(parent) if "product" in expand else self.link("product", parent.id)}

    def _components(self, good: Good, *, expanded: bool) -> Json:
        meta = self.listed("bundlecomponent", f"entity/bundle/{good.id}/components", len(good.components), 1000, 0)
        return {"meta": meta, "rows": self.components(good)} if expanded else {"meta": meta}

    def components(self, good: Good) -> list[Json]:
        rows = []
        for number, (id_, quantity) in enumerate(good.components):
            own = self._memory.component_id(good.id, number)
            meta = self.meta("bundlecomponent", own, f"bundle/{good.id}/components")
            kind = self._memory.goods[id_].kind
            rows.append({"meta": meta, "id": own, "assortment": self.link(kind, id_), "quantity": quantity})
        return rows

    def _price(self, good: Good, type_id: str, value: float) -> Json:
        return {"value": value, "currency": self.link("currency", good.currency_id), "priceType": self.price_type(type_id)}

    def price_type(self, type_id: str) -> Json:
        href = f"{self.base}/context/companysettings/pricetype/{type_id}"
        meta = {"href": href, "type": "pricetype", "mediaType": "application/json"}
        return {"meta": meta, "id": type_id, "name": self._memory.price_types[type_id], "externalCode": type_id}

    def _attribute(self, id_: str, value: object) -> Json:
        field = self._memory.attributes[id_]
        if field.type == "customentity":
            value = {"meta": self.meta("customentity", id_, "customentity"), "name": value}
        meta = self.meta("attributemetadata", id_, "product/metadata/attributes")
        return {"meta": meta, "id": id_, "name": field.name, "type": field.type, "value": value}

    # --- orders -----------------------------------------------------------------------------------------------------

    def order(self, order: CustomerOrder, expand: frozenset[str] = frozenset()) -> Json:
        body: Json = {
            "meta": self.meta("customerorder", order.id),
            "id": order.id,
            "accountId": self._memory.account_id,
            "name": order.name,
            "externalCode": order.external_code,
            "created": moment_text(order.created),
            "updated": moment_text(order.updated),
            "moment": moment_text(order.moment, minutes=True),
            "applicable": order.applicable,
            "shared": False,
            "group": self.link("group", self._memory.group_id),
            "printed": False,
            "published": False,
            "vatEnabled": True,
            "vatIncluded": True,
            "rate": {"currency": self.link("currency", order.currency_id)},
            "sum": order.sum,
            "payedSum": 0.0,
            "shippedSum": order.shipped_sum,
            "reservedSum": order.reserved_sum,
            "invoicedSum": 0.0,
            "positions": self._positions(order, expanded="positions" in expand),
        }
        for name, kind in REFERENCES.items():
            if name in order.references:
                body[name] = self.link(kind, order.references[name])
        if "state" in order.references:
            body["state"] = self.link("state", order.references["state"], STATES)
        if order.delivery is not None:
            body["deliveryPlannedMoment"] = moment_text(order.delivery, minutes=True)
        if order.trashed is not None:
            body["deleted"] = moment_text(order.trashed)
        if order.demands:
            body["demands"] = [self.link("demand", id_) for id_ in order.demands]
        named = {"description": order.description, "syncId": order.sync_id}
        return body | {name: value for name, value in named.items() if value}

    def _positions(self, order: CustomerOrder, *, expanded: bool) -> Json:
        path = f"entity/customerorder/{order.id}/positions"
        meta = self.listed("customerorderposition", path, len(order.positions), 1000, 0)
        return {"meta": meta, "rows": [self.position(order, line) for line in order.positions]} if expanded else {"meta": meta}

    def position(self, order: CustomerOrder, line: Position) -> Json:
        return {
            "meta": self.meta("customerorderposition", line.id, f"customerorder/{order.id}/positions"),
            "id": line.id,
            "accountId": self._memory.account_id,
            "quantity": float(line.quantity),
            "price": line.price,
            "discount": line.discount,
            "vat": line.vat,
            "vatEnabled": line.vat_enabled,
            "assortment": self.link(self._memory.goods[line.good_id].kind, line.good_id),
            "shipped": float(line.shipped),
            "reserve": float(line.reserve),
        }

    def state(self, id_: str, name: str) -> Json:
        kind = {"Доставлен": "Successful", "Возврат": "Unsuccessful", "Отменен": "Unsuccessful"}.get(name, "Regular")
        meta = self.meta("state", id_, STATES)
        named = {"id": id_, "accountId": self._memory.account_id, "name": name, "color": 15106326}
        return {"meta": meta} | named | {"stateType": kind, "entityType": "customerorder"}

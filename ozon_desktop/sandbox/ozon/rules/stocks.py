"""Stock: which product may lie on which warehouse, and how much of it."""

from decimal import Decimal

from ..import_item import ImportItem
from ..model import GoodsSize, SandboxProduct, Warehouse

STOCK_LIMIT = 1_000_000
LARGE_FROM_G, LARGE_FROM_MM = Decimal(25_000), Decimal(1_500)
MOST_G, MOST_MM = Decimal(500_000), Decimal(4_000)

STOCK_TEXTS = {
    "NOT_FOUND_ERROR": "Товар не найден в личном кабинете",
    "offer_id_not_found": "Товара с таким артикулом нет в личном кабинете",
    "PRODUCT_IS_ARCHIVED": "Товар в архиве",
    "product_is_not_created": "Товар не прошёл модерацию, поэтому обновить остатки пока нельзя. Дождитесь статуса price_sent",
    "PRICE_IS_NOT_SENT": "Товар не создан или обновляется",
    "WAREHOUSE_NOT_FOUND": "Склад не найден. Проверьте идентификатор склада и его статус — он должен быть активный",
    "STOCK_TOO_BIG": "Укажите количество меньше миллиона",
    "TOO_MANY_REQUESTS": "Stock is updated too frequently",
    "Stock is updated too frequently": "Остаток на этом складе обновляли меньше 30 секунд назад",
    "PRODUCT_HAS_NOT_BEEN_TAGGED_YET": "Товару ещё не присвоен признак КГТ или неКГТ",
    "NON_KGT_ON_KGT_WAREHOUSE": "Некрупногабаритный товар на складе КГТ",
    "OVER_MAX_OVH_NON_KGT": "Через этот склад нельзя продавать крупногабаритные товары",
    "OVER_MAX_OVH_KGT": "Вес или габариты больше допустимых для склада",
    "MP_DELIVERY_ONLY_3PL_ERROR": "Товар нельзя размещать на складе с доставкой Ozon",
    "SOURCE_TYPE_NOT_FOUND": "У товара нет SKU",
    "FLAMMABLE_ONLY_ON_SELF_OR_PROVIDER_DELIVERY": "Легковоспламеняющийся товар доставляет только продавец или сторонняя служба",
    "FLAMMABLE_ON_NON_KGT_WAREHOUSE": "Легковоспламеняющийся товар продают только со склада КГТ",
    "MULTIBOX_NOT_ALLOWED_FOR_FBS": "Товар из нескольких коробок нельзя продавать по FBS",
    "SIZE_REQUIRED_FOR_NOT_UNIQUE_OFFER_ID": "Артикул совпадает с артикулом другого товара, нужен quant_size",
    "CB_DELIVERY_ONLY_FBP": "Товар продают только со склада FBP",
}
"""What Ozon says of a stock by its code; in words of our own."""


def stock_problem(product: SandboxProduct, stock: int, warehouse: Warehouse | None) -> str | None:
    """The code by which Ozon refuses a stock, or None. Official: all codes, and that the warehouse has to be active.

    Assumed: that a warehouse which is new, paused or blocked is not active for stocks.
    """
    if warehouse is None or not warehouse.is_active:
        return "WAREHOUSE_NOT_FOUND"
    if product.archived:
        return "PRODUCT_IS_ARCHIVED"
    if not product.is_created:
        return "product_is_not_created"
    if stock >= STOCK_LIMIT:
        return "STOCK_TOO_BIG"
    return size_problem(product.item, warehouse)


def size_problem(item: ImportItem, warehouse: Warehouse) -> str | None:
    """Official: the codes. Assumed: goods are large from 25 kg or a side of 1.5 m on, warehouses for them take up to 500 kg and
    4 m, and warehouses that say nothing of size take everything.
    """
    if warehouse.goods is GoodsSize.ANY:
        return None
    large = _reaches(item, LARGE_FROM_G, LARGE_FROM_MM)
    if warehouse.goods is GoodsSize.COMMON:
        return "OVER_MAX_OVH_NON_KGT" if large else None
    if not large:
        return "NON_KGT_ON_KGT_WAREHOUSE"
    return "OVER_MAX_OVH_KGT" if _reaches(item, MOST_G + 1, MOST_MM + 1) else None


def _reaches(item: ImportItem, grams: Decimal, side_mm: Decimal) -> bool:
    return item.grams >= grams or item.longest_mm >= side_mm

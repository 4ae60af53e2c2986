"""Methods of the Ozon Seller API in the words of the manager, without their versions, so that a new version needs no new text."""

_METHODS = {
    "roles": "проверка ключа",
    "seller/info": "сведения о компании",
    "description-category/tree": "категории Ozon",
    "description-category/attribute": "характеристики категории",
    "description-category/attribute/values": "значения характеристики",
    "description-category/attribute/values/search": "поиск значения характеристики",
    "product/import": "отправка карточек",
    "product/import/info": "итог отправки карточек",
    "product/import/prices": "отправка цен",
    "products/stocks": "отправка остатков",
    "product/attributes/update": "обновление характеристик",
    "product/pictures/import": "отправка фотографий",
    "product/list": "список товаров кабинета",
    "product/info/list": "сведения о товарах кабинета",
    "product/info/attributes": "характеристики товаров кабинета",
    "product/info/prices": "цены в кабинете",
    "product/info/stocks": "остатки в кабинете",
    "product/info/stocks-by-warehouse/fbs": "остатки по складам",
    "product/info/limit": "лимиты кабинета",
    "product/archive": "перенос в архив",
    "product/unarchive": "возврат из архива",
    "barcode/add": "штрихкоды",
    "warehouse/list": "склады кабинета",
    "posting/fbs/list": "заказы FBS",
    "posting/fbs/unfulfilled/list": "новые заказы FBS",
    "posting/fbs/get": "заказ FBS",
    "posting/fbo/list": "заказы FBO",
    "posting/fbo/get": "заказ FBO",
    "posting/fbs/package-label/create": "этикетки заказов FBS",
    "posting/fbs/package-label/get": "файл этикеток заказов FBS",
    "returns/list": "возвраты",
}


def method_text(path: str) -> str:
    """«отправка карточек (/v3/product/import)»; the bare path when it is not known, "" when empty."""
    _, _, name = path.strip("/").partition("/")
    words = _METHODS.get(name)
    return f"{words} ({path})" if words else path

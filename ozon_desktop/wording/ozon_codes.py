"""Advice for the error codes Ozon gives for single products (cards, prices, stocks, archive)."""

# {field}: « «Бренд»» with a leading blank, or nothing when Ozon does not name the field.
_CODES = {
    # cards
    "moderation_declined": "Карточка не прошла модерацию Ozon: проверьте название, описание и фото",
    "spu_already_exists": "Такой товар уже есть в вашем кабинете: проверьте артикул и штрихкод",
    "invalid_state": "Товар в таком состоянии менять нельзя: дождитесь конца проверки в Ozon",
    "incorrect_density": "Вес не подходит к размерам упаковки: проверьте длину, ширину, высоту и вес",
    "price_is_negative": "Цена меньше нуля: исправьте её в магазине",
    "seller_no_contract_failed": "Нет действующего договора с Ozon: подпишите его в кабинете",
    "error_attribute_values_empty": "Не заполнена характеристика{field}: заполните её в карточке товара",
    "error_attribute_values_out_of_range": "Значение характеристики{field} вне допустимых границ: исправьте его",
    "missing_dimension": "Не указаны размеры или вес упаковки: заполните их в карточке товара",
    "value_max_limit": "Слишком много значений в поле{field}: оставьте меньше",
    "empty_required": "Не заполнено обязательное поле{field}",
    "description_category_invalid": "Ozon не знает этой категории: получите категории заново и проверьте соответствие",
    "description_category_has_no_description_type": "В этой категории Ozon нет такого типа товара: выберите тип заново",
    "description_category_is_legacy": "Категория Ozon устарела: получите категории заново и выберите новую",
    "levels_category_not_found": "Категория Ozon устарела: получите категории заново и выберите новую",
    "description_category_is_empty": "Не указана категория Ozon: сопоставьте категорию магазина",
    "description_type_is_empty": "Не указан тип товара Ozon: сопоставьте категорию магазина",
    "vat_invalid": "Ozon не принимает ставку НДС: нужна без НДС, 5, 7, 10, 20 или 22 %",
    "name_too_long": "Название слишком длинное: сократите до 255 символов",
    "all_image_failed": "Ozon не смог загрузить ни одной фотографии: проверьте, что адреса открываются без пароля",
    "all_image_unprocessed": "Фотографии ещё не обработаны или не подходят: проверьте формат и размер",
    "invalid_rich_content_json": "Ошибка в rich-контенте: исправьте или очистите это поле",
    "price_out_of_range": "Цена вне допустимых границ: исправьте её в магазине",
    "old_price_less_than_price": "Цена до скидки должна быть больше цены",
    "min_auto_price_too_big": "Минимальная цена больше самой цены: исправьте её в кабинете",
    "min_auto_price_too_small": "Минимальная цена меньше половины цены: исправьте её в кабинете",
    "price_less_than_min_auto_price": "Цена ниже минимальной, заданной в кабинете",
    "item_limit_exceeded": "Исчерпан лимит товаров кабинета: дождитесь обновления лимита или уберите лишние товары",
    # stocks
    "product_is_not_created": "Карточка ещё не создана на Ozon: цена и остаток отправятся, когда она будет готова",
    "offer_id_not_found": "В кабинете нет товара с таким артикулом",
    "not_found_error": "В кабинете нет такого товара: отправьте сначала карточку",
    "warehouse_not_found": "В кабинете нет такого склада: проверьте склады в Ozon",
    "product_has_not_been_tagged_yet": "Ozon ещё не определил габариты товара: повторите позже",
    "non_kgt_on_kgt_warehouse": "Склад принимает только крупногабаритные товары: выберите другой склад",
    "mp_delivery_only_3pl_error": "Этот товар нельзя хранить на таком складе: нужна доставка партнёрами Ozon",
    "too_many_requests": "Остаток обновляли слишком часто: повторите через 30 секунд",
    "stock_not_shown": "Ozon принял остаток, но пока не показывает его: программа проверит это при следующем запуске",
    "source_type_not_found": "Ozon не знает, как продаётся этот товар: откройте его в кабинете",
    "stock_too_big": "Остаток слишком большой: Ozon принимает меньше 1 000 000 штук",
    "product_is_archived": "Товар в архиве Ozon: верните его из архива",
    "flammable_only_on_self_or_provider_delivery": "Огнеопасный товар можно доставлять только самому или своей службой",
    "cb_delivery_only_fbp": "Для этого товара доступна только схема FBP",
    # prices
    "discount_for_low_price_is_too_small": "Скидка слишком мала: при цене до 400 ₽ нужна не меньше 20 ₽",
    "discount_for_average_price_is_too_small": "Скидка слишком мала: при цене от 400 до 10 000 ₽ нужна не меньше 5 %",
    "discount_for_top_price_is_too_small": "Скидка слишком мала: при цене выше 10 000 ₽ нужна не меньше 500 ₽",
    "discount_too_big": "Скидка слишком велика: она должна быть меньше 90 %",
    "price_negative": "Цена меньше нуля: исправьте её в магазине",
    "invalid_category_price": "Такая цена недопустима для этой категории: проверьте её в магазине",
    "action_price_enabled_min_price_missing": "Товар участвует в акциях: задайте в кабинете минимальную цену",
    # archive
    "archive_not_done": "Ozon принял запрос, но товар ещё не в архиве: программа повторит его при следующем запуске",
    "not_restored": "Ozon пока не возвращает товар из архива (не больше 100 товаров в сутки): программа попробует при следующем запуске",
    "autoarchive_restore_failed": "Сегодня из архива больше вернуть нельзя: повторите завтра",
    "restore limit exceeded": "Сегодня из архива больше вернуть нельзя: повторите завтра",
    "total limit exceeded": "В кабинете слишком много товаров: уберите лишние",
}
# Codes that come with an ending, or are sentences.
_BEGINNINGS = {
    "over_max_ovh_non_kgt": "Через этот склад нельзя продавать крупногабаритные товары: выберите другой склад",
    "over_max_ovh": "Товар слишком тяжёлый или большой для этого склада: выберите другой склад",
    "error limiting": "Цену меняли слишком часто: Ozon принимает не больше 10 изменений в час, повторите позже",
    "stock is updated too frequently": "Остаток обновляли слишком часто: повторите через 30 секунд",
}


def advice(code: str, field: str = "") -> str:
    """What the code means and what to do; "" when it is not known. `field`: the attribute Ozon names, if any."""
    folded = code.strip().casefold()
    text = _CODES.get(folded) or next((words for start, words in _BEGINNINGS.items() if folded.startswith(start)), "")
    return text.format(field=f" «{field}»" if field else "")


def known_codes() -> frozenset[str]:
    """Codes with advice, in lower case."""
    return frozenset(_CODES) | frozenset(_BEGINNINGS)

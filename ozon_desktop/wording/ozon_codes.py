"""What the error codes mean that Ozon gives for single products (cards, prices, stocks, archive), and what to do."""

# {field}: « «Бренд»» with a leading blank, or nothing when Ozon does not name the field.
_CARDS = {
    "moderation_declined": "Карточка не прошла модерацию Ozon: проверьте название, описание и фото",
    "spu_already_exists": "Такой товар уже есть в вашем кабинете: проверьте артикул и штрихкод",
    "spu_already_exists_in_another_account": "Такой же товар продаёт другой продавец: проверьте название, бренд и штрихкод или добавьте "
    "его в кабинете Ozon к готовой карточке",
    "double_without_merger_offer": "Ozon видит в товаре двойник другого: укажите разные цвета или размеры либо разные названия модели",
    "invalid_state": "Товар сейчас менять нельзя: дождитесь конца проверки в Ozon и убедитесь, что кабинет не заблокирован",
    "incorrect_density": "Вес не подходит к размерам упаковки: проверьте длину, ширину, высоту и вес",
    "ml_incorrect_volume_weight": "Размеры или вес не похожи на настоящие: проверьте их, а если они верны, напишите в поддержку Ozon",
    "weight_too_big": "Вес с упаковкой больше 1000 кг: проверьте его",
    "price_is_negative": "Нет цены или она не больше нуля: исправьте её в магазине",
    "seller_no_contract_failed": "Нет действующего договора с Ozon: подпишите его в кабинете",
    "error_attribute_values_empty": "Не заполнена характеристика{field}: заполните её в карточке товара",
    "empty_required_after_warning_deleting": "Ozon убрал неверное значение, и поле{field} осталось пустым: заполните его",
    "erased_attribute_value": "Ozon убрал значение характеристики{field}: выберите другое",
    "warning_attribute_values_empty": "Ozon советует заполнить характеристику{field}: заполните её в карточке товара",
    "error_attribute_values_out_of_range": "Недопустимое значение характеристики{field}: выберите другое из списка",
    "warning_attribute_values_out_of_range": "Значения характеристики{field} больше нет в списке Ozon: выберите другое",
    "error_attribute_values_invalid": "Значение характеристики{field} не того вида: исправьте его",
    "value_must_be_integer": "В характеристике{field} нужно целое число: исправьте её",
    "value_must_be_decimal": "В характеристике{field} нужно число: исправьте её",
    "attribute_value_count_exceeded": "Слишком много значений в поле{field}: оставьте меньше",
    "value_max_limit": "Слишком много значений в поле{field}: оставьте меньше",
    "attribute_hierarchy_fail": "Значение поля{field} не сочетается с другой характеристикой товара: выберите подходящее",
    "attribute_not_in_category": "У этого типа товара нет такой характеристики{field}: очистите её или выберите другой тип",
    "brand_certificate_required": "Для этого бренда нужен сертификат: загрузите его в кабинете Ozon или укажите другой бренд",
    "br_hashtags_symbols_validation": "Недопустимые знаки в хештегах: оставьте буквы, цифры и подчёркивания, разделите их пробелами",
    "br_hashtag_brand": "В хештегах назван чужой бренд: уберите его",
    "empty_required": "Не заполнено обязательное поле{field}: заполните его",
    "missing_dimension": "Не указаны размеры или вес упаковки: заполните их в карточке товара",
    "description_category_invalid": "Ozon не знает этой категории: получите категории заново и проверьте соответствие",
    "description_category_has_no_description_type": "В этой категории Ozon нет такого типа товара: выберите тип заново",
    "description_category_is_legacy": "Категория Ozon устарела: получите категории заново и выберите новую",
    "levels_category_not_found": "Категория Ozon устарела: получите категории заново и выберите новую",
    "description_category_is_empty": "Не указана категория Ozon: сопоставьте категорию магазина",
    "description_type_is_empty": "Не указан тип товара Ozon: сопоставьте категорию магазина",
    "vat_invalid": "Ozon не принимает ставку НДС: выберите без НДС, 5, 7, 10, 20 или 22 %",
    "name_too_long": "Название слишком длинное: сократите до 255 символов",
    "offer_id_too_long": "Артикул слишком длинный: сократите до 50 символов",
    "offer_id_repeated": "Артикул есть у нескольких товаров: исправьте его в магазине",
    "barcode_too_long": "Штрихкод слишком длинный: сократите до 100 символов",
    "barcode_invalid": "Это не штрихкод: проверьте цифры, последняя из них контрольная",
    "barcode_already_used": "Такой штрихкод уже есть у другого товара кабинета: исправьте его у одного из них",
    "all_image_failed": "Ozon не смог загрузить ни одной фотографии: проверьте, что адреса открываются без пароля",
    "all_image_unprocessed": "Ozon не принял ни одной фотографии: проверьте, что это JPG или PNG и они не слишком маленькие",
    "some_image_failed": "Ozon не смог загрузить часть фотографий: проверьте их адреса",
    "pics_http_error": "Фотография не открывается: проверьте её адрес",
    "primary_image_load_failed": "Ozon не смог загрузить главную фотографию: проверьте её адрес",
    "invalid_rich_content_json": "Ошибка в rich-контенте: исправьте или очистите это поле",
    "price_out_of_range": "Цена вне допустимых границ: исправьте её в магазине",
    "item_limit_exceeded": "Исчерпан лимит товаров кабинета: дождитесь обновления лимита или уберите лишние товары",
}
_PRICES = {
    "old_price_less_than_price": "Цена до скидки должна быть больше цены: исправьте одну из них",
    "min_auto_price_too_big": "Минимальная цена больше самой цены: исправьте одну из них",
    "min_auto_price_too_small": "Минимальная цена меньше половины цены: исправьте одну из них",
    "price_less_than_min_auto_price": "Цена ниже минимальной: исправьте одну из них, минимальная задана в правилах цен или в кабинете",
    "discount_for_low_price_is_too_small": "Скидка слишком мала: при цене до 400 ₽ сделайте её не меньше 20 ₽ или уберите",
    "discount_for_average_price_is_too_small": "Скидка слишком мала: при цене от 400 до 10 000 ₽ сделайте её не меньше 5 % или уберите",
    "discount_for_top_price_is_too_small": "Скидка слишком мала: при цене выше 10 000 ₽ сделайте её не меньше 500 ₽ или уберите",
    "discount_too_big": "Скидка слишком велика: сделайте её меньше 90 %",
    "price_negative": "Цена не больше нуля: исправьте её в магазине",
    "invalid_category_price": "Такая цена недопустима для этой категории: проверьте её в магазине",
    "action_price_enabled_min_price_missing": "Товар сам участвует в акциях: отключите это в кабинете или задайте минимальную цену",
}
_STOCKS = {
    "product_is_not_created": "Карточка ещё не создана в Ozon: подождите, цена и остаток отправятся, когда она будет готова",
    "price_is_not_sent": "Карточка ещё не создана или обновляется: подождите, остаток отправится, когда она будет готова",
    "offer_id_not_found": "В кабинете нет товара с таким артикулом: отправьте сначала карточку",
    "not_found_error": "В кабинете нет такого товара: отправьте сначала карточку",
    "warehouse_not_found": "В кабинете нет такого склада или он не работает: проверьте склады в Ozon",
    "product_has_not_been_tagged_yet": "Ozon ещё не определил, крупногабаритный ли товар: проверьте размеры и повторите позже",
    "non_kgt_on_kgt_warehouse": "Склад принимает только крупногабаритные товары: выберите другой склад",
    "mp_delivery_only_3pl_error": "Этот товар нельзя хранить на складе с доставкой Ozon: выберите склад с другой доставкой",
    "too_many_requests": "Остаток обновляли слишком часто: повторите через 30 секунд",
    "stock_not_shown": "Ozon принял остаток, но пока не показывает его: подождите, программа проверит это при следующем запуске",
    "source_type_not_found": "У товара в Ozon ещё нет своего номера SKU: проверьте карточку в кабинете и повторите позже",
    "stock_too_big": "Остаток слишком большой: исправьте его, Ozon принимает меньше 1 000 000 штук",
    "product_is_archived": "Товар в архиве Ozon: верните его из архива",
    "flammable_only_on_self_or_provider_delivery": "Огнеопасный товар Ozon не доставляет: выберите склад, с которого доставляете вы сами "
    "или сторонняя служба",
    "flammable_on_non_kgt_warehouse": "Огнеопасный товар продают только со склада для крупногабаритных: выберите другой склад",
    "multibox_not_allowed_for_fbs": "Товар из нескольких коробок нельзя продавать по FBS: уберите его остаток или разделите товар",
    "size_required_for_not_unique_offer_id": "Артикул совпадает с артикулом другого товара кабинета: исправьте один из них",
    "cb_delivery_only_fbp": "Для этого товара доступна только схема FBP: уберите его остаток с этого склада",
}
_ARCHIVE = {
    "archive_not_done": "Ozon принял запрос, но товар ещё не в архиве: программа повторит его при следующем запуске",
    "card_gone": "Карточки на Ozon уже нет: убирать в архив нечего",
    "restore limit exceeded": "Сегодня из архива больше вернуть нельзя: повторите завтра после 3:00 по Москве",
    "autoarchive_restore_failed": "Сегодня из архива больше вернуть нельзя: повторите завтра после 3:00 по Москве",
    "total limit exceeded": "В кабинете слишком много товаров: перенесите лишние в архив",
}
_CODES = _CARDS | _PRICES | _STOCKS | _ARCHIVE
# Codes that come with an ending, or are sentences.
_BEGINNINGS = {
    "over_max_ovh_non_kgt": "Через этот склад нельзя продавать крупногабаритные товары: выберите другой склад",
    "over_max_ovh": "Товар слишком тяжёлый или большой для этого склада: выберите другой склад или исправьте размеры",
    "error limiting": "Цену меняли слишком часто: повторите позже, Ozon принимает не больше 10 изменений в час",
    "stock is updated too frequently": "Остаток обновляли слишком часто: повторите через 30 секунд",
}
# A code that stands for anything: what is wrong is in Ozon's message only.
_MESSAGES = {
    "неверно указана валюта": "Валюта цены не та, что в кабинете Ozon: проверьте подключение, чтобы узнать её, и валюту цен в магазине",
}


def advice(code: str, field: str = "", message: str = "") -> str:
    """What the code means and what to do; "" when it is not known.

    field: the attribute Ozon names, if any. message: Ozon's own words, which say more than some codes.
    """
    folded, said = code.strip().casefold(), message.strip().casefold()
    text = _CODES.get(folded) or next((words for start, words in _BEGINNINGS.items() if folded.startswith(start)), "")
    text = text or next((words for part, words in _MESSAGES.items() if part in said), "")
    return text.format(field=f" «{field}»" if field else "")


def known_codes() -> frozenset[str]:
    """Codes with advice, in lower case."""
    return frozenset(_CODES) | frozenset(_BEGINNINGS)

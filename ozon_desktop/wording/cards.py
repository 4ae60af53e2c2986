"""Words of the product card: why it is not ready, where a value comes from, and Ozon's own complaints about a product."""

from ozon_desktop.domain.cabinet import QUOTA_USED_UP, ItemError
from ozon_desktop.domain.card import NAME_LIMIT, OFFER_ID_LIMIT, CardProblem, Origin, ProblemCode
from ozon_desktop.wording.formats import capital, duration
from ozon_desktop.wording.ozon_codes import advice
from ozon_desktop.wording.setup import field_label

# {field}: the field's label; {detail}: the bad value or the limit.
_PROBLEMS = {
    ProblemCode.NO_CATEGORY: "Товар не входит ни в одну категорию магазина",
    ProblemCode.NOT_MAPPED: "Категория не сопоставлена с категорией Ozon",
    ProblemCode.TYPE_DISABLED: "Ozon отключил тип товара «{detail}»: выберите другой",
    ProblemCode.TYPE_GONE: "Ozon удалил тип товара «{detail}»: выберите другой",
    ProblemCode.SETTINGS_MISSING: "Не получены настройки типа «{detail}»: нажмите «Получить настройки»",
    ProblemCode.REQUIRED_EMPTY: "Не заполнено обязательное поле «{field}»",
    ProblemCode.NOT_IN_DICTIONARY: "В справочнике Ozon нет значения «{detail}» для поля «{field}»",
    ProblemCode.NOT_A_NUMBER: "В поле «{field}» нужно число, а стоит «{detail}»",
    ProblemCode.NOT_YES_OR_NO: "В поле «{field}» нужно «да» или «нет», а стоит «{detail}»",
    ProblemCode.TOO_MANY_VALUES: "В поле «{field}» слишком много значений, Ozon примет не больше {detail}",
    ProblemCode.DIMENSION_MISSING: "Не указан размер упаковки: {field_lower}",
    ProblemCode.WEIGHT_MISSING: "Не указан вес с упаковкой",
    ProblemCode.DENSITY: "Вес не подходит к размерам: плотность {detail} г/см³, Ozon принимает от 0,001 до 13,55",
    ProblemCode.NAME_EMPTY: "Нет названия",
    ProblemCode.NAME_TOO_LONG: f"Название длиннее {NAME_LIMIT} символов: сейчас {{detail}}",
    ProblemCode.OFFER_ID_EMPTY: "Нет артикула",
    ProblemCode.OFFER_ID_TOO_LONG: f"Артикул длиннее {OFFER_ID_LIMIT} символов: сейчас {{detail}}",
    ProblemCode.OFFER_ID_DUPLICATE: "Артикул «{detail}» есть у нескольких товаров",
    ProblemCode.PRICE_MISSING: "Нет цены выбранного типа",
    ProblemCode.PRICE_NOT_POSITIVE: "Цена должна быть больше нуля, сейчас {detail}",
    ProblemCode.CURRENCY: "Валюта цены ({detail}) не та, что в кабинете Ozon",
    ProblemCode.VAT_NOT_ACCEPTED: "Ozon не принимает ставку НДС {detail}",
    ProblemCode.PICTURE_MISSING: "Нет фотографии с публичным адресом: карточка создастся, но продаваться не будет",
}
# The same without a detail, where its absence would leave a hole in the sentence.
_WITHOUT_DETAIL = {
    ProblemCode.TYPE_DISABLED: "Ozon отключил тип товара: выберите другой",
    ProblemCode.TYPE_GONE: "Ozon удалил тип товара: выберите другой",
    ProblemCode.SETTINGS_MISSING: "Не получены настройки типа: нажмите «Получить настройки»",
    ProblemCode.NOT_IN_DICTIONARY: "В поле «{field}» значение не из справочника Ozon",
    ProblemCode.NOT_A_NUMBER: "В поле «{field}» нужно число",
    ProblemCode.NOT_YES_OR_NO: "В поле «{field}» нужно «да» или «нет»",
    ProblemCode.TOO_MANY_VALUES: "В поле «{field}» слишком много значений",
    ProblemCode.DENSITY: "Вес не подходит к размерам упаковки",
    ProblemCode.NAME_TOO_LONG: f"Название длиннее {NAME_LIMIT} символов",
    ProblemCode.OFFER_ID_TOO_LONG: f"Артикул длиннее {OFFER_ID_LIMIT} символов",
    ProblemCode.OFFER_ID_DUPLICATE: "Такой же артикул есть у другого товара",
    ProblemCode.PRICE_NOT_POSITIVE: "Цена должна быть больше нуля",
    ProblemCode.CURRENCY: "Валюта цены не та, что в кабинете Ozon",
    ProblemCode.VAT_NOT_ACCEPTED: "Не указана ставка НДС, которую принимает Ozon",
}
_ORIGINS = {
    Origin.PRODUCT: "введено на товаре",
    Origin.CATEGORY: "правило категории",
    Origin.PARENT: "правило родительской категории",
    Origin.AUTOMATIC: "из данных магазина",
    Origin.EMPTY: "не заполнено",
}


def problem_text(problem: CardProblem) -> str:
    """Why the card is not ready, with the field and the value it is about."""
    template = _PROBLEMS[problem.code] if problem.detail else _WITHOUT_DETAIL.get(problem.code, _PROBLEMS[problem.code])
    label = field_label(problem.field)
    detail = f"{problem.detail} %" if problem.code is ProblemCode.VAT_NOT_ACCEPTED else problem.detail
    if problem.code in {ProblemCode.DENSITY, ProblemCode.PRICE_NOT_POSITIVE}:
        detail = detail.replace(".", ",")
    return template.format(field=label, field_lower=label.lower(), detail=detail)


def problem_code_text(code: ProblemCode, field: str = "") -> str:
    """A kind of problem in a summary over many cards, without any product's own value."""
    return problem_text(CardProblem(code, field))


def origin_text(origin: Origin, source: str = "") -> str:
    """Where a value comes from: «правило категории «Обувь»»."""
    return f"{_ORIGINS[origin]} «{source}»" if source and origin not in {Origin.PRODUCT, Origin.EMPTY} else _ORIGINS[origin]


def item_error_text(error: ItemError) -> str:
    """Ozon's complaint about one product as advice; a code that is not known shows Ozon's own message."""
    if error.code == QUOTA_USED_UP:
        return f"Лимит товаров Ozon исчерпан: остальное можно отправить через {duration(float(error.message))}"
    field = error.attribute_name or (field_label(error.field) if error.field else "")
    known = advice(error.code, field)
    return known or capital(error.message.strip()) or f"Ozon не принял товар, код ошибки {error.code or 'не указан'}"


def values_found_text(*, found: bool, partial: bool, online: bool, offline: bool) -> str:
    """What to know of a search in a dictionary; "" when its result is the whole truth.

    partial: not all of it is cached; online: Ozon was asked as well; offline: Ozon could not be asked.
    """
    if not partial or (online and not found):
        return "" if found else "В справочнике Ozon такого значения нет."
    if online:
        return "Справочник загружен частично: остальное ищется на Ozon."
    if offline and found:
        return "Справочник загружен частично, а связи с Ozon сейчас нет: показано только то, что уже загружено."
    if offline:
        return "Не найдено: справочник загружен частично, а связи с Ozon сейчас нет."
    ask = "справочник загружен частично, введите хотя бы две буквы — остальное найдётся на Ozon."
    return f"{ask[:1].upper()}{ask[1:]}" if found else f"Не найдено: {ask}"

"""Words of the product card: why it is not ready, where a value comes from, its rules, package and pictures, Ozon's own complaints."""

from collections.abc import Iterable
from dataclasses import replace

from ozon_desktop.domain.cabinet import CARD_NOT_CREATED, CARD_NOT_UPDATED, QUOTA_USED_UP, UNEXPECTED_ERROR, ItemError
from ozon_desktop.domain.card import NAME_LIMIT, OFFER_ID_LIMIT, CardProblem, Origin, ProblemCode
from ozon_desktop.domain.dimensions import PackageDoubt, PackageFault
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.ozon_problems import OzonProblem
from ozon_desktop.domain.pictures import PICTURE_LIMIT, LoadFault, PictureFault, PictureProblem
from ozon_desktop.domain.readiness import BARCODE_LIMIT
from ozon_desktop.wording.formats import capital, duration, number, plural
from ozon_desktop.wording.ozon_codes import advice
from ozon_desktop.wording.setup import field_label

# {field}: the field's label; {detail}: the bad value or the limit.
_PROBLEMS = {
    ProblemCode.NO_CATEGORY: "Товар не входит ни в одну категорию магазина",
    ProblemCode.NOT_MAPPED: "Категория не сопоставлена с категорией Ozon",
    ProblemCode.TYPE_DISABLED: "Ozon отключил тип товара «{detail}»: выберите другой",
    ProblemCode.TYPE_GONE: "Ozon удалил тип товара «{detail}»: выберите другой",
    ProblemCode.SETTINGS_MISSING: "Не получены настройки типа «{detail}»: нажмите «Получить настройки»",
    ProblemCode.OTHER_LIST: "Дополнительные поля заполнены для типа «{detail}», а категория сопоставлена с другим: переключите список",
    ProblemCode.REQUIRED_EMPTY: "Не заполнено обязательное поле «{field}»",
    ProblemCode.NOT_IN_DICTIONARY: "В справочнике Ozon нет значения «{detail}» для поля «{field}»",
    ProblemCode.NOT_A_NUMBER: "В поле «{field}» нужно число, а стоит «{detail}»",
    ProblemCode.NOT_YES_OR_NO: "В поле «{field}» нужно «да» или «нет», а стоит «{detail}»",
    ProblemCode.NOT_A_LINK: "В поле «{field}» нужен адрес, который начинается с http:// или https://, а стоит «{detail}»",
    ProblemCode.TOO_MANY_VALUES: "В поле «{field}» слишком много значений, Ozon примет не больше {detail}",
    ProblemCode.VALUE_TOO_LONG: "Значение поля «{field}» длиннее {detail}: Ozon может его не принять",
    ProblemCode.DIMENSION_TOO_BIG: "Слишком большой размер упаковки ({field_lower}): {detail} мм",
    ProblemCode.WEIGHT_TOO_BIG: "Вес с упаковкой больше 1000 кг: сейчас {detail} г",
    ProblemCode.DIMENSION_MISSING: "Не указан размер упаковки: {field_lower}",
    ProblemCode.WEIGHT_MISSING: "Не указан вес с упаковкой",
    ProblemCode.DENSITY: "Вес не подходит к размерам: плотность {detail} г/см³, Ozon принимает от 0,001 до 13,55",
    ProblemCode.PACKAGE_DOUBTFUL: "Размер или вес из магазина не удалось понять: «{detail}»",
    ProblemCode.NAME_EMPTY: "Нет названия",
    ProblemCode.NAME_TOO_LONG: f"Название длиннее {NAME_LIMIT} символов: сейчас {{detail}}",
    ProblemCode.OFFER_ID_EMPTY: "Нет артикула",
    ProblemCode.OFFER_ID_TOO_LONG: f"Артикул длиннее {OFFER_ID_LIMIT} символов: сейчас {{detail}}",
    ProblemCode.OFFER_ID_DUPLICATE: "Артикул «{detail}» есть у нескольких товаров",
    ProblemCode.PRICE_MISSING: "Нет цены выбранного типа",
    ProblemCode.PRICE_NOT_POSITIVE: "Цена должна быть больше нуля, сейчас {detail}",
    ProblemCode.PRICE_TOO_BIG: "Цена {detail} слишком большая: можно не больше 10 000 000",
    ProblemCode.PRICE_TOO_FINE: "Цена {detail} слишком точная: можно не больше двух знаков после запятой",
    ProblemCode.OLD_PRICE: "Цена до скидки не отправится. {detail}",
    ProblemCode.BARCODE_FORM: "Штрихкод «{detail}» не похож на EAN-8, UPC-12, EAN-13 или ITF-14: проверьте цифры",
    ProblemCode.BARCODE_TOO_LONG: f"Штрихкод длиннее {BARCODE_LIMIT} символов: сейчас {{detail}}",
    ProblemCode.BARCODE_DUPLICATE: "Штрихкод «{detail}» есть и у другого товара",
    ProblemCode.CURRENCY: "Валюта цены ({detail}) не та, что в кабинете Ozon",
    ProblemCode.VAT_NOT_ACCEPTED: "Ozon не принимает ставку НДС {detail}",
    ProblemCode.PICTURE_MISSING: "Нет фотографии с публичным адресом: карточка создастся, но продаваться не будет",
}
# The same without a detail, where its absence would leave a hole in the sentence.
_WITHOUT_DETAIL = {
    ProblemCode.TYPE_DISABLED: "Ozon отключил тип товара: выберите другой",
    ProblemCode.TYPE_GONE: "Ozon удалил тип товара: выберите другой",
    ProblemCode.SETTINGS_MISSING: "Не получены настройки типа: нажмите «Получить настройки»",
    ProblemCode.OTHER_LIST: "Дополнительные поля заполнены для другого типа: переключите список полей",
    ProblemCode.NOT_IN_DICTIONARY: "В поле «{field}» значение не из справочника Ozon",
    ProblemCode.NOT_A_NUMBER: "В поле «{field}» нужно число",
    ProblemCode.NOT_YES_OR_NO: "В поле «{field}» нужно «да» или «нет»",
    ProblemCode.NOT_A_LINK: "В поле «{field}» нужен адрес, который начинается с http:// или https://",
    ProblemCode.TOO_MANY_VALUES: "В поле «{field}» слишком много значений",
    ProblemCode.VALUE_TOO_LONG: "Слишком длинное значение поля «{field}»",
    ProblemCode.DIMENSION_TOO_BIG: "Слишком большой размер упаковки: {field_lower}",
    ProblemCode.WEIGHT_TOO_BIG: "Вес с упаковкой больше 1000 кг",
    ProblemCode.DENSITY: "Вес не подходит к размерам упаковки",
    ProblemCode.PACKAGE_DOUBTFUL: "Размер или вес из магазина не удалось понять",
    ProblemCode.NAME_TOO_LONG: f"Название длиннее {NAME_LIMIT} символов",
    ProblemCode.OFFER_ID_TOO_LONG: f"Артикул длиннее {OFFER_ID_LIMIT} символов",
    ProblemCode.OFFER_ID_DUPLICATE: "Такой же артикул есть у другого товара",
    ProblemCode.PRICE_NOT_POSITIVE: "Цена должна быть больше нуля",
    ProblemCode.PRICE_TOO_BIG: "Слишком большая цена",
    ProblemCode.PRICE_TOO_FINE: "Цена точнее копейки",
    ProblemCode.OLD_PRICE: "Цена до скидки не подходит к цене и не отправится",
    ProblemCode.BARCODE_FORM: "Штрихкод не похож на EAN-8, UPC-12, EAN-13 или ITF-14",
    ProblemCode.BARCODE_TOO_LONG: f"Штрихкод длиннее {BARCODE_LIMIT} символов",
    ProblemCode.BARCODE_DUPLICATE: "Такой же штрихкод есть у другого товара",
    ProblemCode.CURRENCY: "Валюта цены не та, что в кабинете Ozon",
    ProblemCode.VAT_NOT_ACCEPTED: "Не указана ставка НДС, которую принимает Ozon",
}
_ORIGINS = {
    Origin.PRODUCT: "введено на товаре",
    Origin.CATEGORY: "правило категории",
    Origin.PARENT: "правило родительской категории",
    Origin.INTEGRATION: "правило для всех категорий",
    Origin.AUTOMATIC: "из данных магазина",
    Origin.EMPTY: "не заполнено",
}
_SIZES = {"depth": "длина", "width": "ширина", "height": "высота", "weight": "вес", "": "размеры"}
_PACKAGE = {
    PackageFault.UNIT_GUESSED: "Единица не указана, принято «{detail}»",
    PackageFault.CONTRADICTION: "Свойства противоречат друг другу, второе — «{detail}»",
    PackageFault.ABSURD: "Такого размера или веса у посылки не бывает",
    PackageFault.UNREADABLE: "Не удалось прочитать число с единицей",
}
_PICTURES = {
    PictureFault.NOT_AN_ADDRESS: "это не адрес в интернете: нужен адрес, который начинается с http:// или https://",
    PictureFault.A_FILE: "это файл из магазина, а не адрес: Ozon загружает фотографии только из интернета, по адресам https://…",
    PictureFault.HAS_BLANKS: "в адресе есть пробел",
    PictureFault.NOT_PUBLIC: "адрес открывается только в вашей сети, Ozon его не увидит",
    PictureFault.DUPLICATE: "такая же фотография уже есть",
    PictureFault.OVER_LIMIT: f"Ozon примет не больше {PICTURE_LIMIT} фотографий",
}
_LOADING = {
    LoadFault.NO_FILE: "такого файла из 1С не приходило",
    LoadFault.NOT_PUBLIC: "адрес ведёт не в интернет",
    LoadFault.NO_ANSWER: "не открывается, сайт не отвечает",
    LoadFault.REFUSED: "не открывается, ошибка {detail}",
    LoadFault.NOT_A_PICTURE: "по адресу не фотография",
    LoadFault.TOO_LARGE: "файл больше 10 МБ",
}
_RULE_KINDS = {
    RuleKind.CONSTANT: "постоянное значение",
    RuleKind.PROPERTY: "свойство магазина",
    RuleKind.TEMPLATE: "шаблон",
    RuleKind.UNITS: "перевод единиц",
    RuleKind.TABLE: "таблица значений",
}


def rule_kind_text(kind: RuleKind) -> str:
    """The name of a kind of rule in a list to choose from."""
    return _RULE_KINDS[kind]


def rule_text(rule: FieldRule) -> str:
    """What a rule does: «свойство «Цвет»», «шаблон «{Бренд} {Наименование}»»."""
    named = f"свойство «{rule.property_name}»"
    match rule.kind:
        case RuleKind.CONSTANT:
            return "; ".join(text for _, text in rule.values)
        case RuleKind.PROPERTY:
            return named
        case RuleKind.TEMPLATE:
            return f"шаблон «{rule.template}»"
        case RuleKind.UNITS:
            return f"{named} × {number(rule.factor)}" if rule.factor is not None else f"{named} с переводом единиц"
        case RuleKind.TABLE:
            rows = "; ".join(f"{text} → {value}" for text, (_, value) in rule.table)
            return f"{named}: {rows}" if rule.property_name else rows


def package_doubt_text(doubt: PackageDoubt) -> str:
    """What is doubtful about the store's package, with the property and its text: «Вес = лёгкий: …»."""
    words = _PACKAGE[doubt.fault].format(detail=doubt.detail)
    return f"{capital(_SIZES[doubt.axis])}: {words[:1].lower()}{words[1:]} («{doubt.property_name}»: {doubt.text})"


def picture_problem_text(problem: PictureProblem) -> str:
    return f"Фотография {problem.position} не отправится: {_PICTURES[problem.fault]}"


def picture_problems_text(problems: Iterable[PictureProblem]) -> str:
    """A line for each reason: «Фотографии 1, 2 не отправятся: …»."""
    alike: dict[PictureFault, list[PictureProblem]] = {}
    for problem in problems:
        alike.setdefault(problem.fault, []).append(problem)
    return "\n".join(
        picture_problem_text(found[0])
        if len(found) == 1
        else f"Фотографии {', '.join(str(problem.position) for problem in found)} не отправятся: {_PICTURES[fault]}"
        for fault, found in alike.items()
    )


def load_fault_text(fault: LoadFault, detail: str = "") -> str:
    """Why a picture does not open: «не открывается, ошибка 404»."""
    return _LOADING[fault].format(detail=detail)


def problem_text(problem: CardProblem) -> str:
    """Why the card is not ready, with the field and the value it is about."""
    template = _PROBLEMS[problem.code] if problem.detail else _WITHOUT_DETAIL.get(problem.code, _PROBLEMS[problem.code])
    label = field_label(problem.field)
    return template.format(field=label, field_lower=label.lower(), detail=_detail(problem))


def _detail(problem: CardProblem) -> str:
    detail = problem.detail
    match problem.code:
        case ProblemCode.VAT_NOT_ACCEPTED:
            return f"{detail} %"
        case ProblemCode.DENSITY | ProblemCode.PRICE_NOT_POSITIVE | ProblemCode.PRICE_TOO_BIG | ProblemCode.PRICE_TOO_FINE:
            return detail.replace(".", ",")
        case ProblemCode.OLD_PRICE:
            return advice(detail) or detail
        case ProblemCode.VALUE_TOO_LONG if detail.isdigit():
            return f"{detail} {plural(int(detail), 'символа', 'символов', 'символов')}"
    return detail


def problem_code_text(code: ProblemCode, field: str = "") -> str:
    """A kind of problem in a summary over many cards, without any product's own value."""
    return problem_text(CardProblem(code, field))


def origin_text(origin: Origin, source: str = "") -> str:
    """Where a value comes from: «правило категории «Обувь»»."""
    return f"{_ORIGINS[origin]} «{source}»" if source and origin not in {Origin.PRODUCT, Origin.EMPTY} else _ORIGINS[origin]


def item_error_text(error: ItemError) -> str:
    """Ozon's complaint about one product as advice; a code that is not known shows Ozon's own message."""
    if error.code == QUOTA_USED_UP:
        return f"Лимит товаров Ozon исчерпан: остальное можно отправить через {duration(error.retry_after_s)}"
    if error.code == CARD_NOT_CREATED:
        state = f" ({error.message})" if error.message else ""
        return f"Карточка ещё не создана на Ozon{state}: цена и остаток отправятся, когда она будет готова"
    if error.code == CARD_NOT_UPDATED:
        state = f" ({error.message})" if error.message else ""
        return f"Ozon не принял карточку после проверки{state}: откройте её в кабинете Ozon, там сказано почему"
    if error.code == UNEXPECTED_ERROR:
        return f"Непредвиденная ошибка ({error.message}): товар подождёт следующего запуска, подробности — в файле журнала программы"
    field = error.attribute_name or (field_label(error.field) if error.field else "")
    known = advice(error.code, field, error.message)
    return known or capital(error.message.strip()) or f"Ozon не принял товар, код ошибки {error.code or 'не указан'}"


def ozon_problem_text(problem: OzonProblem) -> str:
    """One complaint of Ozon beside its field, kept apart from the program's own; what does not hold the product back is a remark."""
    error = problem.error
    if problem.attribute_id and not error.attribute_name:
        error = replace(error, attribute_name=problem.field)
    text = item_error_text(error)
    # A sentence about what Ozon did names Ozon by itself.
    named = text.startswith("Ozon ")
    if not problem.blocking:
        return f"Замечание: {text}" if named else f"Замечание Ozon: {text}"
    return text if named else f"Ozon: {text}"


def values_found_text(*, found: bool, partial: bool, online: bool, offline: bool) -> str:
    """What to know of a search in a dictionary; "" when nothing is missing from its result.

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

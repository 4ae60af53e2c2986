"""Refusals on demand: products that Ozon refuses by a code which no shop can reach by what it sends, or not without harm.

A refusal is `CODE=PATTERN`: products whose article fits the pattern (`*` any characters, `?` one) are refused with Ozon's code
by every method that knows it. `KIND:CODE=PATTERN` names the method, and takes codes nobody knows as well; the kinds are
import, moderation (found after the item was accepted), price, stock, unarchive, archive, and request: every method that changes
products then refuses the whole of a request that names such a product, as Ozon does when it finds one of many items wrong.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from .model import Json
from .rules.entry import entry
from .rules.prices import PRICE_TEXTS
from .rules.stocks import STOCK_TEXTS

ASSUMED = (
    "Коды barcode_invalid, barcode_already_used, barcode_too_long, offer_id_repeated, offer_id_too_long, weight_too_big, "
    "brand_certificate_required, error_attribute_values_invalid и attribute_not_in_category — свои: Ozon их не называет.",
    "Штрихкод — латинские буквы, цифры и знаки без пробелов; у 8, 12, 13 и 14 цифр сходится контрольная; карточки в архиве держат свой.",
    "Артикул, повторённый в запросе, принимается один раз, первый.",
    "Фотографии с сайтов на .invalid не загружаются, из папок unprocessable — не обрабатываются.",
    "Rich-контент — объект со списком content, у каждой части есть widgetName.",
    "Скидка и минимальная цена проверяются и при загрузке карточки; в кабинете не в рублях — только правило девяноста процентов.",
    "Текст рядом с номером значения справочника должен быть текстом этого значения.",
    "Зависимые характеристики: attribute_hierarchy_fail не даёт загрузить карточку (у готовых карточек это видели предупреждением).",
    "Склады новые, на паузе и заблокированные остатков не принимают.",
    "КГТ — от 25 кг или стороны 1,5 м, склад КГТ берёт до 500 кг и 4 м; склад, о котором ничего не сказано, берёт всё.",
    "Отказ вернуть из архива или убрать в архив — ответ 400 на весь запрос.",
)
"""What is assumed in `rules` and here, in the words of the person who runs the sandbox."""


class WrongRefusal(ValueError):
    """A specification nobody can follow."""


class Kind(StrEnum):
    """The method that refuses."""

    IMPORT = "import"
    MODERATION = "moderation"
    PRICE = "price"
    STOCK = "stock"
    UNARCHIVE = "unarchive"
    ARCHIVE = "archive"
    REQUEST = "request"


@dataclass(frozen=True)
class Complaint:
    """What Ozon says with a code about a card, in words of our own, and where. attribute: id and name, 0 = about none."""

    text: str
    field: str = ""
    attribute: tuple[int, str] = (0, "")
    level: str = "error"


_BRAND = (85, "Бренд")
IMPORT_COMPLAINTS = {
    "SPU_already_exists": Complaint("Товар с такими характеристиками уже существует"),
    "SPU_ALREADY_EXISTS_IN_ANOTHER_ACCOUNT": Complaint("Такой товар продаёт другой продавец"),
    "Invalid_state": Complaint("Product is not ready to supply"),
    "Incorrect_density": Complaint("Неверная плотность товара", "weight"),
    "price_is_negative": Complaint("Не указана цена", "price"),
    "SELLER_NO_CONTRACT_FAILED": Complaint("Нет действующего договора"),
    "error_attribute_values_empty": Complaint("Это обязательное поле", attribute=_BRAND),
    "error_attribute_values_out_of_range": Complaint("Значения нет в справочнике характеристики", attribute=_BRAND),
    "missing_dimension": Complaint("Не указаны габариты или вес товара", "depth"),
    "VALUE_MAX_LIMIT": Complaint("Слишком много значений", attribute=_BRAND),
    "EMPTY_REQUIRED": Complaint("Не заполнено название товара", "name"),
    "description_category_invalid": Complaint("Указана неверная категория", "description_category_id"),
    "description_category_has_no_description_type": Complaint("В этой категории нет такого типа товара", "type_id"),
    "description_category_is_legacy": Complaint("Категория устарела", "description_category_id"),
    "levels_category_not_found": Complaint("Категория не найдена", "description_category_id"),
    "description_category_is_empty": Complaint("Не указана категория", "description_category_id"),
    "description_type_is_empty": Complaint("Не указан тип товара", "type_id"),
    "vat_invalid": Complaint("Неверно указана ставка НДС", "vat"),
    "name_too_long": Complaint("Слишком длинное название", "name"),
    "invalid_rich_content_json": Complaint("Неверный JSON rich-контента", attribute=(11254, "Rich-контент JSON")),
    "price_out_of_range": Complaint("Цена вне допустимого диапазона", "price"),
    "old_price_less_than_price": Complaint("Цена до скидки меньше цены", "old_price"),
    "min_auto_price_too_big": Complaint("Слишком большая минимальная цена", "min_price"),
    "min_auto_price_too_small": Complaint("Слишком маленькая минимальная цена", "min_price"),
    "price_less_than_min_auto_price": Complaint("Цена меньше минимальной цены", "price"),
    "item_limit_exceeded": Complaint("Превышен лимит на количество товаров"),
    "offer_id_repeated": Complaint("Артикул повторяется в запросе", "offer_id"),
    "offer_id_too_long": Complaint("Слишком длинный артикул", "offer_id"),
    "weight_too_big": Complaint("Вес товара больше 1000 кг", "weight"),
    "barcode_too_long": Complaint("Слишком длинный штрихкод", "barcode"),
    "barcode_invalid": Complaint("Неверный штрихкод", "barcode"),
    "barcode_already_used": Complaint("Штрихкод уже есть у другого товара", "barcode"),
    "brand_certificate_required": Complaint("Для бренда нужен сертификат", attribute=_BRAND),
    "attribute_hierarchy_fail": Complaint("Значение не сочетается с другой характеристикой товара", attribute=_BRAND),
    "VALUE_MUST_BE_INTEGER": Complaint("Значение должно быть целым числом", attribute=_BRAND),
    "VALUE_MUST_BE_DECIMAL": Complaint("Значение должно быть числом", attribute=_BRAND),
    "ATTRIBUTE_VALUE_COUNT_EXCEEDED": Complaint("Слишком много значений", attribute=_BRAND),
    "BR_hashtags_symbols_validation": Complaint("Недопустимые символы в хештегах", attribute=(23171, "#Хештеги")),
    "BR_hashtag_brand": Complaint("В хештегах назван бренд", attribute=(23171, "#Хештеги")),
    "bad_request_error": Complaint("Неверно указана валюта", "currency_code"),
}
MODERATION_COMPLAINTS = {
    "all_image_failed": Complaint("Не удалось загрузить ни одного изображения", "images"),
    "all_image_unprocessed": Complaint("Не удалось обработать ни одного изображения", "images"),
    "primary_image_load_failed": Complaint("Не удалось загрузить главное изображение", "primary_image"),
    "pics_http_error": Complaint("Изображение не открывается", "images"),
    "some_image_failed": Complaint("Не удалось загрузить часть изображений", "images", level="warning"),
    "ML_INCORRECT_VOLUME_WEIGHT": Complaint("Вес и габариты не похожи на настоящие", "weight"),
}
UNARCHIVE_TEXTS = {
    "restore limit exceeded": "restore limit exceeded",
    "total limit exceeded": "total limit exceeded",
    "autoarchive_restore_failed": "autoarchive_restore_failed",
}
CODES: dict[Kind, frozenset[str]] = {
    Kind.IMPORT: frozenset(IMPORT_COMPLAINTS),
    Kind.MODERATION: frozenset(MODERATION_COMPLAINTS),
    Kind.PRICE: frozenset(PRICE_TEXTS),
    Kind.STOCK: frozenset(STOCK_TEXTS),
    Kind.UNARCHIVE: frozenset(UNARCHIVE_TEXTS),
    # What Ozon says to these is told nowhere: whoever wants such a refusal names its code.
    Kind.ARCHIVE: frozenset(),
    Kind.REQUEST: frozenset(),
}


class Refusals:
    """Which products are refused, by specifications as in the docstring of this module; WrongRefusal naming the wrong one."""

    def __init__(self, specifications: Iterable[str] = ()) -> None:
        self._patterns: list[tuple[Kind, str, str]] = []
        for specification in specifications:
            self.add(specification)

    def add(self, specification: str) -> None:
        code, equals, pattern = (part.strip() for part in specification.rpartition("="))
        if not equals or not code or not pattern:
            raise WrongRefusal(f"the refusal {specification!r} should look like CODE=PATTERN")
        prefix, colon, rest = code.partition(":")
        if colon and prefix in list(Kind):
            self._patterns.append((Kind(prefix), rest.strip(), pattern))
            return
        known = [kind for kind, codes in CODES.items() if code in codes]
        if not known:
            raise WrongRefusal(f"unknown code in the refusal {specification!r}: name its method, as in import:{code}={pattern}")
        self._patterns += [(kind, code, pattern) for kind in known]

    def clear(self) -> None:
        """Refuse nothing from now on."""
        self._patterns.clear()

    def code(self, kind: Kind, offer_id: str) -> str | None:
        """The first code by which a method refuses a product, None = it does not."""
        return next(self._codes(kind, offer_id), None)

    def entries(self, kind: Kind, offer_id: str) -> list[Json]:
        """What an import or moderation says of a product it refuses."""
        complaints = IMPORT_COMPLAINTS | MODERATION_COMPLAINTS
        found = ((code, complaints.get(code, Complaint(f"Ozon: {code}"))) for code in self._codes(kind, offer_id))
        return [_entry(code, complaint) for code, complaint in found]

    def _codes(self, kind: Kind, offer_id: str) -> Iterator[str]:
        for refused, code, pattern in self._patterns:
            if refused is kind and fnmatchcase(offer_id, pattern):
                yield code


def _entry(code: str, complaint: Complaint) -> Json:
    attribute_id, name = complaint.attribute
    attribute = {"id": attribute_id, "name": name} if attribute_id else None
    return entry(code, complaint.text, complaint.field, attribute, complaint.level)

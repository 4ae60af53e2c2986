"""Words of «Создать в магазине»: what would be made, what would not and why, what came of it."""

from collections import Counter

from ozon_desktop.domain.new_products import Creation, LeftOut, NewProduct, NewProductsPreview, Note, NotMade, Taken
from ozon_desktop.wording.formats import money, plural

HINT = "Карточки, которые есть только на Ozon, станут товарами магазина. На Ozon ничего не изменится, вторых карточек не появится"
STOCK_NOTE = (
    "Остатков в магазине у новых товаров нет: пока вы не оприходуете их там, остаток на Ozon не изменится. "
    "Картинки остаются на Ozon: магазин принимает их только файлами"
)
FILE_NOTE = "Это подключение товаров не создаёт: запишите файл каталога и загрузите его в свою программу"
TOO_MANY_REFUSED = "Магазин не принял подряд слишком много товаров: остальные не отправлялись. Устраните причину и повторите"
_WHY = {
    NotMade.ARCHIVED: "карточка в архиве Ozon",
    NotMade.MADE: "уже создан, появится со следующей загрузкой",
    NotMade.ARTICLE: "в магазине есть товар с таким артикулом",
    NotMade.GONE: "в магазине был товар с таким артикулом, он в архиве или удалён",
    NotMade.BARCODE: "в магазине есть товар с таким штрихкодом",
    NotMade.SIMILAR: "в магазине есть похожий товар, решите на странице «Товары»",
    NotMade.TWICE: "такой же артикул или штрихкод у другой карточки",
    NotMade.NAMELESS: "у карточки нет названия",
    NotMade.LONG_NAME: "название длиннее 255 знаков",
}
_NOTES = {
    Note.NO_PRICE: "без цены: на Ozon её нет",
    Note.NO_PRICE_TYPE: "без цены: тип цены в настройках кабинета не выбран",
    Note.NO_TYPE: "тип на Ozon неизвестен",
    Note.LONG_DESCRIPTION: "без описания: оно длиннее 4096 знаков и останется на Ozon",
    Note.ASKED: "уже отправлялся, ответа не было: сначала проверю, нет ли его",
}


def not_made_text(reason: NotMade) -> str:
    return _WHY[reason]


def taken_text(taken: Taken) -> str:
    """«в магазине есть товар с таким артикулом: Рубашка»."""
    return f"{_WHY[taken.reason]}: {taken.name}" if taken.name else _WHY[taken.reason]


def left_out_text(one: LeftOut) -> str:
    """«RU-9  Шарф — в магазине есть товар с таким артикулом: Шарф (ru-9)»."""
    return f"{one.offer_id}  {one.name} — {_WHY[one.reason]}" + (f": {one.other}" if one.other else "")


def product_text(product: NewProduct) -> str:
    """«RU-1  Рубашка, 1 990 ₽, НДС 22 %, в «Одежда / Рубашки»»."""
    parts = [product.name]
    if product.price is not None:
        parts.append(money(product.price, product.currency))
    if product.vat is not None:
        parts.append("без НДС" if product.vat == "0" else f"НДС {product.vat} %")
    parts.append(f"в «{' / '.join(product.folder)}»")
    parts += [_NOTES[note] for note in product.notes]
    return f"{product.offer_id}  {', '.join(parts)}"


def summary_text(preview: NewProductsPreview) -> str:
    """«МойСклад: будет создано 12 товаров, под вопросом 2, в архиве Ozon 3»."""
    count = len(preview.products)
    verb = "будет создан" if count == 1 else "будет создано"
    parts = [f"{verb} {plural(count, 'товар', 'товара', 'товаров')}" if count else "создавать нечего"]
    counts = Counter(one.reason for one in preview.left_out)
    if preview.doubtful:
        parts.append(f"под вопросом {len(preview.doubtful)}")
    if counts[NotMade.ARCHIVED]:
        parts.append(f"в архиве Ozon {counts[NotMade.ARCHIVED]}")
    if counts[NotMade.MADE]:
        parts.append(f"уже создано {counts[NotMade.MADE]}")
    return f"{preview.into}: {', '.join(parts)}"


def preview_lines(preview: NewProductsPreview, most: int) -> list[str]:
    """The products, then what is in doubt; of each at most so many lines, and how many there are beyond."""
    lines = _some([product_text(product) for product in preview.products], most)
    if preview.doubtful:
        lines.append("Не будут созданы, посмотрите сами:")
        lines += _some([f"  {left_out_text(one)}" for one in preview.doubtful], most)
    return lines


def created_text(creation: Creation) -> str:
    """What came of it, in one line."""
    made = len(creation.made)
    verb = "создан" if made == 1 else "создано"
    parts = [f"В магазине {verb} {plural(made, 'товар', 'товара', 'товаров')}"]
    if creation.refused:
        parts.append(f"не принято {len(creation.refused)}")
    if creation.unreached:
        parts.append(f"не отправлено {len(creation.unreached)}")
    return ", ".join(parts) + (f". {creation.failure}" if creation.failure else "")


def created_lines(creation: Creation, most: int) -> list[str]:
    """Why not, product by product."""
    return _some([f"{offer_id} — {text}" for offer_id, text in creation.refused.items()], most)


def file_text(path: str, count: int) -> str:
    """What was written."""
    return f"{plural(count, 'товар', 'товара', 'товаров')} — в файл {path}. Загрузите его в свою программу, затем её выгрузку сюда"


def _some(lines: list[str], most: int) -> list[str]:
    left = len(lines) - most
    return lines if left <= 0 else [*lines[:most], f"… и ещё {left}"]

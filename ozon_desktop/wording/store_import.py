"""What an import of the store's export has taken, what it has left out, and why a file is no export."""

import re
from collections.abc import Sequence

from ozon_desktop.domain.articles import ArticleSource
from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.price_list import ColumnRole
from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.wording.formats import capital, plural

_KINDS = {
    ImportProblemKind.WRONG_NUMBER: "«{written}» — не число, значение не взято",
    ImportProblemKind.AMBIGUOUS_NUMBER: "«{written}» можно прочитать двояко (знак отделяет и копейки, и тысячи), значение не взято",
    ImportProblemKind.NEGATIVE_PRICE: "цена меньше нуля ({written}), не взята",
    ImportProblemKind.PACKAGE_PRICE: "цена {written} действует только от нескольких штук, цены одной штуки нет",
    ImportProblemKind.NO_ID: "нет идентификатора (Ид, id), пропущено",
    ImportProblemKind.UNREADABLE_ROW: "товар прислан так, что его не удалось прочитать ({written}), оставлен как был",
    ImportProblemKind.STOCK_ON_PRODUCT: "остаток {written} числится на самом товаре, а не на его модификациях, не взят",
    ImportProblemKind.UNKNOWN_ENTITY: "обозначение «{written}» не известно, оставлено как написано",
    ImportProblemKind.CONTROL_CHARACTERS: "служебный знак {written} убран",
    ImportProblemKind.ENCODING: "кодировка указана неверно, файл прочитан по своим буквам ({written})",
    ImportProblemKind.REPEATED_ROW: "такая строка уже была, взята последняя из них",
    ImportProblemKind.REPEATED_ID: "идентификатор «{written}» уже был в файле у другого описания, взято это, последнее",
    ImportProblemKind.NO_GOODS: "в файле нет товаров, цен и остатков, он пропущен",
}
_SOURCES = {
    ArticleSource.ARTICLE: "артикул",
    ArticleSource.CODE: "код",
    ArticleSource.BARCODE: "штрихкод",
    ArticleSource.ID: "идентификатор выгрузки",
}
_ROLES = {
    ColumnRole.ARTICLE: "артикул",
    ColumnRole.CODE: "код товара",
    ColumnRole.NAME: "название",
    ColumnRole.CATEGORY: "категория",
    ColumnRole.BARCODE: "штрихкод",
    ColumnRole.PRICE: "цена",
    ColumnRole.STOCK: "остаток",
    ColumnRole.VAT: "ставка НДС",
    ColumnRole.VENDOR: "бренд",
    ColumnRole.DESCRIPTION: "описание",
    ColumnRole.PICTURE: "фотографии",
    ColumnRole.UNIT: "единица измерения",
    ColumnRole.PROPERTY: "свойство товара",
    ColumnRole.NOTHING: "не читается",
}
_MISSING = {
    "offers": "Загружены только товары: цены и остатки — в offers.xml, загрузите и его",
    "catalog": "Загружены только предложения: названия, категории и описания — в import.xml, загрузите и его",
}
_CAUSES = (
    (
        re.compile(r"^encoding: mixed|not proper UTF-8|Invalid bytes|^encoding: utf"),
        "часть букв записана в одной кодировке, часть в другой",
    ),
    (re.compile(r"^encoding: "), "есть буквы, которых в указанной кодировке нет"),
    (re.compile(r"Premature end|^Compressed file ended|EOF|Couldn't find end of Start Tag|end of data"), "файл обрывается на середине"),
    (re.compile(r"[Dd]ocument is empty|Start tag expected"), "файл пуст или это не XML"),
    (
        re.compile(r"Opening and ending tag mismatch"),
        "элемент закрыт не там, где открыт, или знак «<» записан не как &lt;",
    ),
    (re.compile(r"Extra content"), "после конца выгрузки есть ещё что-то: возможно, два файла склеены"),
    (re.compile(r"Attribute .* redefined"), "одно свойство элемента указано дважды"),
    (
        re.compile(r"AttValue|attributes construct|Specification mandates|Unescaped '<'"),
        "свойство элемента записано с ошибкой: не хватает кавычек или есть знак «<»",
    ),
    (re.compile(r"StartTag: invalid element name|error parsing|invalid start tag"), "знак «<» стоит в тексте и записан не как &lt;"),
    (
        re.compile(r"huge text node|xmlParseCharData|Excessive depth|too (?:deep|long)|maximum"),
        "в файле слишком длинный текст или слишком глубокая вложенность",
    ),
    (re.compile(r"CData section not finished"), "раздел CDATA не закрыт"),
    (re.compile(r"Sequence ']]>'"), "знаки «]]>» стоят в тексте и записаны не как ]]&gt;"),
    (re.compile(r"Comment not terminated"), "комментарий не закрыт"),
    (re.compile(r"expected '[>=]'|Blank needed|QName|valid URI|[Dd]eclaration|PI "), "тег или объявление записаны с ошибкой"),
    (re.compile(r"Namespace prefix"), "в именах элементов стоит приставка, которая не объявлена"),
    (re.compile(r"Bad CRC|CRC check|Error -3|invalid (?:block|distance|stored|code)|not a gzip"), "архив повреждён"),
    (re.compile(r"^(?:Ид|id)$"), "нет обязательного идентификатора"),
    (re.compile(r"^shop$"), "нет магазина (shop) со списком предложений"),
)
"""What the parser says, in its own English, and what that means to the one who made the file."""


def broken_cause_text(detail: str) -> str:
    """Why a file is broken, in words; "" for a cause that has none."""
    return next((text for pattern, text in _CAUSES if pattern.search(detail)), "")


def import_problem_text(problem: ImportProblem) -> str:
    """One line: file, line, product, and what is wrong there."""
    places = [problem.file, f"строка {problem.line}" if problem.line else "", f"товар «{problem.product}»" if problem.product else ""]
    places += [f"<{problem.element}>" if problem.element else ""]
    return f"{', '.join(place for place in places if place)}: {_KINDS[problem.kind].format(written=problem.written)}"


def run_problem(problem: ImportProblem) -> RunProblem:
    """The line as the journal keeps it."""
    return RunProblem(problem.product or problem.product_id, problem.element, problem.kind.value, import_problem_text(problem))


def missing_part_text(part: str) -> str:
    """What the store still lacks after an import. part: of ImportCounts.missing."""
    return _MISSING[part]


def import_text(counts: ImportCounts) -> str:
    """What came: «Загружено: 3 товара, 6 вариантов, …»."""
    words = [
        plural(counts.products, "товар", "товара", "товаров"),
        plural(counts.variants, "вариант", "варианта", "вариантов") if counts.variants else "",
        plural(counts.categories, "категория", "категории", "категорий"),
        plural(counts.prices, "цена", "цены", "цен"),
        plural(counts.stocks, "остаток", "остатка", "остатков"),
    ]
    return f"Загружено: {', '.join(word for word in words if word)}"


def import_remarks(counts: ImportCounts) -> list[str]:
    """What is to be known beside what came: gone products, and what those in the store lack."""
    gone = plural(counts.deleted, "товар", "товара", "товаров")
    lacking = (
        (counts.without_price, "без цены"),
        (counts.without_stock, "без остатка"),
        (counts.without_article, "без артикула"),
        (counts.without_category, "без категории"),
    )
    lacks = [f"{words}: {count}" for count, words in lacking if count]
    return [
        *([f"Больше нет в магазине: {gone}"] if counts.deleted else []),
        *([f"В магазине {', '.join(lacks)}"] if lacks else []),
        *([f"Не взято из-за ошибок в файле: {counts.problems}"] if counts.problems else []),
        *(missing_part_text(part) for part in counts.missing),
    ]


def article_rule_text(rule: Sequence[ArticleSource] | None) -> str:
    """By what a cabinet sells products. None = by the articles the import gives."""
    if rule is None:
        return "Товары продаются по артикулам магазина"
    return f"Артикул на Ozon: {', иначе '.join(_SOURCES[source] for source in rule)}; у вариантов — с характеристикой"


def article_choice_text(rule: Sequence[ArticleSource] | None) -> str:
    """A choice in the list of rules, the first source first. None = automatically."""
    if rule is None:
        return "Автоматически: как в магазине"
    return capital(", иначе ".join(_SOURCES[source] for source in rule))


def article_preview_text(
    rule: Sequence[ArticleSource], products: int, distinct: int, without: int, kept: int, examples: Sequence[tuple[str, str]]
) -> list[str]:
    """What a rule comes to: «2 909 товаров: 2 909 разных артикулов»."""
    different = plural(distinct, "разный артикул", "разных артикула", "разных артикулов")
    counted = f"{plural(products, 'товар', 'товара', 'товаров')}: {different}"
    return [
        f"{', иначе '.join(_SOURCES[source] for source in rule)} — {counted}",
        *([f"Без артикула останется: {without}"] if without else []),
        *([f"Уже на Ozon, артикул не меняется: {kept}"] if kept else []),
        *(f"  {product_id}  →  {article}" for product_id, article in examples),
    ]


def column_role_text(role: ColumnRole) -> str:
    """What a column of a price list is taken for."""
    return _ROLES[role]

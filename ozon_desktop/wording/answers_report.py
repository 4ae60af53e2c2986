"""What the report on Ozon's answers found, in words."""

from collections.abc import Iterator

from ozon_desktop.domain.answers_report import AnswersReport, Differences, Lacking, MethodReport, Outcome
from ozon_desktop.wording.formats import plural
from ozon_desktop.wording.methods import method_text

_LACKING = {
    Lacking.TYPE: "нет ни одного типа товара",
    Lacking.DICTIONARY: "нет характеристики со справочником",
    Lacking.VALUE: "нет значения, которое можно искать",
    Lacking.PRODUCT: "в кабинете нет товаров",
    Lacking.POSTING: "нет заказов FBS",
    Lacking.TASK: "номер задания даёт только метод, который что-то меняет",
}


def method_report_text(report: MethodReport) -> str:
    """«возвраты (/v1/returns/list): ответил, как ожидалось»."""
    return f"{method_text(report.method)}: {_outcome(report)}"


def difference_texts(differences: Differences) -> Iterator[str]:
    """A line for each field."""
    for words, places in (("новое поле", differences.unknown), ("нет поля", differences.missing), ("другой тип", differences.types)):
        yield from (f"{words} {place}" for place in places)


def answers_report_text(report: AnswersReport) -> str:
    """«Спрошено 18 методов: 17 ответили, как ожидалось, 1 нет»."""
    asked = [method for method in report.methods if method.outcome is not Outcome.SKIPPED]
    good = sum(method.as_expected for method in asked)
    text = f"Спрошено {plural(len(asked), 'метод', 'метода', 'методов')}: как ожидалось — {good}"
    if good < len(asked):
        text += f", иначе — {len(asked) - good}"
    skipped = len(report.methods) - len(asked)
    return f"{text}, пропущено — {skipped}" if skipped else text


def _outcome(report: MethodReport) -> str:
    match report.outcome:
        case Outcome.ANSWERED:
            return "ответил иначе, чем ожидалось" if report.differences else "ответил, как ожидалось"
        case Outcome.UNREADABLE:
            return "программа не может прочитать ответ"
        case Outcome.NO_ANSWER:
            return "не ответил"
        case Outcome.SKIPPED:
            return f"пропущен: {_LACKING[report.lacking]}" if report.lacking else "пропущен"
        case Outcome.REFUSED:
            said = f", «{report.message}»" if report.message else ""
            return f"отказал, код {report.code} (HTTP {report.status}{said})"

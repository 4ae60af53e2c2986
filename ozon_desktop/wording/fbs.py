"""Words of work on FBS postings: what is to be done, what became of it, what is wrong with a code."""

from collections.abc import Sequence

from ozon_desktop.domain.fbs import CancelReason, Need, ShipState, TariffStep
from ozon_desktop.domain.fbs_todo import Step, Urgency
from ozon_desktop.domain.marks import MarkProblem
from ozon_desktop.wording.formats import money

_NEEDS = {
    Need.MARK: "код «Честного знака»",
    Need.UIN: "УИН",
    Need.IMEI: "IMEI",
    Need.GTD: "ГТД",
    Need.RNPT: "РНПТ",
    Need.COUNTRY: "страна-изготовитель",
    Need.WEIGHT: "вес",
    Need.POSSIBLE_MARK: "код «Честного знака», если есть",
}
_STEPS = {
    Step.FILL: "внести данные",
    Step.ASSEMBLE: "собрать",
    Step.WAIT: "Ozon собирает",
    Step.HAND_OVER: "отгрузить",
}
_URGENCIES = {Urgency.OVERDUE: "просрочено", Urgency.TODAY: "сегодня", Urgency.LATER: "позже", Urgency.UNKNOWN: "срок неизвестен"}
_MARKS = {
    MarkProblem.EMPTY: "код пустой",
    MarkProblem.LAYOUT: "в коде буквы двух раскладок сразу: отсканируйте ещё раз",
    MarkProblem.NO_SEPARATOR: "сканер пропустил разделитель групп (GS): включите его передачу в настройках сканера",
    MarkProblem.NO_TAIL: "это короткий код без проверочной части: отсканируйте квадратный DataMatrix целиком",
    MarkProblem.NOT_A_MARK: "это не код «Честного знака»",
    MarkProblem.GTIN: "номер товара в коде (GTIN) с ошибкой: отсканируйте ещё раз",
    MarkProblem.IMEI: "IMEI — 15 цифр, последняя проверочная: здесь они не сходятся",
    MarkProblem.UIN: "УИН — 16 цифр",
    MarkProblem.GTD: "номер ГТД — как 10714040/140917/0090376, или «нет»",
    MarkProblem.RNPT: "РНПТ — как 10714040/140917/0090376/1, или «нет»",
    MarkProblem.WEIGHT: "вес — килограммы, больше нуля",
    MarkProblem.DOUBLE: "этот код уже внесён",
}


_SHIP = {
    ShipState.ASSEMBLED: "собрано",
    ShipState.ALREADY: "уже собрано",
    ShipState.WAITING: "Ozon ещё собирает, состояние прочитается позже",
    ShipState.FAILED: "Ozon не собрал: повторите",
    ShipState.REFUSED: "Ozon отказал",
    ShipState.CANCELLED: "отменено, собирать не нужно",
    ShipState.NEEDS: "не хватает данных",
    ShipState.WRONG_PIECES: "упаковки вместе не составляют заказ",
    ShipState.NOT_ASKED: "не отправлялось",
}


def outcome_text(state: ShipState, detail: str = "", needs: Sequence[Need] = ()) -> str:
    """What became of assembling one posting."""
    words = needs_text(needs) if needs else detail
    return f"{_SHIP[state]}: {words}" if words else _SHIP[state]


def need_text(need: Need) -> str:
    return _NEEDS[need]


def needs_text(needs: Sequence[Need]) -> str:
    """«нужны: ГТД, IMEI»."""
    return f"нужно: {', '.join(_NEEDS[need] for need in needs)}"


def step_text(step: Step) -> str:
    return _STEPS[step]


def urgency_text(urgency: Urgency) -> str:
    return _URGENCIES[urgency]


def mark_problem_text(problem: MarkProblem, other: str = "") -> str:
    """other: the posting that has the same code."""
    text = _MARKS[problem]
    return f"{text} в отправлении {other}" if other else text


def cost_text(step: TariffStep | None) -> str:
    """What handing over costs: «скидка 3 %», «надбавка 50 ₽», "" when it costs nothing."""
    if step is None or step.kind == "no_discount" or not (step.rate or step.charge):
        return ""
    word = "скидка" if step.kind == "discount" else "надбавка"
    return f"{word} {money(step.charge, step.currency or 'RUB')}" if step.charge else f"{word} {step.rate.normalize():f} %"


def reasons_text(reasons: Sequence[CancelReason]) -> str:
    """The reasons Ozon takes, with their numbers."""
    return "Ozon примет причины: " + "; ".join(f"{one.id} — {one.title}" for one in reasons)


def no_reason_text() -> str:
    return "отменить это отправление Ozon уже не даёт"


def rating_text() -> str:
    return "Отмена по вине продавца снижает рейтинг, отменить её нельзя."

"""Words of orders: their states, what came, what could not be written, labels."""

from collections.abc import Sequence

from ozon_desktop.domain.orders import PARTLY_RETURNED, RETURNED, UNASSEMBLED, ExportEncoding
from ozon_desktop.errors import AppError, FileNotReadable, OzonError
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.formats import number, plural
from ozon_desktop.wording.sync import posting_status_text

_STATES = {RETURNED: "возвращён", PARTLY_RETURNED: "возвращён частично"}
_SCHEMES = {"fbs": "FBS", "fbo": "FBO", "rfbs": "rFBS"}
_ENCODINGS = {ExportEncoding.UTF_8: "UTF-8", ExportEncoding.WINDOWS_1251: "Windows-1251"}
REFUSED_SHOWN = 5
_NOT_ASSEMBLED = "этикетка будет после сборки заказа"
_NO_LABEL = {
    "aren't ready": _NOT_ASSEMBLED,
    "aren't printed": "Ozon не отдал этикетку: повторите через минуту",
    "label not allowed for delivered postings": "заказ уже доставлен",
    "INVALID_ARGUMENT": "этикетка есть только у заказа, который ожидает отгрузки",
    "NO_POSTINGS_FOR_BATCH_DOWNLOAD": "ни один из заказов не ожидает отгрузки",
    "POSTING_NUMBERS_IS_INCORRECT_FOR_COMPANY": "это отправления другого кабинета",
}
"""Ozon's reasons for printing no label, or parts of them."""


def order_state_text(state: str) -> str:
    """State of an order; a posting's status that is not known stays as Ozon gives it."""
    return _STATES.get(state) or posting_status_text(state)


def scheme_text(scheme: str) -> str:
    return _SCHEMES.get(scheme.casefold(), scheme)


def encoding_text(encoding: ExportEncoding) -> str:
    return _ENCODINGS[encoding]


def new_orders_text(count: int) -> str:
    """«Новых заказов: 3»."""
    return f"Новых заказов: {number(count)}"


def not_exported_text(error: AppError) -> str:
    """Why the store has not got the orders, and that they are not lost."""
    if not isinstance(error, FileNotReadable):
        return f"Заказы не переданы в магазин: {error_line(error)}. Они подождут: программа передаст их в следующий раз."
    why = f" ({error.detail})" if error.detail else ""
    return f"Заказы не записаны: в папку «{error.subject}» нельзя писать{why}. Они подождут: программа запишет их в следующий раз."


def label_refusal_text(reason: str, status: str) -> str:
    """Why a posting has no label. reason: in Ozon's words; status: the last one known, which speaks for what Ozon leaves unclear."""
    known = _known_reason(reason)
    if known or status not in UNASSEMBLED:
        return known or reason
    return f"{_NOT_ASSEMBLED} ({reason})" if reason else _NOT_ASSEMBLED


def no_label_reasons_text(refused: Sequence[tuple[str, str]]) -> str:
    """Why none of several postings has a label: the reason they share, else one for each."""
    reasons = {why for _, why in refused if why}
    if len(reasons) != 1:
        return _refused_text([(number, why) for number, why in refused if why])
    (reason,) = reasons
    return "этикетки будут после сборки заказа" if reason == _NOT_ASSEMBLED else reason


def _known_reason(reason: str) -> str:
    return next((words for part, words in _NO_LABEL.items() if part in reason), "")


def _refused_text(refused: Sequence[tuple[str, str]]) -> str:
    named = "; ".join(f"{posting} — {why or 'со склада Ozon, этикетку клеит Ozon'}" for posting, why in refused[:REFUSED_SHOWN])
    rest = len(refused) - REFUSED_SHOWN
    return named + (f"; и ещё {number(rest)}" if rest > 0 else "")


def labels_text(printed: int, refused: Sequence[tuple[str, str]]) -> str:
    """«Этикетки: 3 отправления. Без этикетки: 10-1 — собирает Ozon»."""
    text = f"Этикетки: {plural(printed, 'отправление', 'отправления', 'отправлений')}."
    return f"{text} Без этикетки: {_refused_text(refused)}" if refused else text


def no_labels_text(error: AppError) -> str:
    """Ozon's reason for printing nothing; "" when it is another failure."""
    if not isinstance(error, OzonError) or not error.detail:
        return ""
    return error.detail if error.status == 200 else _known_reason(error.detail)


def order_minutes_text(minutes: int, shortest: int, longest: int) -> str:
    """Why orders cannot be fetched so often, or so seldom."""
    return f"{minutes} — заказы можно получать не чаще чем раз в {shortest} и не реже чем раз в {longest} минут"

"""Words of orders: their states, what came, what could not be written, labels."""

from collections.abc import Sequence

from ozon_desktop.domain.orders import PARTLY_RETURNED, RETURNED, ExportEncoding
from ozon_desktop.errors import AppError, OzonError
from ozon_desktop.wording.formats import number, plural
from ozon_desktop.wording.sync import posting_status_text

_STATES = {RETURNED: "возвращён", PARTLY_RETURNED: "возвращён частично"}
_SCHEMES = {"fbs": "FBS", "fbo": "FBO", "rfbs": "rFBS"}
_ENCODINGS = {ExportEncoding.UTF_8: "UTF-8", ExportEncoding.WINDOWS_1251: "Windows-1251"}
REFUSED_SHOWN = 5


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
    """Why orders are not in the store's folder, and that they are not lost."""
    why = f" ({error.detail})" if error.detail else ""
    return f"Заказы не записаны: в папку «{error.subject}» нельзя писать{why}. Они подождут: программа запишет их в следующий раз."


def labels_text(printed: int, refused: Sequence[tuple[str, str]]) -> str:
    """«Этикетки: 3 отправления. Без этикетки: 10-1 — собирает Ozon»."""
    text = f"Этикетки: {plural(printed, 'отправление', 'отправления', 'отправлений')}."
    if not refused:
        return text
    named = "; ".join(f"{posting} — {why or 'со склада Ozon, этикетку клеит Ozon'}" for posting, why in refused[:REFUSED_SHOWN])
    rest = len(refused) - REFUSED_SHOWN
    return f"{text} Без этикетки: {named}" + (f"; и ещё {number(rest)}" if rest > 0 else "")


def no_labels_text(error: AppError) -> str:
    """Ozon's own reason for printing nothing; "" when it is another failure."""
    return error.detail if isinstance(error, OzonError) and error.status == 200 and error.detail else ""

"""What came of a synchronization in one line, for its page and for the journal."""

from ozon_desktop import wording
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState
from ozon_desktop.services.sync.sync import SyncResult


def count_states(outcomes: tuple[ItemOutcome, ...]) -> dict[OutcomeState, int]:
    """How many outcomes of each state, zero included."""
    counts = dict.fromkeys(OutcomeState, 0)
    for outcome in outcomes:
        counts[outcome.state] += 1
    return counts


def result_text(result: SyncResult) -> str:
    """«96 изменений, 3 ошибки, 12 ждут Ozon, 2 новых заказа»."""
    counts = count_states(result.outcomes)
    failed, waiting, left = counts[OutcomeState.FAILED], counts[OutcomeState.WAITING], counts[OutcomeState.NOT_SENT]
    parts = [wording.changes_text(counts[OutcomeState.SENT])]
    if failed:
        parts.append(wording.plural(failed, "ошибка", "ошибки", "ошибок"))
    if waiting:
        parts.append(f"{wording.number(waiting)} {wording.plural_form(waiting, 'ждёт', 'ждут', 'ждут')} Ozon")
    if left:
        parts.append(f"{wording.number(left)} не отправлено")
    if result.new_orders:
        parts.append(wording.plural(result.new_orders, "новый заказ", "новых заказа", "новых заказов"))
    return ", ".join(parts)


def result_message(result: SyncResult) -> tuple[str, str]:
    """What the bar says of a run, never greener than it was: text and kind."""
    counts = count_states(result.outcomes)
    if counts[OutcomeState.FAILED] or result.run.result not in {RunResult.DONE, RunResult.PARTIAL}:
        return "Отправлено не всё: ниже сказано, что не принял Ozon и почему", "attention"
    if counts[OutcomeState.WAITING] or counts[OutcomeState.NOT_SENT]:
        return "Ozon ещё проверяет часть карточек: их итог появится при следующей синхронизации", "info"
    noted = dict(result.run.counts)
    if unwritten := noted.get("not_exported", 0):
        orders = wording.plural(unwritten, "заказ не записан", "заказа не записаны", "заказов не записано")
        return f"Ozon принял всё, что отправлено, но {orders} для магазина: причина — в журнале", "attention"
    if skipped := noted.get("skip", 0):
        products = wording.plural(skipped, "товар", "товара", "товаров")
        return f"Ozon принял всё, что отправлено. Пропущено {products}: причины видны после пересчёта и в журнале", "info"
    return "Ozon принял всё", "good"

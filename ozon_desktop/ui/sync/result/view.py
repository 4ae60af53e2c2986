"""What came of a run: outcomes per product, failures first, and «Повторить только ошибки»."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.services.sync.sync import ItemOutcome, OutcomeState, SyncResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.sync.result.model import ResultModel
from ozon_desktop.ui.widgets import Card, Width, WrappedLabel
from ozon_desktop.ui.widgets.grouped_model import OFFER_ID
from ozon_desktop.ui.widgets.lines_tree import LinesTree


class ResultView(QWidget):
    """retry_wanted: articles to send again. offer_opened: the article of a product."""

    retry_wanted = Signal(object)
    offer_opened = Signal(str)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._result: SyncResult | None = None
        self.model = ResultModel(context.theme, self)
        self.tree = LinesTree(self.model, name="result_tree", accessible="Итог отправки")
        self.tree.fit_columns(context.state, Width(share=2, least=24), Width(), Width(), Width(share=3, least=30))
        heading = WrappedLabel("Что стало с каждым товаром", role="heading")
        self.retry = QPushButton("Повторить только &ошибки")
        self.retry.setObjectName("retry_errors")
        self.copy = QPushButton("&Скопировать ошибки")
        self.copy.setObjectName("copy_errors")
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignTop)
        card = Card()
        card.body.addLayout(head)
        card.body.addWidget(self.tree, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card, 1)
        self.retry.clicked.connect(self._retry)
        self.copy.clicked.connect(self._copy)
        self.tree.opened.connect(self._opened)

    def show_result(self, result: SyncResult) -> None:
        """Shows the outcomes of a run."""
        self._result = result
        self.model.show_outcomes(result.outcomes)
        failed = bool(self.failed_offers)
        self.retry.setVisible(failed)
        self.copy.setVisible(failed)

    @property
    def failed_offers(self) -> frozenset[str]:
        """Articles of the products Ozon did not accept."""
        outcomes = self._result.outcomes if self._result is not None else ()
        return frozenset(outcome.offer_id for outcome in outcomes if outcome.state is OutcomeState.FAILED)

    def _retry(self) -> None:
        self.retry_wanted.emit(self.failed_offers)

    def _copy(self) -> None:
        outcomes = self._result.outcomes if self._result is not None else ()
        lines = [
            f"{outcome.offer_id}\t{outcome.name}\t{wording.run_problem_text(problem)}"
            for outcome in outcomes
            for problem in outcome.problems
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _opened(self, index: QModelIndex) -> None:
        self.offer_opened.emit(index.data(OFFER_ID))


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

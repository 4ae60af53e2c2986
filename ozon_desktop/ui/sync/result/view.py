"""What came of a run: outcomes per product, failures first, and «Повторить только ошибки»."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.sync import SyncResult
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

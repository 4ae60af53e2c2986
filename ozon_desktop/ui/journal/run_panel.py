"""The lower half of the journal: what the selected run left behind, and the way to each remedy."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.journal import Run, RunKind, RunProblem, RunResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.journal.problem_model import ProblemModel, Remedy, remedy
from ozon_desktop.ui.journal.run_table_model import result_text
from ozon_desktop.ui.sync.lines_tree import LinesTree
from ozon_desktop.ui.widgets import Card, Column, WrappedLabel


class RunPanel(Card):
    """retry_wanted: articles to send again, empty = the whole run."""

    retry_wanted = Signal(object)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent)
        self._context = context
        self._run: Run | None = None
        self.model = ProblemModel(context.theme, self)
        self.tree = LinesTree(self.model, name="problem_list", accessible=self.tr("Ошибки запуска"))
        self.tree.fit_columns(context.state, Column(share=3, least=36), Column(share=1, least=14), Column())
        self.note = WrappedLabel("", role="secondary")
        self.note.setObjectName("run_note")
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.act = QPushButton(self.tr("Открыть карточку"))
        self.act.setObjectName("problem_action")
        self.copy = QPushButton(self.tr("&Скопировать"))
        self.copy.setObjectName("copy_problems")
        self.retry = QPushButton(self.tr("Повторить только &ошибки"))
        self.retry.setObjectName("retry_errors")
        for button in (self.act, self.copy, self.retry):
            self.head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.note)
        self.body.addWidget(self.tree, 1)
        self.act.clicked.connect(self._act)
        self.copy.clicked.connect(self._copy)
        self.retry.clicked.connect(self._retry)
        self.tree.opened.connect(self._opened)
        self.tree.selectionModel().currentChanged.connect(self._update)
        self.model.modelReset.connect(self._update)

    def show_run(self, run: Run) -> None:
        """Shows what a run left behind."""
        same = self._run is not None and self._run.id == run.id and self._run.problems == run.problems
        self._run = run
        when = wording.when(run.started_at, self._context.application.clock())
        self.set_heading(f"{wording.run_kind_text(run.kind)} {when}: {result_text(run)}")
        if not same:
            self.model.show_problems(run.problems)
        counts = wording.counts_text(run.counts)
        clean = run.result is RunResult.DONE and not run.problems
        sentences = [run.reason, counts, self.tr("ошибок не было") if clean else ""]
        self.note.setText(" ".join(f"{wording.capital(part.rstrip('.'))}." for part in sentences if part))
        self.tree.setVisible(bool(run.problems))
        self._update()

    @property
    def offers(self) -> frozenset[str]:
        """Articles that have problems."""
        return frozenset(problem.offer_id for problem in self.model.problems if problem.offer_id)

    def _update(self) -> None:
        run = self._run
        problem = self.model.problem(self.tree.currentIndex())
        has_problems = run is not None and bool(run.problems)
        self.act.setVisible(has_problems)
        self.copy.setVisible(has_problems or (run is not None and bool(run.reason)))
        self.act.setEnabled(problem is not None)
        self.act.setText(wording.capital(self.model.remedy_text(problem)) if problem is not None else self.tr("Выберите ошибку"))
        only_errors = run is not None and run.kind is RunKind.SYNC and bool(self.offers)
        self.retry.setText(self.tr("Повторить только &ошибки") if only_errors else self.tr("&Повторить"))
        self.retry.setVisible(run is not None and (only_errors or bool(run.reason) or has_problems))

    def set_busy(self, why: str) -> None:
        """Nothing can be sent again while another job runs; `why` says which."""
        self.retry.setEnabled(not why)
        self.retry.setToolTip(why)

    def _act(self) -> None:
        self._remedy(self.model.problem(self.tree.currentIndex()))

    def _opened(self, index: QModelIndex) -> None:
        self._remedy(self.model.problem(index))

    def _remedy(self, problem: RunProblem | None) -> None:
        if problem is None:
            return
        what = remedy(problem)
        if what is Remedy.RETRY:
            self.retry_wanted.emit(frozenset({problem.offer_id} if problem.offer_id else ()))
            return
        pages = {Remedy.CARD: ("products", problem.offer_id), Remedy.MAP: ("mapping", None), Remedy.SETTINGS: ("integration", None)}
        self._context.go_to.emit(*pages[what])

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(part for part in (self.heading.text(), self.note.text(), self.model.text()) if part))

    def _retry(self) -> None:
        self.retry_wanted.emit(self.offers)

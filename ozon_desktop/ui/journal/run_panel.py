"""The lower half of the journal: what the selected run left behind, and the way to each remedy."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.journal import ProblemAction, Run, RunKind, RunProblem, RunResult, failed_offers, has_sent, problem_action
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.journal.problem_model import ProblemModel
from ozon_desktop.ui.widgets import Card, Width, WrappedLabel
from ozon_desktop.ui.widgets.lines_tree import LinesTree
from ozon_desktop.wording.runs import result_text

MAPPING_SHOWS = {"not_mapped": "unmapped", "type_disabled": "to_fix", "type_gone": "to_fix"}
"""What the mapping page narrows its list to, by the code of the problem."""

HEADING_CHARACTERS = 40


class RunPanel(Card):
    """retry_wanted: the run shown is to be repeated, of a synchronization only what failed. back_wanted: it is to be taken back."""

    retry_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent)
        self._context = context
        self._run: Run | None = None
        self._busy = ""
        self.model = ProblemModel(context.theme, self)
        self.tree = LinesTree(self.model, name="problem_list", accessible="Ошибки запуска")
        self.tree.fit_columns(context.state, Width(share=3, least=36), Width(share=1, least=14), Width())
        self.note = WrappedLabel("", role="secondary")
        self.note.setObjectName("run_note")
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.act = QPushButton("Открыть карточку")
        self.act.setObjectName("problem_action")
        self.copy = QPushButton("&Скопировать")
        self.copy.setObjectName("copy_problems")
        self.retry = QPushButton("Повторить только &ошибки")
        self.retry.setObjectName("retry_errors")
        self.back = QPushButton("&Вернуть, как было…")
        self.back.setObjectName("take_back")
        self.back.setToolTip("Показать, что было на Ozon до этого запуска, и после просмотра отправить прежние значения")
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        for button in (self.act, self.copy, self.back, self.retry):
            self.buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.head.addLayout(self.buttons)
        self.body.addWidget(self.note)
        self.body.addWidget(self.tree, 1)
        self.act.clicked.connect(self._act)
        self.copy.clicked.connect(self._copy)
        self.retry.clicked.connect(lambda: self.retry_wanted.emit())
        self.back.clicked.connect(lambda: self.back_wanted.emit())
        self.tree.opened.connect(self._opened)
        self.tree.selectionModel().currentChanged.connect(self._update)
        self.model.modelReset.connect(self._update)

    def show_run(self, run: Run) -> None:
        same = self._run is not None and self._run.id == run.id and self._run.problems == run.problems
        self._run = run
        when = wording.when(run.started_at, self._context.application.clock())
        self.set_heading(f"{wording.run_kind_text(run.kind)} {when}: {result_text(run)}")
        if not same:
            self.model.show_run(run)
        counts = wording.counts_text(run.counts)
        clean = run.result is RunResult.DONE and not run.problems
        sentences = [run.reason, counts, "ошибок не было" if clean else "", wording.who_text(run)]
        self.note.setText(" ".join(f"{wording.capital(part.rstrip('.'))}." for part in sentences if part))
        self.tree.setVisible(bool(run.problems))
        self._update()

    def _update(self) -> None:
        run = self._run
        problem = self.model.problem(self.tree.currentIndex())
        has_problems = run is not None and bool(run.problems)
        self.act.setVisible(has_problems)
        self.copy.setVisible(has_problems or (run is not None and bool(run.reason)))
        words = wording.capital(self.model.action_text(problem)) if problem is not None else "Выберите ошибку"
        self.act.setText(words or "Исправлять нечего")
        self._update_act()
        only_errors = run is not None and run.kind is RunKind.SYNC and bool(failed_offers(run))
        self.retry.setText("Повторить только &ошибки" if only_errors else "&Повторить")
        self.back.setVisible(run is not None and has_sent(run))
        self.retry.setVisible(run is not None and (only_errors or bool(run.reason) or has_problems))
        self._fit_head()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A heading that would have too little room beside the buttons stands above them."""
        super().resizeEvent(event)
        self._fit_head()

    def _fit_head(self) -> None:
        left = self.width() - self.buttons.sizeHint().width()
        wide = left > HEADING_CHARACTERS * self.heading.fontMetrics().averageCharWidth()
        self.head.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self.buttons.setAlignment(Qt.AlignmentFlag.AlignRight if wide else Qt.AlignmentFlag.AlignLeft)

    def set_busy(self, why: str) -> None:
        """Nothing can be sent again while another job runs; `why` says which."""
        self._busy = why
        self.retry.setEnabled(not why)
        self.back.setEnabled(not why)
        self.retry.setToolTip(why)
        self._update_act()

    def _update_act(self) -> None:
        problem = self.model.problem(self.tree.currentIndex())
        action = problem_action(problem) if problem is not None else ProblemAction.NOTHING
        waits = action is ProblemAction.RETRY and bool(self._busy)
        self.act.setEnabled(action is not ProblemAction.NOTHING and not waits)
        self.act.setToolTip(self._busy if waits else "")

    def _act(self) -> None:
        self._help(self.model.problem(self.tree.currentIndex()))

    def _opened(self, index: QModelIndex) -> None:
        self._help(self.model.problem(index))

    def _help(self, problem: RunProblem | None) -> None:
        if problem is None:
            return
        action = problem_action(problem)
        if action is ProblemAction.RETRY:
            if not self._busy:
                self.retry_wanted.emit()
            return
        pages = {
            ProblemAction.CARD: ("products", problem.offer_id),
            ProblemAction.MAP: ("mapping", MAPPING_SHOWS.get(problem.code.casefold())),
            ProblemAction.SETTINGS: ("integration", None),
        }
        if action in pages:
            self._context.go_to.emit(*pages[action])

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(part for part in (self.heading.text(), self.note.text(), self.model.text()) if part))

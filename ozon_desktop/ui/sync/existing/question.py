"""The question as a part of the page: whose content, whose price, whose stock; folded into one line once it is settled."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QPushButton, QRadioButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.services.cabinet.existing_cards import ExistingCards
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import Badge, Card, FlowLayout, WrappedLabel
from ozon_desktop.ui.widgets.segmented import Segmented
from ozon_desktop.wording.existing_cards import uncounted_text
from ozon_desktop.wording.preview import content_text, existing_line, existing_title, losses_text

WINNERS = {Side.STORE.value: "магазин", Side.OZON.value: "как на Ozon"}


class Option(QPushButton):
    """A choice with its consequence under it."""

    def __init__(self, content: Content, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.setCheckable(True)
        self.setObjectName(f"existing_{content.value}")
        set_role(self, "option")
        self.mark = QRadioButton(content_text(content))
        self.mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.consequence = QLabel()
        set_role(self.consequence, "hint")
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 12, 6)
        layout.setSpacing(2)
        layout.addWidget(self.mark)
        indented = QHBoxLayout()
        indented.setContentsMargins(24, 0, 0, 0)
        indented.addWidget(self.consequence)
        layout.addLayout(indented)
        for widget in (self.mark, self.consequence):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.toggled.connect(self.mark.setChecked)

    def set_losses(self, losses: int | None) -> None:
        """What choosing it would take away; None = not counted yet."""
        self.consequence.setText(losses_text(losses))
        set_role(self.consequence, "error" if losses and self.content is Content.STORE else "hint")
        self.setAccessibleName(f"{self.mark.text()}: {self.consequence.text()}")

    def sizeHint(self) -> QSize:
        return self._layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return self._layout.minimumSize()


class ExistingQuestion(Card):
    """answered(content, prices, stocks): the manager's answer. fields_asked: he wants to see the single fields."""

    answered = Signal(object, object, object)
    fields_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("existing_question")
        self.set_compact()
        self._view: ExistingCards | None = None
        self._unfolded = False
        self.badge = Badge("", "good")
        self.options = {content: Option(content) for content in (Content.FILL, Content.FIELDS, Content.STORE)}
        self.prices = Segmented(WINNERS, name="existing_prices", accessible="Цена")
        self.stocks = Segmented(WINNERS, name="existing_stocks", accessible="Остаток")
        self.apply = QPushButton("&Применить ответ")
        self.apply.setObjectName("existing_apply")
        self.fields = QPushButton("Поля…")
        self.fields.setObjectName("existing_fields")
        set_role(self.fields, "link")
        self.line = WrappedLabel("", role="secondary")
        self.uncounted = WrappedLabel("", role="hint")
        self.uncounted.setObjectName("existing_uncounted")
        self.change = QPushButton("Изменить")
        self.change.setObjectName("existing_change")
        set_role(self.change, "link")
        self._lay_out()
        group = QButtonGroup(self)
        for option in self.options.values():
            group.addButton(option)
            option.clicked.connect(self._chosen)
        self.options[Content.FIELDS].toggled.connect(self.fields.setVisible)
        self.fields.hide()
        self.options[Content.FILL].setChecked(True)
        for choice in (self.prices, self.stocks):
            choice.chosen.connect(self._chosen)
        self.apply.clicked.connect(self._answer)
        self.fields.clicked.connect(self.fields_asked)
        self.change.clicked.connect(self._unfold)
        self.hide()

    def _lay_out(self) -> None:
        self.head.addWidget(self.badge)
        self._whole = QWidget()
        options = FlowLayout(spacing=10)
        for content, option in self.options.items():
            options.addWidget(option)
            if content is Content.FIELDS:
                options.addWidget(self.fields)
        numbers = QGridLayout()
        numbers.setVerticalSpacing(6)
        for line, (text, choice) in enumerate((("Цена", self.prices), ("Остаток", self.stocks))):
            numbers.addWidget(QLabel(text), line, 0)
            numbers.addWidget(choice, line, 1)
        numbers.addWidget(self.apply, 0, 2, 2, 1)
        # The two stay together where the options need several lines.
        numbers.setRowStretch(2, 1)
        row = QHBoxLayout(self._whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addLayout(options, 1)
        row.addLayout(numbers)
        self._folded = QWidget()
        folded = QHBoxLayout(self._folded)
        folded.setContentsMargins(0, 0, 0, 0)
        folded.addWidget(self.line, 1)
        folded.addWidget(self.change)
        self.body.addWidget(self._whole)
        self.body.addWidget(self.uncounted)
        self.body.addWidget(self._folded)

    # --- what is shown ----------------------------------------------------------------------------------------------

    def show_view(self, view: ExistingCards | None, *, settled: bool) -> None:
        """Shows the question with its answer, or nothing when there is no such card. settled: the cabinet has sent already."""
        self._view = view
        self.setVisible(view is not None and view.count > 0)
        if view is None or not view.count:
            return
        for content, option in self.options.items():
            option.set_losses(None if view.uncounted >= view.count else view.losses.get(content))
        self.uncounted.setText(uncounted_text(view.uncounted))
        if view.content is not None:
            self.options[view.content].setChecked(True)
        for choice, side in ((self.prices, view.prices), (self.stocks, view.stocks)):
            if side is not None:
                choice.choose(side.value)
        folded = self._complete(view) and settled and not self._unfolded
        self._whole.setVisible(not folded)
        self._folded.setVisible(folded)
        self.uncounted.setVisible(bool(view.uncounted) and not folded)
        self.set_heading("" if folded else existing_title(view.count))
        self.line.setText(existing_line(view.count, view.content, view.prices, view.stocks))
        self._show_state()

    def _show_state(self) -> None:
        view = self._view
        answered = view is not None and self._complete(view)
        moment = view.answered_at if view is not None else None
        said = f"ответ дан в {wording.clock_time(moment)}" if answered and moment is not None else "ждёт ответа"
        self.badge.set_state(said, "good" if answered else "attention")
        self.badge.setVisible(self._whole.isVisibleTo(self))
        self.apply.setVisible(not answered)

    @staticmethod
    def _complete(view: ExistingCards) -> bool:
        return view.content is not None and view.prices is not None and view.stocks is not None

    def _unfold(self) -> None:
        self._unfolded = True
        self.show_view(self._view, settled=True)

    # --- the answer -------------------------------------------------------------------------------------------------

    def _chosen(self) -> None:
        """Marked only, until the first answer is applied; from then on a choice is an answer."""
        if self._view is not None and self._complete(self._view):
            self._answer()

    def _answer(self) -> None:
        content = next(content for content, option in self.options.items() if option.isChecked())
        self.answered.emit(content, Side(self.prices.key), Side(self.stocks.key))

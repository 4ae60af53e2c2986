"""«Магазин»: how the store is connected, whether it answers, and what was exchanged."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.domain.store_connection import ConnectionCheck, ConnectionKind, StoreConnection
from ozon_desktop.domain.store_health import StoreHealth
from ozon_desktop.errors import TakeOverNeeded
from ozon_desktop.services.store.exchange import ExchangeState
from ozon_desktop.services.store.overview import StoreOverview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.store.creating_dialog import CreatingDialog
from ozon_desktop.ui.integration.store.exchange_table import ExchangeTable
from ozon_desktop.ui.integration.store.files_form import FilesForm
from ozon_desktop.ui.integration.store.form import ConnectionForm
from ozon_desktop.ui.integration.store.link_form import LinkForm
from ozon_desktop.ui.integration.store.moysklad_form import MoySkladForm
from ozon_desktop.ui.integration.store.onec_form import OnecForm
from ozon_desktop.ui.integration.store.session import StoreReading, StoreSession
from ozon_desktop.ui.integration.store.state_table import StateTable
from ozon_desktop.ui.integration.store.take_over_dialog import TakeOverDialog
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import Badge, Card, WrappedLabel
from ozon_desktop.ui.widgets.confirm_bar import ConfirmBar
from ozon_desktop.ui.widgets.flow_layout import FlowLayout
from ozon_desktop.ui.widgets.labels import fixed_label
from ozon_desktop.ui.widgets.segmented import Segmented
from ozon_desktop.ui.widgets.tab_row import TabRow
from ozon_desktop.ui.widgets.tool_dialog import bring_up_one
from ozon_desktop.wording import progress_text
from ozon_desktop.wording.store_connection import check_text, kind_text
from ozon_desktop.wording.store_exchange import (
    disconnect_question,
    full_pull_question,
    health_hint,
    health_text,
    kind_hint,
    last_exchange_text,
    replace_question,
    site_text,
)
from ozon_desktop.wording.take_over import needed_question

EXCHANGES, STATES = "exchanges", "states"
TAKES_ORDERS = frozenset(kind for kind in ConnectionKind if StoreConnection(kind).takes_orders)


class StoreCard(Card):
    """load_asked: files shall be chosen; edited: something is typed that nobody has kept; said(text, kind): for the page's message.

    run_asked(run id): the line of the journal.
    """

    load_asked = Signal()
    edited = Signal()
    said = Signal(str, str)
    run_asked = Signal(int)

    def __init__(self, context: WindowContext, session: StoreSession, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName("Магазин")
        self._context = context
        self._session = session
        self._overview: StoreOverview | None = None
        self._check: ConnectionCheck | None = None
        self._refused: object | None = None
        self._said = ""
        self._busy = ""
        self._chosen = False
        self._pulling = False
        self._of_1c = False
        kinds = [kind for kind in ConnectionKind if kind in session.kinds]
        self.kind = Segmented({kind.value: kind_text(kind) for kind in kinds}, name="store_kind", accessible="Откуда приходят товары")
        self.badge = Badge("", "neutral")
        self.badge.setObjectName("store_badge")
        self.last = fixed_label("", role="secondary")
        self.last.setObjectName("store_last")
        self.hint = WrappedLabel("", role="secondary")
        self.hint.setObjectName("store_hint")
        self.files, self.onec = FilesForm(context), OnecForm(context.theme)
        self.forms: dict[ConnectionKind, ConnectionForm] = {
            form.kind: form for form in (self.files, LinkForm(context.theme), self.onec, MoySkladForm(context.theme))
        }
        self._make_actions()
        self.state = WrappedLabel("", role="secondary")
        self.state.setObjectName("store_state")
        self._make_progress()
        self.exchanges, self.states = ExchangeTable(context), StateTable()
        self.tabs = TabRow("store_tabs", "Обмены и состояния заказов")
        self._lay_out()
        self._connect()
        self._show_kind()

    def _make_actions(self) -> None:
        self.connect_button = self._button("Под&ключить", "connect_store")
        set_role(self.connect_button, "primary")
        self.forget_button = self._button("Не менять", "forget_store_edits")
        self.load_button = self._button("&Загрузить выгрузку…", "load_store_export")
        self.pull_button = self._button("За&брать сейчас", "pull_store")
        self.check_button = self._button("&Проверить", "check_store")
        self.full_button = self._button("За&грузить всё заново…", "pull_store_full")
        self.take_over_button = self._button("Перенос &магазина…", "take_over_store")
        self.create_button = self._button("Создать &в магазине…", "create_in_store")
        self.disconnect_button = self._button("О&тключить…", "disconnect_store")
        set_role(self.disconnect_button, "danger")
        self.actions_row = QWidget()
        flow = FlowLayout(self.actions_row)
        for button in self._buttons():
            flow.addWidget(button)
        flow.addWidget(self.onec.guides_row)
        policy = self.actions_row.sizePolicy()
        policy.setHeightForWidth(True)
        self.actions_row.setSizePolicy(policy)
        self.question = ConfirmBar("store_question")
        self.question.stand_for(self.actions_row)

    def _buttons(self) -> Sequence[QPushButton]:
        return (
            self.connect_button,
            self.forget_button,
            self.load_button,
            self.check_button,
            self.pull_button,
            self.full_button,
            self.take_over_button,
            self.create_button,
            self.disconnect_button,
        )

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        return button

    def _make_progress(self) -> None:
        self.progress = QFrame()
        self.progress_text = WrappedLabel("", role="secondary")
        self.progress_text.setObjectName("store_progress")
        self.progress_bar = QProgressBar()
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setAccessibleName("Ход загрузки из магазина")
        self.stop_button = QPushButton("Ост&ановить")
        self.stop_button.setObjectName("stop_store_pull")
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.progress_text)
        words.addWidget(self.progress_bar)
        row = QHBoxLayout(self.progress)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.progress.hide()

    def _lay_out(self) -> None:
        top = FlowLayout(spacing=12)
        for widget in (fixed_label("Магазин", role="heading"), self.kind, self.badge, self.last):
            top.addWidget(widget)
        self.body.setSpacing(10)
        self.body.addLayout(top)
        self.body.addWidget(self.hint)
        for form in self.forms.values():
            self.body.addWidget(form)
        self.body.addWidget(self.actions_row)
        self.body.addWidget(self.question)
        self.body.addWidget(self.onec.guide)
        self.body.addWidget(self.state)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.exchanges, 1)
        self.body.addWidget(self.states, 1)
        self.tabs.add(EXCHANGES, "Последние обмены", self.exchanges)
        self.tabs.add(STATES, "Состояния заказов", self.states)

    def _connect(self) -> None:
        session = self._session
        self.kind.chosen.connect(self._kind_chosen)
        for form in self.forms.values():
            form.edited.connect(self._form_edited)
        self.files.folder_chosen.connect(session.set_folder)
        self.onec.secret_asked.connect(session.read_secret)
        self.onec.said.connect(self._say_good)
        self.load_button.clicked.connect(self.load_asked)
        self.connect_button.clicked.connect(self.apply)
        self.forget_button.clicked.connect(self._forget)
        self.check_button.clicked.connect(session.check)
        self.pull_button.clicked.connect(self._pull)
        self.full_button.clicked.connect(self._ask_full)
        self.take_over_button.clicked.connect(self._open_take_over)
        self.create_button.clicked.connect(self._open_creating)
        self.disconnect_button.clicked.connect(self._ask_disconnect)
        self.stop_button.clicked.connect(self._stop)
        self.exchanges.opened.connect(self.run_asked)
        self.states.edited.connect(session.set_states)
        session.read.connect(self._show)
        session.busy.connect(self._show_busy)
        session.checked.connect(self._checked)
        session.site_checked.connect(self._site_checked)
        session.connected.connect(self._connected)
        session.not_connected.connect(self._not_connected)
        session.disconnected.connect(self._disconnected)
        session.pulling.connect(self._show_pulling)
        session.progressed.connect(self._show_progress)
        session.folder_refused.connect(self.files.show_refused)
        session.secret_read.connect(self.onec.show_secret)

    # --- showing ----------------------------------------------------------------------------------------------------

    @property
    def chosen_kind(self) -> ConnectionKind:
        """The kind whose fields are shown; not always the one that is connected."""
        return ConnectionKind(self.kind.key)

    @property
    def form(self) -> ConnectionForm:
        return self.forms[self.chosen_kind]

    @property
    def _current(self) -> StoreConnection:
        return self._overview.connection if self._overview is not None else StoreConnection()

    @property
    def has_edits(self) -> bool:
        """Whether something is typed that nobody has kept."""
        return self.form.has_edits

    def _show(self, reading: StoreReading) -> None:
        overview = self._overview = reading.overview
        if not self._chosen and overview.connection.kind.value in self.kind.buttons:
            self.kind.choose(overview.connection.kind.value)
        for form in self.forms.values():
            form.show_overview(overview)
        self.files.show_folder(reading.watched)
        self.exchanges.show_runs(overview.exchanges)
        self.states.show_states(overview.states, overview.order_states)
        self._show_loading(None if overview.site is None else overview.site.loading)
        self._show_kind()

    def _show_kind(self) -> None:
        for kind, form in self.forms.items():
            form.setVisible(kind is self.chosen_kind)
        self._show_guide()
        self._show_hint()
        self._show_actions()
        self._show_state()
        self.edited.emit()

    def _show_guide(self) -> None:
        """The steps of setting 1C up stand open while it has never come."""
        onec = self.chosen_kind is ConnectionKind.ONEC
        never = self._overview is not None and self._overview.health is StoreHealth.NEVER and self._overview.site is not None
        self.onec.offer_guide(never)
        self.onec.guide.setVisible(onec and bool(self.onec.shown_guide))

    def _show_hint(self) -> None:
        self.tabs.set_visible(STATES, self.chosen_kind in TAKES_ORDERS)
        kind, current = self.chosen_kind, self._current.kind
        connected = f"Сейчас подключено: {kind_text(current)}. " if current not in {kind, ConnectionKind.FILES} else ""
        if connected and kind is ConnectionKind.FILES:
            self.hint.setText(f"{connected}Чтобы снова загружать файлами, отключите магазин.")
        else:
            self.hint.setText(f"{connected}{kind_hint(kind)}")

    def _show_actions(self) -> None:
        kind, current = self.chosen_kind, self._current.kind
        files = kind is ConnectionKind.FILES
        here, edits = kind is current, self.form.has_edits
        idle = not self._busy and self._overview is not None
        shown = {
            self.connect_button: not files and (not here or edits),
            self.forget_button: not files and here and edits,
            self.load_button: files and here,
            self.check_button: here and not files and not edits,
            self.pull_button: here and not edits and self._current.is_pulled,
            self.full_button: here and not edits and self._current.is_pulled,
            self.take_over_button: here and not edits and self._has_goods(),
            self.create_button: here and not edits and self._has_goods(),
            self.disconnect_button: current is not ConnectionKind.FILES and (here or files),
        }
        self.onec.guides_row.setVisible(kind is ConnectionKind.ONEC)
        for button, visible in shown.items():
            button.setVisible(visible)
            button.setEnabled(idle)
        pulling = self._context.long_job is not None
        for button in (self.pull_button, self.full_button):
            button.setEnabled(idle and not pulling)
            button.setToolTip(f"Идёт другая работа: {self._context.long_job.title}" if self._context.long_job is not None else "")
        words = "Сохранить" if here else "В&ключить" if kind is ConnectionKind.ONEC else "Под&ключить"
        self.connect_button.setText(words)

    def _show_state(self) -> None:
        """Badge, last exchange, and what is wrong in words: of what is connected, unless another kind is looked at."""
        overview = self._overview
        here = overview is not None and self.chosen_kind is overview.connection.kind
        badge, kind, text = self._state(overview, here=here) if overview is not None else ("", "neutral", "")
        self.badge.set_state(badge, kind)
        self.last.setText(last_exchange_text(self.chosen_kind, overview.last_at, overview.now) if overview is not None and here else "")
        self.last.setVisible(bool(self.last.text()))
        set_role(self.state, "error" if kind == "error" else "secondary")
        self.state.setText(text)
        self.state.setVisible(bool(text))

    def _state(self, overview: StoreOverview, *, here: bool) -> tuple[str, str, str]:
        """Words and kind of the badge, and the line below: what was said last counts."""
        if self._busy:
            return self._busy, "accent", ""
        if self._refused is not None:
            return "Связи нет", "error", self._context.explain(self._refused).line
        if not here:
            return "Не подключено", "neutral", ""
        if overview.site is not None and overview.site.trouble:
            return "Не принимает", "error", overview.site.trouble
        if self._check is not None:
            badge, kind = ("Не хватает прав", "attention") if self._check.missing else ("Связь есть", "good")
            return badge, kind, "\n".join(check_text(self._check))
        text = self._said or health_hint(overview.health, overview.connection, overview.last_at, overview.now, overview.failure)
        return *health_text(overview.health, overview.connection.kind), text

    def _show_busy(self, text: str) -> None:
        self._busy = text
        if text:
            self._refused, self._check, self._said = None, None, ""
        self._show_actions()
        self._show_state()

    def update_actions(self) -> None:
        """Another long job has begun or ended."""
        self._show_actions()

    # --- choosing ---------------------------------------------------------------------------------------------------

    def _kind_chosen(self, _: str) -> None:
        self._chosen = self.chosen_kind is not self._current.kind
        self._refused = None
        self.question.dismiss()
        self._show_kind()

    def _form_edited(self) -> None:
        self._refused = None
        self._show_actions()
        self._show_state()
        self.edited.emit()

    def _forget(self) -> None:
        self.form.forget_edits()
        self._refused = None
        self.check_button.setFocus()
        self._show_kind()

    def apply(self) -> None:
        """Connects, or keeps what was changed. What is wrong is marked and gets the focus."""
        typed = self.form.typed()
        if typed is None:
            self._focus_problem()
            return
        current = self._current
        only_interval = (typed.kind, typed.address, typed.login) == (current.kind, current.address, current.login)
        if only_interval and typed.kind is not ConnectionKind.ONEC and self.form.secret is None:
            self._session.set_interval(typed.interval_min)
        elif typed.kind is not current.kind and self._has_goods():
            question = replace_question(current.kind, typed.kind)
            self.question.ask_anyway(question, self._connect_typed, "Сменить источник", "Оставить как есть")
        else:
            self._connect_typed()

    def _has_goods(self) -> bool:
        """Whether something was loaded already, from wherever: only then another source replaces anything."""
        return self._overview is not None and bool(self._overview.exchanges)

    def _connect_typed(self) -> None:
        typed = self.form.typed()
        if typed is not None:
            self._session.connect_store(typed, self.form.secret)

    def _focus_problem(self) -> None:
        wrong = self.form.first_problem()
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what came of it --------------------------------------------------------------------------------------------

    def _checked(self, check: ConnectionCheck) -> None:
        self._check, self._refused = check, None
        self._show_state()

    def _site_checked(self, state: ExchangeState) -> None:
        self._said = site_text(state.address, state.trouble)
        self._show_state()

    def _connected(self, check: ConnectionCheck) -> None:
        # That 1C is let in says nothing of whether it comes.
        self._check = check if self.chosen_kind is not ConnectionKind.ONEC else None
        self._refused, self._chosen = None, False
        # The reading that follows shows what is kept.
        self.form.forget_edits()

    def _not_connected(self, error: object) -> None:
        if isinstance(error, TakeOverNeeded):
            self._take_over_needed(error)
            return
        self._refused = error
        self._show_actions()
        self._show_state()
        wrong = self.form.show_refusal(error)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_over_needed(self, error: TakeOverNeeded) -> None:
        """Nothing is wrong with the connection, which waits for what a person says of it."""
        self._refused, self._chosen = None, False
        self.form.forget_edits()
        self._show_kind()
        self.question.ask_anyway(needed_question(error.detail), self._look_at_waiting, "Посмотреть перенос", "Не сейчас")

    def _look_at_waiting(self) -> None:
        self._open_take_over().look_at_connection()

    def _open_take_over(self) -> TakeOverDialog:
        return bring_up_one(TakeOverDialog, self, lambda: TakeOverDialog(self._context, self))

    def _open_creating(self) -> CreatingDialog:
        return bring_up_one(CreatingDialog, self, lambda: CreatingDialog(self._context, self))

    def _disconnected(self) -> None:
        self._check, self._refused, self._chosen = None, None, False
        for form in self.forms.values():
            form.forget_edits()

    def _say_good(self, text: str) -> None:
        self.said.emit(text, "good")

    # --- goods ------------------------------------------------------------------------------------------------------

    def _pull(self) -> None:
        self._session.pull(full=False)

    def _ask_full(self) -> None:
        self.question.ask_anyway(full_pull_question(), self._pull_all, "Загрузить заново", "Не надо")

    def _pull_all(self) -> None:
        self._session.pull(full=True)

    def _ask_disconnect(self) -> None:
        self.question.ask_anyway(disconnect_question(self._current), self._session.disconnect_store, "Отключить", "Оставить")

    def _show_pulling(self, pulling: bool) -> None:
        self._pulling, self._of_1c = pulling, False
        self.progress.setVisible(pulling)
        if pulling:
            self._begin_progress()
        self._show_actions()

    def _show_loading(self, update: ProgressUpdate | None) -> None:
        """1C brings its goods when it likes: they are shown, and can be stopped, like those that are asked for."""
        if self._pulling:
            return
        if update is not None and not self._of_1c:
            self._begin_progress()
        self._of_1c = update is not None
        self.progress.setVisible(self._of_1c)
        if update is not None:
            self._show_progress(update)

    def _begin_progress(self) -> None:
        self.progress_text.setText("Начинаю…")
        self.progress_bar.setRange(0, 0)
        self.stop_button.setEnabled(True)
        self.stop_button.setText("Ост&ановить")

    def _show_progress(self, update: ProgressUpdate) -> None:
        self.progress_text.setText(progress_text(update))
        self.progress_bar.setRange(0, update.total or 0)
        if update.total:
            self.progress_bar.setValue(min(update.done, update.total))

    def _stop(self) -> None:
        self.stop_button.setEnabled(False)
        self.stop_button.setText("Останавливаю…")
        if self._of_1c:
            self._session.stop_import()
        else:
            self._session.stop()

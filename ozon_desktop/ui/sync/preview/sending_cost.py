"""What sending will take: requests, what it uses of the cabinet's limits, and what the preview was compared with."""

from PySide6.QtWidgets import QLabel, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.quotas import CREATE, TOTAL, UPDATE, Turn
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.services.sync.preview import LimitUse, Preview
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import FlowLayout
from ozon_desktop.ui.widgets.labels import fixed_label

LIMITS = (CREATE, UPDATE, TOTAL)
SPARE = 4
DAILY = {CREATE: ActionKind.CREATE, UPDATE: ActionKind.UPDATE}


class SendingCost(QWidget):
    """One line of short texts that wraps; a limit that will not do is in the colour of attention."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.requests = fixed_label("", role="secondary")
        self.requests.setObjectName("preview_cost")
        self.uses = {name: fixed_label("", role="secondary") for name in LIMITS}
        self.compared = fixed_label("", role="good")
        self.compared.setObjectName("preview_compared")
        self._line = layout = FlowLayout(self, spacing=16)
        layout.addWidget(self.requests)
        for name, label in self.uses.items():
            label.setObjectName(f"limit_use_{name}")
            layout.addWidget(label)
        layout.addWidget(self.compared)
        for label in (*self.uses.values(), self.compared):
            label.hide()

    def add(self, widget: QWidget) -> None:
        """Puts one more thing at the end of the line."""
        self._line.addWidget(widget)

    def show_preview(self, preview: Preview, *, asked_to_compare: bool) -> None:
        """Shows what this plan takes. asked_to_compare: whether Ozon was to be asked what it shows now."""
        self.requests.setText(f"Обращений к Ozon: {wording.number(preview.requests)}")
        uses = {use.limit.name: use for use in preview.limit_uses}
        turns = {turn.kind: turn for turn in preview.turns}
        said = [wording.capital(wording.limit_use_text(use.limit.name, use.wanted, use.limit.left)) for use in uses.values() if use.wanted]
        self.requests.setToolTip("\n".join(said))
        self.requests.setAccessibleDescription(", ".join(said))
        for name, label in self.uses.items():
            _show_use(label, uses.get(name), turns.get(DAILY[name]) if name in DAILY else None)
        self._show_compared(preview, asked_to_compare)

    def _show_compared(self, preview: Preview, asked: bool) -> None:
        missed = asked and not preview.against_ozon
        text = "Сравнено с тем, что Ozon показывает сейчас"
        self.compared.setText("С Ozon не сравнено: кабинет не ответил" if missed else text)
        set_role(self.compared, "attention" if missed else "good")
        self.compared.setVisible(asked or preview.against_ozon)


def _ample(use: LimitUse) -> bool:
    """Whether most of what is left stays: then the row has better things to say."""
    return use.fits and use.limit.left is not None and use.wanted * SPARE <= use.limit.left


def _show_use(label: QLabel, use: LimitUse | None, turn: Turn | None) -> None:
    """turn: when the cards go that the limit is about."""
    waits = turn is not None and turn.waits
    if use is None or not use.wanted or (_ample(use) and not waits):
        label.hide()
        return
    limit = use.limit
    text = wording.limit_use_text(limit.name, use.wanted, limit.left)
    label.setText(wording.turn_text(turn) if turn is not None and waits else wording.capital(text))
    label.setToolTip(wording.limit_text(limit))
    set_role(label, "secondary" if use.fits and not waits else "attention")
    label.show()

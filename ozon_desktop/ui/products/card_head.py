"""Top of the card: name, article and category, readiness, and every problem in words as a link to its field."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import Card, CardProblem
from ozon_desktop.ui.products.card_draft import SIDES
from ozon_desktop.ui.products.card_form import PICTURES
from ozon_desktop.ui.widgets import Badge, WrappedLabel

if TYPE_CHECKING:
    from ozon_desktop.services.cards import CardDetails

LINKS = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard


class CardHead(QWidget):
    """`field_wanted` carries what a problem is about: an attribute's id or a side of the package, as text."""

    field_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = WrappedLabel("", role="heading")
        self.name.setObjectName("card_name")
        self.where = WrappedLabel("", role="secondary")
        self.badge = Badge()
        self.badge.setObjectName("card_badge")
        self.problems = QLabel()
        self.problems.setObjectName("card_problems")
        self.problems.setWordWrap(True)
        self.problems.setAccessibleName(self.tr("Что исправить в карточке"))
        self.problems.setTextFormat(Qt.TextFormat.RichText)
        self.problems.linkActivated.connect(self.field_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.name, self.where, self.badge, self.problems):
            layout.addWidget(widget)

    def show_details(self, details: CardDetails) -> None:
        """Show one card."""
        card = details.card
        self.name.setText(card.product.name)
        self.where.setText(" · ".join(part for part in (card.offer_id, " / ".join(details.category_path)) if part))
        blocking = sum(problem.blocking for problem in card.problems)
        if card.ready:
            self.badge.set_state(self.tr("готов"), "good")
        else:
            self.badge.set_state(wording.plural(blocking, "ошибка", "ошибки", "ошибок"), "error")
        lines = [self._line(card, problem) for problem in card.problems]
        errors = details.ozon.errors if details.ozon is not None else ()
        lines += [escape(self.tr("Ozon: {0}").format(wording.item_error_text(error))) for error in errors]
        self.problems.setText("<br>".join(lines))
        self.problems.setVisible(bool(lines))
        # Only links can be reached with Tab: a text without any would take the focus and not show it.
        self.problems.setTextInteractionFlags(LINKS if any("<a " in line for line in lines) else Qt.TextInteractionFlag.NoTextInteraction)

    def _line(self, card: Card, problem: CardProblem) -> str:
        text = escape(wording.problem_text(problem))
        known = any(filled.attribute.id == problem.attribute_id for filled in card.fields)
        places = {*SIDES, PICTURES} if card.fields else set()
        target = str(problem.attribute_id) if known else problem.field if problem.field in places else ""
        return f'<a href="{target}">{text}</a>' if target else text

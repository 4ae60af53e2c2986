"""Top of the card: name, article and category, readiness, and every problem in words as a link to its field."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import Card, CardProblem
from ozon_desktop.domain.ozon_problems import OzonProblem
from ozon_desktop.services.cards.cards import CardDetails
from ozon_desktop.ui.products.card.pictures_box import PICTURES
from ozon_desktop.ui.products.card.store_box import PLACES
from ozon_desktop.ui.products.fields.draft import SIDES
from ozon_desktop.ui.widgets import Badge, WrappedLabel

CATEGORY = "category"
"""Where a complaint about the type leads: to the mapping of the product's category."""

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
        self.problems.setAccessibleName("Что исправить в карточке")
        self.problems.setTextFormat(Qt.TextFormat.RichText)
        self.problems.linkActivated.connect(self.field_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.name, self.where, self.badge, self.problems):
            layout.addWidget(widget)

    def show_details(self, details: CardDetails) -> None:
        card = details.card
        self.name.setText(card.product.name)
        self.where.setText(" · ".join(part for part in (card.offer_id, " / ".join(details.category_path)) if part))
        blocking = sum(problem.blocking for problem in card.problems)
        refused = any(problem.blocking for problem in details.ozon_problems)
        silent = not refused and details.ozon is not None and details.ozon.refused is not None
        errors = wording.plural(blocking, "ошибка", "ошибки", "ошибок")
        if card.ready and not refused and not silent:
            self.badge.set_state("готов", "good")
        elif card.ready:
            self.badge.set_state("Ozon отклонил", "error")
        else:
            self.badge.set_state(f"{errors} и отказ Ozon" if refused else errors, "error")
        lines = [self._line(card, problem) for problem in card.problems]
        lines += [self._ozon_line(details, problem) for problem in details.ozon_problems]
        if silent:
            lines.append(escape("Ozon: карточка не принята, причина не названа. Измените карточку или отправьте её снова."))
        if (refused or silent) and details.ozon is not None and details.ozon.updated_at is not None:
            text = "Ответ Ozon получен {0}; новый придёт, когда карточка будет отправлена снова."
            lines.append(escape(text.format(wording.exact(details.ozon.updated_at))))
        self.problems.setText("<br>".join(lines))
        self.problems.setVisible(bool(lines))
        # Only links can be reached with Tab: a text without any would take the focus and not show it.
        self.problems.setTextInteractionFlags(LINKS if any("<a " in line for line in lines) else Qt.TextInteractionFlag.NoTextInteraction)

    def _line(self, card: Card, problem: CardProblem) -> str:
        return _linked(wording.problem_text(problem), _target(card, problem))

    def _ozon_line(self, details: CardDetails, problem: OzonProblem) -> str:
        target = _target(details.card, problem)
        if not target and problem.field == CATEGORY and details.category_id is not None:
            target = CATEGORY
        return _linked(wording.ozon_problem_text(problem), target)


def _target(card: Card, problem: CardProblem | OzonProblem) -> str:
    """The field of the form a problem is about; "" when it has no place there."""
    if any(filled.attribute.id == problem.attribute_id for filled in card.fields):
        return str(problem.attribute_id)
    places = {*SIDES, PICTURES, *PLACES} if card.fields else set()
    return problem.field if problem.field in places else ""


def _linked(text: str, target: str) -> str:
    return f'<a href="{target}">{escape(text)}</a>' if target else escape(text)

"""What the card takes from the store as it is: name, article, barcode, price, VAT; corrected in the back office."""

from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.services.cards.cards import CardDetails
from ozon_desktop.ui.products.fields.ozon_note import OzonNote, of_fields
from ozon_desktop.ui.widgets import Field, FieldRow, WrappedLabel

PLACES = {
    "name": "name",
    "offer_id": "offer_id",
    "barcode": "barcode",
    "price": "price",
    "old_price": "price",
    "min_price": "price",
    "vat": "vat",
}
"""Where a problem of each field is shown."""


class StoreBox(QWidget):
    """Fields that are only read, each with what the program and what Ozon have against it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        labels = {
            "name": "Название",
            "offer_id": "Артикул",
            "barcode": "Штрихкод",
            "price": "Цена",
            "vat": "НДС",
        }
        self.fields: dict[str, Field] = {}
        self.lines: dict[str, QLineEdit] = {}
        self.notes: dict[str, OzonNote] = {}
        for name, label in labels.items():
            line = QLineEdit()
            line.setObjectName(f"store_{name}")
            line.setReadOnly(True)
            field, note = Field(label, line), OzonNote(name)
            field.add_below(note)
            self.lines[name], self.fields[name], self.notes[name] = line, field, note
        self.hint = WrappedLabel("Меняются в учётной программе: исправьте там и загрузите выгрузку снова.", role="hint")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.addWidget(self.fields["name"], 0, 0, 1, 2)
        for row, pair in enumerate((("offer_id", "barcode"), ("price", "vat")), 1):
            for column, name in enumerate(pair):
                grid.addWidget(self.fields[name], row, column)
                grid.setColumnStretch(column, 1)
            FieldRow([self.fields[name] for name in pair], self)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.setSpacing(6)
        column_layout.addWidget(self.hint)
        column_layout.addLayout(grid)

    def show_details(self, details: CardDetails) -> None:
        card = details.card
        lowest = [wording.lowest_price_text(details.lowest)] if details.lowest is not None else []
        texts = {
            "name": card.product.name,
            "offer_id": card.offer_id,
            "barcode": card.product.barcodes[0] if card.product.barcodes else "",
            "price": wording.money(card.price, card.currency) if card.price is not None else "",
            "vat": wording.vat_text(card.vat) if card.vat is not None else "",
        }
        for name, field in self.fields.items():
            line = self.lines[name]
            line.setText(texts[name])
            # A name is read from its beginning.
            line.setCursorPosition(0)
            line.setPlaceholderText("нет")
            here = [problem for problem in card.problems if PLACES.get(problem.field) == name]
            blocking = [wording.problem_text(problem) for problem in here if problem.blocking]
            doubts = [wording.problem_text(problem) for problem in here if not problem.blocking]
            field.set_hint("\n".join(doubts + lowest if name == "price" else doubts))
            field.set_error("\n".join(blocking) or None)
            self.notes[name].show_problems(of_fields(details.ozon_problems, {place for place, shown in PLACES.items() if shown == name}))

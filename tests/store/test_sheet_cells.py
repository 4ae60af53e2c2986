"""Cells of a workbook's XML one by one: what a shop manager sees in the cell, or why it cannot be used."""

import pytest
from lxml import etree

from ozon_desktop.domain.spreadsheet import CellFault, FaultyCell
from ozon_desktop.store.sheet_cells import Book, read_cell, shared_text

BOOK = Book(["Кружка", "Чайник"], [None, CellFault.DATE, CellFault.PERCENT])


@pytest.mark.parametrize(
    ("xml", "seen"),
    [
        ('<c t="s"><v>1</v></c>', "Чайник"),
        ('<c t="b"><v>7</v></c>', "7"),
        ('<c t="str"><v>a_x000D_b</v></c>', "a\rb"),
        ('<c t="inlineStr"><is><t>один</t></is></c>', "один"),
        ("<c><v>0.30000000000000004</v></c>", "0.3"),
        ("<c><v>1499</v></c>", "1499"),
        ("<c><v>0</v></c>", "0"),
        ('<c s="x"><v>5</v></c>', "5"),
        ("<c></c>", ""),
        ("<c><f>A1</f></c>", FaultyCell(CellFault.NO_RESULT, "B2", "")),
        ('<c t="e"><v></v></c>', FaultyCell(CellFault.ERROR, "B2", "#?")),
        ('<c t="d"><v>2026-11-30</v></c>', FaultyCell(CellFault.DATE, "B2", "2026-11-30")),
        ('<c s="1"><v>0.5</v></c>', FaultyCell(CellFault.DATE, "B2", "12:00")),
        ('<c s="1"><v>46356</v></c>', FaultyCell(CellFault.DATE, "B2", "30.11.2026")),
        ('<c s="1"><v>-1</v></c>', FaultyCell(CellFault.DATE, "B2", "-1")),
        ('<c s="2"><v>0.125</v></c>', FaultyCell(CellFault.PERCENT, "B2", "12,5 %")),
        ("<c><v>4607001234567890</v></c>", FaultyCell(CellFault.ROUNDED, "B2", "4607001234567890")),
        ("<c><v>1E+300</v></c>", FaultyCell(CellFault.ROUNDED, "B2", "1E+300")),
    ],
)
def test_a_cell_reads_as_it_is_seen(xml: str, seen: str | FaultyCell) -> None:
    assert read_cell(etree.fromstring(xml), BOOK, "B2") == seen


@pytest.mark.parametrize("xml", ['<c t="s"><v>2</v></c>', '<c t="s"><v>-1</v></c>', "<c><v>много</v></c>", "<c><v>NaN</v></c>"])
def test_a_cell_that_no_writer_makes_is_named(xml: str) -> None:
    with pytest.raises(ValueError, match="B2"):
        read_cell(etree.fromstring(xml), BOOK, "B2")


def test_a_shared_string_is_its_runs_without_the_reading_aids() -> None:
    item = etree.fromstring("<si><!-- a note --><r><t>Чай</t></r><r><t>ник</t></r><rPh><t>тяй</t></rPh></si>")
    assert shared_text(item) == "Чайник"

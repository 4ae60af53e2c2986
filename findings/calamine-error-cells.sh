#!/usr/bin/env bash
# python-calamine 0.9.1: a cell with an error (#N/A of a lookup that found nothing, #DIV/0!) comes as "", the same as an empty cell; nothing in
# the answer tells them apart. Whoever takes "" for «clear this field» empties what the person wanted to look up.
# Seen through to_python() and iter_rows().
# In the program: an own reader (ozon_desktop/store/sheet_reader.py), which reports such cells.
source "$(dirname "$0")/environment.bash" xlsxwriter==3.3.1 python-calamine==0.9.1
"$python" - <<'PY'
import io

import python_calamine
import xlsxwriter

file = io.BytesIO()
book = xlsxwriter.Workbook(file, {"in_memory": True})
sheet = book.add_worksheet()
sheet.write_row(0, 0, ["a", "b", "c", "d"])
sheet.write_string(1, 0, "x")
sheet.write_formula(1, 1, "=VLOOKUP(1,A1:A1,1,0)", None, "#N/A")
sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
sheet.write_blank(1, 3, None)
book.close()
file.seek(0)
read = python_calamine.CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
rows = read.to_python()
print(rows)
assert rows[1] == ["x", "", "", ""], rows
assert list(read.iter_rows())[1][:3] == ["x", "", ""]
PY

#!/usr/bin/env bash
# XlsxWriter 3.3.1 and python-calamine 0.9.1 together: Worksheet.write() makes a formula of a text that begins with «=» and stores 0 as its
# result, because it calculates nothing. A spreadsheet program recalculates; calamine and other readers take the stored result, so a product
# named «=3D пазл» comes back as the number 0.0. The option strings_to_formulas=False of the workbook, or write_string(), keeps the text.
# In the program: tables are written with write_string() (ozon_desktop/store/sheets.py).
source "$(dirname "$0")/environment.bash" xlsxwriter==3.3.1 python-calamine==0.9.1
"$python" - <<'PY'
import io

import python_calamine
import xlsxwriter

print("XlsxWriter", xlsxwriter.__version__)
file = io.BytesIO()
book = xlsxwriter.Workbook(file, {"in_memory": True})
sheet = book.add_worksheet()
sheet.write(0, 0, "=3D пазл")
sheet.write_string(1, 0, "=3D пазл")
book.close()
file.seek(0)
rows = python_calamine.CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
print(rows)
assert rows == [[0.0], ["=3D пазл"]], rows
PY

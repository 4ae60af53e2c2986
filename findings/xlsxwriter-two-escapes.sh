#!/usr/bin/env bash
# XlsxWriter 3.3.1: a text that looks like the escapes of the format (_x0041_ means A) is escaped on writing, so that it is read back as it was; of two
# that share an underscore only the first is. Readers disagree about such a file: of "_x0041_x0042_" python-calamine 0.9.1 makes "_x0041B", openpyxl
# 3.1.5 gives the text as it was. Serial numbers and codes of articles may look like this, and a round trip changes them by who reads the file.
# In the program: the writer of sheets escapes such texts itself (ozon_desktop/store/sheets.py), the round trip is a property test.
source "$(dirname "$0")/environment.bash" xlsxwriter==3.3.1 openpyxl==3.1.5 python-calamine==0.9.1
"$python" - <<'PY'
import io

import openpyxl
import python_calamine
import xlsxwriter

file = io.BytesIO()
book = xlsxwriter.Workbook(file, {"in_memory": True})
sheet = book.add_worksheet()
sheet.write_string(0, 0, "_x0041_")
sheet.write_string(1, 0, "_x0041_x0042_")
book.close()
by_openpyxl = [row[0] for row in openpyxl.load_workbook(io.BytesIO(file.getvalue())).active.iter_rows(values_only=True)]
file.seek(0)
by_calamine = [row[0] for row in python_calamine.CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()]
print(by_openpyxl, by_calamine)
assert by_openpyxl[0] == by_calamine[0] == "_x0041_"
assert (by_calamine[1], by_openpyxl[1]) == ("_x0041B", "_x0041_x0042_")
PY

#!/usr/bin/env bash
# XlsxWriter 3.3.1: write_string() of more than 32,767 signs raises nothing. It returns -2 and writes the first 32,767, so that an HTML
# description that is exported and imported again has lost its end. The documentation says «a warning is issued»; none is seen, even with
# every warning turned into an error.
# In the program: ozon_desktop/store/sheets.py looks at the length first; such texts say that they are cut, or are marked and never read back.
source "$(dirname "$0")/environment.bash" xlsxwriter==3.3.1 python-calamine==0.9.1
"$python" -W error - <<'PY'
import io

import python_calamine
import xlsxwriter

file = io.BytesIO()
book = xlsxwriter.Workbook(file, {"in_memory": True})
sheet = book.add_worksheet()
answers = (sheet.write_string(0, 0, "я" * 32_767), sheet.write_string(1, 0, "я" * 32_768 + "конец"))
book.close()
file.seek(0)
lengths = [len(row[0]) for row in python_calamine.CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()]
print(answers, lengths)
assert answers == (0, -2), answers
assert lengths == [32_767, 32_767], lengths
PY

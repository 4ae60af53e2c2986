#!/usr/bin/env bash
# Python 3.11: the group separator of GS1 codes (GS, U+001D) is white space and ends a line: str.strip() and str.split() without arguments eat it,
# str.splitlines() and file iteration over a text made by it cut a code of «Честный знак» in two. bytes behave otherwise, and so does "\n".split.
# Whoever reads scanned codes a line each with splitlines() gets halves that look like short codes.
# In the program: ozon_desktop/domain/marks.py strips " \t\r\n" only, commands/desk.py splits at "\n".
set -euo pipefail
python3 - <<'PY'
code = "010460000000000821serial\x1d91EE10\x1d92signature"
print(code.splitlines())
assert len(code.splitlines()) == 3
assert len(code.split()) == 3
assert ("\x1d" + code + "\x1d").strip() == code
assert len(code.encode().splitlines()) == 1
assert code.split("\n") == [code]
PY

"""Texts that spreadsheets and readers of them like to take for something else."""

from hypothesis import strategies as st

ODD_TEXTS = (
    *("=1+1", "+7 900", "-5", "'кавычка", " пробелы ", "две\nстроки", "\r\n", "\t", "00123", "4607012345678901234", "1e5", "01.02.2026"),
    *("12 %", "50%", "ёлка", "ЕЛКА", "_x000D_", "_x005F_x000D_", "_xZZZZ_", "_x0000_x0000_", "true", "#Н/Д", "#N/A", "\ufffe\uffff"),
    *("a;b", "😀" * 3, "@a", "null", "{=1}", "https://shop.example/?a=1&b=2"),
)
ODD: st.SearchStrategy[str] = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.sampled_from(ODD_TEXTS))

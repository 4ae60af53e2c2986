"""Files as shops really make them: their signs become clean UTF-8 whatever the chunks, or the file is refused with its line."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozon_desktop.domain.import_problems import ImportProblemKind
from ozon_desktop.errors import BrokenFile
from ozon_desktop.store.clean_stream import CHUNK, CleanStream


class Drops:
    """A file that is given in pieces of any size."""

    def __init__(self, data: bytes, size: int) -> None:
        self._stream = io.BytesIO(data)
        self._size = size

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(self._size if size < 0 else min(size, self._size))


def cleaned(data: bytes, size: int = CHUNK) -> tuple[str, list[tuple[ImportProblemKind, int, str]]]:
    stream = CleanStream(Drops(data, size), "shop.xml")
    parts = []
    while part := stream.read(1000):
        parts.append(part)
    return b"".join(parts).decode(), stream.notes


TEXT = "<a>Слипоны «Бриз», №5</a>"


@pytest.mark.parametrize(
    "start", [b"", b"\n", b"\n \t\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\n\xef\xbb\xbf\n"]
)
@pytest.mark.parametrize("size", [7, CHUNK])
def test_blanks_and_marks_before_the_declaration_go_but_lines_stay(start: bytes, size: int) -> None:
    text, notes = cleaned(start + b'<?xml version="1.0" encoding="utf-8"?>\n' + TEXT.encode(), size)
    assert text.strip() == TEXT
    assert text.count("\n") == start.count(b"\n") + 1
    assert notes == []


@pytest.mark.parametrize(
    "declared", ["windows-1251", "WINDOWS-1251", "win-1251", "CP-1251", "cp1251", "ANSI", "Windows 1251", "koi-odd", "utf-8", ""]
)
def test_windows_1251_is_read_whatever_the_file_calls_it(declared: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    assert cleaned((head + TEXT).encode("cp1251"))[0] == TEXT


@pytest.mark.parametrize("declared", ["windows-1251", "utf-16", "latin1", "ANSI", "koi8-r", "rubbish"])
def test_utf_8_is_read_whatever_the_file_calls_it(declared: str) -> None:
    text, notes = cleaned(f'<?xml version="1.0" encoding="{declared}"?>{TEXT}'.encode())
    assert text == TEXT
    assert [kind for kind, _, _ in notes] == [ImportProblemKind.ENCODING]


@pytest.mark.parametrize("declaration", ["<?xml encoding='windows-1251'>", "<?xml version=1.0 encoding=windows-1251?>", "<?xml?>"])
def test_a_declaration_written_badly_is_understood_as_far_as_it_goes(declaration: str) -> None:
    assert cleaned((declaration + TEXT).encode("cp1251"))[0] == TEXT


@pytest.mark.parametrize("codec", ["koi8-r", "cp866", "iso-8859-5", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings_are_read_as_declared(codec: str) -> None:
    text = TEXT.replace("«", "").replace("»", "").replace("№", "N")
    assert cleaned(f'<?xml version="1.0" encoding="{codec}"?>{text}'.encode(codec)) == (text, [])


def test_the_first_russian_letter_decides_however_late_it_comes() -> None:
    late = "<a>" + "x" * (3 * CHUNK) + "</a>"
    for codec in ("utf-8", "cp1251"):
        for shift in range(4):
            data = ("y" * shift + late + TEXT).encode(codec)
            assert cleaned(data)[0] == "y" * shift + late + TEXT


@pytest.mark.parametrize("order", [("utf-8", "cp1251"), ("cp1251", "utf-8")])
def test_two_encodings_in_one_file_are_refused_or_left_for_the_parser_to_refuse(order: tuple[str, str]) -> None:
    long = "Слипоны летние синие " * 8000
    data = b"<a b='1'>" + long.encode(order[0]) + b"\n" + long.encode(order[1])
    try:
        text, _ = cleaned(b'<?xml version="1.0" encoding="utf-8"?>' + data)
    except (BrokenFile, UnicodeDecodeError):
        return
    raise AssertionError(text[-40:])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"Plug&Play", "Plug&amp;Play"),
        (b"A & B &", "A &amp; B &amp;"),
        (b"a&amp;b &lt; &gt; &quot;&apos; &#8381; &#x20BD;", "a&amp;b &lt; &gt; &quot;&apos; &#8381; &#x20BD;"),
        (b"1&nbsp;499 &laquo;A&raquo; 5&ndash;6 &Eacute;", "1\u00a0499 «A» 5–6 É"),
        (b"?a=1&copy=2&reg=3", "?a=1&amp;copy=2&amp;reg=3"),
        (b"&LT;&AMP;&QUOT;", "&lt;&amp;&quot;"),
        (b"5&#150;6", "5–6"),
        (b"<![CDATA[a & b &nbsp; c]]>&", "<![CDATA[a & b &nbsp; c]]>&amp;"),
        (b"<![CDATA[<p>]]>&nbsp;<![CDATA[&]]>", "<![CDATA[<p>]]>\u00a0<![CDATA[&]]>"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 5, CHUNK])
def test_ampersands_and_entities_of_html(written: bytes, read: str, size: int) -> None:
    assert cleaned(b"<a>" + written + b"</a>", size) == (f"<a>{read}</a>", [])


def test_an_unknown_entity_stays_as_written_and_is_said() -> None:
    assert cleaned(b"<a>\n1&foo;499</a>") == ("<a>\n1&amp;foo;499</a>", [(ImportProblemKind.UNKNOWN_ENTITY, 2, "&foo;")])


@pytest.mark.parametrize("written", [b"\x00", b"\x1f", b"\x0b", b"&#31;", b"&#x0;", b"&#xFFFF;", "\uffff".encode()])
def test_control_characters_go_and_are_said_with_their_line(written: bytes) -> None:
    text, notes = cleaned(b"<a>\n\nx" + written + b"y</a>")
    assert text == "<a>\n\nxy</a>"
    [(kind, _, _)] = notes
    assert kind is ImportProblemKind.CONTROL_CHARACTERS


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("aЖ&;<>[]!CDAT#x1 \n"), max_size=60), st.integers(1, 9))
def test_the_size_of_the_pieces_changes_nothing(text: str, size: int) -> None:
    data = f"<a>{text}</a>".encode()
    assert cleaned(data, size) == cleaned(data)

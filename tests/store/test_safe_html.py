"""Descriptions keep all their text and only the markup a shop window may show."""

import pytest

from ozon_desktop.store.safe_html import TAG, safe_html


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("<p>Лёгкие <b>слипоны</b></p><script>alert(1)</script>", "<p>Лёгкие <b>слипоны</b></p>"),
        ("<p>Лёгкие</p><table><tr><td>1</td><td>2</td></tr></table>", "<p>Лёгкие</p><br> 1 2"),
        ("<div>раз</div><div>два</div>", "раз<br>два"),
        ('<a href="javascript:x">ссылка</a><img src=1 onerror=x> дальше', "ссылка дальше"),
        ("<p onclick='x'>A&nbsp;&laquo;B&raquo; &lt;5 &amp; C</p>", "<p>A «B» &lt;5 &amp; C</p>"),
        ("<style>p{}</style>текст<iframe src=x></iframe>", "текст"),
        ("<b>1</b> размер 5<x и y>3", "<b>1</b> размер 5&lt;x и y&gt;3"),
        ("<b>1</b> a<b", "<b>1</b> a<b"),
        ("<b>1</b><![CDATA[2]]>", "<b>1</b>2"),
    ],
)
def test_text_stays_and_what_runs_or_loads_goes(written: str, safe: str) -> None:
    assert TAG.search(written)
    assert safe_html(written) == safe
    assert safe_html(safe) == safe


@pytest.mark.parametrize("written", ["размер 5<x и y>3", "a < b > c", "<5 мм", "<Бриз>"])
def test_signs_that_only_look_like_tags_are_text(written: str) -> None:
    assert not TAG.search(written)


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("а<br/>б", "а<br>б"),
        ("<p/>а", "а"),
        ("а<script/>б", "аб"),
        ("а<foo/>б", "а&lt;foo/&gt;б"),
        ("а</foo>б", "а&lt;/foo&gt;б"),
        ("&#60;b&#62;", "&lt;b&gt;"),
        ("<![CDATA[а < б]]>", "а &lt; б"),
    ],
)
def test_tags_that_close_themselves_and_signs_by_number(written: str, safe: str) -> None:
    assert safe_html(written) == safe

"""Descriptions with the markup that a shop window may show: all of their text, and nothing that runs or loads."""

import html
import re
from html.parser import HTMLParser

NBSP = "\u00a0"
KEPT = frozenset({"p", "br", "ul", "ol", "li", "b", "strong", "i", "em", "u"})
UNSEEN = frozenset({"script", "style", "iframe", "object", "head", "title", "noscript", "template", "svg"})
"""Elements whose text is not shown to anybody."""
BREAKING = frozenset({"div", "tr", "table", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "dt", "dd", "blockquote"})
"""Elements that begin a line of their own."""
SEEN_THROUGH = frozenset(
    {"a", "img", "span", "font", "td", "th", "tbody", "thead", "tfoot", "caption", "col", "colgroup", "center", "small", "big", "sub"}
    | {"sup", "s", "strike", "del", "ins", "code", "pre", "label", "figure", "figcaption", "picture", "source", "video", "audio", "body"}
    | {"html", "meta", "link", "input", "button", "form", "header", "footer", "main", "nav", "aside", "details", "summary", "mark", "dl"}
    | {"wbr", "nobr"}
)
"""Elements that say how a text looks, or load something: only their text stays."""
KNOWN = KEPT | UNSEEN | BREAKING | SEEN_THROUGH
TAG = re.compile(rf"</?(?:{'|'.join(sorted(KNOWN))})(?:[\s/][^<>]*)?>|<!--", re.IGNORECASE)
"""A tag of HTML; «5<x и y>3» has none."""
MARKED = frozenset({"amp", "lt", "gt"})


def safe_html(written: str) -> str:
    """The text with simple tags only, without attributes; of other elements their text stays, set apart where they were."""
    reader = _Reader()
    reader.feed(written)
    reader.close()
    text = re.sub(r"[ \t]{2,}", " ", "".join(reader.parts).replace(NBSP, " "))
    return re.sub(r"(?:\s*<br>\s*){3,}", "<br><br>", re.sub(r"^(?:\s|<br>)+|(?:\s|<br>)+$", "", text))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in KNOWN:
            self.handle_data(html.escape(self.get_starttag_text() or "", quote=False))
            return
        if tag in UNSEEN:
            self._unseen.append(tag)
        self._mark(tag, f"<{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            return
        if tag in KNOWN:
            self._mark(tag, f"<{tag}>" if tag == "br" else "")
        else:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag not in KNOWN:
            self.handle_data(f"&lt;/{tag}&gt;")
        elif tag != "br":
            self._mark(tag, f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};" if name in MARKED else html.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.handle_data(html.escape(html.unescape(f"&#{name};"), quote=False))

    def unknown_decl(self, data: str) -> None:
        self.handle_data(html.escape(data.removeprefix("CDATA["), quote=False))

    def _mark(self, tag: str, written: str) -> None:
        if self._unseen:
            return
        if tag in KEPT:
            self.parts.append(written)
        elif tag in BREAKING:
            if self.parts and not self.parts[-1].endswith("<br>"):
                self.parts.append("<br>")
        else:
            self.parts.append(" " if tag in {"td", "th"} else "")

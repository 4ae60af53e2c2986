"""A scripted 1C: follows the protocol step by step as 1C's own clients do, and refuses what they refuse.

It knows nothing of the program: the address, login and password are typed in, everything else is what the answers say.
"""

import base64
import http.client
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

MOST_ASKED = 1_000
"""A busy loop of a real client has no bound."""


class OnecError(Exception):
    """What 1C would show to its user."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """As 1C reads it: by the charset of the header, else UTF-8."""
        _, _, charset = self.headers.get("content-type", "").partition("charset=")
        return self.body.decode(charset or "utf-8")

    @property
    def lines(self) -> list[str]:
        """Counted as 1C counts: a line end at the end begins one more line."""
        return self.text.split("\n")

    @property
    def word(self) -> str:
        return self.lines[0].strip().lower()


@dataclass(frozen=True)
class Client:
    """In what the clients of 1C's programs differ. versioned: it names its version and asks for `sessid`; waits: it asks for imports."""

    name: str = "УТ 11"
    path: str = ""
    init_before_query: bool = False
    versioned: bool = False
    strict_init: bool = True
    waits: bool = True
    ends: bool = False
    ansi: bool = False
    import_orders: bool = True


UT = Client()
RETAIL = Client("Розница 2")
UNF = Client("УНФ", path="/", strict_init=False)
UNF_BITRIX = Client(
    "УНФ, CMS «1С-Битрикс»", path="/bitrix/admin/1c_exchange.php", init_before_query=True, versioned=True, strict_init=False
)
BITRIX = Client("модуль Битрикс", init_before_query=True, versioned=True, strict_init=False, ends=True)
OLD_UT = Client("УТ 10.3", ansi=True, import_orders=False)
MOYSKLAD = Client("МойСклад", strict_init=False, import_orders=False)
CLIENTS = (UT, RETAIL, UNF, UNF_BITRIX, BITRIX, OLD_UT, MOYSKLAD)


@dataclass
class Onec:
    """One 1C. address: as its user typed it. documents: orders it has loaded, by the number of ours."""

    address: str
    login: str
    password: str
    client: Client = UT
    timeout_s: float = 180.0
    documents: dict[str, etree._Element] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    asked: int = 0

    # --- requests -------------------------------------------------------------------------------------------------------

    def ask(self, query: str, body: bytes | None = None, cookie: str = "", *, basic: bool = True, path: str | None = None) -> Reply:
        """One request, as it goes over the wire. OSError."""
        parts = urlsplit(self.address.replace("\\", "/").strip())
        assert parts.hostname is not None
        connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=self.timeout_s)
        headers = {"Cookie": cookie} if cookie else {}
        if basic:
            headers["Authorization"] = "Basic " + base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        place = path if path is not None else self.client.path or parts.path or "/bitrix/admin/1c_exchange.php"
        try:
            connection.request("GET" if body is None else "POST", f"{place}?{query}", body, headers)
            answer = connection.getresponse()
            read = answer.read()
        finally:
            connection.close()
        self.asked += 1
        found = {name.lower(): value for name, value in answer.getheaders()}
        assert "content-encoding" not in found, "1C unpacks nothing"
        assert int(found["content-length"]) == len(read), "without it 1C takes an answer for cut"
        return Reply(answer.status, found, read)

    def session(self, kind: str) -> "SessionOf":
        """Logs in. OnecError."""
        reply = self.ask(f"type={kind}&mode=checkauth")
        if reply.word != "success" or reply.status != 200:
            raise OnecError(f"Не удалось установить соединение с сервером: {reply.text}")
        assert "\r" not in reply.text
        assert not reply.text.endswith("\n")
        lines = reply.lines
        sessid = lines[3].replace("sessid=", "") if len(lines) > 3 else ""
        # The third line as it stands: 1C does not trim it.
        return SessionOf(self, kind, f"{lines[1]}={lines[2]}", sessid)

    # --- whole exchanges ------------------------------------------------------------------------------------------------

    def send_goods(self, portions: Sequence[Mapping[str, bytes]], *, zipped: bool = False) -> list[str]:
        """Uploads goods, each portion in a session of its own as УТ does; gives what the imports said. OnecError."""
        said: list[str] = []
        for files in portions:
            said += self._send_portion(files, zipped=zipped)
        if self.client.ends:
            session = self.session("catalog")
            session.step("deactivate", "timestamp=1767225600")
            session.step("complete")
        return said

    def _send_portion(self, files: Mapping[str, bytes], *, zipped: bool) -> list[str]:
        session = self.session("catalog")
        limit = session.init()
        sent = {"v8_3B8F_3e.zip": zip_of(files)} if zipped else files
        for name, content in sent.items():
            session.upload(name, content, limit)
        if not self.client.waits:
            return []
        return [session.take(name) for name in sorted(files) if name.endswith(".xml")]

    def fetch_orders(self, *, confirm: bool = True) -> list[str]:
        """Loads orders in one transaction; gives their numbers. OnecError: nothing was loaded."""
        session = self.session("sale")
        if self.client.init_before_query:
            session.init()
        reply = session.request("query")
        numbers = self.load(reply)
        if confirm and session.request("success").word.startswith("failure"):
            raise OnecError("success was refused")
        return numbers

    def load(self, reply: Reply) -> list[str]:
        """Loads what a query gave, as 1C does: all or nothing. OnecError."""
        if not reply.body.startswith(b"<?xml"):
            raise OnecError(f"Нет данных: {reply.text[:200]}")
        if self.client.ansi:
            reply.body.decode("cp1251")
            assert b'encoding="windows-1251"' in reply.body[:100].lower()
        if self.client.versioned:
            reply.body.decode("utf-8")
        root = etree.fromstring(reply.body)
        if root.tag != "КоммерческаяИнформация":
            raise OnecError(f"unknown root {root.tag}")
        documents = root.findall("Контейнер/Документ" if self.client.versioned else "Документ")
        if len(documents) > 100:
            raise OnecError("too many at once")
        loaded: dict[str, etree._Element] = {}
        for document in documents:
            loaded[self._checked(document)] = document
        for number, document in loaded.items():
            if number not in self.documents:
                self.created.append(number)
            self.documents[number] = document
        return list(loaded)

    def _checked(self, document: etree._Element) -> str:
        """The number of a document 1C would write. OnecError."""
        number = document.findtext("Номер") or ""
        if document.findtext("ХозОперация") != "Заказ товара":
            raise OnecError("ХозОперация")
        if not document.findtext("Валюта"):
            raise OnecError("Не заполнена валюта")
        if not document.findtext("Контрагенты/Контрагент/Наименование"):
            raise OnecError("Контрагент без имени")
        # УТ looks for the order by eleven characters and compares with all of them; УНФ writes digits into a field of eleven.
        if not (number.isdigit() and len(number) <= 11):
            raise OnecError(f"номер {number}")
        warehouse = document.find("Склады")
        if warehouse is not None:
            for path in ("Ид", "Наименование", "Адрес/АдресноеПоле/Тип", "Адрес/АдресноеПоле/Значение", "Контакты/Контакт/Тип"):
                if not warehouse.findtext(f"Склад/{path}"):
                    raise OnecError(f"Поле объекта не обнаружено ({path})")
        if not document.findall("Товары/Товар"):
            raise OnecError("Нет товаров")
        for line in document.iterfind("Товары/Товар"):
            for rate in line.iterfind("СтавкиНалогов/СтавкаНалога/Ставка"):
                float(rate.text or "")
            if not line.findtext("Ид") and not line.findtext("Артикул"):
                raise OnecError("товар без Ид и артикула")
        empty = next((element.tag for element in document.iter() if len(element) == 0 and not (element.text or "").strip()), None)
        if empty is not None:
            # An empty element is an object to 1C, not a text.
            raise OnecError(f"пустой элемент {empty}")
        return number

    def send_states(self, xml: bytes, name: str = "orders-0b6f_1.xml", *, zipped: bool = False) -> Reply:
        """Sends orders as they stand here. OnecError."""
        session = self.session("sale")
        limit = session.init()
        sent = {"v8_77_1.zip": zip_of({name: xml})} if zipped else {name: xml}
        reply = None
        for file_name, content in sent.items():
            reply = session.upload(file_name, content, limit)
        assert reply is not None
        return session.request("import", f"filename={name}") if self.client.import_orders else reply


@dataclass
class SessionOf:
    """One login, with the cookie it got."""

    onec: Onec
    kind: str
    cookie: str
    sessid: str = ""

    def request(self, mode: str, more: str = "", body: bytes | None = None) -> Reply:
        """One request of the session; what `version` adds stands between type and mode, as УНФ writes it."""
        between = f"&sessid={self.sessid}&version=2.09&cmlVersion=2.10" if self.onec.client.versioned else ""
        return self.onec.ask(f"type={self.kind}{between}&mode={mode}{'&' if more else ''}{more}", body, self.cookie)

    def step(self, mode: str, more: str = "", body: bytes | None = None) -> Reply:
        """A step that must succeed. OnecError with the whole answer, as 1C shows it."""
        reply = self.request(mode, more, body)
        if reply.word != "success":
            raise OnecError(reply.text)
        return reply

    def init(self) -> int:
        """Gives the limit of a chunk. OnecError."""
        reply = self.request("init")
        if self.onec.client.strict_init and len(reply.lines) != 2:
            raise OnecError("Не удалось прочитать ответ сервера. Параметры обмена не получены.")
        assert reply.lines[0] in {"zip=no", "zip=yes"}
        return int(reply.lines[1].replace("file_limit=", ""))

    def upload(self, name: str, content: bytes, limit: int) -> Reply:
        """Posts a file in pieces. OnecError."""
        reply = None
        for piece in pieces(content, limit):
            reply = self.step("file", f"filename={name}", piece)
        assert reply is not None
        return reply

    def take(self, name: str) -> str:
        """Asks for the import until it is over, at once again while it is not. OnecError."""
        for _ in range(MOST_ASKED):
            reply = self.request("import", f"filename={name}")
            if reply.word == "success":
                return "\n".join(reply.lines[1:])
            if reply.word != "progress":
                raise OnecError(reply.text)
        raise OnecError("the import has no end")


def pieces(content: bytes, limit: int) -> Iterator[bytes]:
    """Cut anywhere, inside letters too."""
    for start in range(0, max(len(content), 1), limit):
        yield content[start : start + limit]


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Names with \\, as Windows' 1C writes them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("/", "\\")), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()

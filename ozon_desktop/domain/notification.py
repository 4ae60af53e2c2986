"""Letters to the owner: where they go, through which server, and what is wrong with that."""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum


class MailSecurity(StrEnum):
    """How the connection to the mail server is protected. NONE: only for a server on this computer."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


DEFAULT_PORTS = {MailSecurity.TLS: 465, MailSecurity.STARTTLS: 587, MailSecurity.NONE: 25}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How the owner is written to; the password is kept elsewhere.

    sender "": the user, else the recipient. user "": the server asks for no password.
    short_jobs: also jobs that end while one still looks at them are written about.
    """

    enabled: bool = False
    recipient: str = ""
    server: str = ""
    port: int = DEFAULT_PORTS[MailSecurity.TLS]
    security: MailSecurity = MailSecurity.TLS
    user: str = ""
    sender: str = ""
    short_jobs: bool = False

    @property
    def from_address(self) -> str:
        """The address in «From»: most services take only the one of the mailbox that was logged in to."""
        return self.sender or (self.user if is_address(self.user) else self.recipient)


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


class MailProblem(StrEnum):
    REQUIRED = "required"
    NOT_AN_ADDRESS = "not_an_address"
    NOT_A_SERVER = "not_a_server"
    NOT_A_PORT = "not_a_port"
    UNPROTECTED = "unprotected"


MAIL_FIELDS = ("recipient", "server", "port", "security", "user", "password", "sender")
"""In the order of the form; the first problem is the one to lead to."""

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?P<domain>[^\s@]+)")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")


def mail_problems(settings: MailSettings, has_password: bool, *, complete: bool | None = None) -> dict[str, MailProblem]:
    """Problems by field name ("password" among them), in form order. complete: whether empty fields are problems; None = when enabled."""
    needed = settings.enabled if complete is None else complete
    found: dict[str, MailProblem] = {}
    for name, value in (("recipient", settings.recipient), ("server", settings.server)):
        if not value and needed:
            found[name] = MailProblem.REQUIRED
    for name, value in (("recipient", settings.recipient), ("sender", settings.sender)):
        if value and not is_address(value):
            found[name] = MailProblem.NOT_AN_ADDRESS
    if settings.server and not is_server(settings.server):
        found["server"] = MailProblem.NOT_A_SERVER
    if not 1 <= settings.port <= 65535:
        found["port"] = MailProblem.NOT_A_PORT
    if settings.security is MailSecurity.NONE and settings.server and not is_loopback(settings.server):
        found["security"] = MailProblem.UNPROTECTED
    if settings.user and not has_password and needed:
        found["password"] = MailProblem.REQUIRED
    return {name: found[name] for name in MAIL_FIELDS if name in found}


def is_address(text: str) -> bool:
    found = _ADDRESS.fullmatch(text)
    return found is not None and "." in found["domain"] and is_server(found["domain"])


def is_server(text: str) -> bool:
    """Whether it can be the name or the address of a server; a Cyrillic name can."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return len(text) <= 253 and all(_LABEL.fullmatch(label) for label in text.split("."))
    return True


def is_loopback(server: str) -> bool:
    if server.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(server).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class MailService:
    """A well-known mail service. app_password: it takes a password made for one program, not the one of the mailbox."""

    name: str
    server: str
    port: int = 465
    security: MailSecurity = MailSecurity.TLS
    app_password: bool = True


_YANDEX = MailService("Яндекс Почта", "smtp.yandex.ru")
_MAIL_RU = MailService("Почта Mail.ru", "smtp.mail.ru")
_GMAIL = MailService("Gmail", "smtp.gmail.com")
_RAMBLER = MailService("Рамблер/почта", "smtp.rambler.ru", app_password=False)
_SERVICES: dict[str, MailService] = {
    **dict.fromkeys(("yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "narod.ru"), _YANDEX),
    **dict.fromkeys(("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "xmail.ru"), _MAIL_RU),
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GMAIL),
    **dict.fromkeys(("rambler.ru", "lenta.ru", "autorambler.ru", "myrambler.ru", "ro.ru"), _RAMBLER),
}


def service_of(address: str) -> MailService | None:
    """The well-known service this address belongs to, None for any other."""
    return _SERVICES.get(address.rpartition("@")[2].casefold())

"""A mail server on this computer that keeps what it is sent."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "owner@shop.example", "app-password-42"


@dataclass
class Mailbox:
    """Letters taken, and who logged in. refuse_recipient: answers 550 to every recipient."""

    letters: list[EmailMessage] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    refuse_recipient: bool = False
    port: int = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.refuse_recipient:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: object) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        good = (auth.login.decode(), auth.password.decode()) == (USER, PASSWORD)
        self.logins.append(auth.login.decode())
        return AuthResult(success=good, handled=False)


AUTHORITY = trustme.CA()


def trusting() -> ssl.SSLContext:
    """A client context that trusts the test's own authority."""
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def free_port() -> int:
    """A port nobody listens on; aiosmtpd cannot choose one by itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(*, starttls: bool = True) -> Iterator[Mailbox]:
    """The mailbox on a free port, with STARTTLS and a login, or plain without a login."""
    mailbox = Mailbox()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert("127.0.0.1", "localhost").configure_cert(tls)
    extra: dict[str, Any] = {}
    if starttls:
        extra = {"tls_context": tls, "require_starttls": True, "authenticator": mailbox.authenticate, "auth_required": True}
    mailbox.port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, **extra)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()

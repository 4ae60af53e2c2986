"""Sends one letter over SMTP; the only module that imports smtplib. Every failure has a class of its own."""

import asyncio
import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import truststore

from ozon_desktop.domain.notification import Letter, MailSecurity, MailSettings
from ozon_desktop.errors import (
    MailError,
    MailLoginRefused,
    MailNotProtected,
    MailNotTrusted,
    MailRecipientRefused,
    MailRefused,
    MailSenderRefused,
    MailServerNotFound,
    MailServerUnreachable,
    MailTimeout,
)

TIMEOUT_S = 20.0
"""Of each single wait: the connection, and each answer of the server."""

HELLO = "[127.0.0.1]"
"""Instead of the computer's name: it is nobody's business, may be Cyrillic, and looking it up can take long."""


def system_tls() -> ssl.SSLContext:
    """A context that trusts what the operating system trusts."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Mailer:
    """Writes letters. `tls` makes the context that decides which certificates are trusted."""

    def __init__(self, tls: Callable[[], ssl.SSLContext] = system_tls, timeout_s: float = TIMEOUT_S) -> None:
        self._tls = tls
        self._timeout_s = timeout_s

    async def send(self, settings: MailSettings, password: str, letter: Letter) -> None:
        """Hands the letter over to the server. MailError; the settings must be complete."""
        await asyncio.to_thread(self._send, settings, password, letter)

    def _send(self, settings: MailSettings, password: str, letter: Letter) -> None:
        try:
            message = _message(settings, letter)
            smtp = self._connect(settings)
            try:
                self._protect(smtp, settings)
                _log_in(smtp, settings, password)
                smtp.send_message(message)
                # The letter is taken already: what the server says to the goodbye changes nothing.
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    smtp.quit()
            finally:
                smtp.close()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # `from None`: the answer of a server may repeat what it was sent.
            raise _known(error, settings.server, password) from None

    def _connect(self, settings: MailSettings) -> smtplib.SMTP:
        if settings.security is MailSecurity.TLS:
            return smtplib.SMTP_SSL(settings.server, settings.port, HELLO, timeout=self._timeout_s, context=self._tls())
        return smtplib.SMTP(settings.server, settings.port, HELLO, timeout=self._timeout_s)

    def _protect(self, smtp: smtplib.SMTP, settings: MailSettings) -> None:
        if settings.security is not MailSecurity.STARTTLS:
            return
        try:
            smtp.starttls(context=self._tls())
        except smtplib.SMTPNotSupportedError as error:
            raise MailNotProtected(settings.server) from error
        except smtplib.SMTPResponseException as error:
            raise MailNotProtected(settings.server, detail=_said(error)) from error


def _message(settings: MailSettings, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    sender = _ascii(settings.from_address)
    message["From"] = Address("Ozon Desktop", addr_spec=sender)
    message["To"] = _ascii(settings.recipient)
    # A line break in the name of a cabinet would end the header.
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, charset="utf-8", cte="base64")
    return message


def _ascii(address: str) -> str:
    """The address with a Cyrillic domain as the network writes it."""
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.encode('idna').decode('ascii')}"


def _log_in(smtp: smtplib.SMTP, settings: MailSettings, password: str) -> None:
    if not settings.user:
        return
    try:
        smtp.login(settings.user, password)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPAuthenticationError as error:
        raise MailLoginRefused(settings.user, detail=_said(error).replace(password, "***") if password else "") from None
    except (smtplib.SMTPException, UnicodeEncodeError):
        # No way to log in that both know, or a password with letters that SMTP cannot carry.
        raise MailLoginRefused(settings.user) from None


def _known(error: Exception, server: str, password: str) -> MailError:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        recipient, (code, said) = next(iter(error.recipients.items()))
        return MailRecipientRefused(recipient, detail=f"{code} {_text(said)}")
    if isinstance(error, smtplib.SMTPSenderRefused):
        return MailSenderRefused(error.sender, detail=_said(error))
    if isinstance(error, smtplib.SMTPConnectError):
        return MailServerUnreachable(server, detail=_said(error))
    if isinstance(error, smtplib.SMTPResponseException):
        detail = _said(error)
        return MailRefused(server, detail=detail.replace(password, "***") if password else detail)
    # smtplib turns a wait that was too long into «connection unexpectedly closed» and keeps the cause behind it.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return MailTimeout(server)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return MailServerUnreachable(server)
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailNotTrusted(server, detail=error.verify_message or "")
    if isinstance(error, ssl.SSLError):
        return MailNotProtected(server, detail=error.reason or "")
    if isinstance(error, socket.gaierror | UnicodeError):
        return MailServerNotFound(server)
    if isinstance(error, OSError):
        return MailServerUnreachable(server, detail=error.strerror or "")
    return MailRefused(server, detail=type(error).__name__)


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_text(error.smtp_error)}".strip()


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]

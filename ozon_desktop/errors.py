"""Every failure the program expects: what happened, to what, and whether a retry helps.

Words for them live in `wording/errors.py`; a test proves that no class is missing there.
"""

from datetime import datetime


class AppError(Exception):
    """Base of all expected failures.

    retryable: trying the same again later can help. `subject`: what it happened to (a file, a method, a product).
    """

    retryable = False

    def __init__(self, subject: str = "", *, detail: str = "") -> None:
        super().__init__(f"{type(self).__name__}: {subject} {detail}".strip())
        self.subject = subject
        self.detail = detail


# --- Ozon answered, and refused -------------------------------------------------------------------------------------


class OzonError(AppError):
    """Ozon answered with an error. subject: the method's path; detail: Ozon's own text."""

    def __init__(self, subject: str = "", *, detail: str = "", status: int = 0, code: int | str = 0, trace_id: str = "") -> None:
        super().__init__(subject, detail=detail)
        self.status = status
        self.code = code
        self.trace_id = trace_id


class HeadersMissing(OzonError):
    """Client-Id or Api-Key was not sent."""


class InvalidClientId(OzonError):
    """Client-Id is not a positive integer."""


class InvalidKey(OzonError):
    """Wrong key or wrong Client-Id: Ozon says 404."""


class KeyDeactivated(OzonError):
    """The key was deactivated or has expired."""


class MissingRole(OzonError):
    """The key lacks the role for this method."""


class KeyRestrictedToIp(OzonError):
    """The key may be used from other addresses only."""


class OfferNotSigned(OzonError):
    """The cabinet has not signed Ozon's offer."""


class MethodSwitchedOff(OzonError):
    """Ozon switched the method off: the program is older than the API."""


class RequestRefused(OzonError):
    """Ozon found the request wrong (400), and none of the known reasons fits."""


class PostingRefused(RequestRefused):
    """Ozon did not do it with this posting; `detail` has its code."""


class PostingUnknown(PostingRefused):
    """The cabinet has no such posting, or, of a carriage, nothing new to hand over."""


class PostingShipped(PostingRefused):
    """It is assembled already, or being assembled."""


class PostingCancelled(PostingRefused):
    """It was cancelled."""


class PostingMoved(PostingRefused):
    """Its state does not allow it any more, or not yet."""


class WrongPieces(PostingRefused):
    """What was packed is not what was ordered."""


class MarksMissing(PostingRefused):
    """Marks or other data of the pieces are missing or not accepted yet."""


class RateLimited(OzonError):
    """Too many requests. retry_after in seconds."""

    retryable = True

    def __init__(
        self, subject: str = "", *, retry_after: float = 1.0, detail: str = "", status: int = 429, code: int | str = 8, trace_id: str = ""
    ) -> None:
        super().__init__(subject, detail=detail, status=status, code=code, trace_id=trace_id)
        self.retry_after = retry_after


class ItemLimitReached(RateLimited):
    """Too many products in this minute or on this day. retry_after in seconds."""


class CircuitOpen(OzonError):
    """Ozon blocked the method for some minutes."""

    retryable = True


class OzonUnavailable(OzonError):
    """Ozon failed by itself (5xx)."""

    retryable = True


class UnexpectedAnswer(OzonError):
    """The answer is not what the documentation promises (HTML, a cut body, another shape).

    item: the product or posting it is about; field: where in the answer, as «result.items.price»; "" when not known.
    """

    retryable = True

    def __init__(
        self,
        subject: str = "",
        *,
        detail: str = "",
        status: int = 0,
        code: int | str = 0,
        trace_id: str = "",
        item: str = "",
        field: str = "",
    ) -> None:
        super().__init__(subject, detail=detail, status=status, code=code, trace_id=trace_id)
        self.item = item
        self.field = field


class AnswerTooLarge(UnexpectedAnswer):
    """The answer is larger, or nested deeper, than any the program asks for."""

    retryable = False


class EndlessPages(UnexpectedAnswer):
    """The pages of a list repeat themselves, or go on without end."""

    retryable = False


class Redirected(UnexpectedAnswer):
    """Another address was given instead of an answer: a portal or a proxy. The key is not sent there."""


# --- Ozon was not reached -------------------------------------------------------------------------------------------


class NetworkError(AppError):
    """The request did not get through. subject: the method's path; `sent`: Ozon may have received it."""

    retryable = True

    def __init__(self, subject: str = "", *, detail: str = "", sent: bool = False) -> None:
        super().__init__(subject, detail=detail)
        self.sent = sent


class NoConnection(NetworkError):
    """No network, or the name of the server was not found."""


class AnswerTimeout(NetworkError):
    """No answer in time."""


class ConnectionLost(NetworkError):
    """The connection broke off in the middle."""


class InsecureConnection(NetworkError):
    """The certificate could not be trusted."""

    retryable = False


class ProxyFailed(NetworkError):
    """The proxy of the system refused or did not answer."""


# --- The store's back office ----------------------------------------------------------------------------------------


class BackOfficeError(AppError):
    """A connection to the store's back office failed. subject: what was asked for, in words; detail: the other side's own text."""


class BackOfficeUnreachable(BackOfficeError):
    """No network, no such server, no answer in time, or it broke off."""

    retryable = True


class BackOfficeNotTrusted(BackOfficeError):
    """The certificate of the server could not be trusted."""


class BackOfficeLoginRefused(BackOfficeError):
    """The login, password or token was not accepted, or is missing."""


class BackOfficeRightMissing(BackOfficeError):
    """The login may not do this there."""


class BackOfficeLimited(BackOfficeError):
    """Too many requests. retry_after in seconds."""

    retryable = True

    def __init__(self, subject: str = "", *, detail: str = "", retry_after: float = 1.0) -> None:
        super().__init__(subject, detail=detail)
        self.retry_after = retry_after


class BackOfficeFailed(BackOfficeError):
    """The other side has a fault of its own (5xx)."""

    retryable = True


class BackOfficeRefused(BackOfficeError):
    """The other side found the request wrong."""


class BackOfficeNotFound(BackOfficeError):
    """Nothing is at this address."""


class BackOfficeAnswerUnreadable(BackOfficeError):
    """The answer is not what it should be; nothing of it was taken."""


class BackOfficeAnswerTooLarge(BackOfficeError):
    """The answer is larger than any export; nothing of it was taken."""


class PortInUse(BackOfficeError):
    """Another program listens there. subject: the port; detail: a free one, "" = none was found."""


# --- Store files ----------------------------------------------------------------------------------------------------


class StoreFileError(AppError):
    """A store export cannot be read. subject: file name; line from 1, 0 = unknown; element and product name where it stopped."""

    def __init__(self, subject: str = "", *, detail: str = "", line: int = 0, element: str = "", product: str = "") -> None:
        super().__init__(subject, detail=detail)
        self.line = line
        self.element = element
        self.product = product


class FileNotReadable(StoreFileError):
    """The file is missing or may not be read."""


class OrdersFolderTaken(FileNotReadable):
    """Another database writes this cabinet's orders into the folder. subject: the folder; detail: which computer, and the marker's name."""


class UnknownFormat(StoreFileError):
    """No store format fits the file."""


class BrokenFile(StoreFileError):
    """The file is cut in the middle or not well formed."""


class NoHeadings(StoreFileError):
    """A price list in which no line says what the columns are, or none of them can name a product."""


class UnsafeFile(StoreFileError):
    """The file declares entities, or unpacks to too much."""


class SheetTooLarge(StoreFileError):
    """A spreadsheet reaches further, or unpacks to more, than any table of this program. detail: how far, in words."""


class WrongValue(StoreFileError):
    """A value cannot be what its element says (a price that is no number)."""


# --- Word tables ----------------------------------------------------------------------------------------------------


class TakeOverNeeded(StoreFileError):
    """The goods are those of the store under other ids. subject: the connection or the file; detail: what a comparison found."""


class WordTableError(AppError):
    """A word table of the matching cannot be used. subject: file name; line from 1, 0 = the whole file.

    fault: a value of domain.matching.tables.TableFault; word: the entry; other: the place it clashes with («file:line»).
    """

    def __init__(self, subject: str = "", *, detail: str = "", line: int = 0, fault: str = "", word: str = "", other: str = "") -> None:
        super().__init__(subject, detail=detail or f"{fault} {word} {other}".strip())
        self.line = line
        self.fault = fault
        self.word = word
        self.other = other


# --- Storage and keyring --------------------------------------------------------------------------------------------


class StorageError(AppError):
    """The database cannot be used. subject: where it is (never with a password)."""


class NewerDatabase(StorageError):
    """The database was written by a newer program."""


class DatabaseUnavailable(StorageError):
    """The database cannot be opened or reached."""

    retryable = True


class DatabaseFull(DatabaseUnavailable):
    """There is no room for what was to be written; nothing of it was."""


class DatabaseReadOnly(DatabaseUnavailable):
    """The database can be read but not written."""


class DatabaseNotAllowed(DatabaseUnavailable):
    """This user may not open the database, or one of the files beside it."""


class DatabaseLoginRefused(DatabaseUnavailable):
    """The server of the database does not let this user in."""

    retryable = False


class DatabaseNotThere(DatabaseUnavailable):
    """The server has no database of this name."""

    retryable = False


class DatabaseBusy(StorageError):
    """Another process holds the database."""

    retryable = True


class DatabaseDamaged(StorageError):
    """The file is no database of this program any more: damaged, cut, emptied, or another one's.

    detail: what was found, in words of its own; backups: when the copies that exist were made, UTC, the newest first.
    """

    def __init__(self, subject: str = "", *, detail: str = "", backups: tuple[datetime, ...] = ()) -> None:
        super().__init__(subject, detail=detail)
        self.backups = backups


class SecretStoreError(AppError):
    """The system's secret store cannot be used."""


class NoSecretStore(SecretStoreError):
    """The system has no secret store."""


class SecretStoreLocked(SecretStoreError):
    """The secret store is locked, or access was refused."""

    retryable = True


class KeyMissing(SecretStoreError):
    """No API key is kept for this integration."""


class DatabaseAddressMissing(SecretStoreError):
    """The address of the database was kept in the secret store, and is not there."""


# --- Mail -----------------------------------------------------------------------------------------------------------


class MailError(AppError):
    """A letter was not sent. subject: the mail server unless said otherwise; detail: the server's own words."""


class MailServerNotFound(MailError):
    """The name of the mail server is not known, or there is no network."""

    retryable = True


class MailServerUnreachable(MailError):
    """The mail server refused the connection or broke it off."""

    retryable = True


class MailTimeout(MailError):
    """The mail server did not answer in time."""

    retryable = True


class MailNotTrusted(MailError):
    """The certificate of the mail server could not be trusted."""


class MailNotProtected(MailError):
    """The server does not offer the protection that was chosen."""


class MailLoginRefused(MailError):
    """Wrong user or password. subject: the user."""


class MailPasswordMissing(MailError):
    """No password is kept for this user. subject: the user."""


class MailSenderRefused(MailError):
    """The server does not let this sender write. subject: the address."""


class MailRecipientRefused(MailError):
    """The server does not take letters to this recipient. subject: the address."""


class MailRefused(MailError):
    """The server refused the letter for another reason."""


# --- The job cannot be done as asked --------------------------------------------------------------------------------


class NotPossibleYet(AppError):
    """An action still waits for something. missing: names of domain.setup_guide.Missing."""

    def __init__(self, subject: str = "", *, missing: tuple[str, ...] = ()) -> None:
        super().__init__(subject, detail=", ".join(missing))
        self.missing = missing


class AlreadyRunning(AppError):
    """Another run of this integration is under way."""

    retryable = True


class NotConfirmed(AppError):
    """Nothing was ever sent to this cabinet, and nobody has confirmed a preview yet. subject: the cabinet's name."""


class PlanChanged(NotConfirmed):
    """What would be sent is not what was confirmed. subject: the cabinet's name; detail: the id of the plan as it is now."""


class NothingTakenOver(AppError):
    """There is no take-over that could be undone."""


class TakeOverChanged(AppError):
    """What a take-over would do is not what was confirmed. subject: the source; detail: the id of the preview as it is now, or ""."""


class NewProductsChanged(AppError):
    """What would be made in the store is not what was confirmed. subject: the store; detail: the id of the preview as it is now."""


class ReadOnlyCabinet(AppError):
    """The cabinet is switched to reading only. subject: its name, or the method's path where a request was stopped."""


class NotFound(AppError):
    """What was named does not exist. subject: what was named."""


class Ambiguous(AppError):
    """What was named fits several things. subject: what was named; detail: the candidates."""


class AlreadyMatched(AppError):
    """A product or a card is matched already. subject: the product's article; detail: the card it is matched with."""


class WrongInput(AppError):
    """What was given cannot be used. subject: the field; detail: why."""

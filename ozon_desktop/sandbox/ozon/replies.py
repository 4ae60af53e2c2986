"""Error answers of the Seller API, exactly as clients have seen them."""

from collections.abc import Mapping

ASSUMED = (
    "Отозванный ключ и ключ без нужной роли получают HTTP 403, «Circle is open» — HTTP 503: тексты известны, статусы нет.",
    "Тексты отказов по полям запроса — свои: Ozon их не описывает.",
)
INVALID_ARGUMENT = 3
NOT_FOUND = 5
PERMISSION_DENIED = 7
RESOURCE_EXHAUSTED = 8
FAILED_PRECONDITION = 9
UNIMPLEMENTED = 12
INTERNAL = 13
UNAVAILABLE = 14
UNAUTHENTICATED = 16


class ApiError(Exception):
    """Ends a request with an HTTP status and the body `{"code", "message", "details"}`."""

    def __init__(self, status: int, code: int | str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def body(self) -> dict[str, object]:
        return {"code": self.code, "message": self.message, "details": []}


def invalid(message: str) -> ApiError:
    """A request Ozon refuses before looking at its items."""
    return ApiError(400, INVALID_ARGUMENT, message)


def not_found(message: str) -> ApiError:
    return ApiError(404, NOT_FOUND, message)


def obsolete() -> ApiError:
    return ApiError(400, FAILED_PRECONDITION, "obsolete method cannot be used")


def rate_limited() -> ApiError:
    return ApiError(429, RESOURCE_EXHAUSTED, "You have reached request rate limit per second", {"Retry-After": "1"})


def deactivated() -> ApiError:
    return ApiError(403, PERMISSION_DENIED, "Api-key is deactivated, use another one or generate a new one")


def circle_open() -> ApiError:
    """The status is not documented; 503 is what breakers of this kind answer elsewhere."""
    return ApiError(503, UNAVAILABLE, "Circle is open")

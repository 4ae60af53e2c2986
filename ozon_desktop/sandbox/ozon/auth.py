"""Who may call what: the Client-Id and the keys of the sandbox, and the errors Ozon answers otherwise."""

from collections.abc import Mapping

from .replies import PERMISSION_DENIED, UNAUTHENTICATED, ApiError, deactivated, invalid, not_found
from .requests import INT64_DIGITS

KNOWN_CLIENT_ID = 100500
ADMIN_KEY = "00000000-0000-4000-8000-000000000001"
POSTING_KEY = "00000000-0000-4000-8000-000000000002"
OPEN_PATHS = frozenset({"/v1/roles"})


class Keys:
    """The keys of the one cabinet and the methods of their roles."""

    def __init__(self, roles: Mapping[str, tuple[str, ...]]) -> None:
        self._roles = dict(roles)
        self._role_of = {ADMIN_KEY: "Admin", POSTING_KEY: "Posting FBS"}
        self._revoked: set[str] = set()

    def revoke(self, key: str) -> None:
        """From now on the key answers 403 "deactivated"; ValueError when the sandbox never knew it."""
        if key not in self._role_of:
            raise ValueError(f"unknown key: {key}")
        self._revoked.add(key)

    def identify(self, headers: Mapping[str, str]) -> str:
        """The role of a request's key; raises what Ozon answers when it has none (401, 400, 404, 403)."""
        client_id, key = headers.get("client-id"), headers.get("api-key")
        if not client_id or not key:
            raise ApiError(401, UNAUTHENTICATED, "Client-Id and Api-Key headers are required")
        if not (len(client_id) <= INT64_DIGITS and client_id.isascii() and client_id.isdigit() and int(client_id) > 0):
            raise invalid("Client-Id header value should be positive integer")
        if int(client_id) != KNOWN_CLIENT_ID or key not in self._role_of:
            raise not_found("Invalid Api-Key, please check the key and try again")
        if key in self._revoked:
            raise deactivated()
        return self._role_of[key]

    def authorize(self, role: str, path: str) -> None:
        """403 when the role does not open the method."""
        if path not in OPEN_PATHS and path not in self._roles[role]:
            raise ApiError(403, PERMISSION_DENIED, "Api-Key is missing a required role for a method")

    def describe(self, role: str) -> dict[str, object]:
        """One element of `roles` in the answer of /v1/roles."""
        return {"name": role, "methods": list(self._roles[role])}

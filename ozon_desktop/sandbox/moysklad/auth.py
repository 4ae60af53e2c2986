"""Users of the stand-in: passwords, tokens, and what each may do."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from .model import ALL_RIGHTS, Json
from .replies import may_not, wrong_login

ADMIN_LOGIN, ADMIN_PASSWORD = "admin@sandbox", "sandbox-password"


@dataclass
class User:
    """rights: actions by entity. employee_id: whose login it is."""

    login: str
    password: str
    employee_id: str
    rights: dict[str, frozenset[str]] = field(default_factory=lambda: dict(ALL_RIGHTS))
    token: str = ""
    solution: bool = False

    def permissions(self) -> Json:
        return {name: dict.fromkeys(sorted(actions), "ALL") for name, actions in self.rights.items() if actions}


class Users:
    """By login. A new token of a user takes the place of the earlier one."""

    def __init__(self) -> None:
        self.by_login: dict[str, User] = {}

    def add(self, login: str, password: str, employee_id: str) -> User:
        user = self.by_login[login] = User(login, password, employee_id)
        return user

    def new_token(self, user: User) -> str:
        """Makes a token; the user's earlier ones are refused from now on."""
        user.token = secrets.token_hex(20)
        return user.token

    def identify(self, headers: Mapping[str, str], *, by_password: bool = False) -> User:
        """Whose request it is. by_password: a token will not do. 401."""
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind == "Bearer" and not by_password:
            found = next((user for user in self.by_login.values() if given and secrets.compare_digest(user.token, given)), None)
            if found is not None:
                return found
        elif kind == "Basic":
            login, _, password = _decoded(given).partition(":")
            user = self.by_login.get(login)
            if user is not None and secrets.compare_digest(user.password.encode(), password.encode()):
                return user
        raise wrong_login()


def authorize(user: User, entity: str, action: str) -> None:
    """403 without the right. What nobody limits (sales channels, price types) is open."""
    if entity in ALL_RIGHTS and action not in user.rights.get(entity, frozenset()):
        raise may_not(action)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""

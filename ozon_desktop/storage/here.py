"""Who writes into the database, and from which computer: of a database that several share the journal says it."""

import getpass
import platform
from functools import cache


@cache
def host() -> str:
    """The computer's name; "" = it has none."""
    return platform.node()


@cache
def user_name() -> str:
    """Who is logged in; "" for a service account without a name or home."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""

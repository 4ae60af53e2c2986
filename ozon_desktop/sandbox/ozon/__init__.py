"""A stand-in of the Ozon Seller API with its state in memory; it knows nothing of the client, so it can judge it."""

from .auth import ADMIN_KEY, KNOWN_CLIENT_ID, POSTING_KEY
from .catalog import UnreadableTree
from .model import Quotas, RecordedRequest, SandboxProduct, utc_now
from .sandbox import Sandbox
from .server import SandboxThread, serve

__all__ = [
    "ADMIN_KEY",
    "KNOWN_CLIENT_ID",
    "POSTING_KEY",
    "Quotas",
    "RecordedRequest",
    "Sandbox",
    "SandboxProduct",
    "SandboxThread",
    "UnreadableTree",
    "serve",
    "utc_now",
]

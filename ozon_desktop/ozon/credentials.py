"""What a cabinet is entered with. Apart from the client, because the transport needs it too."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """Client-Id and Api-Key of one cabinet. The key never shows in a repr, a log line or a traceback."""

    client_id: int
    api_key: str = field(repr=False)

    def __repr__(self) -> str:
        return f"Credentials(client_id={self.client_id}, api_key='***')"

    def headers(self) -> dict[str, str]:
        """The two headers of every request. Spaces around a pasted key are dropped."""
        return {"Client-Id": str(self.client_id), "Api-Key": self.api_key.strip()}

    @property
    def sendable(self) -> bool:
        """Whether the key can stand in a header at all (a key typed in Cyrillic letters cannot)."""
        key = self.api_key.strip()
        return bool(key) and key.isascii() and key.isprintable()

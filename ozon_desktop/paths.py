"""Where data, logs and resources live, in a checkout, an installed wheel and a packaged program."""

import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "OzonDesktop"


class NoHome(Exception):
    """This user has no folder of their own, and none was named."""


def resource(*parts: str) -> Path:
    """A file or folder of `resources/`. FileNotFoundError when the installation lacks it."""
    package = Path(__file__).resolve().parent
    candidates = [package / "_resources", package.parent / "resources"]
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        candidates.insert(0, Path(bundle) / "resources")
    for root in candidates:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"resource {'/'.join(parts)} is missing from this installation")


@dataclass(frozen=True, slots=True)
class DataPaths:
    root: Path

    @classmethod
    def default(cls) -> "DataPaths":
        """The user's data folder of this system. NoHome."""
        root = Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))
        if not root.is_absolute():
            # "~" that nobody could tell the meaning of: it would become a folder wherever the program was started.
            raise NoHome
        return cls(root)

    @property
    def database(self) -> Path:
        return self.root / "ozon-desktop.sqlite3"

    @property
    def database_elsewhere(self) -> Path:
        """There while the database is another one, whose address the secret store keeps."""
        return self.root / "database-elsewhere"

    @property
    def installation(self) -> Path:
        """The name of this installation."""
        return self.root / "installation"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def pictures(self) -> Path:
        """Pictures of the shop, loaded for previews; may be removed at any time."""
        return self.root / "pictures"

    @property
    def exchange(self) -> Path:
        """What 1C uploads, and the pictures of its goods."""
        return self.root / "exchange"

    @property
    def pulls(self) -> Path:
        """What is being fetched from the connected store; may be removed while nothing is."""
        return self.root / "pulls"

    @property
    def window_state(self) -> Path:
        """Window size, page, splitters and columns."""
        return self.root / "window.ini"

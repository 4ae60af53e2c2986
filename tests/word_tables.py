"""The word tables the program is shipped with, read once for all tests of the matching."""

from ozon_desktop.services.mapping.word_tables import WordTableFiles
from tests.places import RESOURCES

TABLES = WordTableFiles(RESOURCES / "matching").tables()

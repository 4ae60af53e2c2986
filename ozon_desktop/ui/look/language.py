"""Qt's own words and numbers in Russian: standard buttons, context menus, and the file dialog where the system has none (Linux).

Catalogues only, no translator in Python: Qt translates in whatever thread, also while it holds a lock of its own (readers of pictures do),
and would wait there for Python, while another thread that has Python waits for the lock: the program stood still for good.
"""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from ozon_desktop.paths import resource

FULL, MISSING = "qtbase_ru", "qt_missing_ru"
"""Qt's catalogue, and what it lacks (`resources/language/`); names of the translators, too."""


def speak_russian(app: QApplication) -> None:
    """Makes Qt's words Russian, once per application."""
    QLocale.setDefault(QLocale(QLocale.Language.Russian, QLocale.Country.Russia))
    if app.findChild(QTranslator, MISSING) is not None:
        return
    folders = {FULL: QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), MISSING: str(resource("language"))}
    for name, folder in folders.items():
        catalogue = QTranslator(app)
        catalogue.setObjectName(name)
        if catalogue.load(name, folder):
            app.installTranslator(catalogue)

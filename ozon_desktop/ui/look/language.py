"""Qt's own words and numbers in Russian: standard buttons, context menus, and the file dialog where the system has none (Linux)."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

# What PySide6 6.11.3's qtbase_ru lacks, as its sources say it: the texts changed after they were translated.
MISSING = {
    ("QFileDialog", "&Look in:"): "&Перейти к:",
    ("QFileDialog", "Files of &type:"): "&Типы файлов:",
    ("QAbstractFileIconProvider", "Drive"): "Диск",
    ("QAbstractFileIconProvider", "File"): "Файл",
    ("QAbstractFileIconProvider", "%1 File"): "Файл %1",
    ("QAbstractFileIconProvider", "File Folder"): "Папка с файлами",
    ("QAbstractFileIconProvider", "Folder"): "Папка",
    ("QAbstractFileIconProvider", "Shortcut"): "Ярлык",
    ("QAbstractFileIconProvider", "Unknown"): "Неизвестный",
}


class MissingWords(QTranslator):
    """Knows only the texts that Qt's catalogue lacks."""

    def isEmpty(self) -> bool:
        """Qt asks no translator that is empty."""
        return False

    def translate(  # type: ignore[override]
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """None = unknown, Qt then asks the next one; "" would be shown as an empty text."""
        return MISSING.get((context, source))


def speak_russian(app: QApplication) -> None:
    """Makes Qt's words Russian, once per application."""
    QLocale.setDefault(QLocale(QLocale.Language.Russian, QLocale.Country.Russia))
    if app.findChild(MissingWords) is not None:
        return
    catalogue = QTranslator(app)
    if catalogue.load("qtbase_ru", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(catalogue)
    app.installTranslator(MissingWords(app))

"""«О программе»."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from ozon_desktop import __version__
from ozon_desktop.application import Application


def show_about(parent: QWidget, application: Application) -> None:
    """Version, where the data lie, which address is asked."""
    box = QMessageBox(parent)
    box.setObjectName("about_dialog")
    box.setWindowTitle("О программе")
    box.setIconPixmap(parent.windowIcon().pixmap(48, 48))
    box.setText(f"Ozon Desktop {__version__}")
    text = "Связывает магазин на МойБизнес2 с кабинетом Ozon.\n\nДанные: {folder}\nАдрес Ozon Seller API: {url}"
    box.setInformativeText(text.format(folder=application.paths.root, url=application.api_url))
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()

"""A long job in one strip: what it does, how far it is, and «Остановить»."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.ui.widgets.labels import ElidedLabel, WrappedLabel
from ozon_desktop.wording import progress_text


class ProgressStrip(QWidget):
    """stopped comes when «Остановить» is pressed; the strip then says «Останавливаю…» at once."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None, *, role: str = "secondary") -> None:
        super().__init__(parent)
        self.title = WrappedLabel("", role="status-neutral")
        self.title.setObjectName("job_title")
        self.stage = WrappedLabel("", role=role)
        self.stage.setObjectName("job_stage")
        self.detail = ElidedLabel("", role=role)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Ход работы")
        self.stop = QPushButton("Остановить")
        self.stop.setObjectName("stop_job")
        self.stop.clicked.connect(self._stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.title, self.stage, self.detail, self.bar, self.stop):
            layout.addWidget(widget)

    def start(self, title: str) -> None:
        self.title.setText(title)
        self.stage.setText("Начинаю…")
        self.detail.setText("")
        self.detail.hide()
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self.stop.setText("Остановить")

    def show_update(self, update: ProgressUpdate) -> None:
        self.stage.setText(progress_text(update))
        self.detail.setText(update.detail)
        self.detail.setVisible(bool(update.detail))
        if update.total:
            self.bar.setRange(0, update.total)
            self.bar.setValue(min(update.done, update.total))
        else:
            self.bar.setRange(0, 0)

    def show_stopping(self) -> None:
        self.stop.setEnabled(False)
        self.stop.setText("Останавливаю…")
        self.stage.setText("Останавливаю…")

    def _stop(self) -> None:
        self.show_stopping()
        self.stopped.emit()

"""Small pictures for the list of pictures: loaded and made small beside the window, a few hundred kept in memory."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageReader, QPainter, QPixmap

from ozon_desktop import wording
from ozon_desktop.domain.picture_kinds import picture_head
from ozon_desktop.domain.pictures import LoadFault
from ozon_desktop.services.cards.picture_files import PictureFiles
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.worker import Job

SIDE = 40
"""Pixels, for text of 10 pt."""

MOST_KEPT = 300

_TURNS = threading.BoundedSemaphore(2)
"""Pictures unpacked at once: each may take 200 MB while it is."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A picture made small, or why there is none; both None = it is not loaded at all."""

    url: str
    image: QImage | None = None
    fault: LoadFault | None = None
    detail: str = ""


class PicturePreviews(QObject):
    """`changed` carries the address of which something is known now."""

    changed = Signal(str)

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._pixmaps: OrderedDict[str, QPixmap] = OrderedDict()
        self._faults: dict[str, str] = {}
        self._jobs: dict[str, Job] = {}

    @property
    def side(self) -> int:
        """Width and height in pixels; more at a larger text."""
        return round(SIDE * self._context.theme.scale)

    def want(self, urls: Collection[str]) -> None:
        """Load those that are not there yet; those under way that nobody wants any more are stopped."""
        if self._context.worker.stopped:
            # A card that arrives while the program closes is shown without its pictures.
            return
        for url in [url for url in self._jobs if url not in urls]:
            self._jobs.pop(url).cancel()
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
        for url in urls:
            under_way = url in self._jobs and self._jobs[url].running
            if url not in self._pixmaps and not under_way:
                # One that failed is asked for again with the next card: the service knows how soon that makes sense.
                work = _made(self._context.application.pictures, url, round(self.side * ratio))
                self._jobs[url] = self._context.worker.run(work, on_done=self._show)

    def pixmap(self, url: str) -> QPixmap:
        """The picture, or a placeholder of its size."""
        found = self._pixmaps.get(url)
        return found if found is not None else self._placeholder()

    def fault_text(self, url: str) -> str:
        """Why the picture cannot be shown; "" = it can, or nothing is known yet."""
        return self._faults.get(url, "")

    def _show(self, made: _Made) -> None:
        self._jobs.pop(made.url, None)
        self._faults.pop(made.url, None)
        if made.image is not None:
            self._pixmaps[made.url] = self._framed(made.image)
            while len(self._pixmaps) > MOST_KEPT:
                self._pixmaps.popitem(last=False)
        elif made.fault is not None:
            self._faults[made.url] = wording.load_fault_text(made.fault, made.detail)
        self.changed.emit(made.url)

    def _framed(self, image: QImage) -> QPixmap:
        """In the middle of a square, so that all rows begin alike."""
        pixmap = self._square(QColor(Qt.GlobalColor.transparent))
        side = pixmap.width() / pixmap.devicePixelRatio()
        size = image.size().scaled(round(side), round(side), Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF((side - size.width()) / 2, (side - size.height()) / 2, size.width(), size.height()), image)
        painter.end()
        return pixmap

    def _placeholder(self) -> QPixmap:
        return self._square(self._context.theme.color("hover"))

    def _square(self, color: QColor) -> QPixmap:
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
        side = round(self.side * ratio)
        pixmap = QPixmap(side, side)
        pixmap.fill(color)
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


async def _made(files: PictureFiles, url: str, side: int) -> _Made:
    loaded = await files.get(url)
    if not loaded.content:
        return _Made(url, None, loaded.fault, loaded.detail)
    image = await asyncio.to_thread(_in_turn, loaded.content, side)
    return _Made(url, image, LoadFault.NOT_A_PICTURE if image is None else None)


def _in_turn(content: bytes, side: int) -> QImage | None:
    with _TURNS:
        return small_image(content, side)


def small_image(content: bytes, side: int) -> QImage | None:
    """The picture with no side longer than `side` pixels; None when it is no JPEG, PNG or WebP, or too large to be unpacked. Any thread."""
    head = picture_head(content)
    if head is None or head.too_large:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    # Never by what its content looks like to all of Qt's readers: of a drawing (SVG) Qt would open the files it names.
    reader = QImageReader(buffer, QByteArray(head.kind.value.encode()))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > side:
        # Read small at once: a photograph of 100 megapixels would take half a gigabyte.
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(size.__class__(1, 1)))
    image = reader.read()
    return None if image.isNull() else image

"""A scan with its mask in the import step: the value under the pointer, or of the row, is lit."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.jobs import JobHandle, Lane
from app.shell.context import AppContext
from engine.imaging.scan import Found
from engine.project.mask_preview import MaskPreview, look_at_mask
from widgets import theme
from widgets.controls import named
from widgets.qimages import to_qimage
from widgets.rows import paint_text
from widgets.text import tr

_HEIGHT, _LOW, _TALL = 220, 132, 800  # px; in a window lower than the last the rows need the room
_MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


class MaskPreviewView(QWidget):
    """Reads, in the background, the image whose mask holds most of the value that is to be lit. `pointed(value)`: None for background."""

    pointed = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        named(self, "masks.preview", tr("A scan with its mask"))
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._context = context
        self._found: Sequence[Found] = ()
        self._masks: Path | None = None
        self._examples: Mapping[int, str] = {}
        self._values: Sequence[int] = ()
        self._preview: MaskPreview | None = None
        self._slice = 0
        self.lit: int | None = None
        self._colors: Mapping[int, str | None] = {}
        self._picture = QImage()
        self._job: JobHandle | None = None
        self._reading = ""  # the name of the image
        self._words = ""
        self.hide()

    def show_masks(
        self, found: Sequence[Found], masks: Path | None, values: Sequence[int], examples: Mapping[int, str]
    ) -> None:
        """`examples`: for each value the name of the image whose mask holds most of it. Nothing is shown where there is none."""
        self._drop()
        self._found, self._masks, self._values, self._examples = found, masks, values, examples
        self._preview, self._picture, self.lit = None, QImage(), None
        first = next(iter(examples.values()), None)
        self.setVisible(first is not None)
        if first is not None:
            self._read(first)

    def light(self, value: int | None) -> None:
        """Show where that value is; None: all of them."""
        self.lit = value
        name = self._examples.get(value) if value is not None else None
        if self._preview is not None and (value is None or value in self._preview.best):
            self._slice = self._preview.best.get(value, self._slice) if value is not None else self._slice
            self._draw()
        elif name is not None:
            self._read(name)

    def set_colors(self, colors: Mapping[int, str | None]) -> None:
        """Draw each value as what it means is drawn; None for background, and no colour where nobody said it yet."""
        if colors != self._colors:
            self._colors = dict(colors)
            self._draw()

    def tell(self, text: str) -> None:
        """What is under the pointer, in words."""
        if text != self._words:
            self._words = text
            self.update()

    def _read(self, name: str) -> None:
        image = next((one for one in self._found if one.name == name), None)
        if image is None or self._masks is None or name == self._reading:
            return
        self._drop()
        self._reading = name
        make = partial(look_at_mask, image, tuple(self._found), self._masks, tuple(self._values))
        self._job = self._context.jobs.start(
            self, Lane.CASE, "", make, done=self._read_it, failed=self._not_read, cancelled=self._forget_job
        )

    def _read_it(self, preview: MaskPreview | None) -> None:
        self._forget_job()
        self._preview = preview
        self.setVisible(preview is not None)
        if preview is not None:
            held = max(preview.best, key=lambda value: (preview.labels[preview.best[value]] > 0).sum(), default=None)
            self._slice = preview.best[held] if held is not None else len(preview.labels) // 2
            self.light(self.lit if self.lit in preview.best else None)

    def _not_read(self, fault: BaseException) -> None:
        """The import says why, file by file; here stands no picture then."""
        self._forget_job()
        self.hide()

    def _forget_job(self) -> None:
        self._job, self._reading = None, ""
        self.update()

    def _drop(self) -> None:
        if self._job is not None:
            self._job.drop()
        self._forget_job()

    def _draw(self) -> None:
        if self._preview is not None:
            self._picture = to_qimage(self._preview.picture(self._slice, self.lit, self._colors))
            self.update()

    def _area(self) -> QRectF:
        """Where the picture stands, in its true proportions."""
        if self._preview is None or self._picture.isNull():
            return QRectF()
        _, down, across = self._preview.image.geometry.spacing
        height, width = self._picture.height() * down, self._picture.width() * across
        factor = min(self.width() / width, self.height() / height)
        size = (width * factor, height * factor)
        return QRectF((self.width() - size[0]) / 2, (self.height() - size[1]) / 2, *size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(_HEIGHT if self.window().height() >= _TALL else _LOW)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("scan"))
            area = self._area()
            if self._preview is None or area.isEmpty():
                if self._reading:
                    painter.setPen(theme.scan_color("dim"))
                    words = tr("Reading {name}", name=self._reading)
                    painter.drawText(self.rect().adjusted(8, 8, -8, -8), _MIDDLE, words)
                return
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, self._picture)
            words = self._preview.name
            if len(self._preview.labels) > 1:
                words = f"{words} · {self._slice + 1} / {len(self._preview.labels)}"
            plate = QRectF(0, self.height() - 20, self.width(), 20)
            painter.fillRect(plate, theme.color("scan", 0.6))
            plate, font = plate.adjusted(8, 0, -8, 0), theme.font(theme.SMALL_SIZE)
            taken = paint_text(painter, plate, self._words, theme.scan_color("text"), font, right=True)
            paint_text(painter, plate.adjusted(0, 0, -taken - 8, 0), words, theme.scan_color("dim"), font)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area = self._area()
        if self._preview is None or not area.contains(event.position()):
            self.pointed.emit(None)
            return
        down = (event.position().y() - area.top()) / area.height()
        across = (event.position().x() - area.left()) / area.width()
        self.pointed.emit(self._preview.value_at(self._slice, down, across))

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)

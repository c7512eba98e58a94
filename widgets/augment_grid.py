"""Samples of an augmentation: the original and one sample large, all samples small beneath."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets import theme
from widgets.controls import named
from widgets.rows import paint_text
from widgets.text import tip, tr

if TYPE_CHECKING:  # these widgets come up with the window: nothing of theirs waits for numpy
    import numpy as np
    from numpy.typing import NDArray

_GAP, _BIG_GAP, _CAPTION = 8.0, 16.0, 30.0


@dataclass(frozen=True)
class SampleTile:
    """A picture (RGB uint8, h x w x 3) with its caption, what was done to it, and what is wrong with it ("Vena cava lost")."""

    picture: "NDArray[np.uint8]"
    title: str
    detail: str = ""
    warning: str = ""


class AugmentGrid(QWidget):
    """`clicked(index)` picks a sample (click, or Return on the one the arrows chose); `hovered(index)`, -1 when it leaves."""

    clicked = Signal(int)
    hovered = Signal(int)

    def __init__(self, name: str = "augment_grid", columns: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, tr("Samples"))
        self._columns = columns
        self._original: SampleTile | None = None
        self._samples: list[SampleTile] = []
        self._images: list[QImage] = []
        self._current, self._under = 0, -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_samples(self, original: SampleTile | None, samples: Sequence[SampleTile]) -> None:
        """Show these; the picked one stays. The arrays are copied."""
        self._original, self._samples = original, list(samples)
        self._images = [_image(each.picture) for each in ([original] if original else []) + self._samples]
        self._current = min(self._current, max(len(samples) - 1, 0))
        self._say()
        self.updateGeometry()
        self.setMinimumHeight(self.heightForWidth(max(self.width(), 200)))
        self.update()

    def set_columns(self, columns: int) -> None:
        """How many samples stand side by side: more where pictures are tall, so that all are seen at once."""
        self._columns = columns
        self.setMinimumHeight(self.heightForWidth(max(self.width(), 200)))
        self.update()

    def current(self) -> int:
        return self._current

    def set_current(self, index: int) -> None:
        """Pick that sample. Sends nothing."""
        self._current = index
        self._say()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        areas = self._areas(float(width))
        return round(max((area.bottom() for area in areas), default=0.0)) + 2

    def sizeHint(self) -> QSize:
        return QSize(820, self.heightForWidth(820))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._sample_at(event.position())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.set_current(index)
            self.clicked.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._sample_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        if self._samples and event.key() in steps:
            index = self._current + steps[Qt.Key(event.key())]
            if 0 <= index < len(self._samples):
                self.set_current(index)
        elif self._samples and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._sample_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), tip(self._words(index)) if index >= 0 else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            areas = self._areas(float(self.width()))
            if self._original is not None:
                self._paint_large(painter, areas[0], self._images[0], self._original)
                if self._samples:
                    large = self._under if self._under >= 0 else self._current
                    self._paint_large(painter, areas[1], self._images[large + 1], self._samples[large])
            for index, sample in enumerate(self._samples):
                self._paint_small(painter, areas[self._first() + index], index, sample)

    def _first(self) -> int:
        """How many large pictures stand before the samples."""
        return 2 if self._original is not None else 0

    def _areas(self, width: float) -> list[QRectF]:
        """Places of all pictures: the two large ones (where there is an original), then the samples in columns."""
        shape = next((image for image in self._images), None)
        ratio = shape.height() / shape.width() if shape is not None and shape.width() else 0.7
        areas, top = [], 0.0
        if self._original is not None:
            wide = (width - _BIG_GAP) / 2
            areas = [QRectF(at * (wide + _BIG_GAP), 0, wide, wide * ratio) for at in range(2)]
            top = wide * ratio + _CAPTION + 8
        wide = (width - _GAP * (self._columns - 1)) / self._columns
        for index in range(len(self._samples)):
            row, column = divmod(index, self._columns)
            areas.append(QRectF(column * (wide + _GAP), top + row * (wide * ratio + _GAP), wide, wide * ratio))
        return areas

    def _sample_at(self, position: QPointF) -> int:
        areas = self._areas(float(self.width()))[self._first() :]
        return next((index for index, area in enumerate(areas) if area.contains(position)), -1)

    def _hover(self, index: int) -> None:
        if index != self._under:
            self._under = index
            self.hovered.emit(index)
            self.update()

    def _words(self, index: int) -> str:
        sample = self._samples[index]
        return "\n".join(part for part in (sample.title, sample.detail, sample.warning) if part)

    def _say(self) -> None:
        if self._samples:
            self.setAccessibleDescription(self._words(self._current).replace("\n", ", "))

    def _paint_large(self, painter: QPainter, area: QRectF, image: QImage, sample: SampleTile) -> None:
        _paint_image(painter, area, image)
        row = QRectF(area.left(), area.bottom() + 6, area.width(), 20)
        taken = paint_text(painter, row, sample.title, "text", theme.font(bold=True))
        detail = row.adjusted(taken + 14, 0, 0, 0)
        words, role = (sample.warning, "warn") if sample.warning else (sample.detail, "dim")
        paint_text(painter, detail, words, role, theme.font())  # type: ignore[arg-type]

    def _paint_small(self, painter: QPainter, area: QRectF, index: int, sample: SampleTile) -> None:
        _paint_image(painter, area, self._images[index + (1 if self._original is not None else 0)])
        if sample.warning:
            _paint_warning(painter, area, sample.warning)
        if index == self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 3 if self.hasFocus() else 2))
            painter.drawRoundedRect(area, 3, 3)
        elif index == self._under:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("faint"), 1))
            painter.drawRoundedRect(area, 3, 3)


def _image(picture: "NDArray[np.uint8]") -> QImage:
    height, width, _ = picture.shape
    return QImage(picture.tobytes(), width, height, width * 3, QImage.Format.Format_RGB888).copy()


def _paint_image(painter: QPainter, area: QRectF, image: QImage) -> None:
    """In true proportions on the scan's ground; smooth when smaller, pixel-sharp when larger."""
    painter.fillRect(area, theme.color("scan"))
    size = image.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(area.center())
    device_pixel_ratio = painter.device().devicePixelRatio()
    if size.width() * device_pixel_ratio < image.width():
        ready = image.scaled(
            size * device_pixel_ratio, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawImage(target, ready)
    else:
        painter.drawImage(target, image)


def _paint_warning(painter: QPainter, area: QRectF, text: str) -> None:
    """A corner in the colour of "look at it", and what it is in words at the foot."""
    corner = min(area.width() * 0.12, 20.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.scan_color("warn"))
    painter.drawPolygon(
        QPolygonF([area.topRight() - QPointF(corner, 0), area.topRight(), area.topRight() + QPointF(0, corner)])
    )
    painter.setFont(theme.font(theme.SMALL_SIZE))
    width = min(painter.fontMetrics().horizontalAdvance(text) + 14.0, area.width() - 16)
    plate = QRectF(area.left() + 8, area.bottom() - 28, width, 20)
    painter.setBrush(theme.color("scan", 0.85))
    painter.drawRoundedRect(plate, 3, 3)
    paint_text(painter, plate.adjusted(7, 0, -5, 0), text, theme.scan_color("warn"), theme.font(theme.SMALL_SIZE))

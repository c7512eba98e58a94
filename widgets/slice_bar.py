"""Where the shown slice lies in its volume: a thin bar at the edge of the canvas, with marks where something is to see."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme
from widgets.text import tr
from widgets.track_slider import TrackSlider

_TRACK, _LEAST = 3.0, 14.0


class SliceBar(TrackSlider):
    """The first slice is at the top. `valueChanged` tells the slice; dragging and the arrow keys change it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("slice_bar")
        self.setAccessibleName(tr("Slice"))
        self.setOrientation(Qt.Orientation.Vertical)
        self.setInvertedAppearance(True)
        self.setInvertedControls(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._marks: tuple[tuple[int, str], ...] = ()
        self._labelled: frozenset[int] = frozenset()
        self.set_count(1)

    def set_count(self, count: int) -> None:
        """How many slices there are."""
        self.setRange(0, max(count - 1, 0))
        self.setPageStep(max(count // 10, 1))

    def set_marks(self, marks: Sequence[tuple[int, str]]) -> None:
        """Ticks at slices: (index, "#rrggbb")."""
        self._marks = tuple(marks)
        self.update()

    def set_labelled(self, slices: frozenset[int] | None) -> None:
        """The slices that are labelled: the track is bright beside them. None where slices of this kind are not."""
        if (slices or frozenset()) != self._labelled:
            self._labelled = slices or frozenset()
            self.update()
        if slices is None:
            self.setToolTip(tr("Slice"))
        else:
            count = self.maximum() + 1
            self.setToolTip(tr("{labelled} of {count} slices are labelled", labelled=len(slices), count=count))

    def sizeHint(self) -> QSize:
        return QSize(14, 200)

    def handle(self) -> QRectF:
        """The part of the bar that stands for the shown slice."""
        count = self.maximum() + 1
        length = max(self.height() / count, _LEAST)
        top = (self.height() - length) * (self.value() / max(count - 1, 1))
        return QRectF((self.width() - _TRACK) / 2, top, _TRACK, length)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            track = theme.scan_color("text", 0.22)
            handle = theme.scan_color("text", 0.95 if self.isSliderDown() or self.underMouse() else 0.7)
            left = (self.width() - _TRACK) / 2
            painter.setBrush(theme.color("scan", 0.6))  # seen over bright tissue too
            painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
            painter.setBrush(track)
            painter.drawRoundedRect(QRectF(left, 0, _TRACK, self.height()), _TRACK / 2, _TRACK / 2)
            painter.setBrush(theme.scan_color("accent"))
            part = self.height() / (self.maximum() + 1)
            for index in self._labelled:
                painter.drawRect(QRectF(left + _TRACK + 2, index * part, 2, max(part, 2)))
            for index, color in self._marks:
                painter.setBrush(theme.data_color(color))
                painter.drawRect(QRectF(left - 1, self._place(index) - 1, _TRACK + 2, 2))
            painter.setBrush(handle)
            painter.drawRoundedRect(self.handle(), _TRACK / 2, _TRACK / 2)
            if self.hasFocus():
                theme.focus_ring(painter, QRectF(self.rect()), 4)

    def _place(self, index: int) -> float:
        half = self.handle().height() / 2
        return half + (self.height() - 2 * half) * (index / max(self.maximum(), 1))

    def value_at(self, position: QPointF) -> int:
        half = self.handle().height() / 2
        share = (position.y() - half) / max(self.height() - 2 * half, 1)
        return round(min(max(share, 0), 1) * self.maximum())

"""A range of values, dragged on the histogram of an image."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme
from widgets.sliders import KNOB, PAD, RangeSlider

_BARS = 96


class RangeHistogram(RangeSlider):
    """A range on the histogram of an image's values. A drag between the two ends moves both."""

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(name, text, 0.0, 1.0, (0.0, 1.0), 0.01, parent)
        self._heights: NDArray[np.float64] = np.zeros(1)
        self._from: float | None = None  # the value under the hand that moves both
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_values(self, values: NDArray[np.generic], chosen: tuple[float, float]) -> None:
        """The histogram of these values (any numbers, NaN left out), and this range on it. High bars are drawn by their logarithm, so
        that air does not push the rest to the ground."""
        numbers = np.asarray(values, np.float64)
        numbers = numbers[np.isfinite(numbers)]
        low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)
        low, high = min(low, chosen[0]), max(high, chosen[1])
        high = high if high > low else low + 1.0
        counts, _ = np.histogram(numbers, _BARS, (low, high))
        heights = np.log1p(counts)
        self._heights = heights / max(heights.max(), 1.0)
        whole = values.dtype.kind in "iu"
        self._low, self._high, self._step = low, high, 1.0 if whole else (high - low) / 1000
        self.set_values(chosen)

    def sizeHint(self) -> QSize:
        return QSize(260, 96)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().x()
        ends = [self._x(value) for value in self._values]
        self._from = self._value_at(at) if ends[0] + KNOB < at < ends[1] - KNOB else None
        if self._from is None:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        value = self._value_at(event.position().x())
        if self._from is None:
            super().mouseMoveEvent(event)
            return
        step = min(max(value - self._from, self._low - self._values[0]), self._high - self._values[1])
        self._from = value
        self.set_values((self._values[0] + step, self._values[1] + step))
        self.changed.emit(*self._values)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            ground = self.height() - 2 * KNOB
            width = (self.width() - 2 * PAD) / len(self._heights)
            first, second = (self._x(value) for value in self._values)
            for place, height in enumerate(self._heights):
                left = PAD + place * width
                chosen = first <= left + width / 2 <= second
                bar = QRectF(left, ground * (1 - height), width, ground * height)
                painter.fillRect(bar, theme.color("accent" if chosen and self.isEnabled() else "faint"))
            painter.fillRect(QRectF(first, 0, second - first, ground), theme.color("accent", 0.15))
            painter.translate(0, self.height() - 2 * KNOB - 2)
            self._paint_line(painter, 2 * KNOB + 2)

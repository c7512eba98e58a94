"""A slice three times, small: what is true, what was predicted, and where both have the same class."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.scoring.render import ERROR_COLORS, MISSED, OTHER_CLASS, RIGHT, TOO_MUCH, error_map, overlay
from widgets import theme
from widgets.controls import named
from widgets.figures import figure
from widgets.qimages import to_qimage
from widgets.rows import paint_swatch, paint_text
from widgets.text import tr

_GAP, _HEAD, _FOOT, _SWATCH = 10.0, 22.0, 26.0, 10.0
_HIGHEST = 240.0  # px of a picture
_AROUND = 8  # pixels at least that are seen around what is labelled

Bytes = NDArray[np.uint8]


class OverlapPictures(QWidget):
    """Cut to what is labelled in either. The first two are in the classes' colours, the third in those of the error view, each
    of which stands beneath with how many pixels it has."""

    def __init__(self, name: str) -> None:
        super().__init__()
        named(self, name, tr("Truth, prediction, and what they share"))
        self._images: tuple[QImage, ...] = ()
        self._shares: tuple[tuple[str, str], ...] = ()  # colour and words
        self._shape = (1.0, 1.0)  # of a picture, down and across
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_slice(
        self, picture: Bytes, truth: Bytes, predicted: Bytes, colors: tuple[str, ...], pixel: tuple[float, float]
    ) -> None:
        """`picture` (h, w) or (h, w, 3) and both masks (h, w) as they hang; `pixel` is the height and width of one, in any unit."""
        codes = error_map(truth, predicted)
        counts = np.bincount(codes.ravel(), minlength=OTHER_CLASS + 1)
        words = (
            (RIGHT, tr("A∩B: {count}", count=figure(int(counts[RIGHT])))),
            (TOO_MUCH, tr("A alone: {count}", count=figure(int(counts[TOO_MUCH])))),
            (MISSED, tr("B alone: {count}", count=figure(int(counts[MISSED])))),
            (OTHER_CLASS, tr("two classes: {count}", count=figure(int(counts[OTHER_CLASS])))),
        )
        self._shares = tuple(
            (ERROR_COLORS[code - 1], said) for code, said in words if code != OTHER_CLASS or counts[code]
        )
        self.setAccessibleDescription(", ".join(said for _, said in self._shares))
        there = _around(codes > 0)
        picture, truth, predicted, codes = (
            np.ascontiguousarray(each[there]) for each in (picture, truth, predicted, codes)
        )
        drawn = ((truth, colors), (predicted, colors), (codes, ERROR_COLORS))
        self._images = tuple(to_qimage(overlay(picture, *each, fill=0.5)) for each in drawn)
        self._shape = picture.shape[0] * pixel[0], picture.shape[1] * pixel[1]
        self._fit()
        self.update()

    def images(self) -> tuple[QImage, ...]:
        """The three, as they are drawn."""
        return self._images

    def sizeHint(self) -> QSize:
        return QSize(480, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            font, wide, high = theme.font(theme.SMALL_SIZE), self._column(), self._high()
            titles = tr("Truth (B)"), tr("Predicted (A)"), tr("Both")
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for place, (title, image) in enumerate(zip(titles, self._images, strict=False)):
                left = place * (wide + _GAP)
                paint_text(painter, QRectF(left, 0, wide, _HEAD - 4), title, "dim", font)
                area = QRectF(0, 0, *self._drawn())
                area.moveCenter(QRectF(left, _HEAD, wide, high).center())
                painter.drawImage(area, image)
            left, middle = 0.0, _HEAD + high + _FOOT / 2
            for color, said in self._shares:
                paint_swatch(painter, QRectF(left, middle - _SWATCH / 2, _SWATCH, _SWATCH), color)
                left += _SWATCH + 5
                room = QRectF(left, middle - _FOOT / 2, self.width() - left, _FOOT)
                left += paint_text(painter, room, said, "text", font) + 14

    def _column(self) -> float:
        return (self.width() - 2 * _GAP) / 3

    def _drawn(self) -> tuple[float, float]:
        """Width and height of a picture."""
        scale = min(self._column() / self._shape[1], _HIGHEST / self._shape[0])
        return self._shape[1] * scale, self._shape[0] * scale

    def _high(self) -> float:
        return self._drawn()[1]

    def _fit(self) -> None:
        high = round(_HEAD + self._high() + _FOOT)
        if high != self.minimumHeight():
            self.setMinimumHeight(high)
            self.updateGeometry()


def _around(labelled: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The part that holds what is labelled, with a quarter of it around; all where nothing is."""
    rows, columns = (np.flatnonzero(labelled.any(axis)) for axis in (1, 0))
    if not rows.size:
        return slice(None), slice(None)
    down, across = (
        _widened(int(each[0]), int(each[-1]) + 1, length)
        for each, length in zip((rows, columns), labelled.shape, strict=True)
    )
    return down, across


def _widened(first: int, stop: int, length: int) -> slice:
    more = max(_AROUND, (stop - first) // 4)
    return slice(max(first - more, 0), min(stop + more, length))

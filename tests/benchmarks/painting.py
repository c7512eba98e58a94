"""A brush dab until its pixels are painted, against a bare widget that repaints the same rectangle of its images."""

import time
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image
from engine.imaging.windows import FULL
from engine.labels.classes import OKABE_ITO
from engine.labels.mask import Mask
from widgets.canvas import Canvas
from widgets.layers import OverlayLayer
from widgets.tool import ToolContext
from widgets.tools import BrushTool

Row = tuple[str, float, float, float, float]
"""Job, our seconds, the ideal's seconds, their ratio, the ratio aimed at (at most)."""

AIM = 1.5
SIDES = (2048, 4096, 8192, 16384)
BRUSHES = (10, 40, 100, 400)  # pixels across
_WINDOW = (1024, 768)
_DABS = 60
_WIDEST, _WIDE_DABS, _FRAME = 2000, 200, 0.016  # pixels across, seconds
_LAYERS = 3
_TILE = 128


class Bare(QWidget):
    """The least that paints: a grey image and three mask images over it at 100 %, no outlines, nothing else."""

    def __init__(self, picture: NDArray[np.uint8], masks: list[NDArray[np.uint8]], brush: int, corner: int) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.resize(*_WINDOW)
        self._mask, self._brush, self._corner = masks[-1], brush, corner
        side = len(picture)
        self._picture = QImage(picture.data, side, side, side, QImage.Format.Format_Grayscale8)
        self._overlays = [QImage(mask.data, side, side, side, QImage.Format.Format_Indexed8) for mask in masks]
        for overlay in self._overlays:
            overlay.setColorTable([0, *(0x59000000 | int(color[1:], 16) for color in OKABE_ITO)])
        self._last: tuple[int, int] | None = None
        self._before: dict[tuple[int, int], NDArray[np.uint8]] = {}

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().x()), int(event.position().y())
        last, self._last = self._last or at, at
        reach = self._brush // 2 + 1
        left, right = min(at[0], last[0]) - reach, max(at[0], last[0]) + reach
        top, bottom = min(at[1], last[1]) - reach, max(at[1], last[1]) + reach
        self._keep(left + self._corner, top + self._corner, right + self._corner, bottom + self._corner)
        ends = [(x + self._corner, y + self._corner) for x, y in (last, at)]
        cv2.line(self._mask, ends[0], ends[1], 1, self._brush)
        self.update(QRect(left, top, right - left, bottom - top))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(-self._corner, -self._corner, self._picture)
        for overlay in self._overlays:
            painter.drawImage(-self._corner, -self._corner, overlay)

    def _keep(self, left: int, top: int, right: int, bottom: int) -> None:
        for row in range(top // _TILE, bottom // _TILE + 1):
            for column in range(left // _TILE, right // _TILE + 1):
                if (row, column) not in self._before:
                    y, x = row * _TILE, column * _TILE
                    self._before[row, column] = self._mask[y : y + _TILE, x : x + _TILE].copy()


def rows() -> Iterator[Row]:
    """The rows one by one, each measured when it is asked for: at 100 %, then the widest brush on the whole of the largest side, by
    processor time against a frame."""
    app = QApplication.instance() or QApplication([])
    for side in SIDES:
        scene = _Scene(side)
        for brush in BRUSHES:
            ours, ideal = scene.dabs(brush)
            yield f"dab of {brush} px on {side}\N{SUPERSCRIPT TWO}, three layers", ours, ideal, ours / ideal, AIM
        if side == SIDES[-1]:
            ours = float(np.quantile(scene.wide_dabs(), 0.99))
            job = f"dab of {_WIDEST} px on all of {side}\N{SUPERSCRIPT TWO}, three layers, 99th percentile, against a frame"
            yield job, ours, _FRAME, ours / _FRAME, 1.0
        scene.canvas.close()
    del app


class _Scene:
    """A canvas and the bare widgets over the same picture of one size."""

    def __init__(self, side: int) -> None:
        self._picture = _noise(side)
        self._masks = [Mask(_discs(side, seed)[None]) for seed in range(_LAYERS)]
        self._copies = [mask.labels[0].copy() for mask in self._masks]
        self._corner = side // 3
        self.canvas = Canvas()
        self.canvas.resize(*_WINDOW)
        self.canvas.show()
        QTest.qWaitForWindowExposed(self.canvas)
        self.canvas.set_image(Image(self._picture[None], uncalibrated(side, side), FULL))
        self.canvas.set_layers([OverlayLayer(mask.labels, OKABE_ITO) for mask in self._masks])
        self.canvas.actual_size()
        corner = self.canvas.to_screen((self._corner - 0.5, self._corner - 0.5))
        self.canvas.pan(-corner.x(), -corner.y())
        self.canvas.set_tool(BrushTool())

    def dabs(self, brush: int) -> tuple[float, float]:
        """Median seconds of a dab, ours and the ideal's, taken in turns so that a busy moment hits both."""
        self.canvas.set_context(ToolContext(self._masks[-1], 1, brush / 2))
        bare = Bare(self._picture, self._copies, brush, self._corner)
        bare.show()
        QTest.qWaitForWindowExposed(bare)
        _mouse(self.canvas, QEvent.Type.MouseButtonPress, _path(0, brush))
        times: tuple[list[float], list[float]] = ([], [])
        widgets: tuple[QWidget, QWidget] = (self.canvas, bare)
        for widget in widgets:
            _show(widget)
        for step in range(1, _DABS + 1):
            for widget, taken in zip(widgets, times, strict=True):
                before = time.perf_counter()
                _mouse(widget, QEvent.Type.MouseMove, _path(step, brush))
                _show(widget)
                taken.append(time.perf_counter() - before)
        _mouse(self.canvas, QEvent.Type.MouseButtonRelease, _path(_DABS, brush))
        bare.close()
        return float(np.median(times[0])), float(np.median(times[1]))

    def wide_dabs(self) -> list[float]:
        """Seconds of processor time of each dab of the widest brush, the whole picture in the window."""
        self.canvas.fit()
        self.canvas.set_context(ToolContext(self._masks[-1], 1, _WIDEST / 2))
        _mouse(self.canvas, QEvent.Type.MouseButtonPress, _path(0, _WIDEST))
        _show(self.canvas)
        taken = []
        for step in range(1, _WIDE_DABS + 1):
            before = time.thread_time()
            _mouse(self.canvas, QEvent.Type.MouseMove, _path(step, _WIDEST))
            _show(self.canvas)
            taken.append(time.thread_time() - before)
        _mouse(self.canvas, QEvent.Type.MouseButtonRelease, _path(_WIDE_DABS, _WIDEST))
        return taken


def _path(step: int, brush: int) -> QPointF:
    """A steady hand: 9 pixels an event, round the middle of the window."""
    middle, radius = QPointF(_WINDOW[0] / 2, _WINDOW[1] / 2), 150.0
    angle = step * 9 / radius
    return middle + QPointF(radius * float(np.cos(angle)), radius * float(np.sin(angle)))


def _mouse(widget: QWidget, kind: QEvent.Type, at: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    place = widget.mapToGlobal(at)
    QApplication.sendEvent(widget, QMouseEvent(kind, at, place, button, held, Qt.KeyboardModifier.NoModifier))


def _show(widget: QWidget) -> None:
    """Paint what is dirty now, as the event loop would, until the window system has the pixels."""
    QApplication.sendEvent(widget, QEvent(QEvent.Type.UpdateRequest))
    QApplication.sync()


def _noise(side: int) -> NDArray[np.uint8]:
    tile = np.random.default_rng(0).integers(0, 255, (256, 256), np.uint8)
    return np.tile(tile, (side // 256, side // 256))


def _discs(side: int, seed: int) -> NDArray[np.uint8]:
    """Discs of classes 2 to 7 all over, a few of them in any window."""
    rng = np.random.default_rng(seed)
    labels = np.zeros((side, side), np.uint8)
    for _ in range((side // 256) ** 2):
        y, x, radius, value = (int(rng.integers(low, high)) for low, high in ((0, side), (0, side), (20, 90), (2, 8)))
        cv2.circle(labels, (x, y), radius, value, -1)
    return labels

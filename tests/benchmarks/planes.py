"""Three linked views of a volume of 600 x 512 x 512, and a surface that turns, against what a hand and an eye ask for.

The ideal is a fixed time, so ours is processor time of the window's thread: a busy machine does not change it.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine.imaging.geometry import from_nifti
from engine.imaging.image import Image, Window
from engine.labels.classes import OKABE_ITO
from engine.labels.edit import Labels
from engine.labels.mask import Mask
from engine.labels.surface import SurfaceScene, surface_of
from engine.progress import result_of
from widgets.canvas import Canvas
from widgets.layers import OverlayLayer
from widgets.plane_views import PlaneViews
from widgets.surface_view import SurfaceView
from widgets.tool import ToolContext
from widgets.tools import BrushTool

Row = tuple[str, float, float, float, float]
"""Job, our seconds, the seconds asked for, their ratio, the ratio aimed at (at most)."""

_SHAPE = (600, 512, 512)
_WINDOW = (1100, 800)
_DAB, _SCROLL, _TURN = 0.016, 0.040, 0.050  # seconds
_DABS, _STEPS, _FRAMES = 200, 60, 40
_SIDE = 256


def rows() -> Iterator[Row]:
    """The rows one by one, each measured when it is asked for."""
    app = QApplication.instance() or QApplication([])
    views = _views()
    jobs: tuple[tuple[str, Callable[[], float], float], ...] = (
        ("dab of 20 px, three views, 99th percentile", lambda: float(np.quantile(_dabs(views), 0.99)), _DAB),
        ("all three views one slice on, median", lambda: float(np.median(_scrolled(views))), _SCROLL),
        (f"surface at {_SIDE}\N{SUPERSCRIPT THREE} turned, median", _turned, _TURN),
    )
    for name, seconds, asked in jobs:
        ours = seconds()
        yield name, ours, asked, ours / asked, 1.0
    views.close()
    del app


def _views() -> PlaneViews:
    rng = np.random.default_rng(0)
    pixels = np.tile(rng.integers(-200, 300, (60, 512, 512)).astype(np.int16), (10, 1, 1))
    views = PlaneViews()
    views.resize(*_WINDOW)
    views.show_several(True)
    views.show()
    QTest.qWaitForWindowExposed(views)
    geometry = from_nifti(np.diag([0.8, 0.8, 0.8, 1.0]), (_SHAPE[2], _SHAPE[1], _SHAPE[0]))
    views.set_image(Image(pixels, geometry, Window(50, 400), "CT", "HU"))
    mask = Mask(_balls(_SHAPE))
    for view in views:
        view.set_layers([OverlayLayer(mask.labels, OKABE_ITO)])
    views.set_context(ToolContext(mask, 1, 10.0))
    views.set_tool(BrushTool())
    _show(*views)
    return views


def _balls(shape: tuple[int, int, int]) -> Labels:
    labels = np.zeros(shape, np.uint8)
    z, y, x = np.ogrid[: shape[0], : shape[1], : shape[2]]
    for value, place in enumerate(((0.5, 0.5, 0.5), (0.25, 0.3, 0.3), (0.75, 0.7, 0.35)), start=1):
        middle = [share * size for share, size in zip(place, shape, strict=True)]
        radius = min(shape) * (0.35 if value == 1 else 0.18)
        labels[(z - middle[0]) ** 2 + (y - middle[1]) ** 2 + (x - middle[2]) ** 2 < radius**2] = value
    return labels


def _timed(work: Callable[[], object], *shown: QWidget) -> float:
    before = time.thread_time()
    work()
    _show(*shown)
    return time.thread_time() - before


def _dabs(views: PlaneViews) -> list[float]:
    by, middle = views.first, QPointF(views.first.rect().center())
    _mouse(by, QEvent.Type.MouseButtonPress, middle)
    taken = []
    for step in range(_DABS):
        angle = step * 9 / 120
        at = middle + QPointF(120 * float(np.cos(angle)), 120 * float(np.sin(angle)))
        taken.append(_timed(lambda at=at: _mouse(by, QEvent.Type.MouseMove, at), *views))  # type: ignore[misc]
    _mouse(by, QEvent.Type.MouseButtonRelease, middle)
    return taken


def _scrolled(views: PlaneViews) -> list[float]:
    z, y, x = views.place
    return [_timed(lambda n=n: views.go((z + n, y + n, x + n)), *views) for n in range(1, _STEPS)]  # type: ignore[misc]


def _turned() -> float:
    geometry = from_nifti(np.eye(4), (_SIDE, _SIDE, _SIDE))
    scene = SurfaceScene(result_of(surface_of(_balls((_SIDE, _SIDE, _SIDE)), geometry)), OKABE_ITO)
    view = SurfaceView("surface")
    view.resize(_WINDOW[0] // 2, _WINDOW[1] // 2)
    view.show()
    QTest.qWaitForWindowExposed(view)
    view.set_scene(scene)
    taken = [_timed(lambda: view.turn_by(6, 2), view) for _ in range(_FRAMES)]
    view.close()
    return float(np.median(taken))


def _mouse(widget: Canvas, kind: QEvent.Type, at: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    place = QPointF(widget.mapToGlobal(at))
    QApplication.sendEvent(widget, QMouseEvent(kind, at, place, button, held, Qt.KeyboardModifier.NoModifier))


def _show(*widgets: QWidget) -> None:
    """Paint what is dirty now, as the event loop would."""
    for window in {widget.window() for widget in widgets}:
        QApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))

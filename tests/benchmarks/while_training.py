"""A stroke's slowest hundredth while a U-Net trains in the same process, against one frame of 16 ms."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.services.jobs import JobQueue, Lane
from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image, Window
from engine.labels.mask import Mask
from engine.progress import Work
from widgets.canvas import Canvas
from widgets.layers import OverlayLayer
from widgets.tool import ToolContext
from widgets.tools import BrushTool

Row = tuple[str, float, float, float, float]

_FRAME = 0.016
_SECONDS = 8.0


def rows() -> Iterator[Row]:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    canvas, path = _canvas(), _circle()
    idle = _paint(canvas, path, 2.0)
    jobs = JobQueue()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        started: list[object] = []
        jobs.start(canvas, Lane.LEARNING, "", lambda: _train(target), reported=started.append)
        while len(started) < 3:
            _wait(50)
        busy = _paint(canvas, path, _SECONDS)
        jobs.close(30)
    canvas.close()
    yield f"stroke, p99, no training ({len(idle)} moves), against a frame", _p99(idle), _FRAME, _p99(idle) / _FRAME, 1.0
    yield (
        f"stroke, p99, while a U-Net trains ({len(busy)} moves), against a frame",
        _p99(busy),
        _FRAME,
        _p99(busy) / _FRAME,
        1.0,
    )


def _p99(times: list[float]) -> float:
    return float(np.percentile(times, 99))


def _canvas() -> Canvas:
    side = 2048
    canvas = Canvas()
    canvas.resize(1024, 768)
    pixels = np.random.default_rng(0).integers(0, 256, (1, side, side)).astype(np.uint8)
    mask = Mask(np.zeros((1, side, side), np.uint8))
    canvas.set_image(Image(pixels, uncalibrated(side, side), Window(127.5, 255)))
    canvas.set_layers([OverlayLayer(mask.labels, ["#E69F00"])])
    canvas.set_context(ToolContext(mask, 1, 20.0))
    canvas.set_tool(BrushTool())
    canvas.show()
    QTest.qWaitForWindowExposed(canvas)
    return canvas


def _circle() -> list[QPointF]:
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    return [QPointF(512 + 200 * float(np.cos(a)), 384 + 200 * float(np.sin(a))) for a in angles]


def _paint(canvas: Canvas, path: list[QPointF], seconds: float) -> list[float]:
    """Strokes round and round at 100 moves a second; the time of each move until its pixels are handed to the window system."""
    times: list[float] = []
    until = time.perf_counter() + seconds
    _mouse(canvas, QEvent.Type.MouseButtonPress, path[0])
    step = 0
    while time.perf_counter() < until:
        step += 1
        before = time.perf_counter()
        _mouse(canvas, QEvent.Type.MouseMove, path[step % len(path)])
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.UpdateRequest))
        times.append(time.perf_counter() - before)
        _wait(10)
    _mouse(canvas, QEvent.Type.MouseButtonRelease, path[step % len(path)])
    return times


def _wait(ms: int) -> None:
    """Let the event loop run. QTest.qWait would keep Python's lock, and the training would stand still."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def _mouse(canvas: Canvas, kind: QEvent.Type, at: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    QApplication.sendEvent(
        canvas, QMouseEvent(kind, at, canvas.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
    )


def _train(folder: Path) -> Work[None]:
    from engine.learning.schedule import Clock
    from engine.learning.segmentation import SegmentationLearner
    from engine.learning.train import Trainer
    from tests.benchmarks import training

    trainer = Trainer(
        SegmentationLearner(training._CONFIG, training._CARD, training._pieces(), {}), folder, "", Clock()
    )
    while True:
        for images, targets in trainer.learner.batches(0):
            trainer.step(images, targets)
            yield trainer.progress.steps

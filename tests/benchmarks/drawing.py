"""How long the drawing of each network takes from its name to its last level or stage, against the 50 ms in which it should be there."""

import gc
import statistics
import time
from collections.abc import Iterator

from engine import catalog
from engine.catalog import Architecture
from engine.errors import EngineError
from engine.learning import models
from engine.learning.levels import levels
from engine.learning.stages import stages

Row = tuple[str, float, float, float, float]
"""Job, our seconds, the ideal's seconds, their ratio, the ratio aimed at (at most)."""

_BUDGET = 50e-3
_TIMES = 5
_CLASSES = 3
_SIDE = 256  # px, of images that are segmented
_PUBLISHED = 224  # px, of images that are classified


def rows() -> Iterator[Row]:
    """The rows one by one, each measured when it is asked for: 20 s in all. The first drawing, which loads torch, is not counted."""
    _draw(catalog.find("unet"))
    for row in catalog.ARCHITECTURES:
        try:
            _draw(row)
        except EngineError:  # a network that is not drawn says so
            continue
        ours = statistics.median(_seconds(row) for _ in range(_TIMES))
        yield f"drawing of {row.name}, against 50 ms", ours, _BUDGET, ours / _BUDGET, 1.0


def _seconds(row: Architecture) -> float:
    """Garbage is collected beside it, as in the window (app.services.garbage)."""
    gc.collect()
    gc.disable()
    before = time.perf_counter()
    _draw(row)
    took = time.perf_counter() - before
    gc.enable()
    return took


def _draw(row: Architecture) -> object:
    """As Train does for networks that make masks or objects, and Classify for the others."""
    if row.task == "classification":
        size = models.fit_input(row.name, _PUBLISHED, _PUBLISHED, 1).size
        return stages(row.name, 1, _CLASSES, size)
    return levels(row.name, 1, _CLASSES, _SIDE)

"""Dice of large masks against one pass over the same memory, and live Dice after a stroke against its millisecond."""

import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.labels.mask import Brush, Mask
from engine.scoring.live import LiveDice
from engine.scoring.metrics import confusion, scores

Row = tuple[str, float, float, float, float]
"""Job, our seconds, the ideal's seconds, their ratio, the ratio aimed at (at most)."""

CLASSES = 5
_STROKE_BUDGET = 1e-3


def rows() -> Iterator[Row]:
    """The rows one by one, each measured when it is asked for; 3 s and 600 MB in all."""
    for name, shape in (("4096\N{SUPERSCRIPT TWO}", (1, 4096, 4096)), ("512\N{SUPERSCRIPT THREE}", (512, 512, 512))):
        truth = _organs(shape)
        predicted = np.roll(truth, 7, axis=2)
        ours, ideal = _together(
            lambda t=truth, p=predicted: scores(confusion(t, p, CLASSES)).mean_dice,  # type: ignore[misc]
            lambda t=truth, p=predicted: (_read(t), _read(p)),  # type: ignore[misc]
        )
        yield f"Dice of {name}, {CLASSES} classes, against one pass over memory", ours, ideal, ours / ideal, 8.0
        ours = _stroke(truth, predicted)
        yield f"live Dice of {name} after a stroke, against 1 ms", ours, _STROKE_BUDGET, ours / _STROKE_BUDGET, 1.0


def _read(mask: NDArray[np.uint8]) -> object:
    """Touch every byte once, as fast as NumPy can."""
    return np.bitwise_xor.reduce(mask.reshape(-1).view(np.uint64))


def _stroke(truth: NDArray[np.uint8], predicted: NDArray[np.uint8]) -> float:
    """The median over strokes of 600 pixels with a brush of 40 pixels."""
    mask = Mask(truth)
    live = LiveDice(mask.labels, predicted, CLASSES)
    rng = np.random.default_rng(1)
    times = []
    for _ in range(50):
        stroke = mask.begin("Brush")
        start = rng.uniform(0, np.array(mask.shape[1:]))
        angle = rng.uniform(0, 2 * np.pi)
        end = start + 600 * np.array([np.sin(angle), np.cos(angle)])
        stroke.line("axial", 0, tuple(start), tuple(end), Brush.round(20), int(rng.integers(1, CLASSES + 1)))
        edit = stroke.end()
        before = time.perf_counter()
        live.apply(edit)
        times.append(time.perf_counter() - before)
    return float(np.median(times))


def _organs(shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Thirty balls (discs in a picture) of five classes, no slice without one: nothing to skip."""
    rng = np.random.default_rng(0)
    depth, height, width = shape
    labels = np.zeros(shape, np.uint8)
    for _ in range(30):
        z, y, x = (int(rng.integers(n)) for n in shape)
        radius, value = int(rng.integers(width // 40, width // 5)), int(rng.integers(1, CLASSES + 1))
        for slice_ in range(max(z - radius, 0), min(z + radius + 1, depth)):
            cv2.circle(labels[slice_], (x, y), round((radius**2 - (slice_ - z) ** 2) ** 0.5), value, -1)
    labels[:, height // 2, width // 2] = 1
    return labels


def _together(one: Callable[[], object], other: Callable[[], object], rounds: int = 7) -> tuple[float, float]:
    """The best time of each, taken in turns so that a busy moment hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, taken in zip((one, other), times, strict=True):
            before = time.perf_counter()
            work()
            taken.append(time.perf_counter() - before)
    return min(times[0]), min(times[1])

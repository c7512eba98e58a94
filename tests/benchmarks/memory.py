"""Memory that a prediction takes above its image, in a process of its own: of a large image with many classes, against 1 GiB."""

import multiprocessing
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

Row = tuple[str, float, float, float, float]

UNIT = ("MB", 1e-6)
_SIDE, _CLASSES, _MOST = 6000, 40, 1 << 30
_CASES = (  # what it is, slices, side, size, patch, mirrored
    ("in tiles of 512", 1, _SIDE, 0, 512, False),
    ("in tiles of 512, mirrored", 1, _SIDE, 0, 512, True),
    ("reduced to 512 and brought back, mirrored", 1, _SIDE, 512, 0, True),
    ("reduced to 2048 in tiles of 512", 1, _SIDE, 2048, 512, False),
    ("200 slices", 200, 512, 512, 0, False),
)


def rows() -> Iterator[Row]:
    for name, slices, side, size, patch, flips in _CASES:
        with multiprocessing.get_context("spawn").Pool(1) as alone:  # so that nothing before it counts
            peak = alone.apply(_peak, (slices, side, size, patch, flips))
        text = f"prediction of {side} px, {_CLASSES} classes, {name}, above the image"
        yield text, peak, _MOST, peak / _MOST, 1.0


def _peak(slices: int, side: int, size: int, patch: int, flips: bool) -> float:
    """Bytes of resident memory at the most, above what the image, a small network and the libraries take."""
    import torch

    from engine.config import PredictConfig
    from engine.imaging.geometry import uncalibrated
    from engine.imaging.image import Image, Window
    from engine.imaging.intensity import Intensity
    from engine.learning.bundle import ModelCard
    from engine.learning.predict import Predictor
    from engine.progress import result_of

    network = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3, padding=1), torch.nn.Conv2d(4, _CLASSES + 1, 1))
    card = ModelCard(
        task="segmentation",
        arch="unet",
        encoder="",
        channels=1,
        classes=tuple((f"class {n}", "#E69F00") for n in range(_CLASSES)),
        intensity=Intensity("image"),
        size=size,
        patch=patch,
    )
    predictor = Predictor(network.eval(), card, PredictConfig(device="cpu", flips=flips, overlap=0.25))

    def predict(*shape: int) -> float:
        draw = np.random.default_rng(0).integers(0, 4096, shape, np.uint16)
        image = Image(draw, uncalibrated(shape[1], shape[2], shape[0]), Window(2048, 4096))
        Path("/proc/self/clear_refs").write_text("5")  # the highest so far is the present one
        before = _status("VmRSS")
        result_of(predictor.labels(image))
        return _status("VmHWM") - before

    predict(1, 64, 64)
    return predict(slices, side, side)


def _status(key: str) -> float:
    found = re.search(rf"{key}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) * 1024.0

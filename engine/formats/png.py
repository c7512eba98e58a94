"""Masks as grey PNG files: the pixel's value is the class's place in the list, or the object's number; 0 background."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import atomic
from engine.errors import EngineError, NotReadable
from engine.formats.targets import signed_png
from engine.words import translatable

Labels = NDArray[np.uint8]
Ids = NDArray[np.uint16]


def write(path: Path, labels: Labels | Ids) -> None:
    """Write labels (h, w) uint8, objects uint16, or a volume of one slice, losslessly. Raises EngineError where the disk refuses."""
    plane = labels[0] if labels.ndim == 3 and labels.shape[0] == 1 else labels
    if plane.ndim != 2 or plane.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"a mask picture is uint8 or uint16 (h, w), not {labels.dtype} {labels.shape}")
    try:
        done, data = cv2.imencode(".png", np.ascontiguousarray(plane))
    except cv2.error:
        done = False
    if not done:
        raise EngineError(
            translatable("{name} is too large for a PNG: {width} × {height} pixels."),
            translatable("Crop the image before labelling it."),
            name=path.name,
            width=plane.shape[1],
            height=plane.shape[0],
        )
    atomic.write(path, signed_png(data.tobytes()))


def read(path: Path) -> Labels:
    """Labels (h, w) uint8 of a file that `write` made. Raises NotReadable for what is missing, damaged or no grey 8-bit PNG."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise NotReadable(
            translatable("{name} could not be read: {reason}."),
            translatable("Check that the file is still there."),
            name=path.name,
            reason=fault.strerror or str(fault),
        ) from fault
    try:
        labels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    except cv2.error:
        labels = None
    if labels is None or labels.ndim != 2 or labels.dtype != np.uint8:
        raise NotReadable(
            translatable("{name} is not a grey 8-bit PNG."),
            translatable("Choose a mask that holds one value per pixel."),
            name=path.name,
        )
    return np.asarray(labels, np.uint8)

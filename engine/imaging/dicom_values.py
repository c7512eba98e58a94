"""Single facts from a DICOM data set as plain numbers, classic and enhanced objects alike; None where it does not say."""

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from engine.imaging.image import Window

Vector = NDArray[np.float64]


def number(ds: Dataset, keyword: str) -> float:
    value = ds.get(keyword)
    try:
        return float(value if isinstance(value, (int, float, str)) else 0.0)
    except ValueError:
        return 0.0


def texts(ds: Dataset, keyword: str) -> list[str]:
    value = ds.get(keyword) or ()
    return [value] if isinstance(value, str) else [str(v) for v in value]


def patient(ds: Dataset) -> str:
    """An opaque key, the same for all files of a patient: files are grouped by it, and it tells nobody who it is."""
    who = str(ds.get("PatientID", "") or "").strip() or str(ds.get("PatientName", "") or "").strip()
    return "P-" + hashlib.sha256(b"contorno patient " + who.encode()).hexdigest()[:8] if who else ""


def unit(ds: Dataset) -> str:
    stated = str(ds.get("RescaleType", "") or "")
    if ds.get("Modality") == "CT":
        return "HU"
    return "" if stated == "US" else stated  # "US" here is DICOM's word for unspecified


def _groups(ds: Dataset, frame: int | None) -> Sequence[Any]:
    keyword = "SharedFunctionalGroupsSequence" if frame is None else "PerFrameFunctionalGroupsSequence"
    groups = ds.get(keyword) or ()
    return groups[:1] if frame is None else groups[frame : frame + 1]


def _functional(ds: Dataset, keyword: str, frame: int | None = None) -> Dataset | None:
    """An enhanced object's functional group: of the frame, else of all frames."""
    for where in (frame, None):
        for group in _groups(ds, where):
            found = group.get(keyword)
            if found:
                return found[0]  # type: ignore[no-any-return]
    return None


def measure(ds: Dataset, keyword: str) -> Any:
    if keyword in ds:
        return ds.get(keyword)
    measures = _functional(ds, "PixelMeasuresSequence", 0)
    return measures.get(keyword) if measures is not None else None


def pair(value: Any) -> tuple[float, float] | None:
    numbers = _finite(value, 2)
    return (float(numbers[0]), float(numbers[1])) if numbers is not None and (numbers > 0).all() else None


def _finite(value: Any, count: int) -> Vector | None:
    try:
        numbers = np.asarray([float(v) for v in value], float)
    except (TypeError, ValueError):
        return None
    return numbers if numbers.shape == (count,) and np.isfinite(numbers).all() else None


def thickness(ds: Dataset) -> float:
    for keyword in ("SpacingBetweenSlices", "SliceThickness"):
        value = measure(ds, keyword)
        if value is not None and math.isfinite(float(value)) and float(value) > 0:
            return float(value)
    return 0.0


def orientation(ds: Dataset) -> Vector | None:
    """Unit row and column directions, or None. Frames of more than one orientation have none in common."""
    cosines = _finite(ds.get("ImageOrientationPatient"), 6)
    if cosines is None:
        count = max(len(ds.get("PerFrameFunctionalGroupsSequence") or ()), 1)
        found = [_functional(ds, "PlaneOrientationSequence", k) for k in range(count)]
        values = [_finite(f.get("ImageOrientationPatient"), 6) if f is not None else None for f in found]
        cosines = values[0]
        if any(v is None or cosines is None or np.abs(v - cosines).max() > 1e-3 for v in values):
            return None
    if cosines is None:
        return None
    row, column = cosines[:3], cosines[3:]
    lengths = np.linalg.norm(row), np.linalg.norm(column)
    if min(lengths) < 0.5 or abs(float(row @ column)) > 0.05 * lengths[0] * lengths[1]:
        return None
    return np.concatenate([row / lengths[0], column / lengths[1]])


def positions(ds: Dataset, frames: int) -> Vector | None:
    """(frames, 3) in mm."""
    first = _finite(ds.get("ImagePositionPatient"), 3)
    offsets = _finite(ds.get("GridFrameOffsetVector") or (), frames)
    if first is not None and frames == 1:
        return first[None]
    cosines = orientation(ds)
    if first is not None and offsets is not None and cosines is not None:
        normal = np.cross(cosines[:3], cosines[3:])
        return np.asarray(first + (offsets - offsets[0])[:, None] * normal, float)
    found = [_functional(ds, "PlanePositionSequence", k) for k in range(frames)] if _groups(ds, 0) else []
    values = [_finite(f.get("ImagePositionPatient"), 3) for f in found if f is not None]
    places = [v for v in values if v is not None]
    return np.stack(places) if len(places) == frames else None


def slopes(ds: Dataset, frames: int) -> tuple[tuple[float, float], ...]:
    if "RescaleSlope" in ds or "RescaleIntercept" in ds:
        return (_slope(ds),)
    count = frames if _groups(ds, 0) else 1
    found = [_functional(ds, "PixelValueTransformationSequence", k) for k in range(count)]
    return tuple(_slope(f) if f is not None else (1.0, 0.0) for f in found)


def _slope(ds: Dataset) -> tuple[float, float]:
    slope, intercept = float(ds.get("RescaleSlope", 1) or 1), float(ds.get("RescaleIntercept", 0) or 0)
    return (slope, intercept) if math.isfinite(slope) and math.isfinite(intercept) else (1.0, 0.0)


def window(ds: Dataset) -> Window | None:
    source: Dataset | None = ds if "WindowCenter" in ds else _functional(ds, "FrameVOILUTSequence", 0)
    if source is None:
        return None
    center, width = (_first_number(source.get(k)) for k in ("WindowCenter", "WindowWidth"))
    if center is None or width is None or width <= 0:
        return None
    return Window(center, width)


def _first_number(value: Any) -> float | None:
    first = value[0] if isinstance(value, (list, tuple, MultiValue)) and value else value
    try:
        number = float(first)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None

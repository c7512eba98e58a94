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
from engine.progress import Notice
from engine.words import translatable

Vector = NDArray[np.float64]


def real(value: Any) -> float:
    """As float(), with a comma for a decimal point too: some devices write as their computer's language does."""
    return float(value.replace(",", ".") if isinstance(value, str) else value)


def number(ds: Dataset, keyword: str) -> float:
    value = ds.get(keyword)
    try:
        return real(value if isinstance(value, (int, float, str)) else 0.0)
    except ValueError:
        return 0.0


def texts(ds: Dataset, keyword: str) -> list[str]:
    value = ds.get(keyword) or ()
    return [value] if isinstance(value, str) else [str(v) for v in value]


def patient(ds: Dataset) -> str:
    """An opaque key, the same for all files of a patient: files are grouped by it, and it tells nobody who it is."""
    who = str(ds.get("PatientID", "") or "").strip() or str(ds.get("PatientName", "") or "").strip()
    return "P-" + hashlib.sha256(b"contorno patient " + who.encode()).hexdigest()[:8] if who else ""


def person(ds: Dataset) -> str:
    """An opaque key of all that a file says of who it is: one ID may have been given to many when names were taken out."""
    said = (str(ds.get(keyword, "") or "").casefold() for keyword in ("PatientID", "PatientName", "PatientBirthDate"))
    letters = ("".join(c for c in text if c.isalnum()) for text in said)
    return hashlib.sha256(b"contorno person " + "|".join(letters).encode()).hexdigest()[:16]


def unit(ds: Dataset) -> str:
    scaled = functional(ds, "PixelValueTransformationSequence", 0)
    stated = str(ds.get("RescaleType", "") or (scaled.get("RescaleType", "") if scaled is not None else "") or "")
    if ds.get("Modality") == "CT":
        if stated not in ("", "HU", "HU_MOD", "US"):  # iodine in mg/ml, atomic numbers, ... of dual energy
            return stated
        return "HU" if _could_be_hu(ds) else ""
    if ds.get("Modality") == "PT":
        return str(ds.get("Units", "") or stated)
    if ds.get("Modality") == "RTDOSE":
        return "Gy" if ds.get("DoseUnits") == "GY" else ""
    return "" if stated == "US" else stated  # "US" here is DICOM's word for unspecified


def _could_be_hu(ds: Dataset) -> bool:
    """Whether its values can lie below 0, as air and fat do, and above: not those of a picture of a CT (8 bits, colour), nor raw ones."""
    if ds.get("ModalityLUTSequence"):
        return True
    stored = int(ds.get("BitsStored", 0) or ds.get("BitsAllocated", 16) or 16)
    first = -(1 << (stored - 1)) if int(ds.get("PixelRepresentation", 0) or 0) else 0
    scaled = [(slope * first + shift, slope * (first + (1 << stored) - 1) + shift) for slope, shift in slopes(ds, 1)]
    return int(ds.get("SamplesPerPixel", 1) or 1) == 1 and any(min(ends) < 0 < max(ends) for ends in scaled)


def _groups(ds: Dataset, frame: int | None) -> Sequence[Any]:
    keyword = "SharedFunctionalGroupsSequence" if frame is None else "PerFrameFunctionalGroupsSequence"
    groups = ds.get(keyword) or ()
    return groups[:1] if frame is None else groups[frame : frame + 1]


def groups(ds: Dataset, frame: int) -> list[Dataset]:
    """An enhanced object's functional groups: of the frame, then of all frames."""
    return [group for where in (frame, None) for group in _groups(ds, where)]


def described(ds: Dataset, frames: int) -> int:
    """How many of the frames have functional groups of their own: one claims as many frames as one likes."""
    return min(frames, len(ds.get("PerFrameFunctionalGroupsSequence") or ()))


def functional(ds: Dataset, keyword: str, frame: int | None = None) -> Dataset | None:
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
    measures = functional(ds, "PixelMeasuresSequence", 0)
    return measures.get(keyword) if measures is not None else None


def pair(value: Any) -> tuple[float, float] | None:
    numbers = _finite(value, 2)
    return (float(numbers[0]), float(numbers[1])) if numbers is not None and (numbers > 0).all() else None


def _finite(value: Any, count: int) -> Vector | None:
    try:
        numbers = np.asarray([real(v) for v in value], float)
    except (TypeError, ValueError):
        return None
    return numbers if numbers.shape == (count,) and np.isfinite(numbers).all() else None


def thickness(ds: Dataset) -> float:
    for keyword in ("SpacingBetweenSlices", "SliceThickness"):
        value = next(iter(_numbers(measure(ds, keyword))), math.nan)
        if math.isfinite(value) and value > 0:
            return value
    return 0.0


def location(ds: Dataset) -> float | None:
    found = _finite([ds.get("SliceLocation")], 1)
    return None if found is None else float(found[0])


def orientations(ds: Dataset, frames: int) -> Vector | None:
    """(frames, 6): unit row and column directions of each frame, or None where some have none."""
    common = _finite(_plane(ds, "ImageOrientationPatient"), 6)
    if common is not None:
        found: list[Vector | None] = [common]
    else:
        groups = (functional(ds, "PlaneOrientationSequence", k) for k in range(described(ds, frames) or 1))
        found = [_finite(g.get("ImageOrientationPatient"), 6) if g is not None else None for g in groups]
    units = [unit for cosines in found if cosines is not None and (unit := _unit(cosines)) is not None]
    return np.resize(np.stack(units), (frames, 6)) if len(units) == len(found) else None


def _unit(cosines: Vector) -> Vector | None:
    row, column = cosines[:3], cosines[3:]
    lengths = np.linalg.norm(row), np.linalg.norm(column)
    if min(lengths) < 0.5 or abs(float(row @ column)) > 0.05 * lengths[0] * lengths[1]:
        return None
    return np.concatenate([row / lengths[0], column / lengths[1]])


def _plane(ds: Dataset, keyword: str) -> Any:
    """Where the file as a whole lies; tomograms of nuclear medicine keep it with the first detector."""
    if ds.get(keyword) is not None or not reconstructed(ds):
        return ds.get(keyword)
    detectors = ds.get("DetectorInformationSequence")
    return detectors[0].get(keyword) if detectors else None


def reconstructed(ds: Dataset) -> bool:
    """Whether an object of nuclear medicine holds slices, not projections (DICOM PS3.3 C.8.4.9)."""
    return any("RECON" in word for word in texts(ds, "ImageType")[2:3])


def positions(ds: Dataset, frames: int) -> tuple[Vector | None, Notice | None]:
    """(frames, 3) in mm, and what had to be assumed of them."""
    first = _finite(_plane(ds, "ImagePositionPatient"), 3)
    if first is not None and frames == 1:
        return first[None], None
    found = [functional(ds, "PlanePositionSequence", k) for k in range(described(ds, frames))]
    places = [_finite(f.get("ImagePositionPatient"), 3) for f in found if f is not None]
    stated = [place for place in places if place is not None]
    if len(stated) == frames:
        return np.stack(stated), None
    cosines = orientations(ds, 1)
    if first is None or cosines is None:
        return None, None
    normal = np.cross(cosines[0, :3], cosines[0, 3:])
    offsets, note = _offsets(ds, frames, first, normal)
    if offsets is None:
        return None, None
    return np.asarray(first + offsets[:, None] * normal, float), note


_STACKED = translatable("The places of the slices follow from the first one and the {what}, {step:.4g} mm.")
_BETWEEN, _THICKNESS = (
    translatable("distance between slices"),
    translatable("slice thickness, since no distance is stated"),
)
_CROSS_SECTIONS = frozenset(("CT", "MR", "PT"))
_SAME = 1e-2  # mm, and of a direction
_FRAME_TIMES = frozenset((0x00181063, 0x00181065))


def _offsets(ds: Dataset, frames: int, first: Vector, normal: Vector) -> tuple[Vector | None, Notice | None]:
    """Distances of the frames from the first along the normal, in mm, where the first lies at `first`; None where the frames are no slices, but times or projections."""
    stated = _finite(ds.get("GridFrameOffsetVector") or (), frames)
    if stated is not None:
        # Where the first is not 0 they are places along z of the patient, and not distances along the normal (PS3.3 C.8.8.3.2).
        absolute = stated[0] != 0 and abs(stated[0] - first[2]) < _SAME and abs(normal[2]) > 1 - _SAME
        return (stated - stated[0]) * (np.sign(normal[2]) if absolute else 1.0), None
    nuclear = str(ds.get("Modality", "")) == "NM"
    pointer = ds.get("FrameIncrementPointer")
    over_time = bool(
        _FRAME_TIMES & {int(tag) for tag in (pointer if isinstance(pointer, MultiValue) else [pointer or 0])}
    )
    if (nuclear and not reconstructed(ds)) or (over_time and ds.get("Modality") not in _CROSS_SECTIONS):
        return None, None
    numbers = _finite(ds.get("SliceVector") or (), frames)
    if numbers is None and nuclear and number(ds, "NumberOfSlices") not in (0.0, float(frames)):
        return None, None
    between = number(ds, "SpacingBetweenSlices")
    step = between or number(ds, "SliceThickness")
    if not math.isfinite(step) or step == 0:
        return None, None
    # Of nuclear medicine the sign says to which side of the first slice the others lie (DICOM PS3.3 C.8.4.15).
    step = step if nuclear else abs(step)
    note = Notice(_STACKED, {"what": Notice(_BETWEEN if between else _THICKNESS), "step": abs(step)})
    slices = np.arange(frames, dtype=float) if numbers is None else numbers - 1
    return np.asarray(slices * step), note


def slopes(ds: Dataset, frames: int) -> tuple[tuple[float, float], ...]:
    dose = number(ds, "DoseGridScaling") if ds.get("Modality") == "RTDOSE" else 0.0
    if math.isfinite(dose) and dose > 0:
        return ((dose, 0.0),)
    if "RescaleSlope" in ds or "RescaleIntercept" in ds:
        return (_slope(ds),)
    found = [functional(ds, "PixelValueTransformationSequence", k) for k in range(described(ds, frames) or 1)]
    return tuple(_slope(f) if f is not None else (1.0, 0.0) for f in found)


def _slope(ds: Dataset) -> tuple[float, float]:
    slope, intercept = real(ds.get("RescaleSlope", 1) or 1), real(ds.get("RescaleIntercept", 0) or 0)
    return (slope, intercept) if math.isfinite(slope) and math.isfinite(intercept) else (1.0, 0.0)


def padding(ds: Dataset) -> tuple[float, float] | None:
    """The stored values outside the scanner's field, in the sign of the pixels: files write them in either (PS3.3 C.7.5.1.1.2)."""
    ends = [_numbers(ds.get(keyword))[0] for keyword in ("PixelPaddingValue", "PixelPaddingRangeLimit")]
    if not math.isfinite(ends[0]):
        return None
    span = 1 << int(ds.get("BitsAllocated", 16))
    signed = bool(int(ds.get("PixelRepresentation", 0) or 0))
    ends = [end for end in ends if math.isfinite(end)]
    ends = [end - span if signed and end >= span / 2 else end + span if not signed and end < 0 else end for end in ends]
    return min(ends), max(ends)


def windows(ds: Dataset, frame: int = 0) -> tuple[Window, ...]:
    """All that the file recommends for the frame, the first one first."""
    source = ds if ds.get("WindowCenter") is not None else functional(ds, "FrameVOILUTSequence", frame)
    if source is None:
        return ()
    centers, widths = (_numbers(source.get(keyword)) for keyword in ("WindowCenter", "WindowWidth"))
    pairs = zip(centers, widths, strict=False)
    return tuple(Window(center, width) for center, width in pairs if math.isfinite(center + width) and width > 0)


def _numbers(value: Any) -> list[float]:
    """NaN where one is no number."""
    found = []
    for part in value if isinstance(value, (list, tuple, MultiValue)) else [value]:
        try:
            found.append(real(part))
        except (TypeError, ValueError):
            found.append(math.nan)
    return found

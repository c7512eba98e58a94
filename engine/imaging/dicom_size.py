"""How large a pixel of a DICOM image is in the patient, and what is odd about what the file says of it (DICOM PS3.3 10.7)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from engine.imaging import dicom_values as values
from engine.progress import Notice
from engine.words import translatable

_PROJECTIONS = frozenset(("CR", "DX", "DR", "MG", "XA", "RF", "RG", "IO", "PX"))
_ALIKE = 0.01
_CENTIMETRES, _PLANE = 3, 1  # of ultrasound: the unit of a region, and its kind that has two directions in space

_SEVERAL = Notice(translatable("The frames have pixels of several sizes: lengths are in pixels."))


@dataclass(frozen=True)
class PixelSize:
    """`spacing`: from row to row and from column to column in mm; None where it is not known, and then `aspect` is their ratio."""

    spacing: tuple[float, float] | None = None
    aspect: float = 1.0
    note: Notice | None = None


def pixel_size(dataset: Dataset) -> PixelSize:
    """From Pixel Spacing, the spacing at the detector and its magnification, the regions of ultrasound, or the aspect alone."""
    stated = values.pair(values.measure(dataset, "PixelSpacing"))
    if stated is not None and not all(_same(stated, size) for size in _of_frames(dataset)):
        return PixelSize(aspect=stated[0] / stated[1], note=_SEVERAL)
    detector = values.pair(values.measure(dataset, "ImagerPixelSpacing"))
    film = values.pair(dataset.get("NominalScannedPixelSpacing"))
    projection = str(dataset.get("Modality", "")) in _PROJECTIONS and values.orientations(dataset, 1) is None
    if stated is not None and not (projection and _same(stated, detector or film)):
        return PixelSize(stated, note=_doubt(dataset, stated, detector or film) if projection else None)
    if detector is not None or film is not None:
        return _at_detector(dataset, detector or film or (1.0, 1.0), "" if detector is not None else "film")
    regions = dataset.get("SequenceOfUltrasoundRegions")
    if regions:
        return _ultrasound(regions)
    return PixelSize(aspect=_aspect(dataset.get("PixelAspectRatio")))


def _of_frames(dataset: Dataset) -> list[tuple[float, float]]:
    """The sizes that an enhanced object states for single frames."""
    measures = [group.get("PixelMeasuresSequence") for group in dataset.get("PerFrameFunctionalGroupsSequence") or ()]
    sizes = (values.pair(one[0].get("PixelSpacing")) for one in measures if one)
    return [size for size in sizes if size is not None]


def _same(one: tuple[float, float], other: tuple[float, float] | None) -> bool:
    return other is not None and bool(np.allclose(one, other, rtol=1e-4))


def _doubt(dataset: Dataset, stated: tuple[float, float], detector: tuple[float, float] | None) -> Notice | None:
    if detector is not None or str(dataset.get("PixelSpacingCalibrationType", "") or ""):
        return None
    text = translatable(
        "The file does not say whether its pixel size, {size} mm, holds in the patient or at the detector."
    )
    return Notice(text, {"size": _size(stated)})


def _at_detector(dataset: Dataset, size: tuple[float, float], film: str) -> PixelSize:
    factor, calibrated = _magnification(dataset), str(dataset.get("PixelSpacingCalibrationType", "") or "")
    if calibrated and values.pair(dataset.get("PixelSpacing")) is not None:
        return PixelSize(size)
    if factor is None or film:
        unknown = translatable(
            "Only the pixel size at the detector is known ({size} mm), not how much the image is magnified: lengths are in pixels."
        )
        scanned = translatable("Only the pixel size on the scanned film is known ({size} mm): lengths are in pixels.")
        return PixelSize(aspect=size[0] / size[1], note=Notice(scanned if film else unknown, {"size": _size(size)}))
    note = Notice(
        translatable(
            "The pixel size at the detector, {size} mm, was divided by the magnification {factor:.3g} of the file."
        ),
        {"size": _size(size), "factor": factor},
    )
    return PixelSize((size[0] / factor, size[1] / factor), note=note)


def _magnification(dataset: Dataset) -> float | None:
    """As stated, else from the distances of the source to detector and patient, whose ratio it is."""
    stated = values.number(dataset, "EstimatedRadiographicMagnificationFactor")
    patient = values.number(dataset, "DistanceSourceToPatient")
    factor = stated or (values.number(dataset, "DistanceSourceToDetector") / patient if patient > 0 else 0.0)
    return factor if 1.0 <= factor < 20.0 else None


def _ultrasound(regions: Any) -> PixelSize:
    deltas = [
        (abs(values.number(region, "PhysicalDeltaY")) * 10, abs(values.number(region, "PhysicalDeltaX")) * 10)
        for region in regions
        if region.get("RegionSpatialFormat") == _PLANE
        and region.get("PhysicalUnitsXDirection") == region.get("PhysicalUnitsYDirection") == _CENTIMETRES
    ]
    found = values.pair(deltas[0]) if deltas else None
    if found is None:
        return PixelSize()
    if not np.allclose(deltas, deltas[0], rtol=_ALIKE):
        return PixelSize(note=Notice(translatable("The image shows regions of several scales: lengths are in pixels.")))
    return PixelSize(found)


def _aspect(ratio: Any) -> float:
    pair = values.pair(ratio)
    return pair[0] / pair[1] if pair is not None else 1.0


def _size(size: tuple[float, float]) -> Notice:
    """Once where the sides are alike."""
    height, width = size
    template = "{height:.4g}" if height == width else "{height:.4g} × {width:.4g}"
    return Notice(template, {"height": height, "width": width})

"""How large a pixel is in the patient, or that nobody knows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from engine.imaging.image import Image
from engine.imaging.read import read_image
from engine.imaging.scan import Scan

Open: TypeAlias = Callable[..., Image]


@pytest.fixture
def radiograph(make_slice: Callable[..., Path], run_scan: Callable[..., Scan]) -> Open:
    """Writes a picture of these attributes and opens it through a scan."""

    def make(**facts: Any) -> Image:
        path = make_slice(
            "x", np.zeros((8, 8), np.int16),
            **{"Modality": "DX", "PixelSpacing": None, "ImagePositionPatient": None, "ImageOrientationPatient": None, **facts},
        )  # fmt: skip
        (one,) = run_scan(path).found
        image = read_image(one.source)
        assert one.spacing == image.geometry.spacing and one.notes == image.notes
        return image

    return make


def said(image: Image) -> str:
    return " ".join(note.text for note in image.notes)


@pytest.mark.parametrize(
    "factor",
    [
        {"EstimatedRadiographicMagnificationFactor": 1.5},
        {"DistanceSourceToDetector": 1500, "DistanceSourceToPatient": 1000},
    ],
)
@pytest.mark.parametrize("stated", [{}, {"PixelSpacing": [0.15, 0.3]}])
def test_spacing_at_the_detector_is_divided_by_the_magnification(
    radiograph: Open, factor: dict[str, Any], stated: dict[str, Any]
) -> None:
    image = radiograph(ImagerPixelSpacing=[0.15, 0.3], **factor, **stated)
    assert image.geometry.spacing[1:] == pytest.approx((0.1, 0.2)) and image.geometry.calibrated
    assert (
        said(image)
        == "The pixel size at the detector, 0.15 × 0.3 mm, was divided by the magnification 1.5 of the file."
    )


@pytest.mark.parametrize("stated", [{}, {"PixelSpacing": [0.3, 0.15]}])
def test_without_the_magnification_there_are_no_millimetres(radiograph: Open, stated: dict[str, Any]) -> None:
    image = radiograph(ImagerPixelSpacing=[0.3, 0.15], **stated)
    assert not image.geometry.calibrated and image.geometry.spacing == (1, 2, 1), "the shape of a pixel is kept"
    assert "at the detector" in said(image) and "0.3 × 0.15 mm" in said(image)


def test_spacing_that_was_calibrated_is_taken(radiograph: Open) -> None:
    image = radiograph(ImagerPixelSpacing=[0.15, 0.15], PixelSpacing=[0.1, 0.1])
    assert image.geometry.spacing[1:] == (0.1, 0.1) and image.geometry.calibrated and not image.notes
    image = radiograph(ImagerPixelSpacing=[0.1, 0.1], PixelSpacing=[0.1, 0.1], PixelSpacingCalibrationType="GEOMETRY")
    assert image.geometry.calibrated and not image.notes


def test_spacing_of_unknown_meaning_is_taken_and_said(radiograph: Open) -> None:
    image = radiograph(PixelSpacing=[0.4, 0.2])
    assert image.geometry.spacing[1:] == (0.4, 0.2) and image.geometry.calibrated
    assert "in the patient or at the detector" in said(image)
    assert not radiograph(PixelSpacing=[0.4, 0.2], PixelSpacingCalibrationType="FIDUCIAL").notes
    assert not radiograph(PixelSpacing=[0.4, 0.2], Modality="CT").notes


def test_a_scanned_film_has_no_millimetres_of_the_patient(radiograph: Open) -> None:
    image = radiograph(NominalScannedPixelSpacing=[0.2, 0.2])
    assert not image.geometry.calibrated and "scanned film" in said(image)


def test_pixels_that_are_not_square_keep_their_shape(radiograph: Open) -> None:
    image = radiograph(PixelAspectRatio=["2", "1"])
    assert image.geometry.spacing == (1, 2, 1) and not image.geometry.calibrated


def region(down: float, across: float, unit: int = 3, kind: int = 1) -> Dataset:
    result = Dataset()
    result.PhysicalUnitsXDirection = result.PhysicalUnitsYDirection = unit
    result.PhysicalDeltaY, result.PhysicalDeltaX, result.RegionSpatialFormat = down, across, kind
    return result


def test_ultrasound_has_the_scale_of_its_regions(radiograph: Open) -> None:
    doppler = region(3.0, 0.01, unit=4, kind=3)
    image = radiograph(Modality="US", SequenceOfUltrasoundRegions=Items([doppler, region(0.04, -0.02)]))
    assert image.geometry.spacing[1:] == pytest.approx((0.4, 0.2)) and image.geometry.calibrated
    image = radiograph(Modality="US", SequenceOfUltrasoundRegions=Items([region(0.04, 0.02), region(0.05, 0.02)]))
    assert not image.geometry.calibrated and "several scales" in said(image)
    image = radiograph(Modality="US", SequenceOfUltrasoundRegions=Items([doppler]))
    assert not image.geometry.calibrated and not image.notes

"""DICOM objects of many frames: each volume is of one kind, and lies where the object says."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from engine.imaging.image import Image

ReadAll = Callable[[Path], list[Image]]
MakeSlice = Callable[..., Path]

ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"


def _with(**elements: object) -> Dataset:
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def _frame(z: int, b_value: float, place: int) -> Dataset:
    """The functional groups of a frame: where it lies, its number among its kin, and its diffusion weighting."""
    content = _with(DimensionIndexValues=[1, z + 1, place], StackID="1", InStackPositionNumber=z + 1)
    diffusion = _with(DiffusionBValue=b_value, DiffusionDirectionality="ISOTROPIC")
    return _with(
        PlanePositionSequence=Items([_with(ImagePositionPatient=[0.0, 0.0, 3.0 * z])]),
        FrameContentSequence=Items([content]),
        MRDiffusionSequence=Items([diffusion]),
    )


def test_b_values_of_an_enhanced_object_are_not_mixed(tmp_path: Path, make_slice: MakeSlice, read_all: ReadAll) -> None:
    pair = [(0.0, 1, 100), (1000.0, 2, 900)]  # b-value, its number, its grey
    order = [(z, *one) for z in range(6) for one in (pair if z % 2 == 0 else pair[::-1])]
    shared = _with(
        PlaneOrientationSequence=Items([_with(ImageOrientationPatient=[1.0, 0, 0, 0, 1, 0])]),
        PixelMeasuresSequence=Items([_with(PixelSpacing=[1.0, 1.0], SliceThickness=3, SpacingBetweenSlices=3)]),
    )
    make_slice(
        tmp_path / "enhanced.dcm",
        np.stack([np.full((16, 16), grey, np.uint16) for *_, grey in order]),
        None,
        Modality="MR",
        SOPClassUID=ENHANCED_MR,
        PixelSpacing=None,
        SharedFunctionalGroupsSequence=Items([shared]),
        PerFrameFunctionalGroupsSequence=Items([_frame(z, b, place) for z, b, place, _ in order]),
    )
    greys = [set(np.unique(image.pixels).tolist()) for image in read_all(tmp_path / "enhanced.dcm")]
    assert greys and all(len(found) == 1 for found in greys), greys


def _frames(kind: type[np.integer]) -> np.ndarray:
    return np.stack([np.full((16, 16), z, kind) for z in range(5)])


def test_cone_beam_ct_keeps_its_place(tmp_path: Path, make_slice: MakeSlice, read_all: ReadAll) -> None:
    step = {"SliceThickness": 0.7, "SpacingBetweenSlices": 0.7, "PixelSpacing": [0.5, 0.5]}
    make_slice(tmp_path / "cbct.dcm", _frames(np.int16), (-8, -8, 100), **step)
    (image,) = read_all(tmp_path / "cbct.dcm")
    assert image.geometry.patient_based
    assert image.geometry.affine[:3, 3] == pytest.approx((-8, -8, 100))


def test_spect_keeps_its_place(tmp_path: Path, make_slice: MakeSlice, read_all: ReadAll) -> None:
    detector = _with(ImagePositionPatient=[-50.0, -60, 80], ImageOrientationPatient=[1.0, 0, 0, 0, 1, 0])
    make_slice(
        tmp_path / "spect.dcm",
        _frames(np.uint16),
        None,
        Modality="NM",
        ImageType=["ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION"],
        PixelSpacing=[4, 4],
        SliceThickness=4,
        SpacingBetweenSlices=4,
        DetectorInformationSequence=Items([detector]),
        NumberOfSlices=5,
        FrameIncrementPointer=0x00540080,
        SliceVector=[1, 2, 3, 4, 5],
    )
    (image,) = read_all(tmp_path / "spect.dcm")
    assert image.geometry.patient_based
    assert image.geometry.affine[:3, 3] == pytest.approx((-50, -60, 80))

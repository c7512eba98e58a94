"""DICOM series as scanners and careless archives leave them: what does not belong together is not put into one volume."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.imaging.image import Image

ReadAll = Callable[[Path], list[Image]]
MakeSlice = Callable[..., Path]

SIDE = 16
GAP = 3  # mm from slice to slice


def _flat(value: float, kind: type[np.integer] = np.uint16) -> np.ndarray:
    return np.full((SIDE, SIDE), value, kind)


def _values(image: Image) -> list[int]:
    """The one value of each slice."""
    return [int(part[SIDE // 2, SIDE // 2]) for part in image.pixels]


def test_echoes_are_not_mixed(tmp_path: Path, make_slice: MakeSlice, read_all: ReadAll) -> None:
    taken = [(z, echo) for z in range(10) for echo in (1, 2) if (z, echo) != (5, 1)]
    for number, (z, echo) in enumerate(taken, 1):
        facts = {"Modality": "MR", "InstanceNumber": number, "EchoNumbers": echo, "EchoTime": 10 * echo}
        make_slice(tmp_path / "mr" / f"{number:03d}.dcm", _flat(100 * echo + z), (0, 0, GAP * z), **facts)
    echoes = [{value // 100 for value in _values(image)} for image in read_all(tmp_path / "mr")]
    assert echoes and all(len(found) == 1 for found in echoes), echoes


@pytest.mark.parametrize("shift", [0, GAP / 2, 8 * GAP], ids=["same places", "between", "one above the other"])
def test_patients_whose_series_carry_one_uid_are_not_mixed(
    tmp_path: Path, make_slice: MakeSlice, read_all: ReadAll, shift: float
) -> None:
    names = np.random.default_rng(3).permutation(16)  # as careless a renaming as the UIDs
    for z in range(8):
        for who, value, up in (("A", 100, 0.0), ("B", 200, shift)):
            file = tmp_path / "ct" / f"{names[2 * z + (who == 'B')]:02d}.dcm"
            make_slice(file, _flat(value), (0, 0, GAP * z + up), PatientID=who, PatientName=who, InstanceNumber=z + 1)
    volumes = [_values(image) for image in read_all(tmp_path / "ct")]
    assert volumes and all(len(set(values)) == 1 for values in volumes), volumes


def test_stations_are_not_interleaved(tmp_path: Path, make_slice: MakeSlice, read_all: ReadAll) -> None:
    step = 4.0
    for station, (value, head, depth) in enumerate([(100, 300, 0.0), (200, 0, 2.0)]):
        for k in range(8):
            make_slice(
                tmp_path / "coronal" / f"{8 * station + k:03d}.dcm",
                _flat(value + k),
                (-100, -50 + step * k + depth, head),
                ImageOrientationPatient=[1, 0, 0, 0, 0, -1],
                Modality="MR",
                InstanceNumber=8 * station + k + 1,
            )
    images = read_all(tmp_path / "coronal")
    assert [image.geometry.spacing[0] for image in images] == [pytest.approx(step)] * 2
    assert sorted(map(_values, images)) == [list(range(100, 108)), list(range(200, 208))]


def test_window_is_that_of_a_middle_slice(tmp_path: Path, make_slice: MakeSlice, read_all: ReadAll) -> None:
    ramp = np.linspace(0, 32767, SIDE * SIDE).astype(np.int16).reshape(SIDE, SIDE)
    for z in range(9):
        top = 10.0 if z in (0, 8) else 5000.0  # Bq/mL: noise at both ends of the body
        facts = {"RescaleSlope": f"{top / 32767:.8g}", "RescaleIntercept": 0, "Units": "BQML"}
        facts |= {"WindowCenter": top / 2, "WindowWidth": top, "InstanceNumber": z}
        make_slice(tmp_path / "pet" / f"{z}.dcm", ramp, (0, 0, GAP * z), Modality="PT", **facts)
    (image,) = read_all(tmp_path / "pet")
    assert image.window.width > 1000


def test_slices_without_positions_are_one_stack_or_spoken_of(
    tmp_path: Path, make_slice: MakeSlice, read_all: ReadAll
) -> None:
    for z in range(6):
        facts = {"InstanceNumber": z + 1, "SliceLocation": GAP * z, "SliceThickness": GAP, "PixelSpacing": None}
        make_slice(tmp_path / "old" / f"{5 - z}.dcm", _flat(z, np.int16), None, **facts)
    images = read_all(tmp_path / "old")
    assert len(images) == 1 or any(image.notes for image in images)


def test_spacing_at_the_detector_is_spoken_of(tmp_path: Path, make_slice: MakeSlice, read_all: ReadAll) -> None:
    magnified = {"ImagerPixelSpacing": [0.15, 0.15], "EstimatedRadiographicMagnificationFactor": 1.5}
    make_slice(tmp_path / "film.dcm", _flat(0), None, Modality="DX", PixelSpacing=None, **magnified)
    (image,) = read_all(tmp_path / "film.dcm")
    in_the_body = image.geometry.spacing[1] == pytest.approx(0.15 / 1.5)
    assert image.notes or in_the_body or not image.geometry.calibrated

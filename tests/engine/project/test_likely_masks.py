"""Files among scans that are none are noticed by name and content, and scans are left alone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.scan import scan
from engine.phantom.scanner import patient
from engine.phantom.series import write_series
from engine.progress import result_of
from engine.project.likely_masks import unlikely_scans

rng = np.random.default_rng(0)
LABELS = np.zeros((24, 32), np.uint8)
LABELS[4:12, 5:20], LABELS[14:20, 8:11] = 1, 2


def _put(file: Path, pixels: NDArray[Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".png":
        file.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    else:
        nib.save(nib.Nifti1Image(pixels, np.eye(4)), file)


def _noise(shape: tuple[int, ...] = LABELS.shape, kind: Any = np.uint8) -> NDArray[Any]:
    return rng.integers(0, 256, shape).astype(kind)


def _unlikely(folder: Path) -> dict[str, str]:
    return {name: one.of for name, one in result_of(unlikely_scans(result_of(scan([folder])).found)).items()}


@pytest.mark.parametrize("name", ["a", "image_1", "scan-1"])
def test_masks_beside_their_images_are_noticed_whatever_their_size(tmp_path: Path, name: str) -> None:
    for size, own in ((20, name), (30, "b")):
        _put(tmp_path / f"{own}.png", _noise((size, size)))
        _put(tmp_path / f"{own}_seg.png", LABELS)
    assert _unlikely(tmp_path) == {f"{name}_seg": name, "b_seg": "b"}


def test_segmentations_of_volumes_are_noticed(tmp_path: Path) -> None:
    """As LiTS calls them."""
    labels = np.repeat(LABELS[..., None], 5, 2)
    for n in range(2):
        _put(tmp_path / f"volume-{n}.nii", _noise(labels.shape))
        _put(tmp_path / f"segmentation-{n}.nii", labels)
    assert _unlikely(tmp_path) == {f"segmentation-{n}": f"volume-{n}" for n in range(2)}


def test_masks_called_by_their_structure_are_noticed(tmp_path: Path) -> None:
    labels = np.repeat(LABELS[..., None], 5, 2)
    _put(tmp_path / "case_1.nii.gz", _noise(labels.shape))
    _put(tmp_path / "case_1_liver.nii.gz", labels)
    _put(tmp_path / "case_1_late.nii.gz", _noise(labels.shape))
    _put(tmp_path / "case_10.nii.gz", labels)
    assert _unlikely(tmp_path) == {"case_1_liver": "case_1"}


def test_masks_in_a_folder_of_masks_are_noticed(tmp_path: Path) -> None:
    for name in "ab":
        _put(tmp_path / "images" / f"{name}.nii.gz", _noise((8, 9, 7), np.int16))
        _put(
            tmp_path / "labelsTr" / f"{name}.nii.gz", rng.integers(0, 2, (1, 1, 7), np.uint8).repeat(8, 0).repeat(9, 1)
        )
    assert _unlikely(tmp_path) == {"a (2)": "a", "b (2)": "b"}


def test_label_volume_and_sheet_beside_a_series(tmp_path: Path) -> None:
    write_series(tmp_path / "ct", patient(1, 3, 64), 1)
    (series,) = result_of(scan([tmp_path / "ct"])).found
    volume = np.zeros((64, 64, 3), np.uint8)
    volume[10:40, 20:50] = 7
    _put(tmp_path / "organs.nii.gz", volume)
    _put(tmp_path / "sheet.png", _noise((100, 300)))
    assert _unlikely(tmp_path) == {"organs": series.name, "sheet": ""}


def test_scans_are_left_alone_whatever_they_are_called(tmp_path: Path) -> None:
    for name in ("a", "a_seg", "mask"):
        _put(tmp_path / f"{name}.png", _noise())
    _put(tmp_path / "masks" / "b.nii.gz", _noise((8, 9, 7), np.int16))
    _put(tmp_path / "labels" / "c.png", LABELS[:10])
    assert _unlikely(tmp_path) == {}


def test_objects_by_their_numbers_beside_the_images_are_noticed_whatever_their_folder_is_called(tmp_path: Path) -> None:
    objects = (
        np.arange(1, 101, dtype=np.uint16).reshape(10, 10).repeat(6, 0).repeat(6, 1)
    )  # more of them than a mask has classes
    objects[:, 30:] = 0
    dark = _noise((60, 60)) * (objects > 0).astype(np.uint8)  # a scan that is black between its cells
    for name in "abc":
        _put(tmp_path / "pictures" / f"{name}.png", dark)
        _put(tmp_path / "cells" / f"{name}.png", objects)
    assert _unlikely(tmp_path) == {name: f"{name} (2)" for name in "abc"}  # named in the order of the folders


def test_drawings_are_those_of_the_nearest_images(tmp_path: Path) -> None:
    for patient_ in ("p1", "p2", "p3"):
        _put(tmp_path / patient_ / "seen" / "1.png", _noise())
        _put(tmp_path / patient_ / "drawn" / "1.png", LABELS)
    found = result_of(scan([tmp_path])).found
    folder = {one.name: Path(one.source.files[0]).parent for one in found}
    unlikely = {name: one.of for name, one in result_of(unlikely_scans(found)).items()}
    assert {folder[name]: folder[of] for name, of in unlikely.items()} == {
        tmp_path / p / "drawn": tmp_path / p / "seen" for p in ("p1", "p2", "p3")
    }


def test_each_file_is_judged_once_however_many_folders_have_its_name(tmp_path: Path) -> None:
    for n in range(40):
        _put(tmp_path / f"patient{n}" / "flair.png", _noise((8, 8)))
    found = result_of(scan([tmp_path])).found
    assert len(list(unlikely_scans(found))) <= 3 * len(found)


def test_images_of_one_name_in_two_folders_are_both_scans(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        for name in "ab":
            _put(tmp_path / folder / f"{name}.png", _noise())
    _put(tmp_path / "three" / "a.png", LABELS)
    _put(tmp_path / "three" / "z.png", LABELS)  # of none: the folder holds more than drawings of the others
    assert _unlikely(tmp_path) == {}


def test_masks_of_images_that_are_there_already_are_noticed(tmp_path: Path) -> None:
    """Who adds the folder of the masks some days after that of the images."""
    labels = np.repeat(LABELS[..., None], 5, 2)
    for n in range(3):
        _put(tmp_path / "ct" / f"case{n}.nii", _noise(labels.shape))
        _put(tmp_path / "seg" / f"case{n}.nii", labels)
    there = result_of(scan([tmp_path / "ct"])).found
    new = [replace(one, name=f"{one.name} (2)") for one in result_of(scan([tmp_path / "seg"])).found]
    found = result_of(unlikely_scans(new, there))
    assert {name: one.of for name, one in found.items()} == {f"case{n} (2)": f"case{n}" for n in range(3)}
    assert not result_of(unlikely_scans(there, there)), "the same files, added again"

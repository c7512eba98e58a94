"""Which mask belongs to which image, in the folders that people have; what finds no image is spoken of."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray

BringIn = Callable[..., tuple[dict[str, NDArray[np.uint8] | None], list[str]]]
MakeSlice = Callable[..., Path]
WritePng = Callable[[Path, NDArray[Any]], Path]

MASK = np.zeros((20, 20), np.uint8)
MASK[3:9, 3:9] = 1


def test_files_named_by_uid_get_their_masks(
    tmp_path: Path, make_slice: MakeSlice, write_png: WritePng, bring_in: BringIn
) -> None:
    names = [f"1.2.840.99.{k}" for k in (1, 2, 3)]
    for k, name in enumerate(names, 1):
        pixels = np.zeros((20, 20), np.uint16)
        pixels[k, k] = 1000
        make_slice(tmp_path / "img" / name, pixels, None, Modality="DX", SeriesInstanceUID=f"1.9.{k}")
        mask = np.zeros((20, 20), np.uint8)
        mask[: 2 * k, : 2 * k] = 1
        write_png(tmp_path / "masks" / f"{name}.png", mask)
    masks, said = bring_in(tmp_path / "img", tmp_path / "masks")
    sizes = sorted(0 if mask is None else int(mask.sum()) for mask in masks.values())
    assert sizes == [4, 16, 36], said


def test_masks_behind_a_link_stay_masks(tmp_path: Path, write_png: WritePng, bring_in: BringIn) -> None:
    for k in range(4):
        write_png(tmp_path / "images" / f"p{k}.png", np.full((20, 20), 60 + k, np.uint8))
        write_png(tmp_path / "masks" / f"p{k}.png", MASK)
    try:
        (tmp_path / "images" / "masks").symlink_to("../masks", target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    masks, _ = bring_in(tmp_path / "images", tmp_path / "masks")
    assert {name: mask is not None for name, mask in masks.items()} == {f"p{k}": True for k in range(4)}


def test_masks_of_many_series_find_them(tmp_path: Path, make_slice: MakeSlice, bring_in: BringIn) -> None:
    layouts = {
        "after the patient's folder": "pat{p}.nii.gz",
        "in folders called alike": "pat{p}/CT/mask.nii.gz",
        "in folders called alike, after the series": "pat{p}/CT/S.nii.gz",
        "after the series' UID": "8.{p}.nii.gz",
    }
    for p in (1, 2, 3):
        for z in range(4):
            pixels = np.full((12, 10), 10 * p + z, np.int16)
            facts = {"SeriesInstanceUID": f"8.{p}", "PatientID": f"pat{p}", "InstanceNumber": z + 1}
            make_slice(tmp_path / "set" / f"pat{p}" / "CT" / f"{z}.dcm", pixels, (5 * p, 0, 3 * z), **facts)
        mask = np.zeros((4, 12, 10), np.uint8)
        mask[1:3, 2 : 2 + 2 * p, 2:5] = 1
        affine = np.diag([-1.0, -1, 3, 1])  # the series' grid in NIfTI's directions
        affine[0, 3] = -5 * p
        for layout, name in layouts.items():
            file = tmp_path / layout / name.format(p=p)
            file.parent.mkdir(parents=True, exist_ok=True)
            nib.save(nib.Nifti1Image(mask.transpose(2, 1, 0), affine), file)
    found = {layout: bring_in(tmp_path / "set", tmp_path / layout)[0] for layout in layouts}
    sizes = {
        layout: sorted(int(mask.sum()) for mask in masks.values() if mask is not None)
        for layout, masks in found.items()
    }
    assert [12, 24, 36] in sizes.values(), sizes


def test_masks_left_over_are_spoken_of(tmp_path: Path, write_png: WritePng, bring_in: BringIn) -> None:
    for name in "abcdef":
        write_png(tmp_path / "img" / f"{name}.png", np.full((20, 20), 90, np.uint8))
    for name in ("a", "b", "c_lesion", "d_liver", "d_tumour", "e-annot", "F"):
        write_png(tmp_path / "masks" / f"{name}.png", MASK)
    (tmp_path / "masks" / "f.jpg").write_bytes(cv2.imencode(".jpg", MASK)[1].tobytes())
    _, said = bring_in(tmp_path / "img", tmp_path / "masks")
    assert said


def test_masks_of_a_kind_that_is_not_read_are_spoken_of(tmp_path: Path, write_png: WritePng, bring_in: BringIn) -> None:
    write_png(tmp_path / "img" / "a.png", np.full((20, 20), 90, np.uint8))
    write_png(tmp_path / "masks" / "a.png", MASK)
    (tmp_path / "masks" / "b.mha").write_bytes(b"ObjectType = Image\n")
    _, said = bring_in(tmp_path / "img", tmp_path / "masks")
    assert any("b.mha" in text for text in said)

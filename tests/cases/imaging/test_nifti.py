"""NIfTI headers that people meet: what is usable opens, and what contradicts itself is spoken of."""

import struct
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from engine.imaging.image import Image

ReadAll = Callable[[Path], list[Image]]

# where the header keeps these, in bytes
PIXDIM_Z = 88
SROW_X = 280


def _write(file: Path, *, codes: tuple[int, int], at: int, floats: tuple[float, ...]) -> Path:
    """A volume of 2 x 2 x 3 mm with these codes of its forms (q, s), and then numbers of its header written over."""
    affine = np.diag([-2.0, 2, 3, 1])
    affine[:3, 3] = 10, -20, 30
    image = nib.Nifti1Image(np.arange(6 * 5 * 4, dtype=np.int16).reshape(6, 5, 4), affine)
    image.set_qform(affine, codes[0])
    image.set_sform(affine, codes[1])
    data = bytearray(image.to_bytes())
    struct.pack_into(f"<{len(floats)}f", data, at, *floats)
    file.write_bytes(data)
    return file


def test_negative_step_opens(tmp_path: Path, read_all: ReadAll) -> None:
    file = _write(tmp_path / "a.nii", codes=(1, 0), at=PIXDIM_Z, floats=(-3.0,))
    assert [image.geometry.spacing for image in read_all(file)] == [pytest.approx((3, 2, 2))]


def test_forms_that_disagree_are_spoken_of(tmp_path: Path, read_all: ReadAll) -> None:
    rows = (1.0, 0, 0, -10, 0, 1, 0, -20, 0, 0, 1, 30)  # 1 mm everywhere, which neither pixdim nor qform says
    (image,) = read_all(_write(tmp_path / "a.nii", codes=(1, 1), at=SROW_X, floats=rows))
    assert image.notes

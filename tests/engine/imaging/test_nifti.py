import gzip
import struct
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import EngineError, NotReadable
from engine.imaging.geometry import to_nifti
from engine.imaging.image import Image, Source, Window
from engine.imaging.read import read_image, read_labels
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.checks import check
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

AFFINE = np.array([[0.0, -2.0, 0.1, 5.0], [1.5, 0.0, 0.0, -7.0], [0.0, 0.2, 3.0, 11.0], [0, 0, 0, 1]])
VALUES = np.arange(4 * 5 * 6).reshape(4, 5, 6)


def write(path: Path, array: NDArray[Any], kind: Any = None, **header: Any) -> Path:
    image = nib.Nifti1Image(array if kind is None else array.astype(kind), AFFINE)
    for key, value in header.items():
        image.header[key] = value
    nib.save(image, path)
    return path


def image_of(path: Path) -> Image:
    return read_image(Source((str(path),), "nifti"))


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [("u1", "u1"), ("i2", "i2"), ("u2", "u2"), ("i4", "i2"), ("f4", "f4"), ("f8", "f4"), (">i2", "i2")],
)
def test_values_and_places_are_kept(tmp_path: Path, name: str, kind: str, expected: str) -> None:
    path = write(tmp_path / name, VALUES, kind)
    image = image_of(path)
    assert image.pixels.dtype == np.dtype(expected) and image.shape == (6, 5, 4)
    np.testing.assert_array_equal(image.pixels, VALUES.T)
    np.testing.assert_allclose(to_nifti(image.geometry), AFFINE, atol=1e-5)
    # index (x, y, z) in RAS is index (z, y, x) in LPS with the first two signs turned
    np.testing.assert_allclose(
        image.geometry.affine @ (2, 1, 3, 1), np.diag([-1, -1, 1, 1]) @ AFFINE @ (3, 1, 2, 1), atol=1e-5
    )
    labels, geometry = read_labels(path)
    assert geometry is not None and geometry.same_grid(image.geometry)
    np.testing.assert_array_equal(labels, VALUES.T)


def rescale(path: Path, slope: float, intercept: float) -> None:
    data = bytearray(path.read_bytes())
    struct.pack_into("<ff", data, 112, slope, intercept)
    path.write_bytes(bytes(data))


def test_slope_and_intercept_are_applied(tmp_path: Path) -> None:
    path = write(tmp_path / "a.nii", VALUES, "i2")
    for slope, intercept, kind in ((1, -1024, np.int16), (3, 0, np.int16), (0.5, 1, np.float32), (0, 9, np.int16)):
        rescale(path, slope, intercept)
        pixels = image_of(path).pixels
        assert pixels.dtype == kind
        np.testing.assert_allclose(
            pixels.astype(float), np.asarray(VALUES * slope + intercept if slope else VALUES, float).T
        )


def test_first_of_several_volumes_is_read_and_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.nii.gz", np.stack([VALUES, VALUES + 1], axis=-1), "i2")
    image = image_of(path)
    np.testing.assert_array_equal(image.pixels, VALUES.T)
    assert [str(n) for n in image.notes] == ["Only the first of 2 volumes was read."]


def test_window_units_colour_and_flat_pictures(tmp_path: Path) -> None:
    assert image_of(write(tmp_path / "w.nii", VALUES, "i2", cal_min=10, cal_max=50)).window == Window(30, 40)
    metres = write(tmp_path / "m.nii", VALUES, "i2", xyzt_units=1)
    assert image_of(metres).geometry.spacing == pytest.approx(
        [s * 1000 for s in image_of(tmp_path / "w.nii").geometry.spacing]
    )
    assert image_of(write(tmp_path / "f.nii", VALUES[..., 0], "u1")).shape == (1, 5, 4)
    colours = np.zeros((4, 5, 6), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    colours["G"] = VALUES
    image = image_of(write(tmp_path / "c.nii", colours))
    assert image.color
    np.testing.assert_array_equal(image.pixels[..., 1], VALUES.T)


def test_extensions_and_unplaced_images(tmp_path: Path) -> None:
    image = nib.Nifti1Image(VALUES.astype(np.int16), AFFINE)
    image.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"x" * 3000))
    image.set_sform(AFFINE, 0)
    image.set_qform(AFFINE, 0)
    nib.save(image, tmp_path / "a.nii")
    read = image_of(tmp_path / "a.nii")
    np.testing.assert_array_equal(read.pixels, VALUES.T)
    assert not read.geometry.patient_based and read.geometry.calibrated


def test_header_that_lies_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    head = bytearray(348)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, 30000, 30000, 30000, 1, 1, 1, 1)
    struct.pack_into("<hh", head, 70, 4, 16)
    struct.pack_into("<f", head, 108, 352.0)
    head[344:348] = b"n+1\0"
    (tmp_path / "lies.nii").write_bytes(bytes(head) + bytes(4))
    (tmp_path / "lies.nii.gz").write_bytes(gzip.compress(bytes(head) + bytes(4)))
    for name in ("lies.nii", "lies.nii.gz"):
        with pytest.raises(EngineError, match=f"{name} claims a size of 30000 x 30000 x 30000"):
            image_of(tmp_path / name)


def test_memory_is_counted_for_what_the_values_become(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voxels = VALUES.size
    monkeypatch.setattr("engine.imaging.budget.budget", lambda: 3 * voxels)
    path = write(tmp_path / "a.nii", VALUES % 7, "u1")
    image_of(path)
    with pytest.raises(EngineError, match=r"a\.nii claims a size"):
        read_labels(path)
    rescale(path, 0.5, 1)
    with pytest.raises(EngineError, match=r"a\.nii claims a size"):
        image_of(path)


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.nii", VALUES, "i2").read_bytes()
    packed = write(tmp_path / "b.nii.gz", np.random.default_rng(0).integers(0, 999, (9, 9, 9)), "i2").read_bytes()
    flipped = bytearray(packed)
    flipped[len(packed) // 2] ^= 255
    for name, content in {
        "cut.nii": plain[:-1],
        "cut.nii.gz": packed[:-200],
        "flip.nii.gz": bytes(flipped),
        "short.nii": plain[:100],
        "no.nii.gz": gzip.compress(b"hello"),
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NotReadable, match=name):
            image_of(tmp_path / name)


def test_a_map_of_probabilities_is_no_mask(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="not whole numbers"):
        read_labels(write(tmp_path / "p.nii", VALUES / 7, "f4"))
    with pytest.raises(NotReadable, match="not whole numbers"):
        read_labels(write(tmp_path / "n.nii", VALUES * np.nan, "f4"))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.nan, "3 of its values are not numbers"),
        (np.inf, "3 of its values are not numbers"),
        (-np.inf, "3 of its values are not numbers"),
        (1e38, "3 of its values are beyond any measurement"),
        (-1e38, "3 of its values are beyond any measurement"),
        (1e9, ""),
    ],
)
def test_values_that_no_scanner_measured_are_said(tmp_path: Path, value: float, said: str) -> None:
    values = np.zeros((6, 5, 4), np.float32)
    values[1, 1:4, 2] = value
    nib.save(nib.Nifti1Image(values, np.eye(4)), tmp_path / "a.nii.gz")
    image = read_image(Source((str(tmp_path / "a.nii.gz"),), "nifti"))
    assert [note.text.startswith(said) for note in image.notes] == ([True] if said else [])
    with Project.create(tmp_path / "p", "binary", parse_classes("a")) as project:
        (item,) = result_of(import_images(project, ImportPlan((tmp_path / "a.nii.gz",)))).added
        assert item.notes == image.notes
        found = [f.text for f in result_of(check(project)) if f.kind == "numbers"]
        assert [text.startswith("1 image holds values") for text in found] == ([True] if said else [])

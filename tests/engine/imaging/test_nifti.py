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
from engine.imaging.read import read_image, read_labels, read_mask
from engine.imaging.scan import scan
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


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz"])
def test_what_follows_after_the_data_of_the_header_is_said(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "w.nii", VALUES, "i2")
    data = bytearray(path.read_bytes())
    for dims, more in ((2, True), (3, False)):
        struct.pack_into("<h", data, 40, dims)
        padded = bytes(data) + bytes(8)
        (tmp_path / name).write_bytes(gzip.compress(padded) if name.endswith("gz") else padded)
        image = image_of(tmp_path / name)
        assert image.shape[0] == (1 if more else 6)
        assert ["goes on after" in note.text for note in image.notes] == [True] * more


@pytest.mark.parametrize("offset", [0.0, -5.0])
def test_an_offset_into_the_header_shifts_no_voxel(tmp_path: Path, offset: float) -> None:
    path = write(tmp_path / "a.nii", VALUES, "i2")
    data = bytearray(path.read_bytes())
    struct.pack_into("<f", data, 108, offset)
    path.write_bytes(data)
    np.testing.assert_array_equal(image_of(path).pixels, VALUES.T)


def test_voxels_of_a_metre_are_doubted(tmp_path: Path) -> None:
    (note,) = image_of(write(tmp_path / "m.nii", VALUES, "i2", xyzt_units=1)).notes
    assert "3002 mm long" in note.text
    assert image_of(write(tmp_path / "mm.nii", VALUES, "i2", xyzt_units=2)).notes == ()


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
        with pytest.raises(EngineError, match=f"{name} claims a size of 30000 × 30000 × 30000"):
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


def _patched(path: Path, at: int, form: str, *numbers: float) -> Path:
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, at, *numbers)
    path.write_bytes(bytes(data))
    return path


def _placed(path: Path, qform: int, sform: int) -> Path:
    affine = np.diag([-2.0, 2.0, 3.0, 1.0])
    affine[:3, 3] = (10, -20, 30)
    image = nib.Nifti1Image(VALUES.astype(np.int16), affine)
    image.set_qform(affine, qform)
    image.set_sform(affine, sform)
    nib.save(image, path)
    return path


_PIXDIM, _QUATERNION, _SROW = 76, 256, 280  # where the header holds them


@pytest.mark.parametrize("axis", [1, 2, 3])
def test_negative_voxel_sizes_are_taken_by_their_amount_and_said(tmp_path: Path, axis: int) -> None:
    expected = image_of(_placed(tmp_path / "whole.nii", 1, 0)).geometry
    size = float(nib.load(tmp_path / "whole.nii").header["pixdim"][axis])
    image = image_of(_patched(_placed(tmp_path / "a.nii", 1, 0), _PIXDIM + 4 * axis, "<f", -size))
    assert image.geometry.same_grid(expected) and ["negative" in n.text for n in image.notes] == [True]


@pytest.mark.parametrize(("qform", "sform"), [(0, 0), (1, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize("size", [0.0, float("nan")])
def test_a_voxel_of_no_size_has_no_millimetres_but_those_of_sform(
    tmp_path: Path, qform: int, sform: int, size: float
) -> None:
    image = image_of(_patched(_placed(tmp_path / "a.nii", qform, sform), _PIXDIM + 8, "<f", size))
    assert image.geometry.calibrated == bool(sform)
    assert any("lengths are in pixels" in n.text for n in image.notes) == (not sform)


def test_a_single_slice_needs_no_thickness(tmp_path: Path) -> None:
    image = image_of(_patched(write(tmp_path / "a.nii", VALUES[..., :1], "i2", sform_code=0), _PIXDIM + 12, "<f", 0))
    assert image.geometry.calibrated and not image.notes


def test_quaternion_that_is_a_little_too_long(tmp_path: Path) -> None:
    plain = image_of(_placed(tmp_path / "whole.nii", 1, 0)).geometry
    image = image_of(_patched(_placed(tmp_path / "a.nii", 1, 0), _QUATERNION, "<3f", 0.0, 1.0001, 0.0))
    assert image.geometry.same_grid(plain) and image.notes == ()


@pytest.mark.parametrize(
    ("at", "numbers"),
    [(_SROW, (2.0, 0.0, 0.0, -10.0)), (_SROW, (1.0, 0, 0, -10, 0, 1, 0, -20, 0, 0, 1, 30)), (_SROW + 12, (10.4,))],
    ids=["flipped", "other spacing", "moved"],
)
def test_forms_that_disagree_are_said_and_sform_counts(tmp_path: Path, at: int, numbers: tuple[float, ...]) -> None:
    path = _patched(_placed(tmp_path / "a.nii", 1, 1), at, f"<{len(numbers)}f", *numbers)
    image = image_of(path)
    np.testing.assert_allclose(to_nifti(image.geometry), nib.load(path).affine, atol=1e-5)
    assert ["sform was taken" in n.text for n in image.notes] == [True]
    assert [n.text for n in read_mask(path).notes] == [n.text for n in image.notes]


def test_forms_that_agree_to_a_tenth_of_a_voxel_need_no_word(tmp_path: Path) -> None:
    assert image_of(_patched(_placed(tmp_path / "a.nii", 1, 1), _SROW + 12, "<f", 10.1)).notes == ()


@pytest.mark.parametrize("row", [0.0, float("nan")])
def test_sform_of_nothing_leaves_the_qform(tmp_path: Path, row: float) -> None:
    plain = image_of(_placed(tmp_path / "whole.nii", 1, 1)).geometry
    image = image_of(_patched(_placed(tmp_path / "a.nii", 1, 1), _SROW, "<12f", *[row] * 12))
    assert image.geometry.same_grid(plain) and ["qform was taken" in n.text for n in image.notes] == [True]


def test_no_form_that_is_a_place(tmp_path: Path) -> None:
    image = image_of(_patched(_placed(tmp_path / "a.nii", 0, 1), _SROW, "<12f", *[0.0] * 12))
    assert not image.geometry.patient_based and image.geometry.spacing == pytest.approx((3, 2, 2))
    assert len(image.notes) == 1


@pytest.mark.parametrize("most", [2, 41, 119])
def test_labels_that_a_slope_packs_are_rounded_and_said(tmp_path: Path, most: int) -> None:
    labels = (VALUES % (most + 1)).astype(float)
    header = nib.Nifti1Header()
    header.set_data_dtype(np.int16)
    nib.save(nib.Nifti1Image(labels, AFFINE, header), tmp_path / "a.nii.gz")
    mask = read_mask(tmp_path / "a.nii.gz")
    np.testing.assert_array_equal(mask.values, labels.T)
    assert ["rounded" in n.text for n in mask.notes] == [True]


def test_masks_of_several_volumes_are_classes_or_refused(tmp_path: Path) -> None:
    labels = VALUES % 3
    path = write(tmp_path / "a.nii.gz", np.stack([labels == 1, labels == 2], axis=-1), "u1")
    mask = read_mask(path)
    np.testing.assert_array_equal(mask.values, labels.T)
    assert len(mask.notes) == 1 and mask.geometry is not None
    with pytest.raises(NotReadable, match="over each other"):
        read_mask(write(tmp_path / "b.nii.gz", np.stack([labels, labels], axis=-1), "u1"))
    five = np.stack([labels == 1, labels == 2], axis=-1)[..., None, :]
    np.testing.assert_array_equal(read_mask(write(tmp_path / "c.nii.gz", five, "u1")).values, labels.T)


def test_masks_in_colour_are_numbers(tmp_path: Path) -> None:
    kind = [("R", "u1"), ("G", "u1"), ("B", "u1")]
    colours = np.zeros((4, 5, 6), kind)
    colours["R"] = (VALUES % 2) * 255
    mask = read_mask(write(tmp_path / "c.nii", colours))
    np.testing.assert_array_equal(mask.values, (VALUES % 2).T * 0xFF0000)
    assert mask.colored
    see_through = np.zeros((4, 5, 6), [*kind, ("A", "u1")])
    for channel in "RGB":
        see_through[channel] = 255
    see_through["A"] = (VALUES % 2) * 255
    mask = read_mask(write(tmp_path / "a.nii", see_through))
    np.testing.assert_array_equal(mask.values, (VALUES % 2).T * 255)
    assert ["transparency" in n.text for n in image_of(tmp_path / "a.nii").notes] == [True]


def test_colours_as_vectors_are_colours(tmp_path: Path) -> None:
    """ITK's way: five dimensions, the last of which is red, green and blue."""
    colours = np.random.default_rng(0).integers(0, 256, (4, 5, 6, 1, 3), np.uint8)
    image = image_of(write(tmp_path / "v.nii.gz", colours, intent_code=1007))
    assert image.shape == (6, 5, 4) and image.color and image.notes == ()
    np.testing.assert_array_equal(image.pixels, colours[..., 0, :].transpose(2, 1, 0, 3))
    assert [n.text for n in image_of(write(tmp_path / "d.nii.gz", colours)).notes] == [
        "Only the first of 3 volumes was read."
    ]


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


def test_a_packed_volume_needs_no_ending(tmp_path: Path) -> None:
    write(tmp_path / "a.nii.gz", VALUES, "i2").rename(tmp_path / "IM0001")
    (tmp_path / "other").write_bytes(gzip.compress(b"hello"))
    (found,), (refused,) = (result := result_of(scan([tmp_path]))).found, result.refused
    assert (found.name, found.source.kind, refused.file) == ("IM0001", "nifti", "other")
    np.testing.assert_array_equal(read_image(found.source).pixels, VALUES.T)

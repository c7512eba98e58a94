"""NRRD against pynrrd and nibabel: values, places, units, labels; what is odd is said, and what lies is refused before memory is taken."""

import bz2
import gzip
import os
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nibabel as nib
import nrrd as library
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import EngineError, NotReadable
from engine.imaging.geometry import to_nifti
from engine.imaging.image import Image, Source
from engine.imaging.nrrd import segment_names
from engine.imaging.read import read_image, read_mask
from engine.imaging.scan import Scan
from engine.imaging.values import LabelName
from engine.imaging.windows import auto_window

RNG = np.random.default_rng(5)
VALUES = RNG.integers(-800, 800, (5, 4, 3)).astype(np.int16)  # x, y, z, as the library has them
TURNED = np.array([[0.0, 0.5, 0.0], [-0.25, 0.0, 0.0], [0.0, 0.0, 2.0]])  # x runs to the back, y to the right


def write(path: Path, values: NDArray[Any] = VALUES, **header: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"detached_header": header.pop("detached")} if "detached" in header else {}
    library.write(str(path), values, {key.replace("_", " "): value for key, value in header.items()}, **options)
    return path


def read(path: Path) -> Image:
    return read_image(Source((str(path),), "nrrd"))


def said(image: Image) -> str:
    return " ".join(note.text for note in image.notes)


@pytest.mark.parametrize("encoding", ["raw", "gzip", "bzip2", "ascii"])
@pytest.mark.parametrize("kind", ["u1", "i1", "<i2", ">i2", "<u2", "i4", "u4", "i8", "u8", "<f4", ">f8"])
def test_values_are_those_of_the_library(tmp_path: Path, kind: str, encoding: str) -> None:
    values = RNG.integers(0, 120, (5, 4, 3)).astype(kind)
    if values.dtype.kind == "f":
        values = values + np.asarray(0.25, values.dtype)
    path = write(tmp_path / "a.nrrd", values, encoding=encoding)
    expected = library.read(str(path))[0]
    assert np.array_equal(read(path).pixels, expected.T) and read(path).pixels.dtype.isnative


@pytest.mark.parametrize("encoding", ["raw", "gzip", "bzip2", "ascii"])
def test_data_in_a_file_beside_the_header(tmp_path: Path, run_scan: Callable[..., Scan], encoding: str) -> None:
    path = write(tmp_path / "in" / "a.nhdr", encoding=encoding, detached=False)
    beside = next(file for file in path.parent.iterdir() if file != path)
    (tmp_path / "in" / "b.nhdr").write_text(path.read_text().replace(beside.name, f"./{beside.name}"))
    scan = run_scan(tmp_path / "in")
    assert not scan.refused and [one.name for one in scan.found] == ["a", "b"]
    assert scan.found[0].source == Source((str(path), str(beside)), "nrrd")
    assert all(np.array_equal(read_image(one.source).pixels, VALUES.T) for one in scan.found)


@pytest.mark.parametrize(
    ("space", "sides"),
    [
        ("right-anterior-superior", (1, 1, 1)),
        ("RAS", (1, 1, 1)),
        ("left-anterior-superior", (-1, 1, 1)),
        ("LAS", (-1, 1, 1)),
        ("left-posterior-superior", (-1, -1, 1)),
        ("LPS", (-1, -1, 1)),
    ],
)
def test_place_is_that_which_nibabel_would_have(tmp_path: Path, space: str, sides: tuple[int, ...]) -> None:
    path = write(tmp_path / "a.nrrd", space=space, space_directions=TURNED, space_origin=np.array([10.0, -20.0, 30.0]))
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = TURNED.T, [10, -20, 30]
    image = read(path)
    nib.save(nib.Nifti1Image(VALUES, np.diag([*sides, 1.0]) @ affine), tmp_path / "same.nii")
    other = read_image(Source((str(tmp_path / "same.nii"),), "nifti"))
    assert np.allclose(to_nifti(image.geometry), np.diag([*sides, 1.0]) @ affine)
    assert image.geometry.same_grid(other.geometry) and np.array_equal(image.pixels, other.pixels)
    assert image.geometry.patient_based and image.geometry.calibrated and image.geometry.spacing == (2.0, 0.25, 0.5)
    assert not image.notes


@pytest.mark.parametrize(
    ("unit", "factor"), [("mm", 1.0), ("cm", 10.0), ("m", 1000.0), ("um", 0.001), ("microns", 0.001)]
)
def test_units_become_millimetres(tmp_path: Path, unit: str, factor: float) -> None:
    placed = write(
        tmp_path / "a.nrrd", space="LPS", space_directions=np.diag([1.0, 2.0, 3.0]), space_origin=np.ones(3), space_units=[unit] * 3,
    )  # fmt: skip
    geometry = read(placed).geometry
    assert geometry.spacing == pytest.approx((3 * factor, 2 * factor, factor)) and geometry.affine[0, 3] == factor
    sized = read(write(tmp_path / "b.nrrd", spacings=[1.0, 2.0, 3.0], units=[unit] * 3)).geometry
    assert sized.spacing == pytest.approx((3 * factor, 2 * factor, factor)) and sized.calibrated
    assert not sized.patient_based


@pytest.mark.parametrize(
    ("header", "calibrated", "note"),
    [
        ({}, False, ""),
        ({"spacings": [0.5, 0.5, 2.0]}, True, ""),
        ({"spacings": [0.5, np.nan, 2.0]}, False, "how large a voxel is"),
        ({"spacings": [0.5, 0.5, 2.0], "units": ["furlong"] * 3}, False, "furlong"),
        ({"space dimension": 3, "space directions": np.diag([1.0, 1.0, 2.0])}, True, "which way its axes point"),
        ({"space": "scanner-xyz", "space directions": np.diag([1.0, 1.0, 2.0])}, True, "scanner-xyz"),
        ({"space": "LPS", "space directions": np.ones((3, 3))}, True, "no place"),
        ({"space": "LPS", "space directions": np.diag([1.0, 0.0, 2.0])}, False, "no place"),
    ],
)
def test_what_the_header_leaves_open_is_said(
    tmp_path: Path, header: Mapping[str, Any], calibrated: bool, note: str
) -> None:
    image = read(write(tmp_path / "a.nrrd", **header))
    assert (image.geometry.calibrated, image.geometry.patient_based) == (calibrated, False)
    assert (note in said(image)) if note else not image.notes


def test_hounsfield_units_are_ct(tmp_path: Path) -> None:
    image = read(write(tmp_path / "a.nrrd", sample_units="HU"))
    assert (image.modality, image.unit) == ("CT", "HU")
    values = np.full((40, 30, 3), -1000, np.int16)
    values[10:30, 10:20] = 40
    values[20, 15] = 90
    image = read(write(tmp_path / "b.nrrd", values, sample_units="HU"))
    assert image.window == auto_window(image.pixels, "HU") and image.window.low > 0, (
        "of the body, not of the air around"
    )


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        (RNG.integers(0, 255, (3, 6, 5)).astype(np.uint8), ["RGB-color", "domain", "domain"]),
        (RNG.integers(0, 255, (4, 6, 5, 2)).astype(np.uint8), ["RGBA-color", "domain", "domain", "domain"]),
        (RNG.integers(0, 255, (3, 6, 5, 2)).astype(np.uint8), ["vector", "space", "space", "space"]),
    ],
)
def test_colour(tmp_path: Path, values: NDArray[np.uint8], kinds: list[str]) -> None:
    image = read(write(tmp_path / "a.nrrd", values, kinds=kinds))
    expected = np.moveaxis(values, 0, -1)[..., :3]
    expected = np.moveaxis(expected if expected.ndim == 4 else expected[:, :, None], (0, 1, 2), (2, 1, 0))
    assert image.color and np.array_equal(image.pixels, expected)


@pytest.mark.parametrize("kind", ["3-vector", "covariant-vector", "3D-symmetric-matrix", "complex", "quaternion"])
def test_several_numbers_a_voxel_are_refused(tmp_path: Path, kind: str) -> None:
    count = {"3D-symmetric-matrix": 6, "complex": 2, "quaternion": 4}.get(kind, 3)
    path = write(tmp_path / "a.nrrd", np.ones((count, 5, 4, 3), np.float32), kinds=[kind, "space", "space", "space"])
    with pytest.raises(NotReadable, match="several numbers a voxel"):
        read(path)


@pytest.mark.parametrize(
    "kinds", [["list", *["domain"] * 3], [*["domain"] * 3, "list"], ["domain"] * 4, [*["space"] * 3, "time"]]
)
def test_first_of_several_volumes(tmp_path: Path, kinds: list[str]) -> None:
    volumes = [VALUES, VALUES + 1]
    values = np.stack(volumes, axis=0 if kinds[0] == "list" else -1)
    image = read(write(tmp_path / "a.nrrd", values, kinds=kinds))
    assert np.array_equal(image.pixels, VALUES.T) and "first of 2 volumes" in said(image)


def test_picture_of_two_axes(tmp_path: Path) -> None:
    image = read(write(tmp_path / "a.nrrd", VALUES[:, :, 0], spacings=[0.5, 0.25]))
    assert np.array_equal(image.pixels, VALUES[:, :, 0].T[None]) and image.geometry.spacing == (1.0, 0.25, 0.5)
    with pytest.raises(NotReadable, match="no picture or volume"):
        read(write(tmp_path / "line.nrrd", VALUES[:, 0, 0]))


# Masks ---------------------------------------------------------------------------------------------------------------------


def test_label_volume_with_its_grid(tmp_path: Path) -> None:
    labels = RNG.integers(0, 3, (5, 4, 3)).astype(np.uint8)
    header: dict[str, Any] = {"space": "LPS", "space_directions": TURNED, "space_origin": np.array([1.0, 2.0, 3.0])}
    mask = read_mask(write(tmp_path / "a.seg.nrrd", labels, **header))
    assert np.array_equal(mask.values, labels.T) and mask.values.dtype == np.int32 and mask.geometry is not None
    assert mask.geometry.same_grid(read(write(tmp_path / "a.nrrd", **header)).geometry)
    with pytest.raises(NotReadable, match="not whole numbers"):
        read_mask(write(tmp_path / "b.nrrd", labels + np.float32(0.5)))


def test_layers_of_a_segmentation_are_its_segments(tmp_path: Path) -> None:
    """3D Slicer puts segments that may overlap into layers; two layers can use the same value."""
    layers = np.zeros((2, 5, 4, 3), np.uint8)
    layers[0, 0], layers[0, 1], layers[1, 2] = 1, 2, 1
    header = {"kinds": ["list", *["domain"] * 3]}
    keys = [(0, 1), (0, 2), (1, 1)]
    segments = {f"Segment{n}_{key}": str(v) for n, pair in enumerate(keys) for key, v in zip(("Layer", "LabelValue"), pair, strict=True)}  # fmt: skip
    path = tmp_path / "a.seg.nrrd"
    library.write(str(path), layers, header | segments)
    mask = read_mask(path)
    assert not mask.names
    expected = np.zeros((5, 4, 3), int)
    expected[0], expected[1], expected[2] = 1, 2, 3
    assert np.array_equal(mask.values, expected.T) and "laid over each other" in str(mask.notes[0])
    library.write(str(path), layers, header | segments | {f"Segment{n}_Name": name for n, name in enumerate("abc")})
    assert {value: one.name for value, one in read_mask(path).names.items()} == {1: "a", 2: "b", 3: "c"}
    layers[1, 0] = 1
    library.write(str(path), layers, header | segments)
    with pytest.raises(NotReadable, match="over each other"):
        read_mask(path)


@pytest.mark.parametrize("count", [3, 4])
def test_layers_that_are_as_many_as_colours_are_segments(tmp_path: Path, count: int) -> None:
    layers = np.zeros((count, 5, 4, 3), np.uint8)
    for at in range(count):
        layers[at, at] = 1
    segments = {f"Segment{n}_{key}": str(v) for n in range(count) for key, v in (("Layer", n), ("LabelValue", 1))}
    path = tmp_path / "a.seg.nrrd"
    library.write(str(path), layers, {"kinds": ["list", *["domain"] * 3]} | segments)
    mask = read_mask(path)
    assert not mask.colored
    assert [mask.values[0, 0, x] for x in range(5)] == [1, 2, 3, 4 if count == 4 else 0, 0]


@pytest.mark.parametrize("count", [2, 3])
def test_segments_of_older_files_have_a_layer_each_and_their_names(tmp_path: Path, count: int) -> None:
    """3D Slicer before 4.11 wrote neither Layer nor LabelValue."""
    layers = np.zeros((count, 5, 4, 3), np.uint8)
    for at in range(count):
        layers[at, at] = 1
    called = ["kidney", "liver", "spleen"][:count]
    segments = {
        f"Segment{n}_{k}": v for n, one in enumerate(called) for k, v in (("ID", f"Segment_{n}"), ("Name", one))
    }
    path = tmp_path / "a.seg.nrrd"
    library.write(str(path), layers, {"kinds": ["list", *["domain"] * 3]} | segments)
    mask = read_mask(path)
    assert (
        {value: one.name for value, one in mask.names.items()}
        == dict(enumerate(called, 1))
        == {value: one.name for value, one in segment_names(str(path)).items()}
    )
    assert [mask.values[0, 0, x] for x in range(count)] == list(range(1, count + 1))
    library.write(str(path), layers[:1], {"kinds": ["list", *["domain"] * 3]} | segments)
    mask = read_mask(path)
    assert mask.names[1].name == "kidney" and mask.values.max() == 1  # of a single layer


def test_segments_name_the_values(tmp_path: Path) -> None:
    segments = [
        ("5", "Left kidney", "1 0.5 0"),
        ("1", "h?gado", "x"),
        ("2", "Segment_3", "0 0 0"),
        ("3", None, None),
    ]
    fields = {
        f"Segment{n}_{key}": text
        for n, texts in enumerate(segments)
        for key, text in zip(("LabelValue", "Name", "Color"), texts, strict=True)
        if text is not None
    }
    path = tmp_path / "a.seg.nrrd"
    library.write(str(path), np.arange(60).reshape(5, 4, 3).astype(np.uint8) % 6, fields)
    path.write_bytes(
        path.read_bytes().replace(b"h?gado", "h\u00edgado".encode())
    )  # as Slicer does; the library writes no such letter
    assert read_mask(path).names == {5: LabelName("Left kidney", "#FF8000"), 1: LabelName("h\u00edgado")}


# Headers that lie ----------------------------------------------------------------------------------------------------------

_HEADER = "NRRD0004\ntype: short\ndimension: 3\nsizes: 5 4 3\nendian: little\nencoding: raw\n"
_DATA = VALUES.T.tobytes()


def put(path: Path, header: str = _HEADER, data: bytes = _DATA) -> Path:
    path.write_bytes(header.encode() + b"\n" + data)
    return path


def refused(path: Path) -> str:
    """Why it is refused; nothing large was taken until then."""
    tracemalloc.start()
    try:
        with pytest.raises(EngineError) as fault:
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()
    return str(fault.value)


def test_header_made_by_hand_is_read(tmp_path: Path) -> None:
    assert np.array_equal(read(put(tmp_path / "a.nrrd")).pixels, VALUES.T)
    spaced = (
        _HEADER + "space: LPS\nspace directions: ( 1 , 0, 0 ) (0, 1,0) (0,0,2)\nDWMRI_gradient:=1\nDWMRI_gradient:=2\n"
    )
    assert read(put(tmp_path / "b.nrrd", spaced)).geometry.spacing == (2.0, 1.0, 1.0)
    for skip, before in (("byte skip: 3", b"abc"), ("line skip: 1", b"abc\n"), ("byte skip: -1", b"abc")):
        assert np.array_equal(read(put(tmp_path / "c.nrrd", f"{_HEADER}{skip}\n", before + _DATA)).pixels, VALUES.T)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("sizes: 5 4 3", "sizes: 5 4", "2 sizes for 3 axes"),
        ("sizes: 5 4 3", "sizes: 5 4 4", "speaks of 160 bytes"),
        ("sizes: 5 4 3", "sizes: 5 4 2", "speaks of 80 bytes"),
        ("sizes: 5 4 3", "sizes: 5 4 0", "claims a size"),
        ("sizes: 5 4 3", "sizes: 5 4 -3", "claims a size"),
        ("sizes: 5 4 3", "sizes: 900000 900000 900000", "most here"),
        ("sizes: 5 4 3", "sizes: 5 4 99999999999999999999999", "damaged"),
        ("type: short", "type: block", "block"),
        ("type: short", "type: imaginary", "imaginary"),
        ("endian: little\n", "", "kind of numbers"),
        ("encoding: raw", "encoding: hex", "hex"),
        ("encoding: raw\n", "", "lacks “encoding”"),
        ("encoding: raw", "encoding: gzip", "damaged"),
        ("encoding: raw", "encoding: ascii", "damaged"),
        ("encoding: raw", "encoding: raw\nbyte skip: -7", "damaged"),
        ("encoding: raw", "encoding: raw\nbyte skip: 7", "speaks of 120 bytes"),
        ("encoding: raw", "encoding: raw\nsizes: 1 2 3", "damaged"),
        ("encoding: raw", "encoding", "damaged"),
    ],
)
def test_headers_unlike_their_data(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert reason in refused(put(tmp_path / "a.nrrd", _HEADER.replace(old, new)))


def test_header_without_an_end(tmp_path: Path) -> None:
    (tmp_path / "a.nrrd").write_bytes(_HEADER.encode() + b"# no\n" * 400_000)
    assert "no end" in refused(tmp_path / "a.nrrd")


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("bzip2", bz2.compress)])
def test_compressed_data_takes_no_more_than_there_is(
    tmp_path: Path, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    large = _HEADER.replace("raw", encoding).replace("5 4 3", "400 400 400")  # 122 MiB, of which there is nothing
    assert "speaks of 128000000 bytes" in refused(put(tmp_path / "a.nrrd", large, pack(_DATA)))
    whole = put(tmp_path / "b.nrrd", _HEADER.replace("raw", encoding), pack(_DATA * 2000))
    assert "speaks of 120 bytes" in refused(whole)
    cut = put(tmp_path / "c.nrrd", _HEADER.replace("raw", encoding), pack(_DATA)[:-20])
    assert "damaged" in refused(cut)
    ends = put(tmp_path / "d.nrrd", _HEADER.replace("raw", encoding) + "byte skip: -1\n", pack(b"abc" + _DATA))
    assert np.array_equal(read(ends).pixels, VALUES.T)


@pytest.mark.parametrize("how", ["absolute", "above", "link", "folder link", "list", "pattern", "gone", "itself"])
def test_data_outside_of_the_folder_is_never_read(tmp_path: Path, run_scan: Callable[..., Scan], how: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    secret = tmp_path / "secret.raw"
    secret.write_bytes(_DATA)
    (folder / "link.raw").symlink_to(secret)
    (folder / "sub").symlink_to(tmp_path)
    named = {
        "absolute": str(secret),
        "above": "../secret.raw",
        "link": "link.raw",
        "folder link": "sub/secret.raw",
        "list": "LIST\nlink.raw",
        "pattern": "link%d.raw 1 3 1",
        "gone": "nothing.raw",
        "itself": ".",
    }[how]
    path = folder / "a.nhdr"
    path.write_text(f"{_HEADER}data file: {named}\n")
    os.remove(folder / "link.raw") if how in ("gone",) else None
    reason = refused(path)
    told = {"list": "many files", "pattern": "many files", "gone": "is not there"}.get(how, "outside of its folder")
    assert told in reason and str(tmp_path) not in reason
    scan = run_scan(path)
    assert not scan.found and told in scan.refused[0].reason

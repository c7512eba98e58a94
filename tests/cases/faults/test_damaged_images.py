"""Damaged images among good ones: the damaged is refused by name, the good comes in, and nothing a codec does ends the import."""

import struct
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import cv2
import imagecodecs
import nibabel as nib
import numpy as np
import pytest
import tifffile
from pydicom.uid import JPEG2000, JPEGBaseline8Bit, JPEGLSLossless, RLELossless

from engine.imaging.scan import Scan, scan
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.project import Project

BringIn = Callable[..., tuple[dict[str, np.ndarray | None], list[str]]]
MakeSlice = Callable[..., Path]

SIDE = 64


def _rle(overrun: int) -> bytes:
    """A frame of 16 bits as run-length code: two segments of equal bytes, each `overrun` bytes longer than the frame has pixels."""
    run = bytes([257 - 128, 7])  # 128 bytes of the value 7
    segment = run * ((SIDE * SIDE + overrun) // 128)
    return struct.pack("<16L", 2, 64, 64 + len(segment), *[0] * 13) + 2 * segment


def _scan_with_a_good_one(make_slice: MakeSlice, folder: Path) -> Scan:
    make_slice(folder / "good.dcm", np.zeros((SIDE, SIDE), np.int16), SeriesInstanceUID="1.2.99")
    return result_of(scan([folder]))


def _refused(found: Scan) -> list[str]:
    return [one.file for one in found.refused]


# The codec's panic is a BaseException, whose class cannot be imported.
def test_codec_that_panics_refuses_its_file_alone(tmp_path: Path, make_slice: MakeSlice) -> None:
    pixels = np.zeros((SIDE, SIDE), np.uint16)
    make_slice(tmp_path / "set" / "bad.dcm", pixels, syntax=RLELossless, encoded=_rle(128))
    found = _scan_with_a_good_one(make_slice, tmp_path / "set")
    assert len(found.found) == 1 and _refused(found) == ["bad.dcm"]


def test_absurd_number_of_bits_refuses_its_file_alone(tmp_path: Path, make_slice: MakeSlice) -> None:
    colours = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}
    pixels = np.zeros((SIDE, SIDE), np.uint8)
    make_slice(
        tmp_path / "set" / "bad.dcm", pixels, syntax=JPEG2000, encoded=bytes(300), BitsAllocated=32776, **colours
    )
    found = _scan_with_a_good_one(make_slice, tmp_path / "set")
    assert len(found.found) == 1 and _refused(found) == ["bad.dcm"]


def _tiff_that_lacks(file: Path, strips: int, compression: str | None) -> Path:
    """A picture without zeros in eight strips, of which the last `strips` were never written."""
    values = np.random.default_rng(0).integers(1, 4, (SIDE, SIDE)).astype(np.uint8)
    file.parent.mkdir(exist_ok=True)
    tifffile.imwrite(file, values, rowsperstrip=SIDE // 8, compression=compression, metadata=None)
    with tifffile.TiffFile(file, mode="r+") as written:
        page = written.pages[0]
        assert isinstance(page, tifffile.TiffPage)
        for name in ("StripOffsets", "StripByteCounts"):
            kept = page.tags[name].value[: 8 - strips]
            page.tags[name].overwrite([*kept, *[0] * strips])
    return file


LACKING = pytest.mark.parametrize(
    ("strips", "compression"),
    [(4, None), (4, "zlib"), (8, "zlib")],
    ids=["half, raw", "half, compressed", "all, compressed"],
)


@LACKING
def test_tiff_that_lacks_strips_is_refused(tmp_path: Path, strips: int, compression: str | None) -> None:
    found = result_of(scan([_tiff_that_lacks(tmp_path / "a.tif", strips, compression)]))
    assert _refused(found) == ["a.tif"]


@LACKING
def test_mask_that_lacks_strips_is_refused(
    tmp_path: Path, bring_in: BringIn, strips: int, compression: str | None
) -> None:
    _tiff_that_lacks(tmp_path / "masks" / "a.tif", strips, compression)
    (tmp_path / "img").mkdir()
    tifffile.imwrite(tmp_path / "img" / "a.tif", np.full((SIDE, SIDE), 90, np.uint8))
    _, said = bring_in(tmp_path / "img", tmp_path / "masks", classes="a,b,c")
    assert said


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e38], ids=str)
def test_values_that_are_no_measurements_are_named(tmp_path: Path, value: float) -> None:
    pixels = np.random.default_rng(0).normal(size=(8, 8, 4)).astype(np.float32)
    pixels[2, 2] = value
    nib.save(nib.Nifti1Image(pixels, np.eye(4)), tmp_path / "a.nii.gz")
    found = result_of(scan([tmp_path / "a.nii.gz"]))
    assert found.refused or found.found[0].notes


@pytest.mark.parametrize("codec", ["jpeg2000", "jpegxl"])
def test_tiff_whose_stream_is_of_another_size_is_refused(tmp_path: Path, codec: str) -> None:
    inner = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE)).astype(np.uint8)
    stream = imagecodecs.jpeg2k_encode(inner, level=0) if codec == "jpeg2000" else imagecodecs.jpegxl_encode(inner)
    tifffile.imwrite(
        tmp_path / "a.tif",
        iter([bytes(stream)]),
        shape=(SIDE // 2, SIDE // 2),
        dtype=np.uint8,
        rowsperstrip=SIDE // 2,
        compression=codec,
        photometric="minisblack",
        metadata=None,
    )
    assert _refused(result_of(scan([tmp_path / "a.tif"]))) == ["a.tif"]


@pytest.mark.parametrize("syntax", [JPEGLSLossless, JPEGBaseline8Bit], ids=["jpeg-ls", "jpeg"])
def test_stream_of_another_size_costs_no_memory(tmp_path: Path, make_slice: MakeSlice, syntax: str) -> None:
    encode = imagecodecs.jpegls_encode if syntax == JPEGLSLossless else imagecodecs.jpeg_encode
    pixels = np.zeros((SIDE, SIDE), np.uint8)
    make_slice(tmp_path / "good.dcm", pixels, syntax=syntax, encoded=encode(pixels))
    make_slice(tmp_path / "bad.dcm", pixels, syntax=syntax, encoded=encode(np.zeros((64 * SIDE, 64 * SIDE), np.uint8)))
    assert len(result_of(scan([tmp_path / "good.dcm"])).found) == 1  # and all that is needed is loaded
    tracemalloc.start()
    try:
        refused = _refused(result_of(scan([tmp_path / "bad.dcm"])))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused == ["bad.dcm"]
    assert most < 4 << 20  # of the 16 MB that it would be


def test_libraries_write_nothing_of_their_own_to_the_terminal(tmp_path: Path) -> None:
    """libpng, libjpeg and OpenCV write their complaints to the process's own stderr, past Python."""
    (tmp_path / "in").mkdir()
    picture = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)
    for ending in (".png", ".jpg", ".bmp", ".tif"):
        data = bytearray(cv2.imencode(ending, picture)[1].tobytes())
        (tmp_path / "in" / f"cut{ending}").write_bytes(data[: len(data) // 2])
        data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
        (tmp_path / "in" / f"damaged{ending}").write_bytes(data)
    Project.create(tmp_path / "p.contorno", "binary", parse_classes("a")).close()
    command = [sys.executable, "-m", "app", "import", str(tmp_path / "p.contorno"), str(tmp_path / "in")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])
    said = done.stderr.splitlines()
    assert any(line.startswith("not read: cut.png: ") for line in said), done.stderr
    assert [line for line in said if not line.startswith("not read: ") and "damaged" not in line] == []

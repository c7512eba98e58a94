"""VOI lookup tables of DICOM files, against what pydicom makes of the same pixels."""

from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_voi

from engine.imaging.image import VoiTable
from engine.imaging.read import read_image
from engine.imaging.scan import scan
from engine.imaging.voi_tables import read_voi_tables
from engine.imaging.windows import through_table
from engine.progress import result_of
from tests.engine.imaging.conftest import MakeSlice
from tests.engine.imaging.conftest import make_slice as make_slice


def lut(first: int, count: int, bits: int, name: str = "") -> Dataset:
    """A curve that no window is: dark for long, then steep."""
    item = Dataset()
    levels = np.rint((np.linspace(0, 1, count) ** 2) * (2**bits - 1)).astype(np.uint16)
    item.LUTDescriptor, item.LUTData = [count, first, bits], levels.tobytes()
    if name:
        item.LUTExplanation = name
    return item


@pytest.mark.parametrize(
    ("dtype", "first", "count", "bits"),
    [(np.uint16, 100, 1000, 12), (np.int16, -300, 1000, 16), (np.uint16, 0, 700, 10)],
)
def test_pixels_are_shown_as_pydicom_shows_them(
    make_slice: MakeSlice, dtype: type[np.generic], first: int, count: int, bits: int
) -> None:
    low = max(first - 200, 0 if dtype is np.uint16 else -500)
    pixels = np.random.default_rng(0).integers(low, 1500, (40, 50))
    more: dict[str, Any] = {"WindowCenter": 300, "WindowWidth": 500}
    path = make_slice(
        "a", pixels.astype(dtype), Modality="DX", VOILUTSequence=[lut(first, count, bits, "dense"), lut(first, 250, bits)],
        RescaleSlope=1, RescaleIntercept=0, **more,
    )  # fmt: skip
    (series,) = result_of(scan([path])).found
    image = read_image(series.source)
    assert [table.name for table in image.tables] == ["dense", ""]
    ds = pydicom.dcmread(path)
    for place, table in enumerate(image.tables):
        said = apply_voi(ds.pixel_array, ds, place) / (2**bits - 1) * 255
        assert len(table.levels) == (count, 250)[place]
        assert np.abs(through_table(image.pixels[0], table) - said).max() <= 0.51
        assert np.abs(255 - through_table(image.pixels[0], table, inverted=True) - said).max() <= 0.51


@pytest.mark.parametrize("stored", [np.uint8, np.uint16])
def test_entries_of_8_bits_lie_in_bytes_or_in_words(make_slice: MakeSlice, stored: type[np.generic]) -> None:
    item = Dataset()
    levels = np.linspace(0, 255, 1000).astype(stored)
    item.LUTDescriptor, item.LUTData = [1000, 5, 8], levels.tobytes()
    path = make_slice("a", np.zeros((8, 9), np.uint16), VOILUTSequence=[item])
    (table,) = read_voi_tables(str(path))
    assert table.first == 5 and table.levels.tolist() == levels.tolist()


def test_a_broken_table_is_left_out_and_the_image_is_read(make_slice: MakeSlice) -> None:
    broken = Dataset()
    broken.LUTDescriptor, broken.LUTExplanation = [16, 0, 12], "no data"
    path = make_slice("a", np.zeros((8, 9), np.uint16), VOILUTSequence=[broken, lut(0, 16, 12, "good")])
    (series,) = result_of(scan([path])).found
    assert [table.name for table in read_image(series.source).tables] == ["good"]


def test_values_beyond_the_table_have_the_level_of_its_end_and_nan_is_black() -> None:
    table = VoiTable("", 10, np.array([50, 100, 200], np.uint8))
    values = np.array([[-9.0, 10.4, 11.2, 99.0, np.nan]], np.float32)
    assert through_table(values, table).tolist() == [[50, 50, 100, 200, 0]]
    assert through_table(values, table, inverted=True).tolist() == [[205, 205, 155, 55, 0]]

import hashlib
import re
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence as Items
from pydicom.tag import Tag
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    RLELossless,
)

from engine.errors import EngineError, NotReadable
from engine.imaging.dicom_header import read_header
from engine.imaging.direct import DirectSlices
from engine.imaging.image import Source, Window
from engine.imaging.read import first_slice, read_image
from engine.imaging.scan import Scan

Make = Callable[..., Any]


def dicom(*paths: Path) -> Source:
    return Source(tuple(str(p) for p in paths), "dicom")


def test_series_is_ordered_by_place_and_every_voxel_is_at_its_millimetre(
    make_series: Make, run_scan: Callable[..., Scan]
) -> None:
    paths = make_series([10, 12.5, 15, 17.5], RescaleSlope=1, RescaleIntercept=-1024)
    scan = run_scan(paths[0].parent)
    assert not scan.refused
    (one,) = scan.found
    assert one.name == "chest" and one.modality == "CT" and not one.color
    assert one.shape == (4, 6, 8) and one.spacing == (2.5, 0.5, 0.25) and one.notes == ()
    assert [Path(f).name for f in one.source.files] == ["004", "003", "002", "001"]
    image = read_image(one.source)
    assert image.pixels.dtype == np.int16 and image.unit == "HU"
    assert image.pixels[:, 3, 3].tolist() == [-1024, -1023, -1022, -1021] and image.pixels[2, 0, 0] == -984
    np.testing.assert_allclose(image.geometry.affine @ (3, 2, 4, 1), (1 + 4 * 0.25, 2 + 2 * 0.5, 17.5, 1))


def test_missing_slice_is_said_in_millimetres(make_series: Make, run_scan: Callable[..., Scan]) -> None:
    paths = make_series([0, 2.5, 5, 10, 12.5])
    (one,) = run_scan(paths[0].parent).found
    assert one.spacing[0] == pytest.approx(2.5)
    assert [str(n) for n in one.notes] == ["A slice is missing after z = 5.0 mm (gap 5.0 mm, step 2.5 mm)."]
    assert read_image(one.source).notes == one.notes


def test_half_of_the_slices_may_be_missing(make_series: Make, run_scan: Callable[..., Scan]) -> None:
    (one,) = run_scan(make_series([0, 2, 4, 8, 14])[0].parent).found
    assert one.spacing[0] == pytest.approx(2)
    assert [str(n) for n in one.notes] == [
        "A slice is missing after z = 4.0 mm (gap 4.0 mm, step 2.0 mm).",
        "2 slices are missing after z = 8.0 mm (gap 6.0 mm, step 2.0 mm).",
    ]


def test_uneven_steps_and_a_tilted_gantry_are_said(
    make_slice: Make, make_series: Make, run_scan: Callable[..., Scan]
) -> None:
    (uneven,) = run_scan(make_series([0, 2, 4.3, 6.3])[0].parent).found
    assert [str(n) for n in uneven.notes] == ["Slices lie 2.00 to 2.30 mm apart; 2.00 mm was taken for all."]
    pixels = np.zeros((4, 4), np.int16)
    paths = [make_slice(f"tilt/{k}", pixels, (0, k * 0.5, k * 2.0)) for k in range(3)]
    (tilted,) = run_scan(paths[0].parent).found
    assert len(tilted.notes) == 1 and "tilted" in tilted.notes[0].text
    np.testing.assert_allclose(read_image(tilted.source).geometry.affine[:3, 0], (0, 0.5, 2))


def test_series_are_split_by_orientation_spacing_size_and_localizer(
    make_slice: Make, tmp_path: Path, run_scan: Callable[..., Scan]
) -> None:
    for k in range(3):
        pixels = np.zeros((6, 8), np.int16)
        make_slice(f"all/axial{k}", pixels, (0, 0, k))
        make_slice(f"all/sagittal{k}", pixels, (k, 0, 0), ImageOrientationPatient=[0, 1, 0, 0, 0, -1])
        make_slice(f"all/fine{k}", pixels, (0, 0, k), PixelSpacing=[0.1, 0.1])
        make_slice(f"all/small{k}", pixels[:4], (0, 0, k))
        make_slice(f"all/scout{k}", pixels, (0, 0, k + 0.5), ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    found = run_scan(tmp_path / "all").found
    assert sorted({Path(f).name[:-1] for f in one.source.files}.pop() for one in found) == [
        "axial", "fine", "sagittal", "scout", "small",
    ]  # fmt: skip
    assert [len(one.source.files) for one in found] == [3] * 5
    assert len({one.name for one in found}) == 5


def test_places_taken_several_times_are_several_volumes(
    make_slice: Make, tmp_path: Path, run_scan: Callable[..., Scan]
) -> None:
    for time in (1, 2):
        for k in range(3):
            make_slice(f"t/{time}{k}", np.full((4, 4), time, np.int16), (0, 0, k), AcquisitionNumber=time)
    found = run_scan(tmp_path / "t").found
    assert [int(read_image(one.source).pixels.mean()) for one in found] == [1, 2]
    assert [one.name for one in found] == ["chest acquisition 1", "chest acquisition 2"]
    assert [str(n) for n in found[1].notes] == ["Volume 2 of 2 of one series: acquisition 2."]


def test_a_copy_and_a_second_slice_at_one_place_are_refused_by_name(
    make_slice: Make, make_series: Make, run_scan: Callable[..., Scan]
) -> None:
    paths = make_series([0, 1, 2])
    (paths[0].parent / "copy").write_bytes(paths[0].read_bytes())
    make_slice("series/twin", np.zeros((6, 8), np.int16), (1, 2, 1), InstanceNumber=9)
    scan = run_scan(paths[0].parent)
    assert [one.shape for one in scan.found] == [(3, 6, 8)]
    reasons = {one.file: one.reason for one in scan.refused}
    assert reasons["copy"] == "copy is a copy of 003."
    assert reasons["twin"].startswith("twin shows the same place as 002")


def test_a_copy_of_the_same_name_is_told_by_its_folder(make_series: Make, run_scan: Callable[..., Scan]) -> None:
    paths = make_series([0, 1, 2])
    (paths[0].parent / "again").mkdir()
    (paths[0].parent / "again" / paths[0].name).write_bytes(paths[0].read_bytes())
    (refused,) = run_scan(paths[0].parent).refused
    assert refused.reason in (
        f"again/{paths[0].name} is a copy of series/{paths[0].name}.",
        f"series/{paths[0].name} is a copy of again/{paths[0].name}.",
    )


def test_directions_that_cannot_be_are_said(make_slice: Make, run_scan: Callable[..., Scan]) -> None:
    pixels = np.zeros((4, 4), np.int16)
    flat = {"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}
    paths = [make_slice(f"flat/{k}", pixels, (0, 0, 3 * k), InstanceNumber=k + 1, **flat) for k in range(3)]
    (one,) = run_scan(paths[0].parent).found
    assert [note.text.partition(":")[0] for note in one.notes] == [
        "The directions of the slices are missing or impossible"
    ]


def test_files_without_a_place_are_pictures_of_their_own(
    make_slice: Make, tmp_path: Path, run_scan: Callable[..., Scan]
) -> None:
    for k in range(2):
        make_slice(f"xray/{k}", np.zeros((6, 8), np.uint16), ImagePositionPatient=None, ImageOrientationPatient=None)
    found = run_scan(tmp_path / "xray").found
    assert [one.name for one in found] == ["0", "1"]
    geometry = read_image(found[0].source).geometry
    assert geometry.calibrated and not geometry.patient_based and found[0].spacing == (2.0, 0.5, 0.25)


def test_series_that_lost_its_uids_stays_together(make_series: Make, run_scan: Callable[..., Scan]) -> None:
    paths = make_series([0, 1, 2], SeriesInstanceUID=None, SOPInstanceUID=None)
    assert [one.shape for one in run_scan(paths[0].parent).found] == [(3, 6, 8)]


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])
def test_every_uncompressed_syntax_gives_the_same_pixels(make_slice: Make, syntax: str) -> None:
    values = np.arange(-24, 24, dtype=np.int16).reshape(6, 8)
    image = read_image(dicom(make_slice("one", values, syntax=syntax)))
    np.testing.assert_array_equal(image.pixels[0], values)


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless])
def test_a_compressed_series_equals_the_native_one(make_series: Make, tmp_path: Path, syntax: str) -> None:
    paths = make_series([0, 1, 2, 3], RescaleSlope=1, RescaleIntercept=-5)
    native = read_image(dicom(*paths))
    for path in paths:
        ds = pydicom.dcmread(path)
        if syntax == RLELossless:
            ds.compress(RLELossless, generate_instance_uid=False)
        else:
            import imagecodecs

            ds.PixelData = encapsulate(
                [bytes(imagecodecs.jpeg2k_encode(ds.pixel_array, level=0, reversible=True, codecformat="J2K"))]
            )
            ds["PixelData"].is_undefined_length = True
            ds.file_meta.TransferSyntaxUID = JPEG2000Lossless
        ds.save_as(path)
    packed = read_image(dicom(*paths))
    np.testing.assert_array_equal(packed.pixels, native.pixels)
    assert packed.pixels.dtype == native.pixels.dtype and packed.geometry.same_grid(native.geometry)


def test_first_slice_is_the_middle_one(make_series: Make) -> None:
    paths = make_series([0, 1, 2, 3, 4])
    image = first_slice(dicom(*paths))
    assert image.pixels.shape == (1, 6, 8) and image.pixels[0, 3, 3] == 2
    np.testing.assert_allclose(image.geometry.affine[:3, 3], (1, 2, 2))


def test_a_slice_whose_rescale_differs_is_noticed_by_the_fast_reader(make_slice: Make) -> None:
    values = np.full((6, 8), 100, np.int16)
    paths = [make_slice(f"p/{k}", values, (0, 0, k), RescaleSlope=1 + k / 2, RescaleIntercept=0) for k in range(3)]
    image = read_image(dicom(*paths))
    assert image.pixels.dtype == np.float32
    assert image.pixels[:, 0, 0].tolist() == [100, 150, 200]


def test_fast_reader_takes_what_is_equal_and_leaves_the_rest(make_slice: Make) -> None:
    values = np.arange(48, dtype=np.int16).reshape(6, 8)
    first, same = make_slice("a", values), make_slice("b", values + 1, (0, 0, 3))
    icon = Dataset()
    icon.Rows = 6
    others = [
        make_slice("c", values[:, :4], (0, 0, 3)),
        make_slice("d", values, (0, 0, 3), BitsStored=12, HighBit=11),
        make_slice("e", values, (0, 0, 3), RescaleSlope=2),
        make_slice("f", values, (0, 0, 3), IconImageSequence=Items([icon])),
        make_slice("g", values, (0, 0, 3), syntax=ImplicitVRLittleEndian),
        make_slice("h", values, (0, 0, 3), ImagePositionPatient=None),
    ]
    cut = make_slice("i", values, (0, 0, 3))
    cut.write_bytes(cut.read_bytes()[:-2])
    reader = DirectSlices.like(read_header(str(first)))
    assert reader is not None
    read = reader.read(str(same))
    assert read is not None
    np.testing.assert_array_equal(read[1], values + 1)
    assert read[0].tolist() == [[0, 0, 3]]
    assert [reader.read(str(path)) for path in (*others, cut)] == [None] * 7


@pytest.mark.parametrize(("kind", "stored"), [(np.uint16, 12), (np.int16, 12)])
def test_bits_above_the_value_are_cleared(make_slice: Make, kind: Any, stored: int) -> None:
    true = np.arange(48, dtype=np.int16).reshape(6, 8) - (24 if kind is np.int16 else 0)
    dirty = ((true.astype(np.uint16) & 0x0FFF) | 0x7000).astype(np.uint16).view(kind)
    paths = [make_slice(f"o/{k}", dirty, (0, 0, k), BitsStored=stored, HighBit=stored - 1) for k in range(2)]
    np.testing.assert_array_equal(read_image(dicom(*paths)).pixels[1], true)
    np.testing.assert_array_equal(read_image(dicom(paths[0])).pixels[0], true)


def test_hounsfield_units_are_int16_where_they_fit(make_slice: Make) -> None:
    plain = make_slice("a", np.array([[0, 4095]], np.uint16), RescaleSlope=1, RescaleIntercept=-1024)
    wide = make_slice("b", np.array([[0, 65535]], np.uint16), RescaleSlope=1, RescaleIntercept=-1024)
    half = make_slice("c", np.array([[0, 3]], np.uint16), RescaleSlope=0.5, RescaleIntercept=-1024)
    big = make_slice("d", np.array([[40000, 60000]], np.uint16), RescaleSlope=1, RescaleIntercept=-35000)
    for path, kind, values in (
        (plain, np.int16, [-1024, 3071]),
        (wide, np.float32, [-1024, 64511]),
        (half, np.float32, [-1024, -1022.5]),
        (big, np.int16, [5000, 25000]),
    ):
        pixels = read_image(dicom(path)).pixels
        assert pixels.dtype == kind and pixels[0, 0].tolist() == values


def test_window_inversion_and_colour_come_from_the_file(make_slice: Make) -> None:
    grey = make_slice(
        "g",
        np.zeros((4, 4), np.uint16),
        PhotometricInterpretation="MONOCHROME1",
        WindowCenter=["40", "300"],
        WindowWidth=["400", "1500"],
    )
    image = read_image(dicom(grey))
    assert image.inverted and image.window == Window(40, 400)
    colours = np.random.default_rng(0).integers(0, 255, (4, 5, 3), np.uint8)
    image = read_image(dicom(make_slice("c", colours)))
    assert image.color
    np.testing.assert_array_equal(image.pixels[0], colours)
    deep = make_slice("d", np.full((4, 5, 3), 65535, np.uint16), Modality="US")
    image = read_image(dicom(deep))
    assert (
        image.pixels.dtype == np.uint8
        and image.pixels.min() == 255
        and [str(n) for n in image.notes] == ["Colour of 16 bits was narrowed to 8."]
    )


@pytest.mark.parametrize("kind", ["HSV", "ARGB", "CMYK", "YBR_PARTIAL_422", "FOO"])
def test_colours_that_are_none_of_ours_are_refused_by_their_name(make_slice: Make, kind: str) -> None:
    path = make_slice("c", np.zeros((4, 5, 3), np.uint8), PhotometricInterpretation=kind)
    with pytest.raises(NotReadable, match=f"colours of the kind {kind}, which are not read"):
        read_image(dicom(path))


@pytest.mark.parametrize(
    ("stated", "unit"), [("MGML", "MGML"), ("Z_EFF", "Z_EFF"), ("HU_MOD", "HU"), ("US", "HU"), ("", "HU")]
)
def test_maps_of_a_dual_energy_ct_are_not_in_hu(make_slice: Make, stated: str, unit: str) -> None:
    facts = {"Modality": "CT", "RescaleSlope": 1, "RescaleIntercept": -1024, "RescaleType": stated}
    assert read_image(dicom(make_slice("m", np.full((4, 4), 900, np.int16), **facts))).unit == unit


def _as_written(path: Path, **texts: str) -> Path:
    """The file with texts as they stand in it, whatever DICOM allows."""
    ds = pydicom.dcmread(path)
    for keyword, text in texts.items():
        tag, value = Tag(keyword), text.encode() + b" " * (len(text) % 2)
        ds._dict[tag] = RawDataElement(tag, "DS", len(value), value, 0, False, True)
    ds.save_as(path)
    return path


def test_a_comma_is_a_decimal_point(make_slice: Make) -> None:
    written = {"RescaleSlope": "1,0", "RescaleIntercept": "-1024,0", "WindowCenter": "40,0", "WindowWidth": "400"}
    places = {"PixelSpacing": "0,7\\0,5", "SliceThickness": "2,5", "ImagePositionPatient": "1,5\\2\\3"}
    image = read_image(dicom(_as_written(make_slice("c", np.full((4, 4), 1024, np.int16)), **written, **places)))
    assert image.pixels.max() == 0 and image.window.center == 40
    assert image.geometry.spacing == pytest.approx((2.5, 0.7, 0.5)) and image.geometry.calibrated
    assert image.geometry.affine[:3, 3].tolist() == [1.5, 2, 3]


def test_a_thickness_that_is_no_number_does_not_cost_the_image(make_slice: Make) -> None:
    path = _as_written(make_slice("c", np.ones((4, 4), np.int16)), SliceThickness="5mm", SpacingBetweenSlices="-")
    assert read_image(dicom(path)).pixels.max() == 1


@pytest.mark.parametrize(
    ("modality", "stated", "unit"), [("CT", "MGML", "MGML"), ("CT", "HU", "HU"), ("PT", "BQML", "BQML")]
)
def test_the_unit_of_an_enhanced_object_is_that_of_its_frames(
    make_slice: Make, modality: str, stated: str, unit: str
) -> None:
    values, shared = Dataset(), Dataset()
    values.RescaleSlope, values.RescaleIntercept, values.RescaleType = 0.1, -50, stated
    shared.PixelValueTransformationSequence = Items([values])
    frames = np.zeros((2, 4, 4), np.uint16)
    facts = {"Modality": modality, "NumberOfFrames": 2, "SharedFunctionalGroupsSequence": Items([shared])}
    assert read_image(dicom(make_slice("m", frames, **facts))).unit == unit


def test_palette_becomes_colour(make_slice: Make) -> None:
    table = np.arange(256, dtype=np.uint16) << 8
    lut: dict[str, Any] = {}
    for colour, values in (("Red", table), ("Green", table[::-1]), ("Blue", table * 0)):
        lut[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        lut[f"{colour}PaletteColorLookupTableData"] = values.tobytes()
    path = make_slice("p", np.array([[0, 10], [200, 255]], np.uint8), PhotometricInterpretation="PALETTE COLOR", **lut)
    assert read_image(dicom(path)).pixels[0].tolist() == [[[0, 255, 0], [10, 245, 0]], [[200, 55, 0], [255, 0, 0]]]


def enhanced(make_slice: Make, name: str, heights: list[float], sizes: Sequence[float] = ()) -> Path:
    """A multi-frame object: frame k lies at heights[k] and holds 3 k after its rescale; `sizes` are the frames' own pixel sizes."""
    frames = np.stack([np.full((4, 5), k, np.int16) for k in range(len(heights))])
    shared, per_frame = Dataset(), []
    orientation, measures = Dataset(), Dataset()
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    measures.PixelSpacing = [0.5, 0.25]
    shared.PlaneOrientationSequence, shared.PixelMeasuresSequence = Items([orientation]), Items([measures])
    for k, height in enumerate(heights):
        place, value, frame = Dataset(), Dataset(), Dataset()
        place.ImagePositionPatient = [0, 0, height]
        value.RescaleSlope, value.RescaleIntercept, value.RescaleType = 2, k, "US"
        frame.PlanePositionSequence, frame.PixelValueTransformationSequence = Items([place]), Items([value])
        if sizes:
            own = Dataset()
            own.PixelSpacing = [sizes[k], sizes[k]]
            frame.PixelMeasuresSequence = Items([own])
        per_frame.append(frame)
    path: Path = make_slice(
        name, frames, ImagePositionPatient=None, ImageOrientationPatient=None, PixelSpacing=None,
        NumberOfFrames=len(heights), SharedFunctionalGroupsSequence=Items([shared]),
        PerFrameFunctionalGroupsSequence=Items(per_frame),
    )  # fmt: skip
    return path


def test_frames_of_an_enhanced_object_are_a_volume_in_the_order_of_space(make_slice: Make) -> None:
    path = enhanced(make_slice, "m", [6.0, 3.0, 0.0])
    image = read_image(dicom(path))
    assert image.pixels[:, 0, 0].tolist() == [6, 3, 0]  # frame k holds 2 k + k, the last lies lowest
    assert image.geometry.spacing == (3.0, 0.5, 0.25)
    np.testing.assert_allclose(image.geometry.affine[:3, 3], 0)
    assert first_slice(dicom(path)).pixels[0, 0, 0] == 3 and image.notes == ()


def test_frames_of_several_times_are_several_volumes(
    make_slice: Make, tmp_path: Path, run_scan: Callable[..., Scan]
) -> None:
    path = enhanced(make_slice, "x/m.dcm", [2.0, 2.0, 0.0, 0.0, 4.0, 4.0])
    found = run_scan(tmp_path / "x").found
    assert [(one.name, one.shape, one.source.index) for one in found] == [
        ("m part 1 of 2", (3, 4, 5), "f2,0,4"),
        ("m part 2 of 2", (3, 4, 5), "f3,1,5"),
    ]
    assert found[1].notes[0].text == "Part 2 of 2: each place was taken 2 times."
    for one, values in zip(found, ([6, 0, 12], [9, 3, 15]), strict=True):
        image = read_image(one.source)
        assert image.pixels[:, 0, 0].tolist() == values
        assert image.geometry.spacing == (2.0, 0.5, 0.25) and image.geometry.patient_based
        assert first_slice(one.source).pixels[0, 0, 0] == values[1]
        earlier = Source((str(path),), "dicom", one.notes[0].text[5])  # as projects of version 0.1.0 have it
        assert read_image(earlier).pixels[:, 0, 0].tolist() == values
    for index in ("3", "f0-6", "f", "fx", "f0-4/0,9", f"f0-{10**20}", f"f{10**20}", f"f{10**20}-{10**21}"):
        with pytest.raises(EngineError, match=rf"m\.dcm no longer holds the image {index}"):
            read_image(Source((str(path),), "dicom", index))
    assert read_image(dicom(path)).shape == (6, 4, 5), "as projects of an earlier version have it"


def test_frames_with_pixels_of_several_sizes_have_no_millimetres(make_slice: Make) -> None:
    image = read_image(dicom(enhanced(make_slice, "m", [0.0, 3.0, 6.0], sizes=[0.5, 0.5, 1.0])))
    assert not image.geometry.calibrated and ["several sizes" in note.text for note in image.notes] == [True]
    alike = read_image(dicom(enhanced(make_slice, "n", [0.0, 3.0, 6.0], sizes=[0.7, 0.7, 0.7])))
    assert alike.geometry.spacing == (3.0, 0.7, 0.7) and alike.notes == ()


def test_frames_over_time_are_said_to_be_no_volume(make_slice: Make) -> None:
    film = {"Modality": "US", "FrameTime": 33, "FrameIncrementPointer": 0x00181063, "NumberOfFrames": 3}
    frames, nowhere = np.zeros((3, 4, 5), np.uint8), {"ImagePositionPatient": None, "ImageOrientationPatient": None}
    image = read_image(dicom(make_slice("m", frames, PixelSpacing=None, **film, **nowhere)))
    assert image.shape == (3, 4, 5) and not image.geometry.calibrated
    assert ["not a volume" in note.text for note in image.notes] == [True]


def test_a_dose_is_in_its_unit(make_slice: Make) -> None:
    frames = np.full((3, 4, 5), 5000, np.uint32)
    grid = {"NumberOfFrames": 3, "GridFrameOffsetVector": [0, 3, 6], "FrameIncrementPointer": 0x3004000C}
    path = make_slice("d", frames, Modality="RTDOSE", DoseGridScaling="0.001", DoseUnits="GY", **grid)
    image = read_image(dicom(path))
    assert image.unit == "Gy" and np.allclose(image.pixels, 5.0) and image.geometry.spacing[0] == 3.0


@pytest.mark.parametrize(
    ("offsets", "row", "heights"),
    [
        ([0, 3, 6], 1, (100, 103, 106)),
        ([0, 3, 6], -1, (100, 97, 94)),
        ([100, 103, 106], 1, (100, 103, 106)),
        ([100, 103, 106], -1, (100, 103, 106)),
        ([100, 97, 94], -1, (100, 97, 94)),
        ([2, 5, 8], -1, (100, 97, 94)),
    ],
)
def test_planes_of_a_dose_lie_by_distance_or_by_place(
    make_slice: Make, offsets: list[float], row: int, heights: tuple[float, ...]
) -> None:
    frames = np.arange(3, dtype=np.uint32)[:, None, None] * np.ones((4, 5), np.uint32)
    grid = {"NumberOfFrames": 3, "GridFrameOffsetVector": offsets, "FrameIncrementPointer": 0x3004000C}
    lying = {"ImageOrientationPatient": [row, 0, 0, 0, 1, 0], "Modality": "RTDOSE", "DoseGridScaling": "1"}
    image = read_image(dicom(make_slice("d", frames, (1, 2, 100), **lying, **grid)))
    found = {int(image.pixels[k, 0, 0]): (image.geometry.affine @ (k, 0, 0, 1))[2] for k in range(3)}
    assert found == {k: pytest.approx(height) for k, height in enumerate(heights)}


@pytest.mark.parametrize("heights", [[0.0, 0.0, 2.0], [1.0, 1.0, 1.0]])
def test_frames_that_are_no_volume_are_said(
    make_slice: Make, tmp_path: Path, run_scan: Callable[..., Scan], heights: list[float]
) -> None:
    enhanced(make_slice, "x/m.dcm", heights)
    (one,) = run_scan(tmp_path / "x").found
    assert one.shape == (3, 4, 5) and one.source.index == ""
    assert len(one.notes) == 2 and "in the order of the file" in one.notes[0].text
    assert "lengths are in pixels" in one.notes[1].text
    image = read_image(one.source)
    assert image.pixels[:, 0, 0].tolist() == [0, 3, 6] and not image.geometry.patient_based
    assert not image.geometry.calibrated and image.geometry.spacing == (1.0, 2.0, 1.0), "the shape of a pixel is kept"


def test_pixels_without_a_size_are_not_taken_for_millimetres(make_slice: Make) -> None:
    with_size, without = (read_image(dicom(make_slice(n, np.zeros((4, 4), np.uint8), **more))) for n, more in (
        ("a", {}), ("b", {"PixelSpacing": None}),
    ))  # fmt: skip
    assert with_size.geometry.calibrated and with_size.geometry.patient_based
    assert not without.geometry.calibrated and without.geometry.patient_based


def test_a_series_of_fractions_is_counted_as_what_it_becomes(
    make_series: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = make_series([0.0, 1.0, 2.0], RescaleSlope="0.5", RescaleIntercept="0", Modality="PT")
    monkeypatch.setattr("engine.imaging.budget.budget", lambda: 3 * 6 * 8 * 3)
    with pytest.raises(EngineError, match="claims a size of 3 × 6 × 8"):
        read_image(dicom(*paths))


def test_patient_is_a_key_that_tells_nobody_who_it_is(
    make_slice: Make, tmp_path: Path, run_scan: Callable[..., Scan]
) -> None:
    make_slice("x/a", np.zeros((4, 4), np.uint8))
    make_slice("x/b", np.zeros((4, 4), np.uint8), SeriesInstanceUID="9")
    make_slice("x/c", np.zeros((4, 4), np.uint8), SeriesInstanceUID="8", PatientID="OTHER")
    make_slice("x/d", np.zeros((4, 4), np.uint8), SeriesInstanceUID="7", PatientID="", PatientName="")
    scan = run_scan(tmp_path / "x")
    keys = [one.patient for one in scan.found]
    assert keys[0] == keys[1] != keys[2] and keys[3] == ""
    assert re.fullmatch("P-[0-9a-f]{8}", keys[0])
    assert keys[0][2:] != hashlib.sha256(b"CANARY-ID").hexdigest()[:8]
    assert "CANARY" not in repr(scan) and "Canary" not in repr(scan)


def test_an_encoding_of_a_vendor_s_own_is_refused_by_its_name(
    make_slice: Make, tmp_path: Path, run_scan: Callable[..., Scan]
) -> None:
    path = make_slice("x/a", np.zeros((4, 4), np.uint8))
    plain, own = b"1.2.840.10008.1.2.1\0", b"1.2.840.113619.5.99\0"
    path.write_bytes(path.read_bytes().replace(plain, own, 1))
    (refused,) = run_scan(tmp_path / "x").refused
    assert "not known here (transfer syntax 1.2.840.113619.5.99)" in refused.reason


def test_objects_that_are_no_images_are_refused_by_what_they_are(
    make_slice: Make, tmp_path: Path, run_scan: Callable[..., Scan]
) -> None:
    pixels = np.zeros((4, 4), np.uint8)
    make_slice("x/seg", pixels, SOPClassUID="1.2.840.10008.5.1.4.1.1.66.4")
    for name, kind in (("sr", "1.2.840.10008.5.1.4.1.1.88.11"), ("rt", "1.2.840.10008.5.1.4.1.1.481.3")):
        path = make_slice(f"x/{name}", pixels, SOPClassUID=kind)
        ds = pydicom.dcmread(path)
        del ds.PixelData
        ds.save_as(path)
    reasons = {one.file: one.reason for one in run_scan(tmp_path / "x").refused}
    assert "segmentation" in reasons["seg"] and "outlines" in reasons["rt"] and "Basic Text SR" in reasons["sr"]


def test_a_slice_that_was_cut_off_is_refused_and_missed_as_a_gap(
    make_series: Make, run_scan: Callable[..., Scan]
) -> None:
    paths = make_series([0, 1, 2, 3, 4])
    paths[2].write_bytes(paths[2].read_bytes()[:-10])
    scan = run_scan(paths[0].parent)
    assert [one.file for one in scan.refused] == [paths[2].name] and "cut short" in scan.refused[0].reason
    assert scan.found[0].shape == (4, 6, 8) and "missing after z = 1.0 mm" in scan.found[0].notes[0].text


def test_a_file_that_changed_after_the_scan_is_named(make_series: Make, make_slice: Make) -> None:
    paths = make_series([0, 1, 2])
    make_slice(f"series/{paths[1].name}", np.zeros((3, 3), np.int16), (1, 2, 1))
    with pytest.raises(EngineError, match=f"{paths[1].name} no longer fits"):
        read_image(dicom(*paths))
    paths[2].unlink()
    with pytest.raises(NotReadable, match=f"{paths[2].name} is not there"):
        read_image(dicom(paths[0], paths[2]))


def test_sizes_that_lie_are_refused_before_memory_is_taken(
    make_slice: Make, tmp_path: Path, run_scan: Callable[..., Scan]
) -> None:
    path = make_slice("x/lies", np.zeros((4, 4), np.uint8))
    ds = pydicom.dcmread(path)
    ds.compress(RLELossless)
    ds.Rows = ds.Columns = 65535
    ds.NumberOfFrames = 1000
    ds.save_as(path)
    (refused,) = run_scan(tmp_path / "x").refused
    assert "65535" in refused.reason and "GiB" in refused.reason


def test_a_deflated_bomb_is_refused_before_it_is_unpacked(make_slice: Make) -> None:
    path = make_slice("bomb", np.zeros((4, 4), np.uint8), syntax=DeflatedExplicitVRLittleEndian)
    data = path.read_bytes()
    start = 144 + int.from_bytes(data[140:144], "little")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OB", 0, 200_000_000))
    body += b"".join(packer.compress(bytes(10_000_000)) for _ in range(20)) + packer.flush()
    path.write_bytes(data[:start] + body)
    with pytest.raises(EngineError, match="unpacks to more than 100 times"):
        read_image(dicom(path))

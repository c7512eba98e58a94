"""TIFF by its axes: slices, channels, times and samples are what the file says that they are, and no other file is opened."""

import os
import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow

from engine.errors import NotReadable
from engine.imaging.image import Image, Source
from engine.imaging.read import read_image, read_mask
from engine.imaging.scan import scan
from engine.progress import result_of

H, W = 12, 16
PLANE = (np.add.outer(np.arange(H) * 3, np.arange(W))).astype(np.uint8)
RGB = np.stack([PLANE, PLANE[::-1], PLANE[:, ::-1]], axis=-1)


def image_of(path: Path) -> Image:
    return read_image(Source((str(path),), "raster"))


def notes_of(path: Path) -> list[str]:
    return [note.text for note in image_of(path).notes]


@pytest.mark.parametrize("kind", ["imagej", "ome"])
def test_channels_of_bytes_are_colours_and_no_slices(tmp_path: Path, kind: str) -> None:
    channels = np.stack([PLANE, PLANE + 1, PLANE + 2])
    tifffile.imwrite(tmp_path / "a.tif", channels, metadata={"axes": "CYX"}, **{kind: True})  # type: ignore[arg-type]
    image = image_of(tmp_path / "a.tif")
    assert image.shape == (1, H, W) and image.color
    np.testing.assert_array_equal(image.pixels[0], np.moveaxis(channels, 0, -1))
    assert notes_of(tmp_path / "a.tif") == ["Its 3 channels are shown as red, green and blue."]


@pytest.mark.parametrize(("count", "kind"), [(2, np.uint16), (5, np.uint8)])
def test_of_other_channels_the_first_is_read_and_that_is_said(tmp_path: Path, count: int, kind: Any) -> None:
    channels = np.stack([PLANE.astype(kind) + n for n in range(count)])
    tifffile.imwrite(tmp_path / "a.ome.tif", channels, ome=True, metadata={"axes": "CYX"}, photometric="minisblack")
    image = image_of(tmp_path / "a.ome.tif")
    assert image.shape == (1, H, W) and image.pixels.dtype == kind
    np.testing.assert_array_equal(image.pixels[0], channels[0])
    assert notes_of(tmp_path / "a.ome.tif") == [f"Only the first of {count} channels was read."]


@pytest.mark.parametrize("axes", ["TZCYX", "TCZYX"])
def test_hyperstack_gives_the_slices_of_the_first_time_and_channel(tmp_path: Path, axes: str) -> None:
    sizes = {"T": 2, "Z": 5, "C": 4}
    stack = np.arange(40 * H * W, dtype=np.uint16).reshape([sizes[a] for a in axes[:3]] + [H, W])
    tifffile.imwrite(tmp_path / "a.ome.tif", stack, ome=True, metadata={"axes": axes}, photometric="minisblack")
    image = image_of(tmp_path / "a.ome.tif")
    first = stack[0, :, 0] if axes == "TZCYX" else stack[0, 0]
    np.testing.assert_array_equal(image.pixels, first)
    assert sorted(notes_of(tmp_path / "a.ome.tif")) == [
        "Only the first of 2 volumes was read.", "Only the first of 4 channels was read.",
    ]  # fmt: skip


def test_times_alone_are_slices_and_said(tmp_path: Path) -> None:
    film = np.stack([PLANE + n for n in range(4)])
    tifffile.imwrite(tmp_path / "a.tif", film, imagej=True, metadata={"axes": "TYX"})
    np.testing.assert_array_equal(image_of(tmp_path / "a.tif").pixels, film)
    assert notes_of(tmp_path / "a.tif") == ["Its 4 times were taken as slices."]


@pytest.mark.parametrize(("axes", "size", "whole"), [("ZYX", "Z", False), ("CYX", "C", False), ("TYX", "T", True)])
def test_pages_that_are_listed_and_not_there_are_never_black_slices(
    tmp_path: Path, axes: str, size: str, whole: bool
) -> None:
    """A description that lists 9 where 4 are there; of times the first is read, and it is there."""
    file = tmp_path / "a.ome.tif"
    stack = np.stack([PLANE + n for n in range(4)])
    tifffile.imwrite(file, stack, ome=True, metadata={"axes": axes}, photometric="minisblack")
    data = file.read_bytes()
    assert f'Size{size}="4"'.encode() in data
    file.write_bytes(data.replace(f'Size{size}="4"'.encode(), f'Size{size}="9"'.encode()))
    if whole:
        np.testing.assert_array_equal(image_of(file).pixels[0], PLANE)
    else:
        with pytest.raises(NotReadable, match="5 of the 9 pages that it lists are not in it"):
            image_of(file)


def _written(path: Path, numbers: NDArray[np.uint8], bits: int, photometric: int, *palette: int) -> Path:
    """As a program writes it that takes few bits; `palette` holds 16 bits a colour, all reds first."""
    each = (numbers[..., None] >> np.arange(bits - 1, -1, -1, dtype=np.uint8)) & 1
    packed = np.packbits(each.reshape(H, -1), axis=1).tobytes()
    entries = {
        256: numbers.shape[1],
        257: H,
        258: bits,
        259: 1,
        262: photometric,
        273: 0,
        277: 1,
        278: H,
        279: len(packed),
    }
    behind = 8 + 2 + 12 * (len(entries) + 1) + 4
    entries[273] = behind + 2 * len(palette)
    tags = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(entries.items())]
    tags += [struct.pack("<HHII", 320, 3, len(palette), behind) if palette else struct.pack("<HHII", 65000, 4, 1, 0)]
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + b"".join(tags) + struct.pack("<I", 0)
    path.write_bytes(head + struct.pack(f"<{len(palette)}H", *palette) + packed)
    return path


@pytest.mark.parametrize("white", [0, 1])
def test_a_palette_of_two_greys_is_of_one_bit(tmp_path: Path, white: int) -> None:
    numbers = np.resize(np.array([0, 1, 1, 0, 0], np.uint8), (H, 16))
    two = (65535, 0) if white == 0 else (0, 65535)
    path = _written(tmp_path / "a.tif", numbers, 1, 3, *two, *two, *two)
    np.testing.assert_array_equal(image_of(path).pixels[0], np.where(numbers == white, 255, 0))
    mask = read_mask(path)
    np.testing.assert_array_equal(mask.values[0], np.where(numbers == white, 255 if white == 0 else 1, 0))
    assert [note.text.startswith("Its colours were taken") for note in mask.notes] == [True] * (white == 0)


@pytest.mark.parametrize("white_is", [0, 1])
@pytest.mark.parametrize("bits", [2, 4])
def test_greys_of_few_bits_are_spread_in_an_image_and_numbers_in_a_mask(
    tmp_path: Path, bits: int, white_is: int
) -> None:
    numbers = np.resize(np.arange(2**bits, dtype=np.uint8), (H, 16))
    path = _written(tmp_path / "a.tif", numbers, bits, white_is)
    expected = numbers if white_is else 2**bits - 1 - numbers
    image = image_of(path)
    assert image.pixels.dtype == np.uint8
    np.testing.assert_array_equal(image.pixels[0], expected * (255 // (2**bits - 1)))
    np.testing.assert_array_equal(read_mask(path).values[0], expected)


def test_grey_with_alpha_stays_grey_and_says_what_is_gone(tmp_path: Path) -> None:
    pair = np.stack([PLANE, np.where(PLANE > 20, 255, 0).astype(np.uint8)], axis=-1)
    tifffile.imwrite(
        tmp_path / "a.tif", pair, photometric="minisblack", extrasamples=["unassalpha"], planarconfig="contig"
    )
    image = image_of(tmp_path / "a.tif")
    assert not image.color
    np.testing.assert_array_equal(image.pixels[0], PLANE)
    assert notes_of(tmp_path / "a.tif") == ["Its transparency was left out."]
    mask = read_mask(tmp_path / "a.tif")
    np.testing.assert_array_equal(mask.values[0], np.where(PLANE > 20, PLANE, 0))


def test_colours_of_decimal_numbers_are_no_black(tmp_path: Path) -> None:
    for name, stored in (("one", RGB.astype(np.float32) / 255), ("all", RGB.astype(np.float32))):
        tifffile.imwrite(tmp_path / f"{name}.tif", stored, photometric="rgb")
        np.testing.assert_array_equal(image_of(tmp_path / f"{name}.tif").pixels[0], RGB)
    tifffile.imwrite(tmp_path / "odd.tif", RGB.astype(np.float32) * 50, photometric="rgb")
    with pytest.raises(NotReadable, match=r"odd\.tif cannot be read: Its colours run from 0 to"):
        image_of(tmp_path / "odd.tif")


def test_planes_of_high_colour_stored_apart(tmp_path: Path) -> None:
    deep = np.moveaxis(RGB, -1, 0).astype(np.uint16) * 257
    tifffile.imwrite(tmp_path / "a.tif", deep, photometric="rgb", planarconfig="separate")
    np.testing.assert_array_equal(image_of(tmp_path / "a.tif").pixels[0], RGB)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_white_as_zero_is_turned_for_any_depth(tmp_path: Path, kind: Any) -> None:
    most = np.iinfo(kind).max
    tifffile.imwrite(tmp_path / "a.tif", most - PLANE.astype(kind), photometric="miniswhite")
    np.testing.assert_array_equal(image_of(tmp_path / "a.tif").pixels[0], PLANE)


def test_masks_by_channel_are_classes_and_of_several_times_refused(tmp_path: Path) -> None:
    one, two = np.zeros((2, H, W), np.uint8)
    one[2:4], two[6:9] = 1, 1
    tifffile.imwrite(tmp_path / "c.ome.tif", np.stack([one, two]), ome=True, metadata={"axes": "CYX"})
    mask = read_mask(tmp_path / "c.ome.tif")
    np.testing.assert_array_equal(mask.values[0], one + 2 * two)
    assert len(mask.notes) == 1
    both = np.stack([np.stack([one, two])] * 2)
    tifffile.imwrite(tmp_path / "t.tif", both, imagej=True, metadata={"axes": "TZYX"})
    with pytest.raises(NotReadable, match="masks of 2 times"):
        read_mask(tmp_path / "t.tif")


def test_sizes_of_ome_are_millimetres(tmp_path: Path) -> None:
    sizes = {"PhysicalSizeX": 0.5, "PhysicalSizeY": 250.0, "PhysicalSizeYUnit": "nm", "PhysicalSizeZ": 2.0}
    tifffile.imwrite(tmp_path / "a.ome.tif", np.stack([PLANE] * 3), ome=True, metadata={"axes": "ZYX", **sizes})
    geometry = image_of(tmp_path / "a.ome.tif").geometry
    assert geometry.calibrated and geometry.spacing == pytest.approx((0.002, 0.00025, 0.0005))


@pytest.mark.parametrize("axes", ["ZYX", "TYX"])
def test_slices_at_no_known_distance_have_no_millimetres(tmp_path: Path, axes: str) -> None:
    about = {"axes": axes, "PhysicalSizeX": 0.5, "PhysicalSizeY": 1.0}
    tifffile.imwrite(tmp_path / "a.ome.tif", np.stack([PLANE] * 3), metadata=about)
    geometry = image_of(tmp_path / "a.ome.tif").geometry
    assert not geometry.calibrated and geometry.spacing == pytest.approx((1.0, 2.0, 1.0))
    assert "The distance between the slices is not known: lengths are in pixels." in notes_of(tmp_path / "a.ome.tif")


def test_axes_that_nobody_named_are_volumes_of_which_the_first_is_read(tmp_path: Path) -> None:
    many = np.stack([np.stack([PLANE + k, PLANE + k + 1, PLANE + k + 2]) for k in range(2)])[None]
    many = np.concatenate([many, many + 9])
    tifffile.imwrite(tmp_path / "a.tif", many, photometric="minisblack")
    np.testing.assert_array_equal(image_of(tmp_path / "a.tif").pixels, many[0, 0])
    assert notes_of(tmp_path / "a.tif") == ["Only the first of 4 volumes was read."]


def test_a_mask_that_was_turned_over_is_said_to_be(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", PLANE > 20, photometric="miniswhite")
    mask = read_mask(tmp_path / "a.tif")
    np.testing.assert_array_equal(mask.values[0], PLANE <= 20)
    assert [note.text for note in mask.notes] == ["The file counts white as 0: its values were turned over."]


@pytest.mark.parametrize("kind", ["f4", "i2"])
def test_measurements_whose_white_is_low_keep_their_values(tmp_path: Path, kind: str) -> None:
    tifffile.imwrite(tmp_path / "a.tif", PLANE.astype(kind), photometric="miniswhite")
    image = image_of(tmp_path / "a.tif")
    assert image.inverted
    np.testing.assert_array_equal(image.pixels[0], PLANE)
    np.testing.assert_array_equal(read_mask(tmp_path / "a.tif").values[0], PLANE)
    tifffile.imwrite(tmp_path / "b.tif", PLANE, photometric="miniswhite")
    image = image_of(tmp_path / "b.tif")
    assert not image.inverted and np.array_equal(image.pixels[0], 255 - PLANE)


def test_a_single_plane_of_known_pixels_is_calibrated(tmp_path: Path) -> None:
    about = {"axes": "YX", "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.5}
    tifffile.imwrite(tmp_path / "a.ome.tif", PLANE, metadata=about)
    geometry = image_of(tmp_path / "a.ome.tif").geometry
    assert geometry.calibrated and geometry.spacing[1:] == pytest.approx((0.0005, 0.0005))
    assert notes_of(tmp_path / "a.ome.tif") == []


@pytest.mark.parametrize(
    ("unit", "size"), [("microns", 0.0005), ("\\u00B5m", 0.0005), ("Millimeter", 0.5), ("inch", 0)]
)
def test_sizes_of_imagej_are_millimetres_where_their_unit_is_known(tmp_path: Path, unit: str, size: float) -> None:
    tifffile.imwrite(tmp_path / "a.tif", PLANE, imagej=True, resolution=(2, 2), metadata={"unit": unit})
    geometry = image_of(tmp_path / "a.tif").geometry
    assert geometry.calibrated == bool(size)
    assert geometry.spacing[1:] == pytest.approx((size or 1,) * 2)


def _xml(files: list[str], own: int) -> bytes:
    data = "".join(
        f'<TiffData FirstZ="{z}" FirstC="0" FirstT="0" IFD="0" PlaneCount="1"><UUID FileName="{name}">urn:uuid:{z:036d}'
        "</UUID></TiffData>"
        for z, name in enumerate(files)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"'
        f' UUID="urn:uuid:{own:036d}"><Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8"'
        f' SizeX="{W}" SizeY="{H}" SizeZ="{len(files)}" SizeC="1" SizeT="1">'
        f'<Channel ID="Channel:0:0" SamplesPerPixel="1"/>{data}</Pixels></Image></OME>'
    ).encode()


def _set(folder: Path, names: list[str], *, without: tuple[str, ...] = ()) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for z, name in enumerate(names):
        if name not in without:
            tifffile.imwrite(folder / name, PLANE + z, description=_xml(names, z), metadata=None)


def test_an_ome_set_in_several_files_is_one_item(tmp_path: Path) -> None:
    names = ["b2.ome.tif", "a1.ome.tif", "c3.ome.tif"]  # the order is the description's, not that of the names
    _set(tmp_path / "set", names)
    (tmp_path / "set" / "other.tif").write_bytes(_bytes(PLANE[:5], tmp_path))
    found = {one.name: one for one in result_of(scan([tmp_path / "set"])).found}
    assert set(found) == {"a1", "other"} and found["a1"].shape == (3, H, W)
    np.testing.assert_array_equal(read_image(found["a1"].source).pixels, np.stack([PLANE, PLANE + 1, PLANE + 2]))


def _bytes(array: NDArray[Any], folder: Path) -> bytes:
    tifffile.imwrite(folder / "scratch.tif", array)
    return (folder / "scratch.tif").read_bytes()


def test_files_that_say_nothing_of_their_set_come_with_the_one_that_does(tmp_path: Path) -> None:
    names = ["z.ome.tif", "a.tif", "b.tif"]
    _set(tmp_path, names)
    for z, name in ((1, "a.tif"), (2, "b.tif")):
        tifffile.imwrite(tmp_path / name, PLANE + z, metadata=None)
    (one,) = result_of(scan([tmp_path])).found
    assert one.name == "z" and one.shape == (3, H, W)


def test_a_file_of_a_set_that_another_describes_says_so(tmp_path: Path) -> None:
    head = '<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">'
    text = f'{head}<BinaryOnly MetadataFile="s.companion.ome" UUID="urn:uuid:0"/></OME>'
    tifffile.imwrite(tmp_path / "z0.ome.tif", PLANE, metadata=None, description=text.encode())
    (said,) = notes_of(tmp_path / "z0.ome.tif")
    assert "s.companion.ome" in said


def test_files_of_a_set_that_are_not_there_are_said(tmp_path: Path) -> None:
    names = ["z0.ome.tif", "z1.ome.tif", "z2.ome.tif"]
    _set(tmp_path, names, without=("z1.ome.tif",))
    (one,) = result_of(scan([tmp_path])).found
    assert one.shape == (2, H, W)
    assert [note.text for note in one.notes] == ["1 of 3 slices were left out: their files are not there."]


@pytest.mark.parametrize("named", ["../private.tif", "private.tif", "/private.tif"])
def test_no_file_is_read_that_was_not_chosen(tmp_path: Path, named: str) -> None:
    (tmp_path / "given").mkdir()
    tifffile.imwrite(tmp_path / "private.tif", PLANE * 0 + 77)
    if named == "private.tif":  # beside it, but not chosen
        tifffile.imwrite(tmp_path / "given" / "private.tif", PLANE * 0 + 77)
    file = tmp_path / "given" / "a.ome.tif"
    tifffile.imwrite(file, PLANE, description=_xml(["a.ome.tif", named], 0), metadata=None)
    chosen = file if named == "private.tif" else file.parent
    (one,) = result_of(scan([chosen])).found
    image = read_image(one.source)
    assert image.shape == (1, H, W) and 77 not in image.pixels
    assert len(one.notes) == 1


def test_a_single_file_that_was_renamed_is_whole(tmp_path: Path) -> None:
    volume = np.stack([PLANE, PLANE + 1])
    tifffile.imwrite(tmp_path / "a.ome.tif", volume, ome=True, metadata={"axes": "ZYX"})
    os.rename(tmp_path / "a.ome.tif", tmp_path / "new name.tif")
    image = image_of(tmp_path / "new name.tif")
    np.testing.assert_array_equal(image.pixels, volume)
    assert image.notes == ()


@pytest.mark.parametrize("space", ["cielab", "ycbcr"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_colours_of_another_space_are_turned_and_said(tmp_path: Path, space: str, compression: str | None) -> None:
    colours = np.stack([PLANE + 100, 180 - PLANE, PLANE[::-1] // 2 + 60], axis=-1)
    if space == "cielab":
        lab = cv2.cvtColor(colours.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        stored = np.rint(np.dstack([lab[..., 0] * 2.55, lab[..., 1:]])).astype(np.int16).astype(np.uint8)
    else:
        stored = np.asarray(Pillow.fromarray(colours).convert("YCbCr"))
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric=space, compression=compression)
    found = image_of(tmp_path / "a.tif").pixels[0].astype(int)
    assert np.abs(found - colours).max() <= 6 and np.abs(found - stored).max() > 50
    name = {"cielab": "L*a*b*", "ycbcr": "YCbCr"}[space]
    assert notes_of(tmp_path / "a.tif") == [
        f"Its colours were stored as {name} and were turned into red, green and blue."
    ]


def test_a_file_without_pages_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"II*\0" + bytes(20))
    (refused,) = result_of(scan([tmp_path])).refused
    assert refused.reason.startswith("a.tif is damaged")


@pytest.mark.parametrize("pages", [np.stack([PLANE, PLANE + 1, PLANE + 2]), np.stack([RGB, RGB // 2])])
def test_pages_that_were_written_one_by_one_are_slices(tmp_path: Path, pages: NDArray[np.uint8]) -> None:
    for page in pages:
        tifffile.imwrite(tmp_path / "a.tif", page, append=True, photometric="rgb" if page.ndim == 3 else "minisblack")
    np.testing.assert_array_equal(image_of(tmp_path / "a.tif").pixels, pages)
    assert notes_of(tmp_path / "a.tif") == []


def test_a_mask_of_several_pictures_is_refused(tmp_path: Path) -> None:
    for kind in (np.uint8, np.uint16):  # which are no slices of one volume
        tifffile.imwrite(tmp_path / "a.tif", (PLANE > 20).astype(kind), append=True)
    with pytest.raises(NotReadable, match="2 pictures"):
        read_mask(tmp_path / "a.tif")


def test_a_small_preview_is_no_image(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(PLANE[::4, ::4], subfiletype=1, photometric="minisblack", metadata=None)
        file.write(PLANE, photometric="minisblack", metadata=None)
    np.testing.assert_array_equal(image_of(tmp_path / "a.tif").pixels[0], PLANE)
    np.testing.assert_array_equal(read_mask(tmp_path / "a.tif").values[0], PLANE)


def test_a_camera_s_raw_file_is_refused(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.dng") as file:
        file.write(RGB[::4, ::4], subfiletype=1, subifds=1, photometric="rgb", metadata=None)
        file.write(PLANE, photometric="cfa", metadata=None)
    with pytest.raises(NotReadable, match="raw file"):
        image_of(tmp_path / "a.dng")

"""What is seen of an image before all of it is read: which slice, where it lies, and that the whole is the same as without looking."""

import dataclasses
import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import nibabel as nib
import nrrd as library
import numpy as np
import pydicom
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless

from engine.errors import EngineError
from engine.imaging.geometry import display_flips
from engine.imaging.glimpse import Glimpse, GlimpseSchedule, SliceWish
from engine.imaging.image import Image, Source
from engine.imaging.read import opening, read_image
from engine.progress import Progress, Work, result_of

RNG = np.random.default_rng(3)
TURNED = np.array([[0, 2.0, 0, 5], [-3.0, 0, 0, 6], [0, 0, 4.0, 7], [0, 0, 0, 1]])


def watch(source: Source, wanted: int) -> tuple[list[Glimpse], list[Progress], Image]:
    """All that is told, in its order but for the kinds, and the image."""
    glimpses, steps, work = list[Glimpse](), list[Progress](), opening(source, wanted)
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            return glimpses, steps, end.value
        if isinstance(event, Glimpse):
            glimpses.append(event)
        elif isinstance(event, Progress):
            steps.append(event)


def check(source: Source, wanted: int) -> list[Glimpse]:
    """Every slice that is seen is the whole's, at the same place in the patient and hung the same way; nothing else differs by looking."""
    glimpses, steps, image = watch(source, wanted)
    plain = read_image(source)
    np.testing.assert_array_equal(image.pixels, plain.pixels)
    assert image.pixels.dtype == plain.pixels.dtype
    assert (image.window, image.notes, image.unit) == (plain.window, plain.notes, plain.unit)
    for glimpse in glimpses:
        seen = glimpse.image
        assert seen.pixels.shape[:3] == seen.shape == (1, *image.shape[1:]) and glimpse.count == image.shape[0]
        np.testing.assert_array_equal(seen.pixels[0], image.pixels[glimpse.index])
        np.testing.assert_allclose(
            seen.geometry.affine @ [0, 1, 2, 1], image.geometry.affine @ [glimpse.index, 1, 2, 1], atol=1e-9
        )
        assert display_flips(seen.geometry) == display_flips(image.geometry)
    assert all(0 <= step.done <= step.total for step in steps)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    return glimpses


def volume(shape: tuple[int, int, int], kind: str = "<i2") -> NDArray[Any]:
    """Values that differ from slice to slice, so that no slice is taken for another."""
    z, y, x = shape
    return (np.arange(z)[:, None, None] * 7 + RNG.integers(0, 60, (1, y, x))).astype(kind)


def nifti(path: Path, values: NDArray[Any], slope: float = 1.0, inter: float = 0.0) -> Source:
    """`values` are (z, y, x)."""
    image = nib.Nifti1Image(values.T, TURNED)
    image.header.set_slope_inter(1.0, 0.0)
    raw = bytearray(image.to_bytes())
    raw[112:120] = np.array([slope, inter], "<f4").tobytes()  # scl_slope, scl_inter
    path.write_bytes(gzip.compress(bytes(raw), 1) if path.suffix == ".gz" else bytes(raw))
    return Source((str(path),), "nifti")


def test_which_slices_of_a_stream_are_worth_a_look() -> None:
    schedule = GlimpseSchedule(100, SliceWish(48))
    seen = [number for complete in range(101) if (number := schedule.due(complete)) is not None]
    assert seen == [*range(0, 49, 3)]
    schedule = GlimpseSchedule(100, SliceWish(48))
    assert [schedule.due(n) for n in (0, 30, 31, 60, 100)] == [None, 29, None, 48, None]  # many at once
    assert GlimpseSchedule(3, SliceWish(99)).due(3) == 2 and GlimpseSchedule(3, SliceWish(-5)).due(3) == 0


def test_a_slice_that_is_there_is_shown_as_soon_as_it_is_wished_for() -> None:
    wish = SliceWish(48)
    schedule = GlimpseSchedule(100, wish)
    assert [schedule.due(n) for n in (10, 40)] == [9, 39]
    wish.number = 5
    assert [schedule.due(n) for n in (41, 42)] == [5, None]
    wish.number = 90
    assert [schedule.due(n) for n in (43, 44, 60, 91)] == [42, None, 59, 90]  # as far as it is there, then it
    wish.number = 1000
    assert [schedule.due(n) for n in (92, 100)] == [None, 99]


def test_what_is_wished_for_on_the_way_comes_next(
    tmp_path: Path, make_series: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    values = volume((12, 6, 5))
    monkeypatch.setattr("engine.imaging.nifti._PIECE", values[0].nbytes)  # slice by slice
    plain, pages = nifti(tmp_path / "a.nii", values), tmp_path / "a.tif"
    tifffile.imwrite(pages, values.astype(np.uint16), photometric="minisblack", compression="zlib")
    native = Source(tuple(map(str, make_series(list(range(12))))), "dicom")
    for source in (plain, native, Source((str(pages),), "raster")):
        wish = SliceWish(3)
        work = opening(source, wish)
        assert seen_next(work).index == 3
        for number in (11, 0, 7):  # from anywhere: what is read by then does not matter
            wish.number = number
            assert seen_next(work).index == number
        wish.number = 99  # as far as there are some
        assert seen_next(work).index == 11
        np.testing.assert_array_equal(result_of(work).pixels, read_image(source).pixels)


def test_of_a_stream_what_is_wished_for_comes_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = volume((12, 6, 5))
    monkeypatch.setattr("engine.imaging.nifti._PIECE", values[0].nbytes)
    source, wish = nifti(tmp_path / "a.nii.gz", values), SliceWish(3)
    image, work = read_image(source), opening(source, wish)
    seen = [seen_next(work).index for _ in range(4)]
    assert seen == [0, 1, 2, 3]
    wish.number = 1
    assert seen_next(work).index == 1  # was read before
    wish.number = 9
    glimpses = [seen_next(work) for _ in range(5)]
    assert [glimpse.index for glimpse in glimpses] == [5, 6, 7, 8, 9]
    for glimpse in glimpses:
        np.testing.assert_array_equal(glimpse.image.pixels[0], image.pixels[glimpse.index])
    np.testing.assert_array_equal(result_of(work).pixels, image.pixels)


def seen_next(work: Work[Image]) -> Glimpse:
    return next(event for event in work if isinstance(event, Glimpse))


@pytest.mark.parametrize("kind", ["<i2", ">i2", "u1", "<f4", "<i4", "<f8"])
def test_plain_nifti_shows_the_wanted_slice_before_it_reads(tmp_path: Path, kind: str) -> None:
    values = volume((20, 6, 5), kind)
    source = nifti(tmp_path / "a.nii", values)
    (seen,) = check(source, 13)
    assert seen.index == 13
    assert isinstance(next(opening(source, 13)), Glimpse)


@pytest.mark.parametrize(("slope", "inter"), [(2.0, -100.0), (0.5, 0.25)])
def test_scaled_values_are_seen_scaled(tmp_path: Path, slope: float, inter: float) -> None:
    for name in ("a.nii", "a.nii.gz"):
        (seen,) = check(nifti(tmp_path / name, volume((9, 6, 5)), slope, inter), 4)
        assert seen.image.pixels[0].max() > 60 * slope * 0.5 + inter


def test_colour_nifti_is_seen_in_colour(tmp_path: Path) -> None:
    values = np.zeros((4, 6, 5), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    values["R"], values["B"] = volume((4, 6, 5), "u1"), 9
    (seen,) = check(nifti(tmp_path / "a.nii.gz", values), 2)
    assert seen.image.color


def test_packed_nifti_shows_slices_on_the_way_to_the_wanted_one(tmp_path: Path) -> None:
    values = volume((40, 512, 512))  # more than is unpacked at once
    glimpses = check(nifti(tmp_path / "a.nii.gz", values), 30)
    numbers = [glimpse.index for glimpse in glimpses]
    assert numbers == sorted(set(numbers)) and numbers[0] < 15 and numbers[-1] == 30
    before = watch(nifti(tmp_path / "a.nii.gz", values), 30)[1]
    assert before[-1].done == before[-1].total == values.nbytes


def test_a_window_comes_from_all_that_was_read_by_then(tmp_path: Path) -> None:
    values = np.zeros((40, 512, 512), np.int16)
    values[:, ::2] = 1000
    values[30] = 7  # the wanted slice alone would say nothing about the range
    glimpses, _, image = watch(nifti(tmp_path / "a.nii.gz", values), 30)
    assert glimpses[-1].image.window == image.window


def test_the_window_of_a_ct_comes_from_the_body_alone(tmp_path: Path) -> None:
    values = np.full((40, 512, 512), -1000, np.int16)
    values[:, 200:400] = RNG.integers(-50, 250, (1, 200, 512))
    for name in ("a.nii", "a.nii.gz"):
        source = dataclasses.replace(nifti(tmp_path / name, values), modality="CT")
        glimpses, _, image = watch(source, 30)
        assert image.unit == glimpses[0].image.unit == "HU" and image.window.low > -100
        assert glimpses[-1].image.window.low == pytest.approx(image.window.low, abs=3)


def test_a_picture_and_a_vector_are_read_without_a_look(tmp_path: Path) -> None:
    assert check(nifti(tmp_path / "a.nii", volume((1, 6, 5))), 0) == []
    vector = nib.Nifti1Image(np.zeros((5, 6, 4, 1, 3), np.uint8), np.eye(4))
    vector.header.set_intent("vector")
    nib.save(vector, tmp_path / "v.nii")
    glimpses, _, image = watch(Source((str(tmp_path / "v.nii"),), "nifti"), 2)
    assert glimpses == [] and image.color


def test_a_stream_that_breaks_is_seen_up_to_there_and_named(tmp_path: Path) -> None:
    source = nifti(tmp_path / "broken.nii.gz", volume((40, 512, 512)))
    packed = bytearray(Path(source.files[0]).read_bytes())
    packed[len(packed) // 2 :] = bytes(len(packed) - len(packed) // 2)
    Path(source.files[0]).write_bytes(packed)
    events, seen = opening(source, 39), list[object]()
    with pytest.raises(EngineError, match=r"broken\.nii\.gz is damaged or cut short"):
        seen.extend(events)  # what came before the fault stays
    assert any(isinstance(event, Glimpse) for event in seen)


def test_what_is_given_up_on_the_way_lets_go_of_its_file(tmp_path: Path) -> None:
    source = nifti(tmp_path / "a.nii.gz", volume((40, 512, 512)))
    work = opening(source, 20)
    assert next(work) is not None
    work.close()  # an open file would be a ResourceWarning, which the suite refuses
    assert list(work) == []


@pytest.mark.parametrize("encoding", ["raw", "gzip", "bzip2"])
def test_nrrd_shows_slices_on_the_way(tmp_path: Path, encoding: str) -> None:
    values = volume((24, 512, 512)).T
    header = {"space": "left-posterior-superior", "space directions": np.diag([0.5, 0.5, 2.0]), "encoding": encoding}
    library.write(str(tmp_path / "a.nrrd"), values, header, compression_level=1)
    numbers = [glimpse.index for glimpse in check(Source((str(tmp_path / "a.nrrd"),), "nrrd"), 20)]
    assert numbers == sorted(set(numbers)) and numbers[0] < 10 and numbers[-1] == 20


def test_nrrd_in_another_order_is_read_without_a_look(tmp_path: Path) -> None:
    colours = RNG.integers(0, 255, (3, 8, 6, 5)).astype(np.uint8)
    library.write(str(tmp_path / "a.nrrd"), colours, {"kinds": ["RGB-color", "domain", "domain", "domain"]})
    assert check(Source((str(tmp_path / "a.nrrd"),), "nrrd"), 2) == []


def test_of_several_nrrd_volumes_the_first_is_seen(tmp_path: Path) -> None:
    values = RNG.integers(0, 99, (5, 4, 6, 2)).astype(np.int16)
    library.write(str(tmp_path / "a.nrrd"), values, {"kinds": ["domain", "domain", "domain", "list"]})
    (seen,) = check(Source((str(tmp_path / "a.nrrd"),), "nrrd"), 3)
    assert seen.index == 3


def test_dicom_shows_its_slice_before_the_others_are_read(make_series: Callable[..., list[Path]]) -> None:
    paths = make_series([0, 2, 4, 6, 8], RescaleSlope=2, RescaleIntercept=-10)
    source = Source(tuple(map(str, paths)), "dicom")
    (seen,) = check(source, 3)
    assert seen.index == 3
    paths[0].write_bytes(b"no image")
    work = opening(Source(tuple(map(str, paths)), "dicom"), 3)
    event = next(work)
    assert isinstance(event, Glimpse) and event.image.pixels[0, 3, 3] == -4
    with pytest.raises(EngineError, match=paths[0].name):
        list(work)


def test_dicom_window_is_that_of_the_middle(make_slice: Callable[..., Path]) -> None:
    paths = [
        make_slice(f"{k}", np.full((6, 8), k, np.int16), (0, 0, k), WindowCenter=k, WindowWidth=10 + k)
        for k in range(5)
    ]
    glimpses, _, image = watch(Source(tuple(map(str, paths)), "dicom"), 4)
    assert glimpses[0].image.window == image.window and image.window.center == 2


def test_frames_of_one_dicom_file(make_slice: Callable[..., Path]) -> None:
    frames = volume((5, 6, 8))
    path = make_slice("frames", frames, NumberOfFrames=5)
    (seen,) = check(Source((str(path),), "dicom"), 1)
    assert seen.index == 1


@pytest.mark.parametrize("packed", [False, True])
def test_another_frame_may_be_wished_for_while_a_dicom_file_is_read(
    make_slice: Callable[..., Path], packed: bool
) -> None:
    frames = volume((40, 6, 8))
    path = make_slice("frames", frames, NumberOfFrames=40)
    if packed:
        pack(path, frames)
    wish, source = SliceWish(7), Source((str(path),), "dicom")
    work = opening(source, wish)
    first = seen_next(work)
    assert isinstance(next(work), Progress)
    wish.number = 30
    second = seen_next(work)
    assert (first.index, second.index) == (7, 30)
    np.testing.assert_array_equal(second.image.pixels[0], frames[30])
    np.testing.assert_array_equal(result_of(work).pixels, frames)


def pack(path: Path, frames: NDArray[Any]) -> None:
    """The DICOM file as JPEG 2000."""
    dataset = pydicom.dcmread(path)
    encoded = [bytes(imagecodecs.jpeg2k_encode(one, level=0, reversible=True, codecformat="J2K")) for one in frames]
    dataset.PixelData = encapsulate(encoded)
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
    dataset.save_as(path)


def test_packed_dicom_that_is_given_up_stops(make_series: Callable[..., list[Path]]) -> None:
    paths = make_series(list(range(12)))
    for path in paths:
        pack(path, pydicom.dcmread(path).pixel_array[None])
    source = Source(tuple(map(str, paths)), "dicom")
    (seen,) = check(source, 7)
    assert seen.index == 7
    work = opening(source, 7)
    assert isinstance(next(work), Glimpse) and isinstance(next(work), Progress)
    work.close()


def picture(color: bool = False) -> NDArray[np.uint8]:
    """4100 x 4200, smooth enough to be packed quickly."""
    across = (np.arange(4200) // 20).astype(np.uint8)
    plane = np.add.outer((np.arange(4100) // 50).astype(np.uint8), across)
    return np.stack([plane, plane[::-1], plane[:, ::-1]], axis=-1) if color else plane


def overviews(path: Path) -> tuple[list[Glimpse], Image]:
    """The same pixels as without looking; each overview is the whole, so many times smaller."""
    source = Source((str(path),), "raster")
    glimpses, steps, image = watch(source, 0)
    plain = read_image(source)
    np.testing.assert_array_equal(image.pixels, plain.pixels)
    assert (image.notes, image.window) == (plain.notes, plain.window)
    for glimpse in glimpses:
        assert (glimpse.index, glimpse.count) == (0, 1) and glimpse.scale > 1
        down, across = (size * glimpse.scale for size in glimpse.image.shape[1:])
        assert abs(down - image.shape[1]) < 2 * glimpse.scale and abs(across - image.shape[2]) < 2 * glimpse.scale
        assert max(glimpse.image.shape) <= 2500
    assert all(step.done <= step.total for step in steps)
    return glimpses, image


@pytest.mark.parametrize("layout", [{"tile": (512, 512)}, {"rowsperstrip": 64}])
@pytest.mark.parametrize("color", [False, True])
def test_large_tiff_shows_an_overview_that_fills_up(tmp_path: Path, layout: dict[str, Any], color: bool) -> None:
    pixels = picture(color)
    how: dict[str, Any] = {"photometric": "rgb" if color else "minisblack", "compression": "zlib", **layout}
    tifffile.imwrite(tmp_path / "a.tif", pixels, **how)
    glimpses, _ = overviews(tmp_path / "a.tif")
    assert len(glimpses) > 5
    first, last = (glimpse.image.pixels[0] for glimpse in (glimpses[0], glimpses[-1]))
    small = pixels[::3, ::3]
    assert last.shape == small.shape
    assert 0 < np.mean(first == small) < np.mean(last == small) > 0.9  # what is not there is black


def test_the_grey_range_of_an_overview_is_of_what_is_there(tmp_path: Path) -> None:
    pixels = picture().astype(np.uint16) + 5000
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="minisblack", compression="zlib", rowsperstrip=64)
    glimpses, image = overviews(tmp_path / "a.tif")
    assert all(glimpse.image.window.low > 4900 for glimpse in glimpses[1:])
    assert glimpses[-1].image.window.width == pytest.approx(image.window.width, rel=0.1)


def test_white_is_zero_and_turned_overviews_are_as_the_whole(tmp_path: Path) -> None:
    orientation = [(274, "H", 1, 6, True)]  # rows run to the left
    how: dict[str, Any] = {"photometric": "miniswhite", "compression": "zlib", "rowsperstrip": 64}
    tifffile.imwrite(tmp_path / "a.tif", picture(), extratags=orientation, **how)
    glimpses, image = overviews(tmp_path / "a.tif")
    assert image.shape == (1, 4200, 4100)
    assert glimpses[-1].image.shape == (1, 1400, 1367)
    there = glimpses[-1].image.pixels[0, :, -400:]  # the rows that came first, turned to the right
    np.testing.assert_array_equal(there, image.pixels[0, ::3, ::-1][:, ::3][:, ::-1][:, -400:])


def test_overview_of_a_pyramid_is_its_level(tmp_path: Path) -> None:
    pixels = picture()
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        how: dict[str, Any] = {"photometric": "minisblack", "tile": (256, 256), "compression": "zlib"}
        file.write(pixels, subifds=2, **how)
        file.write(pixels[::2, ::2], subfiletype=1, **how)
        file.write(pixels[::4, ::4] // 2, subfiletype=1, **how)  # told from the whole by its values
    glimpses, image = overviews(tmp_path / "a.tif")
    assert len(glimpses) == 1 and glimpses[0].scale == pytest.approx(4, abs=0.01)
    np.testing.assert_array_equal(glimpses[0].image.pixels[0], pixels[::4, ::4] // 2)
    np.testing.assert_array_equal(image.pixels[0], pixels)


def test_planes_of_colours_are_no_slices_to_look_at(tmp_path: Path) -> None:
    planes = np.stack([picture()[:40, :50] // share for share in (1, 2, 3)])
    tifffile.imwrite(tmp_path / "a.tif", planes, photometric="rgb", planarconfig="separate")
    glimpses, _, image = watch(Source((str(tmp_path / "a.tif"),), "raster"), 0)
    assert glimpses == [] and image.color


def test_plain_large_tiff_is_looked_at_where_it_lies(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", picture(), photometric="minisblack")
    glimpses, _ = overviews(tmp_path / "a.tif")
    np.testing.assert_array_equal(glimpses[0].image.pixels[0], picture()[::3, ::3])


@pytest.mark.parametrize("kind", ["grey", "grey with alpha", "colours", "colours with alpha", "deep", "deep colours"])
def test_large_png_shows_an_overview_that_fills_up(tmp_path: Path, kind: str) -> None:
    pixels: NDArray[Any] = picture(kind.startswith(("colours", "deep c")))
    if kind.startswith("deep"):
        pixels = pixels.astype(np.uint16) * 200 + 5000
    alpha = np.full((4100, 4200, 1), 255, np.uint8)
    stored = np.concatenate([np.atleast_3d(pixels), alpha], axis=-1) if "alpha" in kind else pixels
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(stored, level=1))
    glimpses, image = overviews(tmp_path / "a.png")
    if kind != "deep colours":
        np.testing.assert_array_equal(image.pixels[0], pixels)
    assert len(glimpses) > 5
    small = image.pixels[0, ::3, ::3]
    first, last = (glimpse.image.pixels[0] for glimpse in (glimpses[0], glimpses[-1]))
    assert 0 < np.mean(first == small) < np.mean(last == small) > 0.9  # what is not there is black
    if kind == "deep":
        assert glimpses[-1].image.window.width == pytest.approx(image.window.width, rel=0.1)


def test_png_with_a_palette_or_woven_rows_is_read_whole(tmp_path: Path) -> None:
    plain = Pillow.fromarray(picture())
    plain.quantize(8).save(tmp_path / "palette.png", compress_level=1)
    plain.convert("1").save(tmp_path / "bits.png", compress_level=1)
    plain.save(tmp_path / "transparent.png", transparency=3, compress_level=1)
    for name in ("palette", "bits", "transparent"):
        assert not overviews(tmp_path / f"{name}.png")[0], name


def test_a_large_png_is_turned_and_so_are_its_overviews(tmp_path: Path) -> None:
    turned = Pillow.Exif()
    turned[0x0112] = 6  # rows run to the left
    Pillow.fromarray(picture()).save(tmp_path / "a.png", exif=turned, compress_level=1)
    glimpses, image = overviews(tmp_path / "a.png")
    np.testing.assert_array_equal(image.pixels[0], picture()[::-1].T)
    there = glimpses[-1].image.pixels[0, :, -400:]  # the rows that came first, turned to the right
    np.testing.assert_array_equal(there, image.pixels[0, ::3, ::-1][:, ::3][:, ::-1][:, -400:])


def test_a_large_png_that_breaks_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "torn.png"
    whole = imagecodecs.png_encode(picture(), level=1)
    start, packed = whole.index(b"IDAT"), bytearray(whole)
    packed[start + len(whole) // 2] ^= 255  # its checksum made right again: the packed rows themselves are damaged
    size = int.from_bytes(packed[start - 4 : start], "big")
    packed[start + 4 + size : start + 8 + size] = zlib.crc32(packed[start : start + 4 + size]).to_bytes(4, "big")
    for content in (bytes(packed), whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(EngineError, match=r"torn\.png"):
            overviews(path)


def test_a_large_png_that_is_given_up_stops(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(picture(), level=1))
    work = opening(Source((str(tmp_path / "a.png"),), "raster"), 0)
    seen_next(work)
    work.close()


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_large_jpeg_shows_an_overview(tmp_path: Path, mode: str) -> None:
    turned = Pillow.Exif()
    turned[0x0112] = 6
    Pillow.fromarray(picture(color=True)).convert(mode).save(tmp_path / "a.jpg", exif=turned)
    (glimpse,), image = overviews(tmp_path / "a.jpg")
    assert glimpse.scale == 2
    small, whole = glimpse.image.pixels[0].astype(int), image.pixels[0, ::2, ::2].astype(int)
    assert small.shape == whole.shape and np.abs(small - whole).mean() < 3


def test_a_picture_that_is_soon_read_has_no_overview(tmp_path: Path) -> None:
    part = picture()[:2000]
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(part, level=1))
    Pillow.fromarray(part).save(tmp_path / "a.jpg")
    for name in ("a.png", "a.jpg"):
        assert not overviews(tmp_path / name)[0]


def test_a_large_tiff_that_breaks_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "torn.tif"
    tifffile.imwrite(path, picture(), photometric="minisblack", compression="zlib", rowsperstrip=64)
    with tifffile.TiffFile(path) as file:
        offset = file.pages[0].dataoffsets[40]
    data = bytearray(path.read_bytes())
    data[offset : offset + 20] = bytes(20)
    path.write_bytes(data)
    seen, work = list[object](), opening(Source((str(path),), "raster"), 0)
    with pytest.raises(EngineError, match=r"torn\.tif"):
        seen.extend(work)
    assert any(isinstance(event, Glimpse) for event in seen)


@pytest.mark.parametrize("how", [{"compression": "zlib"}, {}, {"imagej": True}, {"ome": True}])
def test_of_many_pages_the_wanted_one_is_seen_first(tmp_path: Path, how: dict[str, Any]) -> None:
    axes: dict[str, Any] = {} if how.get("compression") else {"metadata": {"axes": "ZYX"}}
    path = tmp_path / ("a.ome.tif" if how.get("ome") else "a.tif")
    tifffile.imwrite(path, volume((7, 30, 20), "u2"), photometric="minisblack", **how, **axes)
    source = Source((str(path),), "raster")
    (seen,) = check(source, 5)
    assert seen.index == 5 and isinstance(next(opening(source, 5)), Glimpse)


def test_channels_and_small_pictures_are_read_without_a_look(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "c.tif", volume((3, 30, 20), "u1"), imagej=True, metadata={"axes": "CYX"})
    assert check(Source((str(tmp_path / "c.tif"),), "raster"), 0) == []
    tifffile.imwrite(tmp_path / "s.tif", volume((1, 30, 20), "u1")[0])
    assert check(Source((str(tmp_path / "s.tif"),), "raster"), 0) == []

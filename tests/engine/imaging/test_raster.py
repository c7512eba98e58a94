import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from engine.errors import EngineError, NotReadable
from engine.imaging.image import Image, Source
from engine.imaging.read import read_image, read_labels, read_mask

LABELS = np.array([[0, 1, 2], [3, 0, 1]], np.uint8).repeat(4, 0).repeat(4, 1)
COLOURS = np.random.default_rng(0).integers(0, 255, (8, 12, 3), np.uint8)


def image_of(path: Path) -> Image:
    return read_image(Source((str(path),), "raster"))


def png(path: Path, array: NDArray[Any]) -> Path:
    done, data = cv2.imencode(".png", array[..., ::-1] if array.ndim == 3 else array)
    assert done
    path.write_bytes(data.tobytes())
    return path


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def raw_png(width: int, height: int, bits: int, kind: int, rows: bytes, *extra: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("array", [LABELS, LABELS.astype(np.uint16) * 10000, COLOURS], ids=["8", "16", "rgb"])
def test_png_and_tiff_give_what_was_stored(tmp_path: Path, array: NDArray[Any]) -> None:
    tifffile.imwrite(tmp_path / "a.tif", array, photometric="rgb" if array.ndim == 3 else "minisblack")
    for path in (png(tmp_path / "a.png", array), tmp_path / "a.tif"):
        image = image_of(path)
        assert image.pixels.dtype == array.dtype and image.shape == (1, 8, 12) and image.color == (array.ndim == 3)
        np.testing.assert_array_equal(image.pixels[0], array)
        assert not image.geometry.calibrated and not image.geometry.patient_based


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_masks_of_16_bits_a_colour_lose_no_class(tmp_path: Path, ending: str) -> None:
    def stored(colours: NDArray[Any]) -> Path:
        path = tmp_path / f"m.{ending}"
        if ending == "png":
            return png(path, colours.astype(np.uint16))
        tifffile.imwrite(path, colours.astype(np.uint16), photometric="rgb")
        return path

    alike = np.repeat(LABELS[..., None], 3, axis=-1)
    mask = read_mask(stored(alike))
    assert not mask.colored
    np.testing.assert_array_equal(mask.values[0], LABELS)
    assert read_mask(stored(alike.astype(np.uint16) * [257, 0, 0])).colored
    with pytest.raises(NotReadable, match="closer together than 8 bits can tell"):
        read_mask(stored(alike * [1, 0, 0]))


@pytest.mark.parametrize("ending", ["bmp", "webp", "jpg", "gif"])
def test_other_pictures_open_too(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    Pillow.fromarray(LABELS * 80).save(path, lossless=True)
    pixels = image_of(path).pixels[0]
    pixels = pixels[..., 0] if pixels.ndim == 3 else pixels  # WebP knows no grey
    assert np.abs(pixels.astype(int) - LABELS.astype(int) * 80).max() <= (20 if ending == "jpg" else 0)


def test_palette_is_colour_in_an_image_and_its_numbers_in_a_mask(tmp_path: Path) -> None:
    picture = Pillow.fromarray(LABELS).convert("P")
    picture.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0])
    for name in ("a.png", "a.bmp", "a.gif", "a.tif"):
        picture.save(tmp_path / name)
        assert image_of(tmp_path / name).pixels[0, 4, 0].tolist() == [128, 128, 0]
        np.testing.assert_array_equal(read_labels(tmp_path / name)[0][0], LABELS)
    picture.putpalette([0, 0, 0, 50, 50, 50, 99, 99, 99, 200, 200, 200])
    picture.save(tmp_path / "grey.png")
    assert image_of(tmp_path / "grey.png").pixels[0, 4, 0] == 200


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tif"])
def test_one_bit_is_white_in_an_image_and_one_in_a_mask(tmp_path: Path, name: str) -> None:
    Pillow.fromarray(LABELS > 1).convert("1").save(tmp_path / name)
    assert set(np.unique(image_of(tmp_path / name).pixels)) == {0, 255}
    np.testing.assert_array_equal(read_labels(tmp_path / name)[0][0], LABELS > 1)


@pytest.mark.parametrize(("bits", "row"), [(2, b"\0\x1b"), (4, b"\0\x01\x23")])
def test_two_and_four_bits_keep_their_numbers_in_a_mask(tmp_path: Path, bits: int, row: bytes) -> None:
    (tmp_path / "a.png").write_bytes(raw_png(4, 2, bits, 0, row * 2))
    np.testing.assert_array_equal(read_labels(tmp_path / "a.png")[0][0], [[0, 1, 2, 3]] * 2)


def test_alpha_is_dropped_and_grey_stays_grey(tmp_path: Path) -> None:
    alpha = np.full((8, 12), 7, np.uint8)
    Pillow.fromarray(np.dstack([COLOURS, alpha])).save(tmp_path / "rgba.png")
    Pillow.fromarray(np.dstack([LABELS, alpha])).save(tmp_path / "la.png")
    Pillow.fromarray(LABELS).save(tmp_path / "trns.png", transparency=0)
    np.testing.assert_array_equal(image_of(tmp_path / "rgba.png").pixels[0], COLOURS)
    for name in ("la.png", "trns.png"):
        np.testing.assert_array_equal(image_of(tmp_path / name).pixels[0], LABELS)
        np.testing.assert_array_equal(read_labels(tmp_path / name)[0][0], LABELS)


def test_deep_colour_is_narrowed_and_said(tmp_path: Path) -> None:
    deep = COLOURS.astype(np.uint16) * 257
    tifffile.imwrite(tmp_path / "a.tif", deep, photometric="rgb")
    for path in (png(tmp_path / "a.png", deep), tmp_path / "a.tif"):
        image = image_of(path)
        np.testing.assert_array_equal(image.pixels[0], COLOURS)
        assert [str(n) for n in image.notes] == ["Colour of 16 bits was narrowed to 8."]


def test_ink_becomes_light(tmp_path: Path) -> None:
    plain = Pillow.fromarray(np.full((8, 8, 3), 200, np.uint8))
    for name in ("a.jpg", "a.tif"):
        plain.convert("CMYK").save(tmp_path / name)
        image = image_of(tmp_path / name)
        assert image.color and np.abs(image.pixels.astype(int) - 200).max() <= 2
        assert ["CMYK" in n.text for n in image.notes] == [True]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_rotation_is_applied_alike_to_image_and_mask(tmp_path: Path, orientation: int) -> None:
    from PIL import ImageOps

    picture = Pillow.fromarray(LABELS)
    about = picture.getexif()
    about[0x0112] = orientation
    picture.save(tmp_path / "a.png", exif=about)
    tifffile.imwrite(tmp_path / "a.tif", LABELS, extratags=[(274, "H", 1, orientation, True)])
    with Pillow.open(tmp_path / "a.png") as opened:
        upright = np.asarray(ImageOps.exif_transpose(opened))
    for name in ("a.png", "a.tif"):
        image = image_of(tmp_path / name)
        np.testing.assert_array_equal(image.pixels[0], upright)
        assert [note.text.startswith("It was turned upright") for note in image.notes] == [True] * (orientation > 1)
        np.testing.assert_array_equal(read_labels(tmp_path / name)[0][0], upright)


def test_equal_channels_are_a_mask_and_colours_are_numbers(tmp_path: Path) -> None:
    grey = png(tmp_path / "grey.png", np.repeat(LABELS[..., None], 3, axis=2))
    np.testing.assert_array_equal(read_labels(grey)[0][0], LABELS)
    table = np.array([[0, 0, 0], [255, 0, 0], [0, 255, 0], [1, 2, 3]], np.uint8)
    values, geometry = read_labels(png(tmp_path / "colour.png", table[LABELS]))
    assert geometry is None and values.dtype == np.int32
    assert [int(v) for v in np.unique(values)] == [0, 0x00FF00, 0x010203, 0xFF0000]
    with pytest.raises(NotReadable, match="more than 64 colours"):
        read_labels(png(tmp_path / "photo.png", COLOURS))


def test_damaged_png_is_refused_however_it_was_damaged(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    whole = png(tmp_path / "a.png", np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)).read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 255
    palette = chunk(b"PLTE", bytes(range(30)))
    damaged = {
        "cut": whole[: len(whole) // 2],
        "no end": whole[:-12],
        "flipped": bytes(flipped),
        "half the rows": raw_png(20, 20, 8, 0, (b"\0" + b"\7" * 20) * 10),
        "half the rows of a palette": raw_png(20, 20, 8, 3, (b"\0" + b"\7" * 20) * 10, palette),
        "header alone": whole[:20],
        "no width": raw_png(0, 20, 8, 0, b""),
    }
    for name, content in damaged.items():
        path = tmp_path / f"{name}.png"
        path.write_bytes(content)
        for read in (image_of, read_labels):
            with pytest.raises(EngineError, match=f"^{name}.png is damaged"):
                read(path)
        # libpng prints to the terminal what we say ourselves
        assert capfd.readouterr().err == "" or "half" in name


def test_cut_jpeg_bmp_and_tiff_are_refused(tmp_path: Path) -> None:
    noise = Pillow.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8))
    for name in ("a.jpg", "a.bmp", "a.tif", "a.webp"):
        noise.save(tmp_path / name)
        content = (tmp_path / name).read_bytes()
        for size in (len(content) // 2, len(content) - 200, 40):
            (tmp_path / name).write_bytes(content[:size])
            with pytest.raises(NotReadable, match=name):
                image_of(tmp_path / name)


def test_bomb_is_refused_with_its_size_before_it_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "bomb.png").write_bytes(raw_png(60000, 60000, 16, 6, bytes(1_000_000)))
    with pytest.raises(EngineError, match=r"bomb.png claims a size of 60000 × 60000 × 4, which takes 26.8 GiB"):
        image_of(tmp_path / "bomb.png")
    buffer = io.BytesIO()
    Pillow.fromarray(LABELS).save(buffer, "BMP")
    lying = bytearray(buffer.getvalue())
    lying[18:26] = struct.pack("<ii", 2_000_000, 2_000_000)
    (tmp_path / "bomb.bmp").write_bytes(bytes(lying))
    with pytest.raises(EngineError, match="2000000 × 2000000"):
        image_of(tmp_path / "bomb.bmp")


def test_pages_of_one_size_are_a_volume(tmp_path: Path) -> None:
    volume = np.random.default_rng(0).integers(0, 255, (5, 8, 12), np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", volume, photometric="minisblack")
    Pillow.fromarray(volume[0]).save(
        tmp_path / "b.tif", save_all=True, append_images=[Pillow.fromarray(v) for v in volume[1:]]
    )
    tifffile.imwrite(
        tmp_path / "c.tif",
        volume,
        imagej=True,
        resolution=(4.0, 2.0),
        metadata={"unit": "mm", "spacing": 3.0, "axes": "ZYX"},
    )
    for name in ("a.tif", "b.tif", "c.tif"):
        np.testing.assert_array_equal(image_of(tmp_path / name).pixels, volume)
        np.testing.assert_array_equal(read_labels(tmp_path / name)[0], volume)
    geometry = image_of(tmp_path / "c.tif").geometry
    assert geometry.calibrated and geometry.spacing == (3.0, 0.5, 0.25)


def test_pages_of_other_sizes_and_further_volumes_are_left_out_and_said(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as writer:
        writer.write(LABELS)
        writer.write(LABELS[:4])
    image = image_of(tmp_path / "a.tif")
    assert image.shape == (1, 8, 12) and [str(n) for n in image.notes] == [
        "Pages of another size or kind were left out."
    ]
    series = np.arange(2 * 3 * 8 * 12, dtype=np.uint16).reshape(2, 3, 8, 12)
    tifffile.imwrite(tmp_path / "b.tif", series, imagej=True, metadata={"axes": "TZYX"})
    image = image_of(tmp_path / "b.tif")
    np.testing.assert_array_equal(image.pixels, series[0])
    assert [str(n) for n in image.notes] == ["Only the first of 2 volumes was read."]


@pytest.mark.parametrize(
    ("stored", "kind"),
    [
        (LABELS.astype(np.int16) - 2, np.int16),
        (LABELS.astype(np.int32) - 2, np.int16),
        (LABELS.astype(np.uint32) * 20000, np.uint16),
        (LABELS.astype(np.uint32) * 100000, np.float32),
        (LABELS.astype(np.float16), np.float32),
        (LABELS.astype(np.float64) / 3, np.float32),
    ],
    ids=["int16", "int32", "uint32", "large uint32", "float16", "float64"],
)
def test_tiff_numbers_are_kept(tmp_path: Path, stored: NDArray[Any], kind: Any) -> None:
    tifffile.imwrite(tmp_path / "a.tif", stored)
    pixels = image_of(tmp_path / "a.tif").pixels
    assert pixels.dtype == kind
    np.testing.assert_allclose(pixels[0], stored, rtol=1e-6)


def test_a_jpeg_that_no_picture_viewer_reads_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(imagecodecs.ljpeg_encode(LABELS.astype(np.uint16) * 300, bitspersample=16))
    (tmp_path / "b.jpg").write_bytes(imagecodecs.jpegls_encode(LABELS))
    for name in ("a.jpg", "b.jpg"):
        with pytest.raises(NotReadable, match="kind that is not read here"):
            image_of(tmp_path / name)


def test_white_is_high_whatever_the_file_calls_white(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", LABELS, photometric="miniswhite")
    np.testing.assert_array_equal(image_of(tmp_path / "a.tif").pixels[0], 255 - LABELS)
    np.testing.assert_array_equal(read_labels(tmp_path / "a.tif")[0][0], 255 - LABELS)
    tifffile.imwrite(tmp_path / "deep.tif", LABELS.astype(np.uint32), photometric="miniswhite")
    deep = image_of(tmp_path / "deep.tif")
    assert deep.inverted, "turned over at four thousand million, decimals hold none of it"
    np.testing.assert_array_equal(deep.pixels[0], LABELS)
    np.testing.assert_array_equal(read_labels(tmp_path / "deep.tif")[0][0], LABELS)


def test_planes_stored_apart_are_colour(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", COLOURS.transpose(2, 0, 1), photometric="rgb", planarconfig="separate")
    np.testing.assert_array_equal(image_of(tmp_path / "a.tif").pixels[0], COLOURS)


def test_a_mask_holds_whole_numbers(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "whole.tif", LABELS.astype(np.float32))
    np.testing.assert_array_equal(read_labels(tmp_path / "whole.tif")[0][0], LABELS)
    tifffile.imwrite(tmp_path / "half.tif", LABELS.astype(np.float32) / 2)
    with pytest.raises(NotReadable, match=r"half\.tif is no mask: it holds values that are not whole numbers"):
        read_labels(tmp_path / "half.tif")


def test_numpy_masks(tmp_path: Path) -> None:
    for name, array in {
        "flat": LABELS,
        "bool": LABELS > 1,
        "volume": np.stack([LABELS] * 4),
        "long": LABELS.astype(np.int64),
        "fortran": np.asfortranarray(LABELS),
        "one": LABELS[..., None],
    }.items():
        np.save(tmp_path / name, array)
        values, geometry = read_labels(tmp_path / f"{name}.npy")
        assert geometry is None and values.dtype == np.int32
        np.testing.assert_array_equal(values, array if name == "volume" else array.reshape(1, 8, 12))
    np.save(tmp_path / "objects", np.array([{}], object), allow_pickle=True)
    with pytest.raises(NotReadable, match="can run code"):
        read_labels(tmp_path / "objects.npy")
    head = (tmp_path / "flat.npy").read_bytes()
    (tmp_path / "lies.npy").write_bytes(
        head.replace(b"(8, 12), }      ", b"(800000, 900000)").replace(b"900000)", b"90000,)")
    )
    with pytest.raises(EngineError):
        read_labels(tmp_path / "lies.npy")
    np.save(tmp_path / "none.npy", np.zeros((0, 20, 30), np.uint8))
    with pytest.raises(NotReadable, match="damaged"):
        read_labels(tmp_path / "none.npy")
    (tmp_path / "text.png").write_text("hello")
    with pytest.raises(NotReadable, match=r"text\.png is not a mask"):
        read_labels(tmp_path / "text.png")


def test_transparent_ground_of_a_mask_is_background(tmp_path: Path) -> None:
    marked = LABELS > 1
    white = np.full((*LABELS.shape, 4), 255, np.uint8)
    white[~marked, 3] = 0
    Pillow.fromarray(white).save(tmp_path / "rgba.png")
    Pillow.fromarray(np.dstack([white[..., 0], white[..., 3]])).save(tmp_path / "la.png")
    Pillow.fromarray(white).save(tmp_path / "rgba.webp", lossless=True, exact=True)
    black = white.copy()
    black[..., :3] = 0
    Pillow.fromarray(black).save(tmp_path / "black.png")
    for name in ("rgba.png", "la.png", "rgba.webp", "black.png"):
        mask = read_mask(tmp_path / name)
        np.testing.assert_array_equal(mask.values[0], marked * 255)
        assert len(mask.notes) == 1
    assert [n.text for n in image_of(tmp_path / "rgba.png").notes] == ["Its transparency was left out."]


@pytest.mark.parametrize("name", ["a.png", "a.gif"])
def test_transparent_numbers_of_a_palette_are_background_and_said(tmp_path: Path, name: str) -> None:
    picture = Pillow.fromarray(LABELS, "P")
    picture.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0])
    picture.save(tmp_path / name, transparency=3)
    mask = read_mask(tmp_path / name)
    np.testing.assert_array_equal(mask.values[0], np.where(LABELS == 3, 0, LABELS))
    assert [n.text for n in mask.notes] == ["Transparent places of the mask were taken as background."]
    assert [n.text for n in image_of(tmp_path / name).notes] == ["Its transparency was left out."]


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.gif"])
def test_of_a_film_the_first_picture_is_read_and_that_is_said(tmp_path: Path, name: str) -> None:
    pictures = [Pillow.fromarray(np.roll(COLOURS, step, axis=1)) for step in range(3)]
    pictures[0].save(tmp_path / name, save_all=True, append_images=pictures[1:], lossless=True)
    image = image_of(tmp_path / name)
    assert "Only the first of 3 pictures was read." in [n.text for n in image.notes]
    with pytest.raises(NotReadable, match="3 pictures"):
        read_mask(tmp_path / name)


def test_masks_of_lossy_pictures_are_black_and_white_or_refused(tmp_path: Path) -> None:
    marked = np.zeros((40, 60), np.uint8)
    marked[5:25, 8:33] = 255
    for name in ("a.jpg", "a.webp"):
        Pillow.fromarray(marked).save(tmp_path / name, quality=60)
        mask = read_mask(tmp_path / name)
        assert set(np.unique(mask.values)) == {0, 255} and np.abs(mask.values[0] - marked).mean() < 2
        assert len(mask.notes) == 1
        Pillow.fromarray(marked // 128).save(tmp_path / name, quality=90)
        with pytest.raises(NotReadable, match="does not keep the values"):
            read_mask(tmp_path / name)
    Pillow.fromarray(COLOURS).save(tmp_path / "photo.jpg")
    with pytest.raises(NotReadable, match="does not keep the values"):
        read_mask(tmp_path / "photo.jpg")


def test_a_mask_of_several_pictures_is_refused(tmp_path: Path) -> None:
    Pillow.fromarray(LABELS * 80).save(tmp_path / "a.gif", save_all=True, append_images=[Pillow.fromarray(LABELS * 70)])
    with pytest.raises(NotReadable, match=r"a\.gif holds 2 pictures"):
        read_mask(tmp_path / "a.gif")


def _png_file(path: Path, packed: bytes, *chunks: tuple[bytes, bytes], bits: int = 8, kind: int = 0) -> Path:
    header = struct.pack(">IIBBBBB", 16, 16, bits, kind, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", packed), (b"IEND", b"")]
    data = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)
    return path


@pytest.mark.parametrize("fault", ["short", "check", "filter", "depth", "kind", "profile"])
def test_damage_of_a_png_is_said_by_us_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str], fault: str) -> None:
    rows = b"".join(bytes(17) for _ in range(16))
    whole, path = zlib.compress(rows), tmp_path / "a.png"
    match fault:
        case "short":
            _png_file(path, zlib.compress(rows[:100]))
        case "check":
            _png_file(path, whole[:-4] + b"abcd")
        case "filter":
            _png_file(path, zlib.compress(b"\x09" + rows[1:]))
        case "depth":
            _png_file(path, whole, bits=3)
        case "kind":
            _png_file(path, whole, kind=5)
        case _:
            _png_file(path, whole, (b"iCCP", b"x\0\0junk"))
    source = Source((str(path),), "raster")
    if fault == "profile":
        assert read_image(source).pixels.shape == (1, 16, 16), "an odd profile changes no pixel"
    else:
        with pytest.raises(NotReadable, match="damaged"):
            read_image(source)
    assert capfd.readouterr() == ("", "")


def test_a_rotation_in_a_pngs_xmp_counts(tmp_path: Path) -> None:
    about = PngInfo()
    about.add_text("Software", "any")
    about.add_itxt("XML:com.adobe.xmp", '<x tiff:Orientation="6"/>')
    Pillow.fromarray(LABELS).save(tmp_path / "a.png", pnginfo=about)
    image = image_of(tmp_path / "a.png")
    np.testing.assert_array_equal(image.pixels[0], LABELS[::-1].T)

"""Pictures: PNG, JPEG, BMP, WebP and GIF. Image and mask obey the same rules for rotation, depth and transparency."""

import io
import logging
import struct
import zlib
from dataclasses import dataclass

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from engine.errors import NotReadable
from engine.imaging.budget import check_budget
from engine.imaging.files import damaged, decoding, display_name, read_bytes
from engine.imaging.geometry import uncalibrated
from engine.imaging.glimpse import LARGE, OVERVIEW, Glimpse
from engine.imaging.image import Image, Pixels, Window
from engine.imaging.mask_looks import (
    BY_ITSELF,
    Convention,
    looks_of_greys,
    looks_of_palette,
    numbers_of_greys,
    numbers_of_palette,
)
from engine.imaging.png_rows import comes_in_rows, decoded_rows
from engine.imaging.stream_size import is_plain_jpeg
from engine.imaging.values import (
    MaskFile,
    alpha_notes,
    behind_alpha,
    colour_bytes,
    one_number_a_colour,
    to_rgb8,
    whole_numbers,
    without_jpeg_blur,
)
from engine.imaging.windows import FULL, auto_window
from engine.progress import Notice, Progress, Work, result_of
from engine.words import translatable

Pillow.MAX_IMAGE_PIXELS = None  # our own budget decides, by memory and not by a fixed number of pixels
logging.getLogger("PIL").setLevel(logging.CRITICAL)  # what it has to say about a damaged file, our errors say

INKS = translatable("Its printing inks (CMYK) were turned into red, green and blue.")
TURNED = translatable("It was turned upright, as its file asks (EXIF): masks count as drawn on the upright picture.")
_ORIENTATION = 0x0112
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}  # of each kind of PNG
_PICTURE = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
_FORMATS = ("JPEG", "BMP", "DIB", "WEBP", "GIF")
_LOOKS = 16  # overviews while the rows of a PNG come


@dataclass(frozen=True)
class _Picture:
    """As stored: grey (h, w), colour (h, w, 3), or numbers of a palette (n, 3). `bits` a channel in the file."""

    pixels: Pixels
    bits: int
    palette: NDArray[np.uint8] | None = None
    frames: int = 1
    alpha: Pixels | None = None  # (h, w), uint8 or as deep as the pixels
    inks: bool = False
    smeared: bool = False  # by a compression that does not keep the values
    was_turned: bool = False


def opening(path: str, look: bool = False) -> Work[Image]:
    """The picture as one slice: uint8 or uint16 grey, or uint8 RGB. Alpha is dropped, EXIF's rotation applied. With `look` it yields
    overviews of a large PNG or JPEG before all of it is decoded; other kinds have none."""
    with decoding(path):
        picture = yield from _opening(path, look)
        pixels, notes = picture.pixels, list(alpha_notes(picture.alpha))
        if picture.palette is not None:
            pixels = picture.palette[pixels]
            if (pixels == pixels[..., :1]).all():
                pixels = np.ascontiguousarray(pixels[..., 0])
        elif pixels.ndim == 3:
            pixels, said = colour_bytes(pixels, picture.bits)
            notes += said
        if picture.inks:
            notes.append(Notice(INKS))
        if picture.was_turned:
            notes.append(Notice(TURNED))
        if picture.frames > 1:
            notes.append(
                Notice(translatable("Only the first of {count} pictures was read."), {"count": picture.frames})
            )
        window = FULL if pixels.dtype == np.uint8 else auto_window(pixels)
        return Image(pixels[None], uncalibrated(*pixels.shape[:2]), window, notes=tuple(notes))


def may_look_otherwise(path: str) -> bool:
    """Whether a mask's numbers may be no greys of 8 bits: those of a palette, or of fewer bits. By the head of the file."""
    head = read_bytes(path, 64).ljust(64, b"\0")
    if head.startswith(b"\x89PNG"):
        return head[25] == 3 or (head[25] == 0 and head[24] < 8)
    bits = head[24] if head[14] == 12 else head[28]  # of a BMP, whose older headers are shorter
    return head.startswith(b"GIF8") or (head.startswith(b"BM") and bits <= 8)


def read_labels(path: str, convention: Convention = BY_ITSELF) -> MaskFile:
    """The mask's numbers (1, h, w): palettes by index, 1 bit as 0 and 1, unless the convention says otherwise; colours by
    `one_number_a_colour`, what is transparent 0."""
    shown = display_name(path)
    with decoding(path):
        picture = result_of(_opening(path))
        if picture.frames > 1:
            raise NotReadable(
                translatable("{name} holds {count} pictures, and a mask is one."),
                translatable("Save each as a mask of its own."),
                name=shown,
                count=picture.frames,
            )
        pixels, colored, looks = picture.pixels, False, None
        said: tuple[Notice, ...] = ()
        if picture.smeared:
            grey = pixels if pixels.ndim == 2 else pixels.max(axis=2)
            spread = 0 if pixels.ndim == 2 else int(np.ptp(pixels, axis=2).max())
            numbers, notes = without_jpeg_blur(np.asarray(grey, np.uint8), shown, spread)
            return MaskFile(numbers[None], notes=notes)
        depth = 8 if picture.palette is not None else picture.bits  # a palette's own bits say nothing of its colours
        alpha = None if picture.alpha is None else to_rgb8(picture.alpha, depth)
        if pixels.ndim == 3:
            numbers, colored = one_number_a_colour(pixels, shown, picture.bits)
        elif picture.palette is not None:
            looks = looks_of_palette(pixels, picture.palette, alpha)
            numbers, colored, said = numbers_of_palette(pixels, picture.palette, looks, convention, shown)
        elif picture.bits < 8:  # decoders spread 1, 2 and 4 bits over 0..255
            numbers, _ = whole_numbers(pixels // (255 // (2**picture.bits - 1)), shown)
            looks = looks_of_greys(numbers, picture.bits)
            numbers, said = numbers_of_greys(numbers, picture.bits, convention)
        else:
            numbers, _ = whole_numbers(pixels, shown)
        numbers, notes = behind_alpha(numbers, alpha)
        return MaskFile(numbers[None], notes=(*said, *notes), colored=colored, looks=looks)


def _opening(path: str, look: bool = False) -> Work[_Picture]:
    data, shown = read_bytes(path), display_name(path)
    return (yield from (_png if data.startswith(b"\x89PNG") else _other)(data, shown, look))


def _png(data: bytes, shown: str, look: bool) -> Work[_Picture]:
    width, height, bits, kind = struct.unpack_from(">IIBB", data, 16)
    if bits not in _DEPTHS.get(kind, ()):
        raise damaged(shown)
    channels = {0: 1, 2: 3, 3: 4, 4: 4, 6: 4}[kind]  # a palette is decoded to colours once, to prove it whole
    check_budget((height, width, channels), np.uint16 if bits == 16 else np.uint8, shown)
    picture = _checked(data, shown)
    with Pillow.open(io.BytesIO(data), formats=("PNG",)) as opened:
        turn = int(opened.getexif().get(_ORIENTATION, 1)) if _says_which_way_up(data) else 1
        frames = int(getattr(opened, "n_frames", 1))
        decoded: Pixels | None = None
        if look and height * width >= LARGE and comes_in_rows(picture):
            decoded = yield from _watched(picture, turn, shown)
        if decoded is None:
            decoded = imagecodecs.png_decode(picture)  # raises where OpenCV's decoder prints
        if decoded.shape[:2] != (height, width):
            raise damaged(shown)
        if kind == 3:
            opened.load()
            return _indexed(opened, turn, bits, frames)
    pixels, alpha = decoded, None
    if decoded.ndim == 3:
        pixels = _without_alpha(decoded)
        alpha = _turned(decoded[..., -1], turn) if kind in (4, 6) and decoded.shape[-1] in (2, 4) else None
    return _Picture(_turned(pixels, turn), bits, frames=frames, alpha=alpha, was_turned=is_turned(turn))


def _says_which_way_up(data: bytes) -> bool:
    """Whether it may. To ask Pillow is to have the whole picture decoded once more."""
    at = 8
    while at + 12 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        if name == b"eXIf" or data.startswith((b"Raw profile type", b"XML:com.adobe.xmp"), at + 8):
            return True
        at += 12 + size
    return False


def _watched(picture: bytes, turn: int, shown: str) -> Work[Pixels | None]:
    """The rows of a large PNG, with overviews on their way; None where they do not come to an end, so that the codec judges the whole."""
    looks = 0
    try:
        for whole, there in decoded_rows(picture):
            if there < len(whole) and there * _LOOKS // len(whole) > looks:
                looks = there * _LOOKS // len(whole)
                yield _overview(whole, there, picture[24], turn)
            yield Progress(there, len(whole), shown)
    except (ValueError, zlib.error, imagecodecs.PngError):
        return None
    return whole


def _overview(whole: Pixels, there: int, bits: int, turn: int) -> Glimpse:
    """Of all rows, so many of which are there: the grey range is of those."""
    step = -(-max(whole.shape[:2]) // OVERVIEW)
    part = _without_alpha(whole[::step, ::step])
    if part.ndim == 3:
        part, _ = colour_bytes(part, bits)
    window = FULL if part.dtype == np.uint8 else auto_window(part[: max(there // step, 1)])
    return _glimpse(part, turn, step, window)


def _glimpse(part: Pixels, turn: int, scale: float, window: Window = FULL) -> Glimpse:
    part = _turned(part, turn)
    return Glimpse(Image(part[None], uncalibrated(*part.shape[:2]), window), scale=scale)


def _without_alpha(decoded: Pixels) -> Pixels:
    if decoded.ndim == 2:
        return decoded
    return decoded[..., :3] if decoded.shape[-1] > 2 else decoded[..., 0]


def _checked(data: bytes, shown: str) -> bytes:
    """The chunks that make the picture, once every chunk is there with its checksum right, up to the last: Pillow forgives what is
    missing, libpng prints about it, and about oddities in chunks that nobody reads."""
    at, view = 8, memoryview(data)
    kept: list[bytes | memoryview] = [data[:8]]
    while at + 12 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + size
        if end > len(data) or zlib.crc32(view[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            break
        if name in _PICTURE:
            kept.append(view[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end
    raise damaged(shown)


def _other(data: bytes, shown: str, look: bool) -> Work[_Picture]:
    if data.startswith(b"\xff\xd8") and not is_plain_jpeg(data):
        raise NotReadable(
            translatable("{name} is a JPEG of a kind that is not read here: of more than 8 bits, or lossless."),
            translatable("Save it as PNG or TIFF."),
            name=shown,
        )
    with Pillow.open(io.BytesIO(data), formats=_FORMATS) as opened:
        check_budget((opened.height, opened.width, max(len(opened.getbands()), 1)), np.uint8, shown)
        frames = int(getattr(opened, "n_frames", 1))
        turn = int(opened.getexif().get(_ORIENTATION, 1))
        if look and opened.format == "JPEG" and opened.height * opened.width >= LARGE:
            yield _scaled_down(data, turn)
        opened.load()
        if opened.mode == "P":
            return _indexed(opened, turn, 8, frames)
        bits = 1 if opened.mode == "1" else 8
        wanted = "L" if opened.mode in ("1", "L", "LA") else "RGB"
        alpha = _turned(np.asarray(opened.getchannel("A")), turn) if "A" in opened.getbands() else None
        pixels = _turned(np.asarray(opened.convert(wanted)), turn)
        smeared = opened.format == "JPEG" or (opened.format == "WEBP" and b"VP8 " in data[12:64])
        inks, was_turned = opened.mode == "CMYK", is_turned(turn)
        return _Picture(pixels, bits, frames=frames, alpha=alpha, inks=inks, smeared=smeared, was_turned=was_turned)


def _scaled_down(data: bytes, turn: int) -> Glimpse:
    """A JPEG as it comes from the coarse half of its cosines, which takes a fraction of the time."""
    with Pillow.open(io.BytesIO(data), formats=("JPEG",)) as opened:
        width = opened.width
        opened.draft(None, (OVERVIEW, OVERVIEW))
        part = np.asarray(opened.convert("L" if opened.mode == "L" else "RGB"))
        return _glimpse(part, turn, width / part.shape[1])


def _indexed(opened: Pillow.Image, turn: int, bits: int, frames: int) -> _Picture:
    """Of numbers of a palette, some of which may be transparent."""
    alpha = None
    if "transparency" in opened.info:
        alpha = _turned(np.asarray(opened.convert("RGBA").getchannel("A")), turn)
    pixels = _turned(np.asarray(opened), turn)
    return _Picture(pixels, bits, _palette(opened), frames, alpha, was_turned=is_turned(turn))


def _palette(opened: Pillow.Image) -> NDArray[np.uint8]:
    colours = np.zeros((256, 3), np.uint8)
    listed = np.asarray(opened.getpalette("RGB") or (), np.uint8).reshape(-1, 3)
    colours[: len(listed)] = listed
    return colours


def _turned(pixels: Pixels, orientation: int) -> Pixels:
    return np.ascontiguousarray(turned(pixels, orientation))


def is_turned(orientation: int) -> bool:
    """Whether `turned` changes anything."""
    return 2 <= orientation <= 8


def turned(pixels: Pixels, orientation: int) -> Pixels:
    """Rows and columns set upright by EXIF's and TIFF's orientation (1 to 8; others are left alone)."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels

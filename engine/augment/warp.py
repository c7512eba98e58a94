"""Moves image and mask together: one affine map, optionally with an elastic field, from the source to the output grid."""

import functools
import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import ndimage
from engine.imaging.geometry import SideAxis

Fill: TypeAlias = Literal["reflect", "nearest", "constant"]
FILLS: tuple[Fill, ...] = ("reflect", "nearest", "constant")
"""What is shown beyond the picture's edge: its mirror image, its outermost pixels, or black (the mask: background)."""

Pixels: TypeAlias = NDArray[np.uint8] | NDArray[np.float32]
Mask: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]
Size: TypeAlias = tuple[int, int]
Box: TypeAlias = tuple[float, float, float, float]
Affine: TypeAlias = tuple[float, float, float, float, float, float]  # x' = a x + b y + c, y' = d x + e y + f
Field: TypeAlias = NDArray[np.float32]
A = TypeVar("A", bound=NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32])

_BORDERS: dict[Fill, int] = {
    "reflect": cv2.BORDER_REFLECT_101,
    "nearest": cv2.BORDER_REPLICATE,
    "constant": cv2.BORDER_CONSTANT,
}
_OPENCV = 32767  # px: it warps no side of this length or more, neither from nor to
_MODES: dict[int, Literal["mirror", "nearest", "grid-constant"]] = {
    cv2.BORDER_REFLECT_101: "mirror",
    cv2.BORDER_REPLICATE: "nearest",
    cv2.BORDER_CONSTANT: "grid-constant",
}
_BAND = 1 << 20  # px that are sampled at once where OpenCV does not
UPRIGHT = 90.0  # degrees: turned farther, the left of a picture is on the right
_CELLS = 5  # of the elastic field along the shorter side: coarse enough that the limit of 5 % never folds


@dataclass(slots=True)
class Motion:
    """What is done about the centre of the box, in this order: flip, zoom, shear (one axis), turn, shift."""

    flip_x: bool = False
    flip_y: bool = False
    angle: float = 0.0  # degrees, counter-clockwise on the screen
    zoom: float = 1.0
    shear_x: float = 0.0  # degrees
    shear_y: float = 0.0
    shift_x: float = 0.0  # share of the output's width, to the right
    shift_y: float = 0.0  # share of its height, downwards
    elastic: float = 0.0  # largest displacement, share of the box's shorter side

    def moves_sides(self, side_axis: SideAxis) -> bool:
        """Whether what was at the left side of the body is where the right was, in a picture in which they lie so. Sides are those of the
        picture, as a network learns them: a body upside down in a mirror image has them where they were."""
        flipped = {"across": self.flip_x, "down": self.flip_y}
        return side_axis in flipped and flipped[side_axis] != (abs(self.angle) > UPRIGHT)


def warp(
    image: Pixels,
    mask: Mask | None,
    motion: Motion,
    fill: Fill,
    out: Size,
    crop: Box | None,
    rng: "np.random.Generator",
) -> tuple[Pixels, Mask | None]:
    """New arrays of the size `out` (h, w), showing the box `crop` (top, left, height, width in source pixels; default: all) moved by
    `motion`.

    `image` is (h, w) or (h, w, channels), uint8 or float32; `mask` (h, w), uint8 or uint16. The image is interpolated linearly, after
    averaging where it shrinks to less than half; the mask takes the nearest pixel under the same border rule, so that both stay
    registered and no label is invented. `rng` draws the elastic field alone: random displacements on a coarse net, made smooth by
    bicubic interpolation, as in Ronneberger, Fischer and Brox, "U-Net", 2015.
    """
    whole = (0.0, 0.0, float(image.shape[0]), float(image.shape[1]))
    box = crop or whole
    if box == whole and out == image.shape[:2] and motion == Motion(motion.flip_x, motion.flip_y):
        return _flip(image, motion), None if mask is None else _flip(mask, motion)
    inverse = inverse_affine(motion, box, out)
    field = _field(motion.elastic * min(box[2], box[3]), out, rng) if motion.elastic else None
    part = _needed(inverse, image.shape, out, motion.elastic * min(box[2], box[3]))
    if part != (slice(0, image.shape[0]), slice(0, image.shape[1])):
        inverse = _moved(inverse, part[1].start, part[0].start)
        image, mask = image[part], None if mask is None else mask[part]
    border = _BORDERS[fill]
    moved_mask = None if mask is None else _sample(mask, inverse, field, out, cv2.INTER_NEAREST, border)
    image, inverse, field = _shrunk(image, inverse, field)
    return _sample(image, inverse, field, out, cv2.INTER_LINEAR, border), moved_mask


def inverse_affine(motion: Motion, box: Box, out: Size) -> Affine:
    """From a pixel (x, y) of the output to the point (x, y) of the source from which it is taken."""
    top, left, height, width = box
    sin, cos = math.sin(math.radians(motion.angle)), math.cos(math.radians(motion.angle))
    kx, ky = math.tan(math.radians(motion.shear_x)), math.tan(math.radians(motion.shear_y))
    across = (-1 if motion.flip_x else 1) / motion.zoom
    down = (-1 if motion.flip_y else 1) / motion.zoom
    step_x, step_y = width / out[1], height / out[0]
    a, b = across * (cos - kx * sin) * step_x, across * (-sin - kx * cos) * step_y
    d, e = down * (sin - ky * cos) * step_x, down * (cos + ky * sin) * step_y
    x = (out[1] - 1) / 2 + motion.shift_x * out[1]
    y = (out[0] - 1) / 2 + motion.shift_y * out[0]
    return a, b, left + (width - 1) / 2 - a * x - b * y, d, e, top + (height - 1) / 2 - d * x - e * y


def _flip(array: A, motion: Motion) -> A:
    """A mirrored copy; without a flip a plain copy, byte for byte."""
    if motion.flip_x or motion.flip_y:
        return cast(
            A, cv2.flip(array, -1 if motion.flip_x and motion.flip_y else int(motion.flip_x)).reshape(array.shape)
        )
    return cast(A, np.array(array, order="C"))


def _needed(inverse: Affine, shape: tuple[int, ...], out: Size, reach: float) -> tuple[slice, slice]:
    """The rows and columns of the source that the output can see, mirror images at the edges included.

    A patch of a large picture then costs what the patch costs, and OpenCV's limit of 32767 pixels holds for the patch only.
    """
    a, b, c, d, e, f = inverse
    right, below = out[1] - 1, out[0] - 1
    return (
        _span(f, d * right, e * below, reach, shape[0]),
        _span(c, a * right, b * below, reach, shape[1]),
    )


def _span(start: float, one: float, other: float, reach: float, size: int) -> slice:
    low = math.floor(start + min(one, 0) + min(other, 0) - reach) - 2
    high = math.ceil(start + max(one, 0) + max(other, 0) + reach) + 3
    mirrored_high, mirrored_low = -low + 1, 2 * size - high - 1
    low, high = (min(low, mirrored_low) if high > size else low), (max(high, mirrored_high) if low < 0 else high)
    low, high = max(0, min(low, size - 1)), min(size, max(high, 1))
    return slice(low, max(high, low + 1))


def _moved(inverse: Affine, left: int, top: int) -> Affine:
    a, b, c, d, e, f = inverse
    return a, b, c - left, d, e, f - top


def _shrunk(image: Pixels, inverse: Affine, field: Field | None) -> tuple[Pixels, Affine, Field | None]:
    """The image averaged over blocks where one step of the output spans two source pixels or more, so that nothing aliases."""
    a, b, c, d, e, f = inverse
    factor = math.floor(math.sqrt(abs(a * e - b * d)) + 1e-6)
    if factor < 2:
        return image, inverse, field
    height, width = image.shape[:2]
    small = (max(1, round(height / factor)), max(1, round(width / factor)))
    averaged = cv2.resize(image, small[::-1], interpolation=cv2.INTER_AREA)
    shrunk = cast(Pixels, averaged.reshape(*small, *image.shape[2:]))
    x, y = small[1] / width, small[0] / height
    inverse = a * x, b * x, (c + 0.5) * x - 0.5, d * y, e * y, (f + 0.5) * y - 0.5
    if field is not None:
        field = field * np.array([x, y], np.float32).reshape(2, 1, 1)
    return shrunk, inverse, field


def _field(reach: float, out: Size, rng: "np.random.Generator") -> Field:
    """Displacements (x and y) of at most `reach` source pixels at the nodes of a coarse net over the output."""
    nodes = tuple(min(64, round(_CELLS * side / min(out)) + 1) for side in out)
    return rng.uniform(-reach, reach, (2, *nodes)).astype(np.float32)


def _source_maps(inverse: Affine, field: Field, out: Size, rows: slice = slice(None)) -> tuple[Field, Field]:
    """Where each output pixel is taken from, x and y: the affine map plus the field, smoothed by bicubic interpolation.

    Both are products of a few rows and columns, so one matrix product makes them: a tenth of the time of resizing and adding.
    `rows` of the output alone, where they are given.
    """
    down, across = _weights(field.shape[1], out[0])[rows], _weights(field.shape[2], out[1])
    maps = []
    for nodes, (by_x, by_y, start) in zip(field, (inverse[:3], inverse[3:]), strict=True):
        core = np.zeros((nodes.shape[0] + 2, nodes.shape[1] + 2), np.float32)
        core[:-2, :-2] = nodes
        core[-2, -2:] = start, by_x
        core[-1, -2] = by_y
        maps.append(down @ core @ across.T)
    return maps[0], maps[1]


@functools.lru_cache(maxsize=64)
def _weights(nodes: int, side: int) -> NDArray[np.float32]:
    """(side, nodes + 2): the bicubic weight of each node at each pixel, then 1 and the pixel's index."""
    cubic = cv2.resize(np.eye(nodes, dtype=np.float32), (nodes, side), interpolation=cv2.INTER_CUBIC)
    return np.column_stack([cubic, np.ones(side), np.arange(side)]).astype(np.float32)


def _sample(array: A, inverse: Affine, field: Field | None, out: Size, method: int, border: int) -> A:
    if max(*array.shape[:2], *out) >= _OPENCV:
        return _sample_large(array, inverse, field, out, method, border)
    if field is None:
        matrix = np.array(inverse, np.float64).reshape(2, 3)
        moved = cv2.warpAffine(array, matrix, out[::-1], flags=method | cv2.WARP_INVERSE_MAP, borderMode=border)
    else:
        moved = cv2.remap(array, *_source_maps(inverse, field, out), method, borderMode=border)
    return cast(A, moved.reshape(*out, *array.shape[2:]))


def _sample_large(array: A, inverse: Affine, field: Field | None, out: Size, method: int, border: int) -> A:
    """What `_sample` makes, of sides that OpenCV refuses: by SciPy, some rows at a time, four times as slow."""
    planes = array.reshape(*array.shape[:2], -1)
    result = np.empty((*out, planes.shape[2]), array.dtype)
    order: Literal[0, 1] = 0 if method == cv2.INTER_NEAREST else 1
    rows, still = max(1, _BAND // out[1]), np.zeros((2, 1, 1), np.float32)
    for top in range(0, out[0], rows):
        x, y = _source_maps(inverse, still if field is None else field, out, slice(top, top + rows))
        for channel in range(planes.shape[2]):
            found = ndimage.map_coordinates(planes[..., channel], np.stack([y, x]), np.float32, order, _MODES[border])
            band = result[top : top + rows, :, channel]
            band[...] = np.rint(found) if array.dtype.kind == "u" else found
    return cast(A, result.reshape(*out, *array.shape[2:]))

"""The scan itself on the screen: one slice, windowed, at any zoom, with a heat map over it where there is one."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Plane, axes
from engine.imaging.image import Image, Pixels, VoiTable, Window
from engine.imaging.windows import through_table, to_display
from widgets.view import Area, View, empty

Screen = NDArray[np.uint8]
"""Device pixels (down, across, 4): blue, green, red, opaque."""

HEAT_STRENGTH = 0.6


@dataclass(frozen=True, eq=False)
class SecondSlice:
    """What is laid over a slice, stored as that is: `levels` (down, across[, 3]) uint8, of any size, `inside` (down, across) bool where
    there are any, and how opaque they are (0 to 1)."""

    levels: NDArray[np.uint8]
    inside: NDArray[np.bool_]
    opacity: float


class SliceRenderer:
    """One slice of an image, drawn into device pixels. Costs what the window holds, whatever the size of the image."""

    def __init__(self, image: Image, plane: Plane, index: int, view: View, ground: tuple[int, int, int]) -> None:
        """`ground` (blue, green, red) fills what lies beside the slice."""
        self._image = image
        self._ground = np.array((*ground, 255), np.uint8).view(np.int32)
        self._heat: NDArray[np.uint8] | None = None
        self.second: SecondSlice | None = None  # of this slice
        self._heat_tables = _heat_tables(HEAT_STRENGTH)
        self.window: Window = image.window
        self.table: VoiTable | None = None  # stands in the window's place
        self.inverted = False  # the other way round than the file asks for
        self.smooth = False  # enlarged pixels run into each other
        self.show(plane, index, view)

    def show(self, plane: Plane, index: int, view: View) -> None:
        """Show that slice, flipped as in the view."""
        through, down, across = axes(plane)
        order = (through, down, across, 3) if self._image.color else (through, down, across)
        self.slice: Pixels = view.oriented(self._image.pixels.transpose(order)[index])
        self._smaller: dict[tuple[int, int], Pixels] = {}
        self.second = None

    def set_heat(self, heat: NDArray[np.float32] | None, strength: float = HEAT_STRENGTH) -> None:
        """A map (down, across) of 0 to 1, of any size, stretched over the slice; None takes it away. NaN counts as 0."""
        if heat is None:
            self._heat = None
            return
        self._heat = np.rint(np.clip(np.nan_to_num(heat), 0, 1) * 255).astype(np.uint8)
        self._heat_tables = _heat_tables(strength)

    def draw(self, view: View, screen: Screen) -> None:
        """Fill the screen (the window of the view) with the slice and the ground around it."""
        area = view.inside
        screen.view(np.int32)[:] = (
            self._ground
        )  # four bytes at once: a broadcast of single bytes takes 50 times as long
        if empty(area):
            return
        top, left, bottom, right = area
        shown = self._sharp(view, area) if view.sharp and not self.smooth else self._smooth(view, area)
        part = screen[top:bottom, left:right]
        code = cv2.COLOR_RGB2BGRA if shown.ndim == 3 else cv2.COLOR_GRAY2BGRA
        part[:] = cv2.cvtColor(shown, code)
        if self._heat is not None:
            self._blend_heatmap(view, area, self._heat, part)
        if self.second is not None:
            _blend_second(view, area, self.second, part)

    def _sharp(self, view: View, area: Area) -> NDArray[np.uint8]:
        rows, columns = view.index(0, area[0], area[2]), view.index(1, area[1], area[3])
        visible = self.slice[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        shown = self._displayed(visible)
        sharp: NDArray[np.uint8] = np.take(np.take(shown, columns - columns[0], axis=1), rows - rows[0], axis=0)
        return sharp

    def _smooth(self, view: View, area: Area) -> NDArray[np.uint8]:
        factor = _halvings(view.scale[0]), _halvings(view.scale[1])
        pixels = self._level(factor)
        rows = view.index(0, area[0], area[2])[[0, -1]] // factor[0]
        columns = view.index(1, area[1], area[3])[[0, -1]] // factor[1]
        low = max(int(rows[0]) - 1, 0), max(int(columns[0]) - 1, 0)
        visible = pixels[low[0] : int(rows[1]) + 2, low[1] : int(columns[1]) + 2]
        shown = self._displayed(visible)
        return _resampled(shown, view, area, (1 / factor[0], 1 / factor[1]), low)

    def _displayed(self, visible: Pixels) -> NDArray[np.uint8]:
        inverted = self._image.inverted != self.inverted
        if self.table is not None:
            return through_table(visible, self.table, inverted)
        return to_display(np.ascontiguousarray(visible), self.window, inverted)

    def _level(self, factor: tuple[int, int]) -> Pixels:
        if factor == (1, 1):
            return self.slice
        if factor not in self._smaller:
            self._smaller[factor] = shrink(self.slice, factor)
        return self._smaller[factor]

    def _blend_heatmap(self, view: View, area: Area, heat: NDArray[np.uint8], part: Screen) -> None:
        share = heat.shape[0] / view.size[0], heat.shape[1] / view.size[1]
        level = _resampled(np.ascontiguousarray(view.oriented(heat)), view, area, share, (0, 0))
        colors, rest = (cv2.LUT(level, table).view(np.uint8).reshape(part.shape) for table in self._heat_tables)
        part[:] = cv2.add(cv2.multiply(np.ascontiguousarray(part), rest, scale=1 / 255), colors)
        part[..., 3] = 255


def _blend_second(view: View, area: Area, second: SecondSlice, part: Screen) -> None:
    share = second.levels.shape[0] / view.size[0], second.levels.shape[1] / view.size[1]
    inside = np.ascontiguousarray(view.oriented(second.inside)).view(np.uint8) * np.uint8(255)
    levels, known = (
        _resampled(np.ascontiguousarray(each), view, area, share, (0, 0))
        for each in (view.oriented(second.levels), inside)
    )
    over = cv2.cvtColor(levels, cv2.COLOR_RGB2BGRA if levels.ndim == 3 else cv2.COLOR_GRAY2BGRA)
    below = np.ascontiguousarray(part)
    mixed = cv2.addWeighted(below, 1 - second.opacity, over, second.opacity, 0)
    _, mask = cv2.threshold(known, 127, 255, cv2.THRESH_BINARY)
    part[:] = cv2.copyTo(mixed, mask, below)


def shrink(pixels: Pixels, factor: tuple[int, int]) -> Pixels:
    """Means over blocks of `factor` (down, across) pixels; blocks cut off by the border are means of what they have."""
    height, width = pixels.shape[:2]
    down, across = min(factor[0], height), min(factor[1], width)
    whole = height // down, width // across
    result = np.empty((-(-height // down), -(-width // across), *pixels.shape[2:]), pixels.dtype)
    row_parts = [
        (slice(0, whole[0] * down), slice(0, whole[0])),
        (slice(whole[0] * down, height), slice(whole[0], None)),
    ]
    column_parts = [
        (slice(0, whole[1] * across), slice(0, whole[1])),
        (slice(whole[1] * across, width), slice(whole[1], None)),
    ]
    for source_rows, rows in row_parts:
        for source_columns, columns in column_parts:
            target = result[rows, columns]
            if target.size:
                source = np.ascontiguousarray(pixels[source_rows, source_columns])
                size = (target.shape[1], target.shape[0])
                target[:] = cv2.resize(source, size, interpolation=cv2.INTER_AREA).reshape(target.shape)  # type: ignore[arg-type]
    return result


def _halvings(scale: float) -> int:
    """The largest power of two whose blocks are not larger than a device pixel."""
    factor = 1
    while scale * factor * 2 <= 1:
        factor *= 2
    return factor


def _resampled(
    pixels: NDArray[np.uint8], view: View, area: Area, share: tuple[float, float], low: tuple[int, int]
) -> NDArray[np.uint8]:
    """Pixels, of which each slice pixel takes `share` and whose first lies at `low`, visible at the device pixels of the area."""
    step = share[0] / view.scale[0], share[1] / view.scale[1]
    first = [(area[axis] + 0.5 - view.origin[axis]) * step[axis] - 0.5 - low[axis] for axis in (0, 1)]
    matrix = np.array([[step[1], 0, first[1]], [0, step[0], first[0]]])
    size = (area[3] - area[1], area[2] - area[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(pixels, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _heat_tables(strength: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For each level of 0 to 255: the colour times its share, and what remains of the picture, each as four bytes."""
    level = np.arange(256, dtype=np.uint8)
    color = cv2.applyColorMap(level, cv2.COLORMAP_INFERNO).reshape(256, 3).astype(np.float32)
    share = (level.astype(np.float32) * (strength / 255))[:, None]
    colors, rest = np.zeros((256, 4), np.uint8), np.full((256, 4), 255, np.uint8)
    colors[:, :3] = np.rint(color * share)
    rest[:, :3] = np.rint(255 * (1 - share))
    return colors.view(np.int32).ravel(), rest.view(np.int32).ravel()

"""Where a slice lies in its window: zoom, position, true proportions, head up. Plain arithmetic, in device pixels."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Flips, Scalar, flip

Area: TypeAlias = tuple[int, int, int, int]
"""Device pixels of the window, half open: top, left, bottom, right."""

Point: TypeAlias = tuple[float, float]
"""(down, across) in pixels of the slice; (0, 0) is the centre of the first pixel."""

MOST_ZOOM = 64.0
_KEEP = 48  # device pixels of the slice that stay in the window however far it is moved


@dataclass(frozen=True)
class View:
    """One slice of `size` (down, across) pixels in a `window` (down, across) of device pixels.

    `pixel` is the pixel's size (down, across) relative to its smaller side; `zoom` the device pixels that this side takes;
    `origin` (down, across) where the slice's upper left corner is; `device_pixel_ratio` the device pixels of one logical pixel;
    `flips` (down, across) whether the stored slice is shown flipped.
    """

    size: tuple[int, int] = (1, 1)
    pixel: tuple[float, float] = (1.0, 1.0)
    window: tuple[int, int] = (1, 1)
    device_pixel_ratio: float = 1.0
    zoom: float = 1.0
    origin: tuple[float, float] = (0.0, 0.0)
    flips: Flips = (False, False)

    @property
    def scale(self) -> tuple[float, float]:
        """Device pixels that a slice pixel takes (down, across)."""
        return self.zoom * self.pixel[0], self.zoom * self.pixel[1]

    @property
    def sharp(self) -> bool:
        """Whether pixels are shown as they are (100 % and above) and not smoothed."""
        return self.zoom >= self.device_pixel_ratio

    @property
    def everything(self) -> Area:
        return 0, 0, self.window[0], self.window[1]

    @property
    def inside(self) -> Area:
        """The device pixels whose centres lie on the slice."""
        ends = [
            min(max(int(np.ceil(origin + n * scale - 0.5)), 0), window)
            for n in (0, 1)
            for origin, scale, window in zip(self.origin, self._extent, self.window, strict=True)
        ]
        return ends[0], ends[1], ends[2], ends[3]

    @property
    def _extent(self) -> tuple[float, float]:
        return self.size[0] * self.scale[0], self.size[1] * self.scale[1]

    def index(self, axis: int, start: int, stop: int) -> NDArray[np.intp]:
        """The row (axis 0) or column (axis 1) of the shown slice under each device pixel from `start` to `stop`, all on it."""
        positions = (np.arange(start, stop) + (0.5 - self.origin[axis])) / self.scale[axis]
        return np.clip(positions.astype(np.intp), 0, self.size[axis] - 1)

    def oriented(self, pixels: NDArray[Scalar]) -> NDArray[Scalar]:
        """The stored slice (down, across[, channel]) as it is shown: a view, not a copy."""
        return flip(pixels, self.flips)

    def to_slice(self, down: float, across: float) -> Point:
        """The point of the slice under a device position."""
        return self._flipped(
            (
                (down - self.origin[0]) / self.scale[0] - 0.5,
                (across - self.origin[1]) / self.scale[1] - 0.5,
            )
        )

    def to_window(self, at: Point) -> tuple[float, float]:
        """The device position (down, across) of a point of the slice."""
        at = self._flipped(at)
        return (
            (at[0] + 0.5) * self.scale[0] + self.origin[0],
            (at[1] + 0.5) * self.scale[1] + self.origin[1],
        )

    def area(self, top: int, left: int, bottom: int, right: int) -> Area:
        """The device pixels that show the slice's pixels in those half-open ranges, cut to the window."""
        one, two = self.to_window((top - 0.5, left - 0.5)), self.to_window((bottom - 0.5, right - 0.5))
        low, high = (min(one[0], two[0]), min(one[1], two[1])), (max(one[0], two[0]), max(one[1], two[1]))
        return cut(
            (int(np.floor(low[0])), int(np.floor(low[1])), int(np.ceil(high[0])), int(np.ceil(high[1]))),
            self.everything,
        )

    def fitted(self, margins: tuple[float, float] = (0.0, 0.0)) -> "View":
        """The whole slice, centred, with at least `margins` (down, across) device pixels free at each side."""
        room = [max(window - 2 * margin, 1.0) for window, margin in zip(self.window, margins, strict=True)]
        zoom = min(room[0] / (self.size[0] * self.pixel[0]), room[1] / (self.size[1] * self.pixel[1]))
        return replace(self, zoom=min(zoom, MOST_ZOOM * self.device_pixel_ratio)).centred()

    def centred(self) -> "View":
        extent = self._extent
        return replace(self, origin=((self.window[0] - extent[0]) / 2, (self.window[1] - extent[1]) / 2))

    def zoomed(self, zoom: float, down: float, across: float) -> "View":
        """At another zoom, with the slice's point under that device position staying there."""
        fit = self.fitted().zoom
        zoom = min(max(zoom, min(fit, self.device_pixel_ratio) / 4), MOST_ZOOM * self.device_pixel_ratio)
        ratio = zoom / self.zoom
        origin = (down - (down - self.origin[0]) * ratio, across - (across - self.origin[1]) * ratio)
        return replace(self, zoom=zoom, origin=origin)._kept()

    def moved(self, down: float, across: float) -> "View":
        return replace(self, origin=(self.origin[0] + down, self.origin[1] + across))._kept()

    def resized(self, window: tuple[int, int], device_pixel_ratio: float) -> "View":
        """For another window; what was in its middle stays in the middle, at the same size in logical pixels."""
        ratio = device_pixel_ratio / self.device_pixel_ratio
        origin = [
            new / 2 - (old / 2 - start) * ratio
            for new, old, start in zip(window, self.window, self.origin, strict=True)
        ]
        return replace(
            self,
            window=window,
            device_pixel_ratio=device_pixel_ratio,
            zoom=self.zoom * ratio,
            origin=(origin[0], origin[1]),
        )._kept()

    def _flipped(self, at: Point) -> Point:
        return (
            self.size[0] - 1 - at[0] if self.flips[0] else at[0],
            self.size[1] - 1 - at[1] if self.flips[1] else at[1],
        )

    def _kept(self) -> "View":
        """Moved back so far that the slice cannot be lost outside the window."""
        origin = [
            min(max(start, min(_KEEP, window) - extent), window - min(_KEEP, window))
            for start, window, extent in zip(self.origin, self.window, self._extent, strict=True)
        ]
        return replace(self, origin=(origin[0], origin[1]))


def cut(area: Area, bounds: Area) -> Area:
    """The part of `area` within `bounds`; (0, 0, 0, 0) where there is none."""
    top, left = max(area[0], bounds[0]), max(area[1], bounds[1])
    bottom, right = min(area[2], bounds[2]), min(area[3], bounds[3])
    return (top, left, bottom, right) if top < bottom and left < right else (0, 0, 0, 0)


def empty(area: Area) -> bool:
    return area[0] >= area[2] or area[1] >= area[3]


def union(one: Area, two: Area) -> Area:
    """The smallest area around both."""
    if empty(one) or empty(two):
        return two if empty(one) else one
    return min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3])


def grown(area: Area, by: int) -> Area:
    return area[0] - by, area[1] - by, area[2] + by, area[3] + by

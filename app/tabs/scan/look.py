"""How an item was looked at last: kept with the project, and taken over by the next image that is like it."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias, get_args

import numpy as np

from app.services.project_session import ProjectSession
from engine.imaging.geometry import Plane, axes
from engine.imaging.image import Image, Window
from engine.project.items import Item
from widgets.slice_view import Look, Zoomed

Shape: TypeAlias = tuple[int, int, int]


def look_key(item: Item) -> str:
    return f"look {item.id}"  # numbers are never given again


def write_look(look: Look) -> str:
    window = [] if look.window is None else [look.window.center, look.window.width]
    shown = [look.plane, look.index, window, look.zoom, look.middle, look.place, look.inverted, look.table]
    return json.dumps([*shown, look.beside])


def read_look(text: str) -> Look | None:
    """None where nothing was kept, or nothing that can be read."""
    try:
        plane, index, window, zoom, middle, *more = json.loads(text)
        down, across = map(float, middle)
        center, width = map(float, window or (0, 1))
        scale = None if zoom is None else float(zoom)
        sound = (
            all(map(math.isfinite, (down, across, center, width, scale or 1.0))) and width > 0 and (scale or 1.0) > 0
        )
        if plane not in get_args(Plane) or not sound:
            return None
        place = None
        if more and more[0] is not None:
            z, y, x = map(int, more[0])
            place = z, y, x
        inverted = len(more) > 1 and more[1] is True
        table = int(more[2]) if len(more) > 2 and more[2] is not None else None
        shown = Window(center, width) if window else None
        beside = tuple(filter(None, map(_read_zoomed, more[3]))) if len(more) > 3 else ()
        return Look(plane, int(index), shown, scale, (down, across), place, inverted, table, beside)
    except (ValueError, TypeError, OverflowError):
        return None


def _read_zoomed(values: Sequence[Any]) -> Zoomed | None:
    """None where it is not sound."""
    plane, zoom, (down, across) = values
    zoomed = Zoomed(plane, float(zoom), (float(down), float(across)))
    sound = plane in get_args(Plane) and all(map(math.isfinite, (zoomed.zoom, *zoomed.middle))) and zoomed.zoom > 0
    return zoomed if sound else None


def look_at_same_place(before: Image, look: Look, image: Image) -> Look:
    """The look at one volume of a series taken over by another, its window too: to the slice at the same place, where one lacks some."""
    through = axes(look.plane)[0]
    at = np.array([*(look.place or (0, 0, 0)), 1.0])
    at[through] = look.index
    found = np.linalg.solve(image.geometry.affine, before.geometry.affine @ at)[:3]
    z, y, x = (min(max(round(n), 0), size - 1) for n, size in zip(found.tolist(), image.shape, strict=True))
    return replace(look, index=(z, y, x)[through], window=look.window or before.window, place=(z, y, x))


def place_for_alike(before: Shape, look: Look, shape: Shape) -> Look:
    """Plane, place and zoom of the look at an image of one shape (z, y, x), taken over by the next, of another: as far in, and where the
    slices of the plane are of one size, as large and at the same place of them."""
    look = replace(look, window=None, inverted=False, table=None)
    if shape == before:
        return look
    if shape[0] == 1 or before[0] == 1:
        return Look(index=shape[0] // 2)
    look = replace(look, beside=())
    through, *across = axes(look.plane)
    as_large = all(shape[axis] == before[axis] for axis in across)
    index = _as_far_in(look.index, before[through], shape[through])
    if look.place is not None:
        z, y, x = (_as_far_in(*each) for each in zip(look.place, before, shape, strict=True))
        look = replace(look, place=(z, y, x))
    return replace(look, index=index) if as_large else replace(look, index=index, zoom=None, middle=(0.0, 0.0))


def _as_far_in(index: int, before: int, count: int) -> int:
    """The slice of `count` that lies where the one of `before` slices lies: ends at the ends, and the middle, which images open with, in
    the middle."""
    return round(float(np.interp(index, (0, before // 2, before - 1), (0, count // 2, count - 1))))


def slice_seen(session: ProjectSession, item: Item) -> int:
    """The stored slice of the item that was looked at last; the middle one, with which images open, where nobody did."""
    look = read_look(session.project.note(look_key(item))) if session.project is not None else None
    middle = item.shape[0] // 2
    return min(max(slice_of_look(look, middle), 0), item.shape[0] - 1) if look is not None else middle


def slice_of_look(look: Look, otherwise: int) -> int:
    """The stored slice that is seen in the look, or that its crosshair lies on; `otherwise` where it says neither."""
    if look.plane == "axial":
        return look.index
    return look.place[0] if look.place is not None else otherwise

"""How an item was looked at last: kept with the project, and taken over by the next image that is like it."""

import json
import math
from dataclasses import replace

from engine.imaging.image import Image, Window
from engine.project.items import Item
from widgets.slice_view import Look


def look_key(item: Item) -> str:
    return f"look {item.id}"  # numbers are never given again


def write_look(look: Look) -> str:
    window = [] if look.window is None else [look.window.center, look.window.width]
    return json.dumps([look.plane, look.index, window, look.zoom, look.middle])


def read_look(text: str) -> Look | None:
    """None where nothing was kept, or nothing that can be read."""
    try:
        plane, index, window, zoom, (down, across) = json.loads(text)
        numbers = [float(number) for number in (*window, *([] if zoom is None else [zoom]), down, across)]
        if plane not in ("axial", "coronal", "sagittal") or not all(map(math.isfinite, numbers)):
            return None
        return Look(plane, int(index), Window(*window) if window else None, zoom, (down, across))
    except (ValueError, TypeError):
        return None


def look_for_alike(before: Image, look: Look, image: Image) -> Look | None:
    """The look at an image taken over by the next: its place where the shapes are the same, its window where the values are, too."""
    if image.shape != before.shape:
        return None
    one, two = before.window, image.window
    same_values = image.modality == before.modality and (
        image.modality == "CT"
        or (one.width / 2 <= two.width <= one.width * 2 and abs(one.center - two.center) <= one.width)
    )
    return look if same_values else replace(look, window=None)

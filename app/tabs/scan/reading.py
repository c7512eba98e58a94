"""The look at an image while a part of it is read, and at the whole of it after."""

from dataclasses import replace

from engine.imaging.glimpse import Glimpse
from widgets.slice_view import Look


def slice_of_look(look: Look, otherwise: int) -> int:
    """The stored slice that is seen in the look, or that its crosshair lies on; `otherwise` where it says neither."""
    if look.plane == "axial":
        return look.index
    return look.place[0] if look.place is not None else otherwise


def look_at_part(kept: Look | None, glimpse: Glimpse) -> Look:
    """The look that the whole will have, as far as one stored slice, or the picture at a lower resolution, can have it."""
    if kept is None or kept.plane != "axial":
        return Look(window=None if kept is None else kept.window, inverted=kept is not None and kept.inverted)
    zoom = None if kept.zoom is None else kept.zoom * glimpse.scale
    middle = kept.middle[0] / glimpse.scale, kept.middle[1] / glimpse.scale
    return replace(kept, index=0, zoom=zoom, middle=middle, place=None, table=None)


def look_at_whole(kept: Look | None, look: Look, glimpse: Glimpse) -> Look:
    """The look that a person took while a part was there, at the whole; the window that was kept stays where no other was taken."""
    zoom = None if look.zoom is None else look.zoom / glimpse.scale
    middle = look.middle[0] * glimpse.scale, look.middle[1] * glimpse.scale
    before = kept or Look()
    return replace(
        before,
        plane="axial",
        index=glimpse.index,
        window=look.window or before.window,
        zoom=zoom,
        middle=middle,
        inverted=look.inverted,
    )

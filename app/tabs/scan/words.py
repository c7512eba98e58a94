"""The words around a scan: its corners and the place under the pointer."""

from dataclasses import replace

from engine.imaging.geometry import BodyPlane, Geometry, Plane, axes, body_plane
from engine.imaging.glimpse import Glimpse
from engine.imaging.image import Image
from engine.project.items import Item
from engine.words import translatable
from widgets.corners import CornerAnnotations
from widgets.figures import figure
from widgets.text import tr

_PLANE_NAMES: dict[BodyPlane, str] = {
    "axial": translatable("Axial"),
    "coronal": translatable("Coronal"),
    "sagittal": translatable("Sagittal"),
}


def corner_words(
    item: Item, image: Image, plane: Plane = "axial", legend: tuple[tuple[str, str], ...] = ()
) -> CornerAnnotations:
    """The plane of a volume, the item's name and what kind of image it is; the canvas adds slice, window and scale."""
    in_hu = image.modality != "CT" or image.unit == "HU"
    parts = [item.modality if in_hu else tr("CT, not in HU")]
    slices, height, width = item.shape
    if slices > 1 and item.calibrated:  # the item's: one slice does not know how far the next one is
        parts.append(figure(item.spacing[axes(plane)[0]], 1, "mm"))
    elif slices == 1:
        parts.append(tr("{width} × {height} px", width=width, height=height))
    title = f"{plane_name(image.geometry, plane)} · {item.name}" if slices > 1 else item.name
    return CornerAnnotations(title, " · ".join(part for part in parts if part), legend=legend)


def reading_words(item: Item, glimpse: Glimpse, percent: int | None, asked: int | None = None) -> CornerAnnotations:
    """As for the image, with how much of it is read, which slice of it this is, and which other one was `asked` for."""
    words = corner_words(item, glimpse.image)
    lines = [tr("Reading…") if percent is None else tr("Reading, {percent} %", percent=percent)]
    if glimpse.count > 1:
        lines.append(tr("Slice {number} / {count}", number=glimpse.index + 1, count=glimpse.count))
        if asked is not None and asked != glimpse.index:
            lines.append(tr("Slice {number} comes as soon as it is read", number=asked + 1))
    elif glimpse.scale > 1:
        lines.append(tr("Overview"))
    return replace(
        words, reading=tuple(lines), scale=glimpse.scale == 1
    )  # a pixel of an overview is none of the picture's


def plane_name(geometry: Geometry, plane: Plane) -> str:
    """How the slices lie in the patient; without one, between which axes of the volume."""
    body = body_plane(geometry, plane)
    if body is None:
        return "xyz".replace("zyx"[axes(plane)[0]], "").upper()
    return tr(_PLANE_NAMES[body])


def place_words(shape: tuple[int, int, int], at: tuple[int, int, int], value: str, name: str) -> list[str]:
    """Where the pointer is, counted from 1 as slices are; the value there; the class there."""
    z, y, x = (place + 1 for place in at)
    place = tr("x {x} · y {y}", x=x, y=y)
    if shape[0] > 1:
        place = tr("x {x} · y {y} · z {z}", x=x, y=y, z=z)
    return [place, value, name]


def lighten(color: str) -> str:
    """ "#rrggbb" two thirds of the way to white: the line of a prediction beside that of the mask."""
    return "#" + "".join(f"{(int(color[at : at + 2], 16) + 2 * 255) // 3:02X}" for at in (1, 3, 5))

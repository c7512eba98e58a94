"""OME-TIFF's description: which planes an image has, in which files they lie, how large a pixel is. Read as text: no XML is run."""

import html
import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from engine.imaging.files import display_name
from engine.imaging.lengths import TO_MM

_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*("[^"]*"|'[^']*')""")


@dataclass(frozen=True)
class Plane:
    """Where one plane lies: page `page` of the file called `file` ("" for the file itself)."""

    z: int
    channel: int
    time: int
    file: str
    page: int


@dataclass(frozen=True)
class Description:
    """The first image of an OME-TIFF. `spacing` (z, y, x) in mm, None where it is not said; z is 0 where that alone is not."""

    slices: int
    channels: int
    times: int
    planes: tuple[Plane, ...]
    spacing: tuple[float, float, float] | None
    images: int

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files that the planes lie in, in order."""
        return tuple(dict.fromkeys(plane.file for plane in self.planes if plane.file))


def describe(text: str) -> Description | None:
    """What the description says, None where it is none of OME."""
    pixels = re.search(r"<(?:\w+:)?Pixels\b([^>]*)>(.*?)(?:</(?:\w+:)?Pixels>|\Z)", text, re.DOTALL)
    if pixels is None or "<" not in text[:400]:
        return None
    about, inner = _attributes(pixels[1]), pixels[2]
    sizes = [max(_whole(about.get(f"Size{axis}"), 1), 1) for axis in "ZCT"]
    images = len(re.findall(r"<(?:\w+:)?Image\b", text))
    return Description(sizes[0], sizes[1], sizes[2], _planes(inner, about, sizes), _spacing(about), images)


def described_in(text: str) -> str:
    """The name of the file that describes the image instead, "" where there is none."""
    found = re.search(r"<(?:\w+:)?BinaryOnly\b([^>]*)>", text) if "<" in text[:400] else None
    return display_name(_attributes(found[1]).get("MetadataFile", "")) if found else ""


def _planes(inner: str, about: dict[str, str], sizes: Sequence[int]) -> tuple[Plane, ...]:
    order = about.get("DimensionOrder", "XYZCT").upper()[2:]
    planes = []
    for found in re.finditer(r"<(?:\w+:)?TiffData\b([^>]*?)(/>|>(.*?)</(?:\w+:)?TiffData>)", inner, re.DOTALL):
        data = _attributes(found[1])
        named = re.search(r"<(?:\w+:)?UUID\b([^>]*)>", found[3] or "")
        file = _attributes(named[1]).get("FileName", "") if named else ""
        first = {axis: _whole(data.get(f"First{axis}"), 0) for axis in "ZCT"}
        page = _whole(data.get("IFD"), 0)
        for step in range(min(_whole(data.get("PlaneCount"), 1), 1 << 16)):
            place, rest = dict(first), step
            for axis in order:
                size = sizes["ZCT".index(axis)]
                rest, place[axis] = divmod(place[axis] + rest, size)
            planes.append(Plane(place["Z"], place["C"], place["T"], file, page + step))
    return tuple(planes)


def _attributes(text: str) -> dict[str, str]:
    return {name: html.unescape(value[1:-1]) for name, value in _ATTRIBUTE.findall(text)}


def _whole(text: str | None, default: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,6}", text) else default


def _spacing(about: dict[str, str]) -> tuple[float, float, float] | None:
    sizes = []
    for axis in "ZYX":
        factor = TO_MM.get(about.get(f"PhysicalSize{axis}Unit", "µm"))
        try:
            size = float(about.get(f"PhysicalSize{axis}", "nan"))
        except ValueError:
            size = float("nan")
        sizes.append(size * factor if factor and 0 < size < float("inf") else None)
    z, y, x = sizes
    if y is None or x is None:
        return None
    return (z if z is not None else 0.0), y, x


def same_name(one: str, other: str) -> bool:
    """Whether a name in a description is that of a file, which stands in the same folder: names with a folder are nobody's."""
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", display_name(os.path.basename(other)))


def own_files(named: Sequence[str], there: Sequence[str]) -> list[str]:
    """Of the files `there` (paths in one folder), those that are named, in the order of the names."""
    return [path for name in named for path in there if same_name(name, path)]

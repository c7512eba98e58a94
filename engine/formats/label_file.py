"""Files of other programs that say what mask values mean: ITK-SNAP, 3D Slicer (tables and segmentations), nnU-Net, and COCO's categories."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from engine.errors import NotReadable
from engine.imaging.files import display_name, read_bytes
from engine.imaging.values import LabelName
from engine.labels.classes import UNLABELLED_NAME
from engine.text_encoding import decoded
from engine.words import translatable

__all__ = ["LabelName", "labels_beside", "read_labels"]

BESIDE = ("dataset.json", "labels.txt", "label.txt", "labels.ctbl", "labels.json")
"""Names that such a file usually has where it lies beside the masks."""

_SNAP = re.compile(r"""^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+[\d.]+\s+\d+\s+\d+\s+"(.*)"\s*$""")
_SLICER = re.compile(r"^\s*(\d+)\s+(\S+)\s+(\d+)\s+(\d+)\s+(\d+)\s+\d+\s*$")
_LAST = 255  # masks hold one byte
_MOST_BYTES = 1 << 22
_IGNORED = "ignore"  # nnU-Net's own word
_NOTHING = ("clear label", "background", "none")


def read_labels(path: Path) -> dict[int, LabelName]:
    """The names of the values from 1 on, in the order of the values; what the file calls background is left out.

    ITK-SNAP's label descriptions (value, red, green, blue, alpha, two flags, "name"), Slicer's colour tables (value, name, red, green,
    blue, alpha; "_" and "%20" are blanks), the segments of its .seg.nrrd, `labels` of an nnU-Net dataset.json of either version, and the
    categories of a COCO file. Raises NotReadable where it is none of these, or names no value.
    """
    found = {
        value: one
        for value, one in sorted(_pairs(path), key=lambda pair: pair[0])
        if 0 < value <= _LAST and one.name and one.name.casefold() not in _NOTHING
    }
    if not found:
        raise _unknown(path)
    return found


def labels_beside(masks: Path) -> Path | None:
    """A file of such a name in the folder of the masks or the one around it that names values; None where there is none."""
    return next((file for file in _beside(masks) if _names_values(file)), None)


def unread_beside(masks: Path) -> Path | None:
    """nnU-Net's description in the same places that names no value, as one of regions alone; None where there is none."""
    return next((file for file in _beside(masks) if file.name == BESIDE[0] and not _names_values(file)), None)


def _beside(masks: Path) -> Iterator[Path]:
    folder = masks if masks.is_dir() else masks.parent
    places = (place / name for place in (folder, folder.parent) for name in BESIDE)
    return (file for file in places if file.is_file())


def _names_values(file: Path) -> bool:
    try:
        read_labels(file)
    except (NotReadable, OSError):
        return False
    return True


def _pairs(path: Path) -> Iterable[tuple[int, LabelName]]:
    """Value and name, as often as the file says them. Raises NotReadable."""
    ending = path.suffix.lower()
    if ending in (".nrrd", ".nhdr"):
        from engine.imaging.nrrd import segment_names

        return segment_names(str(path)).items()
    data = read_bytes(str(path))
    if len(data) > _MOST_BYTES and ending != ".json":
        raise _unknown(path)
    text = decoded(data)
    return _of_json(path, text) if ending == ".json" else _of_lines(text)


def _of_lines(text: str) -> Iterator[tuple[int, LabelName]]:
    for line in text.splitlines():
        if snap := _SNAP.match(line):
            yield int(snap[1]), LabelName(snap[5].strip(), _hex(*snap.group(2, 3, 4)))
        elif slicer := _SLICER.match(line):
            yield int(slicer[1]), LabelName(unquote(slicer[2]).replace("_", " ").strip(), _hex(*slicer.group(3, 4, 5)))


def _of_json(path: Path, text: str) -> Iterator[tuple[int, LabelName]]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise _unknown(path) from fault
    if not isinstance(content, dict):
        return
    if isinstance(content.get("labels"), dict):
        yield from _of_nnunet(content["labels"])
    categories = content.get("categories")
    for one in categories if isinstance(categories, list) else ():
        if isinstance(one, dict) and isinstance(one.get("name"), str) and (id := _whole(one.get("id"))) is not None:
            yield id, LabelName(one["name"].strip())


def _of_nnunet(labels: Mapping[str, Any]) -> Iterator[tuple[int, LabelName]]:
    """Name to value (version 2; what is to be ignored nobody labelled), or value to name (version 1). A region of several values names none
    of them, and where one of these has no name of its own nothing is named: what would be of some values, would be of none."""
    regions = [value for value in labels.values() if isinstance(value, list)]
    named = {_whole(value) for value in labels.values()} | {_whole(one[0]) for one in regions if len(one) == 1}
    if any(_whole(value) not in named for region in regions for value in region):
        return
    for key, value in labels.items():
        if isinstance(value, str):
            number, name = _whole(key), value
        else:
            number, name = _whole(value[0] if isinstance(value, list) and len(value) == 1 else value), str(key)
            name = UNLABELLED_NAME if name == _IGNORED else name
        if number is not None:
            yield number, LabelName(name.strip())


def _whole(value: object) -> int | None:
    """The whole number that a value is or spells."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


def _hex(red: str, green: str, blue: str) -> str:
    return "#" + "".join(f"{min(int(part), 255):02X}" for part in (red, green, blue))


def _unknown(path: Path) -> NotReadable:
    return NotReadable(
        translatable("{file} does not say what mask values mean."),
        translatable(
            "Choose ITK-SNAP's label descriptions, a colour table or segmentation of Slicer, a dataset.json of nnU-Net or a COCO file."
        ),
        file=display_name(path.name),
    )

"""A mask file as the labels of an image: what its values mean, and where its voxels lie on the image's grid."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.imaging.geometry import (
    Geometry,
    covered_slices,
    fraction_outside,
    orientation_labels,
    resample_labels,
    uncalibrated,
)
from engine.imaging.read import first_slice, read_image, read_labels
from engine.imaging.scan import Found
from engine.labels.classes import LabelClass
from engine.labels.edit import Labels
from engine.progress import Notice
from engine.words import translatable


def parse_values(text: str) -> dict[int, str]:
    """ "0=background,128=cytoplasm" as a table."""
    table = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        number, _, name = part.partition("=")
        if not re.fullmatch(r"-?[0-9]{1,9}", number.strip()) or not name.strip():
            raise EngineError(
                translatable("{part} does not say what a mask value means."),
                translatable("Write for example 0=background,255=lung."),
                part=part,
            )
        table[int(number)] = name.strip()
    return table


def count_values(values: NDArray[np.integer[Any]]) -> dict[int, int]:
    """How many voxels hold each value, counted slice by slice to spare memory."""
    counts: dict[int, int] = {}
    for plane in values:
        for value, count in zip(*np.unique(plane, return_counts=True), strict=True):
            counts[int(value)] = counts.get(int(value), 0) + int(count)
    return dict(sorted(counts.items()))


class ImageMask(NamedTuple):
    """A mask on its image's grid, what was assumed or lost on the way, and the slices of the image that it speaks of."""

    labels: Labels
    notes: tuple[Notice, ...]
    slices: frozenset[int]


class MaskReader:
    """Reads mask files as classes on an image's grid, and refuses values to which nobody gave a meaning."""

    def __init__(
        self, table: Mapping[int, str] | None, classes: Sequence[LabelClass], *, others_background: bool = False
    ) -> None:
        """`table` says which value is which class's name; None leaves it to the masks. Raises EngineError for an unknown class."""
        places = {c.name.casefold(): place for place, c in enumerate(classes, 1)} | {"background": 0}
        self.guessed = False  # whether 255 was taken as the only class
        self._others = others_background
        self._classes = [c.name for c in classes]
        self._table: dict[int, int] | None = None
        if table is not None:
            unknown = [name for name in table.values() if name.casefold() not in places]
            if unknown:
                raise EngineError(
                    translatable("There is no class {name}."),
                    translatable("The classes are: {known}."),
                    name=unknown[0],
                    known=", ".join(self._classes),
                )
            self._table = {value: places[name.casefold()] for value, name in table.items()}

    def read(self, file: Path, image: Found) -> ImageMask:
        """The mask on the image's grid: by millimetres where both have a place in the patient, else voxel by voxel. Raises EngineError
        for a mask that does not belong to the image."""
        values, place = read_labels(file)
        labels = self._translate(values)
        # only a mask with millimetres of its own needs more of the image than its shape
        grid = uncalibrated(*image.shape[1:], image.shape[0]) if place is None else read_image(image.source).geometry
        if place is not None and place.patient_based and grid.patient_based:
            laid = resample_labels(labels, place, grid)
            slices = frozenset(range(len(laid))) if place.same_grid(grid) else covered_slices(place, grid)
            return ImageMask(laid, self._lost(labels, laid, place, grid), slices)
        if place is not None and grid.patient_based and image.source.kind == "dicom":
            raise EngineError(
                translatable(
                    "The mask does not say where it lies in the patient, so nobody can know how it is turned."
                ),
                translatable("Save it again with the place of the image it was drawn on (NIfTI's sform or qform)."),
            )
        if labels.shape != grid.shape:
            sizes = {"mask": _size(labels.shape), "image": _size(grid.shape)}
            raise EngineError(
                translatable("The mask is {mask}, the image {image}."),
                translatable("Choose masks of the image's own size."),
                **sizes,
            )
        return ImageMask(labels, _assumed(place, grid, image), frozenset(range(len(labels))))

    def _lost(self, labels: Labels, laid: Labels, place: Geometry, grid: Geometry) -> tuple[Notice, ...]:
        if place.same_grid(grid):
            return ()
        kept = count_values(laid)
        gone = [value for value in count_values(labels) if value and value not in kept]
        if gone:
            raise EngineError(
                translatable("Nothing of {label} is left of the mask where the image lies."),
                translatable("Check that both belong to the same study: their positions in millimetres do not meet."),
                label=self._classes[gone[0] - 1],
            )
        text = translatable("{lost:.1f} % of {label} in the mask lies outside the image and was left out.")
        return tuple(
            Notice(text, {"lost": max(100 * share, 0.1), "label": self._classes[value - 1]})
            for value, share in fraction_outside(labels, place, grid).items()
        )

    def _translate(self, values: NDArray[np.int32]) -> Labels:
        present = list(count_values(values))
        table = self._table if self._table is not None else self._guess(present)
        unknown = [v for v in present if v not in table]
        if unknown and not self._others:
            raise EngineError(
                translatable("The mask holds the value {value}, which has no class."),
                translatable("Say what it means, or take it as background."),
                value=unknown[0],
            )
        labels = np.zeros(values.shape, np.uint8)
        for value in present:
            if table.get(value, 0):
                labels[values == value] = table[value]
        return labels

    def _guess(self, present: Sequence[int]) -> dict[int, int]:
        if len(self._classes) == 1 and 255 in present and set(present) <= {0, 255}:
            self.guessed = True
            return {0: 0, 255: 1}
        return {v: v for v in range(len(self._classes) + 1)}


def _assumed(place: Geometry | None, grid: Geometry, image: Found) -> tuple[Notice, ...]:
    """What had to be taken for granted about a mask that could not be laid on by millimetres."""
    if place is not None:
        if place.patient_based == grid.patient_based or image.source.kind not in ("dicom", "nifti"):
            return ()
        text = translatable(
            "Either image or mask has no place in the patient: the mask was laid on voxel by voxel, as stored."
        )
        return (Notice(text),)
    if image.source.kind != "dicom" or image.shape[0] == 1:
        return ()
    *_, first, last = orientation_labels(first_slice(image.source).geometry, "coronal")
    if not first:
        return (Notice(translatable("The mask's slices were taken in the order of the image's.")),)
    text = translatable("The mask's slices were taken in the order of the image's, which run from {first} to {last}.")
    return (Notice(text, {"first": first, "last": last}),)


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(str(n) for n in reversed(shape if shape[0] > 1 else shape[1:]))

"""Every third slice painted: what is filled in between, beside the masks that people and networks made. Run as a script it prints the
table of docs/interpolation.md."""

import csv
import os
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import cv2
import nibabel
import numpy as np

from engine.imaging.geometry import resample_labels
from engine.imaging.image import Pixels
from engine.imaging.read import read_image, read_labels
from engine.imaging.scan import scan
from engine.labels.edit import Labels
from engine.labels.interpolation import fill_between
from engine.progress import result_of


class Case(NamedTuple):
    """An image (z, y, x), its labels, and a pixel's size (down, across)."""

    pixels: Pixels
    labels: Labels
    spacing: tuple[float, float]


def hippocampus(data: Path, count: int) -> Iterator[Case]:
    folder = data / "hippocampus_msd"
    with (folder / "splits.csv").open() as file:
        names = [row["file"] for row in csv.DictReader(file) if row["split"] == "dev"]
    for name in names[:count]:
        pixels, labels = (
            np.asarray(nibabel.load(folder / kind / name).dataobj).transpose(2, 1, 0) for kind in ("images", "labels")
        )
        yield Case(pixels, np.ascontiguousarray(labels, np.uint8), (1.0, 1.0))


def abdomen(data: Path) -> Iterator[Case]:
    folder = data / "ct_totalseg_dicom"
    image = read_image(result_of(scan([folder / "dicom"])).found[0].source)
    values, grid = read_labels(folder / "seg.nii.gz")
    assert grid is not None
    labels = resample_labels(values.astype(np.uint8), grid, image.geometry)
    yield Case(image.pixels, labels, image.geometry.spacing[1:])


def sections(data: Path) -> Iterator[Case]:
    """Cells in 30 consecutive sections under the electron microscope."""
    folder = data / "em_isbi2012"
    pixels, masks = (np.stack([_grey(path) for path in sorted((folder / kind).glob("*.png"))]) for kind in KINDS)
    yield Case(pixels, np.asarray(masks > 127, np.uint8), (1.0, 1.0))


KINDS = ("images", "masks")


def _grey(path: Path) -> Labels:
    found = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.asarray(found, np.uint8)


def every(labels: Labels, step: int) -> list[int]:
    held = np.flatnonzero(labels.any(axis=(1, 2)))
    return list(range(int(held[0]), int(held[-1]) + 1, step))


def filled_dice(case: Case, fill: Callable[[Case, Labels, list[int]], Labels], step: int) -> float:
    """The mean over classes of Dice over all filled slices between two painted ones that both hold the class; every `step`-th is
    painted."""
    keys = every(case.labels, step)
    painted = np.zeros_like(case.labels)
    painted[keys] = case.labels[keys]
    found = fill(case, painted, keys)
    both, sizes = np.zeros(256), np.zeros(256)
    for below, above in pairwise(keys):
        for value in np.intersect1d(case.labels[below], case.labels[above]):
            one, two = (each[below + 1 : above] == value for each in (found, case.labels))
            both[value] += 2 * np.count_nonzero(one & two)
            sizes[value] += np.count_nonzero(one) + np.count_nonzero(two)
    values = np.flatnonzero(sizes[1:]) + 1
    return float(np.mean(both[values] / sizes[values]))


def by_copy(case: Case, painted: Labels, keys: list[int]) -> Labels:
    nearest = [min(keys, key=lambda key: abs(key - z)) for z in range(len(painted))]
    return painted[nearest]


def by_shape(case: Case, painted: Labels, keys: list[int]) -> Labels:
    return fill_between(painted, keys, case.spacing)


def by_image(case: Case, painted: Labels, keys: list[int]) -> Labels:
    return fill_between(painted, keys, case.spacing, pixels=case.pixels)


WAYS = {"nearest slice": by_copy, "shape": by_shape, "shape and image": by_image}


def table(cases: list[Case], step: int = 3) -> dict[str, float]:
    return {name: float(np.mean([filled_dice(case, way, step) for case in cases])) for name, way in WAYS.items()}


def test_the_image_makes_hippocampi_better(data: Path) -> None:
    found = table(list(hippocampus(data, 8)))
    assert found["shape and image"] > found["shape"] + 0.015 > found["nearest slice"] + 0.04


def test_the_image_takes_nothing_from_organs(data: Path) -> None:
    found = table(list(abdomen(data)))
    assert found["shape and image"] > found["shape"]


def test_the_image_takes_nothing_from_cells(data: Path) -> None:
    found = table(list(sections(data)))
    assert found["shape and image"] > found["shape"]


if __name__ == "__main__":
    root = Path(os.environ.get("CONTORNO_DATA") or sys.argv[1])
    for cases in (list(hippocampus(root, 160)), list(abdomen(root)), list(sections(root))):
        for step in (2, 3, 4):
            row = {name: round(value, 3) for name, value in table(cases, step).items()}
            sys.stdout.write(f"{len(cases)} volumes, every {step}: {row}\n")
            sys.stdout.flush()

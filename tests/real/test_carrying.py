"""The mask of each painted slice carried one, two and three slices on, both ways, beside the masks that people and networks made. Run as
a script it prints the table of docs/interpolation.md."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.labels.carrying import carry
from engine.labels.edit import Labels
from tests.real.test_between import Case, abdomen, hippocampus, sections

FAR = 3


def copied(case: Case, labels: Labels, here: int, there: int) -> Labels:
    return labels


def by_image(case: Case, labels: Labels, here: int, there: int) -> Labels:
    return carry(labels, case.pixels[[here, there]], case.spacing)


WAYS: dict[str, Callable[[Case, Labels, int, int], Labels]] = {"copied": copied, "carried": by_image}


def carried_dice(case: Case, way: Callable[[Case, Labels, int, int], Labels], every: int = 1) -> list[float]:
    """The mean over classes of Dice one, two and three slices on, from each `every`-th slice in both directions; of a class there where
    both slices hold it, since nobody knows where it ends."""
    both, sizes = np.zeros((FAR, 256)), np.zeros((FAR, 256))
    for start in np.flatnonzero(case.labels.any(axis=(1, 2)))[::every].tolist():
        for step in (1, -1):
            labels = case.labels[start]
            for far in range(FAR):
                there = start + step * (far + 1)
                if not 0 <= there < len(case.labels):
                    break
                labels = way(case, labels, there - step, there)
                for value in np.intersect1d(case.labels[start], case.labels[there]):
                    one, two = labels == value, case.labels[there] == value
                    both[far, value] += 2 * np.count_nonzero(one & two)
                    sizes[far, value] += np.count_nonzero(one) + np.count_nonzero(two)
    held = np.flatnonzero(sizes[:, 1:].all(axis=0)) + 1
    return [float(each) for each in (both[:, held] / sizes[:, held]).mean(axis=1)]


def table(cases: list[Case], every: int = 1) -> dict[str, list[float]]:
    return {
        name: np.mean([carried_dice(case, way, every) for case in cases], axis=0).tolist() for name, way in WAYS.items()
    }


def test_carrying_beats_copying_on_hippocampi(data: Path) -> None:
    found = table(list(hippocampus(data, 6)), 3)
    gains = np.subtract(found["carried"], found["copied"])
    assert gains[0] > 0.02 and gains[1] > 0.06 and gains[2] > 0.1


def test_carrying_beats_copying_on_cells(data: Path) -> None:
    found = table(list(sections(data)), 6)
    assert (np.subtract(found["carried"], found["copied"]) > 0.03).all()


def test_carrying_beats_copying_on_organs_two_and_three_slices_on(data: Path) -> None:
    found = table(list(abdomen(data)), 6)
    assert (np.subtract(found["carried"], found["copied"])[1:] > 0.01).all()


if __name__ == "__main__":
    root = Path(os.environ.get("CONTORNO_DATA") or sys.argv[1])
    for cases in (list(hippocampus(root, 160)), list(abdomen(root)), list(sections(root))):
        for name, dice in table(cases).items():
            sys.stdout.write(f"{len(cases)} volumes, {name}: {np.round(dice, 3).tolist()}\n")
            sys.stdout.flush()

"""What a network says of an item, on its way into the project."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.project.layers import Tile
from engine.project.project import Project
from engine.project.runs import Run


@dataclass(frozen=True, eq=False)
class Predicted:
    """An item's labels, packed for the store."""

    item: int
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, eq=False)
class Classified:
    """What the network says of a whole image: one probability a class, summing to 1."""

    item: int
    probabilities: NDArray[np.float32]


def keep(project: Project, run: Run, prediction: Predicted | Classified) -> None:
    """Put it into the project, in place of an earlier one of that run."""
    if isinstance(prediction, Predicted):
        project.layers.replace(project.layers.make(prediction.item, "prediction", run.id), prediction.tiles)
    else:
        project.runs.set_probabilities(run, prediction.item, prediction.probabilities)

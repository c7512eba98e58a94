"""The item being opened: its image, mask and prediction are read away from the window, and the last few images stay in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from app.services.jobs import JobHandle, JobQueue, Lane
from engine.errors import EngineError
from engine.imaging.image import Image
from engine.imaging.read import read_image
from engine.labels.edit import Ids, Labels
from engine.labels.mask import Mask
from engine.progress import Progress, Work
from engine.project.items import Item
from engine.project.layers import Layer
from engine.project.project import Project
from engine.scoring.live import LiveDice
from engine.scoring.voxels import volume_histogram
from engine.words import translatable

_KEPT = 3  # images that stay in memory, so that going back and forth does not read them again


@dataclass(frozen=True)
class LoadedItem:
    """All that an item is shown with. `counts` says how often each of 256 values stands in the mask."""

    item: int
    image: Image
    layer: Layer | None  # of the mask; None where nothing was painted yet
    mask: Mask
    labelled: frozenset[int]  # slices
    counts: NDArray[np.int64]
    prediction: Labels | None
    prediction_ids: Ids | None  # of its objects, where the run tells them apart
    live: LiveDice | None


class ItemLoader(QObject):
    """Reads one item at a time; a newer wish takes the place of the one before. `done` and `failed` hear of the newest only."""

    def __init__(
        self,
        jobs: JobQueue,
        done: Callable[[LoadedItem], None],
        failed: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._done, self._failed = jobs, done, failed
        self._job: JobHandle | None = None
        self._images: dict[int, Image] = {}

    @property
    def loading(self) -> bool:
        return self._job is not None and self._job.active

    def start(self, project: Path, item: Item, run: int | None, classes: int) -> None:
        """Read the item with its mask, and with the prediction of `run` where that has one."""
        self.stop()
        known = self._images.get(item.id)
        work = partial(_loading, project, item, known, run, classes)
        self._job = self._jobs.start(self, Lane.ITEM, item.name, work, done=self._loaded, failed=self._failed)

    def stop(self) -> None:
        """Nobody waits for it any more."""
        if self._job is not None:
            self._job.drop()
            self._job = None

    def forget(self) -> None:
        """Another project came: numbers of items mean other images now."""
        self.stop()
        self._images.clear()

    def _loaded(self, found: LoadedItem) -> None:
        self._images.pop(found.item, None)
        self._images[found.item] = found.image
        for old in list(self._images)[:-_KEPT]:
            del self._images[old]
        self._done(found)


def _loading(path: Path, item: Item, known: Image | None, run: int | None, classes: int) -> Work[LoadedItem]:
    yield Progress(0, 3, item.name)
    image = read_image(item.present()) if known is None else known
    if image.shape != item.shape:
        raise EngineError(
            translatable("The image of {name} has changed since it was imported."),
            translatable("Import it again."),
            name=item.name,
        )
    yield Progress(1, 3, item.name)
    with Project.open(path, write=False) as project:
        layer = project.layers.mask(item.id)
        mask = project.layers.read_mask(layer, image.shape, objects=project.task == "instance")
        labelled = project.layers.labelled(item.id)
        yield Progress(2, 3, item.name)
        predicted = None if run is None else project.layers.prediction(item.id, run)
        prediction = None if predicted is None else project.layers.read(predicted, image.shape)
        ids = None if predicted is None or prediction is None else project.layers.read_ids(predicted, prediction)
    counts = volume_histogram(mask.labels)
    live = None if prediction is None else LiveDice(mask.labels, prediction, classes, labelled)
    return LoadedItem(item.id, image, layer, mask, labelled, counts, prediction, ids, live)

"""The item being opened: its image, mask and prediction are read away from the window, parts of it are shown meanwhile, and the last few
images and the next one stay in memory, as far as the budget goes."""

import math
import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from app.services.jobs import JobHandle, JobQueue, Lane
from engine.errors import EngineError
from engine.imaging.budget import budget
from engine.imaging.glimpse import Glimpse, SliceWish
from engine.imaging.image import Image, Source
from engine.imaging.read import opening
from engine.labels.edit import Ids, Labels
from engine.labels.mask import Mask
from engine.progress import Progress, Work
from engine.project.items import Item
from engine.project.layers import Layer
from engine.project.objects import ids_of_prediction
from engine.project.project import Project
from engine.scoring.live import LiveDice
from engine.scoring.voxels import volume_histogram

_KEPT = 3  # images that were shown and stay in memory, so that going back and forth does not read them again


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
    prediction_ids: Ids | None  # of its objects, where they are told apart
    live: LiveDice | None


_Stamp: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(eq=False)
class _Ahead:
    """An image that is read before its item is opened. `then` goes on with the item, where that was opened meanwhile."""

    item: int
    wish: SliceWish
    job: JobHandle | None = None
    glimpse: Glimpse | None = None
    then: Callable[[], None] | None = None


class ItemLoader(QObject):
    """Reads one item at a time; a newer wish takes the place of the one before. `done` and `failed` hear of the newest only, `seen` of
    what comes before it is there: Glimpse and Progress."""

    def __init__(
        self,
        jobs: JobQueue,
        done: Callable[[LoadedItem], None],
        failed: Callable[[BaseException], None],
        seen: Callable[[object], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._done, self._failed, self._seen = jobs, done, failed, seen
        self._job: JobHandle | None = None
        self._wish = SliceWish(0)
        self._images: dict[int, Image] = {}  # the one used last at the end
        self._unseen: dict[
            int, _Stamp
        ] = {}  # of images that were read ahead and not shown yet: their files as they were
        self._ahead: _Ahead | None = None

    @property
    def loading(self) -> bool:
        return (self._job is not None and self._job.active) or self._awaits_ahead

    @property
    def _awaits_ahead(self) -> bool:
        return self._ahead is not None and self._ahead.then is not None

    def start(self, project: Path, item: Item, run: int | None, classes: int, wanted: int) -> None:
        """Read the item with its mask, and with the prediction of `run` where that has one. `wanted` is the stored slice that will be
        shown first. An image that is being read ahead is waited for."""
        self.stop()
        if self._ahead is not None and self._ahead.item == item.id:
            self._wish = self._ahead.wish
            self._wish.number = wanted
            self._ahead.then = partial(self._read, project, item, run, classes)
            if self._ahead.glimpse is not None:
                self._seen(self._ahead.glimpse)
            return
        self._drop_ahead()
        self._wish = SliceWish(wanted)
        self._read(project, item, run, classes)

    def wish(self, number: int) -> None:
        """A person wants to see this stored slice of what is read, as soon as it is there."""
        self._wish.number = number

    def _read(self, project: Path, item: Item, run: int | None, classes: int) -> None:
        known = self._images.get(item.id)
        work = partial(_loading, project, item, known, self._unseen.get(item.id), run, classes, self._wish)
        self._job = self._jobs.start(
            self, Lane.ITEM, item.name, work, done=self._loaded, failed=self._failed, reported=self._seen
        )

    def stop(self) -> None:
        """Nobody waits for it any more."""
        if self._job is not None:
            self._job.drop()
            self._job = None
        if self._ahead is not None:
            self._ahead.then = None

    def forget(self) -> None:
        """Another project came: numbers of items mean other images now."""
        self.stop()
        self._drop_ahead()
        self._images.clear()
        self._unseen.clear()

    def read_ahead(self, item: Item | None) -> None:
        """Read this item's image while the one that is open is worked on, where both fit into the budget; what was read ahead before is
        given up, where it is another."""
        if self._ahead is not None and item is not None and self._ahead.item == item.id:
            return
        self._drop_ahead()
        if item is None or item.id in self._images:
            return
        room = budget() - _most_bytes(item)
        if sum(image.pixels.nbytes for image in list(self._images.values())[-1:]) > room:
            return
        self._keep_within(room, _KEPT)
        self._ahead = ahead = _Ahead(item.id, SliceWish(item.shape[0] // 2))
        ahead.job = self._jobs.start(
            self,
            Lane.AHEAD,
            item.name,
            partial(_reading_ahead, item, ahead.wish),
            done=partial(self._have_ahead, ahead),
            failed=partial(self._ahead_failed, ahead),
            reported=partial(self._seen_ahead, ahead),
        )

    def _drop_ahead(self) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.job is not None:
            ahead.job.drop()

    def _seen_ahead(self, ahead: _Ahead, event: object) -> None:
        if isinstance(event, Glimpse):
            ahead.glimpse = event
        if ahead.then is not None:
            self._seen(event)

    def _have_ahead(self, ahead: _Ahead, found: tuple[Image, _Stamp]) -> None:
        self._ahead = None
        image, self._unseen[ahead.item] = found
        self._images = {ahead.item: image, **self._images}  # the open one stays the last
        if ahead.then is not None:
            ahead.then()

    def _ahead_failed(self, ahead: _Ahead, fault: BaseException) -> None:
        """Said where the item was opened; else when it will be."""
        self._ahead = None
        if ahead.then is not None:
            self._failed(fault)

    def _loaded(self, found: LoadedItem) -> None:
        self._images.pop(found.item, None)
        self._unseen.pop(found.item, None)
        self._images[found.item] = found.image
        self._keep_within(budget(), _KEPT)
        self._done(found)

    def _keep_within(self, bytes: int, count: int) -> None:
        """Let go of the images that were not used for longest; the one that is open stays."""
        kept = list(self._images)
        while len(kept) > 1 and (len(kept) > count or sum(self._images[id].pixels.nbytes for id in kept) > bytes):
            gone = kept.pop(0)
            del self._images[gone]
            self._unseen.pop(gone, None)


def _most_bytes(item: Item) -> int:
    """More than its pixels can take: colours have three bytes, grey values at most four."""
    return math.prod(item.shape) * 4


def _reading(item: Item, wanted: SliceWish) -> Work[Image]:
    """The image, with its Glimpses, and a Progress a percent. To know the files again takes as long as reading them where they are
    many: a slice of a series is seen before that, and nothing more."""
    kept = item.source
    source = Source(kept.files, kept.kind, kept.index, item.modality) if len(kept.files) > 1 else item.present()
    known, percent = len(kept.files) == 1, -1
    with closing(opening(source, wanted)) as work:
        while True:
            try:
                event = next(work)
            except StopIteration as end:
                image: Image = end.value
                break
            except EngineError:
                item.files()  # says it better where they are gone, or others
                raise
            if isinstance(event, Progress):
                now = 100 * event.done // max(event.total, 1)
                if now == percent:
                    continue
                percent = now
            yield event
            if not known and isinstance(event, Glimpse):
                item.files()
                known = True
    if not known:
        item.files()
    return image


def _reading_ahead(item: Item, wanted: SliceWish) -> Work[tuple[Image, _Stamp]]:
    stamp = _stamp(item)
    return (yield from _reading(item, wanted)), stamp


def _stamp(item: Item) -> _Stamp:
    """What tells its files from what they may be later. Raises EngineError where they are not there."""
    files = item.files()
    try:
        return tuple((at.st_mtime_ns, at.st_size) for at in map(os.stat, files))
    except OSError:
        item.files()  # says what became of them a moment ago
        raise


def _loading(
    path: Path,
    item: Item,
    known: Image | None,
    stamp: _Stamp | None,
    run: int | None,
    classes: int,
    wanted: SliceWish,
) -> Work[LoadedItem]:
    yield Progress(0, 0, item.name)
    if stamp is not None and _stamp(item) != stamp:
        known = None  # it was read ahead, and its files are others now
    image = (yield from _reading(item, wanted)) if known is None else known
    item.check_image(image)
    yield Progress(0, 0, item.name)
    with Project.open(path, write=False) as project:
        layer = project.layers.mask(item.id)
        mask = project.layers.read_mask(layer, image.shape, objects=project.task == "instance")
        labelled = project.layers.labelled(item.id)
        yield Progress(0, 0, item.name)
        predicted = None if run is None else project.layers.prediction(item.id, run)
        prediction = None if predicted is None else project.layers.read(predicted, image.shape)
        ids = None if predicted is None or prediction is None else ids_of_prediction(project, predicted, prediction)
    counts = volume_histogram(mask.labels)
    live = None if prediction is None else LiveDice(mask.labels, prediction, classes, labelled)
    return LoadedItem(item.id, image, layer, mask, labelled, counts, prediction, ids, live)

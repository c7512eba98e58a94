"""Images that are looked at beside the open item, read away from the window: phases of its series, a second item."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.project_session import ProjectSession
from engine.imaging.budget import budget
from engine.imaging.image import Image, Source
from engine.imaging.read import read_image
from engine.labels.edit import Labels
from engine.progress import Progress, Work
from engine.project.items import Item
from engine.project.project import Project

_GREY, _COLOR, _LABEL = 4, 3, 1  # bytes of a voxel at most


@dataclass(frozen=True, eq=False)
class SideItem:
    """An item to look at; `labels` None where nothing was painted, or masks are not looked at."""

    item: int
    source: Source
    image: Image
    labels: Labels | None


class SideReader(QObject):
    """Holds what was asked for last, in that order as far as the memory budget of one image goes, and reads one after another; with its
    `masks` where those are looked at too."""

    arrived = Signal(int)  # id of an item that is there now
    failed = Signal(int, object)  # id of an item that could not be read, and the exception

    def __init__(self, session: ProjectSession, jobs: JobQueue, parent: QObject, *, masks: bool = True) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._masks = session, jobs, masks
        self._wanted: list[Item] = []
        self._there: dict[int, SideItem] = {}
        self._stale: set[int] = set()  # whose masks may be others by now
        self._lost: set[int] = set()  # could not be read
        self._job: JobHandle | None = None
        self._reading = 0  # id of the item that the job reads
        self._repainted = False  # while it was read
        session.project_changed.connect(self.forget)
        session.images_relocated.connect(self.forget)

    def get(self, item: int) -> SideItem | None:
        """What was asked for, if it is there with its mask as it is now."""
        return None if item in self._stale else self._there.get(item)

    @property
    def lost(self) -> frozenset[int]:
        """Items that could not be read."""
        return frozenset(self._lost)

    def want(self, items: Sequence[Item]) -> int:
        """Hold these, the first one first; what is not among them is let go of. How many of them the memory takes comes back: one at least."""
        self._wanted, room = [], budget()
        for item in items:
            room -= _bytes(item)
            if room < 0 and self._wanted:
                break
            self._wanted.append(item)
        sources = {item.id: item.source for item in self._wanted}
        self._there = {id: each for id, each in self._there.items() if sources.get(id) == each.source}
        self._stale &= self._there.keys()
        self._next()
        return len(self._wanted)

    def repainted(self, item: int) -> None:
        """The mask of that item may be another: it is read again, its image is not."""
        self._repainted |= item == self._reading
        if item in self._there:
            self._stale.add(item)

    @Slot()
    def forget(self) -> None:
        """Let go of everything: another project came, or files moved."""
        if self._job is not None:
            self._job.drop()
            self._job = None
        self._wanted, self._there = [], {}
        self._stale.clear()
        self._lost.clear()

    def _next(self) -> None:
        """Read what is wanted next: a job that reads something else, which nobody wants any more, ends by itself."""
        project = self._session.project
        if self._job is not None or project is None:
            return
        missing = (each for each in self._wanted if each.id not in self._lost)
        item = next((each for each in missing if each.id not in self._there or each.id in self._stale), None)
        if item is None:
            return
        known = self._there.get(item.id)
        self._reading, self._repainted = item.id, False
        work = partial(_reading, project.path if self._masks else None, item, known)
        failed = partial(self._failed, item.id)
        self._job = self._jobs.start(self, Lane.BESIDE, item.name, work, done=self._read, failed=failed)

    def _read(self, found: SideItem) -> None:
        self._job = None
        if any(item.id == found.item for item in self._wanted):
            self._there[found.item] = found
            if self._repainted:  # meanwhile
                self._stale.add(found.item)
            else:
                self._stale.discard(found.item)
                self.arrived.emit(found.item)
        self._next()

    def _failed(self, item: int, fault: BaseException) -> None:
        self._job = None
        self._lost.add(item)
        self.failed.emit(item, fault)
        self._next()


def _bytes(item: Item) -> int:
    z, y, x = item.shape
    return z * y * x * ((_COLOR if item.color else _GREY) + _LABEL)


def _reading(path: Path | None, item: Item, known: SideItem | None) -> Work[SideItem]:
    """`path` is the project that has the mask, None where nobody looks at it."""
    yield Progress(0, 2, item.name)
    if known is None:
        known = SideItem(item.id, item.source, read_image(item.present()), None)
    item.check_image(known.image)
    if path is None:
        return known
    yield Progress(1, 2, item.name)
    with Project.open(path, write=False) as project:
        layer = project.layers.mask(item.id)
        labels = None if layer is None else project.layers.read(layer, item.shape)
    return replace(known, labels=labels)

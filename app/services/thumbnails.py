"""Small pictures of items, made in the background and kept in memory only: a cache on disk would hold pictures of patients."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.project_session import ProjectSession
from engine.errors import EngineError
from engine.imaging.image import Source
from engine.imaging.read import first_slice
from engine.imaging.thumbnail import thumbnail
from engine.progress import Progress, Work
from widgets.qimages import to_qimage

_MOST = 4000
_AT_ONCE = 16


class Thumbnails(QObject):
    """`ask` for an item's picture; `ready` brings it. The newest wishes come first, as a list is scrolled."""

    ready = Signal(int, QImage)
    forgotten = Signal()  # pictures that were given, or could not be, are out of date: ask again

    def __init__(self, session: ProjectSession, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._made: OrderedDict[int, QImage] = OrderedDict()
        self._wanted: list[int] = []
        self._job: JobHandle | None = None
        session.project_changed.connect(self._forget)
        session.images_relocated.connect(self._forget)

    def get(self, item: int) -> QImage | None:
        """The picture if it is there; else it is asked for."""
        found = self._made.get(item)
        if found is None:
            self.ask(item)
        return found

    @Slot(int)
    def ask(self, item: int) -> None:
        if item in self._made:
            self.ready.emit(item, self._made[item])
        elif item not in self._wanted:
            self._wanted.append(item)
            self._next()

    def _next(self) -> None:
        if self._job is not None or not self._wanted:
            return
        now, self._wanted = self._wanted[-_AT_ONCE:][::-1], self._wanted[:-_AT_ONCE]
        sources = self._sources(now)
        self._job = self._jobs.start(
            self,
            Lane.THUMBNAILS,
            "",
            lambda: _make(sources),
            done=self._over,
            failed=self._failed,
            reported=self._event,
            cancelled=self._over,
        )

    def _sources(self, wanted: Sequence[int]) -> list[tuple[int, Source]]:
        """Where the pictures of these items come from."""
        project = self._session.project
        if project is None:
            return []
        found = []
        for id in wanted:
            try:
                item = project.items.get(id)
                found.append((id, replace(item.source, modality=item.modality)))
            except EngineError:  # removed meanwhile
                continue
        return found

    def _event(self, event: object) -> None:
        if isinstance(event, tuple):
            item, image = event
            self._made[item] = image
            while len(self._made) > _MOST:
                self._made.popitem(last=False)
            self.ready.emit(item, image)

    def _failed(self, fault: BaseException) -> None:
        self._session.failed.emit(fault)
        self._over()

    def _over(self, result: object = None) -> None:
        self._job = None
        self._next()

    @Slot()
    def _forget(self) -> None:
        self._made.clear()
        self._wanted.clear()
        if self._job is not None:  # the same numbers mean other items, or other images of theirs
            self._job.drop()
            self._job = None
        self.forgotten.emit()


def _make(sources: Sequence[tuple[int, Source]]) -> Work[None]:
    for number, (id, source) in enumerate(sources):
        yield Progress(number, len(sources))
        try:
            picture = thumbnail(first_slice(source))
        except EngineError:  # the list shows its own sign for an image that cannot be read
            continue
        yield id, to_qimage(picture)

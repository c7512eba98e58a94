"""What is known of the case on the screen: where mask and prediction differ, and how far apart their surfaces are. Made in jobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.jobs import Job, JobQueue
from app.services.session import Session
from engine.labels.edit import Box, Labels
from engine.progress import Work
from engine.scoring.differences import Difference, SliceDifferences, find_differences, largest_regions
from engine.scoring.surface import SurfaceScores, measure_surfaces
from widgets.text import tr

LANE = "case"  # of its own: the scores of a whole set may take minutes, and the reader waits for this one
SHOWN = 20  # regions that are listed
_REST = 400  # ms without a correction after which the distances are measured again


@dataclass(frozen=True, eq=False)
class _Found:
    """Which question it answers, and the answer."""

    turn: int
    slices: tuple[SliceDifferences, ...] = ()
    surfaces: tuple[SurfaceScores, ...] | None = None


class CaseStudy(QObject):
    """Follows the session's case while `watching`: studies it anew when it changes, a corrected box by its slices alone."""

    regions_changed = Signal()
    surfaces_changed = Signal()

    def __init__(self, session: Session, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self.regions: tuple[Difference, ...] = ()  # the largest first
        self.count = 0  # of all regions
        self.known = False  # False: still being looked for, or there is nothing to compare
        self.surfaces: tuple[SurfaceScores, ...] | None = None  # by class; None: being measured, or nothing to compare
        self._slices: dict[int, SliceDifferences] = {}
        self._turn = 0
        self._corrected: set[int] = set()
        self._asked: set[Job] = set()
        self._watching = False
        self._stale = True
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._measure)
        session.image_changed.connect(self.start)
        session.prediction_changed.connect(self.start)
        session.leaving.connect(self._clear)
        session.mask_changed.connect(self._corrected_there)
        session.history_changed.connect(self._history)

    @property
    def possible(self) -> bool:
        """Whether there is a mask and a prediction to compare."""
        return self._session.mask is not None and self._session.prediction is not None

    def watch(self, watching: bool) -> None:
        """Study only while somebody looks: what happened meanwhile is caught up with."""
        self._watching = watching
        if watching and self._stale:
            self.start()

    @Slot()
    def start(self) -> None:
        """Study the case from the beginning."""
        self._clear()
        if not self._watching:
            return
        self._stale = False
        if self._session.mask is not None and self._session.prediction is not None:
            self._look(range(self._session.mask.shape[0]))
            self._measure()

    @Slot()
    def _clear(self) -> None:
        self._turn += 1
        self._rest.stop()
        for job in list(self._asked):
            self._jobs.cancel(job)
        self._slices, self._corrected = {}, set()
        self.regions, self.count, self.known, self.surfaces = (), 0, False, None
        self._stale = True
        self.regions_changed.emit()
        self.surfaces_changed.emit()

    @Slot(object)
    def _corrected_there(self, box: Box) -> None:
        self._corrected |= set(range(box.low[0], box.high[0]))

    @Slot()
    def _history(self) -> None:
        """An edit was kept. Strokes in the Label tab do not tell their box: they are caught up with as a whole."""
        if not self._watching:
            self._stale = True
            self._corrected.clear()
            return
        if self._stale or not self.possible or not self._corrected:
            return
        self._look(sorted(self._corrected))
        self._corrected.clear()
        self.surfaces = None
        self.surfaces_changed.emit()
        self._rest.start()

    def _look(self, indices: Sequence[int]) -> None:
        mask, prediction, turn = self._session.mask, self._session.prediction, self._turn
        assert mask is not None
        assert prediction is not None
        truth = mask.labels[np.asarray(indices)]  # a copy: the mask goes on changing
        self._add(tr("Looking for differences"), lambda: _looking(turn, tuple(indices), truth, prediction))

    @Slot()
    def _measure(self) -> None:
        session, turn = self._session, self._turn
        if session.mask is None or session.prediction is None or session.image is None:
            return
        truth, prediction, classes = session.mask.labels.copy(), session.prediction, len(session.classes)
        spacing = session.image.geometry.spacing
        self._add(tr("Measuring distances"), lambda: _measuring(turn, truth, prediction, classes, spacing))

    def _add(self, title: str, make: Callable[[], Work[_Found]]) -> None:
        self._asked.add(self._jobs.add(LANE, title, make, self._found, self._not_found, cancelled=self._over))

    @Slot()
    def _over(self) -> None:
        job = self.sender()
        if isinstance(job, Job):
            self._asked.discard(job)

    @Slot(object)
    def _found(self, found: _Found) -> None:
        self._over()
        if found.turn != self._turn:
            return
        if found.surfaces is not None:
            if not self._rest.isActive():  # corrected meanwhile: measured again soon
                self.surfaces = found.surfaces
                self.surfaces_changed.emit()
            return
        self._slices |= {each.index: each for each in found.slices}
        self.regions, self.count = largest_regions(self._slices.values(), SHOWN)
        self.known = True
        self.regions_changed.emit()

    @Slot(object)
    def _not_found(self, fault: BaseException) -> None:
        self._over()
        self._session.failed.emit(fault)


def _looking(turn: int, indices: Sequence[int], truth: Labels, predicted: Labels) -> Work[_Found]:
    """`truth` holds the slices `indices` alone, `predicted` is the whole volume."""
    slices = yield from find_differences(truth, predicted[np.asarray(indices)], indices)
    return _Found(turn, tuple(slices))


def _measuring(
    turn: int, truth: Labels, predicted: Labels, classes: int, spacing: tuple[float, float, float]
) -> Work[_Found]:
    found = yield from measure_surfaces(truth, predicted, classes, spacing)
    return _Found(turn, surfaces=tuple(found))

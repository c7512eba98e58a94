"""What is known of the case on the screen: where mask and prediction differ (of objects, what became of each), and how far apart their
surfaces are. Made in jobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.project_session import ProjectSession
from engine.imaging.geometry import Geometry
from engine.labels.edit import Box, Ids, Labels
from engine.progress import Work
from engine.scoring.differences import AnyDifference, SliceDifferences, find_differences, largest_regions
from engine.scoring.instances import FOUND
from engine.scoring.object_differences import ComparedCase, compare_objects
from engine.scoring.surface import SurfaceScores, measure_surfaces, unit_of
from widgets.text import tr

SHOWN = 2000  # regions that can be listed
_REST = 400  # ms without a correction after which the distances are measured again


@dataclass(frozen=True, eq=False)
class _Found:
    """The answer to one question."""

    slices: tuple[SliceDifferences, ...] = ()
    surfaces: tuple[SurfaceScores, ...] | None = None
    objects: ComparedCase | None = None


class CaseStudy(QObject):
    """Follows the session's case while `watching`: studies it anew when it changes, a corrected box by its slices alone."""

    regions_changed = Signal()
    surfaces_changed = Signal()

    def __init__(self, session: ProjectSession, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        # the largest first; objects that were not simply found, where they are told apart
        self.regions: tuple[AnyDifference, ...] = ()
        self.count = 0  # of all regions
        self.objects: ComparedCase | None = None  # where the mask tells objects apart
        self.unlabelled = False  # nothing was labelled when the case was studied from the beginning
        self.known = False  # False: still being looked for, or there is nothing to compare
        self.surfaces: tuple[SurfaceScores, ...] | None = None  # by class; None: being measured, or nothing to compare
        self._slices: dict[int, SliceDifferences] = {}
        self._corrected: set[int] = set()
        self._asked: list[JobHandle] = []
        self._matching: JobHandle | None = None  # the newest of the comparisons of objects
        self._compared: frozenset[int] | None = None  # the labelled slices when it was looked at; None: it was not
        self._watching = False
        self._stale = True
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._measure)
        session.current.image_changed.connect(self.start)
        session.predictions.prediction_changed.connect(self.start)
        session.current.item_about_to_close.connect(self._clear)
        session.current.mask_changed.connect(self._corrected_there)
        session.current.history_changed.connect(self._history)

    @property
    def possible(self) -> bool:
        """Whether there is a mask and a prediction to compare."""
        return self._session.current.mask is not None and self._session.predictions.labels is not None

    @property
    def slices(self) -> frozenset[int]:
        """The slices that are compared: the labelled ones, as scores are; all of a case where none was."""
        mask = self._session.current.mask
        if mask is None or not self.unlabelled:
            return self._session.current.labelled
        return frozenset(range(mask.shape[0]))

    @property
    def measurable(self) -> bool:
        """Whether distances between surfaces mean anything: with slices missing, what is only the end of the labels would pass for one."""
        mask = self._session.current.mask
        return mask is not None and len(self.slices) == mask.shape[0]

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
        self.unlabelled = not self._session.current.labelled
        if self._session.current.mask is not None and self._session.predictions.labels is not None:
            self._look(range(self._session.current.mask.shape[0]))
            self._measure()

    @Slot()
    def _clear(self) -> None:
        self._rest.stop()
        for handle in self._asked:
            handle.drop()
        self._asked.clear()
        self._slices, self._corrected, self.objects = {}, set(), None
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
        others = self._compared is not None and self._compared != self._session.current.labelled
        if self._stale or not self.possible or not (self._corrected or others):
            return
        self._look(sorted(self._corrected))
        self._corrected.clear()
        self.surfaces = None
        self.surfaces_changed.emit()
        self._rest.start()

    def _look(self, indices: Sequence[int]) -> None:
        mask, prediction = self._session.current.mask, self._session.predictions.labels
        assert mask is not None
        assert prediction is not None
        labels, ids, unknown = mask.labels, mask.ids, self._session.predictions.unknown
        title = tr("Looking for differences")
        slices, self._compared = self.slices, self._session.current.labelled
        if ids is None:
            self._slices = {z: each for z, each in self._slices.items() if z in slices}
            wanted = tuple(z for z in sorted(slices) if z in indices or z not in self._slices)
            self._add(title, lambda: _looking(wanted, labels, prediction, unknown))
            return
        if self._matching is not None:
            self._matching.drop()  # of objects all are matched anew: one that changed may be another's match now
        said = prediction, self._session.predictions.ids
        name = self._session.current.item.name if self._session.current.item is not None else ""
        self._matching = self._add(title, lambda: _matching(name, (labels, ids), said, slices, unknown))

    @Slot()
    def _measure(self) -> None:
        session = self._session
        if session.current.mask is None or session.predictions.labels is None or session.current.image is None:
            return
        if not self.measurable:
            return
        truth, prediction, classes = session.current.mask.labels, session.predictions.labels, len(session.classes)
        grid = session.current.image.geometry
        self._add(tr("Measuring distances"), lambda: _measuring(truth, prediction, classes, grid))

    def _add(self, title: str, make: Callable[[], Work[_Found]]) -> JobHandle:
        self._asked = [handle for handle in self._asked if handle.active]
        self._asked.append(self._jobs.start(self, Lane.CASE, title, make, done=self._found))
        return self._asked[-1]

    def _found(self, found: _Found) -> None:
        if found.surfaces is not None:
            if not self._rest.isActive():  # corrected meanwhile: measured again soon
                self.surfaces = found.surfaces
                self.surfaces_changed.emit()
            return
        if found.objects is not None:
            self.objects = found.objects
            wrong = [each for each in found.objects.differences if each.fate != FOUND]
            self.regions, self.count = tuple(wrong[:SHOWN]), len(wrong)
        else:
            self._slices |= {each.index: each for each in found.slices if each.index in self.slices}
            self.regions, self.count = largest_regions(self._slices.values(), SHOWN)
        self.known = True
        self.regions_changed.emit()


def _looking(indices: Sequence[int], truth: Labels, predicted: Labels, unknown: frozenset[int]) -> Work[_Found]:
    """Of the slices `indices` of whole volumes. They are copied here, not on the window's thread: a slice that is painted on
    meanwhile is looked at again when the stroke has ended."""
    places = np.asarray(indices, np.intp)
    slices = yield from find_differences(truth[places], predicted[places], indices, unknown)
    return _Found(tuple(slices))


def _matching(
    name: str,
    mine: tuple[Labels, Ids],
    model: tuple[Labels, Ids | None],
    labelled: frozenset[int],
    unknown: frozenset[int],
) -> Work[_Found]:
    """Of a whole case, copied here as in `_looking`."""
    labels, ids = mine
    mine = labels.copy(), ids.copy()
    return _Found(objects=(yield from compare_objects(name, mine, model, labelled, unknown)))


def _measuring(truth: Labels, predicted: Labels, classes: int, grid: Geometry) -> Work[_Found]:
    truth = truth.copy()  # measured again where it is painted on meanwhile
    found = yield from measure_surfaces(truth, predicted, classes, grid.spacing, unit=unit_of(grid.calibrated))
    return _Found(surfaces=tuple(found))

"""What Auto would make of the next run, asked in the background before a person presses Train."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.project_session import ProjectSession
from app.services.training_runner import TrainingRunner
from engine.config import TrainConfig
from engine.errors import EngineError
from engine.imaging.geometry import SideAxis
from engine.progress import Notice, Work
from engine.project.checks import MaskValues
from engine.project.project import Project
from widgets.text import tr

_AFTER = 600  # ms without a change: a slider that is dragged is not planned at every step
_SECONDS = 6.0  # of timing, at most


class PlanAhead(QObject):
    """`config` is what the recipe comes to, `said` are Auto's reasons, `not_learnt` is what a training would pass over; None and empty
    before an answer, and where there is nothing to train on. `wanted` says whether anybody looks: nothing is asked before, and never
    beside a training."""

    changed = Signal()

    def __init__(
        self, session: ProjectSession, jobs: JobQueue, trainings: TrainingRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._trainings = session, jobs, trainings
        self.config: TrainConfig | None = None
        self.said: tuple[Notice, ...] = ()
        self.not_learnt: tuple[Notice, ...] = ()
        self._held: dict[
            int, tuple[int, ...]
        ] = {}  # what the masks hold, by item: other settings change nothing of that
        self._job: JobHandle | None = None
        self._wanted, self._stale = False, True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER)
        self._timer.timeout.connect(self._ask)
        for change in (session.project_changed, session.items_changed, session.classes_changed):
            change.connect(self._forget_masks)
        session.current.stored_mask_changed.connect(self._mask_changed)
        trainings.recipe.changed.connect(self._forget)
        trainings.training_changed.connect(self._training_changed)

    @property
    def asking(self) -> bool:
        return self._job is not None and self.config is None

    def want(self, wanted: bool) -> None:
        """Somebody looks now, or no longer."""
        self._wanted = wanted
        if wanted and self._stale:
            self._timer.start()

    @Slot()
    def _forget(self) -> None:
        """What was answered is of other settings or data."""
        self._stale = True
        self._drop()
        if self.config is not None:
            self.config, self.said, self.not_learnt = None, (), ()
            self.changed.emit()
        if self._wanted:
            self._timer.start()

    @Slot()
    def _forget_masks(self) -> None:
        """Items came or went, or masks with classes that are gone."""
        self._held = {}
        self._trainings.recipe.side_axes = None
        self._forget()

    @Slot(int)
    def _mask_changed(self, item: int) -> None:
        self._held.pop(item, None)
        self._forget()

    def _drop(self) -> None:
        if self._job is not None:  # what it says late is of other settings
            self._job.drop()
            self._job = None

    @Slot()
    def _training_changed(self) -> None:
        if self._trainings.training:
            self._timer.stop()
            self._drop()
            self._stale = True
        elif self._wanted and self._stale:
            self._timer.start()

    @Slot()
    def _ask(self) -> None:
        project = self._session.project
        if not self._wanted or project is None or self._trainings.training or self._job is not None:
            return
        try:
            config = self._trainings.recipe.ready()
        except EngineError:  # nothing to train on: the recipe says so itself
            return
        self._stale = False
        folder, held = project.path, dict(self._held)
        self._job = self._jobs.start(
            self,
            Lane.LEARNING,
            tr("Planning the training"),
            lambda: _planned(folder, config, held),
            done=self._looked_through,
            reported=self._have,
            failed=self._failed,
            cancelled=self._ended,
            brief=True,
        )
        self.changed.emit()

    def _have(self, event: object) -> None:
        if isinstance(event, _Answer):
            self.config, self.said = event.config, event.said
            self._trainings.recipe.side_axes = event.side_axes
            self.changed.emit()
        elif isinstance(event, MaskValues):
            self._held |= event.values

    def _looked_through(self, not_learnt: Sequence[Notice]) -> None:
        self.not_learnt = tuple(not_learnt)
        self._ended()

    def _failed(self, fault: BaseException) -> None:
        """A training would fail alike, and say why; until it is tried nobody needs to hear it."""
        self._ended()

    def _ended(self) -> None:
        self._job = None
        self.changed.emit()


@dataclass(frozen=True)
class _Answer:
    config: TrainConfig
    said: tuple[Notice, ...]
    side_axes: frozenset[SideAxis]


def _planned(project: Path, config: TrainConfig, held: Mapping[int, tuple[int, ...]]) -> Work[list[Notice]]:
    """Yields the answer first: to know what is not learnt, all masks are read but those of which it is known what they hold."""
    from engine.learning.slices import NO_VALIDATION, not_learnt
    from engine.learning.train import plan

    found = yield from plan(project, config, _SECONDS)
    yield _Answer(found.config, found.said, found.side_axes)
    with Project.open(project, write=False) as opened:
        missing = yield from not_learnt(opened, config, held)
    return [notice for notice in missing if notice.message != NO_VALIDATION]  # which the sets say already

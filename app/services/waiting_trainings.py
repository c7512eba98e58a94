"""The trainings that wait for the one under way: in their order, kept with the project."""

import itertools
import json
import logging
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from app.services.project_session import ProjectSession
from engine.config import TrainConfig, from_json, to_json
from engine.errors import EngineError

_log = logging.getLogger(__name__)

_QUEUE = "queue"  # a note of the project: settings and names of the trainings that wait


@dataclass(frozen=True)
class QueuedTraining:
    """One that waits. `number` tells it from the others while the project is open."""

    number: int
    config: TrainConfig
    name: str = ""


class WaitingTrainings(QObject):
    """`all` of them, the next one first."""

    changed = Signal()  # others wait, or in another order

    def __init__(self, session: ProjectSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._numbers = itertools.count(1)
        self.all: tuple[QueuedTraining, ...] = ()

    def add(self, config: TrainConfig, name: str = "") -> None:
        """Behind the others."""
        self._set([*self.all, QueuedTraining(next(self._numbers), config, name)])

    def take_first(self) -> QueuedTraining | None:
        """The next one, which no longer waits; None where none does."""
        if not self.all:
            return None
        first, *left = self.all
        self._set(left)
        return first

    def remove(self, number: int) -> None:
        """Take that training out."""
        self._set([each for each in self.all if each.number != number])

    @Slot()
    def clear(self) -> None:
        """Take all of them out."""
        self._set([])

    def move(self, number: int, step: int) -> None:
        """Bring one `step` places further back (negative: to the front), as far as it goes."""
        at = next((at for at, each in enumerate(self.all) if each.number == number), None)
        if at is not None:
            left = [*self.all[:at], *self.all[at + 1 :]]
            left.insert(min(max(at + step, 0), len(left)), self.all[at])
            self._set(left)

    def load(self) -> None:
        """Those that the open project has kept; none without a project."""
        project, found = self._session.project, list[QueuedTraining]()
        kept = project.note(_QUEUE) if project is not None else ""
        try:
            for config, name in json.loads(kept or "[]"):
                found.append(QueuedTraining(next(self._numbers), from_json(config, TrainConfig), str(name)))
        except (EngineError, TypeError, ValueError) as fault:  # of a newer program, or damaged
            _log.warning("the kept queue is not read on: %s", fault)
        self.all = tuple(found)
        self.changed.emit()

    def _set(self, waiting: list[QueuedTraining]) -> None:
        self.all = tuple(waiting)
        self._session.set_note(_QUEUE, json.dumps([[to_json(each.config).decode(), each.name] for each in waiting]))
        self.changed.emit()

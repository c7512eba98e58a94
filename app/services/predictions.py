"""What the run in use says of the current item: its prediction, and how far the mask agrees with it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.labels.edit import Edit, Labels
from engine.project.runs import Run
from engine.scoring.live import LiveDice
from widgets.text import tr

if TYPE_CHECKING:
    from app.services.item_loader import LoadedItem
    from app.services.project_session import ProjectSession

_IN_USE = "run in use"  # a note of the project: the run's number


class Predictions(QObject):
    """The run whose predictions are shown, and the current item's prediction by it."""

    prediction_changed = Signal()  # another run is in use, or the current item's prediction is another
    scores_changed = Signal()  # the live Dice of the current item

    def __init__(self, session: "ProjectSession") -> None:
        super().__init__(session)
        self._session = session
        self.run: Run | None = None  # in use
        self.labels: Labels | None = None  # of the current item
        self.live: LiveDice | None = None
        self._outdated = False  # it changed while the item was being read

    # The run in use ----------------------------------------------------------------------------------------------------

    def choose_run(self) -> None:
        """A project was opened: the run that was in use there, else its last one that has a model."""
        project = self._session.project
        runs = [run for run in project.runs.all() if run.bundle.exists()] if project is not None else []
        in_use = project.note(_IN_USE) if project is not None else ""
        last = runs[-1] if runs else None
        self.run = next((r for r in runs if in_use in (str(r.id), r.name)), last)  # a name, in projects of before

    def use_run(self, run: Run | None) -> None:
        """Show the predictions of that run."""
        self._session.current.mask_about_to_change.emit()
        same = run is not None and self.run is not None and _model(run) == _model(self.run)
        self.run = run
        if run is not None:
            self._session.set_note(_IN_USE, str(run.id))
        if not same:
            self.reload()
        self.prediction_changed.emit()

    def forget(self) -> None:
        """The project goes."""
        self.run = None

    # The current item's prediction -------------------------------------------------------------------------------------

    def arrived(self, item: int) -> None:
        """A prediction of the run in use was stored."""
        current = self._session.current
        if current.item is not None and item == current.item.id:
            current.mask_about_to_change.emit()
            self.reload()
            self.prediction_changed.emit()

    def clear(self) -> None:
        """No item is current, or another one is on its way."""
        self.labels, self.live, self._outdated = None, None, False

    def show(self, found: "LoadedItem") -> None:
        """The current item was read with its prediction."""
        if self._outdated:
            self.reload()
        else:
            self.labels, self.live = found.prediction, found.live
            self.scores_changed.emit()

    def reload(self) -> None:
        """Read the prediction again: another run's, or it was made anew."""
        current, project = self._session.current, self._session.project
        self._outdated = current.loading  # what is under way may have passed it by: it is read again with the rest
        self.labels, self.live = None, None
        if project is None or current.item is None or self.run is None or current.mask is None:
            return
        layer = project.layers.prediction(current.item.id, self.run.id)
        if layer is not None:
            self.labels = project.layers.read(layer, current.item.shape)
            self.live = LiveDice(current.mask.labels, self.labels, len(self._session.classes), current.labelled)
        self.scores_changed.emit()

    def follow(self, edits: Sequence[Edit]) -> None:
        """The mask took these edits."""
        if self.live is not None:
            for edit in edits:
                self.live.apply(edit)
            self.live.set_labelled(self._session.current.labelled)
            self.scores_changed.emit()

    def copy_to_mask(self, only: int | None = None) -> None:
        """Copy the prediction (all of it, or one class) into the mask, as one edit that can be undone."""
        session, current = self._session, self._session.current
        current.mask_about_to_change.emit()
        if (
            current.mask is None or self.labels is None or not session.writable or only == 0
        ):  # background is what is left
            return
        name = tr("Prediction taken")
        if self.run is not None:
            name += f" · {self.run.name}"
        if only is not None:
            name += f" · {session.classes[only - 1].name}"
        edit = current.mask.replace_with(name, self.labels, only)
        # as a whole it speaks of its empty slices too
        current.record_edit(edit, range(current.mask.shape[0]) if only is None else ())


def _model(run: Run) -> tuple[int, object]:
    """What the run's predictions come from: they are others when it was trained on, the same when it got another name."""
    return run.id, run.summary.bundle

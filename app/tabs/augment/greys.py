"""By which rule the next training would feed its images: that of the run it continues from, else looked up in a sample of its set when
somebody wants to see it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.services.jobs import JobHandle, Lane
from app.shell.context import AppContext
from engine.imaging.image import Image
from engine.imaging.intensity import Intensity
from engine.progress import Progress, Work
from engine.project.greys import learnt_from, survey
from widgets.text import tr


class TrainingGreys(QObject):
    """`found()` when the rule that was asked for is known, or is known not to be found: `fault` says why."""

    found = Signal()

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._of: object = None  # the images that the rule is of
        self._rule: Intensity | None = None
        self.fault: BaseException | None = None
        self._looking: JobHandle | None = None

    def rule(self, image: Image) -> Intensity | None:
        """The rule of the run that the next one continues from, else of the training set as it is now, that of `image` where the set is
        empty; None: it is being looked for, or was not found."""
        source = self._source()
        if source is not None:
            self._look(source, partial(_reading_rule, source), lane=Lane.LEARNING)
        else:
            self._survey(image)
        return self._rule

    def _source(self) -> Path | None:
        """The model that the next run continues from."""
        run = self._context.session.predictions.run
        return run.bundle if self._context.trainings.recipe.config.start_from and run is not None else None

    def _survey(self, image: Image) -> None:
        session = self._context.session
        classes = session.task == "classification"
        labelled = None if classes or session.project is None else session.project.layers.labelled_slices()
        with_rejected = self._context.trainings.recipe.config.with_rejected
        items = learnt_from(session.items(), labelled, with_rejected=with_rejected)
        of = [(item.id, item.source, item.modality) for item in items] or image
        self._look(of, lambda: survey(items, classes, image), lane=Lane.SURVEY)

    def _look(self, of: object, work: Callable[[], Work[Intensity]], lane: Lane) -> None:
        """Look for the rule of these, if it is not the one that is known or being looked for."""
        if of == self._of:
            return
        self.forget()
        self._of = of
        brief = lane is Lane.LEARNING  # a training under way is held meanwhile
        title = tr("Looking at the training set")
        self._looking = self._context.jobs.start(
            self, lane, title, work, done=self._done, failed=self._failed, brief=brief
        )

    def forget(self) -> None:
        """Another project, or another set; the same one is looked at anew."""
        if self._looking is not None:
            self._looking.drop()
        self._of, self._rule, self.fault, self._looking = None, None, None, None

    def _done(self, rule: Intensity) -> None:
        self._rule, self._looking = rule, None
        self.found.emit()

    def _failed(self, fault: BaseException) -> None:
        self.fault, self._looking = fault, None
        self.found.emit()


def _reading_rule(bundle: Path) -> Work[Intensity]:
    yield Progress(0, 0, bundle.name)
    from engine.learning.bundle import read_card

    return read_card(bundle).intensity

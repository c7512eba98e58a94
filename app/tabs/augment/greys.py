"""By which rule the next training would feed its images: looked up in a sample of its set when somebody wants to see it."""

from PySide6.QtCore import QObject, Signal

from app.services.jobs import JobHandle, Lane
from app.shell.context import AppContext
from engine.imaging.image import Image
from engine.imaging.intensity import Intensity
from engine.project.greys import learnt_from, survey
from widgets.text import tr


class TrainingGreys(QObject):
    """`found()` when the rule that was asked for is known."""

    found = Signal()

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._of: object = None  # the images that the rule is of
        self._rule: Intensity | None = None
        self._looking: JobHandle | None = None

    def rule(self, image: Image) -> Intensity | None:
        """The rule of the training set as it is now, that of `image` where the set is empty; None: it is being looked for."""
        session = self._context.session
        classes = session.task == "classification"
        labelled = None if classes or session.project is None else session.project.layers.labelled_slices()
        with_rejected = self._context.trainings.recipe.config.with_rejected
        items = learnt_from(session.items(), labelled, with_rejected=with_rejected)
        of = [(item.id, item.source, item.modality) for item in items] or image
        if of != self._of:
            self.forget()
            self._of = of
            title = tr("Looking at the training set")
            self._looking = self._context.jobs.start(
                self, Lane.SURVEY, title, lambda: survey(items, classes, image), done=self._done
            )
        return self._rule

    def forget(self) -> None:
        """Another project, or another set."""
        if self._looking is not None:
            self._looking.drop()
        self._of, self._rule, self._looking = None, None, None

    def _done(self, rule: Intensity) -> None:
        self._rule, self._looking = rule, None
        self.found.emit()

"""Samples of an augmentation over one slice, made in the background, and what is said under each."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.services.jobs import JobQueue, Lane
from engine.augment.pipeline import Applied
from engine.augment.preview import PreviewRequest, PreviewResult, PreviewSample, preview
from engine.augment.transforms import ROWS
from engine.labels.classes import LabelClass
from widgets.augment_grid import SampleTile
from widgets.figures import decimal
from widgets.text import tr


class Preview(QObject):
    """Makes samples on request; while it works the newest request waits and the older ones are dropped."""

    ready = Signal(object)  # PreviewResult
    failed = Signal(object)

    def __init__(self, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._next: PreviewRequest | None = None
        self._busy = self._dropped = False

    def ask(self, request: PreviewRequest) -> None:
        self._next = request
        self._start()

    def forget(self) -> None:
        """Drop the request that waits, and the answer to the one that is being drawn."""
        self._next, self._dropped = None, self._busy

    def _start(self) -> None:
        if self._busy or self._next is None:
            return
        request, self._next, self._busy = self._next, None, True
        self._jobs.start(
            self, Lane.CASE, "", lambda: preview(request), done=self._done, failed=self._not_done, cancelled=self._over
        )

    def _done(self, made: PreviewResult) -> None:
        if not self._dropped:
            self.ready.emit(made)
        self._over()

    def _not_done(self, fault: BaseException) -> None:
        if not self._dropped:
            self.failed.emit(fault)
        self._over()

    def _over(self) -> None:
        self._busy = self._dropped = False
        self._start()


def tiles(made: PreviewResult) -> tuple[SampleTile, list[SampleTile]]:
    """The original and the samples with their words."""
    samples = [_tile(sample, number, made.classes) for number, sample in enumerate(made.samples, start=1)]
    return SampleTile(made.original, tr("Original")), samples


def _tile(sample: PreviewSample, number: int, classes: Sequence[LabelClass]) -> SampleTile:
    names = ", ".join(classes[value - 1].name for value in sample.lost)
    warning = tr("{names} lost", names=names) if names else ""
    return SampleTile(sample.picture, tr("Sample {number}", number=number), caption(sample.applied), warning)


def caption(applied: Sequence[Applied]) -> str:
    """What was done to a sample, in the program's language: "rotate −11°, zoom 1.12"."""
    return ", ".join(f"{_small(tr(ROWS[change.key].label))} {decimal(change.text)}".strip() for change in applied)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]

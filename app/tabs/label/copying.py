"""The mask of a slice copied to its neighbours, or pasted on another slice."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.shell.context import AppContext
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.imaging.geometry import Plane
from engine.labels.classes import BACKGROUND, LabelClass
from engine.labels.edit import Edit, Labels
from engine.labels.mask import Mask
from engine.words import stored_words, translatable
from widgets.text import tr


@dataclass(frozen=True, eq=False)
class _Copied:
    """The mask of a slice, as it lies in its plane, and the classes that its values meant."""

    plane: Plane
    labels: Labels
    classes: tuple[LabelClass, ...]

    def among(self, classes: Sequence[LabelClass]) -> Labels:
        """The labels where these are the classes now; of one that is gone nothing is left."""
        places = {each.identity: value for value, each in enumerate(classes, start=1)}
        values = np.arange(256, dtype=np.uint8)
        for value, each in enumerate(self.classes, start=1):
            values[value] = places.get(each.identity, BACKGROUND)
        return values[self.labels]


class CopySlices(QObject):
    """What is copied is laid over what is there. `said(text)`: what was done, or why not, for the pointer."""

    said = Signal(str)

    def __init__(self, context: AppContext, scan: ScanView) -> None:
        super().__init__(scan)
        self._session, self._current, self._scan = context.session, context.session.current, scan
        self._copied: _Copied | None = None
        context.session.project_changed.connect(self._forget_copy)
        context.commands.connect_to(
            "label",
            copy_to_next=lambda: self._copy_on(1),
            copy_to_previous=lambda: self._copy_on(-1),
            copy_slice=self._copy,
            paste_slice=self._paste,
        )

    def _slice(self) -> Labels | None:
        """The mask of the open slice, a stroke under the pen ended; None, and said, where nothing is painted on it."""
        canvas, mask = self._scan.canvas, self._current.mask
        canvas.end_stroke()
        if mask is None:
            return None
        labels = mask.slice(canvas.plane, canvas.index)
        if not labels.any():
            self.said.emit(tr("Nothing is painted on this slice."))
            return None
        return labels.copy()

    def _copy_on(self, step: int) -> None:
        """The open slice's mask on the next one as well (1) or the previous (-1), and there."""
        canvas = self._scan.canvas
        index = canvas.index + step
        if not 0 <= index < canvas.slices:
            self.said.emit(tr("This is the last slice.") if step > 0 else tr("This is the first slice."))
            return
        labels = self._slice()
        if labels is not None:
            canvas.set_slice(index)
            self._lay(
                labels,
                canvas.plane,
                index,
                stored_words(translatable("Copy of slice {number}"), number=index - step + 1),
            )

    def _copy(self) -> None:
        labels, canvas = self._slice(), self._scan.canvas
        if labels is not None:
            self._copied = _Copied(canvas.plane, labels, self._session.classes)
            self.said.emit(tr("The mask of this slice is copied: Ctrl+V pastes it on another."))

    def _paste(self) -> None:
        canvas, mask = self._scan.canvas, self._current.mask
        if mask is None:
            return
        if self._copied is None:
            self.said.emit(tr("No slice was copied yet: Ctrl+C copies the mask of the one that is open."))
            return
        plane, labels = self._copied.plane, self._copied.among(self._session.classes)
        if plane != canvas.plane or labels.shape != mask.slice(plane, canvas.index).shape:
            self.said.emit(tr("The slice that was copied has another size than this one."))
            return
        self._lay(labels, plane, canvas.index, translatable("Pasted slice"))

    def _lay(self, labels: Labels, plane: Plane, index: int, name: str) -> None:
        mask, place = self._current.mask, self._scan.canvas.context.place
        if mask is None:
            return
        title = f"{name} · {place}" if place else name
        now = mask.slice(plane, index)
        if (now == labels)[labels != BACKGROUND].all():
            self.said.emit(tr("This slice holds it already."))
            return
        self._current.change_slice(title, partial(laid, title, plane, index, labels), labels.size)

    @Slot()
    def _forget_copy(self) -> None:
        self._copied = None


def laid(name: str, plane: Plane, index: int, labels: Labels, mask: Mask) -> Edit:
    """The labels of a slice painted over that slice. Raises EngineError where nothing of them may be."""
    edit = mask.lay_over(name, plane, index, labels)
    if edit.empty:
        raise EngineError(
            translatable("Nothing was copied: what it would change is locked, or may not be painted over.")
        )
    return edit

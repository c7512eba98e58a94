"""Strokes of several classes grown until they meet: on the open slice as one looks on, or over all slices between painted ones."""

from functools import partial

import numpy as np
from PySide6.QtCore import Slot

from app.shell.context import AppContext
from app.tabs.label.bar_proposal import BarProposal
from app.tabs.label.proposal import MaskProposals, ProposedChange
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.imaging.geometry import Plane, axes
from engine.imaging.image import Image, Window
from engine.imaging.windows import to_display
from engine.labels.edit import Edit
from engine.labels.mask import Mask
from engine.words import PART, translatable
from widgets.text import counted, tr

_TAKE, _DROP, _SCOPE = range(3)  # answers


class GrowSeeds(BarProposal):
    """New strokes refine it, Enter takes it."""

    def __init__(self, context: AppContext, scan: ScanView, proposals: MaskProposals) -> None:
        super().__init__(context, scan, proposals, "label.growing")
        self._everywhere = False
        scan.views.first.slice_changed.connect(self._look_again)
        scan.views.first.window_changed.connect(self._look_again)
        context.commands.connect_to("label", grow_seeds=self.grow)

    def grow(self) -> None:
        """Show what the strokes of the open slice grow into."""
        if self._current.mask is not None:
            self._begin()
            self._everywhere = False
            self._ask()

    def _ask(self) -> None:
        image, canvas, proposal = self._current.image, self._scan.canvas, self._proposal
        if image is None or proposal is None:
            return
        words = [translatable("Grown strokes")]
        if canvas.context.place and not self._everywhere:
            words.append(canvas.context.place)
        name = PART.join(words)
        index = None if self._everywhere else canvas.index
        self._say_working()
        proposal.ask(name, partial(_grown, name, image, canvas.window_level, canvas.plane, index))

    @Slot()
    def _look_again(self) -> None:
        """Another slice is open, or is seen in another window."""
        if self._proposal is not None and self._current.image is self._scan.canvas.image:
            self._ask()

    def _show(self, change: ProposedChange) -> None:
        if not change.voxels:
            self._refuse(EngineError(translatable("What the strokes grow into may not be painted over, or is locked.")))
            return
        text = counted(change.voxels, translatable("1 pixel more"), translatable("{count} pixels more"))
        answers = [tr("Take  Enter"), tr("Drop  Esc")]
        if self._scan.canvas.slices > 1:
            answers.append(tr("Only this slice") if self._everywhere else tr("All slices"))
        self.bar.ask(tr("{what}: paint on to refine it.", what=text), answers)

    @Slot(int)
    def _answer(self, place: int) -> None:
        if self._proposal is None:
            return
        if place == _TAKE and self._proposal.change is not None:
            self._proposal.take()
        elif place == _SCOPE:
            self._everywhere = not self._everywhere
            self._ask()
        else:
            self._proposal.drop()


def _grown(name: str, image: Image, window: Window, plane: Plane, index: int | None, mask: Mask) -> Edit:
    from engine.labels.assist.seeds import grow_seeds

    order = axes(plane)
    pixels, labels = image.pixels.transpose(*order, *range(3, image.pixels.ndim)), mask.labels.transpose(order)
    painted = np.flatnonzero(labels.any(axis=(1, 2))) if index is None else np.array([index])
    if not len(painted):
        painted = np.array([0])  # it says that nothing is painted
    part = slice(int(painted[0]), int(painted[-1]) + 1)
    shown = np.stack([to_display(np.ascontiguousarray(each), window, image.inverted) for each in pixels[part]])
    spacing = tuple(image.geometry.spacing[axis] for axis in order)
    wanted = mask.labels.copy()
    wanted.transpose(order)[part] = grow_seeds(shown, np.ascontiguousarray(labels[part]), spacing)  # type: ignore[arg-type]
    return mask.replace_with(name, wanted, by_rule=True)

"""Dice that follows the brush: counts of a whole volume, changed by an Edit's patches alone."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from engine.labels.edit import Box, Edit, Labels
from engine.scoring.metrics import Confusion, ItemClassScores, confusion, scores


class LiveDice:
    """Scores of two masks (uint8, same shape (z, y, x)) of which either may be painted on.

    It keeps the arrays it is given and reads only the side that did not change: tell it every edit, undo included (the
    inverse edit), and it costs the edit's boxes, whatever the size of the volume. Raises EngineError for values above `classes`.
    """

    def __init__(self, truth: Labels, predicted: Labels, classes: int) -> None:
        self._sides = {"truth": truth, "predicted": predicted}
        self._classes = classes
        self._counts = confusion(truth, predicted, classes)

    def hold(self, truth: Labels) -> None:
        """The truth lies in this array from now on, of the same values where nothing was told: it was counted on a copy."""
        self._sides["truth"] = truth

    @property
    def counts(self) -> Confusion:
        """A copy of the counts now."""
        return self._counts.copy()

    @property
    def scores(self) -> ItemClassScores:
        return scores(self._counts)

    def apply(self, edit: Edit, painted: Literal["truth", "predicted"] = "truth") -> ItemClassScores:
        """Take over an edit of one side."""
        return self._change([(p.box, p.old, p.new) for p in edit.patches], painted)

    def update(
        self, box: Box, old: Labels, new: Labels, painted: Literal["truth", "predicted"] = "truth"
    ) -> ItemClassScores:
        """Take over one box of one side with its values (uint8, the box's shape) before and after."""
        return self._change([(box, old, new)], painted)

    def _change(
        self, patches: Sequence[tuple[Box, Labels, Labels]], painted: Literal["truth", "predicted"]
    ) -> ItemClassScores:
        if patches:
            still = self._sides["predicted" if painted == "truth" else "truth"]
            # one long row each: a call of the counter costs as much as counting a tile
            fixed = np.concatenate([still[box.slices].ravel() for box, _, _ in patches])
            before = np.concatenate([old.ravel() for _, old, _ in patches])
            after = np.concatenate([new.ravel() for _, _, new in patches])
            change = confusion(after, fixed, self._classes) - confusion(before, fixed, self._classes)
            self._counts += change if painted == "truth" else change.T
        return self.scores

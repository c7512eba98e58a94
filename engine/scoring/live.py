"""Dice that follows the brush: counts of a whole volume, changed by an Edit's patches alone."""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import numpy as np

from engine.labels.edit import Box, Edit, Labels
from engine.scoring.metrics import Confusion, ItemClassScores, confusion, scores

Side: TypeAlias = Literal["truth", "predicted"]


class LiveDice:
    """Scores of two masks (uint8, same shape (z, y, x)) of which either may be painted on.

    It keeps the arrays it is given and reads only the side that did not change: tell it every edit, undo included (the
    inverse edit), and it costs the edit's boxes, whatever the size of the volume. Only the slices in `labelled` count (None: all),
    and no UNLABELLED pixel does. Raises EngineError for values above `classes`.
    """

    def __init__(self, truth: Labels, predicted: Labels, classes: int, labelled: Iterable[int] | None = None) -> None:
        self._sides: dict[Side, Labels] = {"truth": truth, "predicted": predicted}
        self._classes = classes
        self.known: Sequence[bool] | None = None  # of each class whether what predicted knows it; None: all
        self.labelled = frozenset(range(len(truth)) if labelled is None else labelled)
        if len(self.labelled) == len(truth):
            self._counts = confusion(truth, predicted, classes)
        else:
            self._counts = np.zeros((classes + 1,) * 2, np.int64)
            for z in self.labelled:
                self._counts += self._of_slice(z)

    def hold(self, truth: Labels) -> None:
        """The truth lies in this array from now on, of the same values where nothing was told: it was counted on a copy."""
        self._sides["truth"] = truth

    @property
    def counts(self) -> Confusion:
        """A copy of the counts now."""
        return self._counts.copy()

    @property
    def scores(self) -> ItemClassScores:
        """A class that is not `known` is in neither mask: it has no score."""
        return scores(self._counts, self.known)

    def apply(self, edit: Edit, painted: Side = "truth") -> ItemClassScores:
        """Take over an edit of one side."""
        return self._change([(p.box, p.old, p.new) for p in edit.patches], painted)

    def update(self, box: Box, old: Labels, new: Labels, painted: Side = "truth") -> ItemClassScores:
        """Take over one box of one side with its values (uint8, the box's shape) before and after."""
        return self._change([(box, old, new)], painted)

    def set_labelled(self, labelled: Iterable[int]) -> ItemClassScores:
        """Count these slices from now on, as both sides are now: after `apply` of the edit that labelled them."""
        labelled = frozenset(labelled)
        for z in labelled - self.labelled:
            self._counts += self._of_slice(z)
        for z in self.labelled - labelled:
            self._counts -= self._of_slice(z)
        self.labelled = labelled
        return self.scores

    def _of_slice(self, z: int) -> Confusion:
        return confusion(self._sides["truth"][z], self._sides["predicted"][z], self._classes)

    def _change(self, patches: Sequence[tuple[Box, Labels, Labels]], painted: Side) -> ItemClassScores:
        patches = [part for patch in patches for part in self._counted(*patch)]
        if patches:
            still = self._sides["predicted" if painted == "truth" else "truth"]
            # one long row each: a call of the counter costs as much as counting a tile
            fixed = np.concatenate([still[box.slices].ravel() for box, _, _ in patches])
            before = np.concatenate([old.ravel() for _, old, _ in patches])
            after = np.concatenate([new.ravel() for _, _, new in patches])
            change = confusion(after, fixed, self._classes) - confusion(before, fixed, self._classes)
            self._counts += change if painted == "truth" else change.T
        return self.scores

    def _counted(self, box: Box, old: Labels, new: Labels) -> list[tuple[Box, Labels, Labels]]:
        """What of a patch lies in slices that count: all of it as it is, or slice by slice."""
        depths = range(box.low[0], box.high[0])
        if all(z in self.labelled for z in depths):
            return [(box, old, new)]
        return [
            (Box((z, *box.low[1:]), (z + 1, *box.high[1:])), old[at : at + 1], new[at : at + 1])
            for at, z in enumerate(depths)
            if z in self.labelled
        ]

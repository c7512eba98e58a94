"""What a prediction has right, too much and missed, or what became of each object, worked out for the slices that are looked at."""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Plane, axes
from engine.labels.classes import UNLABELLED
from engine.labels.edit import EMPTY_BOX, Box, Ids, Labels
from engine.labels.mask import Mask
from engine.scoring.render import error_map


class _CodesBySlice(ABC):
    """`codes` (z, y, x) uint8 that are filled in slice by slice: a whole volume at once would hold a window up. Only the slices that
    were asked for with `show` are right."""

    def __init__(self) -> None:
        self.codes: Labels = np.zeros((0, 0, 0), np.uint8)
        self._known: set[tuple[Plane, int]] = set()

    @property
    @abstractmethod
    def ready(self) -> bool:
        """Whether there is anything to work out."""

    @abstractmethod
    def _fill(self, box: Box) -> None:
        """Work the codes of the box out."""

    def _begin(self, shape: tuple[int, int, int]) -> None:
        """All is other from now on."""
        self._known.clear()
        self.codes = np.zeros(shape, np.uint8)  # another array, so that whoever draws it knows that all of it is other

    def forget(self) -> None:
        """What lies behind the codes is other now: work out again what is looked at."""
        self._known.clear()

    def show(self, plane: Plane, index: int) -> Box:
        """Work that slice out, if it is not known yet; the box of its voxels comes back."""
        if not self.ready:
            return EMPTY_BOX
        through = axes(plane)[0]
        low, high = [0, 0, 0], list(self.codes.shape)
        low[through], high[through] = index, index + 1
        box = Box((low[0], low[1], low[2]), (high[0], high[1], high[2]))
        if (plane, index) not in self._known:
            self._fill(box)
            self._known.add((plane, index))
        return box

    def changed(self, box: Box, plane: Plane, index: int) -> Box:
        """The mask was painted in `box`: of the slice that is looked at, work out again what lies in it; that box comes back."""
        seen = self.show(plane, index)
        self._known = {(plane, index)}
        part = Box(
            tuple(np.maximum(box.low, seen.low).tolist()),
            tuple(np.minimum(box.high, seen.high).tolist()),
        )
        if part.empty:
            return EMPTY_BOX
        self._fill(part)
        return part


class ErrorMap(_CodesBySlice):
    """Codes of errors as `error_map` gives them, on the mask's grid."""

    def __init__(self) -> None:
        super().__init__()
        self._mask: Mask | None = None
        self._prediction: Labels | None = None
        self._hidden: frozenset[int] = frozenset()
        self._unknown: frozenset[int] = frozenset()
        self.labelled: frozenset[int] = (
            frozenset()
        )  # slices: on the others nothing is right or wrong; none: all are compared

    @property
    def ready(self) -> bool:
        """Whether there are a mask and a prediction to compare."""
        return self._mask is not None and self._prediction is not None

    def follow(
        self,
        mask: Mask,
        prediction: Labels | None,
        hidden: frozenset[int] = frozenset(),
        unknown: frozenset[int] = frozenset(),
    ) -> None:
        """Compare these from now on, of one shape; classes in `hidden` count as background on both sides, and those in `unknown`, which
        the model never saw, are not missed where it says background. What is UNLABELLED is no error, hidden or not."""
        same = mask is self._mask and prediction is self._prediction
        if same and (hidden, unknown) == (self._hidden, self._unknown):
            return
        self._mask, self._prediction, self._hidden, self._unknown = mask, prediction, hidden, unknown
        self._begin(mask.shape)

    def _fill(self, box: Box) -> None:
        assert self._mask is not None
        assert self._prediction is not None
        truth, predicted = (self._seen(labels[box.slices]) for labels in (self._mask.labels, self._prediction))
        codes = error_map(truth, predicted)
        if self._unknown:
            codes[np.isin(truth, list(self._unknown)) & (predicted == 0)] = 0
        if self.labelled:
            codes[[z not in self.labelled for z in range(box.low[0], box.high[0])]] = 0
        self.codes[box.slices] = codes

    def _seen(self, labels: Labels) -> Labels:
        labels = np.ascontiguousarray(labels)
        if not self._hidden:
            return labels
        table = np.arange(256, dtype=np.uint8)
        table[list(self._hidden - {UNLABELLED})] = 0
        seen: Labels = table[labels]
        return seen


class FateMap(_CodesBySlice):
    """The fate of the object at each voxel of one side, as a place in instances.FATES; 0 where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._ids: Ids | None = None
        self._fates: NDArray[np.uint8] = np.zeros(0, np.uint8)

    @property
    def ready(self) -> bool:
        return self._ids is not None

    def follow(self, ids: Ids, fates: NDArray[np.uint8]) -> None:
        """Show these objects (z, y, x) from now on; `fates` (65,536,) gives each id's."""
        if ids is not self._ids or not np.array_equal(fates, self._fates):
            self._ids, self._fates = ids, fates
            self._begin(ids.shape)

    def _fill(self, box: Box) -> None:
        assert self._ids is not None
        self.codes[box.slices] = self._fates[self._ids[box.slices]]

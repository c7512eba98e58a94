"""What a prediction has right, too much and missed, computed for the slices that are looked at."""

import numpy as np

from engine.imaging.geometry import Plane, axes
from engine.labels.edit import EMPTY_BOX, Box, Labels
from engine.labels.mask import Mask
from engine.scoring.render import ERROR_COLORS, error_map
from widgets.layers import FILL, OverlayLayer, Style


class ErrorMap:
    """Codes of errors (z, y, x), filled in slice by slice: a whole volume at once would hold the window up."""

    def __init__(self) -> None:
        self._mask: Mask | None = None
        self._prediction: Labels | None = None
        self._hidden: frozenset[int] = frozenset()
        self._codes: Labels | None = None
        self._known: set[tuple[Plane, int]] = set()
        self._layer: OverlayLayer | None = None

    @property
    def ready(self) -> bool:
        return self._codes is not None

    def follow(self, mask: Mask, prediction: Labels | None, hidden: frozenset[int]) -> None:
        """Compare these from now on; classes in `hidden` count as background on both sides."""
        if (mask, id(prediction), hidden) != (self._mask, id(self._prediction), self._hidden):
            self._known.clear()
        self._mask, self._prediction, self._hidden = mask, prediction, hidden
        if self._codes is None or self._codes.shape != mask.shape:
            self._codes = np.zeros(mask.shape, np.uint8)

    def forget(self) -> None:
        """The mask is another now: compare again what is looked at."""
        self._known.clear()

    def show(self, plane: Plane, index: int) -> Box:
        """Compare that slice; its box comes back."""
        if self._mask is None or self._prediction is None or self._codes is None:
            return EMPTY_BOX
        order = axes(plane)
        if (plane, index) not in self._known:
            truth = self._seen(self._mask.slice(plane, index))
            predicted = self._seen(self._prediction.transpose(order)[index])
            self._codes.transpose(order)[index] = error_map(truth, predicted)
            self._known.add((plane, index))
        low, high = [0, 0, 0], list(self._codes.shape)
        low[order[0]], high[order[0]] = index, index + 1
        return Box((low[0], low[1], low[2]), (high[0], high[1], high[2]))

    def layer(self, style: Style | None = None, opacity: float | None = None) -> OverlayLayer:
        """The codes as a layer in the colours of errors."""
        assert self._codes is not None
        if self._layer is None or self._layer.labels is not self._codes or style is not None:
            self._layer = OverlayLayer(
                self._codes, ERROR_COLORS, FILL if opacity is None else opacity, True, style or "both", name="errors"
            )
        return self._layer

    def _seen(self, labels: Labels) -> Labels:
        labels = np.ascontiguousarray(labels)
        if not self._hidden:
            return labels
        table = np.arange(256, dtype=np.uint8)
        table[list(self._hidden)] = 0
        seen: Labels = table[labels]
        return seen

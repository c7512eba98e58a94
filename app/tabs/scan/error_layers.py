"""What the view of errors draws: right, too much and missed, or what became of each object of a compared case."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.services.predictions import Predictions
from engine.imaging.geometry import Plane
from engine.labels.edit import Box
from engine.labels.mask import Mask
from engine.scoring.errors import ErrorMap, FateMap
from engine.scoring.instances import FATES, Fate
from engine.scoring.object_differences import ComparedCase
from engine.scoring.render import ERROR_COLORS, ERROR_NAMES, FATE_COLORS, FATE_NAMES
from widgets.layers import OverlayLayer, Style


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A layer and what its codes are worked out by."""

    layer: OverlayLayer
    codes: ErrorMap | FateMap


class ErrorLayers:
    """Nothing is drawn until `follow`. Codes are worked out for the slices that are looked at; `redraw` hears which box of which layer
    is other then."""

    def __init__(self, redraw: Callable[[OverlayLayer, Box], object]) -> None:
        self._redraw = redraw
        self._case: ComparedCase | None = None
        self._only: Fate | None = None
        self._drawn: tuple[_Drawn, ...] = ()
        self._new_maps()

    def _new_maps(self) -> None:
        self._errors, self._fates_of_model, self._fates_of_mine = ErrorMap(), FateMap(), FateMap()

    @property
    def layers(self) -> list[OverlayLayer]:
        return [drawn.layer for drawn in self._drawn]

    def legend(self) -> tuple[tuple[str, str], ...]:
        """What the colours stand for."""
        colors, names = (ERROR_COLORS, ERROR_NAMES) if self._case is None else (FATE_COLORS, FATE_NAMES)
        return tuple(zip(colors, names, strict=True))

    def set_fates(self, case: ComparedCase | None, only: Fate | None) -> bool:
        """What became of each object of the case, or of those with one fate `only`; None: right and wrong pixels. Whether that is
        another than before."""
        only = only if case is not None else None
        other = case != self._case or only != self._only
        self._case, self._only = case, only
        return other

    def follow(
        self,
        mask: Mask,
        labelled: frozenset[int],
        shown: Predictions,
        hidden: frozenset[int],
        opacity: float,
        *,
        outline: bool,
    ) -> None:
        """Compare this mask on its `labelled` slices, or on all where none is, with the prediction that is shown."""
        style: Style = "outline" if outline else "both"
        if self._case is None or mask.ids is None:
            self._errors.follow(mask, shown.labels, hidden, shown.unknown)
            self._errors.labelled = labelled
            layer = OverlayLayer(self._errors.codes, ERROR_COLORS, opacity, style=style, name="errors")
            self._drawn = (_Drawn(layer, self._errors),)
            return
        model, mine = self._fates_of_model, self._fates_of_mine
        mine.follow(mask.ids, self._wanted(self._case.of_mine))
        model.follow(self._case.ids, self._wanted(self._case.of_model))
        fates = OverlayLayer(
            model.codes, FATE_COLORS, opacity, style=style, name="fates", ids=self._case.ids, varied=False
        )
        my_fates = OverlayLayer(
            mine.codes, FATE_COLORS, opacity / 2, style=style, name="my fates", ids=mask.ids, varied=False
        )
        self._drawn = (_Drawn(fates, model), _Drawn(my_fates, mine))

    def _wanted(self, fates: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Of each object its fate, or 0 where another is looked at alone."""
        return fates if self._only is None else np.where(fates == FATES.index(self._only), fates, np.uint8(0))

    def hide(self) -> None:
        self._drawn = ()

    def clear(self) -> None:
        """The image goes."""
        self._drawn, self._case, self._only = (), None, None
        self._new_maps()

    def forget(self, labelled: frozenset[int]) -> None:
        """The mask, its `labelled` slices, or what it is compared with are other now."""
        self._errors.labelled = labelled
        for codes in (self._errors, self._fates_of_model, self._fates_of_mine):
            codes.forget()

    def work_out(self, plane: Plane, index: int) -> None:
        """Have the codes of that slice ready, before the layers are drawn."""
        for drawn in self._drawn:
            drawn.codes.show(plane, index)

    def show(self, plane: Plane, index: int) -> None:
        """That slice is looked at."""
        for drawn in self._drawn:
            self._tell(drawn.layer, drawn.codes.show(plane, index))

    def mask_changed(self, box: Box, plane: Plane, index: int) -> None:
        """The mask was painted in `box`, and that slice is looked at."""
        for drawn in self._drawn:
            self._tell(drawn.layer, drawn.codes.changed(box, plane, index))

    def _tell(self, layer: OverlayLayer, box: Box) -> None:
        if not box.empty:
            self._redraw(layer, box)

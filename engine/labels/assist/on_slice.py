"""All that proposes an outline on one slice, made when it is asked for and kept for the next click."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import cv2
import numpy as np

from engine.errors import EngineError
from engine.imaging.image import Pixels, Window
from engine.labels.assist.crop import Clicks, DisplayedSlice, ProposedRegion, Rect, WindowedSlice
from engine.labels.assist.flood import Flood
from engine.labels.assist.graph_cut import GraphCut
from engine.labels.assist.live_wire import LiveWire
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Labels
from engine.labels.shapes import Point
from engine.words import translatable

if TYPE_CHECKING:
    from engine.labels.assist.click_model import ClickModel, ModelOutline

_KEPT = 8  # cuts and floods: a person goes back and forth between a few

T = TypeVar("T")


class AssistedSlice:
    """One slice in the window in which it is seen: what a person does not see, an outline does not follow. One thread at a time."""

    def __init__(self, pixels: Pixels, window: Window, inverted: bool = False) -> None:
        """`pixels`: (h, w), or (h, w, 3)."""
        self._slice = WindowedSlice(pixels, window, inverted)
        self._made: dict[object, object] = {}

    @property
    def shown(self) -> DisplayedSlice:
        """All of it."""
        return self._slice[:, :]

    def outline(
        self, box: Rect, clicks: Clicks, start: ProposedRegion | None = None, model: "ClickModel | None" = None
    ) -> ProposedRegion:
        """As GraphCut; with a click model as ModelOutline."""
        key = "outline", box, start, model
        return self._once(key, lambda: self._outline(box, start, model)).propose(clicks)

    def _outline(
        self, box: Rect, start: ProposedRegion | None, model: "ClickModel | None"
    ) -> "GraphCut | ModelOutline":
        cut = GraphCut(self._slice, box, start)  # it says what is wrong with a box
        if model is None:
            return cut
        from engine.labels.assist.click_model import ModelOutline

        return ModelOutline(model, model.encode(self.shown), box, cut, start)

    def flood(self, view: Rect, clicks: Clicks) -> ProposedRegion:
        """As Flood."""
        return self._flood(view).propose(clicks)

    def flood_preview(self, view: Rect, at: Point, steps: int) -> ProposedRegion:
        return self._flood(view).preview(at, steps)

    def wire(self, view: Rect, anchor: Point) -> LiveWire:
        """As LiveWire. Raises EngineError where nothing of the slice is seen."""
        _check(view)
        return LiveWire(self._slice, anchor, view)

    def _flood(self, view: Rect) -> Flood:
        _check(view)
        return self._once(("flood", view), lambda: Flood(self._slice, view))

    def _once(self, key: object, make: Callable[[], T]) -> T:
        if key not in self._made:
            self._made[key] = make()
            for old in list(self._made)[:-_KEPT]:
                del self._made[old]
        return self._made[key]  # type: ignore[return-value]


def connected_part(labels: Labels, at: tuple[int, int]) -> tuple[ProposedRegion, int]:
    """Of labels (h, w) the connected (8) part of one class at that pixel, and its value. Raises EngineError where there is none."""
    inside = all(0 <= place < size for place, size in zip(at, labels.shape, strict=True))
    if not inside or labels[at] == BACKGROUND:
        raise EngineError(translatable("The prediction has nothing here."))
    value = int(labels[at])
    same = np.ascontiguousarray(labels == value).view(np.uint8)
    flood = np.zeros((labels.shape[0] + 2, labels.shape[1] + 2), np.uint8)
    flags = 8 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
    _, _, _, (x, y, width, height) = cv2.floodFill(same, flood, (at[1], at[0]), 0, flags=flags)
    region = flood[y + 1 : y + 1 + height, x + 1 : x + 1 + width].astype(bool)
    return ProposedRegion((y, x), region), value


def _check(view: Rect) -> None:
    if min(view.height, view.width) < 1:
        raise EngineError(translatable("This point is not on the image."))

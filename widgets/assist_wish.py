"""What a tool asks to have worked out on the slice that is shown, and how it hears of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.imaging.geometry import Plane
from engine.labels.assist.crop import Clicks, ProposedRegion, Rect
from engine.labels.shapes import Point


@dataclass(frozen=True, eq=False)
class BoxWish:
    """The structure in a box. `start`: what to begin from."""

    box: Rect
    clicks: Clicks = ()
    start: ProposedRegion | None = None


@dataclass(frozen=True)
class FloodWish:
    """What floods from the clicks."""

    clicks: Clicks


@dataclass(frozen=True)
class FloodPreview:
    """What a click there would flood."""

    at: Point
    steps: int


@dataclass(frozen=True)
class WireWish:
    """The ways along edges from that point."""

    anchor: Point


@dataclass(frozen=True)
class PartWish:
    """The connected part of the prediction at that point."""

    at: Point


@dataclass(frozen=True)
class PredictedPart:
    """The answer to a PartWish: what it takes, and its class."""

    region: ProposedRegion
    value: int


@dataclass(frozen=True, eq=False)
class CarryWish:
    """The outline on all slices of the plane but those in `keys`; slices on which the class `painted` is painted are keys as well (0:
    none)."""

    keys: Mapping[int, ProposedRegion]
    painted: int = 0


@dataclass(frozen=True, eq=False)
class AssistWish:
    """`done` gets a ProposedRegion, of a WireWish a LiveWire, of a PartWish a PredictedPart, of a CarryWish ProposedRegions by slice;
    `refused` the reason why not, in words. One of them is called on the window's thread, or none where a newer wish came first."""

    plane: Plane
    index: int
    view: Rect  # the part of the slice that is seen
    asked: BoxWish | FloodWish | FloodPreview | WireWish | PartWish | CarryWish
    done: Callable[[Any], None] = field(repr=False)
    refused: Callable[[str], None] = field(repr=False)

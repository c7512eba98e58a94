"""A structure cut out of a box: what its grey values are, how far it lies from the clicks, and where the edges are. Needs no file."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import ndimage
from engine.errors import EngineError
from engine.labels.assist.crop import (
    NOTHING,
    Clicks,
    Crop,
    DisplayedSlice,
    ProposedRegion,
    Rect,
    WindowedSlice,
    kept_parts,
)
from engine.labels.assist.geodesic import edge_cost, geodesic_distances
from engine.labels.shapes import Region
from engine.words import translatable

SIDE = 192  # pixels of the crop at most: a click takes under 100 ms
_MARGIN, _RIM = 0.35, 5.0  # of the box and pixels, around it: what is not the structure is learnt there
_LEAST = 4.0  # pixels of a box's side
_AROUND_CLICK = 0.06  # of the box: so far beyond it reaches the box that a click outside of it makes larger
_SEED = 2  # pixels: radius of a click
_CORE = 0.35  # of the squared radii: the ellipse in the box that is taken for the structure at first
_MIDDLE = 0.1  # as _CORE: what stands for the clicks that add while there are none
_NEARER = 2.0  # times as near to a click that takes away as to one that adds: no longer taken for the structure
_TRUST, _DEEPEST = 4.0, 4.0  # weight of a pixel's depth in what it began from, and the pixels of depth that count
_AROUND_WRONG = 1.5  # times as far as it was wrong at a click: so far around the click it is not trusted
_GREYS, _COLORS = 32, 12  # bins of a channel
_COLOR, _WAY, _SMOOTH, _LINK = 0.6, 3.0, 3.0, 0.05  # weights: colour, distance, contrast, and what every border costs
_HARD, _UNIT = 20.0, 200.0  # a click against all its neighbours; whole numbers a unit, for the flow


class GraphCut:
    """One box on one slice. `propose` may be asked with any clicks: those before the last have an answer already.

    Colour model and contrast as Boykov and Jolly 2001 (ICCV), geodesic distance to the clicks as Gulshan et al. 2010 (CVPR); the
    minimum cut by Dinic's maximum flow of SciPy.
    """

    def __init__(self, shown: DisplayedSlice | WindowedSlice, box: Rect, start: ProposedRegion | None = None) -> None:
        """`shown`: the slice as the screen shows it. `start`: what to begin from. Raises EngineError where the box is too small to hold
        anything."""
        self._shown, self._box, self._start = shown, box.within(shown.shape), start
        if min(self._box.height, self._box.width) < _LEAST:
            raise EngineError(translatable("The box is too small. Drag one around the whole structure."))
        self._parts: dict[Rect, _Part] = {}
        self._known: dict[Clicks, ProposedRegion] = {}

    def propose(self, clicks: Clicks = ()) -> ProposedRegion:
        """What the box holds; each click corrects what was proposed before it. Empty where nothing is left."""
        if clicks not in self._known:
            self._known[clicks] = self._cut(clicks)
        return self._known[clicks]

    def _cut(self, clicks: Clicks) -> ProposedRegion:
        if not clicks and self._start is not None:
            return self._start
        return self.correct(self.propose(clicks[:-1]) if clicks else NOTHING, clicks)

    def correct(self, before: ProposedRegion, clicks: Clicks) -> ProposedRegion:
        """What the box holds by the clicks and by what was proposed before the last of them, whoever did."""
        part = self._part(self._box_of(clicks))
        start = None if self._start is None or self._start.empty else part.crop.reduce(self._start)
        return part.cut(clicks, None if before.empty else part.crop.reduce(before), start)

    def _part(self, box: Rect) -> "_Part":
        if box not in self._parts:
            self._parts[box] = _Part(self._shown, box)
        return self._parts[box]

    def _box_of(self, clicks: Clicks) -> Rect:
        """The box, larger where a click outside of it adds something."""
        box = self._box
        reach = max(box.height * _AROUND_CLICK, 2.0), max(box.width * _AROUND_CLICK, 2.0)
        for click in clicks:
            if click.adds and not self._box.holds(click.at):
                box = box.union(Rect.between(click.at, click.at).grown(*reach))
        return box.within(self._shown.shape)


class _Part:
    """The crop around a box, with what does not change from click to click."""

    def __init__(self, shown: DisplayedSlice | WindowedSlice, box: Rect) -> None:
        self.crop = Crop(shown, box.grown(_MARGIN * box.height + _RIM, _MARGIN * box.width + _RIM), SIDE)
        self._values = _smoothed(self.crop.pixels)
        self._cost = edge_cost(self._values)
        self._inside = self.crop.inside(box)
        self._links = _contrast(self._values)

    def cut(self, clicks: Clicks, last: Region | None, start: Region | None = None) -> ProposedRegion:
        yes, no = self._seeds(clicks)
        inside = self._inside | yes
        outside = ~inside
        core = (_ellipse(self._inside, _CORE) if last is None else self._believed(_shrunk(last), yes, no)) & ~no | yes
        rim = outside | ~_shrunk(inside)
        near = core & ~cv2.dilate(no.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(bool) | yes
        never = (outside | no) & ~yes
        if not near.any():
            return NOTHING
        there, away = geodesic_distances(self._cost, np.stack([near, never if never.any() else rim & ~yes]))
        likely = _COLOR * np.clip(log_ratio(self._values, core, (rim | no) & ~yes), -3, 3)
        likely += _WAY * (away - there) / (away + there + 1e-6)
        if start is not None:
            likely += self._trust(start, clicks)
        region = minimum_cut(likely, self._links, yes, never)
        pixels = [self.crop.pixel(click.at) for click in clicks if click.adds]
        return self.crop.proposal(kept_parts(region, pixels, last))

    def _believed(self, core: Region, yes: Region, no: Region) -> Region:
        """Of what was taken for the structure, what still is after the clicks: not what lies much nearer to those that take away."""
        added = yes if yes.any() else core & _ellipse(self._inside, _MIDDLE) & ~no
        if not (no.any() and added.any()):
            return core
        there, away = geodesic_distances(self._cost, np.stack([added, no]))
        believed: Region = core & (_NEARER * away >= there)
        return believed

    def _trust(self, start: Region, clicks: Clicks) -> NDArray[np.float64]:
        """What speaks for each pixel by what it began from: somebody took care of it already. Little around clicks that gainsay it, as far
        around them as it was wrong there."""
        inner, outer = (cv2.distanceTransform(each.astype(np.uint8), cv2.DIST_L2, 5) for each in (start, ~start))
        trust = _TRUST * np.clip(np.where(start, inner, -outer), -_DEEPEST, _DEEPEST)
        down, across = np.ogrid[: start.shape[0], : start.shape[1]]
        for click in clicks:
            at = self.crop.pixel(click.at)
            wrong = float(outer[at] if click.adds else inner[at])
            if wrong > 0:
                far = ((down - at[0]) ** 2 + (across - at[1]) ** 2) / (_AROUND_WRONG * wrong + _SEED) ** 2
                trust *= 1 - np.exp(-(far**2))
        return np.asarray(trust, np.float64)

    def _seeds(self, clicks: Clicks) -> tuple[Region, Region]:
        """The pixels under the clicks that add, and under those that take away; the later click wins."""
        marks = np.zeros(self.crop.shape, np.uint8)
        radius = max(1, min(_SEED, min(marks.shape) // 24))
        for click in clicks:
            down, across = self.crop.pixel(click.at)
            cv2.circle(marks, (across, down), radius, 1 if click.adds else 2, -1)
        return marks == 1, marks == 2


def log_ratio(values: NDArray[np.uint8], inside: Region, outside: Region) -> NDArray[np.float64]:
    """How much likelier each pixel's value is inside than outside: log of the ratio of two smoothed histograms, (h, w). `values` is
    uint8 (h, w), or (h, w, 3) in Lab."""
    if values.ndim == 2:
        bins: NDArray[np.int64] = values.astype(np.int64) * _GREYS // 256
        sizes: tuple[int, ...] = (_GREYS,)
    else:
        parts = values.astype(np.int64) * _COLORS // 256
        bins, sizes = np.ravel_multi_index(tuple(np.moveaxis(parts, -1, 0)), (_COLORS,) * 3), (_COLORS,) * 3
    shares = []
    for region in (inside, outside):
        counts = np.bincount(bins[region], minlength=int(np.prod(sizes))).reshape(sizes).astype(float)
        counts = ndimage.gaussian_filter(counts, 0.8)
        shares.append(counts / max(counts.sum(), 1e-9) + 1e-4)
    ratio: NDArray[np.float64] = np.log(shares[0] / shares[1]).ravel()[bins]
    return ratio


def minimum_cut(
    likely: NDArray[np.floating], links: tuple[NDArray[np.float64], NDArray[np.float64]], yes: Region, no: Region
) -> Region:
    """The region (h, w) with the least sum of what is unlikely in it and outside of it and of the links that its border cuts.

    `likely` > 0 speaks for a pixel. `links` are (h, w - 1) and (h - 1, w), each pixel's to its neighbour across and down. `yes` is in
    and `no` is out in any case.
    """
    from scipy.sparse import csr_array  # slow to load, and the window's start needs none of it
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    free = ~no
    if not free.any() or not (yes | (free & (likely > 0))).any():
        return yes.copy()
    pull = np.clip(likely, -8, 8)
    pull[yes] = _HARD
    number = np.full(likely.shape, -1, np.int64)  # pixels that are out in any case are no nodes: their links pull
    number[free] = np.arange(np.count_nonzero(free))
    ends: list[NDArray[np.int64]] = []
    weights: list[NDArray[np.float64]] = []
    for axis, link in ((1, links[0]), (0, links[1])):
        count = likely.shape[axis]
        one, two = (np.take(number, range(start, start + count - 1), axis) for start in (0, 1))
        both = (one >= 0) & (two >= 0)
        ends += [np.stack([one[both], two[both]]), np.stack([two[both], one[both]])]
        weights += [link[both], link[both]]
        for here, there, first in ((one, two, 0), (two, one, 1)):
            lost = np.where((here >= 0) & (there < 0), link, 0.0)
            at = [slice(None), slice(None)]
            at[axis] = slice(first, first + count - 1)
            pull[tuple(at)] -= lost
    pull[yes] = np.maximum(pull[yes], _HARD)
    source = int(np.count_nonzero(free))
    sink = source + 1
    flat = pull[free]
    gains, losses = np.flatnonzero(flat > 0), np.flatnonzero(flat < 0)
    ends += [np.stack([np.full(len(gains), source), gains]), np.stack([losses, np.full(len(losses), sink)])]
    weights += [flat[gains], -flat[losses]]
    rows, columns = np.concatenate(ends, axis=1)
    capacity = np.maximum(np.rint(np.concatenate(weights) * _UNIT), 0).astype(np.int32)
    graph = csr_array((capacity, (rows, columns)), shape=(sink + 1, sink + 1))
    left = graph - maximum_flow(graph, source, sink).flow
    left.eliminate_zeros()
    reached = np.zeros(sink + 1, bool)
    reached[breadth_first_order(left, source, return_predecessors=False)] = True
    region = np.zeros(likely.shape, bool)
    region[free] = reached[:-2]
    return region | yes


def _contrast(values: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What cutting between neighbours costs: much where their values are alike, little at an edge."""
    channels = values.astype(np.float64).reshape(*values.shape[:2], -1)
    across, down = (np.square(np.diff(channels, axis=axis)).sum(axis=-1) for axis in (1, 0))
    sharpness = 1 / max(float(across.mean() if across.size else 0.0) + float(down.mean() if down.size else 0.0), 1e-3)
    return _SMOOTH * np.exp(-sharpness * across) + _LINK, _SMOOTH * np.exp(-sharpness * down) + _LINK


def _smoothed(shown: DisplayedSlice) -> NDArray[np.uint8]:
    """Without noise, edges kept; colour as Lab, in which distances are as the eye sees them."""
    values = shown if shown.ndim == 2 else cv2.cvtColor(shown, cv2.COLOR_RGB2LAB)
    return np.asarray(cv2.bilateralFilter(values, 5, 25, 3), np.uint8)


def _shrunk(region: Region) -> Region:
    return np.asarray(cv2.erode(region.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _ellipse(inside: Region, share: float) -> Region:
    """The ellipse in the middle of a rectangle of pixels, with that share of its squared radii."""
    rect = Rect.around(inside)
    assert rect is not None
    down, across = np.ogrid[: inside.shape[0], : inside.shape[1]]
    middle = (rect.top + rect.bottom - 1) / 2, (rect.left + rect.right - 1) / 2
    return np.asarray(
        ((down - middle[0]) / (rect.height / 2 + 0.5)) ** 2 + ((across - middle[1]) / (rect.width / 2 + 0.5)) ** 2
        < share
    )

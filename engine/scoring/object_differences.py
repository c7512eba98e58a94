"""What became of each object of a mask and of a prediction, so that a reader can answer each: keep mine, or take the model's."""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import ndimage
from engine.imaging.geometry import Geometry
from engine.labels.classes import BACKGROUND, UNLABELLED
from engine.labels.edit import Box, Edit, Ids, Labels
from engine.labels.instances import Instances, parts
from engine.labels.mask import EVERYTHING, Mask, Stroke
from engine.labels.shapes import Region
from engine.progress import Progress, Work
from engine.scoring import voxels
from engine.scoring.differences import box_of
from engine.scoring.instances import EXTRA, FATES, FOUND, Fate, ObjectMatches, match_objects
from engine.scoring.render import FATE_COLORS, FATE_NAMES
from engine.scoring.voxels import Unit

_IDS = 1 << 16


@dataclass(frozen=True, eq=False)
class ObjectDifference:
    """An object of the mask, or one that the prediction alone has (fate EXTRA), and what answering it is about.

    `index` is the slice that shows most of it, `region` (rows, columns) its pixels there from `corner` on, `pixels` its voxels on all
    `slices`. `iou` (0..1) is with the object of its class on the other side that overlaps it most. `my_ids` and `model_ids` are the
    objects of either side that lie on one another there, itself among them: the model's take the place of mine all at once. `extent`
    is the box of them all, `compared` the slices that were compared, which need not be all that it reaches over.
    """

    index: int
    corner: tuple[int, int]
    region: Region
    fate: int  # place in FATES
    value: int  # its class
    pixels: int
    slices: int
    iou: float
    my_ids: tuple[int, ...]
    model_ids: tuple[int, ...]
    extent: Box
    compared: frozenset[int]

    @property
    def box(self) -> Box:
        return box_of(self.index, self.corner, self.region)

    @cached_property
    def key(self) -> tuple[object, ...]:
        """Whatever its number."""
        shape, share = self.region.shape, round(1000 * self.iou)
        return FATES[self.fate], self.index, *self.corner, *shape, self.pixels, self.value, share

    @property
    def color(self) -> str:
        return FATE_COLORS[self.fate - 1]

    @property
    def finding(self) -> str:
        return FATE_NAMES[self.fate - 1]

    @property
    def replaced(self) -> int:
        return BACKGROUND

    @property
    def group(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self.my_ids, self.model_ids

    @property
    def reach(self) -> int:
        return math.prod(self.extent.shape)

    def size(self, geometry: Geometry) -> tuple[float, Unit]:
        return (voxels.amount if self.slices > 1 else voxels.area)(self.pixels, geometry)

    def take(self, mask: Mask, name: str, labels: Labels, ids: Ids | None = None) -> Edit:
        """As AnyDifference says: the model's objects there take the place of mine. What belongs to other objects of the mask stays theirs,
        what is unlabelled stays so, pixels as well as slices: the model may say more of them than was compared. An object goes on with the number of that of its class which it shares most with; the others are new
        ones."""
        assert ids is not None
        stroke, rule = mask.begin(name), mask.paint_over
        mask.paint_over = EVERYTHING  # the rule is for hands
        try:
            self._take(mask, stroke, labels, ids)
        finally:
            mask.paint_over = rule
        return replace(stroke.end(), by_model=True)

    def _take(self, mask: Mask, stroke: Stroke, labels: Labels, ids: Ids) -> None:
        assert mask.ids is not None
        low, high = self.extent.low, self.extent.high
        depths = [z for z in range(low[0], high[0]) if z in self.compared]
        window = np.s_[depths, low[1] : high[1], low[2] : high[2]]
        own, said, values = mask.ids[window], ids[window], labels[window]
        mine, model = np.isin(own, self.my_ids), np.isin(said, self.model_ids)
        free = mine | ((own == 0) & (mask.labels[window] == BACKGROUND))
        numbers = self._numbers(mask, stroke, own, said, values)
        for at, z in enumerate(depths):
            stroke.assign("axial", z, low[1:], mine[at] & ~model[at], BACKGROUND, 0)
            for id in np.unique(said[at][model[at]]):
                here = (said[at] == id) & free[at]
                if here.any():
                    stroke.assign("axial", z, low[1:], here, int(values[at][here][0]), numbers[int(id)])

    def _numbers(self, mask: Mask, stroke: Stroke, own: Ids, said: Ids, values: Labels) -> dict[int, int]:
        """What each of the model's objects is called in the mask."""
        assert mask.objects is not None
        found: dict[int, int] = {}
        inside = np.isin(own, self.my_ids) & np.isin(said, self.model_ids)
        codes, shared = np.unique(own[inside].astype(np.int64) * _IDS + said[inside], return_counts=True)
        for code in codes[np.argsort(-shared, kind="stable")].tolist():
            mine, model = divmod(code, _IDS)
            alike = mask.objects.classes[mine] == values[said == model][0]
            if alike and model not in found and mine not in found.values():
                found[model] = mine
        rest = [id for id in self.model_ids if id not in found]
        return found | dict(zip(rest, stroke.unused_ids(len(rest)), strict=True))


@dataclass(frozen=True, eq=False)
class ComparedCase:
    """The objects of a case, matched. `differences` are all of the mask's objects and those that the prediction alone has, what is wrong
    first and of that the largest; `of_mine` and `of_model` (65,536,) give the fate of each id of either side, 0 where there is none;
    `ids` are the prediction's objects, the connected parts of each class where it tells none apart. `slices` were compared."""

    matches: ObjectMatches
    differences: tuple[ObjectDifference, ...]
    of_mine: NDArray[np.uint8]
    of_model: NDArray[np.uint8]
    ids: Ids
    slices: frozenset[int]

    def count(self, fate: Fate) -> int:
        """How many of `differences` have that fate: as ClassObjectScores counts them, over all classes."""
        return self._counts[FATES.index(fate)]

    @cached_property
    def _counts(self) -> Counter[int]:
        return Counter(each.fate for each in self.differences)


def _counted(ids: Ids) -> NDArray[np.int64]:
    """How many voxels each id has, (65,536,); slice by slice, since counting widens what it counts."""
    return sum((np.bincount(plane.ravel(), minlength=_IDS) for plane in ids), np.zeros(_IDS, np.int64))


@dataclass(frozen=True, eq=False)
class _Side:
    """The objects of one side on the slices that are compared."""

    ids: Ids
    areas: NDArray[np.int64]  # (65,536,)
    boxes: Sequence[Any]  # slices of id 1, 2, ..., None where there is none

    @staticmethod
    def of(ids: Ids) -> "_Side":
        return _Side(ids, _counted(ids), ndimage.find_objects(ids.astype(np.int32)))

    def box(self, id: int) -> Box:
        a, b, c = self.boxes[id - 1]
        return Box((a.start, b.start, c.start), (a.stop, b.stop, c.stop))


def compare_objects(
    name: str,
    truth: tuple[Labels, Ids],
    predicted: tuple[Labels, Ids | None],
    labelled: Collection[int] = (),
    unknown: Collection[int] = (),
) -> Work[ComparedCase]:
    """Match the objects of a case, a Progress at each step: classes and ids (z, y, x) of mask and prediction.

    Where slices are `labelled` those alone are compared, as scores are; without any, all. What is UNLABELLED counts on neither side,
    and objects of classes `unknown` to the model are not missed. EngineError where a prediction has too many connected parts.
    """
    yield Progress(0, 3)
    (classes, mine), (said, model) = truth, predicted
    model = parts(said).ids if model is None else model
    void = classes == UNLABELLED
    slices = frozenset(z for z in range(len(classes)) if not labelled or z in labelled)
    void[[z for z in range(len(classes)) if z not in slices]] = True
    known = (mine > 0) & ~np.isin(classes, list(unknown)) if unknown else mine > 0
    true = Instances.of(classes, np.where(known, mine, np.uint16(0)))
    yield Progress(1, 3)
    found = Instances.of(said, model)
    there = ((true.ids > 0) | (found.ids > 0)) & ~void  # what is nobody's says nothing, and is most of a volume
    pair = [replace(each, ids=each.ids[there]) for each in (true, found)]
    matches = match_objects(name, pair[0], pair[1])
    yield Progress(2, 3)
    seen = [_Side.of(np.where(there, each.ids, np.uint16(0))) for each in (true, found)]
    differences = sorted(
        _differences(matches, seen[0], seen[1], slices),
        key=lambda one: (one.fate == FOUND, -one.pixels, one.index, one.corner),
    )
    tables = matches.truth.fate_of_ids(_IDS), matches.predicted.fate_of_ids(_IDS)
    return ComparedCase(matches, tuple(differences), *tables, model, slices)


def _differences(
    matches: ObjectMatches, mine: _Side, model: _Side, compared_slices: frozenset[int]
) -> Iterator[ObjectDifference]:
    groups = _groups(mine, model)
    alone = matches.predicted.fates == EXTRA
    for side, compared, wanted in (
        (mine, matches.truth, np.ones(len(matches.truth.ids), bool)),
        (model, matches.predicted, alone),
    ):
        for id, value, dice, fate in zip(
            compared.ids[wanted], compared.classes[wanted], compared.dice[wanted], compared.fates[wanted], strict=True
        ):
            key = int(id) if side is mine else int(id) + _IDS
            my_ids, model_ids = groups.get(key, ((int(id),), ()) if side is mine else ((), (int(id),)))
            box, extent = side.box(int(id)), _extent(mine, my_ids).union(_extent(model, model_ids))
            inside = side.ids[box.slices] == id
            z = int(np.argmax(np.count_nonzero(inside, axis=(1, 2))))
            region = inside[z]
            yield ObjectDifference(
                index=box.low[0] + z,
                corner=(box.low[1], box.low[2]),
                region=region,
                fate=int(fate),
                value=int(value),
                pixels=int(side.areas[id]),
                slices=len(inside),
                iou=float(dice / (2 - dice)),
                my_ids=my_ids,
                model_ids=model_ids,
                extent=extent,
                compared=compared_slices,
            )


def _extent(side: _Side, ids: Sequence[int]) -> Box:
    box = side.box(ids[0]) if ids else Box((0, 0, 0), (0, 0, 0))
    for id in ids[1:]:
        box = box.union(side.box(id))
    return box


def _groups(mine: _Side, model: _Side) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    """Which objects lie on one another, by each of them (the prediction's numbered from 65,536 on): those of which one has more than half
    of itself in the other, whatever their classes, and what hangs on either."""
    from scipy.sparse import coo_matrix, csgraph

    both = (mine.ids > 0) & (model.ids > 0)
    codes, shared = np.unique(mine.ids[both].astype(np.int64) * _IDS + model.ids[both], return_counts=True)
    one, other = np.divmod(codes, _IDS)
    near = 2 * shared > np.minimum(mine.areas[one], model.areas[other])
    one, other = one[near], other[near] + _IDS
    graph = coo_matrix((np.ones(len(one), np.int8), (one, other)), shape=(2 * _IDS, 2 * _IDS))
    _, component = csgraph.connected_components(graph, directed=False)
    members: dict[int, list[int]] = {}
    for node in np.unique(np.concatenate([one, other])):
        members.setdefault(int(component[node]), []).append(int(node))
    found: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
    for nodes in members.values():
        group = tuple(n for n in nodes if n < _IDS), tuple(n - _IDS for n in nodes if n >= _IDS)
        found |= dict.fromkeys(nodes, group)
    return found

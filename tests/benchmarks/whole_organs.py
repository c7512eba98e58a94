"""How many gestures a whole organ takes, over all its slices. `python -m tests.benchmarks.whole_organs DATA`

A simulated person works as the program lets them: outlines on a few slices, looks at what is carried or filled, goes to the slice where
most is wrong, corrects it there, until Dice is 0.95. Every click, drag, key and Enter counts, and so does going to another slice.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from scipy.signal import fftconvolve

from engine.imaging.geometry import resample_labels
from engine.imaging.image import Image, Window
from engine.imaging.read import read_image, read_labels
from engine.imaging.scan import scan
from engine.imaging.windows import to_display
from engine.labels.assist.crop import NOTHING, Clicks, DisplayedSlice, ProposedRegion, Rect
from engine.labels.assist.graph_cut import GraphCut
from engine.labels.assist.seeds import grow_seeds
from engine.labels.assist.stack import carry
from engine.labels.cleanup import CleanUp, clean_up
from engine.labels.gate import Gate
from engine.labels.interpolation import fill_between
from engine.labels.mask import Mask
from engine.labels.shapes import Brush, Region
from engine.progress import result_of
from tests.benchmarks.annotator import AIMS, Hand, depth_in, dice, hand_box, next_click, traced

ORGANS = {
    "liver": 5,
    "spleen": 1,
    "stomach": 6,
    "colon": 20,
    "vertebra T12": 32,
    "vertebra T11": 33,
    "aorta": 52,
    "vena cava": 63,
    "portal vein": 64,
    "spinal canal": 79,
    "back muscle, left": 86,
    "back muscle, right": 87,
    "humerus, left": 69,
    "humerus, right": 70,
}
MOST = 60  # gestures; also what is counted where Dice was not reached
_ABDOMEN = Window(40, 400)
_GOOD = 0.97  # Dice of a slice that nobody goes on correcting
GATES = {
    "vertebra T12": (100, 3000),
    "vertebra T11": (100, 3000),
    "humerus, left": (100, 3000),
    "humerus, right": (100, 3000),
    "spinal canal": (-50, 60),
    "portal vein": (120, 250),
    "liver": (80, 160),
}
"""HU between which a person would let the brush paint these: a little wider than the usual ranges, as the histogram shows them."""
_ZOOMED = 0.4  # cm, the largest pixel where a person zoomed in
_SPHERES = (4, 8, 14, 24)  # mm, the radii that a person goes through
_RING = 3  # pixels around a structure, where a person strokes its surroundings
_TRIES = 3  # clicks on a slice that bring nothing, after which a person leaves it
_GAIN = 0.005  # Dice of a slice: less is nothing


@dataclass(frozen=True, eq=False)
class Organ:
    """`shown` (z, y, x) uint8 as the screen shows the image, and the organ's mask, bool of that shape."""

    shown: DisplayedSlice
    truth: Region
    image: Image

    @property
    def ends(self) -> tuple[int, int]:
        """The first slice that holds it, and the last."""
        held = np.flatnonzero(self.truth.any(axis=(1, 2)))
        return int(held[0]), int(held[-1])


@dataclass(frozen=True)
class Way:
    """Gestures, centimetres drawn, and seconds (the hand's and the tool's processor time) until each of AIMS; None where it was not
    reached. `best`: the highest Dice of all."""

    reached: tuple["Spent | None", ...]
    best: float


@dataclass(frozen=True)
class Spent:
    gestures: int
    centimetres: float
    seconds: float


class Work:
    """What a person has spent, and how far the mask was at each look."""

    def __init__(self, organ: Organ, hand: Hand | None = None) -> None:
        self.organ, self.hand, self.looks = organ, hand or Hand(), list[tuple[Spent, float]]()
        self.tool = 0.0

    def look(self, mask: Region) -> float:
        """The mask as it would be taken now, with Enter."""
        score = dice(mask, self.organ.truth)
        hand = self.hand
        self.looks.append((Spent(hand.gestures + 1, hand.centimetres, hand.seconds + self.tool), score))
        return score

    @property
    def over(self) -> bool:
        return self.hand.gestures + 1 >= MOST

    def way(self) -> Way:
        reached = (
            next((spent for spent, score in self.looks if score >= aim and spent.gestures <= MOST), None)
            for aim in AIMS
        )
        return Way(tuple(reached), max(score for _, score in self.looks))


def organ(data: Path, value: int) -> Organ:
    return _organs(data)[value]


@cache
def _organs(data: Path) -> dict[int, Organ]:
    folder = data / "ct_totalseg_dicom"
    image = read_image(result_of(scan([folder / "dicom"])).found[0].source)
    values, grid = read_labels(folder / "seg.nii.gz")
    assert grid is not None
    labels = resample_labels(values.astype(np.uint8), grid, image.geometry)
    shown = np.stack([to_display(np.ascontiguousarray(each), _ABDOMEN, image.inverted) for each in image.pixels])
    return {value: Organ(shown, labels == value, image) for value in ORGANS.values()}


def zoomed_contours_and_fill(organ: Organ) -> Way:
    """As `contours_and_fill`, by a person who turned the wheel with Ctrl at first, so that a pixel may be twice as large."""
    hand = Hand(_ZOOMED)
    hand.key()
    return contours_and_fill(organ, hand)


def contours_and_fill(organ: Organ, hand: Hand | None = None) -> Way:
    """Freehand contours on the first, the middle and the last slice, `Fill between slices`, and more of them while its preview is open."""
    rng, work, mask = np.random.default_rng(7), Work(organ, hand), np.zeros(organ.truth.shape, bool)
    first, last = organ.ends
    painted = sorted({first, (first + last) // 2, last})
    work.hand.key()  # the tool
    for index in painted:
        mask[index] = _contoured(organ.truth[index], work.hand, rng)
    work.hand.key()
    while not work.over:
        began = time.thread_time()
        drawn = np.zeros(mask.shape, np.uint8)
        drawn[painted] = mask[painted]
        mask = fill_between(drawn, painted, pixels=organ.shown) > 0
        work.tool += time.thread_time() - began
        left = [index for index in range(first, last + 1) if index not in painted]
        if work.look(mask) >= AIMS[-1] or not left:
            break
        worst = max(left, key=lambda index: np.count_nonzero(mask[index] ^ organ.truth[index]))
        mask[worst] = _contoured(organ.truth[worst], work.hand, rng)
        painted = sorted({*painted, worst})
        if len(painted) == last - first + 1:
            work.look(mask)
            break
    return work.way()


def carried_outline(organ: Organ) -> Way:
    """A smart outline on the middle slice, carried through the slices, ended where the organ ends, and corrected where most is wrong."""
    rng, work = np.random.default_rng(7), Work(organ)
    first, last = organ.ends
    keys: dict[int, ProposedRegion] = {}
    middle = (first + last) // 2
    work.hand.key(2)  # there, and the tool
    box = hand_box(organ.truth[middle], rng)
    work.hand.drag(np.array([[box.top, box.left], [box.bottom, box.right]]), box)
    cut = GraphCut(organ.shown[middle], box)
    keys[middle] = _clicked(cut, organ.truth[middle], work, rng, cut.propose().on(organ.truth[middle].shape))
    work.hand.key()  # through the slices
    corrected = dict[int, int]()
    while not work.over:
        mask = _ended(organ, keys, work)
        if work.look(mask) >= AIMS[-1]:
            break
        wrong = {index: np.count_nonzero(mask[index] ^ organ.truth[index]) for index in range(first, last + 1)}
        open_yet = [index for index in wrong if corrected.get(index, 0) < 2 and wrong[index]]
        if not open_yet:
            break
        worst = max(open_yet, key=lambda index: wrong[index])
        work.hand.key()  # there
        corrected[worst] = corrected.get(worst, 0) + 1
        truth, start = organ.truth[worst], ProposedRegion.of(mask[worst])
        around = start.rect or Rect.around(truth)
        assert around is not None
        cut = GraphCut(
            organ.shown[worst],
            around.grown(0.1 * around.height + 2, 0.1 * around.width + 2),
            start if start.rect else None,
        )
        keys[worst] = _clicked(cut, truth, work, rng, cut.propose().on(truth.shape))
    return work.way()


def carried_contours(organ: Organ) -> Way:
    """A freehand contour on the middle slice, carried through the slices; another where most is wrong, and carried anew."""
    rng, work = np.random.default_rng(7), Work(organ)
    first, last = organ.ends
    keys: dict[int, ProposedRegion] = {}
    wrong, worst = np.zeros(len(organ.truth), np.int64), (first + last) // 2
    while not work.over:
        keys[worst] = ProposedRegion.of(_contoured(organ.truth[worst], work.hand, rng))
        work.hand.key(2)  # the tool, and through the slices
        mask = _ended(organ, keys, work)
        if work.look(mask) >= AIMS[-1]:
            break
        wrong = np.count_nonzero(mask ^ organ.truth, axis=(1, 2))
        wrong[[*keys, *range(first), *range(last + 1, len(wrong))]] = 0
        if not wrong.any():
            break
        worst = int(wrong.argmax())
    return work.way()


def _ended(organ: Organ, keys: dict[int, ProposedRegion], work: Work) -> Region:
    """What is carried; where it goes on beyond the organ a person says that it has ended."""
    mask = _carried(organ, keys, work)
    first, last = organ.ends
    for beyond in (first - 1, last + 1):
        if 0 <= beyond < len(mask) and beyond not in keys and mask[beyond].any():
            work.hand.key(2)  # there, and Ctrl+Z
            keys[beyond] = NOTHING
            mask = _carried(organ, keys, work)
    return mask


def grown_strokes(organ: Organ) -> Way:
    """A stroke in the organ and one around it on the first, the middle and the last slice, grown over all of them; more strokes where
    most is wrong, while the preview is open."""
    work, strokes, spacing = Work(organ), np.zeros(organ.truth.shape, np.uint8), organ.image.geometry.spacing
    first, last = organ.ends
    work.hand.key()  # the tool
    for index in sorted({first, (first + last) // 2, last}):
        truth = organ.truth[index]
        depth, around = depth_in(truth), Rect.around(truth)
        assert around is not None
        inner, outer = depth > 0.5 * depth.max(), distance_transform_edt(~truth)
        ring = (outer > _RING) & (outer <= _RING + 2)
        strokes[index] = inner + 2 * ring
        work.hand.key(3)  # there, the class around it, and the class
        work.hand.drag(_way_along(inner, there=True), around)
        work.hand.drag(_way_along(ring), around)
    work.hand.key(2)  # grown, over all slices
    while True:
        began = time.thread_time()
        mask = grow_seeds(organ.shown, strokes, spacing) == 1
        work.tool += time.thread_time() - began
        if work.look(mask) >= AIMS[-1] or work.over:
            return work.way()
        worst = int(np.count_nonzero(mask ^ organ.truth, axis=(1, 2)).argmax())
        missed, extra = depth_in(organ.truth[worst] & ~mask[worst]), depth_in(mask[worst] & ~organ.truth[worst])
        depth, value = (missed, 1) if missed.max() >= extra.max() else (extra, 2)
        strokes[worst][depth > 0.5 * depth.max()] = value
        work.hand.key(2 if value == 1 else 3)  # there, the stroke, and the other class


def gated_spheres(organ: Organ, gate: Gate) -> Way:
    """A brush that is a sphere and paints in a range of values alone, with the eraser, where it brings most; then its holes filled."""
    work, mask, spacing = Work(organ), Mask(np.zeros(organ.truth.shape, np.uint8)), organ.image.geometry.spacing
    rng, part, held = np.random.default_rng(7), _around(organ.truth), (-1, -1)
    truth, passes = organ.truth[part], gate.open_to(organ.image.pixels[part])
    work.hand.key(4)  # the tool, the sphere, the gate, its range
    while not work.over:
        now = mask.labels[part] > 0
        gains = {
            (mm, value): _in_sphere(np.where(right, 1.0, 0.0) - np.where(wrong, 1.0, 0.0), mm, spacing)
            for mm in _SPHERES
            for value, right, wrong in (
                (1, truth & passes & ~now, ~truth & passes & ~now),
                (0, ~truth & now, truth & now),
            )
        }
        mm, value = max(gains, key=lambda each: float(gains[each].max()))
        best = gains[mm, value]
        if best.max() < _GAIN * np.count_nonzero(truth):
            break
        at = np.array(np.unravel_index(int(best.argmax()), best.shape)) + [each.start for each in part]
        place = tuple(float(v) for v in at[1:] + rng.normal(0, 1, 2))
        work.hand.key(int(at[0] != held[0]) + int(mm != held[1]))  # there, and the radius
        held = int(at[0]), mm
        work.hand.click()
        stroke = mask.begin("", gate if value else None)
        brush = Brush((mm / spacing[1], mm / spacing[2]))
        stroke.ball("axial", held[0], (place[0], place[1]), (place[0], place[1]), brush, mm / spacing[0], value)
        stroke.end()
        work.look(mask.labels > 0)
    work.hand.key(3)  # the panel, its holes, Enter
    work.look(clean_up(mask.labels, CleanUp("holes"), spacing) > 0)
    return work.way()


def _in_sphere(values: NDArray[np.float64], mm: float, spacing: Sequence[float]) -> NDArray[np.float64]:
    """The sum of the values within so many mm of each voxel."""
    reach = [int(mm / size) for size in spacing]
    grid = np.ogrid[tuple(slice(-n, n + 1) for n in reach)]
    away = np.add.reduce([(axis * size) ** 2 for axis, size in zip(np.broadcast_arrays(*grid), spacing, strict=True)])
    return np.asarray(fftconvolve(values, np.where(away <= mm**2, 1.0, 0.0), mode="same"))


def _around(region: Region) -> tuple[slice, ...]:
    """Its box, with room for a sphere beside it."""
    more = (0, 30, 30)
    extents = [np.flatnonzero(region.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    return tuple(
        slice(max(int(extent[0]) - n, 0), int(extent[-1]) + n + 1) for extent, n in zip(extents, more, strict=True)
    )


def _way_along(stroke: Region, *, there: bool = False) -> NDArray[np.float64]:
    """Points (n, 2) along the border of its largest part, or, of a stroke that goes `there` alone, half of that."""
    contours, _ = cv2.findContours(stroke.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    way = max(contours, key=len).reshape(-1, 2)[:, ::-1].astype(np.float64)
    return way[: len(way) // 2 + 1] if there else way


WAYS: dict[str, Callable[[Organ], Way]] = {
    "smart outline, carried": carried_outline,
    "contours, carried": carried_contours,
    "contours, fill between": contours_and_fill,
    "strokes, grown": grown_strokes,
}
SMALL = {"vertebra T11", "aorta", "vena cava", "portal vein", "spinal canal", "humerus, left", "humerus, right"}
"""Structures that a person zooms into further than other ones."""


@dataclass(frozen=True)
class Leak:
    """A mask that runs out of its organ on `slices`: its Dice before and after one drag of the freehand contour with Ctrl+Shift."""

    slices: int
    before: float
    after: float
    hand: Hand


def leak(organ: Organ) -> Leak:
    """A disc beside the organ that belongs to the mask on all slices, cut off through all of them."""
    rng, hand = np.random.default_rng(7), Hand()
    ever: Region = np.asarray(organ.truth.any(axis=0))
    around = Rect.around(ever)
    assert around is not None
    down, across = np.ogrid[: ever.shape[0], : ever.shape[1]]
    radius = 0.2 * around.height
    disc = (down - (around.top + around.bottom) / 2) ** 2 + (across - around.right) ** 2 < radius**2
    mask = Mask((organ.truth | disc).astype(np.uint8))
    before = dice(mask.labels > 0, organ.truth)
    hand.key()  # the tool
    mask.cut_through("", "axial", (0, 0), traced(disc & ~ever, hand, rng))
    slices = int(np.count_nonzero((disc & ~organ.truth).any(axis=(1, 2))))
    return Leak(slices, before, dice(mask.labels > 0, organ.truth), hand)


def _carried(organ: Organ, keys: dict[int, ProposedRegion], work: Work) -> Region:
    began = time.thread_time()
    mask = np.zeros(organ.truth.shape, bool)
    for index, region in (*keys.items(), *carry(lambda index: organ.shown[index], len(mask), keys)):
        mask[index] = region.on(mask.shape[1:])
    work.tool += time.thread_time() - began
    return mask


def _clicked(cut: GraphCut, truth: Region, work: Work, rng: np.random.Generator, region: Region) -> ProposedRegion:
    """Clicks while they bring something; those that did not are taken back."""
    clicks: Clicks = ()
    best, kept, wasted = dice(region, truth), region, 0
    while best < _GOOD and wasted < _TRIES and not work.over:
        click = next_click(region, truth, rng)
        if click is None:
            break
        clicks = (*clicks, click)
        work.hand.click()
        began = time.thread_time()
        region = cut.propose(clicks).on(truth.shape)
        work.tool += time.thread_time() - began
        score = dice(region, truth)
        wasted = 0 if score >= best + _GAIN else wasted + 1
        if score >= best + _GAIN:
            best, kept = score, region
    work.hand.key(wasted)  # Ctrl+Z
    return ProposedRegion.of(kept)


def _contoured(truth: Region, hand: Hand, rng: np.random.Generator) -> Region:
    """The slice as a hand outlines it, which had to be gone to."""
    hand.key()
    return traced(truth, hand, rng)


def rows(data: Path, names: tuple[str, ...]) -> Iterator[str]:
    """The table, line by line."""
    yield "| organ | way | gestures to 0.90 | to 0.95 | cm drawn | seconds | best Dice |"
    yield "|---|---|---|---|---|---|---|"
    for name in names:
        for way, work in WAYS.items():
            yield _row(name, way, work(organ(data, ORGANS[name])))
        if name in SMALL:
            yield _row(name, "fill between, zoomed in", zoomed_contours_and_fill(organ(data, ORGANS[name])))
        if name in GATES:
            one = organ(data, ORGANS[name])
            yield _row(name, "sphere in a range", gated_spheres(one, Gate(one.image, *GATES[name])))
    yield ""
    yield "| leak beside | slices | Dice before | after | gestures | cm drawn | seconds |"
    yield "|---|---|---|---|---|---|---|"
    for name in names:
        cut = leak(organ(data, ORGANS[name]))
        spent = f"{cut.hand.gestures} | {cut.hand.centimetres:.0f} | {cut.hand.seconds:.0f}"
        yield f"| {name} | {cut.slices} | {cut.before:.3f} | {cut.after:.3f} | {spent} |"


def _row(name: str, way: str, done: Way) -> str:
    cells = [str(spent.gestures) if spent else "–" for spent in done.reached]
    last = done.reached[-1] or done.reached[0]
    cells += [f"{last.centimetres:.0f}", f"{last.seconds:.0f}"] if last else ["–", "–"]
    return f"| {name} | {way} | {' | '.join(cells)} | {done.best:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.whole_organs", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("data", type=Path, help="the folder of the sets")
    parser.add_argument("organs", nargs="*", metavar="organ", help=", ".join(ORGANS))
    asked = parser.parse_args()
    for line in rows(asked.data, tuple(asked.organs) or tuple(ORGANS)):
        print(line, flush=True)


if __name__ == "__main__":
    main()

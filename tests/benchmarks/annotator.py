"""A simulated annotator: how many clicks the smart tools need on real masks. `python -m tests.benchmarks.annotator --objects 5`

It drags a box whose sides are off by 5 % of its size, then clicks into the middle of the largest error, with a hand that trembles, until
Dice is 0.95 or 20 clicks are made. Robots overestimate people: what is compared is tool with tool, and today with yesterday.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import nibabel as nib
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine.labels.assist.click_model import ClickModel, ModelOutline
from engine.labels.assist.crop import Click, Clicks, DisplayedSlice, ProposedRegion, Rect
from engine.labels.assist.flood import Flood
from engine.labels.assist.graph_cut import GraphCut
from engine.labels.assist.live_wire import LiveWire
from engine.labels.mask import Mask
from engine.labels.shapes import Region

MOST = 20  # clicks; also what is counted where Dice was not reached
AIMS = (0.90, 0.95)
_LEAST = 40  # pixels of an object
_TREMBLE = 3.0  # pixels
_LEAST_PART = 20  # pixels of a part that a hand outlines
_FINE = 4  # steps a pixel, along which a hand follows an edge
_WIRE_POINTS = (2, 3, 4, 5, 6, 8, 10, 12, 16, MOST)


@dataclass(frozen=True, eq=False)
class Target:
    """One connected object in one image."""

    shown: DisplayedSlice
    truth: Region


class Hand:
    """What a person's hand does, and how long that takes: 1.2 s a click, drag or key, 0.1 s a centimetre dragged freely, 0.5 s a
    centimetre that follows an edge. An object fills 12 cm of the screen, but a pixel is never larger than `largest` (cm); a line that
    follows an edge is 1 mm off."""

    _GESTURE, _FREE, _TRACED = 1.2, 0.1, 0.5
    _SIZE = 12.0
    TREMBLE = 0.1  # cm

    def __init__(self, largest: float = 0.2) -> None:
        self._largest = largest
        self.gestures, self.centimetres, self.seconds = 0, 0.0, 0.0

    def click(self, count: int = 1) -> None:
        self.gestures += count
        self.seconds += self._GESTURE * count

    key = click

    def pixel(self, around: Rect) -> float:
        """Its size on the screen in centimetres, where an object is looked at that fills `around`."""
        return min(self._SIZE / max(around.height, around.width), self._largest)

    def drag(self, points: NDArray[np.floating], around: Rect, *, traced: bool = False) -> None:
        """Along points (n, 2) in pixels, of an object that fills `around`."""
        length = self.pixel(around) * float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
        self.click()
        self.centimetres += length
        self.seconds += length * (self._TRACED if traced else self._FREE)


class Outliner(Protocol):
    def propose(self, clicks: Clicks) -> ProposedRegion: ...


@dataclass(frozen=True)
class Effort:
    """What one object took: clicks to each of AIMS, Dice of the box alone, and the median second of processor time a click; to the first
    of AIMS, or until a person gives up, the centimetres drawn and the seconds of the hand and the tool."""

    clicks: tuple[int, ...]
    box: float | None
    seconds: float
    centimetres: float
    whole: float


def targets(data: Path, name: str, count: int) -> list[Target]:
    """Objects of a set, in an order that stays: a longer list begins with the shorter one."""
    images = sorted((data / _SETS[name][0] / "images").iterdir())
    rng = np.random.default_rng(len(name))
    found: list[Target] = []
    order = [int(at) for at in rng.permutation(len(images))]
    for at in order * 10:  # several objects of an image where there are few
        if len(found) >= count:
            break
        shown, region = _SETS[name][1](images[at], rng)
        number, parts, stats, _ = cv2.connectedComponentsWithStats(region.astype(np.uint8), connectivity=8)
        fit = [part for part in range(1, number) if stats[part, cv2.CC_STAT_AREA] >= _LEAST]
        if fit:
            found.append(Target(shown, np.asarray(parts == fit[rng.integers(len(fit))])))
    return found


def _read(path: Path, flags: int) -> NDArray[np.uint8]:
    pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), flags)
    assert pixels is not None, path
    return np.asarray(pixels)


def _picture(path: Path) -> DisplayedSlice:
    rgb = np.ascontiguousarray(_read(path, cv2.IMREAD_COLOR)[:, :, ::-1])
    return np.ascontiguousarray(rgb[:, :, 0]) if (rgb == rgb[:, :, :1]).all() else rgb


def _labels(path: Path) -> NDArray[np.uint8]:
    labels = _read(path, cv2.IMREAD_UNCHANGED)
    return labels if labels.ndim == 2 else np.ascontiguousarray(labels[:, :, 0])


def _of_value(*values: int) -> Callable[[Path, np.random.Generator], tuple[DisplayedSlice, Region]]:
    def read(path: Path, rng: np.random.Generator) -> tuple[DisplayedSlice, Region]:
        labels = _labels(path.parents[1] / "masks" / f"{path.stem}.png")
        return _picture(path), np.asarray(np.isin(labels, values))

    return read


def _instance(path: Path, rng: np.random.Generator) -> tuple[DisplayedSlice, Region]:
    labels = _labels(path.parents[1] / "instances" / f"{path.stem}.png")
    return _picture(path), np.asarray(labels == rng.choice(np.unique(labels[labels > 0])))


def _hippocampus(path: Path, rng: np.random.Generator) -> tuple[DisplayedSlice, Region]:
    pixels, labels = (
        np.asarray(nib.load(file).dataobj, np.float32) for file in (path, path.parents[1] / "labels" / path.name)
    )
    z = int((labels > 0).sum(axis=(0, 1)).argmax())
    low, high = np.percentile(pixels[:, :, z], (0.5, 99.5))
    shown = np.clip((pixels[:, :, z] - low) / (high - low), 0, 1) * 255
    return np.ascontiguousarray(np.rot90(shown)).astype(np.uint8), np.ascontiguousarray(np.rot90(labels[:, :, z] > 0))


_SETS: dict[str, tuple[str, Callable[[Path, np.random.Generator], tuple[DisplayedSlice, Region]]]] = {
    "vertebrae (MR)": ("spine_mri_20", _of_value(2)),
    "discs (MR)": ("spine_mri_20", _of_value(1)),
    "hippocampus (MR)": ("hippocampus_msd", _hippocampus),
    "lungs (X-ray)": ("cxr_lungs_shenzhen", _of_value(255, 1)),
    "cell nuclei (fluorescence)": ("nuclei_dsb2018_coco", _instance),
    "nuclei of white cells (stain)": ("wbc_jtsc", _of_value(2)),
}
NAMES = tuple(_SETS)


def dice(one: Region, two: Region) -> float:
    both = int(np.count_nonzero(one)) + int(np.count_nonzero(two))
    return 2 * int(np.count_nonzero(one & two)) / both if both else 1.0


def hand_box(truth: Region, rng: np.random.Generator) -> Rect:
    """As a hurried hand drags it."""
    exact = Rect.around(truth)
    assert exact is not None
    sizes = np.array([exact.height, exact.width] * 2)
    sides = np.array([exact.top, exact.left, exact.bottom, exact.right]) + rng.normal(0, np.maximum(0.05 * sizes, 0.7))
    box = Rect(*(float(side) for side in sides)).within(truth.shape)
    return box if min(box.height, box.width) > 4 else exact.grown(1, 1)


def next_click(region: Region, truth: Region, rng: np.random.Generator) -> Click | None:
    """Into the deepest place of what is wrong; None where nothing is."""
    missed, extra = depth_in(truth & ~region), depth_in(region & ~truth)
    depth = missed if missed.max() >= extra.max() else extra
    if depth.max() <= 0:
        return None
    middle = np.array(np.unravel_index(int(depth.argmax()), depth.shape))
    spread = min(_TREMBLE, 0.35 * float(depth.max()))
    for _ in range(10):
        down, across = (int(v) for v in np.rint(middle + rng.normal(0, spread, 2)))
        if 0 <= down < depth.shape[0] and 0 <= across < depth.shape[1] and depth[down, across] > 0:
            return Click((float(down), float(across)), depth is missed)
    return Click((float(middle[0]), float(middle[1])), depth is missed)


def traced(truth: Region, hand: Hand, rng: np.random.Generator) -> Region:
    """A region as a hand that trembles outlines it with the freehand contour, one drag a part."""
    around = Rect.around(truth)
    assert around is not None
    mask = Mask(np.zeros((1, *truth.shape), np.uint8))
    fine = np.asarray(np.kron(truth, np.ones((_FINE, _FINE))), np.uint8)
    contours, _ = cv2.findContours(fine, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    parts = [contour for contour in contours if cv2.contourArea(contour) >= _LEAST_PART * _FINE**2]
    for contour in parts or [max(contours, key=len)]:
        line = (contour.reshape(-1, 2)[:, ::-1] + 0.5) / _FINE - 0.5
        line = ndimage.gaussian_filter1d(line, _FINE, axis=0, mode="wrap")
        line = (line + _tremble(line.shape, rng) * Hand.TREMBLE / hand.pixel(around))[::_FINE]
        hand.drag(np.vstack([line, line[:1]]), around, traced=True)
        mask.polygon("", "axial", 0, [(float(down), float(across)) for down, across in line], 1)
    return np.asarray(mask.labels[0] > 0)


def _tremble(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
    """A hand's error along a line, slowly changing, with a standard deviation of 1."""
    noise = ndimage.gaussian_filter1d(rng.normal(0, 1, shape), 4.0 * _FINE, axis=0, mode="wrap")
    return np.asarray(noise / max(float(noise.std()), 1e-9))


def depth_in(region: Region) -> NDArray[np.float32]:
    """How far within a region each pixel lies, in pixels; 0 outside."""
    padded = np.pad(region.astype(np.uint8), 1)
    return np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1], np.float32)


def clicked(outliner: Outliner, truth: Region, rng: np.random.Generator, *, boxed: bool) -> Effort:
    """Click until the last of AIMS is reached."""
    clicks: Clicks = ()
    region = outliner.propose(()).on(truth.shape) if boxed else np.zeros(truth.shape, bool)
    scores, times, hand = [dice(region, truth)], list[float](), Hand()
    around = Rect.around(truth)
    assert around is not None
    if boxed:
        hand.drag(np.array([[around.top, around.left], [around.bottom, around.right]]), around)
    while scores[-1] < AIMS[-1] and len(clicks) < MOST:
        click = next_click(region, truth, rng)
        if click is None:
            break
        clicks = (*clicks, click)
        began = time.thread_time()
        region = outliner.propose(clicks).on(truth.shape)
        times.append(time.thread_time() - began)
        if max(scores) < AIMS[0]:
            hand.click()
            hand.seconds += times[-1]
        scores.append(dice(region, truth))
    counts = tuple(next((at for at, score in enumerate(scores) if score >= aim), MOST) for aim in AIMS)
    hand.key()  # Enter
    box, each = scores[0] if boxed else None, float(np.median(times)) if times else 0.0
    return Effort(counts, box, each, hand.centimetres, hand.seconds)


def by_graph_cut(target: Target) -> Effort:
    rng = np.random.default_rng(7)
    cut = GraphCut(target.shown, hand_box(target.truth, rng))
    return clicked(cut, target.truth, rng, boxed=True)


def by_model(model: ClickModel, target: Target) -> Effort:
    rng = np.random.default_rng(7)
    box = hand_box(target.truth, rng)
    outline = ModelOutline(model, model.encode(target.shown), box, GraphCut(target.shown, box))
    return clicked(outline, target.truth, rng, boxed=True)


def by_flood(target: Target) -> Effort:
    height, width = target.shown.shape[:2]
    flood = Flood(target.shown, Rect(0, 0, height, width))
    return clicked(flood, target.truth, np.random.default_rng(7), boxed=False)


def by_live_wire(target: Target) -> Effort:
    """So many points of the outline, evenly, as a hand that aims at the edge; the least that reaches each of AIMS."""
    contours, _ = cv2.findContours(target.truth.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=len).reshape(-1, 2)[:, ::-1].astype(float)
    around = Rect.around(target.truth)
    assert around is not None
    view = around.grown(0.5 * around.height + 10, 0.5 * around.width + 10).within(target.truth.shape)
    reached, times = dict.fromkeys(AIMS, MOST), list[float]()
    for count in _WIRE_POINTS:
        places = np.linspace(0, len(outline), count, endpoint=False).astype(int)
        points = [(float(down), float(across)) for down, across in outline[places]]
        line: list[tuple[float, float]] = []
        for one, two in zip(points, [*points[1:], points[0]], strict=True):
            began = time.thread_time()
            line += LiveWire(target.shown, one, view).to(two)[:-1]
            times.append(time.thread_time() - began)
        mask = Mask(np.zeros((1, *target.truth.shape), np.uint8))
        mask.polygon("", "axial", 0, line, 1)
        score = dice(mask.labels[0] > 0, target.truth)
        for aim in AIMS:
            if score >= aim:
                reached[aim] = min(reached[aim], count)
        if score >= AIMS[-1]:
            break
    hand = Hand()
    hand.click(reached[AIMS[0]])
    hand.key()
    return Effort(tuple(reached.values()), None, float(np.median(times)), 0.0, hand.seconds + sum(times))


def by_hand(target: Target) -> Effort:
    """The freehand contour: one drag along the outline."""
    hand = Hand()
    score = dice(traced(target.truth, hand, np.random.default_rng(7)), target.truth)
    return Effort(tuple(1 if score >= aim else MOST for aim in AIMS), None, 0.0, hand.centimetres, hand.seconds)


def rows(data: Path, objects: int, model: ClickModel | None) -> Iterator[str]:
    """The table, line by line."""
    yield "| set | tool | box alone | clicks to 0.90 | to 0.95 | ms a click | cm drawn | seconds |"
    yield "|---|---|---|---|---|---|---|---|"
    tools: dict[str, Callable[[Target], Effort]] = {"box and clicks": by_graph_cut}
    if model is not None:
        tools["with a click model"] = lambda target: by_model(model, target)
    tools |= {"flood, clicks alone": by_flood, "live-wire, points": by_live_wire, "freehand contour, drags": by_hand}
    totals: dict[str, list[Effort]] = {tool: [] for tool in tools}
    for name in NAMES:
        seen = targets(data, name, objects)
        for tool, run in tools.items():
            efforts = [run(target) for target in seen]
            totals[tool] += efforts
            yield _row(name, tool, efforts)
    for tool, efforts in totals.items():
        yield _row("**all**", tool, efforts)


def _row(name: str, tool: str, efforts: list[Effort]) -> str:
    boxes = [effort.box for effort in efforts if effort.box is not None]
    box = f"{np.mean(boxes):.2f}" if boxes else "–"
    means = " | ".join(f"{np.mean([effort.clicks[at] for effort in efforts]):.1f}" for at in range(len(AIMS)))
    each = f"{1e3 * float(np.median([effort.seconds for effort in efforts])):.0f}"
    drawn, whole = (float(np.mean(values)) for values in zip(*((e.centimetres, e.whole) for e in efforts), strict=True))
    return f"| {name} | {tool} | {box} | {means} | {each} | {drawn:.0f} | {whole:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.annotator", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("data", type=Path, help="the folder of the sets")
    parser.add_argument("--objects", type=int, default=5, help="of each set")
    parser.add_argument("--model", type=Path, help="the folder of a click model")
    asked = parser.parse_args()
    for line in rows(asked.data, asked.objects, ClickModel(asked.model) if asked.model else None):
        print(line, flush=True)


if __name__ == "__main__":
    main()

"""Samples of an augmentation over one slice, computed in the background: pictures, captions, and what classes gain or lose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.services.jobs import JobQueue, Lane
from engine.augment.pipeline import Applied, Augmenter, Sample
from engine.augment.sheet import ClassShare, class_shares
from engine.augment.transforms import ROWS, AugmentConfig
from engine.imaging.image import Image
from engine.imaging.windows import auto_window, to_display
from engine.labels.classes import LabelClass
from engine.labels.edit import Labels
from engine.progress import Progress, Work
from engine.scoring.render import overlay
from widgets.augment_grid import SampleTile
from widgets.figures import decimal
from widgets.text import tr

COUNT = 12
_SIDE = 448  # px of the longer side, where nothing is set for the training
_SIDED = 0.1  # of the width: nearer to the middle a class has no side


@dataclass(frozen=True, eq=False)
class PreviewRequest:
    """What to draw. `labels` (y, x) is a copy; `network` shows the pixels that are fed, `size` px long, without the mask."""

    image: Image
    z: int
    labels: Labels | None
    classes: tuple[LabelClass, ...]
    config: AugmentConfig
    seed: int
    network: bool = False
    size: int = 0


@dataclass(frozen=True)
class Effect:
    """What the samples do to the classes. `shares` are in pixels of the image itself; `cut` are the samples that lose a class to
    the cutout, `turned` the ones that are mirrored left to right, `sided` the class that is plainly on one side (0: none)."""

    shares: tuple[ClassShare, ...]
    cut: tuple[tuple[int, ...], ...]
    turned: tuple[int, ...]
    sided: int
    count: int


@dataclass(frozen=True, eq=False)
class PreviewResult:
    """The answer to a wish, and the classes that it was about. `effect` is None where there is no mask."""

    original: SampleTile
    samples: tuple[SampleTile, ...]
    effect: Effect | None
    classes: tuple[LabelClass, ...]


class Preview(QObject):
    """Makes samples on request; while it works the newest wish waits and the older ones are dropped."""

    ready = Signal(object)  # Made
    failed = Signal(object)

    def __init__(self, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._next: PreviewRequest | None = None
        self._busy = self._dropped = False

    def ask(self, wish: PreviewRequest) -> None:
        self._next = wish
        self._start()

    def forget(self) -> None:
        """Drop the wish that waits, and the answer to the one that is being drawn."""
        self._next, self._dropped = None, self._busy

    def _start(self) -> None:
        if self._busy or self._next is None:
            return
        wish, self._next, self._busy = self._next, None, True
        self._jobs.start(
            self, Lane.CASE, "", lambda: making(wish), done=self._done, failed=self._not_done, cancelled=self._over
        )

    def _done(self, made: PreviewResult) -> None:
        if not self._dropped:
            self.ready.emit(made)
        self._over()

    def _not_done(self, fault: BaseException) -> None:
        if not self._dropped:
            self.failed.emit(fault)
        self._over()

    def _over(self) -> None:
        self._busy = self._dropped = False
        self._start()


def making(wish: PreviewRequest) -> Work[PreviewResult]:
    """Draw the original and the samples; sample i has the key (seed, 0, i), as in the first epoch of a training."""
    yield Progress(0, COUNT)
    pixels = _network_input(wish.image, wish.z) if wish.network else _displayed(wish.image, wish.z)
    labels = wish.labels
    size = _size(pixels.shape[0], pixels.shape[1], wish.size if wish.network and wish.size else _SIDE)
    augmenter = Augmenter(wish.config)
    plain = Augmenter(AugmentConfig()).apply(pixels, labels, (0,), size)
    made = []
    for place in range(COUNT):
        made.append(augmenter.apply(pixels, labels, (wish.seed, 0, place), size))
        yield Progress(place + 1, COUNT)
    effect = _effect(labels, made, len(wish.classes)) if labels is not None and wish.classes else None
    colors = [c.color for c in wish.classes]
    warnings = _warnings(effect, wish.classes)
    samples = tuple(
        SampleTile(
            _picture(each, colors, wish.network),
            tr("Sample {number}", number=at + 1),
            caption(each.applied),
            warnings[at],
        )
        for at, each in enumerate(made)
    )
    return PreviewResult(
        SampleTile(_picture(plain, colors, wish.network), tr("Original")), samples, effect, wish.classes
    )


def caption(applied: Sequence[Applied]) -> str:
    """What was done to a sample, in the program's language: "rotate −11°, zoom 1.12"."""
    return ", ".join(f"{_small(tr(ROWS[change.key].label))} {decimal(change.text)}".strip() for change in applied)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _displayed(image: Image, z: int) -> NDArray[np.uint8]:
    """The slice as the screen shows it."""
    return to_display(image.pixels[z], image.window, image.inverted)


def _network_input(image: Image, z: int) -> Any:
    """The slice as a network gets it before it is brought to mean and spread: 8 bit as it is, else 0..1 between the percentiles
    of the image (of calibrated values a training takes those of its whole set)."""
    pixels = image.pixels[z]
    if pixels.dtype == np.uint8:
        return np.array(255 - pixels if image.inverted else pixels, np.uint8)
    window = auto_window(image.pixels)
    values = np.nan_to_num(pixels.astype(np.float32), nan=window.low, posinf=window.high, neginf=window.low)
    unit = np.clip((values - np.float32(window.low)) / np.float32(window.width), 0.0, 1.0)
    return np.ascontiguousarray(1 - unit if image.inverted else unit, np.float32)


def _size(height: int, width: int, side: int) -> tuple[int, int]:
    """The longer side brought to at most `side`."""
    ratio = min(1.0, side / max(height, width))
    return max(1, round(height * ratio)), max(1, round(width * ratio))


def _picture(sample: Sample, colors: Sequence[str], bare: bool) -> NDArray[np.uint8]:
    pixels = sample.image
    shown = pixels if pixels.dtype == np.uint8 else np.rint(pixels * np.float32(255)).astype(np.uint8)
    picture = np.asarray(shown, np.uint8)
    if bare or sample.mask is None:
        return cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture  # type: ignore[return-value]
    return overlay(picture, sample.mask.astype(np.uint8, copy=False), colors)


def _effect(labels: Labels, samples: Sequence[Sample], classes: int) -> Effect:
    shares = class_shares(labels, samples, classes)
    first = samples[0].mask
    scale = labels.size / first.size if first is not None else 1.0
    shares = tuple(ClassShare(s.value, s.before * scale, s.after * scale, s.lost_in) for s in shares)
    done = [{change.key for change in sample.applied} for sample in samples]
    cut = tuple(tuple(at for at in share.lost_in if "cutout" in done[at]) for share in shares)
    turned = tuple(at for at, keys in enumerate(done) if "flip_horizontal" in keys)
    return Effect(shares, cut, turned, _sided(labels, classes), len(samples))


def _sided(labels: Labels, classes: int) -> int:
    """The class whose centre is farthest from the middle, if it is plainly on one side."""
    columns = np.stack([np.count_nonzero(labels == value, axis=0) for value in range(1, classes + 1)])
    places = np.arange(labels.shape[1]) + 0.5
    best, found = _SIDED, 0
    for value, counts in enumerate(columns, start=1):
        if counts.sum():
            off = abs(float((counts * places).sum() / counts.sum()) / labels.shape[1] - 0.5)
            best, found = (off, value) if off > best else (best, found)
    return found


def _warnings(effect: Effect | None, classes: Sequence[LabelClass]) -> list[str]:
    """Of each sample the classes that it lost."""
    lost: list[list[str]] = [[] for _ in range(COUNT)]
    for share in effect.shares if effect is not None else ():
        for at in share.lost_in:
            lost[at].append(classes[share.value - 1].name)
    return [tr("{names} lost", names=", ".join(names)) if names else "" for names in lost]


def fullest(labels: Labels) -> int:
    """The slice (of z, y, x labels) with most labelled pixels, by a sample of them; the middle one where there are none."""
    if labels.shape[0] == 1:
        return 0
    step = max(1, min(labels.shape[1:]) // 128)
    counts = np.count_nonzero(labels[:, ::step, ::step], axis=(1, 2))
    return int(counts.argmax()) if counts.any() else labels.shape[0] // 2

"""What a preview shows: samples of one slice as a training would make them, as pictures, and what they do to the classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.augment.pipeline import Applied, Augmenter, Sample
from engine.augment.transforms import ROWS, AugmentConfig
from engine.augment.warp import Mask, Pixels, Size
from engine.imaging.geometry import SideAxis, display_flips, flip, side_axis
from engine.imaging.image import Image
from engine.imaging.intensity import Intensity, unit_slices
from engine.imaging.windows import to_display
from engine.labels.classes import UNLABELLED, LabelClass
from engine.labels.edit import Labels
from engine.labels.sides import Laterality
from engine.progress import Progress, Work
from engine.scoring.render import overlay

Picture: TypeAlias = NDArray[np.uint8]

COUNT = 12
_SIDE = 448  # px of the longer side, where nothing is set for the training
_ONE_SIDED = 0.1  # of the way from side to side: nearer to the middle a class has no side


@dataclass(frozen=True, eq=False)
class PreviewRequest:
    """What to show: `image.pixels[z]` with its `labels` (y, x), values 1 to len(classes), or None; nothing of it is changed.

    `as_network_input` shows the pixels that are fed by this rule, `size` px along the longer side (0: as for the eye), without the mask.
    """

    image: Image
    z: int
    labels: Labels | None
    classes: tuple[LabelClass, ...]
    config: AugmentConfig
    seed: int
    as_network_input: Intensity | None = None
    size: int = 0
    sides: Laterality = Laterality()


@dataclass(frozen=True)
class ClassShare:
    """Pixels of one class before, and after as the mean per sample; `lost_in` are the samples in which none is left."""

    value: int
    before: float
    after: float
    lost_in: tuple[int, ...]

    @property
    def change(self) -> float:
        """What is gained (0.02 is 2 %) or lost (negative); 0 for a class that was not there."""
        return self.after / self.before - 1 if self.before else 0.0


@dataclass(frozen=True)
class Effect:
    """What `count` samples do to the classes; samples are told by their index.

    `shares` are in pixels of the labels themselves. `covered` has for each of them the samples that lose it where a transform
    erases the mask, `mirrored` are the samples in which left and right change sides, `lateral` is the class that is plainly
    on one side (0: none).
    """

    shares: tuple[ClassShare, ...]
    covered: tuple[tuple[int, ...], ...]
    mirrored: tuple[int, ...]
    lateral: int
    count: int


@dataclass(frozen=True, eq=False)
class PreviewSample:
    """A sample as RGB uint8 (h, w, 3), what was done to it, and the values of the classes of which nothing is left in it."""

    picture: Picture
    applied: tuple[Applied, ...]
    lost: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class PreviewResult:
    """The answer to a request, and the classes that it was about. `effect` is None where there is no mask or no class; `side_axis` is
    how left and right lie in the stored slice."""

    original: Picture
    samples: tuple[PreviewSample, ...]
    effect: Effect | None
    classes: tuple[LabelClass, ...]
    side_axis: SideAxis = "across"


def preview(request: PreviewRequest) -> Work[PreviewResult]:
    """Make COUNT samples, yielding Progress; sample i has the key (seed, 0, i), as in the first epoch of a training.

    Samples are made of the stored slice, as in a training, and their pictures hang as the slice does on the screen.
    """
    yield Progress(0, COUNT)
    fed, labels = request.as_network_input, request.labels
    bare, image, z = fed is not None, request.image, request.z
    pixels = _displayed(image, z) if fed is None else network_input(image, z, fed)
    size = _size(pixels.shape[0], pixels.shape[1], request.size if bare and request.size else _SIDE)
    plain = Augmenter(AugmentConfig()).apply(pixels, labels, (0,), size)
    augmenter, made, axis = Augmenter(request.config, request.sides), [], side_axis(image.geometry)
    for index in range(COUNT):
        made.append(augmenter.apply(pixels, labels, (request.seed, 0, index), size, side_axis=axis))
        yield Progress(index + 1, COUNT)
    effect = _effect(labels, made, len(request.classes), axis) if labels is not None and request.classes else None
    shares = effect.shares if effect is not None else ()
    colors, flips = [c.color for c in request.classes], display_flips(request.image.geometry)
    samples = tuple(
        PreviewSample(
            flip(_picture(sample, colors, bare), flips),
            sample.applied,
            tuple(share.value for share in shares if index in share.lost_in),
        )
        for index, sample in enumerate(made)
    )
    return PreviewResult(flip(_picture(plain, colors, bare), flips), samples, effect, request.classes, axis)


def sample_series(
    image: Pixels,
    mask: Mask | None,
    config: AugmentConfig,
    seed: int,
    count: int,
    out_size: Size | None = None,
    sides: Laterality = Laterality(),
    side_axis: SideAxis = "across",
) -> list[Sample]:
    """`count` samples of one image in which left and right lie so, as an epoch would show them: sample i has the key (seed, 0, i)."""
    augmenter = Augmenter(config, sides)
    return [augmenter.apply(image, mask, (seed, 0, index), out_size, side_axis=side_axis) for index in range(count)]


def class_shares(mask: Mask, samples: Sequence[Sample], classes: int) -> tuple[ClassShare, ...]:
    """What becomes of the classes 1 to `classes` of `mask` (h, w) in its samples.

    Where samples have another size, `before` is counted in their pixels (scaled by the ratio of the areas). A class that the
    mask does not hold is never lost. Raises ValueError where a sample has no mask.
    """
    before = _counts(mask, classes)
    after = np.array([_counts(_mask_of(sample), classes) for sample in samples]).reshape(len(samples), classes)
    scale = _mask_of(samples[0]).size / mask.size if samples else 1.0
    mean = after.mean(axis=0) if samples else before.astype(np.float64)
    return tuple(
        ClassShare(
            index + 1,
            float(before[index] * scale),
            float(mean[index]),
            tuple(np.flatnonzero(after[:, index] == 0).tolist()) if before[index] else (),
        )
        for index in range(classes)
    )


def network_input(image: Image, z: int, intensity: Intensity) -> Pixels:
    """The slice as a network gets it before it is brought to mean and spread, by the rule of its training: uint8, or float32 in 0..1."""
    (pixels,) = unit_slices(image, intensity, 3 if image.color else 1)(slice(z, z + 1))
    return np.ascontiguousarray(pixels if pixels.dtype == np.uint8 else pixels.astype(np.float32))


def lateral_class(labels: Labels, classes: int, side_axis: SideAxis = "across") -> int:
    """The class 1 to `classes` whose centre is farthest from the middle between left and right, if it is plainly on one side; else 0."""
    if not side_axis:
        return 0
    labels = labels.T if side_axis == "down" else labels
    columns = np.stack([np.count_nonzero(labels == value, axis=0) for value in range(1, classes + 1)])
    centres = np.arange(labels.shape[1]) + 0.5
    best, found = _ONE_SIDED, 0
    for value, counts in enumerate(columns, start=1):
        if counts.sum():
            off = abs(float((counts * centres).sum() / counts.sum()) / labels.shape[1] - 0.5)
            best, found = (off, value) if off > best else (best, found)
    return found


def fullest_slice(labels: Labels) -> int:
    """The slice (of z, y, x labels) with most pixels of classes, by a sample of them; the middle one where there are none."""
    if labels.shape[0] == 1:
        return 0
    step = max(1, min(labels.shape[1:]) // 128)
    some = labels[:, ::step, ::step]
    counts = np.count_nonzero((some > 0) & (some < UNLABELLED), axis=(1, 2))
    return int(counts.argmax()) if counts.any() else labels.shape[0] // 2


def _displayed(image: Image, z: int) -> Pixels:
    """The slice as the screen shows it."""
    return to_display(image.pixels[z], image.window, image.inverted)


def _size(height: int, width: int, side: int) -> Size:
    """The longer side brought to at most `side`."""
    ratio = min(1.0, side / max(height, width))
    return max(1, round(height * ratio)), max(1, round(width * ratio))


def _picture(sample: Sample, colors: Sequence[str], bare: bool) -> Picture:
    pixels = sample.image
    shown = pixels if pixels.dtype == np.uint8 else np.rint(pixels * np.float32(255)).astype(np.uint8)
    picture = np.asarray(shown, np.uint8)
    if bare or sample.mask is None:
        return cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture  # type: ignore[return-value]
    return overlay(picture, sample.mask.astype(np.uint8, copy=False), colors)


def _effect(labels: Labels, samples: Sequence[Sample], classes: int, side_axis: SideAxis) -> Effect:
    shares = class_shares(labels, samples, classes)
    scale = labels.size / _mask_of(samples[0]).size
    shares = tuple(ClassShare(s.value, s.before * scale, s.after * scale, s.lost_in) for s in shares)
    rows = [[ROWS[change.key] for change in sample.applied] for sample in samples]
    erased = {index for index, done in enumerate(rows) if any(row.on_mask == "erased" for row in done)}
    covered = tuple(tuple(index for index in share.lost_in if index in erased) for share in shares)
    mirrored = tuple(index for index, sample in enumerate(samples) if sample.mirrored)
    return Effect(shares, covered, mirrored, lateral_class(labels, classes, side_axis), len(samples))


def _mask_of(sample: Sample) -> Mask:
    if sample.mask is None:
        raise ValueError("the samples have no masks")
    return sample.mask


def _counts(mask: Mask, classes: int) -> NDArray[np.int64]:
    counts = np.bincount(mask.ravel(), minlength=classes + 1)
    return counts[1 : classes + 1]

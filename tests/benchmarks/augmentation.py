"""Augmentation of an RGB picture with its mask on one core, against albumentations at equal content and against the least that
any pipeline must do: one bare warpAffine of image and mask and one table.

albumentations is no dependency of the project: where it is not installed, its rows are left out and said so.
"""

import importlib
import importlib.util
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.augment.pipeline import Augmenter
from engine.augment.row import TransformSetting
from engine.augment.transforms import AugmentConfig

Row = tuple[str, float, float, float, float]
"""Job, our seconds, the other's or the ideal's seconds, their ratio, the ratio aimed at (at most)."""

Bytes = NDArray[np.uint8]
Job = Callable[[int], object]

_AT_LEAST = 1 / 1.2  # 1.2 times albumentations' images a second
_NEAR_BARE = 1.5  # no aim of design.md: what more than the bare warp the whole content may cost

CONTENT = AugmentConfig(
    {
        "flip_horizontal": TransformSetting(True, 0.5, 0, 0),
        "flip_vertical": TransformSetting(True, 0.5, 0, 0),
        "rotation": TransformSetting(True, 1, -30, 30),
        "zoom": TransformSetting(True, 1, 0.8, 1.2),
        "shift": TransformSetting(True, 1, -10, 10),
        "shear": TransformSetting(True, 1, -10, 10),
        "brightness": TransformSetting(True, 1, -20, 20),
        "contrast": TransformSetting(True, 1, -20, 20),
        "noise": TransformSetting(True, 1, 5, 15),
        "color_jitter": TransformSetting(True, 1, -10, 10),
        "cutout": TransformSetting(True, 1, 15, 25),
    }
)


def rows() -> Iterator[Row]:
    """The rows one by one, each measured when it is asked for; 15 s in all, on one thread."""
    if not _has_albumentations():
        print("albumentations is not installed: its rows are left out")
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        for side in (256, 512):
            yield from _rows_of(side)
    finally:
        cv2.setNumThreads(threads)


def _rows_of(side: int) -> Iterator[Row]:
    image, mask = _scan(side)
    augmenter = Augmenter(CONTENT)
    jobs: list[Job] = [lambda index: augmenter.apply(image, mask, (0, 0, index)), _bare(image, mask)]
    if _has_albumentations():
        jobs.append(_albumentations(image, mask))
    ours, ideal, *other = _together(jobs)
    name = f"augmentation, {side}\N{SUPERSCRIPT TWO} RGB with mask"
    for seconds in other:
        yield f"{name}, against albumentations", ours, seconds, ours / seconds, _AT_LEAST
    yield f"{name}, against one bare warp and one table", ours, ideal, ours / ideal, _NEAR_BARE


def _has_albumentations() -> bool:
    return importlib.util.find_spec("albumentations") is not None


def _scan(side: int) -> tuple[Bytes, Bytes]:
    rough = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    soft = cv2.GaussianBlur(rough, (0, 0), 3).astype(np.uint8)
    return soft, (cv2.GaussianBlur(soft[..., 0], (0, 0), 9) > 127).astype(np.uint8)


def _bare(image: Bytes, mask: Bytes) -> Job:
    side = image.shape[0]
    table = np.arange(256, dtype=np.uint8)[::-1].copy()

    def job(index: int) -> object:
        matrix = cv2.getRotationMatrix2D((side / 2, side / 2), index * 7 % 60 - 30, 0.8 + index % 5 / 10)
        moved = cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        labels = cv2.warpAffine(mask, matrix, (side, side), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101)
        return cv2.LUT(moved, table), labels

    return job


def _albumentations(image: Bytes, mask: Bytes) -> Job:
    """The same changes in the same ranges, by the library's own transforms for them."""
    os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # it asks the network for news when imported
    library: Any = importlib.import_module("albumentations")
    border = cv2.BORDER_REFLECT_101
    pipeline = library.Compose(
        [
            library.HorizontalFlip(p=0.5),
            library.VerticalFlip(p=0.5),
            library.Affine(
                scale=(0.8, 1.2),
                translate_percent=(-0.1, 0.1),
                rotate=(-30, 30),
                shear=(-10, 10),
                border_mode=border,
                p=1,
            ),
            library.ColorJitter(
                brightness=(0.8, 1.2), contrast=(0.8, 1.2), saturation=(0.9, 1.1), hue=(-0.05, 0.05), p=1
            ),
            library.GaussNoise(std_range=(5 / 255, 15 / 255), p=1),
            library.CoarseDropout(
                num_holes_range=(1, 1),
                hole_height_range=(0.15, 0.25),
                hole_width_range=(0.15, 0.25),
                fill=0,
                fill_mask=0,
                p=1,
            ),
        ],
        seed=0,
    )
    return lambda index: pipeline(image=image, mask=mask)


def _together(jobs: list[Job], rounds: int = 200) -> list[float]:
    """The median seconds of each job; they take turns, so that a busy moment of the machine falls on all alike."""
    times = np.empty((rounds, len(jobs)))
    for index in range(-10, rounds):
        for place, job in enumerate(jobs):
            start = time.perf_counter()
            job(index + 10)
            if index >= 0:
                times[index, place] = time.perf_counter() - start
    return [float(middle) for middle in np.median(times, axis=0)]

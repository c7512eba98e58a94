"""A patient who never was: anatomy by seed, seen by a tomograph or a magnetic resonance scanner."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.phantom.body import Build, Patient
from engine.phantom.organs import draw_organs
from engine.phantom.shapes import Field, Grid, noise
from engine.phantom.trunk import draw_trunk

Modality: TypeAlias = Literal["CT", "MR"]

_THICK = 8.0  # mm from slice to slice, where there are few
_DEPTH = 96.0  # mm of body that many slices share
_MARGIN = 1.14  # field of view over the body's width


@dataclass(frozen=True, eq=False)
class Phantom:
    """A scan (z, y, x) with z towards the head, its classes (0 background, then CLASSES) and the voxel's size in mm.

    `pixels` are int16: Hounsfield units of a CT, 0 to about 1000 of an MR.
    """

    pixels: NDArray[np.int16]
    labels: NDArray[np.uint8]
    spacing: tuple[float, float, float]
    modality: Modality = "CT"


def patient(seed: int, slices: int = 12, side: int = 256, modality: Modality = "CT") -> Phantom:
    """The upper abdomen of the patient with that number: the same seed gives the same patient in any number of slices of any
    size (pixels a side, at least 32); size, fat, turn, organs and disease differ from seed to seed."""
    if slices < 1 or side < 32:
        raise ValueError(f"{slices} slices of {side} pixels show no patient")
    rng = np.random.default_rng((seed, 11))
    build = Build.drawn(rng)
    pixel = 2 * build.half_width * _MARGIN / side
    grid = Grid.straight(slices, side, (min(_THICK, _DEPTH / slices), pixel, pixel))
    body = Patient(rng, grid, build, ("CT", "MR").index(modality))
    draw_organs(body, draw_trunk(body))
    seen = _by_tomograph(body, rng) if modality == "CT" else _by_resonance(body, rng)
    return Phantom(seen, body.labels, grid.spacing, modality)


def _by_tomograph(body: Patient, rng: np.random.Generator) -> NDArray[np.int16]:
    """The blur of the detector, grainy noise that grows with the body's thickness, streaks beside bones, a trace of cupping."""
    pixel = body.grid.spacing[2]
    values = _blurred(body.values, 0.75 / pixel)
    inside = values > -600
    level = 10.0 * (body.build.half_width / 165) ** 2
    grain = _grain(rng, values.shape, 0.95 / pixel) * np.float32(level)
    dense = _smeared(np.clip(values - 260, 0, 500), 55 / pixel)
    streaks = _smeared(rng.standard_normal(values.shape).astype(np.float32), 30 / pixel)
    streaks *= dense / np.float32(2.2) / max(float(streaks.std()), 1e-6) * np.float32(0.16)
    u, v = body.grid.x / np.float32(body.build.half_width), body.grid.y / np.float32(body.build.half_depth)
    cupping = np.float32(4) * (u * u + v * v - np.float32(0.5))
    values = values + (grain + streaks) * np.where(inside, np.float32(1), np.float32(0.55)) + cupping * inside
    return _whole(values, -1024, 3071)


def _by_resonance(body: Patient, rng: np.random.Generator) -> NDArray[np.int16]:
    """The coil's uneven sensitivity (the bias field) over the tissues, and noise as magnitudes have it."""
    pixel = body.grid.spacing[2]
    sensitivity = np.exp(np.float32(0.22) * noise(rng, body.grid, 190) + np.float32(0.0011) * body.grid.y)
    values = _blurred(body.values, 0.9 / pixel) * sensitivity
    real, imaginary = (rng.standard_normal(values.shape).astype(np.float32) * np.float32(15) for _ in range(2))
    return _whole(np.hypot(np.maximum(values, 0) + real, imaginary), 0, 4095)


def _whole(values: Field, low: int, high: int) -> NDArray[np.int16]:
    result: NDArray[np.int16] = np.clip(np.rint(values), low, high).astype(np.int16)
    return result


def _blurred(values: Field, sigma: float) -> Field:
    return np.stack([cv2.GaussianBlur(plane, (0, 0), max(sigma, 0.2)) for plane in values])


def _smeared(values: Field, sigma: float) -> Field:
    """Drawn out from left to right, the way the rays go that meet most bone."""
    return np.stack([cv2.GaussianBlur(plane, (0, 0), sigmaX=max(sigma, 0.5), sigmaY=0.7) for plane in values])


def _grain(rng: np.random.Generator, shape: tuple[int, ...], sigma: float) -> Field:
    grain = _blurred(rng.standard_normal(shape).astype(np.float32), sigma)
    result: Field = grain / np.float32(grain.std())
    return result

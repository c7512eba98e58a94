"""Chest films of nobody, with and without an opacity: a small set for classification."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import atomic
from engine.errors import EngineError
from engine.phantom.shapes import Field, Grid, ellipsoid, joined, noise, tube, within, without
from engine.progress import Progress, Work

CHEST_CLASSES = ("normal", "opacity")
"""Names of the labels 0 and 1."""

_HALF = 170.0  # mm from the middle to the edge of the film


def chest(seed: int, side: int = 256) -> tuple[NDArray[np.uint8], int]:
    """A frontal chest film (side, side) uint8, bright where much is in the way, and its class: even seeds are normal, odd ones
    have one to three hazy opacities in the lungs."""
    if side < 32:
        raise ValueError(f"a film of {side} pixels shows nothing")
    rng = np.random.default_rng((seed, 5))
    label = seed % 2
    pixel = 2 * _HALF / side
    grid = Grid.straight(1, side, (1.0, pixel, pixel)).turned(rng.normal(0, 1.5), (rng.normal(0, 5), rng.normal(0, 5)))
    grid = grid.bent(rng, 120, 2.5)
    film, lungs = _film(rng, grid)
    if label:
        film = film + _opacities(rng, grid, lungs)
    film = film + 0.008 * noise(rng, grid, 3) + np.float32(0.009) * rng.standard_normal(film.shape).astype(np.float32)
    film = cv2.GaussianBlur(film[0], (0, 0), max(0.8 / pixel, 0.3))
    low, high = np.quantile(film, (0.01, 0.995))
    bright = np.clip((film - low) / (high - low), 0, 1) ** rng.uniform(0.85, 1.1)
    return np.rint(bright * 245 + 4).astype(np.uint8), label


def write_chests(folder: Path, films: int = 60, side: int = 128) -> Work[tuple[Path, ...]]:
    """Films 0 to `films` - 1 as folder/normal/film-000.png and folder/opacity/film-001.png; what is there already stays."""
    files = []
    for seed in range(films):
        file = folder / CHEST_CLASSES[seed % 2] / f"film-{seed:03d}.png"
        yield Progress(seed, films, file.name)
        files.append(file)
        if file.exists():
            continue
        atomic.make_folder(file.parent)
        done, data = cv2.imencode(".png", chest(seed, side)[0])
        if not done:
            raise EngineError("The picture {name} could not be encoded.", name=file.name)
        atomic.write(file, data.tobytes())
    yield Progress(films, films)
    return tuple(files)


def _film(rng: np.random.Generator, grid: Grid) -> tuple[Field, Field]:
    """How much of the rays each place stops (0..1), and the distance from the lungs' edge."""
    size, width = rng.uniform(0.92, 1.06), rng.uniform(0.94, 1.08)
    trunk = ellipsoid(grid, (0, 60, 0), (158 * width, 260, 9000))
    shoulders = tube(grid, [(-150, -85, 0), (0, -150, 0), (150, -85, 0)], [46, 40, 46])
    body = joined(trunk, shoulders, 40)
    heart = _heart(rng, grid, size)
    lungs = without(_lungs(rng, grid, size, width), heart, 3)
    film = 0.62 * _soft(body, 9) - 0.40 * _soft(lungs, 5)
    film += 0.05 * noise(rng, grid, 80) * _soft(body, 9)
    film += 0.045 * _soft(heart, 9) + 0.05 * _soft(tube(grid, [(0, -180, 0), (0, 180, 0)], [26, 30]), 10)
    air = _soft(lungs, 6)
    film += _bones(rng, grid, size, width) * _soft(body, 6) * (0.45 + 0.55 * air)
    film += _vessels(rng, grid, size) * air
    windpipe = tube(grid, [(2, -175, 0), (0, -60, 0), (-2, -42, 0)], [8.5, 8, 7])
    return film - 0.09 * _soft(windpipe, 3), lungs


def _soft(distance: Field, edge: float) -> Field:
    """1 inside, 0 outside, over an edge of that many mm."""
    share: Field = np.clip(0.5 - distance / np.float32(edge), 0, 1)
    return share * share * (3 - 2 * share)


def _lungs(rng: np.random.Generator, grid: Grid, size: float, width: float) -> Field:
    domes = rng.uniform(62, 84)
    parts = []
    for side, lower in ((-1, 0.0), (1, 9.0)):
        upper = ellipsoid(grid, (side * 62 * width, -48, 0), (45 * width, 82 * size, 9000), side * 10)
        base = ellipsoid(grid, (side * 76 * width, 22, 0), (54 * width, 108 * size, 9000), side * 3)
        dome = ellipsoid(grid, (side * 60 * width, domes + lower + 52, 0), (72, 66, 9000), side * 8)
        lung = within(joined(upper, base, 30), np.abs(grid.x) * np.float32(-1) + 17, 10)
        parts.append(within(lung, -dome, 5))
    return np.minimum(parts[0], parts[1])


def _heart(rng: np.random.Generator, grid: Grid, size: float) -> Field:
    wide = rng.uniform(0.85, 1.1)
    ventricle = ellipsoid(grid, (24 * wide, 46, 0), (58 * wide * size, 42 * size, 9000), 30)
    atrium = ellipsoid(grid, (-14, 32, 0), (25 * size, 40 * size, 9000))
    vessels = tube(grid, [(14, -52, 0), (4, 0, 0)], [22, 24])
    return joined(joined(ventricle, atrium, 22), vessels, 18)


def _bones(rng: np.random.Generator, grid: Grid, size: float, width: float) -> Field:
    """Ribs behind (sloping down) and, fainter, in front; collar bones; the spine behind the heart."""
    film = np.zeros(grid.shape, np.float32)
    across = np.abs(grid.x)
    for number in range(10):
        y = (-132 + number * 24.5) * size + rng.normal(0, 0.8)
        reach = (70 + 66 * np.sin(min(number + 1.5, 6) / 6 * np.pi / 2)) * width
        bow = (
            y
            + 30 * np.sin(np.clip(across / np.float32(reach), 0, 1) * np.pi * 0.62)
            - 20 * (across / np.float32(reach)) ** 4
        )
        back = np.maximum(np.abs(grid.y - bow) - 5.2, across - np.float32(reach))
        film += 0.065 * _soft(back, 3) + 0.035 * (_soft(back, 2) - _soft(back + 1.8, 2))
        if number < 8:
            front = y + 62 + 0.42 * (np.float32(reach) - across)
            strip = np.maximum(np.abs(grid.y - front) - 5.8, np.maximum(across - np.float32(reach), 34 - across))
            film += 0.035 * _soft(strip, 4)
    for side in (-1, 1):
        collar = tube(grid, [(side * 14, -104, 0), (side * 60, -117, 0), (side * 128, -136, 0)], [6.5, 5, 6])
        film += 0.10 * _soft(collar, 3)
    level = np.abs((grid.y + 500) % 23 - 11.5)
    spine = np.maximum(np.abs(grid.x) - 15, 2.2 - level)
    return film + 0.055 * _soft(spine, 4)


def _vessels(rng: np.random.Generator, grid: Grid, size: float) -> Field:
    """Branches from the roots of the lungs, thinner outwards, down more than up."""
    film = np.zeros(grid.shape, np.float32)
    for side in (-1, 1):
        root = np.array([side * 30.0, 6.0])
        film += 0.10 * _soft(ellipsoid(grid, (side * 33, 4, 0), (13, 24, 9000), side * -12), 16)
        for _ in range(15):
            angle = rng.uniform(-1.25, 1.3)
            tip = root + np.array([side * np.cos(angle), np.sin(angle)]) * rng.uniform(45, 95) * size
            middle = (root + tip) / 2 + rng.normal(0, 5, 2)
            path = [(float(x), float(y), 0.0) for x, y in (root, middle, tip)]
            film += 0.055 * _soft(tube(grid, path, [rng.uniform(2.4, 4.6), 2.0, 0.6]), 2.5)
    return np.minimum(film, np.float32(0.2))


def _opacities(rng: np.random.Generator, grid: Grid, lungs: Field) -> Field:
    """Clouds with ragged edges in one or both lungs."""
    film = np.zeros(grid.shape, np.float32)
    deep = np.argwhere(lungs[0] < -14)
    for _ in range(int(rng.integers(1, 4))):
        y, x = deep[rng.integers(len(deep))]
        center = (float(grid.x[0, y, x]), float(grid.y[0, y, x]), 0.0)
        cloud = ellipsoid(grid, center, (rng.uniform(15, 34), rng.uniform(14, 30), 9000), rng.uniform(-40, 40))
        cloud = cloud + 5 * noise(rng, grid, 20) + 3 * noise(rng, grid, 8)
        film += rng.uniform(0.13, 0.24) * _soft(cloud, 22) * (1 + 0.12 * noise(rng, grid, 9))
    return np.minimum(film, np.float32(0.3)) * _soft(lungs, 6)

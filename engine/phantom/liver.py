"""The liver with its vessels, the gall bladder and the lesions."""

import numpy as np
from numpy.typing import NDArray

from engine.phantom.body import LESION, LIVER, NONE, Patient
from engine.phantom.shapes import Field, Point, ellipsoid, joined, tube, within, without


def liver_shape(patient: Patient, room: Field) -> Field:
    """The large right lobe along the wall and the left lobe that runs out in front, over the middle."""
    build, grid = patient.build, patient.soft
    edge = build.half_width - build.fat - build.muscle
    front = -build.half_depth + build.fat + build.muscle
    reach = patient.between(-6, 16)
    right = ellipsoid(grid, (-edge + 68, 2, 14), (78, 92, patient.between(98, 120)), -10)
    left = ellipsoid(grid, (reach - 22, front + 34, 34), (66, 27, patient.between(58, 76)), 10)
    tail = ellipsoid(grid, (-18, build.spine - 40, 26), (20, 16, 40))
    whole = joined(joined(right, left, 22), tail, 10)
    hilum = tube(
        grid, [(-4, build.spine - 40, -70), (-26, build.spine - 56, -18), (-40, build.spine - 50, -6)], [22, 12, 3]
    )
    medial = ellipsoid(grid, (14, build.spine - 34, -60), (44, 56, 74), 0)
    cleft = tube(grid, [(-16, front + 2, -40), (-12, front + 30, -10), (-14, front + 52, 16)], [5, 2.6, 0.4])
    whole = without(without(whole, hilum, 6), cleft, 2)
    return within(without(whole, medial, 10), room + 1.6, 5)


def draw_liver(patient: Patient, liver: Field) -> None:
    build, grid = patient.build, patient.soft
    fatty = -patient.between(0, 24) * build.visceral
    patient.paint(liver, "liver", LIVER, shade=patient.grain * 2.5 + patient.mottle * 3 + np.float32(fatty))
    if not (liver < -9).any():
        return
    cava = (-24.0, build.spine - 26, 44.0)
    porta = (-34.0, build.spine - 50, -2.0)
    deep = np.argwhere(liver < -9)
    for root, count, thick in ((cava, 4, 5.2), (porta, 6, 5.8)):
        for _ in range(count):
            z, y, x = deep[patient.rng.integers(len(deep))]
            tip = (float(grid.x[z, y, x]), float(grid.y[z, y, x]), float(grid.z[z, y, x]))
            _draw_branch(patient, liver, root, tip, thick)
    _draw_gallbladder(patient, liver)
    _draw_lesions(patient, liver)


def _draw_branch(patient: Patient, liver: Field, root: Point, tip: Point, thick: float) -> None:
    """A vessel from the root to the tip, thinner on the way, with twigs."""
    share = np.linspace(0, 1, 6)[:, None]
    sway = np.sin(share * np.pi) * patient.rng.normal(0, 9, 3)
    path = np.asarray(root) + share * np.subtract(tip, root) + sway
    radii = np.linspace(thick, 1.3, 6)
    _draw_vessel(patient, liver, path, radii)
    for start in (2, 3, 4):
        twig = path[start] + np.linspace(0, 1, 4)[:, None] * patient.rng.normal(0, 20, 3)
        _draw_vessel(patient, liver, twig, np.linspace(radii[start] * 0.7, 1.0, 4))


def _draw_vessel(patient: Patient, liver: Field, path: NDArray[np.float64], radii: NDArray[np.float64]) -> None:
    points: list[Point] = [(float(x), float(y), float(z)) for x, y, z in path]
    part, box = patient.soft.near(points, 6)
    if part.x.size:
        patient.paint(np.maximum(tube(part, points, [float(r) for r in radii]), liver[box] + 2), "vein", box=box)


def _draw_gallbladder(patient: Patient, liver: Field) -> None:
    build = patient.build
    center = (patient.between(-62, -44), build.spine - patient.between(66, 80), patient.between(-62, -42))
    bag = ellipsoid(patient.soft, center, (15, 19, 26), patient.between(-30, 10))
    patient.paint(bag - 1.6, "mucosa", NONE)
    patient.paint(bag, "bile", NONE, shade=patient.grain * 2)


def _draw_lesions(patient: Patient, liver: Field) -> None:
    """Dark, round, a little uneven; most patients have some."""
    grid = patient.soft
    inner = np.argwhere((liver < -15) & (np.abs(grid.z) < 40))
    if patient.rng.uniform() < 0.12 or not len(inner):
        return
    for _ in range(int(patient.rng.integers(2, 5))):
        radius = patient.between(9, 21)
        z, y, x = inner[patient.rng.integers(len(inner))]
        center = (float(grid.x[z, y, x]), float(grid.y[z, y, x]), float(grid.z[z, y, x]))
        shape = ellipsoid(
            grid, center, (radius, radius * patient.between(0.8, 1.15), radius * patient.between(0.8, 1.1))
        )
        shape = np.maximum(shape + np.float32(0.9) * patient.grain, liver + 1.5)
        patient.paint(shape, "rim", LESION)
        patient.paint(shape + np.float32(0.16 * radius), "lesion", shade=patient.grain * 4 + patient.between(-8, 14))

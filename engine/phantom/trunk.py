"""The trunk: table, skin, fat, the muscular wall, ribs and spine."""

import numpy as np

from engine.phantom.body import NONE, VERTEBRA, Patient
from engine.phantom.shapes import Field, Grid, Point, ellipsoid, evened, joined, noise, tube, within, without

_RIBS = 8  # a side
_BONE = 26.0  # mm of a vertebra's height; with its disc 34
_LEVEL = 34.0
_BACK = 30.0  # mm of muscle behind the ribs, beside the spine


def draw_trunk(patient: Patient) -> Field:
    """Everything around the organs. The room that is left for them comes back, as a distance."""
    skin, angle = _skin(patient)
    _draw_table(patient, skin)
    wall, room = _draw_wall(patient, skin, angle)
    _draw_back(patient, wall)
    _draw_ribs(patient, room, angle)
    _draw_spine(patient)
    return room


def _skin(patient: Patient) -> tuple[Field, Field]:
    """The distance from the skin, and the angle around the body (0 at the left side, a quarter turn at the back)."""
    build, grid = patient.build, patient.gentle
    u = grid.x / np.float32(build.half_width)
    v = grid.y / np.float32(build.half_depth)
    back = np.clip(v * 1.4 + 0.3, 0, 1)
    power = 2.15 + 0.75 * back  # round in front, flattened where it lies on the table
    reach = (np.abs(u) ** power + np.abs(v) ** power + np.float32(1e-9)) ** (1 / power)
    furrow = 0.05 * np.exp(-((grid.x / 15) ** 2)) * back
    waist = 0.00045 * grid.z  # narrower towards the feet
    outline = reach - 1 + furrow - waist * (1 - 0.5 * back)
    return evened(outline, grid), np.arctan2(v, u)


def _draw_table(patient: Patient, skin: Field) -> None:
    grid = patient.grid
    lowest = float(grid.y[skin < 0].max()) + patient.between(1, 3)
    curve = np.float32(patient.between(0.0006, 0.0011)) * grid.x**2
    top = grid.y - np.float32(lowest) + curve
    inside = np.maximum(np.abs(top - 17) - 17, np.abs(grid.x) - 215)
    patient.paint(inside, "foam")
    patient.paint(np.abs(inside + 1.6) - 1.6, "shell")


def _draw_wall(patient: Patient, skin: Field, angle: Field) -> tuple[Field, Field]:
    """Skin, fat and the ring of muscle; how deep the wall and the room behind it lie comes back."""
    build, grid = patient.build, patient.gentle
    patient.paint(skin, "skin")
    strands = np.clip(patient.grain * 1.2 - 1.6, 0, None) * 22 + patient.mottle * 3
    patient.paint(skin + 2.2, "fat", shade=strands)
    front, back = np.clip(-np.sin(angle), 0, 1), np.clip(np.sin(angle), 0, 1)
    ripple = noise(patient.rng, grid, 70) * 1.3
    fat = build.fat * (0.85 + 0.35 * front**2 - 0.1 * back) + 2 + ripple
    wall = skin + fat
    spread = np.exp(-((grid.x / 58) ** 4)) * np.clip(back * 3 - 0.6, 0, 1)
    muscle = build.muscle * (1 - 0.25 * front**3) + spread * _BACK
    room = evened(wall + muscle, grid)
    patient.paint(wall, "muscle", shade=patient.grain * 4 + patient.mottle * 3)
    _draw_layers(patient, wall, room, angle)
    patient.paint(room, "fat", shade=patient.mottle * 5 + np.clip(patient.grain - 1.4, 0, None) * 14)
    return wall, room


def _draw_layers(patient: Patient, wall: Field, room: Field, angle: Field) -> None:
    """Thin sheets of fat between the muscles of the flank, and the white line between the straight muscles in front."""
    flank = np.clip(np.cos(angle) ** 2 * 1.6 - 0.35, 0, 1)
    for share in (0.36, 0.68):
        sheet = np.abs(wall * np.float32(1 - share) + room * np.float32(share))
        patient.paint(sheet - 0.5 * flank - 0.05, "fat", shade=60.0)
    grid, build = patient.gentle, patient.build
    line = np.abs(grid.x - 1) - np.float32(2.4)
    sides = np.abs(np.abs(grid.x) - np.float32(build.half_width * 0.43)) - np.float32(1.5)
    gap = np.where(grid.y < 0, np.minimum(line, sides), 99)
    patient.paint(np.maximum(gap, np.maximum(wall + 1.5, -room + 1.5)), "fat", shade=35.0)


def _draw_back(patient: Patient, wall: Field) -> None:
    """The long muscles at both sides of the spine, with fat around and streaks of fat in them."""
    build, grid = patient.build, patient.gentle
    for side in (-1, 1):
        muscle = ellipsoid(grid, (side * 34.0, build.spine + 40, 0), (37, 20, 4000), side * 9)
        inner = within(muscle, wall + 3.5, 6)
        patient.paint(within(muscle - 1.3, wall + 1.5, 4), "fat", shade=30.0)
        streaks = -np.clip(patient.grain + 0.5 * patient.mottle - 0.9, 0, 1.6) * 38
        patient.paint(inner, "muscle", shade=streaks + patient.mottle * 3)
    for side in (-1, 1):  # the muscle beside the vertebral bodies grows towards the feet
        square = ellipsoid(grid, (side * 62.0, build.spine + 34, -90), (24, 12, 90), side * -18)
        patient.paint(within(square, wall + 4, 5), "muscle", shade=patient.grain * 4)


def _draw_ribs(patient: Patient, room: Field, angle: Field) -> None:
    """Ribs run down and forward, so that each cuts the plane as a slanted oval that wanders from slice to slice."""
    build, grid = patient.build, patient.gentle
    depth = room - np.float32(build.muscle * 0.45)
    radius = np.hypot(grid.x, grid.y)
    for side in (-1, 1):
        around = np.where(side > 0, angle, np.arctan2(np.sin(angle), -np.cos(angle)))
        start = 1.16 + patient.between(-0.05, 0.05)
        for number in range(_RIBS):
            size = patient.between(0.9, 1.12)
            place = start - number * patient.between(0.30, 0.33)
            along = (around - np.float32(place) + grid.z * np.float32(0.0052)) * radius
            across = depth + along * np.float32(0.13)
            half = 15.5 if number == 0 else 11.5 if number < 5 else 9
            near = (np.abs(along) < 34) & (np.abs(across) < 24)
            rows = np.flatnonzero(near.any(axis=(0, 2)))
            columns = np.flatnonzero(near.any(axis=(0, 1)))
            if not rows.size:
                continue
            box = (slice(None), slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
            u, v = along[box] / np.float32(half * size), across[box] / np.float32(4.3 * size)
            oval = (np.sqrt(u * u + v * v) - 1) * np.float32(4.2 * size)
            if place < -0.95:  # the ribs end in cartilage in front
                patient.paint(oval, "cartilage", box=box, shade=patient.grain[box] * 12)
                continue
            patient.paint(oval, "compact", box=box)
            patient.paint(oval + 1.6, "spongy", box=box, shade=patient.grain[box] * 25 - 70)


def _draw_spine(patient: Patient) -> None:
    """A vertebra with its canal and processes; discs between the bodies of neighbours."""
    grid, y = patient.firm, patient.build.spine
    size = patient.between(0.94, 1.08)
    body = _vertebral_body(grid, y, size)
    phase = patient.between(-_LEVEL / 2, _LEVEL / 2)
    level = np.abs((grid.z - np.float32(phase) + np.float32(_LEVEL * 10)) % np.float32(_LEVEL) - np.float32(_LEVEL / 2))
    # 0 in the middle of the disc; the bone begins 4 mm from it
    plate = np.float32((_LEVEL - _BONE) / 2) - level
    arch = _arch(patient, grid, y, size)
    canal = joined(
        ellipsoid(grid, (0, y + 25 * size, 0), (11 * size, 8.5 * size, 4000)),
        ellipsoid(grid, (0, y + 29 * size, 0), (6 * size, 7 * size, 4000)),
        5,
    )
    patient.paint(joined(body, arch, 3) - 3.5, "fat", NONE)
    patient.paint(body, "disc", NONE, shade=patient.grain * 4)
    bone = np.maximum(body, plate)
    rough = patient.grain * 18 + patient.mottle * 8
    patient.paint(bone, "compact", VERTEBRA, shade=-190.0)
    patient.paint(np.maximum(body + 1.7, plate + 0.7), "spongy", shade=rough)
    patient.paint(arch, "compact", VERTEBRA, shade=-60.0)
    patient.paint(arch + 2.3, "spongy", shade=rough + 60)
    patient.paint(canal, "fat", NONE, shade=70.0)
    patient.paint(canal + 1.5, "cord", shade=-8.0)
    patient.paint(ellipsoid(grid, (0, y + 25 * size, 0), (6.2, 4.6, 4000)), "cord", shade=12.0)


def _vertebral_body(grid: Grid, y: float, size: float) -> Field:
    body = joined(
        ellipsoid(grid, (-7 * size, y, 0), (17 * size, 16.5 * size, 4000)),
        ellipsoid(grid, (7 * size, y, 0), (17 * size, 16.5 * size, 4000)),
        12,
    )
    return without(body, ellipsoid(grid, (0, y + 25 * size, 0), (13 * size, 10 * size, 4000)), 5)


def _arch(patient: Patient, grid: Grid, y: float, size: float) -> Field:
    """Pedicles, laminae, and the spinous and transverse processes, which come and go along z."""

    def path(*points: tuple[float, float]) -> list[Point]:
        return [(x * size, y + d * size, 0.0) for x, d in points]

    flat = Grid(grid.x, grid.y, np.zeros_like(grid.z), grid.spacing)
    parts = [tube(flat, path((0, 38), (0, 60)), (3.6, 4.6))]
    for side in (-1, 1):
        parts.append(tube(flat, path((side * 13, 14), (side * 15, 25), (side * 10, 34), (0, 39)), (4.2, 4.6, 3.6, 3.8)))
        wing = tube(flat, path((side * 15, 27), (side * 28, 33), (side * 38, 36)), (4.4, 3.2, 2.9))
        parts.append(wing + np.float32(1.2) * (1 + np.sin(grid.z * np.float32(2 * np.pi / _LEVEL))))
    arch = parts[0]
    for part in parts[1:]:
        arch = joined(arch, part, 3)
    ripple: Field = arch + np.float32(0.5) * patient.grain
    return ripple

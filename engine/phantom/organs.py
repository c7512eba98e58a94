"""The organs of the upper abdomen, from back to front, with their vessels."""

import numpy as np

from engine.phantom.body import AORTA, KIDNEYS, NONE, SPLEEN, STOMACH, Patient
from engine.phantom.liver import draw_liver, liver_shape
from engine.phantom.shapes import Field, Point, ellipsoid, joined, tube, within, without

_FAR = np.float32(99)


def draw_organs(patient: Patient, room: Field) -> None:
    """Everything within the room of the trunk (distance, negative inside)."""
    build = patient.build
    room = _draw_lungs(patient, room)
    _draw_bowel(patient, room)
    _draw_middle(patient)
    kidneys = [_kidney(patient, side) for side in (-1, 1)]
    spine = ellipsoid(patient.firm, (0, build.spine + 4, 0), (27, 25, 4000))
    keep_off = joined(joined(kidneys[0], kidneys[1], 4) - (4 + 5 * build.visceral), spine, 6)
    spleen = without(_spleen(patient, room), keep_off, 4)
    stomach = without(_stomach(patient, room), joined(spleen - 4, spine - 14, 4), 6)
    liver = liver_shape(patient, room)
    liver = without(without(liver, keep_off, 8), joined(stomach - 2 - 3 * build.visceral, spleen - 3, 3), 5)
    _draw_stomach(patient, stomach)
    _draw_spleen(patient, spleen)
    for side, kidney in zip((-1, 1), kidneys, strict=True):
        _draw_kidney(patient, kidney, side)
    draw_liver(patient, liver)
    _draw_great_vessels(patient)


def _draw_lungs(patient: Patient, room: Field) -> Field:
    """The lowest tips of the lungs behind, in the upper slices; what is left of the room, below the diaphragm, comes back."""
    grid = patient.gentle
    angle = np.arctan2(grid.y - 5, np.abs(grid.x))
    top = np.clip(grid.z - np.float32(patient.between(8, 26)), 0, None)
    aside = np.clip((np.abs(grid.x) - 24) / 22, 0, 1)  # never behind the spine
    profile = np.exp(-(((angle - 0.75) / 0.62) ** 2)) * aside
    depth = top * np.float32(0.5) * profile - 1.5
    lung = np.maximum(room + 1.5, -(room + depth + 1.5))
    lung = np.where(depth > 0.8, lung, _FAR)
    vessels = np.clip(patient.grain - 1.1, 0, None) * 230
    below: Field = room + np.clip(depth, 0, None)
    patient.paint(np.maximum(lung - 3.2, room), "muscle")
    patient.paint(lung, "lung", shade=vessels + patient.mottle * 18)
    return below


def _kidney(patient: Patient, side: int) -> Field:
    build = patient.build
    center = (side * (66 + 7 * build.visceral), build.spine + 12, patient.between(-52, -34) - (6 if side < 0 else 0))
    size = patient.between(0.9, 1.1)
    turn = -side * patient.between(28, 48)
    return ellipsoid(patient.soft, center, (27 * size, 31 * size, 58 * size), turn)


def _draw_kidney(patient: Patient, kidney: Field, side: int) -> None:
    """Cortex, pyramids, and the fat of the sinus that opens towards the spine."""
    if not (kidney < 0).any():
        return
    grid, inside = patient.soft, kidney < 0
    x, y, z = (float(axis[inside].mean()) for axis in (grid.x, grid.y, grid.z))
    z = min(z, patient.between(-50, -38))
    sinus = ellipsoid(grid, (x - side * 17, y - 3, z), (15, 8.5, 22), side * -12)
    pelvis = ellipsoid(grid, (x - side * 17, y - 3, z), (8, 3.2, 13), side * -12)
    pyramids = kidney + 6.5 + 2.2 * patient.grain
    patient.paint(kidney, "cortex", KIDNEYS, shade=patient.grain * 3)
    patient.paint(pyramids, "medulla", shade=patient.grain * 4)
    patient.paint(sinus + 0.8 * patient.grain, "fat", NONE, shade=12.0)
    patient.paint(pelvis, "urine", NONE)


def _spleen(patient: Patient, room: Field) -> Field:
    """A half moon that clings to the wall on the left, behind."""
    build, grid = patient.build, patient.soft
    edge = build.half_width - build.fat - build.muscle
    z = patient.between(2, 22)
    size = patient.between(0.85, 1.15)
    body = ellipsoid(grid, (edge - 27, build.spine - 2, z), (33 * size, 58 * size, 56 * size), 24)
    hollow = ellipsoid(grid, (edge - 76, build.spine - 22, z - 12), (36, 46, 64), 20)
    return within(without(body, hollow, 9), room + 2.0, 5)


def _draw_spleen(patient: Patient, spleen: Field) -> None:
    patient.paint(spleen, "spleen", SPLEEN, shade=patient.grain * 2.5 + patient.mottle * 2)


def _stomach(patient: Patient, room: Field) -> Field:
    """A bag that hangs from the left dome to the front and over the middle."""
    build, grid = patient.build, patient.soft
    front = -build.half_depth + build.fat + build.muscle
    fill = patient.between(0.85, 1.2)
    side = build.half_width * 0.36
    points: list[Point] = [
        (side + 12, build.spine - 42, 70),
        (side + 14, front + 62, 30),
        (side + 2, front + 42, 0),
        (side - 18, front + 36, -26),
        (4, front + 38, -44),
        (-22, front + 46, -46),
    ]
    radii = [30 * fill, 37 * fill, 31 * fill, 24 * fill, 18, 11]
    return within(tube(grid, points, radii), room + 5, 8)


def _draw_stomach(patient: Patient, stomach: Field) -> None:
    """The wall with its folds, food and fluid, and above them gas: the level is flat, for the patient lies on the back."""
    grid = patient.grid
    lumen = stomach + 3.6 + 1.1 * patient.grain
    deep = grid.y[lumen < 0]
    patient.paint(stomach, "mucosa", STOMACH, shade=patient.grain * 6)
    food = np.clip(patient.mottle, -0.5, 2) * patient.between(2, 13) + patient.grain * patient.between(2, 7)
    patient.paint(lumen, "fluid", shade=food)
    if deep.size:
        level = float(np.quantile(deep, patient.between(0.08, 0.42)))
        gas = np.maximum(lumen + 0.8, grid.y - np.float32(level))
        patient.paint(gas, "gas")


def _draw_great_vessels(patient: Patient) -> None:
    """Aorta and vena cava before the spine, with the crura of the diaphragm beside."""
    build, grid = patient.build, patient.soft
    y, radius = build.spine - 30, patient.between(10.5, 13.5)
    lean = patient.between(5, 12)
    for side in (-1, 1):
        crus = tube(
            grid,
            [
                (side * 24 + 3, build.spine - 12, -60),
                (side * 19 + lean * 0.6, y + 4, 10),
                (side * 10 + lean, y - 15, 50),
            ],
            [7, 4.2, 3.0],
        )
        beside = tube(grid, [(side * 28, build.spine - 2, -90), (side * 27, build.spine - 8, 90)], [8, 3])
        spine = ellipsoid(patient.firm, (0, build.spine, 0), (25, 18, 4000))
        patient.paint(without(joined(crus, beside, 4), spine - 1.5, 2), "muscle", NONE)
    aorta = tube(
        grid, [(lean - 2, y + 3, -90), (lean, y, 0), (lean + 3, y + 2, 90)], [radius * 0.92, radius, radius * 1.04]
    )
    patient.paint(aorta - 1.4, "mucosa", NONE, shade=-25.0)
    patient.paint(aorta, "blood", AORTA, shade=patient.grain * 2)
    if patient.rng.uniform() < 0.5:
        _draw_plaque(patient, aorta, lean, y)
    cava = ellipsoid(grid, (-23, build.spine - 24, 0), (12.5, patient.between(7, 10), 4000), -20)
    patient.paint(cava - 1.0, "fat", NONE, shade=70.0)
    patient.paint(cava, "cava", NONE, shade=patient.mottle * 5)


def _draw_plaque(patient: Patient, aorta: Field, x: float, y: float) -> None:
    grid = patient.soft
    where = patient.between(-np.pi, np.pi)
    angle = np.abs((np.arctan2(grid.y - y, grid.x - x) - where + np.pi) % (2 * np.pi) - np.pi)
    band = np.maximum(np.abs(aorta + 0.4) - 0.9, (angle - 0.5) * 10)
    band = np.maximum(band, 1.4 - np.abs(patient.mottle) * 1.8)
    patient.paint(band, "plaque")


def _draw_middle(patient: Patient) -> None:
    """Pancreas, the veins behind it, the arteries of the bowel and the adrenal glands."""
    build, grid = patient.build, patient.soft
    y = build.spine - 52
    z = patient.between(-26, -8)
    path: list[Point] = [
        (-34, y - 2, z - 30),
        (-14, y - 10, z - 8),
        (14, y - 12, z),
        (48, y + 6, z + 12),
        (82, y + 26, z + 22),
    ]
    gland = tube(grid, path, [14, 11, 9.5, 9, 7]) + 2.0 * patient.grain
    patient.paint(gland, "pancreas", shade=-np.clip(patient.grain, 0, 2) * (25 + 30 * build.visceral))
    vein: list[Point] = [
        (-16, y + 2, z - 34),
        (-10, y + 3, z),
        (20, y + 1, z + 4),
        (52, y + 17, z + 12),
        (90, y + 38, z + 20),
    ]
    patient.paint(tube(grid, vein, [6, 6.5, 4.6, 4, 3.5]), "vein")
    artery: list[Point] = [(10, y + 22, z + 6), (6, y + 12, z - 4), (2, y + 6, z - 70)]
    patient.paint(tube(grid, artery, [3.6, 3.4, 3.2]) - 4, "fat")
    patient.paint(tube(grid, artery, [3.6, 3.4, 3.2]), "blood")
    for side in (-1, 1):
        top = (side * 36.0, build.spine - 12, 4.0)
        for x, down in ((-4, 16), (9, 15)):
            limb = tube(grid, [top, (top[0] + side * x, top[1] + down, -4.0)], [2.6, 1.8])
            patient.paint(np.maximum(limb, np.abs(grid.z - 4) - 17), "gland")


def _draw_bowel(patient: Patient, room: Field) -> None:
    """Loops with wall and content, more of them towards the feet, and the vessels that feed them."""
    build, grid = patient.build, patient.soft
    half = build.half_width - build.fat - build.muscle
    front = -build.half_depth + build.fat + build.muscle
    for number in range(13):
        x = patient.between(-0.25, 0.82) * half
        y = patient.between(front + 22, build.spine - 30)
        z = patient.between(-75, -18) if number < 10 else patient.between(-20, 30)
        size = patient.between(11, 18)
        end = (x + patient.between(-30, 30), y + patient.between(-14, 14), z + patient.between(-12, 12))
        loop = within(tube(grid, [(x, y, z), end], [size, size * 0.85]) + np.float32(0.9) * patient.grain, room + 5, 4)
        patient.paint(loop, "mucosa", shade=10.0)
        kind = patient.rng.uniform()
        patient.paint(loop + 2.6, "gas" if kind < 0.3 and y < front + 70 else "fluid", shade=patient.grain * 9 + 14)
    for _ in range(46):
        x, y, z = (
            patient.between(-0.15, 0.7) * half,
            patient.between(front + 26, build.spine - 34),
            patient.between(-60, 48),
        )
        start: Point = (x, y, z)
        end = (x + patient.rng.normal(0, 12), y + patient.rng.normal(0, 9), z + patient.rng.normal(0, 16))
        part, box = grid.near([start, end], 4)
        if part.x.size:
            patient.paint(tube(part, [start, end], [patient.between(1.2, 2.6), 1.0]), "vein", box=box, shade=-15.0)

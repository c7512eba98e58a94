"""What a phantom is made of: its tissues and classes, one patient's measures, and the picture that is painted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.phantom.shapes import WHOLE, Box, Field, Grid, noise

CLASSES = ("Liver", "Spleen", "Stomach", "Aorta", "Kidneys", "Vertebra", "Lesion")
"""Names of the label values 1 to 7."""

NONE, LIVER, SPLEEN, STOMACH, AORTA, KIDNEYS, VERTEBRA, LESION = range(8)

# Hounsfield units about 70 s after contrast, and the brightness of a T1-weighted magnetic resonance image (0..1000)
TISSUES: dict[str, tuple[float, float]] = {
    "air": (-1000, 5),
    "foam": (-940, 5),
    "shell": (20, 5),
    "skin": (0, 420),
    "fat": (-102, 800),
    "muscle": (62, 310),
    "lung": (-850, 40),
    "compact": (560, 60),
    "spongy": (168, 540),
    "disc": (88, 330),
    "cord": (34, 220),
    "cartilage": (125, 300),
    "liver": (112, 430),
    "vein": (160, 250),
    "bile": (8, 180),
    "spleen": (126, 300),
    "mucosa": (84, 340),
    "fluid": (18, 200),
    "gas": (-960, 10),
    "blood": (232, 230),
    "plaque": (560, 60),
    "cava": (138, 240),
    "cortex": (192, 420),
    "medulla": (152, 290),
    "urine": (40, 190),
    "pancreas": (98, 470),
    "gland": (72, 360),
    "lesion": (26, 270),
    "rim": (74, 350),
}


@dataclass(frozen=True)
class Build:
    """One patient's measures in mm. x to the left, y to the back, z to the head; the origin is the middle of the body."""

    half_width: float
    half_depth: float
    fat: float
    muscle: float
    visceral: float  # 0 lean .. 1 much fat between the organs
    spine: float  # y of the vertebral body's middle
    turn: float  # degrees on the table
    shift: tuple[float, float]

    @staticmethod
    def drawn(rng: np.random.Generator) -> "Build":
        habitus = float(rng.beta(1.6, 2.2))
        fat = 6 + 17 * habitus + rng.uniform(-1, 3)
        depth = 101 + 30 * habitus + rng.normal(0, 3)
        return Build(
            half_width=148 + 36 * habitus + rng.normal(0, 4),
            half_depth=depth,
            fat=fat,
            muscle=rng.uniform(10, 13.5),
            visceral=float(np.clip(habitus + rng.normal(0, 0.15), 0, 1)),
            spine=depth * 0.95 - 0.8 * fat - 63,
            turn=rng.normal(0, 2),
            shift=(rng.normal(0, 4), rng.normal(0, 3)),
        )


class Patient:
    """A phantom that is being drawn: tissues are laid over each other, each with an edge as soft as voxel and slice make it.

    `firm` carries bones, `gentle` the trunk, `soft` the organs; `mottle` and `grain` are coarse and fine noise for textures.
    """

    def __init__(self, rng: np.random.Generator, grid: Grid, build: Build, column: int) -> None:
        self.rng, self.build, self.grid = rng, build, grid
        self.firm = grid.turned(build.turn, build.shift)
        self.gentle = self.firm.bent(rng, 110, 2.2)
        self.soft = self.gentle.bent(rng, 36, 2.0).bent(rng, 14, 0.6)
        self.mottle, self.grain = noise(rng, grid, 26), noise(rng, grid, 6)
        self.values: Field = np.full(grid.shape, TISSUES["air"][column], np.float32)
        self.labels: NDArray[np.uint8] = np.zeros(grid.shape, np.uint8)
        self._column = column

    def paint(
        self, distance: Field, tissue: str, label: int | None = None, box: Box = WHOLE, shade: Field | float = 0.0
    ) -> None:
        """Fill the body with the tissue, lighter or darker by `shade` (HU); `label` None leaves the classes as they are."""
        if not distance.size:
            return
        width: Field = np.full(1, self.grid.spacing[2], np.float32)
        if distance.shape[0] > 2:  # a surface that moves on within a thick slice is blurred by it
            drift = np.abs(np.gradient(distance, axis=0))
            width = width + np.minimum(drift, 8) * np.float32(0.5)
        share = np.clip(np.float32(0.5) - distance / width, 0, 1)
        part = self.values[box]
        part += share * (np.float32(TISSUES[tissue][self._column]) + shade - part)
        if label is not None:
            self.labels[box][distance < 0] = label

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

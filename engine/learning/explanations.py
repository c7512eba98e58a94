"""The ways to explain a network's answer, as lists and forms name them, and what is read off a heat map; `explain` makes them, and needs torch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.words import translatable


@dataclass(frozen=True)
class Explanation:
    """One way to explain: its name, and when it is the one to choose."""

    title: str
    help: str


EXPLANATIONS: dict[str, Explanation] = {
    "gradcam": Explanation(
        "Grad-CAM",
        translatable("The parts of the last maps that speak for the class: smooth, and the usual choice."),
    ),
    "guided": Explanation(
        translatable("Guided Grad-CAM"),
        translatable(
            "Grad-CAM with the edges inside it; the edges alone say little, since they are nearly the same for every class."
        ),
    ),
    "saliency": Explanation(
        translatable("Saliency"),
        translatable("The pixels that would change the answer most: quick, and noisy."),
    ),
    "integrated": Explanation(
        translatable("Integrated gradients"),
        translatable("What each pixel adds, compared with an average image: slower, less noisy."),
    ),
    "occlusion": Explanation(
        translatable("Occlusion"),
        translatable(
            "Covers one part after the other and looks how far the answer falls: slow, needs no gradient, suits every network."
        ),
    ),
}


@dataclass(frozen=True)
class ExplanationRequest:
    """What is to be explained, and how: the class of that name ("": the one predicted, in masks the one with most pixels), in masks at one
    place `at` (slice, row, column) of the image, slice -1 the usual one. `checked`: whether the map changes where weights are shuffled."""

    method: str = "gradcam"
    target: str = ""
    at: tuple[int, int, int] | None = None
    checked: bool = False


def suited_method(wanted: str, arch: str) -> str:
    """The way that was asked for, where the network has maps in which Grad-CAM can look: an MLP has none, and is asked by saliency."""
    return "saliency" if arch == "mlp" and wanted in ("gradcam", "guided") else wanted


def share_inside(warm: NDArray[np.float32], mask: NDArray[np.bool_]) -> float | None:
    """The share of a heat map (h, w) that lies inside a mask of its shape; None where there is no heat or no mask."""
    total = float(warm.sum(dtype=np.float64))
    return float(warm[mask].sum(dtype=np.float64)) / total if total and mask.any() else None

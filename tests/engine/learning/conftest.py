"""A tiny project with real files: bright discs and squares on noise, that a small network learns in seconds."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from engine import catalog
from engine.imaging.image import Source
from engine.labels.classes import parse_classes
from engine.project.items import Item, content_hash
from engine.project.layers import pack
from engine.project.project import Project

if TYPE_CHECKING:
    from torch import Tensor

    from engine.learning.nets.mask_rcnn import MaskRCNN

SPLITS = ("train",) * 8 + ("val",) * 3 + ("test",) * 3


def drawn(seed: int, side: int = 48) -> tuple[np.ndarray, np.ndarray]:
    """A grey picture with a disc (class 1) and a square (class 2), and its labels."""
    rng = np.random.default_rng(seed)
    labels = np.zeros((side, side), np.uint8)
    cv2.circle(labels, tuple(int(v) for v in rng.integers(12, 24, 2)), int(rng.integers(6, 10)), 1, -1)
    low = rng.integers(26, 32, 2)
    cv2.rectangle(labels, tuple(int(v) for v in low), tuple(int(v) for v in low + rng.integers(8, 14)), 2, -1)
    grey = np.array([60, 140, 220], np.float64)[labels] + rng.normal(0, 10, labels.shape)
    return grey.clip(0, 255).astype(np.uint8), labels


def write_png(path: Path, picture: np.ndarray) -> Path:
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A multiclass project of 14 pictures of 48 px, divided into sets."""
    with Project.create(tmp_path / "shapes.contorno", "multiclass", parse_classes("disc,square")) as made:
        for number, split in enumerate(SPLITS):
            picture, labels = drawn(number)
            file = str(write_png(tmp_path / f"shape{number}.png", picture))
            item = made.items.add(
                Item(
                    id=0,
                    name=f"shape{number}",
                    source=Source((file,), "raster"),
                    hash=content_hash([file]),
                    shape=(1, 48, 48),
                    spacing=(1.0, 1.0, 1.0),
                    color=False,
                    modality="",
                    patient=f"P{number}",
                    split=split,  # type: ignore[arg-type]
                )
            )
            made.layers.replace(made.layers.make(item.id), pack(labels[None]))
        return made.path


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    """A classification project: dark and bright pictures of 28 px."""
    with Project.create(tmp_path / "shades.contorno", "classification", parse_classes("dark,bright")) as made:
        rng = np.random.default_rng(0)
        for number in range(36):
            label = number % 2
            picture = rng.normal(90 + 70 * label, 20, (28, 28)).clip(0, 255).astype(np.uint8)
            file = str(write_png(tmp_path / f"shade{number}.png", picture))
            item = Item(
                id=0,
                name=f"shade{number}",
                source=Source((file,), "raster"),
                hash=content_hash([file]),
                shape=(1, 28, 28),
                spacing=(1.0, 1.0, 1.0),
                color=False,
                modality="",
                patient="",
                split="train" if number < 20 else "val" if number < 28 else "test",
                label=label,
            )
            made.items.add(item)
        return made.path


@pytest.fixture(scope="session")
def discs() -> "tuple[Tensor, Tensor]":
    """Two pictures of 70 x 90 px with a bright disc of class 1 and a dark one of class 2, as a network is fed them, and their codes."""
    import torch

    codes = np.zeros((2, 70, 90), np.int32)
    for picture in codes:
        cv2.circle(picture, (25, 30), 12, 3 * 256 + 1, -1)
        cv2.circle(picture, (60, 40), 9, 7 * 256 + 2, -1)
    grey = np.where(codes % 256 == 1, 2.0, np.where(codes % 256 == 2, -2.0, 0.0)).astype(np.float32)
    return torch.from_numpy(grey)[:, None], torch.from_numpy(codes.astype(np.int64))


@pytest.fixture(scope="session")
def finder(discs: "tuple[Tensor, Tensor]") -> "MaskRCNN":
    """A light Mask R-CNN that has learnt those two discs. Leave it as it is."""
    import torch

    from engine.learning import models

    torch.manual_seed(1)
    options = {"anchors": "8,16,32,64,128", "most": 20}
    net: Any = models.build("mask-rcnn-light", encoder="resnet18", channels=1, classes=3, options=options)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    for _ in range(40):
        optimizer.zero_grad()
        net(*discs).backward()
        optimizer.step()
    return net.eval()  # type: ignore[no-any-return]


LIGHT: dict[str, dict[str, Any]] = {
    "dpt": {"encoder": "tu-vit_tiny_patch16_224"},
    "mlp": {"options": {"hidden": "32,16"}},
    "unet": {"options": {"width": 8}},
    "segnet": {"options": {"width": 8}},
    **{name: {"options": {"width": 4}} for name in ("fcn32s", "fcn16s", "fcn8s")},
    **{name: {"options": {"units": 64}} for name in ("alexnet", "vgg16", "vgg19", "vgg16-bn", "vgg19-bn")},
}


@pytest.fixture(scope="session")
def light() -> Callable[[str], dict[str, Any]]:
    """The encoder and options with which a network is quick enough for a test, as `models.build` takes them."""

    def settings(arch: str) -> dict[str, Any]:
        return LIGHT.get(arch, {"encoder": "resnet18"} if catalog.find(arch).encoders else {})

    return settings

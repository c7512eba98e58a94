"""What Auto learns in some minutes beside the loop that everybody writes: `python -m tests.benchmarks.beside_plain PROJECT... --minutes 4`.

Both train on the training set of each project, in turns, and are scored on its test set by the same Dice: per image at its own size, mean
over the images that have a class or were given it, then over classes. The plain loop: segmentation-models-pytorch's U-Net resnet18 at
256 px, batch 8, Adam 1e-3, cross-entropy, mirror images half of the time. Projects of masks with single slices.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import segmentation_models_pytorch as smp
import torch
from torch.nn import functional

from engine.config import PredictConfig, TrainConfig
from engine.imaging.image import Image
from engine.imaging.read import read_image
from engine.labels.edit import Labels
from engine.learning import bundle
from engine.learning.predict import Predictor
from engine.learning.train import train
from engine.progress import result_of
from engine.project.project import Project
from engine.scoring.metrics import confusion

_SIDE, _BATCH = 256, 8
Case = tuple[Image, Labels]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.beside_plain", description=__doc__)
    parser.add_argument("projects", nargs="+", type=Path)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--seeds", default="0")
    asked = parser.parse_args()
    errors: list[tuple[float, float]] = []
    print(f"{'set':<28}{'seed':>5}{'plain':>9}{'Auto':>9}{'ratio of errors':>17}   {asked.minutes:g} min")
    for seed in map(int, asked.seeds.split(",")):
        for path in asked.projects:
            classes, learnt, tested = _read(path)
            plain = _plain(learnt, [image for image, _ in tested], classes, asked.minutes, seed)
            ours = _auto(path, [image for image, _ in tested], asked.minutes, seed)
            truth = [labels for _, labels in tested]
            pair = (1 - _dice(truth, plain, classes), 1 - _dice(truth, ours, classes))
            errors.append(pair)
            print(f"{path.stem:<28}{seed:>5}{1 - pair[0]:9.4f}{1 - pair[1]:9.4f}{pair[1] / pair[0]:17.2f}", flush=True)
    whole = np.mean(errors, axis=0)
    print(f"{'mean':<33}{1 - whole[0]:9.4f}{1 - whole[1]:9.4f}{whole[1] / whole[0]:17.2f}")


def _read(path: Path) -> tuple[int, list[Case], list[Case]]:
    """How many classes there are, and the labelled images of the training and the test set."""
    with Project.open(path, write=False) as project:
        layers = project.layers.masks()
        sets: dict[str, list[Case]] = {"train": [], "val": [], "test": []}
        for item in project.items.all():
            if item.id in layers and item.split:
                sets[item.split].append((read_image(item.present()), project.layers.read(layers[item.id], item.shape)))
        return len(project.classes), sets["train"], sets["test"]


def _auto(path: Path, images: Sequence[Image], minutes: float, seed: int) -> list[Labels]:
    with tempfile.TemporaryDirectory() as folder:
        done = result_of(train(path, Path(folder), TrainConfig(minutes=minutes, seed=seed)))
        card, network = bundle.restore(done.bundle)
    predictor = Predictor(network, card, PredictConfig())
    return [result_of(predictor.labels(image))[0] for image in images]


def _plain(learnt: Sequence[Case], images: Sequence[Image], classes: int, minutes: float, seed: int) -> list[Labels]:
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    net = smp.Unet("resnet18", encoder_weights=None, classes=classes + 1)
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        for batch in np.array_split(draw.permutation(len(learnt)), max(1, len(learnt) // _BATCH)):
            pictures, targets = zip(*(_sample(*learnt[i], mirrored=draw.random() < 0.5) for i in batch), strict=True)
            loss = functional.cross_entropy(net(torch.stack(pictures)), torch.stack(targets))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            if time.monotonic() > end:
                break
    net.eval()
    found: list[Labels] = []
    with torch.inference_mode():
        for image in images:
            said = net(_picture(image)[None]).argmax(1)[0].byte().numpy()
            found.append(cv2.resize(said, image.shape[:0:-1], interpolation=cv2.INTER_NEAREST))
    return found


def _sample(image: Image, labels: Labels, *, mirrored: bool) -> tuple[torch.Tensor, torch.Tensor]:
    picture = _picture(image)
    target = torch.from_numpy(cv2.resize(labels[0], (_SIDE, _SIDE), interpolation=cv2.INTER_NEAREST)).long()
    return (picture.flip(-1), target.flip(-1)) if mirrored else (picture, target)


def _picture(image: Image) -> torch.Tensor:
    """Three channels of 0..1 at the loop's size: 8 bits as they are, other values by their own range."""
    pixels = image.pixels[0]
    if pixels.dtype != np.uint8:
        low, high = np.percentile(pixels, [0.5, 99.5])
        pixels = (np.clip((pixels - low) / max(high - low, 1e-6), 0, 1) * 255).astype(np.uint8)
    small = cv2.resize(pixels, (_SIDE, _SIDE))
    colours = small if small.ndim == 3 else np.repeat(small[..., None], 3, axis=-1)
    return torch.from_numpy(np.ascontiguousarray(colours.transpose(2, 0, 1))).float() / 255


def _dice(truth: Sequence[Labels], said: Sequence[Labels], classes: int) -> float:
    per: list[list[float]] = [[] for _ in range(classes)]
    for one, other in zip(truth, said, strict=True):
        counts = confusion(one[0], other, classes)
        both, sizes = np.diag(counts), counts.sum(axis=0) + counts.sum(axis=1)
        for place in range(classes):
            if sizes[place + 1]:
                per[place].append(float(2 * both[place + 1] / sizes[place + 1]))
    return float(np.mean([np.mean(found) for found in per if found]))


if __name__ == "__main__":
    main()

"""What a network learns from some painted slices: `python -m tests.benchmarks.every_nth_slice PROJECT --keep 10 --minutes 4`.

Two copies of a project of painted volumes are trained with the same settings, minutes of processor time and seed: one as it is, one in
which only every n-th slice of the training and validation masks is labelled. Both are scored on the whole masks of the test set, which
no network sees. Processor time, so that a machine that is shared tells the same.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from engine.config import TrainConfig
from engine.imaging.read import read_image
from engine.learning import bundle
from engine.learning.predict import Predictor
from engine.learning.schedule import Clock
from engine.learning.train import train
from engine.progress import result_of
from engine.project.copying import save_copy
from engine.project.layers import pack
from engine.project.project import Project


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.every_nth_slice", description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--keep", type=int, default=10, help="which slices stay labelled: every n-th")
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    config = TrainConfig(minutes=asked.minutes, seed=asked.seed, threads=1)
    with tempfile.TemporaryDirectory() as folder:
        with Project.open(asked.project, write=False) as project:
            some = result_of(save_copy(project, Path(folder) / asked.project.name))
        kept, of = _keep_every(some, asked.keep)
        print(f"{'slices labelled':<22}{'mean Dice':>10}   by class")
        for path, slices in ((asked.project, of), (some, kept)):
            print(f"{slices:<22}{_learnt(path, asked.project, config)}", flush=True)


def _keep_every(path: Path, step: int) -> tuple[int, int]:
    """Leave every `step`-th slice of what is learnt and validated on labelled; how many that are, and of how many."""
    kept = of = 0
    with Project.open(path) as project:
        masks = project.layers.masks()
        for item in project.items.all():
            if item.split in ("train", "val") and item.id in masks:
                labels, slices = project.layers.read(masks[item.id], item.shape), range(step // 2, item.shape[0], step)
                some = np.zeros_like(labels)
                some[slices] = labels[slices]
                project.layers.replace(masks[item.id], pack(some), slices)
                kept, of = kept + len(slices), of + item.shape[0]
    return kept, of


def _learnt(path: Path, whole: Path, config: TrainConfig) -> str:
    """Train on one project, and the Dice on the test masks of the other: per class over all voxels of the set, and their mean."""
    with tempfile.TemporaryDirectory() as folder:
        done = result_of(train(path, Path(folder), config, clock=Clock(time.process_time)))
        card, network = bundle.restore(done.bundle)
    predictor = Predictor(network, card)
    with Project.open(whole, write=False) as project:
        values = np.arange(1, len(project.classes) + 1)[:, None]
        both, sizes = np.zeros((2, len(values)))
        masks = project.layers.masks()
        for item in project.items.all():
            if item.split == "test" and item.id in masks:
                truth = project.layers.read(masks[item.id], item.shape).ravel()
                found = result_of(predictor.labels(read_image(item.present()))).ravel()
                both = both + ((truth == values) & (found == values)).sum(1)
                sizes = sizes + (truth == values).sum(1) + (found == values).sum(1)
    dice = 2 * both / sizes
    return f"{dice.mean():10.4f}   " + "  ".join(f"{value:.4f}" for value in dice)


if __name__ == "__main__":
    main()

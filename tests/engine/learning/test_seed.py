from pathlib import Path

import torch

from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.learning.events import read_events
from engine.learning.train import train
from engine.phantom import CHEST_CLASSES, write_chests
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project


def test_the_same_seed_gives_the_same_training_whatever_was_drawn_before(tmp_path: Path) -> None:
    result_of(write_chests(tmp_path / "films", films=8, side=32))
    with Project.create(
        tmp_path / "chest.contorno", "classification", parse_classes(",".join(CHEST_CLASSES))
    ) as project:
        result_of(import_images(project, ImportPlan((tmp_path / "films",))))
        project.items.set_splits({item.id: "train" if item.id % 4 else "val" for item in project.items.all()})
    losses: list[list[float]] = []
    for seed in (3, 3, 4):
        torch.rand(5)
        config = TrainConfig(arch="lenet5", epochs=2, batch=4, device="cpu", seed=seed)
        run = tmp_path / f"run {len(losses)}"
        run.mkdir()
        result_of(train(tmp_path / "chest.contorno", run, config))
        losses.append([epoch.train_loss for epoch in read_events(run)])
    assert losses[0] == losses[1]
    assert losses[0] != losses[2]

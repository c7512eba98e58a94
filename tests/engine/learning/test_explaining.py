"""Explaining items of a project: of masks a class, a place, a tile, and how much of the heat lies inside the reference."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.config import Settings, TrainConfig
from engine.errors import EngineError
from engine.imaging.intensity import Intensity
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.explaining import Explained, explain_items
from engine.learning.explanations import ExplanationRequest, share_inside
from engine.progress import Notice
from engine.project.project import Project
from engine.project.runs import Run

CARD = ModelCard(
    "segmentation", "unet", "", 1, (("disc", ""), ("square", "")), Intensity("bytes"), 48, options={"width": 8}
)
OPTIONS: Settings = {"width": 4, "batch_norm": False, "padding": "same"}


@pytest.fixture
def run(project: Path) -> Run:
    """A run whose U-Net hands the grey value through its uppermost level: disc from 100 on, square from 180 on, as they were drawn."""
    card = replace(CARD, options=OPTIONS)
    return _run(project, card)


def _run(project: Path, card: ModelCard) -> Run:
    network: Any = bundle.build(card)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        into, merge, head = network.net.down[0], network.net.merge[-1], network.net.head
        # grey (v/255 - 0.5) / 0.25 + 2 = 4 v / 255 is positive, so that no ReLU cuts it
        into[0].bias[0] = 2
        for conv in (into[0], into[2], merge[0], merge[2]):
            conv.weight[0, 0, 1, 1] = 1
        head.weight[1, 0], head.weight[2, 0] = 1, 2
        head.bias[1], head.bias[2] = -4 * 100 / 255, -4 * 280 / 255
    with Project.open(project) as opened:
        made = opened.runs.add(TrainConfig(arch="unet", options=card.options), "grey")
        bundle.save(made.bundle, card, network.state_dict())
        return opened.runs.update(made, "finished")


def explained(
    project: Path, run: Run, items: list[int] | None, request: ExplanationRequest
) -> tuple[list[Explained], list[Notice]]:
    events = list(explain_items(project, run.id, items, request))
    return [e for e in events if isinstance(e, Explained)], [e for e in events if isinstance(e, Notice)]


def test_the_heat_of_a_class_lies_inside_its_mask(project: Path, run: Run) -> None:
    (disc,), _ = explained(project, run, [1], ExplanationRequest("integrated", "disc"))
    (square,), _ = explained(project, run, [1], ExplanationRequest("integrated", "square"))
    assert disc.target == "disc" and disc.said == 0 and square.said == 1
    assert disc.heat.shape == disc.plain.shape == (48, 48)
    assert disc.inside is not None and disc.inside > 0.95
    assert square.inside is not None and square.inside > 0.95
    assert not (disc.heat * square.heat).any(), "each at its own place"


def test_without_a_class_the_one_with_most_pixels_is_explained(project: Path, run: Run) -> None:
    found, _ = explained(project, run, None, ExplanationRequest("saliency"))
    assert len(found) == 3, "of the test set"
    with Project.open(project, write=False) as opened:
        for case in found:
            layer = opened.layers.mask(case.item)
            assert layer is not None
            counts = np.bincount(opened.layers.read(layer, (1, 48, 48)).ravel(), minlength=3)
            assert case.said == int(counts[1:].argmax())
            assert case.share == pytest.approx(counts[1:].max() / 48**2, abs=0.01)


def test_one_place_is_explained_alone(project: Path, run: Run) -> None:
    with Project.open(project, write=False) as opened:
        layer = opened.layers.mask(1)
        assert layer is not None
        rows, columns = np.nonzero(opened.layers.read(layer, (1, 48, 48))[0] == 2)
    at = int(rows[0]), int(columns[0])
    (case,), _ = explained(project, run, [1], ExplanationRequest("saliency", at=(-1, *at)))
    assert case.target == "square", "the class that was marked there"
    assert np.argwhere(case.heat > 0).tolist() == [list(at)]
    with pytest.raises(EngineError, match="no row 48, column 3"):
        explained(project, run, [1], ExplanationRequest("saliency", at=(-1, 48, 3)))


def test_a_large_image_is_explained_in_the_tile_around_the_place(project: Path) -> None:
    run = _run(project, replace(CARD, options=OPTIONS, size=0, patch=32))
    (case,), notices = explained(project, run, [1], ExplanationRequest("occlusion", "square"))
    assert any("tiles of 32 px" in notice.text for notice in notices)
    assert case.heat.shape == (48, 48) and case.inside is not None and case.inside > 0.3
    rows, columns = np.nonzero(case.heat)
    assert np.ptp(rows) < 32 and np.ptp(columns) < 32
    (corner,), _ = explained(project, run, [1], ExplanationRequest("saliency", "disc", at=(0, 47, 2)))
    assert corner.heat[47, 2] == 1


def test_shuffled_weights_are_tried_where_that_is_asked(project: Path, run: Run) -> None:
    (plain,), _ = explained(project, run, [1], ExplanationRequest("gradcam", "disc"))
    assert plain.verdict is None and plain.correlation is None
    (case,), _ = explained(project, run, [1], ExplanationRequest("saliency", "disc", checked=True))
    assert case.verdict is not None and "shuffled weights" in case.verdict.text


def test_what_cannot_be_explained_is_passed_over_or_refused(project: Path, run: Run, tmp_path: Path) -> None:
    with Project.open(project) as opened:
        file = Path(opened.items.get(2).source.files[0])
    file.write_bytes(file.read_bytes()[:60])
    found, notices = explained(project, run, [1, 2], ExplanationRequest("saliency", "disc"))
    assert [case.item for case in found] == [1] and any("shape1" in notice.text for notice in notices)
    with pytest.raises(EngineError):
        explained(project, run, [2], ExplanationRequest("saliency", "disc"))
    with pytest.raises(EngineError, match="knows no class liver"):
        explained(project, run, [1], ExplanationRequest("saliency", "liver"))


def test_a_run_that_finds_objects_is_refused_in_words(project: Path) -> None:
    card = ModelCard("instances", "mask-rcnn-light", "resnet18", 1, (("disc", ""),), Intensity("bytes"), 64)
    with Project.open(project) as opened:
        made = opened.runs.add(TrainConfig(arch=card.arch), "cells")
        bundle.save(made.bundle, card, bundle.build(card).state_dict())
        made = opened.runs.update(made, "finished")
    with pytest.raises(EngineError, match="cells finds objects one by one"):
        explained(project, made, [1], ExplanationRequest())


def test_a_share_of_heat_is_counted_by_hand() -> None:
    warm = np.array([[1, 0.5], [0.25, 0.25]], np.float32)
    assert share_inside(warm, np.array([[True, False], [False, True]])) == pytest.approx(1.25 / 2)
    assert share_inside(warm, np.zeros((2, 2), bool)) is None, "no mask"
    assert share_inside(warm * 0, np.ones((2, 2), bool)) is None, "no heat"

"""Explaining items of a project: of masks a class, a place, a tile, and how much of the heat lies inside the reference."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from engine.catalog import all_options
from engine.config import Settings, TrainConfig
from engine.errors import EngineError
from engine.imaging.image import Source
from engine.imaging.intensity import Intensity
from engine.labels.classes import parse_classes
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.explaining import Explained, explain_items
from engine.learning.explanations import ExplanationRequest, share_inside
from engine.learning.nets.mask_rcnn import MaskRCNN
from engine.progress import Notice
from engine.project.items import Item, content_hash
from engine.project.layers import pack
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


def test_each_item_is_named_where_none_can_be_explained(project: Path, run: Run) -> None:
    with Project.open(project, write=False) as opened:
        first, second = opened.items.those([1, 2])
    for item in (first, second):
        Path(item.source.files[0]).unlink()
    events: list[Any] = []
    with pytest.raises(EngineError, match=second.name):
        events += explain_items(project, run.id, [1, 2])
    assert [e.text.partition(" ")[0] for e in events if isinstance(e, Notice)] == [first.name]


def test_a_class_is_called_what_it_is_called_now(project: Path, run: Run) -> None:
    with Project.open(project) as opened:
        opened.runs.keep_identities(opened.classes)
        disc, *others = opened.classes
        opened.set_classes([replace(disc, name="plate"), *others])
    for name in ("plate", "disc"):
        (case,), _ = explained(project, run, [1], ExplanationRequest("saliency", name))
        assert case.target == "plate"


def test_one_place_is_explained_alone(project: Path, run: Run) -> None:
    with Project.open(project, write=False) as opened:
        layer = opened.layers.mask(1)
        assert layer is not None
        rows, columns = np.nonzero(opened.layers.read(layer, (1, 48, 48))[0] == 2)
    at = int(rows[0]), int(columns[0])
    (case,), _ = explained(project, run, [1], ExplanationRequest("saliency", at=(-1, *at)))
    assert case.target == "square", "the class that was marked there"
    assert np.argwhere(case.heat > 0).tolist() == [list(at)]
    with pytest.raises(EngineError, match="no row 48, column 3") as fault:
        explained(project, run, [1], ExplanationRequest("saliency", at=(-1, 48, 3)))
    assert fault.value.advice == "Slices: 1, rows: 48, columns: 48; all count from 0."


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


@pytest.fixture
def cells(tmp_path: Path, finder: MaskRCNN, discs: tuple[Tensor, Tensor]) -> Path:
    """A project of objects with the two discs that `finder` has learnt, `two`, and a picture that is wider than a tile and has them
    at its right end, `wide`; their run is the first."""
    grey, labels = (each[0].numpy().squeeze() for each in (discs[0] * 63.75 + 127.5, discs[1] % 256))
    options = all_options("mask-rcnn-light", {"anchors": "8,16,32,64,128", "most": 20})
    classes = (("disc", ""), ("hole", ""))
    card = ModelCard(
        "instances", "mask-rcnn-light", "resnet18", 1, classes, Intensity("bytes"), 0, patch=64, options=options
    )
    with Project.create(tmp_path / "cells.contorno", "instance", parse_classes("disc,hole")) as made:
        for name, left in (("two", 0), ("wide", 1000)):
            picture = np.pad(grey.round().astype(np.uint8), ((0, 0), (left, 0)), constant_values=127)
            mask = np.pad(labels.astype(np.uint8), ((0, 0), (left, 0)))[None]
            file = tmp_path / f"{name}.png"
            file.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
            source, hash, spacing = Source((str(file),), "raster"), content_hash([str(file)]), (1.0, 1.0, 1.0)
            item = Item(0, name, source, hash, mask.shape, spacing, False, "", "", "test")
            made.layers.replace(made.layers.make(made.items.add(item).id), pack(mask))
        run = made.runs.add(TrainConfig(arch=card.arch), "cells")
        bundle.save(run.bundle, card, finder.state_dict())
        made.runs.update(run, "finished")
        return made.path


def test_objects_are_explained_at_a_place_or_of_a_class(cells: Path) -> None:
    with Project.open(cells, write=False) as opened:
        run = opened.runs.get("cells")
    (here,), _ = explained(cells, run, [1], ExplanationRequest(at=(0, 40, 60)))
    assert here.target == here.said_name == "hole" and here.said == 1, "what it finds there"
    assert here.heat.shape == (70, 90) and here.inside is not None and here.inside > 0.2
    (disc,), _ = explained(cells, run, [1], ExplanationRequest("gradcam", "disc", checked=True))
    assert disc.target == "disc" and disc.inside is not None and disc.inside > 0.2
    assert disc.share == pytest.approx(0.07, abs=0.03), "of the picture it takes to be discs"
    assert disc.verdict is not None and disc.correlation is not None and abs(disc.correlation) < 0.6
    (most,), _ = explained(cells, run, [1], ExplanationRequest("occlusion"))
    assert most.target == "disc", "the larger one"
    with pytest.raises(EngineError, match="no object of that class at this place"):
        explained(cells, run, [1], ExplanationRequest("gradcam", "disc", (0, 40, 60)))
    with pytest.raises(EngineError, match="no object at this place"):
        explained(cells, run, [1], ExplanationRequest(at=(0, 68, 3)))


def test_objects_of_a_large_picture_are_explained_in_a_tile_as_they_are_found(cells: Path) -> None:
    with Project.open(cells, write=False) as opened:
        run = opened.runs.get("cells")
    (case,), notices = explained(cells, run, [2], ExplanationRequest(at=(0, 40, 1060)))
    assert [notice.text for notice in notices] == [
        "wide is read in tiles of 1024 px: explained is the one that begins at row 0, column 66."
    ]
    assert case.target == "hole" and case.heat.shape == (70, 1090)
    assert case.inside is not None and case.inside > 0.2


def test_a_share_of_heat_is_counted_by_hand() -> None:
    warm = np.array([[1, 0.5], [0.25, 0.25]], np.float32)
    assert share_inside(warm, np.array([[True, False], [False, True]])) == pytest.approx(1.25 / 2)
    assert share_inside(warm, np.zeros((2, 2), bool)) is None, "no mask"
    assert share_inside(warm * 0, np.ones((2, 2), bool)) is None, "no heat"

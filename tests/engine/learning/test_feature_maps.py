"""Inside a network: maps that were worked out by hand, branches that add up, normalisations that do what they should."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine import catalog
from engine.config import TrainConfig
from engine.imaging.intensity import Intensity
from engine.learning import bundle, models
from engine.learning.bundle import ModelCard
from engine.learning.classification import prepare
from engine.learning.feature_maps import (
    LONGEST,
    LONGEST_DRAWN,
    MOST_MAPS,
    NetworkInspection,
    first_filters,
    look,
    look_inside,
    mirror_tiling,
)
from engine.learning.nets.any_size import OverlapTile
from engine.learning.train import train
from engine.network_options import UntrainedNetwork
from engine.progress import result_of
from engine.project.project import Project


class Edges(nn.Module):
    """Differences along x and y, then half of them added to what they came from."""

    def __init__(self) -> None:
        super().__init__()
        self.edges = nn.Conv2d(1, 2, (1, 2), bias=False)
        self.relu = nn.ReLU(inplace=True)
        self.block = Block()
        with torch.no_grad():
            self.edges.weight.copy_(torch.tensor([[[[-1.0, 1.0]]], [[[1.0, -1.0]]]]))

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.block(self.relu(self.edges(x))).mean((2, 3))
        return result


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale, self.norm = nn.Conv2d(2, 2, 1, groups=2, bias=False), nn.BatchNorm2d(2)
        nn.init.constant_(self.scale.weight, 0.5)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.norm(self.scale(x))
        out += x
        return out.relu_()


RAMP = torch.tensor([[[[0.0, 1.0, 3.0, 2.0]]]])


def test_maps_are_those_that_a_layer_made_before_others_wrote_into_them() -> None:
    view = look(Edges(), RAMP, "edges")
    assert [layer.name for layer in view.layers] == ["edges", "relu", "block.scale", "block.norm", "block"]
    kinds = ["convolution", "ReLU", "depthwise convolution", "batch normalisation", "residual block"]
    assert [layer.kind for layer in view.layers] == kinds
    assert view.layer == view.layers[0] and view.layer.output == (2, 1, 3)
    assert view.maps.tolist() == [[[1, 2, -1]], [[-1, -2, 1]]], "not cut by the ReLU that follows"
    assert look(Edges(), RAMP, "relu").maps.tolist() == [[[1, 2, 0]], [[0, 0, 1]]]
    assert view.filters is not None and view.filters.tolist() == [[[-1, 1]], [[1, -1]]]
    assert look(Edges(), RAMP, "nonsense").layer == view.layer


def test_a_residual_blocks_branches_add_up() -> None:
    found = look(Edges(), RAMP, "block.scale").branches
    assert found is not None and found.name == "block"
    assert found.skipped.tolist() == [[[1, 2, 0]], [[0, 0, 1]]]
    assert np.allclose(found.filtered, found.skipped / 2, atol=1e-4)
    assert np.allclose(found.total, found.filtered + found.skipped)


class Tokens(nn.Module):
    """Squares of 2 px as tokens behind one of no place, then a block that adds twice to what skips past it."""

    def __init__(self) -> None:
        super().__init__()
        self.patches, self.block = nn.Conv2d(1, 2, 2, stride=2, bias=False), Attentive()
        nn.init.ones_(self.patches.weight)

    def forward(self, x: Tensor) -> Tensor:
        tokens = self.patches(x).flatten(2).transpose(1, 2)
        result: Tensor = self.block(torch.cat([torch.full((1, 1, 2), 99.0), tokens], 1)).mean(1)
        return result


class Attentive(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention, self.mlp = nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)
        for layer, factor in ((self.attention, 1.0), (self.mlp, 0.5)):
            layer.weight.data = factor * torch.eye(2)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(x)
        result: Tensor = x + self.mlp(x)
        return result


def test_tokens_come_back_to_where_they_stand_in_the_image() -> None:
    image = torch.arange(24.0).reshape(1, 1, 4, 6)
    sums = functional.avg_pool2d(image, 2)[0].numpy() * 4
    view = look(Tokens(), image, "block")
    assert [layer.name for layer in view.layers] == ["patches", "block.attention", "block.mlp", "block"]
    assert [layer.kind for layer in view.layers[1:]] == ["linear layer", "linear layer", "transformer block"]
    assert {layer.output for layer in view.layers} == {(2, 2, 3)}
    assert np.array_equal(look(Tokens(), image, "patches").maps[:1], sums)
    assert np.array_equal(view.maps[1:], 3 * sums)
    found = view.branches
    assert found is not None and found.transformer and found.name == "block"
    assert np.array_equal(found.skipped[:1], 2 * sums) and np.array_equal(found.filtered[:1], sums), "its last sum"


@pytest.mark.parametrize(
    ("arch", "encoder", "block", "maps"),
    [
        ("segformer", "mit_b0", "net.encoder.block2.1", (64, 20, 20)),
        ("dpt", "tu-vit_tiny_patch16_224", "net.encoder.model.blocks.11", (192, 14, 14)),
        ("unet-smp", "tu-swin_tiny_patch4_window7_224", "net.encoder.model.layers_1.blocks.0", (192, 28, 28)),
    ],
)
def test_every_block_of_a_transformer_is_looked_into(
    arch: str, encoder: str, block: str, maps: tuple[int, int, int]
) -> None:
    torch.manual_seed(0)
    net = models.build(arch, encoder=encoder, channels=1, classes=2).eval()
    side = 160 if arch == "segformer" else 224
    view = look(net, torch.rand(1, 1, side, side - 10), block)
    assert view.layer is not None and (view.layer.name, view.layer.output) == (block, maps)
    assert view.layer.kind == "transformer block" and view.maps.shape == (MOST_MAPS, *maps[1:])
    found = view.branches
    assert found is not None and found.transformer and found.name == block
    assert np.allclose(found.total, found.filtered + found.skipped, atol=1e-4)
    assert np.allclose(found.total, view.maps, atol=1e-4), "the block hands on what it adds"


def test_an_unpadded_network_sees_the_image_continued_by_mirroring() -> None:
    net = models.build("unet", channels=1, classes=2, options={"padding": "valid", "width": 4})
    assert isinstance(net, OverlapTile)
    net.tile = 68
    picture = np.random.default_rng(0).integers(0, 255, (100, 83), np.uint8)
    found = mirror_tiling(net, picture)
    assert found is not None and (found.size, found.margin, found.given) == ((100, 83), 92, (68, 68))
    assert found.corners == ((0, 0), (0, 64), (64, 0), (64, 64)), (
        "poolings of 16 px begin where the whole image's would"
    )
    assert found.whole == found.picture.shape == (64 + 68 + 184, 64 + 68 + 184)
    assert np.array_equal(found.picture[92:192, 92:175], picture)
    assert np.array_equal(found.picture[91], found.picture[93]) and np.array_equal(
        found.picture[:, 91], found.picture[:, 93]
    )
    colour = mirror_tiling(net, np.zeros((40, 30, 3), np.float32))
    assert colour is not None and colour.corners == ((0, 0),) and colour.given == (52, 36)
    assert colour.picture.shape == (52 + 184, 36 + 184, 3)
    large = mirror_tiling(net, np.zeros((1000, 500), np.uint8))
    assert large is not None and max(large.picture.shape) == LONGEST_DRAWN
    assert mirror_tiling(models.build("unet", channels=1, classes=2, options={"width": 4}), picture) is None


def test_of_an_unpadded_network_the_maps_are_those_of_the_tile_in_the_middle(project: Path) -> None:
    subject = UntrainedNetwork("segmentation", "unet", "", 1, 2, 600, {"width": 4, "padding": "valid"}, seed=5)
    found = result_of(look_inside(project, subject, 1, layer="down.0.0"))
    assert found.tiling is not None and found.tiling.corners == ((0, 0), (0, 384), (384, 0), (384, 384))
    assert found.tiling.middle == 0 and found.before.layer is not None and found.before.layer.output == (4, 570, 570)
    small = replace(
        found.tiling, size=(800, 700), corners=((0, 0), (0, 384), (384, 0), (384, 384), (768, 0), (768, 384))
    )
    assert small.corners[small.middle] == (384, 0)


def test_a_normalisation_is_shown_as_it_is_given_and_as_it_leaves() -> None:
    net: Any = Edges()
    fresh = look(net, RAMP, "edges").normalised
    assert fresh is not None and fresh.untouched and fresh.before.mean == pytest.approx(fresh.after.mean, abs=1e-4)
    net.block.norm.running_mean.fill_(0.25)
    net.block.norm.running_var.fill_(0.25)
    found = look(net, RAMP, "edges").normalised
    assert found is not None and found.name == "block.norm", "the next behind it"
    assert not found.untouched
    before = np.array([0.5, 1, 0, 0, 0, 0.5])
    assert found.before.mean == pytest.approx(before.mean()) and found.before.deviation == pytest.approx(before.std())
    after = (before - 0.25) / 0.5
    assert found.after.mean == pytest.approx(after.mean(), abs=1e-4)
    assert found.after.deviation == pytest.approx(after.std(), abs=1e-4)
    assert found.before.shares.sum() == pytest.approx(1) == found.after.shares.sum()
    assert len(found.edges) == len(found.before.shares) + 1


def test_looking_leaves_no_trace() -> None:
    net = Edges().train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    look(net, RAMP, "block")
    assert net.training and all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.modules())


@pytest.mark.parametrize(
    ("arch", "block", "count"),
    [
        ("resnet18", "layer1.0", 8),
        ("resnet50", "layer1.0", 16),
        ("resnet20", "layer1.0", 9),
        ("efficientnet-lite0", "blocks.1.1", 9),
        ("plain20", "", 0),
        ("vgg16", "", 0),
    ],
)
def test_the_blocks_of_real_networks_are_found(arch: str, block: str, count: int) -> None:
    torch.manual_seed(0)
    options = {"units": 16} if arch == "vgg16" else {}
    net = models.build(arch, channels=1, classes=2, size=64, options=options).eval()
    image = torch.rand(1, 1, 64, 64)
    view = look(net, image)
    assert sum(each.kind == "residual block" for each in view.layers) == count
    if not count:
        assert view.branches is None
        return
    assert view.branches is not None and view.branches.name == block
    assert np.allclose(view.branches.total, view.branches.filtered + view.branches.skipped, atol=1e-4)
    # what skips past the first block of a stage is the block's own input where no filter widens it
    last = look(net, image, view.layers[-1].name).branches
    assert last is not None and last.name != block


@pytest.mark.parametrize(
    "arch", [row.name for row in catalog.rows("segmentation") if row.name in ("unet", "fpn", "segnet")]
)
def test_every_segmentation_network_is_looked_into(arch: str, light: Any) -> None:
    net = models.build(arch, channels=1, classes=3, **light(arch)).eval()
    view = look(net, torch.rand(1, 1, 130, 150))
    assert view.filters is not None and len(view.maps) <= MOST_MAPS and max(view.maps.shape[1:]) <= LONGEST
    for layer in (view.layers[len(view.layers) // 2], view.layers[-1]):
        assert look(net, torch.rand(1, 1, 130, 150), layer.name).layer == layer


def test_a_network_without_maps_shows_what_its_units_look_for() -> None:
    net = models.build("mlp", channels=1, classes=2, size=28)
    image = torch.rand(1, 1, 28, 28)
    view = look(net, image)
    assert view.layer is None and view.layers == () and view.filters is not None
    dense = next(m for m in net.modules() if isinstance(m, nn.Linear))
    assert view.filters.shape == (MOST_MAPS, 28, 28)
    assert np.array_equal(view.filters[3].ravel(), dense.weight[3].detach().numpy())
    colour = first_filters(models.build("resnet18", channels=3, classes=2), torch.rand(1, 3, 32, 32))
    assert colour is not None and colour.shape == (64, 7, 7, 3)


def test_a_run_is_seen_as_its_training_found_it_and_left_it(classes: Path) -> None:
    config = TrainConfig(arch="lenet5", epochs=1, batch=5, preset="none", device="cpu", seed=3, weights="none")
    with Project.open(classes) as opened:
        run = opened.runs.add(config, "first")
        item = opened.items.all("test")[0].id
        torch.manual_seed(config.seed)  # as a training begins
        start = next(result_of(prepare(opened, config)).network.parameters()).detach()
    result_of(train(classes, run.folder, config, run.name))
    _, trained = bundle.restore(run.bundle)
    chance = torch.get_rng_state()
    found: NetworkInspection = result_of(look_inside(classes, run.id, item))
    assert torch.equal(torch.get_rng_state(), chance), "a training beside it draws as before"
    assert found.after is not None and found.before.filters is not None and found.after.filters is not None
    assert np.allclose(found.before.filters, start[:, 0].numpy())
    assert np.allclose(found.after.filters, next(iter(trained.parameters())).detach()[:, 0].numpy())
    assert not np.allclose(found.before.maps, found.after.maps)
    assert found.picture.shape == (32, 32)
    layer = found.before.layers[-1].name
    other = result_of(look_inside(classes, run.id, item, layer=layer))
    assert other.before.layer is not None and other.before.layer.name == layer


def test_a_network_is_seen_before_it_is_trained_at_all(project: Path) -> None:
    subject = UntrainedNetwork("segmentation", "unet", "", 1, 2, 0, {"width": 4}, seed=5)
    first, again = (result_of(look_inside(project, subject, 1)) for _ in range(2))
    assert first.after is None and first.picture.shape == (48, 48)
    assert np.array_equal(first.before.maps, again.before.maps)
    other = result_of(look_inside(project, replace(subject, seed=6), 1))
    assert not np.array_equal(first.before.maps, other.before.maps)


def test_of_an_image_in_tiles_the_middle_is_seen(project: Path) -> None:
    card = ModelCard(
        "segmentation", "unet", "", 1, (("disc", ""),), Intensity("bytes"), 0, patch=32, options={"width": 4}
    )
    with Project.open(project) as opened:
        run = opened.runs.add(TrainConfig(arch="unet", weights="none"), "tiles")
        bundle.save(run.bundle, card, bundle.build(card).state_dict())
    assert result_of(look_inside(project, run.id, 1)).picture.shape == (32, 32)


def test_where_no_object_is_found_its_heads_make_no_maps() -> None:
    torch.manual_seed(0)
    net = models.build("mask-rcnn-light", encoder="resnet18", channels=1, classes=2).eval()
    heads: Any = net.get_submodule("roi_heads")
    with torch.no_grad():
        heads.box_predictor.cls_score.bias[0] = 100.0  # all is background
    image = torch.rand(1, 1, 64, 64)
    names = [layer.name for layer in look(net, image).layers]
    assert any(name.startswith("backbone") for name in names)
    assert not any("mask" in name for name in names)
    assert look(net, image, names[-1]).maps.size

"""Every network of the catalog that gives an array is built offline, learns from images of odd sizes, is kept, loaded, and gives the same
probabilities as ONNX. What tells objects apart has tests of its own (test_mask_rcnn.py)."""

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine import catalog
from engine.catalog import all_options
from engine.config import Settings, TrainConfig
from engine.errors import EngineError
from engine.imaging.intensity import Intensity
from engine.learning import auto, bundle, explain, feature_maps, models, onnx, segmentation
from engine.learning.bundle import ModelCard
from engine.learning.levels import levels
from engine.learning.train import train
from engine.progress import result_of
from engine.project.project import Project

Light = Callable[[str], dict[str, Any]]

NAMES = [row.name for row in catalog.ARCHITECTURES if row.task != "instances"] + ["timm:mobilenetv3_small_050"]


def card_of(arch: str, light: Light) -> ModelCard:
    task = catalog.find(arch).task
    size = models.fit_input(arch, 29, 23, 1, wanted=32).size if task == "classification" else 45
    given = light(arch)
    return ModelCard(
        task=task,
        arch=arch,
        encoder=given.get("encoder", ""),
        channels=1,
        classes=(("a", "#ff0000"), ("b", "#00ff00")),
        intensity=Intensity("bytes"),
        size=size,
        options=catalog.all_options(arch, given.get("options")),
    )


def refuse(*_: object) -> None:
    raise AssertionError("a network is built without the internet")


@pytest.mark.parametrize("arch", NAMES)
def test_built_learns_a_step_is_kept_and_is_the_same_as_onnx(
    arch: str, light: Light, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(socket.socket, "connect", refuse)
    torch.manual_seed(0)
    card = card_of(arch, light)
    net = bundle.build(card)
    height, width = (card.size, card.size) if card.task == "classification" else (31, 45)
    images = torch.rand(2, 1, height, width)
    outputs = (2, card.outputs) if card.task == "classification" else (2, card.outputs, height, width)
    before = net.state_dict()
    before = {name: value.clone() for name, value in before.items()}
    step(net, images, torch.randint(card.outputs, (2, *outputs[2:])))
    assert any(not torch.equal(value, before[name]) for name, value in net.state_dict().items())

    bundle.save(tmp_path / "model.safetensors", card, net.state_dict())
    kept, loaded = bundle.restore(tmp_path / "model.safetensors")
    assert kept == card
    with torch.no_grad():
        logits = loaded(images)
        assert logits.shape == outputs and torch.equal(logits, net.eval()(images))

        side = onnx.export_onnx(tmp_path / "model.safetensors", tmp_path / "model.onnx")
        assert not capfd.readouterr().out  # a network that torch's older exporter cannot follow was printed there
        session = onnxruntime.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
        square = torch.rand(3, 1, side, side)  # another number of images than it was written with
        (found,) = session.run([onnx.OUTPUT], {onnx.INPUT: square.numpy()})
        # probabilities: in float32 the sums of a deep network differ by more than 1e-4 where logits are large
        said, found = loaded(square).softmax(1), torch.from_numpy(found).softmax(1)
        np.testing.assert_allclose(found.numpy(), said.numpy(), atol=1e-4, rtol=0)
    assert f'"arch": "{arch}"' in session.get_modelmeta().custom_metadata_map[onnx.CARD]


DROPPING = [row.name for row in catalog.ARCHITECTURES if hasattr(row.options, "dropout")]


def test_the_networks_that_leave_out_values() -> None:
    assert {row.name for row in catalog.rows("segmentation")} <= set(DROPPING)
    residual = {row.name for row in catalog.ARCHITECTURES if row.name.startswith("resnet")}
    assert residual | {"efficientnet-lite0", "plain18", "plain56"} <= set(DROPPING)


@pytest.mark.parametrize("arch", DROPPING)
def test_dropout_changes_a_training_and_nothing_that_is_predicted(arch: str, light: Light) -> None:
    """With it no weight has another name, so that models, those of before and ImageNet weights fit all the same."""
    torch.manual_seed(0)
    card, given = card_of(arch, light), light(arch)

    def build(dropout: float) -> nn.Module:
        options = {**given.get("options", {}), "dropout": dropout}
        return models.build(arch, **{**given, "channels": 1, "size": card.size, "options": options})

    without, net = build(0.0), build(0.5)
    for weights in without.parameters():
        if not weights.any():  # scores that begin at zero would show nothing
            nn.init.constant_(weights, 0.1)
    assert list(net.state_dict()) == list(without.state_dict())
    net.load_state_dict(without.state_dict())
    images = torch.rand(2, 1, card.size, card.size)
    with torch.no_grad():
        assert torch.equal(without(images), without(images)), "else its batch normalisation differs"
        assert not torch.equal(net(images), net(images))
        net.load_state_dict(without.state_dict())
        assert torch.equal(net.eval()(images), without.eval()(images))


@pytest.mark.parametrize("arch", sorted(models.DECODERS))
def test_dropout_is_in_no_drawing_no_explanation_and_no_list_of_maps(arch: str, light: Light) -> None:
    encoder = light(arch).get("encoder", "")
    drawn = [levels(arch, 1, 2, 128, encoder=encoder, options={"dropout": share}) for share in (0.0, 0.5)]
    assert drawn[0] == drawn[1]
    torch.manual_seed(0)
    image = torch.rand(1, 1, 128, 128)
    nets = [
        models.build(arch, encoder=encoder, channels=1, classes=2, options={"dropout": share}).eval()
        for share in (0.0, 0.5)
    ]
    nets[1].load_state_dict(nets[0].state_dict())
    looked = [feature_maps.look(net, image).layers for net in nets]
    assert looked[0] == looked[1]
    heats = [result_of(explain.explain(net, image, 0, at=(64, 64))) for net in nets]
    np.testing.assert_array_equal(heats[0], heats[1])


def test_a_model_of_before_there_was_dropout_is_gone_on_with_and_written_as_onnx(light: Light, tmp_path: Path) -> None:
    card = replace(card_of("unet-smp", light), options={})
    bundle.save(tmp_path / "before.safetensors", card, bundle.build(card).state_dict())
    _, before = bundle.restore(tmp_path / "before.safetensors")
    further = replace(card, options={"dropout": 0.5})
    net = bundle.build(further)
    net.load_state_dict(before.state_dict())
    bundle.save(tmp_path / "model.safetensors", further, net.state_dict())
    side = onnx.export_onnx(tmp_path / "model.safetensors", tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    square = torch.rand(1, 1, side, side)
    (found,) = session.run([onnx.OUTPUT], {onnx.INPUT: square.numpy()})
    with torch.no_grad():
        np.testing.assert_allclose(found, before.eval()(square).numpy(), atol=1e-3, rtol=1e-3)


def test_the_dropout_of_dpts_head_is_the_librarys_where_nobody_sets_another(light: Light) -> None:
    def shares(**given: Any) -> list[float]:
        net = models.build("dpt", **light("dpt"), **given)
        return [
            layer.p
            for name, layer in net.named_modules()
            if "segmentation_head" in name and isinstance(layer, nn.Dropout)
        ]

    assert shares() == [0.1] and shares(options={"dropout": 0.3}) == [0.3]


def step(net: nn.Module, images: Tensor, truth: Tensor, rate: float = 1e-3) -> float:
    optimizer = torch.optim.AdamW(net.parameters(), rate)
    loss = functional.cross_entropy(net(images), truth)
    loss.backward()  # type: ignore[no-untyped-call]
    assert all(p.grad is None or bool(p.grad.isfinite().all()) for p in net.parameters())
    optimizer.step()
    return float(loss.detach())


def halves(side: int = 64) -> tuple[Tensor, Tensor]:
    """Two grey pictures of which the upper and the left half is bright, and its mask: coarse enough for scores at a 32nd of the size."""
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    masks = torch.stack([y < side // 2, x < side // 2])
    return (masks.float() + 0.2 * torch.randn(masks.shape))[:, None], masks.long()


@pytest.mark.parametrize(
    ("arch", "options"),
    [
        ("segnet", {"width": 8}),
        ("fcn32s", {"width": 8}),
        ("fcn16s", {"width": 8}),
        ("fcn8s", {"width": 8}),
        ("unet", {"width": 8, "padding": "valid"}),
    ],
)
def test_masks_are_learnt_from_two_pictures(arch: str, options: dict[str, Any]) -> None:
    """By the pixels that are right: the loss also falls where a network learns no more than how common the class is."""
    torch.manual_seed(0)
    images, masks = halves()
    net = models.build(arch, channels=1, classes=2, options=options)
    optimizer = torch.optim.AdamW(net.parameters(), 1e-3)
    for _ in range(40):
        optimizer.zero_grad()
        functional.cross_entropy(net(images), masks).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    net.eval()
    for layer in net.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.train()  # what it keeps of so few steps lags behind
    with torch.no_grad():
        right = (net(images).argmax(1) == masks).float().mean()
    assert right > 0.75, "who says one class everywhere has 0.5"


@pytest.mark.parametrize("arch", ["plain20", "resnet20", "lenet5-1998", "efficientnet-lite0", "mlp"])
def test_classes_are_learnt_from_sixteen_pictures(arch: str) -> None:
    torch.manual_seed(0)
    side = models.fit_input(arch, 32, 32, 1).size
    images, truth = torch.rand(16, 1, side, side), torch.arange(16) % 2
    images[truth == 1, :, side // 4 : side // 2, side // 4 : side // 2] += 1
    net = models.build(arch, channels=1, classes=2, size=side)
    losses = [step(net, images, truth, 3e-3) for _ in range(12)]
    assert min(losses[-3:]) < 0.6 * losses[0]


def test_what_timm_does_not_have_is_said() -> None:
    for name in ("timm:no_such_net", "timm:hf-hub:someone/net", "timm:../net", "timm:"):
        with pytest.raises(EngineError, match="timm has no network"):
            models.build(name)
    assert models.fit_input("timm:vit_tiny_patch16_224", 28, 28, 1).size == 224
    assert models.fit_input("timm:resnet10t", 28, 28, 1).size == 56


@pytest.mark.parametrize(
    ("arch", "options"),
    [("segnet", {"width": 8}), ("fcn8s", {"width": 4}), ("unet", {"width": 4, "padding": "valid", "batch_norm": True})],
)
def test_networks_with_settings_of_their_own_are_trained_and_gone_on_with(
    project: Path, arch: str, options: Settings
) -> None:
    config = TrainConfig(arch=arch, options=options, epochs=1, batch=4, preset="none", device="cpu")
    with Project.open(project) as opened:
        run = opened.runs.add(config, "first")
    result_of(train(project, run.folder, config, run.name))
    card, network = bundle.restore(run.bundle)
    assert card.encoder == "" and card.options == all_options(arch, options)
    assert network(torch.zeros(1, 1, 50, 31)).shape == (1, 3, 50, 31)
    further = TrainConfig(start_from="first", epochs=1, batch=4, device="cpu")
    with Project.open(project, write=False) as opened:
        learner = result_of(segmentation.prepare(opened, further))
    assert learner.card.options == card.options
    assert not any("start afresh" in notice.text for notice in learner.notices)
    assert f"{arch} on images of 48 px" in learner.notices[0].text


@pytest.mark.parametrize(
    ("arch", "encoder"),
    [("dpt", "tu-vit_base_patch16_224"), ("segnet", ""), ("unet-smp", auto.BUILT_IN), ("auto", auto.BUILT_IN)],
)
def test_auto_names_an_encoder_where_there_is_one_and_one_that_fits(arch: str, encoder: str) -> None:
    chosen, said = auto.segmentation(TrainConfig(arch=arch), auto.Facts("cpu", 64, (), color=False))
    assert chosen.encoder == encoder
    assert ("encoder" in said[0].text) == bool(encoder)

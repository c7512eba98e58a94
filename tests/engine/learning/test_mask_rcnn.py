"""Mask R-CNN is built offline, learns from objects, finds them again, is kept, and finds the same as ONNX."""

import socket
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine import catalog
from engine.errors import EngineError
from engine.imaging.intensity import Intensity
from engine.learning import bundle, models, onnx
from engine.learning.bundle import ModelCard
from engine.learning.nets.mask_rcnn import MaskRCNN, objects_in
from engine.learning.weights import encoder_of, fine_tune, load_imagenet

SMALL = {"anchors": "8,16,32,64,128", "most": 20}
ENCODERS = {"mask-rcnn": "", "mask-rcnn-light": "resnet18"}


def card_of(arch: str) -> ModelCard:
    return ModelCard(
        task="instances",
        arch=arch,
        encoder=ENCODERS[arch],
        channels=1,
        classes=(("a", "#ff0000"), ("b", "#00ff00")),
        intensity=Intensity("bytes"),
        size=96,
        patch=64,
        options=catalog.all_options(arch, SMALL),
    )


def refuse(*_: object) -> None:
    raise AssertionError("a network is built without the internet")


def test_objects_of_codes_have_boxes_classes_and_masks() -> None:
    codes = torch.zeros(5, 6, dtype=torch.int64)
    codes[1:3, 2:5] = 9 * 256 + 2
    codes[4, 0] = 300 * 256 + 1
    codes[0, 5] = 4 * 256 + 255  # unlabelled
    found = objects_in(codes, 3)
    assert found["boxes"].tolist() == [[2.0, 1.0, 5.0, 3.0], [0.0, 4.0, 1.0, 5.0]]
    assert found["labels"].tolist() == [2, 1]
    assert found["masks"].sum(dim=(1, 2)).tolist() == [6, 1]
    none = objects_in(torch.zeros(5, 6, dtype=torch.int64), 3)
    assert none["boxes"].shape == (0, 4) and none["masks"].shape == (0, 5, 6)


@pytest.mark.parametrize("arch", ENCODERS)
def test_built_learns_a_step_is_kept_and_is_the_same_as_onnx(
    arch: str, tmp_path: Path, discs: tuple[Tensor, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket.socket, "connect", refuse)
    torch.manual_seed(0)
    card = card_of(arch)
    net = bundle.build(card)
    for layer in net.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = 1.0  # of a single step, else the values grow from layer to layer
    for name in ("rpn.head.bbox_pred", "roi_heads.box_predictor.bbox_pred", "roi_heads.mask_predictor.mask_fcn_logits"):
        net.get_parameter(f"{name}.weight").data *= 0.01  # as large as a random one's are, float32 is no 1e-4 of them
    before = {name: value.clone() for name, value in net.state_dict().items()}
    images, codes = discs[0], discs[1].clone()
    codes[1] = 0  # a picture without an object teaches too
    loss = net(images, codes)
    assert loss.ndim == 0 and bool(torch.isfinite(loss))
    loss.backward()
    torch.optim.SGD(net.parameters(), lr=1e-5).step()
    moved = [name for name, value in net.state_dict().items() if not torch.equal(value, before[name])]
    assert {name.partition(".")[0] for name in moved} == {"backbone", "rpn", "roi_heads"}

    bundle.save(tmp_path / "model.safetensors", card, net.state_dict())
    kept, loaded = bundle.restore(tmp_path / "model.safetensors")
    assert kept == card
    with torch.no_grad():
        (found, _), (again, _) = loaded(images), net.eval()(images)
    assert found.keys() == {"boxes", "labels", "scores", "masks"}
    assert all(torch.equal(found[name], again[name]) for name in found)

    assert isinstance(loaded, MaskRCNN)
    with torch.no_grad():
        (found,), (objects, regions) = loaded(images[:1]), loaded.objects_and_regions(images[:1])
        sure = loaded.region_logits(images[:1], regions)[0].softmax(1)
    assert all(torch.equal(objects[name], found[name]) for name in found)
    # what is explained is the score of what was found
    torch.testing.assert_close(sure[torch.arange(len(regions)), found["labels"]], found["scores"])

    assert len(as_onnx_too(loaded, tmp_path, torch.rand(1, 1, 96, 96))["scores"])


def as_onnx_too(net: MaskRCNN, folder: Path, image: Tensor) -> dict[str, Tensor]:
    """What the network finds, after its bundle in that folder was written as ONNX and has found the same."""
    side = onnx.export_onnx(folder / "model.safetensors", folder / "model.onnx")
    assert side == image.shape[-1], "it predicts whole images: patches are for learning"
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    assert '"arch": "mask-rcnn' in session.get_modelmeta().custom_metadata_map[onnx.CARD]
    with torch.no_grad():
        (found,) = net(image)
    again = session.run(list(onnx.OBJECTS), {onnx.INPUT: image.numpy()})
    for name, array in zip(onnx.OBJECTS, again, strict=True):
        np.testing.assert_allclose(array, found[name].numpy(), atol=1e-4, rtol=0, err_msg=name)
    return found  # type: ignore[no-any-return]


def test_objects_are_found_by_onnx_too(finder: MaskRCNN, discs: tuple[Tensor, Tensor], tmp_path: Path) -> None:
    seen = functional.pad(discs[0][:1], (0, 6, 0, 26))
    bundle.save(tmp_path / "model.safetensors", card_of("mask-rcnn-light"), finder.state_dict())
    found = as_onnx_too(finder, tmp_path, seen)
    assert set(found["labels"][found["scores"] > 0.5].tolist()) == {1, 2}

    blind = deepcopy(finder)
    blind.get_parameter("roi_heads.box_predictor.cls_score.bias").data[0] = 100
    bundle.save(tmp_path / "model.safetensors", card_of("mask-rcnn-light"), blind.state_dict())
    assert not len(as_onnx_too(blind, tmp_path, seen)["scores"]), "an image without an object is no fault"


def test_it_finds_what_it_was_shown(finder: MaskRCNN, discs: tuple[Tensor, Tensor]) -> None:
    images, codes = discs
    with torch.no_grad():
        found = finder(images)[0]
    wanted = objects_in(codes[0], 3)["boxes"]
    for value in (1, 2):
        surest = int(torch.where(found["labels"] == value, found["scores"], -1.0).argmax())
        assert float((found["boxes"][surest] - wanted[value - 1]).abs().max()) < 8
    assert found["masks"].shape[1:] == (1, 28, 28)


def test_the_light_one_starts_from_the_built_in_weights() -> None:
    net = models.build("mask-rcnn-light", channels=3, classes=2)
    assert isinstance(net, MaskRCNN) and encoder_of(net) is not None
    report = load_imagenet(net, catalog.BUILT_IN_ENCODER)
    assert not report.missing and report.taken > 200


@pytest.mark.parametrize("encoder", ["mobilenet_v2", "mit_b0", "densenet121"])
def test_the_light_one_takes_other_encoders(encoder: str) -> None:
    net = models.build("mask-rcnn-light", encoder=encoder, channels=3, classes=2).eval()
    with torch.no_grad():
        (found,) = net(torch.zeros(1, 3, 64, 64))
    assert found["boxes"].shape[1] == 4


def test_fine_tuning_knows_the_classes_again_in_every_output_layer() -> None:
    old = replace(card_of("mask-rcnn-light"), identities=("1", "2"))
    card = replace(old, classes=(("b", "#00ff00"), ("new", "#0000ff"), ("a", "#ff0000")), identities=("2", "3", "1"))
    before = bundle.build(old).state_dict()
    net = bundle.build(card)
    said = fine_tune(net, card, old, before)
    now = net.state_dict()
    for layer, rows in (("box_predictor.cls_score", 1), ("box_predictor.bbox_pred", 4)):
        name = f"roi_heads.{layer}.weight"
        for to, place in ((0, 0), (1, 2), (3, 1)):
            assert torch.equal(now[name][to * rows : (to + 1) * rows], before[name][place * rows : (place + 1) * rows])
    mask = "roi_heads.mask_predictor.mask_fcn_logits.weight"
    assert torch.equal(now[mask][[0, 1, 3]], before[mask][[0, 2, 1]])
    assert any("new: new" in notice.text for notice in said)


def test_an_unknown_encoder_is_refused_in_words() -> None:
    with pytest.raises(EngineError, match="no encoder called"):
        models.build("mask-rcnn-light", encoder="resnet9000")


def test_parameters_are_torchvisions_for_coco() -> None:
    # 44,401,393 with frozen norms, as torchvision lists maskrcnn_resnet50_fpn; norms that learn add 2 x 26,560 of ResNet-50
    net = models.outline("mask-rcnn", channels=3, classes=91)
    norms = sum(
        p.numel() for part in net.modules() if isinstance(part, torch.nn.BatchNorm2d) for p in part.parameters()
    )
    assert models.count_parameters(net) - norms == 44_401_393

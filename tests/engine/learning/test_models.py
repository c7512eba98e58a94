"""Networks are built by name and take any image; test_inspect.py counts what they are made of."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from engine import catalog
from engine.errors import EngineError
from engine.learning import models
from engine.learning.nets.any_size import AnySize, Sides
from engine.learning.nets.lenet5 import LeNet5
from engine.learning.nets.unet import UNet

SEGMENTATION = [row.name for row in catalog.rows("segmentation")]
CLASSIFICATION = [row.name for row in catalog.rows("classification")]


Light = Callable[[str], dict[str, Any]]


def test_published_sizes() -> None:
    # 64 to 1024 maps with biases and no normalisation, one channel, two classes: by hand from the paper's figure 1
    assert models.count_parameters(UNet(1, 2, norm=False)) == 31_030_658
    assert models.count_parameters(LeNet5(1, 10, "tanh")) == 61_706
    assert models.count_parameters(LeNet5(1, 10, "relu")) == 61_706


@pytest.mark.parametrize("arch", SEGMENTATION)
@pytest.mark.parametrize("side", [(45, 70), (7, 3)])
def test_any_size_gets_a_mask_of_its_size(arch: str, side: tuple[int, int], light: Light) -> None:
    net = models.build(arch, **light(arch), channels=1, classes=3)
    logits = net(torch.rand(2, 1, *side))
    assert logits.shape == (2, 3, *side)
    logits.sum().backward()
    assert any(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in net.parameters())


@pytest.mark.parametrize("arch", SEGMENTATION)
def test_least_batch_is_enough(arch: str, light: Light) -> None:
    net = models.build(arch, **light(arch), channels=3, classes=2)
    assert net(torch.rand(models.least_batch(arch), 3, 64, 64)).shape[0] == models.least_batch(arch)
    if models.least_batch(arch) == 2:
        with pytest.raises(ValueError, match="more than 1 value"):
            net(torch.rand(1, 3, 64, 64))


@pytest.mark.parametrize("arch", SEGMENTATION)
def test_its_multiple_passes_unpadded(arch: str, light: Light) -> None:
    net = models.build(arch, **light(arch), channels=1, classes=2).eval()
    side = 2 * models.sides_of(arch).least
    assert isinstance(net, AnySize)
    images = torch.rand(1, 1, side, side)
    with torch.no_grad():
        assert torch.equal(net(images), net.net(images))


def test_padding_does_not_shift_the_mask() -> None:
    """A network that copies its input shows where the padded image lies."""
    net = AnySize(torch.nn.Identity(), Sides(32, 64))
    for side in [(45, 70), (64, 64), (5, 5), (1, 100)]:
        images = torch.rand(1, 1, *side)
        assert torch.equal(net(images), images)


@pytest.mark.parametrize("arch", [row.name for row in catalog.rows("segmentation") if row.encoders])
def test_every_kind_of_encoder_that_fits_can_be_built(arch: str) -> None:
    alike = ("resnet34", "resnet50", "resnet101", "efficientnet-b0", "efficientnet-b3", "resnext50_32x4d", "mit_b2")
    for encoder in catalog.encoders_of(arch).keys() - alike:
        assert models.count_parameters(models.outline(arch, encoder=encoder, channels=1)) > 0


@pytest.mark.parametrize("encoder", sorted(catalog.encoders_of("unet-smp")))
def test_listed_encoders_run(encoder: str) -> None:
    net = models.outline("unet-smp", encoder=encoder, channels=1, classes=4).eval()
    with torch.no_grad():
        assert net(torch.zeros(1, 1, 96, 64, device="meta")).shape == (1, 4, 96, 64)


@pytest.mark.parametrize(
    ("arch", "encoder", "said"),
    [
        ("unet-smp", "resnet19", "no encoder called resnet19"),
        ("unet-smp", "tu-nonsense", "no encoder called tu-nonsense"),
        ("unet++", "mit_b0", "cannot be built on the encoder mit_b0"),
        ("dpt", "tu-vit_small_patch14_dinov2", "its patches of 14 px do not fit"),
        ("dpt", "resnet34", "cannot be built on the encoder resnet34"),
        ("pan", "vgg16_bn", "cannot be built on the encoder vgg16_bn"),
        ("u-net", "", "no network called u-net"),
    ],
)
def test_what_cannot_be_built_is_refused_in_words(arch: str, encoder: str, said: str) -> None:
    with pytest.raises(EngineError, match=said) as refusal:
        models.build(arch, encoder=encoder)
    assert "resnet34" in refusal.value.advice or "unet" in refusal.value.advice or "vit" in refusal.value.advice


@pytest.mark.parametrize("arch", CLASSIFICATION)
@pytest.mark.parametrize("channels", [1, 3])
def test_small_images_are_classified(arch: str, channels: int) -> None:
    plan = models.fit_input(arch, 28, 28, channels)
    assert plan.channels == channels
    with torch.device("meta"):
        net = models.build(arch, channels=channels, classes=5, size=plan.size)
        assert net(torch.zeros(2, channels, plan.size, plan.size)).shape == (2, 5)


@pytest.mark.parametrize(
    ("arch", "height", "width", "wanted", "size"),
    [
        ("lenet5", 28, 28, 0, 32),
        ("lenet5", 512, 400, 224, 32),
        ("mlp", 28, 28, 0, 28),
        ("mlp", 300, 300, 0, 64),
        ("alexnet", 28, 28, 0, 64),
        ("alexnet", 227, 227, 227, 227),
        ("vgg16", 28, 28, 0, 32),
        ("vgg16", 500, 300, 0, 224),
        ("resnet18", 28, 28, 0, 56),
        ("resnet18", 40, 40, 0, 64),
        ("resnet18", 64, 64, 0, 64),
        ("resnet50", 1024, 768, 0, 224),
        ("resnet50", 1024, 768, 320, 320),
        ("vgg19", 28, 28, 8, 32),
    ],
)
def test_input_is_made_to_fit(arch: str, height: int, width: int, wanted: int, size: int) -> None:
    plan = models.fit_input(arch, height, width, 1, wanted)
    assert plan.size == size
    assert (plan.note is None) == (height == width == size)
    if plan.note is not None:
        assert f"{size} x {size}" in plan.note.text and arch in plan.note.text


def test_enlarging_and_reducing_are_told_apart() -> None:
    enlarged, reduced = models.fit_input("lenet5", 28, 28, 1).note, models.fit_input("lenet5", 40, 30, 1).note
    assert enlarged is not None and "enlarged" in enlarged.text
    assert reduced is not None and "reduced" in reduced.text


def test_a_mask_cannot_be_asked_of_a_classifier() -> None:
    with pytest.raises(EngineError, match="another task"):
        models.fit_input("unet", 28, 28, 1)
    with pytest.raises(EngineError, match="no convolution"):
        models.first_conv(models.build("mlp", channels=1, classes=2))


def test_lenet_learns_and_rejects_other_activations() -> None:
    torch.manual_seed(0)
    net = LeNet5(1, 2)
    images = torch.rand(16, 1, 32, 32)
    target = torch.arange(16) % 2
    images[target == 1, :, 8:24, 8:24] += 1
    optimizer = torch.optim.AdamW(net.parameters(), 3e-3)
    for _ in range(60):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(images), target).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert torch.equal(net(images).argmax(1), target)
    with pytest.raises(EngineError, match="no activation"):
        LeNet5(1, 2, "gelu")  # type: ignore[arg-type]


def test_sides_of_encoders_are_found_by_trial() -> None:
    assert models.sides_of("unet-smp", "resnet18") == Sides(32, 32)
    assert models.sides_of("unet-smp", "tu-convnext_atto") == Sides(32, 32)
    assert models.sides_of("unet-smp", "tu-coat_lite_mini") == Sides(224, 224, 224)
    assert models.sides_of("unet-smp", "tu-maxvit_nano_rw_256") == Sides(256, 256)


@pytest.mark.parametrize(
    ("sides", "asked", "given"),
    [
        (Sides(224, 224, 224), 512, 224),
        (Sides(224, 224, 224), 96, 224),
        (Sides(256, 256), 600, 512),
        (Sides(32, 32), 384, 384),
    ],
)
def test_patches_are_brought_to_a_side_that_fits(sides: Sides, asked: int, given: int) -> None:
    assert sides.fitting(asked) == given


def test_image_larger_than_a_network_takes_is_refused_in_words() -> None:
    net = AnySize(torch.nn.Identity(), Sides(224, 224, 224))
    assert net(torch.zeros(1, 1, 224, 60)).shape == (1, 1, 224, 60)
    with pytest.raises(EngineError, match="224 px"):
        net(torch.zeros(1, 1, 224, 225))


def test_encoder_that_fails_on_values_is_refused_before_the_training() -> None:
    class Fails(torch.nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return images[torch.tensor([7])]

    net = Fails()
    with pytest.raises(EngineError, match="fails on images of 96 px"):
        models.try_out(net, "tu-mvitv2_tiny", 1, 96)
    assert net.training

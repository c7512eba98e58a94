"""Heat lies where the score comes from, and looking leaves no trace in the network."""

import pytest
import torch
from torch import Tensor, nn

from engine import catalog
from engine.errors import EngineError
from engine.learning import explain, models
from engine.learning.nets.any_size import AnySize, Sides


class Brightness(nn.Module):
    """Class 1 is the mean of the bright pixels, class 0 of the dark ones."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Conv2d(1, 2, 1)
        self.relu = nn.ReLU(inplace=True)
        with torch.no_grad():
            self.maps.weight.copy_(torch.tensor([-1.0, 1.0]).view(2, 1, 1, 1))
            self.maps.bias.copy_(torch.tensor([0.5, -0.5]))  # type: ignore[union-attr]

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.maps(x)).mean((2, 3))  # type: ignore[no-any-return]


def spot() -> Tensor:
    image = torch.zeros(1, 1, 16, 16)
    image[..., 4:8, 10:14] = 1
    return image


@pytest.mark.parametrize("method", list(explain.METHODS))
def test_heat_lies_on_the_spot(method: str) -> None:
    image = spot() + 0.01
    heat = explain.explain(Brightness(), image, 1, method)
    assert heat.shape == (16, 16) and heat.dtype == "float32"
    inside = image[0, 0].numpy() > 0.5
    assert heat[inside].min() == pytest.approx(1) and heat[~inside].max() < 0.05


def test_the_other_class_looks_elsewhere() -> None:
    heat = explain.grad_cam(Brightness(), spot(), 0)
    inside = spot()[0, 0].numpy() > 0.5
    assert heat[inside].max() == 0 and heat[~inside].min() == pytest.approx(1)


def test_grad_cam_of_a_mask_explains_the_pixels_of_the_class() -> None:
    class Mask(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False))
            nn.init.ones_(self.encoder[0].weight)  # type: ignore[arg-type]

        def forward(self, x: Tensor) -> Tensor:
            bright = self.encoder(x)
            return torch.cat([0.5 - bright, bright - 0.5], 1)

    heat = explain.grad_cam(AnySize(Mask(), Sides(32, 32)), spot(), 1)
    assert heat.shape == (16, 16)
    assert heat[5, 11] == pytest.approx(1) and heat[0, 0] == 0 and heat[12, 4] == 0


@pytest.mark.parametrize("arch", [row.name for row in catalog.rows("classification") if row.name != "mlp"])
def test_classifiers_have_a_map_large_enough(arch: str) -> None:
    plan = models.fit_input(arch, 28, 28, 1)
    with torch.device("meta"):
        net = models.build(arch, channels=1, classes=3, size=plan.size).eval()
        image = torch.zeros(1, 1, plan.size, plan.size)
        side = map_side(net, image)
    assert explain.LEAST_MAP <= side < plan.size


def map_side(net: nn.Module, image: Tensor) -> int:
    sides: list[int] = []
    layer = explain.map_layer(net, image)
    hook = layer.register_forward_hook(lambda module, inputs, output: sides.append(min(output.shape[-2:])))
    net(image)
    hook.remove()
    return sides[-1]


@pytest.mark.parametrize(
    ("arch", "size", "name"),
    [
        ("resnet18", 224, "layer4"),
        ("resnet18", 56, "layer3"),
        ("resnet50", 56, "layer3"),
        ("alexnet", 224, "features.11"),
        ("vgg16", 224, "features.29"),
        ("lenet5", 32, "features.act3"),
        ("lenet5-tanh", 32, "features.act3"),
    ],
)
def test_the_layer_is_the_last_that_still_says_where(arch: str, size: int, name: str) -> None:
    with torch.device("meta"):
        net = models.build(arch, channels=1, classes=3)
        assert explain.map_layer(net, torch.zeros(1, 1, size, size)) is net.get_submodule(name)


@pytest.mark.parametrize("arch", [row.name for row in catalog.rows("segmentation")])
def test_masks_are_explained_in_the_encoder(arch: str) -> None:
    encoder = "tu-vit_tiny_patch16_224" if arch == "dpt" else "resnet18" if catalog.find(arch).encoders else ""
    with torch.device("meta"):
        net = models.build(arch, encoder=encoder, channels=1, classes=3)
        layer = explain.map_layer(net, torch.zeros(1, 1, 130, 150))
    names = {module: name for name, module in net.named_modules()}
    # PSPNet runs three stages alone, and DPT's encoder makes tokens instead of maps
    special = {
        "unet": "net.down.4",
        "pspnet": "net.encoder.layer2",
        "dpt": "net.decoder.reassemble_blocks.3",
        "segnet": "net.features.42",
        "fcn-resnet": "net.backbone.layer4",
    } | dict.fromkeys(("fcn32s", "fcn16s", "fcn8s"), "net.features.29")
    assert names[layer] == special.get(arch, "net.encoder.layer4")


@pytest.mark.parametrize("method", list(explain.METHODS))
@pytest.mark.parametrize("training", [True, False])
def test_looking_leaves_no_trace(method: str, training: bool) -> None:
    torch.manual_seed(0)
    net = models.build("unet-smp", encoder="resnet18", channels=1, classes=2).train(training)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    image = torch.rand(1, 1, 45, 52)
    with torch.no_grad():
        target = int(net.eval()(image).argmax(1).flatten().mode().values)
    net.train(training)
    heat = explain.explain(net, image, target, method)
    assert heat.shape == (45, 52) and heat.min() >= 0 and heat.max() <= 1
    assert net.training == training
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert not any(module._forward_hooks or module._backward_hooks for module in net.modules())
    assert all(parameter.grad is None for parameter in net.parameters())
    assert not image.requires_grad and image.grad is None


def test_what_cannot_be_explained_is_said() -> None:
    mlp = models.build("mlp", channels=1, classes=2, size=28)
    image = torch.rand(1, 1, 28, 28)
    with pytest.raises(EngineError, match="no maps") as refusal:
        explain.grad_cam(mlp, image, 0)
    assert "saliency" in refusal.value.advice
    assert explain.saliency(mlp, image, 0).max() == 1
    with pytest.raises(EngineError, match="knows 2 classes"):
        explain.explain(mlp, image, 2, "saliency")
    with pytest.raises(EngineError, match="no explanation called lime"):
        explain.explain(mlp, image, 0, "lime")
    net = models.build("linknet", encoder="resnet18", channels=1, classes=2)
    net.net.segmentation_head[0].bias.data = torch.tensor([100.0, -100.0])  # type: ignore[union-attr,index]
    with pytest.raises(EngineError, match="marks no pixel"):
        explain.grad_cam(net, torch.rand(1, 1, 64, 64), 1)


def test_tokens_last_maps_are_not_misread() -> None:
    net = models.build("unet-smp", encoder="tu-swin_tiny_patch4_window7_224", channels=1)
    with pytest.raises(EngineError, match="no maps"):
        explain.map_layer(net, torch.rand(1, 1, 224, 224))

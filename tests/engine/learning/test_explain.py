"""Heat lies where the score comes from, attributions add up, and looking leaves no trace in the network."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine import catalog
from engine.errors import EngineError
from engine.learning import explain, models, sanity
from engine.learning.explain import Heat, ScoreTarget
from engine.learning.explanations import EXPLANATIONS
from engine.learning.nets.any_size import AnySize, Sides
from engine.learning.nets.mask_rcnn import MaskRCNN
from engine.progress import Progress, Work, result_of
from engine.project.objects import SURE


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


def heat_of(net: nn.Module, image: Tensor, target: int, method: str = "gradcam", **more: Any) -> Heat:
    return result_of(explain.explain(net, image, target, method, **more))


@pytest.mark.parametrize("method", list(EXPLANATIONS))
def test_heat_lies_on_the_spot(method: str) -> None:
    image = spot() + 0.01
    heat = heat_of(Brightness(), image, 1, method)
    assert heat.shape == (16, 16) and heat.dtype == "float32"
    inside = image[0, 0].numpy() > 0.5
    if method == "occlusion":  # squares that lie half on it blur its edge
        assert heat[5:7, 11:13].min() == pytest.approx(1) and heat[inside].min() > 0.5
        assert heat[:3].max() == heat[:, :9].max() == 0
    else:
        assert heat[inside].min() == pytest.approx(1) and heat[~inside].max() < 0.05


def test_the_other_class_looks_elsewhere() -> None:
    heat = heat_of(Brightness(), spot(), 0)
    inside = spot()[0, 0].numpy() > 0.5
    assert heat[inside].max() == 0 and heat[~inside].min() == pytest.approx(1)


class Polynomial(nn.Module):
    """Logits of x: the mean of w x^3, and of -x."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(side, side, generator=torch.Generator().manual_seed(1)))

    def forward(self, x: Tensor) -> Tensor:
        return torch.stack([(x**3 * self.weight).mean((1, 2, 3)), -x.mean((1, 2, 3))], 1)


def test_integrated_gradients_are_those_of_a_polynomial() -> None:
    """Of w x^3 from 0 to x, the integral of 3 w (ax)^2 over a, times x, is w x^3 itself."""
    net, image = Polynomial(6), torch.randn(1, 2, 6, 6, generator=torch.Generator().manual_seed(2))
    found = result_of(explain.attributions(net, image, ScoreTarget(0)))
    assert torch.allclose(found, (image**3 * net.weight)[0] / 72, atol=1e-6)


@pytest.mark.parametrize("arch", ["lenet5-tanh", "resnet18", "mlp"])
def test_integrated_gradients_add_up_to_what_the_score_gains(arch: str) -> None:
    """The axiom of completeness, in networks with kinks too."""
    torch.manual_seed(3)
    net, image = models.build(arch, channels=1, classes=3, size=32).eval(), torch.rand(1, 1, 32, 32)
    found = result_of(explain.attributions(net, image, ScoreTarget(1), steps=200))
    with torch.no_grad():
        gain = float((net(image) - net(torch.zeros_like(image)))[0, 1])
    assert float(found.sum()) == pytest.approx(gain, rel=0.01, abs=0.002)


class Linear(nn.Module):
    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight)

    def forward(self, x: Tensor) -> Tensor:
        return torch.stack([(x * self.weight).sum((1, 2, 3)), x.sum((1, 2, 3))], 1)


def test_occlusion_of_a_linear_network_is_weight_times_value() -> None:
    draw = torch.Generator().manual_seed(4)
    weight, image = torch.randn(5, 7, generator=draw), torch.randn(1, 1, 5, 7, generator=draw)
    product = (weight * image[0, 0]).detach()
    net = Linear(weight)
    assert torch.allclose(result_of(explain.score_drops(net, image, ScoreTarget(0), 1, 1)), product, atol=1e-5)
    # by hand: of two squares side by side, each pixel gets the sum over its own; the last stands at the edge
    drops = result_of(explain.score_drops(net, image, ScoreTarget(0), 5, 5))
    left, right = product[:, :5].sum(), product[:, 2:].sum()
    assert torch.allclose(drops[:, :2], left.expand(5, 2), atol=1e-4)
    assert torch.allclose(drops[:, 2:5], ((left + right) / 2).expand(5, 3), atol=1e-4)
    assert torch.allclose(drops[:, 5:], right.expand(5, 2), atol=1e-4)


class Gates(nn.Module):
    """relu(x) as a layer and as a function, one weighed -1; the maps are x itself."""

    def __init__(self, functions: bool) -> None:
        super().__init__()
        self.maps = nn.Conv2d(1, 1, 1, bias=False)
        nn.init.ones_(self.maps.weight)
        self.relu, self.functions = nn.ReLU(inplace=True), functions

    def forward(self, x: Tensor) -> Tensor:
        maps = self.maps(x)
        one = functional.relu(maps) if self.functions else self.relu(maps.clone())
        weights = torch.tensor([3.0, -2.0, 1.0, 5.0])
        return torch.stack([(one[:, 0, 0] * weights).sum(1), one.sum((1, 2, 3))], 1)


@pytest.mark.parametrize("functions", [True, False])
def test_guided_gradients_pass_where_both_are_positive(functions: bool) -> None:
    """By hand: slopes 3, -2, 1, 5 at values 1, 1, -1, 2 leave 3, 0, 0, 5; Grad-CAM's map is x times its mean slope (3 - 2 + 5) / 4."""
    net, image = Gates(functions), torch.tensor([[[[1.0, 1.0, -1.0, 2.0]]]])
    found = result_of(explain.guided_grad_cam(net, image, ScoreTarget(0)))
    assert found.flatten().tolist() == pytest.approx([3 * 1.5, 0, 0, 5 * 2 * 1.5])


@pytest.mark.parametrize("arch", ["resnet18", "vgg16", "efficientnet-lite0", "plain20"])
def test_every_relu_is_guided(arch: str) -> None:
    torch.manual_seed(5)
    options = {"units": 16} if arch == "vgg16" else {}
    net, image = models.build(arch, channels=1, classes=2, size=32, options=options).eval(), torch.rand(1, 1, 32, 32)
    with explain._GuidedReLUs() as guide:
        guided = explain.input_slopes(net, image, ScoreTarget(0))
    plain = explain.input_slopes(net, image, ScoreTarget(0))
    gates = sum(isinstance(module, nn.ReLU | nn.ReLU6) for module in net.modules())
    assert guide.count >= gates > 0 and not torch.allclose(guided, plain)


ORACLES = {"gradcam": "LayerGradCam", "saliency": "Saliency", "integrated": "IntegratedGradients"}


@pytest.mark.parametrize("method", [*ORACLES, "guided", "occlusion"])
def test_captum_finds_the_same(method: str) -> None:
    """An independent implementation, of a network with skips."""
    import captum.attr as captum

    torch.manual_seed(6)
    net, image = models.build("resnet20", channels=1, classes=2, size=32).eval(), torch.rand(1, 1, 32, 32)
    for module in net.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = False
    if method == "occlusion":
        ours = result_of(explain.score_drops(net, image, ScoreTarget(1), 8, 8))
        windows = {"sliding_window_shapes": (1, 8, 8), "strides": (1, 8, 8)}
        theirs = captum.Occlusion(net).attribute(image.clone().requires_grad_(), target=1, **windows)[0, 0]
    elif method == "integrated":
        ours = result_of(explain.attributions(net, image, ScoreTarget(1)))[0]
        theirs = captum.IntegratedGradients(net).attribute(image.clone().requires_grad_(), target=1, n_steps=24)[0, 0]
    elif method == "saliency":
        ours = result_of(explain.saliency(net, image, ScoreTarget(1)))
        theirs = captum.Saliency(net).attribute(image.clone().requires_grad_(), target=1)[0, 0]
    else:
        layer = explain.map_layer(net, image)
        cam = captum.LayerGradCam(net, layer).attribute(
            image.clone().requires_grad_(), target=1, relu_attributions=True
        )
        theirs = functional.interpolate(cam.detach(), (32, 32), mode="bilinear")[0, 0]
        ours = result_of(explain.grad_cam(net, image, ScoreTarget(1)))
        if method == "guided":
            ours = result_of(explain.guided_grad_cam(net, image, ScoreTarget(1)))
            theirs = theirs * _guided_by_captum(net, image)
    expected = theirs.detach().numpy()
    scale = np.abs(expected).max()
    assert scale > 0 and np.allclose(ours.detach().numpy(), expected, atol=1e-4 * scale)


def _guided_by_captum(net: nn.Module, image: Tensor) -> Tensor:
    import warnings

    import captum.attr as captum

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it sets hooks
        found: Tensor = captum.GuidedBackprop(net).attribute(image.clone().requires_grad_(), target=1)[0, 0]
    return found.abs()


class Mask(nn.Module):
    """Class 1 where it is bright."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False))
        nn.init.ones_(self.encoder[0].weight)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        bright = self.encoder(x)
        return torch.cat([0.5 - bright, bright - 0.5], 1)


def test_grad_cam_of_a_mask_explains_the_pixels_of_the_class() -> None:
    heat = heat_of(AnySize(Mask(), Sides(32, 32)), spot(), 1)
    assert heat.shape == (16, 16)
    assert heat[5, 11] == pytest.approx(1) and heat[0, 0] == 0 and heat[12, 4] == 0


@pytest.mark.parametrize("method", ["saliency", "integrated", "occlusion"])
def test_one_place_of_a_mask_is_explained_by_what_lies_there(method: str) -> None:
    net, image = AnySize(Mask(), Sides(32, 32)), spot()
    image[..., 12, 3] = 1
    heat = heat_of(net, image, 1, method, at=(12, 3))
    assert heat[12, 3] == 1 and heat[5, 11] == 0
    assert heat_of(net, image, 1, method)[5, 11] > 0, "without a place, all that is marked"
    assert heat_of(net, spot(), 1, "saliency", at=(0, 0))[0, 0] == 1, "also where another class is marked"


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


def test_a_pooled_map_that_is_gone_takes_no_other_map_along() -> None:
    """The memory of a pooled map goes to maps that are made after it, and its id with it."""
    one = [nn.Conv2d(1, 1, 3, padding=1), nn.MaxPool2d(1)]
    net = nn.Sequential(*(layer for _ in range(50) for layer in one), nn.Conv2d(1, 1, 3, padding=1))
    made = explain._maps(net, net, torch.zeros(1, 1, 32, 32))
    assert [layer for layer, _ in made] == [layer for layer in net.modules() if isinstance(layer, nn.Conv2d)] + [net]


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


# Objects ------------------------------------------------------------------------------------------------------------------

Discs = tuple[Tensor, Tensor]
ON_FIRST, ON_SECOND = (30, 25), (40, 60)


@pytest.mark.parametrize("method", list(EXPLANATIONS))
@pytest.mark.parametrize(("target", "at"), [(1, ON_FIRST), (2, ON_SECOND), (1, None)])
def test_an_object_is_explained_by_what_lies_there(
    finder: MaskRCNN, discs: Discs, method: str, target: int, at: tuple[int, int] | None
) -> None:
    heat = heat_of(finder, discs[0][:1], target, method, at=at)
    assert heat.shape == (70, 90) and heat.max() == 1
    parts = [float(heat[discs[1][0].numpy() % 256 == value].sum() / heat.sum()) for value in (1, 2)]
    assert parts[target - 1] > 2 * parts[2 - target] and parts[target - 1] > 0.15, "on 7 and 4 % of the pixels"
    assert not any(module._forward_hooks for module in finder.modules())


def test_of_objects_the_surest_at_the_place_is_explained_or_all_that_it_is_sure_of(
    finder: MaskRCNN, discs: Discs
) -> None:
    image = discs[0][:1]
    with torch.no_grad():
        (found,) = finder(image)
        here, all_ = (explain.score_target(finder, image, 1, at) for at in (ON_FIRST, None))
        sure = found["scores"][found["labels"] == 1]
        assert here.regions is not None and all_.regions is not None
        assert len(here.regions) == 1 and len(all_.regions) == int((sure >= SURE).sum())
        logits = finder.region_logits(image, here.regions)
        torch.testing.assert_close(logits.softmax(-1)[0, 0, 1], sure[0])
        assert float(here.score(finder, image)) == float(logits[0, 0, 1])


def test_integrated_gradients_of_an_object_add_up(finder: MaskRCNN, discs: Discs) -> None:
    """Its region stays where it is, so that the score is one function all the way."""
    image = discs[0][:1]
    scored = explain.score_target(finder, image, 1, ON_FIRST)
    with torch.no_grad():
        gained = float(scored.score(finder, image) - scored.score(finder, image * 0))
    found = result_of(explain.attributions(finder, image, scored, steps=64))
    assert float(found.detach().sum()) == pytest.approx(gained, rel=0.02)


@pytest.mark.parametrize("arch", ["mask-rcnn", "mask-rcnn-light"])
def test_objects_are_explained_in_the_pyramid(arch: str) -> None:
    torch.manual_seed(0)
    encoder = "resnet18" if catalog.find(arch).encoders else ""
    net = models.build(arch, encoder=encoder, channels=1, classes=3, options={"anchors": "8,16,32,64,128"}).eval()
    image = torch.rand(1, 1, 130, 150)  # filled up to 160 x 160
    assert explain.map_layer(net, image) is net.backbone
    scored = ScoreTarget(1, regions=torch.tensor([[20.0, 60.0, 40.0, 80.0]]))
    heat = result_of(explain.explain_target(net, image, scored, "gradcam"))
    assert heat.shape == (130, 150)
    seen = np.zeros_like(heat, dtype=bool)
    seen[54:87, 14:47] = True
    assert heat[seen].max() == 1 and not heat[~seen].any(), "nowhere but in its region, which the finest maps tell"


def test_where_no_object_is_found_it_is_said(finder: MaskRCNN, discs: Discs) -> None:
    image = discs[0][:1]
    with pytest.raises(EngineError, match="no object of that class at this place"):
        explain.score_target(finder, image, 1, ON_SECOND)
    with pytest.raises(EngineError, match="no object at this place"):
        explain.score_target(finder, image, 0, (2, 88))
    with pytest.raises(EngineError, match="no object of that class in this image"):
        explain.score_target(finder, image, 3)
    blind = deepcopy(finder)
    blind.get_parameter("roi_heads.box_predictor.cls_score.bias").data[0] = 100
    with pytest.raises(EngineError, match="no object of that class in this image"):
        explain.score_target(blind, image, 1)


def test_maps_of_an_object_are_compared_within_its_region(finder: MaskRCNN, discs: Discs) -> None:
    """Beyond it every network's map is cold, since all are asked about the same region."""
    image = discs[0][:1]
    scored = explain.score_target(finder, image, 1, ON_FIRST)
    heat = result_of(explain.explain_target(finder, image, scored, "gradcam"))
    correlation = result_of(sanity.check_map(finder, image, scored, "gradcam", heat))
    assert correlation is not None and abs(correlation) < 0.6
    other = result_of(explain.explain_target(sanity.shuffled(finder, 0), image, scored, "gradcam"))
    whole = sanity.rank_correlation(heat, other)
    assert whole is not None and whole > 0.6


class Local(nn.Module):
    """A mask by two layers of random 3x3 filters: each of its pixels sees 5x5 px of the image."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.Tanh(), nn.Conv2d(8, 2, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.maps(x)
        return result


@pytest.mark.parametrize("method", ["saliency", "integrated"])
def test_maps_of_one_place_are_compared_where_it_sees(method: str) -> None:
    """Beyond the 5x5 px around it every network's map is cold, which is no likeness."""
    torch.manual_seed(3)
    net, image = Local(), torch.rand(1, 1, 32, 32)
    scored = explain.score_target(net, image, 1, (16, 16))
    heat = result_of(explain.explain_target(net, image, scored, method))
    correlation = result_of(sanity.check_map(net, image, scored, method, heat))
    assert correlation is not None and abs(correlation) < 0.6
    other = result_of(explain.explain_target(sanity.shuffled(net, 0), image, scored, method))
    whole = sanity.rank_correlation(heat, other)
    assert whole is not None and whole > 0.6


@pytest.mark.parametrize("method", list(EXPLANATIONS))
@pytest.mark.parametrize("training", [True, False])
def test_looking_leaves_no_trace(method: str, training: bool) -> None:
    torch.manual_seed(0)
    net = models.build("unet-smp", encoder="resnet18", channels=1, classes=2).train(training)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    image = torch.rand(1, 1, 45, 52)
    with torch.no_grad():
        target = int(net.eval()(image).argmax(1).flatten().mode().values)
    net.train(training)
    heat = heat_of(net, image, target, method)
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
        heat_of(mlp, image, 0)
    assert "saliency" in refusal.value.advice
    assert heat_of(mlp, image, 0, "saliency").max() == 1
    with pytest.raises(EngineError, match="knows 2 classes"):
        heat_of(mlp, image, 2, "saliency")
    with pytest.raises(EngineError, match="no explanation called lime"):
        heat_of(mlp, image, 0, "lime")
    smooth = models.build("lenet5-tanh", channels=1, classes=2)
    with pytest.raises(EngineError, match="no ReLU"):
        heat_of(smooth, torch.rand(1, 1, 32, 32), 0, "guided")
    net = models.build("linknet", encoder="resnet18", channels=1, classes=2)
    net.net.segmentation_head[0].bias.data = torch.tensor([100.0, -100.0])  # type: ignore[union-attr,index]
    with pytest.raises(EngineError, match="marks no pixel"):
        heat_of(net, torch.rand(1, 1, 64, 64), 1)


def test_tokens_last_maps_are_not_misread() -> None:
    net = models.build("unet-smp", encoder="tu-swin_tiny_patch4_window7_224", channels=1)
    with pytest.raises(EngineError, match="no maps"):
        explain.map_layer(net, torch.rand(1, 1, 224, 224))


@pytest.mark.parametrize(("method", "learnt"), [("gradcam", True), ("occlusion", True), ("edges", False)])
def test_a_map_that_ignores_the_weights_is_found_out(
    method: str, learnt: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Adebayo's check: a bright spot is found by the weights of two classes, which shuffling may exchange; edges stay, whatever was learnt."""

    def edges(net: nn.Module, image: Tensor, scored: ScoreTarget) -> Work[Tensor]:
        yield Progress(0, 1)
        return image[0, 0].diff(dim=0, append=image[0, 0, -1:]).abs()

    monkeypatch.setitem(explain._METHODS, "edges", edges)
    monkeypatch.setitem(explain._TOP, "edges", 100.0)
    torch.manual_seed(7)
    net, image = Spots(), torch.rand(1, 1, 24, 24, generator=torch.Generator().manual_seed(8))
    scored = explain.score_target(net, image, 1)
    heat = result_of(explain.explain_target(net, image, scored, method))
    before = {name: value.clone() for name, value in net.state_dict().items()}
    found = result_of(sanity.check_map(net, image, scored, method, heat))
    assert found is not None and (found < 0.6 if learnt else found == pytest.approx(1))
    assert ("another one" in sanity.verdict(found).text or "a part" in sanity.verdict(found).text) == learnt
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


class Spots(nn.Module):
    """Eight random filters, weighed by random numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.ReLU())
        self.output = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.output(self.maps(x).mean((2, 3)))
        return result


@pytest.mark.parametrize(
    ("correlation", "word"),
    [
        (0.05, "another one"),
        (-0.4, "a part"),
        (0.45, "a part"),
        (0.8, "much the same"),
        (-0.9, "much the same"),
        (None, "no map"),
    ],
)
def test_a_check_says_no_more_than_it_found(correlation: float | None, word: str) -> None:
    said = sanity.verdict(correlation).text
    assert word in said and (correlation is None or f"{correlation:.2f}" in said)


def test_shuffling_keeps_every_value() -> None:
    net = Spots()
    other: Any = sanity.shuffled(net, 0)
    for mine, theirs in zip(net.parameters(), other.parameters(), strict=True):
        assert torch.equal(mine.flatten().sort().values, theirs.flatten().sort().values)
    assert not torch.equal(net.output.weight, other.output.weight)


def test_ranks_are_compared_not_values() -> None:
    rising = np.linspace(0, 1, 16, dtype=np.float32).reshape(4, 4)
    assert sanity.rank_correlation(rising, rising**5) == pytest.approx(1)
    assert sanity.rank_correlation(rising, 1 - rising) == pytest.approx(-1)
    assert sanity.rank_correlation(rising, np.zeros_like(rising)) is None

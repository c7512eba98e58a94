"""Where a network looked, as heat maps of the image: Grad-CAM plain and guided, saliency, integrated gradients, occlusion."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from engine.errors import EngineError
from engine.learning.detection import silhouettes
from engine.learning.explanations import EXPLANATIONS
from engine.learning.nets.any_size import AnySize, OverlapTile
from engine.learning.nets.fcn import FCN, MARGIN
from engine.learning.nets.mask_rcnn import MULTIPLE, MaskRCNN
from engine.learning.nets.unet import DEEPEST_MARGIN, UNet
from engine.learning.weights import encoder_of
from engine.progress import Progress, Work
from engine.project.objects import SURE
from engine.words import translatable

Heat = NDArray[np.float32]
"""float32 (h, w), 0 (no part in it) to 1 (the most)."""

LEAST_MAP = 4
"""Below this many px a side, a map says hardly where: an earlier layer is taken."""

_POOLING = (
    nn.modules.pooling._MaxPoolNd,
    nn.modules.pooling._AvgPoolNd,
    nn.modules.pooling._AdaptiveAvgPoolNd,
    nn.modules.pooling._AdaptiveMaxPoolNd,
)
_PASSING_ON = (nn.modules.dropout._DropoutNd, nn.Identity)
_STEPS = 24
_AT_ONCE = 8 * 224 * 224
"""Pixels of one pass with gradients."""

_COVERS = 8  # as long as an image's side


@dataclass(frozen=True, eq=False)
class ScoreTarget:
    """What is explained: the logit of class `index`, of a mask summed over the pixels `where` (h, w) bool, of objects over the `regions`
    (k, 4) in which they were found. These stay where they are: whether an object is found has no gradient, how sure its class is has one."""

    index: int
    where: Tensor | None = None
    regions: Tensor | None = None

    def score(self, net: nn.Module, images: Tensor) -> Tensor:
        """A value (n,) for each of the images (n, c, h, w)."""
        if self.regions is not None:
            assert isinstance(net, MaskRCNN)
            return net.region_logits(images, self.regions)[..., self.index].sum(1)
        chosen: Tensor = net(images)[:, self.index]
        return chosen if self.where is None else (chosen * self.where).flatten(1).sum(1)


def explain(
    net: nn.Module, image: Tensor, target: int, method: str = "gradcam", at: tuple[int, int] | None = None
) -> Work[Heat]:
    """The heat map of class `target` for one image (1, channels, h, w), prepared as for prediction and on the network's device.

    Classification explains the class's logit; segmentation the sum of the class's logits over the pixels predicted as
    that class, or the logit at one pixel, `at` (row, column); a network that finds objects the sum over those it is sure of, or the surest
    of the class whose mask covers `at`. The network is left as it was. EngineError where the method does not suit the network.
    """
    check_method(method)
    return (yield from explain_target(net, image, score_target(net, image, target, at), method))


def check_method(method: str) -> None:
    """EngineError where there is no such explanation."""
    if method not in EXPLANATIONS:
        raise EngineError(
            translatable("There is no explanation called {name}."),
            translatable("Choose one of: {choices}."),
            name=method,
            choices=", ".join(EXPLANATIONS),
        )


def explain_target(net: nn.Module, image: Tensor, scored: ScoreTarget, method: str) -> Work[Heat]:
    """`explain` of what another network with the same outputs was aimed at."""
    yield Progress(0, 0, "")
    with evaluating(net):
        found = yield from _METHODS[method](net, image, scored)
    return _to_heat(found, _TOP[method])


def score_target(net: nn.Module, image: Tensor, target: int, at: tuple[int, int] | None = None) -> ScoreTarget:
    """What `explain` explains. EngineError where there is no such class, or a mask has no pixel of it, or no object is one."""
    if isinstance(net, MaskRCNN):
        return _object_target(net, image, target, at)
    with evaluating(net), torch.no_grad():
        logits: Tensor = net(image)
    if not 0 <= target < logits.shape[1]:
        raise EngineError(
            translatable("The network knows {count} classes, not a class number {index}."),
            translatable("Choose one of its classes."),
            count=logits.shape[1],
            index=target,
        )
    if logits.ndim == 2:
        return ScoreTarget(target)
    if at is not None:
        where = torch.zeros(logits.shape[-2:], dtype=torch.bool, device=logits.device)
        where[at] = True
        return ScoreTarget(target, where)
    where = logits[0].argmax(0) == target
    if not where.any():
        raise EngineError(
            translatable("The network marks no pixel of this image as that class, so there is nothing to explain."),
            translatable("Choose a class that it found, or another image."),
        )
    return ScoreTarget(target, where)


def _object_target(net: MaskRCNN, image: Tensor, target: int, at: tuple[int, int] | None) -> ScoreTarget:
    with evaluating(net), torch.no_grad():
        found, regions = net.objects_and_regions(image)
    of_class = torch.nonzero(found["labels"] == target).flatten().tolist()  # the surest first
    if at is None:
        chosen = [one for one in of_class if found["scores"][one] >= SURE]
        refusal = translatable(
            "The network finds no object of that class in this image, so there is nothing to explain."
        )
    else:
        size = (image.shape[-2], image.shape[-1])
        chosen = [one for one in of_class if _covers(found, one, at, size)][:1]
        refusal = translatable(
            "The network finds no object of that class at this place, so there is nothing to explain."
        )
        if not target:
            refusal = translatable("The network finds no object at this place, so there is nothing to explain.")
    if not chosen:
        raise EngineError(
            refusal, translatable("Choose what it has found: a place in it, its class, or another image.")
        )
    return ScoreTarget(target, regions=regions[chosen])


def _covers(found: dict[str, Tensor], one: int, at: tuple[int, int], size: tuple[int, int]) -> bool:
    """Whether the object's mask covers that pixel of an image of `size` (h, w)."""
    alone = {name: part[one : one + 1].cpu() for name, part in found.items()}
    row, column = at
    return any(shape.within(row, column, row + 1, column + 1).any() for shape in silhouettes(alone, (0, 0), size, size))


# The methods -------------------------------------------------------------------------------------------------------------


def grad_cam(net: nn.Module, image: Tensor, scored: ScoreTarget, layer: nn.Module | None = None) -> Work[Tensor]:
    """Gradient-weighted class activation map (h, w) >= 0, from `layer` or else from what `map_layer` finds. Of objects each place of the maps
    has the weight of its own gradients: their mean over a whole map says nothing of where one object lies.

    Source: Selvaraju and others, "Grad-CAM: visual explanations from deep networks via gradient-based localization", 2017; for masks:
    Vinogradova and others, "Towards interpretable semantic segmentation via gradient-weighted class activation mapping", 2020; for objects:
    Zhao and Chan, "ODAM: gradient-based instance-specific visual explanations for object detection", 2023.
    """
    yield Progress(0, 1)
    layer = layer or map_layer(net, image)
    kept: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: object, made: Any) -> Any:
        if isinstance(made, dict):
            kept[:] = made.values()
            return None
        kept[:] = [made]  # of a layer that is used again, the last
        return made.clone()  # what follows may write into it

    hook = layer.register_forward_hook(keep)
    try:
        with torch.enable_grad():
            score = scored.score(net, image.detach().clone().requires_grad_()).sum()
    finally:
        hook.remove()
    height, width = image.shape[-2:]
    whole, margin = _reach(net, height, width)
    fine = torch.zeros(1, 1, *whole, device=image.device)
    for map_, slopes in zip(kept, torch.autograd.grad(score, kept, allow_unused=True), strict=True):
        if slopes is None:  # a map in which no object was found
            continue
        weights = slopes if scored.regions is not None else slopes.mean((2, 3), keepdim=True)
        coarse = (weights * map_).sum(1, keepdim=True).detach().clamp(min=0).float()
        fine += functional.interpolate(coarse, whole, mode="bilinear", align_corners=False)
    return fine[0, 0, margin : margin + height, margin : margin + width]


def _reach(net: nn.Module, height: int, width: int) -> tuple[tuple[int, int], int]:
    """What the network's maps cover, in px of an image of height x width: their size, and how far they begin before it."""
    if isinstance(net, MaskRCNN):
        return (height + -height % MULTIPLE, width + -width % MULTIPLE), 0
    if not isinstance(net, AnySize):
        return (height, width), 0
    margin = MARGIN if isinstance(net.net, FCN) else DEEPEST_MARGIN if isinstance(net, OverlapTile) else 0
    return (net.padded(height) + 2 * margin, net.padded(width) + 2 * margin), margin


def guided_grad_cam(net: nn.Module, image: Tensor, scored: ScoreTarget) -> Work[Tensor]:
    """Grad-CAM (h, w) times guided backpropagation: gradients that pass no ReLU where they, or what it was given, are negative.

    Source: Springenberg and others, "Striving for simplicity: the all convolutional net", 2015; Selvaraju and others, 2017.
    """
    with _GuidedReLUs() as guide:
        slopes = input_slopes(net, image, scored)
    if not guide.count:
        raise EngineError(
            translatable("This network has no ReLU through which gradients could be guided."),
            translatable("Choose the method gradcam or saliency."),
        )
    coarse = yield from grad_cam(net, image, scored)
    return slopes[0].abs().amax(0) * coarse


class _GuidedReLU(torch.autograd.Function):
    """A ReLU, capped at `top`, whose gradient passes where both it and the input are positive."""

    @staticmethod
    def forward(ctx: Any, given: Tensor, top: float) -> Tensor:
        ctx.save_for_backward((given > 0) & (given < top))
        return given.clamp(0, top)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slopes: Tensor) -> tuple[Tensor, None]:
        (open_at,) = ctx.saved_tensors
        return slopes.clamp(min=0) * open_at, None


class _GuidedReLUs(TorchFunctionMode):
    """Guides every ReLU that runs meanwhile, layers and functions alike; `count` of them."""

    count = 0

    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        name, more = getattr(func, "__name__", ""), kwargs or {}
        ends = more.get("min_val"), more.get("max_val")
        if name in ("relu", "relu_") or (name == "hardtanh" and ends == (0, 6)):  # the latter is ReLU6
            self.count += 1
            return _GuidedReLU.apply(args[0], 6.0 if name == "hardtanh" else torch.inf)
        return func(*args, **more)


def saliency(net: nn.Module, image: Tensor, scored: ScoreTarget) -> Work[Tensor]:
    """How strongly each pixel moves the score (h, w): the largest gradient over the channels, without its sign. Suits every network.

    Source: Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks", 2014.
    """
    yield Progress(0, 1)
    return input_slopes(net, image, scored)[0].abs().amax(0)


def input_slopes(net: nn.Module, images: Tensor, scored: ScoreTarget) -> Tensor:
    """The gradient of the score by each image (n, c, h, w)."""
    with torch.enable_grad():
        images = images.detach().clone().requires_grad_()
        (found,) = torch.autograd.grad(scored.score(net, images).sum(), images)
    return found


def integrated_gradients(net: nn.Module, image: Tensor, scored: ScoreTarget) -> Work[Tensor]:
    """What each pixel adds to the score (h, w), without its sign; `attributions` keeps it."""
    found = yield from attributions(net, image, scored)
    return found.sum(0).abs()


def attributions(net: nn.Module, image: Tensor, scored: ScoreTarget, steps: int = _STEPS) -> Work[Tensor]:
    """Integrated gradients (c, h, w): gradients averaged on the way from the training set's mean image (0) to this one, times the
    difference. They add up to what the score gains on the way, but for the error of a sum of `steps` for the integral (Gauss-Legendre).

    Source: Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", 2017.
    """
    points, weights = np.polynomial.legendre.leggauss(steps)
    together = max(1, _AT_ONCE // image[0, 0].numel())
    total = torch.zeros_like(image[0])
    for start in range(0, steps, together):
        yield Progress(start, steps)
        some = slice(start, start + together)
        way, share = (
            torch.as_tensor(values, dtype=image.dtype, device=image.device).view(-1, 1, 1, 1)
            for values in ((points[some] + 1) / 2, weights[some] / 2)
        )
        total += (input_slopes(net, image * way, scored) * share).sum(0)
    return total * image[0].detach()


def occlusion(net: nn.Module, image: Tensor, scored: ScoreTarget) -> Work[Tensor]:
    """How far the score falls (h, w), at least 0, where squares an eighth of the longer side are covered."""
    side = max(1, round(max(image.shape[-2:]) / _COVERS))
    found = yield from score_drops(net, image, scored, side, max(1, side // 2))
    return found.clamp(min=0)


def score_drops(net: nn.Module, image: Tensor, scored: ScoreTarget, side: int, stride: int) -> Work[Tensor]:
    """By how much the score falls (h, w) when a square of `side` px is covered with the training set's mean (0): the mean over all squares
    that cover a pixel. They stand `stride` px apart, the last at the edge.

    Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014.
    """
    height, width = image.shape[-2:]
    tops, lefts = (sorted({*range(0, max(long - side, 0), stride), max(long - side, 0)}) for long in (height, width))
    places = [(top, left) for top in tops for left in lefts]
    together = max(1, 2 * _AT_ONCE // image[0, 0].numel())
    drops, covered = (torch.zeros(height, width, device=image.device) for _ in range(2))
    with torch.no_grad():
        whole = scored.score(net, image)[0]
    for start in range(0, len(places), together):
        yield Progress(start, len(places))
        some = places[start : start + together]
        batch = image.detach().repeat(len(some), 1, 1, 1)
        for one, (top, left) in zip(batch, some, strict=True):
            one[:, top : top + side, left : left + side] = 0
        with torch.no_grad():
            falls = whole - scored.score(net, batch)
        for fall, (top, left) in zip(falls, some, strict=True):
            drops[top : top + side, left : left + side] += fall
            covered[top : top + side, left : left + side] += 1
    return drops / covered.clamp(min=1)


_METHODS: dict[str, Callable[[nn.Module, Tensor, ScoreTarget], Work[Tensor]]] = {
    "gradcam": grad_cam,
    "guided": guided_grad_cam,
    "saliency": saliency,
    "integrated": integrated_gradients,
    "occlusion": occlusion,
}
_TOP = {"gradcam": 100.0, "guided": 99.5, "saliency": 99.5, "integrated": 99.5, "occlusion": 100.0}
"""The percentile that is the most: single pixels must not outshine all others."""


# Where Grad-CAM looks ------------------------------------------------------------------------------------------------------


def map_layer(net: nn.Module, image: Tensor) -> nn.Module:
    """The layer for Grad-CAM: the last that makes maps of at least LEAST_MAP px a side, in a mask network within its encoder. Of a network
    that finds objects the pyramid, whose maps they are read from, small ones from large maps.

    Pooled copies of a map do not count. EngineError where the network makes no maps, as an MLP.
    """
    if isinstance(net, MaskRCNN):
        return net.backbone
    channels_first = not getattr(encoder_of(net), "_is_channel_last", False)
    found = _maps(net, _map_maker(net), image) if channels_first else []
    if not found:
        raise EngineError(
            translatable("This network has no maps in which Grad-CAM could look."),
            translatable("Choose the method saliency, which suits every network."),
        )
    large = [layer for layer, side in found if side >= LEAST_MAP]
    return large[-1] if large else max(found, key=lambda pair: pair[1])[0]


def _map_maker(net: nn.Module) -> nn.Module:
    """The part whose last maps are looked into: for masks the encoder, since a decoder's last maps are the mask itself."""
    inner = net.net if isinstance(net, AnySize) else net
    if isinstance(inner, UNet):
        return inner.down
    encoder = encoder_of(net)
    if encoder is None:
        own = ("features", "backbone")  # of SegNet and FCN; a classifier's own are its last maps anyway
        return next((getattr(inner, name) for name in own if isinstance(net, AnySize) and hasattr(inner, name)), inner)
    if hasattr(
        encoder, "has_prefix_tokens"
    ):  # a vision transformer has tokens; DPT's decoder first turns them into maps
        return inner.get_submodule("decoder.reassemble_blocks")
    return encoder


def _maps(net: nn.Module, within: nn.Module, image: Tensor) -> list[tuple[nn.Module, int]]:
    """Modules of `within` that give maps, in the order in which they last finish, with the maps' shorter side."""
    seen: dict[nn.Module, Tensor] = {}
    pooled: list[Tensor] = []  # kept, not only their ids: another map would take the id of one let go

    def note(module: nn.Module, _: object, output: object) -> None:
        if not isinstance(output, Tensor) or isinstance(module, _PASSING_ON):
            return
        if isinstance(module, _POOLING):
            pooled.append(output)  # a container that ends in it hands on this very tensor
        seen.pop(module, None)  # used again, as ResNet's ReLUs are: its last output is what Grad-CAM will see
        seen[module] = output

    # inside a residual block a map lacks what skips past it, so only whole stages count
    watched = within.children() if hasattr(within, "layer1") else within.modules()
    if isinstance(blocks := getattr(within, "blocks", None), nn.Sequential):
        watched = iter([*blocks, *within.children()])
    hooks = [module.register_forward_hook(note) for module in watched]
    try:
        with evaluating(net), torch.no_grad():
            net(image)
    finally:
        for hook in hooks:
            hook.remove()
    return [
        (module, min(output.shape[-2:]))
        for module, output in seen.items()
        if output.ndim == 4 and not any(output is map_ for map_ in pooled)
    ]


@contextmanager
def evaluating(net: nn.Module) -> Iterator[None]:
    """The network in evaluation mode, as it was afterwards."""
    training = net.training
    net.eval()
    try:
        yield
    finally:
        net.train(training)


def _to_heat(values: Tensor, percentile: float) -> Heat:
    """Scaled so that the percentile is 1; all 0 where nothing speaks for the class."""
    heat = values.detach().float().cpu().numpy()
    top = float(np.percentile(heat, percentile))
    top = top if top > 0 else float(heat.max())
    if top <= 0:
        return np.zeros_like(heat)
    scaled: Heat = np.clip(heat / top, 0, 1).astype(np.float32)
    return scaled

"""Where a network looked: Grad-CAM, saliency and integrated gradients as heat maps of the image."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engine.errors import EngineError
from engine.learning.nets.any_size import AnySize, OverlapTile
from engine.learning.nets.fcn import FCN, MARGIN
from engine.learning.nets.unet import DEEPEST_MARGIN, UNet
from engine.learning.weights import encoder_of
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
_STEPS_AT_ONCE = 8


@dataclass(frozen=True)
class Method:
    """One way to explain. `run(net, image (1, c, h, w), class index)` gives the heat map."""

    title: str
    help: str
    run: Callable[[nn.Module, Tensor, int], Heat]


def explain(net: nn.Module, image: Tensor, target: int, method: str = "gradcam") -> Heat:
    """The heat map of class `target` for one image (1, channels, h, w), prepared as for prediction and on the network's device.

    Classification explains the class's logit; segmentation the sum of the class's logits over the pixels predicted as
    that class. The network is left as it was. EngineError where the method does not suit the network.
    """
    if method not in METHODS:
        raise EngineError(
            translatable("There is no explanation called {name}."),
            translatable("Choose one of: {choices}."),
            name=method,
            choices=", ".join(METHODS),
        )
    return METHODS[method].run(net, image, target)


def grad_cam(net: nn.Module, image: Tensor, target: int, layer: nn.Module | None = None) -> Heat:
    """Gradient-weighted class activation map, from `layer` or else from what `map_layer` finds.

    Source: Selvaraju and others, "Grad-CAM: visual explanations from deep networks via gradient-based localization", 2017; for masks:
    Vinogradova and others, "Towards interpretable semantic segmentation via gradient-weighted class activation mapping", 2020.
    """
    from captum.attr import LayerGradCam

    layer = layer or map_layer(net, image)
    with _ready(net, image) as batch:
        coarse: Tensor = LayerGradCam(_score(net, batch, target), layer).attribute(batch, relu_attributions=True)
    height, width = image.shape[-2:]
    whole, margin = _reach(net, height, width)
    fine = functional.interpolate(coarse.detach().float(), whole, mode="bilinear", align_corners=False)
    return _to_heat(fine[0, 0, margin : margin + height, margin : margin + width], 100.0)


def _reach(net: nn.Module, height: int, width: int) -> tuple[tuple[int, int], int]:
    """What the network's maps cover, in px of an image of height x width: their size, and how far they begin before it."""
    if not isinstance(net, AnySize):
        return (height, width), 0
    margin = MARGIN if isinstance(net.net, FCN) else DEEPEST_MARGIN if isinstance(net, OverlapTile) else 0
    return (net.padded(height) + 2 * margin, net.padded(width) + 2 * margin), margin


def saliency(net: nn.Module, image: Tensor, target: int) -> Heat:
    """How strongly each pixel moves the score: the largest gradient over the channels, without its sign. Suits every network."""
    from captum.attr import Saliency

    with _ready(net, image) as batch:
        found: Tensor = Saliency(_score(net, batch, target)).attribute(batch, abs=True)
    return _to_heat(found[0].amax(0), 99.5)


def integrated_gradients(net: nn.Module, image: Tensor, target: int) -> Heat:
    """Gradients summed on the way from the training set's mean image to this one, times the difference. Slow, and suits every network.

    Source: Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", 2017.
    """
    from captum.attr import IntegratedGradients

    with _ready(net, image) as batch:
        way = IntegratedGradients(_score(net, batch, target))
        found: Tensor = way.attribute(batch, n_steps=_STEPS, internal_batch_size=_STEPS_AT_ONCE)
    return _to_heat(found[0].sum(0).abs(), 99.5)


METHODS: dict[str, Method] = {
    "gradcam": Method(
        "Grad-CAM",
        translatable("The parts of the last maps that speak for the class: smooth, and the usual choice."),
        grad_cam,
    ),
    "saliency": Method(
        translatable("Saliency"),
        translatable("The pixels that would change the answer most: quick, and noisy."),
        saliency,
    ),
    "integrated": Method(
        translatable("Integrated gradients"),
        translatable("What each pixel adds, compared with an average image: slower, less noisy."),
        integrated_gradients,
    ),
}


def map_layer(net: nn.Module, image: Tensor) -> nn.Module:
    """The layer for Grad-CAM: the last that makes maps of at least LEAST_MAP px a side, in a mask network within its encoder.

    Pooled copies of a map do not count. EngineError where the network makes no maps, as an MLP.
    """
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
    pooled: set[int] = set()

    def note(module: nn.Module, _: object, output: object) -> None:
        if not isinstance(output, Tensor) or isinstance(module, _PASSING_ON):
            return
        if isinstance(module, _POOLING):
            pooled.add(id(output))  # a container that ends in it hands on this very tensor
        seen.pop(module, None)  # used again, as ResNet's ReLUs are: its last output is what Grad-CAM will see
        seen[module] = output

    # inside a residual block a map lacks what skips past it, so only whole stages count
    watched = within.children() if hasattr(within, "layer1") else within.modules()
    if isinstance(blocks := getattr(within, "blocks", None), nn.Sequential):
        watched = iter([*blocks, *within.children()])
    hooks = [module.register_forward_hook(note) for module in watched]
    try:
        with _ready(net, image) as batch, torch.no_grad():
            net(batch)
    finally:
        for hook in hooks:
            hook.remove()
    return [
        (module, min(output.shape[-2:]))
        for module, output in seen.items()
        if output.ndim == 4 and id(output) not in pooled
    ]


def _score(net: nn.Module, image: Tensor, target: int) -> Callable[[Tensor], Tensor]:
    """What is explained, a value an image: the class's logit, for masks summed over the pixels of `image` predicted as the class."""
    with torch.no_grad():
        logits: Tensor = net(image)
    if not 0 <= target < logits.shape[1]:
        raise EngineError(
            translatable("The network knows {count} classes, not a class number {index}."),
            translatable("Choose one of its classes."),
            count=logits.shape[1],
            index=target,
        )
    if logits.ndim == 2:
        return lambda batch: net(batch)[:, target]
    where = logits.argmax(1) == target
    if not where.any():
        raise EngineError(
            translatable("The network marks no pixel of this image as that class, so there is nothing to explain."),
            translatable("Choose a class that it found, or another image."),
        )
    return lambda batch: (net(batch)[:, target] * where).sum((1, 2))


@contextmanager
def _ready(net: nn.Module, image: Tensor) -> Iterator[Tensor]:
    """The image with a gradient, the network in evaluation mode, gradients on; all undone afterwards."""
    training = net.training
    net.eval()
    try:
        with torch.enable_grad():
            yield image.detach().clone().requires_grad_()
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

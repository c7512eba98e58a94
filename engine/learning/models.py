"""Builds a network from its row in the catalog, and says which input it takes."""

import functools
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine import catalog
from engine.errors import EngineError
from engine.learning import device
from engine.learning.nets.lenet5 import SIDE, LeNet5
from engine.learning.nets.mlp import MLP
from engine.learning.nets.unet import UNet
from engine.progress import Notice
from engine.words import translatable

DECODERS = {
    "unet-smp": "Unet",
    "unet++": "UnetPlusPlus",
    "manet": "MAnet",
    "linknet": "Linknet",
    "fpn": "FPN",
    "pspnet": "PSPNet",
    "pan": "PAN",
    "deeplabv3": "DeepLabV3",
    "deeplabv3+": "DeepLabV3Plus",
    "upernet": "UPerNet",
    "segformer": "Segformer",
    "dpt": "DPT",
}
"""Name in the catalog -> class in segmentation_models_pytorch."""

WRITTEN: dict[str, Callable[[int, int], nn.Module]] = {"unet": UNet}
"""Name in the catalog -> a segmentation network of our own, made of (channels, classes)."""
_PLAIN = re.compile(r"[\w.+-]+", re.ASCII)

_OTHER_SIDES = (224, 256, 384)  # that published encoders take where they fail at others
PUBLISHED_SIDE = 224
"""The side that AlexNet, VGG and ResNet were trained on; larger images are brought down to it."""


def build(arch: str, *, encoder: str = "", channels: int = 3, classes: int = 2, size: int | None = None) -> nn.Module:
    """The network of that name with random weights, in training mode, on the current default device.

    Segmentation: images (n, channels, h, w) of any h and w to logits (n, classes, h, w), the background counted among the
    classes; `encoder` "" takes the row's default. Classification: images (n, channels, size, size) to logits
    (n, classes); `size` matters to the MLP alone, see `fit_input`. EngineError where a name is unknown or an encoder
    does not fit, and when a network that takes no image larger than `sides_of` says is given one. Nothing is ever downloaded: for weights see engine.learning.weights.
    """
    row = catalog.find(arch)
    if row.task == "classification":
        return _classifier(row.name, channels, classes, size)
    if row.name in WRITTEN:
        return AnySize(WRITTEN[row.name](channels, classes), sides_of(arch))
    encoder = encoder or row.default_encoder
    net = _decoder(row.name, encoder, channels, classes)
    return AnySize(net, sides_of(arch, encoder))


@dataclass(frozen=True)
class Sides:
    """Which sides a network takes: multiples of one length, from a least one to a largest (0: any)."""

    multiple: int
    least: int
    most: int = 0

    @property
    def usual(self) -> bool:
        """Whether padding costs next to nothing, so that nobody need think of it."""
        return self.multiple <= 32 and not self.most

    def fitting(self, side: int) -> int:
        """The largest side that passes unpadded and is not larger than `side`, or the least that there is."""
        most = min(side, self.most or side)
        return max(most - most % self.multiple, self.least)


class AnySize(nn.Module):
    """Lets a network that needs sides of a certain multiple, and of a least length, take any image.

    The image is padded by mirroring, right and below, and the logits are cropped to it. EngineError where it is larger than
    the network's largest side.
    """

    def __init__(self, net: nn.Module, sides: Sides) -> None:
        super().__init__()
        self.net = net
        self.sides = sides

    def padded(self, side: int) -> int:
        """The length to which a side of an image is padded."""
        return max(side + -side % self.sides.multiple, self.sides.least)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        if self.sides.most and max(height, width) > self.sides.most:
            raise EngineError(
                translatable("This network takes images of at most {most} px, and this one has {side}."),
                translatable("Train it with patches of {most} px, or choose another encoder."),
                most=self.sides.most,
                side=max(height, width),
            )
        down, right = self.padded(height) - height, self.padded(width) - width
        if not (down or right):
            result: Tensor = self.net(x)
            return result
        # a mirror cannot be longer than what it mirrors
        mode = "reflect" if down < height and right < width else "replicate"
        padded: Tensor = self.net(functional.pad(x, (0, right, 0, down), mode=mode))
        return padded[..., :height, :width]


@functools.cache
def sides_of(arch: str, encoder: str = "") -> Sides:
    """Which sides a segmentation network takes, tried with forward passes that count shapes alone (torch's meta device).

    Most encoders take any multiple. Of timm's, some take their published side alone (Swin, CoaT, Hiera), and some its
    multiples (MaxViT). EngineError where the encoder does not fit.
    """
    multiple = 16 if arch == "unet" else 32
    usual = Sides(
        multiple, 128 if arch == "pan" else multiple
    )  # PAN halves its maps three times more after 16-fold reduction
    if not encoder.startswith("tu-"):
        return usual
    with torch.device("meta"):
        net = _decoder(arch, encoder, 1, 1).eval()
    if _passes(net, 128, 160) and _passes(net, 1056, 1024):
        return usual
    import timm

    published = timm.get_pretrained_cfg(encoder[3:])
    side = int(published.input_size[-1]) if published is not None else 0
    if not side or not _passes(net, side, side):
        return usual  # or it counts values, which the meta device does not have
    return Sides(side, side, 0 if _passes(net, 2 * side, side) else side)


def try_out(net: nn.Module, encoder: str, channels: int, side: int) -> None:
    """EngineError where a network fails at images of side x side px, of which shapes alone do not tell: no later step would say why."""
    reason = _fault_at(net, channels, side)
    if not reason:
        return
    works = [other for other in _OTHER_SIDES if other != side and not _fault_at(net, channels, other)]
    raise EngineError(
        translatable("The encoder {encoder} fails on images of {side} px: {reason}.")
        if encoder
        else translatable("The network fails on images of {side} px: {reason}."),
        translatable("It takes {sides} px: set patch to that, or choose another one.")
        if works
        else translatable("Set another image size or patch, or choose another encoder."),
        encoder=encoder,
        side=side,
        reason=reason,
        sides=", ".join(map(str, works)),
    )


def _fault_at(net: nn.Module, channels: int, side: int) -> str:
    """Why one pass through the network fails at images of side x side px; "" where it does not, or where the memory alone is too small,
    which the training answers with smaller batches."""
    try:
        with torch.no_grad():
            net.eval()(torch.zeros(1, channels, side, side))
    except EngineError as fault:
        return fault.text.rstrip(".")
    except (AssertionError, IndexError, RuntimeError, TypeError, ValueError) as fault:
        return "" if device.is_out_of_memory(fault) else str(fault).strip().rstrip(".") or type(fault).__name__
    finally:
        net.train()
    return ""


def _passes(net: nn.Module, height: int, width: int) -> bool:
    try:
        with torch.no_grad():
            net(torch.zeros(1, 1, height, width, device="meta"))
    except (AssertionError, IndexError, RuntimeError, TypeError, ValueError):
        return False
    return True


def least_batch(arch: str) -> int:
    """The smallest training batch: 2 where a branch squeezes each map to one value, which batch normalisation cannot take alone."""
    return 2 if arch in ("pan", "deeplabv3", "deeplabv3+", "upernet") else 1


def _decoder(arch: str, encoder: str, channels: int, classes: int) -> nn.Module:
    import segmentation_models_pytorch as smp

    _check_encoder(encoder)
    # positions of a vision transformer are interpolated to the image instead of being fixed to 224 px
    more: dict[str, Any] = {"dynamic_img_size": True, "num_classes": 0} if arch == "dpt" else {}
    try:
        with warnings.catch_warnings():
            # its "timm-" encoders are called deprecated, though one has weights offline, and tokens without a class odd
            warnings.simplefilter("ignore")
            net: nn.Module = getattr(smp, DECODERS[arch])(
                encoder_name=encoder, encoder_weights=None, in_channels=channels, classes=classes, **more
            )
        if 32 % _stride(net):
            raise ValueError(f"its patches of {_stride(net)} px do not fit")
    except (ValueError, KeyError, TypeError, NotImplementedError, RuntimeError, AssertionError) as fault:
        raise EngineError(
            translatable("The network {arch} cannot be built on the encoder {encoder}: {reason}."),
            translatable("Choose another encoder, such as {default}."),
            arch=arch,
            encoder=encoder,
            reason=str(fault).strip().rstrip("."),
            default=catalog.find(arch).default_encoder,
        ) from fault
    return net


def _stride(net: nn.Module) -> int:
    return int(net.encoder.output_stride)  # type: ignore[arg-type,union-attr]


def _check_encoder(name: str) -> None:
    import segmentation_models_pytorch as smp
    import timm

    known = timm.is_model(name[3:]) if name.startswith("tu-") else name in smp.encoders.encoders
    if not known or not _PLAIN.fullmatch(name):  # with ":" or "/", timm would look on the hub or in a folder
        raise EngineError(
            translatable("There is no encoder called {name}."),
            translatable("Choose one of: {choices}; or any of timm's, as tu-NAME."),
            name=name,
            choices=", ".join(catalog.ENCODERS),
        )


def _classifier(arch: str, channels: int, classes: int, size: int | None) -> nn.Module:
    if arch == "mlp":
        return MLP(channels, classes, size or 28)
    if arch in ("lenet5", "lenet5-tanh"):
        return LeNet5(channels, classes, activation="tanh" if arch == "lenet5-tanh" else "relu")
    import torchvision

    net: nn.Module = getattr(torchvision.models, arch)(weights=None, num_classes=classes)
    if channels != 3:
        _take_channels(net, channels)
    return net


def first_conv(net: nn.Module) -> tuple[nn.Module, str, nn.Conv2d]:
    """The convolution that sees the image, as (its parent, its name in there, itself); EngineError where there is none."""
    for path, module in net.named_modules():
        if isinstance(module, nn.Conv2d):
            parent, _, name = path.rpartition(".")
            return net.get_submodule(parent), name, module
    raise EngineError(translatable("This network has no convolution."), translatable("Choose a convolutional one."))


def _take_channels(net: nn.Module, channels: int) -> None:
    parent, name, old = first_conv(net)
    new = nn.Conv2d(
        channels,
        old.out_channels,
        old.kernel_size,  # type: ignore[arg-type]
        old.stride,  # type: ignore[arg-type]
        old.padding,  # type: ignore[arg-type]
        bias=old.bias is not None,
    )
    nn.init.kaiming_normal_(new.weight, mode="fan_out", nonlinearity="relu")
    if new.bias is not None:
        nn.init.zeros_(new.bias)
    setattr(parent, name, new)


@dataclass(frozen=True)
class InputPlan:
    """What a classification network is given: squares of `size` px with `channels` channels; `note` says what that does to the images."""

    size: int
    channels: int
    note: Notice | None


def fit_input(arch: str, height: int, width: int, channels: int, wanted: int = 0) -> InputPlan:
    """The input for images of height x width px; `wanted` > 0 is the user's own size, raised where it cannot work.

    LeNet-5 takes 32 px by construction. The others take the images' longer side up to 224 px; smaller images are
    enlarged: to at least 64 px for AlexNet and 32 for VGG, below which their pooling leaves nothing, and 2-fold, to 56
    to 64 px, for ResNets, whose last maps would else be one pixel (0.944 on 28 px chest films, measured at 56).
    """
    catalog.find(arch, "classification")
    longer = max(height, width)
    least = _least_side(arch, longer)
    size = SIDE if arch.startswith("lenet5") else max(least, wanted or min(longer, _most_side(arch)))
    if size == longer and height == width:
        return InputPlan(size, channels, None)
    values: dict[str, object] = {"arch": arch, "height": height, "width": width, "size": size}
    if size > longer:
        text = translatable("{arch}: the images of {width} x {height} px are enlarged to {size} x {size}.")
    elif size < longer:
        text = translatable("{arch}: the images of {width} x {height} px are reduced to {size} x {size}.")
    else:
        text = translatable("{arch}: the images of {width} x {height} px are brought to {size} x {size}.")
    return InputPlan(size, channels, Notice(text, values))


def _least_side(arch: str, longer: int) -> int:
    if arch.startswith("resnet"):
        return 32 if longer >= 64 else max(56, min(64, 2 * longer))
    return {"alexnet": 64, "vgg16": 32, "vgg19": 32}.get(arch, 8)


def _most_side(arch: str) -> int:
    return 64 if arch == "mlp" else PUBLISHED_SIDE


def count_parameters(net: nn.Module) -> int:
    """How many numbers a training moves: weights, biases and the norms' scales, but not their running statistics."""
    return sum(parameter.numel() for parameter in net.parameters())


def outline(arch: str, *, encoder: str = "", channels: int = 3, classes: int = 2, size: int | None = None) -> nn.Module:
    """The network as `build` makes it but without memory for its weights (torch's meta device): for counting."""
    if encoder.startswith("mit_"):  # reads values while it is built, which the meta device does not have
        return build(arch, encoder=encoder, channels=channels, classes=classes, size=size).to("meta")
    with torch.device("meta"):
        return build(arch, encoder=encoder, channels=channels, classes=classes, size=size)

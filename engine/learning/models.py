"""Builds a network from its row in the catalog, and says which input it takes."""

import functools
import re
import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.utils._device import DeviceContext, _device_constructors

from engine import catalog
from engine.errors import EngineError
from engine.learning import device
from engine.learning.meta_shapes import QuickShapes
from engine.learning.nets import mask_rcnn, unet
from engine.learning.nets.any_size import AnySize, OverlapTile, Sides
from engine.learning.nets.deep import CifarNet, PlainNet
from engine.learning.nets.fcn import FCN, FCNResNet
from engine.learning.nets.lenet5 import SIDE, LeNet5, LeNet1998
from engine.learning.nets.mlp import MLP
from engine.learning.nets.segnet import SegNet
from engine.learning.nets.vgg import VGG, VGG16, VGG19
from engine.network_options import (
    ActivationOptions,
    DeepOptions,
    DenseOptions,
    DepthOptions,
    DropoutOptions,
    FCNOptions,
    MaskOptions,
    MLPOptions,
    NetworkOptions,
    SegNetOptions,
    UNetOptions,
)
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

_DROPOUT = {
    "fpn": "decoder_dropout",
    "pspnet": "psp_dropout",
    "deeplabv3": "decoder_aspp_dropout",
    "deeplabv3+": "decoder_aspp_dropout",
}
"""What decoders that leave out values by themselves call it."""

_PLAIN = re.compile(r"[\w.+-]+", re.ASCII)

_OTHER_SIDES = (224, 256, 384)  # that published encoders take where they fail at others
PUBLISHED_SIDE = 224
"""The side that AlexNet, VGG and ResNet were trained on; larger images are brought down to it."""


def build(
    arch: str,
    *,
    encoder: str = "",
    channels: int = 3,
    classes: int = 2,
    size: int | None = None,
    options: Mapping[str, object] | None = None,
) -> nn.Module:
    """The network of that name with random weights, in training mode, on the current default device.

    Segmentation: images (n, channels, h, w) of any h and w to logits (n, classes, h, w), the background counted among the
    classes; `encoder` "" takes the row's default. Instances: the same images to lists of objects, see nets.mask_rcnn. Classification: images (n, channels, size, size) to logits
    (n, classes); `size` matters to the MLP and some of timm's, see `fit_input`. `options` are the network's own settings by
    name, see `catalog.network_options`. EngineError where a name or an option is unknown or an encoder does not fit, and when a network that takes no image larger than `sides_of` says is given one. Nothing is ever downloaded: for weights see engine.learning.weights.
    """
    row, own = catalog.find(arch), catalog.network_options(arch, options)
    if row.task == "classification":
        return _classifier(row.name, own, channels, classes, size)
    if row.name in _WRITTEN:
        return _WRITTEN[row.name](own, channels, classes)
    encoder = encoder or row.default_encoder
    if row.task == "instances":
        return _mask_rcnn(row.name, own, encoder, channels, classes)
    net = _decoder(row.name, encoder, channels, classes, own)
    return AnySize(net, sides_of(arch, encoder))


def _unet(own: Any, channels: int, classes: int) -> nn.Module:
    assert isinstance(own, UNetOptions)
    valid = own.padding == "valid"
    net = unet.UNet(channels, classes, own.width, own.batch_norm, valid, own.dropout)
    return OverlapTile(net, Sides(16, 4, rest=4), unet.MARGIN, unet.TILE) if valid else AnySize(net, sides_of("unet"))


def _segnet(own: Any, channels: int, classes: int) -> nn.Module:
    assert isinstance(own, SegNetOptions)
    return AnySize(SegNet(channels, classes, own.width, own.dropout), sides_of("segnet"))


def _fcn(stride: Literal[32, 16, 8]) -> Callable[[Any, int, int], nn.Module]:
    def make(own: Any, channels: int, classes: int) -> nn.Module:
        assert isinstance(own, FCNOptions)
        return AnySize(FCN(channels, classes, own.width, stride, own.dropout), sides_of(f"fcn{stride}s"))

    return make


def _fcn_resnet(own: Any, channels: int, classes: int) -> nn.Module:
    assert isinstance(own, DepthOptions)
    return AnySize(FCNResNet(channels, classes, own.depth, own.dropout), sides_of("fcn-resnet"))


_WRITTEN: dict[str, Callable[[Any, int, int], nn.Module]] = {
    "unet": _unet,
    "segnet": _segnet,
    "fcn32s": _fcn(32),
    "fcn16s": _fcn(16),
    "fcn8s": _fcn(8),
    "fcn-resnet": _fcn_resnet,
}
"""Name in the catalog -> a segmentation network of our own, made of (its options, channels, classes)."""


def _mask_rcnn(arch: str, own: Any, encoder: str, channels: int, classes: int) -> nn.Module:
    assert isinstance(own, MaskOptions)
    if arch == "mask-rcnn":
        return mask_rcnn.published(channels, classes, own.sides, own.most)
    _check_encoder(encoder)
    try:
        return mask_rcnn.light(encoder, channels, classes, own.sides, own.most)
    except (ValueError, KeyError, TypeError, NotImplementedError, RuntimeError, AssertionError) as fault:
        raise _unbuildable(arch, encoder, fault) from fault


_SIDES = {
    "unet": Sides(16, 16),
    "fcn32s": Sides(1, 1),
    "fcn16s": Sides(1, 1),
    "fcn8s": Sides(1, 1),
    "fcn-resnet": Sides(8, 32),
    "pan": Sides(32, 128),  # it halves its maps three times more after 16-fold reduction
}


@functools.cache
def sides_of(arch: str, encoder: str = "") -> Sides:
    """Which sides a segmentation network takes, tried with forward passes that count shapes alone (torch's meta device).

    Most encoders take any multiple. Of timm's, some take their published side alone (Swin, CoaT, Hiera), and some its
    multiples (MaxViT). EngineError where the encoder does not fit.
    """
    usual = _SIDES.get(arch, Sides(32, 32))
    if not encoder.startswith("tu-"):
        return usual
    with _Outlining():
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


def _passes(net: nn.Module, height: int, width: int, channels: int = 1) -> bool:
    try:
        with torch.no_grad(), QuickShapes():  # type: ignore[no-untyped-call]
            net(torch.zeros(1, channels, height, width, device="meta"))
    except (AssertionError, IndexError, RuntimeError, TypeError, ValueError):
        return False
    return True


def least_batch(arch: str) -> int:
    """The smallest training batch: 2 where a branch squeezes each map to one value, which batch normalisation cannot take alone."""
    return 2 if arch in ("pan", "deeplabv3", "deeplabv3+", "upernet") else 1


def _decoder(arch: str, encoder: str, channels: int, classes: int, own: NetworkOptions = NetworkOptions()) -> nn.Module:
    import segmentation_models_pytorch as smp

    _check_encoder(encoder)
    # positions of a vision transformer are interpolated to the image instead of being fixed to 224 px
    more: dict[str, Any] = {"dynamic_img_size": True, "num_classes": 0} if arch == "dpt" else {}
    dropout = own.dropout if isinstance(own, DropoutOptions) else 0.0
    if arch in _DROPOUT:
        more[_DROPOUT[arch]] = dropout
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
        raise _unbuildable(arch, encoder, fault) from fault
    if arch not in _DROPOUT:
        _leave_out_before_the_last_layer(net, dropout)
    return net


def _leave_out_before_the_last_layer(net: nn.Module, share: float) -> None:
    """DPT's head has a dropout; others are given one of whole maps before theirs, so that no weight changes its name."""
    head = net.get_submodule("segmentation_head")
    own = [layer for layer in head.modules() if isinstance(layer, nn.Dropout)]
    for layer in own:
        layer.p = share
    if share and not own:
        net.segmentation_head = nn.Sequential(OrderedDict(dropout=nn.Dropout2d(share), **dict(head.named_children())))


def _unbuildable(arch: str, encoder: str, fault: BaseException) -> EngineError:
    return EngineError(
        translatable("The network {arch} cannot be built on the encoder {encoder}: {reason}."),
        translatable("Choose another encoder, such as {default}."),
        arch=arch,
        encoder=encoder,
        reason=str(fault).strip().rstrip("."),
        default=catalog.find(arch).default_encoder,
    )


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


def _classifier(arch: str, own: NetworkOptions, channels: int, classes: int, size: int | None) -> nn.Module:
    if isinstance(own, MLPOptions):
        return MLP(channels, classes, size or 28, own.widths, own.activation, own.dropout)
    if isinstance(own, DeepOptions):
        return _DEEP[arch](channels, classes, own.activation, own.batch_norm, own.dropout)
    if arch in _VGG and isinstance(own, DenseOptions):
        return VGG(channels, classes, *_VGG[arch], own.units, own.dropout)
    if arch == "lenet5-1998":
        return LeNet1998(channels, classes)
    if arch == "lenet5-tanh":
        return LeNet5(channels, classes, "tanh", average=True)
    if isinstance(own, ActivationOptions):
        return LeNet5(channels, classes, own.activation)
    if arch == "efficientnet-lite0":
        assert isinstance(own, DropoutOptions)
        return _timm(LITE0, channels, classes, None, own.dropout)
    if arch.startswith(catalog.TIMM):
        return _timm(arch.removeprefix(catalog.TIMM), channels, classes, size)
    import torchvision

    more = {"dropout": own.dropout} if isinstance(own, DenseOptions) else {}
    net: nn.Module = getattr(torchvision.models, arch)(weights=None, num_classes=classes, **more)
    if isinstance(own, DenseOptions):
        _take_units(net, own.units)
    if isinstance(own, DropoutOptions) and own.dropout:
        pool = net.get_submodule("avgpool")
        net.avgpool = nn.Sequential(pool, nn.Dropout(own.dropout))  # in its place no weight changes its name
    if channels != 3:
        _take_channels(net, channels)
    return net


LITE0 = "tf_efficientnet_lite0"
"""timm's name of the network whose ImageNet weights are built in."""

_VGG = {"vgg16": (VGG16, False), "vgg19": (VGG19, False), "vgg16-bn": (VGG16, True), "vgg19-bn": (VGG19, True)}

_DEEP: dict[str, Callable[[int, int, str, bool, float], nn.Module]] = {
    "plain18": lambda channels, classes, *own: PlainNet(channels, classes, (2, 2, 2, 2), *own),
    "plain34": lambda channels, classes, *own: PlainNet(channels, classes, (3, 4, 6, 3), *own),
    "plain20": lambda channels, classes, *own: CifarNet(channels, classes, 3, False, *own),
    "plain56": lambda channels, classes, *own: CifarNet(channels, classes, 9, False, *own),
    "resnet20": lambda channels, classes, *own: CifarNet(channels, classes, 3, True, *own),
    "resnet56": lambda channels, classes, *own: CifarNet(channels, classes, 9, True, *own),
}


def _timm(name: str, channels: int, classes: int, size: int | None, dropout: float = 0.0) -> nn.Module:
    """A classification network of timm's; where its input's side is fixed when it is built, it is built for `size`."""
    import timm

    if not _PLAIN.fullmatch(name) or not timm.is_model(
        name
    ):  # with ":" or "/", timm would look on the hub or in a folder
        raise EngineError(
            translatable("The library timm has no network called {name}."),
            translatable("Write its name as timm lists it, for example {example}."),
            name=name,
            example=catalog.TIMM + "resnet50d",
        )
    make = functools.partial(timm.create_model, name, pretrained=False, num_classes=classes, in_chans=channels)
    if dropout:
        make = functools.partial(make, drop_rate=dropout)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own names that it has replaced
            if size:
                try:
                    net: nn.Module = make(img_size=size)
                except TypeError:  # it takes any size
                    net = make()
            else:
                net = make()
    except (AssertionError, ValueError, TypeError, NotImplementedError, RuntimeError, KeyError) as fault:
        raise EngineError(
            translatable(
                "The network {name} cannot be built for images of {size} px with {channels} channels: {reason}."
            ),
            translatable("Set another image size, or choose another network."),
            name=name,
            size=size or PUBLISHED_SIDE,
            channels=channels,
            reason=str(fault).strip().rstrip("."),
        ) from fault
    return net


def _take_units(net: nn.Module, units: int) -> None:
    """Give AlexNet's two fully connected layers another width than 4096."""
    dense = [(name, layer) for name, layer in net.named_modules() if isinstance(layer, nn.Linear)]
    for number, (name, old) in enumerate(dense):
        inputs = old.in_features if number == 0 else units
        outputs = old.out_features if number == len(dense) - 1 else units
        if (inputs, outputs) != (old.in_features, old.out_features):
            _replace(net, name, nn.Linear(inputs, outputs))


def _replace(net: nn.Module, path: str, new: nn.Module) -> None:
    parent, _, name = path.rpartition(".")
    setattr(net.get_submodule(parent), name, new)


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

    LeNet-5 takes 32 px by construction, and some of timm's their own published side. The others take the images' longer side up to
    224 px, the networks for small pictures up to 64; smaller images are enlarged: to at least 64 px for AlexNet and 32 for
    VGG, below which their pooling leaves nothing, and 2-fold, to 56 to 64 px, for networks that shrink maps 32-fold, whose
    last maps would else be one pixel (ResNet-18: 0.944 on 28 px chest films, measured at 56).
    """
    catalog.find(arch, "classification")
    longer = max(height, width)
    fixed = SIDE if arch.startswith("lenet5") else _fixed_side(arch)
    size = fixed or max(_least_side(arch, longer), wanted or min(longer, _most_side(arch)))
    if size == longer and height == width:
        return InputPlan(size, channels, None)
    values: dict[str, object] = {"arch": arch, "height": height, "width": width, "size": size}
    if size > longer:
        text = translatable("{arch}: the images of {width} × {height} px are enlarged to {size} × {size}.")
    elif size < longer:
        text = translatable("{arch}: the images of {width} × {height} px are reduced to {size} × {size}.")
    else:
        text = translatable("{arch}: the images of {width} × {height} px are brought to {size} × {size}.")
    return InputPlan(size, channels, Notice(text, values))


_LEAST = {"alexnet": 64, "vgg16": 32, "vgg19": 32, "vgg16-bn": 32, "vgg19-bn": 32, "mlp": 8}
_SMALL = ("mlp", "plain20", "plain56", "resnet20", "resnet56")
"""Networks for small pictures: without early pooling, each step on a large one would be slow, or its weights countless."""


def _least_side(arch: str, longer: int) -> int:
    if arch in _LEAST:
        return _LEAST[arch]
    if arch in _SMALL:
        return 16
    return 32 if longer >= 64 else max(56, min(64, 2 * longer))


def _most_side(arch: str) -> int:
    return 64 if arch in _SMALL else PUBLISHED_SIDE


@functools.cache
def _fixed_side(arch: str) -> int:
    """The one side that a network of timm's takes, 0 where it takes others: tried with shapes alone. EngineError for an unknown name."""
    if not arch.startswith(catalog.TIMM):
        return 0
    with _Outlining():
        net = _timm(arch.removeprefix(catalog.TIMM), 3, 1, None).eval()
    if all(_passes(net, side, side, 3) for side in (64, 160, PUBLISHED_SIDE)):
        return 0
    import timm

    published = timm.get_pretrained_cfg(arch.removeprefix(catalog.TIMM))
    return int(published.input_size[-1]) if published is not None else PUBLISHED_SIDE


def encoder_parameters(net: nn.Module, task: str) -> list[nn.Parameter]:
    """The weights that a network may bring from elsewhere: those of its encoder, or all but the last layer's of one that classifies.
    None of a network that segments and has no encoder of its own."""
    if task != "classification":
        found = (part for name, part in net.named_modules() if name.split(".")[-1] == "encoder")
        encoder = next(found, None)  # the outermost; what brings images to a size that the network takes lies around it
        return list(encoder.parameters()) if encoder is not None else []
    layers = [module for module in net.modules() if isinstance(module, nn.Linear | nn.Conv2d)]
    last = set(layers[-1].parameters()) if layers else set()
    return [parameter for parameter in net.parameters() if parameter not in last]


def count_parameters(net: nn.Module) -> int:
    """How many numbers a training moves: weights, biases and the norms' scales, but not their running statistics, nor what is kept fixed."""
    return sum(parameter.numel() for parameter in net.parameters() if parameter.requires_grad)


def outline(
    arch: str,
    *,
    encoder: str = "",
    channels: int = 3,
    classes: int = 2,
    size: int | None = None,
    options: Mapping[str, object] | None = None,
) -> nn.Module:
    """The network as `build` makes it but without memory for its weights (torch's meta device): for counting."""
    with _Outlining(torch.linspace if encoder.startswith("mit_") else None):
        return build(arch, encoder=encoder, channels=channels, classes=classes, size=size, options=options)


_STARTS = frozenset(
    (
        *(nn.init.uniform_, nn.init.normal_, nn.init.constant_, nn.init.kaiming_uniform_),
        *(Tensor.uniform_, Tensor.normal_, Tensor.fill_, Tensor.zero_),
        *(Tensor.erfinv_, Tensor.mul_, Tensor.add_, Tensor.clamp_),  # what makes a truncated normal distribution
    )
)


class _Outlining(DeviceContext):
    """The meta device, on which weights have no memory and so need no start: its shapes alone would take up to four fifths of the building's
    time. What `read` makes has values, for a network that reads them while it is built."""

    def __init__(self, read: Callable[..., Tensor] | None = None) -> None:
        super().__init__("meta")
        self._read = read

    def __torch_function__(
        self, func: Callable[..., Any], types: Sequence[type], args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func in _STARTS:
            return args[0] if args else kwargs["tensor"]
        if func is self._read:
            return func(*args, **{**(kwargs or {}), "device": "cpu"})
        if func in _device_constructors():
            return super().__torch_function__(func, types, args, kwargs)  # type: ignore[no-untyped-call]
        return func(*args, **kwargs) if kwargs else func(*args)

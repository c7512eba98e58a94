"""What a network makes of one image on its way: its first filters, any layer's maps, a residual block's branches, a normalisation."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.imaging.image import Image
from engine.imaging.intensity import grey_of, rule_for
from engine.imaging.read import read_image
from engine.layer_places import LayerPlace, places_of
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.explain import evaluating
from engine.learning.feeding import fed_slices, own_channel
from engine.learning.likeness import working_size
from engine.learning.models import first_conv
from engine.learning.nets.any_size import OverlapTile, mirrored
from engine.learning.pixels import Picture, mean_std, resize, to_batch
from engine.learning.predict import letterbox
from engine.learning.weights import start_weights
from engine.network_options import UntrainedNetwork
from engine.progress import Notice, Progress, Work
from engine.project.project import Project
from engine.words import translatable

MOST_MAPS = 64
"""Of a layer's maps, that are shown."""
LONGEST = 96
"""px of a shown map's longer side: larger ones are averaged down."""
LONGEST_DRAWN = 800
"""px of the longer side of an image that is drawn with its tiles."""
_BINS = 48
_ADDING = ("add", "add_", "__add__", "__iadd__", "__radd__")

_KINDS: Mapping[type[nn.Module], str] = {
    nn.Conv2d: translatable("convolution"),
    nn.ConvTranspose2d: translatable("transposed convolution"),
    nn.BatchNorm2d: translatable("batch normalisation"),
    nn.GroupNorm: translatable("group normalisation"),
    nn.LayerNorm: translatable("layer normalisation"),
    nn.MaxPool2d: translatable("max pooling"),
    nn.AvgPool2d: translatable("average pooling"),
    nn.AdaptiveAvgPool2d: translatable("average pooling"),
    nn.Upsample: translatable("upsampling"),
    nn.Sigmoid: translatable("sigmoid"),
    nn.Tanh: translatable("tanh"),
    nn.Linear: translatable("linear layer"),
    nn.ZeroPad2d: translatable("padding"),
}
"""Of the layers that have a name in the field, with those below; the others keep their class's (ReLU, SiLU)."""
_BY_NAME: Mapping[str, str] = {
    "MultiScaleRoIAlign": translatable("cut out regions"),
    "MergeBlock": translatable("sum of the levels"),
}
_DEPTHWISE = translatable("depthwise convolution")
_BLOCK, _TRANSFORMER = translatable("residual block"), translatable("transformer block")
_SLIDING = (nn.Conv2d, nn.ConvTranspose2d, nn.MaxPool2d, nn.AvgPool2d)
_MOST_EXTRA = 8
"""Tokens of no place in the image that a transformer puts before the others, at most: its class's, registers."""

Values = NDArray[np.float32]


@dataclass(frozen=True)
class MapLayer:
    """A layer that makes maps, or a residual block: its path in the network, its kind in words, (maps, height, width) of what it makes.
    What slides over the maps has a `kernel` of so many px and a `stride`. `number` tells it from those of its `place` that are alike, 0
    where there are none.

    A transformer's tokens are brought back to where they stand in the image, each of their values a map."""

    name: str
    kind: str
    output: tuple[int, int, int]
    place: LayerPlace = LayerPlace()
    kernel: tuple[int, int] = (0, 0)
    stride: int = 1
    number: int = 0


@dataclass(frozen=True, eq=False)
class Branches:
    """What the residual block `name` adds up: maps (n, h, w) that went through its filters, and those that skipped past them. What is
    added is `total`, before the activation that follows. `transformer`: of a block of attention and layers, the last that it adds."""

    name: str
    transformer: bool
    filtered: Values
    skipped: Values
    total: Values


@dataclass(frozen=True, eq=False)
class Distribution:
    """A distribution of activations: the share of them in each bin, with their mean and standard deviation."""

    shares: Values
    mean: float
    deviation: float


@dataclass(frozen=True, eq=False)
class Normalised:
    """The activations of the batch normalisation `name` before and after it, all maps together, over the same `edges` (bins + 1).
    `activated`: it holds the activation that follows, so that after it is after both. `untouched`: no step was trained, its running mean
    is 0 and its variance 1."""

    name: str
    activated: bool
    untouched: bool
    edges: Values
    before: Distribution
    after: Distribution


@dataclass(frozen=True, eq=False)
class InnerView:
    """One network at one image, whose first layer is given (h, w) px of it, `given`. `maps` (n, h, w) are the first of `layer`, whose `output` says how many there are (None: a network without
    maps, as an MLP); `filters` (n, k, k) or, of colour images, (n, k, k, 3) are those that see the image, None where there are none
    that could be drawn."""

    layers: tuple[MapLayer, ...]
    layer: MapLayer | None
    maps: Values
    filters: Values | None
    branches: Branches | None
    normalised: Normalised | None
    given: tuple[int, int]


@dataclass(frozen=True, eq=False)
class MirrorTiling:
    """How a network of unpadded convolutions covers the image that it is fed. All in px of the image: each of `corners` (top, left) begins
    the mask of a tile, `given` (h, w) large, for which the tile sees `margin` px more on every side; `size` (h, w) is the image. `picture`
    is the image continued by mirroring as far as any tile sees, from -margin on, brought down to what is shown. The tile at `middle` holds
    the image's middle, and is the one that is looked at."""

    picture: NDArray[np.uint8]
    size: tuple[int, int]
    margin: int
    given: tuple[int, int]
    corners: tuple[tuple[int, int], ...]

    @property
    def middle(self) -> int:
        before = [
            each for each in self.corners if all(at <= side // 2 for at, side in zip(each, self.size, strict=True))
        ]
        return self.corners.index(before[-1])

    @property
    def whole(self) -> tuple[int, int]:
        """Height and width in px of the continued image."""
        (height, width), (top, left) = self.given, self.corners[-1]
        return top + height + 2 * self.margin, left + width + 2 * self.margin


@dataclass(frozen=True, eq=False)
class NetworkInspection:
    """A network before its training, with the weights that its seed draws or that it starts from, and after it (None: not trained);
    `picture` (h, w[, 3]) is the image as it was fed, `tiling` how it is covered where the network takes a margin from it."""

    before: InnerView
    after: InnerView | None
    picture: Picture
    tiling: MirrorTiling | None


def look_inside(
    folder: Path, subject: int | UntrainedNetwork, item: int, z: int = -1, layer: str = ""
) -> Work[NetworkInspection]:
    """Look into a run's network, by its number, or into one that is not trained yet, at slice `z` of an item (-1: the middle one).

    `layer` is one of the view's layers; "" or one that this network lacks takes the first. What is assumed is said in Notices.
    """
    yield Progress(0, 3)
    with Project.open(folder, write=False) as project:
        image = read_image(project.items.get(item).present())
        z = z if 0 <= z < image.shape[0] else image.shape[0] // 2
        if isinstance(subject, UntrainedNetwork):
            config, card, trained = TrainConfig(seed=subject.seed, weights="none"), _card(subject, image), None
            text = translatable(
                "Not trained yet: weights as the seed {seed} draws them, grey values as this image alone would set them."
            )
            yield Notice(text, {"seed": subject.seed})
        else:
            run = project.runs.get(subject)
            with torch.random.fork_rng(devices=[]):  # a training that is held meanwhile draws as if nobody had looked
                card, trained = bundle.restore(run.model())
            config = run.config
        yield Progress(1, 3)
        fresh, notices = _fresh(card, project, config)
    yield from notices
    picture = fed(card, image, z)
    shown = own_channel(card, picture)
    batch, tiling = to_batch([picture], card.intensity), mirror_tiling(fresh, shown)

    def seen(net: nn.Module) -> InnerView:
        view = look(*_of_tile(net, batch, tiling), layer)
        return view if view.filters is None else replace(view, filters=own_channel(card, view.filters))

    before = seen(fresh)
    yield Progress(2, 3)
    return NetworkInspection(before, seen(trained) if trained is not None else None, shown, tiling)


def _of_tile(net: nn.Module, batch: Tensor, tiling: MirrorTiling | None) -> tuple[nn.Module, Tensor]:
    """What makes the mask of a tile, with what it sees of the one in the middle; the network with the whole where there are no tiles."""
    if tiling is None or not isinstance(net, OverlapTile):
        return net, batch
    (top, left), (height, width) = tiling.corners[tiling.middle], tiling.given
    return net.net, mirrored(batch, top, height, left, width, tiling.margin)


def _fresh(card: ModelCard, project: Project, config: TrainConfig) -> tuple[nn.Module, list[Notice]]:
    """The network as its training found it: the same seed draws the same weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = bundle.build(card)
        try:
            return network, start_weights(network, card, project, config)
        except EngineError as fault:  # of a run that is gone, or of a file
            text = translatable(
                "Before the training: drawn by chance, since what it started from is not there. {reason}"
            )
            return network, [Notice(text, {"reason": fault.text})]


def _card(subject: UntrainedNetwork, image: Image) -> ModelCard:
    """Grey values as this image's alone would set them: those of the training set are read when the training begins."""
    card = ModelCard(
        task=subject.task,
        arch=subject.arch,
        encoder=subject.encoder,
        channels=subject.channels,
        classes=tuple((str(number), "") for number in range(max(subject.classes, 1))),
        intensity=rule_for([grey_of(image)]),
        size=subject.size,
        neighbours=subject.neighbours,
        options=subject.options,
    )
    mean, deviation = mean_std([fed(card, image, image.shape[0] // 2)])
    return replace(card, intensity=replace(card.intensity, mean=mean, deviation=deviation))


def fed(card: ModelCard, image: Image, z: int) -> Picture:
    """Slice `z` as the network is fed it; of an image that is read in tiles, the middle one."""
    picture = fed_slices(card, image)(range(z, z + 1))[0]
    if card.task == "classification":
        return letterbox(picture, card.size)
    picture = resize(picture, *working_size(card, image))
    side = card.patch or card.size or max(picture.shape[:2])
    top, left = (max(0, (long - side) // 2) for long in picture.shape[:2])
    return picture[top : top + side, left : left + side]


def mirror_tiling(net: nn.Module, picture: Picture) -> MirrorTiling | None:
    """None of a network whose mask is as large as its image."""
    if not isinstance(net, OverlapTile):
        return None
    height, width = picture.shape[:2]
    given, corners = net.tiles(height, width)
    reach = [last + side for last, side in zip(corners[-1], given, strict=True)]
    shown = picture if picture.dtype == np.uint8 else np.rint(picture.astype(np.float32) * 255).astype(np.uint8)
    planes = torch.from_numpy(np.ascontiguousarray(np.moveaxis(np.atleast_3d(shown), 2, 0)))[None]
    continued = mirrored(planes, 0, reach[0], 0, reach[1], net.margin)[0].numpy()
    drawn = np.ascontiguousarray(continued[0] if len(continued) == 1 else np.moveaxis(continued, 0, 2))
    scale = min(1.0, LONGEST_DRAWN / max(drawn.shape[:2]))
    if scale < 1:
        drawn = cv2.resize(drawn, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return MirrorTiling(drawn, (height, width), net.margin, given, tuple(corners))


def look(net: nn.Module, image: Tensor, name: str = "") -> InnerView:
    """Everything of one image (1, channels, h, w) at the layer of that name, "" or an unknown one the first."""
    with evaluating(net), torch.no_grad():
        found = _outline(net, image)
        if not found.layers:
            none = np.zeros((0, 1, 1), np.float32)
            return InnerView((), None, none, first_filters(net, image), None, None, (image.shape[-2], image.shape[-1]))
        layer = next((each for each in found.layers if each.name == name), found.layers[0])
        block, norm = _near(found.layers, layer, list(found.blocks)), _near(found.layers, layer, found.norms)
        kept = _pass(net, image, layer.name, block, norm)
    return InnerView(
        found.layers,
        layer,
        _shown(kept.made, layer.output),
        first_filters(net, image),
        _branches(block, found.blocks[block], kept.added) if kept.added else None,
        _normalised(norm, net.get_submodule(norm), *kept.normalised) if kept.normalised else None,
        found.given,
    )


def first_filters(net: nn.Module, image: Tensor) -> Values | None:
    """The filters that see the image (n, k, k), or (n, k, k, 3) where it has three channels; of a network that is fully connected from
    the start, the weights of each unit, as an image."""
    try:
        weights = first_conv(net)[2].weight
    except EngineError:
        dense = next((module for module in net.modules() if isinstance(module, nn.Linear)), None)
        if dense is None or dense.in_features != image[0].numel():
            return None
        weights = dense.weight.reshape(-1, *image.shape[1:])
    found = weights[:MOST_MAPS].detach().float().cpu().numpy()
    drawn: Values = found.transpose(0, 2, 3, 1) if found.shape[1] == 3 else found.mean(1)
    return np.ascontiguousarray(drawn)


# One pass ------------------------------------------------------------------------------------------------------------------


class _Sum(NamedTuple):
    """What a block adds up: (maps, height, width), and whether it is a transformer's."""

    output: tuple[int, int, int]
    transformer: bool


class _Outline(NamedTuple):
    """The layers that make maps in the order in which they end, residual blocks among them, those by path, and the paths of normalisations;
    height and width of what the first layer was `given`."""

    layers: tuple[MapLayer, ...]
    blocks: dict[str, _Sum]
    norms: list[str]
    given: tuple[int, int]


def _outline(net: nn.Module, image: Tensor) -> _Outline:
    names = {module: name for name, module in net.named_modules()}
    ran: dict[str, torch.Size] = {}
    fed: list[torch.Size] = []  # what the first layer was given: the image, enlarged to what fits

    def note(module: nn.Module, inputs: tuple[Any, ...], made: object) -> None:
        if not fed and inputs and isinstance(inputs[0], Tensor):
            fed.append(inputs[0].shape)
        if not isinstance(made, Tensor) or not made.numel():  # of objects that were not found there is nothing to see
            return
        if not isinstance(module, nn.Identity | nn.modules.dropout._DropoutNd) and not _drops_paths(module):
            ran[names[module]] = made.shape

    with _Additions(net) as additions, _hooked(net.modules(), note):
        net(image)
    whole = fed[0][-2], fed[0][-1]
    outputs = {name: output for name, shape in ran.items() if (output := _output(shape, whole)) is not None}
    sums = {name: additions.blocks[name] for name in outputs if name in additions.blocks}
    blocks = {
        name: _Sum(output, len(shape) == 3 or _is_channels_last(shape, whole))
        for name, shape in sums.items()
        if (output := _output(shape, whole)) is not None
    }
    modules = {name: net.get_submodule(name) for name in outputs}
    norms = [name for name, module in modules.items() if isinstance(module, nn.BatchNorm2d)]
    shown = [name for name in outputs if name in blocks or name in norms or not list(modules[name].children())]
    layers = [
        MapLayer(name, _kind(modules[name], blocks.get(name)), outputs[name], place, *_window(modules[name]))
        for name, place in zip(shown, places_of(shown), strict=True)
    ]
    return _Outline(tuple(_numbered(layers)), blocks, norms, whole)


def _numbered(layers: Sequence[MapLayer]) -> Iterator[MapLayer]:
    """Those that are alike at one place get a number each."""
    alike = [(each.place, each.kind, each.kernel, each.stride) for each in layers]
    counts, so_far = Counter(alike), Counter[object]()
    for layer, key in zip(layers, alike, strict=True):
        so_far[key] += 1
        yield replace(layer, number=so_far[key]) if counts[key] > 1 else layer


def _window(module: nn.Module) -> tuple[tuple[int, int], int]:
    """Kernel and stride of what slides over the maps."""
    if not isinstance(module, _SLIDING):
        return (0, 0), 1
    (height, width), (stride, _) = (_pair(each) for each in (module.kernel_size, module.stride))
    return (height, width), stride


def _pair(value: Any) -> tuple[int, int]:
    return (int(value[0]), int(value[-1])) if isinstance(value, Sequence) else (int(value), int(value))


def _drops_paths(module: nn.Module) -> bool:
    """Whether it hands on what it is given once a training is over: timm and segmentation_models_pytorch have one each."""
    return type(module).__name__ == "DropPath"


def _output(shape: Sequence[int], fed: tuple[int, int]) -> tuple[int, int, int] | None:
    """(maps, height, width) of maps, or of tokens (1, n, values) of an image of `fed` px; None of anything else, or where the tokens are no
    grid over the image."""
    if len(shape) == 4:
        _, first, second, third = shape
        return (third, first, second) if _is_channels_last(shape, fed) else (first, second, third)
    if len(shape) != 3 or shape[0] != 1:  # several: windows of the image
        return None
    for extra in range(_MOST_EXTRA + 1):
        count = shape[1] - extra
        down = round(math.sqrt(count * fed[0] / fed[1])) if count > 0 else 0
        if down and count % down == 0 and down * fed[1] == count // down * fed[0]:
            return shape[2], down, count // down
    return None


def _is_channels_last(shape: Sequence[int], fed: tuple[int, int]) -> bool:
    """Whether maps are stored (1, height, width, maps), as within ConvNeXt and Swin: told by which sides are as those of the image."""
    if len(shape) != 4:
        return False
    last, first = (height * fed[1] == width * fed[0] for height, width in (shape[1:3], shape[2:4]))
    return last and not first


def _kind(module: nn.Module, block: _Sum | None) -> str:
    if block is not None:
        return _TRANSFORMER if block.transformer else _BLOCK
    if isinstance(module, nn.Conv2d) and module.groups == module.in_channels > 1:
        return _DEPTHWISE
    plain = type(module).__name__
    return next((said for kind, said in _KINDS.items() if isinstance(module, kind)), _BY_NAME.get(plain, plain))


def _near(layers: Sequence[MapLayer], layer: MapLayer, wanted: Sequence[str]) -> str:
    """The one of `wanted` that holds the layer or is it; else the next behind it, else the last before it; "" where there is none."""
    holds = [name for name in wanted if layer.name == name or layer.name.startswith(f"{name}.")]
    if holds:
        return max(holds, key=len)
    at = layers.index(layer)
    behind = [each.name for each in layers[at:] if each.name in wanted]
    return behind[0] if behind else wanted[-1] if wanted else ""


@dataclass
class _Kept:
    made: Tensor
    added: tuple[Tensor, ...]
    normalised: tuple[Tensor, ...]


def _pass(net: nn.Module, image: Tensor, layer: str, block: str, norm: str) -> _Kept:
    """One pass that keeps what the layer makes, what the block adds and what the normalisation is given and makes."""
    kept = _Kept(image, (), ())

    def note(module: nn.Module, inputs: tuple[Any, ...], made: Tensor) -> None:
        if module is net.get_submodule(layer):
            kept.made = made.clone()  # what follows may write into it
        if norm and module is net.get_submodule(norm):
            kept.normalised = (given[0], made.clone())

    given: list[Tensor] = []

    def enter(_module: nn.Module, inputs: tuple[Any, ...]) -> None:
        given[:] = [inputs[0].clone()]

    with ExitStack() as stack:
        if norm:
            stack.callback(net.get_submodule(norm).register_forward_pre_hook(enter).remove)
        additions = stack.enter_context(_Additions(net, block))
        stack.enter_context(_hooked({net.get_submodule(name) for name in (layer, norm) if name}, note))
        net(image)
    kept.added = additions.added
    return kept


@contextmanager
def _hooked(modules: Any, note: Callable[..., None]) -> Iterator[None]:
    hooks = [module.register_forward_hook(note) for module in modules]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


class _Additions(TorchFunctionMode):
    """Sees where two maps are added up: `blocks` are the innermost modules with parts in which that happens, with the shape of what they
    add; of the block `wanted`, `added` are the two as they are written and their sum. Where a block adds more than once, the last."""

    def __init__(self, net: nn.Module, wanted: str = "") -> None:
        super().__init__()
        self.blocks: dict[str, torch.Size] = {}
        self.added: tuple[Tensor, ...] = ()
        self._net, self._wanted = net, wanted
        self._within: list[str] = []
        self._hooks: list[Any] = []

    def __enter__(self) -> "_Additions":
        for name, module in self._net.named_modules():
            if name and list(module.children()):
                self._hooks.append(module.register_forward_pre_hook(self._entering(name)))
                self._hooks.append(module.register_forward_hook(self._leaving, always_call=True))
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *fault: Any) -> None:
        super().__exit__(*fault)  # type: ignore[no-untyped-call]
        for hook in self._hooks:
            hook.remove()

    def _entering(self, name: str) -> Callable[..., None]:
        return lambda _module, _inputs: self._within.append(name)

    def _leaving(self, _module: nn.Module, _inputs: object, _made: object) -> None:
        self._within.pop()

    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        adds = getattr(func, "__name__", "") in _ADDING and self._within and _are_maps(args)
        if adds:
            self.blocks[self._within[-1]] = args[0].shape
        if not adds or self._within[-1] != self._wanted:
            return func(*args, **(kwargs or {}))
        first, second = args[0].clone(), args[1].clone()
        total = func(*args, **(kwargs or {}))
        self.added = (first, second, total.clone())
        return total


def _are_maps(values: Sequence[Any]) -> bool:
    """Whether two tensors of maps, or of tokens, of one shape are given."""
    first, second = (*values[:2], None, None)[:2]
    both = isinstance(first, Tensor) and isinstance(second, Tensor) and first.shape == second.shape
    return both and first.ndim in (3, 4)


def _branches(name: str, block: _Sum, added: tuple[Tensor, ...]) -> Branches:
    """Convolutional networks write the filtered one first, `out += identity`, transformers last, `x + attention(x)`."""
    first, second, total = (_shown(each, block.output) for each in added)
    filtered, skipped = (second, first) if block.transformer else (first, second)
    return Branches(name, block.transformer, filtered, skipped, total)


def _shown(made: Tensor, output: tuple[int, int, int]) -> Values:
    """The first maps of an image, brought down to what is shown; `output` (maps, height, width) says how they stand in the image."""
    if made.ndim == 3:  # the tokens before the grid's stand nowhere in the image
        made = made[:, made.shape[1] - output[1] * output[2] :].transpose(1, 2).reshape(1, *output)
    elif made.shape[1:] != output:
        made = made.permute(0, 3, 1, 2)
    maps = made[0, :MOST_MAPS].float().cpu().numpy()
    longest = max(maps.shape[1:])
    if longest <= LONGEST:
        return np.ascontiguousarray(maps)
    height, width = (max(1, round(side * LONGEST / longest)) for side in maps.shape[1:])
    return np.stack([cv2.resize(each, (width, height), interpolation=cv2.INTER_AREA) for each in maps])


def _normalised(name: str, layer: nn.Module, before: Tensor, after: Tensor) -> Normalised:
    pair = [each.double().cpu().numpy().ravel() for each in (before, after)]
    ends = [np.percentile(values, (0.1, 99.9)) for values in pair]
    low, high = min(float(end[0]) for end in ends), max(float(end[1]) for end in ends)
    if not high > low or not math.isfinite(high - low):
        low, high = low - 1, low + 1
    edges = np.linspace(low, high, _BINS + 1)
    spreads = [
        Distribution(
            (np.histogram(np.clip(values, low, high), edges)[0] / values.size).astype(np.float32),
            float(values.mean()),
            float(values.std()),
        )
        for values in pair
    ]
    mean, variance = layer.get_buffer("running_mean"), layer.get_buffer("running_var")
    untouched = not bool(mean.any()) and bool((variance == 1).all())
    return Normalised(name, bool(list(layer.children())), untouched, edges.astype(np.float32), *spreads)

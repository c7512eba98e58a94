"""The run that a training goes on from where its start was left to Auto."""

from collections.abc import Collection

from engine.catalog import network_options
from engine.config import AUTO, TrainConfig
from engine.progress import Notice
from engine.project.project import Project
from engine.project.runs import Run, read_learnt
from engine.words import translatable

_NEAR = 1.25  # of one size to the other, which the pace of the moment decides
_OVER = ("finished", "stopped")
_SEEN_SO = ("arch", "encoder", "patch", "neighbours")  # what the weights were made for, beside the network's options


def training_data(project: Project) -> str:
    """What tells what a training learns from itself before: images, masks, classes, and what of them is labelled or rejected."""
    return f"{project.fingerprint('train')} {project.labelled_fingerprint('train')}"


def own_start(project: Project, asked: TrainConfig, chosen: TrainConfig, items: Collection[int]) -> Run | None:
    """The newest run whose network is that of `chosen` and sees images as it does, that knows the project's classes, that learnt from
    none but these `items` of the training set, and since which those have changed: there are more of them, or other masks. None where
    there is none, and where `asked` says which network or which weights to begin with.

    Runs on the very same data are passed over: they are what the next one is to be compared with, so it begins where they did.
    """
    if asked.start_from or (asked.arch, asked.encoder, asked.weights) != (AUTO, AUTO, AUTO):
        return None
    now = ""
    for run in reversed(project.runs.all()):
        learnt = read_learnt(run.folder)
        fits = bool(learnt.items) and learnt.items <= set(items) and _alike(run.config, chosen)
        if fits and run.state in _OVER and run.bundle.exists() and all(run.knows(project.classes)):
            now = now or training_data(project)
            if learnt.data != now:
                return run
    return None


def _alike(one: TrainConfig, other: TrainConfig) -> bool:
    sizes = sorted((one.size, other.size))
    alike = all(getattr(one, name) == getattr(other, name) for name in _SEEN_SO) and sizes[1] <= _NEAR * sizes[0]
    return alike and network_options(one.arch, one.options) == network_options(other.arch, other.options)


def goes_on(run: Run, items: int) -> Notice:
    """That a training goes on from that run by itself, and why."""
    text = translatable(
        "It goes on from {run}, since when the training set has changed: {count} of its {total} items were learnt already."
    )
    return Notice(text, {"run": run.name, "count": len(run.learnt_items()), "total": items})

"""How good a run is: its predictions against the masks or classes of a set. Needs no torch: the predictions are in the project."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from engine.catalog import tells_apart
from engine.config import AUTO, OBJECTS, Split
from engine.errors import EngineError, NothingToScore
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Ids, Labels
from engine.labels.instances import Instances, parts
from engine.progress import Notice, Progress, Work
from engine.project.items import Item
from engine.project.layers import Layer
from engine.project.objects import (
    SURE,
    FoundObjects,
    found_objects,
    objects_by,
    objects_of,
    objects_of_prediction,
    told_apart,
)
from engine.project.project import Project
from engine.project.runs import LearntClass, Run, learnt_before
from engine.scoring.classify import ClassificationScores, ClassifierAnswers
from engine.scoring.instances import ObjectMatches, ObjectScores, match_objects, object_scores
from engine.scoring.metrics import ItemScores, SetScores, confusion, item_scores, set_scores
from engine.scoring.surface import SurfaceScores, class_surfaces, unit_of
from engine.words import translatable


def evaluate(
    folder: Path, run: str | int, split: Split | None = "test", *, with_rejected: bool = False, objects: str = AUTO
) -> Work[SetScores]:
    """Dice and the rest, per class, item and set, of the items that have both a mask and a prediction of the run.

    Only labelled slices and pixels count, and rejected items only on request. Distances between surfaces exist for items that are
    labelled whole: with slices missing, what is only the end of the labels would pass for a surface. Classes that the run has no
    output for are left out: they are `unknown`, and have no score.

    Where a prediction was taken over into a mask of the test set, the mask as it was before is the truth: a network that is scored
    against its own answers proves nothing. Those items come with the mask as it is now in `helped`; where nothing was labelled
    before, they have no score of their own.

    Items of the validation and test set that the run learnt from, before the sets were changed, are scored and counted.

    `objects` (config.OBJECTS) says what the objects of the predictions are, which are scored too: those that the run found ("auto": of a
    run that tells none apart those that were chosen for it where the project is one of objects, else none, see project.objects), the
    connected parts of each class ("parts"), or those that a watershed tells apart.
    """
    with Project.open(folder, write=False) as project:
        found = project.runs.get(run)
        names, known = [c.name for c in project.classes], found.knows(project.classes)
        unknown = [name for name, there in zip(names, known, strict=True) if not there]
        labelled = project.layers.labelled_slices()
        masks, predictions = project.layers.masks(), project.layers.predictions(found.id)
        helped = project.layers.helped()
        items = [i for i in project.items.all(split) if i.id in labelled and (with_rejected or not i.rejected)]
        ready = [i for i in items if i.id in predictions]
        if not ready:
            _refuse(found.name, split, len(items))
        scored: list[ItemScores] = []
        matched: list[ObjectMatches] = []
        with_help: list[ItemScores] = []
        for number, item in enumerate(ready):
            yield Progress(number, len(ready), item.name)
            layers = masks[item.id], predictions[item.id]
            truth, said = (project.layers.read(layer, item.shape) for layer in layers)
            places: Collection[int] = labelled[item.id]
            true: Callable[[], Instances] = partial(objects_of, project, item)
            if item.split == "test" and item.id in helped:
                with_help.append(_score(item, truth, said, places, names, unknown))
                places, true = before_help(project, masks[item.id], truth)
            if places:
                scored.append(_score(item, truth, said, places, names, unknown))
                try:
                    matched += _match(project, found, item, (truth, said), true, sorted(places), objects)
                except EngineError as fault:  # of its objects alone: the others still have scores
                    text = translatable("{name}: its objects are not scored. {reason}")
                    yield Notice(text, {"name": item.name, "reason": fault.text})
    known_names = [name for name in names if name not in unknown]
    compared = _of_classes(object_scores(matched, names), known_names) if matched else None
    before = learnt_before(ready, found.learnt_items())
    return replace(set_scores(scored, names, unknown), helped=tuple(with_help), objects=compared, learnt_before=before)


def _match(
    project: Project,
    run: Run,
    item: Item,
    masks: tuple[Labels, Labels],
    true_objects: Callable[[], Instances],
    places: Sequence[int],
    objects: str,
) -> Iterator[ObjectMatches]:
    """The objects of the labelled slices of an item, compared; nothing where the run tells none apart and none were asked for."""
    truth, said = masks
    found = predicted_objects(project, run, item, said, objects)
    if found is None:
        return
    true = true_objects()
    yield match_objects(
        item.name,
        Instances(true.ids[places], true.classes),
        Instances(found.objects.ids[places], found.objects.classes),
        found.sure,
        (truth == UNLABELLED)[places],
        SURE,
    )


def before_help(project: Project, layer: Layer, truth: Labels) -> tuple[frozenset[int], Callable[[], Instances]]:
    """Make `truth` the mask as it was before a prediction was taken over into it; the slices that were labelled then come back, and what
    makes its objects."""
    ids = project.layers.read_ids(layer, truth)
    return project.layers.before_help(layer, truth, ids), partial(_objects, truth, ids)


def _objects(labels: Labels, ids: Ids | None) -> Instances:
    return parts(labels) if ids is None else Instances.of(labels, ids)


def predicted_objects(project: Project, run: Run, item: Item, said: Labels, objects: str = AUTO) -> FoundObjects | None:
    """The objects of a prediction `said` (z, y, x), as `evaluate` takes them; None where the run tells none apart and none are asked for.

    EngineError where there are too many.
    """
    found = found_objects(run, item, project.classes) if objects == AUTO else None
    if found is not None or (objects == AUTO and project.task != "instance"):
        return found
    layer = project.layers.prediction(item.id, run.id)
    if objects == AUTO and layer is not None:
        made = objects_of_prediction(project, layer, said)
    else:
        made = told_apart(said, objects_by(run) if objects == AUTO else objects)
    return FoundObjects(made, np.ones(len(made.classes), np.float32))


def compare_ways(folder: Path, run: str | int, split: Split, ways: Sequence[str]) -> Work[dict[str, ObjectScores]]:
    """The objects alone of the items of a set that have a mask and a prediction, against those of the masks as `evaluate` takes them, for
    each of `ways` (config.OBJECTS) of taking them from the predictions; a way by which there are too many objects in one is left out.
    EngineError where nothing was predicted."""
    with Project.open(folder, write=False) as project:
        found, labelled = project.runs.get(run), project.layers.labelled_slices()
        masks, predictions = project.layers.masks(), project.layers.predictions(found.id)
        helped = project.layers.helped()
        items = [i for i in project.items.all(split) if i.id in labelled and not i.rejected]
        ready = [i for i in items if i.id in predictions]
        if not ready:
            _refuse(found.name, split, len(items))
        matched: dict[str, list[ObjectMatches]] = {way: [] for way in ways}
        for number, item in enumerate(ready):
            yield Progress(number, len(ready), item.name)
            pair = tuple(project.layers.read(layers[item.id], item.shape) for layers in (masks, predictions))
            places: Collection[int] = labelled[item.id]
            true: Callable[[], Instances] = partial(objects_of, project, item)
            if item.split == "test" and item.id in helped:
                places, true = before_help(project, masks[item.id], pair[0])
            for way in list(matched) if places else ():
                try:
                    matched[way] += _match(project, found, item, (pair[0], pair[1]), true, sorted(places), way)
                except EngineError:
                    del matched[way]
        names = [one.name for one in project.classes]
    return {way: object_scores(found, names) for way, found in matched.items()}


def best_way(folder: Path, run: Run) -> Work[tuple[str, float | None]]:
    """How the objects are taken from a run's predictions (config.OBJECTS), with their F1 on the validation set: those that it found, or of
    a network that makes class maps the connected parts or a watershed, whichever is better there. None where no way could be scored."""
    ways = (AUTO,) if tells_apart(run.summary.arch or run.config.arch) else OBJECTS[1:]
    scores = yield from compare_ways(folder, run.id, "val", ways)
    ranked = sorted(ways, key=lambda way: -((scores[way].f1 if way in scores else None) or 0.0))
    found = [scores[way].f1 for way in ranked if way in scores]
    known = [value for value in found if value is not None]
    return ranked[0], known[0] if known else (0.0 if not scores else None)


def _of_classes(scored: ObjectScores, names: Sequence[str]) -> ObjectScores:
    return replace(scored, classes={name: scored.classes[name] for name in names})


def _score(
    item: Item, truth: Labels, said: Labels, labelled: Collection[int], names: Sequence[str], unknown: Collection[str]
) -> ItemScores:
    """Of the labelled slices of two volumes (z, y, x), without the `unknown` classes."""
    places, depth = sorted(labelled), item.shape[0]
    if len(places) < depth:
        truth, said = truth[places], said[places]
    counts = confusion(truth, said, len(names))
    surfaces: Sequence[SurfaceScores] = ()
    if len(places) == depth:
        surfaces = class_surfaces(truth, said, len(names), item.spacing, unit=unit_of(item.calibrated))
    one = item_scores(item.name, counts, names, surfaces, slices=(len(places), depth))
    return replace(one, classes={name: found for name, found in one.classes.items() if name not in unknown})


def evaluate_classes(
    folder: Path, run: str | int, split: Split | None = "test", *, with_rejected: bool = False
) -> ClassificationScores:
    """Accuracy, F1, AUC and the confusion matrix of the items that have both a class and a prediction of the run; rejected ones only
    on request. Items of a class that the run has no output for are left out, and counted as `unknown`."""
    with Project.open(folder, write=False) as project:
        found = project.runs.get(run)
        items = [i for i in project.items.all(split) if with_rejected or not i.rejected]
        said, learnt = project.runs.probabilities(found), found.learnt(project.classes)
        answers = collect_answers(items, said, learnt, found.learnt_items())
        if answers is None:
            _refuse(found.name, split, sum(i.label is not None for i in items))
        return answers.scores


def collect_answers(
    items: Iterable[Item],
    said: Mapping[int, NDArray[np.float32]],
    learnt: Sequence[LearntClass],
    from_items: Collection[int] = (),
) -> ClassifierAnswers | None:
    """What a run said of those `items` that have a class which it knows; None where it has said nothing of any of them.

    Classes that came after the training are none of the answers' names, and their items are left out and counted: no network can say
    what it never saw. Classes that were removed since are none of the names either: see `gone` of the answers.

    `said` (Runs.probabilities) holds (outputs,) by the item's number, `learnt` (Run.learnt) what each output is, `from_items`
    (Run.learnt_items) the numbers of the items that it learnt from.
    """
    answered = [i for i in items if i.label is not None and i.id in said]
    outputs = max((len(said[i.id]) for i in answered), default=0)
    learnt = [*learnt[:outputs], *(LearntClass(f"class {at + 1}", None) for at in range(len(learnt), outputs))]
    kept = sorted((one.place, at) for at, one in enumerate(learnt) if one.place is not None)
    gone = [at for at, one in enumerate(learnt) if one.place is None]
    places = {place: at for at, (place, _) in enumerate(kept)}
    ready = [(i, places[i.label]) for i in answered if i.label in places]
    if not ready:
        return None
    rows = np.stack([np.pad(said[i.id], (0, outputs - len(said[i.id]))) for i, _ in ready])
    return ClassifierAnswers(
        items=tuple(i.id for i, _ in ready),
        probabilities=rows[:, [output for _, output in kept]],
        truth=np.array([place for _, place in ready], np.int64),
        names=tuple(learnt[output].name for _, output in kept),
        never_learnt=len(answered) - len(ready),
        gone=tuple(learnt[output].name for output in gone),
        rest=rows[:, gone].max(axis=1) if gone else None,
        learnt_before=learnt_before((item for item, _ in ready), from_items),
    )


def _refuse(run: str, split: Split | None, labelled: int) -> NoReturn:
    if labelled:
        raise NothingToScore("{run} has predicted nothing of that set yet.", "Predict it first.", run=run)
    raise NothingToScore(
        "No item of the set {split} has a mask or a class to compare with.",
        "Label some, or choose another set.",
        split=split or "all",
    )

"""Where a run's network looked: heat maps over items of a project, for the window and the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import nn

from engine.errors import EngineError
from engine.imaging.geometry import Flips, SideAxis, display_flips, flip, side_axis
from engine.imaging.image import Image
from engine.imaging.read import read_image
from engine.imaging.sample import spread
from engine.imaging.windows import to_display
from engine.labels.classes import UNLABELLED, LabelClass
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.detection import TILE, find_in_picture
from engine.learning.evaluate import collect_answers
from engine.learning.explain import Heat, check_method, explain_target, score_target
from engine.learning.explanations import ExplanationRequest, share_inside
from engine.learning.feeding import fed_slices
from engine.learning.likeness import working_size
from engine.learning.pixels import Picture, resize, scaled_size, to_batch
from engine.learning.predict import Predictor, likeliest_class, reraise_unless_oom
from engine.learning.sanity import check_map, verdict
from engine.progress import Notice, Progress, Work
from engine.project.items import Item
from engine.project.project import Project
from engine.project.runs import LearntClass, Run
from engine.scoring.cases import choose_cases, kind_of
from engine.scoring.classify import UNANSWERED, predicted_classes
from engine.scoring.render import heat
from engine.words import translatable

CASES = 4


@dataclass(frozen=True, eq=False)
class Explained:
    """One case. `heat` (h, w) float32 in 0..1 and `plain` (h, w[, 3]) uint8, the picture, as the image is stored, at its own size;
    `flips` turns them as they hang on the screen. `picture` (h, w, 3) uint8 is the heat drawn over it, turned.

    `said` and `truth` are places of the project's classes (truth None: unknown; said UNANSWERED: it is no class any more), `said_name` and
    `share` the name and the probability of what was said; of masks it is the class that is explained and its part of the slice. `target`
    names the class that is explained. `kind` is "right", "wrong" or "unsure" where the program chose the case, else ""; `run` is the run's
    number, which a new name does not change.
    `inside` is the share of the heat that lies in the item's mask (of the class that is explained, of any for a classifier), None without
    a mask. `correlation` is what `sanity.check_map` gives where that was asked for, `verdict` says it in words.
    """

    item: int
    name: str
    heat: NDArray[np.float32]
    plain: NDArray[np.uint8]
    picture: NDArray[np.uint8]
    said: int
    share: float
    truth: int | None
    kind: str = ""
    run: int = 0
    method: str = ""
    flips: Flips = (False, False)
    target: str = ""
    inside: float | None = None
    correlation: float | None = None
    verdict: Notice | None = None
    said_name: str = ""


def explain_items(
    folder: Path, run: str | int, items: Sequence[int] | None, request: ExplanationRequest | None = None
) -> Work[int]:
    """Yield an Explained for each item, or for a few of the test set: for classes telling ones, surely right, surely wrong, unsure, the
    same for every run, so that networks can be compared (the oldest run that has answered chooses them); for masks and objects some
    spread over the set. How many were explained comes back; one that cannot be is named in a Notice, EngineError where none can."""
    request = request or ExplanationRequest()
    check_method(request.method)
    with Project.open(folder, write=False) as project:
        found = project.runs.get(run)
        classifies = project.task == "classification"
        if items is None:
            items, chosen = (_telling(project, found) if classifies else _spread(project)), True
        else:
            chosen = False
        ready = project.items.those(items)
        masks = _Masks(folder, project.classes)
        learnt = found.learnt(project.classes)
    card, network = bundle.restore(found.model())
    if request.at is not None and card.task == "classification":
        raise EngineError(
            translatable("{run} answers for the whole image, not for one place of it."),
            translatable("Leave the place out, or choose a run that paints masks."),
            run=found.name,
        )
    explainer = _Explainer(found, card, network, request, masks, learnt)
    done, fault, passed_over = 0, None, []
    for number, item in enumerate(ready):
        yield Progress(number, len(ready), item.name)
        try:
            yield (yield from explainer.of(item, chosen))
            done += 1
        except EngineError as refusal:
            fault = refusal
            values: dict[str, object] = {"name": item.name, "reason": str(refusal)}
            passed_over.append(Notice(translatable("{name} was passed over: {reason}"), values))
    if fault is not None and not done:
        yield from passed_over[:-1]
        raise fault
    yield from passed_over
    return done


class _Explainer:
    """A run's network, asked about one item after the other."""

    def __init__(
        self,
        run: Run,
        card: ModelCard,
        network: nn.Module,
        request: ExplanationRequest,
        masks: "_Masks",
        learnt: Sequence[LearntClass],
    ) -> None:
        self._run, self._card, self._network, self._request, self._masks = run, card, network, request, masks
        self._learnt = learnt  # by the network's outputs
        self._predictor = Predictor(network, card)
        self._target = _output_of(card, learnt, request.target) if request.target else None

    def of(self, item: Item, chosen: bool) -> Work[Explained]:
        """EngineError where the item cannot be read, or holds nothing to explain."""
        image = read_image(item.present())
        if self._card.task == "classification":
            return (yield from self._class_of(item, image, chosen))
        return (yield from self._mask_of(item, image))

    def _class_of(self, item: Item, image: Image, chosen: bool) -> Work[Explained]:
        square = self._predictor.square(image)
        shares = self._predictor.classify([square])[0]
        yield from self._predictor.drain_notices()
        said = int(predicted_classes(shares[None])[0])
        if said == UNANSWERED:
            raise EngineError(translatable("the network answers with what is no number"), "")
        target = said if self._target is None else self._target
        looked, correlation = yield from self._look(square, target, None)
        warm = _unsquared(looked, item.shape[1], item.shape[2], self._card.size)
        z = image.shape[0] // 2
        return self._case(
            item,
            image,
            z,
            warm,
            self._masks.any_class(item, z),
            said=self._learnt[said],
            share=float(shares[said]),
            target=self._learnt[target].name,
            kind=kind_of(shares, self._output(item.label)) if chosen else "",
            correlation=correlation,
        )

    def _output(self, label: int | None) -> int | None:
        """The network's output for a class of the project; None where it never knew it."""
        return next((at for at, one in enumerate(self._learnt) if label is not None and one.place == label), None)

    def _mask_of(self, item: Item, image: Image) -> Work[Explained]:
        z, place = self._place(item, image)
        size = working_size(self._card, image)
        picture = resize(fed_slices(self._card, image)(range(z, z + 1))[0], *size)
        labels = yield from self._labels(picture, item.name, side_axis(image.geometry))
        yield from self._predictor.drain_notices()
        at = _scaled(place, image.shape[1:], size) if place is not None else None
        target = self._target
        if target is None:
            target = int(labels[at]) if at is not None else _commonest(labels)
        top, left, tile = self._tile(picture, labels == target, at)
        if tile.shape[:2] != picture.shape[:2]:
            values = {"name": item.name, "side": self._side, "row": top, "column": left}
            text = translatable(
                "{name} is read in tiles of {side} px: explained is the one that begins at row {row}, column {column}."
            )
            yield Notice(text, values)
        within = (at[0] - top, at[1] - left) if at is not None else None
        looked, correlation = yield from self._look(tile, target, within)
        whole = np.zeros(size, np.float32)
        whole[top : top + len(looked), left : left + looked.shape[1]] = looked[: size[0] - top, : size[1] - left]
        warm = _resized(whole, *image.shape[1:])
        return self._case(
            item,
            image,
            z,
            warm,
            self._masks.of_class(item, z, self._card, target),
            said=self._learnt[target - 1] if target else None,
            share=float((labels == target).mean()),
            target=self._learnt[target - 1].name if target else "",
            correlation=correlation,
        )

    def _place(self, item: Item, image: Image) -> tuple[int, tuple[int, int] | None]:
        """The slice to look at, and the place in it, if one was wished."""
        at = self._request.at
        if at is None:
            return self._masks.fullest(item, self._run, image.shape[0]), None
        z = self._masks.fullest(item, self._run, image.shape[0]) if at[0] < 0 else at[0]
        if any(not 0 <= place < long for place, long in zip((z, *at[1:]), image.shape, strict=True)):
            raise EngineError(
                translatable("There is no row {row}, column {column} in slice {slice} of {name}."),
                translatable("Slices: {slices}, rows: {height}, columns: {width}; all count from 0."),
                row=at[1],
                column=at[2],
                slice=z,
                name=item.name,
                slices=image.shape[0],
                height=image.shape[1],
                width=image.shape[2],
            )
        return z, at[1:]

    def _labels(self, picture: Picture, name: str, axis: SideAxis) -> Work[NDArray[np.int64]]:
        """What the network marks (h, w): of objects the classes of those it is sure of."""
        yield Progress(0, 0, name)
        if self._card.task == "instances":
            shape = (picture.shape[0], picture.shape[1])
            found = yield from find_in_picture(self._predictor, picture, shape, Progress(0, 0, name))
            labels: NDArray[np.int64] = found.shown.class_map()[0].astype(np.int64)
            return labels
        side = self._side
        tiled = side and max(picture.shape[:2]) > side
        asked = self._predictor
        logits = asked.tiled(picture, side, axis) if tiled else asked.logits([picture], axis)
        return likeliest_class(logits, self._card)[0].cpu().numpy().astype(np.int64)

    @property
    def _side(self) -> int:
        """Of what the network sees at once; 0: all of an image."""
        return TILE if self._card.task == "instances" else self._card.patch or self._card.size

    def _tile(
        self, picture: Picture, wanted: NDArray[np.bool_], at: tuple[int, int] | None
    ) -> tuple[int, int, Picture]:
        """What the network sees at once: (first row, first column, picture), around the place or else where most of the class lies."""
        side = self._side
        height, width = picture.shape[:2]
        if not side or max(height, width) <= side:
            return 0, 0, picture
        if at is None:
            near = cv2.boxFilter(
                wanted.astype(np.float32), -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT
            )
            row, column = np.unravel_index(int(near.argmax()), near.shape)
            at = int(row), int(column)
        top, left = (
            max(0, min(place - side // 2, long - side)) for place, long in zip(at, (height, width), strict=True)
        )
        return top, left, picture[top : top + side, left : left + side]

    def _look(self, picture: Picture, target: int, at: tuple[int, int] | None) -> Work[tuple[Heat, float | None]]:
        batch = to_batch([picture], self._card.intensity).to(self._predictor.device)
        try:
            scored = score_target(self._network, batch, target, at)
            found = yield from explain_target(self._network, batch, scored, self._request.method)
            if not self._request.checked or not found.any():
                return found, None
            return found, (yield from check_map(self._network, batch, scored, self._request.method, found))
        except (RuntimeError, MemoryError) as fault:
            reraise_unless_oom(fault, last=True)
            raise

    def _case(
        self,
        item: Item,
        image: Image,
        z: int,
        warm: Heat,
        mask: NDArray[np.bool_] | None,
        *,
        said: LearntClass | None,
        share: float,
        target: str,
        kind: str = "",
        correlation: float | None,
    ) -> Explained:
        shown = to_display(image.pixels[z], image.window, image.inverted)
        flips = display_flips(image.geometry)
        return Explained(
            item=item.id,
            name=item.name,
            heat=warm,
            plain=shown,
            picture=np.ascontiguousarray(flip(heat(shown, warm), flips)),
            said=UNANSWERED if said is None or said.place is None else said.place,
            said_name=said.name if said is not None else "",
            share=share,
            truth=item.label,
            kind=kind,
            run=self._run.id,
            method=self._request.method,
            flips=flips,
            target=target,
            inside=None if mask is None else share_inside(warm, mask),
            correlation=correlation,
            verdict=verdict(correlation) if self._request.checked and warm.any() else None,
        )


class _Masks:
    """What a project knows of where things are, read when it is asked for."""

    def __init__(self, folder: Path, classes: Sequence[LabelClass]) -> None:
        self._folder, self._classes = folder, classes

    def any_class(self, item: Item, z: int) -> NDArray[np.bool_] | None:
        labels = self._slice(item, z)
        return None if labels is None else (labels > 0) & (labels != UNLABELLED)

    def of_class(self, item: Item, z: int, card: ModelCard, output: int) -> NDArray[np.bool_] | None:
        """Of the class that is this output of the network, however it is called now."""
        labels, value = self._slice(item, z), _value_of(card, self._classes, output)
        return None if labels is None or value is None else labels == value

    def fullest(self, item: Item, run: Run, slices: int) -> int:
        """The slice with most of what the run predicted, else of the mask, else the middle one."""
        if slices == 1:
            return 0
        with Project.open(self._folder, write=False) as project:
            for layer in (project.layers.prediction(item.id, run.id), project.layers.mask(item.id)):
                if layer is not None:
                    labels = project.layers.read(layer, item.shape)
                    counts = ((labels > 0) & (labels != UNLABELLED)).sum((1, 2))
                    if counts.any():
                        return int(counts.argmax())
        return slices // 2

    def _slice(self, item: Item, z: int) -> NDArray[np.uint8] | None:
        with Project.open(self._folder, write=False) as project:
            layer = project.layers.mask(item.id)
            if layer is None or z not in project.layers.labelled(item.id):
                return None
            labels: NDArray[np.uint8] = project.layers.read(layer, item.shape)[z]
            return labels


def _output_of(card: ModelCard, learnt: Sequence[LearntClass], name: str) -> int:
    """Which output of the network says the class of that name, which it has in the project now, or had in the training."""
    now, then = [one.name for one in learnt], [known for known, _ in card.classes]
    names = now if name in now else then
    if name not in names:
        raise EngineError(
            translatable("The network knows no class {name}."),
            translatable("Choose one of: {choices}."),
            name=name,
            choices=", ".join(now),
        )
    return names.index(name) + (card.task != "classification")


def _value_of(card: ModelCard, classes: Sequence[LabelClass], output: int) -> int | None:
    """The value in the project's masks of a network's output; None where the project has no such class any more."""
    if output == 0:
        return 0
    keys = [one.identity for one in classes] if card.identities else [one.name for one in classes]
    key = card.identities[output - 1] if card.identities else card.classes[output - 1][0]
    return keys.index(key) + 1 if key in keys else None


def _commonest(labels: NDArray[np.int64]) -> int:
    """The class but the background with most pixels. EngineError where there is none."""
    counts = np.bincount(labels.ravel())
    if not counts[1:].any():
        raise EngineError(
            translatable("The network marks nothing in this image, so there is nothing to explain."),
            translatable("Choose a class and a place, or another image."),
        )
    return int(counts[1:].argmax()) + 1


def _scaled(at: tuple[int, int], shape: Sequence[int], size: Sequence[int]) -> tuple[int, int]:
    """A place of an image in the image as the network sees it."""
    row, column = (place * new // old for place, old, new in zip(at, shape, size, strict=True))
    return row, column


def _spread(project: Project) -> list[int]:
    """A few items of the test set, else of the validation set, else of all, spread evenly."""
    for split in ("test", "val", None):
        items = [item.id for item in project.items.all(split) if not item.rejected]
        if items:
            return [items[place] for place in spread(len(items), CASES)]
    return []


def _telling(project: Project, run: Run) -> list[int]:
    """The cases that say most about the oldest run that has answered any of the test set, else of the validation set."""
    for split in ("test", "val", None):
        for other in project.runs.all():
            said = project.runs.probabilities(other)
            items = [item for item in project.items.all(split) if not item.rejected]
            found = collect_answers(items, said, other.learnt(project.classes))
            if found is not None:
                return [found.items[at] for at, _ in choose_cases(found.everything, found.truth, CASES)]
    raise EngineError("{run} has predicted nothing yet.", "Predict the test set first.", run=run.name)


def _unsquared(warm: Heat, height: int, width: int, side: int) -> Heat:
    """A heat map of the network's square input, brought back to the image's own shape."""
    inner = scaled_size(height, width, side)
    top, left = (side - inner[0]) // 2, (side - inner[1]) // 2
    return _resized(warm[top : top + inner[0], left : left + inner[1]], height, width)


def _resized(warm: Heat, height: int, width: int) -> Heat:
    done = cv2.resize(np.ascontiguousarray(warm), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(np.asarray(done, np.float32), 0.0, 1.0)

"""Learning objects one by one: slices with their objects in memory, patches around them, AP at IoU 0.5 as validation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.augment.advice import ratio_notices, side_notices, side_rule
from engine.augment.pipeline import EpochAugmenter, Sample
from engine.augment.presets import load_preset, preset_for
from engine.config import AUTO, Settings, TrainConfig
from engine.errors import EngineError
from engine.imaging.geometry import Flips, Geometry, SideAxis, display_flips, side_axis
from engine.imaging.intensity import SURVEYED, Intensity, grey_of, rule_for, to_unit
from engine.imaging.read import read_image
from engine.imaging.sample import spread
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Labels
from engine.labels.instances import Instances
from engine.labels.sides import Laterality, auto_rule, side_pairs
from engine.learning import auto, bundle, device, models
from engine.learning.bundle import ModelCard, new_card
from engine.learning.detection import find_in_picture
from engine.learning.learner import Learner, Validation
from engine.learning.likeness import ImageFacts, Mixture, facts_of, training_images
from engine.learning.network_memory import check_network_memory
from engine.learning.own_start import goes_on, own_start
from engine.learning.pixels import Picture, check_memory, mean_std, pad, resize, scaled_size, stored_bytes
from engine.learning.predict import Predictor
from engine.learning.segmentation import SliceSample, case_seen, class_dice
from engine.learning.slices import (
    SliceLearner,
    SliceSelection,
    brought_to_size,
    common_canvas,
    counted,
    labelled_sets,
    left_out,
    patches_of,
    seen_in_an_epoch,
    square_around,
    step_shape,
    subsample,
    validated_on,
    without_examples,
)
from engine.learning.weights import going_on, start_weights
from engine.progress import Notice, Progress, Work
from engine.project import objects
from engine.project.items import Item
from engine.project.objects import SURE
from engine.project.project import Project
from engine.scoring.instances import ObjectMatches, match_objects, object_scores
from engine.scoring.metrics import confusion
from engine.words import translatable

LIGHT = "mask-rcnn-light"
"""What Auto takes for objects one by one."""

_VOID = 65_535  # what stands for unlabelled among the ids of one slice
_SMALL = 12.0  # px of an object's side, below which images are enlarged
_WANTED = 20.0  # px to which they are, where they are all of one size
_LARGEST = 1024  # px to which small images are enlarged at most
_LEAST_AREA = 6  # px: what is left of an object at a patch's edge is none below it
_CASES = 5
_BYTES = 4  # of a pixel of an object's own mask, which is compared as float32


@dataclass(frozen=True, eq=False)
class SliceObjects:
    """One slice with its objects at the working size, padded to the canvas: `ids` (h, w), numbered from 1 and _VOID where nothing is
    labelled, `classes` by id; `size` (h, w) is what of it is image, `flips` how it is shown, `side_axis` how left and
    right lie in it."""

    item: int
    picture: Picture
    ids: NDArray[np.uint16]
    classes: NDArray[np.uint8]
    size: tuple[int, int]
    flips: Flips = (False, False)
    side_axis: SideAxis = "across"

    @property
    def inner(self) -> NDArray[np.uint16]:
        """The ids of what is image."""
        return self.ids[: self.size[0], : self.size[1]]

    @property
    def labels(self) -> Labels:
        """The class at each pixel, the canvas included."""
        table = np.zeros(1 << 16, np.uint8)
        table[: len(self.classes)], table[_VOID] = self.classes, UNLABELLED
        shown: Labels = table[self.ids]
        return shown


class InstanceLearner(SliceLearner):
    """The Learner of objects."""

    takes_targets = True

    def __init__(
        self, config: TrainConfig, card: ModelCard, train: Sequence[SliceObjects], val: dict[str, list[SliceObjects]]
    ) -> None:
        augmentation, names = load_preset(config.preset), [name for name, _ in card.classes]
        self.config, self._train, self._val = config, train, val
        self.side_axes = {piece.side_axis for piece in train}
        self.card = replace(card, recipe={"sides": side_rule(names, augmentation, config.sides, self.side_axes)})
        self._sides = Laterality(side_pairs(names), config.sides)
        self._takes = np.array([patches_of(p.size, config.patch) for p in train])
        self.steps = max(1, int(self._takes.sum()) * config.per_image // config.batch)
        plain = Laterality((), "off" if config.sides == "off" else "keep")  # ids have no sides: classes exchange below
        self._augment = EpochAugmenter(augmentation, plain, config.per_image, self.steps * config.batch)
        self.notices, self.sets = [], {}
        self.loss = _own_loss
        self.network = bundle.build(card)

    def _sample(self, index: int, key: tuple[int, int, int]) -> tuple[Picture, NDArray[np.int64]]:
        """A changed picture and, at each pixel, 256 times the object's id plus its class."""
        piece, side = self._train[index], self.config.patch
        picture = piece.picture.astype(np.float32) if piece.picture.dtype == np.float16 else piece.picture
        crop = self._square(piece, key) if side else None
        sample = self._augment.apply(picture, piece.ids, key, (side, side) if side else None, crop, piece.side_axis)
        assert sample.mask is not None
        ids = sample.mask.astype(np.uint16, copy=False)
        image = self._blanked(sample, ids)
        ids, classes = apart(np.where(ids == _VOID, np.uint16(0), ids), self._classes_of(piece, sample))
        return image, ids.astype(np.int64) * 256 + classes[ids]

    def _classes_of(self, piece: SliceObjects, sample: Sample) -> NDArray[np.uint8]:
        classes = piece.classes.copy()
        if sample.mirrored:
            for place in range(len(self.card.classes)):
                classes[piece.classes == place + 1] = self._sides.mirrored(place) + 1
        return classes

    def _blanked(self, sample: Sample, ids: NDArray[np.uint16]) -> Picture:
        """The picture without what nobody labelled: an object there would be taught as background."""
        void = ids == _VOID
        image: Picture = sample.image
        if void.any():
            scale = 255.0 if image.dtype == np.uint8 else 1.0
            mean = np.array(self.card.intensity.mean) * scale
            image[void] = mean[0] if image.ndim == 2 else mean
        return image

    def _square(self, piece: SliceObjects, key: tuple[int, ...]) -> tuple[int, int, int, int]:
        """Where a patch is cut (top, left, height, width): three times of four around an object."""
        draw, side, shape = np.random.default_rng(key), self.config.patch, piece.ids.shape
        centre = draw.integers((0, 0), shape)
        if len(piece.classes) > 1 and draw.random() < 0.75:
            inside = np.argwhere(piece.ids == draw.integers(1, len(piece.classes)))
            if len(inside):
                centre = inside[len(inside) // 2] + draw.integers(-side // 3, side // 3 + 1, 2)
        return square_around(centre, side, shape)

    def validate(self, predictor: Predictor) -> Work[Validation]:
        names = [name for name, _ in self.card.classes]
        matches: list[ObjectMatches] = []
        dice: list[list[float | None]] = []
        cases = []
        shown = set(spread(len(self._val), _CASES))
        for number, (name, pieces) in enumerate(self._val.items()):
            counts = np.zeros((len(names) + 1,) * 2, np.int64)
            said: list[Labels] = []
            for piece in pieces:
                yield Progress(number, len(self._val), name)
                height, width = piece.size
                done = Progress(number, len(self._val), name)
                found = yield from find_in_picture(predictor, piece.picture[:height, :width], piece.size, done)
                yield from predictor.drain_notices()
                truth = Instances(np.where(piece.inner == _VOID, np.uint16(0), piece.inner)[None], piece.classes)
                void = (piece.inner == _VOID)[None]
                matches.append(match_objects(name, truth, found.objects, found.sure, void, SURE))
                said.append(found.shown.class_map()[0])
                counts += confusion(piece.labels[: piece.size[0], : piece.size[1]], said[-1], len(names))
            dice.append(class_dice(counts))
            if number in shown:
                samples = [SliceSample(p.item, p.picture, p.labels, p.size, p.flips) for p in pieces]
                cases.append(case_seen(name, samples, said, dict(zip(names, dice[-1], strict=True))))
        scores = object_scores(matches, names)
        hits = [2 * m.hits[0].sum() / n for m in matches if (n := len(m.truth.ids) + len(m.sure))]
        return Validation(
            score=scores.ap50,
            noise=float(np.std(hits, ddof=1) / math.sqrt(len(hits))) if len(hits) > 1 else 0.0,
            loss=None,
            dice={name: _mean([row[place] for row in dice]) for place, name in enumerate(names)},
            ap50=scores.ap50,
            cases=tuple(cases),
        )


def _own_loss(output: Tensor, _: Tensor) -> Tensor:
    """The network has compared itself with the targets."""
    return output


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def apart(ids: NDArray[np.uint16], classes: NDArray[np.uint8]) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Objects of a changed slice numbered anew: what a border mirrored is another object, what is left of one that was cut off none."""
    fresh, kept = np.zeros_like(ids), [0]
    for id in np.flatnonzero(np.bincount(ids.reshape(-1))[1:]) + 1:
        rows, columns = (np.flatnonzero(line) for line in ((ids == id).any(axis=1), (ids == id).any(axis=0)))
        box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        count, parts, about, _ = cv2.connectedComponentsWithStats((ids[box] == id).view(np.uint8), connectivity=8)
        for part in range(1, count):
            if about[part, cv2.CC_STAT_AREA] >= _LEAST_AREA:
                fresh[box][parts == part] = len(kept)
                kept.append(int(classes[id]))
    return fresh, np.array(kept, np.uint8)


# What a training would be -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ObjectFacts:
    """What Auto looks at in a sample of the training set: objects' sides (px), their number by slice, images' longer sides (px)."""

    sides: NDArray[np.float64]
    counts: Sequence[int]
    longest: Sequence[int]


@dataclass(frozen=True)
class InstancePlan:
    """`config` has no "auto" left in it, `said` is why; the rest as in segmentation.TrainingPlan."""

    config: TrainConfig
    said: tuple[Notice, ...]
    wanted: Sequence[Item]
    kept_out: Sequence[Item]
    train: Sequence[SliceSelection]
    val: Sequence[SliceSelection]
    start: ModelCard | None
    intensity: Intensity
    channels: int
    images: Sequence[ImageFacts]


def planned(project: Project, config: TrainConfig, kept: ModelCard | None = None) -> Work[InstancePlan]:
    """Look at a sample of the training set and choose what was left to Auto. EngineError where there is nothing to learn, or not the
    memory for it."""
    plan = yield from _planned(project, config, kept)
    items = {one.item.id for one in plan.train}
    run = own_start(project, config, plan.config, items) if kept is None else None
    if run is None:
        return plan
    going = yield from _planned(project, replace(config, start_from=str(run.id)), None)
    return replace(going, said=(*going.said, goes_on(run, len(items))))


def _planned(project: Project, config: TrainConfig, kept: ModelCard | None) -> Work[InstancePlan]:
    wanted, kept_out, chosen, train, val = labelled_sets(project, config)
    start = kept or (bundle.read_card(project.runs.source(config).model()) if config.start_from else None)
    asked = config = _match_source_run(config, start)
    greys, images, facts = yield from _survey(project, train)
    channels = start.channels if start else 3 if any(w.item.color for w in chosen) else 1
    said: list[Notice] = []
    if kept is None:
        config, said = fitted(config, device.choose(config.device).type, facts, [c.name for c in project.classes])
        said += [*auto.idle_settings(asked, "objects")]
    shape, canvas = step_shape(config, train), common_canvas([one.item for one in train], config.size)
    masks = _bytes_of_masks(facts, shape, canvas)
    check_network_memory(config, channels, len(project.classes) + 1, shape, masks)
    if project.task != "instance":
        said.append(
            Notice(translatable("Each connected part of a class is learnt as one object: what touches counts as one."))
        )
    return InstancePlan(
        config=config,
        said=tuple(said),
        wanted=wanted,
        kept_out=kept_out,
        train=train,
        val=val,
        start=start,
        intensity=start.intensity if start else greys,
        channels=channels,
        images=images,
    )


def _match_source_run(config: TrainConfig, start: ModelCard | None) -> TrainConfig:
    if start is None:
        return config
    if start.task != "instances":
        raise EngineError(
            translatable("That run does not tell objects apart."), translatable("Choose a run of Mask R-CNN.")
        )
    return going_on(config, start)


def _survey(project: Project, train: Sequence[SliceSelection]) -> Work[tuple[Intensity, list[ImageFacts], ObjectFacts]]:
    greys, images, sides, counts = [], [], [], []
    for item, places in (train[i] for i in spread(len(train), SURVEYED)):
        yield Progress(0, 0, item.name)
        image = read_image(item.present())
        greys.append(grey_of(image))
        images.append(facts_of(image))
        found = objects.objects_of(project, item)
        for z in places[spread(len(places), 3)]:
            areas = np.bincount(found.ids[z].reshape(-1), minlength=len(found.classes))
            areas = areas[(areas > 0) & (found.classes > 0)]
            sides += np.sqrt(areas).tolist()
            counts.append(len(areas))
    if not sides:
        raise EngineError(
            translatable("The training set shows no object."), translatable("Paint or import some, then train again.")
        )
    longest = [max(item.shape[1:]) for item, _ in train]
    return rule_for(greys), images, ObjectFacts(np.array(sides), counts, longest)


def fitted(
    config: TrainConfig, place: str, facts: ObjectFacts, classes: Sequence[str]
) -> tuple[TrainConfig, list[Notice]]:
    """Fill in what was left to Auto for a training on the device `place`, and say it."""
    config = replace(config, arch=LIGHT if config.arch == AUTO else config.arch)
    config = auto.with_network(config, place)
    longest, usual = max(facts.longest), float(np.median(facts.sides))
    size = config.size
    if not size and usual < _SMALL and min(facts.longest) == longest:
        size = max(longest, min(_LARGEST, round(longest * _WANTED / usual)))
    scale = size / longest if size else 1.0
    own: Settings = {"anchors": _anchors_for(facts.sides * scale), "most": _most_for(facts.counts)}
    canvas = size or longest
    patch = config.patch or (auto.PATCH[place] if canvas > auto.PATCH[place] * 1.25 else 0)
    precision = "float32" if config.precision == AUTO and place == "cpu" else config.precision
    config = replace(
        config,
        size=size,
        patch=patch,
        options={**own, **config.options},
        precision=precision,
        preset=preset_for("instance", config.preset),
        sides=auto_rule(classes) if config.sides == AUTO else config.sides,
    )
    values: dict[str, object] = {
        "arch": config.arch,
        "patch": patch,
        "size": canvas,
        "batch": config.batch,
    }
    looked_for: dict[str, object] = {
        "usual": usual,
        "anchors": str(config.options["anchors"]).replace(",", ", "),
        "most": config.options["most"],
    }
    text = (
        translatable("{arch} on patches of {patch} px, batch {batch}.")
        if patch
        else translatable("{arch} on images of {size} px, batch {batch}.")
    )
    said = [
        Notice(text, values),
        Notice(
            translatable(
                "Objects have sides of about {usual:.0f} px: they are looked for in squares of {anchors} px, at most {most} in an image."
            ),
            looked_for,
        ),
    ]
    if config.weights == "imagenet" and config.encoder == auto.BUILT_IN:
        said.append(Notice(translatable("It starts from ImageNet's weights, which come with the program.")))
    return config, said


def _anchors_for(sides: NDArray[np.float64]) -> str:
    """Five squares, each twice the one before, that reach from the small objects to beyond the large ones."""
    low, high = np.percentile(sides, [10, 95])
    first = float(np.clip(max(low, high / 16), 4, 64))
    return ",".join(str(round(first * 2**step)) for step in range(5))


def _most_for(counts: Sequence[int]) -> int:
    """Half as many again as the fullest slice of the sample has, in hundreds."""
    return int(min(5000, max(100, math.ceil(max(counts) * 1.5 / 100) * 100)))


def _bytes_of_masks(facts: ObjectFacts, shape: tuple[int, int], canvas: tuple[int, int]) -> int:
    """Of the masks that an image on the canvas brings, as they are compared: each object has one of the image's `shape`."""
    seen = math.prod(shape)
    return int(_BYTES * seen * np.median(facts.counts) * min(1.0, seen / math.prod(canvas)))


# Reading the sets --------------------------------------------------------------------------------------------------------


def prepare(project: Project, config: TrainConfig, kept: ModelCard | None = None) -> Work[Learner]:
    """Read the training and validation sets and choose what was left to Auto.

    `kept` is the card of a training that goes on: its weights come from its checkpoint, whatever it started from.
    """
    plan = yield from planned(project, config, kept)
    config, start, channels, train, val = plan.config, plan.start, plan.channels, plan.train, plan.val
    card = new_card(
        "instances",
        project.classes,
        config,
        channels,
        plan.intensity,
        config.size,
        training_images(plan.images, config.size),
    )
    looked_at = subsample(val)
    canvas = None if config.patch else common_canvas([w.item for w in train], card.size)
    check_memory(_needed([*train, *looked_at], card, canvas))
    mixture = Mixture()
    pieces = yield from _load(project, train, card, canvas, mixture)
    checked = yield from _load(project, looked_at, card, None, mixture)
    flat = [piece for group in pieces.values() for piece in group]
    if not start:
        mean, deviation = mean_std([p.picture for p in [flat[i] for i in spread(len(flat), 200)]])
        card = replace(card, intensity=replace(card.intensity, mean=mean, deviation=deviation))
    learner = InstanceLearner(config, card, flat, checked)
    models.try_out(learner.network, config.encoder, channels, config.patch or max(canvas or (0,)))
    learner.sets, learner.items = counted(train, val), frozenset(one.item.id for one in train)
    names = [c.name for c in project.classes]
    present = np.zeros(len(names) + 1, np.bool_)
    for piece in flat:
        present[piece.classes] = True
    learner.notices = [
        *plan.said,
        *mixture.said(plan.intensity, channels),
        *brought_to_size([w.item for w in train], card.size),
        *seen_in_an_epoch([piece.size for piece in flat], config.patch),
        *left_out(plan.wanted, train, plan.kept_out),
        *without_examples(names, present[1:]),
        *side_notices(names, load_preset(config.preset), config.sides, learner.side_axes),
        *ratio_notices(config.per_image),
    ]
    if kept is None:
        learner.notices += start_weights(learner.network, card, project, config)
    learner.notices += validated_on(val, looked_at, [piece.labels for group in checked.values() for piece in group])
    return learner


def _load(
    project: Project,
    wanted: Sequence[SliceSelection],
    card: ModelCard,
    canvas: tuple[int, int] | None,
    mixture: Mixture,
) -> Work[dict[str, list[SliceObjects]]]:
    """The slices with their objects at the working size, padded to the canvas, by item."""
    result: dict[str, list[SliceObjects]] = {}
    layers = project.layers.masks()
    for number, (item, places) in enumerate(wanted):
        yield Progress(number, len(wanted), item.name)
        image = read_image(item.present())
        item.check_image(image)
        mixture.add(item.name, image)
        found = objects.objects_of(project, item)
        void = project.layers.read(layers[item.id], item.shape) == UNLABELLED
        unit = to_unit(image, card.intensity, card.channels)
        size = scaled_size(*item.shape[1:], card.size)
        result[item.name] = [
            _slice(item.id, resize(unit[z], *size), found.ids[z], found.classes, void[z], size, image.geometry, canvas)
            for z in places
        ]
    return result


def _slice(
    item: int,
    picture: Picture,
    ids: NDArray[np.uint16],
    classes: NDArray[np.uint8],
    void: NDArray[np.bool_],
    size: tuple[int, int],
    geometry: Geometry,
    canvas: tuple[int, int] | None,
) -> SliceObjects:
    """The objects of one slice numbered from 1, so that one number more can stand for what is unlabelled."""
    there = np.flatnonzero(np.bincount(ids.reshape(-1), minlength=len(classes)) * (classes > 0))[: _VOID - 1]
    table = np.zeros(len(classes), np.uint16)
    table[there] = np.arange(1, len(there) + 1)
    own = table[ids]
    own[void] = _VOID
    if own.shape != size:
        own = np.asarray(cv2.resize(own, (size[1], size[0]), interpolation=cv2.INTER_NEAREST_EXACT), np.uint16)
    if canvas is not None:
        picture = np.ascontiguousarray(pad(picture, *canvas))
        down, across = canvas[0] - size[0], canvas[1] - size[1]
        own = np.pad(own, ((0, down), (0, across)))
    kinds = np.concatenate([[0], classes[there]]).astype(np.uint8)
    return SliceObjects(item, picture, own, kinds, size, display_flips(geometry), side_axis(geometry))


def _needed(wanted: Sequence[SliceSelection], card: ModelCard, canvas: tuple[int, int] | None) -> int:
    """Bytes of the slices with their objects."""
    sizes = ((canvas or scaled_size(*item.shape[1:], card.size), len(places)) for item, places in wanted)
    pixels = sum(height * width * count for (height, width), count in sizes)
    return stored_bytes(pixels, card.intensity, card.channels) + 2 * pixels

"""Learning masks: what Auto makes of the settings, the training set in memory, augmented batches, Dice per class as validation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.augment.advice import ratio_notices, side_notices, side_rule
from engine.augment.pipeline import EpochAugmenter
from engine.augment.presets import load_preset
from engine.config import AUTO, TrainConfig
from engine.errors import EngineError
from engine.imaging.geometry import Flips, SideAxis, display_flips, flip, side_axis
from engine.imaging.intensity import SURVEYED, Intensity, grey_of, rule_for, to_unit
from engine.imaging.read import read_image
from engine.imaging.sample import spread
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Labels
from engine.labels.sides import Laterality, side_pairs
from engine.learning import auto, bundle, device, models, pace
from engine.learning.bundle import ModelCard, new_card
from engine.learning.feeding import beside, with_neighbours
from engine.learning.learner import Learner, Validation
from engine.learning.likeness import ImageFacts, Mixture, facts_of, training_images
from engine.learning.losses import make_loss, shifted_loss
from engine.learning.network_memory import check_network_memory
from engine.learning.own_start import goes_on, own_start
from engine.learning.pace import Pace
from engine.learning.pixels import (
    Picture,
    check_memory,
    mean_std,
    pad,
    resize,
    resize_labels,
    scaled_size,
    stored_bytes,
)
from engine.learning.predict import Predictor, likeliest_class
from engine.learning.slices import (
    LARGER,
    SliceLearner,
    SliceSelection,
    brought_to_size,
    common_canvas,
    counted,
    labelled_sets,
    left_out,
    lost_in_size,
    patches_of,
    seen_in_an_epoch,
    square_around,
    step_shape,
    subsample,
    validated_on,
    without_examples,
)
from engine.learning.survey import place_knowledge
from engine.learning.weights import going_on, matched_outputs, start_weights
from engine.progress import CaseSeen, Notice, Progress, Work
from engine.project.items import Item
from engine.project.layers import Layer
from engine.project.project import Project
from engine.scoring.metrics import confusion
from engine.words import translatable

_RARE = 0.02  # of the pixels
_MOST = 10.0  # with 30 the rarest of the road scenes gained less than the others lost
_TAKEN_BACK = 0.5  # of the logarithm of a class's weight: with none or all of it, they were found worse (docs/auto.md)
_CASES = 5
_CASE_SIDE = 192


@dataclass(frozen=True, eq=False)
class SliceSample:
    """One slice with its mask at the working size, padded to the canvas; `size` (h, w) is what of it is image, `flips` how it is shown,
    `side_axis` how left and right lie in it. `beside`: the pictures of the slices that it is fed with, its own among them (as
    `feeding.BESIDE` says; shared with those slices' samples), or none."""

    item: int
    picture: Picture
    labels: Labels
    size: tuple[int, int]
    flips: Flips = (False, False)
    side_axis: SideAxis = "across"
    beside: tuple[Picture, ...] = ()

    @property
    def fed(self) -> Picture:
        """What the network is fed."""
        return with_neighbours(self.beside) if self.beside else self.picture


class SegmentationLearner(SliceLearner):
    """The Learner of masks."""

    def __init__(
        self, config: TrainConfig, card: ModelCard, train: Sequence[SliceSample], val: dict[str, list[SliceSample]]
    ) -> None:
        augmentation, names = load_preset(config.preset), [name for name, _ in card.classes]
        self.config, self._train, self._val = config, train, val
        self.side_axes = {piece.side_axis for piece in train}
        self.card = replace(card, recipe={"sides": side_rule(names, augmentation, config.sides, self.side_axes)})
        self.present = np.any([_which(p.labels)[: card.outputs] for p in train], axis=0)  # which values are learnt
        self._takes = np.array([patches_of(p.size, config.patch) for p in train])
        self._chance = _chances(train) if config.balance else None
        self._places = [_foreground(p.labels) for p in train] if config.patch else []
        weights = torch.from_numpy(class_weights([p.labels for p in train], card.outputs)) if config.balance else None
        self.loss = make_loss(config.loss, card.outputs, task=card.task, class_weights=weights)
        if weights is not None:  # half of what they make the network claim too often
            self.loss = shifted_loss(self.loss, _TAKEN_BACK * weights.log())
        self.steps = max(1, int(self._takes.sum()) * config.per_image // config.batch)
        sides = Laterality(side_pairs(names), config.sides)
        length = self.steps * config.batch
        self._augment = EpochAugmenter(augmentation, sides, config.per_image, length, grey=card.neighbours)
        self.notices, self.sets = [], {}
        self.network = bundle.build(card)

    def _order(self, epoch: int) -> NDArray[np.int64]:
        """As often as they hold patches, or rarer classes more often."""
        if self._chance is None:
            return super()._order(epoch)
        draw, chance = np.random.default_rng((self.config.seed, epoch)), self._chance * self._takes
        return draw.choice(len(self._train), self.steps * self.config.batch, p=chance / chance.sum())

    def _sample(self, index: int, key: tuple[int, int, int]) -> tuple[Picture, Labels]:
        piece = self._train[index]
        picture = piece.fed
        picture = picture.astype(np.float32) if picture.dtype == np.float16 else picture
        crop = self._square(index, key) if self.config.patch else None
        size = (self.config.patch, self.config.patch) if crop else self._canvas_now(piece.labels.shape)
        sample = self._augment.apply(picture, piece.labels, key, size, crop, piece.side_axis)
        labels: Labels = np.zeros(0, np.uint8) if sample.mask is None else sample.mask.astype(np.uint8, copy=False)
        return sample.image, labels

    def _canvas_now(self, canvas: tuple[int, ...]) -> tuple[int, int]:
        """The size of the images that are learnt from now, in steps of 32: small ones first, since they teach more in a minute."""
        if not self.config.first_size or self.share >= auto.GROWN_AT:
            return canvas[0], canvas[1]
        factor = min(1.0, self.config.first_size / max(self._train[0].size))
        height, width = (max(32, round(side * factor / 32) * 32) for side in canvas)
        return height, width

    def _square(self, index: int, key: tuple[int, ...]) -> tuple[int, int, int, int]:
        """Where a patch is cut (top, left, height, width): every second time around a labelled pixel, classes taking turns."""
        draw, side = np.random.default_rng(key), self.config.patch
        places, shape = self._places[index], self._train[index].labels.shape
        if places and draw.random() < 0.5:
            spots = places[draw.integers(len(places))]
            centre = spots[draw.integers(len(spots))] + draw.integers(-side // 3, side // 3 + 1, 2)
        else:
            centre = draw.integers((0, 0), shape)
        return square_around(centre, side, shape)

    def validate(self, predictor: Predictor) -> Work[Validation]:
        names = [name for name, _ in self.card.classes]
        scores: list[list[float | None]] = []
        losses, cases, held, odd = [], [], False, 0
        shown = (
            set(np.linspace(0, len(self._val) - 1, min(_CASES, len(self._val))).round().astype(int))
            if self._val
            else set()
        )
        for number, (name, pieces) in enumerate(self._val.items()):
            counts = np.zeros((len(names) + 1,) * 2, np.int64)
            found: list[Labels] = []
            at_once = predictor.batch  # it may become smaller on the way
            for start in range(0, len(pieces), at_once):
                group = pieces[start : start + at_once]
                logits = self._logits(predictor, group)
                truth = torch.from_numpy(np.stack([p.labels for p in group]).astype(np.int64))
                losses.append(float(predictor.with_cpu_fallback(self._loss_of, (logits, truth))))
                likeliest = predictor.with_cpu_fallback(self._likeliest, (logits,)).cpu().numpy()
                yield from predictor.drain_notices()
                for piece, labels in zip(group, likeliest, strict=True):
                    inner = labels[: piece.size[0], : piece.size[1]]
                    counts += confusion(piece.labels[: piece.size[0], : piece.size[1]], inner, len(names))
                    found.append(inner)
                yield Progress(number, len(self._val), name)
            odd += predictor.had_odd_scores()
            dice = class_dice(counts)
            scores.append(dice)
            held = held or bool(counts[1:].any())
            if number in shown:
                cases.append(case_seen(name, pieces, found, dict(zip(names, dice, strict=True))))
        if odd:
            text = translatable(
                "Some of the network's scores of {count} of {all} images of the validation set are no numbers: what it paints there means"
                " nothing."
            )
            yield Notice(text, {"count": odd, "all": len(self._val)})
        summary = _summarise(names, scores, losses, cases)
        return summary if held else replace(summary, score=None)  # masks without a class prefer what finds nothing

    def _loss_of(self, pair: Sequence[Tensor]) -> Tensor:
        logits, truth = pair
        return self.loss(logits, truth.to(logits.device))

    def _likeliest(self, logits: Sequence[Tensor]) -> Tensor:
        return likeliest_class(logits[0], self.card)

    def _logits(self, predictor: Predictor, pieces: Sequence[SliceSample]) -> Tensor:
        if self.card.patch and max(pieces[0].labels.shape) > self.card.patch:
            return torch.cat([predictor.tiled(piece.fed, self.card.patch, piece.side_axis) for piece in pieces])
        return predictor.logits([piece.fed for piece in pieces], pieces[0].side_axis)  # of one item


# What a training would be -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TrainingPlan:
    """`config` has no "auto" left in it, `said` is why. `start` is the card of the run that it goes on from, `facts` are of a sample of the
    training set, `kept_out` are rejected items, `pace` is what was timed, if anything was."""

    config: TrainConfig
    said: tuple[Notice, ...]
    wanted: Sequence[Item]
    kept_out: Sequence[Item]
    layers: Mapping[int, Layer]
    train: Sequence[SliceSelection]
    val: Sequence[SliceSelection]
    start: ModelCard | None
    intensity: Intensity
    channels: int
    facts: Sequence[ImageFacts]
    pace: Pace | None
    threads_left: bool  # to Auto


def planned(
    project: Project, config: TrainConfig, kept: ModelCard | None = None, seconds: float | None = None
) -> Work[TrainingPlan]:
    """Look at a sample of the training set, time the network where minutes are the limit, and choose what was left to Auto.

    `kept` is the card of a training that goes on, of which everything was chosen before. EngineError where there is nothing to learn, or not
    the memory for it.
    """
    plan = yield from _planned(project, config, kept, seconds)
    items = {one.item.id for one in plan.train}
    run = own_start(project, config, plan.config, items) if kept is None else None
    if run is None:
        return plan
    going = yield from _planned(project, replace(config, start_from=str(run.id)), None, seconds)
    return replace(going, said=(*going.said, goes_on(run, len(items))))


def _planned(
    project: Project, config: TrainConfig, kept: ModelCard | None, seconds: float | None
) -> Work[TrainingPlan]:
    layers = project.layers.masks()
    wanted, kept_out, chosen, train, val = labelled_sets(project, config)
    items = [w.item for w in chosen]
    start = kept or (bundle.read_card(project.runs.source(config).model()) if config.start_from else None)
    wished = config.neighbours
    asked = config = _match_source_run(config, start)
    rule, facts, masks = yield from _survey_training_set(project, [w.item for w in train], layers)
    found, said = None, [auto.choice(config)]
    channels = start.channels if start else 1
    if kept is None:
        place = device.choose(config.device).type
        known = _facts(project, place, items, train, masks)
        config = auto.with_network(config, place)
        if start is None:
            config = replace(config, neighbours=auto.neighbours(config, known))
            channels = 3 if known.color or config.neighbours == "yes" else 1
        if config.minutes:
            share = config.minutes * 60 * pace.SHARE
            found = yield from pace.measured(config, channels, len(project.classes) + 1, min(share, seconds or share))
        config, said = auto.segmentation(config, known, found)
        canvas = common_canvas(items, config.size)
        if asked.patch == config.patch > max(canvas):  # mostly padding: minutes a step for nothing
            config = replace(config, patch=0)
            text = translatable("No image is larger than the patches of {patch} px: the network sees whole images.")
            said = [*said, Notice(text, {"patch": asked.patch})]
        if asked.neighbours == "yes" != config.neighbours:
            alone = Notice(translatable("Slices are seen alone, since there are images in colour."))
            said = [*said, alone if known.color else auto.idle("neighbours")]
        if start is not None and wished not in (AUTO, config.neighbours):  # it is fed as that run was
            said = [*said, auto.idle("neighbours")]
        said = [*said, *auto.never_smaller(asked, config), *auto.idle_settings(asked, "masks")]
    check_network_memory(config, channels, len(project.classes) + 1, step_shape(config, train))
    return TrainingPlan(
        config=config,
        said=tuple(said),
        wanted=wanted,
        kept_out=kept_out,
        layers=layers,
        train=train,
        val=val,
        start=start,
        intensity=start.intensity if start else rule,
        channels=channels,
        facts=facts,
        pace=found,
        threads_left=not asked.threads,
    )


def _facts(
    project: Project, place: str, items: Sequence[Item], train: Sequence[SliceSelection], masks: Sequence[Labels]
) -> auto.Facts:
    sizes = sorted((selection.item.shape[1], selection.item.shape[2]) for selection in train)
    images, in_volumes = (sum(len(one.places) for one in train if one.item.shape[0] >= least) for least in (1, 2))
    return auto.Facts(
        place,
        max(max(item.shape[1:]) for item in items),
        masks,
        any(item.color for item in items),
        images=images,
        shape=sizes[len(sizes) // 2],
        place=place_knowledge(masks),
        classes=tuple(c.name for c in project.classes),
        volumes=2 * in_volumes > images,
        beside=in_volumes > 0,
    )


def _match_source_run(config: TrainConfig, start: ModelCard | None) -> TrainConfig:
    if start is None:
        return config
    if start.task == "classification":
        raise EngineError("That run classifies whole images.", "Choose a run that segments.")
    return replace(going_on(config, start), neighbours="yes" if start.neighbours else "no")


def _survey_training_set(
    project: Project, items: Sequence[Item], layers: Mapping[int, Layer]
) -> Work[tuple[Intensity, list[ImageFacts], list[Labels]]]:
    """From a sample of the training set: the intensity rule, what the images are, and slices of masks for the size."""
    greys, facts, masks = [], [], []
    for item in (items[i] for i in spread(len(items), SURVEYED)):
        yield Progress(0, 0, item.name)
        image = read_image(item.present())
        greys.append(grey_of(image))
        facts.append(facts_of(image))
        labels = project.layers.read(layers[item.id], item.shape)
        labels[labels == UNLABELLED] = 0
        full = np.flatnonzero(labels.any(axis=(1, 2)))
        masks += [labels[z].copy() for z in full[spread(len(full), 3)]]
    return rule_for(greys), facts, masks


# Its start --------------------------------------------------------------------------------------------------------------


def prepare(project: Project, config: TrainConfig, kept: ModelCard | None = None) -> Work[Learner]:
    """Read the training and validation sets and choose what was left to Auto.

    `kept` is the card of a training that goes on: its weights come from its checkpoint, whatever it started from.
    """
    plan = yield from planned(project, config, kept)
    config, start, channels, train, val = plan.config, plan.start, plan.channels, plan.train, plan.val
    layers, intensity = plan.layers, plan.intensity
    card = new_card(
        "segmentation",
        project.classes,
        config,
        channels,
        intensity,
        config.size,
        training_images(plan.facts, config.size),
    )
    card = (
        replace(card, intensity=replace(intensity, mean=(0.0,) * channels, deviation=(1.0,) * channels))
        if not start
        else card
    )
    learnt, looked_at = train, subsample(val)
    canvas = None if config.patch else common_canvas([w.item for w in (*learnt, *looked_at)], card.size)
    check_memory(_needed([*learnt, *looked_at], card, canvas))
    mixture, held = Mixture(), np.zeros(256, np.bool_)
    pieces = yield from _load(project, learnt, layers, card, canvas, mixture, held)
    checked = yield from _load(project, looked_at, layers, card, canvas, mixture)
    flat = [piece for group in pieces.values() for piece in group]
    if not start:
        mean, deviation = mean_std([p.picture for p in [flat[i] for i in spread(len(flat), 200)]])
        card = replace(card, intensity=replace(intensity, mean=mean, deviation=deviation))
    learner = SegmentationLearner(config, card, flat, checked)
    learner.card = replace(learner.card, untaught=_untaught(card, learner.present[1:], start))
    names, held = [c.name for c in project.classes], held[1 : card.outputs]
    if len(learner.card.untaught) == len(card.classes):
        raise _nothing_to_learn(held, card.size)
    learner.mirrors = bool(config.minutes) and config.sides != "off"
    watches = plan.threads_left if kept is None else bool(kept.recipe.get("watches_threads", True))
    learner.watches_threads = bool(config.minutes) and watches
    models.try_out(learner.network, config.encoder, channels, config.patch or max(canvas or (0,)))
    learner.sets, learner.items = counted(learnt, val), frozenset(one.item.id for one in learnt)
    learner.notices = [
        *plan.said,
        *mixture.said(card.intensity, 1 if card.neighbours else channels),
        *_encoder_sides(config),
        *brought_to_size([w.item for w in learnt], card.size),
        *seen_in_an_epoch([piece.size for piece in flat], config.patch),
        *left_out(plan.wanted, learnt, plan.kept_out),
        *without_examples(names, held),
        *lost_in_size(names, held & ~learner.present[1:], card.size),
        *side_notices(names, load_preset(config.preset), config.sides, learner.side_axes),
        *ratio_notices(config.per_image),
    ]
    if kept is None:
        learner.notices += start_weights(learner.network, card, project, config)
    learner.notices += validated_on(val, looked_at, [piece.labels for group in checked.values() for piece in group])
    return learner


def _encoder_sides(config: TrainConfig) -> Iterator[Notice]:
    """Which sizes the encoder takes, where it is not any."""
    sides = models.sides_of(config.arch, config.encoder)
    values: dict[str, object] = {"encoder": config.encoder, "side": sides.multiple}
    if sides.most:
        text = translatable(
            "The encoder {encoder} takes images of {side} px only: smaller ones are padded, larger ones learnt in patches."
        )
        yield Notice(text, values)
    elif not sides.usual:
        text = translatable("The encoder {encoder} takes images of {side} px and its multiples: others are padded.")
        yield Notice(text, values)


def _load(
    project: Project,
    wanted: Sequence[SliceSelection],
    layers: Mapping[int, Layer],
    card: ModelCard,
    canvas: tuple[int, int] | None,
    mixture: Mixture,
    held: NDArray[np.bool_] | None = None,
) -> Work[dict[str, list[SliceSample]]]:
    """The slices at the working size, padded to the canvas, by item; `held` (256,) becomes true of the values that they held before."""
    result = {}
    for number, (item, places) in enumerate(wanted):
        yield Progress(number, len(wanted), item.name)
        image = read_image(item.present())
        item.check_image(image)
        mixture.add(item.name, image)
        labels = project.layers.read(layers[item.id], item.shape)
        unit = to_unit(image, card.intensity, 1 if card.neighbours else card.channels)
        count, shown = len(unit), _fed_places(places, len(unit), card)
        if len(places) < count:  # a copy, since slices that fit as they are would keep the volume they are part of
            unit, labels = unit[shown], labels[places]
        if held is not None:
            held |= _which(labels)
        size = scaled_size(*item.shape[1:], card.size)
        flips, axis = display_flips(image.geometry), side_axis(image.geometry)
        pictures = {z: _on_canvas(resize(one, *size), canvas) for z, one in zip(shown.tolist(), unit, strict=True)}
        result[item.name] = [
            SliceSample(
                item=item.id,
                picture=pictures[z],
                labels=_on_canvas(resize_labels(mask, *size), canvas),
                size=size,
                flips=flips,
                side_axis=axis,
                beside=tuple(pictures[other] for other in beside(z, count)) if card.neighbours else (),
            )
            for z, mask in zip(places.tolist(), labels, strict=True)
        ]
    return result


def _fed_places(places: NDArray[np.int64], count: int, card: ModelCard) -> NDArray[np.int64]:
    """Which of `count` slices the network is fed for those at the places."""
    if not card.neighbours:
        return places
    return np.unique([other for z in places.tolist() for other in beside(z, count)])


def _needed(wanted: Sequence[SliceSelection], card: ModelCard, canvas: tuple[int, int] | None) -> int:
    """Bytes of the slices with their masks."""
    pictures = labels = 0
    for item, places in wanted:
        height, width = canvas or scaled_size(*item.shape[1:], card.size)
        pictures += height * width * len(_fed_places(places, item.shape[0], card))
        labels += height * width * len(places)
    return stored_bytes(pictures, card.intensity, 1 if card.neighbours else card.channels) + labels


def _on_canvas(picture: Picture, canvas: tuple[int, int] | None) -> Picture:
    return picture if canvas is None else np.ascontiguousarray(pad(picture, *canvas))


def _chances(pieces: Sequence[SliceSample]) -> NDArray[np.float64] | None:
    """How often each piece is drawn: pieces with a class that few have more often (at most 4 times), the empty ones
    together at most half as often as the others together. None where all are alike."""
    have = np.array([_which(p.labels) for p in pieces])[:, 1:UNLABELLED]
    counts = have.sum(axis=0)
    weight = np.ones(len(pieces))
    for value in np.flatnonzero(counts):
        rare = np.clip(np.sqrt(len(pieces) / counts[value]), 1.0, 4.0)
        weight = np.where(have[:, value], np.maximum(weight, rare), weight)
    empty = ~have.any(axis=1)
    if empty.any() and not empty.all():
        weight[empty] = min(1.0, weight[~empty].sum() / empty.sum() / 2)
    return None if np.ptp(weight) < 1e-9 else weight / weight.sum()


def class_weights(masks: Sequence[Labels], classes: int) -> NDArray[np.float32]:
    """Weights (classes,) of the cross-entropy: 1, but more, up to 10, for classes of fewer pixels than the others have on average, and of
    fewer than 2 % of all, by what they lack of that. docs/auto.md has the measurements. Source: Eigen and Fergus, "Predicting depth,
    surface normals and semantic labels", 2015, who balance by the median, which road scenes' many small classes drag down."""
    counts = np.zeros(256, np.int64)
    for labels in masks:
        counts += np.bincount(labels.reshape(-1), minlength=256)
    share = counts[:classes] / max(int(counts[:UNLABELLED].sum()), 1)
    held = np.flatnonzero(share[1:]) + 1
    weights = np.ones(classes, np.float32)
    weights[held] = np.clip(max(_RARE, share[held].sum() / max(len(held), 1)) / share[held], 1.0, _MOST)
    return weights


def _which(labels: Labels) -> NDArray[np.bool_]:
    return np.bincount(labels.reshape(-1), minlength=256)[:256] > 0


def _foreground(labels: Labels) -> list[NDArray[np.int64]]:
    """Up to 500 places (y, x) of each class that the slice holds."""
    places = []
    for value in np.flatnonzero(_which(labels)[1:UNLABELLED]) + 1:
        found = np.argwhere(labels == value)
        places.append(found[spread(len(found), 500)])
    return places


def _nothing_to_learn(held: NDArray[np.bool_], size: int) -> EngineError:
    """Why no class is left; `held` says which the masks held at their own size."""
    if held.any():
        return EngineError(
            translatable("Nothing of any class is left of images that are reduced to {size} px."), LARGER, size=size
        )
    return EngineError(
        translatable("No mask of the training set holds a class: there is nothing to learn."),
        translatable("Paint or import some, then train again."),
    )


def _untaught(card: ModelCard, present: NDArray[np.bool_], start: ModelCard | None) -> tuple[int, ...]:
    """The places of the classes that neither the training set holds nor the run that it goes on from was taught."""

    first = card.outputs - len(card.classes)
    same = matched_outputs(card, start) if start else {}
    taught = {to - first for to, place in same.items() if start and to >= first and place - first not in start.untaught}
    return tuple(n for n in range(len(card.classes)) if not present[n] and n not in taught)


def class_dice(counts: NDArray[np.int64]) -> list[float | None]:
    both, sizes = np.diag(counts), counts.sum(axis=0) + counts.sum(axis=1)
    return [float(2 * both[c] / sizes[c]) if sizes[c] else None for c in range(1, len(counts))]


def case_seen(
    name: str, pieces: Sequence[SliceSample], found: Sequence[Labels], dice: dict[str, float | None]
) -> CaseSeen:
    """The slice of the item with the most in its mask, small, with what was found in it (h, w of what of each is image)."""
    seen = [np.where(p.labels == UNLABELLED, 0, p.labels).astype(np.uint8) for p in pieces]
    middle = int(np.argmax([np.count_nonzero(labels) for labels in seen]))
    piece, prediction = pieces[middle], found[middle]
    height, width = piece.size
    picture = piece.picture[:height, :width]
    size = scaled_size(height, width, min(_CASE_SIDE, max(height, width)))
    small = resize(picture, *size).astype(np.float32)
    small = small if picture.dtype == np.uint8 else small * 255
    rgb = np.repeat(small[..., None], 3, axis=-1) if small.ndim == 2 else small
    known = [d for d in dice.values() if d is not None]

    def shown(layer: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.ascontiguousarray(flip(layer, piece.flips))

    return CaseSeen(
        item=piece.item,
        name=name,
        picture=shown(rgb.clip(0, 255).astype(np.uint8)),
        reference=shown(resize_labels(np.ascontiguousarray(seen[middle][:height, :width]), *size)),
        prediction=shown(resize_labels(np.ascontiguousarray(prediction), *size)),
        dice=dice,
        mean=float(np.mean(known)) if known else None,
    )


def _summarise(
    names: Sequence[str], scores: Sequence[Sequence[float | None]], losses: Sequence[float], cases: Sequence[CaseSeen]
) -> Validation:
    """Per class the mean over the items that have it, then the mean over classes (design: Dice of a set)."""
    dice: dict[str, float | None] = {}
    for place, name in enumerate(names):
        known = [s[place] for s in scores if s[place] is not None]
        dice[name] = float(np.mean(known)) if known else None  # type: ignore[arg-type]
    found = [d for d in dice.values() if d is not None]
    items = [float(np.mean([d for d in s if d is not None])) for s in scores if any(d is not None for d in s)]
    noise = float(np.std(items, ddof=1) / np.sqrt(len(items))) if len(items) > 1 else 0.0
    return Validation(
        score=float(np.mean(found)) if found else None,
        noise=noise,
        loss=float(np.mean(losses)) if losses else None,
        dice=dice,
        cases=tuple(cases),
        items=tuple(items),
    )

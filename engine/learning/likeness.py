"""How alike an image and a training's images are: what a card keeps of those, at which size the image is fed, what is said of it."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.imaging.geometry import SideAxis, side_axis
from engine.imaging.image import Image
from engine.imaging.intensity import Intensity, taken_as_hu
from engine.learning.bundle import ModelCard, TrainingImages
from engine.learning.pixels import scaled_size
from engine.progress import Notice, count_notice, listed
from engine.words import translatable

_ALIKE = 1.25  # scales that differ by less than this are one: the CT preset zooms nearly as far
_ODD = 1.5  # sides that differ by more than this are spoken of where no millimetres are known
_FAR = 8.0  # a difference in scale beyond this is of another kind of image, and no scaling mends it


class ImageFacts(NamedTuple):
    """Of an image: its longer side in px, a pixel's side in mm (0: not known), and how left and right lie in it."""

    modality: str
    unit: str
    side: int
    spacing: float
    color: bool
    side_axis: SideAxis


def facts_of(image: Image) -> ImageFacts:
    """What `training_images` needs of an image, so that the image itself need not be kept."""
    _, down, across = image.geometry.spacing
    spacing = math.sqrt(down * across) if image.geometry.calibrated else 0.0
    return ImageFacts(image.modality, image.unit, max(image.shape[1:]), spacing, image.color, side_axis(image.geometry))


def training_images(images: Sequence[ImageFacts], size: int) -> TrainingImages:
    """What a card keeps of the images of a training (one at least) that brings their longer sides to `size` px (0: as they are)."""
    sides = [image.side for image in images]
    fed = [image.spacing * image.side / (size or image.side) for image in images]
    return TrainingImages(
        modality=_shared([image.modality for image in images]),
        unit=_shared([image.unit for image in images]),
        sides=(min(sides), max(sides)),
        spacing=(min(fed), max(fed)) if min(fed) > 0 else (0.0, 0.0),
        grey=not all(image.color for image in images),
    )


def _shared(words: Sequence[str]) -> str:
    return words[0] if len(set(words)) == 1 else ""


def working_size(card: ModelCard, image: Image) -> tuple[int, int]:
    """Height and width at which a network sees an image: those of `card.size` (0: its own), or, where millimetres are known of the image
    and of the training and differ, those at which a pixel is as large as the training's were."""
    height, width = image.shape[1:]
    usual = scaled_size(height, width, card.size)
    factor = _scale(card, image)
    if factor is None or not 1 / _FAR <= factor <= _FAR:
        return usual
    return scaled_size(height, width, max(1, round(max(usual) * factor)))


def _scale(card: ModelCard, image: Image) -> float | None:
    """By how much the usual working size must grow for pixels as large as the training's; 1 where they are alike, None unknown."""
    low, high = card.images.spacing
    facts = facts_of(image)
    if not (low and facts.spacing):
        return None
    fed = facts.spacing * facts.side / (card.size or facts.side)
    return 1.0 if low / _ALIKE <= fed <= high * _ALIKE else fed / math.sqrt(low * high)


class Differences:
    """Says what sets images apart from those that a network was taught on: each kind once, by its first image; the others are counted."""

    def __init__(self, card: ModelCard) -> None:
        self._card = card
        self._said: set[str] = set()
        self._others = 0

    def of(self, name: str, image: Image) -> Iterator[Notice]:
        """What is worth saying of this image before it is predicted."""
        found = list(_differences(self._card, image))
        news = [notice for notice in found if notice.message not in self._said]
        self._others += bool(found) and not news
        for notice in news:
            self._said.add(notice.message)
            yield Notice(notice.message, {"name": name, **notice.values})

    def of_others(self) -> Iterator[Notice]:
        """How many images differ in a way that was said of an earlier one."""
        if self._others:
            one, many = (
                translatable("The same holds for 1 more image."),
                translatable("The same holds for {count} more images."),
            )
            yield count_notice(one, many, self._others)


class Mixture:
    """Which images of a training are in HU, grey, or of more than 8 bits. Beside others they are learnt in another way, and that is said."""

    def __init__(self) -> None:
        self._in_hu = 0
        self._others: list[str] = []
        self._strange: list[str] = []  # of them, those that not even could be
        self._grey: list[str] = []
        self._colors: list[str] = []
        self._deep: list[str] = []

    def add(self, name: str, image: Image) -> None:
        (self._colors if image.color else self._grey).append(name)
        if image.pixels.dtype != np.uint8:
            self._deep.append(name)
        if image.unit == "HU":
            self._in_hu += 1
        else:
            self._others.append(name)
            self._strange += [name] if not taken_as_hu(image) else []

    def said(self, intensity: Intensity, channels: int) -> Iterator[Notice]:
        """What grey images come to in a network of three channels, those in colour in one of one, those of more than 8 bits beside others,
        and images without HU beside those in HU."""
        if channels == 3:
            yield from listed(
                translatable(
                    "1 grey image is learnt as one in colour, its grey as red, green and blue alike: {names}."
                ),
                translatable(
                    "{count} grey images are learnt as images in colour, their grey as red, green and blue alike: {names}."
                ),
                self._grey,
            )
        else:
            yield from listed(
                translatable(
                    "1 image in colour is learnt by its brightness alone, since the earlier run was taught on grey: {names}."
                ),
                translatable(
                    "{count} images in colour are learnt by their brightness alone, since the earlier run was taught on grey: {names}."
                ),
                self._colors,
            )
        if intensity.rule == "bytes":
            yield from listed(
                translatable(
                    "1 image has more than 8 bits: its usual values are spread over 8, as the others have: {names}."
                ),
                translatable(
                    "{count} images have more than 8 bits: their usual values are spread over 8, as the others have: {names}."
                ),
                self._deep,
            )
        if not self._in_hu:
            return
        if intensity.rule == "range":
            yield from listed(
                translatable(
                    "1 image is not in HU as the others are, and is learnt by its own range of values: {names}."
                ),
                translatable(
                    "{count} images are not in HU as the others are, and each is learnt by its own range of values: {names}."
                ),
                self._strange,
            )
        else:
            yield from listed(
                translatable(
                    "1 image is not in HU as the others are, so that each image is learnt by its own range of values: {names}."
                ),
                translatable(
                    "{count} images are not in HU as the others are, so that each image is learnt by its own range of values: {names}."
                ),
                self._others,
            )


def _differences(card: ModelCard, image: Image) -> Iterator[Notice]:
    taught = card.images
    if taught.modality and image.modality and image.modality != taught.modality:
        text = translatable("{name} is {modality}, and the model was taught on {taught}.")
        yield Notice(text, {"modality": image.modality, "taught": taught.modality})
    if taught.unit and image.unit and image.unit != taught.unit:
        text = translatable("{name} is in {unit}, and the model was taught on {taught}.")
        yield Notice(text, {"unit": image.unit, "taught": taught.unit})
    if card.intensity.rule == "range" and not taken_as_hu(image):
        yield Notice(
            translatable("{name} has no values in HU, as the model was taught on: what it shows may not be recognised.")
        )
    if card.intensity.rule == "bytes" and image.pixels.dtype != np.uint8:
        text = translatable(
            "{name} has more than 8 bits, unlike the images of the training: its usual values are spread over 8 bits."
        )
        yield Notice(text)
    if image.color and (card.channels == 1 or card.neighbours):
        yield Notice(
            translatable("{name} is in colour, and the model was taught on grey: it sees the brightness alone.")
        )
    if card.neighbours and image.shape[0] == 1:
        text = translatable(
            "{name} is a single slice, and the model was taught on slices with those beside them: it sees this one in their place."
        )
        yield Notice(text)
    if not image.color and card.channels == 3 and not taught.grey:
        yield Notice(translatable("{name} is grey, and the model was taught on colour."))
    yield from _difference_in_scale(card, image)


def _difference_in_scale(card: ModelCard, image: Image) -> Iterator[Notice]:
    side = facts_of(image).side
    factor = _scale(card, image)
    if factor == 1.0 or (factor is None and not card.size):
        return
    if factor is not None and card.task != "classification" and 1 / _FAR <= factor <= _FAR:
        text = translatable(
            "{name} is seen at {size} px instead of {usual}, so that its millimetres are as large as those of the training."
        )
        yield Notice(text, {"size": max(working_size(card, image)), "usual": card.size or side})
    elif factor is not None:
        text = translatable(
            "{name}: its millimetres are {factor:.2f} times as large as those of the training in what the model sees."
        )
        yield Notice(text, {"factor": 1 / factor})
    elif card.images.sides[1]:
        low, high = card.images.sides
        if side > high * _ODD or side < low / _ODD:
            text = translatable(
                "{name} has {side} px, {factor:.2f} times as many as the images of the training, and is brought to the same"
                " {size} px: what it shows has another size than the model learnt."
            )
            yield Notice(text, {"side": side, "factor": side / (high if side > high else low), "size": card.size})
    elif card.task != "classification" and not 1 / _ODD <= side / card.size <= _ODD:
        text = translatable(
            "{name} is brought from {side} px to the {size} px of the model, {factor:.2f} times its size; of which size the"
            " images of the training were is not known."
        )
        yield Notice(text, {"side": side, "size": card.size, "factor": card.size / side})

"""The grey values of a training set: by which rule its images would be fed to a network, without a training."""

from collections.abc import Container, Iterable, Sequence

from engine.errors import EngineError
from engine.imaging.image import Image
from engine.imaging.intensity import SURVEYED, SURVEYED_CLASSES, Intensity, grey_of, rule_for
from engine.imaging.read import read_image
from engine.imaging.sample import spread
from engine.progress import Progress, Work
from engine.project.items import Item


def learnt_from(
    items: Iterable[Item], labelled: Container[int] | None, *, with_rejected: bool = False
) -> tuple[Item, ...]:
    """Those that a training would learn from: in its set, `labelled` by their ids (None: with a class as a whole), and not rejected
    unless asked for."""
    return tuple(
        item
        for item in items
        if item.split == "train"
        and (item.label is not None if labelled is None else item.id in labelled)
        and (with_rejected or not item.rejected)
    )


def survey(items: Sequence[Item], classes: bool, otherwise: Image) -> Work[Intensity]:
    """The rule that a training on these items would choose, by the same sample of them; that of the image `otherwise` where there are
    none that can be read. `classes`: they have classes as a whole."""
    greys = []
    for number in spread(len(items), SURVEYED_CLASSES if classes else SURVEYED):
        yield Progress(0, 0, items[number].name)
        try:
            greys.append(grey_of(read_image(items[number].present())))
        except EngineError:  # the training says which it is
            continue
    return rule_for(greys or [grey_of(otherwise)])

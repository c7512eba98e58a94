"""Where a run's network looked: heat maps over items of a project, for the window and the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.imaging.geometry import Flips, display_flips, flip
from engine.imaging.read import read_image
from engine.imaging.windows import to_display
from engine.learning import bundle
from engine.learning.evaluate import collect_answers
from engine.learning.explain import explain
from engine.learning.pixels import scaled_size, to_batch, to_unit
from engine.learning.predict import Predictor, letterbox, reraise_unless_oom
from engine.progress import Notice, Progress, Work
from engine.project.project import Project
from engine.project.runs import Run
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
    `share` the name and the probability of what was said; `kind` is "right", "wrong" or "unsure" where the program chose the case, else
    ""; `run` is the run's number, which a new name does not change.
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
    said_name: str = ""


def explain_items(folder: Path, run: str | int, items: Sequence[int] | None, method: str = "gradcam") -> Work[int]:
    """Yield an Explained for each item, or for telling ones of the test set: surely right, surely wrong, unsure. Those are the same for
    every run, so that networks can be compared: the oldest run that has answered chooses them."""
    with Project.open(folder, write=False) as project:
        found = project.runs.get(run)
        ready = project.items.those(items if items is not None else _telling(project, found))
        learnt = found.learnt(project.classes)
    outputs = {one.place: at for at, one in enumerate(learnt)}
    card, network = bundle.restore(found.bundle)
    if card.task != "classification":
        raise EngineError(
            "{run} paints masks: they show themselves where it looked.", "Choose a run that classifies.", run=found.name
        )
    predictor = Predictor(network, card)
    for number, item in enumerate(ready):
        yield Progress(number, len(ready), item.name)
        try:
            image = read_image(item.present())
        except EngineError as fault:
            yield Notice(translatable("{name} was passed over: {reason}"), {"name": item.name, "reason": str(fault)})
            continue
        unit = to_unit(image, card.intensity, card.channels)
        middle = len(unit) // 2
        square = letterbox(unit[middle], card.size)
        shares = predictor.classify([square])[0]
        yield from predictor.drain_notices()
        said = int(predicted_classes(shares[None])[0])
        if said == UNANSWERED:
            reason = translatable("the network answers with what is no number")
            yield Notice(translatable("{name} was passed over: {reason}"), {"name": item.name, "reason": reason})
            continue
        batch = to_batch([square], card.intensity).to(predictor.device)
        try:
            looked = explain(network, batch, said, method)
        except (RuntimeError, MemoryError) as fault:
            reraise_unless_oom(fault, last=True)
            raise
        warm = _unsquared(looked, item.shape[1], item.shape[2], card.size)
        shown = to_display(image.pixels[middle], image.window, image.inverted)
        flips = display_flips(image.geometry)
        yield Explained(
            item=item.id,
            name=item.name,
            heat=warm,
            plain=shown,
            picture=np.ascontiguousarray(flip(heat(shown, warm), flips)),
            said=UNANSWERED if (place := learnt[said].place) is None else place,
            said_name=learnt[said].name,
            share=float(shares[said]),
            truth=item.label,
            kind=kind_of(shares, None if item.label is None else outputs.get(item.label)) if items is None else "",
            run=found.id,
            method=method,
            flips=flips,
        )
    return len(ready)


def _telling(project: Project, run: Run) -> list[int]:
    """The cases that say most about the oldest run that has answered any of the test set, else of the validation set."""
    for split in ("test", "val", None):
        for other in project.runs.all():
            said = project.runs.probabilities(other)
            found = collect_answers(project.items.all(split), said, other.learnt(project.classes))
            if found is not None:
                return [found.items[at] for at, _ in choose_cases(found.everything, found.truth, CASES)]
    raise EngineError("{run} has predicted nothing yet.", "Predict the test set first.", run=run.name)


def _unsquared(warm: NDArray[np.float32], height: int, width: int, side: int) -> NDArray[np.float32]:
    """A heat map of the network's square input, brought back to the image's own shape."""
    import cv2

    inner = scaled_size(height, width, side)
    top, left = (side - inner[0]) // 2, (side - inner[1]) // 2
    cut = warm[top : top + inner[0], left : left + inner[1]]
    done = cv2.resize(np.ascontiguousarray(cut), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(np.asarray(done, np.float32), 0.0, 1.0)

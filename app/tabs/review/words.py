"""How the Review tab says runs, sets, states and errors in words."""

from collections.abc import Mapping

from PySide6.QtCore import QDateTime, QLocale

from app.services.project_session import ProjectSession
from app.tabs.parts.training import network
from engine.config import Split
from engine.imaging.geometry import Geometry
from engine.project.items import Item, State
from engine.project.runs import Run
from engine.scoring.differences import AnyDifference
from engine.scoring.instances import FATES, ObjectScores
from engine.scoring.render import FATE_NAMES
from engine.words import translatable
from widgets.figures import figure
from widgets.text import tr
from widgets.theme import Role

SETS: tuple[str, ...] = ("test", "val", "train", "all")


def split_of(name: str) -> Split:
    """The split of a chip; "" stands for all items."""
    return {"test": "test", "val": "val", "train": "train"}.get(name, "")  # type: ignore[return-value]


def set_name(name: str) -> str:
    return {
        "test": tr("test set"),
        "val": tr("validation set"),
        "train": tr("training set"),
        "all": tr("all items"),
    }[name]


def chip(name: str) -> str:
    return {"test": tr("Test set"), "val": tr("Validation"), "train": tr("Training"), "all": tr("All")}[name]


def heading(name: str) -> str:
    return {
        "test": tr("Test set, mean Dice"),
        "val": tr("Validation set, mean Dice"),
        "train": tr("Training set, mean Dice"),
        "all": tr("All items, mean Dice"),
    }[name]


def caution(name: str) -> str:
    """What a number of that set does not say; "" for the test set, which was kept apart for this."""
    return {
        "test": "",
        "val": tr("The best epoch was chosen by these cases: the test set is the fairer judge."),
        "train": tr("The network has learnt from these cases: they do not tell how it does on new ones."),
        "all": tr("Training cases are among them: only the test set tells how it does on new ones."),
    }[name]


def predict_set(name: str) -> str:
    return {
        "test": tr("Predict the test set"),
        "val": tr("Predict the validation set"),
        "train": tr("Predict the training set"),
        "all": tr("Predict all items"),
    }[name]


def nothing_predicted(name: str, run: str) -> str:
    return {
        "test": tr("{run} has not predicted the test set yet.", run=run),
        "val": tr("{run} has not predicted the validation set yet.", run=run),
        "train": tr("{run} has not predicted the training set yet.", run=run),
        "all": tr("{run} has predicted nothing yet.", run=run),
    }[name]


def run_title(run: Run) -> str:
    """ "run 3 · 0.86 in validation · U-Net · 24 Nov": the set by which runs are chosen, and first what must not be cut."""
    day = QLocale().toString(QDateTime.fromSecsSinceEpoch(int(run.made)).date(), "d MMM")
    arch = network(run.summary.arch or run.config.arch)
    score = "" if run.validated is None else tr("{value} in validation", value=figure(run.validated, 2))
    return " · ".join(filter(None, (run.name, score, arch, day)))


def state(item: Item, is_open: bool) -> tuple[str, Role]:
    """The state of a case and its colour; one that is to do and on the screen is "open"."""
    words: dict[State, tuple[str, Role]] = {
        "todo": (tr("open"), "accent") if is_open else (tr("to do"), "dim"),
        "done": (tr("approved"), "good"),
        "flagged": (tr("flagged"), "warn"),
        "rejected": (tr("rejected"), "bad"),
    }
    return words[item.state]


RANKS: dict[State, int] = {"todo": 0, "flagged": 1, "rejected": 2, "done": 3}


def size_of_item(item: Item) -> str:
    slices, height, width = item.shape
    return tr("{count} slices", count=slices) if slices > 1 else f"{width} × {height}"


def other_classes(session: ProjectSession) -> str:
    """Which classes came after the training of the run in use, and which of those that it knows are none any more; "" where none."""
    run, said = session.predictions.run, []
    if run is None:
        return ""
    later = [each.name for each, known in zip(session.classes, session.predictions.knows, strict=False) if not known]
    if later:
        text = translatable("{run} was trained before these classes came, so it has no score in them: {names}")
        said.append(tr(text, run=run.name, names=", ".join(later)))
    if session.predictions.no_class:
        names = ", ".join(session.predictions.no_class)
        said.append(tr("{run} also knows {names}, which is no class any more.", run=run.name, names=names))
    return "\n".join(said)


def objects(scored: ObjectScores) -> str:
    """How well the objects of a set were found, and what became of them."""
    fates = [
        (sum(getattr(one, fate) for one in scored.classes.values()), name)
        for fate, name in zip(FATES[1:], FATE_NAMES, strict=True)
    ]
    counts = ", ".join(f"{count} {tr(name)}" for count, name in fates)
    figures = f"F1 {figure(scored.f1, 3)}, AP50 {figure(scored.ap50, 3)}"
    return tr("Objects: {figures}; {counts}", figures=figures, counts=counts)


def ways_compared(ways: Mapping[str, ObjectScores]) -> str:
    """How well objects are found by connected parts and by a watershed (config.OBJECTS); "" where not both were scored on the same true
    objects."""
    if not {"parts", "watershed"} <= ways.keys():
        return ""
    parts, watershed = ways["parts"], ways["watershed"]
    if parts.f1 is None or watershed.f1 is None or _truth(parts) != _truth(watershed):
        return ""
    difference = figure(watershed.f1 - parts.f1, 3, signed=True)
    return tr(
        "F1 of the objects: {parts} by connected parts, {watershed} by the watershed ({difference}).",
        parts=figure(parts.f1, 3),
        watershed=figure(watershed.f1, 3),
        difference=difference,
    )


def _truth(scored: ObjectScores) -> dict[str, int]:
    """How many true objects each case has."""
    return {case.name: len(case.truth.ids) for case in scored.items}


def area(region: AnyDifference, geometry: Geometry) -> str:
    """How large a region is, with its unit."""
    size, unit = region.size(geometry)
    return figure(size, 0 if unit == "px" or size >= 10 else 1, unit)

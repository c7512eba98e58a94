"""Scores as plain text, for the terminal and for a run's report."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from engine.scoring.classify import ClassificationScores
from engine.scoring.metrics import SetClassScores, SetScores
from engine.scoring.surface import UNITS, Unit

if TYPE_CHECKING:
    from engine.scoring.instances import ObjectScores  # which no start needs

NONE = "n/a"
"""Shown for a number that does not exist."""


def segmentation_table(scored: SetScores, items: int = 0) -> str:
    """Dice per class and mean; with `items` also that many items with the lowest mean Dice. Columns are aligned, no line ends
    in a space. Distances are there where they were measured, in mm, in px or in both, each with the number of items they are over."""
    head = ["class", "Dice", "IoU", "precision", "recall", "pooled Dice", "items"]
    rows = [
        [name, *map(_share, (c.dice, c.iou, c.precision, c.recall, c.pooled.dice)), str(c.n)]
        for name, c in scored.classes.items()
    ]
    units = [unit for unit in UNITS if any(s.unit == unit for c in scored.classes.values() for s in c.surfaces)]
    for unit in units:
        head += [f"HD95 {unit}", f"ASSD {unit}", "over"]
        for row, c in zip(rows, scored.classes.values(), strict=True):
            row += _distances(c, unit)
    lost = any(c.missed or c.extra for c in scored.classes.values())
    if lost:
        head += ["missed", "extra"]
        for row, c in zip(rows, scored.classes.values(), strict=True):
            row += [str(c.missed), str(c.extra)]
    pad = [""] * (len(head) - 2)
    rows.append([_over_classes("mean", scored.classes), _share(scored.mean_dice), *pad])
    rows[-1][5], rows[-1][6] = _share(scored.pooled_dice), str(scored.n)
    rows.append([_over_classes("weighted mean", scored.classes), _share(scored.weighted_dice), *pad])
    text = _table([head, *rows])
    if lost:
        text += "\nmissed: items with the class in the truth alone, extra: in the prediction alone; there no distance exists"
    if len(units) > 1:
        text += "\nsome items have no size of a pixel: distances in mm and in px are of different items, and have no common mean"
    if scored.unknown:
        text += f"\n{NONE}: never known to the run, left out: {', '.join(scored.unknown)}"
    absent = [name for name, c in scored.classes.items() if c.dice is None and name not in scored.unknown]
    if absent:
        text += f"\n{NONE}: in neither mask of any item, left out of the means: {', '.join(absent)}"
    if scored.slices is not None and scored.slices[0] < scored.slices[1]:
        text += f"\nscored: {scored.slices[0]} of {scored.slices[1]} slices; the others are not labelled"
    if scored.helped:
        text += (
            f"\nmasks into which predictions were taken over: {len(scored.helped)}; scored as they were before"
            f" (mean Dice with the predictions: {_share(scored.mean_dice_with_help)})"
        )
    text += _learnt_before(scored.learnt_before, scored.n)
    if scored.objects is not None:
        text += "\n\n" + objects_table(scored.objects)
    return text + ("\n\n" + _worst(scored, items) if items and scored.items else "")


def objects_table(scored: "ObjectScores") -> str:
    """AP and its kin per class and mean, and what became of the objects, as `segmentation_table`."""
    head = ["objects", "AP", "AP50", "AP75", "F1", "Dice each", "true", "found", "missed", "split", "merged", "extra"]
    rows = [
        [
            name,
            *map(_share, (c.ap, c.ap50, c.ap75, c.f1, c.dice)),
            *map(str, (c.truth, c.found, c.missed, c.split, c.merged, c.extra)),
        ]
        for name, c in scored.classes.items()
    ]
    means = map(_share, (scored.ap, scored.ap50, scored.ap75, scored.f1, scored.dice))
    return _table([head, *rows, [_over_classes("mean", scored.classes), *means, *[""] * 6]])


def _distances(scored: SetClassScores, unit: Unit) -> list[str]:
    """HD95, ASSD and over how many items they are."""
    found = next((surface for surface in scored.surfaces if surface.unit == unit), None)
    return [NONE, NONE, "0"] if found is None else [_length(found.hd95), _length(found.assd), str(found.n)]


def _worst(scored: SetScores, items: int) -> str:
    known = [(i.mean_dice, i) for i in scored.items if i.mean_dice is not None]
    names = list(scored.classes)
    rows = [["lowest first", _over_classes("mean", names), *names]]
    for mean, item in sorted(known, key=lambda pair: pair[0])[:items]:
        rows.append(
            [item.name, _share(mean), *(_share(item.classes[n].dice if n in item.classes else None) for n in names)]
        )
    return _table(rows)


def classification_table(scored: ClassificationScores) -> str:
    """Precision, recall and F1 per class, accuracy and AUC, then the confusion matrix (row = truth, column = predicted). Columns are
    aligned, no line ends in a space."""
    rows = [["class", "precision", "recall", "F1", "items"]]
    rows += [[n, *map(_share, (c.precision, c.recall, c.f1)), str(c.support)] for n, c in scored.classes.items()]
    rows.append([_over_classes("mean", scored.classes), "", "", _share(scored.macro_f1), str(scored.n)])
    matrix = [["truth \\ predicted", *scored.classes]]
    matrix += [[n, *map(str, row)] for n, row in zip(scored.classes, scored.confusion, strict=True)]
    text = f"{_table(rows)}\naccuracy {_share(scored.accuracy)}   AUC {_share(scored.auc)}"
    if scored.unanswered:
        text += f"\nno answer: the probabilities of {scored.unanswered} of {scored.n} items are no numbers; they count as wrong"
    if scored.never_learnt:
        text += f"\nleft out: {scored.never_learnt} items of classes that came after the training"
    if scored.gone:
        names = ", ".join(scored.gone)
        text += f"\nno class any more: {names}; the run says so of {scored.said_gone} of {scored.n} items, which count as wrong"
    text += _learnt_before(scored.learnt_before, scored.n)
    return f"{text}\n\n{_table(matrix)}"


def _learnt_before(count: int, items: int) -> str:
    return (
        f"\nlearnt from before the sets were changed: {count} of {items} items; their scores are too high"
        if count
        else ""
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Rows under each other, the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _over_classes(word: str, names: Iterable[str]) -> str:
    """What a row or column over all classes is called: another thing than a class of that name."""
    return f"{word} over classes" if word in {name.casefold() for name in names} else word


def _share(value: float | None) -> str:
    return NONE if value is None else f"{value:.4f}"


def _length(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"

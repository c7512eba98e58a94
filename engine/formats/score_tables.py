"""Scores of cases and probabilities of images as CSV, a row each, for a spreadsheet or a statistics program."""

from collections.abc import Iterable, Mapping

from engine.formats.spreadsheet import csv_bytes
from engine.project.items import Item
from engine.scoring.classify import UNANSWERED, ClassifierAnswers
from engine.scoring.metrics import SetScores, to_json


def cases_csv(scored: SetScores, items: Iterable[Item], run: str) -> bytes:
    """A row for each of `items`, with its scores where `scored` (of the run called `run`) holds its name, and empty cells where not.

    The columns of a class are called "class: score", the scores as `evaluate --json` calls them; shares are 0..1, distances in the
    unit of their column. Masks with predictions in them have `changed_with_predictions`, and their Dice now in the last column.
    """
    plain: list[dict[str, object]] = to_json(scored)["items"]  # type: ignore[assignment]
    cases = {str(case["name"]): case for case in plain}
    now = {case.name: case.mean_dice for case in scored.helped}
    columns = {(name, key): None for name in scored.classes for case in plain for key in _classes(case).get(name, {})}
    head = ["item", "patient", "set", "state", "reason", "run", "slices_scored", "slices", "mean_dice"]
    rows: list[list[object]] = [
        [*head, *(f"{name}: {key}" for name, key in columns), "changed_with_predictions", "mean_dice_with_predictions"]
    ]
    for item in items:
        case = cases.get(item.name, {})
        first: list[object] = [item.name, item.patient, item.split, item.state, item.comment, run]
        first += [case.get(key) for key in ("slices_scored", "slices", "mean_dice")]
        found = [_classes(case).get(name, {}).get(key) for name, key in columns]
        rows.append([*first, *found, "yes" if item.name in now else "no", now.get(item.name)])
    return csv_bytes(rows)


def probabilities_csv(answers: ClassifierAnswers, items: Iterable[Item], run: str) -> bytes:
    """A row for each answered image: its class, what the run called `run` says, and the probability (0..1) of each class."""
    known = {item.id: item for item in items}
    rows: list[list[object]] = [
        ["item", "patient", "set", "run", "class", "predicted", *(f"probability: {name}" for name in answers.names)]
    ]
    said = answers.predicted()
    for place, id in enumerate(answers.items):
        item = known[id]
        name = "" if said[place] == UNANSWERED else answers.names[said[place]]
        shares = [float(share) for share in answers.probabilities[place]]
        rows.append([item.name, item.patient, item.split, run, answers.names[answers.truth[place]], name, *shares])
    return csv_bytes(rows)


def _classes(case: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
    return case.get("classes", {})  # type: ignore[return-value]

"""The report in a run's folder: its scores on a set, for people and for programs."""

import json
from pathlib import Path

from engine import atomic
from engine.config import Split
from engine.project.project import Project
from engine.scoring.classify import ClassificationScores
from engine.scoring.metrics import SetScores, to_json
from engine.scoring.report import classification_table, segmentation_table


def write_report(folder: Path, name: str | int, split: Split | None, scores: SetScores | ClassificationScores) -> None:
    """Write report-test.json and report-test.txt (or train, val, all) into the run's folder, in place of earlier ones.

    The JSON is that of `contorno evaluate` without its items, since their names may be patients'; such a folder is handed on.
    """
    with Project.open(folder, write=False) as project:
        run = project.runs.get(name)
    if isinstance(scores, SetScores):
        plain = to_json(scores)
        del plain["items"]
        text = segmentation_table(scores)
    else:
        plain, text = scores.to_json(), classification_table(scores)
    stem = f"report-{split or 'all'}"
    atomic.make_folder(run.folder)
    atomic.write(run.folder / f"{stem}.json", json.dumps(plain, indent=2).encode())
    atomic.write(run.folder / f"{stem}.txt", f"{run.name}, {split or 'all'}\n\n{text}\n".encode())

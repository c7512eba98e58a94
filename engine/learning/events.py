"""The epochs of a run as they are kept on disk, one line each. Needs no torch: the window reads them too."""

import json
from dataclasses import asdict, replace
from pathlib import Path

from engine.progress import EpochDone

EVENTS = "events.jsonl"


def keep_epoch(run: Path, event: EpochDone) -> None:
    """One more line of a run's events, without the pictures of its cases: small, appended, synced by the checkpoint's own write
    that follows or precedes it."""
    line = json.dumps({k: v for k, v in asdict(replace(event, cases=())).items() if k != "cases"}, allow_nan=True)
    with (run / EVENTS).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def read_events(run: Path) -> list[EpochDone]:
    """The epochs of a run so far; a last line that was cut by a kill is left out."""
    path = run / EVENTS
    if not path.exists():
        return []
    events: dict[int, EpochDone] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found = EpochDone(**json.loads(line))
        except (ValueError, TypeError):
            continue
        events[found.epoch] = found  # epochs that were trained again after a resume count once
    return [events[epoch] for epoch in sorted(events)]

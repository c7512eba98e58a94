"""The epochs of a run as they are kept on disk, one line each. Needs no torch: the window reads them too."""

import errno
import json
import os
from dataclasses import asdict, replace
from pathlib import Path

from engine.errors import EngineError
from engine.imaging.files import read_bytes
from engine.progress import EpochDone

EVENTS = "events.jsonl"


def keep_epoch(run: Path, event: EpochDone) -> None:
    """One more line of a run's events, without the pictures of its cases: small, appended, synced by the checkpoint's own write
    that follows or precedes it. EngineError where the disk refuses."""
    line = json.dumps({k: v for k, v in asdict(replace(event, cases=())).items() if k != "cases"}, allow_nan=True)
    try:
        if (run / EVENTS).is_symlink():  # a stranger's project would have another file of this user's grow
            raise OSError(errno.ELOOP, "it is a link")
        with (run / EVENTS).open("a+b") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - 1))
            cut = file.read(1) not in (b"", b"\n")  # by a kill: the new line does not go on with the old one
            file.write(b"\n" * cut + line.encode() + b"\n")
    except OSError as fault:
        raise EngineError(
            "{name} could not be written: {reason}.",
            "Make room on the disk, then go on with the training.",
            name=EVENTS,
            reason=fault.strerror or str(fault),
        ) from fault


def read_events(run: Path) -> list[EpochDone]:
    """The epochs of a run so far; a last line that was cut by a kill is left out."""
    try:
        text = read_bytes(str(run / EVENTS)).decode("utf-8", "replace")
    except EngineError:  # none yet, or nothing that can be read
        return []
    events: dict[int, EpochDone] = {}
    for line in text.splitlines():
        try:
            found = EpochDone(**json.loads(line))
        except (ValueError, TypeError, RecursionError):
            continue
        events[found.epoch] = found  # epochs that were trained again after a resume count once
    return [events[epoch] for epoch in sorted(events)]

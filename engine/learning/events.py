"""The epochs of a run as they are kept on disk, one line each. Needs no torch: the window reads them too."""

import errno
import json
import logging
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from engine.errors import EngineError, NotReadable
from engine.imaging.files import read_bytes
from engine.progress import EpochDone
from engine.project.runs import BUNDLE, RunSummary, summary_of

logger = logging.getLogger(__name__)

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
    """The epochs of a run so far, each once: one that was trained again after a resume as it was at the last time. Lines that cannot be
    read are left out, and all but a last one that was cut by a kill are logged."""
    found = {event.epoch: event for event in _lines(run)}
    return [found[epoch] for epoch in sorted(found)]


def has_learnt(run: Path) -> bool:
    """Whether a training has left anything in the folder `run`: an epoch, a checkpoint or a model. One that was refused has not."""
    return any((run / name).exists() for name in (EVENTS, BUNDLE)) or any(run.glob("checkpoint*"))


def read_summary(run: Path) -> RunSummary:
    """What the training in the folder `run` has come to so far, by its events and the card beside its bundle; for one that was stopped
    or killed, where no Outcome says it."""
    return replace(summary_of(_lines(run)), **_network(run))


def _lines(run: Path) -> list[EpochDone]:
    """As they were written."""
    import msgspec

    try:
        lines = read_bytes(str(run / EVENTS)).split(b"\n")
    except NotReadable as fault:
        if (run / EVENTS).exists():
            logger.warning("%s cannot be read: %s", EVENTS, fault)
        return []
    events = []
    for number, line in enumerate(lines, 1):
        try:
            if line:
                events.append(msgspec.convert(json.loads(line), EpochDone))
        except (ValueError, RecursionError) as fault:
            cut = number == len(lines)  # the last line has no end: the training was killed while it was written
            logger.log(
                logging.DEBUG if cut else logging.WARNING, "Line %d of %s cannot be read: %s", number, EVENTS, fault
            )
    return events


def _network(run: Path) -> dict[str, Any]:
    """What the network is, from the copy of its card; empty before there is one."""
    try:
        kept = json.loads((run / BUNDLE).with_suffix(".json").read_bytes())
        card = RunSummary.from_dict(kept)
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
    recipe = RunSummary.from_dict(kept["recipe"] if isinstance(kept.get("recipe"), dict) else {})
    known = {"arch": card.arch, "encoder": card.encoder, "size": card.size, "patch": card.patch}
    return known | {"sets": recipe.sets, "machine": recipe.machine}

"""What a run leaves on disk as it learns: its epochs, one line each, and the cases of its last validation. Needs no torch: the window
reads them too."""

import errno
import io
import json
import logging
import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import atomic
from engine.errors import EngineError, NotReadable
from engine.imaging.files import read_bytes
from engine.progress import CaseSeen, EpochDone
from engine.project.runs import BUNDLE, RunSummary, cases_of, summary_of

logger = logging.getLogger(__name__)

EVENTS = "events.jsonl"

_MOST_CASES = 5
_MOST_BYTES = 1 << 24  # of a part of their archive; pictures are small
_MOST_SIDE = 2048
_ABOUT = "cases.json"
_LAYERS = ("picture", "reference", "prediction")


def keep_epoch(run: Path, event: EpochDone) -> None:
    """One more line of a run's events: small, appended, synced by the checkpoint's own write that follows or precedes it. Its cases go
    where those of runs are kept (`keep_cases`). EngineError where the disk refuses."""
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
    keep_cases(run, event.cases)


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


def keep_cases(run: Path, cases: Sequence[CaseSeen]) -> None:
    """Keep the first five of the run in that folder, as an archive of PNG files and what is known of each, in place of those of an earlier validation; where there are none, the earlier ones stay. Raises EngineError."""
    if not cases:
        return
    about = [{"item": c.item, "name": c.name, "dice": c.dice, "mean": c.mean} for c in cases[:_MOST_CASES]]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_ABOUT, json.dumps(about))
        for at, case in enumerate(cases[:_MOST_CASES]):
            for layer in _LAYERS:
                archive.writestr(f"{at}.{layer}.png", _encoded(getattr(case, layer)))
    place = cases_of(run)
    atomic.make_folder(place.parent)
    atomic.write(place, file.getbuffer())


def read_cases(run: Path) -> tuple[CaseSeen, ...]:
    """Those that were kept; none where there are none, or where the file is damaged, which only the log hears of."""
    path = cases_of(run)
    if not path.exists():
        return ()
    try:
        with zipfile.ZipFile(io.BytesIO(read_bytes(str(path)))) as archive:
            about = json.loads(_part(archive, _ABOUT))[:_MOST_CASES]
            cases = tuple(_case(archive, at, each) for at, each in enumerate(about))
        for case in cases:
            _check(case)
    except (
        EngineError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        RuntimeError,
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
    ) as fault:
        logger.warning("the cases of a run cannot be read: %s", type(fault).__name__)
        return ()
    return cases


def validation_curve(run: Path) -> tuple[tuple[float, float], ...]:
    """After so many seconds of training what the validation said, as scores are shown: accuracy or mean Dice, 0..1."""
    said = ((epoch.seconds, epoch.shared) for epoch in read_events(run))
    return tuple((seconds, value) for seconds, value in said if value is not None)


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


def _case(archive: zipfile.ZipFile, at: int, about: dict[str, Any]) -> CaseSeen:
    picture, reference, prediction = (_decoded(_part(archive, f"{at}.{layer}.png")) for layer in _LAYERS)
    return CaseSeen(about["item"], about["name"], picture, reference, prediction, about["dice"], about["mean"])


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError("more than a case takes")
    return data


def _check(case: CaseSeen) -> None:
    size = case.picture.shape[:2]
    layers = (case.picture, case.reference, case.prediction)
    if any(layer.shape[:2] != size for layer in layers):
        raise ValueError("layers of different sizes")
    if case.reference.ndim != 2 or case.prediction.ndim != 2 or case.picture.ndim not in (2, 3):
        raise ValueError("no pictures")


def _encoded(layer: NDArray[np.uint8]) -> bytes:
    done, data = cv2.imencode(".png", np.ascontiguousarray(layer[..., ::-1] if layer.ndim == 3 else layer))
    if not done:
        raise ValueError(f"no picture: {layer.shape}")
    return data.tobytes()


def _decoded(data: bytes) -> NDArray[np.uint8]:
    sides = [int.from_bytes(data[at : at + 4], "big") for at in (16, 20)]  # as the head of a PNG file says
    if not data.startswith(b"\x89PNG") or max(sides) > _MOST_SIDE:
        raise ValueError("no small picture")
    layer = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if layer is None:
        raise ValueError("no picture")
    return np.ascontiguousarray(layer[..., ::-1] if layer.ndim == 3 else layer, np.uint8)

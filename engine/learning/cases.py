"""The last seen validation cases of a run, as they are kept in the project. Needs no torch: the window reads them too."""

import io
import json
import logging
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import atomic
from engine.errors import EngineError
from engine.imaging.files import read_bytes
from engine.progress import CaseSeen
from engine.project.runs import cases_of

_log = logging.getLogger(__name__)

_MOST = 5
_ABOUT = "cases.json"
_LAYERS = ("picture", "reference", "prediction")


def keep_cases(run: Path, cases: Sequence[CaseSeen]) -> None:
    """Keep the first five of the run in that folder, as an archive of PNG files and what is known of each, in place of those of an earlier validation; where there are none, the earlier ones stay. Raises EngineError."""
    if not cases:
        return
    about = [{"item": c.item, "name": c.name, "dice": c.dice, "mean": c.mean} for c in cases[:_MOST]]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_ABOUT, json.dumps(about))
        for at, case in enumerate(cases[:_MOST]):
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
            about = json.loads(archive.read(_ABOUT))[:_MOST]
            cases = tuple(_case(archive, at, each) for at, each in enumerate(about))
        for case in cases:
            _check(case)
    except (EngineError, OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as fault:
        _log.warning("the cases of a run cannot be read: %s", type(fault).__name__)
        return ()
    return cases


def _case(archive: zipfile.ZipFile, at: int, about: dict[str, Any]) -> CaseSeen:
    picture, reference, prediction = (_decoded(archive.read(f"{at}.{layer}.png")) for layer in _LAYERS)
    return CaseSeen(about["item"], about["name"], picture, reference, prediction, about["dice"], about["mean"])


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
    layer = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    if layer is None:
        raise ValueError("no picture")
    return np.ascontiguousarray(layer[..., ::-1] if layer.ndim == 3 else layer, np.uint8)

"""When a phase was taken, as far as its files say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from engine.errors import EngineError
from engine.imaging.dicom_frames import to_index
from engine.imaging.image import Source
from engine.imaging.phase_time import PhaseTime, phase_time


@pytest.mark.parametrize(
    ("facts", "time"),
    [
        ({"TriggerTime": 41.5, "TemporalPositionIdentifier": 2}, PhaseTime(41.5, "ms")),
        ({"TemporalPositionIdentifier": 2, "NumberOfTemporalPositions": 9}, None),
        ({"NominalPercentageOfCardiacPhase": 30}, PhaseTime(30.0, "%")),
        ({"TriggerTime": 0, "NominalPercentageOfCardiacPhase": 30}, PhaseTime(0.0, "ms")),
    ],
)
def test_time_of_a_file(make_slice: Callable[..., Path], facts: dict[str, Any], time: PhaseTime | None) -> None:
    path = make_slice("a", np.zeros((4, 4), np.uint16), (0, 0, 0), Modality="MR", **facts)
    assert phase_time(Source((str(path),), "dicom")) == time


def test_time_of_a_volume_among_the_frames_of_a_file(make_slice: Callable[..., Path]) -> None:
    frames = []
    for z in range(2):
        for offset in (0.0, 1.5):
            place, time, groups = Dataset(), Dataset(), Dataset()
            place.ImagePositionPatient = [0, 0, 3 * z]
            time.TemporalPositionTimeOffset = offset
            groups.PlanePositionSequence, groups.TemporalPositionSequence = Items([place]), Items([time])
            frames.append(groups)
    path = make_slice(
        "e", np.zeros((4, 4, 4), np.uint16), (0, 0, 0), Modality="MR", NumberOfFrames=4, PerFrameFunctionalGroupsSequence=Items(frames)
    )  # fmt: skip
    assert phase_time(Source((str(path),), "dicom", to_index([1, 3]))) == PhaseTime(1500.0, "ms")
    assert phase_time(Source((str(path),), "dicom", to_index([0, 2]))) == PhaseTime(0.0, "ms")


def test_other_files_say_nothing_and_lost_ones_say_so(tmp_path: Path) -> None:
    assert phase_time(Source((str(tmp_path / "a.nii.gz"),), "nifti")) is None
    with pytest.raises(EngineError):
        phase_time(Source((str(tmp_path / "gone.dcm"),), "dicom"))

"""When in the heart's or breath's cycle, or after the first one, a volume of a series was taken."""

from dataclasses import dataclass
from typing import Literal

from engine.imaging.image import Source


@dataclass(frozen=True)
class PhaseTime:
    """`value` in ms, or in % of the cycle."""

    value: float
    unit: Literal["ms", "%"]


_PLACES: tuple[tuple[str, float, Literal["ms", "%"]], ...] = (
    ("trigger time", 1.0, "ms"),
    ("time offset", 1000.0, "ms"),
    ("cardiac phase", 1.0, "%"),
    ("respiratory phase", 1.0, "%"),
)
"""Names of facts with the factor to the unit; the first that the file states counts."""


def phase_time(source: Source) -> PhaseTime | None:
    """Of the first image of a DICOM source: Trigger Time, else Temporal Position Time Offset, else the nominal percentage of the cycle
    (DICOM PS3.3 C.8.3.1, C.7.6.16.2); None where the files do not say. Raises EngineError where the file cannot be read."""
    if source.kind != "dicom":
        return None
    from engine.imaging.dicom_facts import FACTS
    from engine.imaging.dicom_frames import frames_of
    from engine.imaging.dicom_header import read_header

    header = read_header(source.files[0], with_facts=True)
    frames = frames_of(header, source.index) if len(header.facts) > 1 else None
    stated = header.facts[0 if frames is None else int(frames[0])]
    names = [fact.name for fact in FACTS]
    for name, factor, unit in _PLACES:
        value = stated[names.index(name)]
        if isinstance(value, float):
            return PhaseTime(round(value * factor, 3), unit)
    return None

"""What may tell two images of one place apart: kind, echo, b-value, time and more, as DICOM and its vendors write it."""

import math
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag, Tag

from engine.imaging import dicom_values as values

Value: TypeAlias = float | str | tuple[float | str, ...] | None
Facts: TypeAlias = tuple[Value, ...]
"""The values of FACTS for one image, in that order; None where it does not say."""

_GROUPS = {  # in which functional group of an enhanced object an attribute stands (DICOM PS3.3 C.7.6.16, C.8.13 to C.8.15)
    "EffectiveEchoTime": "MREchoSequence",
    "DiffusionBValue": "MRDiffusionSequence",
    "DiffusionDirectionality": "MRDiffusionSequence",
    "DiffusionGradientDirectionSequence": "MRDiffusionSequence",
    "ComplexImageComponent": "MRImageFrameTypeSequence",
    "FlipAngle": "MRTimingAndRelatedParametersSequence",
    "RepetitionTime": "MRTimingAndRelatedParametersSequence",
    "InversionTimes": "MRModifierSequence",
    "ASLContext": "MRArterialSpinLabelingSequence",
    "VelocityEncodingDirection": "MRVelocityEncodingSequence",
    "ReceiveCoilName": "MRReceiveCoilSequence",
    "KVP": "CTXRayDetailsSequence",
    "ConvolutionKernel": "CTReconstructionSequence",
    "TemporalPositionIndex": "FrameContentSequence",
    "FrameAcquisitionNumber": "FrameContentSequence",
    "FrameReferenceDateTime": "FrameContentSequence",
    "FrameAcquisitionDateTime": "FrameContentSequence",
    "StackID": "FrameContentSequence",
    "DimensionIndexValues": "FrameContentSequence",
    "TemporalPositionTimeOffset": "TemporalPositionSequence",
    "NominalCardiacTriggerDelayTime": "CardiacSynchronizationSequence",
    "ActualCardiacTriggerDelayTime": "CardiacSynchronizationSequence",
    "NominalPercentageOfCardiacPhase": "CardiacSynchronizationSequence",
    "NominalPercentageOfRespiratoryPhase": "RespiratorySynchronizationSequence",
    "ContrastBolusAgentPhase": "ContrastBolusUsageSequence",
}
_FRAME_TYPES = ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence", "PETFrameTypeSequence")
_TIMES = frozenset(
    (
        *("AcquisitionDateTime", "AcquisitionTime", "ContentTime", "SeriesTime", "InstanceCreationTime"),
        *("FrameReferenceDateTime", "FrameAcquisitionDateTime"),
    )
)

_SIEMENS_B = 0x0019, "SIEMENS MR HEADER", 0x0C
_SIEMENS_DIRECTION = 0x0019, "SIEMENS MR HEADER", 0x0E
_SIEMENS_COIL = 0x0051, "SIEMENS MR HEADER", 0x0F
_GE_B = 0x0043, "GEMS_PARM_01", 0x39
_GE_COMPONENT = 0x0043, "GEMS_PARM_01", 0x2F
_GE_DIRECTION = tuple((0x0019, "GEMS_ACQU_01", element) for element in (0xBB, 0xBC, 0xBD))
_PHILIPS_B = 0x2001, "Philips Imaging DD 001", 0x03
_PHILIPS_PHASE = 0x2001, "Philips Imaging DD 001", 0x08
_PHILIPS_COMPONENT = 0x2005, "Philips MR Imaging DD 001", 0x11
_PHILIPS_DIRECTION = tuple((0x2005, "Philips MR Imaging DD 001", element) for element in (0xB0, 0xB1, 0xB2))
_PHILIPS_LABEL = 0x2005, "Philips MR Imaging DD 005", 0x29
_UIH_B = 0x0065, "Image Private Header", 0x09
_UIH_DIRECTION = 0x0065, "Image Private Header", 0x37
_PRIVATE = (
    _SIEMENS_B, _SIEMENS_DIRECTION, _SIEMENS_COIL, _GE_B, _GE_COMPONENT, *_GE_DIRECTION, _PHILIPS_B, _PHILIPS_PHASE,
    _PHILIPS_COMPONENT, *_PHILIPS_DIRECTION, _PHILIPS_LABEL, _UIH_B, _UIH_DIRECTION,
)  # fmt: skip
_NOTHING = DataElement(Tag(0x0019, 0x0010), "LO", "")
_BLOCKS = range(0x10, 0x15)  # where vendors' blocks lie in practice

_GE_BIAS = 1_000_000_000  # added to b-values of multi-b and synthetic series (dcm2niix issue 602)
_GE_COMPONENTS = {0: "magnitude", 1: "phase", 2: "real", 3: "imaginary"}
_KINDS = {
    "M": "magnitude", "MAGNITUDE": "magnitude", "P": "phase", "PHASE": "phase", "PHASE MAP": "phase", "R": "real",
    "REAL": "real", "I": "imaginary", "IMAGINARY": "imaginary", "CR": "corrected real", "W": "water", "WATER": "water",
    "F": "fat", "FAT": "fat", "IP": "in phase", "IN_PHASE": "in phase", "INPHASE": "in phase", "OP": "out of phase",
    "OUT_PHASE": "out of phase", "OPP_PHASE": "out of phase", "OUT_OF_PHASE": "out of phase", "OPPOSED_PHASE": "out of phase",
    "FF": "fat fraction", "FAT_FRACTION": "fat fraction", "ADC": "ADC", "FA": "FA", "TRACEW": "trace", "TRACE": "trace",
    "DET_A": "tube A", "DET_B": "tube B", "VELOCITY": "velocity", "SUBTRACTION": "subtraction", "T2 STAR MAP": "T2* map",
    "T1 MAP": "T1 map", "T2 MAP": "T2 map", "PROJECTION IMAGE": "projection", "MIP": "MIP", "MPR": "MPR", "MEAN": "mean",
}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One thing in which images may differ.

    `label` names a volume by it, from {value}, or {number} and {count} where the value means nothing to a reader. Images that
    differ in what is `apart` are never one volume, whatever their places. A `time` may differ a little from place to place.
    """

    name: str
    label: str
    read: Callable[["Reader"], Value]
    apart: bool = False
    time: bool = False


class Reader:
    """Attributes of one image: of a file, or of one frame of an enhanced object.

    `memory` holds what is the same for all frames of a file; readers of its frames share one.
    """

    def __init__(self, dataset: Dataset, frame: int | None = None, memory: dict[object, Any] | None = None) -> None:
        self._dataset = dataset
        self._frame = frame
        self._memory: dict[object, Any] = {} if memory is None else memory
        self._groups = () if frame is None else tuple(values.groups(dataset, frame))

    def get(self, keyword: str) -> Any:
        """The attribute: of the frame, else of all frames, else of the file; None where it is missing or empty."""
        group = _GROUPS.get(keyword)
        if group is not None:
            for groups in self._groups:
                found = groups.get(group)
                value = found[0].get(keyword) if found else None
                if value is not None:
                    return value
        return self._remembered(keyword, lambda: self._of_file(keyword))

    def _of_file(self, keyword: str) -> Any:
        value = self._dataset.get(keyword)
        return None if value is None or value == "" else value

    def _remembered(self, key: object, find: Callable[[], Any]) -> Any:
        if key not in self._memory:
            self._memory[key] = find()
        return self._memory[key]

    def number(self, *keywords: str) -> float | None:
        """The first of these that is a number; times of the day in seconds."""
        for keyword in keywords:
            value = self.get(keyword)
            number = _seconds(value) if keyword in _TIMES else _number(value)
            if number is not None:
                return number
        return None

    def text(self, *keywords: str) -> str | None:
        found = (str(self.get(keyword) or "").strip() for keyword in keywords)
        return next((text for text in found if text), None)

    def vector(self, *keywords: str) -> float | None:
        """Of nuclear medicine, which keeps a number for each frame in a list (DICOM PS3.3 C.8.4.8)."""
        for keyword in keywords:
            numbers = self.get(keyword)
            if isinstance(numbers, (list, MultiValue)) and self._frame is not None and self._frame < len(numbers):
                return _number(numbers[self._frame])
        return None

    def private(self, where: tuple[int, str, int]) -> Any:
        """A vendor's element of the file, found by its creator; where the creators were stripped, in the usual block."""
        return self._remembered(where, lambda: self._private(*where))

    def _private(self, group: int, creator: str, element: int) -> Any:
        if group not in self._remembered("groups", lambda: {int(tag) >> 16 for tag in self._dataset.keys()}):  # noqa: SIM118
            return None
        creators = {block: str(self._dataset.get(Tag(group, block), _NOTHING).value).strip() for block in _BLOCKS}
        if not any(creators.values()):
            creators = {_BLOCKS[0]: creator}
        for block, name in creators.items():
            found = self._dataset.get(Tag(group, block << 8 | element)) if name == creator else None
            if found is not None and found.value not in (None, "", b""):
                return found.value
        return None

    def types(self) -> tuple[str, ...]:
        """The words of Frame Type, or of Image Type."""
        for groups in self._groups:
            for group in _FRAME_TYPES:
                found = groups.get(group)
                if found and found[0].get("FrameType"):
                    return tuple(word.strip().upper() for word in values.texts(found[0], "FrameType"))
        return tuple(word.strip().upper() for word in values.texts(self._dataset, "ImageType"))

    def kinds(self) -> tuple[str, ...]:
        """Those after the first two."""
        return self.types()[2:]


def _number(value: Any) -> float | None:
    """The first number of a value; bytes, where a file lost its types, as text or in their own length."""
    if isinstance(value, bytes):
        kind = {2: "<h", 4: "<f", 8: "<d"}.get(len(value))
        try:
            value = float(value.split(b"\\")[0].decode("ascii"))
        except ValueError:
            value = struct.unpack(kind, value)[0] if kind is not None else None
    first = value[0] if isinstance(value, (list, tuple, MultiValue)) and value else value
    try:
        number = values.real(first)
    except (TypeError, ValueError):
        return None
    return round(number, 4) if math.isfinite(number) else None


def _seconds(value: Any) -> float | None:
    """Of DICOM's TM (HHMMSS.F) or DT (YYYYMMDDHHMMSS.F): seconds since midnight, or of the month."""
    found = re.fullmatch(r"(?:\d{6}(\d\d))?(\d\d)(\d\d)(\d\d(?:\.\d+)?)(?:[+-]\d{4})?", str(value or "").strip())
    if found is None:
        return None
    day, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return round(((day * 24 + hours) * 60 + minutes) * 60 + seconds, 3)


def _component(reader: Reader) -> Value:
    ge = _number(reader.private(_GE_COMPONENT))
    if ge is not None and int(ge) in _GE_COMPONENTS:
        return _GE_COMPONENTS[int(ge)]
    for word in (reader.get("ComplexImageComponent"), reader.private(_PHILIPS_COMPONENT)):
        known = _KINDS.get(str(word or "").strip().upper())
        if known is not None:
            return known
    return None


def _kind(reader: Reader) -> Value:
    """Words of Image Type that say what the values are; Philips writes M_FFE, P_IR and the like."""
    words = (_KINDS.get(word) or _KINDS.get(word.split("_")[0]) for word in reader.kinds())
    return tuple(dict.fromkeys(word for word in words if word is not None)) or None


def _examination(reader: Reader) -> Value:
    """Whether it was taken in the examination or made afterwards, as reformatted slices and saved screens are (PS3.3 C.7.6.1.1.2)."""
    return "secondary" if reader.types()[1:2] == ("SECONDARY",) else "primary"


def _image_type(reader: Reader) -> Value:
    return reader.kinds() or None


def _b(reader: Reader) -> Value:
    public = reader.number("DiffusionBValue")
    if public is not None:
        return public
    for where in (_SIEMENS_B, _PHILIPS_B, _UIH_B):
        number = _number(reader.private(where))
        if number is not None:
            return number
    ge = _number(reader.private(_GE_B))
    if ge is not None:
        return ge % _GE_BIAS
    named = re.search(r"_b(\d+)", reader.text("SequenceName") or "")  # Siemens: "ep_b1000#3", "*ep_b0"
    return float(named[1]) if named else None


def _direction(reader: Reader) -> Value:
    sequence = reader.get("DiffusionGradientDirectionSequence")
    public = sequence[0].get("DiffusionGradientOrientation") if sequence else reader.get("DiffusionGradientOrientation")
    candidates = [
        public,
        reader.private(_SIEMENS_DIRECTION),
        reader.private(_UIH_DIRECTION),
        *([reader.private(where) for where in vendor] for vendor in (_GE_DIRECTION, _PHILIPS_DIRECTION)),
    ]
    for vector in candidates:
        if isinstance(vector, (list, tuple, MultiValue)) and len(vector) == 3:
            numbers = [_number(part) for part in vector]
            if None not in numbers:
                return tuple(round(number or 0.0, 3) for number in numbers)
    return reader.text("DiffusionDirectionality")


def _numbers(*keywords: str) -> Callable[[Reader], Value]:
    return lambda reader: reader.number(*keywords)


def _texts(*keywords: str) -> Callable[[Reader], Value]:
    return lambda reader: reader.text(*keywords)


def _vectors(*keywords: str) -> Callable[[Reader], Value]:
    return lambda reader: reader.vector(*keywords)


def _dimension(place: int) -> Callable[[Reader], Value]:
    """The number of a frame along one of an enhanced object's own dimensions, whatever they are."""

    def read(reader: Reader) -> Value:
        numbers = reader.get("DimensionIndexValues")
        return _number(numbers[place]) if isinstance(numbers, (list, MultiValue)) and place < len(numbers) else None

    return read


_PHASE = "phase {number} of {count}"
FACTS: tuple[Fact, ...] = (
    Fact("complex component", "{value}", _component, apart=True),
    Fact("kind of image", "{value}", _kind, apart=True),
    Fact("examination", "{value}", _examination, apart=True),
    Fact("echo number", "echo {value}", _numbers("EchoNumbers"), apart=True),
    Fact("echo time", "TE {value} ms", _numbers("EffectiveEchoTime", "EchoTime"), apart=True),
    Fact("b-value", "b {value}", _b, apart=True),
    Fact("tube voltage", "{value} kV", _numbers("KVP"), apart=True),
    Fact("unit", "{value}", _texts("Units"), apart=True),
    Fact("energy window", "energy window {value}", _vectors("EnergyWindowVector"), apart=True),
    Fact("labelling", "{value}", lambda r: r.text("ASLContext") or _text(r.private(_PHILIPS_LABEL))),
    Fact("direction of flow", "flow {number} of {count}", lambda r: _tuple(r.get("VelocityEncodingDirection"))),
    Fact("diffusion direction", "direction {number}", _direction),
    Fact("inversion time", "TI {value} ms", _numbers("InversionTimes", "InversionTime")),
    Fact("flip angle", "flip {value}", _numbers("FlipAngle")),
    Fact("temporal position", _PHASE, _numbers("TemporalPositionIndex", "TemporalPositionIdentifier")),
    Fact("phase number", _PHASE, lambda r: _number(r.private(_PHILIPS_PHASE))),
    Fact("phase number", _PHASE, _vectors("TimeSlotVector", "PhaseVector", "TimeSliceVector")),
    Fact("interval", "interval {value}", _vectors("RRIntervalVector")),
    Fact("detector", "detector {value}", _vectors("DetectorVector")),
    Fact("cardiac phase", "{value} %", _numbers("NominalPercentageOfCardiacPhase")),
    Fact("respiratory phase", "{value} %", _numbers("NominalPercentageOfRespiratoryPhase")),
    Fact(
        "trigger time",
        "{value} ms",
        _numbers("NominalCardiacTriggerDelayTime", "TriggerTime", "ActualCardiacTriggerDelayTime"),
        time=True,
    ),
    Fact("time offset", "{value} s", _numbers("TemporalPositionTimeOffset"), time=True),
    Fact("contrast phase", "{value}", _texts("ContrastBolusAgentPhase")),
    Fact("contrast agent", "contrast {number} of {count}", _texts("ContrastBolusAgent")),
    Fact("acquisition", "acquisition {value}", _numbers("FrameAcquisitionNumber", "AcquisitionNumber")),
    Fact("kernel", "{value}", _texts("ConvolutionKernel")),
    Fact("slice thickness", "{value} mm", _numbers("SliceThickness")),
    Fact("coil", "coil {number} of {count}", lambda r: _text(r.private(_SIEMENS_COIL)) or r.text("ReceiveCoilName")),
    Fact("stack", "stack {number} of {count}", _texts("StackID")),
    *(Fact("dimension", "index {value}", _dimension(k)) for k in range(6)),
    Fact("kind of image", "{value}", _image_type),
    Fact("description", "{value}", _texts("SeriesDescription")),
    Fact("series number", "series {value}", _numbers("SeriesNumber")),
    Fact("protocol", "protocol {number} of {count}", _texts("ProtocolName")),
    Fact("station", "station {number} of {count}", _texts("StationName")),
    Fact("corrections", "corrections {number} of {count}", _texts("CorrectedImage")),
    Fact("comment", "comment {number} of {count}", _texts("ImageComments")),
    Fact("repetition time", "TR {value} ms", _numbers("RepetitionTime")),
    Fact("frame reference time", _PHASE, _numbers("FrameReferenceTime"), time=True),
    Fact(
        "acquisition time",
        _PHASE,
        _numbers("FrameReferenceDateTime", "FrameAcquisitionDateTime", "AcquisitionDateTime", "AcquisitionTime"),
        time=True,
    ),
    Fact("content time", _PHASE, _numbers("ContentTime", "SeriesTime", "InstanceCreationTime"), time=True),
)
"""In the order in which they are asked: what was set before what was measured. Free texts tell volumes apart without being
quoted, since they may name the patient."""

TAGS: tuple[str, ...] = (
    "SequenceName", "ComplexImageComponent", "EchoTime", "EffectiveEchoTime", "DiffusionBValue", "DiffusionGradientOrientation",
    "DiffusionDirectionality", "DiffusionGradientDirectionSequence", "KVP", "EnergyWindowVector", "ASLContext",
    "VelocityEncodingDirection", "InversionTime", "InversionTimes", "FlipAngle", "TemporalPositionIndex",
    "TimeSlotVector", "PhaseVector", "TimeSliceVector", "RRIntervalVector", "DetectorVector", "NominalPercentageOfCardiacPhase",
    "NominalPercentageOfRespiratoryPhase", "TriggerTime", "NominalCardiacTriggerDelayTime", "ActualCardiacTriggerDelayTime",
    "TemporalPositionTimeOffset", "ContrastBolusAgent", "ConvolutionKernel", "ReceiveCoilName", "ProtocolName", "StationName",
    "RepetitionTime", "FrameReferenceTime", "AcquisitionDateTime", "AcquisitionTime", "ContentTime",
    "SeriesTime", "InstanceCreationTime", "CorrectedImage", "ImageComments", "Units",
)  # fmt: skip
"""What FACTS read at the top of a file, beside the tags that a header needs anyway."""

PRIVATE_TAGS: tuple[BaseTag, ...] = tuple(
    sorted(
        {Tag(group, block) for group, _, _ in _PRIVATE for block in _BLOCKS}
        | {Tag(group, block << 8 | element) for group, _, element in _PRIVATE for block in _BLOCKS}
    )
)


def _text(value: Any) -> str | None:
    return (value.decode("latin-1") if isinstance(value, bytes) else str(value or "")).strip(" \0") or None


def _tuple(value: Any) -> Value:
    numbers = [_number(part) for part in value] if isinstance(value, (list, tuple, MultiValue)) else []
    return tuple(number for number in numbers if number is not None) or None


def facts(dataset: Dataset, frames: int) -> tuple[Facts, ...]:
    """Of each frame, or one for all where they cannot differ."""
    if frames == 1:
        alone = 0 if "PerFrameFunctionalGroupsSequence" in dataset else None
        return (_facts(Reader(dataset, alone)),)
    vectors = (dataset.get(keyword) for keyword in TAGS if keyword.endswith("Vector"))
    listed = any(isinstance(vector, (list, MultiValue)) and len(vector) == frames for vector in vectors)
    if not listed and values.described(dataset, frames) < frames:
        return (_facts(Reader(dataset)),)
    memory: dict[object, Any] = {}
    return tuple(_facts(Reader(dataset, frame, memory)) for frame in range(frames))


def _facts(reader: Reader) -> Facts:
    return tuple(_fact(fact, reader) for fact in FACTS)


def _fact(fact: Fact, reader: Reader) -> Value:
    try:
        return fact.read(reader)
    except Exception:  # an attribute that the pixels do not need may be damaged
        return None


def label(fact: Fact, value: Value, siblings: Sequence[Value]) -> str:
    """How a volume is named whose images have this value, among those of its siblings' values."""
    number = siblings.index(value) + 1
    if value is None:
        return f"no {fact.name}"
    if len(siblings) == 2 and siblings[0] is None and "{value}" not in fact.label:
        return fact.name
    return fact.label.format(value=_shown(value, siblings), number=number, count=len(siblings))


def _shown(value: Value, siblings: Sequence[Value]) -> str:
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"
    if isinstance(value, tuple):  # only the words that the others lack
        others = [set(other) for other in siblings if isinstance(other, tuple) and other != value]
        own = [str(word) for word in value if not all(word in other for other in others)] or [str(w) for w in value]
        return " ".join(word.lower() if word.isupper() and len(word) > 3 else word for word in own)
    text = "".join(c if c.isprintable() else " " for c in str(value)).strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


_LONGEST = 32

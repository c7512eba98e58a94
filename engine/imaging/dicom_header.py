"""What a DICOM header says about its pixels and their place, as plain data. No name and no ID of a patient leaves this module."""

import logging
import os
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pydicom
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

from engine.errors import EngineError, NotReadable
from engine.imaging import dicom_values as values
from engine.imaging.dicom_facts import PRIVATE_TAGS, Facts, facts
from engine.imaging.dicom_facts import TAGS as FACT_TAGS
from engine.imaging.dicom_size import PixelSize, pixel_size
from engine.imaging.dicom_values import Vector
from engine.imaging.files import damaged, decoding, display_name, kind_of
from engine.imaging.image import Window
from engine.progress import Notice
from engine.words import translatable

logging.getLogger("pydicom").setLevel(logging.CRITICAL)  # its warnings quote values of the header

_INFLATED_RATIO, _INFLATED_ALWAYS = 100, 64 << 20
_NO_IMAGES = {
    "1.2.840.10008.1.3.10": translatable("{name} is the index of a disc (DICOMDIR), not an image."),
    "1.2.840.10008.5.1.4.1.1.66.4": translatable("{name} is a DICOM segmentation: a mask, not an image."),
    "1.2.840.10008.5.1.4.1.1.66.7": translatable("{name} is a DICOM segmentation: a mask, not an image."),
    "1.2.840.10008.5.1.4.1.1.481.3": translatable("{name} is a DICOM structure set: outlines, not an image."),
}
_TAGS = [
    "SpecificCharacterSet", "ImageType", "SOPClassUID", "SOPInstanceUID", "Modality", "SeriesDescription", "PatientName",
    "PatientID", "PatientBirthDate", "SliceThickness", "SpacingBetweenSlices", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio",
    "PixelSpacingCalibrationType", "EstimatedRadiographicMagnificationFactor", "DistanceSourceToDetector", "DistanceSourceToPatient",
    "SequenceOfUltrasoundRegions", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "SeriesNumber", "SliceLocation",
    "DetectorInformationSequence", "SliceVector", "NumberOfSlices", "FrameIncrementPointer",
    "AcquisitionNumber", "InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient", "TemporalPositionIdentifier",
    "EchoNumbers", "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns", "PixelSpacing",
    "BitsAllocated", "PixelPaddingValue", "PixelPaddingRangeLimit", "BitsStored", "HighBit", "PixelRepresentation", "WindowCenter", "WindowWidth", "RescaleIntercept",
    "RescaleSlope", "RescaleType", "DoseGridScaling", "DoseUnits", "ModalityLUTSequence", "GridFrameOffsetVector", "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
]  # fmt: skip
_ASKED = [*map(Tag, (*_TAGS, *FACT_TAGS)), *PRIVATE_TAGS]


@dataclass(frozen=True, eq=False)
class Header:
    """One DICOM image object. Positions and spacings in mm, LPS; None where the file does not say."""

    path: str
    syntax: str
    study: str
    series: str
    frame_of_reference: str
    instance: str
    order: tuple[float, ...]  # acquisition, time, echo, instance number: the order within one place
    numbered: bool  # whether it has an instance number
    localizer: bool
    mosaic: bool  # many slices side by side in one picture, as Siemens stores them
    secondary: bool  # a secondary capture, such as a screenshot
    rows: int
    columns: int
    samples: int
    frames: int
    bits: int  # allocated for a sample
    stored: int  # of which these hold the value
    shift: int  # bits below the value
    signed: bool
    photometric: str
    modality: str
    description: str
    number: str
    patient: str
    person: str  # opaque as `patient` is, and different where only names or dates of birth are
    unit: str
    facts: tuple[Facts, ...]  # of each frame, or one for all; empty where they were not asked for
    orientations: Vector | None  # (frames, 6): unit row and column directions
    positions: Vector | None  # (frames, 3)
    assumed: Notice | None  # of the positions
    location: float | None  # Slice Location in mm, along an axis that the file does not state
    size: PixelSize
    thickness: float
    between: float  # Spacing Between Slices in mm, 0 where it is not stated
    slopes: tuple[tuple[float, float], ...]  # slope and intercept, one for all frames or one a frame
    table: bool  # values go through a modality lookup table
    windows: tuple[Window, ...]  # of the middle frame
    padding: tuple[float, float] | None  # from lowest to highest stored value that stands for no image at all
    pixels_at: int  # where in the file the element Pixel Data begins; -1 where it cannot be read by itself

    @property
    def frame_bytes(self) -> int:
        return self.rows * self.columns * self.samples * self.bits // 8

    @property
    def values_at(self) -> int:
        """Where in the file the pixels themselves begin; needs `pixels_at`."""
        return self.pixels_at + (8 if self.syntax == ImplicitVRLittleEndian else 12)

    @property
    def native(self) -> bool:
        """Whether the pixels lie in the file as they are, little endian."""
        return self.syntax in (ExplicitVRLittleEndian, ImplicitVRLittleEndian)

    @property
    def pixel_spacing(self) -> tuple[float, float] | None:
        """From row to row and from column to column in mm; None where it is not known in the patient."""
        return self.size.spacing

    @property
    def orientation(self) -> Vector | None:
        """Of the first frame."""
        return None if self.orientations is None else self.orientations[0]

    @property
    def grey(self) -> bool:
        return self.samples == 1 and self.photometric.startswith("MONOCHROME")


@contextmanager
def quiet() -> Iterator[None]:
    """pydicom warns of every oddity and quotes the value; what matters is raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def read_header(path: str, with_facts: bool = False) -> Header:
    """Raises NotReadable, in words, for objects that are no images. Facts are what a series is grouped by; they cost as much
    as all the rest."""
    with decoding(path), quiet():
        dataset, at = _parse(path)
        header = _header(path, dataset, at)
        return replace(header, facts=facts(dataset, header.frames)) if with_facts else header


def read_dataset(path: str) -> Dataset:
    """The whole object with its pixels, still encoded."""
    with decoding(path), quiet():
        _check_inflated(path)
        dataset = pydicom.dcmread(path, force=True)
        _complete(dataset)
        return dataset


def _parse(path: str) -> tuple[Dataset, int]:
    kind_of(path)  # refuses pipes and empty files
    _check_inflated(path)
    with open(path, "rb") as file:
        dataset = pydicom.dcmread(file, stop_before_pixels=True, force=True, specific_tags=list(_ASKED))
        at = file.tell()
        tag = file.read(4)
    _complete(dataset)
    deflated = dataset.file_meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian
    big = dataset.file_meta.TransferSyntaxUID == ExplicitVRBigEndian
    if not deflated and tag[:2] != (b"\x7f\xe0" if big else b"\xe0\x7f"):
        raise _no_pixels(dataset, display_name(path))
    return dataset, at if tag == b"\xe0\x7f\x10\x00" else -1


def _complete(dataset: Dataset) -> None:
    """Files without DICOM's meta group do not say how they are encoded; pydicom has found it out."""
    if "TransferSyntaxUID" not in dataset.file_meta:
        implicit, little = dataset.original_encoding
        guess = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian if little else ExplicitVRBigEndian
        dataset.file_meta.TransferSyntaxUID = guess


def _check_inflated(path: str) -> None:
    """Refuse a deflated data set that grows beyond all proportion: pydicom would inflate it whole to read its header."""
    with open(path, "rb") as file:
        head = file.read(1024)
        if DeflatedExplicitVRLittleEndian.encode() not in head or head[128:132] != b"DICM":
            return
        start = 144 + int.from_bytes(head[140:144], "little")
        file.seek(start)
        stream, total, packed = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0
        while block := file.read(1 << 16):
            packed += len(block)
            while block:
                total += len(stream.decompress(block, 1 << 22))
                block = stream.unconsumed_tail
                if total > max(_INFLATED_ALWAYS, _INFLATED_RATIO * packed):
                    raise EngineError(
                        translatable("{name} unpacks to more than {ratio} times its size and is not opened."),
                        translatable("If it is a true image, save it without compression (deflate)."),
                        name=display_name(path),
                        ratio=_INFLATED_RATIO,
                    )


def _no_pixels(dataset: Dataset, shown: str) -> NotReadable:
    kind = str(dataset.get("SOPClassUID", "") or dataset.file_meta.get("MediaStorageSOPClassUID", ""))
    if kind in _NO_IMAGES:
        return NotReadable(_NO_IMAGES[kind], name=shown)
    if not kind:
        return NotReadable(translatable("{name} holds no image, or is cut short before its pixels."), name=shown)
    title = UID(kind).name
    return NotReadable(
        translatable("{name} holds no pixels: it is a DICOM object of the kind {kind}."), name=shown, kind=title
    )


def _series(path: str, ds: Dataset) -> str:
    """Files that were stripped of their UIDs still belong together where they lie together and share a frame of reference."""
    rest = (str(ds.get(k, "") or "") for k in ("FrameOfReferenceUID", "SeriesNumber", "Modality"))
    return str(ds.get("SeriesInstanceUID", "") or "") or "|".join((os.path.dirname(path), values.patient(ds), *rest))


def _header(path: str, ds: Dataset, at: int) -> Header:
    if str(ds.get("SOPClassUID", "")) in _NO_IMAGES:
        raise _no_pixels(ds, display_name(path))
    frames = max(int(ds.get("NumberOfFrames", 1) or 1), 1)
    if frames > max(os.path.getsize(path) // _SMALLEST, _FEW):
        raise damaged(display_name(path))
    syntax, bits = str(ds.file_meta.TransferSyntaxUID), int(ds.BitsAllocated)
    stored = int(ds.get("BitsStored", bits) or bits)
    samples = int(ds.get("SamplesPerPixel", 1) or 1)
    _check_bits(path, bits, stored, samples)
    positions, assumed = values.positions(ds, frames)
    return Header(
        path=path,
        syntax=syntax,
        study=str(ds.get("StudyInstanceUID", "") or ""),
        series=_series(path, ds),
        frame_of_reference=str(ds.get("FrameOfReferenceUID", "") or ""),
        instance=str(ds.get("SOPInstanceUID", "")),
        order=tuple(
            values.number(ds, k)
            for k in ("AcquisitionNumber", "TemporalPositionIdentifier", "EchoNumbers", "InstanceNumber")
        ),
        numbered=ds.get("InstanceNumber") is not None,
        localizer="LOCALIZER" in values.texts(ds, "ImageType"),
        mosaic="MOSAIC" in values.texts(ds, "ImageType"),
        secondary=str(ds.get("SOPClassUID", "")).startswith(_SECONDARY),
        rows=int(ds.Rows),
        columns=int(ds.Columns),
        samples=samples,
        frames=frames,
        bits=bits,
        stored=stored,
        shift=_shift(ds, syntax, bits, stored),
        signed=bool(int(ds.get("PixelRepresentation", 0) or 0)),
        photometric=str(ds.get("PhotometricInterpretation", "MONOCHROME2")),
        modality=str(ds.get("Modality", "") or ""),
        description=str(ds.get("SeriesDescription", "") or "").strip(),
        number=str(ds.get("SeriesNumber", "") or "").strip(),
        patient=values.patient(ds),
        person=values.person(ds),
        unit=values.unit(ds),
        facts=(),
        orientations=values.orientations(ds, frames),
        positions=positions,
        assumed=assumed,
        location=values.location(ds),
        size=pixel_size(ds),
        thickness=values.thickness(ds),
        between=abs(values.number(ds, "SpacingBetweenSlices")),
        slopes=values.slopes(ds, frames),
        table=bool(ds.get("ModalityLUTSequence")),
        windows=values.windows(ds, frames // 2),
        padding=values.padding(ds),
        pixels_at=at,
    )


_WORDS = frozenset(
    (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, RLELossless)
)
_SMALLEST, _FEW = 64, 1 << 20  # bytes of a frame; frames that take no room to speak of, even where none is there
_SECONDARY = "1.2.840.10008.5.1.4.1.1.7"
_BITS, _SAMPLES = frozenset((1, 8, 16, 32, 64)), frozenset((1, 3, 4))


def _check_bits(path: str, bits: int, stored: int, samples: int) -> None:
    if bits not in _BITS or not 0 < stored <= bits or samples not in _SAMPLES:
        raise NotReadable(
            translatable("{name} is damaged: it claims {samples} values of {stored} bits in {bits} for each pixel."),
            translatable("Copy or export it again from where it came."),
            name=display_name(path),
            samples=samples,
            stored=stored,
            bits=bits,
        )


def _shift(ds: Dataset, syntax: str, bits: int, stored: int) -> int:
    """Bits below the value where words keep it at their top. Codecs other than RLE encode the values alone."""
    high = int(ds.get("HighBit", stored - 1) or 0)
    return high + 1 - stored if syntax in _WORDS and stored - 1 < high < bits else 0

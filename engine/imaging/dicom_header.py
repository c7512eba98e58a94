"""What a DICOM header says about its pixels and their place, as plain data. No name and no ID of a patient leaves this module."""

import logging
import os
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from engine.errors import EngineError, NotReadable
from engine.imaging import dicom_values as values
from engine.imaging.dicom_values import Vector
from engine.imaging.files import decoding, display_name, kind_of
from engine.imaging.image import Window
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
    "PatientID", "SliceThickness", "SpacingBetweenSlices", "ImagerPixelSpacing", "SeriesInstanceUID", "FrameOfReferenceUID", "SeriesNumber",
    "AcquisitionNumber", "InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient", "TemporalPositionIdentifier",
    "EchoNumbers", "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns", "PixelSpacing",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "WindowCenter", "WindowWidth", "RescaleIntercept",
    "RescaleSlope", "RescaleType", "ModalityLUTSequence", "GridFrameOffsetVector", "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Header:
    """One DICOM image object. Positions and spacings in mm, LPS; None where the file does not say."""

    path: str
    syntax: str
    series: str
    instance: str
    order: tuple[float, ...]  # acquisition, time, echo, instance number: the order within one place
    localizer: bool
    rows: int
    columns: int
    samples: int
    frames: int
    bits: int  # allocated for a sample
    stored: int  # of which these hold the value
    signed: bool
    photometric: str
    modality: str
    description: str
    number: str
    patient: str
    unit: str
    orientation: Vector | None
    positions: Vector | None  # (frames, 3)
    pixel_spacing: tuple[float, float] | None
    thickness: float
    slopes: tuple[tuple[float, float], ...]  # slope and intercept, one for all frames or one a frame
    table: bool  # values go through a modality lookup table
    window: Window | None
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
    def grey(self) -> bool:
        return self.samples == 1 and self.photometric.startswith("MONOCHROME")


@contextmanager
def quiet() -> Iterator[None]:
    """pydicom warns of every oddity and quotes the value; what matters is raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def read_header(path: str) -> Header:
    """Raises NotReadable, in words, for objects that are no images."""
    with decoding(path), quiet():
        dataset, at = _parse(path)
        return _header(path, dataset, at)


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
        dataset = pydicom.dcmread(file, stop_before_pixels=True, force=True, specific_tags=list(_TAGS))
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
    stored = int(ds.get("BitsStored", ds.BitsAllocated))
    return Header(
        path=path,
        syntax=str(ds.file_meta.TransferSyntaxUID),
        series=_series(path, ds),
        instance=str(ds.get("SOPInstanceUID", "")),
        order=tuple(
            values.number(ds, k)
            for k in ("AcquisitionNumber", "TemporalPositionIdentifier", "EchoNumbers", "InstanceNumber")
        ),
        localizer="LOCALIZER" in values.texts(ds, "ImageType"),
        rows=int(ds.Rows),
        columns=int(ds.Columns),
        samples=int(ds.get("SamplesPerPixel", 1)),
        frames=frames,
        bits=int(ds.BitsAllocated),
        # HighBit elsewhere than at the top of the value is not direct, and pydicom's business
        stored=stored if int(ds.get("HighBit", stored - 1)) == stored - 1 else int(ds.BitsAllocated),
        signed=bool(int(ds.get("PixelRepresentation", 0))),
        photometric=str(ds.get("PhotometricInterpretation", "MONOCHROME2")),
        modality=str(ds.get("Modality", "") or ""),
        description=str(ds.get("SeriesDescription", "") or "").strip(),
        number=str(ds.get("SeriesNumber", "") or "").strip(),
        patient=values.patient(ds),
        unit=values.unit(ds),
        orientation=values.orientation(ds),
        positions=values.positions(ds, frames),
        pixel_spacing=values.pair(values.measure(ds, "PixelSpacing")) or values.pair(ds.get("ImagerPixelSpacing")),
        thickness=values.thickness(ds),
        slopes=values.slopes(ds, frames),
        table=bool(ds.get("ModalityLUTSequence")),
        window=values.window(ds),
        pixels_at=at,
    )

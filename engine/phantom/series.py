"""Phantoms as files: a DICOM series a patient and its classes as NIfTI, so that they come in as any scan does."""

import io
import uuid
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, MRImageStorage

from engine import atomic
from engine.errors import EngineError
from engine.formats import nifti
from engine.imaging.geometry import Geometry, from_dicom
from engine.phantom.scanner import Phantom, patient
from engine.progress import Progress, Work
from engine.words import translatable

_ROOT = uuid.UUID("6f5ad6bb-9bb0-5d0c-8f4a-8c1f2f1d2c55")
_ORIENTATION = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_HEADROOM = -1024  # stored values count from here, so that they need no sign


@dataclass(frozen=True)
class Written:
    """What was written of one patient: the series' files in order, and the mask beside them."""

    name: str
    series: tuple[Path, ...]
    mask: Path


def write_demo(folder: Path, patients: int = 8, slices: int = 12, side: int = 256) -> Work[tuple[Written, ...]]:
    """The patients 1 to `patients` as folder/images/PHANTOM-01/*.dcm and folder/masks/NAME.nii.gz; what is there already stays.

    The same call writes the same bytes, and the names of the masks are those that the series get on import.
    """
    done = []
    for seed in range(1, patients + 1):
        yield Progress(seed - 1, patients, name_of(seed))
        mask = folder / "masks" / f"{name_of(seed)}.nii.gz"
        series = folder / "images" / patient_id(seed)
        # the mask is written last: where it is, all is
        files = tuple(sorted(series.glob("*.dcm"))) if mask.exists() else ()
        if len(files) != slices:
            _remove(mask)
            phantom = patient(seed, slices, side)
            files = write_series(series, phantom, seed)
            write_mask(mask, phantom)
        done.append(Written(name_of(seed), files, mask))
    yield Progress(patients, patients)
    return tuple(done)


def name_of(seed: int) -> str:
    """The description of the patient's series, by which it is called after import."""
    return f"Phantom {seed:02d}"


def patient_id(seed: int) -> str:
    return f"PHANTOM-{seed:02d}"


def write_series(folder: Path, phantom: Phantom, seed: int) -> tuple[Path, ...]:
    """The phantom as a series of single slices (CT or MR Image Storage), one file each, feet first. A longer series that was
    written there before goes, since both would be found."""
    atomic.make_folder(folder)
    files = tuple(folder / f"slice-{index + 1:03d}.dcm" for index in range(len(phantom.pixels)))
    for old in {*folder.glob("slice-*.dcm")} - {*files}:
        _remove(old)
    for index, (file, plane) in enumerate(zip(files, phantom.pixels, strict=True)):
        atomic.write(file, _slice(phantom, plane, index, seed))
    return files


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as fault:
        raise EngineError(
            translatable("{name} could not be removed: {reason}."),
            translatable("Choose a place where you may write."),
            name=file.name,
            reason=fault.strerror or str(fault),
        ) from fault


def write_mask(file: Path, phantom: Phantom) -> None:
    atomic.make_folder(file.parent)
    nifti.write(file, phantom.labels, geometry_of(phantom))


def geometry_of(phantom: Phantom) -> Geometry:
    """Where the phantom lies: its middle is the origin, as in its DICOM series."""
    first, (step, row, column) = np.array(_position(phantom, 0)), phantom.spacing
    return from_dicom(first, np.array(_ORIENTATION), (row, column), np.array([0, 0, step]), phantom.labels.shape)


def _position(phantom: Phantom, index: int) -> tuple[float, float, float]:
    """Of the slice's first voxel, in mm; header texts hold 16 characters, so they are whole hundredths."""
    z, y, x = (-(n - 1) / 2 * s for n, s in zip(phantom.labels.shape, phantom.spacing, strict=True))
    return round(x, 2), round(y, 2), round(z + index * phantom.spacing[0], 2)


def _slice(phantom: Phantom, plane: NDArray[np.int16], index: int, seed: int) -> bytes:
    kind = CTImageStorage if phantom.modality == "CT" else MRImageStorage
    own = _uid(phantom, seed, f"slice {index}")
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = kind, own
    meta.TransferSyntaxUID, meta.ImplementationClassUID = ExplicitVRLittleEndian, _uid(phantom, 0, "program")
    stream = io.BytesIO()
    ds = FileDataset(stream, {}, file_meta=meta, preamble=bytes(128))
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.SOPClassUID, ds.SOPInstanceUID = kind, own
    ds.StudyDate = ds.StudyTime = ds.AccessionNumber = ds.ReferringPhysicianName = ""
    ds.PatientBirthDate = ds.PatientSex = ""
    ds.Modality, ds.Manufacturer = phantom.modality, "Contorno phantom"
    ds.PatientName, ds.PatientID = f"Phantom^{seed:02d}", patient_id(seed)
    ds.StudyDescription, ds.SeriesDescription = "Phantom", name_of(seed)
    ds.StudyInstanceUID, ds.SeriesInstanceUID = _uid(phantom, seed, "study"), _uid(phantom, seed, "series")
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = _uid(phantom, seed, "frame"), ""
    ds.StudyID, ds.SeriesNumber, ds.InstanceNumber = str(seed), 1, index + 1
    ds.ImagePositionPatient = list(_position(phantom, index))
    ds.ImageOrientationPatient = list(_ORIENTATION)
    ds.PixelSpacing = [f"{phantom.spacing[1]:.6f}", f"{phantom.spacing[2]:.6f}"]
    ds.SliceThickness = f"{phantom.spacing[0]:.6f}"
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows, ds.Columns = plane.shape
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    low = _HEADROOM if phantom.modality == "CT" else 0
    if phantom.modality == "CT":
        ds.KVP, ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = 120, low, 1, "HU"
        ds.WindowCenter, ds.WindowWidth = 60, 400
    else:
        ds.ScanningSequence, ds.SequenceVariant, ds.ScanOptions, ds.MRAcquisitionType = "GR", "SP", "", "2D"
        ds.EchoTime, ds.RepetitionTime, ds.EchoTrainLength = 4.6, 150, 1
        ds.WindowCenter, ds.WindowWidth = 450, 900
    ds.PixelData = np.clip(plane.astype(np.int32) - low, 0, 4095).astype("<u2").tobytes()
    ds["PixelData"].VR = "OW"
    ds.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _uid(phantom: Phantom, seed: int, what: str) -> UID:
    """A UID made of a UUID (root 2.25), the same for the same patient in the same grid."""
    grid = "x".join(map(str, phantom.labels.shape))
    return UID(f"2.25.{uuid.uuid5(_ROOT, f'{phantom.modality} {seed} {grid} {what}').int}")

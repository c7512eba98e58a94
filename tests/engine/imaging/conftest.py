from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import (
    UID,
    CTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    generate_uid,
)

from engine.imaging.scan import Scan, scan
from engine.progress import result_of

MakeSlice: TypeAlias = Callable[..., Path]
MakeSeries: TypeAlias = Callable[..., list[Path]]


@pytest.fixture
def make_slice(tmp_path: Path) -> MakeSlice:
    """Writes one DICOM file; keywords are DICOM's own, None leaves the element out."""

    def make(
        name: str,
        pixels: NDArray[Any],
        place: Sequence[float] = (0, 0, 0),
        syntax: str = ExplicitVRLittleEndian,
        **more: Any,
    ) -> Path:
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = CTImageStorage
        meta.MediaStorageSOPInstanceUID = generate_uid()
        meta.TransferSyntaxUID = UID(syntax)
        little, implicit = syntax != ExplicitVRBigEndian, syntax == ImplicitVRLittleEndian
        ds = FileDataset("", {}, None, meta, is_implicit_VR=implicit, is_little_endian=little)
        colour = pixels.ndim == 3 and pixels.shape[-1] == 3
        bits = 8 * pixels.dtype.itemsize
        facts = {
            "SOPClassUID": CTImageStorage,
            "SOPInstanceUID": meta.MediaStorageSOPInstanceUID,
            "SeriesInstanceUID": "1.2.3",
            "Modality": "CT",
            "PatientName": "Canary^Name",
            "PatientID": "CANARY-ID",
            "SeriesDescription": "chest",
            "ImagePositionPatient": list(place),
            "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
            "PixelSpacing": [0.5, 0.25],
            "SliceThickness": 2.0,
            "SamplesPerPixel": 3 if colour else 1,
            "PhotometricInterpretation": "RGB" if colour else "MONOCHROME2",
            "Rows": pixels.shape[-3] if colour else pixels.shape[-2],
            "Columns": pixels.shape[-2] if colour else pixels.shape[-1],
            "BitsAllocated": bits,
            "BitsStored": bits,
            "HighBit": bits - 1,
            "PixelRepresentation": int(pixels.dtype.kind == "i"),
            **more,
        }
        if colour:
            facts["PlanarConfiguration"] = 0
        for keyword, value in facts.items():
            if value is not None:
                setattr(ds, keyword, value)
        ds.PixelData = pixels.astype(pixels.dtype.newbyteorder("<" if little else ">")).tobytes()
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        ds.save_as(path, enforce_file_format=True)
        return path

    return make


@pytest.fixture
def make_series(make_slice: MakeSlice) -> MakeSeries:
    """Writes an axial series: slice k lies at heights[k] and holds the value k everywhere but in its corner, which is 40."""

    def make(heights: Sequence[float], folder: str = "series", **more: Any) -> list[Path]:
        paths = []
        for k, height in enumerate(heights):
            pixels = np.full((6, 8), k, np.int16)
            pixels[0, 0] = 40
            # names run against the order in space
            paths.append(
                make_slice(f"{folder}/{len(heights) - k:03d}", pixels, (1, 2, height), InstanceNumber=k + 1, **more)
            )
        return paths

    return make


@pytest.fixture
def run_scan() -> Callable[..., Scan]:
    return lambda *paths: result_of(scan(paths))

"""Masks as NIfTI-1 volumes (.nii.gz or .nii) with the image's own affine."""

import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import atomic
from engine.errors import EngineError
from engine.formats.targets import SIGNATURE
from engine.imaging.geometry import Geometry, to_nifti
from engine.words import translatable

Labels = NDArray[np.uint8]
Ids = NDArray[np.uint16]

_MOST = 32767  # voxels along an axis: the header holds them in 16 bits
_SCANNER, _ALIGNED = 1, 2  # codes of the header: millimetres of the scanner, or of some other frame
_LEVEL = 5


def write(path: Path, labels: Labels | Ids, geometry: Geometry) -> None:
    """Write labels (z, y, x) uint8, or objects uint16, at the geometry's millimetres, packed where the name ends in .gz; the same labels give
    the same bytes. Raises EngineError for volumes that the format cannot hold and where the disk refuses."""
    if labels.dtype not in (np.uint8, np.uint16) or labels.shape != geometry.shape:
        raise ValueError(f"labels {labels.dtype} {labels.shape} on a grid of {geometry.shape}")
    if max(labels.shape) > _MOST:
        raise EngineError(
            translatable("{name} is too large for NIfTI: {most} pixels along one side, and the format holds 32767."),
            translatable("Export it as PNG."),
            name=path.name,
            most=max(labels.shape),
        )
    # x runs fastest in the file, so the bytes of (z, y, x) in memory are already in its order
    stored = np.ascontiguousarray(labels, labels.dtype.newbyteorder("<"))
    head, body = _header(geometry, stored.dtype), stored.data
    if path.suffix.lower() == ".gz":
        packer = zlib.compressobj(_LEVEL, wbits=31)  # a gzip frame without name and time
        atomic.write(path, b"".join([packer.compress(head), packer.compress(body), packer.flush()]))
    else:
        atomic.write(path, b"".join([head, body]))


def _header(geometry: Geometry, kind: np.dtype[Any]) -> bytes:
    import nibabel  # slow to load, and only an export needs it

    header = nibabel.Nifti1Header(endianness="<")
    header.set_data_shape(geometry.shape[::-1])
    header.set_data_dtype(kind)
    header.set_slope_inter(1, 0)
    header.set_xyzt_units("mm" if geometry.calibrated else "unknown")  # with our signature: no length is known
    affine = to_nifti(geometry)
    code = _SCANNER if geometry.patient_based else _ALIGNED
    header.set_sform(affine, code)
    # a quaternion turns but cannot shear (a tilted gantry): then the sform stands alone
    header.set_qform(affine, code if _rigid(affine) else 0)
    header["vox_offset"] = 352
    header["descrip"] = SIGNATURE
    return bytes(header.binaryblock) + bytes(4)  # four zeros: no extensions


def _rigid(affine: NDArray[np.float64]) -> bool:
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    return bool(np.allclose(axes.T @ axes, np.eye(3), atol=1e-5))

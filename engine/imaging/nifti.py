"""NIfTI (.nii, .nii.gz): the header by nibabel, the bytes by ourselves, so that nothing is read before it is counted."""

import dataclasses
import gzip
import zlib
from dataclasses import dataclass
from typing import Any

import nibabel as nib
import numpy as np
from numpy.typing import NDArray

from engine.errors import NotReadable
from engine.imaging.budget import check_budget
from engine.imaging.files import damaged, decoding, display_name, kind_of
from engine.imaging.geometry import Geometry, from_nifti, uncalibrated
from engine.imaging.image import Image, Pixels, Window
from engine.imaging.values import storable, to_rgb8, whole_numbers
from engine.imaging.windows import FULL, auto_window
from engine.progress import Notice
from engine.words import translatable

_TO_MM = {1: 1000.0, 3: 0.001}  # the unit codes for metre and micrometre; all else is taken as mm
_RGB, _RGBA = 128, 2304
_TRAILING = 1 << 24  # further volumes beyond this are not unpacked for the sake of the checksum


@dataclass(frozen=True)
class _Volume:
    values: Pixels  # (z, y, x), or (z, y, x, 3) colour, scaled
    geometry: Geometry
    header: Any  # nibabel comes without types
    volumes: int


def read(path: str) -> Image:
    """The first volume (z, y, x), slope and intercept applied: whole numbers stay integers, all else is float32."""
    with decoding(path):
        volume = _read(path)
        values = volume.values
        pixels = to_rgb8(values, 8) if values.ndim == 4 else storable(values)
        notes: tuple[Notice, ...] = ()
        if volume.volumes > 1:
            notes = (Notice(translatable("Only the first of {count} volumes was read."), {"count": volume.volumes}),)
        low, high = float(volume.header["cal_min"]), float(volume.header["cal_max"])
        stated = np.isfinite((low, high)).all() and high > low
        window = Window((low + high) / 2, high - low) if stated else auto_window(pixels)
        return Image(pixels, volume.geometry, FULL if pixels.ndim == 4 else window, notes=notes)


def read_labels(path: str) -> tuple[NDArray[np.int32], Geometry]:
    """The label volume (z, y, x) and its grid."""
    with decoding(path):
        volume = _read(path)
        if volume.values.ndim == 4:
            raise NotReadable(translatable("{name} is no mask but a picture in colour."), name=display_name(path))
        return whole_numbers(volume.values, display_name(path)), volume.geometry


def _read(path: str) -> _Volume:
    shown = display_name(path)
    kind_of(path)  # refuses pipes and empty files
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream = gzip.GzipFile(fileobj=raw) if packed else raw
        try:
            header = _header(stream.read(544), shown)
            shape = [max(int(n), 0) for n in header.get_data_shape()]
            shape += [1] * (3 - len(shape))
            x, y, z = shape[:3]
            dtype = header.get_data_dtype()
            check_budget((z, y, x), dtype if _slope(header) is None else np.promote_types(dtype, np.float32), shown)
            offset = int(header.get_data_offset())
            stream.seek(max(offset, 348))
            data = bytearray(x * y * z * dtype.itemsize)
            if _fill(stream, memoryview(data)) < len(data):
                raise damaged(shown)
            if packed:  # the checksum is compared at the end of the stream, and nowhere before
                stream.read(_TRAILING)
        except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
            raise damaged(shown) from fault
    values = np.frombuffer(data, dtype).reshape(z, y, x)
    geometry = _geometry(header, (x, y, z))
    return _Volume(_scaled(values, header), geometry, header, int(np.prod(shape[3:], dtype=np.int64)))


def _header(head: bytes, shown: str) -> Any:
    size = {348: nib.Nifti1Header, 540: nib.Nifti2Header}
    kind = size.get(int.from_bytes(head[:4], "little")) or size.get(int.from_bytes(head[:4], "big"))
    if kind is None:
        raise NotReadable(translatable("{name} is not a NIfTI file."), name=shown)
    header = kind(head[: kind.sizeof_hdr], check=False)
    if header["magic"].item() not in (b"n+1", b"n+2"):
        raise NotReadable(
            translatable("{name} has its pixels in another file (NIfTI pair or Analyze)."),
            translatable("Convert it to one .nii or .nii.gz file."),
            name=shown,
        )
    return header


def _fill(stream: Any, target: memoryview) -> int:
    at = 0
    while at < len(target):
        count = stream.readinto(target[at : at + (1 << 26)])
        if not count:
            break
        at += count
    return at


def _slope(header: Any) -> tuple[float, float] | None:
    """Slope and intercept, None where values are meant as they are stored."""
    if int(header["datatype"]) in (_RGB, _RGBA):
        return None
    slope, intercept = float(header["scl_slope"]), float(header["scl_inter"])
    if not np.isfinite(slope) or slope == 0:  # NIfTI-1: then no scaling at all
        return None
    intercept = intercept if np.isfinite(intercept) else 0.0
    return None if (slope, intercept) == (1.0, 0.0) else (slope, intercept)


def _scaled(values: Pixels, header: Any) -> Pixels:
    """Slice by slice, since a volume of float64 between would take more memory than both."""
    if int(header["datatype"]) in (_RGB, _RGBA):
        channels: NDArray[Any] = values
        return np.stack([channels[c] for c in ("R", "G", "B")], axis=-1)
    scale = _slope(header)
    if scale is None:
        return values
    slope, intercept = scale
    result = np.empty(values.shape, _fitting(values, slope, intercept))
    for into, plane in zip(result, values, strict=True):
        into[...] = plane.astype(np.float64) * slope + intercept
    return result


def _fitting(values: Pixels, slope: float, intercept: float) -> np.dtype[Any]:
    """The smallest type that holds the scaled values: whole numbers stay integers."""
    whole = values.dtype.kind in "iu" and values.dtype.itemsize <= 2 and slope.is_integer() and intercept.is_integer()
    if whole:
        ends = (int(values.min()) * slope + intercept, int(values.max()) * slope + intercept)
        for kind in (np.int16, np.uint16, np.int32):
            if np.iinfo(kind).min <= min(ends) and max(ends) <= np.iinfo(kind).max:
                return np.dtype(kind)
    return np.dtype(np.float32)


def _geometry(header: Any, shape: tuple[int, int, int]) -> Geometry:
    factor = _TO_MM.get(int(header["xyzt_units"]) & 7, 1.0)
    affine = np.asarray(header.get_best_affine(), float) * np.array([factor, factor, factor, 1.0])[:, None]
    placed = int(header["qform_code"]) > 0 or int(header["sform_code"]) > 0
    if np.isfinite(affine).all() and abs(np.linalg.det(affine[:3, :3])) > 1e-12:
        return dataclasses.replace(from_nifti(affine, shape), patient_based=placed)
    x, y, z = (abs(float(n)) * factor or 1.0 for n in header["pixdim"][1:4])
    return uncalibrated(shape[1], shape[0], shape[2], (z, y, x))

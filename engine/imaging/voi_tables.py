"""VOI lookup tables of a DICOM file: brightness of each value as the maker of the device wants it shown, beside its windows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from engine.imaging.dicom_header import quiet
from engine.imaging.files import decoding
from engine.imaging.image import VoiTable

_ASKED = ["SpecificCharacterSet", "VOILUTSequence", "PixelRepresentation", "BitsStored", "BitsAllocated"]


def read_voi_tables(path: str) -> tuple[VoiTable, ...]:
    """All tables of the file that can be read, in their order. Source: DICOM PS3.3 C.11.2.1.1."""
    with decoding(path), quiet():
        ds = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=list(_ASKED), force=True)
        sequence: Sequence[Any] = ds.get("VOILUTSequence") or ()
        found = [_table(ds, place) for place in range(len(sequence))]
    return tuple(table for table in found if table is not None)


def _table(ds: Dataset, place: int) -> VoiTable | None:
    """One table; None for a broken one, which is not offered: the windows are still there."""
    item = ds.VOILUTSequence[place]
    try:
        count, first, bits = (int(part) for part in item.LUTDescriptor)
        levels = _levels(item.LUTData, count or 2**16, bits, bool(ds.original_encoding[1]))
    except (AttributeError, KeyError, ValueError, TypeError):
        return None
    shown = np.rint(np.clip(levels / (2**bits - 1), 0, 1) * 255).astype(np.uint8)
    return VoiTable(str(item.get("LUTExplanation", "") or "").strip(), first, shown)


def _levels(data: Any, count: int, bits: int, little: bool) -> NDArray[np.float64]:
    """The entries, which lie in the file as words, or, of at most 8 bits, as bytes as well."""
    if not 0 < bits <= 16:
        raise ValueError(f"entries of {bits} bits")
    if isinstance(data, bytes):
        packed = bits <= 8 and len(data) < 2 * count
        data = np.frombuffer(data, np.uint8 if packed else "<u2" if little else ">u2")
    levels = np.asarray(data, np.float64)[:count]
    if len(levels) < count:
        raise ValueError(f"{len(levels)} of {count} entries")
    return levels

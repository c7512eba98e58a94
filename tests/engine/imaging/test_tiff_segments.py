"""TIFFs that lack strips or lie about them are refused; all forms that are written in earnest are read."""

import struct
import zlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow

from engine.errors import NotReadable
from engine.imaging.image import Source
from engine.imaging.read import read_image, read_labels

GREY = np.random.default_rng(0).integers(0, 255, (70, 90), np.uint8)
COLOUR = np.random.default_rng(0).integers(0, 255, (70, 90, 3), np.uint8)


def read(path: Path) -> Any:
    return read_image(Source((str(path),), "raster")).pixels


WHOLE: list[tuple[Any, dict[str, Any]]] = [
    (GREY, {}),
    (GREY, {"rowsperstrip": 16}),
    (GREY, {"rowsperstrip": 16, "compression": "zlib", "predictor": True}),
    (GREY, {"tile": (32, 32), "compression": "lzw"}),
    (GREY, {"tile": (32, 32), "compression": "jpeg2000"}),
    (GREY, {"tile": (32, 32), "compression": "jpegxl"}),
    (GREY, {"tile": (32, 32), "compression": "png"}),
    (GREY, {"tile": (32, 32), "compression": "jpegxr"}),
    (GREY, {"tile": (32, 32), "compression": "lerc"}),
    (GREY.astype(np.float32), {"rowsperstrip": 16, "compression": "lerc"}),
    (GREY, {"tile": (32, 32), "compression": "lerc", "compressionargs": {"compression": "deflate"}}),
    (GREY, {"tile": (32, 32), "compression": "lerc", "compressionargs": {"compression": "zstd"}}),
    (COLOUR, {"tile": (32, 32), "compression": "jpeg", "photometric": "ycbcr"}),
    (COLOUR, {"rowsperstrip": 16, "compression": "jpeg", "photometric": "rgb"}),
    (COLOUR, {"rowsperstrip": 16, "compression": "webp"}),
    (np.moveaxis(COLOUR, -1, 0), {"photometric": "rgb", "planarconfig": "separate", "tile": (32, 32)}),
    (GREY > 99, {"rowsperstrip": 16}),
    (GREY.astype(np.uint16), {"bigtiff": True, "rowsperstrip": 16}),
    (np.stack([GREY] * 3), {"imagej": True}),
    (np.stack([GREY] * 3), {"ome": True, "tile": (32, 32), "compression": "zlib"}),
    (np.stack([GREY] * 3), {"photometric": "minisblack", "compression": "packbits"}),
]


@pytest.mark.parametrize(("array", "how"), WHOLE)
def test_whole_files_are_read(tmp_path: Path, array: Any, how: dict[str, Any]) -> None:
    tifffile.imwrite(tmp_path / "a.tif", array, **how)
    assert read(tmp_path / "a.tif").shape[1:3] == (70, 90)


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "jpeg", "group4"])
def test_what_libtiff_writes_is_read(tmp_path: Path, compression: str | None) -> None:
    Pillow.fromarray(GREY > 99 if compression == "group4" else GREY).save(tmp_path / "a.tif", compression=compression)
    assert read(tmp_path / "a.tif").shape == (1, 70, 90)


def _entry(data: bytearray, tag: int) -> int:
    """Where the entry of that tag lies in the first directory."""
    at: int
    (at,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    places = (at + 2 + 12 * k for k in range(count))
    return next(place for place in places if struct.unpack_from("<H", data, place) == (tag,))


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("fault", ["half the strips", "no bytes", "no offset"])
def test_missing_strips_are_refused(tmp_path: Path, compression: str | None, fault: str) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, GREY, rowsperstrip=16, compression=compression, metadata=None)
    data = bytearray(path.read_bytes())
    offsets, counts = _entry(data, 273), _entry(data, 279)
    if fault == "half the strips":
        for entry in (offsets, counts):
            kind, _, where = struct.unpack_from("<HII", data, entry + 2)
            struct.pack_into("<I", data, entry + 4, 2)
            if kind == 3:  # two of them lie in the entry itself
                data[entry + 8 : entry + 12] = data[where : where + 4]
    else:
        entry = counts if fault == "no bytes" else offsets
        kind, _, where = struct.unpack_from("<HII", data, entry + 2)
        size = {3: 2, 4: 4}[kind]
        data[where + 2 * size : where + 3 * size] = bytes(size)
    path.write_bytes(data)
    for door in (read, read_labels):
        with pytest.raises(NotReadable, match="cut short"):
            door(path)


@pytest.mark.parametrize("codec", ["jpeg2k", "jpegxl", "jpeg8", "jpegxr", "lerc"])
@pytest.mark.parametrize("inner", [(640, 640), (32, 32)])
def test_a_stream_of_another_size_is_refused_before_it_is_decoded(
    tmp_path: Path, codec: str, inner: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = {"jpeg2k": "jpeg2000", "jpegxl": "jpegxl", "jpeg8": "jpeg"}.get(codec, codec)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, GREY[:64, :64], compression=kind, metadata=None)
    stream = bytes(getattr(imagecodecs, f"{codec}_encode")(np.zeros(inner, np.uint8)))
    data = bytearray(path.read_bytes())
    for tag, value in ((273, len(data)), (279, len(stream))):
        struct.pack_into("<HII", data, _entry(data, tag) + 2, 4, 1, value)
    path.write_bytes(data + stream)
    decoded: list[object] = []
    monkeypatch.setattr(tifffile.TiffPageSeries, "asarray", lambda *_, **__: decoded.append(path))
    with pytest.raises(NotReadable, match="cut short"):
        read(path)
    assert not decoded


@pytest.mark.parametrize("pack", [zlib.compress, imagecodecs.zstd_encode])
def test_a_lerc_stream_that_unpacks_to_more_than_its_tile_is_refused(tmp_path: Path, pack: Any) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, GREY[:64, :64], compression="lerc", metadata=None)
    stream = bytes(pack(bytes(imagecodecs.lerc_encode(GREY[:64, :64])) + bytes(1 << 20)))
    data = bytearray(path.read_bytes())
    for tag, value in ((273, len(data)), (279, len(stream))):
        struct.pack_into("<HII", data, _entry(data, tag) + 2, 4, 1, value)
    path.write_bytes(data + stream)
    with pytest.raises(NotReadable, match="cut short"):
        read(path)

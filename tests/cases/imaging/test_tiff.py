"""TIFF as microscopes write it: values, channels and planes are what the file says, and no other file is read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from engine.imaging.image import Image

ReadAll = Callable[[Path], list[Image]]

SHAPE = (40, 60)


def _ome(planes: list[str], own: int = 0) -> bytes:
    """The XML of a stack whose planes lie in files of these names, the first of each."""
    uuid = "urn:uuid:00000000-0000-0000-0000-{:012d}"
    data = "".join(
        f'<TiffData FirstZ="{z}" FirstC="0" FirstT="0" IFD="0" PlaneCount="1">'
        f'<UUID FileName="{name}">{uuid.format(z)}</UUID></TiffData>'
        for z, name in enumerate(planes)
    )
    pixels = (
        f'<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="{SHAPE[1]}" SizeY="{SHAPE[0]}" '
        f'SizeZ="{len(planes)}" SizeC="1" SizeT="1"><Channel ID="Channel:0:0" SamplesPerPixel="1"/>{data}</Pixels>'
    )
    space = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
    head = f'<?xml version="1.0" encoding="UTF-8"?><OME xmlns="{space}" UUID="{uuid.format(own)}">'
    return f'{head}<Image ID="Image:0">{pixels}</Image></OME>'.encode()


def _plane(file: Path, value: int, description: bytes | None = None) -> None:
    file.parent.mkdir(exist_ok=True)
    tifffile.imwrite(file, np.full(SHAPE, value, np.uint8), description=description, metadata=None)


def test_colour_as_floats_is_not_black(tmp_path: Path, read_all: ReadAll) -> None:
    colours = np.random.default_rng(0).integers(0, 256, (*SHAPE, 3)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", colours.astype(np.float32) / 255, photometric="rgb")
    (image,) = read_all(tmp_path / "a.tif")
    assert np.abs(image.pixels[0].astype(int) - colours).max() <= 1


def test_stack_over_many_files_is_one_item(tmp_path: Path, read_all: ReadAll) -> None:
    names = [f"z{z}.ome.tif" for z in range(4)]
    for z, name in enumerate(names):
        _plane(tmp_path / "stack" / name, 10 * z + 1, _ome(names, z))
    shapes = [image.shape for image in read_all(tmp_path / "stack")]
    assert shapes in ([(4, *SHAPE)], [(1, *SHAPE)] * 4)  # the stack, or each file for itself


def test_nothing_outside_the_folder_is_read(tmp_path: Path, read_all: ReadAll) -> None:
    _plane(tmp_path / "private.tif", 77)
    _plane(tmp_path / "given" / "a.ome.tif", 5, _ome(["a.ome.tif", "../private.tif"]))
    assert not any((image.pixels == 77).any() for image in read_all(tmp_path / "given"))


@pytest.mark.parametrize(
    "how",
    [{"imagej": True, "metadata": {"axes": "CYX", "mode": "composite"}}, {"ome": True, "metadata": {"axes": "CYX"}}],
    ids=["imagej", "ome"],
)
def test_channels_are_no_slices(tmp_path: Path, read_all: ReadAll, how: dict[str, Any]) -> None:
    channels = np.zeros((3, *SHAPE), np.uint8)
    channels[0, 5:15], channels[1, 20:30], channels[2, :, 40:] = 200, 150, 100
    tifffile.imwrite(tmp_path / "cells.tif", channels, **how)
    shapes = [image.shape for image in read_all(tmp_path / "cells.tif")]
    assert shapes and all(shape == (1, *SHAPE) for shape in shapes), shapes

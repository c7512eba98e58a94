"""How the masks of an import count is decided once, from all of them: in the survey, the preview, the import and for items that are there."""

import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import cv2
import nibabel as nib
import nrrd
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow

from engine.imaging.scan import scan
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images, parse_values, survey_masks
from engine.project.mask_import import MaskPlan, import_masks
from engine.project.mask_preview import look_at_mask
from engine.project.project import Project
from tests.said import result_and_said

Labels: TypeAlias = NDArray[np.uint8]
Drawn: TypeAlias = NDArray[np.int64]  # which of some colours lies where
BLACK, WHITE, RED, GREEN, BLUE = (0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255)
DRAWN = np.zeros((20, 30), np.int64)
DRAWN[2:8, 2:20], DRAWN[12:18, 4:9], DRAWN[12:18, 15:26] = 1, 2, 3


@pytest.fixture
def masks(tmp_path: Path) -> Path:
    for name in "abc":
        folder = tmp_path / "images"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.png").write_bytes(cv2.imencode(".png", np.full(DRAWN.shape, 60, np.uint8))[1].tobytes())
    (tmp_path / "masks").mkdir()
    return tmp_path / "masks"


def _without(drawn: Drawn, *gone: int) -> Drawn:
    return np.where(np.isin(drawn, gone), 0, drawn)


def _indexed(file: Path, numbers: Drawn, *palette: tuple[int, int, int]) -> None:
    picture = Pillow.fromarray(numbers.astype(np.uint8), "P")
    picture.putpalette([part for color in palette for part in color])
    picture.save(file)


def _quantized(file: Path, drawn: Drawn, *colors: tuple[int, int, int]) -> None:
    Pillow.fromarray(np.array(colors, np.uint8)[drawn]).quantize().save(file)


def _grey(file: Path, greys: NDArray[np.int64], bits: int) -> None:
    """With so many bits a pixel, as an encoder writes it that takes the least."""
    if bits == 1:
        Pillow.fromarray((greys > 0).astype(np.uint8) * np.uint8(255)).convert("1").save(file)
    elif bits == 8:
        Pillow.fromarray(greys.astype(np.uint8)).save(file)
    else:
        file.write_bytes(_png_of_few_bits(greys // (255 // (2**bits - 1)), bits))


def _png_of_few_bits(numbers: NDArray[np.int64], bits: int) -> bytes:
    each = ((numbers[..., None] >> np.arange(bits - 1, -1, -1)) & 1).reshape(len(numbers), -1)
    rows = b"".join(b"\0" + np.packbits(row.astype(np.uint8)).tobytes() for row in each)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", numbers.shape[1], len(numbers), bits, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class _Taken:
    """What was taken of masks in every way in which they can come in: the labels by item, the same in each way."""

    def __init__(self, folder: Path, classes: str, values: str) -> None:
        table, known = parse_values(values) or None, parse_classes(classes)
        found = result_of(scan([folder / "images"])).found
        survey = result_of(survey_masks(found, folder / "masks"))
        self.values = set(survey.share)
        with Project.create(folder / f"new {classes} {values}", "multiclass", known) as project:
            plan = ImportPlan((folder / "images",), folder / "masks", table)
            done, self.said = result_and_said(import_images(project, plan))
            self.refused = {one.file: one.reason for one in done.refused}
            self.labels = _labels(project)
        with Project.create(folder / f"old {classes} {values}", "multiclass", known) as project:
            result_of(import_images(project, ImportPlan((folder / "images",))))
            for item in project.items.all():  # one by one
                result_of(import_masks(project, MaskPlan(folder / "masks", table), [item]))
            later = _labels(project)
        assert later.keys() == self.labels.keys()
        assert all(np.array_equal(later[name], one) for name, one in self.labels.items())
        for image in found:
            preview = result_of(look_at_mask(image, found, folder / "masks", tuple(survey.share)))
            if preview is not None and image.name in self.labels and table is not None:
                place = {one.name: at for at, one in enumerate(known, 1)} | {"background": 0, "unlabelled": 255}
                meant = [0, *(place.get(table.get(value, ""), 0) for value in preview.values)]
                assert np.array_equal(np.array(meant)[preview.labels], self.labels[image.name])


def _labels(project: Project) -> dict[str, Labels]:
    return {
        item.name: project.layers.read(layer, item.shape)
        for item in project.items.all()
        if (layer := project.layers.mask(item.id)) is not None
    }


def _take(masks: Path, classes: str, values: str = "") -> _Taken:
    return _Taken(masks.parent, classes, values)


# Palettes ------------------------------------------------------------------------------------------------------------------

VOC = (BLACK, (128, 0, 0), (0, 128, 0), (128, 128, 0))


def test_palettes_of_published_sets_go_by_their_numbers(masks: Path) -> None:
    for name, drawn in (("a", DRAWN), ("b", _without(DRAWN, 2)), ("c", _without(DRAWN, 1, 3))):
        _indexed(masks / f"{name}.png", drawn, *VOC)
    taken = _take(masks, "x,y,z")
    assert not taken.refused and not taken.said
    assert np.array_equal(taken.labels["a"][0], DRAWN) and np.array_equal(taken.labels["c"][0], _without(DRAWN, 1, 3))


def test_palettes_of_one_import_may_be_longer_where_more_is_used(masks: Path) -> None:
    for name, drawn, count in (("a", DRAWN, 4), ("b", _without(DRAWN, 2, 3), 2)):
        _indexed(masks / f"{name}.png", drawn, *VOC[:count])
    assert np.array_equal(_take(masks, "x,y,z").labels["b"][0], _without(DRAWN, 2, 3))


def test_a_palette_that_begins_with_a_class_goes_by_its_numbers(masks: Path) -> None:
    """As sets with Cityscapes' colours: 255 is what counts nowhere, black like what fills the palette up."""
    road = ((128, 64, 128), (244, 35, 232), (70, 70, 70), (102, 102, 156), *[BLACK] * 252)
    for name, drawn in (("a", DRAWN), ("b", np.where(DRAWN == 3, 255, DRAWN)), ("c", DRAWN * 0)):
        _indexed(masks / f"{name}.png", drawn, *road)
    taken = _take(masks, "x,y,z", "0=background,1=x,2=y,3=z,255=unlabelled")
    assert not taken.refused and not taken.said and np.array_equal(taken.labels["a"][0], DRAWN)


@pytest.mark.parametrize("ending", ["png", "gif"])
def test_black_and_white_is_no_number_of_a_palette(masks: Path, ending: str) -> None:
    """An encoder puts white first: as a number the background would be the lesion."""
    lesion = _without(DRAWN, 2, 3)
    for name, drawn in (("a", lesion), ("b", lesion * 0 + 1), ("c", lesion * 0)):
        _quantized(masks / f"{name}.{ending}", drawn, BLACK, WHITE)
    with Pillow.open(masks / f"a.{ending}") as opened:
        assert np.asarray(opened)[0, 0] == (1 if opened.mode == "P" else 0)
    taken = _take(masks, "x")
    assert not taken.refused and np.array_equal(taken.labels["a"][0], lesion)
    assert taken.labels["b"].all() and not taken.labels["c"].any()
    assert any("Its colours were taken" in one for one in taken.said)


def test_numbers_that_differ_from_palette_to_palette_are_none(masks: Path) -> None:
    _quantized(masks / "a.png", DRAWN % 3, BLACK, WHITE, RED)
    _quantized(masks / "b.png", np.where(DRAWN == 2, 1, 0), BLACK, RED)
    taken = _take(masks, "x,y")
    assert set(taken.refused) == {"a.png", "b.png"} and "#ff0000" in taken.refused["b.png"]
    taken = _take(masks, "x,y", "#000000=background,#ffffff=x,#ff0000=y")
    assert not taken.refused and np.array_equal(taken.labels["a"][0], DRAWN % 3)
    assert np.array_equal(taken.labels["b"][0], np.where(DRAWN == 2, 2, 0))


def test_palettes_that_begin_with_black_and_differ_are_told_apart_too(masks: Path) -> None:
    _indexed(masks / "a.png", _without(DRAWN, 2, 3), BLACK, RED)
    _indexed(masks / "b.png", _without(DRAWN, 2, 3), BLACK, GREEN)
    assert set(_take(masks, "x,y").refused) == {"a.png", "b.png"}


def test_a_palette_of_greys_in_their_order_is_none(masks: Path) -> None:
    ramp = tuple((n, n, n) for n in range(256))
    _indexed(masks / "a.png", DRAWN, *ramp)
    _indexed(masks / "b.png", DRAWN, *VOC)
    _grey(masks / "c.png", DRAWN, 8)
    taken = _take(masks, "x,y,z")
    assert not taken.refused and all(np.array_equal(one[0], DRAWN) for one in taken.labels.values())


def test_objects_are_numbered_for_each_file_alone(masks: Path) -> None:
    """Programs give objects the colours that they like, from file to file."""
    _indexed(masks / "a.png", _without(DRAWN, 3), BLACK, RED, GREEN)
    _indexed(masks / "b.png", DRAWN, BLACK, GREEN, WHITE, RED)
    with Project.create(masks.parent / "cells", "instance", parse_classes("cell")) as project:
        done = result_of(import_images(project, ImportPlan((masks.parent / "images",), masks)))
        assert not done.refused
        layer = project.layers.mask(project.items.named("b").id)
        assert layer is not None
        assert np.array_equal(project.layers.read_instances(layer, (1, *DRAWN.shape)).ids[0], DRAWN)


def test_transparent_ground_of_a_palette_is_background(masks: Path) -> None:
    picture = Pillow.fromarray(np.where(DRAWN == 1, 0, 1).astype(np.uint8), "P")
    picture.putpalette([*RED, *WHITE])
    picture.save(masks / "a.gif", transparency=1)
    _indexed(masks / "b.png", np.where(DRAWN == 1, 0, 1), RED, BLACK)
    taken = _take(masks, "x", "0=background,#ff0000=x")
    assert not taken.refused and all(np.array_equal(one[0], DRAWN == 1) for one in taken.labels.values())


# Bits a pixel --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [(2, 1), (8, 1), (4, 2), (8, 2)])
def test_greys_are_the_same_however_few_bits_an_encoder_took(masks: Path, first: int, second: int) -> None:
    """White is 3 in 2 bits, 1 in 1 bit and 255 in 8."""
    drawn = _without(DRAWN, 1, 2) if second == 1 else DRAWN
    _grey(masks / "a.png", DRAWN * 85, first)
    _grey(masks / "b.png", drawn * 85, second)
    taken = _take(masks, "x,y,z", "0=background,85=x,170=y,255=z")
    assert taken.values == {0, 85, 170, 255} and not taken.refused
    assert np.array_equal(taken.labels["a"][0], DRAWN) and np.array_equal(taken.labels["b"][0], drawn)
    assert any("greys were taken" in one for one in taken.said)


def test_without_a_table_greys_of_several_depths_are_not_guessed(masks: Path) -> None:
    _grey(masks / "a.png", DRAWN * 85, 2)
    _grey(masks / "b.png", _without(DRAWN, 1, 2) * 85, 1)
    assert set(_take(masks, "x,y,z").refused) == {"a.png", "b.png"}


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_masks_of_one_depth_go_by_their_numbers(masks: Path, bits: int) -> None:
    step = 255 // (2**bits - 1)
    drawn = DRAWN if bits > 1 else _without(DRAWN, 2, 3)
    _grey(masks / "a.png", drawn * step, bits)
    _grey(masks / "b.png", drawn * step, bits)
    _grey(masks / "c.png", drawn * 0, 1)  # an empty one says nothing
    taken = _take(masks, "x,y,z")
    assert not taken.refused and not taken.said and np.array_equal(taken.labels["b"][0], drawn)


def test_one_bit_beside_numbers_of_eight_is_a_number(masks: Path) -> None:
    lesion = _without(DRAWN, 2, 3)
    _grey(masks / "a.png", lesion * 255, 1)
    _grey(masks / "b.png", DRAWN, 8)
    tifffile.imwrite(masks / "c.tif", lesion.astype(bool), photometric="minisblack")
    taken = _take(masks, "x,y,z")
    assert not taken.refused and not taken.said
    assert np.array_equal(taken.labels["a"][0], lesion) and np.array_equal(taken.labels["c"][0], lesion)


def test_one_bit_of_a_tiff_is_white_beside_white(masks: Path) -> None:
    lesion = _without(DRAWN, 2, 3)
    tifffile.imwrite(masks / "a.tif", lesion.astype(bool), photometric="minisblack")
    _grey(masks / "b.png", DRAWN * 60 + lesion * 195, 8)
    taken = _take(masks, "x,y,z", "0=background,255=x,120=y,180=z")
    assert not taken.refused and np.array_equal(taken.labels["a"][0], lesion)


def test_a_black_and_white_palette_is_white_beside_white(masks: Path) -> None:
    lesion = _without(DRAWN, 2, 3)
    _indexed(masks / "a.png", lesion, BLACK, WHITE)
    _grey(masks / "b.png", lesion * 255, 8)
    taken = _take(masks, "x")
    assert taken.values == {0, 255} and all(np.array_equal(one[0], lesion) for one in taken.labels.values())


# Channels ------------------------------------------------------------------------------------------------------------------

Write: TypeAlias = Callable[[Path, Sequence[NDArray[np.bool_]]], None]


def _as_tiff(file: Path, channels: Sequence[NDArray[np.bool_]]) -> None:
    stack = np.stack(channels).astype(np.uint8)
    tifffile.imwrite(f"{file}.tif", stack, imagej=True, metadata={"axes": "CYX"})


def _as_nifti(file: Path, channels: Sequence[NDArray[np.bool_]]) -> None:
    volume = np.stack([one.T[:, :, None] for one in channels], axis=-1).astype(np.uint8)
    nib.save(nib.Nifti1Image(volume, np.eye(4)), f"{file}.nii.gz")


def _as_nrrd(file: Path, channels: Sequence[NDArray[np.bool_]]) -> None:
    volume = np.stack([one.T[:, :, None] for one in channels]).astype(np.uint8)
    nrrd.write(f"{file}.nrrd", volume, {"kinds": ["list", *["domain"] * 3]})


TUMOUR, STROMA = DRAWN == 1, DRAWN != 1


@pytest.mark.parametrize("write", [_as_tiff, _as_nifti, _as_nrrd])
@pytest.mark.parametrize("first", ["a", "b"])
def test_channels_that_fill_some_images_alone_are_not_numbered_in_silence(
    masks: Path, write: Write, first: str
) -> None:
    second = "b" if first == "a" else "a"
    write(masks / first, [TUMOUR, DRAWN == 2])
    write(masks / second, [TUMOUR, STROMA])
    for classes in ("tumour", "tumour,stroma,other"):
        taken = _take(masks, classes)
        assert len(taken.refused) == 2 and all("first channel" in reason for reason in taken.refused.values())
    for values in ("", "0=background,1=tumour,2=stroma"):  # as many channels as classes
        taken = _take(masks, "tumour,stroma", values)
        assert not taken.refused and taken.values == {0, 1, 2}
        assert np.array_equal(taken.labels[first][0], np.where(DRAWN <= 2, DRAWN, 0))
        assert np.array_equal(taken.labels[second][0], np.where(TUMOUR, 1, 2))
        assert "2 images: Its 2 channels were taken as the values 1 to 2, one a class." in taken.said


@pytest.mark.parametrize(("all_full", "first"), [(True, 0), (False, 1)])
def test_channels_that_are_all_alike_need_no_word(masks: Path, all_full: bool, first: int) -> None:
    channels = [STROMA, TUMOUR] if all_full else [DRAWN == 2, TUMOUR]
    for name in "ab":
        _as_tiff(masks / name, channels)
    taken = _take(masks, "x,y")
    expected = np.where(TUMOUR, 1, 0) if all_full else np.where(TUMOUR, 2, DRAWN == 2)
    assert not taken.refused and np.array_equal(taken.labels["a"][0], expected) and first == expected[DRAWN == 2].max()

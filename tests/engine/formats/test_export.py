"""Exports: names that never collide, and images that are never overwritten."""

import json
import os
from pathlib import Path

import cv2
import nibabel as nib
import numpy as np
import pytest

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.formats import png
from engine.formats.export import export
from engine.formats.targets import spare_images, values_of
from engine.imaging.image import Source
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.items import Item, content_hash
from engine.project.layers import pack
from engine.project.project import Project
from tests.said import result_and_said


def _item(folder: Path, name: str, slices: int = 1) -> Item:
    file = folder / f"{name}.png"
    _, data = cv2.imencode(".png", np.full((9, 8), 7, np.uint8))
    file.write_bytes(data.tobytes())
    source = Source((str(file),), "raster")
    return Item(0, name, source, content_hash(source.files), (slices, 9, 8), (1, 1, 1), False, "", "")


def _project(folder: Path, *items: tuple[str, int]) -> Project:
    project = Project.create(folder / "p", "multiclass", parse_classes("lung"))
    for name, slices in items:
        project.items.add(_item(folder, name, slices))
    return project


@pytest.mark.parametrize("through", ["itself", "link"])
def test_images_are_never_overwritten(tmp_path: Path, through: str) -> None:
    images = tmp_path / "images"
    images.mkdir()
    out = images
    if through == "link":
        out = tmp_path / "there"
        out.symlink_to(images)
    with _project(images, ("a", 1), ("b", 1)) as project:
        before = {file: file.read_bytes() for file in images.glob("*.png")}
        (images / "a.png").rename(images / "c.png")  # the project knows b.png alone by now
        with pytest.raises(EngineError, match=r"b\.png is one of the images themselves"):
            result_of(export(project, "png", out, empty=True))
        assert sorted(file.name for file in images.glob("*.png")) == ["b.png", "c.png"], "nothing was written"
        assert (images / "b.png").read_bytes() == before[images / "b.png"]
        files = result_of(export(project, "png", tmp_path / "masks", empty=True)).files
        assert [file.name for file in files] == ["a.png", "b.png"]
        with pytest.raises(EngineError, match=r"a\.png is there already\."):
            result_of(export(project, "png", tmp_path / "masks", empty=True))
        again = result_of(export(project, "png", tmp_path / "masks", empty=True, overwrite=True))
        assert again.files == files, "masks are replaced where that is asked for"


@pytest.mark.skipif(os.name != "posix", reason="links need rights there")
def test_an_image_is_known_under_another_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    os.link(tmp_path / "a.png", tmp_path / "b.png")
    with pytest.raises(EngineError, match=r"b\.png is one of the images"):
        spare_images([str(tmp_path / "a.png")], [tmp_path / "b.png"])
    spare_images([str(tmp_path / "a.png"), str(tmp_path / "gone.png")], [tmp_path / "gone.png", tmp_path / "c.png"])


def test_slices_of_a_volume_and_a_picture_of_that_name(tmp_path: Path) -> None:
    with _project(tmp_path, ("a", 2), ("a_1", 1), ("A", 1)) as project:
        files = result_of(export(project, "png", tmp_path / "out", empty=True)).files
        names = [file.name for file in files]
        assert len({name.casefold() for name in names}) == 4 and names[:2] == ["a_1.png", "a_2.png"]
        assert sorted(os.listdir(tmp_path / "out")) == sorted([*names, "contorno.json"])


def test_an_item_that_cannot_be_written_does_not_keep_the_others_from_it(tmp_path: Path) -> None:
    with _project(tmp_path, ("a", 1), ("b", 1), ("c", 1)) as project:
        (tmp_path / "b.png").unlink()  # NIfTI needs its geometry
        done, said = result_and_said(export(project, "nifti", tmp_path / "out", empty=True))
        assert [(path.name, item and item.name) for path, item in done.items.items()] == [
            (f"{name}{ending}", name) for name in "ac" for ending in (".nii.gz", ".json")
        ]
        assert [item.name for item, _ in done.failed] == ["b"]
        assert len(said) == 1 and said[0].startswith("b was not written: The image of b is not where it was")
        for name in ("a", "c"):
            (tmp_path / f"{name}.png").unlink()
        with pytest.raises(EngineError, match="a is not where it was"):
            result_of(export(project, "nifti", tmp_path / "other", empty=True))


def _half_labelled(folder: Path) -> Project:
    """A volume of six slices, 2 and 4 labelled (4 as empty), and a picture that nobody labelled."""
    project = Project.create(folder / "p", "multiclass", parse_classes("lung"))
    nib.save(nib.Nifti1Image(np.zeros((8, 9, 6), np.int16), np.eye(4)), folder / "v.nii.gz")
    (item,) = result_of(import_images(project, ImportPlan((folder / "v.nii.gz",)))).added
    project.items.add(_item(folder, "picture"))
    labels = np.zeros((6, 9, 8), np.uint8)
    labels[2, 3:5], labels[2, 5] = 1, 255
    project.layers.replace(project.layers.make(item.id), pack(labels), (2, 4))
    return project


def test_pictures_of_slices_that_nobody_labelled_are_not_written(tmp_path: Path) -> None:
    with _half_labelled(tmp_path) as project:
        files = result_of(export(project, "png", tmp_path / "out")).files
        assert [file.name for file in files] == ["v_3.png", "v_5.png"]
        assert sorted(os.listdir(tmp_path / "out")) == ["contorno.json", "v_3.png", "v_5.png"]
        assert values_of(files[0]) == {1: "lung", 255: "unlabelled"}
        written = [png.read(file) for file in files]
        assert np.unique(written[0]).tolist() == [0, 1, 255] and not written[1].any()
        files = result_of(export(project, "png", tmp_path / "all", empty=True)).files
        assert [file.name for file in files] == [*(f"v_{n}.png" for n in range(1, 7)), "picture.png"]


@pytest.mark.parametrize("format", ["png", "nifti"])
def test_an_export_comes_back_by_the_names_of_its_classes(tmp_path: Path, format: str) -> None:
    labels = np.zeros((1, 9, 8), np.uint8)
    labels[0, 2:4], labels[0, 5], labels[0, 7] = 1, 2, 255
    with Project.create(tmp_path / "p", "multiclass", parse_classes("liver,tumour")) as project:
        item = project.items.add(_item(tmp_path, "a"))
        project.layers.replace(project.layers.make(item.id), pack(labels), (0,))
        result_of(export(project, format, tmp_path / "masks"))
    with Project.create(tmp_path / "other", "multiclass", parse_classes("tumour,spleen,Liver")) as project:
        done = result_of(import_images(project, ImportPlan((tmp_path / "a.png",), masks=tmp_path / "masks")))
        layer = project.layers.mask(done.added[0].id)
        assert layer is not None
        back = project.layers.read(layer, (1, 9, 8))
    np.testing.assert_array_equal(back, np.array([0, 3, 1], np.uint8)[labels % 255] + (labels == 255) * np.uint8(255))


def test_list_of_labelled_slices_lies_beside_a_volume(tmp_path: Path) -> None:
    with _half_labelled(tmp_path) as project:
        files = result_of(export(project, "nifti", tmp_path / "out")).files
        assert [file.name for file in files] == ["v.nii.gz", "v.json"]
        assert json.loads(files[1].read_text()) == {"slices": 6, "labelled": [2, 4]}
        values = np.asarray(nib.load(files[0]).dataobj)
        assert np.flatnonzero(values.any(axis=(0, 1))).tolist() == [2]
        layer = project.layers.mask(project.items.named("v").id)
        assert layer is not None
        project.layers.replace(layer, pack(np.zeros((6, 9, 8), np.uint8)), range(6))
        files = result_of(export(project, "nifti", tmp_path / "whole")).files
        assert [file.name for file in files] == ["v.nii.gz"], "all of it is labelled"


def test_what_nobody_labelled_stays_so_when_an_export_comes_back(tmp_path: Path) -> None:
    with _half_labelled(tmp_path) as project:
        result_of(export(project, "nifti", tmp_path / "out"))
        result_of(export(project, "png", tmp_path / "all", empty=True))
    for files, masks, expected in (("v.nii.gz", "out", {2, 4}), ("picture.png", "all", set())):
        with Project.create(tmp_path / f"of {masks}", "multiclass", parse_classes("lung")) as other:
            (item,) = result_of(import_images(other, ImportPlan((tmp_path / files,), tmp_path / masks))).added
            assert other.layers.labelled(item.id) == expected


@pytest.mark.parametrize("layer", ["mask", "run"])
def test_pictures_that_nobody_labelled_stay_so_in_coco(tmp_path: Path, layer: str) -> None:
    """One with a square, one that was looked at and found empty, and one of which nothing is known."""
    names, labels = ("painted", "empty", "unseen"), np.zeros((1, 9, 8), np.uint8)
    with _project(tmp_path, *((name, 1) for name in names)) as project:
        run = project.runs.add(TrainConfig(), "run")
        for name in names[:2]:
            made = project.layers.make(
                project.items.named(name).id, *(("prediction", run.id) if layer == "run" else ())
            )
            labels[0, 2:4] = name == "painted"
            project.layers.replace(made, pack(labels), (0,))
        (file,) = result_of(export(project, "coco", tmp_path / "out", layer, empty=True)).files
        result_of(export(project, "png", tmp_path / "png", layer, empty=True))
    images = [tmp_path / f"{name}.png" for name in names]
    for task in ("multiclass", "instance"):
        with Project.create(tmp_path / task, task, parse_classes("lung")) as other:
            result_of(import_images(other, ImportPlan(tuple(images), coco=file)))
            told = {item.name: other.layers.labelled(item.id) for item in other.items.all()}
            assert told == {"painted": {0}, "empty": {0}, "unseen": frozenset()}
    about = json.loads((tmp_path / "png" / "contorno.json").read_text())["files"]
    assert [about[f"{name}.png"].get("labelled", True) for name in names] == [True, True, False]


def test_it_stays_so_on_another_grid(tmp_path: Path) -> None:
    """The same scan stored from the other end."""
    with _half_labelled(tmp_path) as project:
        result_of(export(project, "nifti", tmp_path / "out"))
    image = nib.load(tmp_path / "v.nii.gz")
    (tmp_path / "turned").mkdir()
    flip = np.diag([1.0, 1.0, -1.0, 1.0])
    flip[2, 3] = 5
    nib.save(
        nib.Nifti1Image(np.asarray(image.dataobj)[..., ::-1], image.affine @ flip), tmp_path / "turned" / "v.nii.gz"
    )
    with Project.create(tmp_path / "other", "multiclass", parse_classes("lung")) as other:
        plan = ImportPlan((tmp_path / "turned",), tmp_path / "out")
        (item,) = result_of(import_images(other, plan)).added
        assert other.layers.labelled(item.id) == {1, 3}

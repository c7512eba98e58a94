"""Objects come in from COCO files and label images and go out again as they are."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import nibabel
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from pycocotools import mask as drawing

from engine.errors import EngineError
from engine.formats.export import export
from engine.imaging.image import Source
from engine.labels.classes import UNLABELLED, parse_classes
from engine.labels.instances import Instances
from engine.labels.mask import Brush, Mask
from engine.progress import Notice, result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.items import Item, content_hash
from engine.project.layers import pack, pack_instances
from engine.project.mask_edits import record_mask
from engine.project.mask_files import ImageMask
from engine.project.mask_import import MaskPlan, import_masks
from engine.project.project import Project
from tests.said import result_and_said

SHAPE = (40, 60)


@pytest.fixture
def cells(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "cells", "instance", parse_classes("red,white")) as made:
        yield made


def _write(path: Path, values: NDArray[Any]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, values)[1].tobytes())
    return path


def _image(folder: Path, name: str = "a", shape: tuple[int, int] = SHAPE) -> Path:
    return _write(folder / f"{name}.png", np.random.default_rng(len(name)).integers(0, 255, shape, np.uint8))


def _coco(path: Path, annotations: list[dict[str, object]], name: str = "a.png") -> Path:
    content = {
        "images": [{"id": 1, "file_name": name, "height": SHAPE[0], "width": SHAPE[1]}],
        "categories": [{"id": 5, "name": "White"}, {"id": 6, "name": "red"}],
        "annotations": [{"id": n, "image_id": 1, "category_id": 5, **one} for n, one in enumerate(annotations)],
    }
    path.write_text(json.dumps(content))
    return path


def _box(x: int, y: int, w: int, h: int) -> list[list[int]]:
    return [[x, y, x + w, y, x + w, y + h, x, y + h]]


def _stored(project: Project, name: str = "a") -> Instances:
    item = project.items.named(name)
    layer = project.layers.mask(item.id)
    assert layer is not None
    return project.layers.read_instances(layer, item.shape)


def _class_map(project: Project, name: str = "a") -> NDArray[np.uint8]:
    item = project.items.named(name)
    layer = project.layers.mask(item.id)
    assert layer is not None
    labels: NDArray[np.uint8] = project.layers.read(layer, item.shape)[0]
    return labels


def _canonical(instances: Instances) -> tuple[NDArray[Any], NDArray[Any]]:
    present, numbered = np.unique(instances.ids, return_inverse=True)
    return numbered.reshape(instances.ids.shape), instances.classes[present]


def _objects(shape: tuple[int, int, int] = (1, *SHAPE)) -> Instances:
    """Touching ones, one with a hole, one of two parts, one of a single pixel, and gaps between the numbers."""
    ids = np.zeros(shape, np.uint16)
    ids[0, 2:10, 2:10], ids[0, 2:10, 10:20], ids[0, 10:14, 2:20] = 1, 2, 300
    ids[0, 20:34, 5:20] = 4
    ids[0, 25:28, 9:12] = 0
    ids[0, 30:, 40:44], ids[0, 2:6, 50:] = 65_535, 65_535
    ids[-1, 39, 59] = 9
    ids[0, 20 + np.arange(8), 30 + np.arange(8)] = 77  # its pixels touch at corners alone
    classes = np.zeros(65_536, np.uint8)
    classes[[1, 2, 300, 4, 65_535, 9, 77]] = 1, 1, 2, 2, 1, 2, 1
    return Instances(ids, classes)


def _with_objects(project: Project, tmp_path: Path) -> Instances:
    result_and_said(import_images(project, ImportPlan((_image(tmp_path / "images"),))))
    layer = project.layers.make(project.items.named("a").id)
    project.layers.replace(layer, pack_instances(_objects()), range(1))
    return _objects()


# COCO --------------------------------------------------------------------------------------------------------------------


def test_each_annotation_is_an_object_and_the_later_lies_on_top(cells: Project, tmp_path: Path) -> None:
    ring = np.zeros(SHAPE, np.uint8, order="F")
    ring[20:30, 20:30], ring[23:27, 23:27] = 1, 0
    code = drawing.encode(ring)
    file = _coco(
        tmp_path / "coco.json",
        [
            {"segmentation": _box(10, 5, 6, 6), "category_id": 6},
            {"segmentation": _box(2, 2, 30, 12)},  # larger, and later: hides the first
            {"segmentation": {"size": list(SHAPE), "counts": code["counts"].decode()}},
            {"segmentation": _box(24, 24, 2, 2)},  # in its hole
            {"segmentation": _box(30, 10, 8, 8), "category_id": 6},  # over a corner of the second
            {"segmentation": [[50, 30, 50, 30, 50, 30]]},  # a point
            {"segmentation": _box(45, 2, 10, 10), "iscrowd": 1},
            {"segmentation": _box(45, 2, 4, 4)},
        ],
    )
    done, said = result_and_said(import_images(cells, ImportPlan((_image(tmp_path / "images"),), coco=(file,))))
    assert len(done.added) == 1
    found = _stored(cells)
    assert [int(found.classes[id]) for id in found.present] == [2, 2, 2, 1, 2]
    at = {point: int(found.ids[0][point]) for point in ((6, 12), (21, 21), (25, 25), (12, 31), (3, 46), (10, 50))}
    assert at[(10, 50)] == 0 and len(set(at.values())) == 6
    labels = _class_map(cells)
    assert labels[10, 50] == UNLABELLED and labels[3, 46] == 2 and labels[6, 12] == 2
    told = "\n".join(said)
    assert "2 objects of coco.json lie over others" in told and "1 object of coco.json is hidden" in told
    assert (
        "1 shape of coco.json covers no pixel and was left out (image/annotation): 1/5." in told
        and "1 annotation of coco.json is a crowd" in told
    )


def test_categories_are_given_a_meaning_for_objects_too(cells: Project, tmp_path: Path) -> None:
    file = _coco(
        tmp_path / "coco.json",
        [{"segmentation": _box(2, 2, 5, 5)}, {"segmentation": _box(9, 2, 5, 5), "category_id": 6}],
    )
    meaning = {"white": "background", "red": "White"}
    result_and_said(import_images(cells, ImportPlan((_image(tmp_path / "images"),), coco=(file,), categories=meaning)))
    found = _stored(cells)
    assert found.present == (1,) and found.classes[1] == 2 and found.ids[0, 3, 10] == 1


def test_more_objects_than_can_be_told_apart_are_refused(cells: Project, tmp_path: Path) -> None:
    file = _coco(tmp_path / "coco.json", [{"segmentation": _box(2, 2, 1, 1)}] * 65_536)
    done, _ = result_and_said(import_images(cells, ImportPlan((_image(tmp_path / "images"),), coco=(file,))))
    assert not done.added and "65536 objects" in done.refused[0].reason and "65,535" in done.refused[0].reason
    crowds = [{"segmentation": _box(2, 2, 1, 1), "iscrowd": int(n > 0)} for n in range(65_536)]
    done, _ = result_and_said(import_images(cells, ImportPlan((_image(tmp_path),), coco=_coco(file, crowds))))
    assert done.added and _stored(cells).present == (1,), "what is no object is none of them"


def test_objects_come_back_from_coco(cells: Project, tmp_path: Path) -> None:
    before = _with_objects(cells, tmp_path)
    done = result_of(export(cells, "coco", tmp_path / "out"))
    content = json.loads((tmp_path / "out" / "annotations.json").read_text())
    assert [file.name for file in done.files] == ["annotations.json"]
    assert content["images"] == [{"id": 1, "file_name": "a.png", "height": 40, "width": 60}]
    first = content["annotations"][0]
    assert (first["bbox"], first["area"], first["category_id"], first["iscrowd"]) == ([2, 2, 8, 8], 64, 1, 0)
    assert sorted(map(tuple, np.reshape(first["segmentation"], (-1, 2)).tolist())) == [
        (2, 2),
        (2, 10),
        (10, 2),
        (10, 10),
    ]
    assert sum(isinstance(one["segmentation"], dict) for one in content["annotations"]) == 1, "the one with the hole"
    for one in content["annotations"]:
        code = one["segmentation"]
        if isinstance(code, list):
            code = drawing.merge(drawing.frPyObjects([[float(n) for n in part] for part in code], *SHAPE))
        assert drawing.area(code) == one["area"] and drawing.toBbox(code).tolist() == one["bbox"]
    with Project.create(tmp_path / "again", "instance", parse_classes("white,red")) as other:  # names count, not places
        result_and_said(
            import_images(other, ImportPlan((tmp_path / "images",), coco=(tmp_path / "out" / "annotations.json",)))
        )
        after = _stored(other)
    (ids, classes), (same, others) = _canonical(before), _canonical(after)
    assert np.array_equal(ids, same) and np.array_equal(classes, np.array([0, 2, 1])[others])
    with pytest.raises(EngineError, match="there already"):
        result_of(export(cells, "coco", tmp_path / "out"))
    assert result_of(export(cells, "coco", tmp_path / "out", overwrite=True)).files


def test_names_that_meet_keep_their_folders_in_coco(cells: Project, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    one, two = _image(tmp_path / "images" / "x"), _image(tmp_path / "images" / "y", shape=(20, 30))
    result_and_said(import_images(cells, ImportPlan((one, two))))
    result_of(export(cells, "coco", tmp_path / "out", empty=True))
    content = json.loads((tmp_path / "out" / "annotations.json").read_text())
    assert {image["file_name"] for image in content["images"]} == {"x/a.png", "y/a.png"}


def test_class_maps_go_to_coco_as_their_parts_and_volumes_do_not(tmp_path: Path) -> None:
    with Project.create(tmp_path / "map", "multiclass", parse_classes("red,white")) as project:
        result_and_said(import_images(project, ImportPlan((_image(tmp_path / "images"),))))
        labels = _objects().class_map()
        project.layers.replace(project.layers.make(project.items.named("a").id), pack(labels), range(1))
        source = Source((str(_image(tmp_path / "volume", "v")),), "raster")
        volume = Item(0, "v", source, content_hash(source.files), (3, *SHAPE), (1, 1, 1), False, "", "")
        project.layers.replace(project.layers.make(project.items.add(volume).id), (), range(3))
        done = result_of(export(project, "coco", tmp_path / "out"))
    assert [(item.name, "volume" in str(why)) for item, why in done.failed] == [("v", True)]
    content = json.loads((tmp_path / "out" / "annotations.json").read_text())
    assert sum(one["area"] for one in content["annotations"]) == np.count_nonzero(labels)


# Label images ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["png", "nifti"])
def test_objects_come_back_from_label_images_with_their_ids(cells: Project, tmp_path: Path, format: str) -> None:
    before = _with_objects(cells, tmp_path)
    done = result_of(export(cells, format, tmp_path / "out"))
    (file,) = done.files
    values = (
        cv2.imdecode(np.fromfile(file, np.uint8), cv2.IMREAD_UNCHANGED)
        if format == "png"
        else np.asarray(nibabel.nifti1.load(file).dataobj)[..., 0].T
    )
    assert values is not None and values.dtype == np.uint16 and np.array_equal(values, before.ids[0])
    with Project.create(tmp_path / "again", "instance", parse_classes("white,red")) as other:
        result_and_said(import_images(other, ImportPlan((tmp_path / "images",), masks=tmp_path / "out")))
        after = _stored(other)
    assert np.array_equal(after.ids, before.ids)
    assert np.array_equal(after.class_map(), np.array([0, 2, 1], np.uint8)[before.class_map()])


def test_each_value_of_a_label_image_is_an_object_of_the_class_that_was_chosen(cells: Project, tmp_path: Path) -> None:
    image, values = _image(tmp_path / "images"), np.zeros(SHAPE, np.uint16)
    values[2:6, 2:6], values[2:6, 6:9], values[20:22, 20:22], values[30, 30] = 7, 40_000, 40_000, 255
    _write(tmp_path / "masks" / "a.tif", values)
    done, _ = result_and_said(import_images(cells, ImportPlan((image,), masks=tmp_path / "masks")))
    assert not done.added and "of which class" in done.refused[0].reason
    with pytest.raises(EngineError, match="no class blue"):
        result_and_said(import_images(cells, ImportPlan((image,), masks=tmp_path / "masks", object_class="blue")))
    result_and_said(import_images(cells, ImportPlan((image,), masks=tmp_path / "masks", object_class="White")))
    found = _stored(cells)
    assert found.present == (7, 255, 40_000) and np.array_equal(found.ids[0], values)
    assert set(found.classes[list(found.present)]) == {2}


def test_values_beyond_16_bits_are_numbered_anew(cells: Project, tmp_path: Path) -> None:
    colours = np.zeros((*SHAPE, 3), np.uint8)  # a colour an object
    colours[2:6, 2:6], colours[10:16, 10:16], colours[20:22, 20:22] = (9, 0, 200), (1, 1, 250), (255, 255, 255)
    _write(tmp_path / "masks" / "a.png", colours)
    plan = ImportPlan((_image(tmp_path / "images"),), masks=tmp_path / "masks", object_class="red")
    result_and_said(import_images(cells, plan))
    found = _stored(cells)
    assert found.present == (1, 2, 3) and len({int(found.ids[0][p]) for p in ((3, 3), (12, 12), (21, 21))}) == 3


def test_values_beyond_16_bits_are_of_the_class_that_the_list_says_of_them(cells: Project, tmp_path: Path) -> None:
    ids = np.zeros(SHAPE, np.int32)
    ids[2:8, 2:8], ids[12:18, 12:18], ids[22:28, 22:28] = 2, 70_000, 90_000
    _image(tmp_path / "images")
    (tmp_path / "masks").mkdir()
    np.save(tmp_path / "masks" / "a.npy", ids)
    about = {"program": "Contorno", "files": {"a.npy": {"values": {"2": "red", "90000": "white", "3": "red"}}}}
    (tmp_path / "masks" / "contorno.json").write_text(json.dumps(about))
    plan = ImportPlan((tmp_path / "images",), tmp_path / "masks", object_class="red")
    _, said = result_and_said(import_images(cells, plan))
    assert any("does not name the objects 70000:" in text for text in said)
    assert [_class_map(cells)[at, at] for at in (4, 14, 24)] == [1, 1, 2] and _stored(cells).present == (1, 2, 3)


def test_objects_are_counted_where_others_stay_and_not_by_their_highest_number(tmp_path: Path) -> None:
    """Few objects under high numbers on both slices: those that come in get free ones. More than there are numbers are refused."""
    with Project.create(tmp_path / "stack", "instance", parse_classes("red,white")) as project:
        stack = np.random.default_rng(0).integers(0, 255, (2, 300, 300), np.uint8)
        tifffile.imwrite(tmp_path / "a.tif", stack, photometric="minisblack")
        result_and_said(import_images(project, ImportPlan((tmp_path / "a.tif",))))
        item = project.items.all()[0]
        layer = project.layers.make(item.id)
        ids = np.zeros(item.shape, np.uint16)
        ids[0, :4, :4], ids[0, 9:12, :4] = 65_535, 3
        project.layers.replace(layer, pack_instances(Instances.of((ids > 0).astype(np.uint8), ids)), [0])
        found = np.zeros(item.shape, np.uint16)
        found[1, :4, :4], found[1, 9:12, :4] = 65_535, 3
        assert record_mask(project, item, ImageMask((2 * (found > 0)).astype(np.uint8), (), frozenset({1}), found))
        stored = _stored(project)
        assert np.array_equal(stored.ids[0], ids[0]) and set(stored.classes[list(stored.present)]) == {1, 2}
        new = (stored.ids[1, 2, 2], stored.ids[1, 10, 2])
        assert len({65_535, 3, 0, *new}) == 5 and (stored.classes[list(new)] == 2).all()
        found[1] = np.arange(90_000).reshape(300, 300) % 65_536
        many = ImageMask((found > 0).astype(np.uint8), (), frozenset({1}), found)
        with pytest.raises(EngineError, match="more than 65,535"):
            record_mask(project, item, many, replaces=True)


def test_negative_numbers_are_no_objects(cells: Project, tmp_path: Path) -> None:
    labels = np.zeros(SHAPE, np.int16)
    labels[2:4, 2:4], labels[6:8, 6:8] = 1, -1
    (tmp_path / "masks").mkdir()
    np.save(tmp_path / "masks" / "a.npy", labels)
    plan = ImportPlan((_image(tmp_path / "images"),), masks=tmp_path / "masks", object_class="red")
    done, _ = result_and_said(import_images(cells, plan))
    assert ["-1, which is the number of no object" in one.reason for one in done.refused] == [True]


def test_a_mask_of_classes_is_taken_apart_and_that_is_said(cells: Project, tmp_path: Path) -> None:
    image, mask = _image(tmp_path / "images"), np.zeros(SHAPE, np.uint8)
    mask[2:6, 2:6], mask[2:6, 20:26] = 255, 255
    _write(tmp_path / "masks" / "a.png", mask)
    plan = ImportPlan((image,), masks=tmp_path / "masks", object_class="red")
    done, said = result_and_said(import_images(cells, plan))
    assert len(_stored(cells).present) == 2 and "2 in all" in "\n".join(said)
    cells.items.remove([item.id for item in done.added])
    mask[30:, 30:], mask[20:24, 2:5] = 128, 77
    _write(tmp_path / "masks" / "a.png", mask)
    values = {0: "background", 255: "white", 128: "red", 77: "unlabelled"}
    _, said = result_and_said(import_images(cells, ImportPlan((image,), masks=tmp_path / "masks", values=values)))
    found = _stored(cells)
    assert sorted(int(found.classes[id]) for id in found.present) == [1, 2, 2] and "3 in all" in "\n".join(said)
    assert _class_map(cells)[21, 3] == UNLABELLED


def test_label_images_for_items_that_are_there_are_one_edit(cells: Project, tmp_path: Path) -> None:
    result_and_said(import_images(cells, ImportPlan((_image(tmp_path / "images"),))))
    item = cells.items.named("a")
    mask = cells.layers.read_mask(None, item.shape, objects=True)
    stroke = mask.begin("Brush")
    stroke.line("axial", 0, (30, 30), (30, 40), Brush.round(4), 1)
    layer = cells.layers.make(item.id)
    cells.layers.record(layer, mask, stroke.end())
    painted = _stored(cells)
    _write(tmp_path / "masks" / "a.png", np.minimum(_objects().ids[0], 5_000))
    refused = result_of(import_masks(cells, MaskPlan(tmp_path / "masks", object_class="red"))).refused
    assert "mask already" in refused[0].reason
    plan = MaskPlan(tmp_path / "masks", object_class="red", replace=True)
    assert len(result_of(import_masks(cells, plan)).changed) == 1
    assert np.array_equal(_stored(cells).ids, np.minimum(_objects().ids, 5_000))
    assert not result_of(import_masks(cells, plan)).changed, "the same again is no change"
    cells.layers.undo(layer, cells.layers.read_mask(layer, item.shape, objects=True))
    assert np.array_equal(_stored(cells).ids, painted.ids)


def test_unlabelled_pixels_are_said_to_go_lost_in_label_images(cells: Project, tmp_path: Path) -> None:
    _with_objects(cells, tmp_path)
    item = cells.items.named("a")
    layer = cells.layers.mask(item.id)
    assert layer is not None
    mask: Mask = cells.layers.read_mask(layer, item.shape, objects=True)
    stroke = mask.begin("Brush")
    stroke.line("axial", 0, (37, 10), (37, 10), Brush.round(1), UNLABELLED)
    cells.layers.record(layer, mask, stroke.end())
    for format in ("png", "coco"):
        events = list(export(cells, format, tmp_path / format))
        assert any(isinstance(event, Notice) and "5 unlabelled" in event.text for event in events)


def test_objects_of_a_turned_volume_lie_where_they_belong_and_are_never_interpolated(tmp_path: Path) -> None:
    values = np.zeros((6, 8, 10), np.uint16)
    values[1:3, 2:5, 3:7], values[4, 6:, 8:] = 3, 60_000
    affine = np.diag([1.5, 1.5, 3.0, 1.0])
    turned = affine @ np.array([[-1, 0, 0, 9], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    save: Callable[..., None] = nibabel.nifti1.save
    for folder in ("images", "masks", "coarse"):
        (tmp_path / folder).mkdir()
    scan = np.random.default_rng(0).integers(0, 900, values.shape).astype(np.int16)
    save(nibabel.nifti1.Nifti1Image(scan.T, affine), tmp_path / "images" / "a.nii.gz")
    save(nibabel.nifti1.Nifti1Image(values[..., ::-1].T, turned), tmp_path / "masks" / "a.nii.gz")
    coarse = np.diag([3.0, 3.0, 3.0, 1.0])
    save(nibabel.nifti1.Nifti1Image(values[:, ::2, ::2].T, coarse), tmp_path / "coarse" / "a.nii.gz")
    with Project.create(tmp_path / "p", "instance", parse_classes("red")) as project:
        done, _ = result_and_said(import_images(project, ImportPlan((tmp_path / "images",), masks=tmp_path / "coarse")))
        assert "another grid" in done.refused[0].reason
        result_and_said(import_images(project, ImportPlan((tmp_path / "images",), masks=tmp_path / "masks")))
        (item,) = project.items.all()
        found = _stored(project, item.name)
    assert found.present == (3, 60_000) and np.array_equal(found.ids > 0, values > 0)


def test_objects_that_the_list_beside_them_does_not_name_are_no_background(cells: Project, tmp_path: Path) -> None:
    ids = np.zeros(SHAPE, np.uint16)
    ids[2:8, 2:8], ids[12:18, 12:18] = 1, 11
    _image(tmp_path / "images")
    _write(tmp_path / "masks" / "a.png", ids)
    about = {"program": "Contorno", "files": {"a.png": {"values": {"1": "white"}}}}
    (tmp_path / "masks" / "contorno.json").write_text(json.dumps(about))
    done = result_of(import_images(cells, ImportPlan((tmp_path / "images",), tmp_path / "masks")))
    assert [each.reason for each in done.refused] == [
        "The list beside the mask does not say of which class the objects 11 are."
    ]
    plan = ImportPlan((tmp_path / "images",), tmp_path / "masks", object_class="red")
    _, said = result_and_said(import_images(cells, plan))
    assert any("does not name the objects 11" in text for text in said)
    assert [_class_map(cells)[at, at] for at in (4, 14)] == [2, 1]

"""The objects that a run found are kept beside it and come back as they were."""

from pathlib import Path

import numpy as np
import pytest

from engine.config import Task, TrainConfig
from engine.errors import NotReadable
from engine.imaging.image import Source
from engine.labels.classes import parse_classes
from engine.labels.instances import Instances
from engine.progress import result_of
from engine.project.class_removal import remove_class
from engine.project.items import Item
from engine.project.layers import Predicted, pack, pack_instances
from engine.project.objects import FoundObjects, found_objects, ids_of_prediction, objects_of, pack_objects
from engine.project.project import Project
from engine.project.runs import objects_file

FOUND = FoundObjects(
    Instances(np.array([[[0, 1, 1], [2, 2, 3]]], np.uint16), np.array([0, 1, 1, 2], np.uint8)),
    np.array([0.0, 0.9, 0.3, 0.5], np.float32),
)


def with_item(folder: Path) -> tuple[Project, Item]:
    project = Project.create(folder, "multiclass", parse_classes("a,b"))
    item = Item(0, "one", Source((str(folder / "one.png"),), "raster"), "h", (1, 2, 3), (1.0, 1.0, 1.0), False, "", "")
    return project, project.items.add(item)


def test_kept_as_they_were_until_predicted_anew(tmp_path: Path) -> None:
    project, item = with_item(tmp_path / "p")
    with project:
        run = project.runs.add(TrainConfig())
        assert found_objects(run, item, project.classes) is None
        project.keep_prediction(run, Predicted(item.id, (), pack_objects(FOUND)))
        kept = found_objects(run, item, project.classes)
        assert kept is not None
        assert np.array_equal(kept.objects.ids, FOUND.objects.ids)
        assert kept.objects.classes.tolist() == [0, 1, 1, 2]
        assert np.array_equal(kept.sure, FOUND.sure)
        project.keep_prediction(run, Predicted(item.id, ()))
        assert found_objects(run, item, project.classes) is None, (
            "a prediction without objects has none of an earlier one"
        )


def test_only_sure_ones_are_shown() -> None:
    assert FOUND.shown.ids.tolist() == [[[0, 1, 1], [0, 0, 3]]]
    assert FOUND.shown.present == (1, 3)
    assert FOUND.shown.class_map().tolist() == [[[0, 1, 1], [0, 0, 2]]]


def test_classes_that_are_gone_take_their_objects_along_and_others_have_their_new_places() -> None:
    left = FOUND.relabelled(np.array([0, 0, 1], np.uint8))
    assert left.objects.present == (3,) and left.objects.ids.tolist() == [[[0, 0, 0], [0, 0, 3]]]
    assert left.shown.class_map().tolist() == [[[0, 0, 0], [0, 0, 1]]]
    assert FOUND.relabelled(np.arange(3, dtype=np.uint8)).objects.present == FOUND.objects.present


def test_objects_of_a_mask_that_tells_them_apart_are_its_own(tmp_path: Path) -> None:
    project, item = with_item(tmp_path / "p")
    with project:
        project.layers.replace(project.layers.make(item.id), pack_instances(FOUND.shown))
        found = objects_of(project, item)
    assert np.array_equal(found.ids, FOUND.shown.ids) and found.present == (1, 3)


@pytest.mark.parametrize("fault", ["cut", "turned", "other", "empty", "number"])
def test_a_damaged_file_is_said(tmp_path: Path, fault: str) -> None:
    project, item = with_item(tmp_path / "p")
    with project:
        run = project.runs.add(TrainConfig())
        project.keep_prediction(run, Predicted(item.id, (), pack_objects(FOUND)))
        file = objects_file(run.folder, item.id)
        data = file.read_bytes()
        wide = Instances(np.zeros((1, 2, 4), np.uint16), FOUND.objects.classes)
        few = Instances(FOUND.objects.ids, FOUND.objects.classes[:2])
        spoilt = {
            "cut": data[:-3],
            "turned": data[::-1],
            "other": pack_objects(FoundObjects(wide, FOUND.sure)),
            "empty": b"",
            "number": pack_objects(FoundObjects(few, FOUND.sure[:2])),
        }
        file.write_bytes(spoilt[fault])
        with pytest.raises(NotReadable, match=r"damaged|empty"):
            found_objects(run, item, project.classes)


def test_an_item_without_a_mask_has_no_object(tmp_path: Path) -> None:
    project, item = with_item(tmp_path / "p")
    with project:
        assert objects_of(project, item).present == ()


def test_found_objects_follow_a_class_that_is_removed(tmp_path: Path) -> None:
    project, item = with_item(tmp_path / "p")
    with project:
        run = project.runs.add(TrainConfig())
        project.keep_prediction(run, Predicted(item.id, (), pack_objects(FOUND)))
        project.runs.update(run, "finished")
        result_of(remove_class(project, 1))
        kept = found_objects(project.runs.get(run.id), item, project.classes)
        assert kept is not None and kept.objects.present == (3,) and kept.objects.classes[3] == 1
        assert kept.objects.ids.tolist() == [[[0, 0, 0], [0, 0, 3]]], "of the class that went"


@pytest.mark.parametrize(("task", "gap"), [("multiclass", 8), ("instance", 8), ("instance", 2)])
def test_objects_of_a_class_map_are_told_apart_in_a_project_of_objects_as_far_as_they_can_be(
    tmp_path: Path, task: Task, gap: int
) -> None:
    labels = np.zeros((1, 520, 520), np.uint8)
    labels[0, ::gap, ::gap] = 1
    with Project.create(tmp_path / "p", task, parse_classes("a")) as project:
        source = Source((str(tmp_path / "one.png"),), "raster")
        item = project.items.add(Item(0, "one", source, "h", labels.shape, (1.0, 1.0, 1.0), False, "", ""))
        run = project.runs.add(TrainConfig())
        layer = project.layers.make(item.id, "prediction", run.id)
        project.layers.replace(layer, pack(labels))
        ids = ids_of_prediction(project, layer, labels)
    count = 0 if ids is None else int(ids.max())
    assert count == (65 * 65 if (task, gap) == ("instance", 8) else 0), "67,600 are too many"

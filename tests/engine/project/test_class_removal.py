"""A class that was added by a slip goes, wherever it stands, and with it nothing else."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.labels.classes import UNLABELLED, parse_classes
from engine.labels.mask import Brush, Mask
from engine.progress import result_of
from engine.project.class_removal import class_use, items_holding, remove_class
from engine.project.items import Item
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import CHECKPOINT, Run

MakeItem = Callable[..., Item]


@pytest.fixture
def wide(project: Project) -> Project:
    project.set_classes(parse_classes("a,b,c,d"))
    return project


def _names(project: Project) -> list[str]:
    return [one.name for one in project.classes]


def test_a_class_in_the_middle_goes_and_those_after_it_move_up(wide: Project, make_item: MakeItem) -> None:
    item, other = wide.items.add(make_item("x")), wide.items.add(make_item("y"))
    labels = np.zeros(item.shape, np.uint8)
    labels[0, :, :6] = np.array([1, 3, 4, UNLABELLED, 0, 3], np.uint8)
    layer = wide.layers.make(item.id)
    wide.layers.replace(layer, pack(labels), [0])
    assert result_of(items_holding(wide, 2)) == 0 and result_of(items_holding(wide, 3)) == 1
    result_of(remove_class(wide, 2))
    assert _names(wide) == ["a", "c", "d"] and [one.key for one in wide.classes] == ["1", "2", "3"]
    assert wide.layers.read(layer, item.shape)[0, 0, :6].tolist() == [1, 2, 3, UNLABELLED, 0, 2]
    assert wide.layers.labelled(item.id) == {0} and wide.layers.mask(other.id) is None


@pytest.mark.parametrize(("into", "expected"), [(0, [1, 0, 2]), (1, [1, 1, 2]), (4, [1, 3, 2])])
def test_pixels_become_what_was_chosen_and_so_does_the_history(
    wide: Project, make_item: MakeItem, into: int, expected: list[int]
) -> None:
    item = wide.items.add(make_item("x"))
    layer, mask = wide.layers.make(item.id), Mask(np.zeros(item.shape, np.uint8))
    for value, column in ((1, 5), (2, 25), (3, 45)):
        stroke = mask.begin(str(value))
        stroke.line("axial", 0, (5, column), (30, column), Brush.round(3), value)
        wide.layers.record(layer, mask, stroke.end())
    wide.layers.undo(layer, mask)
    result_of(remove_class(wide, 2, into))
    after = Mask(wide.layers.read(layer, item.shape).copy())
    assert after.labels[0, 10, [5, 25, 45]].tolist() == [*expected[:2], 0]
    assert wide.layers.redo(layer, after) is not None
    assert after.labels[0, 10, [5, 25, 45]].tolist() == expected
    for _ in range(3 if into else 2):  # a stroke of which nothing is left is none
        assert wide.layers.undo(layer, after) is not None
    assert wide.layers.undo(layer, after) is None
    assert not after.labels.any() and not wide.layers.read(layer, item.shape).any()


def test_whole_images_follow(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "c", "classification", parse_classes("a,b,c")) as project:
        ids = [project.items.add(make_item(name, label=label)).id for name, label in (("x", 0), ("y", 1), ("z", 2))]
        project.items.add(make_item("none"))
        assert result_of(items_holding(project, 2)) == 1
        result_of(remove_class(project, 2))
        assert [project.items.get(id).label for id in ids] == [0, None, 1]
        with pytest.raises(EngineError, match="two classes"):
            result_of(remove_class(project, 1, into=2))
        assert [project.items.get(id).label for id in ids] == [0, None, 1] and _names(project) == ["a", "c"]


def _trained(project: Project, *, kept: bool) -> Run:
    """A run with a bundle that says which classes it knows: their names alone, or (`kept`) their identities too."""
    run = project.runs.update(project.runs.add(TrainConfig()), "finished")
    card: dict[str, object] = {"classes": [(one.name, one.color) for one in project.classes]}
    if kept:
        card["identities"] = [one.identity for one in project.classes]
    header = json.dumps({"__metadata__": {"contorno": json.dumps(card)}}).encode()
    run.bundle.write_bytes(len(header).to_bytes(8, "little") + header)
    return project.runs.update(run, "finished")


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("told", [True, False])
def test_runs_follow_the_classes_that_are_left(wide: Project, make_item: MakeItem, kept: bool, told: bool) -> None:
    item, run = wide.items.add(make_item("x")), _trained(wide, kept=kept)
    layer = wide.layers.make(item.id, "prediction", run.id)
    labels = np.zeros(item.shape, np.uint8)
    labels[0, 0, :4] = 1, 2, 3, 4
    wide.layers.replace(layer, pack(labels))
    identities = [one.identity for one in wide.classes]
    if not told:
        run.bundle.write_bytes(b"damaged")
    result_of(remove_class(wide, 2, into=1))
    assert [one.identity for one in wide.classes] == [identities[0], *identities[2:]]
    assert wide.layers.read(layer, item.shape)[0, 0, :4].tolist() == [1, 0, 2, 3], "what it said of b is nobody's"
    wide.set_classes([*wide.classes, *parse_classes("e")])
    run = wide.runs.get(run.id)
    assert [one.place for one in run.learnt(wide.classes)] == [0, None, 1, 2]
    assert [one.name for one in run.learnt(wide.classes)][2:] == ["c", "d"]
    assert run.knows(wide.classes) == [True, True, True, False]
    assert run.learnt(wide.classes)[1].name == ("b" if told else "class 2")
    result_of(remove_class(wide, 1))
    assert [one.place for one in wide.runs.get(run.id).learnt(wide.classes)] == [None, None, 0, 1]


def test_it_is_said_first_what_cannot_follow(wide: Project, make_item: MakeItem) -> None:
    item, run = wide.items.add(make_item("x")), _trained(wide, kept=True)
    wide.layers.replace(wide.layers.make(item.id), pack(np.full(item.shape, 2, np.uint8)), [0])
    assert [str(note) for note in result_of(class_use(wide, 2)).notes] == [
        f"These runs go on knowing b: what they paint of it is background from now on. {run.name}"
    ]
    (run.folder / CHECKPOINT).write_bytes(b"")
    found = result_of(class_use(wide, 2))
    assert found.items == 1 and len(found.notes) == 2 and "cannot be trained any further" in str(found.notes[1])
    wide.runs.update(run, "training")
    with pytest.raises(EngineError, match=f"b cannot be removed while {run.name} is being trained"):
        result_of(remove_class(wide, 2))
    assert _names(wide) == ["a", "b", "c", "d"]


def test_a_removal_that_is_stopped_changes_nothing(wide: Project, make_item: MakeItem) -> None:
    items = [wide.items.add(make_item(name)) for name in "xy"]
    for item in items:
        wide.layers.replace(wide.layers.make(item.id), pack(np.full(item.shape, 3, np.uint8)))
    work = remove_class(wide, 2)
    next(work)
    next(work)
    work.close()
    assert _names(wide) == ["a", "b", "c", "d"]
    for item in items:
        mask = wide.layers.mask(item.id)
        assert mask is not None and (wide.layers.read(mask, item.shape) == 3).all()

"""Killed at any moment, a project keeps every stroke that was reported as kept."""

import math
import random
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from engine.config import Task
from engine.imaging.image import Source
from engine.labels.classes import parse_classes
from engine.labels.mask import Mask
from engine.project.codec import decode_edit
from engine.project.items import Item
from engine.project.project import Project

KILLS = {"multiclass": 30, "instance": 15}
SHAPE = (1, 700, 900)

PAINTER = """
import random, sys
from pathlib import Path
from engine.labels.mask import Brush
from engine.project.project import Project

project = Project.open(Path(sys.argv[1]))
rng = random.Random(int(sys.argv[2]))
(item,) = project.items.all()
layer = project.layers.make(item.id)
mask = project.layers.read_mask(layer, item.shape, objects=project.task == "instance")
print("ready", flush=True)
for number in range(100000):
    if number % 7 > 3:
        word = rng.choice(("undone", "undone", "redone"))
        edit = project.layers.undo(layer, mask) if word == "undone" else project.layers.redo(layer, mask)
        if edit is not None:
            print(word, edit.name, flush=True)
        continue
    stroke = mask.begin(f"{sys.argv[2]}.{number}")
    place = (rng.uniform(0, 700), rng.uniform(0, 900))
    for _ in range(rng.randrange(1, 5)):
        last, place = place, (place[0] + rng.gauss(0, 90), place[1] + rng.gauss(0, 90))
        stroke.line("axial", 0, last, place, Brush.round(rng.uniform(2, 30)), rng.randrange(3))
    edit = stroke.end()
    project.layers.record(layer, mask, edit)
    if not edit.empty:
        print("painted", edit.name, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="processes are ended otherwise there")
@pytest.mark.parametrize("task", ["multiclass", "instance"])
def test_no_finished_stroke_is_lost(tmp_path: Path, task: Task) -> None:
    with Project.create(tmp_path / "scans", task, parse_classes("a,b")) as project:
        item = Item(0, "scan", Source(("/scan.png",), "raster"), "", SHAPE, (1, 1, 1), False, "", "")
        project.layers.make(project.items.add(item).id)
    rng, state, count = random.Random(20), State(), 0
    for number in range(KILLS[task]):
        said = _paint_and_kill(project.path, number, rng.randrange(5), rng.uniform(0.0, 0.04))
        count += len(said)
        for line in said:
            state = state.after(*line.split(" "))
        with Project.open(project.path) as again:
            found = _on_disk(again)
            assert found == state or found in state.one_further(found)
            layer, replayed = again.layers.make(1), _replayed(again)
            assert np.array_equal(again.layers.read(layer, SHAPE), replayed.labels)
            if replayed.ids is not None:
                assert np.array_equal(again.layers.read_instances(layer, SHAPE).ids, replayed.ids)
            state = found
    assert count > KILLS[task]


@dataclass(frozen=True)
class State:
    """Names of the strokes that are done and of those that were undone, both oldest first."""

    done: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()

    def after(self, word: str, name: str) -> "State":
        if word == "painted":
            return State((*self.done, name))
        if word == "undone":
            assert self.done[-1] == name
            return State(self.done[:-1], (name, *self.undone))
        assert word == "redone" and self.undone[0] == name
        return State((*self.done, name), self.undone[1:])

    def one_further(self, found: "State") -> "list[State]":
        """Where one step more leads, which was kept but could no longer be reported."""
        steps = [("painted", found.done[-1])] if found.done and found.done[-1] not in self.done + self.undone else []
        steps += [("undone", self.done[-1])] if self.done else []
        steps += [("redone", self.undone[0])] if self.undone else []
        return [self.after(*step) for step in steps]


def _on_disk(project: Project) -> State:
    history = project.layers.history(project.layers.make(1))
    done = tuple(entry.name for entry in history if not entry.undone)
    undone = tuple(entry.name for entry in history if entry.undone)
    assert [entry.name for entry in history] == [*done, *undone], "what was undone comes after what was not"
    return State(done, undone)


def _paint_and_kill(project: Path, number: int, least: int, seconds: float) -> list[str]:
    """What the painter said before it was killed, some time after so many lines: each stroke, undo and redo that was kept."""
    command = [sys.executable, "-c", PAINTER, str(project), str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as painter:
        assert painter.stdout is not None and painter.stdout.readline() == "ready\n"
        said = [painter.stdout.readline() for _ in range(least)]
        with pytest.raises(subprocess.TimeoutExpired):
            painter.wait(seconds)
        painter.kill()
        said += painter.stdout.readlines()
    assert painter.returncode == -signal.SIGKILL
    return [line[:-1] for line in said if line.endswith("\n")]  # a line that was cut short was not said


def _replayed(project: Project) -> Mask:
    """The journal painted onto an empty mask, from the bytes on disk."""
    mask = project.layers.read_mask(None, SHAPE, objects=project.task == "instance")
    for row in project._store.rows("SELECT name, data, ids FROM edits WHERE undone = 0 ORDER BY id"):
        edit = decode_edit(row["name"], row["data"], math.prod(SHAPE), row["ids"])
        for patch in edit.patches:
            assert np.array_equal(mask.labels[patch.box.slices], patch.old), "an edit before this one is missing"
            if mask.ids is not None:
                assert patch.old_ids is not None and np.array_equal(mask.ids[patch.box.slices], patch.old_ids)
        mask.apply(edit)
    return mask

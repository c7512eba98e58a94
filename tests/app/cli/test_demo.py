from pathlib import Path

import cv2
import numpy as np
import pytest

from app.cli.demo import making_demo, run_loop, side_by_side
from app.cli.output import Output
from engine.config import TrainConfig
from engine.phantom import CLASSES, patient
from engine.progress import result_of
from engine.project.checks import check
from engine.project.project import Project
from engine.project.splits import leaks
from engine.scoring.render import overlay


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result_of(making_demo(tmp_path_factory.mktemp("demo"), patients=4, slices=3, side=64))


def test_demo_is_a_project_of_phantoms_with_masks(demo: Path) -> None:
    assert demo.name == "demo.contorno" and len(list((demo.parent / "images").rglob("*.dcm"))) == 12
    with Project.open(demo, write=False) as project:
        items = project.items.all()
        assert project.task == "multiclass" and tuple(c.name for c in project.classes) == CLASSES
        assert len(items) == 4 and len({item.patient for item in items}) == 4 and not leaks(items)
        assert {item.split for item in items} == {"train", "val", "test"}
        for seed, item in enumerate(items, 1):
            layer = project.layers.mask(item.id)
            assert layer is not None and item.modality == "CT" and not item.notes
            assert np.array_equal(project.layers.read(layer, item.shape), patient(seed, 3, 64).labels)


def test_demo_has_nothing_wrong_with_its_data(demo: Path) -> None:
    with Project.open(demo, write=False) as project:
        assert [f.text for f in result_of(check(project)) if f.level == "wrong"] == []


def test_a_demo_that_is_there_is_opened_as_it_is(demo: Path) -> None:
    with Project.open(demo) as project:
        first = project.items.all()[0]
        project.items.set_splits({first.id: "test"})
        # the project is open for writing here, as it is in the window: it must not be asked for again
        assert result_of(making_demo(demo.parent, patients=4, slices=3, side=64)) == demo
        assert project.items.get(first.id).split == "test" and project.items.count() == 4


def test_an_import_that_was_cut_short_is_completed(tmp_path: Path) -> None:
    path = result_of(making_demo(tmp_path, patients=3, slices=2, side=64))
    with Project.open(path) as project:
        project.items.remove([project.items.all()[1].id])
    result_of(making_demo(tmp_path, patients=3, slices=2, side=64))
    with Project.open(path, write=False) as project:
        assert sorted(i.name for i in project.items.all()) == [f"Phantom 0{n}" for n in (1, 2, 3)]
        assert {i.split for i in project.items.all()} == {"train", "val", "test"}


def test_without_a_folder_it_lies_among_the_users_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "HOME", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    path = result_of(making_demo(None, patients=3, slices=1, side=48))
    assert path.is_relative_to(tmp_path) and path.parts[-3:] == ("contorno", "demo", "demo.contorno")


def test_the_whole_loop_ends_in_scores_and_pictures(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run_loop(demo, TrainConfig(epochs=1, size=64, batch=2, device="cpu"), Output(False))
    with Project.open(demo, write=False) as project:
        run = project.runs.get(result.value["run"])
        tested = project.items.all("test")
        assert run.state == "finished" and run.bundle.is_file()
        assert [reading.n for reading in run.summary.test_readings] == [len(tested)], "it was looked at"
        assert project.layers.predicted(run.id) == {item.id for item in tested}
    assert result.value["n"] == len(tested) == len(result.value["pictures"])
    assert set(result.value["classes"]) == set(CLASSES) and "mean_dice" in result.value
    assert "mean" in result.text and all(name in result.text for name in CLASSES)
    for file in result.value["pictures"]:
        picture = cv2.imdecode(np.frombuffer(Path(file).read_bytes(), np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None and picture.shape[1] == 3 * 128 and picture.shape[0] > 128
    assert "epoch 1" in capsys.readouterr().err


def test_pictures_stand_side_by_side_in_their_colours() -> None:
    scan = np.full((40, 50), 120, np.uint8)
    truth, said = np.zeros((40, 50), np.uint8), np.zeros((40, 50), np.uint8)
    truth[10:30, 10:30], said[5:20, 20:40] = 1, 2
    drawn = side_by_side(scan, truth, said, ["#ff0000", "#00ff00"])
    plain, reference, prediction = np.split(drawn[-80:], 3, axis=1)
    assert (plain == 120).all()
    middle = overlay(scan, truth, ["#ff0000", "#00ff00"], fill=0.3)[20, 20]
    assert np.array_equal(reference[40, 40], middle)
    assert prediction[24, 60, 1] > 120 > prediction[24, 60, 0] and (prediction[70, 10] == 120).all()

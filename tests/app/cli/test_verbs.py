"""The command line, verb by verb, in this process: exit codes, JSON, help, and refusals without a traceback."""

import json
import logging
import ntpath
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import nibabel
import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import pytest

from app.cli import learn
from app.cli.main import _parser, main
from app.cli.output import Output
from app.cli.running import run_training
from engine.augment.presets import save_preset
from engine.augment.row import TransformSetting
from engine.augment.transforms import AugmentConfig
from engine.config import TrainConfig
from engine.imaging.read import read_image
from engine.labels.classes import parse_classes
from engine.learning import bundle
from engine.learning.bundle import read_card
from engine.learning.events import read_events
from engine.progress import Progress, Work
from engine.project.project import Project
from engine.project.store import FILE

VERBS = ["new", "import", "split", "check", "augment", "export", "train", "predict", "evaluate", "compare", "explain"]
VERBS += ["report", "tune", "open", "demo", "models", "doctor", "desktop"]
ALL_AS_ONE = ["--values", "0=background,1=a,2=a"]
TINY = ["--epochs", "1", "--device", "cpu", "--seed", "1", "--set", "size=32", "--set", "batch=2", "--preset", "none"]

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    numbers = [signal.SIGTERM, *([signal.SIGHUP] if sys.platform != "win32" else [])]
    before, root = {number: signal.getsignal(number) for number in numbers}, logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """One command: its exit status, what it wrote to stdout, and to stderr."""

    def said(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in err + out
        return code, out, err

    return said


@pytest.fixture
def as_json(say: Say) -> Callable[..., Any]:
    """A command that succeeds, with --json: what stdout holds."""

    def found(*words: object) -> Any:
        code, out, err = say(*words, "--json")
        assert code == 0, err
        return json.loads(out)

    return found


def png(path: Path, image: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    return path


def pixels(path: str | Path) -> np.ndarray:
    found = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
    assert found is not None, path
    return found


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A project with a run of one epoch that has predicted all items; made once, only read by the tests."""
    from engine.config import TrainConfig
    from engine.labels.classes import parse_classes
    from engine.project.importing import ImportPlan, import_images

    folder = tmp_path_factory.mktemp("trained")
    _shapes(folder)
    with Project.create(folder / "shapes", "multiclass", parse_classes("disc,square")) as project:
        for _ in import_images(project, ImportPlan((folder / "images",), folder / "masks")):
            pass
        items = project.items.all()
        project.items.set_splits(
            {i.id: s for i, s in zip(items, ("train", "train", "train", "train", "val", "test"), strict=True)}  # type: ignore[misc]
        )
        path = project.path
        run = project.runs.add(TrainConfig(), "placeholder")
        project.runs.remove(run)
    assert main(["train", str(path), "--name", "first", *TINY]) == 0
    assert main(["predict", str(path), "--run", "first", "--device", "cpu"]) == 0
    return path, "first"


def _shapes(folder: Path) -> None:
    """Six pictures of a bright disc and a grey square, and their masks."""
    rng = np.random.default_rng(7)
    for at, name in enumerate("abcdef"):
        mask = np.zeros((48, 64), np.uint8)
        cv2.circle(mask, (18 + at, 22), 10, 1, -1)
        cv2.rectangle(mask, (40, 10 + at), (55, 25 + at), 2, -1)
        picture = np.array([40, 220, 130], np.uint8)[mask] + rng.integers(0, 20, mask.shape).astype(np.uint8)
        png(folder / "images" / f"{name}.png", picture)
        png(folder / "masks" / f"{name}.png", mask)


# Help and usage ----------------------------------------------------------------------------------------------------------


def test_every_verb_of_the_design_is_there(say: Say) -> None:
    code, out, _ = say("--help")
    assert code == 0 and "Exit status" in out and "130 interrupted" in out
    assert all(f"\n    {verb} " in out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_an_example_that_parses(say: Say, verb: str) -> None:
    code, out, _ = say(verb, "--help")
    assert code == 0
    example = out.split("example:\n")[1].strip()
    assert example.startswith(f"contorno {verb} ") or example == f"contorno {verb}"
    import shlex

    _parser().parse_args(shlex.split(example)[1:])


@pytest.mark.parametrize("verb", [v for v in VERBS if v != "open"])
def test_every_verb_that_says_something_says_it_as_json_too(say: Say, verb: str) -> None:
    assert "--json" in say(verb, "--help")[1]


@pytest.mark.parametrize(
    "words",
    [
        ["paint"],
        ["new"],
        ["new", "x"],
        ["split", "x"],
        ["split", "x", "--ratios", "1/1/1", "--from", "y.csv"],
        ["import", "x"],
        ["import", "x", "a.png", "--values", "0=background"],
        ["import", "x", "a.png", "--categories", "a=b", "--masks", "m"],
        ["import", "x", "a.png", "--item-column", "file"],
        ["import", "x", "a.png", "--masks", "m", "--overwrite"],
        ["train", "x", "--epochs", "many"],
        ["evaluate", "x"],
        ["evaluate", "x", "--run", "r", "--split", "exam"],
        ["models", "--task", "cooking"],
        ["desktop"],
        ["--nonsense"],
        ["new", "x", "--classes", "a", "--task", "cooking"],
        ["export", "x", "out", "--format", "cuneiform"],
        ["train", "x", "--set", "batch"],
        ["predict"],
        ["predict", "x"],
        ["predict", "x", "y", "--run", "1"],
        ["predict", "--bundle", "b", "x.png"],
        ["predict", "--bundle", "b", "--out", "o"],
        ["predict", "--bundle", "b", "x.png", "--out", "o", "--split", "test"],
        ["predict", "x", "--run", "1", "--out", "o"],
        ["predict", "x", "--run", "1", "--split", "test", "--items", "a"],
        ["train", "x", "--resume", "1", "--arch", "unet"],
        ["train", "x", "--resume", "1", "--set", "batch=2"],
        ["train", "x", "--resume", "1", "--name", "other"],
        ["split", "x", "--from", "t.csv", "--keep", "test"],
    ],
)
def test_wrong_usage_ends_with_2(say: Say, words: list[str]) -> None:
    code, out, err = say(*words)
    assert code == 2 and out == "" and err.startswith("usage: contorno")


def test_the_version(say: Say) -> None:
    from app import __version__

    assert say("--version") == (0, f"contorno {__version__}\n", "")


# Refusals ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["import", "nowhere.contorno", "x.png"],
        ["split", "nowhere.contorno", "--ratios", "70/15/15"],
        ["check", "nowhere.contorno"],
        ["augment", "nowhere.contorno", "a", "--out", "x.png"],
        ["export", "nowhere.contorno", "out"],
        ["train", "nowhere.contorno"],
        ["predict", "nowhere.contorno", "--run", "1"],
        ["evaluate", "nowhere.contorno", "--run", "1"],
        ["explain", "nowhere.contorno", "--run", "1", "--out", "out"],
        ["compare", "nowhere", "nothing"],
    ],
)
def test_a_project_that_is_not_there_is_refused_by_name(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = say(*words)
    assert code == 1 and out == "" and err.startswith("contorno: ") and "nowhere" in err
    assert not list(tmp_path.iterdir()), "nothing was made"


def test_objects_one_by_one(as_json: Callable[..., Any], say: Say, tmp_path: Path) -> None:
    png(tmp_path / "images" / "a.png", np.random.default_rng(0).integers(0, 255, (40, 60), np.uint8))
    values = np.zeros((40, 60), np.uint16)
    values[2:9, 2:9], values[2:9, 9:20], values[30, 30] = 5, 700, 9
    png(tmp_path / "masks" / "a.png", values)
    project = tmp_path / "cells"
    assert as_json("new", project, "--task", "instance", "--classes", "red,white")["task"] == "instance"
    code, _, err = say("import", project, tmp_path / "images", "--masks", tmp_path / "masks")
    assert code == 1 and "of which class" in err
    as_json("import", project, tmp_path / "images", "--masks", tmp_path / "masks", "--class", "white")
    (file,) = as_json("export", project, tmp_path / "labels", "--format", "png")["files"]
    assert np.array_equal(pixels(file), values)
    about = json.loads((tmp_path / "labels" / "contorno.json").read_text())["files"]["a.png"]
    assert about == {"item": "a", "values": {"0": "background", "5": "white", "9": "white", "700": "white"}}
    (file,) = as_json("export", project, tmp_path / "coco", "--format", "coco")["files"]
    as_json("new", tmp_path / "again", "--task", "instance", "--classes", "white")
    as_json("import", tmp_path / "again", tmp_path / "images", "--coco", file)
    (file,) = as_json("export", tmp_path / "again", tmp_path / "numbered", "--format", "png")["files"]
    assert np.array_equal(pixels(file), np.searchsorted([0, 5, 9, 700], values))


def test_new_refuses_what_cannot_be(say: Say, tmp_path: Path) -> None:
    for words in (
        ["--task", "binary", "--classes", "a,b"],
        ["--task", "classification", "--classes", "a"],
        ["--classes", "a,a"],
        ["--classes", ""],
        ["--classes", "a:#zzz"],
    ):
        code, out, err = say("new", tmp_path / "p", *words)
        assert code == 1 and out == "" and len(err.strip().split("\n")) == 2, (words, err)
        assert not (tmp_path / "p.contorno" / "project.db").exists()


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("cats=3", "cats"),
        ("batch=many", "many"),
        ("batch=-4", "batch"),
        ("arch=cathedral", "cathedral"),
        ("dropout=7", "dropout"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(say: Say, project: Path, setting: str, named: str) -> None:
    code, out, err = say("train", project, "--set", setting, "--epochs", 1)
    assert code == 1 and out == "" and named in err and len(err.strip().split("\n")) >= 2, err
    with Project.open(project, write=False) as seen:
        assert not [run for run in seen.runs.all() if run.state == "training"]


def test_a_network_of_another_task_is_refused_and_leaves_no_run(say: Say, trained: tuple[Path, str]) -> None:
    path, run = trained
    code, _, err = say("train", path, "--arch", "lenet5", *TINY)
    assert code != 0 and "lenet5 is for another task" in err and "unet" in err
    with Project.open(path, write=False) as seen:
        assert [each.name for each in seen.runs.all()] == [run]


def test_sides_that_mirror_images_confuse_are_said_on_stderr(
    say: Say, trained: tuple[Path, str], tmp_path: Path
) -> None:
    path, _ = trained
    with Project.open(path) as opened:
        before = opened.classes
        opened.set_classes(parse_classes("izq,der"))
    for rule, expected in (("keep", "keep their names"), ("swap", "exchange their names"), ("off", "No mirror images")):
        code, _, err = say("augment", path, "a", "--out", tmp_path / f"{rule}.png", "--sides", rule)
        assert code == 0 and expected in err
    sheets = {(tmp_path / f"{rule}.png").read_bytes() for rule in ("keep", "swap", "off")}
    assert len(sheets) == 3
    with Project.open(path) as opened:
        opened.set_classes(before)


def test_a_sheet_warns_of_flips_the_way_left_and_right_lie(say: Say, tmp_path: Path) -> None:
    values = np.arange(600, dtype=np.int16).reshape(20, 30, 1)
    for name, affine in (("lying", np.eye(4)), ("upright", np.eye(4)[[1, 0, 2, 3]])):
        nibabel.save(nibabel.Nifti1Image(values, affine), tmp_path / f"{name}.nii.gz")
    save_preset(tmp_path / "up.json", AugmentConfig({"flip_vertical": TransformSetting(True, 1.0, 0, 0)}))
    path = tmp_path / "sides.contorno"
    say("new", path, "--task", "multiclass", "--classes", "lung_l,lung_r")
    say("import", path, *(tmp_path / f"{name}.nii.gz" for name in ("lying", "upright")))
    for name, told in (("lying", False), ("upright", True)):
        code, _, err = say("augment", path, name, "--preset", tmp_path / "up.json", "--out", tmp_path / f"{name}.png")
        assert code == 0 and ("lung_l / lung_r exchange their names" in err) is told, err


@pytest.mark.parametrize("task", ["multiclass", "classification"])
def test_a_plan_warns_of_flips_the_way_left_and_right_lie(say: Say, tmp_path: Path, task: str) -> None:
    """Volumes whose rows run from side to side: turned upside down, they have left on the right; side by side, nothing changes."""
    values = np.arange(40 * 40 * 2, dtype=np.int16).reshape(40, 40, 2)
    for folder, pixels in (("images", values), ("masks", (values > 1500).astype(np.uint8))):
        (tmp_path / folder).mkdir()
        for name in "ab":
            nibabel.save(nibabel.Nifti1Image(pixels, np.eye(4)[[1, 0, 2, 3]]), tmp_path / folder / f"{name}.nii.gz")
    (tmp_path / "classes.csv").write_text("item,class\na,knee left\nb,knee right\n")
    path = tmp_path / "sides.contorno"
    say("new", path, "--task", task, "--classes", "knee left,knee right")
    labels = ("--masks", tmp_path / "masks") if task == "multiclass" else ("--labels", tmp_path / "classes.csv")
    say("import", path, tmp_path / "images", *labels, "--split", "train")
    for flip, told in (("flip_horizontal", False), ("flip_vertical", True)):
        save_preset(tmp_path / "flip.json", AugmentConfig({flip: TransformSetting(True, 1.0, 0, 0)}))
        code, out, err = say("train", path, "--plan", "--set", f"preset={tmp_path / 'flip.json'}", "--epochs", 1)
        assert code == 0 and ("knee left / knee right exchange their names" in out) is told, out + err


def test_unknown_runs_and_items_are_refused_with_what_there_is(say: Say, trained: tuple[Path, str]) -> None:
    path, run = trained
    for words in (
        ["predict", path, "--run", "ghost"],
        ["evaluate", path, "--run", "ghost"],
        ["export", path, "--layer", "ghost", path.parent / "never"],
        ["train", path, "--resume", "ghost"],
    ):
        code, out, err = say(*words)
        assert code == 1 and out == "" and "ghost" in err and run in err, err
    code, _, err = say("predict", path, "--run", run, "--items", "zebra")
    assert code == 1 and "zebra" in err
    code, _, err = say("augment", path, "a", "--out", path.parent / "never.jpg")
    assert code == 1 and "written as PNG" in err and not (path.parent / "never.jpg").exists()
    code, _, err = say("augment", path, "zebra", "--out", path.parent / "never.png")
    assert code == 1 and "zebra" in err
    code, _, err = say("train", path, "--name", run, *TINY)
    assert code == 1 and "already" in err


def test_a_project_that_somebody_writes_is_said(say: Say, project: Path) -> None:
    with Project.open(project):
        code, _, err = say("split", project, "--ratios", "70/15/15")
        assert code == 1 and "is open for writing" in err
        assert say("check", project)[0] == 0, "reading goes on"


@pytest.mark.skipif(os.name != "posix", reason="words are text there")
def test_words_that_are_no_text_are_refused_without_a_traceback(say: Say, trained: tuple[Path, str]) -> None:
    path, run = trained
    for words in (
        ["train", path, "--name", "caf\udce9", *TINY],
        ["evaluate", path, "--run", "\udce9"],
        ["augment", path, "\udce9", "--out", path.parent / "never.png"],
        ["predict", path, "--run", run, "--items", "\udce9"],
    ):
        code, out, err = say(*words)
        assert code == 1 and out == "" and "no text" in err


@pytest.mark.skipif(os.name != "posix", reason="names are text there")
def test_json_holds_text_whatever_a_folder_is_called(as_json: Callable[..., Any], tmp_path: Path) -> None:
    made = as_json("new", tmp_path / "caf\udce9", "--classes", "a")
    made["project"].encode()
    _shapes(tmp_path)
    as_json("import", tmp_path / "caf\udce9", tmp_path / "images", "--masks", tmp_path / "masks", *ALL_AS_ONE)
    done = as_json("augment", tmp_path / "caf\udce9", "a", "--out", tmp_path / "\udce9.png")
    done["files"][0].encode()


def test_progress_reaches_a_pipe_every_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter([0.0, 4.0, 9.9, 10.0, 12.0, 19.9, 20.1])
    out = Output(False, lambda: next(seconds))

    def work() -> Work[str]:
        for step in range(6):
            yield Progress(step, 6, "case.dcm")
        return "done"

    assert out.run(work()) == "done"
    assert capsys.readouterr().err == "2/6 case.dcm\n5/6 case.dcm\n"


# Data --------------------------------------------------------------------------------------------------------------------


def test_a_finding_names_its_items_whatever_they_are_called(say: Say, tmp_path: Path) -> None:
    """Their names are letters and digits that stand in its words too."""
    (tmp_path / "images").mkdir()
    for number, name in enumerate(("a", "in", "6", "x", "y", "z")):
        pixels = np.full((20, 30), 0 if number else 7, np.uint8)
        (tmp_path / "images" / f"{name}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    path = tmp_path / "p.contorno"
    say("new", path, "--classes", "a,b")
    say("import", path, tmp_path / "images")
    _, out, _ = say("check", path)
    assert "6 items are in no set. (6, a, in, …)" in out
    assert "The same image stands twice: 6, in, x, y, …. (z)" in out


def test_new_import_split_and_check(say: Say, as_json: Callable[..., Any], tmp_path: Path) -> None:
    _shapes(tmp_path)
    made = as_json("new", tmp_path / "shapes", "--classes", "disc,square:#ff0000")
    path = Path(made["project"])
    assert made == {"project": str(tmp_path / "shapes.contorno"), "task": "multiclass"} and path.is_dir()
    (tmp_path / "images" / "broken.png").write_bytes(b"no picture")
    done = as_json("import", path, tmp_path / "images", "--masks", tmp_path / "masks", "--patient-from", "([a-c])")
    assert done["added"] == 6
    ((file, reason),) = [(r["file"], r["reason"]) for r in done["refused"]]
    assert file.endswith("broken.png") and reason
    counts = as_json("split", path, "--ratios", "50/25/25", "--by", "item", "--seed", 2)
    assert set(counts) == {"train", "val", "test"} and sum(counts.values()) == 6
    again = as_json("split", path, "--ratios", "50/25/25", "--by", "item", "--seed", 2)
    assert again == counts
    table = tmp_path / "sets.csv"
    table.write_text("item,split\n" + "".join(f"{name},{'test' if name == 'f' else 'train'}\n" for name in "abcdef"))
    assert as_json("split", path, "--from", table) == {"train": 5, "val": 0, "test": 1}
    found = as_json("check", path)
    assert isinstance(found, list)
    assert all(set(row) == {"level", "kind", "message", "items", "mend"} for row in found)
    code, out, err = say("check", path)
    assert code == 0 and err == "" and out.strip()


def test_what_helps_a_classification_is_a_table(as_json: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "dark" / "one.png"
    file.parent.mkdir()
    file.write_bytes(cv2.imencode(".png", np.zeros((9, 9), np.uint8))[1].tobytes())
    path = tmp_path / "shades.contorno"
    assert main(["new", str(path), "--task", "classification", "--classes", "dark,bright"]) == 0
    assert main(["import", str(path), str(file.parent)]) == 0
    (absent,) = (row for row in as_json("check", path) if row["kind"] == "absent")
    assert absent["mend"] == f"contorno open {path} (Data: digit keys), or contorno import {path} --labels TABLE.csv"
    table = tmp_path / "TABLE.csv"
    table.write_text("item,class\none,dark\n")
    with Project.open(path) as project:
        project.items.set_labels({1: None})
    assert as_json("import", path, "--labels", table)["brought"] == 1, "and it helps"
    with Project.open(path, write=False) as project:
        assert project.items.get(1).label == 0


def _many(tmp_path: Path, count: int = 12) -> Path:
    """A project of pictures p0a, p0b, p1a ...: two of each patient; the last is the first with a little noise."""
    draw = np.random.default_rng(3)
    (tmp_path / "scans").mkdir()
    shown = [
        cv2.GaussianBlur(draw.normal(120, 400, (60, 80)), (0, 0), 3).clip(0, 254).astype(np.uint8) for _ in range(count)
    ]
    shown[-1] = shown[0] + draw.integers(0, 2, shown[0].shape, np.uint8)
    for number, picture in enumerate(shown):
        file = tmp_path / "scans" / f"p{number // 2}{'ab'[number % 2]}.png"
        file.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    path = tmp_path / "many.contorno"
    assert main(["new", str(path), "--classes", "disc"]) == 0
    assert main(["import", str(path), str(tmp_path / "scans"), "--patient-from", "(p[0-9])"]) == 0
    return path


def test_split_keeps_twins_together_and_says_so(say: Say, as_json: Callable[..., Any], tmp_path: Path) -> None:
    path = _many(tmp_path)
    for seed in range(4):
        code, out, err = say("split", path, "--ratios", "50/25/25", "--seed", seed)
        assert code == 0 and "The same images, but for noise, are kept in one set: p0a, p5b" in err
        assert "No patient is known" not in err
        with Project.open(path, write=False) as project:
            sets = {item.name: item.split for item in project.items.all()}
        assert len({sets[name] for name in ("p0a", "p0b", "p5a", "p5b")}) == 1
        assert ("test: 1 patient only" in err) == (sum(split == "test" for split in sets.values()) == 2)
    kinds = {row["kind"]: row for row in as_json("check", path)}
    assert kinds["twins"]["level"] == "look" and kinds["twins"]["items"] == ["p0a", "p5b"]
    with Project.open(path) as project:
        project.items.set_splits({item.id: "train" if item.name == "p0a" else "test" for item in project.items.all()})
    torn = {row["kind"]: row for row in as_json("check", path)}["twins"]
    assert torn["level"] == "wrong" and torn["mend"] == f"contorno split {path} --ratios 70/15/15"
    code, out, _ = say("check", path)
    assert "What helps:" in out and out.count(f"  contorno split {path} --ratios 70/15/15\n") == 1
    assert "12 items have no mask. (p0a, p0b, p1a, …)" in out


def test_split_says_of_how_many_items_no_patient_is_known(say: Say, tmp_path: Path) -> None:
    path = _many(tmp_path)
    picture = np.random.default_rng(9).integers(0, 255, (40, 40)).astype(np.uint8)
    assert say("import", path, png(tmp_path / "stranger.png", picture))[0] == 0
    said = "images of one may be in several sets"
    assert f"No patient is known of 1 of 13 items: {said}" in say("split", path, "--ratios", "70/15/15")[2]
    assert said not in say("split", path, "--ratios", "70/15/15", "--by", "item")[2]


def test_split_takes_the_sets_of_the_folders_and_draws_validation(say: Say, tmp_path: Path) -> None:
    path = _many(tmp_path)
    code, _, err = say("split", path, "--ratios", "70/15/15", "--folders")
    assert code == 1 and "The folders of the images name no sets." in err
    assert say("split", path, "--folders", "--ratios", "70/15/15", "--keep", "test")[0] == 2
    with Project.open(path) as project:
        for item in project.items.all():
            project.items.remove([item.id])
    for folder, names in (("train", "01234"), ("test", "5")):
        (tmp_path / "set" / folder).mkdir(parents=True)
        for file in sorted((tmp_path / "scans").glob(f"p[{names}]*.png")):
            file.rename(tmp_path / "set" / folder / file.name)
    assert main(["import", str(path), str(tmp_path / "set"), "--patient-from", "(p[0-9])"]) == 0
    assert "name sets (train 10, test 2), which are mixed now" in say("split", path, "--ratios", "70/15/15")[2]
    code, _, err = say("split", path, "--ratios", "70/15/15", "--folders")
    assert code == 0 and "2 items belong together with the test set and are in no set" in err, "p5b is the twin of p0a"
    with Project.open(path, write=False) as project:
        sets = {item.name: item.split for item in project.items.all()}
    assert {name for name, split in sets.items() if split == "test"} == {"p5a", "p5b"}
    assert {name for name, split in sets.items() if not split} == {"p0a", "p0b"}
    assert sum(split == "val" for split in sets.values()) == 2 and sets["p1a"] == sets["p1b"]


def test_split_keeps_a_set_and_draws_the_others(say: Say, tmp_path: Path) -> None:
    path = _many(tmp_path)

    def sets() -> dict[str, str]:
        with Project.open(path, write=False) as project:
            return {item.name: item.split for item in project.items.all()}

    with Project.open(path) as project:
        project.items.set_splits(
            {item.id: "test" if item.name in ("p0a", "p1a", "p1b") else "train" for item in project.items.all()}
        )
    code, _, err = say("split", path, "--ratios", "50/50/0", "--keep", "test")
    assert code == 0 and "3 items belong together with the kept set and are in no set" in err
    assert {name for name, split in sets().items() if split == "test"} == {"p0a", "p1a", "p1b"}
    assert {name for name, split in sets().items() if split == ""} == {"p0b", "p5a", "p5b"}, "of its patient, or a twin"
    assert sum(split == "train" for split in sets().values()) == sum(split == "val" for split in sets().values()) + 2
    code, _, err = say("split", path, "--ratios", "0/0/1", "--keep", "test")
    assert code != 0 and "no share" in err


def test_modality_is_said_at_the_import_or_later(say: Say, as_json: Callable[..., Any], tmp_path: Path) -> None:
    _shapes(tmp_path)
    path = Path(as_json("new", tmp_path / "shapes", "--classes", "disc")["project"])
    assert as_json("import", path, tmp_path / "images", "--modality", "mr")["added"] == 6
    assert _modalities(path) == {"MR"}
    done = as_json("import", path, "--modality", "CT")
    assert done["changed"] == 6 and len(done["notes"]) == 6 and "not in HU" in done["notes"][0]["note"]
    assert _modalities(path) == {"CT"}
    code, _, err = say("import", path, "--modality", "MR")
    assert code == 0 and "HU" not in err
    code, _, err = say("import", path, "--modality", "CT")
    assert code == 0 and "not in HU" in err
    code, _, err = say("import", path, tmp_path / "images", "--modality", "no modality")
    assert code != 0 and "no modality is no modality" in err


def _modalities(path: Path) -> set[str]:
    with Project.open(path, write=False) as project:
        return {read_image(item.present()).modality for item in project.items.all()}


def test_an_import_that_brings_nothing_ends_with_1(say: Say, project: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    code, out, err = say("import", project, tmp_path / "broken.png", "--json")
    assert code == 1 and json.loads(out)["added"] == 0 and "not read: " in err


def test_mask_values_that_no_class_was_given_are_refused_by_name(say: Say, tmp_path: Path) -> None:
    cells = np.zeros((20, 20), np.uint8)
    cells[5:9], cells[12:15] = 128, 77
    png(tmp_path / "i" / "a.png", cells)
    png(tmp_path / "m" / "a.png", cells)
    say("new", tmp_path / "p.contorno", "--classes", "cell,wall")
    words = ("import", tmp_path / "p.contorno", tmp_path / "i", "--masks", tmp_path / "m")
    code, _, err = say(*words, "--values", "0=background,128=cell")
    assert code == 1 and "77" in err
    code, _, err = say(*words, "--values", "0=background,128=zebra")
    assert code == 1 and "zebra" in err
    code, _, err = say(*words, "--values", "what")
    assert code == 1 and "what" in err
    code, out, _ = say(*words, "--values", "0=background,128=cell", "--others", "background")
    assert code == 0 and out.startswith("1 added")


def test_a_word_that_means_a_class_and_what_nobody_labelled_is_refused(
    say: Say, as_json: Callable[..., Any], tmp_path: Path
) -> None:
    cells = np.zeros((20, 20), np.uint8)
    cells[5:9], cells[12:15] = 1, 255
    png(tmp_path / "i" / "a.png", cells)
    png(tmp_path / "m" / "a.png", cells)
    say("new", tmp_path / "p.contorno", "--classes", "cell,other")
    with closing(sqlite3.connect(tmp_path / "p.contorno" / FILE)) as older, older:  # an older version allowed it
        older.execute("UPDATE classes SET name = 'Unlabelled' WHERE name = 'other'")
    images = ("import", tmp_path / "p.contorno", tmp_path / "i")
    masks = ("--masks", tmp_path / "m", "--values", "0=background,1=cell,255=unlabelled")
    code, _, err = say(*images, *masks)
    assert code == 1 and "nobody labelled" in err and "Unlabelled" in err and "another name" in err
    assert as_json(*images)["added"] == 1, "nothing had come in"
    code, _, err = say("import", tmp_path / "p.contorno", *masks)
    assert code == 1 and "nobody labelled" in err
    with Project.open(tmp_path / "p.contorno") as project:
        assert not project.layers.masked()
        project.set_classes([project.classes[0], replace(project.classes[1], name="rest")])
    assert as_json("import", tmp_path / "p.contorno", *masks)["masks"] == 1


def test_exports_hold_class_numbers_at_the_images_size(
    as_json: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    done = as_json("export", project, tmp_path / "out", "--format", "png", "--split", "test")
    assert done == {"files": [str(tmp_path / "out" / "f.png")]}
    written = pixels(done["files"][0])
    original = pixels(tmp_path / "masks" / "f.png")
    assert np.array_equal(written, original)
    files = as_json("export", project, tmp_path / "nifti", "--format", "nifti")["files"]
    assert len(files) == 6 and all(Path(f).name.endswith(".nii.gz") for f in files)
    assert set(np.unique(nibabel.load(files[0]).get_fdata())) == {0, 1, 2}


def test_a_sheet_of_augmentations(as_json: Callable[..., Any], project: Path, tmp_path: Path) -> None:
    done = as_json("augment", project, "a", "--seed", 3, "--out", tmp_path / "deep" / "sheet.png")
    first = Path(done["files"][0]).read_bytes()
    as_json("augment", project, "a", "--seed", 3, "--out", tmp_path / "again.png")
    as_json("augment", project, "a", "--seed", 4, "--out", tmp_path / "other.png")
    assert (tmp_path / "again.png").read_bytes() == first != (tmp_path / "other.png").read_bytes()


def test_the_sheet_of_a_nifti_file_hangs_as_the_scan_does(
    say: Say, as_json: Callable[..., Any], tmp_path: Path
) -> None:
    values = np.zeros((300, 300, 1), np.uint8)
    values[:100, :100] = 250
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "a.nii.gz")
    say("new", tmp_path / "one.contorno", "--task", "binary", "--classes", "spot")
    say("import", tmp_path / "one.contorno", tmp_path / "a.nii.gz")
    as_json("augment", tmp_path / "one.contorno", "a", "--preset", "none", "--out", tmp_path / "sheet.png")
    drawn = pixels(tmp_path / "sheet.png")
    assert drawn[8 + 280, 8 + 280].min() > 200 and drawn[8 + 10, 8 + 10].max() < 20


def test_the_sheet_is_that_of_the_augmentation_which_trains(
    say: Say, as_json: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.contorno"
    say("new", whole, "--task", "classification", "--classes", "a,b")
    as_json("import", whole, project.parent / "images")
    (tmp_path / "stained").mkdir()
    png(tmp_path / "stained" / "a.png", np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8))
    colours = tmp_path / "colours.contorno"
    say("new", colours, "--task", "classification", "--classes", "a,b")
    as_json("import", colours, tmp_path / "stained")
    for path, preset in ((project, "standard"), (whole, "films"), (colours, "classification")):
        as_json("augment", path, "a", "--overwrite", "--out", tmp_path / "auto.png")
        as_json("augment", path, "a", "--overwrite", "--preset", preset, "--out", tmp_path / "named.png")
        assert (tmp_path / "auto.png").read_bytes() == (tmp_path / "named.png").read_bytes()


def test_an_augmentation_in_a_file_may_leave_transforms_out_but_not_make_them_up(
    say: Say, as_json: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    always = '{"on": true, "chance": 1, "low": -5, "high": 5}'
    (tmp_path / "short.json").write_text(f'{{"rotation": {always}}}')
    (tmp_path / "wrong.json").write_text(f'{{"rotate": {always}}}')
    as_json("augment", project, "a", "--preset", tmp_path / "short.json", "--out", tmp_path / "short.png")
    as_json("augment", project, "a", "--preset", "none", "--out", tmp_path / "none.png")
    assert (tmp_path / "short.png").read_bytes() != (tmp_path / "none.png").read_bytes()
    code, _, err = say("augment", project, "a", "--preset", tmp_path / "wrong.json", "--out", tmp_path / "wrong.png")
    assert code == 1 and "wrong.json: There is no transform rotate." in err and "rotation" in err
    assert not (tmp_path / "wrong.png").exists()


def test_masks_come_to_items_that_are_there(say: Say, as_json: Callable[..., Any], tmp_path: Path) -> None:
    _shapes(tmp_path)
    (tmp_path / "masks" / "f.png").unlink()
    png(tmp_path / "masks" / "stranger.png", np.zeros((48, 64), np.uint8))
    project = tmp_path / "p.contorno"
    say("new", project, "--classes", "disc,square")
    assert as_json("import", project, tmp_path / "images")["added"] == 6
    words = ("import", project, "--masks", tmp_path / "masks")
    code, out, err = say(*words, "--json")
    assert code == 0 and json.loads(out) == {"added": 0, "masks": 5, "refused": []}
    assert "1 mask belongs to no image: stranger.png." in err
    png(tmp_path / "masks" / "a.png", np.ones((48, 64), np.uint8))
    code, out, err = say(*words)
    assert code == 1 and out == "0 masks brought in, 1 refused\n" and "a: It has a mask already." in err
    assert as_json(*words, "--overwrite")["masks"] == 1


def test_folders_are_sets_and_tables_have_their_own_headers(
    say: Say, as_json: Callable[..., Any], tmp_path: Path
) -> None:
    for name in ("Training/a", "Training/b", "testing/c"):
        png(tmp_path / "in" / f"{name}.png", np.full((20, 20), len(name) + ord(name[-1]), np.uint8))
    project = tmp_path / "p.contorno"
    say("new", project, "--classes", "cat,dog", "--task", "classification")
    (tmp_path / "t.csv").write_text("Image,DX,Fold\na,cat,train\nb,dog,val\nc,dog,test\n")
    headers = ("--item-column", "image", "--class-column", "dx")
    as_json("import", project, tmp_path / "in", "--split", "folders", "--labels", tmp_path / "t.csv", *headers)
    with Project.open(project) as opened:
        assert [(i.name, i.split, i.label) for i in opened.items.all()] == [
            ("a", "train", 0), ("b", "train", 1), ("c", "test", 1),
        ]  # fmt: skip
    code, _, err = say("split", project, "--from", tmp_path / "t.csv")
    assert code == 1 and "It has: Image, DX, Fold" in err
    found = as_json("split", project, "--from", tmp_path / "t.csv", "--item-column", "Image", "--split-column", "fold")
    assert found == {"train": 1, "val": 1, "test": 1}


def test_categories_become_classes(say: Say, as_json: Callable[..., Any], tmp_path: Path) -> None:
    png(tmp_path / "a.png", np.zeros((20, 20), np.uint8))
    square = [[2, 2, 8, 2, 8, 8, 2, 8]]
    coco = {
        "images": [{"id": 1, "file_name": "a.png"}],
        "categories": [{"id": 1, "name": "nucleus"}, {"id": 2, "name": "dirt"}],
        "annotations": [{"image_id": 1, "category_id": n, "segmentation": square} for n in (1, 2)],
    }
    (tmp_path / "c.json").write_text(json.dumps(coco))
    project = tmp_path / "p.contorno"
    say("new", project, "--classes", "cell")
    words = ("import", project, tmp_path / "a.png", "--coco", tmp_path / "c.json", "--categories", "nucleus=cell")
    assert say(*words)[0] == 1  # dirt has no class
    assert as_json(*words, "--new-classes")["added"] == 1
    with Project.open(project) as opened:
        assert [c.name for c in opened.classes] == ["cell", "dirt"]


def test_shapes_and_masks_are_brought_to_images_that_are_there(
    say: Say, as_json: Callable[..., Any], tmp_path: Path
) -> None:
    for name in "ab":
        png(tmp_path / "images" / f"{name}.png", np.full((20, 20), ord(name), np.uint8))
    about = {
        "images": [{"id": 1, "file_name": "a.png"}],
        "categories": [{"id": 1, "name": "cell"}],
        "annotations": [{"image_id": 1, "category_id": 1, "segmentation": [[2, 2, 8, 2, 8, 8, 2, 8]]}],
    }
    (tmp_path / "c.json").write_text(json.dumps(about))
    project = tmp_path / "p.contorno"
    say("new", project, "--classes", "cell")
    as_json("import", project, tmp_path / "images")
    done = as_json("import", project, "--coco", tmp_path / "c.json")
    assert (done["added"], done["brought"], done["refused"]) == (0, 1, [])
    code, out, _ = say("import", project, "--coco", tmp_path / "c.json", "--overwrite")
    assert code == 1 and out.startswith("0 got a mask or a class"), "it is what is there"
    png(tmp_path / "masks" / "a.png", np.ones((20, 20), np.uint8))
    png(tmp_path / "masks" / "b.png", np.ones((20, 20), np.uint8))
    done = as_json("import", project, tmp_path / "images", "--masks", tmp_path / "masks")
    assert done["brought"] == 1 and [one["reason"] for one in done["refused"]] == ["It has a mask already."]
    with Project.open(project) as opened:
        layers = {opened.items.get(id).name: layer for id, layer in opened.layers.masks().items()}
        areas = {name: int(opened.layers.read(layer, (1, 20, 20)).sum()) for name, layer in layers.items()}
        assert areas == {"a": 36, "b": 400}
        assert [entry.name for entry in opened.layers.history(layers["a"])] == ["Imported mask"], "it can be undone"


def test_coco_files_of_several_sets_come_in_together(say: Say, as_json: Callable[..., Any], tmp_path: Path) -> None:
    words: list[object] = []
    for name in "ab":
        png(tmp_path / "images" / f"{name}.png", np.zeros((20, 20), np.uint8))
        about = {
            "images": [{"id": 1, "file_name": f"{name}.png"}],
            "categories": [{"id": 1, "name": "cell"}],
            "annotations": [{"image_id": 1, "category_id": 1, "segmentation": [[2, 2, 8, 2, 8, 8, 2, 8]]}],
        }
        (tmp_path / f"{name}.json").write_text(json.dumps(about))
        words += ["--coco", tmp_path / f"{name}.json"]
    project = tmp_path / "p.contorno"
    say("new", project, "--classes", "cell")
    assert as_json("import", project, tmp_path / "images", *words) == {"added": 2, "refused": [], "notes": []}
    with Project.open(project) as opened:
        assert len(opened.layers.masks()) == 2


def test_unlabelled_pixels_are_left_out_of_a_comparison(say: Say, as_json: Callable[..., Any], tmp_path: Path) -> None:
    truth, predicted = np.zeros((10, 10), np.uint8), np.zeros((10, 10), np.uint8)
    truth[:4], truth[4:6] = 1, 255
    predicted[:6] = 1
    png(tmp_path / "truth" / "a.png", truth)
    png(tmp_path / "predicted" / "a.png", predicted)
    words = ("compare", tmp_path / "truth", tmp_path / "predicted")
    assert set(as_json(*words)["classes"]) == {"1", "255"}
    found = as_json(*words, "--ignore", "255")
    assert set(found["classes"]) == {"1"} and found["mean_dice"] == 1.0
    assert say(*words, "--ignore", "void")[0] == 2
    for folder, labels in (("truth", truth), ("predicted", predicted)):
        colours = np.zeros((10, 10, 3), np.uint8)  # blue, green, red
        colours[labels == 1], colours[labels == 255] = (0, 0, 200), (255, 0, 0)
        png(tmp_path / folder / "a.png", colours)
    assert set(as_json(*words)["classes"]) == {"#c80000", "#0000ff"}
    assert as_json(*words, "--ignore", "#0000ff")["classes"]["#c80000"]["dice"] == 1.0


def test_nothing_is_replaced_unasked(say: Say, trained: tuple[Path, str], tmp_path: Path) -> None:
    path, run = trained
    with Project.open(path, write=False) as project:
        bundle = project.runs.get(run).bundle
        image = project.items.named("b").source.files[0]
    pictures = [png(tmp_path / "in" / folder / "x.png", np.full((40, 40), 90, np.uint8)) for folder in ("s1", "s2")]
    for verb in (
        ("predict", "--bundle", bundle, *pictures, "--device", "cpu", "--out", tmp_path / "predicted"),
        ("export", path, "--split", "test", tmp_path / "exported"),
        ("augment", path, "a", "--out", tmp_path / "sheet.png"),
    ):
        assert say(*verb)[0] == 0
        before = {file: file.read_bytes() for file in tmp_path.rglob("*.png")}
        code, _, err = say(*verb)
        assert code == 1 and "is there already" in err and "--overwrite" in err
        assert {file: file.read_bytes() for file in tmp_path.rglob("*.png")} == before
        assert say(*verb, "--overwrite")[0] == 0
    for file in (tmp_path / "predicted" / "s1_x.png", tmp_path / "exported" / "f.png", tmp_path / "sheet.png"):
        png(file, np.full((40, 40), 7, np.uint8))  # by hand
    for verb in (
        ("predict", "--bundle", bundle, *pictures, "--device", "cpu", "--out", tmp_path / "predicted"),
        ("export", path, "--split", "test", tmp_path / "exported"),
        ("augment", path, "a", "--out", tmp_path / "sheet.png"),
        ("augment", path, "a", "--out", path / "project.db"),
        ("augment", path, "a", "--out", image),
    ):
        code, _, err = say(*verb, "--overwrite")
        assert code == 1 and ("did not write it" in err or "project" in err or "one of the images" in err), verb
    assert (pixels(tmp_path / "exported" / "f.png") == 7).all()


def test_results_say_which_input_each_is_and_what_values_mean(
    say: Say, as_json: Callable[..., Any], trained: tuple[Path, str], tmp_path: Path
) -> None:
    path, run = trained
    with Project.open(path, write=False) as project:
        bundle = project.runs.get(run).bundle
    for folder in ("s1", "s2"):
        png(tmp_path / "in" / folder / "x.png", np.full((40, 40), 90, np.uint8))
    out = tmp_path / "out"
    done = as_json("predict", "--bundle", bundle, tmp_path / "in", "--out", out, "--device", "cpu")
    values = {"0": "background", "1": "disc", "2": "square"}
    assert done["values"] == values
    assert done["inputs"] == {"s1_x.png": str(tmp_path / "in/s1/x.png"), "s2_x.png": str(tmp_path / "in/s2/x.png")}
    kept = json.loads((out / "contorno.json").read_text())["files"]
    assert kept["s2_x.png"] == {"input": "s2/x.png", "values": values}
    as_json("export", path, "--split", "test", out)
    kept = json.loads((out / "contorno.json").read_text())["files"]
    assert kept["f.png"] == {"item": "f", "values": values} and "s1_x.png" in kept


def test_an_export_goes_on_after_an_item_that_cannot_be_written(
    say: Say, as_json: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    (project.parent / "images" / "b.png").unlink()
    code, out, err = say("export", project, "--format", "nifti", tmp_path / "out", "--json")
    done = json.loads(out)
    assert code == 0 and "b was not written" in err
    assert len(done["files"]) == 5 and [one["item"] for one in done["failed"]] == ["b"]


def test_two_folders_of_masks_are_compared(say: Say, as_json: Callable[..., Any], tmp_path: Path) -> None:
    truth, predicted = np.zeros((3, 3), np.uint8), np.zeros((3, 3), np.uint8)  # the worked example of the lecture
    truth[0, :], truth[1, 0] = 1, 1
    predicted[0, :], predicted[1, 1] = 1, 1
    png(tmp_path / "truth" / "a.png", truth)
    png(tmp_path / "predicted" / "a.png", predicted)
    found = as_json("compare", tmp_path / "truth", tmp_path / "predicted")
    assert {"n", "mean_dice", "weighted_dice", "classes", "items"} <= set(found)
    assert found["n"] == 1 and found["mean_dice"] == pytest.approx(0.75)
    (one,) = found["classes"].values()
    assert one["dice"] == pytest.approx(0.75) and one["iou"] == pytest.approx(0.6)
    assert found["items"][0]["name"] == "a" and found["items"][0]["mean_dice"] == pytest.approx(0.75)
    png(tmp_path / "predicted" / "a.png", np.zeros((4, 4), np.uint8))
    code, out, err = say("compare", tmp_path / "truth", tmp_path / "predicted")
    assert code == 1 and out == "" and "a" in err


# Learning ----------------------------------------------------------------------------------------------------------------


def test_interrupted_training_keeps_what_it_has_come_to(project: Path) -> None:
    class Impatient(Output):
        def say(self, text: str) -> None:
            super().say(text)
            if text.startswith("epoch 2"):
                raise KeyboardInterrupt

    config = TrainConfig(epochs=1000, size=32, batch=2, preset="none", device="cpu", seed=1)
    with Project.open(project) as opened:
        run = opened.runs.add(config, "mine")
        with pytest.raises(KeyboardInterrupt):
            run_training(opened, run, config, Impatient(False))
        kept = opened.runs.get("mine")
    assert kept.state == "paused" and kept.summary.epochs == 2 and kept.summary.arch and kept.summary.bundle
    best = [event for event in read_events(run.folder) if event.best][-1]
    assert kept.summary.score == best.score and kept.summary.dice == best.dice


def test_train_predict_and_evaluate_say_what_they_did(say: Say, as_json: Callable[..., Any], project: Path) -> None:
    code, out, err = say("train", project, "--name", "mine", *TINY, "--json")
    assert code == 0
    done = json.loads(out)
    assert set(done) == {"run", "bundle", "epochs", "seconds", "val_mean_dice"}
    assert done["run"] == "mine" and done["epochs"] == 1 and 0 <= done["val_mean_dice"] <= 1
    card = read_card(Path(done["bundle"]))
    assert [name for name, _ in card.classes] == ["disc", "square"]
    assert "epoch 1" in err and "U-Net" in err.replace("unet-smp", "U-Net"), "what was built is said"
    with Project.open(project, write=False) as seen:
        assert seen.runs.get("mine").state == "finished"
    assert as_json("evaluate", project, "--run", "mine")["n"] == 1, "what was not predicted yet is predicted first"
    done = as_json("predict", project, "--run", "mine", "--split", "test", "--device", "cpu")
    assert done == {"run": "mine", "predicted": 1}
    done = as_json("predict", project, "--run", "1", "--items", "a", "b", "--device", "cpu")
    assert done == {"run": "mine", "predicted": 2}
    scores = as_json("evaluate", project, "--run", "mine", "--split", "test")
    assert scores["n"] == 1 and set(scores["classes"]) == {"disc", "square"}
    assert [row["name"] for row in scores["items"]] == ["f"]
    code, out, err = say("evaluate", project, "--run", "mine")
    assert code == 0 and "disc" in out and "square" in out
    assert "The test set was read with mine before, on 2" in err, "a second look says so"
    with Project.open(project, write=False) as seen:
        readings = seen.runs.get("mine").summary.test_readings
    assert [each.n for each in readings] == [1, 1, 1] and readings[0].score == pytest.approx(scores["mean_dice"])
    with Project.open(project, write=False) as seen:
        folder = seen.runs.get("mine").folder
    report = json.loads((folder / "report-test.json").read_text())
    assert report == {key: value for key, value in scores.items() if key != "items"}
    assert (folder / "report-test.txt").read_text().startswith("mine, test\n\nclass")
    assert json.loads((folder / "config.json").read_text())["size"] == 32


def test_the_test_set_that_is_read_for_a_second_run_is_said_to_be_no_longer_blind(
    say: Say, as_json: Callable[..., Any], project: Path
) -> None:
    for name in ("one", "two"):
        as_json("train", project, "--name", name, *TINY)
    code, _, err = say("evaluate", project, "--run", "one", "--split", "val")
    assert code == 0 and "test set" not in err
    code, _, err = say("evaluate", project, "--run", "one")
    assert code == 0 and "test set" not in err, "the first look"
    assert "from the training set" not in err
    code, _, err = say("evaluate", project, "--run", "two", "--split", "all")
    assert "from the training set: their scores say nothing of new cases" in err
    assert code == 0 and "read for other runs too (2 in all): a choice made by it is no longer blind" in err
    with Project.open(project, write=False) as seen:
        (reading,) = seen.runs.get("two").summary.test_readings
    assert (reading.n, reading.score) == (1, None), "the test set among others has no mean of its own"


def test_a_run_that_is_refused_is_not_listed(say: Say, project: Path) -> None:
    code, _, err = say("train", project, "--name", "mine", *TINY, "--encoder", "no-such-encoder")
    assert code == 1 and "no-such-encoder" in err
    with Project.open(project, write=False) as seen:
        assert not seen.runs.all()


def test_what_was_taught_is_counted_of_what_is_scored(
    say: Say, as_json: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    """One training image is away, another has no mask."""
    as_json("train", project, "--name", "mine", *TINY)
    with Project.open(project) as opened:
        away, bare, *others = opened.items.all("train")
        layer = opened.layers.mask(bare.id)
        assert layer is not None
        opened.layers.remove([layer])
        count = len(opened.items.all())
    Path(away.source.files[0]).rename(tmp_path / "away.png")
    code, out, err = say("evaluate", project, "--run", "mine", "--split", "all", "--json")
    assert code == 0 and json.loads(out)["n"] == count - 2
    assert f"{len(others)} of {count - 2} items from the training set" in err


def test_rejected_items_are_scored_on_request(say: Say, as_json: Callable[..., Any], trained: tuple[Path, str]) -> None:
    path, run = trained
    with Project.open(path) as project:
        project.items.set_state(project.items.all("test")[0].id, "rejected")
        count = len(project.items.all())
    code, _, err = say("evaluate", path, "--run", run, "--split", "all")
    assert code == 0 and "1 rejected item left out; with --rejected they are scored too" in err
    assert as_json("evaluate", path, "--run", run, "--split", "all")["n"] == count - 1
    found = as_json("evaluate", path, "--run", run, "--split", "all", "--rejected")
    with Project.open(path) as project:  # the other tests read it too
        project.items.set_state(project.items.all("test")[0].id, "todo")
    assert (found["n"], found["slices_scored"], found["slices"]) == (count, count, count)


def test_a_run_is_resumed(as_json: Callable[..., Any], say: Say, project: Path) -> None:
    as_json("train", project, "--name", "long", *TINY, "--minutes", 0.0001)
    done = as_json(
        "train", project, "--resume", "long", "--epochs", 3
    )  # the minutes, which are over, do not hold any more
    assert done["run"] == "long" and done["epochs"] == 3
    with Project.open(project, write=False) as seen:
        (run,) = seen.runs.all()
        assert run.state == "finished"


def test_what_a_run_said_before_it_was_resumed_is_not_scored_as_its_word(
    as_json: Callable[..., Any], project: Path
) -> None:
    as_json("train", project, "--name", "long", *TINY)
    as_json("predict", project, "--run", "long", "--device", "cpu")
    with Project.open(project, write=False) as seen:
        run = seen.runs.get("long")
        before = run.bundle.read_bytes()
        assert seen.layers.predicted(run.id)
    as_json("train", project, "--resume", "long", "--epochs", 3)
    with Project.open(project, write=False) as seen:
        assert bool(seen.layers.predicted(run.id)) == (run.bundle.read_bytes() == before)


def test_nothing_to_learn_from_is_refused_and_no_run_is_left(say: Say, project: Path) -> None:
    with Project.open(project) as opened:
        opened.items.set_splits({item.id: "test" for item in opened.items.all()})
    code, out, err = say("train", project, *TINY)
    assert code == 1 and out == "" and err.startswith("contorno: ")
    with Project.open(project, write=False) as seen:
        assert not seen.runs.all()


def test_a_finished_run_that_cannot_go_on_stays_finished(say: Say, as_json: Callable[..., Any], project: Path) -> None:
    as_json("train", project, "--arch", "linknet", "--set", "encoder=mobilenet_v2", *TINY, "--name", "done")
    for file in project.glob("runs/*/checkpoint*"):
        file.write_bytes(b"nothing")
    code, _, err = say("train", project, "--resume", "done", "--epochs", "2")
    assert code == 1 and "checkpoint.safetensors" in err
    with Project.open(project, write=False) as seen:
        assert seen.runs.get("done").state == "finished"


def test_predictions_are_exported(as_json: Callable[..., Any], trained: tuple[Path, str], tmp_path: Path) -> None:
    path, run = trained
    files = as_json("export", path, tmp_path, "--layer", run, "--split", "val")["files"]
    assert [Path(f).name for f in files] == ["e.png"]


def test_files_are_predicted_without_a_project(
    say: Say, as_json: Callable[..., Any], trained: tuple[Path, str], tmp_path: Path
) -> None:
    with Project.open(trained[0], write=False) as project:
        bundle = project.runs.get(trained[1]).bundle
    alone = tmp_path / "model.safetensors"
    alone.write_bytes(bundle.read_bytes())
    picture = png(tmp_path / "chest.png", np.full((50, 70), 90, np.uint8))
    affine = np.diag([-0.5, -0.5, 3.0, 1.0])
    volume = np.random.default_rng(0).integers(0, 255, (40, 36, 5)).astype(np.int16)
    nibabel.save(nibabel.Nifti1Image(volume, affine), tmp_path / "ct.nii.gz")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    nibabel.save(nibabel.Nifti1Image(np.stack([volume, volume], -1), affine), tmp_path / "film.nii.gz")
    inputs = (picture, tmp_path / "ct.nii.gz", tmp_path / "broken.png", tmp_path / "film.nii.gz")
    code, out, err = say(
        *("predict", "--bundle", alone, *inputs, "--out", tmp_path / "out", "--device", "cpu", "--json")
    )
    assert code == 0 and "broken.png" in err and "film: Only the first of 2 volumes was read." in err
    assert sorted(Path(f).name for f in json.loads(out)["files"]) == ["chest.png", "ct.nii.gz", "film.nii.gz"]
    mask = pixels(tmp_path / "out" / "chest.png")
    assert mask.shape == (50, 70) and mask.max() <= 2
    written = nibabel.load(tmp_path / "out" / "ct.nii.gz")
    assert written.shape == (40, 36, 5) and np.allclose(written.affine, affine)
    assert set(np.unique(written.get_fdata())) <= {0, 1, 2}
    before = picture.read_bytes()
    code, _, err = say("predict", "--bundle", alone, picture, "--out", tmp_path, "--device", "cpu")
    assert code == 1 and "chest.png is one of the images themselves" in err and picture.read_bytes() == before
    (tmp_path / "bare").mkdir()
    code, _, err = say("predict", "--bundle", alone, tmp_path / "bare", "--out", tmp_path / "none", "--device", "cpu")
    assert code == 1 and "No image was found here." in err


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
@pytest.mark.parametrize("before", [signal.SIG_DFL, signal.SIG_IGN])
def test_the_end_of_a_remote_session_stops_a_verb_as_sigterm_does(say: Say, project: Path, before: Any) -> None:
    signal.signal(signal.SIGHUP, before)
    assert say("check", project)[0] == 0
    wanted = before if before is signal.SIG_IGN else signal.getsignal(signal.SIGTERM)  # nohup asked for it
    assert signal.getsignal(signal.SIGHUP) is wanted


def test_names_do_nothing_to_the_terminal(say: Say, project: Path, tmp_path: Path) -> None:
    name = "a\x1b]52;c;aGk=\x07\x1b[2J\u202eb"
    code, _, err = say("augment", project, name, "--out", tmp_path / "sheet.png")
    assert code == 1 and "There is no item a\\x1b]52;" in err
    with Project.open(project) as opened, opened.transaction():
        opened._store.run("UPDATE items SET name = ?, notes = '{' WHERE id = 1", name)
    code, out, _ = say("check", project)
    assert code == 0 and "damaged at a\\x1b]52;" in out
    assert not [c for c in err + out if c in "\x1b\x07\u202e"]


def test_an_export_clears_what_a_killed_one_left(say: Say, project: Path, tmp_path: Path) -> None:
    stale = tmp_path / "out" / ".contorno-tmp-99999999-1"
    stale.parent.mkdir()
    stale.touch()
    assert say("export", project, tmp_path / "out")[0] == 0
    assert not stale.exists()


def test_names_above_what_the_system_takes_are_refused_in_words(
    say: Say, trained: tuple[Path, str], tmp_path: Path
) -> None:
    path, run = trained
    with Project.open(path, write=False) as project:
        bundle = project.runs.get(run).bundle
    picture, long = png(tmp_path / "chest.png", np.full((50, 70), 90, np.uint8)), tmp_path / ("n" * 300)
    for words in (
        ("new", long, "--task", "binary", "--classes", "a"),
        ("check", long),
        ("import", path, long),
        *(("import", path, picture, option, long) for option in ("--masks", "--coco")),
        ("split", path, "--from", long),
        ("augment", path, "a", "--out", long),
        ("augment", path, "a", "--out", long / "x.png"),
        ("augment", path, "a", "--preset", long, "--out", tmp_path / "x.png"),
        ("export", path, long),
        ("predict", "--bundle", long, picture, "--out", tmp_path / "out"),
        ("predict", "--bundle", bundle, picture, "--out", long, "--device", "cpu"),
        ("compare", long, tmp_path),
        ("compare", tmp_path, long),
    ):
        code, _, err = say(*words)
        assert code == 1 and err, words


@pytest.mark.skipif(os.name != "posix", reason="there are no pipes with names there")
@pytest.mark.parametrize("what", ["pipe", "/dev/zero"])
def test_pipes_and_devices_are_refused_at_once(say: Say, project: Path, tmp_path: Path, what: str) -> None:
    given = tmp_path / "pipe" if what == "pipe" else Path(what)
    if what == "pipe":
        os.mkfifo(given)
    picture = png(tmp_path / "new" / "chest.png", np.full((50, 70), 90, np.uint8))
    whole = tmp_path / "whole.contorno"
    say("new", whole, "--task", "classification", "--classes", "a,b")
    for words in (
        ("import", whole, picture, "--labels", given),
        ("import", project, picture, "--coco", given),
        ("import", project, picture, "--masks", given),
        ("split", project, "--from", given),
        ("predict", "--bundle", given, picture, "--out", tmp_path / "out"),
        ("train", project, "--preset", given, "--epochs", "1"),
        ("train", project, "--weights", given, "--epochs", "1"),
        ("augment", project, "a", "--preset", given, "--out", tmp_path / "sheet.png"),
        ("compare", given, given),
    ):
        code, _, err = say(*words)
        assert code == 1 and "contorno: " in err, words


def test_images_that_moved_are_found_again_by_an_import(as_json: Callable[..., Any], project: Path) -> None:
    with Project.open(project) as opened:
        files = [Path(item.source.files[0]) for item in opened.items.all()]
    (moved := project.parent / "moved").mkdir()
    for file in files:
        file.rename(moved / file.name)
    done = as_json("import", project, moved)
    assert (done["added"], done["refused"], done["found_again"]) == (0, [], len(files))
    with Project.open(project, write=False) as opened:
        assert not opened.items.missing()


def test_an_earlier_run_and_other_weights_exclude_each_other(say: Say, project: Path) -> None:
    """The weights were passed over, and it was said that the training starts from them."""
    code, _, err = say("train", project, "--from", "run 1", "--weights", "imagenet", "--epochs", "1")
    assert code == 1 and "an earlier run or from weights, not from both" in err


def test_images_of_two_drives_keep_their_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """The masks were written, and then there was no list of them: two drives of Windows have no common folder."""
    monkeypatch.setattr(learn, "os", SimpleNamespace(path=ntpath))
    apart = {"a.png": r"C:\in\a.dcm", "b.png": r"D:\b.dcm"}
    assert learn._below_common_folder(apart) == apart
    assert learn._below_common_folder({"a.png": r"C:\in\a.dcm", "b.png": r"C:\in\s\b.dcm"}) == {
        "a.png": "a.dcm",
        "b.png": r"s\b.dcm",
    }


def test_a_bundle_that_is_none_is_refused(say: Say, tmp_path: Path) -> None:
    picture = png(tmp_path / "chest.png", np.full((50, 70), 90, np.uint8))
    (tmp_path / "model.safetensors").write_bytes(b"no model at all")
    words = ("predict", "--bundle", tmp_path / "model.safetensors", picture)
    code, out, err = say(*words, "--out", tmp_path / "out")
    assert code == 1 and out == "" and "model.safetensors" in err


def test_whole_images_from_training_to_the_confusion_matrix(
    say: Say, as_json: Callable[..., Any], tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    for number in range(12):
        level = 200 if number % 2 else 40
        grey = (rng.integers(0, 40, (32, 32)) + level).astype(np.uint8)
        png(tmp_path / "images" / f"{'bright' if number % 2 else 'dark'}{number}.png", grey)
    path = tmp_path / "light.contorno"
    say("new", path, "--task", "classification", "--classes", "dark,bright")
    table = tmp_path / "labels.csv"
    names = [f.stem for f in sorted((tmp_path / "images").iterdir())]
    table.write_text("item,class\n" + "".join(f"{n},{n.rstrip('0123456789')}\n" for n in names))
    assert as_json("import", path, tmp_path / "images", "--labels", table)["added"] == 12
    as_json("split", path, "--ratios", "60/20/20", "--by", "item")
    done = as_json("train", path, "--arch", "lenet5", *TINY)
    assert set(done) == {"run", "bundle", "epochs", "seconds", "val_accuracy"}
    as_json("predict", path, "--run", done["run"], "--device", "cpu")
    found = as_json("evaluate", path, "--run", done["run"], "--split", "all")
    assert {"n", "accuracy", "macro_f1", "auc", "classes", "confusion"} <= set(found)
    assert found["n"] == 12 and np.sum(found["confusion"]) == 12
    assert set(found["classes"]["dark"]) >= {"precision", "recall", "f1", "support"}
    twice = ("--items", names[0], names[0], "--out", tmp_path / "why")
    with Project.open(path) as project:
        bad = project.runs.update(project.runs.add(TrainConfig(arch="lenet5"), "bad"), "finished")
        card, weights = bundle.load(Path(done["bundle"]))
        weights["output.weight"].fill_(3e38)
        weights["f6.bias"].fill_(100.0)  # their sums are no numbers, whatever was learnt
        bundle.save(bad.bundle, card, weights)
    code, _, err = say("predict", path, "--run", "bad", "--device", "cpu")
    assert code == 0 and "The network's answers to 12 images are no numbers" in err
    code, table_of_bad, _ = say("evaluate", path, "--run", "bad", "--split", "all")
    assert code == 0 and "no answer: the probabilities of 12 of 12 items are no numbers" in table_of_bad
    files = as_json("explain", path, "--run", done["run"], *twice)["files"]
    assert len(set(files)) == 2 and all(Path(file).is_file() for file in files), "no picture takes another's place"
    code, _, err = say("explain", path, "--run", done["run"], *twice)
    assert code == 1 and "is there already" in err
    assert as_json("explain", path, "--run", done["run"], *twice, "--overwrite")["files"] == files
    code, _, err = say("explain", path, "--run", done["run"], "--method", "tea-leaves", "--out", tmp_path / "why")
    assert code == 1 and "tea-leaves" in err
    (case,) = as_json(
        *("explain", path, "--run", done["run"], "--items", names[0], "--method", "occlusion", "--class", "bright"),
        *("--check", "--out", tmp_path / "checked"),
    )["cases"]
    assert case["class"] == "bright" and case["inside_mask"] is None and Path(case["file"]).is_file()
    code, _, err = say("explain", path, "--run", done["run"], "--at", "3,4", "--out", tmp_path / "at")
    assert code == 1 and "whole image" in err


def test_masks_are_explained_at_a_place(
    say: Say, as_json: Callable[..., Any], trained: tuple[Path, str], tmp_path: Path
) -> None:
    path, run = trained
    with Project.open(path, write=False) as project:
        item, names = project.items.all()[0], [c.name for c in project.classes]
    wish = ("--items", item.name, "--class", names[0], "--at", "3,4", "--method", "saliency", "--out", tmp_path / "why")
    (case,) = as_json("explain", path, "--run", run, *wish)["cases"]
    assert case["class"] == names[0] and Path(case["file"]).name == f"{item.name}_saliency.png"
    drawn = cv2.imdecode(np.frombuffer(Path(case["file"]).read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert drawn is not None and drawn.shape == (*item.shape[1:], 3)
    code, _, err = say("explain", path, "--run", run, *wish[:5], "9999,1", *wish[6:], "--overwrite")
    assert code == 1 and "no row 9999" in err
    code, _, err = say("explain", path, "--run", run, *wish[:5], "here", *wish[6:])
    assert code == 2 and "row,column" in err


def test_nothing_is_explained_where_one_of_the_files_is_there(
    say: Say, as_json: Callable[..., Any], trained: tuple[Path, str], tmp_path: Path
) -> None:
    path, run = trained
    with Project.open(path, write=False) as project:
        first, second = (item.name for item in project.items.all()[:2])
    words = ("explain", path, "--run", run, "--method", "saliency", "--out", tmp_path / "why")
    as_json(*words, "--items", second)
    before = sorted((tmp_path / "why").iterdir())
    code, _, err = say(*words, "--items", first, second)
    assert code == 1 and f"{second}_saliency.png is there already" in err
    assert sorted((tmp_path / "why").iterdir()) == before, "the first of them was not written either"
    chosen = {case["item"] for case in as_json(*words, "--overwrite")["cases"]}
    assert chosen, "those that are chosen on the way"


def test_a_network_is_written_for_other_programs(
    say: Say, as_json: Callable[..., Any], trained: tuple[Path, str], tmp_path: Path
) -> None:
    path, run = trained
    words = ("export", path, tmp_path / "out", "--format", "onnx")
    assert say(*words)[0] == 2, "of which run?"
    made = as_json(*words, "--layer", run)
    (file,) = map(Path, made["files"])
    session = onnxruntime.InferenceSession(file)
    (given,), (found,) = session.get_inputs(), session.get_outputs()
    image = np.zeros((1, given.shape[1], made["side"], made["side"]), np.float32)
    assert session.run([found.name], {given.name: image})[0].shape[-1] == made["side"]
    assert say(*words, "--layer", run)[0] == 1 and as_json(*words, "--layer", run, "--overwrite")["files"]


# The machine -------------------------------------------------------------------------------------------------------------


def test_models_lists_every_network_with_its_facts(say: Say, as_json: Callable[..., Any]) -> None:
    rows = as_json("models")
    assert {"unet", "unet-smp", "lenet5", "resnet50", "mlp", "vgg16"} <= {row["name"] for row in rows}
    for row in rows:
        assert {"name", "task", "family", "year", "parameters", "input", "needs"} <= set(row)
        assert row["task"] in ("segmentation", "instances", "classification") and isinstance(row["parameters"], int)
    only = as_json("models", "--task", "classification")
    assert {row["task"] for row in only} == {"classification"} and len(only) < len(rows)
    lenet = next(row for row in only if row["name"] == "lenet5")
    assert lenet["parameters"] == 61706
    code, out, _ = say("models")
    assert code == 0 and len(out.strip().split("\n")) == len(rows)


def test_settings_of_the_network_are_set_like_any_other(say: Say, as_json: Callable[..., Any], tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    for number in range(12):
        grey = (rng.integers(0, 40, (32, 32)) + 150 * (number % 2)).astype(np.uint8)
        png(tmp_path / "images" / f"{number}.png", grey)
    path = tmp_path / "light.contorno"
    say("new", path, "--task", "classification", "--classes", "dark,bright")
    table = tmp_path / "labels.csv"
    table.write_text("item,class\n" + "".join(f"{n},{('dark', 'bright')[n % 2]}\n" for n in range(12)))
    as_json("import", path, tmp_path / "images", "--labels", table)
    as_json("split", path, "--ratios", "60/20/20", "--by", "item")
    words = ("--epochs", "1", "--device", "cpu", "--set", "batch=4", "--set", "preset=none", "--set", "activation=tanh")
    code, _, err = say("train", path, *words)
    assert code == 1 and "plain20" in err and "activation" in err, "no network was named"
    as_json("train", path, "--arch", "plain20", *words, "--set", "batch_norm=no", "--name", "deep")
    with Project.open(path, write=False) as project:
        run = project.runs.get("deep")
        card = json.loads(run.bundle.with_suffix(".json").read_text())
    assert run.config.options == {"activation": "tanh", "batch_norm": False}
    assert card["options"] == {**run.config.options, "dropout": 0.0}


def test_doctor_says_what_there_is(as_json: Callable[..., Any]) -> None:
    found = as_json("doctor")
    assert {"contorno", "system", "gpus", "mps", "libraries", "advice"} <= set(found)
    assert found["libraries"]["torch"] and isinstance(found["advice"], list)
    codecs = found["codecs"]
    assert codecs["JPEG 2000 Image Compression (Lossless Only)"] and codecs["RLE Lossless"]
    assert codecs["JPEG Lossless, Non-Hierarchical (Process 14)"], "one of ours"
    assert not codecs["HEVC/H.265 Main Profile / Level 5.1"], "films are none of the kinds that are read"


def test_no_verb_loads_qt() -> None:
    """In a process of its own, where nothing has loaded it yet."""
    import subprocess

    code = (
        "import sys\nfrom app.cli import main\nmain(['models'])\nmain(['doctor'])\n"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interruption_while_the_verbs_are_loaded_is_an_interruption() -> None:
    import subprocess

    code = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where the tests run in the background
        "class Interrupts:\n"
        "    def find_spec(self, name, *more):\n"
        "        if name == 'app.cli.output':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupts())\n"
        "from app.cli import main\n"
        "sys.exit(main(['models']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "contorno: stopped\n")


def test_a_terminal_that_lacks_a_letter_is_given_its_number(tmp_path: Path) -> None:
    """As that of Windows does, where the output goes into a file: it knows 256 letters."""
    import subprocess

    command = [sys.executable, "-m", "app", "new", str(tmp_path / "λ.contorno"), "--task", "binary", "--classes", "μ"]
    letters = {**os.environ, "PYTHONIOENCODING": "cp1252:strict"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=letters)
    assert done.returncode == 0 and "\\u03bb.contorno" in done.stdout, done.stderr


def test_a_reader_that_goes_away_early_is_no_fault() -> None:
    import subprocess

    command = f"'{sys.executable}' -m app.cli models | head -c 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr, done.stderr

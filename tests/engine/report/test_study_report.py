"""Reports of studies whose trials and predictions are made by hand: the board, the best two, the winner, and what must not be in them."""

import json
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels.classes import parse_classes
from engine.learning.events import keep_epoch
from engine.learning.reading import read_test_set
from engine.progress import EpochDone, result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import Classified, RunSummary
from engine.report.page import Page
from engine.report.study_report import StudyReport, report_on_study
from engine.report.study_writing import _add_comparison, study_to_page, study_to_plain, write_study
from engine.report.writing import english, minutes_text, setting_text, typed_text
from engine.study import StudyConfig, Trial, trial_config
from engine.words import filled

SECRET = "MUELLER"
_READ = {"n": 6, "auc": 0.9, "intervals": {"accuracy": [0.7, 0.95]}}


@pytest.fixture
def tuned(tmp_path: Path) -> Path:
    """Six pictures in the test set; of four trials the second won, the third was stopped early and the last failed."""
    images = tmp_path / "images"
    images.mkdir()
    for number in range(6):
        picture = np.random.default_rng(number).integers(0, 255, (28, 28), np.uint8)
        (images / f"{SECRET}-{number}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    path = tmp_path / "films.contorno"
    with Project.create(path, "classification", parse_classes("normal,viral")) as project:
        result_of(import_images(project, ImportPlan((images,))))
        items = project.items.all()
        project.items.set_splits({item.id: "test" for item in items})
        project.items.set_labels({item.id: place % 2 for place, item in enumerate(items)})
        config = StudyConfig(("mlp", "lenet5"), {"rate": ("0.001", "0.01")}, minutes=4.0)
        study = project.studies.add(config, "classification")
        scores = (0.7, 0.9, 0.6)
        for trial in project.studies.trials(study.id)[:3]:
            run = project.runs.add(trial_config(config, trial.settings), f"study 1.{trial.number}")
            score = scores[trial.number - 1]
            for epoch in (1, 2):
                keep_epoch(
                    run.folder, EpochDone(epoch, 2, 1.0, 0.5, score, True, 20.0 * epoch, accuracy=score * epoch / 2)
                )
            for item in items:
                project.keep_prediction(run, Classified(item.id, np.array([0.8, 0.2], np.float32)))
            run = project.runs.update(run, "finished", RunSummary(arch=trial.arch, epochs=2, accuracy=score))
            _keep(project, trial, state="stopped" if trial.number == 3 else "finished", run=run.id, score=score)
        project.studies.keep_trial(
            study.id, Trial(4, {"arch": "lenet5", "rate": "0.01"}, "failed", reason=f"{SECRET}-3.png cannot be read.")
        )
        project.studies.set_state(study.id, "finished")
    return path


def _keep(project: Project, trial: Trial, *, state: Any, run: int, score: float) -> None:
    more: dict[str, Any] = {"score": score, "validated": score, "auc": score, "rungs": (score,), "seconds": 60.0}
    project.studies.keep_trial(1, Trial(trial.number, trial.settings, state, run, parameters=61706, **more))


def _read_test_set(path: Path, interval: tuple[float, float]) -> None:
    paired = {"n": 6, "mean": 0.1, "interval": interval, "mcnemar": {"first_alone": 2, "second_alone": 1, "p": 0.5}}
    with Project.open(path) as project:
        winner, second = ({"run": f"study 1.{n}", "accuracy": 0.8, **_READ} for n in (2, 1))
        project.studies.keep_test(1, {"winner": winner, "second": second, "paired": paired})
        project.runs.keep_test_reading(project.runs.get("study 1.2"), 6, 0.8)


def reported(path: Path) -> StudyReport:
    return result_of(report_on_study(path, "study 1"))


def test_the_winner_and_every_trial_are_in_it(tuned: Path) -> None:
    _read_test_set(tuned, (-0.1, 0.3))
    found = reported(tuned)
    assert [trial.number for trial in found.ranked] == [2, 1, 3] and len(found.trials) == 4
    assert found.winner.run.name == "study 1.2" and found.winner.split == "test"
    assert found.curves[2] == ((20.0, 0.45), (40.0, 0.9)) and found.names[3] == "study 1.3"
    page = study_to_page(found)
    for text in (
        "61\N{NARROW NO-BREAK SPACE}706",
        "stopped early",
        "failed",
        "LeNet-5",
        "0.900",
        "The winner: study 1.2",
        "Confusion matrix",
    ):
        assert text in page
    rows = page.split("<h2>Trials</h2>")[1].split("</table>")[0].split("<tr>")[2:]
    assert [row[4] for row in rows] == ["2", "1", "3", "4"], "the best first, those without a score last"
    assert page.count("What to be careful about") == 1


def test_the_page_stands_alone_and_names_nobody(tuned: Path, tmp_path: Path) -> None:
    page, plain = write_study(reported_after_reading(tuned), tmp_path / "out" / "study.html")
    both = page.read_text() + plain.read_text()
    assert SECRET not in both and "<script" not in both and "<link" not in both and "http://" not in both
    found = json.loads(plain.read_text())
    assert found["test"]["paired"]["mcnemar"]["p"] == 0.5 and found["winner"]["run"] == "study 1.2"
    assert [trial["state"] for trial in found["trials"]] == ["finished", "finished", "stopped", "failed"]
    assert found["trials"][1]["curve"] == [[20.0, 0.45], [40.0, 0.9]]


def reported_after_reading(path: Path) -> StudyReport:
    _read_test_set(path, (0.02, 0.3))
    return reported(path)


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ((-0.1, 0.3), "do not surely differ"),
        ((0.02, 0.3), "the winner is better"),
        ((-0.3, -0.02), "the second is better"),
        (None, ""),
    ],
)
def test_whether_the_best_two_differ_is_said_by_the_interval(interval: tuple[float, float] | None, said: str) -> None:
    page = Page("study")
    _add_comparison(
        page, {"n": 6, "mean": None if interval is None else sum(interval) / 2, "interval": interval}, english
    )
    sentences = ("do not surely differ", "the winner is better", "the second is better")
    assert [text for text in sentences if text in page.html()] == ([said] if said else [])


def test_what_the_study_cannot_say_is_said(tuned: Path) -> None:
    with Project.open(tuned) as project:
        project.studies.set_state(1, "paused")
        items = project.items.all()
        project.items.set_splits({item.id: "val" for item in items})
    found = reported(tuned)
    assert found.winner.split == "val"
    assert "The test set was not read for this study." in study_to_page(found)
    said = " ".join(caution.text for caution in found.cautions)
    for text in ("is not over", "best of 3", "1 trial failed", "stopped early"):
        assert text in said


def test_a_study_without_a_model_has_no_report(tuned: Path) -> None:
    with Project.open(tuned) as project:
        project.studies.add(StudyConfig(("mlp",), {"rate": ("0.001", "0.01")}), "classification")
    with pytest.raises(EngineError, match="No trial of the study has a model"):
        result_of(report_on_study(tuned, "study 2"))


def test_every_text_of_ours_goes_through_the_language(tuned: Path) -> None:
    texts: list[str] = []

    def say(text: str, **values: object) -> str:
        texts.append(text.format(**values))
        return "§"

    page = study_to_page(reported_after_reading(tuned), say)
    sentences = [text for text in texts if " " in text and not text.startswith("study")]
    assert len(sentences) > 20 and not any(text in page for text in sentences)


def test_values_have_the_readers_decimal_sign_and_short_trainings_their_time(tuned: Path) -> None:
    def say(text: str, **values: object) -> str:
        return filled(text, values, ",")

    page = study_to_page(reported_after_reading(tuned), say)
    assert "0,001" in page and "0,01" in page
    assert not re.search(r">[^<]*0\.01?[^0-9<]*<", page), "no value keeps a point"
    assert minutes_text(3.0, say) == "0,05" and minutes_text(90.0, say) == "1,5" and minutes_text(None, say) == "–"
    assert typed_text("0.00010", say) == "0,00010" and typed_text("1e-4", say) == "1e-4"
    assert setting_text(0.3968181818181818, say) == "0,3968" and setting_text(0.0003, say) == "0,0003"


def test_a_weights_file_is_called_by_its_name_alone(tuned: Path) -> None:
    with Project.open(tuned) as project:
        first = project.studies.trials(1)[0]
        settings = {**first.settings, "weights": f"/scans/{SECRET}/best.safetensors"}
        project.studies.keep_trial(1, first)
        with project._store.transaction() as store:
            store.run("UPDATE trials SET settings = ? WHERE study = 1 AND number = 1", json.dumps(settings))
    found = reported_after_reading(tuned)
    text = study_to_page(found) + json.dumps(study_to_plain(found))
    assert SECRET not in text and "best.safetensors" in text


def test_the_mean_of_the_test_set_is_no_class_that_is_called_so(tmp_path: Path) -> None:
    images = tmp_path / "scans"
    images.mkdir()
    for number in range(4):
        picture = np.full((20, 20), 40 * number, np.uint8)
        (images / f"{number}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    path = tmp_path / "scans.contorno"
    truth = np.zeros((1, 20, 20), np.uint8)
    truth[0, :10, :10], truth[0, 10:, 10:] = 1, 2
    with Project.create(path, "multiclass", parse_classes("mean,weighted")) as project:
        result_of(import_images(project, ImportPlan((images,))))
        items = project.items.all()
        project.items.set_splits({item.id: "test" for item in items})
        config = StudyConfig(("unet",), {}, minutes=4.0)
        study = project.studies.add(config, "multiclass")
        run = project.runs.add(trial_config(config, {"arch": "unet"}), "study 1.1")
        run.folder.mkdir(parents=True, exist_ok=True)
        run.bundle.write_bytes(b"kept")  # all is predicted: nobody reads it
        run = project.runs.update(run, "finished", RunSummary(arch="unet", epochs=1, score=0.9))
        for item in items:  # of the first class half is missed in two of the four, of the second nothing
            said = truth.copy()
            said[0, :5, :10] = np.where(item.id > 2, 1, 0)
            project.layers.replace(project.layers.make(item.id), pack(truth), [0])
            project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(said))
        _keep(project, Trial(1, {"arch": "unet"}), state="finished", run=run.id, score=0.9)
        project.studies.set_state(study.id, "finished")
        winner = result_of(read_test_set(path, study.id)).test["winner"]
    assert winner["classes"]["mean"]["dice"] == pytest.approx(5 / 6) and winner["mean_dice"] == pytest.approx(11 / 12)
    low, high = winner["intervals"]["mean_dice"]
    assert low == pytest.approx(5 / 6) and high == pytest.approx(1), "of the class it would be from 2/3"
    plain = json.loads(json.dumps(study_to_plain(reported(path))))
    intervals = plain["winner"]["intervals"]
    assert intervals["mean"] == [low, high] and intervals["classes"]["mean"][0] < intervals["mean"][0]

"""contorno tune: real studies of seconds, their JSON, and going on after an interruption."""

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from app.cli.output import Output
from engine.config import TrainConfig
from engine.project.project import Project
from engine.project.studies import TrialEnded

QUICK = ["--epochs", "3", "--device", "cpu", "--seed", "1", "--set", "batch=4", "--preset", "none"]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    numbers = [signal.SIGTERM, *([signal.SIGHUP] if sys.platform != "win32" else [])]
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _tune(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, Any, str]:
    capsys.readouterr()
    code = main(["tune", *map(str, words), "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else None, err


def test_a_study_from_words_to_json(shades: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vary = ["--vary", "rate=0.001,0.01", "--vary", "hidden=16;16,8"]
    code, found, err = _tune(capsys, shades, "--arch", "mlp,lenet5", *vary, *QUICK)
    assert code == 0, err
    assert set(found) == {"study", "state", "seconds", "winner", "trials", "importance", "effects", "test", "measure"}
    assert found["measure"] == "accuracy" and "judged by the accuracy" in err
    assert (found["study"], found["state"], len(found["trials"])) == ("study 1", "finished", 6)
    tried = {(t["arch"], t["settings"]["rate"], t["settings"].get("hidden")) for t in found["trials"]}
    assert ("mlp", "0.01", "16,8") in tried and ("lenet5", "0.001", None) in tried
    assert all(0 <= t["validation"] <= 1 and t["parameters"] > 0 for t in found["trials"])
    assert sorted(t["state"] for t in found["trials"]) == ["finished"] * 2 + ["stopped"] * 4
    best = max(t["validation"] for t in found["trials"])
    winner = next(t for t in found["trials"] if t["run"] == found["winner"])
    assert winner["validation"] == best
    assert found["test"]["winner"]["run"] == found["winner"] and found["test"]["winner"]["n"] == 6
    assert set(found["test"]["winner"]["intervals"]) == {"accuracy", "macro_f1", "auc", "classes"}
    assert "trial 1: " in err and "validation" in err
    assert set(found["effects"]) == {"arch", "rate", "hidden"}


def test_an_interrupted_study_is_gone_on_with(
    shades: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, ended = Output._show, []

    def impatient(self: Output, event: object) -> None:
        shown(self, event)
        if isinstance(event, TrialEnded):
            ended.append(event.trial.number)
            if len(ended) == 2:
                raise KeyboardInterrupt

    words = [shades, "--arch", "lenet5", "--vary", "rate=0.001,0.003,0.01", *QUICK]
    monkeypatch.setattr(Output, "_show", impatient)
    assert _tune(capsys, *words)[0] == 130
    monkeypatch.setattr(Output, "_show", shown)
    with Project.open(shades, write=False) as project:
        (study,) = project.studies.all()
        assert study.state == "paused" and [t.state for t in project.studies.trials(1)][:2] == ["paused", "paused"]
    code, found, err = _tune(capsys, shades, "--resume", "--no-test")
    assert code == 0, err
    assert found["state"] == "finished" and found["test"] is None and len(found["trials"]) == 3
    with Project.open(shades, write=False) as project:
        assert len(project.runs.all()) == 3 and project.runs.test_set_readers() == 0
    code, found, err = _tune(capsys, shades, "--resume")
    assert code == 1 and "no study to go on with" in err


def test_networks_and_time_are_the_study_s_and_no_setting_of_its_trials(shades: Path) -> None:
    words = [
        "tune",
        str(shades),
        "--arch",
        "mlp,lenet5",
        "--vary",
        "rate=0.001",
        "--minutes",
        "0.001",
        "--set",
        "batch=4",
    ]
    main([*words, "--trials", "1", "--no-test", "--device", "cpu"])
    with Project.open(shades, write=False) as project:
        config = project.studies.all()[0].config
    assert config.networks == ("mlp", "lenet5") and config.minutes == 0.001
    assert config.base == TrainConfig(batch=4, device="cpu")


def test_set_names_the_limits_and_the_network_too(shades: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--set", "arch=lenet5", "--vary", "rate=0.001", "--device", "cpu", "--preset", "none", "--no-test"]
    code, found, err = _tune(capsys, shades, *words, "--set", "epochs=1")
    assert code == 0 and "1 trial," in err and [t["arch"] for t in found["trials"]] == ["lenet5"]
    assert _tune(capsys, shades, *words, "--set", "minutes=0.002")[0] == 0
    with Project.open(shades, write=False) as project:
        first, second = (study.config for study in project.studies.all())
    assert (first.minutes, first.base.epochs, first.base.arch) == (0.0, 1, "auto")
    assert (second.minutes, second.base.minutes) == (0.002, 0.0)


def test_a_setting_of_a_network_s_own_holds_where_there_is_one(
    shades: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--arch", "mlp,lenet5", "--vary", "rate=0.01", "--set", "hidden=16", "--no-test"]
    code, found, err = _tune(capsys, shades, *words, *QUICK)
    assert code == 0, err
    assert {t["arch"]: t["settings"].get("hidden") for t in found["trials"]} == {"mlp": "16", "lenet5": None}
    code, _, err = _tune(capsys, shades, "--arch", "mlp", "--set", "nonsense=1")
    assert code == 1 and "None of the networks has a setting nonsense" in err


@pytest.mark.parametrize(
    "word",
    [
        ("--arch", "mlp"),
        ("--vary", "rate=1"),
        ("--search", "tpe"),
        ("--full",),
        ("--epochs", "1"),
        ("--set", "batch=2"),
    ],
)
def test_a_study_goes_on_as_it_began(shades: Path, word: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["tune", str(shades), "--resume", *word])
    assert stop.value.code == 2


def test_what_cannot_be_is_refused_and_leaves_nothing(shades: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in {
        ("--arch", "unet"): "unet",
        ("--arch", "mlp", "--vary", "rate=fast,slow"): "fast",
        ("--arch", "mlp", "--vary", "nonsense=1,2"): "nonsense",
        ("--minutes", "0"): "ends by its minutes",
        ("--arch", "mlp,lenet5,mlp"): "mlp stands twice",
    }.items():
        code, _, err = _tune(capsys, shades, *words)
        assert code == 1 and said in err
    with Project.open(shades, write=False) as project:
        assert project.studies.all() == [] and project.runs.all() == []
    with pytest.raises(SystemExit) as stop:
        main(["tune", str(shades), "--vary", "rate"])
    assert stop.value.code == 2


def test_text_says_who_won(shades: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", str(shades), "--arch", "lenet5", "--vary", "rate=0.001,0.01", "--full", *QUICK]) == 0
    out, _ = capsys.readouterr()
    assert "winner: study 1." in out and "test set, study 1." in out and "95 % interval" in out and "McNemar" in out
    assert out.count(" over 6 items\n") == 2


def test_a_study_without_a_test_set_stands_all_the_same(shades: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Project.open(shades) as project:
        project.items.set_splits({item.id: "train" for item in project.items.all("test")})
    code, found, err = _tune(capsys, shades, "--arch", "lenet5", "--vary", "rate=0.001,0.01", *QUICK)
    assert code == 0 and found["test"] is None and "The test set was not read" in err


def test_trial_count_and_tpe(shades: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--arch", "mlp,lenet5", "--vary", "rate=0.001,0.003,0.01", "--trials", "3", "--search", "tpe", "--no-test"]
    code, found, err = _tune(capsys, shades, *words, *QUICK)
    assert code == 0 and len(found["trials"]) == 3, err


def test_its_report_has_the_winner_and_names_no_file(shades: Path, tmp_path: Path) -> None:
    assert main(["tune", str(shades), "--arch", "mlp", "--vary", "rate=0.001,0.01", "--no-test", *QUICK]) == 0
    page = tmp_path / "study.html"
    words = ["report", str(shades), "--study", "study 1", "--out", str(page)]
    assert main(words) == 0, "the winner predicts the validation set for it"
    plain = json.loads(page.with_suffix(".json").read_text())
    assert [trial["arch"] for trial in plain["trials"]] == ["mlp", "mlp"] and plain["test"] is None
    assert plain["winner"]["set"] == "val" and plain["winner"]["scores"]["n"] == 6
    text = page.read_text()
    assert "Where it looked" in text, "an MLP too, which has no maps for Grad-CAM"
    assert text.count("data:image/png") == 3 + 4 and ".png" not in text
    assert main([*words, "--split", "test", "--overwrite", "--language", "es"]) == 0
    assert "Dónde miró" in page.read_text()
    with Project.open(shades, write=False) as project:
        assert len(project.runs.get(plain["winner"]["run"]).summary.test_readings) == 1


def test_a_report_is_of_a_run_or_of_a_study(shades: Path, tmp_path: Path) -> None:
    words = ["report", str(shades), "--out", str(tmp_path / "one.html")]
    for about in ([], ["--run", "a", "--study", "b"]):
        with pytest.raises(SystemExit):
            main([*words, *about])
    assert main([*words, "--study", "study 9"]) == 1

"""The epochs of a run on disk: written whole, read without torch, a cut last line left out."""

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.learning.events import EVENTS, keep_epoch, read_events, read_summary
from engine.progress import CaseSeen, EpochDone
from engine.project.runs import RunSummary


def _epoch(number: int, score: float) -> EpochDone:
    tiny = np.zeros((2, 2), np.uint8)
    case = CaseSeen(1, "a", np.zeros((2, 2, 3), np.uint8), tiny, tiny, {"cell": score}, score)
    return EpochDone(number, None, math.nan, 0.5, score, True, 1.0, {"cell": score, "other": None}, cases=(case,))


def test_epochs_come_back_in_order_the_later_telling_of_one_counts(tmp_path: Path) -> None:
    for number, score in ((1, 0.1), (2, 0.2), (3, 0.3), (2, 0.25)):
        keep_epoch(tmp_path, _epoch(number, score))
    found = read_events(tmp_path)
    assert [(e.epoch, e.score) for e in found] == [(1, 0.1), (2, 0.25), (3, 0.3)]
    assert found[0].dice == {"cell": 0.1, "other": None} and math.isnan(found[0].train_loss) and found[0].cases == ()


def test_a_line_cut_by_a_kill_is_left_out(tmp_path: Path) -> None:
    keep_epoch(tmp_path, _epoch(1, 0.1))
    with (tmp_path / EVENTS).open("a") as file:
        file.write('{"epoch": 2, "epo')
    assert [e.epoch for e in read_events(tmp_path)] == [1]
    keep_epoch(tmp_path, _epoch(2, 0.2))
    assert [e.epoch for e in read_events(tmp_path)] == [1, 2], "the next epoch does not go on with the cut line"


def test_a_bad_byte_costs_its_line_alone_and_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for number in (1, 2, 3):
        keep_epoch(tmp_path, _epoch(number, 0.1 * number))
    file = tmp_path / EVENTS
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0] + b"\xff" + lines[1][1:] + lines[2])
    assert [e.epoch for e in read_events(tmp_path)] == [1, 3]
    assert "Line 2 of events.jsonl" in caplog.text


@pytest.mark.parametrize("line", ["[]", "1", '{"epoch": "x"}', "[" * 100_000])
def test_a_line_that_is_no_epoch_is_left_out(tmp_path: Path, line: str, caplog: pytest.LogCaptureFixture) -> None:
    keep_epoch(tmp_path, _epoch(1, 0.1))
    with (tmp_path / EVENTS).open("a") as file:
        file.write(line + "\n")
    assert [e.epoch for e in read_events(tmp_path)] == [1] and "Line 2" in caplog.text


def test_summary_of_a_training_that_was_stopped_knows_its_kept_epoch_and_network(tmp_path: Path) -> None:
    assert read_summary(tmp_path) == RunSummary()
    keep_epoch(tmp_path, replace(_epoch(1, 0.8), best=True, seconds=10.0))
    # killed before the checkpoint, trained again from the one before: the weights of the first time are kept
    keep_epoch(tmp_path, replace(_epoch(2, 0.85), best=True, seconds=20.0))
    keep_epoch(tmp_path, replace(_epoch(2, 0.6), best=False, seconds=21.0))
    found = read_summary(tmp_path)
    assert (found.epochs, found.seconds, found.score) == (2, 21.0, 0.85) and found.dice["cell"] == 0.85
    assert found.arch == "" and found.size is None
    (tmp_path / "model.json").write_text('{"arch": "unet", "encoder": "", "size": 64, "patch": 0, "scores": {}}')
    assert (read_summary(tmp_path).arch, read_summary(tmp_path).size, read_summary(tmp_path).patch) == ("unet", 64, 0)
    (tmp_path / "model.json").write_text("[")
    assert read_summary(tmp_path) == found


def test_a_disk_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / EVENTS).mkdir()
    with pytest.raises(EngineError, match="could not be written") as refusal:
        keep_epoch(tmp_path, _epoch(1, 0.1))
    assert "go on" in refusal.value.advice


def test_a_run_without_events_has_none(tmp_path: Path) -> None:
    assert read_events(tmp_path) == []


def test_reading_needs_no_torch() -> None:
    code = "import sys, engine.learning.events; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

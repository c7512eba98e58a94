"""The epochs of a run on disk: written whole, read without torch, a cut last line left out."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.learning.events import EVENTS, keep_epoch, read_events
from engine.progress import CaseSeen, EpochDone


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

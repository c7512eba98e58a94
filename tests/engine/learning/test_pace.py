"""How far a training is: preparing is no part of it, and the end keeps room for the validation and the writing."""

import pytest

from engine.config import TrainConfig
from engine.learning.pace import Clock, Schedule, TrainingProgress, schedule


class Now:
    """A clock whose time the test says."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def paced(config: TrainConfig, preparing: float = 0.0, steps: int = 10) -> tuple[Now, Schedule]:
    now = Now()
    pace = Schedule(config, steps, Clock(now), TrainingProgress(preparing=preparing), size=0)
    now.seconds = preparing
    return now, pace


def test_the_rate_rises_from_its_start_however_long_preparing_took() -> None:
    now, pace = paced(TrainConfig(minutes=4), preparing=60)
    assert pace.share == 0 and schedule(pace.share) == 0.02
    now.seconds = 60 + 90
    assert pace.share == pytest.approx(0.5, abs=0.01)
    now.seconds = 239
    assert pace.share == 1 and pace.cut


def test_epochs_alone_know_no_time() -> None:
    now, pace = paced(TrainConfig(epochs=2), preparing=60)
    now.seconds = 100
    for _ in range(5):
        pace.stepped(1)
    assert pace.share == 0.25 and pace.left == pytest.approx(120)
    assert not pace.cut and not pace.at_the_end and pace.due and not pace.over
    for _ in range(5):
        pace.stepped(1)
    pace.place.next_epoch()
    assert pace.at_the_end and not pace.over
    pace.place.next_epoch()
    assert pace.over


def test_an_epoch_longer_than_the_time_is_validated_at_half_of_it() -> None:
    now, pace = paced(TrainConfig(minutes=10), preparing=60, steps=1000)
    pace.stepped(1)
    now.seconds = 60 + 269
    assert not pace.cut
    now.seconds = 60 + 270
    assert pace.cut and not pace.at_the_end
    now.seconds += 100
    pace.validated(100)
    pace.place.next_epoch()
    assert not pace.cut and not pace.over, "from here on its time is known"
    now.seconds = 600 - 120
    assert pace.cut and pace.at_the_end


def test_the_end_keeps_room_for_writing_and_for_a_long_validation() -> None:
    now, pace = paced(TrainConfig(minutes=10))
    pace.stepped(1)
    pace.validated(300)
    pace.writing = 20
    now.seconds = 600 - 360 - 30
    assert pace.cut
    now.seconds -= 5
    assert not pace.cut


def test_one_step_is_made_at_least() -> None:
    _, pace = paced(TrainConfig(minutes=1), preparing=100)
    assert pace.cut and not pace.over
    pace.stepped(1)
    pace.place.next_epoch()
    assert pace.over


def test_an_epoch_that_is_open_is_ended_before_the_training_is_over() -> None:
    _, pace = paced(TrainConfig(epochs=1))
    for _ in range(10):
        pace.stepped(1)
    assert not pace.over and pace.at_the_end

"""How far a training is: preparing is no part of it, and the end keeps room for the validation and the writing."""

import pytest

from engine.config import TrainConfig
from engine.learning.schedule import Clock, Schedule, TrainingProgress, rate_factor


class Now:
    """A clock whose time the test says."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def scheduled(config: TrainConfig, preparing: float = 0.0, steps: int = 10) -> tuple[Now, Schedule]:
    now = Now()
    schedule = Schedule(config, steps, Clock(now), TrainingProgress(preparing=preparing), size=0)
    now.seconds = preparing
    return now, schedule


def test_the_rate_rises_from_its_start_however_long_preparing_took() -> None:
    now, schedule = scheduled(TrainConfig(minutes=4), preparing=60)
    assert schedule.share == 0 and rate_factor(schedule.share) == 0.02
    now.seconds = 60 + 90
    assert schedule.share == pytest.approx(0.5, abs=0.01)
    now.seconds = 239
    assert schedule.share == 1 and schedule.cut


def test_epochs_alone_know_no_time() -> None:
    now, schedule = scheduled(TrainConfig(epochs=2), preparing=60)
    now.seconds = 100
    for _ in range(5):
        schedule.stepped(1)
    assert schedule.share == 0.25 and schedule.left == pytest.approx(120)
    assert not schedule.cut and not schedule.at_the_end and schedule.due and not schedule.over
    for _ in range(5):
        schedule.stepped(1)
    schedule.progress.next_epoch()
    assert schedule.at_the_end and not schedule.over
    schedule.progress.next_epoch()
    assert schedule.over


def test_an_epoch_longer_than_the_time_is_validated_at_half_of_it() -> None:
    now, schedule = scheduled(TrainConfig(minutes=10), preparing=60, steps=1000)
    schedule.stepped(1)
    now.seconds = 60 + 269
    assert not schedule.cut
    now.seconds = 60 + 270
    assert schedule.cut and not schedule.at_the_end
    now.seconds += 100
    schedule.validated(100)
    schedule.progress.next_epoch()
    assert not schedule.cut and not schedule.over, "from here on its time is known"
    now.seconds = 600 - 120
    assert schedule.cut and schedule.at_the_end


def test_the_end_keeps_room_for_writing_and_for_a_long_validation() -> None:
    now, schedule = scheduled(TrainConfig(minutes=10))
    schedule.stepped(1)
    schedule.validated(300)
    schedule.writing = 20
    now.seconds = 600 - 360 - 30
    assert schedule.cut
    now.seconds -= 5
    assert not schedule.cut


def test_one_step_is_made_at_least() -> None:
    _, schedule = scheduled(TrainConfig(minutes=1), preparing=100)
    assert schedule.cut and not schedule.over
    schedule.stepped(1)
    schedule.progress.next_epoch()
    assert schedule.over


def test_an_epoch_that_is_open_is_ended_before_the_training_is_over() -> None:
    _, schedule = scheduled(TrainConfig(epochs=1))
    for _ in range(10):
        schedule.stepped(1)
    assert not schedule.over and schedule.at_the_end

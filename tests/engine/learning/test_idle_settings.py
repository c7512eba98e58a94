"""What was asked for and changes nothing is said where the plan is."""

from pathlib import Path

import pytest

from engine.config import TrainConfig
from engine.learning import classification, segmentation
from engine.learning.idle_settings import idle_settings, never_smaller
from engine.progress import result_of
from engine.project.project import Project


def test_nothing_is_said_of_settings_left_as_they_come_or_that_count() -> None:
    for learnt in ("masks", "objects", "classes"):
        assert not list(idle_settings(TrainConfig(), learnt))
    assert not list(idle_settings(TrainConfig(label_smoothing=0.1), "classes"))
    assert not list(idle_settings(TrainConfig(loss="focal", balance=False, patch=64, first_size=64), "masks"))


def test_each_idle_setting_is_named() -> None:
    def names(learnt: str) -> list[object]:
        asked = TrainConfig(loss="focal", balance=False, patch=64, first_size=64, label_smoothing=0.1, neighbours="yes")
        return [notice.values["name"] for notice in idle_settings(asked, learnt)]  # type: ignore[arg-type]

    assert names("masks") == ["label_smoothing"]
    assert names("objects") == ["loss", "first_size", "neighbours", "label_smoothing", "balance"]
    assert names("classes") == ["first_size", "patch", "neighbours"]


@pytest.mark.parametrize(("first", "size", "patch"), [(96, 96, 0), (128, 96, 0), (128, 256, 64)])
def test_a_first_size_that_is_not_smaller_is_said(first: int, size: int, patch: int) -> None:
    [said] = never_smaller(TrainConfig(first_size=first), TrainConfig(first_size=first, size=size, patch=patch))
    assert str(first) in said.text and str(patch or size) in said.text


def test_a_first_size_that_counts_or_that_auto_chose_is_not() -> None:
    assert not list(never_smaller(TrainConfig(first_size=128), TrainConfig(first_size=128, size=256)))
    assert not list(never_smaller(TrainConfig(), TrainConfig(first_size=128, size=128)))


def test_plans_say_it(project: Path, classes: Path) -> None:
    with Project.open(project) as opened:
        asked = TrainConfig(epochs=1, size=48, first_size=64, label_smoothing=0.2, device="cpu", weights="none")
        said = [notice.text for notice in result_of(segmentation.planned(opened, asked)).said]
    assert '"Label smoothing" (label_smoothing) was set, and changes nothing in a training of this kind.' in said
    assert "The first size of 64 px changes nothing: the network sees 48 px from the start." in said
    with Project.open(classes) as opened:
        asked = TrainConfig(arch="lenet5", epochs=1, patch=16, device="cpu")
        said = [notice.text for notice in classification.planned(opened, asked).said]
    assert '"Patch" (patch) was set, and changes nothing in a training of this kind.' in said

"""What a study tries, for how long, and who goes on: plain arithmetic, nothing is trained."""

from dataclasses import replace

import pytest

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.study import (
    StudyConfig,
    Trial,
    checked,
    combinations,
    count,
    drawn,
    effects,
    kept,
    lectures_study,
    levels,
    next_trial,
    parallel_plot,
    ranking,
    trial_config,
    weak_trials,
    whole_minutes,
)

STUDY = StudyConfig(
    ("mlp", "lenet5", "resnet18"), {"rate": ("0.001", "0.01"), "hidden": ("64", "128", "256")}, minutes=30.0
)


def test_a_networks_own_setting_is_varied_in_that_network_alone() -> None:
    found = combinations(STUDY)
    by_network = {name: [c for c in found if c["arch"] == name] for name in STUDY.networks}
    assert {name: len(each) for name, each in by_network.items()} == {"mlp": 6, "lenet5": 2, "resnet18": 2}
    assert all("hidden" not in c for c in by_network["lenet5"])
    config = trial_config(STUDY, by_network["mlp"][0])
    assert (config.arch, config.rate, config.options) == ("mlp", 0.001, {"hidden": "64"})


def test_the_start_is_varied_in_the_networks_that_have_imagenet_weights() -> None:
    starts: dict[str, tuple[str, ...]] = {"weights": ("none", "imagenet")}
    study = checked(StudyConfig(("mlp", "efficientnet-lite0"), starts), "classification")
    assert combinations(study) == [
        {"arch": "mlp"},
        {"arch": "efficientnet-lite0", "weights": "none"},
        {"arch": "efficientnet-lite0", "weights": "imagenet"},
    ]
    assert [trial_config(study, each).weights for each in combinations(study)] == ["auto", "none", "imagenet"]
    with pytest.raises(EngineError, match="None of the networks has ImageNet weights"):
        checked(StudyConfig(("mlp", "plain20"), starts), "classification")


def test_the_networks_take_turns_and_the_seed_draws() -> None:
    order = drawn(STUDY)
    assert [c["arch"] for c in order[:6]] == ["mlp", "lenet5", "resnet18"] * 2
    assert len(order) == 10 == count(STUDY) and order == drawn(STUDY)
    assert drawn(replace(STUDY, trials=4)) == order[:4] and count(replace(STUDY, trials=4)) == 4
    assert drawn(replace(STUDY, base=TrainConfig(seed=1))) != order


@pytest.mark.parametrize(("trials", "expected"), [(2, 2), (3, 2), (4, 2), (6, 2), (7, 3), (9, 3), (12, 4), (1, 1)])
def test_the_best_third_goes_on_and_two_at_least(trials: int, expected: int) -> None:
    assert kept(trials) == expected


def test_the_trials_fill_the_budget() -> None:
    twelve = replace(STUDY, networks=("mlp",), vary={"rate": tuple(f"0.0{n:02}" for n in range(1, 13))})
    whole = whole_minutes(twelve)
    planned = 12 * whole / 9 + 4 * (whole / 3 - whole / 9) + 2 * (whole - whole / 3)
    assert count(twelve) == 12 and planned == pytest.approx(30, rel=0.05) and planned < 30
    assert whole_minutes(replace(twelve, halving=False)) == pytest.approx(30 / 12, rel=0.05)
    assert whole_minutes(replace(twelve, minutes=0.0, base=TrainConfig(epochs=3))) == 0
    assert levels(replace(twelve, trials=2)) == (1.0,), "two are compared at the end"


def _trial(number: int, score: float | None, state: str = "paused", rungs: int = 1, **more: object) -> Trial:
    scores = (score,) * rungs if score is not None else ()
    settings = {"arch": "mlp"}
    return Trial(number, settings, state, number, score=score, validated=score, rungs=scores, **more)  # type: ignore[arg-type]


def test_who_goes_on_is_known_when_all_wait_at_a_rung() -> None:
    scores = [0.5, 0.9, 0.7, 0.8, 0.6, 0.4]
    trials = [_trial(n, score) for n, score in enumerate(scores, 1)]
    assert [t.number for t in weak_trials(trials)] == [3, 5, 1, 6]
    assert weak_trials([*trials[:5], Trial(6, {"arch": "mlp"})]) == [], "one has not been there yet"
    chosen = [replace(t, state="stopped") if t in weak_trials(trials) else t for t in trials]
    assert weak_trials(chosen) == [] and next_trial(chosen) == trials[1]
    further = [replace(t, rungs=(*t.rungs, 0.9)) if t.number == 2 else t for t in chosen]
    following = next_trial(further)
    assert following is not None and following.number == 4
    assert next_trial([replace(t, state="stopped") for t in trials]) is None


def test_of_equals_the_smaller_network_goes_on() -> None:
    trials = [_trial(n, 0.9, parameters=size) for n, size in enumerate((300, 100, 200, 50), 1)]
    assert {t.number for t in weak_trials(trials)} == {1, 3}


def test_a_trial_that_was_killed_comes_first() -> None:
    trials = [_trial(1, 0.5), _trial(2, 0.6, "training", 0), Trial(3, {"arch": "mlp"})]
    found = next_trial(trials)
    assert found is not None and found.number == 2


def test_the_winner_is_the_best_by_what_is_shown() -> None:
    one, two = _trial(1, 0.9, auc=0.91), _trial(2, 0.9, auc=0.95)
    assert [t.number for t in ranking([one, two, _trial(3, None, "failed"), replace(two, number=4, run=None)])] == [
        2,
        1,
    ]


def test_effects_are_means_at_the_first_rung() -> None:
    trials = [
        Trial(1, {"arch": "mlp", "rate": "1"}, rungs=(0.5, 0.9)),
        Trial(2, {"arch": "lenet5", "rate": "1"}, rungs=(0.7,)),
        Trial(3, {"arch": "lenet5", "rate": "2"}),
    ]
    assert effects(trials) == {"arch": {"mlp": 0.5, "lenet5": 0.7}, "rate": {"1": pytest.approx(0.6)}}


def test_lines_of_the_parallel_plot_cross_each_axis_at_its_value() -> None:
    trials = [
        Trial(1, {"arch": "mlp", "rate": "0.01", "hidden": "128"}, "finished", 1, validated=0.9),
        Trial(2, {"arch": "resnet18", "rate": "0.001"}, "finished", 2, validated=0.7),
        Trial(3, {"arch": "resnet18", "rate": "0.01"}),
    ]
    plot = parallel_plot(STUDY, trials)
    assert [axis.name for axis in plot.axes] == ["arch", "rate", "hidden"]
    assert plot.lines == {1: (0.0, 1.0, 0.5, 1.0), 2: (1.0, 0.0, None, 0.0)} and (plot.low, plot.high) == (0.7, 0.9)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"networks": ()}, "no networks"),
        ({"networks": ("unet",)}, "unet"),
        ({"vary": {"rate": ("0.1", "fast")}}, "fast"),
        ({"vary": {"rate": ("0.1", "0.1")}}, "missing or stand twice"),
        ({"vary": {"rate": ()}}, "missing or stand twice"),
        ({"vary": {"seed": ("1", "2")}}, "seed is not varied"),
        ({"vary": {"nonsense": ("1", "2")}}, "None of the networks has a setting nonsense"),
        ({"minutes": 0.0}, "ends by its minutes or by the epochs"),
        ({"base": TrainConfig(epochs=3)}, "ends by its minutes or by the epochs"),
        ({"trials": -1}, "trials"),
        ({"search": "luck"}, "luck"),
    ],
)
def test_what_could_not_begin_is_refused_before_it_does(change: dict[str, object], said: str) -> None:
    with pytest.raises(EngineError) as caught:
        checked(replace(STUDY, **change), "classification")  # type: ignore[arg-type]
    assert said in f"{caught.value.text} {caught.value.advice}"


@pytest.mark.parametrize("task", ["classification", "binary", "multiclass"])
def test_the_lectures_project_can_begin(task: str) -> None:
    study = checked(lectures_study(task), task)
    assert count(study) >= 9 and len(study.networks) >= 3
    assert "mlp" in study.networks or task != "classification"

from dataclasses import dataclass, fields, replace

import pytest

from engine import catalog
from engine.config import (
    LOSSES,
    OPTIMIZERS,
    PredictConfig,
    TrainConfig,
    check,
    from_json,
    option,
    option_of,
    to_json,
    with_values,
    without_paths,
)
from engine.errors import EngineError


@pytest.mark.parametrize("kind", [TrainConfig, PredictConfig])
def test_defaults_are_allowed_and_explained(kind: type[TrainConfig | PredictConfig]) -> None:
    assert check(kind()) == kind()
    for item in fields(kind):
        rule = option_of(item)
        if item.name == "options":  # the network's own have rules in its row of the catalog
            assert rule is None
            continue
        assert rule is not None and rule.label
        assert (rule.low is None) == (rule.high is None)


def test_field_without_option_is_not_checked() -> None:
    @dataclass(frozen=True)
    class Plain:
        size: int

    assert check(Plain(-1)).size == -1
    assert option_of(fields(Plain)[0]) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"epochs": -1}, "epochs cannot be -1"),
        ({"rate": 1.5}, "rate cannot be 1.5"),
        ({"rate": float("nan")}, "rate cannot be nan"),
        ({"minutes": float("inf")}, "minutes cannot be inf"),
        ({"loss": "guess"}, "loss cannot be guess"),
        ({"device": "tpu"}, "device cannot be tpu"),
    ],
)
def test_what_is_out_of_range_is_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(EngineError, match=said) as fault:
        check(replace(TrainConfig(), **change))  # type: ignore[arg-type]
    assert fault.value.advice


def test_ends_of_ranges_are_allowed() -> None:
    check(TrainConfig(rate=1.0, per_image=20, label_smoothing=0.0))


def test_values_from_texts() -> None:
    config = with_values(
        TrainConfig(), {"epochs": "12", "rate": "1e-3", "loss": "dice", "balance": "No", "arch": "unet++", "size": "0"}
    )
    assert config == TrainConfig(epochs=12, rate=0.001, loss="dice", balance=False, arch="unet++")
    for text in ("yes", "TRUE", "1", "on"):
        assert with_values(TrainConfig(balance=False), {"balance": text}).balance
    assert with_values(TrainConfig(), {}) == TrainConfig()


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("epoch", "1", "no setting epoch"),
        ("epochs", "1.5", "It must be a number"),
        ("epochs", "", "It must be a number"),
        ("rate", "fast", "It must be a number"),
        ("rate", "nan", "It goes from 0.0 to 1.0"),
        ("balance", "maybe", "It must be yes or no"),
        ("loss", "guess", ", ".join(LOSSES).replace("+", r"\+")),
        ("epochs", "-3", "It goes from 0"),
    ],
)
def test_bad_texts_are_refused(key: str, text: str, said: str) -> None:
    with pytest.raises(EngineError) as fault:
        with_values(TrainConfig(), {key: text})
    assert said.replace("\\", "") in f"{fault.value.text} {fault.value.advice}"


def test_kind_that_no_text_gives() -> None:
    @dataclass(frozen=True)
    class Odd:
        pair: tuple[int, int] = option((0, 0), "Pair")

    with pytest.raises(EngineError, match="pair cannot be 1"):
        with_values(Odd(), {"pair": "1"})


def test_what_a_json_leaves_out_is_written_again() -> None:
    """One of an earlier version lacks settings: they are at their defaults, and no less there."""
    found = from_json('{"arch": "unet"}', TrainConfig)
    assert found == TrainConfig(arch="unet") and without_paths(found) == without_paths(TrainConfig(arch="unet"))


def test_json_and_back() -> None:
    config = TrainConfig(arch="unet", epochs=7, rate=0.25, balance=False)
    assert from_json(to_json(config), TrainConfig) == config
    assert from_json(to_json(config).decode(), TrainConfig) == config
    assert from_json("{}", TrainConfig) == TrainConfig()
    assert from_json('{"of_tomorrow": [1]}', TrainConfig) == TrainConfig()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"epochs": "7"}', '{"epochs": -1}', '{"rate": NaN}', b"\xff"])
def test_bad_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(EngineError):
        from_json(text, TrainConfig)


def test_choices_are_those_of_the_catalog() -> None:
    """Two lists of one thing: what a setting allows and what the window lists."""
    assert set(catalog.LOSSES) == set(LOSSES)
    assert set(catalog.OPTIMIZERS) == set(OPTIMIZERS)

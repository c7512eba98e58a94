import json
from dataclasses import replace
from pathlib import Path

import pytest

import resources
from engine.augment.presets import PRESETS, load_preset, preset_for, preset_names, save_preset
from engine.augment.row import TransformSetting
from engine.augment.transforms import TRANSFORMS, AugmentConfig
from engine.errors import EngineError, NotReadable


def test_every_preset_file_is_named_and_every_name_has_its_file() -> None:
    files = {file.stem for file in resources.path("presets").glob("*.json")}
    assert files == set(preset_names())
    assert len(PRESETS) == len(files)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_says_only_what_differs_from_the_rows(name: str) -> None:
    config = load_preset(name)
    named = json.loads(resources.path(f"presets/{name}.json").read_text("utf-8")).keys() - {"fill"}
    assert named == {row.key for row in TRANSFORMS if config[row.key] != row.default}
    assert any(setting.on for setting in config.settings.values()) == (name != "none")


def test_none_is_what_a_new_config_is() -> None:
    assert load_preset("none") == AugmentConfig()


def test_the_lecture_preset_holds_the_numbers_of_the_keras_example() -> None:
    config = load_preset("lecture")
    assert config["rotation"] == TransformSetting(True, 1.0, -40.0, 40.0)  # rotation_range=40
    assert config["shift"] == TransformSetting(True, 1.0, -20.0, 20.0)  # width_shift_range=0.2, height_shift_range=0.2
    assert config["shear"] == TransformSetting(True, 1.0, -0.2, 0.2)  # shear_range=0.2: degrees in Keras
    assert config["zoom"] == TransformSetting(True, 1.0, 0.8, 1.2)  # zoom_range=0.2
    assert config["flip_horizontal"] == TransformSetting(True, 0.5, 0.0, 0.0)  # horizontal_flip=True
    assert config.fill == "nearest"  # fill_mode='nearest'
    on = {key for key, setting in config.settings.items() if setting.on}
    assert on == {"rotation", "shift", "shear", "zoom", "flip_horizontal"}


@pytest.mark.parametrize("name", ["ct", "gentle", "classification", "films"])
def test_where_sides_matter_nothing_is_mirrored(name: str) -> None:
    config = load_preset(name)
    assert not config["flip_horizontal"].on and not config["flip_vertical"].on


def test_a_saved_recipe_comes_back(tmp_path: Path) -> None:
    config = replace(load_preset("strong"), fill="constant").with_setting(
        "noise", TransformSetting(True, 0.25, 1.5, 9.0)
    )
    save_preset(tmp_path / "mine.json", config)
    assert load_preset(tmp_path / "mine.json") == config
    assert load_preset(str(tmp_path / "mine.json")) == config


def test_a_short_recipe_leaves_the_rest_off(tmp_path: Path) -> None:
    (tmp_path / "short.json").write_text('{"rotation": {"on": true, "chance": 1, "low": -5, "high": 5}}')
    config = load_preset(tmp_path / "short.json")
    assert config == AugmentConfig({"rotation": TransformSetting(True, 1.0, -5.0, 5.0)})


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "truncated"),
        ('{"rotation": 3}', "rotation"),
        ('{"rotation": {"on": true, "chance": 1, "low": 9, "high": 5}}', "rotation"),
        ('{"rotation": {"on": true, "chance": 1, "low": 0, "high": 500}}', "rotation"),
        ('{"noise": {"on": true, "chance": 1.5, "low": 0, "high": 5}}', "noise"),
        ('{"zoom": {"on": true, "chance": 1, "low": 0, "high": 1}}', "zoom"),
        ('{"fill": "wrap"}', "wrap"),
        ('{"rotate": {"on": true, "chance": 1, "low": 0, "high": 5}}', "rotate"),
        ("[]", "array"),
    ],
)
def test_a_broken_recipe_is_refused_by_name(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(NotReadable) as refused:
        load_preset(tmp_path / "bad.json")
    assert "bad.json" in refused.value.text and word in refused.value.text
    assert refused.value.advice


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "scan.dcm").write_bytes(b'{"fill": "\xff"}')
    with pytest.raises(NotReadable, match="not a text file"):
        load_preset(tmp_path / "scan.dcm")


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(EngineError) as refused:
        load_preset("medium")
    assert "medium" in refused.value.text and "standard" in refused.value.advice


def test_an_impossible_recipe_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        save_preset(tmp_path / "x.json", AugmentConfig({"gamma": TransformSetting(True, 1.0, 0.0, float("nan"))}))
    assert not (tmp_path / "x.json").exists()


def test_auto_goes_by_the_task() -> None:
    assert preset_for("classification", "auto") == "films"
    assert preset_for("classification", "auto", color=True) == "classification"
    assert {preset_for(task, "auto") for task in ("binary", "multiclass", "instance")} == {"standard"}
    assert preset_for("classification", "standard") == "standard"

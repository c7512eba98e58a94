"""The tables agree with each other, with the config, and with what a caller may ask."""

import json
import subprocess
import sys
from dataclasses import fields

import pytest

from engine import catalog, config
from engine.config import TrainConfig, from_json, option_of, to_json
from engine.errors import EngineError

NAMES = [
    "unet",
    "unet-smp",
    "unet++",
    "manet",
    "linknet",
    "fpn",
    "pspnet",
    "pan",
    "deeplabv3",
    "deeplabv3+",
    "upernet",
    "segformer",
    "dpt",
    "mlp",
    "lenet5",
    "lenet5-tanh",
    "alexnet",
    "vgg16",
    "vgg19",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "segnet",
    "fcn32s",
    "fcn16s",
    "fcn8s",
    "fcn-resnet",
    "lenet5-1998",
    "vgg16-bn",
    "vgg19-bn",
    "plain18",
    "plain34",
    "plain20",
    "plain56",
    "resnet20",
    "resnet56",
    "efficientnet-lite0",
]


def test_every_architecture_is_listed_once_and_none_is_lost() -> None:
    """Models, runs and scripts know a network by its name: it stays."""
    names = [row.name for row in catalog.ARCHITECTURES]
    assert len(set(names)) == len(names) and set(NAMES) <= set(names)


@pytest.mark.parametrize("row", catalog.ARCHITECTURES, ids=lambda row: row.name)
def test_row_is_complete(row: catalog.Architecture) -> None:
    assert row.title and row.family and row.kind and row.paper and row.unique and row.drawbacks and row.use_cases
    assert row.dataset and str(row.activation)
    assert 1980 < row.year < 2030
    assert row.input.count("x") == 2
    assert row.encoders == bool(row.default_encoder)
    assert row.task != "classification" or not row.needs


def test_the_lectures_table() -> None:
    layers = {name: catalog.find(name).layers for name in ("lenet5", "alexnet", "vgg16", "vgg19", "resnet50")}
    assert layers == {"lenet5": 5, "alexnet": 8, "vgg16": 16, "vgg19": 19, "resnet50": 50}
    assert catalog.find("lenet5-tanh").activation == "Tanh"
    assert catalog.find("lenet5").top5 is None
    for name, error in (("alexnet", "16.4"), ("vgg16", "7.3"), ("vgg19", "7.3"), ("resnet152", "3.57")):
        top5 = catalog.find(name).top5 or ""
        assert error in top5 and "averaged" in top5, "a contest entry is an ensemble, and the table says so"


def test_every_fact_has_its_source() -> None:
    facts = {item.name for item in fields(catalog.Architecture)}
    about = {"name", "title", "task", "family", "classes", "needs", "default_encoder", "options", "imagenet"}
    assert set(catalog.SOURCES) == facts - about


def test_settings_of_a_network_come_with_those_of_the_training() -> None:
    config = catalog.with_settings(TrainConfig(), {"arch": "plain20", "activation": "sigmoid", "batch": "8"})
    assert (config.arch, config.batch, config.options) == ("plain20", 8, {"activation": "sigmoid"})
    lenet = catalog.with_settings(TrainConfig(), {"arch": "lenet5", "activation": "sigmoid"})
    assert (lenet.arch, lenet.options) == ("lenet5", {"activation": "sigmoid"}), "one of the lecture's three"
    off = catalog.with_settings(config, {"batch_norm": "no"})
    assert off.options == {"activation": "sigmoid", "batch_norm": False}
    assert from_json(to_json(off), TrainConfig) == off
    whole = {"activation": "sigmoid", "batch_norm": False, "dropout": 0.0}
    assert catalog.all_options("plain20", off.options) == whole
    assert catalog.all_options("lenet5-1998") == {}
    for texts, said in (
        ({"activation": "sigmoid"}, "none was chosen"),
        ({"arch": "resnet18", "activation": "sigmoid"}, "no setting activation"),
        ({"arch": "plain20", "activation": "swish"}, "activation cannot be swish"),
        ({"arch": "plain20", "rubbish": "1"}, "There is no setting rubbish"),
        ({"arch": "mlp", "dropout": "2"}, "dropout cannot be 2"),
    ):
        with pytest.raises(EngineError, match=said):
            catalog.with_settings(TrainConfig(), texts)


@pytest.mark.parametrize("row", catalog.ARCHITECTURES, ids=lambda row: row.name)
def test_options_have_words_and_ranges(row: catalog.Architecture) -> None:
    for item in fields(row.options):
        rule = option_of(item)
        assert rule is not None and rule.label and rule.help
    assert catalog.network_options(row.name) == row.options


def test_auto_gives_each_network_an_encoder_that_fits() -> None:
    assert catalog.encoder_for("unet-smp", light=True, imagenet=False) == "resnet18"
    assert catalog.encoder_for("unet-smp", light=False, imagenet=False) == "resnet34"
    assert catalog.encoder_for("unet-smp", light=True, imagenet=True) == catalog.BUILT_IN_ENCODER
    assert catalog.encoder_for("dpt", light=True, imagenet=True) == "tu-vit_base_patch16_224"
    assert catalog.encoder_for("segnet", light=True, imagenet=True) == ""


def test_any_network_of_timm_has_a_row() -> None:
    row = catalog.find("timm:resnet50d", "classification")
    assert row.title == "resnet50d" and row.starts_from_imagenet and row not in catalog.rows()
    with pytest.raises(EngineError, match="another task"):
        catalog.find("timm:resnet50d", "multiclass")


def test_find_refuses_with_the_names_that_are_allowed() -> None:
    with pytest.raises(EngineError) as unknown:
        catalog.find("resnet19", "classification")
    assert "resnet19" in unknown.value.text
    assert "resnet18" in unknown.value.advice and "unet" not in unknown.value.advice
    with pytest.raises(EngineError) as other:
        catalog.find("resnet18", "multiclass")
    assert "another task" in other.value.text and "segformer" in other.value.advice
    with pytest.raises(EngineError, match="no task"):
        catalog.rows("detection")


@pytest.mark.parametrize("task", ["binary", "multiclass", "instance", "segmentation"])
def test_masks_are_learnt_by_segmentation_networks(task: str) -> None:
    assert catalog.find("unet", task).name == "unet"
    assert all(row.task in ("segmentation", "instances") for row in catalog.rows(task))


def test_objects_are_learnt_from_any_masks() -> None:
    for task in ("binary", "multiclass", "instance", "instances"):
        assert catalog.find("mask-rcnn", task).task == "instances"
    with pytest.raises(EngineError, match="another task"):
        catalog.find("mask-rcnn", "classification")


def test_losses_and_optimizers_are_those_of_the_config() -> None:
    assert tuple(catalog.LOSSES) == config.LOSSES
    assert tuple(catalog.OPTIMIZERS) == config.OPTIMIZERS


def test_default_encoders_are_listed_and_fit() -> None:
    for row in catalog.ARCHITECTURES:
        fitting = catalog.encoders_of(row.name)
        assert (row.default_encoder in fitting) if row.encoders else not fitting
    assert "mit_b0" in catalog.encoders_of("segformer") and "mit_b0" not in catalog.encoders_of("unet++")


def test_json_is_what_other_programs_read() -> None:
    rows = json.loads(json.dumps(catalog.to_json()))
    assert [row["name"] for row in rows] == [row.name for row in catalog.ARCHITECTURES]
    lenet = next(row for row in rows if row["name"] == "lenet5")
    expected = {"task": "classification", "family": "LeNet", "year": 1998, "parameters": 61706, "input": "32x32x1"}
    assert {key: lenet[key] for key in expected} == expected
    assert lenet["needs"] == [] and rows[1]["needs"] == ["encoder"]
    assert {row["task"] for row in catalog.to_json("classification")} == {"classification"}


def test_loads_without_torch() -> None:
    code = "import sys, engine.catalog; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

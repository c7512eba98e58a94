"""The facts of runs side by side: what each began from, and each setting of its network's own."""

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.tabs.parts.beginning import beginning
from app.tabs.train.facts import RunFacts, facts
from engine.config import TrainConfig
from engine.project.runs import Run, RunSummary
from widgets.comparison_table import ComparisonRow, ComparisonTable

LITE = TrainConfig(arch="unet-smp", encoder="timm-tf_efficientnet_lite0", weights="imagenet", minutes=5)


def _facts(*configs: TrainConfig) -> dict[str, ComparisonRow]:
    runs = [Run(at, f"run {at}", "finished", 0.0, config, RunSummary(), Path()) for at, config in enumerate(configs, 1)]
    return {row.name: row for row in facts([RunFacts(run, {}, None) for run in runs])}


def test_runs_that_differ_in_their_start_alone_differ_in_the_table() -> None:
    rows = _facts(LITE, replace(LITE, frozen=3, encoder_rate=0.1), replace(LITE, weights="none"))
    assert rows["Started from"].values == ("ImageNet", "ImageNet", "Scratch")
    assert rows["Frozen epochs"].values == (0, 3, 0) and rows["Frozen epochs"].difference(1) == "+3"
    assert rows["Encoder's rate"].values == (1.0, 0.1, 1.0) and rows["Encoder's rate"].text(1) == "0.10"
    apart = {name for name, row in rows.items() if row.differs(1)}
    assert apart == {"Frozen epochs", "Encoder's rate"}


def test_how_an_encoder_is_held_back_is_told_for_one_epoch_and_for_several() -> None:
    assert [beginning(replace(LITE, frozen=count)).held for count in (0, 1, 2)] == [(), ("1 frozen",), ("2 frozen",)]
    assert beginning(replace(LITE, frozen=1, encoder_rate=0.5)).line == "ImageNet · 1 frozen · × 0.5"
    assert beginning(TrainConfig(arch="unet", frozen=1, encoder_rate=0.5)).held == (), "it has no encoder of its own"


def test_settings_of_the_networks_own_have_a_row_each() -> None:
    segnet, unet = TrainConfig(arch="segnet", options={"width": 8}), TrainConfig(arch="unet", weights="none")
    rows = _facts(segnet, unet, TrainConfig())
    assert rows["Width"].values == ("8", "64", "–")
    assert rows["Batch normalisation"].values == ("–", "yes", "–")
    assert rows["Frozen epochs"].values == (None, None, 0), "neither has an encoder that could begin elsewhere"
    assert rows["Started from"].values == ("Auto", "Scratch", "Auto")


def test_options_of_a_newer_program_are_left_out() -> None:
    rows = _facts(TrainConfig(arch="segnet", options={"wings": 2}), TrainConfig(arch="of tomorrow", start_from="run 7"))
    assert "Width" not in rows and rows["Started from"].values == ("Auto", "run 7")


def test_a_run_that_was_gone_on_from_is_called_by_its_name() -> None:
    rows = _facts(LITE, replace(LITE, start_from="1"), replace(LITE, start_from="9"))
    assert rows["Started from"].values == ("ImageNet", "run 1", "run 9"), "of one that is not there its number is known"
    other = Run(4, "after the review", "finished", 0.0, LITE, RunSummary(), Path())
    assert beginning(replace(LITE, start_from="4"), runs=[other]).words.startswith("Start: after the review")


def test_three_runs_have_room_in_a_narrow_table(qtbot: QtBot) -> None:
    table = ComparisonTable("facts", "Facts")
    qtbot.addWidget(table)
    table.set_facts([(f"run {at}", "text") for at in range(3)], [ComparisonRow("Validation Dice", (0.5, 0.6, 0.7))])
    table.resize(305, 100)
    table.show()
    qtbot.waitUntil(lambda: table.horizontalHeader().length() <= table.viewport().width())
    table.resize(900, 100)
    qtbot.waitUntil(lambda: table.columnWidth(0) == 168)


def test_what_is_alike_has_no_difference() -> None:
    row = ComparisonRow("Encoder's rate", (1.0, 1.0, 0.1), 2)
    assert [row.difference(place) for place in range(3)] == ["", "", "−0.90"]

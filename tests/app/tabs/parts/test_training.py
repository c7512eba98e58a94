"""What is said of the next run before it begins."""

from pathlib import Path

from app.tabs.parts.training import ahead, times_here
from engine.config import TrainConfig
from engine.learning.auto import choice
from engine.progress import Notice
from engine.project.runs import Run, RunSummary


def test_the_choice_and_what_the_minutes_buy_come_first_and_the_reasons_after_them() -> None:
    config = TrainConfig(arch="unet-smp", encoder="resnet18", size=320, batch=4)
    said = [choice(config), Notice("10 min buy it."), Notice("One reason."), Notice("Another.")]
    first, others = ahead(said)
    assert "320 px" in first and first.endswith("10 min buy it.") and others == "One reason. Another."
    assert ahead([]) == ("", "")


def test_networks_of_objects_have_neither_a_loss_nor_an_encoder_to_choose() -> None:
    values = {"arch": "mask-rcnn-light", "patch": 256, "size": 512, "batch": 4}
    first, others = ahead([Notice("{arch} on patches of {patch} px", values), Notice("Objects are small.")])
    assert first == "Mask R-CNN, light on patches of 256 px, batch 4. Objects are small." and others == ""


def test_how_long_an_epoch_took_here_is_the_middle_run_s() -> None:
    def run(id: int, arch: str, seconds: float, epochs: int, state: str = "finished") -> Run:
        summary = RunSummary(arch=arch, seconds=seconds, epochs=epochs, sets={"train": 70})
        return Run(id, f"run {id}", state, 0.0, TrainConfig(), summary, Path())  # type: ignore[arg-type]

    runs = [run(1, "unet", 60, 5), run(2, "unet", 200, 10), run(3, "unet", 300, 10), run(4, "segnet", 5, 2)]
    said = times_here([*runs, run(5, "fcn8s", 9, 1, "stopped"), run(6, "fcn8s", 9, 0)])
    assert said == {"unet": "20 s an epoch · 70 items · 3 runs", "segnet": "2.5 s an epoch · 70 items · 1 run"}

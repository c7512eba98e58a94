"""What is said of the next run before it begins."""

from app.tabs.parts.training import ahead
from engine.config import TrainConfig
from engine.learning.auto import choice
from engine.progress import Notice


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

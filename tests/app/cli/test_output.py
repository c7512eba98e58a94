"""What a training says of itself, a line an epoch."""

from app.cli.output import epoch_line
from engine.progress import EpochDone


def test_an_epoch_of_objects_says_dice_and_ap_each_by_its_name() -> None:
    epoch = EpochDone(1, 1, 0.1, None, 0.9, True, 1.0, {"lung": 0.5, "heart": None, "spine": 0.7}, ap50=0.9)
    assert epoch_line(epoch) == "epoch 1, 1 s, loss 0.100, validation Dice 0.6000, validation AP50 0.9000, kept"

"""The settings of a training as words of the command line, for all verbs that train."""

import argparse

from engine.catalog import with_settings
from engine.config import AUTO, DEVICES, LOSSES, TrainConfig
from engine.errors import EngineError

_KEYS = ("arch", "encoder", "weights", "start_from", "loss", "epochs", "minutes", "device", "seed", "preset")


def add_settings(parser: argparse.ArgumentParser, others: str) -> None:
    """Options that each set one, and `--set` for any other, which `others` explains."""
    parser.add_argument("--encoder", help="for networks with an exchangeable encoder")
    parser.add_argument("--weights", help="none, imagenet or a weights file")
    parser.add_argument("--loss", choices=LOSSES)
    parser.add_argument("--device", choices=DEVICES)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--preset", help="augmentation: a preset's name or file")
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], type=_setting, metavar="KEY=VALUE", help=others
    )


def asked_settings(args: argparse.Namespace, *without: str) -> TrainConfig:
    """What was asked for; those `without` mean something else to the verb. EngineError for a setting that there is not, or two
    that exclude each other."""
    texts: dict[str, str] = dict(args.settings)
    for key in _KEYS:
        value = None if key in without else getattr(args, key, None)
        if value is not None:
            texts[key] = str(value)
    config = with_settings(TrainConfig(), texts)
    if config.start_from and config.weights not in (AUTO, "none"):
        raise EngineError(
            "A training starts from an earlier run or from weights, not from both.",
            "Leave out one: --from or --weights.",
        )
    return config


def _setting(word: str) -> tuple[str, str]:
    key, sign, value = word.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"{word} is not a setting: write key=value, for example batch=8")
    return key, value

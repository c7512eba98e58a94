"""Every benchmark as one table: `python -m tests.benchmarks [name ...]`. Each row beside its ideal, measured in the same run."""

import argparse
import importlib
import os

from PySide6.QtWidgets import QApplication

from app.cli.machine import has_display

NAMES = (
    *("startup", "opening", "painting", "planes", "augmentation", "dice", "drawing"),
    *("training", "while_training", "memory"),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="The speed table.")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    names = parser.parse_args().names or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication([])
    print(f"{f'job (windows on {app.platformName()})':<92}{'ours':>12}{'ideal':>12}{'ratio':>8}{'aim':>7}")
    for name in names:
        part = importlib.import_module(f"tests.benchmarks.{name}")
        unit, scale = getattr(part, "UNIT", ("ms", 1e3))
        for job, ours, ideal, ratio, aim in part.rows():
            verdict = "" if ratio <= aim else "  short"
            told = "".join(f"{value * scale:9.2f} {unit}" for value in (ours, ideal))
            print(f"{job:<92}{told}{ratio:8.2f}{aim:7.2f}{verdict}", flush=True)


if __name__ == "__main__":
    main()

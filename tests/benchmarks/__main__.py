"""Every benchmark as one table: `python -m tests.benchmarks [name ...]`. Each row beside its ideal, measured in the same run."""

import importlib
import sys

NAMES = ("startup", "opening", "painting", "augmentation", "dice", "training", "while_training")


def main() -> None:
    print(f"{'job':<92}{'ours':>12}{'ideal':>12}{'ratio':>8}{'aim':>7}")
    for name in sys.argv[1:] or NAMES:
        for job, ours, ideal, ratio, aim in importlib.import_module(f"tests.benchmarks.{name}").rows():
            verdict = "" if ratio <= aim else "  short"
            print(f"{job:<92}{ours * 1e3:9.2f} ms{ideal * 1e3:9.2f} ms{ratio:8.2f}{aim:7.2f}{verdict}", flush=True)


if __name__ == "__main__":
    main()

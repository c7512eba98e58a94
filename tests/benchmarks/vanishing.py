"""How much of the gradient reaches the first layer, with the sentences: `python -m tests.benchmarks.vanishing PROJECT... --steps 100`.

Classification projects. Steps are counted, not seconds, so that the figures do not hang on what else the machine does.
"""

import argparse
import platform
from pathlib import Path

import torch

from engine.learning.gradients import BATCH, MOMENTUM, RATE, compare_gradients
from engine.learning.vanishing import CANDIDATES, DEPTHS, GradientStep, GradientTrial, findings


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.vanishing", description=__doc__)
    parser.add_argument("projects", nargs="+", type=Path)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--depth", type=int, choices=DEPTHS, action="append")
    asked = parser.parse_args()
    print(f"{_processor()}, {torch.get_num_threads()} threads; SGD {RATE}, momentum {MOMENTUM}, batch {BATCH}")
    for project in asked.projects:
        for depth in asked.depth or DEPTHS:
            found = _run(project, depth, asked.steps)
            print(f"\n{project.stem}, {depth} layers, {asked.steps} steps\n")
            print(
                "| network | first layer | last convolution | ratio | loss first, last | ms a step |\n|---|---|---|---|---|---|"
            )
            for name, trial in found.items():
                print(_row(name, trial))
            print()
            for notice in findings(found, depth):
                print(f"- {notice.text}", flush=True)


def _run(project: Path, depth: int, steps: int) -> dict[str, GradientTrial]:
    work = compare_gradients(project, depth, seconds=0, steps=steps)
    while True:
        try:
            event = next(work)
        except StopIteration as stop:
            found: dict[str, GradientTrial] = stop.value
            return found
        if isinstance(event, GradientStep) and event.step % 20 == 0:
            print(f"  {event.candidate} {event.step}: loss {event.loss:.3f}", flush=True)


def _row(name: str, trial: GradientTrial) -> str:
    speed = trial.seconds / len(trial.losses) * 1000
    first, last = trial.norms[0], trial.norms[-2]
    return f"| {CANDIDATES[name].title} | {first:.1e} | {last:.1e} | {trial.ratio:.1e} | {trial.start:.2f}, {trial.end:.2f} | {speed:.0f} |"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()

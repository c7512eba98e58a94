"""The built-in demo: phantom patients as a project, and the whole loop on it without the window."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import platformdirs
from numpy.typing import NDArray

from app.cli.data import write_png
from app.cli.output import Output, printable
from app.cli.running import run_training
from engine import atomic
from engine.config import PredictConfig, TrainConfig
from engine.formats.names import safe_name
from engine.formats.targets import check_targets
from engine.imaging.geometry import as_displayed
from engine.imaging.read import read_image
from engine.imaging.windows import displayed_slice
from engine.labels.classes import make_classes
from engine.labels.edit import Labels
from engine.phantom import CLASSES, write_demo
from engine.progress import Progress, Work
from engine.project.importing import ImportPlan, import_images
from engine.project.items import Item
from engine.project.project import Project
from engine.project.runs import Run
from engine.project.splits import divide
from engine.project.store import FILE
from engine.scoring.metrics import to_json
from engine.scoring.render import overlay
from engine.scoring.report import segmentation_table
from engine.scoring.voxels import most_informative_slice

_RATIOS = (5 / 8, 1 / 8, 2 / 8)
_SEED = 1
_ENLARGED = 2  # how much larger than the scan the pictures are
_BAND = 34  # pixels above a picture, for its name


@dataclass(frozen=True)
class DemoResult:
    """The scores as `evaluate --json` prints them, with the project, the run and the pictures; and all that as text."""

    value: dict[str, Any]
    text: str


def make_demo(out: Path | None, output: Output) -> Path:
    """The demo project, made where it is not there yet; its folder. `out` None is a place among the user's data."""
    return output.run(making_demo(out))


def making_demo(out: Path | None, patients: int = 8, slices: int = 12, side: int = 256) -> Work[Path]:
    """Write the phantoms below OUT/images and bring them into OUT/demo.contorno, split by patient. What is there stays."""
    folder = (out or platformdirs.user_data_path("contorno", appauthor=False) / "demo").absolute()
    atomic.make_folder(folder)
    written = yield from write_demo(folder, patients, slices, side)
    path = folder / "demo.contorno"
    if (path / FILE).exists():
        # It may be open in the window: it is opened for writing only where something is missing.
        with Project.open(path, write=False) as project:
            if project.items.count() >= len(written):
                return path
        project = Project.open(path)
    else:
        project = Project.create(path, "multiclass", make_classes([(name, "") for name in CLASSES]))
    with project:
        series = tuple(one.series[0].parent for one in written)
        yield from import_images(project, ImportPlan(series, masks=folder / "masks"))
        splits = divide(project.items.all(), _RATIOS, _SEED)
        project.items.set_splits(splits)
        for id, split in splits.items():
            project.items.set_state(id, "todo" if split == "test" else "done")
    return path


def run_demo(out: Path | None, minutes: float, output: Output) -> DemoResult:
    """Make the project, train for so many minutes by the Auto recipe, predict the test patients, score them, draw them."""
    # Small pictures and many small steps: so a minute and a half on two cores is enough for aorta and lesions too.
    return run_loop(make_demo(out, output), TrainConfig(minutes=minutes, size=192, batch=2), output)


def run_loop(path: Path, config: TrainConfig, output: Output) -> DemoResult:
    """The loop on a project of masks: train, predict the test set, score it, and draw it into pictures/ beside the project."""
    from engine.learning.evaluate import evaluate
    from engine.learning.predict import predict_items

    with Project.open(path) as project:
        run = project.runs.add(config)
        outcome = run_training(project, run, config, output)
        output.say(f"{run.name}: {outcome.epochs} epochs in {outcome.seconds:.0f} s")
        items = project.items.all("test")
        work = predict_items(path, run.name, [item.id for item in items], PredictConfig())
        output.run(work, lambda event: project.keep_prediction(run, event))
        scores = output.run(evaluate(path, run.name, "test"))
        project.runs.keep_test_reading(run, scores.n, scores.mean_dice)
        files = output.run(_drawing(project, run, items, path.parent / "pictures"))
    shown = [printable(str(file)) for file in files]
    value = {**to_json(scores), "project": printable(str(path)), "run": run.name, "pictures": shown}
    return DemoResult(value, "\n".join([*shown, "", segmentation_table(scores)]))


def _drawing(project: Project, run: Run, items: list[Item], folder: Path) -> Work[list[Path]]:
    """A picture of each item's most telling slice: scan, mask and prediction side by side."""
    atomic.make_folder(folder)
    colors, files = [c.color for c in project.classes], []
    for number, item in enumerate(items):
        yield Progress(number, len(items), item.name)
        mask, prediction = project.layers.mask(item.id), project.layers.prediction(item.id, run.id)
        if mask is None or prediction is None:
            continue
        truth, said = (project.layers.read(layer, item.shape) for layer in (mask, prediction))
        image = read_image(item.present())
        z = most_informative_slice(truth, len(colors))
        masks = [np.ascontiguousarray(as_displayed(labels[z], image.geometry)) for labels in (truth, said)]
        files.append(folder / f"{safe_name(item.name)}.png")
        check_targets(files[-1:], overwrite=True)
        write_png(files[-1], side_by_side(displayed_slice(image, z), masks[0], masks[1], colors))
    return files


def side_by_side(scan: NDArray[np.uint8], truth: Labels, said: Labels, colors: list[str]) -> NDArray[np.uint8]:
    """Scan (h, w), reference and prediction as one RGB picture, enlarged and named."""
    size = (scan.shape[1] * _ENLARGED, scan.shape[0] * _ENLARGED)
    large = np.asarray(cv2.resize(scan, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    plain = np.repeat(large[..., None], 3, axis=2)
    drawn = [
        plain,
        *(overlay(large, _enlarged(labels, size, len(colors)), colors, fill=0.3) for labels in (truth, said)),
    ]
    named = [_named(picture, name) for picture, name in zip(drawn, ("scan", "reference", "prediction"), strict=True)]
    return np.hstack(named)


def _enlarged(labels: Labels, size: tuple[int, int], classes: int) -> Labels:
    """Labels at another size with smooth borders: the class that has most of a pixel."""
    shares = [
        cv2.resize((labels == value).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
        for value in range(classes + 1)
    ]
    result: Labels = np.argmax(shares, axis=0).astype(np.uint8)
    return result


def _named(picture: NDArray[np.uint8], name: str) -> NDArray[np.uint8]:
    band = np.zeros((_BAND, picture.shape[1], 3), np.uint8)
    cv2.putText(band, name, (12, _BAND - 11), cv2.FONT_HERSHEY_DUPLEX, 0.6, (214, 219, 226), 1, cv2.LINE_AA)
    return np.vstack([band, picture])

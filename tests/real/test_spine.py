"""The whole spine through the command line on real data, shorter than a user would train, with floors that leave room for a slow machine."""

import csv
import json
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from PIL import Image

from app.cli import main


def contorno(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    """What a command printed as JSON; it must succeed."""
    assert main([*map(str, words), "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def few(folder: Path, target: Path, count: int) -> list[str]:
    """Links to `count` images of a folder, evenly chosen; their stems."""
    target.mkdir()
    files = sorted(folder.iterdir())
    for file in files[:: len(files) // count][:count]:
        (target / file.name).symlink_to(file)
    return [p.stem for p in sorted(target.iterdir())]


@pytest.mark.parametrize(
    ("name", "task", "classes", "values", "floor"),
    [
        ("cxr_lungs_shenzhen", "binary", "lung", "0=background,255=lung", 0.85),
        ("wbc_jtsc", "multiclass", "cytoplasm,nucleus", "0=background,1=cytoplasm,2=nucleus", 0.80),
    ],
)
def test_from_images_to_exported_predictions(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    task: str,
    classes: str,
    values: str,
    floor: float,
) -> None:
    source, project = data / name, tmp_path / "p.contorno"
    stems = few(source / "images", tmp_path / "images", 60)
    contorno(capsys, "new", project, "--task", task, "--classes", classes)
    took = contorno(capsys, "import", project, tmp_path / "images", "--masks", source / "masks", "--values", values)
    assert took == {"added": 60, "refused": [], "notes": []}
    table = tmp_path / "split.csv"
    with table.open("w", newline="") as file:
        csv.writer(file).writerows(
            [("item", "split"), *((s, ("train", "train", "train", "val", "test")[i % 5]) for i, s in enumerate(stems))]
        )
    assert contorno(capsys, "split", project, "--from", table) == {"train": 36, "val": 12, "test": 12}
    run = contorno(capsys, "train", project, "--epochs", 8, "--device", "cpu", "--set", "size=96", "--set", "batch=4")
    assert run["epochs"] == 8
    contorno(capsys, "predict", project, "--run", run["run"], "--split", "test")
    said = contorno(capsys, "evaluate", project, "--run", run["run"], "--split", "test")
    contorno(capsys, "export", project, "--layer", run["run"], "--split", "test", tmp_path / "out")
    compared = contorno(capsys, "evaluate", project, "--run", run["run"], "--split", "test")
    assert said == compared
    assert said["n"] == 12
    assert said["mean_dice"] > floor
    numbers = [int(v.split("=")[0]) for v in values.split(",")]
    per_class: dict[int, list[float]] = {c: [] for c in range(1, len(numbers))}
    for stem in stems[4::5]:
        truth = np.array(Image.open(source / "masks" / f"{stem}.png"))
        found = np.array(Image.open(tmp_path / "out" / f"{stem}.png"))
        for c, dice in per_class.items():
            a, b = truth == numbers[c], found == c
            if a.any() or b.any():
                dice.append(2 * (a & b).sum() / (a.sum() + b.sum()))
    assert np.mean([np.mean(d) for d in per_class.values()]) == pytest.approx(said["mean_dice"], abs=1e-6)


def test_every_labelled_voxel_of_a_ct_is_at_its_millimetre(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, project = data / "ct_totalseg_dicom", tmp_path / "p.contorno"
    values = {1: "spleen", 5: "liver", 6: "stomach", 52: "aorta"}
    contorno(capsys, "new", project, "--classes", ",".join(values.values()))
    said = ",".join(f"{v}={n}" for v, n in values.items())
    words = ("--masks", source / "seg.nii.gz", "--values", f"0=background,{said}", "--others", "background")
    assert contorno(capsys, "import", project, source / "dicom", *words)["added"] == 1
    (file,) = contorno(capsys, "export", project, "--format", "nifti", tmp_path / "out")["files"]
    truth, found = nibabel.load(source / "seg.nii.gz"), nibabel.load(file)
    wanted = np.zeros(truth.shape, int)
    for place, value in enumerate(values, 1):
        wanted[np.asarray(truth.dataobj) == value] = place
    index = np.stack(np.nonzero(wanted))
    mm = truth.affine @ np.vstack([index, np.ones(index.shape[1])])
    back = (np.linalg.inv(found.affine) @ mm)[:3]
    assert np.abs(back - np.rint(back)).max() < 0.01
    labels = np.asarray(found.dataobj).astype(int)
    assert (labels[tuple(np.rint(back).astype(int))] == wanted[tuple(index)]).all()
    assert np.count_nonzero(labels) == index.shape[1]


def test_inverted_masks_take_their_meaning_from_the_user(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, project = data / "em_isbi2012", tmp_path / "p.contorno"
    few(source / "images", tmp_path / "images", 3)
    contorno(capsys, "new", project, "--task", "binary", "--classes", "membrane")
    words = ("--masks", source / "masks", "--values", "0=membrane,255=background")
    assert contorno(capsys, "import", project, tmp_path / "images", *words)["added"] == 3
    files = contorno(capsys, "export", project, tmp_path / "out")["files"]
    share = np.mean([np.array(Image.open(f)).mean() for f in files])
    assert 0.15 < share < 0.3  # 22 % of the pixels are membrane


def test_pneumonia_by_lenet(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "p.contorno"
    contorno(capsys, "new", project, "--task", "classification", "--classes", "normal,pneumonia")
    took = contorno(capsys, "import", project, data / "pneumoniamnist" / "pneumoniamnist.npz")
    assert took["added"] == 4708 + 524 + 624
    run = contorno(capsys, "train", project, "--arch", "lenet5", "--minutes", 0.5, "--device", "cpu")
    contorno(capsys, "predict", project, "--run", run["run"], "--split", "test")
    said = contorno(capsys, "evaluate", project, "--run", run["run"], "--split", "test")
    assert said["n"] == 624
    assert sum(map(sum, said["confusion"])) == 624
    assert said["accuracy"] > 0.82
    assert said["auc"] > 0.92

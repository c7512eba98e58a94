"""Twins among real images: copies are found, and nobody is taken for another."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from engine.project.splits import keep_twins


@pytest.mark.parametrize(
    ("name", "identical"),
    [("wbc_jtsc", [{"112", "139"}]), ("cxr_lungs_shenzhen", []), ("spine_mri_20", []), ("em_isbi2012", [])],
)
def test_copies_alone_are_twins(data: Path, tmp_path: Path, name: str, identical: list[set[str]]) -> None:
    images = sorted((data / name / "images").iterdir())
    copied = images[1 :: max(1, len(images) // 8)][:8]
    for number, file in enumerate(copied):
        pixels = cv2.imdecode(np.frombuffer(file.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
        assert pixels is not None
        noise = np.random.default_rng(number).integers(-1, 2, pixels.shape)
        noisy = np.clip(pixels.astype(int) + noise, 0, 255).astype(np.uint8)
        shown, ending = (noisy, ".png") if number % 2 else (pixels.astype(np.uint8), ".jpg")
        encoded = cv2.imencode(ending, shown, [cv2.IMWRITE_JPEG_QUALITY, 85] if ending == ".jpg" else [])[1]
        (tmp_path / f"copy of {file.stem}{ending}").write_bytes(encoded.tobytes())
    with Project.create(tmp_path / "x.contorno", "binary", parse_classes("a")) as project:
        result_of(import_images(project, ImportPlan((*images, *tmp_path.glob("copy of *")))))
        names = {item.id: item.name for item in project.items.all()}
        found = [{names[id] for id in group} for group in result_of(keep_twins(project))]
    copies = [{file.stem, f"copy of {file.stem}"} for file in copied]
    assert sorted(map(sorted, found)) == sorted(map(sorted, [*copies, *identical]))

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.imaging.image import Source
from engine.labels.classes import parse_classes
from engine.project.items import Item, content_hash
from engine.project.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "scans", "multiclass", parse_classes("lung,heart")) as made:
        yield made


@pytest.fixture
def make_item(tmp_path: Path) -> Callable[..., Item]:
    """Items of files with some bytes in them; nobody decodes these."""

    def make(name: str = "a", folder: str = "images", content: bytes = b"", **more: object) -> Item:
        file = tmp_path / folder / f"{name}.png"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content or name.encode())
        values: dict[str, object] = {
            "id": 0,
            "name": name,
            "source": Source((str(file),), "raster"),
            "hash": content_hash((str(file),)),
            "shape": (1, 40, 60),
            "spacing": (1.0, 0.5, 0.5),
            "color": False,
            "modality": "",
            "patient": "",
        }
        return Item(**(values | more))  # type: ignore[arg-type]

    return make

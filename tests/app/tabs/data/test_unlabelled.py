"""What nobody labelled, when masks come in by the window: a mask value or a category can mean it, and it is no class."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox

from engine.formats.export import export
from engine.labels.classes import UNLABELLED, UNLABELLED_COLOR, parse_classes
from engine.labels.edit import Labels
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.tabs.data.test_tab import Hands, new, noise, write
from tests.app.tabs.data.test_tab import hands as hands

MASK = np.zeros((40, 50), np.uint8)
MASK[5:15, 5:15], MASK[20:30, 20:40], MASK[10:12] = 1, 2, 255


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    """A picture with a mask in which 255 is what nobody labelled."""
    write(tmp_path / "in" / "images" / "a.png", noise(1))
    write(tmp_path / "in" / "masks" / "a.png", MASK)
    return tmp_path / "in"


def stored(project: Project) -> Labels:
    (item,) = project.items.all()
    layer = project.layers.mask(item.id)
    assert layer is not None
    labels: Labels = project.layers.read(layer, item.shape)[0]
    return labels


def offered(hands: Hands, name: str) -> list[str]:
    combo = hands.tab.findChild(QComboBox, name)
    assert isinstance(combo, QComboBox)
    return [combo.itemText(at) for at in range(combo.count())]


def test_a_value_can_mean_what_nobody_labelled(hands: Hands, tmp_path: Path, roads: Path) -> None:
    project = new(hands, tmp_path, "multiclass", "road,car")
    hands.tab.contents.begin_import([roads / "images"])
    hands.ready()
    assert hands.combo("masks.value.255") == "Choose a class" and not hands.button("import.add").isEnabled()
    hands.choose("masks.value.255", "Unlabelled")
    values = hands.tab.contents.step._values
    assert values.preview._colors[255] == UNLABELLED_COLOR and values.unsaid() == []
    values._pointed(255)
    assert values.preview._words == "255 · Unlabelled"
    hands.add()
    assert np.array_equal(stored(project), MASK)
    assert [one.name for one in project.classes] == ["road", "car"]
    hands.looked()


def test_an_export_of_our_own_says_it_and_comes_back(hands: Hands, tmp_path: Path, roads: Path) -> None:
    with Project.create(tmp_path / "mine", "multiclass", parse_classes("road,car")) as other:
        meanings = {0: "background", 1: "road", 2: "car", 255: "unlabelled"}
        result_of(import_images(other, ImportPlan((roads / "images",), roads / "masks", values=meanings)))
        result_of(export(other, "png", tmp_path / "out"))
    project = new(hands, tmp_path, "multiclass", "road,car")
    hands.tab.contents.begin_import([roads / "images"])
    hands.ready()
    hands.tab.contents.step._use_masks((tmp_path / "out",))
    hands.ready()
    assert [hands.combo(f"masks.value.{v}") for v in (0, 1, 2, 255)] == ["Background", "road", "car", "Unlabelled"]
    hands.add()
    assert np.array_equal(stored(project), MASK)
    hands.looked()


@pytest.mark.parametrize("typed", ["unlabelled", " Unlabelled "])
def test_its_name_makes_no_class(
    hands: Hands, tmp_path: Path, roads: Path, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = new(hands, tmp_path, "multiclass", "road,car")
    hands.tab.contents.begin_import([roads / "images"])
    hands.ready()
    monkeypatch.setattr("app.tabs.data.values.QInputDialog.getText", lambda *_: (typed, True))
    hands.choose("masks.value.255", "New class…")
    assert hands.combo("masks.value.255") == "Unlabelled" and len(project.classes) == 2
    hands.click("import.cancel")


def test_it_covers_nothing_and_stays_when_the_masks_are_turned_round(hands: Hands, tmp_path: Path) -> None:
    """Three quarters are void, and a third of the rest is lung."""
    mask = np.full((40, 50), 255, np.uint8)
    mask[:10], mask[:3] = 0, 1
    write(tmp_path / "in" / "images" / "a.png", noise(1))
    write(tmp_path / "in" / "masks" / "a.png", mask)
    project = new(hands, tmp_path, "binary", "lung")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    hands.choose("masks.value.255", "Unlabelled")
    hands.choose("masks.value.1", "lung")
    assert hands.text("masks.hint.text") == ""
    hands.choose("masks.value.0", "lung")
    assert "lung would cover 100 % of the pixels" in hands.text("masks.hint.text").replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )
    hands.choose("masks.value.1", "Background")
    hands.click("masks.swap")
    assert [hands.combo(f"masks.value.{v}") for v in (0, 1, 255)] == ["Background", "lung", "Unlabelled"]
    hands.add()
    assert np.array_equal(stored(project), mask)
    hands.looked()


def test_a_category_of_a_coco_file_can_mean_it(hands: Hands, tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.png", noise(1))
    shapes = [
        {"image_id": 1, "category_id": id, "segmentation": [[at, 5, at + 10, 5, at + 10, 20, at, 20]]}
        for id, at in ((1, 2), (2, 16), (3, 30))
    ]
    names = [{"id": id, "name": name} for id, name in enumerate(("cell", "void", "unlabelled"), 1)]
    listed = [{"id": 1, "file_name": "a.png", "height": 40, "width": 50}]
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "shapes.json").write_text(
        json.dumps({"images": listed, "annotations": shapes, "categories": names})
    )
    project = new(hands, tmp_path, "multiclass", "cell,dirt")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    hands.click("masks.beside")
    hands.ready()
    assert hands.combo("masks.value.unlabelled") == "Unlabelled" and hands.combo("masks.value.void") == "Choose a class"
    hands.choose("masks.value.void", "Unlabelled")
    hands.add()
    assert [stored(project)[10, x] for x in (5, 20, 35, 45)] == [1, UNLABELLED, UNLABELLED, 0]
    hands.looked()


def test_objects_are_of_a_class(hands: Hands, tmp_path: Path) -> None:
    ids = np.zeros((40, 50), np.uint16)
    ids[5:15, 5:15], ids[20:30, 5:15] = 1, 700
    for kind, values in (("images", (ids > 0).astype(np.uint8) * 99), ("masks", ids)):
        (tmp_path / "in" / kind).mkdir(parents=True)
        (tmp_path / "in" / kind / "a.png").write_bytes(cv2.imencode(".png", values)[1].tobytes())
    new(hands, tmp_path, "instance", "cell,dirt")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    assert "Unlabelled" not in offered(hands, "masks.value.Each object")
    hands.click("import.cancel")

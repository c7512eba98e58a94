"""Looking inside a network, in the window: pages, layers, before and after."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.classify.inside import InsidePanel
from app.tabs.parts.looking import AFTER, BEFORE, FILTERS, MAPS, NORM, RESIDUAL, TILES, LookingDialog
from app.tabs.scan.look import look_key, write_look
from app.tabs.scan.view import ScanView
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.learning.feature_maps import look_inside
from engine.network_options import UntrainedNetwork
from engine.phantom import CHEST_CLASSES, write_chests
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from engine.project.runs import Run
from widgets.slice_view import Look

_LONG = 120_000  # ms: a busy machine is no fault
_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def run(qtbot: QtBot, context: AppContext, tmp_path: Path) -> Run:
    """An open project of films, with a run of a ResNet-20 whose weights another seed drew."""
    import torch

    from engine.imaging.intensity import Intensity
    from engine.learning import bundle
    from engine.learning.bundle import ModelCard

    result_of(write_chests(tmp_path / "films", films=4, side=48))
    with Project.create(
        tmp_path / "chest.contorno", "classification", parse_classes(",".join(CHEST_CLASSES))
    ) as project:
        result_of(import_images(project, ImportPlan((tmp_path / "films",))))
        card = ModelCard(
            "classification", "resnet20", "", 1, tuple((name, "") for name in CHEST_CLASSES), Intensity("bytes"), 32
        )
        made = project.runs.add(TrainConfig(arch="resnet20", weights="none", seed=1), "twenty")
        torch.manual_seed(2)
        bundle.save(made.bundle, card, bundle.build(card).state_dict())
        made = project.runs.update(made, "finished")
    context.session.open_project(tmp_path / "chest.contorno")
    return made


def opened(qtbot: QtBot, context: AppContext, subject: int | UntrainedNetwork) -> LookingDialog:
    item = context.session.items()[0]
    dialog = LookingDialog(context, subject, "ResNet-20", item, parent=context.commands.parent())  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.grid.images()) and bool(dialog.grid.images()[0]), timeout=_LONG)
    return dialog


def told(dialog: LookingDialog) -> str:
    label = dialog.findChild(QLabel, "looking.told")
    assert label is not None
    return label.text()


def test_maps_filters_blocks_and_normalisations_are_shown(qtbot: QtBot, context: AppContext, run: Run) -> None:
    dialog = opened(qtbot, context, run.id)
    assert len(dialog.grid.images()[0]) == 16 and "16 of 16 maps of 32×32" in told(dialog)
    after = dialog.grid.images()[0][0]
    QTest.mouseClick(dialog.when.button(BEFORE), _LEFT)
    assert dialog.grid.images()[0][0] != after, "the seed's own weights make other maps"
    QTest.mouseClick(dialog.when.button(AFTER), _LEFT)
    assert dialog.grid.images()[0][0] == after
    QTest.mouseClick(dialog.page.button(FILTERS), _LEFT)
    assert "16 filters of 3×3" in told(dialog) and not dialog.layer.isEnabled()
    QTest.mouseClick(dialog.page.button(RESIDUAL), _LEFT)
    assert "Stage 1, block 1, all on one scale" in told(dialog) and len(dialog.grid.images()) == 3
    assert "F′(x) + 1" in told(dialog), "why residuals work"
    QTest.mouseClick(dialog.page.button(NORM), _LEFT)
    assert dialog.plot.isVisible() and not dialog.grid.isVisible()
    assert told(dialog).startswith("Stem: batch normalisation, for each map: (x")
    assert "before: mean" in dialog.plot.accessibleDescription() and len(dialog.plot.table()) == 49
    assert "Nothing changes here yet" in told(dialog), "no step was trained: μ = 0 and σ = 1"


def test_another_layer_is_asked_for_once(qtbot: QtBot, context: AppContext, run: Run) -> None:
    dialog = opened(qtbot, context, run.id)
    dialog.layer.setFocus()
    at = dialog.layer.findData("layer3.2")
    assert at > 0 and dialog.layer.itemText(at) == "Stage 3, block 3: residual block · 8×8×64"
    assert dialog.layer.itemText(0) == "Stem: convolution 3×3 · 32×32×16"
    assert dialog.layer.itemData(at, Qt.ItemDataRole.ToolTipRole) == "layer3.2", "its name in the code"
    dialog.layer.setCurrentIndex(at)
    dialog.layer.activated.emit(at)
    qtbot.waitUntil(lambda: "of 64 maps of 8×8" in told(dialog), timeout=_LONG)
    QTest.mouseClick(dialog.page.button(RESIDUAL), _LEFT)
    assert "Stage 3, block 3, all" in told(dialog)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)
    QTest.mouseClick(dialog.page.button(MAPS), _LEFT)
    dialog.layer.setCurrentIndex(0)
    dialog.layer.activated.emit(0)
    assert not context.jobs.busy and "of 16 maps" in told(dialog), "what is known is shown at once"


def test_a_layer_that_comes_late_is_not_shown_in_the_place_of_another(
    qtbot: QtBot, context: AppContext, run: Run
) -> None:
    dialog = opened(qtbot, context, run.id)
    for at in (dialog.layer.findData("layer3.2"), 0):
        dialog.layer.setCurrentIndex(at)
        dialog.layer.activated.emit(at)
    qtbot.waitUntil(lambda: not context.jobs.busy)
    assert dialog.layer.currentIndex() == 0 and "of 16 maps" in told(dialog)
    assert "looking" not in state(dialog)


def test_a_fault_is_said_as_long_as_it_is_one(qtbot: QtBot, context: AppContext, run: Run) -> None:
    dialog = opened(qtbot, context, run.id)
    network, at = run.bundle.read_bytes(), dialog.layer.findData("layer3.2")
    run.bundle.write_bytes(b"damaged")
    dialog.layer.setCurrentIndex(at)
    dialog.layer.activated.emit(at)
    qtbot.waitUntil(lambda: "looking" not in state(dialog))
    label = dialog.findChild(QLabel, "looking.state")
    assert label is not None and label.property("role") == "bad"
    run.bundle.write_bytes(network)
    dialog.layer.activated.emit(at)
    assert label.property("role") == "dim"
    qtbot.waitUntil(lambda: "of 64 maps of 8×8" in told(dialog))
    assert label.property("role") == "dim"


def test_a_network_that_is_not_trained_says_so(qtbot: QtBot, context: AppContext, run: Run) -> None:
    dialog = opened(qtbot, context, UntrainedNetwork("classification", "mlp", "", 1, 3, 28, seed=4))
    assert dialog.when.isHidden() and dialog.layer.isHidden() and dialog.page.current() == FILTERS
    assert "64 filters of 28×28" in told(dialog)
    assert "seed 4" in dialog._notes.text()
    QTest.mouseClick(dialog.page.button(RESIDUAL), _LEFT)
    assert "no residual blocks" in told(dialog)
    QTest.mouseClick(dialog.page.button(NORM), _LEFT)
    assert "no batch normalisation" in told(dialog) and not dialog.plot.isVisible()


def state(dialog: LookingDialog) -> str:
    label = dialog.findChild(QLabel, "looking.state")
    assert label is not None
    return label.text()


def test_of_a_volume_the_slice_on_the_screen_is_seen(qtbot: QtBot, context: AppContext, volumes: Path) -> None:
    window = context.commands.parent()
    assert isinstance(window, QMainWindow)
    scan = ScanView(context, "label")
    window.setCentralWidget(scan)
    with qtbot.waitExposed(window):
        window.show()
    context.session.open_project(volumes)
    subject = UntrainedNetwork("segmentation", "unet", "", 1, 2, 0, {"width": 4})
    item = context.session.items()[0]
    context.session.current.open(item.id)
    qtbot.waitUntil(lambda: scan.canvas.image is not None and context.session.current.image is not None)
    scan.canvas.set_slice(4)
    scan.hide()  # as when another tab comes to the front
    dialog = opened(qtbot, context, subject)
    assert "slice 5 of 24" in state(dialog)
    shown = dialog._known[dialog._wanted].picture
    assert np.array_equal(shown, result_of(look_inside(volumes, subject, item.id, 4)).picture)
    assert not np.array_equal(shown, result_of(look_inside(volumes, subject, item.id)).picture)
    dialog.accept()
    other = context.session.items()[1]
    dialog = LookingDialog(context, subject, "U-Net", other, window)
    qtbot.waitUntil(lambda: bool(dialog.grid.images()), timeout=_LONG)
    assert "slice 13 of 24" in state(dialog), "the middle one, of an item that nobody looked at"
    dialog.accept()


def test_a_classifier_is_shown_the_slice_that_it_is_fed(
    qtbot: QtBot, context: AppContext, volumes: Path, tmp_path: Path
) -> None:
    with Project.create(tmp_path / "sorted.contorno", "classification", parse_classes("a,b")) as project:
        result_of(import_images(project, ImportPlan((volumes.parent / "volumes",))))
        item = project.items.all()[0]
        project.set_note(look_key(item), write_look(Look(index=3)))
    context.session.open_project(tmp_path / "sorted.contorno")
    dialog = opened(qtbot, context, UntrainedNetwork("classification", "resnet20", "", 1, 2, 32))
    assert "slice 13 of 24" in state(dialog)
    dialog.accept()


def test_an_unpadded_network_shows_its_tiles(qtbot: QtBot, context: AppContext, run: Run) -> None:
    unpadded = UntrainedNetwork("segmentation", "unet", "", 1, 1, 400, {"width": 4, "padding": "valid"})
    dialog = opened(qtbot, context, unpadded)
    assert "slice" not in state(dialog), "a film has one"
    QTest.mouseClick(dialog.page.button(TILES), _LEFT)
    assert dialog.tiles.isVisible() and not dialog.layer.isEnabled()
    assert "a tile sees 572×572 (blue) and gives the mask of 388×388 (orange)" in told(dialog)
    assert "4 tiles" in told(dialog) and dialog.tiles.current == 0
    second = dialog.tiles.given_area(1).center()
    QTest.mouseClick(dialog.tiles, _LEFT, pos=second.toPoint())
    assert dialog.tiles.current == 1
    QTest.keyClick(dialog.tiles, Qt.Key.Key_Down)
    assert dialog.tiles.current == 3 and dialog.tiles.accessibleDescription() == "Tile 4 of 4, from row 385, column 385"
    QTest.mouseClick(dialog.page.button(MAPS), _LEFT)
    assert dialog.grid.isVisible() and "maps" in told(dialog)


def test_a_padded_network_has_no_tiles(qtbot: QtBot, context: AppContext, run: Run) -> None:
    dialog = opened(qtbot, context, UntrainedNetwork("segmentation", "unet", "", 1, 1, 48, {"width": 4}))
    assert dialog.page.findChild(QPushButton, f"looking.page.{TILES}") is None


def test_closing_gives_up_the_work(qtbot: QtBot, context: AppContext, run: Run) -> None:
    item = context.session.items()[0]
    dialog = LookingDialog(context, run.id, "ResNet-20", item)
    dialog.accept()
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)
    assert not dialog.grid.images()


def test_the_drawing_opens_it(qtbot: QtBot, context: AppContext, run: Run) -> None:
    panel = InsidePanel(context)
    qtbot.addWidget(panel)
    panel.show_network("resnet20", run)
    qtbot.waitUntil(lambda: bool(panel.drawing.names), timeout=_LONG)
    button = panel.findChild(QPushButton, "classify.look_inside")
    assert button is not None
    QTest.mouseClick(button, _LEFT)
    dialog = panel.window().findChild(LookingDialog)
    assert dialog is not None and dialog._subject == run.id
    qtbot.waitUntil(lambda: bool(dialog.grid.images()), timeout=_LONG)
    dialog.accept()


def test_what_the_network_pads_is_said(qtbot: QtBot, context: AppContext, run: Run) -> None:
    """A U-Net halves its maps four times: 56 px are no multiple of 16."""
    dialog = opened(qtbot, context, UntrainedNetwork("segmentation", "unet", "", 1, 2, 56, {"width": 4}))
    assert state(dialog).endswith("as the network is fed it: 56×56, which it pads to 64×64")
    assert "4 of 4 maps of 64×64" in told(dialog)
    dialog = opened(qtbot, context, run.id)
    assert state(dialog).endswith("as the network is fed it: 32×32")

"""What a run found in a project of objects: laid over and taken over object by object."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.services import mask_changes
from app.shell.window import MainWindow
from app.tabs.label.tab import LabelTab
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.labels.instances import Instances
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project

PATIENCE = 60_000
IDS = np.zeros((1, 40, 50), np.uint16)
IDS[0, 5:15, 5:15], IDS[0, 5:15, 15:25], IDS[0, 25:35, 30:40] = 3, 7, 9  # the first two touch
FOUND = Instances.of((IDS > 0).astype(np.uint8), IDS)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A picture without a mask, in which a run found three cells."""
    (tmp_path / "cells.png").write_bytes(cv2.imencode(".png", np.zeros((40, 50), np.uint8))[1].tobytes())
    with Project.create(tmp_path / "cells.contorno", "instance", parse_classes("cell")) as made:
        for _ in import_images(made, ImportPlan((tmp_path / "cells.png",))):
            pass
        (item,) = made.items.all()
        run = made.runs.add(TrainConfig(), "mine")
        made.layers.replace(made.layers.make(item.id, "prediction", run.id), pack(FOUND.class_map(), FOUND.ids))
        made.runs.update(run, "finished")
        path = made.path
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([path])
    window.context.session.predictions.use_run(run)
    return window


@pytest.mark.parametrize("at_once", [True, False])
def test_they_are_laid_over_and_taken_over_one_by_one(
    qtbot: QtBot, opened: MainWindow, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened.context.session
    predictions, current = session.predictions, session.current
    assert predictions.ids is not None and np.array_equal(predictions.ids, IDS)
    opened.show_tab("label")
    tab = opened.tab("label")
    assert isinstance(tab, LabelTab)
    overlay = tab.scan.overlay
    qtbot.waitUntil(lambda: any(each.name == "prediction" for each in overlay.layers), timeout=PATIENCE)
    assert next(each for each in overlay.layers if each.name == "prediction").ids is predictions.ids
    if not at_once:
        monkeypatch.setattr("app.services.item_session.AT_ONCE", 0)
        assert mask_changes.AT_ONCE
    opened.context.commands["use_prediction"].trigger()
    qtbot.waitUntil(lambda: not current.changing and not session.jobs.busy, timeout=PATIENCE)
    assert current.mask is not None and current.mask.ids is not None and current.mask.objects is not None
    assert np.array_equal(current.mask.ids, IDS) and current.mask.objects.present == (3, 7, 9)
    current.undo()
    qtbot.waitUntil(lambda: not current.changing and not session.jobs.busy, timeout=PATIENCE)
    assert not current.mask.ids.any() and not current.mask.labels.any()

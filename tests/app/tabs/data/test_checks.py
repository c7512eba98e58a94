"""What is looked at again when the data change."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.data.checks import ChecksPanel, DataChecks
from engine.formats import png
from engine.labels.classes import LabelClass
from engine.labels.edit import Labels
from engine.labels.mask import Brush
from engine.project import layers
from engine.project.checks import Finding
from engine.project.codec import decode_labels
from engine.project.importing import Division, ImportPlan

PATIENCE = 20_000


def test_only_masks_that_changed_are_read_again(
    qtbot: QtBot, context: AppContext, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[int] = []

    def decode(data: bytes, shape: tuple[int, ...]) -> Labels:
        decoded.append(1)
        return decode_labels(data, shape)

    monkeypatch.setattr(layers, "decode_labels", decode)
    session = context.session
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        session.open_project(project)
    checks = DataChecks(context)

    def look() -> int:
        """How many masks are read for it."""
        decoded.clear()
        checks.look()
        qtbot.waitUntil(lambda: not checks.looking, timeout=PATIENCE)
        return len(decoded)

    assert look() == 6 and set(checks.held[1]) == {0, 1, 2}
    session.assignments.set_splits({1: "test", 2: "val"})
    assert look() == 0 and checks.findings is not None
    assert session.current.mask is not None
    stroke = session.current.mask.begin("Brush")
    stroke.line("axial", 0, (0, 0), (60, 60), Brush.round(200), 2)
    session.current.stroke_done(stroke.end())
    assert look() == 1 and set(checks.held[1]) == {2}
    images, masks = project.parent / "more", project.parent / "more masks"
    for folder, value in ((images, 90), (masks, 2)):
        folder.mkdir()
        png.write(folder / "x.png", np.full((20, 30), value, np.uint8))
    with qtbot.waitSignal(session.import_finished):
        session.import_images(ImportPlan((images,), masks, division=Division((70, 15, 15), 0)))
    assert look() == 0 and checks.held[7] == (2,), "the import has looked"


def test_a_mask_that_is_changed_after_its_item_was_left_is_read_again(
    qtbot: QtBot, context: AppContext, project: Path
) -> None:
    session = context.session
    with qtbot.waitSignal(session.current.image_changed):
        session.open_project(project)
    checks = DataChecks(context)
    checks.look()
    qtbot.waitUntil(lambda: not checks.looking)
    assert session.current.item is not None and session.current.mask is not None
    left, ones = session.current.item.id, np.ones_like(session.current.mask.labels)
    with qtbot.waitSignal(session.current.left_item_changed):
        session.current.change("one class", lambda mask: mask.replace_with("one class", ones))
        session.current.open(left + 1)
    qtbot.waitUntil(lambda: session.current.image is not None)
    checks.look()
    qtbot.waitUntil(lambda: not checks.looking)
    assert checks.held[left] == (1,)


def test_masks_are_read_again_when_a_class_is_gone(qtbot: QtBot, context: AppContext, project: Path) -> None:
    session = context.session
    with qtbot.waitSignal(session.current.image_changed):
        session.open_project(project)
    checks = DataChecks(context)

    def look() -> None:
        checks.look()
        qtbot.waitUntil(lambda: not checks.looking)

    look()
    assert set(checks.held[1]) == {0, 1, 2}
    with qtbot.waitSignal(session.class_removal_ended):
        session.remove_class(1)
    look()
    assert set(checks.held[1]) == {0, 1}, "the square, which was the second class"
    assert checks.findings is not None and not [one for one in checks.findings if one.kind == "values"]


def test_another_name_of_a_class_is_looked_at_without_reading_masks(
    qtbot: QtBot, context: AppContext, project: Path
) -> None:
    session = context.session
    with qtbot.waitSignal(session.current.image_changed):
        session.open_project(project)
    session.set_classes([*session.classes, LabelClass("ring", "#123456")])
    checks = DataChecks(context)

    def told() -> str:
        checks.look()
        qtbot.waitUntil(lambda: not checks.looking)
        return " ".join(str(one.values) for one in checks.findings or () if one.kind == "absent")

    assert "ring" in told()
    held = checks.held
    session.set_classes([*session.classes[:2], replace(session.classes[2], name="sphere")])
    assert "sphere" in told() and checks.held is held


def test_a_long_name_makes_the_column_no_wider(qtbot: QtBot) -> None:
    name = "pneumoniamnist_train_" + "0461" * 8
    panel = ChecksPanel()
    qtbot.addWidget(panel)
    panel.show_findings(
        [Finding("wrong", "twins", "Images differ by noise alone: {names}.", (1, 2), {"names": name})],
        {1: name, 2: name},
        writable=True,
    )
    panel.resize(300, 400)
    panel.show()
    assert panel.minimumSizeHint().width() <= 300
    (button,) = (each for each in panel.findChildren(QPushButton) if each.objectName().startswith("checks.fix"))
    assert button.mapTo(panel, button.rect().topRight()).x() < 300

"""The report of the run in use, from the menu."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.shell.window import MainWindow
from engine.config import TrainConfig
from engine.project.layers import pack
from engine.project.project import Project

PATIENCE = 60_000


def test_it_is_written_beside_the_window_and_said(
    qtbot: QtBot, window: MainWindow, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(project) as made:
        run = made.runs.add(TrainConfig(), "mine")
        for item in made.items.all():
            mask = made.layers.mask(item.id)
            assert mask is not None
            made.layers.replace(
                made.layers.make(item.id, "prediction", run.id), pack(made.layers.read(mask, item.shape))
            )
        made.runs.update(run, "finished")
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([project])
    command, session = window.context.commands["write_report"], window.context.session
    session.predictions.use_run(run)
    qtbot.waitUntil(command.isEnabled, timeout=PATIENCE)
    page = tmp_path / "said.html"
    monkeypatch.setattr("app.dialogs.run_report.QFileDialog.getSaveFileName", lambda *_: (str(page), ""))
    with qtbot.waitSignal(session.notification, timeout=PATIENCE) as heard:
        command.trigger()
    assert heard.args == [f"The report is in {page}.", "good"]
    assert "mine" in page.read_text() and page.with_suffix(".json").exists()

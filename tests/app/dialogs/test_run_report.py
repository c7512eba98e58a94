"""The report of the run in use, from the menu."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.dialogs.run_report import ask_report_file
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


@pytest.mark.parametrize(("typed", "there"), [("report", "report.html"), ("report.html", "report.json")])
def test_nothing_is_replaced_that_the_dialog_did_not_ask_about(
    qtbot: QtBot,
    window: MainWindow,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    there: str,
) -> None:
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([project])
    (tmp_path / there).write_text("of somebody")
    monkeypatch.setattr("app.dialogs.run_report.QFileDialog.getSaveFileName", lambda *_: (str(tmp_path / typed), ""))
    with qtbot.waitSignal(window.context.session.failed, timeout=PATIENCE) as heard:
        assert ask_report_file(window.context, "mine", window) is None
    assert f"{there} is there already" in str(heard.args[0])


def test_a_name_with_a_dot_keeps_it(
    window: MainWindow, qtbot: QtBot, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([project])
    typed = str(tmp_path / "lungs v1.2")
    monkeypatch.setattr("app.dialogs.run_report.QFileDialog.getSaveFileName", lambda *_: (typed, ""))
    assert ask_report_file(window.context, "mine", window) == tmp_path / "lungs v1.2.html"

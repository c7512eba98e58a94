"""What the program remembers of its user."""

import os
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from app.shell import settings
from app.shell.settings import Settings
from engine.config import option_of


def test_without_a_file_the_defaults_hold() -> None:
    assert settings.load() == Settings() and settings.recent_projects() == [] and settings.layout("window").isEmpty()
    assert settings.ui_state("tab", "data") == "data"


def test_every_choice_is_kept() -> None:
    wanted = Settings(language="es", theme="light", reader="Dr. Ñandú, R.", wheel_zooms=True, click_model="/models")
    assert all(getattr(wanted, f.name) != getattr(Settings(), f.name) for f in fields(Settings)), "a new one: test it"
    settings.save(wanted)
    assert settings.load() == wanted
    settings.save(Settings())
    assert settings.load() == Settings()


def test_every_choice_explains_itself() -> None:
    for item in fields(Settings):
        rule = option_of(item)
        assert rule is not None and rule.help


@pytest.mark.parametrize("word", ["klingon", "", "ES"])
def test_a_choice_that_there_is_not_falls_back(word: str) -> None:
    settings._store().setValue("user/language", word)
    settings._store().setValue("user/theme", word)
    found = settings.load()
    assert (found.language, found.theme) == ("system", "system")


def test_recent_projects_are_the_latest_first_and_still_there(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.contorno" for number in range(10)]
    for path in paths:
        path.mkdir()
        settings.remember_project(path)
    assert settings.recent_projects() == paths[:1:-1]
    settings.remember_project(paths[5])
    assert settings.recent_projects()[:2] == [paths[5], paths[9]] and len(settings.recent_projects()) == 8
    paths[9].rmdir()
    settings.set_gone(look())
    assert paths[9] not in settings.recent_projects() and len(settings.recent_projects()) == 7
    paths[9].mkdir()
    settings.set_gone(look())
    assert settings.recent_projects()[1] == paths[9], "its drive is back"
    paths[9].rmdir()
    settings.set_gone(look())
    settings.remember_project(paths[9])
    assert settings.recent_projects()[0] == paths[9], "whoever opens it knows best"


def look() -> frozenset[Path]:
    work = settings.looking()
    while True:
        try:
            next(work)
        except StopIteration as stop:
            found: frozenset[Path] = stop.value
            return found


def test_the_window_hears_of_other_choices() -> None:
    heard: list[Settings] = []

    def hear() -> None:
        heard.append(settings.load())

    settings.watch().changed.connect(hear)
    settings.save(Settings(wheel_zooms=True))
    settings.watch().changed.disconnect(hear)
    assert heard == [Settings(wheel_zooms=True)]


def test_a_recent_project_may_have_any_name(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9, \xc3\xb1; 1.contorno"))
    try:
        odd.mkdir()
    except OSError:
        pytest.skip("this file system takes no such name")
    settings.remember_project(odd)
    assert settings.recent_projects() == [odd]


def test_places_and_small_choices_are_kept_until_they_are_cleared() -> None:
    settings.remember_layout("window", QByteArray(b"somewhere"))
    settings.set_ui_state("tab", "review")
    settings.save(Settings(reader="me"))
    assert settings.layout("window") == QByteArray(b"somewhere") and settings.ui_state("tab") == "review"
    settings.clear()
    assert settings.layout("window").isEmpty() and settings.ui_state("tab") == "" and settings.load().reader == "me"


def test_a_slider_that_is_dragged_is_written_when_it_rests(qtbot: QtBot, home: Path) -> None:
    for step in range(50):
        settings.set_ui_state("opacity", str(step))
        assert settings.ui_state("opacity") == str(step)
    assert not list(home.rglob("contorno.ini")), "no step of it is written"
    qtbot.waitUntil(lambda: bool(list(home.rglob("contorno.ini"))), timeout=5000)
    (file,) = home.rglob("contorno.ini")
    assert "opacity=49" in file.read_text()


def test_what_has_not_been_written_is_written_at_the_end_or_forgotten(qtbot: QtBot, home: Path) -> None:
    settings.set_ui_state("tab", "review")
    settings.write_ui_state()
    (file,) = home.rglob("contorno.ini")
    assert "tab=review" in file.read_text()
    settings.set_ui_state("tab", "label")
    settings.clear()
    settings.write_ui_state()
    assert settings.ui_state("tab") == "" and "tab" not in file.read_text()


def test_a_damaged_file_does_no_harm(home: Path) -> None:
    settings.save(Settings(language="es"))
    (file,) = home.rglob("contorno.ini")
    file.write_bytes(b"\x00\xff[user\nlanguage")
    assert settings.load() == Settings() and settings.recent_projects() == []

"""The program in Spanish: nothing is left in English, nothing is too long for its place, and the language can be switched."""

import importlib.util
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import PySide6
import pytest
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QTreeView
from pytestqt.qtbot import QtBot

import resources
from app.dialogs.shortcuts import sections
from app.shell import i18n, settings
from engine import catalog
from engine.errors import EngineError
from engine.imaging.image import Window
from engine.progress import Notice
from widgets.corners import window_numbers
from widgets.figures import decimal, figure
from widgets.panels import PAD
from widgets.ratio_grid import RatioGrid
from widgets.text import tr

SHORT = 25
"""Texts below this many characters are labels; longer ones are sentences, which may wrap."""

LONG = {
    "Run": "a training and a run are one word in Spanish, and the column is wide enough for it",
    "Runs": "as Run",
    "run": "as Run",
    "Shear": "the lecture calls it corte transversal",
}
"""Labels whose Spanish may be longer than the rule, and why."""


def _tool() -> ModuleType:
    file = Path(__file__).parents[3] / "tools" / "i18n.py"
    spec = importlib.util.spec_from_file_location("i18n_tool", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()
SPANISH: dict[str, str] = {text: said for text, said in TOOL.translations().items() if said}


@pytest.fixture
def compiled() -> Path:
    """The translations beside their sources, as the build makes them; made anew where they are older than these."""
    lrelease = Path(PySide6.__file__).parent / ("lrelease.exe" if sys.platform == "win32" else "lrelease")
    for source in resources.path("i18n").glob("*.ts"):
        made = source.with_suffix(".qm")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            subprocess.run([lrelease, "-silent", source, "-qm", made], check=True)
    return resources.path("i18n/contorno_es.qm")


@pytest.fixture
def english(qapp: QApplication) -> Iterator[QApplication]:
    """The application, which speaks English again after the test."""
    yield qapp
    i18n.install("en")


def test_every_text_is_in_spanish_and_in_step_with_the_code() -> None:
    assert TOOL.faults(TOOL.translations()) == []


def test_what_the_table_of_networks_describes_is_a_text_of_the_program() -> None:
    said = {str(row.dataset) for row in catalog.ARCHITECTURES} | {str(row.use_cases) for row in catalog.ARCHITECTURES}
    described = {each for each in said if re.search(r" (in|of|and|for|with) ", each)}
    assert len(described) > 10 and described - set(TOOL.texts()) == set()


def test_spanish_is_filled_from_the_same_values_in_the_same_form() -> None:
    def places(text: str) -> list[tuple[str, str | None, str | None]]:
        return sorted((name, form, kind) for _, name, form, kind in string.Formatter().parse(text) if name)

    assert [text for text, said in SPANISH.items() if places(text) != places(said)] == []


def test_spanish_keeps_the_marks_that_say_something() -> None:
    """An ellipsis says that a dialog follows, a middle dot that another thing follows, an arrow what becomes of it."""
    lost = [
        text
        for text, said in SPANISH.items()
        for mark in "…·→×"
        if text.rstrip(" …").count(mark) != said.rstrip(" …").count(mark)
    ]
    assert lost == []
    assert [text for text, said in SPANISH.items() if text.endswith("…") != said.endswith("…")] == []


def test_spanish_labels_fit_where_the_english_ones_do() -> None:
    labels = {text: said for text, said in SPANISH.items() if len(text) < SHORT}
    long = {text for text, said in labels.items() if len(said) > 1.6 * len(text) + 6}
    assert long == LONG.keys()


def test_compiled_file_says_brush_in_spanish(qapp: QApplication, compiled: Path) -> None:
    translator = QTranslator()
    assert translator.load(str(compiled))
    assert translator.translate("contorno", "Brush") == "Pincel"
    assert all(translator.translate("contorno", text) == said for text, said in SPANISH.items())


def test_language_switches_both_ways(english: QApplication, compiled: Path) -> None:
    assert i18n.install("es") == "es"
    assert tr("Brush") == "Pincel"
    assert tr("{count} items", count=3) == "3 elementos"
    assert english.translate("QPlatformTheme", "Cancel") == "Cancelar", "Qt's own words are Spanish too"
    assert figure(0.75, 2) == "0,75" and decimal("0.85–1.20") == "0,85–1,20"
    assert (
        tr("The values from {low:.2f} on, {count} of them", low=0.25, count=3) == "The values from 0,25 on, 3 of them"
    )
    assert (
        tr("Dice {dice}", dice=np.float32(0.5)).endswith("0,5")
        and window_numbers(Window(-0.5, 1.5)) == "WW 1,5 · WL −0,5"
    )
    assert tr("Augment") == "Aumentación", "Aumentar would be to zoom in"
    assert i18n.install("en") == "en"
    assert tr("The values from {low:.2f} on", low=0.25) == "The values from 0.25 on"
    assert tr("Brush") == "Brush"
    assert english.translate("QPlatformTheme", "Cancel") == "Cancel"
    assert figure(0.75, 2) == "0.75" and decimal("0.85–1.20") == "0.85–1.20"


def test_the_file_dialog_is_spanish_throughout(english: QApplication, compiled: Path) -> None:
    i18n.install("es")
    dialog = QFileDialog(None, tr("Choose images"), "", "PNG (*.png)")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    words = {label.text().replace("&", "") for label in dialog.findChildren(QLabel) if label.text()}
    words |= {button.text().replace("&", "") for button in dialog.findChildren(QPushButton) if button.text()}
    assert words == {"Buscar en:", "Nombre:", "Tipo de archivo:", "Abrir", "Cancelar"}
    tree = dialog.findChild(QTreeView)
    assert tree is not None
    heads = [tree.model().headerData(at, Qt.Orientation.Horizontal) for at in range(4)]
    assert heads == ["Nombre", "Tamaño", "Tipo", "Última modificación"]
    dialog.deleteLater()


def test_keys_are_named_as_on_the_keyboard(english: QApplication, compiled: Path) -> None:
    def name(key: str) -> str:
        return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)

    i18n.install("es")
    assert [name(key) for key in ("Ctrl+P", "Ctrl+Return", "Shift+Backspace", "Esc", "Del")] == [
        "Ctrl+P",
        "Ctrl+Intro",
        "Mayús+Retroceso",
        "Esc",
        "Supr",
    ]
    rows = [line.keys for _, lines in sections() for line in lines]
    assert ("Ctrl+Intro",) in rows and all(len(set(row)) == len(row) for row in rows), "Return and Enter, in one word"
    i18n.install("en")
    assert name("Ctrl+Return") == "Ctrl+Return"


def test_switching_again_and_again_leaves_one_translator(english: QApplication, compiled: Path) -> None:
    for _ in range(3):
        i18n.install("es")
    i18n.install("en")
    assert tr("Brush") == "Brush"


def test_engine_speaks_the_language_too(english: QApplication, compiled: Path) -> None:
    i18n.install("es")
    fault = EngineError("{name} is empty.", "Copy it again from where it came: the copy was cut off.", name="a.png")
    assert i18n.translate_error(fault) == (
        "a.png está vacío.",
        "Cópielo de nuevo desde su origen: la copia se interrumpió.",
    )
    inner = EngineError("{name} is empty.", name=Notice("Going on after epoch {epoch}.", {"epoch": 4}))
    assert i18n.translate_error(inner)[0] == "Sigue tras la época 4. está vacío.", "with the notices that it holds"
    assert i18n.translate_notice(Notice("Going on after epoch {epoch}.", {"epoch": 4})) == "Sigue tras la época 4."


def test_system_language_is_followed_where_it_is_ours(english: QApplication) -> None:
    assert i18n.language("system") == ("es" if QLocale.system().name().startswith("es") else "en")
    assert i18n.language("es") == "es" and i18n.language("en") == "en"
    assert i18n.language("fr") == "en"


def test_settings_remember_the_language(english: QApplication, compiled: Path) -> None:
    settings.save(settings.Settings(language="es"))
    assert i18n.install(settings.load().language) == "es"


def test_shares_of_the_sets_stay_in_their_column(english: QApplication, qtbot: QtBot, compiled: Path) -> None:
    notes = [("31 pacientes", "210 elementos"), ("5 pacientes", "30 elementos"), ("5 pacientes", "60 elementos")]
    for language in ("en", "es"):
        i18n.install(language)
        grid = RatioGrid("ratios")
        qtbot.addWidget(grid)
        grid.set_notes(notes)
        assert grid.minimumSizeHint().width() <= 320 - 2 * PAD

import subprocess
import sys

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from widgets import theme
from widgets.elided import elide_words
from widgets.text import counted, tr
from widgets.word_combo import ElidedCombo


class _Spanish(QTranslator):
    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return {"Brush {size} px": "Pincel de {size} px"}.get(text, text) if context == "contorno" else text


def test_values_fill_the_template() -> None:
    assert tr("Brush {size} px", size=3) == "Brush 3 px"
    assert tr("Fit") == "Fit"


def test_the_template_is_translated_before_it_is_filled(qtbot: QtBot) -> None:
    spanish = _Spanish()
    QCoreApplication.installTranslator(spanish)
    try:
        assert tr("Brush {size} px", size=3) == "Pincel de 3 px"
    finally:
        QCoreApplication.removeTranslator(spanish)


def test_one_is_not_many() -> None:
    texts = [counted(number, "1 item", "{count} items") for number in (0, 1, 2, 1234)]
    assert texts == ["0 items", "1 item", "2 items", "1\u202f234 items"]


def test_texts_are_there_before_the_application() -> None:
    code = "from widgets.text import tr; assert tr('{n} px', n=3) == '3 px'"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_choice_is_cut_with_an_ellipsis_and_wide_ones_are_not(qtbot: QtBot) -> None:
    combo = ElidedCombo()
    qtbot.addWidget(combo)
    text = "run 1 · U-Net · 29 Nov · 0.87 in validation"
    combo.addItem(text)
    combo.resize(900, 30)
    assert combo.shown_text() == text
    combo.resize(140, 30)
    assert combo.shown_text().endswith("…") and text.startswith(combo.shown_text()[:-1])
    assert combo.currentText() == text and not combo.grab().isNull()


def test_little_words_are_not_all_that_is_left_of_a_choice(qapp: QApplication) -> None:
    metrics = QFontMetricsF(theme.font())
    text = "Auto · EfficientNet-Lite0"
    shown = elide_words(text, metrics, metrics.horizontalAdvance(text) - 8)
    assert shown.startswith("Auto · EfficientNet") and shown.endswith("…")
    text = "the comparison says which"
    assert elide_words(text, metrics, metrics.horizontalAdvance(text) - 8) == "the comparison says…"

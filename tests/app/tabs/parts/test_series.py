"""What is said of the volumes of a series."""

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from app.tabs.parts.series import part_text
from engine.imaging.image import SeriesPart
from engine.imaging.phase_time import PhaseTime


class Other(QTranslator):
    """Another language, of two words."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        known = {"phase {number} of {count}": "fase {number} de {count}", "echo {number}": "eco {number}"}
        return known.get(source, "")


def part(label: str) -> SeriesPart:
    return SeriesPart("key", 3, 20, label)


def test_a_part_is_named_in_the_programs_language(qapp: QApplication) -> None:
    assert part_text(part("phase 3 of 20")) == "phase 3 of 20"
    other = Other()
    QCoreApplication.installTranslator(other)
    try:
        assert part_text(part("phase 3 of 20"), PhaseTime(80.0, "ms")) == "fase 3 de 20 · 80\u2009ms"
        assert part_text(part("phase 3 of 20 echo 2")) == "fase 3 de 20 eco 2 · 3 / 20"
        assert part_text(part("b 800")) == "b 800 · 3 / 20"
    finally:
        QCoreApplication.removeTranslator(other)

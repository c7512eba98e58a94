"""What is said of the volumes of a series."""

import re

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from app.tabs.parts.series import part_text
from engine.imaging.dicom_facts import FACTS
from engine.imaging.image import SeriesPart
from engine.imaging.phase_time import PhaseTime


class Marking(QTranslator):
    """Another language, of the words of the first with marks around them."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"«{source}»"


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
        assert part_text(part("phase 3 of 20"), PhaseTime(80.0, "ms")) == "fase 3 de 20 · 80\u202fms"
        assert part_text(part("phase 3 of 20 echo 2")) == "fase 3 de 20 eco 2 · 3 / 20"
        assert part_text(part("b 800")) == "b 800 · 3 / 20"
    finally:
        QCoreApplication.removeTranslator(other)


def test_every_word_by_which_parts_are_told_apart_is_translated(qapp: QApplication) -> None:
    labels = {fact.label for fact in FACTS if re.search("[a-z]{3}", fact.label.format(value="", number="", count=""))}
    assert len(labels) > 15
    other = Marking()
    QCoreApplication.installTranslator(other)
    try:
        for label in (*sorted(labels), "part {number} of {count}"):
            named = label.format(value=3, number=3, count=20)
            assert part_text(part(named)).removesuffix(" · 3 / 20") == f"«{named}»"
        assert part_text(part("flip 2.5")) == "«flip 2.5» · 3 / 20"
    finally:
        QCoreApplication.removeTranslator(other)

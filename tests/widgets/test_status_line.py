"""The line at the foot: hints stand whole or not at all."""

from pytestqt.qtbot import QtBot

from widgets.status_line import StatusLine

HINTS = ["El botón derecho borra", "Ctrl borra", "Mayús + rueda cambia el tamaño", "Espacio pulsado mueve"]


def test_hints_are_never_cut_in_a_word(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show()
    shown = set()
    for width in (1440, 1000, 700, 560, 420):
        line.resize(width, 26)
        line.set_hints(HINTS)
        text = line._hints.text()
        parts = [part for part in text.split("     ") if part]
        assert parts == HINTS[: len(parts)] or (len(parts) == 1 and parts[0].endswith("…"))
        assert line._hints.fontMetrics().horizontalAdvance(text) <= line._hints.width()
        shown.add(len(parts))
    assert len(shown) > 1, "fewer where there is less room"
    line.resize(1440, 26)
    line.set_hints(HINTS[:1])
    assert line._hints.text() == HINTS[0]

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


def test_one_that_is_too_long_ends_between_words_and_is_whole_in_the_tool_tip(qtbot: QtBot) -> None:
    line, long = StatusLine(), "Arrastre a los lados para el contraste, arriba o abajo para el brillo"
    qtbot.addWidget(line)
    line.show()
    for width in (420, 500, 560, 640):
        line.resize(width, 26)
        line.set_hints([long, HINTS[0]])
        text = line._hints.text()
        assert line._hints.fontMetrics().horizontalAdvance(text) <= line._hints.width()
        assert text.endswith("…") and text[:-1] in [long[: len(part)].rstrip(",") for part in _begins(long)]
        assert line._hints.toolTip() == f"{long}\n{HINTS[0]}"
    line.resize(1440, 26)
    assert line._hints.text().startswith(long) and not line._hints.toolTip()


def test_a_place_that_is_too_long_says_that_it_goes_on(qtbot: QtBot) -> None:
    line, name = StatusLine(), "left ventricular myocardium with trabeculae and papillary muscles"
    qtbot.addWidget(line)
    line.show()
    line.set_hints(HINTS)
    line.set_place(["x 4178 · y 4511", "40", name])
    for width in (560, 1000):
        line.resize(width, 26)
        shown = line._place.text()
        assert shown.startswith("x 4178 · y") and shown.endswith("…") and name in line._place.toolTip()
        assert line._place.fontMetrics().horizontalAdvance(shown) <= line._place.width()
    line.resize(2400, 26)
    assert line._place.text() == line.place() and line.place().endswith(name) and not line._place.toolTip()


def _begins(text: str) -> list[str]:
    """Of so many words."""
    words = text.split()
    return [" ".join(words[:count]) for count in range(1, len(words))]

"""The palette, its contrasts, and what follows it."""

import re
import subprocess
import sys

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resources import path
from widgets import icons, theme
from widgets.controls import IconButton
from widgets.style_sheet import style_sheet
from widgets.theme import DARK, LIGHT, Theme, contrast

BOTH = pytest.mark.parametrize("which", [DARK, LIGHT], ids=["dark", "light"])


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.01)


@BOTH
def test_text_can_be_read(which: Theme) -> None:
    grounds = (which.window, which.panel, which.raised, which.raised_more, which.accent_ground)
    for ground in grounds:
        assert contrast(which.text, ground) >= 4.5
        assert contrast(which.dim, ground) >= 4.5
    for ground in grounds[:3]:
        for word in (which.good, which.warn, which.bad, which.accent, which.train, which.val, which.test):
            assert contrast(word, ground) >= 4.5, (word, ground)
    assert contrast(which.accent, which.accent_ground) >= 4.5
    assert contrast(which.on_accent, which.accent) >= 4.5
    assert contrast(which.on_accent, which.train) >= 4.5  # the primary button under the mouse
    assert contrast(which.accent, which.window) >= 3.0  # the focus ring


def test_words_on_the_scan_can_be_read() -> None:
    for role in ("text", "dim", "warn"):
        assert contrast(getattr(DARK, role), DARK.scan) >= 4.5


@BOTH
def test_style_sheet_is_filled_and_has_no_colour_of_its_own(which: Theme) -> None:
    roles = {name: str(value) for name, value in vars(which).items()}
    sheet = style_sheet(roles)
    assert "$" not in sheet
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", sheet)) <= set(roles.values())
    for file in re.findall(r'url\("([^"]+)"\)', sheet):
        colors = set(re.findall(r"#[0-9A-Fa-f]{6}", path(file).read_text(encoding="utf-8")))
        assert colors and colors <= set(roles.values()), file


def test_apply_changes_palette_and_tells(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    button = IconButton("b", "brush", "Brush", checkable=True)
    qtbot.addWidget(button)
    before = button.icon().pixmap(20, 20).toImage()
    with qtbot.waitSignal(theme.watch().changed):
        theme.apply(qapp, "light")
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == LIGHT.window
    assert theme.color("text").name().upper() == LIGHT.text
    assert button.icon().pixmap(20, 20).toImage() != before
    with qtbot.assertNotEmitted(theme.watch().changed):
        theme.apply(qapp, "light")
    theme.apply(qapp, "dark")
    assert button.icon().pixmap(20, 20).toImage() == before


def test_system_choice_gives_one_of_both(qapp: QApplication) -> None:
    theme.apply(qapp, "system")
    assert theme.current() in (DARK, LIGHT)
    theme.apply(qapp, "dark")


def test_data_color_takes_roles_and_hex(qapp: QApplication) -> None:
    assert theme.data_color("#E69F00").name().upper() == "#E69F00"
    assert theme.data_color("text") == theme.color("text")
    assert theme.color("accent", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)


def test_digits_have_one_width(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(theme.font())
    assert metrics.horizontalAdvance("1111") == pytest.approx(metrics.horizontalAdvance("8888"))


@pytest.mark.parametrize("name", icons.names())
def test_icon_is_drawn_in_the_theme(qapp: QApplication, name: str) -> None:
    image = icons.pixmap(name, "accent", 24, 2.0).toImage()
    assert (image.width(), image.height()) == (48, 48)
    points = (image.pixelColor(x, y) for x in range(48) for y in range(48))
    ink = {(each.red(), each.green(), each.blue()) for each in points if each.alpha() == 255}
    assert ink, "nothing drawn"
    if name not in ("contorno", "mark"):
        wanted = theme.color("accent").getRgb()[:3]  # type: ignore[index]
        assert all(abs(one - two) <= 2 for each in ink for one, two in zip(each, wanted, strict=True)), ink
        text = path(f"icons/{name}.svg").read_text(encoding="utf-8")
        assert 'viewBox="0 0 24 24"' in text and 'stroke-width="1.6"' in text and "#" not in text


def test_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        icons.icon("no such thing")


def test_icon_states(qapp: QApplication) -> None:
    from PySide6.QtGui import QIcon

    theme.apply(qapp, "dark")
    ready = icons.icon("stop", "text", 24)

    def ink(mode: QIcon.Mode, state: QIcon.State) -> set[str]:
        image = ready.pixmap(24, 24, mode, state).toImage()
        points = (image.pixelColor(x, y) for x in range(24) for y in range(24))
        return {each.name().upper() for each in points if each.alpha() > 250}

    assert ink(QIcon.Mode.Normal, QIcon.State.Off) == {DARK.text}
    assert ink(QIcon.Mode.Normal, QIcon.State.On) == {DARK.accent}
    assert ink(QIcon.Mode.Disabled, QIcon.State.Off) == {DARK.faint}


def test_app_icon_has_all_sizes(qapp: QApplication) -> None:
    sizes = {size.width() for size in icons.app_icon().availableSizes()}
    assert {16, 32, 48, 256} <= sizes


def test_widgets_come_up_without_heavy_imports() -> None:
    """The window opens at most 1.5 times slower than a bare one: numpy alone would cost that."""
    names = "theme icons controls sliders panels message_bar class_list item_list case_list region_list run_list job_bar plots small_plots confusion score_table augment_grid bars form"
    code = (
        f"import sys, importlib\nfor name in {names.split()}: importlib.import_module('widgets.' + name)\n"
        "print([name for name in ('numpy', 'torch', 'cv2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

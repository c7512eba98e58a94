"""Forms made from config dataclasses."""

from dataclasses import dataclass, fields, replace
from typing import Literal

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from engine.config import PredictConfig, TrainConfig, option, option_of
from widgets import theme
from widgets.controls import Switch
from widgets.form import Form


@dataclass(frozen=True)
class Everything:
    count: int = option(3, "Count", "How many.", low=0, high=100000)
    rate: float = option(0.001, "Rate", low=0.0, high=1.0, step=0.0001)
    share: float = option(0.5, "Share", low=0.0, high=0.9, step=0.05, unit="px")
    copies: int = option(2, "Copies", low=1, high=20)
    loud: bool = option(True, "Loud")
    kind: str = option("b", "Kind", choices=("a", "b"))
    name: str = option("x", "Name")
    split: Literal["train", "val"] = option("val", "Split")
    hidden: int = option(1, "Hidden", low=0, high=1000, advanced=True)
    plain: int = 7


@pytest.fixture
def form(qtbot: QtBot, qapp: QApplication) -> Form:
    theme.apply(qapp, "dark")
    found = Form(Everything(), words={"kind": {"a": "First"}}, zero={"count": "Auto"})
    qtbot.addWidget(found)
    found.show()
    qtbot.waitExposed(found)
    return found


def test_value_is_the_config_until_someone_changes_it(form: Form) -> None:
    assert form.value() == Everything()


@pytest.mark.parametrize("config", [TrainConfig(), PredictConfig()])
def test_every_config_round_trips(qtbot: QtBot, config: object) -> None:
    found = Form(config, advanced=True)
    qtbot.addWidget(found)
    assert found.value() == config
    assert all(found.editor(item.name).accessibleName() for item in fields(config) if option_of(item))  # type: ignore[arg-type]


def test_each_editor_tells(qtbot: QtBot, form: Form) -> None:
    count = form.editor("count")
    assert isinstance(count, QSpinBox)
    with qtbot.waitSignal(form.changed) as heard:
        QTest.keyClick(count, Qt.Key.Key_Up)
    assert heard.args[0].count == 4
    rate = form.editor("rate")
    assert isinstance(rate, QDoubleSpinBox)
    with qtbot.waitSignal(form.changed) as heard:
        QTest.keyClick(rate, Qt.Key.Key_Up)
    assert heard.args[0].rate == pytest.approx(0.0011)
    share = form.editor("share").focusProxy()
    assert share is not None
    with qtbot.waitSignal(form.changed) as heard:
        QTest.keyClick(share, Qt.Key.Key_Right)
    assert heard.args[0].share == pytest.approx(0.55)
    copies = form.editor("copies").focusProxy()
    assert copies is not None
    with qtbot.waitSignal(form.changed) as heard:
        QTest.keyClick(copies, Qt.Key.Key_Right)
    assert heard.args[0].copies == 3 and isinstance(heard.args[0].copies, int)
    loud = form.editor("loud")
    assert isinstance(loud, Switch)
    with qtbot.waitSignal(form.changed) as heard:
        QTest.keyClick(loud, Qt.Key.Key_Space)
    assert heard.args[0].loud is False
    kind = form.editor("kind")
    assert isinstance(kind, QComboBox) and kind.itemText(0) == "First"
    with qtbot.waitSignal(form.changed) as heard:
        QTest.keyClick(kind, Qt.Key.Key_Up)
    assert heard.args[0].kind == "a"
    split = form.editor("split")
    assert isinstance(split, QComboBox) and split.count() == 2
    name = form.editor("name")
    assert isinstance(name, QLineEdit)
    with qtbot.waitSignal(form.changed) as heard:
        QTest.keyClicks(name, "y")
    assert heard.args[0].name == "xy" and heard.args[0].plain == 7


def test_setting_is_silent(qtbot: QtBot, form: Form) -> None:
    other = Everything(count=0, rate=0.25, share=0.1, copies=9, loud=False, kind="a", name="z", plain=8)
    with qtbot.assertNotEmitted(form.changed):
        form.set_value(other)
    assert form.value() == other
    count = form.editor("count")
    assert isinstance(count, QSpinBox) and count.text() == "Auto"


def test_only_and_advanced(qtbot: QtBot, form: Form) -> None:
    with pytest.raises(KeyError):
        form.editor("hidden")
    few = Form(Everything(), only=("hidden", "name"))
    qtbot.addWidget(few)
    assert few.editor("hidden").accessibleName() == "Hidden"
    with pytest.raises(KeyError):
        few.editor("rate")


def test_a_finer_value_is_not_rounded_by_being_shown(qtbot: QtBot) -> None:
    exact = Everything(rate=0.00012345)
    found = Form(exact)
    qtbot.addWidget(found)
    assert found.value() == exact


def test_run_time_choices(qtbot: QtBot) -> None:
    found = Form(TrainConfig(), only=("arch",), choices={"arch": ("unet", "fpn")})
    qtbot.addWidget(found)
    arch = found.editor("arch")
    assert isinstance(arch, QComboBox)
    assert [arch.itemData(at) for at in range(arch.count())] == ["unet", "fpn", "auto"] and arch.currentData() == "auto"


def test_tool_tips_and_what_cannot_be_used(form: Form) -> None:
    assert form.editor("count").toolTip() == "How many.\ncount"
    form.set_usable("count", False, "Nothing to count")
    assert not form.editor("count").isEnabled() and form.editor("count").toolTip() == "Nothing to count"
    form.set_usable("count", True)
    assert form.editor("count").isEnabled() and "count" in form.editor("count").toolTip()
    labels = [label for label in form.findChildren(QLabel) if label.buddy() is form.editor("count")]
    assert len(labels) == 1


def test_the_wheel_changes_nothing_without_focus(qtbot: QtBot, form: Form) -> None:
    rate = form.editor("rate")
    assert not rate.hasFocus()
    place = QPointF(5, 5)
    nothing, button, keys = QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(place, place, QPoint(), nothing, button, keys, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(rate, event)
    assert form.value() == Everything()


def test_what_auto_would_take_is_said_as_the_language_does(qtbot: QtBot) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("es"))
    try:
        form = Form(TrainConfig(), only=("rate",), zero={"rate": "Auto"})
        qtbot.addWidget(form)
        form.suggest(replace(TrainConfig(), rate=0.0003))
        rate = form.editor("rate")
        assert isinstance(rate, QDoubleSpinBox) and rate.text() == "Auto · 0,0003"
    finally:
        QLocale.setDefault(before)


def test_what_auto_would_take_is_whole_in_a_narrow_field(qtbot: QtBot) -> None:
    form = Form(TrainConfig(), only=("size",), zero={"size": "Auto"})
    qtbot.addWidget(form)
    form.suggest(replace(TrainConfig(), size=120))
    size = form.editor("size")
    assert isinstance(size, QSpinBox)
    size.setMaximumWidth(500)
    form.resize(500, 40)
    form.show()
    assert size.text() == "Auto · 120\N{NARROW NO-BREAK SPACE}px"
    size.setFixedWidth(88)
    qtbot.waitUntil(lambda: size.width() == 88)
    assert size.text() == "Auto · 120"
    assert size.lineEdit().width() >= size.fontMetrics().horizontalAdvance(size.text())

"""The Augment tab by real clicks: rows and presets, samples of the open item, what they do to the classes, use for the next run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QSlider,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.services.recipe import FILE
from app.shell import i18n
from app.shell.context import AppContext
from app.tabs.augment.samples import caption
from app.tabs.augment.tab import AugmentTab
from app.tabs.tab import Tab
from engine.augment.pipeline import Applied
from engine.augment.presets import load_preset
from engine.augment.preview import COUNT, ClassShare, Effect, network_input
from engine.augment.row import TransformRow, TransformSetting
from engine.augment.transforms import ROWS, TRANSFORMS, AugmentConfig
from engine.augment.warp import Fill
from engine.config import TrainConfig
from engine.imaging.geometry import display_flips, flip
from engine.imaging.intensity import Intensity, grey_of, rule_for
from engine.imaging.read import read_image
from engine.labels.classes import parse_classes
from engine.learning import bundle
from engine.learning.auto import Facts, classification
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from widgets.augment_grid import AugmentGrid
from widgets.augmentation_effects import notes
from widgets.augmentation_form import position, strength
from widgets.column_parts import EmptyState
from widgets.controls import PrimaryButton, Segmented, Switch, Text
from widgets.sliders import RangeSlider
from widgets.word_combo import ElidedCombo

Show = Callable[[str, Tab], None]
CLASSES = parse_classes("disc,square")


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, show_tab: Show, project: Path) -> AugmentTab:
    """The tab on the small project, its samples drawn."""
    with qtbot.waitSignal(context.session.current.image_changed, timeout=10_000):
        context.session.open_project(project)
    tab = AugmentTab(context)
    with qtbot.waitSignal(tab._samples.preview.ready, timeout=10_000):
        show_tab("augment", tab)
    return tab


def _child(tab: QWidget, kind: type, name: str) -> object:
    found = tab.findChild(kind, name)
    assert found is not None, name
    return found


def _click(qtbot: QtBot, tab: QWidget, name: str) -> None:
    button = _child(tab, QAbstractButton, name)
    assert isinstance(button, QAbstractButton)
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _drawn(qtbot: QtBot, tab: AugmentTab, change: Callable[[], object]) -> None:
    """Do the change and wait for the samples of the newest request."""
    with qtbot.waitSignal(tab._samples.preview.ready, timeout=10_000):
        change()
    qtbot.waitUntil(lambda: not tab._samples.preview._busy and tab._samples.preview._next is None)


@pytest.mark.parametrize("row", [row for row in TRANSFORMS if row.ranged], ids=lambda row: row.key)
def test_sliders_reach_every_strength_and_keep_it(row: TransformRow) -> None:
    for value in (*row.limits, row.default.low, row.default.high):
        assert strength(row, position(row, value)) == pytest.approx(value, abs=row.step / 2 + 1e-9)
    assert position(row, row.limits[1]) == 1.0


def test_shows_the_open_item_with_twelve_samples_and_both_classes(tab: AugmentTab) -> None:
    grid = _child(tab, AugmentGrid, "augment_grid")
    assert isinstance(grid, AugmentGrid)
    assert len(grid._samples) == COUNT and grid._original is not None
    items = _child(tab, QComboBox, "augment_item")
    assert isinstance(items, ElidedCombo), "a long name is not cut in the middle of a letter"
    assert items.currentText() == "a" and items.count() == 6
    assert [row.name for row in tab._effect._bars._rows] == ["disc", "square"]
    count = _child(tab, Text, "change_count")
    assert isinstance(count, Text)
    on = sum(setting.on for setting in load_preset("standard").settings.values())
    assert count.text() == f"{len(TRANSFORMS)} changes, {on} on"


def test_each_row_of_the_table_is_a_row_of_the_tab_and_works(qtbot: QtBot, tab: AugmentTab) -> None:
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "presets.none"))
    for row in TRANSFORMS:
        if row.needs_color:  # the item is grey
            continue
        _drawn(qtbot, tab, lambda name=f"{row.key}.on": _click(qtbot, tab, name))  # type: ignore[misc]
        assert tab.config() == AugmentConfig({row.key: replace(row.default, on=True)})
        details = {sample.detail for sample in tab._samples.grid._samples}
        assert any(detail.startswith(row.label[0].lower() + row.label[1:]) for detail in details)
        _drawn(qtbot, tab, lambda: _click(qtbot, tab, "back_to_preset"))


def test_samples_of_what_was_left_are_not_shown(qtbot: QtBot, tab: AugmentTab, context: AppContext) -> None:
    made: list[object] = []
    preview = tab._samples.preview
    preview.ready.connect(made.append)
    tab._samples.refresh()
    assert preview._busy
    preview.forget()
    qtbot.waitUntil(lambda: not preview._busy)
    assert not made
    _drawn(qtbot, tab, tab._samples.refresh)
    assert len(made) == 1


def test_a_switch_and_a_chance_change_the_samples_at_once(qtbot: QtBot, tab: AugmentTab) -> None:
    grid = tab._samples.grid
    before = [np.array(sample.picture) for sample in grid._samples]
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "presets.none"))
    assert all((sample.picture == grid._original.picture).all() for sample in grid._samples)  # type: ignore[union-attr]
    assert any((old != new.picture).any() for old, new in zip(before, grid._samples, strict=True))
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "flip_vertical.on"))
    chance = _child(tab, QSpinBox, "flip_vertical.chance")
    assert isinstance(chance, QSpinBox)
    _drawn(qtbot, tab, lambda: chance.setValue(100))
    assert tab.config()["flip_vertical"] == TransformSetting(True, 1.0, 0.0, 0.0)
    original = grid._original
    assert original is not None
    assert all((sample.picture == original.picture[::-1]).all() for sample in grid._samples)
    assert {sample.detail for sample in grid._samples} == {"flip up-down"}
    _click(qtbot, tab, "back_to_preset")
    assert tab.config() == load_preset("none")


def test_a_slider_moves_both_ends_of_a_symmetric_range(qtbot: QtBot, tab: AugmentTab) -> None:
    slider = _child(tab, RangeSlider, "rotation.range")
    assert isinstance(slider, RangeSlider)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 8, 10))
    assert tab.config()["rotation"].low == -180.0 and tab.config()["rotation"].high == 180.0
    QTest.keyClick(slider, Qt.Key.Key_PageDown)
    change = tab.config()["rotation"]
    assert change.low == -change.high and 100 < change.high < 180
    assert slider.accessibleDescription() == ROWS["rotation"].range_text(change)


def test_the_pointer_on_a_row_shows_that_change_alone(qtbot: QtBot, tab: AugmentTab) -> None:
    row = _child(tab, QWidget, "transform.rotation")
    assert isinstance(row, QWidget)
    count = tab._count.text()

    def enter() -> None:
        QApplication.sendEvent(row, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))

    _drawn(qtbot, tab, enter)
    shown = tab._samples._config
    assert [key for key, setting in shown.settings.items() if setting.on] == ["rotation"]
    assert shown["rotation"].chance == 1 and shown["rotation"].high == tab.config()["rotation"].high
    assert tab._count.text() == "Rotate alone"
    grid = _child(tab, AugmentGrid, "augment_grid")
    assert isinstance(grid, AugmentGrid)
    assert all("rotate" in tile.detail for tile in grid._samples)
    _drawn(qtbot, tab, lambda: QApplication.sendEvent(row, QEvent(QEvent.Type.Leave)))
    assert tab._samples._config == tab.config() and tab._count.text() == count


@pytest.mark.parametrize(
    ("key", "typed", "expected"),
    [
        ("rotation", "25", (-25, 25)),
        ("rotation", "-5 20", (-5, 20)),
        ("rotation", "-15-20", (-15, 20)),
        ("rotation", "-15 - 20", (-15, 20)),
        ("rotation", "-15°--5°", (-15, -5)),
        ("rotation", "- 20 -5", (-20, -5)),
        ("rotation", "±400", (-180, 180)),
        ("noise", "2–9", (2, 9)),
        ("noise", "5-10", (5, 10)),
        ("zoom", "0,8 – 1,25", (0.8, 1.25)),
        ("zoom", "nonsense", None),
    ],
)
def test_a_range_is_typed(
    qtbot: QtBot, tab: AugmentTab, key: str, typed: str, expected: tuple[float, float] | None
) -> None:
    if not tab.config()[key].on:
        _drawn(qtbot, tab, lambda: _click(qtbot, tab, f"{key}.on"))
    field = _child(tab, QLineEdit, f"{key}.typed")
    assert isinstance(field, QLineEdit)
    before, row = tab.config()[key], ROWS[key]
    words = field.text()
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    field.selectAll()
    field.insert(typed)  # QTest types ASCII alone
    QTest.keyClick(field, Qt.Key.Key_Return)
    now = tab.config()[key]
    if expected is None:
        assert now == before and field.text() == words
    else:
        wanted = tuple(min(max(value, row.limits[0]), row.limits[1]) for value in expected)
        assert (now.low, now.high) == pytest.approx(wanted)
        field.selectAll()
        QTest.keyClicks(field, "1 2 3")
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert tab.config()[key] == now


def test_return_on_a_range_that_was_not_edited_keeps_what_its_words_round(qtbot: QtBot, tab: AugmentTab) -> None:
    """A recipe of a file may have strengths between the steps of the slider."""
    odd = replace(tab.config()["rotation"], on=True, low=-12.34, high=12.34)
    tab._rows.show_config(tab.config().with_setting("rotation", odd))
    field = _child(tab, QLineEdit, "rotation.typed")
    assert isinstance(field, QLineEdit) and field.text() == "±12°"
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert tab.config()["rotation"] == odd
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert tab.config()["rotation"] == odd


def test_a_mirrored_border_is_said_to_make_ghosts(qtbot: QtBot, tab: AugmentTab) -> None:
    def ghosts() -> bool:
        found = _child(tab, QWidget, "fill_ghosts")
        assert isinstance(found, QWidget)
        return not found.isHidden()

    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "presets.standard"))
    assert ghosts() == (tab.config().fill == "reflect")
    config = tab.config()
    off = {key: replace(setting, on=False) for key, setting in config.settings.items()}
    cases: list[tuple[Fill, str, bool]] = [
        ("reflect", "rotation", True),
        ("reflect", "noise", False),
        ("constant", "zoom", False),
    ]
    for fill, key, expected in cases:
        settings = off | {key: replace(config[key], on=True)}
        tab._rows.show_config(AugmentConfig(settings, fill))
        assert ghosts() == expected, (fill, key)


def test_with_no_item_open_the_first_that_is_learnt_from_is_opened(
    qtbot: QtBot, context: AppContext, show_tab: Show, project: Path
) -> None:
    with Project.open(project) as opened:
        items = opened.items.all()
        opened.layers.replace(opened.layers.make(items[0].id), [], [])  # a has nothing labelled any more
    with qtbot.waitSignal(context.session.current.image_changed, timeout=10_000):
        context.session.open_project(project)
    context.session.current.close()
    tab = AugmentTab(context)
    with qtbot.waitSignal(tab._samples.preview.ready, timeout=10_000):
        show_tab("augment", tab)
    assert context.session.current.item is not None and context.session.current.item.name == "b"


def test_what_was_not_taken_for_the_next_run_outlives_another_language(
    qtbot: QtBot, tab: AugmentTab, context: AppContext, project: Path
) -> None:
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "flip_vertical.on"))
    changed = tab.config()
    again = AugmentTab(context)  # as in the window that is made anew
    qtbot.addWidget(again)
    assert again.config() == changed and again._use.isEnabled()
    context.session.close_project()
    context.session.open_project(project)
    assert again.config() != changed


def test_colour_jitter_is_dim_on_a_grey_image_and_says_why(tab: AugmentTab) -> None:
    switch = _child(tab, Switch, "color_jitter.on")
    assert isinstance(switch, Switch)
    assert not switch.isEnabled() and "grey" in switch.toolTip()
    other = _child(tab, Switch, "noise.on")
    assert isinstance(other, Switch)
    assert other.isEnabled()


def test_use_for_the_next_run_keeps_a_preset_by_name_and_own_work_as_a_file(
    qtbot: QtBot, tab: AugmentTab, context: AppContext, project: Path
) -> None:
    use = _child(tab, PrimaryButton, "use_augmentation")
    assert isinstance(use, PrimaryButton)
    assert not use.isEnabled() and "already" in use.toolTip()
    _click(qtbot, tab, "presets.strong")
    _click(qtbot, tab, "use_augmentation")
    assert context.trainings.recipe.ready().preset == "strong" and not (project / FILE).exists()
    assert not use.isEnabled()
    _click(qtbot, tab, "elastic.on")
    _click(qtbot, tab, "use_augmentation")
    ready = context.trainings.recipe.ready()
    assert Path(ready.preset) == project / FILE
    assert load_preset(ready.preset) == tab.config() == context.trainings.recipe.augmentation
    context.session.close_project()
    with Project.open(project) as opened:
        assert opened.note("preset") == FILE
    context.session.open_project(project)
    assert tab.config() == load_preset(project / FILE) and not use.isEnabled()


def test_the_amounts_wait_for_the_same_button(qtbot: QtBot, tab: AugmentTab, context: AppContext) -> None:
    recipe, use = context.trainings.recipe, _child(tab, PrimaryButton, "use_augmentation")
    copies, planned = _child(tab, QSlider, "augment_amount.per_image.slider"), _child(tab, Text, "planned_augmentation")
    assert isinstance(use, PrimaryButton) and isinstance(copies, QSlider) and isinstance(planned, Text)
    assert not use.isEnabled() and not tab._many.isVisible()
    for count in range(2, 7):
        QTest.keyClick(copies, Qt.Key.Key_Right)
        assert f"1 : {count}" in planned.text() and tab._many.isVisible() == (count > 5)
    assert recipe.config.per_image == 1 and use.isEnabled()
    _click(qtbot, tab, "use_augmentation")
    assert recipe.ready().per_image == 6 and not use.isEnabled()
    recipe.change(replace(recipe.config, per_image=3))  # in Train
    assert tab._amounts.per_image == 3 and "1 : 3" in planned.text() and not use.isEnabled()
    recipe.change(replace(recipe.config, epochs=3))
    _click(qtbot, tab, "augment_amount.balance")
    recipe.change(replace(recipe.config, epochs=4))
    assert recipe.config.balance and not tab._amounts.balance and use.isEnabled(), "kept until it is used"


def test_sides_are_warned_of_in_any_picture_and_exchanged_on_wish(
    qtbot: QtBot, tab: AugmentTab, context: AppContext
) -> None:
    assert not any("mirror" in text.lower() for text in tab._effect.texts())
    _drawn(qtbot, tab, lambda: context.session.set_classes(parse_classes("lung left,lung right")))
    assert "lung left / lung right exchange their names" in tab._effect.texts()[0], "which Auto takes"
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "presets.none"))
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "flip_horizontal.on"))
    chance, sides = _child(tab, QSpinBox, "flip_horizontal.chance"), _child(tab, QComboBox, "augment_amount.sides")
    assert isinstance(chance, QSpinBox) and isinstance(sides, QComboBox)
    _drawn(qtbot, tab, lambda: chance.setValue(100))
    sides.setFocus()
    _drawn(qtbot, tab, lambda: QTest.keyClick(sides, Qt.Key.Key_Down))
    assert "lung left / lung right keep their names" in tab._effect.texts()[0]
    kept = np.array(tab._samples.grid._samples[0].picture)
    _drawn(qtbot, tab, lambda: QTest.keyClick(sides, Qt.Key.Key_Down))
    assert tab._amounts.sides == "swap" and "exchange their names" in tab._effect.texts()[0]
    swapped = np.array(tab._samples.grid._samples[0].picture)
    inside = (kept != swapped).any(axis=2)
    assert inside.any() and not inside.all(), "the colours of the classes have changed, the picture has not"
    _drawn(qtbot, tab, lambda: QTest.keyClick(sides, Qt.Key.Key_Down))
    original = tab._samples.grid._original
    assert original is not None
    assert all((sample.picture == original.picture).all() for sample in tab._samples.grid._samples)


def test_a_flip_is_warned_of_the_way_left_and_right_lie_in_the_open_image(
    qtbot: QtBot, context: AppContext, show_tab: Show, tmp_path: Path
) -> None:
    """A volume whose rows run from side to side."""
    file = tmp_path / "upright.nii.gz"
    nib.save(nib.Nifti1Image(np.arange(2400, dtype=np.int16).reshape(40, 60, 1), np.eye(4)[[1, 0, 2, 3]]), file)
    with Project.create(tmp_path / "lungs", "multiclass", parse_classes("lung left,lung right")) as made:
        result_of(import_images(made, ImportPlan((file,))))
    with qtbot.waitSignal(context.session.current.image_changed, timeout=10_000):
        context.session.open_project(made.path)
    tab = AugmentTab(context)
    with qtbot.waitSignal(tab._samples.preview.ready, timeout=10_000):
        show_tab("augment", tab)
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "presets.none"))
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "flip_horizontal.on"))
    assert not any("lung" in text for text in tab._effect.texts()), "front and back change places"
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "flip_vertical.on"))
    assert "lung left / lung right exchange their names" in tab._effect.texts()[0]


def test_a_recipe_goes_to_a_file_and_comes_back(
    qtbot: QtBot, tab: AugmentTab, context: AppContext, tmp_path: Path
) -> None:
    _click(qtbot, tab, "presets.lecture")
    tab.save_as(tmp_path / "mine.json")
    _click(qtbot, tab, "presets.gentle")
    tab.load_file(tmp_path / "mine.json")
    assert tab.config() == load_preset("lecture")
    (tmp_path / "bad.json").write_text("{")
    with qtbot.waitSignal(context.session.failed):
        tab.load_file(tmp_path / "bad.json")
    assert tab.config() == load_preset("lecture")


def test_resample_takes_the_next_seed_and_the_picker_opens_another_item(
    qtbot: QtBot, tab: AugmentTab, context: AppContext
) -> None:
    seed = _child(tab, QSpinBox, "seed")
    assert isinstance(seed, QSpinBox)
    old = seed.value()
    before = [np.array(sample.picture) for sample in tab._samples.grid._samples]
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "resample"))
    assert seed.value() == old + 1
    assert any((one != two.picture).any() for one, two in zip(before, tab._samples.grid._samples, strict=True))
    items = _child(tab, QComboBox, "augment_item")
    assert isinstance(items, QComboBox)
    items.setFocus()
    _drawn(qtbot, tab, lambda: QTest.keyClick(items, Qt.Key.Key_Down))
    assert context.session.current.item is not None and context.session.current.item.name == "b"


def test_the_network_s_view_shows_no_mask(qtbot: QtBot, tab: AugmentTab) -> None:
    view = _child(tab, Segmented, "augment_view")
    assert isinstance(view, Segmented)
    original = tab._samples.grid._original
    assert original is not None and np.ptp(original.picture, axis=2).any()
    _drawn(qtbot, tab, lambda: view.button("network").click())
    bare = tab._samples.grid._original
    assert bare is not None and not np.ptp(bare.picture, axis=2).any()


def test_an_item_without_a_mask_is_shown_and_says_so(qtbot: QtBot, tab: AugmentTab, context: AppContext) -> None:
    assert context.session.project is not None and context.session.current.item is not None
    project, item = context.session.project, context.session.current.item.id
    layer = project.layers.mask(item)
    assert layer is not None
    with project.transaction() as store:
        store.run("DELETE FROM layers WHERE id = ?", layer.id)  # type: ignore[attr-defined]
    context.session.current.close()
    _drawn(qtbot, tab, lambda: context.session.current.open(item))
    none = _child(tab, Text, "no_shares")
    assert isinstance(none, Text)
    assert none.isVisible() and "no mask" in none.text()


def test_an_item_whose_file_is_gone_says_so(qtbot: QtBot, tab: AugmentTab, context: AppContext, tmp_path: Path) -> None:
    (tmp_path / "images" / "f.png").unlink()
    item = context.session.items()[5]
    assert item.name == "f"
    with qtbot.waitSignals([context.session.failed, context.session.current.image_changed], timeout=10_000):
        context.session.current.open(item.id)
    assert "no picture" in tab._samples._waiting.accessibleName() and tab._samples._waiting.isVisible()
    _drawn(qtbot, tab, lambda: context.session.current.open(context.session.items()[1].id))
    assert not tab._samples._waiting.isVisible()


def test_what_to_look_at_is_said_in_words() -> None:
    shares = (ClassShare(1, 100.0, 89.0, (4,)), ClassShare(2, 50.0, 50.0, ()))
    effect = Effect(shares, covered=((4,), ()), mirrored=(1, 2, 3), lateral=1, count=12)
    said = [text for text, _ in notes(effect, CLASSES, patients=True)]
    assert said[0] == "disc loses most: 11\u202f% of its pixels."
    assert said[1] == "In 1 of 12 samples disc is covered up."
    assert said[2] == "The mirror image puts disc on the other side in 3 of 12."
    assert len(notes(effect, CLASSES, patients=False)) == 2
    gone = Effect(shares, covered=((), ()), mirrored=(), lateral=0, count=12)
    assert notes(gone, CLASSES, patients=True)[1][0] == "In 1 of 12 samples disc leaves the picture."


def test_captions_name_what_was_done() -> None:
    assert caption((Applied("rotation", (-11.0,)), Applied("noise", (9.0,)))) == "rotate −11°, noise σ 9"


def test_without_a_project_the_way_in_is_offered(qtbot: QtBot, context: AppContext, show_tab: Show) -> None:
    tab = AugmentTab(context)
    show_tab("augment", tab)
    button = _child(tab, QAbstractButton, "augment_no_project.open_project")
    assert isinstance(button, QAbstractButton)
    assert button.isVisible()


def test_of_whole_images_it_shows_what_auto_trains_and_takes_another_one_as_it_is(
    qtbot: QtBot, context: AppContext, show_tab: Show, project: Path
) -> None:
    path = project.parent / "whole.contorno"
    with Project.create(path, "classification", CLASSES) as made:
        result_of(import_images(made, ImportPlan(paths=(project.parent / "images",))))
    with qtbot.waitSignal(context.session.current.image_changed, timeout=10_000):
        context.session.open_project(path)
    tab = AugmentTab(context)
    with qtbot.waitSignal(tab._samples.preview.ready, timeout=10_000):
        show_tab("augment", tab)
    recipe = context.trainings.recipe
    assert tab.config() == load_preset("films") == recipe.augmentation
    assert recipe.preset == "films"
    use = _child(tab, PrimaryButton, "use_augmentation")
    assert isinstance(use, PrimaryButton) and not use.isEnabled()
    _click(qtbot, tab, "presets.standard")
    _click(qtbot, tab, "use_augmentation")
    assert recipe.preset == "standard" and tab.config() == recipe.augmentation == load_preset("standard")
    facts = Facts("cpu", 64, (), color=False)
    assert classification(replace(recipe.config, preset=recipe.preset), facts).preset == "standard"


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_of_the_middle_is_cut_in_a_small_window(
    qtbot: QtBot, context: AppContext, tmp_path: Path, language: str
) -> None:
    """With a volume, which has a slice to choose beside the rest."""
    pixels = np.random.default_rng(0).normal(size=(40, 30, 20)).astype(np.float32)
    nib.save(nib.Nifti1Image(pixels, np.diag([2.0, 2, 5, 1])), tmp_path / "a volume of a long name.nii.gz")
    with Project.create(tmp_path / "v.contorno", "binary", parse_classes("a")) as made:
        assert result_of(import_images(made, ImportPlan((tmp_path / "a volume of a long name.nii.gz",)))).added
    i18n.install(language)
    try:
        with qtbot.waitSignal(context.session.current.image_changed, timeout=10_000):
            context.session.open_project(tmp_path / "v.contorno")
        tab, window = AugmentTab(context), context.commands.parent()
        assert isinstance(window, QMainWindow)
        window.setCentralWidget(tab)
        window.resize(1000, 640)
        with qtbot.waitSignal(tab._samples.preview.ready, timeout=10_000), qtbot.waitExposed(window):
            window.show()
            context.commands.show_tab("augment")
            tab.shown()
        for width in (1000, 1440, 1000):
            window.resize(width, 640)
            tab.grab()  # lays out
            view, rows = tab._samples._view, tab._rows
            assert tab.width() == width
            assert view.mapTo(tab, view.rect().bottomRight()).x() <= width - 20, "the drawer's edge"
            assert rows.width() >= rows.minimumSizeHint().width(), "no row is cut"
    finally:
        i18n.install("en")


def write_scans(folder: Path) -> Path:
    """Two CT volumes of air, each with a body: the first in the training set, the brighter second in that of the test."""
    (folder / "ct").mkdir()
    for name, value in (("a", 0), ("b", 400)):
        values = np.full((48, 40, 2), -1000, np.int16)
        values[10:30, 10:30] = np.linspace(-500, value, 20, dtype=np.int16)[None, :, None]
        values[14:20, 14:20] += 50
        nib.save(nib.Nifti1Image(values, np.eye(4)), folder / "ct" / f"{name}.nii")
    with Project.create(folder / "scans", "binary", parse_classes("liver")) as project:
        result_of(import_images(project, ImportPlan((folder / "ct",))))
        items = project.items.all()
        project.items.set_modality([item.id for item in items], "CT")
        mask = np.zeros((2, 40, 48), np.uint8)
        mask[:, 14:20, 14:20] = 1
        for item, split in zip(items, ("train", "test"), strict=True):
            project.items.set_splits({item.id: split})  # type: ignore[dict-item]
            project.layers.replace(project.layers.make(item.id), pack(mask), [0, 1])
        return project.path


def test_the_network_s_view_is_by_the_rule_of_the_training_set_as_it_is_now(
    qtbot: QtBot, context: AppContext, show_tab: Show, tmp_path: Path
) -> None:
    session = context.session
    session.open_project(write_scans(tmp_path))
    qtbot.waitUntil(lambda: session.current.image is not None)
    tab = AugmentTab(context)
    show_tab("augment", tab)
    first, second = (item.id for item in session.items())
    with qtbot.waitSignal(session.current.image_changed):
        session.current.open(second)
    greys = {item.id: grey_of(read_image(item.present())) for item in session.items()}
    view = _child(tab, Segmented, "augment_view")
    assert isinstance(view, Segmented)

    def shown() -> object:
        original = tab._samples.grid._original
        return None if original is None else original.picture[..., 0].tolist()

    def fed_by(*items: int) -> object:
        assert session.current.image is not None
        unit = network_input(session.current.image, 0, rule_for([greys[id] for id in items]))
        return np.rint(flip(unit, display_flips(session.current.image.geometry)) * 255).astype(int).tolist()

    waiting = _child(tab, EmptyState, "augment_waiting")
    assert isinstance(waiting, EmptyState)
    qtbot.waitUntil(lambda: not waiting.isVisible() and not context.jobs.busy)
    view.button("network").click()
    assert waiting.isVisible(), "what is seen is no view of the network's"
    qtbot.waitUntil(lambda: shown() == fed_by(first))
    assert not waiting.isVisible()
    session.set_state(first, "done")
    assert not waiting.isVisible(), "its pixels are the same"
    session.assignments.set_splits({second: "train"})
    assert fed_by(first) != fed_by(first, second)
    qtbot.waitUntil(lambda: shown() == fed_by(first, second))
    session.assignments.set_splits({first: "", second: ""})
    qtbot.waitUntil(lambda: shown() == fed_by(second))
    qtbot.waitUntil(lambda: not context.jobs.busy)


def test_the_network_s_view_of_a_run_that_goes_on_is_by_the_rule_of_that_run(
    qtbot: QtBot, context: AppContext, show_tab: Show, tmp_path: Path
) -> None:
    session, recipe = context.session, context.trainings.recipe
    path, of_run = write_scans(tmp_path), Intensity("range", -1000.0, 3000.0)
    with Project.open(path) as project:
        config = TrainConfig(arch="segnet", encoder="", patch=32)
        run = project.runs.add(config)
        card = bundle.new_card("segmentation", project.classes, config, 1, of_run, 0, bundle.TrainingImages())
        bundle.save(run.bundle, card, bundle.build(card).state_dict())
        project.runs.update(run, "finished")
    session.open_project(path)
    qtbot.waitUntil(lambda: session.current.image is not None)
    tab = AugmentTab(context)
    show_tab("augment", tab)
    view = _child(tab, Segmented, "augment_view")
    assert isinstance(view, Segmented)

    def shown() -> object:
        original = tab._samples.grid._original
        return None if original is None else original.picture[..., 0].tolist()

    def fed_by(rule: Intensity) -> object:
        assert session.current.image is not None
        unit = network_input(session.current.image, 0, rule)
        return np.rint(flip(unit, display_flips(session.current.image.geometry)) * 255).astype(int).tolist()

    train = next(item for item in session.items() if item.split == "train")
    own = rule_for([grey_of(read_image(train.present()))])
    qtbot.waitUntil(lambda: not context.jobs.busy)
    view.button("network").click()
    qtbot.waitUntil(lambda: shown() == fed_by(own))
    assert fed_by(own) != fed_by(of_run)
    recipe.change(replace(recipe.config, start_from=str(run.id)))
    qtbot.waitUntil(lambda: shown() == fed_by(of_run), timeout=20_000)  # torch is loaded for it
    recipe.change(replace(recipe.config, start_from=""))
    qtbot.waitUntil(lambda: shown() == fed_by(own))
    qtbot.waitUntil(lambda: not context.jobs.busy)


def test_where_the_training_set_cannot_be_looked_at_it_is_said_with_a_way_out(
    qtbot: QtBot, context: AppContext, tab: AugmentTab
) -> None:
    """The run that the next one continues from has a file that is no model."""
    session, recipe = context.session, context.trainings.recipe
    assert session.project is not None
    run = session.project.runs.add(TrainConfig(arch="unet"))
    run.bundle.parent.mkdir(parents=True, exist_ok=True)
    run.bundle.write_bytes(b"no model")
    session.predictions.use_run(session.project.runs.update(run, "finished"))
    recipe.change(replace(recipe.config, start_from=str(run.id)))
    view, failed = _child(tab, Segmented, "augment_view"), _child(tab, EmptyState, "augment_failed")
    assert isinstance(view, Segmented) and isinstance(failed, EmptyState)
    QTest.mouseClick(view.button("network"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(failed.isVisible, timeout=20_000)
    assert run.bundle.name in failed.accessibleName()
    _click(qtbot, tab, "augment_failed.look_again")
    assert not failed.isVisible(), "it is looked at once more"
    qtbot.waitUntil(failed.isVisible, timeout=20_000)
    _drawn(qtbot, tab, lambda: _click(qtbot, tab, "augment_failed.show_mask"))
    assert view.current() == "mask" and tab._samples.grid.isVisible()
    qtbot.waitUntil(lambda: not context.jobs.busy)

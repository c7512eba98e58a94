"""The Augment tab: what the training will do to an image and its mask, seen before it costs a training."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import settings
from app.desk import Desk
from app.tabs import train_words as words
from app.tabs.augment_effects import EffectPanel
from app.tabs.augment_rows import OWN, RecipeRows
from app.tabs.augment_samples import Made, Preview, Wish, fullest
from app.tabs.columns import Columns
from app.tabs.frame import SCROLL_BAR, Band, Empty, scrolled, stacked
from engine.augment.presets import load_preset, save_preset
from engine.augment.transforms import AugmentConfig
from engine.config import TrainConfig
from engine.errors import EngineError
from engine.labels.edit import Labels
from widgets.augment_grid import AugmentGrid
from widgets.controls import Button, Choice, HairLine, PrimaryButton, Segmented, Text, named
from widgets.form import Form
from widgets.panels import Panel
from widgets.text import tr

_MOST_SEED = 99999
_LEFT, _RIGHT = 296, 264  # px: a row of switch, name, range and chance; the heading of the classes
_EDGE = 16  # px around the samples
_ROOMY = 800  # px of the middle from which seed and button have their words
_LEAST = 0.6  # of the width: the grid gives up so much to be seen whole
_UNLIMITED = 16777215


class AugmentTab(QWidget):
    """Recipe left, samples of the current item in the middle, what they do to the classes right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._recipe = desk, desk.trainings.recipe
        self._z: int | None = None  # the slice that a person picked of the current item; None: the fullest
        self._preview = Preview(desk.jobs, self)
        self._rows, self._effect = RecipeRows(), EffectPanel()
        self._grid = AugmentGrid()
        self._pages, self._middle = QStackedWidget(self), QStackedWidget()
        self.columns = Columns("augment", self._make_left(), self._make_middle(), self._make_right(), (304, 272))
        self._right.setMinimumWidth(_RIGHT)
        ids = ("open_project", "open_demo")
        text = tr("Open a project to see what augmentation does to its images.")
        self._pages.addWidget(self.columns)
        self._pages.addWidget(Empty("augment_no_project", text, desk.commands, ids))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._connect()
        self._project_changed()

    # Columns -----------------------------------------------------------------------------------------------------------

    def _make_left(self) -> QWidget:
        self._count = Text("", "dim")
        self._count.setObjectName("change_count")
        self._amount = Form(TrainConfig(), only=("per_image", "balance"), name="augment_amount")
        foot = Panel()
        foot.add(self._amount)
        area = scrolled("augment_scroll", self._rows)
        self._left = stacked(Band(tr("Augmentation"), self._count), area, HairLine(), foot, grows=area)
        return self._left

    def _make_middle(self) -> QWidget:
        self._items, self._slice = QComboBox(), QSpinBox()
        named(self._items, "augment_item", tr("Item"))
        self._items.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._items.setMinimumContentsLength(6)
        self._items.setMaxVisibleItems(20)
        self._items.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._items.setMaximumWidth(320)
        named(self._slice, "augment_slice", tr("Slice"))
        self._slice.setKeyboardTracking(False)
        self._seed = QSpinBox()
        named(self._seed, "seed", tr("Seed"))
        self._seed.setRange(0, _MOST_SEED)
        self._seed.setValue(int(settings.note("augment.seed", "7")))
        self._seed.setFixedWidth(76)
        self._seed.setToolTip(tr("The same seed gives the same samples"))
        self._resample = Button("resample", tr("Resample"), "shuffle")
        views = [
            Choice("mask", tr("Image + mask")),
            Choice("network", tr("Network's view"), help=tr("The pixels as they are fed to it, without the mask")),
        ]
        self._view = Segmented("augment_view", tr("View"), views, "mask")
        self._view.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        band = Band()
        for place, widget in enumerate((self._items, self._slice)):
            band.row.insertWidget(place, widget, 100 if place == 0 else 0)
        self._seed_label = Text(tr("Seed"), "dim")
        for widget in (self._seed_label, self._seed, self._resample, self._view):
            band.row.addWidget(widget)
        inset = QFrame()
        column = QVBoxLayout(inset)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        line = QHBoxLayout()  # the grid takes the width that it is given, in the middle
        line.addStretch(1)
        line.addWidget(self._grid, 1000)
        line.addStretch(1)
        column.addLayout(line)
        column.addStretch(1)
        self._samples = scrolled("samples_scroll", inset)
        self._waiting = Empty("augment_waiting", "", self._desk.commands)
        self._no_items = Empty(
            "augment_no_items",
            tr("There are no images yet. Add some to see samples of them."),
            self._desk.commands,
            ("import_images",),
        )
        for page in (self._samples, self._waiting, self._no_items):
            self._middle.addWidget(page)
        return stacked(band, self._middle, grows=self._middle, role="window")

    def _make_right(self) -> QWidget:
        self._planned = Text("", "dim")
        self._planned.setObjectName("planned_augmentation")
        self._planned.setWordWrap(True)
        self._use = PrimaryButton("use_augmentation", tr("Use for the next run"))
        foot = Panel()
        foot.add(self._planned, self._use)
        area = scrolled("effect_scroll", self._effect)
        mean = Text(tr("mean"), "dim")
        mean.setToolTip(tr("The mean of all samples"))
        band = Band(tr("Pixels per class"), mean)
        self._right = stacked(band, area, HairLine(), foot, grows=area)
        return self._right

    def _connect(self) -> None:
        session = self._desk.session
        self._rows.changed.connect(self._changed)
        self._rows.load_wanted.connect(self._ask_load)
        self._rows.save_wanted.connect(self._ask_save)
        self._amount.changed.connect(self._recipe.change)
        self._items.activated.connect(self._pick_item)
        self._slice.valueChanged.connect(self._pick_slice)
        self._seed.valueChanged.connect(self._seeded)
        self._resample.clicked.connect(self._sample_again)
        self._view.picked.connect(self._refresh)
        self._use.clicked.connect(self._use_it)
        self._preview.ready.connect(self._show_samples)
        self._preview.failed.connect(session.failed)
        self._recipe.changed.connect(self._recipe_changed)
        session.project_changed.connect(self._project_changed)
        session.items_changed.connect(self._fill_items)
        session.item_changed.connect(self._item_changed)
        session.image_changed.connect(self._image_changed)
        session.mask_changed.connect(self._refresh)
        session.history_changed.connect(self._refresh)
        session.classes_changed.connect(self._refresh)

    def shown(self) -> None:
        """The tab comes to the front."""
        self._fill_items()
        self._image_changed()
        validation = tr("Validation and test images are never changed")
        self._desk.status.set_hints([tr("Point at a sample to see it large"), validation])

    # The recipe --------------------------------------------------------------------------------------------------------

    @Slot()
    def _project_changed(self) -> None:
        session = self._desk.session
        self._pages.setCurrentIndex(0 if session.project is not None else 1)
        self._z = None
        self._rows.show_config(self._in_use())
        self._grid.set_samples(None, [])
        self._tell()
        if self.isVisible():
            self.shown()

    def _in_use(self) -> AugmentConfig:
        """What the next run will take; the standard recipe where its file is gone, which is said."""
        try:
            return self._recipe.augmentation
        except EngineError as fault:
            self._desk.session.failed.emit(fault)
            return load_preset("standard")

    def config(self) -> AugmentConfig:
        """The augmentation as it stands in the tab."""
        return self._rows.config()

    @Slot()
    def _changed(self) -> None:
        self._tell()
        self._refresh()

    @Slot()
    def _recipe_changed(self) -> None:
        self._tell()

    def _tell(self) -> None:
        """Counts, and what the button would do."""
        total, on = self._rows.counts()
        self._count.setText(tr("{total} changes, {on} on", total=total, on=on))
        config, session = self._recipe.config, self._desk.session
        self._amount.set_value(config)
        name = self._rows.preset()
        parts = [tr("Own") if name == OWN else words.preset(name), f"1 : {config.per_image}"]
        if config.balance:
            parts.append(tr("rare classes balanced"))
        self._planned.setText(", ".join(parts))
        why = ""
        if not session.writable:
            why = (
                tr("The project is open to read only.") if session.project is not None else tr("Open a project first.")
            )
        elif self._is_used(name):
            why = tr("The next run uses it already.")
        self._use.setEnabled(not why)
        self._use.setToolTip(why or tr("Trainings that are started from now on change their images like this"))

    def _is_used(self, name: str) -> bool:
        if name != OWN:
            return name == self._recipe.config.preset
        try:
            return self._recipe.augmentation == self._rows.config()
        except EngineError:  # its file is gone: whatever is shown here is not in use
            return False

    @Slot()
    def _use_it(self) -> None:
        try:
            self._recipe.use_augmentation(self._rows.config())
        except EngineError as fault:
            self._desk.session.failed.emit(fault)
            return
        self._tell()
        self._desk.session.told.emit(tr("The next run changes its images like this."), "good")

    @Slot()
    def _ask_load(self) -> None:
        start = settings.note("folder", str(Path.home()))
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Load a recipe from a file"), start, tr("Recipes ({pattern})", pattern="*.json")
        )
        if chosen:
            self.load_file(Path(chosen))

    def load_file(self, path: Path) -> None:
        """Show the augmentation of a file."""
        try:
            self._rows.show_config(load_preset(path))
        except EngineError as fault:
            self._desk.session.failed.emit(fault)
            return
        settings.remember("folder", str(path.parent))
        self._changed()

    @Slot()
    def _ask_save(self) -> None:
        start = str(Path(settings.note("folder", str(Path.home()))) / "augmentation.json")
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save this recipe as a file"), start, tr("Recipes ({pattern})", pattern="*.json")
        )
        if chosen:
            self.save_as(Path(chosen))

    def save_as(self, path: Path) -> None:
        """Write the augmentation as a file that `load_file` and the command line read."""
        try:
            save_preset(path, self._rows.config())
        except EngineError as fault:
            self._desk.session.failed.emit(fault)
            return
        settings.remember("folder", str(path.parent))
        self._desk.session.told.emit(tr("Saved as {name}.", name=path.name), "good")

    # The samples -------------------------------------------------------------------------------------------------------

    @Slot()
    def _fill_items(self) -> None:
        """Offer all items; the current one is shown."""
        if not self.isVisible():
            return
        session = self._desk.session
        items = session.items()
        if [self._items.itemData(at) for at in range(self._items.count())] != [item.id for item in items]:
            self._items.clear()
            for item in items:
                self._items.addItem(item.name, item.id)
        self._items.setCurrentIndex(self._items.findData(session.item.id) if session.item is not None else -1)
        if not items:
            self._middle.setCurrentWidget(self._no_items)
            self._effect.show_nothing("")

    @Slot()
    def _item_changed(self) -> None:
        self._z = None
        if self.isVisible():
            self._fill_items()
            self._preview.forget()
            item = self._desk.session.item
            self._waiting.set_text(tr("Reading {name}", name=item.name) if item is not None else "")
            if item is not None and self._grid.heightForWidth(100) <= 2:
                self._middle.setCurrentWidget(self._waiting)

    @Slot()
    def _image_changed(self) -> None:
        """The pixels are there: offer their slices, and draw."""
        image, mask = self._desk.session.image, self._desk.session.mask
        if not self.isVisible():
            return
        if image is None or mask is None:
            if self._desk.session.item is not None:
                self._waiting.set_text(tr("This item has no picture to show. Choose another one."))
                self._middle.setCurrentWidget(self._waiting)
            return
        depth = image.shape[0]
        self._z = min(self._z if self._z is not None else fullest(mask.labels), depth - 1)
        was = self._slice.blockSignals(True)
        self._slice.setRange(1, depth)
        self._slice.setSuffix(f" / {depth}")
        self._slice.setValue(self._z + 1)
        self._slice.blockSignals(was)
        self._slice.setVisible(depth > 1)
        self._rows.set_color(image.color)
        height, width = image.shape[1:]
        sides = {"width": width, "height": height}
        color, grey = tr("Colour image, {width} × {height}", **sides), tr("Grey image, {width} × {height}", **sides)
        place = color if image.color else grey
        self._desk.status.set_place([self._items.currentText(), place])
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Ask for samples of what is shown; while some are being drawn, only the newest wish waits."""
        session = self._desk.session
        image, mask = session.image, session.mask
        if not self.isVisible() or image is None or mask is None or self._z is None:
            return
        labels: Labels | None = None
        if session.task != "classification" and mask.labels.any():
            labels = np.array(mask.labels[self._z])
        size = self._recipe.config.size
        network = self._view.current() == "network"
        config = self._rows.config()
        self._preview.ask(Wish(image, self._z, labels, session.classes, config, self._seed.value(), network, size))

    @Slot(object)
    def _show_samples(self, made: Made) -> None:
        session = self._desk.session
        if session.image is None:
            return
        self._middle.setCurrentIndex(0)
        self._grid.set_samples(made.original, made.samples)
        self._fit_grid()
        self._fit_left()
        if made.effect is not None:
            self._effect.show_effect(made.effect, session.classes, self._of_patients())
        elif session.task == "classification":
            self._effect.show_nothing(tr("This project gives classes to whole images: there are no masks to count."))
        else:
            self._effect.show_nothing(tr("This item has no mask yet, so there is nothing to count."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_grid()

    def _fit_left(self) -> None:
        """No row is cut: their words depend on the language and on the image."""
        self._left.setMinimumWidth(max(_LEFT, self._rows.minimumSizeHint().width() + SCROLL_BAR))

    def _fit_grid(self) -> None:
        """Show all samples at once where there is room, or in a grid that is not much narrower; else it scrolls."""
        image = self._desk.session.image
        if image is None:
            return
        roomy = self._middle.width() >= _ROOMY
        self._resample.setText(tr("Resample") if roomy else "")
        self._seed_label.setVisible(roomy)
        self._slice.setPrefix(tr("slice") + " " if roomy else "")
        self._slice.setFixedWidth(124 if roomy else 92)
        height, width = image.shape[1:]
        self._grid.set_columns(6 if height > 0.8 * width else 4)
        room, wide = self._samples.viewport().height() - 2 * _EDGE, self._samples.width() - 2 * _EDGE
        fitting = [at for at in range(int(wide * _LEAST), wide, 4) if self._grid.heightForWidth(at) <= room]
        whole = self._grid.heightForWidth(wide) <= room or not fitting
        self._grid.setMaximumWidth(_UNLIMITED if whole else fitting[-1])

    def _of_patients(self) -> bool:
        item = self._desk.session.item
        return item is not None and bool(item.patient or item.modality)

    @Slot()
    def _pick_item(self) -> None:
        self._desk.session.open_item(int(self._items.currentData()))

    @Slot(int)
    def _pick_slice(self, number: int) -> None:
        self._z = number - 1
        self._refresh()

    @Slot(int)
    def _seeded(self, seed: int) -> None:
        settings.remember("augment.seed", str(seed))
        self._refresh()

    @Slot()
    def _sample_again(self) -> None:
        """Other samples: the next seed."""
        self._seed.setValue((self._seed.value() + 1) % (_MOST_SEED + 1))

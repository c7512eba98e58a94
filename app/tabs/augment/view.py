"""The middle of Augment: which item and slice, the seed, and the grid of samples."""

import numpy as np
from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QSpinBox, QStackedWidget, QVBoxLayout

from app.shell import settings
from app.shell.context import AppContext
from app.shell.errors import user_message
from app.tabs.augment.greys import TrainingGreys
from app.tabs.augment.samples import Preview, tiles
from engine.augment.preview import PreviewRequest, PreviewResult, fullest_slice
from engine.augment.transforms import AugmentConfig
from engine.config import AUTO
from engine.imaging.image import Image
from engine.labels.sides import Laterality, auto_rule, side_pairs
from widgets.augment_grid import AugmentGrid
from widgets.column_parts import ActionBinding, EmptyState, HeaderBar, scrolled
from widgets.controls import Button, Choice, Segmented, Text, named
from widgets.text import tr
from widgets.word_combo import ElidedCombo

_MOST_SEED = 99999
_EDGE = 16  # px around the samples
_NARROW = 320  # px: what the middle needs at least
_LEAST = 0.6  # of the width: the grid gives up so much to be seen whole
_UNLIMITED = 16777215


class SamplesView(QFrame):
    """Samples of the session's item by the augmentation of `show_config`. `made(PreviewResult)` when they are drawn."""

    made = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self._context = context
        self._config, self._rule = AugmentConfig(), AUTO
        self._z: int | None = None  # the slice that a person picked of the current item; None: the fullest
        self.grid = AugmentGrid()
        self.preview = Preview(context.jobs, self)
        self._greys = TrainingGreys(context, self)
        self._pages = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._band = self._make_band()
        column.addWidget(self._band)
        column.addWidget(self._pages, 1)
        self._fill_pages()
        self._connect()

    def _make_band(self) -> HeaderBar:
        self._items, self._slice = ElidedCombo(), QSpinBox()
        self._offered: dict[int, str] = {}  # the names in it by item, in its order
        named(self._items, "augment_item", tr("Item"))
        self._items.setMinimumContentsLength(6)
        self._items.setMaxVisibleItems(20)
        self._items.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._items.setMaximumWidth(320)
        named(self._slice, "augment_slice", tr("Slice"))
        self._slice.setKeyboardTracking(False)
        self._seed = QSpinBox()
        named(self._seed, "seed", tr("Seed"))
        self._seed.setRange(0, _MOST_SEED)
        self._seed.setValue(int(settings.ui_state("augment.seed", "7")))
        self._seed.setFixedWidth(76)
        self._seed.setToolTip(tr("The same seed gives the same samples"))
        self._resample = Button("resample", tr("Resample"), "shuffle")
        views = [
            Choice("mask", tr("Image + mask"), short=tr("Mask")),
            Choice(
                "network",
                tr("Network's view"),
                help=tr("The pixels as they are fed to it, without the mask"),
                short=tr("Network"),
            ),
        ]
        self._view = Segmented("augment_view", tr("View"), views, "mask")
        self._view.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        band = HeaderBar()
        for place, widget in enumerate((self._items, self._slice)):
            band.row.insertWidget(place, widget, 100 if place == 0 else 0)
        self._seed_label = Text(tr("Seed"), "dim")
        for widget in (self._seed_label, self._seed, self._resample, self._view):
            band.row.addWidget(widget)
        return band

    def _fill_pages(self) -> None:
        inset = QFrame()
        column = QVBoxLayout(inset)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        line = QHBoxLayout()  # the grid takes the width that it is given, in the middle
        line.addStretch(1)
        line.addWidget(self.grid, 1000)
        line.addStretch(1)
        column.addLayout(line)
        column.addStretch(1)
        self._samples = scrolled("samples_scroll", inset)
        self._waiting = EmptyState("augment_waiting", "")
        self._no_items = EmptyState("augment_no_items", "", self._context.commands.actions("import_images"))
        self._failed = EmptyState("augment_failed", "", self._ways_out())
        for page in (self._samples, self._waiting, self._failed, self._no_items):
            self._pages.addWidget(page)

    def _ways_out(self) -> list[QAction]:
        """Of a look at the training set that failed."""
        again, masked = QAction(tr("Look again"), self), QAction(tr("Image + mask"), self)
        again.setObjectName("look_again")
        again.triggered.connect(self._look_again)
        masked.setObjectName("show_mask")
        masked.triggered.connect(self._show_masks)
        return [again, masked]

    def _connect(self) -> None:
        session = self._context.session
        self._items.activated.connect(self._pick_item)
        self._slice.valueChanged.connect(self._pick_slice)
        self._seed.valueChanged.connect(self._seeded)
        ActionBinding(self._resample, self._context.commands["resample"])
        self._context.commands.connect_to("augment", resample=self._sample_again)
        self._view.picked.connect(self.refresh)
        self.preview.ready.connect(self._show_samples)
        self.preview.failed.connect(session.failed)
        self._greys.found.connect(self.refresh)
        for signal in (session.items_changed, session.predictions.run_changed, self._context.trainings.recipe.changed):
            signal.connect(self._set_changed)
        session.items_changed.connect(self._fill_items)
        session.current.item_changed.connect(self._item_changed)
        session.current.image_changed.connect(self._image_changed)
        for signal in (session.current.mask_changed, session.current.history_changed, session.classes_changed):
            signal.connect(self.refresh)

    def show_config(self, config: AugmentConfig, rule: str) -> None:
        """Draw samples by this augmentation, and this rule for left and right in mirror images."""
        self._config, self._rule = config, rule
        self.refresh()

    def forget(self) -> None:
        """Another project: no sample is shown until its first image is there."""
        self._z = None
        self.preview.forget()
        self._greys.forget()
        self.grid.set_samples(None, [])

    def shown(self) -> None:
        """The tab comes to the front; where no item is open, the first one that is learnt from is opened."""
        self._open_first()
        self._fill_items()
        if self._context.session.current.image is None and self._context.session.current.loading:
            self._wait()
        else:
            self._image_changed()

    def _open_first(self) -> None:
        session = self._context.session
        if session.project is None or session.current.item is not None:
            return
        items = session.items()
        masked = session.project.layers.masked()
        learnt = [item for item in items if item.split == "train" and (item.id in masked or item.label is not None)]
        first = next(iter([*learnt, *(item for item in items if item.id in masked), *items]), None)
        if first is not None:
            session.current.open(first.id)

    def _wait(self) -> None:
        item = self._context.session.current.item
        self._waiting.set_text(tr("Reading {name}", name=item.name) if item is not None else "")
        self._pages.setCurrentWidget(self._waiting)

    @Slot()
    def _fill_items(self) -> None:
        """Offer all items; the current one is shown."""
        if not self.isVisible():
            return
        session = self._context.session
        items = session.items()
        offered = {item.id: item.name for item in items}
        if [*offered.items()] != [*self._offered.items()]:  # items of another project have the same numbers
            self._offered = offered
            self._items.clear()
            self._items.addItems([*offered.values()])  # all at once: there may be thousands
        current = session.current.item.id if session.current.item is not None else None
        self._items.setCurrentIndex([*offered].index(current) if current in offered else -1)
        if not items:
            self._no_items.set_text(
                tr("Images are being added. They are listed when all are in.")
                if session.importing
                else tr("There are no images yet. Add some to see samples of them.")
            )
            self._pages.setCurrentWidget(self._no_items)
            self.forget()

    @Slot()
    def _item_changed(self) -> None:
        self._z = None
        if self.isVisible():
            self._fill_items()
            self.preview.forget()
            if self._context.session.current.item is not None and self.grid.heightForWidth(100) <= 2:
                self._wait()  # else the samples of the last item stay until those of this one are there

    @Slot()
    def _image_changed(self) -> None:
        """The pixels are there: offer their slices, and draw."""
        image, mask = self._context.session.current.image, self._context.session.current.mask
        if not self.isVisible():
            return
        if image is None or mask is None:
            if self._context.session.current.item is not None:
                self._waiting.set_text(tr("This item has no picture to show. Choose another one."))
                self._pages.setCurrentWidget(self._waiting)
            return
        depth = image.shape[0]
        self._z = min(self._z if self._z is not None else fullest_slice(mask.labels), depth - 1)
        was = self._slice.blockSignals(True)
        self._slice.setRange(1, depth)
        self._slice.setSuffix(f" / {depth}")
        self._slice.setValue(self._z + 1)
        self._slice.blockSignals(was)
        self._slice.setVisible(depth > 1)
        self._context.status.set_place([self._items.currentText(), _kind(image)])
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Ask for samples of what is shown; while some are being drawn, only the newest request waits."""
        session = self._context.session
        image, mask = session.current.image, session.current.mask
        if not self.isVisible() or image is None or mask is None or self._z is None:
            return
        labels = np.array(mask.labels[self._z]) if self._has_mask() else None
        size = self._context.trainings.recipe.config.size
        fed = self._greys.rule(image) if self._as_fed else None
        if self._as_fed and fed is None:  # asked again when it is found
            self.preview.forget()
            self._say_no_greys()
            return
        names = [each.name for each in session.classes]
        sides = Laterality(side_pairs(names), auto_rule(names) if self._rule == AUTO else self._rule)
        seed = self._seed.value()
        self.preview.ask(PreviewRequest(image, self._z, labels, session.classes, self._config, seed, fed, size, sides))

    def _say_no_greys(self) -> None:
        fault = self._greys.fault
        if fault is None:
            self._waiting.set_text(tr("Looking at the training set"))
        else:
            self._failed.set_text("\n".join(user_message(fault)))
        self._pages.setCurrentWidget(self._waiting if fault is None else self._failed)

    @Slot()
    def _look_again(self) -> None:
        self._greys.forget()
        self.refresh()

    @Slot()
    def _show_masks(self) -> None:
        self._view.set_current("mask")
        self.refresh()

    @property
    def _as_fed(self) -> bool:
        return self._view.current() == "network"

    @Slot()
    def _set_changed(self) -> None:
        if self._as_fed:
            self.refresh()

    @Slot(object)
    def _show_samples(self, made: PreviewResult) -> None:
        session = self._context.session
        if session.current.image is None:
            return
        self._pages.setCurrentWidget(self._samples)
        self.grid.set_samples(*tiles(made))
        self._fit_grid()
        self.made.emit(made)

    def _has_mask(self) -> bool:
        session = self._context.session
        return session.task != "classification" and bool(session.current.labelled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_grid()

    def _fit_grid(self) -> None:
        """Show all samples at once where there is room, or in a grid that is not much narrower; else it scrolls."""
        self._fit_band()
        image = self._context.session.current.image
        if image is None:
            return
        height, width = image.shape[1:]
        self.grid.set_columns(6 if height > 0.8 * width else 4)
        room, wide = self._samples.viewport().height() - 2 * _EDGE, self._samples.width() - 2 * _EDGE
        fitting = [at for at in range(int(wide * _LEAST), wide, 4) if self.grid.heightForWidth(at) <= room]
        whole = self.grid.heightForWidth(wide) <= room or not fitting
        self.grid.setMaximumWidth(_UNLIMITED if whole else fitting[-1])

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROW, _NARROW)  # the band does with less before it takes the columns' room

    def _fit_band(self) -> None:
        """The words of seed, slice and button, where there is room for them in this language."""
        for roomy in (True, False):
            self._resample.setText(tr("Resample") if roomy else "")
            self._seed_label.setVisible(roomy)
            self._slice.setPrefix(tr("slice") + " " if roomy else "")
            self._slice.setFixedWidth(124 if roomy else 92)
            if self._band.minimumSizeHint().width() <= self.width():
                break

    @Slot()
    def _pick_item(self) -> None:
        self._context.session.current.open([*self._offered][self._items.currentIndex()])

    @Slot(int)
    def _pick_slice(self, number: int) -> None:
        self._z = number - 1
        self.refresh()

    @Slot(int)
    def _seeded(self, seed: int) -> None:
        settings.set_ui_state("augment.seed", str(seed))
        self.refresh()

    @Slot()
    def _sample_again(self) -> None:
        """Other samples: the next seed."""
        self._seed.setValue((self._seed.value() + 1) % (_MOST_SEED + 1))


def _kind(image: Image) -> str:
    """ "Grey image, 512 × 512"."""
    height, width = image.shape[1:]
    sides = {"width": width, "height": height}
    return (
        tr("Colour image, {width} × {height}", **sides)
        if image.color
        else tr("Grey image, {width} × {height}", **sides)
    )

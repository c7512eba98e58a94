"""The phases of the open item's series on one axis in time: stepped through, dragged through and played at the same slice."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent

from app.services.side_reader import SideReader
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.parts.series import part_text
from app.tabs.scan.overlay import Overlay
from app.tabs.scan.phase_cover import PhaseCover
from app.tabs.scan.phase_times import PhaseTimes
from engine.project.items import Item
from widgets.canvas import Canvas
from widgets.phase_bar import PhaseBar
from widgets.plane_views import PlaneViews
from widgets.text import tr

_RATE = "phases a second"
_USUAL = 12
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TabletPress)


class Phases(QObject):
    """Other phases are laid over the views for as long as they are played or dragged through: the open item stays open beneath, with
    its mask and its tools. Where the play stops, that phase is opened. A press that would paint stops it and paints nothing."""

    said = Signal(str)  # what a person should know, at the pointer
    covered = Signal()  # another phase is seen in the open item's place
    step_asked = Signal(int)  # id of the item to go on with, at the same place

    def __init__(self, context: AppContext, views: PlaneViews, overlay: Overlay, name: str) -> None:
        super().__init__(views)
        self._context, self._session = context, context.session
        self._views = views
        self._reader = SideReader(context.session, context.jobs, self)
        self._action = context.commands["play_phases"]
        self._parts: list[Item] = []
        self._labelled: dict[int, frozenset[int]] = {}  # slices of each item
        self.times = PhaseTimes(context.jobs, self)
        self._cover = PhaseCover(context.session.current, views, overlay, self)
        self._shown: Item | None = None  # the phase in the open one's place
        self._going = False  # to the phase that is shown
        self._told = False  # that not all of them fit into memory
        kept = settings.ui_state(_RATE)
        self.bar = PhaseBar(f"{name}.phases", self._action, int(kept) if kept.isdecimal() else _USUAL)
        self.bar.hide()
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._tick)
        self._take_rate(self.bar.rate.value())
        self._connect(name)
        self._items_changed()

    def _connect(self, name: str) -> None:
        session, current, bar = self._session, self._session.current, self.bar
        self._context.commands.connect_to(name, play_phases=self.switch)
        bar.rate_changed.connect(self._take_rate)
        bar.slider.valueChanged.connect(self._dragged)
        bar.slider.sliderPressed.connect(self._taken)
        bar.slider.chosen.connect(self._chosen)
        session.items_changed.connect(self._items_changed)
        session.project_changed.connect(self._items_changed)
        current.item_changed.connect(self._item_changed)
        current.left_item_changed.connect(self._items_changed)
        current.item_about_to_close.connect(self._item_leaves)
        current.labelled_changed.connect(self._labelled_changed)
        current.mask_about_to_change.connect(self.halt)
        self._views.first.painting.connect(self.halt)
        self.times.arrived.connect(self._say)
        self._views.watch(self)
        self._reader.arrived.connect(self._arrived)
        self._reader.failed.connect(self._failed)

    @property
    def playing(self) -> bool:
        return self._clock.isActive()

    @property
    def shown(self) -> Item | None:
        """The phase that is seen in the open item's place; None where that itself is seen."""
        return self._shown

    # Going ----------------------------------------------------------------------------------------------------------------

    def step(self, step: int) -> None:
        """To the next or previous phase of the one that is seen, from the last to the first."""
        if len(self._parts) > 1:
            self._open(self._parts[(self._at + step) % len(self._parts)])

    @Slot()
    def switch(self) -> None:
        """Play, or stop at the phase that is shown."""
        if self.playing:
            self.stop()
        elif len(self._parts) > 1 and self._session.current.image is not None:
            self._views.end_stroke()
            self._want(self._at + 1)
            self._clock.start()
            self._show_playing()
        else:
            self._show_playing()

    def stop(self) -> None:
        """Go on with the phase that is shown."""
        self._clock.stop()
        self._show_playing()
        if self._shown is not None:
            self._open(self._shown)

    @Slot()
    def halt(self) -> None:
        """Back to the open item: its mask is about to change, and that is to be seen."""
        if not self.playing and self._shown is None:
            return
        self._clock.stop()
        self._show_playing()
        if not self._going:
            self._show_open()

    def _open(self, item: Item) -> None:
        self._clock.stop()
        self._show_playing()
        if self._session.current.item is not None and self._session.current.item.id == item.id:
            self._show_open()
            return
        self._going = True
        self._shown = item
        self._cover.keep()
        self.step_asked.emit(item.id)

    @property
    def _at(self) -> int:
        """The place of the phase that is seen."""
        seen = self._shown or self._session.current.item
        return next((at for at, each in enumerate(self._parts) if seen is not None and each.id == seen.id), 0)

    def _want(self, first: int) -> None:
        """The phases from that place on, as many as the memory takes."""
        order = [self._parts[(first + step) % len(self._parts)] for step in range(len(self._parts))]
        fit = self._reader.want([item for item in order if not self._is_open(item)])
        if fit < len(order) - 1 and not self._told:
            self._told = True
            self.said.emit(
                tr(
                    "{count} of {all} phases fit into the memory at once: the others are read when they are due.",
                    count=fit + 1,
                    all=len(order),
                )
            )

    def _is_open(self, item: Item) -> bool:
        open_item = self._session.current.item
        return open_item is not None and open_item.id == item.id

    @Slot()
    def _tick(self) -> None:
        """The next phase that can be read; one that is not there yet is waited for."""
        for step in range(1, len(self._parts) + 1):
            item = self._parts[(self._at + step) % len(self._parts)]
            if item.id in self._reader.lost:
                continue
            self._show(item)
            self._want(self._at + 1)
            return

    # Showing --------------------------------------------------------------------------------------------------------------

    def _show(self, item: Item) -> bool:
        """Show this phase; whether it is there."""
        if self._is_open(item):
            self._show_open()
            return True
        found = self._reader.get(item.id)
        if found is None or self._session.current.image is None:
            return False
        self._shown = item
        self._cover.lay(item, found)
        self._say()
        self.covered.emit()
        return True

    def _show_open(self) -> None:
        self._shown, self._going = None, False
        self._cover.lift()
        self._say()

    @Slot()
    def _say(self) -> None:
        if not self._parts:
            return
        item = self._parts[self._at]
        words = part_text(item.part, self.times.of(item)) if item.part is not None else ""
        self.bar.show_phase(self._at, words)

    def _show_playing(self) -> None:
        self._action.setChecked(self.playing)
        self.bar.show_playing(self.playing)

    # What is there --------------------------------------------------------------------------------------------------------

    @Slot()
    def _items_changed(self) -> None:
        project = self._session.project
        for item in self._parts:
            self._reader.repainted(item.id)
        self._labelled = {}
        if project is not None and len(self._session.walk.parts()) > 1:
            self._labelled = project.layers.labelled_slices()
        self._take_parts()

    @Slot()
    def _item_changed(self) -> None:
        known = {item.id for item in self._parts}
        item = self._session.current.item
        if item is None or item.id not in known:
            self._items_changed()
        else:
            self._take_parts()

    def _take_parts(self) -> None:
        parts = self._session.walk.parts()
        parts = parts if len(parts) > 1 else []
        if [item.id for item in parts] != [item.id for item in self._parts]:
            self._told = False
            self.bar.forget_width()
            self.times.forget()
        self._parts = parts
        self.bar.setVisible(bool(self._parts))
        if not self._parts:
            self._clock.stop()
            self._show_playing()
            self._reader.want([])
            return
        self.bar.slider.set_count(len(self._parts))
        self._show_labelled()
        self._show_read()
        self._say()

    @Slot()
    def _labelled_changed(self) -> None:
        item = self._session.current.item
        if item is not None and self._parts:
            self._labelled[item.id] = self._session.current.labelled
            self._show_labelled()

    def _show_labelled(self) -> None:
        self.bar.slider.set_labelled(self._places(id for id, slices in self._labelled.items() if slices))

    def _show_read(self) -> None:
        open_item = self._session.current.item
        there = [item.id for item in self._parts if self._reader.get(item.id) is not None]
        self.bar.slider.set_read(self._places([*there, *([open_item.id] if open_item is not None else [])]))

    def _places(self, ids: Iterable[int]) -> frozenset[int]:
        wanted = set(ids)
        return frozenset(at for at, item in enumerate(self._parts) if item.id in wanted)

    @Slot()
    def _item_leaves(self) -> None:
        item = self._session.current.item
        if item is not None:
            self._reader.repainted(item.id)
        if not self._going:
            self.halt()

    @Slot()
    def image_shown(self) -> None:
        """The session's image is on the views, or none is: the phase that was gone to is there, or cannot be."""
        current = self._session.current
        if current.image is not None:
            self.times.read(self._parts)  # after the image: that is what a person waits for
        if self._going and (current.image is not None or not current.loading):
            self._show_open()

    @Slot(int)
    def _arrived(self, id: int) -> None:
        self._show_read()
        item = next((each for each in self._parts if each.id == id), None)
        at = self.bar.slider.value()
        if item is not None and self.bar.slider.isSliderDown() and self._parts[at].id == id:
            self._show(item)

    @Slot(int, object)
    def _failed(self, id: int, fault: BaseException) -> None:
        self._session.failed.emit(fault)

    # By hand --------------------------------------------------------------------------------------------------------------

    @Slot()
    def _taken(self) -> None:
        self._clock.stop()
        self._show_playing()
        self._views.end_stroke()
        self._want(self._at)

    @Slot(int)
    def _dragged(self, at: int) -> None:
        """Show what is there while the bar is dragged."""
        if self.bar.slider.isSliderDown() and at < len(self._parts) and not self._show(self._parts[at]):
            self._want(at)

    @Slot(int)
    def _chosen(self, at: int) -> None:
        if at < len(self._parts):
            self._open(self._parts[at])

    @Slot(int)
    def _take_rate(self, rate: int) -> None:
        settings.set_ui_state(_RATE, str(rate))
        self._clock.setInterval(round(1000 / rate))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.playing and isinstance(watched, Canvas):
            if event.type() in _PRESSES and not _only_looks(watched, event):
                self.stop()
                self.said.emit(tr("Stopped here: the next stroke paints on this phase."))
                return True
            if (
                isinstance(event, QKeyEvent)
                and event.type() == QEvent.Type.KeyPress
                and event.key() == Qt.Key.Key_Escape
            ):
                self.stop()
                return True
        return super().eventFilter(watched, event)


def _only_looks(view: Canvas, event: QEvent) -> bool:
    """Whether the press moves the picture or its window alone."""
    if not isinstance(event, QMouseEvent) or event.button() == Qt.MouseButton.RightButton:
        return False
    return event.button() == Qt.MouseButton.MiddleButton or view.only_looks

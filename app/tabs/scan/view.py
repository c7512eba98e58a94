"""The scan in a tab: views that follow the session's item, with what lies over them, their commands and words."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.shell import settings
from app.shell.actions import TABLE
from app.shell.context import AppContext
from app.tabs.scan.beside import Beside
from app.tabs.scan.dim_keys import DimKeys
from app.tabs.scan.look_memory import LookMemory
from app.tabs.scan.modality import ModalityQuestion
from app.tabs.scan.overlay import Overlay, OverlayOptions
from app.tabs.scan.phases import Phases
from app.tabs.scan.pointer import PointerPlace
from app.tabs.scan.reading_view import ReadingView
from app.tabs.scan.why_empty import WhyEmpty
from app.tabs.scan.words import corner_words
from engine.imaging.image import Image
from engine.imaging.windows import CT_PRESETS
from widgets import theme
from widgets.canvas import Canvas
from widgets.controls import named
from widgets.corners import MARGIN
from widgets.hold_to_toggle import HoldToToggle
from widgets.plane_views import PlaneViews
from widgets.text import tr
from widgets.window_editor import WindowEditor

_NOTCH, _ZOOM = 120, 1.25
_SEVERAL = "several"
_SMOOTH = "smooth pixels"


class ScanView(QWidget):
    """Views of the session's item. Where it is not seen it waits, and catches up when it is shown.

    Several tabs have one each: a command acts on that of `tab` while the tab is in front. With `planes` there may be a view of each
    plane, and other phases and a second item are looked at as well; else there is one view.
    """

    image_shown = Signal()  # the session's image is on the canvas, or none is

    def __init__(
        self, context: AppContext, tab: str, options: OverlayOptions | None = None, *, planes: bool = False
    ) -> None:
        super().__init__()
        name = f"{tab}.scan"
        named(self, name, tr("Scan"))
        self._context, self._session = context, context.session
        self.views = PlaneViews()
        first = self.views.first
        self.overlay = Overlay(context.session, self.views, name, options)
        self.modality = ModalityQuestion(context.session, self, first, name)
        self._looks = LookMemory(context.session, self)
        self._reading = ReadingView(self.views, self._looks)
        self._empty = WhyEmpty(context, first)
        self._image: Image | None = None
        self._take_settings()
        settings.watch().changed.connect(self._take_settings)
        self.peek = HoldToToggle(
            first, context.commands["show_mask"], lambda on: self.overlay.set(mask=on), self._check_commands
        )
        self._window_editor = WindowEditor(first)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._row = QHBoxLayout()
        self._row.setSpacing(1)  # px, the line between
        self._row.addWidget(self.views, 1)
        column.addLayout(self._row, 1)
        self.phases: Phases | None = None
        self.beside: Beside | None = None
        self._connect()
        self._connect_commands(tab)
        if planes:
            self._offer_planes(tab)
            self.beside = Beside(context, self.views, self.overlay, tab)
            self.phases = Phases(context, self.views, self.overlay, tab)  # after it: Esc stops the play first
            self.image_shown.connect(self.beside.follow)
            self.image_shown.connect(self.phases.image_shown)
            self.phases.step_asked.connect(self._go_to_part)
            self._row.addWidget(self.beside.view, 1)
            column.addWidget(self.beside.bar)
            column.addWidget(self.phases.bar)
        self._pointer = PointerPlace(context, first, self.phases)

    @property
    def canvas(self) -> Canvas:
        """The view that commands act on."""
        return self.views.active

    def _offer_planes(self, tab: str) -> None:
        views = self.views
        self._planes_note = f"{tab} views"
        views.first.title_chooses = True
        views.first.title_pressed.connect(self.switch_views)
        views.show_several(settings.ui_state(self._planes_note) == _SEVERAL)
        self._context.commands.connect_to(
            tab, views=self.switch_views, next_plane=views.next_plane, centre_views=views.centre
        )

    def show_several(self, on: bool) -> None:
        settings.set_ui_state(self._planes_note, _SEVERAL if on else "")
        self.views.show_several(on)

    @Slot()
    def switch_views(self) -> None:
        """A view of each plane, or the one alone that the pointer is on."""
        self.show_several(not self.views.several)

    def _connect(self) -> None:
        session, canvas = self._session, self.views.first
        session.current.item_about_to_close.connect(self._leave)
        session.current.mask_about_to_change.connect(self.views.end_stroke)
        session.project_changed.connect(self._follow)
        session.items_changed.connect(self._items_changed)
        session.current.item_about_to_open.connect(self._wish_slice)
        session.current.glimpse_changed.connect(self._show_glimpse)
        session.current.item_changed.connect(self._follow)
        session.current.image_changed.connect(self._follow)
        self.overlay.changed.connect(self._check_commands)
        self.overlay.drawn.connect(self._write_corners)
        canvas.item_asked.connect(self._step_item)
        canvas.columns_asked.connect(self._context.commands["columns"].trigger)
        canvas.window_asked.connect(self.edit_window)
        canvas.slices_asked.connect(self._step_in_part)
        self._window_editor.chosen.connect(canvas.set_window)
        self.views.arranged.connect(self._arranged)
        self.views.watch(self)

    @Slot(int)
    def _step_item(self, step: int) -> None:
        self._context.commands["next_item" if step > 0 else "previous_item"].trigger()

    def _step_part(self, step: int) -> None:
        """To the same place of another phase, echo or b-value of the series, seen the same way."""
        if self.phases is not None:
            self.phases.step(step)
        else:
            self._looks.carry(self._session.walk.step_part(step))

    @Slot(int)
    def _go_to_part(self, id: int) -> None:
        self._session.current.open(id)
        self._looks.carry(True)

    def _connect_commands(self, tab: str) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "zoom_in": lambda: self.canvas.zoom_in(),
            "zoom_out": lambda: self.canvas.zoom_out(),
            "fit": self.views.fit,
            "actual_size": lambda: self.canvas.actual_size(),
            "next_slice": lambda: self.canvas.next_slice(1),
            "previous_slice": lambda: self.canvas.next_slice(-1),
            "next_slices": lambda: self.canvas.next_slice(5),
            "previous_slices": lambda: self.canvas.next_slice(-5),
            "next_part": lambda: self._step_part(1),
            "previous_part": lambda: self._step_part(-1),
            "auto_window": lambda: self.canvas.auto_window(),
            "reset_window": lambda: self.canvas.reset_window(),
            "invert": lambda: self._draw(inverted=not self.canvas.inverted),
            "smooth": lambda: self._draw(smooth=self._checked("smooth")),
            "show_mask": self.peek.run,
            "show_prediction": lambda: self.overlay.set(prediction=self._checked("show_prediction")),
            "outline": lambda: self.overlay.show_outlines(self._checked("outline")),
            "more_opaque": lambda: self.overlay.more_opaque(1),
            "less_opaque": lambda: self.overlay.more_opaque(-1),
        }
        for number, window in enumerate(CT_PRESETS.values(), start=1):
            handlers[f"window_{number}"] = lambda window=window: self.canvas.set_window(window)  # type: ignore[misc]
        self._context.commands.connect_to(tab, **handlers)
        for number in range(1, len(CT_PRESETS) + 1):
            DimKeys(self._context.commands, f"window_{number}", self, self.views.first.refused.emit)
        self.views.first.addActions([self._context.commands[command.id] for command in TABLE if command.on_scan])

    def _draw(self, inverted: bool | None = None, smooth: bool | None = None) -> None:
        if smooth is not None:
            settings.set_ui_state(_SMOOTH, "1" if smooth else "")
        self.views.set_drawing(inverted=inverted, smooth=smooth)
        self._check_commands()

    @Slot()
    def edit_window(self) -> None:
        """Width and level are typed, where they are written."""
        image, view = self._image, self.views.first
        if image is not None:
            area = view.window_area
            corner = area.bottomRight() if not area.isEmpty() else QPointF(view.width() - MARGIN, MARGIN)
            self._window_editor.edit(view.window_level, image.unit, corner.toPoint())

    def _checked(self, id: str) -> bool:
        return self._context.commands[id].isChecked()

    @Slot()
    def _arranged(self) -> None:
        self._row.setStretch(0, 2 if self.views.several else 1)
        if self.isVisible():
            self._write_corners()

    @Slot()
    def _check_commands(self) -> None:
        if not self.isVisible():
            return
        for id, on in (
            ("show_mask", self.overlay.options.mask),
            ("show_prediction", self.overlay.options.prediction),
            ("outline", self.overlay.options.outline),
            ("invert", self.canvas.inverted),
            ("smooth", self._smooth),
        ):
            self._context.commands[id].setChecked(on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key of a command that cannot be given now says why; asked here, since what the scan lies in may scroll by arrows."""
        why = "" if event.isAutoRepeat() else self._context.commands.why_not(QKeySequence(event.keyCombination()))
        if why:
            self.views.first.refused.emit(why)
        else:
            super().keyPressEvent(event)

    # Which image -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line between the views and the second item, dark in both themes."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.scan_color("hairline"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.views.set_drawing(smooth=self._smooth)
        self._check_commands()
        self._follow()
        self.overlay.repaint()

    @property
    def _smooth(self) -> bool:
        """Whether enlarged pixels are smoothed, in every tab."""
        return settings.ui_state(_SMOOTH) == "1"

    @Slot()
    def _take_settings(self) -> None:
        self._wheel_zooms = settings.load().wheel_zooms

    @Slot()
    def _leave(self) -> None:
        """The item goes: a stroke under the pen ends while its mask is still there."""
        self._looks.carry(False)
        if self.isVisible():
            self._keep_look()
        self._take(None)
        self._empty.clear()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.phases is not None:
            self.phases.halt()
        self._keep_look()

    def _keep_look(self) -> None:
        if self._image is not None:
            self._looks.keep(self._image, self.views.look)

    @Slot()
    def _wish_slice(self) -> None:
        """Of the item that opens, the slice that will be shown is read first."""
        if self.isVisible():
            self._session.current.wanted = self._looks.first_slice(self._session.current.wanted)

    @Slot()
    def _follow(self) -> None:
        """Show the session's image, or say why there is none."""
        if not self.isVisible():
            return
        image = self._session.current.image
        if image is None and self._session.current.glimpse is not None:
            self._show_glimpse()
            self._check_commands()
            return
        if image is None or image is not self._image:
            self._take(image)
            self._pointer.leave()
        if image is None:
            self._empty.explain()
        self.overlay.update()
        self._check_commands()
        self.modality.follow(self._image is not None)
        self.image_shown.emit()

    @Slot()
    def _show_glimpse(self) -> None:
        """Show what is there of the image that is being read."""
        current = self._session.current
        if not self.isVisible() or current.image is not None or current.item is None:
            return
        if current.glimpse is None:
            self._empty.more_was_read()
        else:
            self._empty.stop_waiting()
            self._reading.show(current.item, current.glimpse, current.percent)

    @Slot(int)
    def _step_in_part(self, steps: int) -> None:
        """To another slice of the image that is being read."""
        number = self._reading.step(steps)
        if number is not None:
            self._session.current.wish_slice(number)
            self._show_glimpse()

    def _take(self, image: Image | None) -> None:
        self._empty.stop_waiting()
        self._window_editor.hide()
        seen = self._reading.end()
        self.views.set_image(image)
        look = self._looks.look_at(image) if image is not None else None
        if seen is not None and image is not None:
            look = seen.at_whole(look)
        if look is not None:
            self.views.set_look(look)
        self._image = image
        self.overlay.set_image(image)
        if seen is not None and image is not None:
            self._tell_range(seen.glimpse.image, image)

    def _tell_range(self, before: Image, image: Image) -> None:
        """A grey range that is another now that all is read is not changed in silence."""
        if before.window != image.window == self.views.first.window_level:
            self._session.notification.emit(tr("All is read: the grey range is that of the whole image now."), "info")

    @Slot()
    def _write_corners(self) -> None:
        item, image = self._session.current.item, self._image
        if item is not None and image is not None:
            for view in self.views:
                words = corner_words(item, image, view.plane, self.overlay.legend() if view is self.views.first else ())
                if self.views.several:
                    words = replace(words, active=view is self.canvas, window=view is self.views.first)
                view.set_corners(words)

    @Slot()
    def _items_changed(self) -> None:
        self.modality.follow(self._image is not None)
        if self._image is None:
            self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel zooms for those who want it so."""
        if self._wheel_zooms and isinstance(event, QWheelEvent) and not event.modifiers():
            self.canvas.zoom_by(_ZOOM ** (event.angleDelta().y() / _NOTCH), event.position())
            return True
        return super().eventFilter(watched, event)

"""The scan in a tab: views that follow the session (image, mask, prediction), their commands, words and the status line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.shell import settings
from app.shell.actions import TABLE
from app.shell.context import AppContext
from app.shell.errors import user_message
from app.tabs.parts.series import part_text
from app.tabs.scan.beside import Beside
from app.tabs.scan.look import look_at_same_place, look_for_alike, look_key, read_look, write_look
from app.tabs.scan.phases import Phases
from app.tabs.scan.reading import look_at_part, look_at_whole, slice_of_look
from app.tabs.scan.words import corner_words, lighten, place_words, reading_words
from engine.imaging.geometry import Plane
from engine.imaging.glimpse import Glimpse
from engine.imaging.image import Image
from engine.imaging.windows import CT_PRESETS
from engine.labels.edit import Box, Ids, Labels
from engine.scoring.errors import ErrorMap, FateMap
from engine.scoring.instances import FATES, Fate
from engine.scoring.object_differences import ComparedCase
from engine.scoring.render import ERROR_COLORS, ERROR_NAMES, FATE_COLORS, FATE_NAMES
from engine.words import translatable
from widgets import theme
from widgets.canvas import Canvas
from widgets.controls import named
from widgets.corners import MARGIN
from widgets.divider import Divider
from widgets.hold_to_toggle import HoldToToggle
from widgets.layers import FILL, OverlayLayer, Style
from widgets.plane_views import PlaneViews
from widgets.question_bar import QuestionBar
from widgets.slice_view import Look
from widgets.text import tr
from widgets.window_editor import WindowEditor

_SLOW = 300  # ms after which an image that is still being read is said to be
_OPACITY_STEP = 0.1
_NOTCH, _ZOOM = 120, 1.25
_NO, _ALL = 1, 2  # answers: yes is the first
_SEVERAL = "several"
_SMOOTH = "smooth pixels"


LayerName: TypeAlias = Literal["mask", "prediction"]


@dataclass(frozen=True)
class OverlayOptions:
    """What lies over the scan and how. `errors` shows right, too much and missed instead of mask and prediction, `swipe` the mask
    left and the prediction right of a divider, both in the mask's style."""

    mask: bool = True
    prediction: bool = False
    errors: bool = False
    swipe: bool = False
    mask_style: Style = "both"
    prediction_style: Style = "outline"  # two fills of the same colours cannot be told apart
    mask_opacity: float = FILL  # of the areas
    prediction_opacity: float = FILL
    mask_line: float = 1.0  # of outlines without areas
    prediction_line: float = 1.0
    errors_opacity: float = 0.5
    hidden: frozenset[int] = frozenset()  # values of classes that are not shown

    @property
    def outline(self) -> bool:
        """Whether nothing but outlines is drawn."""
        return self.mask_style == self.prediction_style == "outline"

    def style(self, layer: LayerName) -> Style:
        style: Style = getattr(self, f"{layer}_style")
        return style

    def strength(self, layer: LayerName) -> float:
        """How opaque the layer is in the style it has."""
        strength: float = getattr(self, strength_of(layer, self.style(layer)))
        return strength


LOST = 254
"""Value in a proposal: a class goes there."""

_PROPOSED = 0.6  # opacity of the areas of a proposal


def strength_of(layer: LayerName, style: Style) -> str:
    """The field of the options that says how opaque the layer is in that style."""
    return f"{layer}_line" if style == "outline" else f"{layer}_opacity"


class ScanView(QWidget):
    """Views of the session's image, mask and prediction. Where it is not seen it waits, and catches up when it is shown.

    Several tabs have one each: a command acts on that of `tab` while the tab is in front. With `planes` there may be a view of each
    plane, else there is one.
    """

    image_shown = Signal()  # the session's image is on the canvas, or none is
    look_changed = Signal()

    def __init__(
        self, context: AppContext, tab: str, overlay: OverlayOptions | None = None, *, planes: bool = False
    ) -> None:
        super().__init__()
        name = f"{tab}.scan"
        named(self, name, tr("Scan"))
        self._context, self._session = context, context.session
        self.views = PlaneViews()
        first = self.views.first
        self.divider = Divider(f"{name}.divider", first, tr("your mask"), tr("prediction"))
        self.question = QuestionBar(f"{name}.question", first)
        self._overlay = overlay or OverlayOptions()
        self._styles: tuple[Style, Style] = (
            OverlayOptions.mask_style,
            OverlayOptions.prediction_style,
        )  # before all became outlines
        self._image: Image | None = None
        self._glimpse: Glimpse | None = None  # what is on the canvas while the image is read
        self._glimpse_look = Look()  # as it was shown at first
        self._mask: OverlayLayer | None = None
        self._prediction: OverlayLayer | None = None
        self._errors, self._fates = ErrorMap(), (FateMap(), FateMap())  # fates: of the prediction's objects, of mine
        # objects that were matched, and which fate is shown alone
        self._case: tuple[ComparedCase, Fate | None] | None = None
        self._error_layers: tuple[OverlayLayer, ...] = ()
        self._proposal: Labels | None = (
            None  # what an operation would change: new values, LOST where it takes them away
        )
        self._proposed_colors: Sequence[str] = ()
        self._proposed_ids: Ids | None = None
        self._fault = ("", "")  # what was said when the open item's image was not read, and what helps
        self._looks: dict[str, Look] = {}  # at the images of the project
        self._left: tuple[Image, Look] | None = None  # the image before
        self._carried = False  # the look goes with it to the part of the series that is on its way
        self._labelled: frozenset[int] = frozenset()  # as it was shown last
        self._step = ""  # the command that helps where nothing is shown
        self._take_settings()
        settings.watch().changed.connect(self._take_settings)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_SLOW)
        self._late.timeout.connect(self._say_reading)
        self.peek = HoldToToggle(first, context.commands["show_mask"], self.show_mask, self._check_commands)
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
            self.beside = Beside(context, self, tab)
            self.phases = Phases(context, self, tab)  # after it: Esc stops the play first
            self.phases.step_asked.connect(self._go_to_part)
            self.phases.covered.connect(self._hover_ended)
            self._row.addWidget(self.beside.view, 1)
            column.addWidget(self.beside.bar)
            column.addWidget(self.phases.bar)

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
        session.project_changed.connect(self._project_changed)
        session.items_changed.connect(self._items_changed)
        session.current.item_about_to_open.connect(self._wish_slice)
        session.current.glimpse_changed.connect(self._show_glimpse)
        session.current.item_changed.connect(self._follow)
        session.current.image_changed.connect(self._follow)
        session.current.mask_changed.connect(self._mask_changed)
        session.current.history_changed.connect(self._history_changed)
        session.predictions.prediction_changed.connect(self._update_layers)
        session.classes_changed.connect(self._update_layers)
        session.failed.connect(self._failed)
        canvas.hovered.connect(self._hovered)
        canvas.hover_ended.connect(self._hover_ended)
        canvas.slice_changed.connect(self._slice_changed)
        canvas.opacity_asked.connect(self._more_opaque)
        canvas.empty_clicked.connect(self._help)
        canvas.item_asked.connect(self._step_item)
        canvas.columns_asked.connect(self._context.commands["columns"].trigger)
        canvas.window_asked.connect(self.edit_window)
        self._window_editor.chosen.connect(canvas.set_window)
        self.views.arranged.connect(self._arranged)
        self.views.watch(self)
        self.question.answered.connect(self._say_modality)

    def _ask_modality(self) -> None:
        """A modality that was guessed from the values is not taken in silence."""
        session, item = self._session, self._session.current.item
        if item is None or not item.guessed or self._image is None or not session.writable:
            self.question.ask("", ())
            return
        alike = len(self._guessed())
        answers = [tr("Yes"), tr("No"), *([tr("Yes, all {count} of them", count=alike)] if alike > 1 else [])]
        self.question.ask(tr("These values look like Hounsfield units: is it CT?"), answers)

    def _guessed(self) -> list[int]:
        return [item.id for item in self._session.items() if item.guessed]

    @Slot(int)
    def _say_modality(self, answer: int) -> None:
        item = self._session.current.item
        if item is not None:
            self._session.set_modality(
                self._guessed() if answer == _ALL else [item.id], "OT" if answer == _NO else "CT"
            )

    @Slot(int)
    def _step_item(self, step: int) -> None:
        self._context.commands["next_item" if step > 0 else "previous_item"].trigger()

    def _step_part(self, step: int) -> None:
        """To the same place of another phase, echo or b-value of the series, seen the same way."""
        if self.phases is not None:
            self.phases.step(step)
        else:
            self._carried = self._session.current.step_part(step)

    @Slot(int)
    def _go_to_part(self, id: int) -> None:
        self._session.current.open(id)
        self._carried = True

    def _connect_commands(self, tab: str) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "zoom_in": lambda: self.canvas.zoom_in(),
            "zoom_out": lambda: self.canvas.zoom_out(),
            "fit": lambda: self.canvas.fit(),
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
            "show_prediction": lambda: self.show_prediction(self._checked("show_prediction")),
            "outline": lambda: self.show_outlines(self._checked("outline")),
            "more_opaque": lambda: self._more_opaque(1),
            "less_opaque": lambda: self._more_opaque(-1),
        }
        for number, window in enumerate(CT_PRESETS.values(), start=1):
            handlers[f"window_{number}"] = lambda window=window: self.canvas.set_window(window)  # type: ignore[misc]
        self._context.commands.connect_to(tab, **handlers)
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

    # What lies over the scan -------------------------------------------------------------------------------------------

    @property
    def overlay(self) -> OverlayOptions:
        return self._overlay

    def set_overlay(self, **changes: Any) -> None:
        """Change fields of the options."""
        overlay = replace(self._overlay, **changes)
        if overlay == self._overlay:
            return
        self._overlay = overlay
        if not overlay.outline:
            self._styles = overlay.mask_style, overlay.prediction_style
        self._update_layers()
        self._check_commands()
        self.look_changed.emit()

    def show_mask(self, on: bool) -> None:
        self.set_overlay(mask=on)

    def show_prediction(self, on: bool) -> None:
        self.set_overlay(prediction=on)

    def show_outlines(self, on: bool) -> None:
        """Nothing but outlines; off again, mask and prediction are drawn as they were."""
        mask, prediction = ("outline", "outline") if on else self._styles
        self.set_overlay(mask_style=mask, prediction_style=prediction)

    def set_proposal(self, changes: Labels | None, colors: Sequence[str] = (), ids: Ids | None = None) -> None:
        """Lay over the scan what an operation would change: uint8 (z, y, x), 0 where nothing, LOST where a class goes, else the new
        class. None: nothing is proposed. `colors` of the classes, where they will be others; the new objects' `ids`."""
        if changes is not self._proposal:
            self._proposal, self._proposed_colors, self._proposed_ids = changes, colors, ids
            self._update_layers()

    @property
    def proposing(self) -> bool:
        """Whether what an operation would change lies over the scan."""
        return self._proposal is not None

    @Slot(int)
    def _more_opaque(self, steps: int) -> None:
        overlay = self._overlay
        layer: LayerName = "mask" if overlay.mask or overlay.swipe or not overlay.prediction else "prediction"
        field = "errors_opacity" if overlay.errors else strength_of(layer, overlay.style(layer))
        opacity = getattr(overlay, field) + steps * _OPACITY_STEP
        self.set_overlay(**{field: round(min(max(opacity, 0.0), 1.0), 2)})

    def mask_layer(self, labels: Labels) -> OverlayLayer:
        """These labels as a mask is drawn."""
        overlay, colors = self._overlay, [each.color for each in self._session.classes]
        return OverlayLayer(
            labels, colors, overlay.strength("mask"), overlay.mask, overlay.mask_style, overlay.hidden, "mask"
        )

    @Slot()
    def _update_layers(self) -> None:
        """Put the layers over the scan as the overlay wants them."""
        if self._image is None or not self.isVisible():
            return
        self.views.tell_hover()  # another class or mask is under the pointer
        self._show_labelled()
        session, overlay = self._session, self._overlay
        if session.current.mask is None:
            self._error_layers = ()
            self.views.set_layers([])
            return
        colors = [each.color for each in session.classes]
        errors = overlay.errors and session.predictions.labels is not None
        swipe = overlay.swipe and session.predictions.labels is not None and not errors
        self._mask = replace(
            self.mask_layer(session.current.mask.labels),
            visible=overlay.mask and not errors,
            side="left" if swipe else "",
            ids=session.current.mask.ids,
        )
        layers = [self._mask]
        proposed = []
        if self._proposal is not None:
            proposed = [_proposal_layer(self._proposal, self._proposed_colors or colors, self._proposed_ids)]
        self._prediction, self._error_layers = None, ()
        if session.predictions.labels is not None:
            like: LayerName = "mask" if swipe else "prediction"
            self._prediction = OverlayLayer(
                session.predictions.labels,
                [lighten(color) for color in colors] if overlay.mask and not swipe else colors,
                overlay.strength(like),
                overlay.prediction and not errors,
                overlay.style(like),
                overlay.hidden,
                "prediction",
                "right" if swipe else "",
                session.predictions.ids,
            )
            layers.append(self._prediction)
        if errors:
            self._error_layers = self._layers_of_errors()
            for view in self.views:
                for codes in self._maps_of_errors():
                    codes.show(view.plane, view.index)
            self.views.set_layers([*layers, *self._error_layers, *proposed])
            for view in self.views:
                self._show_errors(view.plane, view.index)  # the same array may hold another prediction's errors now
        else:
            self.views.set_layers([*layers, *proposed])
        self.divider.setVisible(swipe)
        self._write_corners()

    def show_fates(self, case: ComparedCase | None, only: Fate | None = None) -> None:
        """In the view of errors show what became of each object of the case, or of those with one fate `only`; None: right and wrong
        pixels."""
        found = (case, only) if case is not None else None
        if found != self._case:
            self._case = found
            self._update_layers()

    def _maps_of_errors(self) -> tuple[ErrorMap | FateMap, ...]:
        """What the layers of errors are drawn from, in their order."""
        return (self._errors,) if self._case is None else self._fates

    def _layers_of_errors(self) -> tuple[OverlayLayer, ...]:
        session, overlay, mask = self._session, self._overlay, self._session.current.mask
        style: Style = "outline" if overlay.outline else "both"
        assert mask is not None
        if self._case is None or mask.ids is None:
            shown = session.predictions
            self._errors.follow(mask, shown.labels, overlay.hidden, shown.unknown)
            return (OverlayLayer(self._errors.codes, ERROR_COLORS, overlay.errors_opacity, style=style, name="errors"),)
        case, only = self._case
        model, mine = self._fates
        for codes, ids, fates in ((mine, mask.ids, case.of_mine), (model, case.ids, case.of_model)):
            codes.follow(ids, fates if only is None else np.where(fates == FATES.index(only), fates, np.uint8(0)))
        return (
            OverlayLayer(
                model.codes, FATE_COLORS, overlay.errors_opacity, style=style, name="fates", ids=case.ids, varied=False
            ),
            OverlayLayer(
                mine.codes,
                FATE_COLORS,
                overlay.errors_opacity / 2,
                style=style,
                name="my fates",
                ids=mask.ids,
                varied=False,
            ),
        )

    @Slot(object)
    def _mask_changed(self, box: Box) -> None:
        if self.isVisible() and self._mask is not None and not box.empty:
            self.views.layer_changed(self._mask, box)
            self.views.go_into(box)  # what changed by other means than the pen (an undo, a redo) is seen
            self.views.tell_hover()
            first, *others = self.views
            for layer, codes in zip(self._error_layers, self._maps_of_errors(), strict=False):
                self._redraw(layer, codes.changed(box, first.plane, first.index))
            for view in others:
                self._show_errors(view.plane, view.index)

    def _show_labelled(self) -> None:
        self._labelled = self._session.current.labelled
        for view in self.views:
            view.slice_bar.set_labelled(self._labelled if view.plane == "axial" else None)

    def _show_errors(self, plane: Plane, index: int) -> None:
        for layer, codes in zip(self._error_layers, self._maps_of_errors(), strict=False):
            self._redraw(layer, codes.show(plane, index))

    def _redraw(self, layer: OverlayLayer, box: Box) -> None:
        if not box.empty:
            self.views.layer_changed(layer, box)

    @Slot()
    def _history_changed(self) -> None:
        """A stroke was kept: what is right and wrong may be other now."""
        for codes in (self._errors, *self._fates):
            codes.forget()
        if self.isVisible() and self._image is not None:
            changed = self._labelled ^ self._session.current.labelled
            self._show_labelled()
            stored = self.views.of("axial")
            if len(changed) == 1 and stored is not None:
                stored.set_slice(*changed)
            for view in self.views:
                self._slice_changed(view.plane, view.index)

    @Slot(str, int)
    def _slice_changed(self, plane: Plane, index: int) -> None:
        self._show_labelled()
        self._show_errors(plane, index)

    @Slot()
    def _arranged(self) -> None:
        self._row.setStretch(0, 2 if self.views.several else 1)
        if self.isVisible() and self._image is not None:
            self._write_corners()
            for view in self.views:
                self._slice_changed(view.plane, view.index)

    def _check_commands(self) -> None:
        if not self.isVisible():
            return
        for id, on in (
            ("show_mask", self._overlay.mask),
            ("show_prediction", self._overlay.prediction),
            ("outline", self._overlay.outline),
            ("invert", self.canvas.inverted),
            ("smooth", self._smooth),
        ):
            self._context.commands[id].setChecked(on)

    # Which image -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line between the views and the second item, dark in both themes."""
        QPainter(self).fillRect(self.rect(), theme.scan_color("hairline"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.views.set_drawing(smooth=self._smooth)
        self._check_commands()
        self._follow()
        if self._mask is not None:  # what was painted in another tab meanwhile
            self.views.layer_changed(self._mask, Box((0, 0, 0), self._mask.labels.shape))
            for view in self.views:
                self._slice_changed(view.plane, view.index)

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
        self._carried = False
        if self.isVisible():
            self._keep_look()
        self._take(None)
        self._fault = ("", "")
        self._say("")

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.phases is not None:
            self.phases.halt()
        self._keep_look()

    def _keep_look(self) -> None:
        """How the item was looked at, for when it is opened again and for the next one."""
        session, item = self._session, self._session.current.item
        if item is None or self._image is None or self._image is not session.current.image:
            return
        look, key = self.views.look, look_key(item)
        self._left = self._image, look
        if self._looks.get(key) != look:
            self._looks[key] = look
            session.set_note(key, write_look(look))

    def _kept_look(self) -> Look | None:
        """How the open item was looked at last."""
        item, project = self._session.current.item, self._session.project
        if item is None or project is None:
            return None
        return self._looks.get(look_key(item)) or read_look(project.note(look_key(item)))

    def _look_at(self, image: Image) -> Look | None:
        if self._carried and self._left is not None:
            self._carried = False
            return look_at_same_place(*self._left, image)
        kept = self._kept_look()
        if kept is None and self._left is not None:
            return look_for_alike(*self._left, image)
        return kept

    @Slot()
    def _project_changed(self) -> None:
        self._looks.clear()
        self._left = None
        self._follow()

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
            glimpse = self._glimpse
            self._take(image)
            self._hover_ended()
            if glimpse is not None and image is not None:
                self._tell_range(glimpse.image, image)
        if image is None:
            self._explain()
        self._update_layers()
        self._check_commands()
        self._ask_modality()
        self.image_shown.emit()

    @Slot()
    def _wish_slice(self) -> None:
        """Of the item that opens, the slice that will be shown is read first."""
        item, look = self._session.current.item, self._kept_look()
        if look is None and item is not None and self._left is not None and self._left[0].shape == item.shape:
            look = self._left[1]
        if self.isVisible() and look is not None:
            self._session.current.wanted = slice_of_look(look, self._session.current.wanted)

    @Slot()
    def _show_glimpse(self) -> None:
        """Show what is there of the image that is being read."""
        current = self._session.current
        if not self.isVisible() or current.image is not None or current.item is None:
            return
        glimpse = current.glimpse
        if glimpse is None:
            if not self._late.isActive():
                self._say_reading()
            return
        if glimpse is not self._glimpse:
            own = self._look_while_reading
            self._late.stop()
            self.views.set_image(glimpse.image)
            why = tr("{name} is still being read: wait until all of it is there.", name=current.item.name)
            self.views.first.set_reading(why, glimpse.count)
            self.views.set_look(own or look_at_part(self._look_to_come(glimpse, current.item.shape), glimpse))
            self._glimpse = glimpse
            if own is None:
                self._glimpse_look = self.views.first.look
        self.views.first.set_corners(reading_words(current.item, glimpse, current.percent))

    def _look_to_come(self, glimpse: Glimpse, shape: tuple[int, int, int]) -> Look | None:
        """As far as it is known before all is read, the look that the whole will have."""
        part = glimpse.image
        whole = replace(part, geometry=replace(part.geometry, shape=shape))  # of one slice: nobody looks at its pixels
        if self._carried and self._left is not None:
            before, look = self._left
            return replace(look, window=look.window or before.window)
        kept = self._kept_look()
        return look_for_alike(*self._left, whole) if kept is None and self._left is not None else kept

    @property
    def _look_while_reading(self) -> Look | None:
        """How a person looks at what is there of the image; None where nothing was changed."""
        look = self.views.first.look
        return None if self._glimpse is None or look == self._glimpse_look else look

    def _take(self, image: Image | None) -> None:
        self._late.stop()
        self._window_editor.hide()
        own, glimpse, self._glimpse = self._look_while_reading, self._glimpse, None
        self.views.set_image(image)
        look = self._look_at(image) if image is not None else None
        if glimpse is not None and own is not None and image is not None:
            look = look_at_whole(look, own, glimpse)
        if look is not None:
            self.views.set_look(look)
        self._image, self._mask, self._prediction, self._proposal = image, None, None, None
        self.divider.hide()
        self._errors, self._fates, self._error_layers, self._case = ErrorMap(), (FateMap(), FateMap()), (), None

    def _tell_range(self, before: Image, image: Image) -> None:
        """A grey range that is another now that all is read is not changed in silence."""
        if before.window != image.window == self.views.first.window_level:
            self._session.notification.emit(tr("All is read: the grey range is that of the whole image now."), "info")

    def _write_corners(self) -> None:
        item, image = self._session.current.item, self._image
        if item is not None and image is not None:
            for view in self.views:
                words = corner_words(item, image, view.plane, self._legend() if view is self.views.first else ())
                if self.views.several:
                    words = replace(words, active=view is self.canvas, window=view is self.views.first)
                view.set_corners(words)

    def _legend(self) -> tuple[tuple[str, str], ...]:
        """What the colours stand for, where that is not plain: errors, or mask and prediction at once."""
        session, overlay = self._session, self._overlay
        if session.predictions.labels is None:
            return ()
        if overlay.errors and self._case is not None:
            return tuple(zip(FATE_COLORS, FATE_NAMES, strict=True))
        if overlay.errors:
            return tuple(zip(ERROR_COLORS, ERROR_NAMES, strict=True))
        if overlay.mask and overlay.prediction and not overlay.swipe and session.classes:
            color = session.classes[0].color
            return (color, translatable("your mask")), (lighten(color), translatable("prediction"))
        return ()

    def _explain(self) -> None:
        """Say in the canvas's place why no scan is there, with the one step that helps."""
        session = self._session
        if session.project is None:
            self._say(tr("No project is open."), "open_project")
        elif not session.project.items.count():
            self._say(tr("This project has no images yet."), "import_images")
        elif session.current.item is None:
            self._say(tr("Choose an item in the list."), "next_item")
        elif session.current.loading:
            self._say("")
            self._late.start()
        else:
            what, advice = self._fault
            what = what or tr("The image was not read.")
            lost = any(not Path(file).exists() for file in session.current.item.source.files)
            self._say(f"{what}\n{advice}".strip(), "find_moved" if lost else "next_item")

    def _say(self, text: str, step: str = "") -> None:
        self._step = step
        self.views.first.set_empty(text, self._context.commands[step].text() if step else "")

    @Slot()
    def _say_reading(self) -> None:
        if self._session.current.item is not None and self._session.current.loading:
            item, percent = self._session.current.item, self._session.current.percent
            known = percent is not None
            self._say(
                tr("Opening {name}, {percent} %", name=item.name, percent=percent)
                if known
                else tr("Opening {name}…", name=item.name)
            )

    @Slot()
    def _help(self) -> None:
        if self._step:
            self._context.commands[self._step].trigger()

    @Slot()
    def _items_changed(self) -> None:
        self._ask_modality()
        if self._image is None:
            self._follow()

    @Slot(object)
    def _failed(self, fault: BaseException) -> None:
        if self._session.current.item is not None and self._session.current.image is None:
            self._fault = user_message(fault)  # not the fault: its frames may hold a network and its batch

    # The pointer -------------------------------------------------------------------------------------------------------

    @Slot(int, int, int, str)
    def _hovered(self, z: int, y: int, x: int, value: str) -> None:
        session = self._session
        if session.current.mask is None or not self.isVisible() or self._covered:
            return
        label = int(session.current.mask.labels[z, y, x])
        name = session.classes[label - 1].name if 0 < label <= len(session.classes) else ""
        if session.current.mask.ids is not None and (id := int(session.current.mask.ids[z, y, x])):
            name = f"{name} {id}"
        words = place_words(session.current.mask.shape, (z, y, x), value, name)
        self._context.status.set_place([*words, self._part_word()])

    @Slot()
    def _hover_ended(self) -> None:
        """Nothing of the open item is under the pointer."""
        if self.isVisible():
            self._context.status.set_place([self._part_word()])

    @property
    def _covered(self) -> bool:
        """Whether another phase is seen in the open item's place."""
        return self.phases is not None and self.phases.shown is not None

    def _part_word(self) -> str:
        """Which part of a series is seen."""
        item = self.phases.shown if self.phases is not None else None
        item = item or self._session.current.item
        return part_text(item.part) if item is not None and item.part is not None else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel zooms for those who want it so."""
        if self._wheel_zooms and isinstance(event, QWheelEvent) and not event.modifiers():
            self.canvas.zoom_by(_ZOOM ** (event.angleDelta().y() / _NOTCH), event.position())
            return True
        return super().eventFilter(watched, event)


def _proposal_layer(changes: Labels, colors: Sequence[str], ids: Ids | None) -> OverlayLayer:
    """New areas in a lighter tone of their class; what goes is white, as values are that no class stands for."""
    return OverlayLayer(changes, [lighten(color) for color in colors], _PROPOSED, name="proposal", ids=ids)

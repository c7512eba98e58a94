"""What lies over the scan: mask, prediction, what is right and wrong between them, and what an operation would change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from app.services.project_session import ProjectSession
from app.tabs.scan.error_layers import ErrorLayers
from app.tabs.scan.words import lighten
from engine.imaging.geometry import Plane
from engine.imaging.image import Image
from engine.labels.edit import Box, Ids, Labels
from engine.scoring.instances import Fate
from engine.scoring.object_differences import ComparedCase
from engine.words import translatable
from widgets.divider import Divider
from widgets.layers import FILL, OverlayLayer, Style
from widgets.plane_views import PlaneViews
from widgets.text import tr

LayerName: TypeAlias = Literal["mask", "prediction"]

LOST = 254
"""Value in a proposal: a class goes there."""

_PROPOSED = 0.6  # opacity of the areas of a proposal
_OPACITY_STEP = 0.1


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


def strength_of(layer: LayerName, style: Style) -> str:
    """The field of the options that says how opaque the layer is in that style."""
    return f"{layer}_line" if style == "outline" else f"{layer}_opacity"


@dataclass(frozen=True, eq=False)
class _Proposed:
    """What an operation would change, as `Overlay.propose` says."""

    changes: Labels
    colors: Sequence[str]
    ids: Ids | None

    def layer(self, colors: Sequence[str]) -> OverlayLayer:
        """New areas in a lighter tone of their class; what goes is white, as values are that no class stands for."""
        shown = [lighten(color) for color in self.colors or colors]
        return OverlayLayer(self.changes, shown, _PROPOSED, name="proposal", ids=self.ids)


_NOT_COMPARED = (("dim", translatable("not labelled: nothing is compared here")),)


class Overlay(QObject):
    """Lays the session's mask and prediction over the views as the options say, and follows what changes in them. It draws nothing where
    the views are not seen, nor before their image is the session's (`set_image`)."""

    changed = Signal()  # the options are others
    drawn = Signal()  # the layers were laid over the scan anew

    def __init__(
        self, session: ProjectSession, views: PlaneViews, name: str, options: OverlayOptions | None = None
    ) -> None:
        super().__init__(views)
        self._session, self._views = session, views
        self.divider = Divider(f"{name}.divider", views.first, tr("your mask"), tr("prediction"))
        self._options = options or OverlayOptions()
        self._with_areas = OverlayOptions()  # before all became outlines
        self._image: Image | None = None
        self._mask: OverlayLayer | None = None
        self._errors = ErrorLayers(self._redraw)
        self._proposed: _Proposed | None = None
        self._labelled: frozenset[int] = frozenset()  # as it was shown last
        self._says_skipped = False  # the legend, that nothing is compared on this slice
        self.layers: tuple[OverlayLayer, ...] = ()  # that lie over the scan, the lowest first
        session.current.unseen_changed.connect(self._bring_into_view)
        session.current.mask_changed.connect(self._mask_changed)
        session.current.labelled_changed.connect(self._labelled_changed)
        session.current.history_changed.connect(self._history_changed)
        session.predictions.prediction_changed.connect(self.update)
        session.classes_changed.connect(self.update)
        views.first.slice_changed.connect(self._slice_changed)
        views.first.opacity_asked.connect(self.more_opaque)
        views.arranged.connect(self._arranged)

    # What is asked for ----------------------------------------------------------------------------------------------------

    @property
    def options(self) -> OverlayOptions:
        return self._options

    def set(self, **changes: Any) -> None:
        """Change fields of the options."""
        options = replace(self._options, **changes)
        if options == self._options:
            return
        self._options = options
        if not options.outline:
            self._with_areas = options
        self.update()
        self.changed.emit()

    def show_outlines(self, on: bool) -> None:
        """Nothing but outlines; off again, mask and prediction are drawn as they were."""
        before = self._with_areas
        if on:
            self.set(mask_style="outline", prediction_style="outline")
        else:
            self.set(mask_style=before.mask_style, prediction_style=before.prediction_style)

    @Slot(int)
    def more_opaque(self, steps: int) -> None:
        """What is looked at first of errors, mask and prediction; negative steps: less."""
        options = self._options
        layer: LayerName = "mask" if options.mask or options.swipe or not options.prediction else "prediction"
        field = "errors_opacity" if options.errors else strength_of(layer, options.style(layer))
        opacity = getattr(options, field) + steps * _OPACITY_STEP
        self.set(**{field: round(min(max(opacity, 0.0), 1.0), 2)})

    def propose(self, changes: Labels | None, colors: Sequence[str] = (), ids: Ids | None = None) -> None:
        """Lay over the scan what an operation would change: uint8 (z, y, x), 0 where nothing, LOST where a class goes, else the new
        class. None: nothing is proposed. `colors` of the classes, where they will be others; the new objects' `ids`."""
        before = self._proposed.changes if self._proposed is not None else None
        if changes is not before:
            self._proposed = _Proposed(changes, colors, ids) if changes is not None else None
            self.update()

    @property
    def proposing(self) -> bool:
        """Whether what an operation would change lies over the scan."""
        return self._proposed is not None

    def show_fates(self, case: ComparedCase | None, only: Fate | None = None) -> None:
        """In the view of errors show what became of each object of the case, or of those with one fate `only`; None: right and wrong
        pixels."""
        if self._errors.set_fates(case, only):
            self.update()

    def mask_layer(self, labels: Labels) -> OverlayLayer:
        """These labels as a mask is drawn."""
        options, colors = self._options, [each.color for each in self._session.classes]
        return OverlayLayer(
            labels, colors, options.strength("mask"), options.mask, options.mask_style, options.hidden, "mask"
        )

    def legend(self) -> tuple[tuple[str, str], ...]:
        """What the colours stand for, where that is not plain: errors, or mask and prediction at once."""
        session, options = self._session, self._options
        if session.predictions.labels is None:
            return ()
        if options.errors:
            return _NOT_COMPARED if self._skipped else self._errors.legend()
        if options.mask and options.prediction and not options.swipe and session.classes:
            color = session.classes[0].color
            return (color, translatable("your mask")), (lighten(color), translatable("prediction"))
        return ()

    @property
    def _skipped(self) -> bool:
        """Whether the first view shows a slice that nobody labelled, of a volume of classes where others are."""
        mask, labelled = self._session.current.mask, self._session.current.labelled
        view, classes = self._views.first, mask is not None and mask.ids is None
        return classes and view.plane == "axial" and bool(labelled) and view.index not in labelled

    # What is drawn --------------------------------------------------------------------------------------------------------

    def set_image(self, image: Image | None) -> None:
        """This image of the session is on the views, with nothing over it; None: none is, or a part of one."""
        self._image, self._mask, self._proposed, self.layers = image, None, None, ()
        self._errors.clear()
        self.divider.hide()

    @property
    def _seen(self) -> bool:
        return self._image is not None and self._views.isVisible()

    @Slot()
    def update(self) -> None:
        """Put the layers over the scan as the options want them."""
        if not self._seen:
            return
        self._show_labelled()
        mask, shown, options = self._session.current.mask, self._session.predictions, self._options
        self._errors.hide()
        if mask is None:
            self._lay([])
            return
        errors = options.errors and shown.labels is not None
        swipe = options.swipe and shown.labels is not None and not errors
        self._mask = replace(
            self.mask_layer(mask.labels),
            visible=options.mask and not errors,
            side="left" if swipe else "",
            ids=mask.ids,
        )
        layers = [self._mask]
        if shown.labels is not None:
            layers.append(self._prediction_layer(shown.labels, shown.ids, swipe=swipe, errors=errors))
        if errors:
            labelled = self._session.current.labelled
            self._errors.follow(mask, labelled, shown, options.hidden, options.errors_opacity, outline=options.outline)
            for view in self._views:
                self._errors.work_out(view.plane, view.index)
            layers += self._errors.layers
        if self._proposed is not None:
            layers.append(self._proposed.layer([each.color for each in self._session.classes]))
        self._lay(layers)
        for view in self._views:
            self._errors.show(view.plane, view.index)  # the same array may hold another prediction's errors now
        self.divider.setVisible(swipe)
        self._tell_drawn()

    def _tell_drawn(self) -> None:
        self._says_skipped = self._skipped
        self.drawn.emit()

    def _prediction_layer(self, labels: Labels, ids: Ids | None, *, swipe: bool, errors: bool) -> OverlayLayer:
        options, colors = self._options, [each.color for each in self._session.classes]
        like: LayerName = "mask" if swipe else "prediction"
        return OverlayLayer(
            labels,
            [lighten(color) for color in colors] if options.mask and not swipe else colors,
            options.strength(like),
            options.prediction and not errors,
            options.style(like),
            options.hidden,
            "prediction",
            "right" if swipe else "",
            ids,
        )

    def _lay(self, layers: Sequence[OverlayLayer]) -> None:
        self.layers = tuple(layers)
        for view in self._views:
            view.set_layers(layers)
            view.tell_hover()  # another class or mask is under the pointer

    def _redraw(self, layer: OverlayLayer, box: Box) -> None:
        for view in self._views:
            view.layer_changed(layer, box)

    # What changes beneath it ----------------------------------------------------------------------------------------------

    def repaint(self) -> None:
        """The mask may have been painted elsewhere meanwhile."""
        if self._mask is not None:
            self._redraw(self._mask, Box((0, 0, 0), self._mask.labels.shape))
            self._look_at_slices()

    @Slot(object)
    def _bring_into_view(self, box: Box) -> None:
        """What changes by other means than the pen (an undo, a redo) is seen."""
        if self._seen and self._mask is not None and not box.empty:
            self._views.go_into(box)

    @Slot(object)
    def _mask_changed(self, box: Box) -> None:
        if not self._seen or self._mask is None or box.empty:
            return
        self._redraw(self._mask, box)
        for view in self._views:
            view.tell_hover()
        first, *others = self._views
        self._errors.mask_changed(box, first.plane, first.index)
        for view in others:
            self._errors.show(view.plane, view.index)

    @Slot()
    def _history_changed(self) -> None:
        """A stroke was kept: what is right and wrong may be other now."""
        self._errors.forget(self._session.current.labelled)
        self._look_at_slices()

    @Slot()
    def _labelled_changed(self) -> None:
        """The slice that is, or is not, labelled now is shown, where it is one."""
        if not self._seen:
            return
        changed = self._labelled ^ self._session.current.labelled
        self._show_labelled()
        stored = self._views.of("axial")
        if len(changed) == 1 and stored is not None:
            stored.set_slice(*changed)

    @Slot()
    def _arranged(self) -> None:
        """Views that came have nothing over their image yet; it may be another one than the layers are of."""
        if self._seen and self._views.first.image is self._image:
            self._lay(self.layers)
            self._look_at_slices()

    def _look_at_slices(self) -> None:
        if self._seen:
            for view in self._views:
                self._slice_changed(view.plane, view.index)

    @Slot(str, int)
    def _slice_changed(self, plane: Plane, index: int) -> None:
        self._show_labelled()
        self._errors.show(plane, index)
        if self._options.errors and self._skipped != self._says_skipped:
            self._tell_drawn()

    def _show_labelled(self) -> None:
        self._labelled = self._session.current.labelled
        for view in self._views:
            view.slice_bar.set_labelled(self._labelled if view.plane == "axial" else None)

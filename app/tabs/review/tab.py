"""The Review tab: the cases of a run, the worst first; where its prediction is wrong; answered, approved or sent back."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.dialogs.dice_by_hand import CaseSlice, show_dice_by_hand
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.review import words as words
from app.tabs.review.answers import CaseActions
from app.tabs.review.cases import CasesPanel
from app.tabs.review.differences import DifferencesPanel
from app.tabs.review.explain import ExplainHere
from app.tabs.review.scores import CaseScoresPanel
from app.tabs.review.study import CaseStudy
from app.tabs.scan.layers import LayerRows
from app.tabs.scan.overlay import OverlayOptions
from app.tabs.scan.view import ScanView
from app.tabs.tab import Tab
from engine.imaging.geometry import as_displayed, axes
from engine.imaging.windows import to_display
from engine.labels.classes import UNLABELLED
from engine.project.items import State
from engine.scoring.differences import AnyDifference
from widgets.column_parts import EmptyState, HeaderBar, beside, scrolled, stacked
from widgets.controls import Button, Choice, Segmented, Separator, Text, named
from widgets.panels import PAD, Panel
from widgets.pointer_note import PointerNote
from widgets.sliders import Slider
from widgets.text import tr

_VIEW = "review view"
_OPACITY = "review opacity"
_SHEET = 280  # px


class ReviewTab(Tab):
    """Cases left, the scan with mask and prediction in the middle, the scores and differences of the case right."""

    def __init__(self, context: AppContext, parent: QWidget | None = None, *, in_steps: bool = False) -> None:
        """`in_steps`: it is whole when `steps` has ended, not before."""
        super().__init__("review", context, parent)
        self.build(self._build(), in_steps=in_steps)

    def _build(self) -> Iterator[None]:
        context = self._context
        self.cases = CasesPanel(context)
        yield
        self.scan = ScanView(context, "review", OverlayOptions(mask=True, prediction=True))
        self.explaining = ExplainHere(context, self.scan, lambda: self.differences.current)
        self.note = PointerNote("review.note", self.scan)
        yield
        self.study = CaseStudy(context.session, context.jobs, self)
        self.scores = CaseScoresPanel(context, self.study)
        self.differences = DifferencesPanel(
            context, self.study, lambda: self.scan.canvas.window_level, self._is_in_sight
        )
        self._answers = CaseActions(context)
        facts = scrolled("review.right", stacked(self.scores, Separator(), self.differences, grows=self.differences))
        right = stacked(facts, Separator(), self._answers, grows=facts)
        yield
        self.set_columns(self.cases, self._make_middle(), right, (320, 360))
        yield
        self.set_pages(**self._make_empty())
        self._connect()
        self._turn_page()

    def _make_middle(self) -> QFrame:
        choices = [
            Choice("overlay", tr("Overlay"), help=tr("The prediction over your mask"), short=tr("Over")),
            Choice("errors", tr("Errors"), help=tr("What the prediction has right, too much and missed")),
            Choice("outline", tr("Outlines"), help=tr("Only the outlines of both")),
            Choice("swipe", tr("Swipe"), help=tr("Your mask left, the prediction right of a line that you drag")),
        ]
        self._views = Segmented("review_view", tr("View"), choices, settings.ui_state(_VIEW, "errors"))
        self._before_heat = self._views.current()
        opacity = min(max(float(settings.ui_state(_OPACITY, "0.5")), 0.0), 1.0)
        self._opacity = Slider("review_opacity", tr("Opacity"), 0, 100, 100 * opacity, step=5, unit="%")
        self._opacity.setFixedWidth(160)
        self._opacity_word = Text(tr("Opacity"), "dim")
        self._layers = _LayersButton(self._context, self.scan)
        band = _ViewBand(self._views, beside(self._opacity_word, self._opacity, self._layers))
        self._set_view(self._views.current())
        self.scan.overlay.set(errors_opacity=opacity)
        self._show_controls()
        return stacked(band, self.scan, grows=self.scan, role="window")

    def _make_empty(self) -> dict[str, EmptyState]:
        commands = self._context.commands
        return {
            "project": EmptyState(
                "review_no_project",
                tr("Open a project to review what a network says of its images."),
                commands.actions("open_project", "open_demo"),
            ),
            "items": EmptyState(
                "review_no_items", tr("This project has no images yet."), commands.actions("import_images")
            ),
            "run": EmptyState(
                "review_no_run",
                tr("No run yet: train a network first, and its predictions are reviewed here."),
                commands.actions("tab_train"),
            ),
            "classes": EmptyState(
                "review_classes",
                tr("This project gives classes to whole images. The Classify tab shows how good its networks are."),
                commands.actions("tab_classify"),
            ),
        }

    def _connect(self) -> None:
        session = self._context.session
        for signal in (
            session.project_changed,
            session.items_changed,
            session.predictions.prediction_changed,
        ):
            signal.connect(self._turn_page)
        self.scan.views.first.refused.connect(self.note.say)
        session.project_changed.connect(self.note.hide)
        self.cases.changed.connect(self._refresh_answers)
        self._answers.gone_on.connect(self._go_on)
        self._answers.left.connect(self.scan.canvas.setFocus)
        self.differences.listed.connect(self._mark_slices)
        # a case that was left in another plane goes to this one
        self.scan.views.first.slice_changed.connect(self._mark_slices)
        self.differences.went.connect(self._go)
        self.differences.fate_picked.connect(self._show_fates)
        self.study.regions_changed.connect(self._show_fates)
        self._views.picked.connect(self._view_picked)
        self._opacity.changed.connect(self._fade)
        self.scan.overlay.changed.connect(self._look_changed)
        self.explaining.shown.connect(self._show_through)
        differences = self.differences
        self._context.commands.connect_to(
            self.name,
            approve=self.approve,
            flag=lambda: self.mark("flagged"),
            reject=lambda: self.mark("rejected"),
            correct=self._correct,
            keep_mine=differences.keep_mine,
            take_model=differences.take_model,
            next_difference=lambda: differences.step(1),
            previous_difference=lambda: differences.step(-1),
            predict_set=self._predict,
            dice_by_hand=self._dice_by_hand,
            explain_here=self.explaining.ask,
        )

    def shown(self) -> None:
        """The tab comes to the front."""
        self._turn_page()
        self.cases.shown()
        self.study.watch(True)
        self._hint()
        self.scan.canvas.setFocus()  # keys go to the scan

    def _dice_by_hand(self) -> None:
        show_dice_by_hand(self.window(), self._case_slice())

    def _case_slice(self) -> CaseSlice | None:
        """The slice on the screen with its mask and prediction; None without both."""
        session, canvas = self._context.session, self.scan.canvas
        item, mask, predicted = session.current.item, session.current.mask, session.predictions.labels
        image = canvas.image
        if item is None or mask is None or predicted is None or image is None:
            return None
        through, down, across = axes(canvas.plane)
        said = predicted.transpose(through, down, across)[canvas.index]
        pixels = image.pixels.transpose(through, down, across, *range(3, image.pixels.ndim))[canvas.index]
        numbered = zip(session.classes, session.predictions.knows, strict=False)
        known = {number: each for number, (each, there) in enumerate(numbered, start=1) if there}
        if not known:
            return None
        renumbered = np.zeros(256, np.uint8)  # what is of another class counts as background
        renumbered[UNLABELLED] = UNLABELLED
        renumbered[list(known)] = np.arange(1, len(known) + 1)
        title = tr(
            "{name}, slice {number}: your mask is B, the prediction is A.", name=item.name, number=canvas.index + 1
        )
        shown = to_display(np.ascontiguousarray(pixels), canvas.window_level, image.inverted != canvas.inverted)
        picture, mine, said = (
            np.ascontiguousarray(as_displayed(each, image.geometry, canvas.plane))
            for each in (shown, renumbered[mask.slice(canvas.plane, canvas.index)], renumbered[said])
        )
        return CaseSlice(
            "\n".join(filter(None, (title, words.other_classes(session)))),
            tuple(each.name for each in known.values()),
            tuple(each.color for each in known.values()),
            picture,
            mine,
            said,
            (image.geometry.spacing[down], image.geometry.spacing[across]),
        )

    def order(self) -> list[int]:
        """The cases as the list shows them."""
        return self.cases.ids()

    def left(self) -> None:
        self.study.watch(False)
        self.explaining.drop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the heat away."""
        if event.key() == Qt.Key.Key_Escape and self.explaining.active:
            self.explaining.drop()
        else:
            super().keyPressEvent(event)

    # Answers -----------------------------------------------------------------------------------------------------------

    def approve(self) -> None:
        """The case is done; on to the next of the list that is to do."""
        session = self._context.session
        if session.current.item is None or not session.writable:
            return
        session.set_state(session.current.item.id, "done")
        self._go_on()

    @Slot()
    def _go_on(self) -> None:
        """To the next case of the list that is to do; keys go to the scan again."""
        session = self._context.session
        self.scan.canvas.setFocus()
        following = self.cases.next_todo()
        if following is not None:
            session.current.open(following)
        else:
            session.notification.emit(tr("Every case of this list is reviewed."), "good")

    def mark(self, state: State) -> None:
        """Give the case that state and ask why; the same again takes it back."""
        session, item = self._context.session, self._context.session.current.item
        if item is None or not session.writable:
            return
        if item.state == state:
            session.set_state(item.id, "todo")
            self.scan.canvas.setFocus()
        else:
            session.set_state(item.id, state, item.comment)
            self._answers.ask()

    def _correct(self) -> None:
        """On to the Label tab, on the same item and slice."""
        self.place_asked.emit("label", self.scan.canvas.plane, self.scan.canvas.index)

    def _predict(self) -> None:
        run = self._context.session.predictions.run
        if run is not None:
            self._context.trainings.runs.predict(run, self.cases.unpredicted())

    # The middle --------------------------------------------------------------------------------------------------------

    @Slot(str)
    def _view_picked(self, name: str) -> None:
        settings.set_ui_state(_VIEW, name)
        self._set_view(name)

    def _set_view(self, name: str) -> None:
        self.scan.overlay.show_outlines(name == "outline")
        self.scan.overlay.set(errors=name == "errors", swipe=name == "swipe", mask=True, prediction=True)

    @Slot(bool)
    def _show_through(self, heat: bool) -> None:
        """Areas would hide the heat: it is seen under outlines, and when it goes the view is what it was."""
        if heat:
            self._before_heat = self._views.current()
            self._set_view("outline")
        elif self._views.current() == "outline":
            self._set_view(self._before_heat)

    @Slot()
    def _look_changed(self) -> None:
        """The look was changed, by a key or in the sheet of layers."""
        look = self.scan.overlay.options
        drawn = "outline" if look.outline else "overlay"
        self._views.set_current("errors" if look.errors else "swipe" if look.swipe else drawn)
        self._opacity.set_value(100 * look.errors_opacity)
        self._show_controls()

    def _show_controls(self) -> None:
        """Errors have one strength; mask and prediction have theirs each."""
        errors = self.scan.overlay.options.errors
        self._opacity.setVisible(errors)
        self._opacity_word.setVisible(errors)
        self._layers.setVisible(not errors)

    @Slot(float)
    def _fade(self, percent: float) -> None:
        settings.set_ui_state(_OPACITY, str(percent / 100))
        self.scan.overlay.set(errors_opacity=percent / 100)

    @Slot(object)
    def _go(self, region: AnyDifference | None) -> None:
        """Go to the slice of the region and frame it."""
        canvas = self.scan.canvas
        if region is None or self._context.session.current.image is None:
            canvas.set_highlight(None)
            return
        canvas.set_plane("axial")
        canvas.set_slice(region.index)
        box = region.box
        corners = [
            canvas.to_screen((row, column)) for row in (box.low[1], box.high[1]) for column in (box.low[2], box.high[2])
        ]
        if not all(canvas.rect().contains(corner.toPoint()) for corner in corners):
            canvas.center_on(box)
        canvas.set_highlight(box, self.differences.title)

    def _is_in_sight(self, region: AnyDifference) -> bool:
        """Whether the slice of the region is shown, and a part of it is in the view."""
        canvas, box = self.scan.canvas, region.box
        if canvas.plane != "axial" or canvas.index != region.index:
            return False
        first, last = (canvas.to_screen((corner[1], corner[2])) for corner in (box.low, box.high))
        return QRectF(first, last).normalized().intersects(QRectF(canvas.rect()))

    @Slot()
    def _show_fates(self) -> None:
        """Of objects the view of errors shows what became of each."""
        objects = self.study.objects
        self.scan.overlay.show_fates(objects, self.differences.fates.current)
        self.cases.show_objects(objects.matches if objects is not None else None)

    @Slot()
    def _mark_slices(self) -> None:
        """Marks at the slice bar where the largest differences are."""
        marks = {region.index: region.color for region in reversed(self.differences.regions)}
        self.scan.canvas.slice_bar.set_marks(sorted(marks.items()) if self.scan.canvas.plane == "axial" else [])

    # Pages -------------------------------------------------------------------------------------------------------------

    @Slot()
    def _turn_page(self) -> None:
        """The columns, or what is missing for them."""
        session = self._context.session
        page = ""
        if session.project is None:
            page = "project"
        elif session.task == "classification":
            page = "classes"
        elif not session.project.items.count():
            page = "items"
        elif session.predictions.run is None:
            page = "run"
        self.show_page(page)

    @Slot()
    def _refresh_answers(self) -> None:
        self._answers.show_item(self.cases.anything)

    def _hint(self) -> None:
        if self.page:
            return
        self._context.status.set_hints(
            [
                tr("Comma and full stop go through the differences"),
                tr("1 keeps yours, 2 takes the model's"),
                tr("Ctrl+Enter approves"),
            ]
        )


class _ViewBand(HeaderBar):
    """What the scan shows, and how strong: where both have no room the strength is left out, so that the scan keeps to the window."""

    def __init__(self, views: QWidget, strength: QWidget) -> None:
        super().__init__()
        self._views, self._strength = views, strength
        self.row.insertWidget(0, views)
        self.row.addWidget(strength)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._views.minimumSizeHint().width() + 2 * PAD, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # another strength is shown
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        needed = self._views.sizeHint().width() + self._strength.sizeHint().width() + self.row.spacing() + 2 * PAD
        self._strength.setVisible(needed <= self.width())


class _LayersButton(Button):
    """Opens the controls of mask and prediction beneath it."""

    def __init__(self, context: AppContext, scan: ScanView) -> None:
        super().__init__("review.layers", tr("Layers"), "layers")
        self.setToolTip(tr("How your mask and the prediction are drawn"))
        self.rows = LayerRows(context, scan.overlay, "review")
        self._sheet = Panel()
        self._sheet.setProperty("role", "sheet")
        self._sheet.setWindowFlag(Qt.WindowType.Popup)
        self._sheet.setParent(self, self._sheet.windowFlags())
        named(self._sheet, "review.layers.sheet", tr("Layers"))
        self._sheet.add(self.rows)
        self._sheet.setFixedWidth(_SHEET)
        self.clicked.connect(self._open)

    @Slot()
    def _open(self) -> None:
        self._sheet.adjustSize()
        corner = self.mapToGlobal(self.rect().bottomRight())
        self._sheet.move(corner.x() - self._sheet.width() + 1, corner.y() + 5)
        self._sheet.show()

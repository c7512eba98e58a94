"""Looking inside a network at the open image: feature maps, first filters, residual blocks and normalisations, before and after training."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QStackedWidget, QWidget

from app.services.jobs import JobHandle, Lane
from app.shell.context import AppContext
from app.shell.errors import user_message
from engine.network_options import UntrainedNetwork
from engine.progress import Notice, Progress, Work
from engine.words import translatable
from widgets.column_parts import lay_out_dialog, scrolled
from widgets.controls import Choice, PrimaryButton, Segmented, Text, named
from widgets.figures import figure, shape
from widgets.histogram import BeforeAfterPlot
from widgets.map_grid import MapGrid, MapSection
from widgets.panels import Panel
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.feature_maps import Branches, InnerView, MapLayer, NetworkInspection, Normalised

MAPS, FILTERS, RESIDUAL, NORM = "maps", "filters", "residual", "norm"
BEFORE, AFTER = "before", "after"


class LookingDialog(QDialog):
    """Looks into a run's network (its number), or one that is not trained yet, at an item; works in the background, and closing gives it up.

    `z` is the slice, -1 the middle one.
    """

    def __init__(
        self,
        context: AppContext,
        subject: int | UntrainedNetwork,
        network: str,
        item: tuple[int, str],
        z: int = -1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        title = tr("Looking inside {network}", network=network)
        named(self, "looking", title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._subject, self._item, self._z = context, subject, item, z
        self._known: dict[str, NetworkInspection] = {}
        self._wanted = ""
        self._job: JobHandle | None = None
        self._title, self._state = Text(title, "title"), Text("", "dim")
        self._state.setObjectName("looking.state")
        self._state.setWordWrap(True)
        self.layer = QComboBox()
        named(self.layer, "looking.layer", tr("Layer"))
        self.layer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.when = Segmented(
            "looking.when",
            tr("Before or after the training"),
            [Choice(BEFORE, tr("Before training")), Choice(AFTER, tr("After"))],
            AFTER,
        )
        self.page = Segmented(
            "looking.page",
            tr("What to look at"),
            [
                Choice(MAPS, tr("Feature maps")),
                Choice(FILTERS, tr("First filters")),
                Choice(RESIDUAL, tr("Residual block")),
                Choice(NORM, tr("Batch normalisation")),
            ],
            MAPS,
        )
        self.grid = MapGrid("looking.grid")
        self.plot = BeforeAfterPlot("looking.plot", tr("Activations before and after the normalisation"))
        self._told = Text()
        self._told.setObjectName("looking.told")
        self._told.setWordWrap(True)
        self._notes = Text("", "dim")
        self._notes.setWordWrap(True)
        self._notes.hide()
        self._shown = QStackedWidget()
        self._lay_out()
        self.layer.activated.connect(self._ask)
        self.when.picked.connect(self._show)
        self.page.picked.connect(self._show)
        self.finished.connect(self._drop)
        context.session.project_changed.connect(self.reject)
        self._look("")

    def _lay_out(self) -> None:
        head = Panel()
        head.add(self._title, self._state)
        row = head.add_row(self.page)
        row.addStretch(1)
        second = head.add_row(self.layer, self.when)
        second.setStretch(0, 1)
        drawn, curve = Panel(), Panel()
        drawn.add(self.grid)
        drawn.body.addStretch(1)
        curve.add(self.plot)
        self._shown.addWidget(scrolled("looking.scroll", drawn))
        self._shown.addWidget(curve)
        foot = Panel()
        foot.add(self._told, self._notes)
        close = PrimaryButton("looking.close", tr("Close"))
        close.clicked.connect(self.accept)
        lay_out_dialog(self, head, self._shown, foot, close)
        self.resize(760, 600)

    # Asking --------------------------------------------------------------------------------------------------------------

    def _look(self, layer: str) -> None:
        project = self._context.session.project
        if project is None:
            return
        self._drop()
        self._wanted = layer
        self._notes.hide()
        self._state.setText(tr("looking …"))
        self._job = self._context.jobs.start(
            self,
            Lane.LEARNING,
            self.windowTitle(),
            partial(_looking, project.path, self._subject, self._item[0], self._z, layer),
            done=self._found,
            failed=self._failed,
            reported=self._reported,
            brief=True,
        )

    @Slot()
    def _ask(self) -> None:
        layer = str(self.layer.currentData())
        if layer in self._known:
            self._wanted = layer
            self._show()
        else:
            self._look(layer)

    @Slot()
    def _drop(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None

    def _reported(self, event: object) -> None:
        if isinstance(event, Notice):
            self._notes.setText(tr(event.message, **event.values))
            self._notes.show()

    def _failed(self, fault: BaseException) -> None:
        self._state.setText(" ".join(user_message(fault)))
        self._state.set_role("bad")

    def _found(self, found: "NetworkInspection") -> None:
        layer = found.before.layer
        self._wanted = layer.name if layer is not None else ""
        self._known[self._wanted] = found
        if not self.layer.count():
            for each in found.before.layers:
                self.layer.addItem(_layer_words(each), each.name)
            self.layer.setVisible(bool(found.before.layers))
            self.when.setVisible(found.after is not None)
            if layer is None:
                self.page.set_current(FILTERS)
        self.layer.setCurrentIndex(self.layer.findData(self._wanted))
        self._show()

    # Showing -------------------------------------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        found = self._known.get(self._wanted)
        if found is None:
            return
        self._state.setText(
            tr("{name}, as the network is fed it: {shape}", name=self._item[1], shape=shape(found.picture.shape[:2]))
        )
        view = found.after if found.after is not None and self.when.current() == AFTER else found.before
        page = self.page.current()
        self._shown.setCurrentIndex(1 if page == NORM and view.normalised is not None else 0)
        self.layer.setEnabled(page != FILTERS)
        {MAPS: self._show_maps, FILTERS: self._show_filters, RESIDUAL: self._show_branches, NORM: self._show_norm}[
            page
        ](view)

    def _show_maps(self, view: "InnerView") -> None:
        self.grid.show_sections([MapSection("", view.maps)])
        if view.layer is None:
            self._told.setText(tr("This network makes no maps: every unit sees the whole image."))
            return
        count, height, width = view.layer.output
        self._told.setText(
            tr(
                "{shown} of {count} maps of {side}. Each is drawn from its lowest value (black) to its highest (white).",
                shown=len(view.maps),
                count=count,
                side=f"{height}×{width}",
            )
        )

    def _show_filters(self, view: "InnerView") -> None:
        filters = view.filters
        if filters is None:
            self.grid.show_sections([])
            self._told.setText(tr("This network has no filters that could be drawn as images."))
            return
        self.grid.show_sections([MapSection("", filters)], signed=True)
        side = f"{filters.shape[1]}×{filters.shape[2]}"
        if filters.ndim == 4:
            self._told.setText(
                tr("{count} filters of {side} that see the image, in its colours.", count=len(filters), side=side)
            )
        else:
            self._told.setText(
                tr(
                    "{count} filters of {side} that see the image: orange weights add what is bright, blue ones take it away, black is 0.",
                    count=len(filters),
                    side=side,
                )
            )

    def _show_branches(self, view: "InnerView") -> None:
        found = view.branches
        if found is None:
            self.grid.show_sections([])
            self._told.setText(
                tr("This network has no residual blocks: nothing skips past its filters to be added behind them.")
            )
            return
        sections = (
            (tr("through the filters: F(x)"), found.filtered),
            (tr("past them: x"), found.skipped),
            (tr("their sum: F(x) + x"), found.total),
        )
        self.grid.show_sections([MapSection(*each) for each in sections], signed=True, together=True)
        self._told.setText(_branch_words(found))

    def _show_norm(self, view: "InnerView") -> None:
        found = view.normalised
        if found is None:
            self.grid.show_sections([])
            self._told.setText(tr("This network has no batch normalisation."))
            return
        before, after = (
            tr(text, mean=figure(each.mean, 2), spread=figure(each.deviation, 2))
            for text, each in ((_GIVEN, found.before), (_MADE, found.after))
        )
        self.plot.show_pair(found.edges, found.before.shares, found.after.shares, (before, after))
        self._told.setText(_norm_words(found))


_GIVEN = translatable("before: mean {mean}, spread {spread}")
_MADE = translatable("after: mean {mean}, spread {spread}")


def _layer_words(layer: "MapLayer") -> str:
    return f"{layer.name} · {tr(layer.kind)} · {shape(layer.output)}"


def _branch_words(found: "Branches") -> str:
    share = float(np.linalg.norm(found.filtered)) / (float(np.linalg.norm(found.skipped)) or 1.0)
    return tr(
        "Block {name}, all on one scale: orange above 0, blue below. What goes through the filters is {share} times as strong as what skips past them; the filters need only learn what is to change.",
        name=found.name,
        share=figure(share, 2),
    )


def _norm_words(found: "Normalised") -> str:
    lines = [
        tr(
            "{name}: (x − μ)/σ · γ + β for each map. In use μ and σ are running means of the training, which lag behind in a short one, so one image comes only near to mean 0 and spread 1; γ and β, which are learnt, widen and move it.",
            name=found.name,
        )
    ]
    if found.activated:
        lines.append(tr("This layer holds its activation too: what is below 0 was cut."))
    return " ".join(lines)


def _looking(folder: Path, subject: int | UntrainedNetwork, item: int, z: int, layer: str) -> "Work[NetworkInspection]":
    yield Progress(0, 0, "")
    from engine.learning.feature_maps import look_inside

    return (yield from look_inside(folder, subject, item, z, layer))

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
from app.tabs.scan.look import slice_seen
from engine.network_options import UntrainedNetwork
from engine.progress import Notice, Progress, Work
from engine.project.items import Item
from engine.words import translatable
from widgets.column_parts import SCROLL_BAR, fit_window, lay_out_dialog, scrolled
from widgets.controls import Choice, PrimaryButton, Segmented, Text, named
from widgets.figures import figure, shape
from widgets.histogram import BeforeAfterPlot
from widgets.layer_names import layer_title, layer_words, part_words
from widgets.map_grid import MapGrid, MapSection
from widgets.panels import Panel
from widgets.text import tip, tr
from widgets.tile_drawing import TileDrawing
from widgets.word_combo import WordCombo

if TYPE_CHECKING:
    from engine.learning.feature_maps import (
        Branches,
        InnerView,
        MapLayer,
        MirrorTiling,
        NetworkInspection,
        Normalised,
    )

MAPS, FILTERS, RESIDUAL, NORM, TILES = "maps", "filters", "residual", "norm", "tiles"
BEFORE, AFTER = "before", "after"


class LookingDialog(QDialog):
    """Looks into a run's network (its number), or one that is not trained yet, at an item; works in the background, and closing gives it up.

    Of a volume the slice that was on the screen last is looked at; a classifier is fed the middle one.
    """

    def __init__(
        self,
        context: AppContext,
        subject: int | UntrainedNetwork,
        network: str,
        item: Item,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        title = tr("Looking inside {network}", network=network)
        named(self, "looking", title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._subject, self._item = context, subject, item
        classifies = context.session.task == "classification"
        self._z = item.shape[0] // 2 if classifies else slice_seen(context.session, item)
        self._known: dict[str, NetworkInspection] = {}
        self._wanted = ""
        self._job: JobHandle | None = None
        self._title, self._state = Text(title, "title"), Text("", "dim")
        self._state.setObjectName("looking.state")
        self._state.setWordWrap(True)
        self.layer = WordCombo()
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
            self._pages(),
            MAPS,
        )
        self.grid = MapGrid("looking.grid")
        self.plot = BeforeAfterPlot("looking.plot", tr("Activations before and after the normalisation"))
        self.tiles = TileDrawing("looking.tiles")
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
        drawn, curve, tiled = Panel(), Panel(), Panel()
        drawn.add(self.grid)
        drawn.body.addStretch(1)
        curve.add(self.plot)
        tiled.add(self.tiles)
        self._shown.addWidget(scrolled("looking.scroll", drawn, read=True))
        self._shown.addWidget(curve)
        self._shown.addWidget(tiled)
        foot = Panel()
        foot.add(self._told, self._notes)
        close = PrimaryButton("looking.close", tr("Close"))
        close.clicked.connect(self.accept)
        lay_out_dialog(self, head, self._shown, foot, close)
        fit_window(self, 860, 640)

    @staticmethod
    def _pages() -> list[Choice]:
        return [
            Choice(MAPS, tr("Feature maps")),
            Choice(FILTERS, tr("First filters")),
            Choice(RESIDUAL, tr("Residual block")),
            Choice(NORM, tr("Batch normalisation")),
        ]

    # Asking --------------------------------------------------------------------------------------------------------------

    def _look(self, layer: str) -> None:
        project = self._context.session.project
        if project is None:
            return
        self._drop()
        self._wanted = layer
        self._notes.hide()
        self._state.set_role("dim")
        self._state.setText(tr("looking …"))
        self._job = self._context.jobs.start(
            self,
            Lane.LEARNING,
            self.windowTitle(),
            partial(_looking, project.path, self._subject, self._item.id, self._z, layer),
            done=self._found,
            failed=self._failed,
            reported=self._reported,
            brief=True,
        )

    @Slot()
    def _ask(self) -> None:
        layer = str(self.layer.currentData())
        if layer in self._known:
            self._drop()  # another that was asked for would take its place
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
            for at, each in enumerate(found.before.layers):
                self.layer.addItem(layer_title(each), each.name)
                self.layer.setItemData(at, tip(each.name), Qt.ItemDataRole.ToolTipRole)
            names = self.layer.view()
            names.setMinimumWidth(names.sizeHintForColumn(0) + SCROLL_BAR)  # they are told apart by their ends
            self.layer.setVisible(bool(found.before.layers))
            self.when.setVisible(found.after is not None)
            if found.tiling is not None:
                self.tiles.show_tiling(found.tiling)
                self.page.set_choices([*self._pages(), Choice(TILES, tr("Mirror tiling"))], MAPS)
            if layer is None:
                self.page.set_current(FILTERS)
        self.layer.setCurrentIndex(self.layer.findData(self._wanted))
        self.layer.setToolTip(tip(f"{self.layer.currentText()}\n{self._wanted}"))
        self._show()

    # Showing -------------------------------------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        found = self._known.get(self._wanted)
        if found is None:
            return
        self._state.set_role("dim")
        view = found.after if found.after is not None and self.when.current() == AFTER else found.before
        self._state.setText(self._place_words(_size_words(found)))
        page = self.page.current()
        self._shown.setCurrentIndex(2 if page == TILES else 1 if page == NORM and view.normalised is not None else 0)
        self.layer.setEnabled(page not in (FILTERS, TILES))
        if page == TILES and found.tiling is not None:
            self._told.setText(_tiling_words(found.tiling))
            return
        {MAPS: self._show_maps, FILTERS: self._show_filters, RESIDUAL: self._show_branches, NORM: self._show_norm}[
            page
        ](view)

    def _place_words(self, size: str) -> str:
        item = self._item
        if item.shape[0] == 1:
            return tr("{name}, as the network is fed it: {shape}", name=item.name, shape=size)
        return tr(
            "{name}, slice {number} of {count}, as the network is fed it: {shape}",
            name=item.name,
            number=self._z + 1,
            count=item.shape[0],
            shape=size,
        )

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
            (tr("through its layers: F(x)") if found.transformer else tr("through the filters: F(x)"), found.filtered),
            (tr("past them: x"), found.skipped),
            (tr("their sum: F(x) + x"), found.total),
        )
        self.grid.show_sections([MapSection(*each) for each in sections], signed=True, together=True)
        place = next(each.place for each in view.layers if each.name == found.name)
        self._told.setText(_branch_words(found, part_words(place) or tr("The block")))

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
        self._told.setText(_norm_words(found, next(each for each in view.layers if each.name == found.name)))


_GIVEN = translatable("before: mean {mean}, spread {spread}")
_MADE = translatable("after: mean {mean}, spread {spread}")


def _size_words(found: "NetworkInspection") -> str:
    """What it is fed, and to what it fills that up itself; how a margin is mirrored is told with the tiles."""
    size, given = found.picture.shape[:2], found.before.given
    if size == given or found.tiling is not None:
        return shape(size)
    return tr("{shape}, which it pads to {padded}", shape=shape(size), padded=shape(given))


def _branch_words(found: "Branches", name: str) -> str:
    share = float(np.linalg.norm(found.filtered)) / (float(np.linalg.norm(found.skipped)) or 1.0)
    values = {"name": name, "share": figure(share, 2)}
    lines = [
        tr(
            "{name}, all on one scale: orange above 0, blue below. It adds what its attention makes, then what its layers make of that: this is the last sum. What goes through the layers is {share} times as strong as what skips past them.",
            **values,
        )
        if found.transformer
        else tr(
            "{name}, all on one scale: orange above 0, blue below. What goes through the filters is {share} times as strong as what skips past them.",
            **values,
        ),
        tr(
            "Why it works: the derivative of F(x) + x is F′(x) + 1, so the gradient gets back to x even where F′ is near 0."
        ),
        tr(
            "Where there is nothing to improve, F = 0 is enough and x passes unchanged: a deeper network need not be worse."
        ),
        tr("And F need only learn what is to change in x, which is easier than to make all of it anew."),
    ]
    return " ".join(lines)


def _norm_words(found: "Normalised", layer: "MapLayer") -> str:
    lines = [
        tr(
            "{name}, for each map: (x − μ)/σ · γ + β. In use μ and σ are running means of the training, which lag behind in a short one, so one image comes only near to mean 0 and spread 1; γ and β, which are learnt, widen and move it.",
            name=layer_words(layer),
        )
    ]
    if found.untouched:
        lines.append(
            tr(
                "Nothing changes here yet: before a training μ = 0, σ = 1, γ = 1 and β = 0. Each step of a training takes μ and σ from its own batch instead, and so gives mean 0 and spread 1."
            )
        )
    if found.activated:
        lines.append(tr("This layer holds its activation too: what is below 0 was cut."))
    return " ".join(lines)


def _tiling_words(found: "MirrorTiling") -> str:
    height, width = found.given
    lines = [
        tr(
            "The 3×3 convolutions are not padded, so that {margin} px are lost on every side: a tile sees {seen} (blue) and gives the mask of {given} (orange). Beyond its border (white) the image is continued by mirroring.",
            margin=found.margin,
            seen=f"{height + 2 * found.margin}×{width + 2 * found.margin}",
            given=f"{height}×{width}",
        )
    ]
    if len(found.corners) > 1:
        lines.append(
            tr(
                "{count} tiles cover it and fit together without a seam, in the memory of one: click one, or go with the arrow keys. The maps are those of the one in the middle.",
                count=len(found.corners),
            )
        )
    return " ".join(lines)


def _looking(folder: Path, subject: int | UntrainedNetwork, item: int, z: int, layer: str) -> "Work[NetworkInspection]":
    yield Progress(0, 0, "")
    from engine.learning.feature_maps import look_inside

    return (yield from look_inside(folder, subject, item, z, layer))

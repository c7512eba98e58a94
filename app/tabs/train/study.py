"""Tuning networks that segment or find objects: which are compared, and the page on which their study is set up and followed."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.shell import settings
from app.shell.context import AppContext
from app.tabs.parts import training as words
from app.tabs.parts.study_page import StudyPage, StudySource
from engine.catalog import rows
from engine.config import AUTO, TrainConfig
from engine.study import lectures_study
from widgets.column_parts import HeaderBar, fit_window, scrolled, stacked
from widgets.controls import Button, Separator, Text, named
from widgets.panels import Panel
from widgets.text import tr

_TICKED = "train.study_networks"


class StudyDialog(QDialog):
    """Does not hold the window up: the study goes on when it is closed, and is followed again when it is opened."""

    def __init__(self, context: AppContext, why_not: Callable[[], str], parent: QWidget | None) -> None:
        """`why_not` says why nothing can be trained, "" where it can."""
        super().__init__(parent)
        named(self, "study", tr("Tune settings"))
        self.setWindowTitle(tr("Tune settings"))
        self._context = context
        first = ",".join(lectures_study("multiclass").networks)
        kept = settings.ui_state(_TICKED, first).split(",")
        self._boxes: dict[str, QCheckBox] = {}
        column = Panel()
        for row in rows("multiclass"):
            box = self._boxes[row.name] = QCheckBox(words.network(row.name))
            named(box, f"study.network.{row.name}", box.text())
            box.setChecked(row.name in kept)
            box.toggled.connect(self._ticked)
            column.add(box)
        note = Text(tr("All other settings are those of the recipe."), "dim")
        note.setWordWrap(True)
        column.add(note)
        column.body.addStretch(1)
        self.page = StudyPage(context, StudySource("multiclass", self.networks, self.base, why_not))
        close = Button("study.close", tr("Close"))
        close.clicked.connect(self.accept)
        foot = Panel()
        foot.add_row(close).insertStretch(0, 1)
        networks = scrolled("study.networks", column)
        left = stacked(HeaderBar(tr("Networks")), networks, grows=networks)
        left.setFixedWidth(240)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(left)
        both.addWidget(Separator(vertical=True))
        both.addWidget(scrolled("study.page", self.page), 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(both, 1)
        whole.addWidget(Separator())
        whole.addWidget(foot)
        fit_window(self, 1080, 720)

    def networks(self) -> list[str]:
        """The ticked ones, in the order of the catalog."""
        return [name for name, box in self._boxes.items() if box.isChecked()]

    def base(self) -> TrainConfig:
        """The recipe without what a study decides: networks, their own settings, and a run that they would go on from."""
        recipe = self._context.trainings.recipe
        weights = recipe.config.weights if recipe.config.weights in (AUTO, "none") else AUTO
        return replace(
            recipe.config, arch=AUTO, encoder=AUTO, options={}, start_from="", weights=weights, preset=recipe.preset
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.page.shown()

    @Slot()
    def _ticked(self) -> None:
        settings.set_ui_state(_TICKED, ",".join(self.networks()))
        self.page.refresh()

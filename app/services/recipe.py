"""What the next run will be made of: the settings of the Train tab and the augmentation, kept with the project."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.project_session import ProjectSession
from engine.augment.presets import load_preset, preset_for, preset_names, save_preset
from engine.config import AUTO, TrainConfig, from_json, to_json
from engine.errors import EngineError
from engine.imaging.geometry import SideAxis
from engine.labels.sides import auto_rule
from engine.progress import Notice
from engine.project.runs import Run, source_name
from widgets.text import tr

if TYPE_CHECKING:
    from engine.augment.transforms import AugmentConfig

_log = logging.getLogger(__name__)

MINUTES = 10.0  # what Auto would take too; the slider shows it
_PLACED = ("dicom", "nifti", "nrrd")  # kinds of files that say how the patient lies in them
FILE = "augmentation.json"  # in the project's folder: an augmentation that is none of the presets
_KEEP_AFTER = 250  # ms: a slider that is dragged is not written at every step


class Recipe(QObject):
    """The settings of the next run. Read `config`, change it with `change`; `ready` gives what a training is started with.

    A `start_from` stands for "the run in use", whichever that is when the training starts.
    """

    changed = Signal()

    def __init__(self, session: ProjectSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.config = TrainConfig(minutes=MINUTES)
        self.side_axes: frozenset[SideAxis] | None = (
            None  # how left and right lie in the training images, once somebody looked
        )
        self.draft: AugmentConfig | None = None  # as it stands in Augment, where nobody took it for the next run yet
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_KEEP_AFTER)
        self._timer.timeout.connect(self._keep)
        session.project_changed.connect(self._load)
        session.project_about_to_close.connect(self._keep_now)

    def change(self, config: TrainConfig) -> None:
        """Use these settings from now on."""
        if config != self.config:
            self.config = config
            self._timer.start()
            self.changed.emit()

    @property
    def augmentation(self) -> "AugmentConfig":
        """The augmentation of the next run. Raises EngineError where its file is gone or damaged."""
        return load_preset(self.preset)

    @property
    def notices(self) -> list[Notice]:
        """What is known of the next run before it begins, and worth a word."""
        from engine.augment.advice import (  # knows all transforms, which the first window need not
            ratio_notices,
            side_notices,
        )

        names = [each.name for each in self._session.classes]
        rule = auto_rule(names) if self.config.sides == AUTO else self.config.sides
        axes = self.side_axes
        if axes is None:  # in pictures they lie side by side; what other files say is not told before they are read
            placed = any(item.source.kind in _PLACED for item in self._session.items())
            axes = frozenset[SideAxis](() if placed else ("across",))
        try:
            sides = list(side_notices(names, self.augmentation, rule, axes))
        except EngineError:  # its file is gone, which is said when a run is to begin
            sides = []
        return [*sides, *ratio_notices(self.config.per_image)]

    def use_augmentation(self, augmentation: "AugmentConfig", **amounts: Any) -> None:
        """Take this augmentation for the next run: as the preset that it equals, else as a file inside the project. `amounts` are
        settings of the training that go with it.

        Raises EngineError where the file cannot be written.
        """
        project = self._session.project
        if project is None:
            return
        name = next((name for name in preset_names() if load_preset(name) == augmentation), FILE)
        if name == FILE:
            save_preset(project.path / FILE, augmentation)
        self.use_preset(name, **amounts)

    def use_preset(self, name: str, **amounts: Any) -> None:
        """Take that preset for the next run, or FILE, the augmentation of the project's own."""
        self._session.set_note("preset", name)
        self.change(replace(self.config, preset=name, **amounts))

    def take_over(self, run: Run) -> None:
        """Fill the settings from a run, for a next one like it. What it was fine-tuned from is taken over where that is the run in use,
        which alone can be gone on from; else that is said."""
        config, used = run.config, self._session.predictions.run
        if config.start_from and (used is None or config.start_from not in (str(used.id), used.name)):
            project = self._session.project
            text = tr(
                "{run} went on from {start}, which is not in use: the next one starts afresh.",
                run=run.name,
                start=source_name(config.start_from, project.runs.all() if project is not None else ()),
            )
            self._session.notification.emit(text, "warn")
            config = replace(config, start_from="", weights=AUTO)
        try:
            self.use_augmentation(load_preset(config.preset if config.preset != AUTO else self.preset))
        except EngineError as fault:  # its file is gone: the one of the recipe stays
            self._session.failed.emit(fault)
        self.change(replace(config, preset=self.config.preset))

    def ready(self) -> TrainConfig:
        """The settings as a training takes them. Raises EngineError where there is nothing to train on."""
        project = self._session.project
        if project is None:
            raise EngineError("There is no project.", "Open a project first.")
        if self._session.task != "classification":
            masked = project.layers.masked()
            if not any(item.split == "train" and item.id in masked for item in self._session.items()):
                raise EngineError(
                    "No item of the training set has a mask.",
                    "Paint or import masks, and divide the items into sets in the Data tab.",
                )
        config = self.config if self.config.preset == AUTO else replace(self.config, preset=self.preset)
        from engine.catalog import check_task

        check_task(config, project.task)
        run = self._session.predictions.run
        if not config.start_from or run is None:
            return replace(config, start_from="")
        return replace(config, start_from=str(run.id), weights="none", arch=AUTO, encoder=AUTO)

    @property
    def preset(self) -> str:
        """The preset's name, or the path of its file: a bare file name lies in the project. Never "auto"."""
        project = self._session.project
        name = self._named(self.config.preset)
        if name in preset_names() or project is None or Path(name).is_absolute():
            return name
        return str(project.path / name)

    @property
    def usual_preset(self) -> str:
        """The preset that is taken where nobody chose one."""
        return self._named(AUTO)

    def _named(self, preset: str) -> str:
        color = any(item.color for item in self._session.items())
        return preset_for(self._session.task or "multiclass", preset, color=color)

    @Slot()
    def _load(self) -> None:
        project = self._session.project
        self._timer.stop()
        self.draft = None
        self.config = TrainConfig(minutes=MINUTES)
        if project is not None:
            kept = project.note("recipe")
            try:
                self.config = from_json(kept, TrainConfig) if kept else self.config
            except EngineError as fault:  # of a newer program, or damaged: the defaults are good
                _log.warning("the kept recipe is not used: %s", fault)
            self.config = replace(self.config, preset=project.note("preset", self.config.preset))
        self.changed.emit()

    @Slot()
    def _keep_now(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._keep()

    @Slot()
    def _keep(self) -> None:
        self._session.set_note("recipe", to_json(self.config).decode())

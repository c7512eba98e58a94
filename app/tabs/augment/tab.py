"""The Augment tab: what the training will do to an image and its mask, seen before it costs a training."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from app.shell import settings
from app.shell.context import AppContext
from app.shell.i18n import translate_notice
from app.tabs.augment.view import SamplesView
from app.tabs.parts import training as words
from app.tabs.tab import Tab
from engine.augment.advice import ratio_notices, side_notices
from engine.augment.presets import load_preset, save_preset
from engine.augment.preview import PreviewResult
from engine.augment.transforms import ROWS, AugmentConfig
from engine.config import AUTO, TrainConfig
from engine.errors import EngineError
from engine.labels.sides import auto_rule
from widgets.augmentation_effects import EffectNote, EffectPanel
from widgets.augmentation_form import OWN, AugmentationForm
from widgets.column_parts import SCROLL_BAR, ActionBinding, EmptyState, HeaderBar, scrolled, stacked
from widgets.controls import PrimaryButton, Separator, Text
from widgets.form import Form
from widgets.panels import Panel
from widgets.signs import InlineMessage
from widgets.text import tr

_LEFT, _RIGHT = 336, 264  # px: the amounts beside their names; the heading of the classes


class AugmentTab(Tab):
    """The augmentation left, samples of the current item in the middle, what they do to the classes right."""

    def __init__(self, context: AppContext, parent: QWidget | None = None, *, in_steps: bool = False) -> None:
        """`in_steps`: it is whole when `steps` has ended, not before."""
        super().__init__("augment", context, parent)
        self._recipe = context.trainings.recipe
        self.build(self._build(), in_steps=in_steps)

    def _build(self) -> Iterator[None]:
        context = self._context
        self._rows = AugmentationForm()
        yield
        self._samples, self._effect = SamplesView(context), EffectPanel()
        yield
        self.set_columns(self._make_left(), self._samples, self._make_right(), (344, 272))
        self._right.setMinimumWidth(_RIGHT)
        ids = ("open_project", "open_demo")
        text = tr("Open a project to see what augmentation does to its images.")
        self.set_pages(project=EmptyState("augment_no_project", text, context.commands.actions(*ids)))
        yield
        self._connect()
        self._project_changed()

    # Columns -----------------------------------------------------------------------------------------------------------

    def _make_left(self) -> QWidget:
        self._count = Text("", "dim")
        self._count.setObjectName("change_count")
        self._amount = Form(TrainConfig(), only=words.AMOUNTS, name="augment_amount", words=words.amounts())
        self._amounts = TrainConfig()  # as the form shows them: only what `words.AMOUNTS` names counts
        foot = Panel()
        foot.add(self._amount)
        area = scrolled("augment_scroll", self._rows)
        self._left = stacked(HeaderBar(tr("Augmentation"), self._count), area, Separator(), foot, grows=area)
        return self._left

    def _make_right(self) -> QWidget:
        self._planned = Text("", "dim")
        self._planned.setObjectName("planned_augmentation")
        self._planned.setWordWrap(True)
        self._use = PrimaryButton("use_augmentation", tr("Use for the next run"))
        self._may_use = ActionBinding(self._use, self._context.commands["use_augmentation"], self._why_not_use)
        foot = Panel()
        self._many = InlineMessage("many_copies")
        foot.add(self._many, self._planned, self._use)
        area = scrolled("effect_scroll", self._effect, read=True)
        mean = Text(tr("mean"), "dim")
        mean.setToolTip(tr("The mean of all samples"))
        band = HeaderBar(tr("Pixels per class"), mean)
        self._right = stacked(band, area, Separator(), foot, grows=area)
        return self._right

    def _connect(self) -> None:
        session = self._context.session
        self._rows.changed.connect(self._changed)
        self._rows.alone.connect(self._show_alone)
        self._rows.load_wanted.connect(self._ask_load)
        self._rows.save_wanted.connect(self._ask_save)
        self._amount.changed.connect(self._amount_changed)
        self._context.commands.connect_to(self.name, use_augmentation=self._use_it)
        self._samples.made.connect(self._samples_made)
        self._recipe.changed.connect(self._recipe_changed)
        session.project_changed.connect(self._project_changed)
        session.current.image_changed.connect(self._image_changed)

    def shown(self) -> None:
        """The tab comes to the front."""
        self._image_changed()
        self._samples.shown()
        validation = tr("Validation and test images are never changed")
        self._context.status.set_hints([tr("Point at a sample to see it large"), validation])

    # The augmentation --------------------------------------------------------------------------------------------------

    @Slot()
    def _project_changed(self) -> None:
        session = self._context.session
        self.show_page("" if session.project is not None else "project")
        self._rows.show_config(self._recipe.draft or self._in_use())  # a window made anew shows what was not taken yet
        self._show_amounts()
        self._samples.forget()
        self._changed()
        if self.isVisible():
            self.shown()

    def _in_use(self) -> AugmentConfig:
        """What the next run will take; that of the task where its file is gone, which is said."""
        try:
            return self._recipe.augmentation
        except EngineError as fault:
            self._context.session.failed.emit(fault)
            return load_preset(self._recipe.usual_preset)

    def config(self) -> AugmentConfig:
        """The augmentation as it stands in the tab."""
        return self._rows.config()

    @Slot()
    def _changed(self) -> None:
        self._recipe.draft = self._rows.config()
        self._tell()
        self._samples.show_config(self._rows.config(), self._amounts.sides)

    @Slot(object)
    def _amount_changed(self, amounts: TrainConfig) -> None:
        self._amounts = amounts
        self._changed()

    @Slot(str)
    def _show_alone(self, key: str) -> None:
        """What one change does by itself, while the pointer rests on its row; then all again."""
        config = self._rows.config()
        if key:
            off = {name: replace(setting, on=False) for name, setting in config.settings.items()}
            config = replace(config, settings=off | {key: replace(config[key], on=True, chance=1.0)})
        self._samples.show_config(config, self._amounts.sides)
        self._tell()
        if key:
            self._count.setText(tr("{name} alone", name=tr(ROWS[key].label)))
        self._count.set_role("accent" if key else "dim")

    @Slot()
    def _recipe_changed(self) -> None:
        """Amounts that were changed in Train are shown; those that were changed here stay until they are used."""
        if words.amounts_of(self._recipe.config) != self._used:
            self._show_amounts()
            self._changed()
        self._tell()

    def _show_amounts(self) -> None:
        self._amounts, self._used = self._recipe.config, words.amounts_of(self._recipe.config)
        self._amount.set_value(self._amounts)

    def _tell(self) -> None:
        """Counts, and what the button would do."""
        total, on = self._rows.counts()
        self._count.setText(tr("{total} changes, {on} on", total=total, on=on))
        amounts, name = self._amounts, self._rows.preset()
        self._many.say(next((translate_notice(each) for each in ratio_notices(amounts.per_image)), ""), "warn")
        parts = [tr("Own") if name == OWN else words.preset(name), f"1 : {amounts.per_image}"]
        if amounts.balance:
            parts.append(tr("rare classes balanced"))
        self._planned.setText(", ".join(parts))
        self._may_use.refresh()

    def _why_not_use(self) -> str:
        return tr("The next run uses it already.") if self._is_used(self._rows.preset()) else ""

    def _is_used(self, name: str) -> bool:
        if words.amounts_of(self._amounts) != words.amounts_of(self._recipe.config):
            return False
        if name != OWN:
            return name == self._recipe.preset
        try:
            return self._recipe.augmentation == self._rows.config()
        except EngineError:  # its file is gone: whatever is shown here is not in use
            return False

    @Slot()
    def _use_it(self) -> None:
        if self._why_not_use():
            return
        try:
            self._recipe.use_augmentation(self._rows.config(), **words.amounts_of(self._amounts))
        except EngineError as fault:
            self._context.session.failed.emit(fault)
            return
        self._tell()
        self._context.session.notification.emit(tr("The next run changes its images like this."), "good")

    @Slot()
    def _ask_load(self) -> None:
        start = settings.ui_state("folder", str(Path.home()))
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Load a recipe from a file"), start, tr("Recipes ({pattern})", pattern="*.json")
        )
        if chosen:
            self.load_file(Path(chosen))

    def load_file(self, path: Path) -> None:
        """Show the augmentation of a file."""
        try:
            self._rows.show_config(load_preset(path))
        except EngineError as fault:
            self._context.session.failed.emit(fault)
            return
        settings.set_ui_state("folder", str(path.parent))
        self._changed()

    @Slot()
    def _ask_save(self) -> None:
        start = str(Path(settings.ui_state("folder", str(Path.home()))) / "augmentation.json")
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save this recipe as a file"), start, tr("Recipes ({pattern})", pattern="*.json")
        )
        if chosen:
            self.save_as(Path(chosen))

    def save_as(self, path: Path) -> None:
        """Write the augmentation as a file that `load_file` and the command line read."""
        try:
            save_preset(path, self._rows.config())
        except EngineError as fault:
            self._context.session.failed.emit(fault)
            return
        settings.set_ui_state("folder", str(path.parent))
        self._context.session.notification.emit(tr("Saved as {name}.", name=path.name), "good")

    # The samples -------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _samples_made(self, made: PreviewResult) -> None:
        session, sides = self._context.session, self._about_sides(made)
        if made.effect is not None:
            self._effect.show_effect(made.effect, made.classes, self._of_patients(), sides)
        elif session.task == "classification":
            why = tr("This project gives classes to whole images: there are no masks to count.")
            self._effect.show_nothing(why, sides)
        else:
            self._effect.show_nothing(tr("This item has no mask yet, so there is nothing to count."), sides)
        # No row is cut: their words depend on the language and on the image
        self._left.setMinimumWidth(max(_LEFT, self._rows.minimumSizeHint().width() + SCROLL_BAR))

    def _about_sides(self, made: PreviewResult) -> list[EffectNote]:
        """What mirror images mean for classes that are left and right of one thing."""
        names = [each.name for each in made.classes]
        rule = auto_rule(names) if self._amounts.sides == AUTO else self._amounts.sides
        said = side_notices(names, self._rows.config(), rule, (made.side_axis,))
        return [(translate_notice(notice), "warn" if rule == "keep" else "dim") for notice in said]

    @Slot()
    def _image_changed(self) -> None:
        image = self._context.session.current.image
        if image is not None:
            self._rows.set_color(image.color)

    def _of_patients(self) -> bool:
        item = self._context.session.current.item
        return item is not None and bool(item.patient or item.modality)

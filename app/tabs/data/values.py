"""The step that asks where the masks lie and what their values mean."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QInputDialog, QWidget

from app.shell import settings
from app.tabs.data.rows import reason_of
from engine.labels.classes import BACKGROUND, LabelClass
from engine.project.folders import plain_name
from engine.project.importing import MaskSurvey
from engine.project.proposals import guess_values
from engine.words import translatable
from widgets import theme
from widgets.column_parts import clear
from widgets.controls import Button, IconButton, Text, named
from widgets.elided import ElidedText
from widgets.figures import percent
from widgets.panels import Panel
from widgets.signs import InlineMessage, swatch
from widgets.text import counted, tr

_UNSAID, _NEW = -1, -2  # besides the places of classes
_TOO_MUCH = 0.5  # a single class that covers more of the pixels than this may be the wrong way round


class ValuesPanel(Panel):
    """`masks_chosen(Path or None)`: look for masks there. `classes_wanted(names)`: the project needs these classes too. `changed()`."""

    masks_chosen = Signal(object)
    classes_wanted = Signal(list)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__(tr("What the mask values mean"))
        self._masks: Path | None = None
        self._beside: Path | None = None  # proposed, not taken
        self._share: Mapping[int, float] = {}
        self._means: dict[int, int | None] = {}
        self._classes: Sequence[LabelClass] = ()
        self._may_add = False
        self._waiting: list[int] = []  # the values that the next new classes are for
        self._unit = Text(tr("pixel share"), "dim")
        self.add_to_heading(self._unit)
        self._where = ElidedText()
        self._where.setObjectName("masks.where")
        self._folder = Button("masks.folder", tr("Folder…"))
        self._folder.setToolTip(tr("The folder that holds the masks, named like the images"))
        self._file = Button("masks.file", tr("File…"))
        self._file.setToolTip(tr("One mask for one image, or a COCO file (.json)"))
        self._none = IconButton("masks.none", "x", tr("Import without masks"), side=26)
        self._use_beside = Button("masks.beside", "", role="link")
        self._hint = InlineMessage("masks.hint")
        self._swap = Button("masks.swap", tr("Swap"))
        self._rest = Button("masks.rest", tr("Take all others as background"), role="link")
        self._each = Button("masks.each", tr("A class for every value"), role="link")
        self._each.setToolTip(tr("Classes called after the values; their names can be changed later"))
        self._grid_in = QWidget()
        self._grid = QGridLayout(self._grid_in)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._combos: dict[int, QComboBox] = {}
        self.add_row(self._where, self._folder, self._file, self._none).setStretch(0, 1)
        self.body.addWidget(self._use_beside, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_row(self._hint, self._swap).setStretch(0, 1)
        for button in (self._each, self._rest):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self._grid_in)
        self._folder.clicked.connect(self._choose_folder)
        self._file.clicked.connect(self._choose_file)
        self._none.clicked.connect(self._choose_none)
        self._use_beside.clicked.connect(self._choose_beside)
        self._swap.clicked.connect(self._turn_round)
        self._rest.clicked.connect(self._take_rest)
        self._each.clicked.connect(self._class_for_each)
        theme.watch().changed.connect(self._rebuild)
        self.show_masks(None)

    # What is shown -----------------------------------------------------------------------------------------------------

    def show_masks(self, masks: Path | None, note: str = "") -> None:
        """The masks that are used; their values are on the way. `note` says what is happening."""
        self._masks, self._share, self._means = masks, {}, {}
        self._where.say(tr("No masks") if masks is None else masks.name)
        self._where.set_role("dim" if masks is None else "")
        self._where.setToolTip("" if masks is None else str(masks))
        self._none.setVisible(masks is not None)
        self._use_beside.setVisible(masks is None and self._beside is not None)
        self._rebuild()
        self._hint.say(note)

    def propose(self, masks: Path | None) -> None:
        """A file that may hold the masks of what was chosen, though it lies beside it; None for none."""
        self._beside = masks
        self._use_beside.setText(tr("Use the masks in {name}", name=masks.name) if masks is not None else "")
        self._use_beside.setVisible(self._masks is None and masks is not None)

    def show_survey(self, survey: MaskSurvey, classes: Sequence[LabelClass], may_add: bool) -> None:
        """The values found, each with the class that it most likely means."""
        self._share, self._classes, self._may_add = survey.share, classes, may_add
        self._means = dict(guess_values(survey.share, len(classes)))
        self._rebuild()
        self._judge()
        if not survey.matched:
            self._hint.say(tr("No mask there is named like an image."), "warn")
        elif survey.refused:
            one, many = (
                translatable("1 mask was not read: {reason}"),
                translatable("{count} masks were not read, the first: {reason}"),
            )
            count = len(survey.refused)
            self._hint.say(tr(one if count == 1 else many, count=count, reason=reason_of(survey.refused[0])), "bad")

    def show_classes(self, classes: Sequence[LabelClass]) -> None:
        """The project's classes changed. Those that were asked for here take their values."""
        first = len(classes) - len(self._waiting) + 1
        self._means |= {value: first + at for at, value in enumerate(self._waiting)}
        self._classes, self._waiting = classes, []
        self._rebuild()
        self._judge()
        self.changed.emit()

    def values(self) -> dict[int, str] | None:
        """What each value means, by name; None where no masks were looked at."""
        if not self._share:
            return None
        names = {BACKGROUND: "background"} | {place: c.name for place, c in enumerate(self._classes, 1)}
        return {value: names[place] for value, place in self._means.items() if place is not None}

    def unsaid(self) -> list[int]:
        """Values that nobody gave a meaning yet."""
        return [value for value, place in self._means.items() if place is None]

    # Rows --------------------------------------------------------------------------------------------------------------

    @Slot()
    def _rebuild(self) -> None:
        for combo in self._combos.values():
            combo.removeEventFilter(self)
        self._combos = {}
        clear(self._grid)
        swatches = [swatch(None), *(swatch(one.color) for one in self._classes)]
        for row, value in enumerate(sorted(self._share)):
            number = Text(str(value))
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            number.setMinimumWidth(28)
            combo = self._combo(value, swatches)
            number.setBuddy(combo)
            share = Text(percent(self._share[value], 1), "dim")
            share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, widget in enumerate((number, combo, share)):
                self._grid.addWidget(widget, row, column)
            self._combos[value] = combo
        self._grid_in.setVisible(bool(self._share))
        self._unit.setVisible(bool(self._share))
        self._judge()

    def _combo(self, value: int, swatches: Sequence[QIcon]) -> QComboBox:
        combo = QComboBox()
        named(combo, f"masks.value.{value}", tr("Meaning of the mask value {value}", value=value))
        combo.setProperty("value", value)
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.setMinimumContentsLength(8)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.addItem(swatches[0], tr("Background"), BACKGROUND)
        for place, one in enumerate(self._classes, 1):
            combo.addItem(swatches[place], one.name, place)
        if self._means.get(value) is None:
            combo.addItem(swatches[0], tr("Choose a class"), _UNSAID)
            combo.setProperty("unsaid", True)  # in the colour of what has to be looked at
        if self._may_add:
            combo.addItem(swatches[0], tr("New class…"), _NEW)
        means = self._means.get(value)
        combo.setCurrentIndex(combo.findData(_UNSAID if means is None else means))
        combo.installEventFilter(self)
        combo.activated.connect(self._chosen)
        return combo

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the column; it changes a meaning only where the keyboard is in it."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @Slot(int)
    def _chosen(self, index: int) -> None:
        combo = self.sender()
        if not isinstance(combo, QComboBox):
            return
        value, place = int(combo.property("value")), int(combo.itemData(index))
        if place == _NEW:
            combo.setCurrentIndex(combo.findData(_UNSAID if self._means[value] is None else self._means[value]))
            self._ask_classes(value)
            return
        self._means[value] = None if place == _UNSAID else place
        combo.setProperty("unsaid", place == _UNSAID)
        combo.style().unpolish(combo)
        combo.style().polish(combo)
        self._judge()
        self.changed.emit()

    def _ask_classes(self, value: int) -> None:
        """Ask what the value shows; Enter goes on to the next value that has no meaning yet, Escape ends."""
        go_on = self._means[value] is None
        while self._ask_class(value):
            later = [other for other in self.unsaid() if other > value] or self.unsaid()
            if not go_on or not later:
                break
            value = later[0]
        combo = self._combos[value]  # the rows were made anew, and the layout shows them only later
        combo.show()
        combo.setFocus()

    def _ask_class(self, value: int) -> bool:
        """Whether the value has a meaning now."""
        text, sure = QInputDialog.getText(
            self, tr("New class"), tr("What does the mask value {value} show?", value=value)
        )
        name = text.strip()
        if not sure or not name:
            return False
        known = next((at for at, one in enumerate(self._classes, 1) if plain_name(one.name) == plain_name(name)), None)
        if known is None:
            self._want([value], [name])
        else:
            self._means[value] = known
            self._rebuild()
            self.changed.emit()
        return self._means[value] is not None

    def _want(self, values: list[int], names: list[str]) -> None:
        self._waiting = values
        self.classes_wanted.emit(names)
        self._waiting = []  # they were refused

    @Slot()
    def _class_for_each(self) -> None:
        """A class, called after it, for every value that has none yet."""
        taken = {plain_name(one.name) for one in self._classes}
        values = self.unsaid()
        names = [tr("Value {value}", value=value) for value in values]
        self._want(values, [f"{name} (2)" if plain_name(name) in taken else name for name in names])

    def _judge(self) -> None:
        """Say what still has to be decided, or looks the wrong way round."""
        unsaid = self.unsaid()
        covered = sum(self._share[value] for value, place in self._means.items() if place)
        single = len(self._classes) == 1
        inverted = single and covered > _TOO_MUCH
        self._rest.setVisible(len(unsaid) > 1)
        self._each.setVisible(self._may_add and len(unsaid) > 1)
        self._swap.setVisible(inverted or (single and len(self._share) == 2))
        if unsaid:
            one, many = translatable("1 value has no class yet."), translatable("{count} values have no class yet.")
            self._hint.say(counted(len(unsaid), one, many), "warn")
        elif inverted:
            text = tr(
                "{name} would cover {share} of the pixels. Are the masks the other way round?",
                name=self._classes[0].name,
                share=percent(covered),
            )
            self._hint.say(text, "warn")
        else:
            self._hint.say("")

    # What a person chooses ---------------------------------------------------------------------------------------------

    @Slot()
    def _turn_round(self) -> None:
        self._means = {value: 0 if place else 1 for value, place in self._means.items()}
        self._rebuild()
        self.changed.emit()

    @Slot()
    def _take_rest(self) -> None:
        self._means = {value: place or BACKGROUND for value, place in self._means.items()}
        self._rebuild()
        self.changed.emit()

    def _start(self) -> str:
        return str(self._masks or settings.ui_state("images", str(Path.home())))

    @Slot()
    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("The folder of the masks"), self._start())
        if chosen:
            self.masks_chosen.emit(Path(chosen))

    @Slot()
    def _choose_file(self) -> None:
        kinds = tr("Masks (*.nii *.nii.gz *.nrrd *.nhdr *.png *.tif *.tiff *.bmp *.gif *.npy *.json)")
        chosen, _ = QFileDialog.getOpenFileName(self, tr("The file of the mask"), self._start(), kinds)
        if chosen:
            self.masks_chosen.emit(Path(chosen))

    @Slot()
    def _choose_beside(self) -> None:
        self.masks_chosen.emit(self._beside)

    @Slot()
    def _choose_none(self) -> None:
        self.masks_chosen.emit(None)

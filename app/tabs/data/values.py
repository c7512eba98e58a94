"""The step that asks where the masks lie and what their values mean, or the categories of a COCO file."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QInputDialog, QLineEdit, QVBoxLayout, QWidget

from app.shell import settings
from app.shell.context import AppContext
from app.tabs.data.mask_preview import MaskPreviewView
from app.tabs.data.rows import reason_of
from engine.errors import EngineError
from engine.formats.label_file import LabelName, labels_beside, read_labels
from engine.imaging.scan import Found
from engine.imaging.values import color_text
from engine.labels.classes import BACKGROUND, UNLABELLED, UNLABELLED_COLOR, UNLABELLED_NAME, LabelClass
from engine.natural_order import natural
from engine.project.folders import plain_name
from engine.project.importing import MaskSurvey
from engine.project.mask_files import TOO_MUCH
from engine.project.proposals import guess_values
from engine.words import translatable
from widgets import theme
from widgets.column_parts import clear
from widgets.controls import Button, IconButton, Text, named
from widgets.elided import ElidedText, elide
from widgets.figures import percent
from widgets.panels import Panel
from widgets.signs import InlineMessage, hatched_swatch, swatch
from widgets.text import counted, tip, tr
from widgets.word_combo import WordCombo

Key: TypeAlias = "int | str"
"""A value of the masks, or the name of a category."""

_UNSAID, _NEW = -1, -2  # besides the places of classes
_NAME = 120  # px of a category's name


class ValuesPanel(Panel):
    """`masks_chosen(paths)`: look for masks there, () for none. `classes_wanted([(name, colour)])`: the project needs these classes too.
    `changed()`."""

    masks_chosen = Signal(object)
    classes_wanted = Signal(list)
    changed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__(tr("What the mask values mean"))
        self._session = context.session
        self._masks: Path | None = None
        self._beside: Sequence[Path] = ()  # proposed, not taken
        self._share: Mapping[Key, float] = {}
        self._means: dict[Key, int | None] = {}
        self._called: Mapping[Key, LabelName] = {}  # by a file
        self._colors: Collection[Key] = ()  # of the values, those that are colours
        self._classes: Sequence[LabelClass] = ()
        self._may_add = False
        self._of_objects = False  # in which each value is an object
        self._waiting: dict[Key, str] = {}  # the values that the next new classes are for
        self.preview = MaskPreviewView(context)
        self.preview.pointed.connect(self._pointed)
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
        self._names = Button("masks.names", tr("Names from a file…"), role="link")
        self._names.setToolTip(
            tr(
                "Labels of ITK-SNAP (.txt), Slicer (.ctbl, .seg.nrrd), nnU-Net (dataset.json), or the categories of a COCO file"
            )
        )
        self._grid_in = QWidget()
        self._grid = QGridLayout(self._grid_in)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._combos: dict[Key, QComboBox] = {}
        self._numbers: dict[Key, Text] = {}
        self.add_row(self._where, self._none).setStretch(0, 1)
        self.add_row(self._folder, self._file).addStretch(1)
        self.body.addWidget(self._use_beside, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_row(self._hint, self._swap).setStretch(0, 1)
        ways = QVBoxLayout()
        ways.setSpacing(0)
        for button in (self._names, self._each, self._rest):
            ways.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addLayout(ways)
        self.add(self.preview, self._grid_in)
        self._folder.clicked.connect(self._choose_folder)
        self._file.clicked.connect(self._choose_file)
        self._none.clicked.connect(self._choose_none)
        self._use_beside.clicked.connect(self._choose_beside)
        self._swap.clicked.connect(self._turn_round)
        self._rest.clicked.connect(self._take_rest)
        self._each.clicked.connect(self._class_for_each)
        self._names.clicked.connect(self._choose_names)
        theme.watch().changed.connect(self._rebuild)
        self.show_masks(())

    # What is shown -----------------------------------------------------------------------------------------------------

    def show_masks(self, masks: Sequence[Path], note: str = "") -> None:
        """The masks that are used, () for none; their values are on the way. `note` says what is happening."""
        self._masks, self._share, self._means, self._called = next(iter(masks), None), {}, {}, {}
        self._of_objects = False
        self.preview.show_masks((), None, (), {})
        self._where.say(_names(masks) if masks else tr("No masks"))
        self._where.set_role("" if masks else "dim")
        self._where.setToolTip(tip("\n".join(map(str, masks))))
        self._none.setVisible(bool(masks))
        self._use_beside.setVisible(not masks and bool(self._beside))
        self._rebuild()
        self._hint.say(note)

    def propose(self, masks: Sequence[Path]) -> None:
        """Files that may hold the masks of what was chosen, though they lie beside it; () for none."""
        self._beside = masks
        self._use_beside.setText(tr("Use the masks in {name}", name=_names(masks)) if masks else "")
        self._use_beside.setVisible(self._masks is None and bool(masks))

    def show_survey(
        self, survey: MaskSurvey, found: Sequence[Found], classes: Sequence[LabelClass], may_add: bool
    ) -> None:
        """The values found, each with the class that it most likely means; a file of names that lies beside the masks is read."""
        self._share, self._classes, self._may_add = (
            {value: survey.share[value] for value in survey.share},
            classes,
            may_add,
        )
        self._colors = survey.colors
        guessed = guess_values(survey.share, len(classes))
        nobody_s = {*survey.disputed, *(survey.share if survey.by_files else ())}
        self._means = {value: None if value in nobody_s else guessed[value] for value in guessed}
        self.preview.show_masks(found, self._masks, tuple(survey.share), survey.examples)
        beside = labels_beside(self._masks) if self._masks is not None and not survey.by_files else None
        if beside is not None:
            self._take_names(beside)
        elif survey.names and self._masks is not None:
            self._use_names(survey.names, self._masks.name)
        self._rebuild()
        self._judge()
        self._say_disputed(survey)
        self._say_unread(survey)

    def show_objects(self, survey: MaskSurvey, classes: Sequence[LabelClass], may_add: bool) -> None:
        """Masks in which each value is an object: of which class all of them are."""
        key = tr("Each object")
        self._share, self._classes, self._may_add = {key: 1.0}, classes, may_add
        self._means, self._of_objects = {key: 1 if len(classes) == 1 else None}, True
        self._rebuild()
        self._judge()
        self._say_unread(survey)

    def _say_disputed(self, survey: MaskSurvey) -> None:
        for value, names in list(survey.disputed.items())[:1]:
            text = tr(
                "The masks call the value {value} by several names: {names}. Import them one by one.",
                value=value,
                names=", ".join(names),
            )
            self._hint.say(text, "warn")

    def _say_unread(self, survey: MaskSurvey) -> None:
        if not survey.matched:
            self._hint.say(tr("No mask there is named like an image."), "warn")
        elif survey.refused:
            one, many = (
                translatable("1 mask was not read: {reason}"),
                translatable("{count} masks were not read, the first: {reason}"),
            )
            count = len(survey.refused)
            self._hint.say(tr(one if count == 1 else many, count=count, reason=reason_of(survey.refused[0])), "bad")

    def show_categories(self, categories: Mapping[str, int], classes: Sequence[LabelClass], may_add: bool) -> None:
        """The categories of a COCO file with the number of their shapes, each with the class of its name."""
        total = max(sum(categories.values()), 1)
        self._share = {name: count / total for name, count in categories.items()}
        self._classes, self._may_add = classes, may_add
        self._means = {name: self._class_called(name) for name in categories}
        self._rebuild()
        self._judge()

    def show_classes(self, classes: Sequence[LabelClass]) -> None:
        """The project's classes changed. Those that were asked for here take their values; one that is gone is meant by none."""
        places = {one.identity: place for place, one in enumerate(classes, 1)}
        moved = {place: places.get(one.identity) for place, one in enumerate(self._classes, 1)}
        self._means = {
            key: place if place is None else moved.get(place, place)  # background and unlabelled stay
            for key, place in self._means.items()
        }
        self._classes = classes
        for key, name in self._waiting.items():
            self._means[key] = self._class_called(name)
        self._waiting = {}
        self._rebuild()
        self._judge()
        self.changed.emit()

    def values(self) -> dict[int, str] | None:
        """What each value means, by name; None where no masks were looked at."""
        said = {key: name for key, name in self._said().items() if isinstance(key, int)}
        return said or None

    def categories(self) -> dict[str, str]:
        """What each category of a COCO file means, by name."""
        return {key: name for key, name in self._said().items() if isinstance(key, str)}

    def _said(self) -> dict[Key, str]:
        names = {BACKGROUND: "background", UNLABELLED: UNLABELLED_NAME}
        names |= {place: c.name for place, c in enumerate(self._classes, 1)}
        return {key: names[place] for key, place in self._means.items() if place is not None}

    def _class_called(self, name: str) -> int | None:
        """The place of the class of that name, written in any way; 0 for background, UNLABELLED for what is none of both, None where
        there is none."""
        if plain_name(name) == plain_name("background"):
            return BACKGROUND
        exact = {one.name.casefold(): place for place, one in enumerate(self._classes, 1)}
        plain = {plain_name(one.name): place for place, one in enumerate(self._classes, 1)}
        place = exact.get(name.strip().casefold(), plain.get(plain_name(name)))
        nobodys = {plain_name(word) for word in (UNLABELLED_NAME, tr("Unlabelled"))}
        return UNLABELLED if place is None and self._may_be_unlabelled and plain_name(name) in nobodys else place

    @property
    def _may_be_unlabelled(self) -> bool:
        """Whether a value can mean what is never learnt and never scored: no object does, and no class may be called so."""
        return not self._of_objects and all(one.name.casefold() != UNLABELLED_NAME for one in self._classes)

    def _color(self, place: int) -> str | None:
        """In which what a value means is drawn; None of the background, which is not."""
        if place == UNLABELLED:
            return UNLABELLED_COLOR
        return self._classes[place - 1].color if place else None

    def unsaid(self) -> list[Key]:
        """Values that nobody gave a meaning yet."""
        return [value for value, place in self._means.items() if place is None]

    def written(self, key: Key) -> str:
        """As a person reads it: a colour as #rrggbb."""
        return color_text(key) if isinstance(key, int) and key in self._colors else str(key)

    # Rows --------------------------------------------------------------------------------------------------------------

    @Slot()
    def _rebuild(self) -> None:
        for widget in (*self._combos.values(), *self._numbers.values()):
            widget.removeEventFilter(self)
        self._combos, self._numbers = {}, {}
        clear(self._grid)
        swatches = [swatch(None), *(swatch(one.color) for one in self._classes)]
        for row, value in enumerate(sorted(self._share, key=lambda key: (isinstance(key, str), natural(str(key))))):
            number = Text(elide(self.written(value), self.fontMetrics(), _NAME))
            number.setToolTip(tip(str(value)) if isinstance(value, str) else "")
            side = Qt.AlignmentFlag.AlignRight if isinstance(value, int) else Qt.AlignmentFlag.AlignLeft
            number.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            number.setMinimumWidth(28)
            number.setProperty("value", value)
            number.installEventFilter(self)
            self._numbers[value] = number
            combo = self._combo(value, swatches)
            number.setBuddy(combo)
            share = Text(percent(self._share[value], 1) if len(self._share) > 1 else "", "dim")
            share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, widget in enumerate((number, combo, share)):
                self._grid.addWidget(widget, row, column)
            self._combos[value] = combo
        self._grid_in.setVisible(bool(self._share))
        self._unit.setVisible(len(self._share) > 1)
        self._unit.setText(
            tr("pixel share") if all(isinstance(key, int) for key in self._share) else tr("share of shapes")
        )
        self._judge()

    def _combo(self, value: Key, swatches: Sequence[QIcon]) -> QComboBox:
        combo = WordCombo()
        named(combo, f"masks.value.{value}", tr("Meaning of the mask value {value}", value=self.written(value)))
        combo.setProperty("value", value)
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.setMinimumContentsLength(8)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.addItem(swatches[0], tr("Background"), BACKGROUND)
        for place, one in enumerate(self._classes, 1):
            combo.addItem(swatches[place], one.name, place)
        if self._may_be_unlabelled:
            combo.addItem(hatched_swatch(UNLABELLED_COLOR), tr("Unlabelled"), UNLABELLED)
            text = tr("Pixels left out on purpose: never learnt, never scored")
            combo.setItemData(combo.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
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
        """The wheel scrolls the column; it changes a meaning only where the keyboard is in it. The row's value is lit on the scan."""
        lights = {QEvent.Type.Enter: True, QEvent.Type.FocusIn: True, QEvent.Type.Leave: False}
        if event.type() in lights and isinstance(watched, QWidget):
            key = watched.property("value")
            self.preview.light(key if lights[event.type()] and isinstance(key, int) and key else None)
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @Slot(int)
    def _chosen(self, index: int) -> None:
        combo = self.sender()
        if not isinstance(combo, QComboBox):
            return
        value, place = combo.property("value"), int(combo.itemData(index))
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

    def _ask_classes(self, value: Key) -> None:
        """Ask what the value shows; Enter goes on to the next value that has no meaning yet, Escape ends."""
        go_on = self._means[value] is None
        while self._ask_class(value):
            left = self.unsaid()
            if not go_on or not left:
                break
            order = list(self._combos)
            value = next((other for other in order[order.index(value) :] if other in left), left[0])
        self._go_to(value)

    def _go_to(self, value: Key) -> None:
        """Give its row the keyboard."""
        combo = self._combos[value]  # the rows may have been made anew, and the layout shows them only later
        combo.show()
        combo.setFocus()

    def _ask_class(self, value: Key) -> bool:
        """Whether the value has a meaning now. It is lit on the scan meanwhile."""
        if isinstance(value, int):
            self.preview.light(value or None)
            question, usual = (
                tr("What does the mask value {value} show?", value=self.written(value)),
                self._name_of(value, ""),
            )
        else:
            question, usual = tr("What does the category {name} show?", name=value), value
        text, sure = QInputDialog.getText(self, tr("New class"), tip(question), QLineEdit.EchoMode.Normal, usual)
        name = text.strip()
        if not sure or not name:
            return False
        known = self._class_called(name)
        if not known:  # the background is refused as a class
            self._want({value: name})
        else:
            self._means[value] = known
            self._rebuild()
            self.changed.emit()
        return self._means[value] is not None

    def _want(self, names: Mapping[Key, str]) -> None:
        """New classes of these names, each once, in the colours that a file gave them."""
        self._waiting = dict(names)
        colors = {name: self._called[key].color if key in self._called else "" for key, name in names.items()}
        self.classes_wanted.emit([(name, colors[name]) for name in dict.fromkeys(names.values())])
        self._waiting = {}  # they were refused

    def _name_of(self, key: Key, otherwise: str) -> str:
        """What a file calls it; a category is its own name."""
        return key if isinstance(key, str) else self._called[key].name if key in self._called else otherwise

    @Slot()
    def _class_for_each(self) -> None:
        """A class, called as a file says or after it, for every value that has none yet."""
        taken = {plain_name(one.name) for one in self._classes}
        names = {key: self._name_of(key, tr("Value {value}", value=self.written(key))) for key in self.unsaid()}
        self._want({key: f"{name} (2)" if plain_name(name) in taken else name for key, name in names.items()})

    @Slot()
    def _choose_names(self) -> None:
        kinds = tr("Names of mask values (*.txt *.label *.ctbl *.json *.nrrd)")
        chosen, _ = QFileDialog.getOpenFileName(self, tr("What the mask values mean"), self._start(), kinds)
        if not chosen:
            return
        try:
            self._take_names(Path(chosen))
        except EngineError as fault:
            self._session.failed.emit(fault)
            return
        unknown = {key: self._called[key].name for key in self.unsaid() if key in self._called}
        if unknown and self._may_add:
            self._want(unknown)
        self._rebuild()
        self.changed.emit()

    def _take_names(self, file: Path) -> None:
        """Raises EngineError."""
        self._use_names(read_labels(file), file.name)

    def _use_names(self, names: Mapping[int, LabelName], file: str) -> None:
        """Names by a file: a value whose class is there already means it."""
        self._called = {value: one for value, one in names.items() if value in self._share}
        for key, one in self._called.items():
            place = self._class_called(one.name)
            self._means[key] = place if place is not None else None if self._may_add else self._means[key]
        self._each.setToolTip(tip(tr("Classes called as {file} says", file=file)))

    @Slot(object)
    def _pointed(self, value: int | None) -> None:
        """The row of the value under the pointer is lit too."""
        for key, number in self._numbers.items():
            number.set_role("accent" if value is not None and key == value else "")
        place = self._means.get(value) if value is not None else None
        name = "" if place is None else self._session.class_name(place)
        words = "" if value is None else self.written(value)
        self.preview.tell(f"{words} · {name}" if name else words)

    def _judge(self) -> None:
        """Say what still has to be decided, or looks the wrong way round; the scan shows what is said."""
        self.preview.set_colors(
            {
                value: self._color(place)
                for value, place in self._means.items()
                if isinstance(value, int) and place is not None
            }
        )
        unsaid = self.unsaid()
        of_pixels = all(isinstance(key, int) for key in self._share)  # shapes cannot be the wrong way round
        counted_in = sum(self._share[value] for value, place in self._means.items() if place != UNLABELLED)
        covered = sum(self._share[value] for value, place in self._means.items() if place and place != UNLABELLED)
        covered /= counted_in or 1
        single = of_pixels and len(self._classes) == 1
        inverted = single and covered > TOO_MUCH
        if len(unsaid) <= 1 and (self._rest.hasFocus() or self._each.hasFocus()) and self._combos:
            self._go_to(next(iter(self._combos)))  # else the keyboard goes past the rows, and the column is scrolled
        self._rest.setVisible(len(unsaid) > 1)
        self._each.setVisible(self._may_add and len(unsaid) > 1)
        self._names.setVisible(any(isinstance(key, int) and key for key in self._share))
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
        self._means = {v: p if p == UNLABELLED else 0 if p else 1 for v, p in self._means.items()}
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
            self.masks_chosen.emit((Path(chosen),))

    @Slot()
    def _choose_file(self) -> None:
        kinds = tr("Masks (*.nii *.nii.gz *.nrrd *.nhdr *.png *.tif *.tiff *.bmp *.gif *.npy *.json)")
        chosen, _ = QFileDialog.getOpenFileName(self, tr("The file of the mask"), self._start(), kinds)
        if chosen:
            self.masks_chosen.emit((Path(chosen),))

    @Slot()
    def _choose_beside(self) -> None:
        self.masks_chosen.emit(self._beside)

    @Slot()
    def _choose_none(self) -> None:
        self.masks_chosen.emit(())


def _names(files: Sequence[Path]) -> str:
    return files[0].name if len(files) == 1 else tr("{count} COCO files", count=len(files))

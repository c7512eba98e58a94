"""The step that asks who is a patient, and in which set what comes in shall be."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit

from app.tabs.parts.counts import patients_of, patients_text
from engine.config import Split
from engine.errors import EngineError
from engine.imaging.scan import Found
from engine.project.folders import propose_splits, split_of
from engine.project.importing import patient_rule
from engine.project.proposals import PATIENT_RULES
from engine.project.splits import SETS as ORDER
from widgets.controls import Text, named
from widgets.figures import NONE
from widgets.panels import Panel
from widgets.sets import SETS
from widgets.signs import InlineMessage
from widgets.text import tr
from widgets.word_combo import WordCombo

Rule: TypeAlias = Callable[[Found], str]

_OWN = "own"
_SHOWN = 3


class PatientsPanel(Panel):
    """`changed()` when a person chose another rule. `rule` gives an image's patient."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Patients"))
        self._found: Sequence[Found] = ()
        self._key: Callable[[str], str] = str
        self._count = Text("", "dim")
        self.add_to_heading(self._count)
        self._choice = WordCombo()
        named(self._choice, "patients.rule", tr("How the patient is known"))
        self._choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for rule in PATIENT_RULES:
            self._choice.addItem(tr(rule.text), rule.id)
        self._choice.addItem(tr("A rule of my own…"), _OWN)
        self._pattern = QLineEdit()
        named(self._pattern, "patients.pattern", tr("Regular expression; its first group is the patient"))
        self._pattern.setToolTip(self._pattern.accessibleName())
        self._preview = Text("", "dim")
        self._preview.setObjectName("patients.preview")
        self._fault = InlineMessage("patients.fault")
        self.add(self._choice, self._pattern, self._preview, self._fault)
        self._choice.currentIndexChanged.connect(self._chosen)
        self._pattern.textEdited.connect(self._typed)
        self._pattern.hide()

    def show_found(self, found: Sequence[Found], key: Callable[[str], str]) -> None:
        """Show what the rule makes of these; `key` is the project's own for what a file says."""
        self._found, self._key = found, key
        self._refresh()

    def pattern(self) -> str:
        """The rule as an import takes it; "" asks the files."""
        id = self._choice.currentData()
        if id == _OWN:
            return self._pattern.text()
        return next(rule.pattern for rule in PATIENT_RULES if rule.id == id)

    def rule(self) -> Rule:
        """Who an image is of. A rule that cannot be read asks the files, as long as it is so."""
        try:
            return patient_rule(self.pattern(), self._key)
        except EngineError:
            return patient_rule("", self._key)

    @property
    def valid(self) -> bool:
        return not self._fault.text()

    @Slot()
    def _chosen(self) -> None:
        own = self._choice.currentData() == _OWN
        if own and not self._pattern.text():
            with QSignalBlocker(self._pattern):
                self._pattern.setText(PATIENT_RULES[1].pattern)
        self._pattern.setVisible(own)
        self._typed()

    @Slot()
    def _typed(self) -> None:
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        fault = ""
        try:
            patient_rule(self.pattern(), self._key)
        except EngineError as error:
            fault = tr(error.message, **error.values)
        self._fault.say(fault, "bad")
        rule = self.rule()
        known = [rule(one) for one in self._found]
        patients = patients_of(known)
        self._count.setText(patients_text(patients) if patients else "")
        lines = [
            tr("{item}  →  {patient}", item=_short(one.name), patient=_short(patient) or NONE)
            for one, patient in list(zip(self._found, known, strict=True))[:_SHOWN]
        ]
        if self._found and not patients:
            lines = [tr("The files name no patient: each item counts as one.")]
            self._preview.setWordWrap(True)
        self._preview.setText("\n".join(lines))
        self._preview.setVisible(bool(lines))


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:9]}…{text[-10:]}"


class PlacePanel(Panel):
    """In which set new items shall be. `changed()`: a person chose."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Set"))
        self._below: Sequence[Path] = ()
        self._choice = WordCombo()
        named(self._choice, "place.set", tr("In which set the new items shall be"))
        self._choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.add(self._choice)
        self._choice.activated.connect(self.changed)

    def show_found(self, found: Sequence[Found], ratios: tuple[int, int, int], below: Sequence[Path]) -> None:
        """Offer the sets; what the files or their folders say comes first where they say something. `below` are what was chosen."""
        self._below = below
        shares = dict(zip(("train", "val", "test"), ratios, strict=True))
        choices = [("divide", tr("Divide by patient {train} / {val} / {test}", **shares))]
        if any(one.split for one in found):
            choices.insert(0, ("file", tr("As the file says")))
        if counts := propose_splits(found, below):
            told = ", ".join(f"{tr(SETS[name])} {counts[name]}" for name in ORDER if counts.get(name))
            choices.insert(0, ("folders", tr("As the folders say: {sets}", sets=told)))
            if "val" not in counts:  # a published division: nothing to choose a network by
                choices.insert(0, ("rest", tr("As the folders say, validation from the rest: {sets}", sets=told)))
        choices += [(name, tr("All: {name}", name=tr(SETS[name]))) for name in ("train", "val", "test")]
        choices.append(("", tr("None yet")))
        self._choice.clear()
        for id, text in choices:
            self._choice.addItem(text, id)

    def choice(self) -> str:
        """ "divide", "file", "folders", "rest" (validation is divided off what the folders leave), a set, or "" for none."""
        return str(self._choice.currentData() or "")

    def fixed(self) -> Split:
        """The set that all are put in, "" where it is not one."""
        choice = self.choice()
        return choice if choice in ("train", "val", "test") else ""  # type: ignore[return-value]

    def split_of(self, one: Found) -> Split:
        """The set that this one would come into, "" where that is not known yet."""
        if self.choice() == "rest" and not one.split:  # which of the rest is drawn is not known yet
            return "test" if split_of(one, self._below) == "test" else ""
        return self.fixed() or one.split or (split_of(one, self._below) if self.choice() == "folders" else "")

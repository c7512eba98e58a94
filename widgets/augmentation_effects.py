"""The right column of Augment: pixels of each class before and after, and what to look at, in words."""

from collections.abc import Sequence
from typing import TypeAlias

from engine.augment.preview import Effect
from engine.labels.classes import LabelClass
from widgets import theme
from widgets.bars import ChangeBars, ShareChange
from widgets.controls import Text
from widgets.figures import figure
from widgets.panels import Panel
from widgets.signs import InlineMessages
from widgets.text import tr

EffectNote: TypeAlias = tuple[str, theme.Role]
_MUCH = -0.05  # a loss that is worth a word
_ALARM = -0.1  # and one in the colour of "look at it"


class EffectPanel(Panel):
    """What the samples do to the classes, or why that is not known."""

    def __init__(self) -> None:
        super().__init__()
        self._bars = ChangeBars("class_shares", tr("Pixels per class"))
        self._none = Text("", "dim")
        self._none.setObjectName("no_shares")
        self._none.setWordWrap(True)
        self._notes = InlineMessages("note")
        self.add(self._none, self._bars, self._notes)
        self.body.addStretch(1)

    def show_nothing(self, why: str, sides: Sequence[EffectNote] = ()) -> None:
        self._none.setText(why)
        self._none.show()
        self._bars.hide()
        self._notes.say(sides)

    def show_effect(
        self, effect: Effect, classes: Sequence[LabelClass], patients: bool, sides: Sequence[EffectNote] = ()
    ) -> None:
        """`patients`: the images are of bodies, in which left and right are not the same; `sides`: what is to be said of classes that are
        left and right of one thing."""
        rows = [
            ShareChange(classes[s.value - 1].name, s.before, s.after, classes[s.value - 1].color, s.change <= _ALARM)
            for s in effect.shares
            if s.before
        ]
        self._none.setVisible(not rows)
        self._none.setText(tr("This slice holds no class."))
        self._bars.show()
        self._bars.set_changes(rows)
        self._notes.say([*sides, *notes(effect, classes, patients and not sides)])

    def texts(self) -> list[str]:
        """What is said, line by line."""
        return self._notes.texts()


def notes(effect: Effect, classes: Sequence[LabelClass], patients: bool) -> list[EffectNote]:
    """What to look at, in sentences, each with its role: warnings first."""
    said: list[EffectNote] = []
    there = [share for share in effect.shares if share.before]
    worst = min(there, key=lambda share: share.change, default=None)
    if worst is not None and worst.change <= _MUCH:
        values = {"name": classes[worst.value - 1].name, "share": figure(-worst.change * 100, 0, "%")}
        said.append((tr("{name} loses most: {share} of its pixels.", **values), "warn"))
    for share in there:
        name, covered = classes[share.value - 1].name, effect.covered[share.value - 1]
        lost = [index for index in share.lost_in if index not in covered]
        if covered:
            values = {"name": name, "n": str(len(covered)), "count": str(effect.count)}
            said.append((tr("In {n} of {count} samples {name} is covered up.", **values), "warn"))
        if lost:
            values = {"name": name, "n": str(len(lost)), "count": str(effect.count)}
            said.append((tr("In {n} of {count} samples {name} leaves the picture.", **values), "warn"))
    if patients and effect.mirrored:
        values = {"n": str(len(effect.mirrored)), "count": str(effect.count)}
        if effect.lateral:
            values["name"] = classes[effect.lateral - 1].name
            said.append((tr("The mirror image puts {name} on the other side in {n} of {count}.", **values), "dim"))
        else:
            said.append((tr("The mirror image makes right the left in {n} of {count}.", **values), "dim"))
    return said

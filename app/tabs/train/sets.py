"""Who is in which set: a bar, its counts, and what is wrong with them."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout

from app.shell.context import AppContext
from engine.project.splits import SETS, leaks
from widgets import theme
from widgets.bars import Share, ShareBar
from widgets.column_parts import ActionBinding
from widgets.controls import Button, Text
from widgets.panels import Panel
from widgets.signs import InlineMessage
from widgets.text import tr


class SetsPart(Panel):
    """Patients (or items, where no patient is known) by set. `why` says why nothing can be trained on them, "" where it can."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(tr("Patients"))
        self._context = context
        self.why = ""
        self._bar = ShareBar("sets_bar", tr("Shares of the sets"), 6)
        self._unit = Text("", "dim")
        self.add_to_heading(self._unit)
        self._counts = [Text() for _ in SETS]
        self._status = InlineMessage("sets_status")
        self._link = Button("to_data", tr("Go to Data"), role="link")
        ActionBinding(self._link, context.commands["tab_data"])
        self.add(self._bar)
        counts = QHBoxLayout()
        for place, text in enumerate(self._counts):
            text.setTextFormat(Qt.TextFormat.RichText)
            if place:
                counts.addStretch(1)
            counts.addWidget(text)
        self.body.addLayout(counts)
        self.add(self._status)
        self.body.addWidget(self._link, 0, Qt.AlignmentFlag.AlignLeft)
        theme.watch().changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Count again."""
        project = self._context.session.project
        items = self._context.session.items()
        masked = project.layers.masked() if project is not None else set()
        patients = any(item.patient for item in items)
        groups: dict[str, set[str]] = defaultdict(set)  # of each set
        with_mask: Counter[str] = Counter()
        for item in items:
            groups[item.split].add(item.group)
            with_mask[item.split] += item.id in masked
        counts = (len(groups[SETS[0]]), len(groups[SETS[1]]), len(groups[SETS[2]]))
        self._unit.setText("" if patients else tr("no patients known: items"))
        words = (tr("Training"), tr("Validation"), tr("Test"))
        self._bar.set_shares([Share(*each) for each in zip(words, counts, SETS, strict=True)])
        for text, word, count in zip(self._counts, words, counts, strict=True):
            dim = theme.color("dim").name()
            text.setText(f"<span style='color:{dim}'>{word}</span>&nbsp;&nbsp;{count}")
        self._say(len(items), counts, with_mask["train"], with_mask["val"], leaks(items), patients)

    def _say(
        self,
        items: int,
        counts: tuple[int, int, int],
        labelled: int,
        watched: int,
        leaked: Mapping[str, object],
        patients: bool,
    ) -> None:
        self.why = ""
        if not items:
            self.why = tr("There are no items yet. Add images in the Data tab.")
        elif not counts[0]:
            self.why = tr("The training set is empty. Divide the items into sets in the Data tab.")
        elif not labelled:
            self.why = tr("No item of the training set has a mask yet. Paint some, or import masks.")
        if self.why:
            self._show(self.why, "warn")
        elif leaked:
            names = ", ".join(sorted(leaked)[:3])
            self._show(tr("In two sets: {names}. The scores would flatter.", names=names), "bad")
        elif not watched:
            self._show(tr("No validation item has a mask: the last network is kept, not the best."), "warn")
        else:
            self._show(tr("No patient in two sets") if patients else tr("No item in two sets"), "good")

    def _show(self, text: str, role: theme.Role) -> None:
        self._status.say(text, role)
        self._link.setVisible(role != "good")

"""What is proposed over the scan with a bar that says what it would do and asks for the answer."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from app.shell.context import AppContext
from app.tabs.label.class_choice import ClassChoice
from app.tabs.label.proposal import MaskProposal, MaskProposals, ProposedChange
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from widgets.question_bar import QuestionBar
from widgets.text import tr


class BarProposal(QObject):
    """An operation says with `_begin` that it proposes something, asks for it in `_ask`, and shows on its bar what came of it in `_show`.
    `said(text)`: why not, for the pointer."""

    said = Signal(str)

    def __init__(self, context: AppContext, scan: ScanView, proposals: MaskProposals, bar: str) -> None:
        """`bar` is the name of its bar."""
        super().__init__(scan)
        self._current, self._scan, self._proposals = context.session.current, scan, proposals
        self._proposal: MaskProposal | None = None
        self.bar = QuestionBar(bar, scan, scan.views.first)  # one view of several may have no room for it
        self.bar.answered.connect(self._answer)

    def _begin(self, *, declined: Callable[[], object] | None = None, goes_on: bool = False) -> None:
        """As `MaskProposals.begin`."""
        self._proposal = self._proposals.begin(
            made=self._show, refused=self._refuse, ended=self._end, declined=declined, goes_on=goes_on
        )

    def _ask(self) -> None:
        """Ask for what is proposed, where something is."""
        raise NotImplementedError

    def _say_working(self) -> None:
        self.bar.ask(tr("Working it out…"), [tr("Drop  Esc")])

    def _show(self, change: ProposedChange) -> None:
        raise NotImplementedError

    @Slot(int)
    def _answer(self, place: int) -> None:
        raise NotImplementedError

    def _refuse(self, fault: EngineError) -> None:
        self._tell_refusal(tr(fault.message, **fault.values))

    def _tell_refusal(self, text: str) -> None:
        self._proposals.drop()
        self.said.emit(text)

    def _end(self) -> None:
        self._proposal = None
        self.bar.ask("", ())


class ClassesProposal(BarProposal):
    """One that is for all classes, or for one of them."""

    def __init__(self, context: AppContext, scan: ScanView, proposals: MaskProposals, bar: str) -> None:
        super().__init__(context, scan, proposals, bar)
        self._classes = ClassChoice(context.session)

    def _named(self, name: str) -> str:
        """What the history says: with the class, where it is of one."""
        return " · ".join(filter(None, (name, self._class)))

    def _of_class(self, text: str) -> str:
        """What is said of it: whose it is comes first, where it is of one class."""
        return " · ".join(filter(None, (self._class, text)))

    @property
    def _class(self) -> str:
        only = self._classes.only
        return "" if only is None else self._scan.canvas.context.class_name(only)

    def _refuse(self, fault: EngineError) -> None:
        if self._classes.fall_back(fault):
            self._ask()
            return
        said = self._classes.first(fault)
        text = tr(said.message, **said.values)
        self._tell_refusal(self._of_class(text) if said is fault else text)

"""The question over the scan whether the values are Hounsfield units: a modality that was guessed is not taken in silence."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.services.project_session import ProjectSession
from widgets.question_bar import QuestionBar
from widgets.text import tr

_NO, _ALL = 1, 2  # answers: yes is the first


class ModalityQuestion(QObject):
    """Asked of the open item, and answered for it or for all of which it was guessed."""

    def __init__(self, session: ProjectSession, over: QWidget, keyboard: QWidget, name: str) -> None:
        super().__init__(over)
        self._session = session
        self.bar = QuestionBar(f"{name}.question", over, keyboard)
        self.bar.answered.connect(self._answer)

    def follow(self, shown: bool) -> None:
        """Ask where there is something to ask; `shown`: the item's image is on the screen."""
        session, item = self._session, self._session.current.item
        if item is None or not item.guessed or not shown or not session.writable:
            self.bar.ask("", ())
            return
        alike = len(self._guessed())
        answers = [tr("Yes"), tr("No"), *([tr("Yes, all {count} of them", count=alike)] if alike > 1 else [])]
        self.bar.ask(tr("These values look like Hounsfield units: is it CT?"), answers)

    def _guessed(self) -> list[int]:
        return [item.id for item in self._session.items() if item.guessed]

    @Slot(int)
    def _answer(self, answer: int) -> None:
        item = self._session.current.item
        if item is not None:
            ids = self._guessed() if answer == _ALL else [item.id]
            self._session.assignments.set_modality(ids, "OT" if answer == _NO else "CT")

"""A question about what is on the screen, with its answers as buttons. It lies over it and moves nothing."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QWidget

from widgets.controls import named
from widgets.text import tr

_ROW, _COLUMN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_WAYS = (
    (_ROW, _ROW),
    (_COLUMN, _ROW),
    (_COLUMN, _COLUMN),
)  # of words and answers, and of the answers: the widest first
_MARGIN = 34  # px, from the upper edge of what it lies over: below what stands there


class QuestionBar(QFrame):
    """Hidden until it asks. `answered(place)`: one of the answers was pressed; it goes with that.

    A part of `over` may give the `keyboard` away for an answer, and gets it back."""

    answered = Signal(int)

    def __init__(self, name: str, over: QWidget, keyboard: QWidget | None = None) -> None:
        super().__init__(over)
        named(self, name, tr("Question"))
        self.setProperty("role", "strip")
        self.setProperty("kind", "info")
        self._text = QLabel(self)
        self._text.setObjectName(f"{name}.text")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._buttons: list[QPushButton] = []
        self._row = QBoxLayout(_ROW, self)
        self._row.setContentsMargins(12, 6, 8, 6)
        self._row.setSpacing(8)
        self._row.addWidget(self._text)
        self._answers = QBoxLayout(_ROW)
        self._answers.setSpacing(8)
        self._row.addLayout(self._answers)
        self._over, self._keyboard = over, keyboard or over
        over.installEventFilter(self)
        self.hide()

    def ask(self, text: str, answers: Sequence[str]) -> None:
        """Ask this; without a text nothing is asked."""
        self._text.setText(text)
        self.setAccessibleDescription(text)
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(place, answer) for place, answer in enumerate(answers)]
        for button in self._buttons:
            button.show()  # where the bar is seen already, Qt would show them after it was measured
        self.setVisible(bool(text))
        if text:
            self._row.activate()
            self._lie()
            self.raise_()

    def text(self) -> str:
        return self._text.text()

    def _button(self, place: int, answer: str) -> QPushButton:
        button = QPushButton(answer, self)
        named(button, f"{self.objectName()}.{place}", answer)
        button.setProperty("role", "raised")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        button.clicked.connect(lambda: self._answer(place))
        self._answers.addWidget(button)
        return button

    def _answer(self, place: int) -> None:
        if any(button.hasFocus() for button in self._buttons):
            self._keyboard.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.answered.emit(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._lie()
        return super().eventFilter(watched, event)

    def _lie(self) -> None:
        """In the middle of the upper edge, as wide as its words; what is asked stands above the answers where it has no room beside,
        and they above each other where one row has none."""
        room, edges = self._over.size(), self._row.contentsMargins()
        self._text.setWordWrap(False)
        for whole, answers in _WAYS:
            self._row.setDirection(whole)
            self._answers.setDirection(answers)
            least = (
                self._answers.sizeHint().width() + edges.left() + edges.right()
            )  # words can be wrapped, answers cannot
            if (self.sizeHint().width() if whole == _ROW else least) <= room.width():
                break
        size = self.sizeHint().boundedTo(room)
        if self.sizeHint().width() > room.width():
            self._text.setWordWrap(True)
            size.setHeight(self._row.totalHeightForWidth(room.width()))
        self.setGeometry((room.width() - size.width()) // 2, _MARGIN, size.width(), size.height())

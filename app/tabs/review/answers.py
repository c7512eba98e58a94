"""What a reader says of the case: flag, reject and why, correct, approve."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.shell.context import AppContext
from widgets.column_parts import ActionBinding
from widgets.controls import Button, PrimaryButton, named
from widgets.panels import Panel
from widgets.text import tr

_LONGEST = 200  # characters of a reason: it is one line


class CaseActions(Panel):
    """The buttons, and a line for the reason where a case is flagged or rejected. Where nothing is predicted there is nothing to
    approve yet. `gone_on` when a person is through with the reason, `left` when it stays as it is."""

    gone_on = Signal()
    left = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._session = context.session
        self._item: int | None = None  # the one whose reason stands in the field
        self._flag, self._reject = Button("flag_button", tr("Flag"), "flag"), Button("reject_button", tr("Reject"), "x")
        self._correct = Button("correct_button", tr("Correct in Label"), "brush")
        self._approve = PrimaryButton("approve_button", tr("Approve and next"))
        for button, id in ((self._flag, "flag"), (self._reject, "reject"), (self._correct, "correct")):
            ActionBinding(button, context.commands[id])
        ActionBinding(self._approve, context.commands["approve"])
        for button in (self._flag, self._reject):
            button.setCheckable(True)
        self._reason = _Reason("review.reason", tr("Reason"))
        self._reason.setPlaceholderText(tr("Why? May stay empty"))
        self._reason.setToolTip(tr("Enter keeps the reason and goes on to the next case"))
        self._reason.hide()
        row = self.add_row(self._flag, self._reject)
        row.setStretch(0, 1)
        row.setStretch(1, 1)
        self.add(self._reason, self._correct, self._approve)
        self._reason.editingFinished.connect(self._keep)
        self._reason.returnPressed.connect(self._go_on)
        self._reason.left.connect(self.left)
        context.session.current.item_about_to_close.connect(self._keep)

    def show_item(self, predicted: bool) -> None:
        """`predicted`: whether there is anything to approve at all."""
        item = self._session.current.item
        state = item.state if item is not None else "todo"
        self._flag.setChecked(state == "flagged")
        self._reject.setChecked(state == "rejected")
        self._approve.setVisible(predicted)
        asked = item is not None and state in ("flagged", "rejected")
        self._reason.setVisible(asked and (self._session.writable or bool(item and item.comment)))
        self._reason.setReadOnly(not self._session.writable)
        id = item.id if item is not None and asked else None
        if id != self._item or not self._reason.isModified():
            self._item = id
            self._reason.setText(item.comment if asked and item is not None else "")

    def ask(self) -> None:
        """Put the cursor where the reason is written."""
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reason.selectAll()

    @Slot()
    def _go_on(self) -> None:
        self._keep()
        self.gone_on.emit()

    @Slot()
    def _keep(self) -> None:
        """Write down the reason that was typed."""
        item = self._session.current.item
        if self._reason.isModified() and item is not None and item.id == self._item:
            self._reason.setModified(False)
            self._session.set_state(item.id, item.state, self._reason.text().strip())


class _Reason(QLineEdit):
    """One line. `left` on Escape; while it is empty the key that rejects takes the state back instead of deleting a word."""

    left = Signal()

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        named(self, name, text)
        self.setMaxLength(_LONGEST)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not self.text():
            rejects = event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if rejects and event.key() == Qt.Key.Key_Backspace:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

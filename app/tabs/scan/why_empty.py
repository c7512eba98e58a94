"""What stands in the canvas's place where no scan is shown: why, and the one step that helps."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from app.shell.context import AppContext
from widgets.canvas import Canvas
from widgets.text import tr

_SLOW = 300  # ms after which an image that is still being read is said to be


class WhyEmpty(QObject):
    """Tells it on `view`; a click there takes the step."""

    def __init__(self, context: AppContext, view: Canvas) -> None:
        super().__init__(view)
        self._session, self._commands, self._view = context.session, context.commands, view
        self._step = ""  # the command that helps
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_SLOW)
        self._late.timeout.connect(self._tell_progress)
        view.empty_clicked.connect(self._help)

    def explain(self) -> None:
        """Why no scan is there; nothing yet where it is on its way."""
        session = self._session
        if session.project is None:
            self._say(tr("No project is open."), "open_project")
        elif not session.items() and session.importing:
            self._say(tr("Images are being added. They are listed when all are in."))
        elif not session.items():
            self._say(tr("This project has no images yet."), "import_images")
        elif session.current.item is None:
            self._say(tr("Choose an item in the list."), "next_item")
        elif session.current.loading:
            self._say("")
            self._late.start()
        else:
            what, advice = session.current.unreadable
            lost = any(not Path(file).exists() for file in session.current.item.source.files)
            self._say(
                f"{what or tr('The image was not read.')}\n{advice}".strip(), "find_moved" if lost else "next_item"
            )

    def more_was_read(self) -> None:
        """Say how far it is, where it takes long."""
        if not self._late.isActive():
            self._tell_progress()

    def stop_waiting(self) -> None:
        """Something is shown now."""
        self._late.stop()

    def clear(self) -> None:
        """The item goes."""
        self._late.stop()
        self._say("")

    @Slot()
    def _tell_progress(self) -> None:
        item, percent = self._session.current.item, self._session.current.percent
        if item is None or not self._session.current.loading:
            return
        if percent is None:
            self._say(tr("Opening {name}…", name=item.name))
        else:
            self._say(tr("Opening {name}, {percent} %", name=item.name, percent=percent))

    def _say(self, text: str, step: str = "") -> None:
        self._step = step
        self._view.set_empty(text, self._commands[step].text() if step else "")

    @Slot()
    def _help(self) -> None:
        if self._step:
            self._commands[self._step].trigger()

"""The trainings that wait: in their order, moved and taken out by hand, kept with the project."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.services.waiting_trainings import QueuedTraining
from app.shell.context import AppContext
from app.tabs.parts import training as words
from widgets.column_parts import HeaderBar, clear, scrolled
from widgets.controls import Button, IconButton, Separator, Text, named
from widgets.elided import ElidedText
from widgets.panels import PAD
from widgets.text import tr

_ROW, _MOST = 34, 4  # px of a row, rows that stand without scrolling


class QueuePanel(QFrame):
    """A row each; hidden where nothing waits. Where nothing trains, a button begins with the first."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        named(self, "queue", tr("Waiting"))
        self.setProperty("role", "panel")
        self._context = context
        self._start = Button("start_queue", tr("Start"), "play")
        self._start.clicked.connect(context.trainings.start_queue)
        self._shown: tuple[QueuedTraining, ...] | None = None
        rows = QWidget()
        self._rows = QVBoxLayout(rows)
        self._rows.setContentsMargins(PAD, 2, PAD - 6, 2)
        self._rows.setSpacing(0)
        self._area = scrolled("queue_scroll", rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Separator())
        column.addWidget(HeaderBar(tr("Waiting"), self._start))
        column.addWidget(self._area)
        context.trainings.waiting.changed.connect(self.refresh)
        context.trainings.training_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the queue as it is."""
        trainings, session = self._context.trainings, self._context.session
        queue = trainings.waiting.all
        self.setVisible(bool(queue))
        self._start.setVisible(not trainings.training)
        self._start.setEnabled(session.writable)
        if queue == self._shown:
            return
        self._shown = queue
        clear(self._rows)
        for place, each in enumerate(queue):
            self._rows.addWidget(self._make_row(each, place, len(queue)))
        self._area.setFixedHeight(_ROW * min(len(queue), _MOST) + 4)

    def _make_row(self, each: QueuedTraining, place: int, count: int) -> QWidget:
        trainings = self._context.trainings
        row = QWidget()
        row.setFixedHeight(_ROW)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        line.addWidget(Text(f"{place + 1}", "dim"))
        line.addSpacing(8)
        text = each.name or words.of_config(each.config)
        name = ElidedText(text)
        name.setObjectName(f"queue.{place}.name")
        name.setToolTip(f"{text}\n{words.limit(each.config)}")
        line.addWidget(name, 1)
        for id, icon, said, does, usable in (
            ("up", "chevron-up", tr("Earlier"), partial(trainings.waiting.move, each.number, -1), place > 0),
            ("down", "chevron-down", tr("Later"), partial(trainings.waiting.move, each.number, 1), place < count - 1),
            ("remove", "x", tr("Take out of the queue"), partial(trainings.waiting.remove, each.number), True),
        ):
            button = IconButton(f"queue.{place}.{id}", icon, said, side=24)
            button.setEnabled(usable and self._context.session.writable)
            button.clicked.connect(partial(_later, does))
            line.addWidget(button)
        return row


def _later(does: "partial[None]", checked: bool = False) -> None:
    does()

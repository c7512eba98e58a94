"""The test set of a run: read or not, when, and the button that reads it."""

from PySide6.QtCore import QDateTime, QLocale, QObject, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.shell.context import AppContext
from app.shell.i18n import translate_notice
from engine.project.runs import Run
from widgets.controls import Button, Text
from widgets.text import tr


def day_of(seconds: float) -> str:
    """A moment (seconds since 1970) as a day: "29 Nov 2026"."""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(seconds)).date(), "d MMM yyyy")


class ReadTestSet(QFrame):
    """Says whether the test set was read with the run that is shown, and what was seen of it before; its button reads it.

    Hidden where the run has no model or the project no test set.
    """

    def __init__(self, context: AppContext, name: str, parent: QObject | None = None) -> None:
        """`name` is the button's."""
        super().__init__()
        self._context = context
        self._run: Run | None = None
        self._under_way = False  # the reading, as it was shown
        self._text, self._before = Text("", "dim"), Text("", "dim")
        self._text.setObjectName(f"{name}.text")
        self._before.setObjectName(f"{name}.before")
        for text in (self._text, self._before):
            text.setWordWrap(True)
        self._button = Button(name, tr("Read the test set"), "target")
        self._button.clicked.connect(self._read)
        context.trainings.runs.under_way_changed.connect(self._look_again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self._text, self._before, self._button):
            column.addWidget(part)

    def show_run(self, run: Run | None) -> None:
        """Show what is known of this run's test set."""
        self._run = run
        session, runs = self._context.session, self._context.trainings.runs
        tests = any(item.split == "test" for item in session.items())
        if run is None or not run.bundle.exists() or not tests:
            self.hide()
            return
        reading = run.test_reading
        if reading is not None:
            self._text.setText(tr("Test set read on {day}.", day=day_of(reading.at)))
        else:
            self._text.setText(
                tr(
                    "Test set not read: runs are chosen by the validation, and the test set judges the one that is chosen."
                )
            )
        said = runs.readings_so_far(run)
        if reading is not None:  # when it was, is said already
            said = [note for note in said if "days" not in note.values]
        self._before.setText(" ".join(translate_notice(note) for note in said))
        self._before.setVisible(bool(said))
        self._button.setVisible(reading is None)
        self._under_way = under_way = runs.reads_test_set(run)
        self._button.setText(tr("Reading the test set …") if under_way else tr("Read the test set"))
        why = tr("The test set is being predicted and scored.") if under_way else ""
        why = why or ("" if session.writable else tr("The project is open to read only."))
        self._button.setEnabled(not why)
        self._button.setToolTip(
            why or tr("Scores this run on the test set; that it was read, and when, is kept with the run.")
        )
        self.show()

    @Slot()
    def _read(self) -> None:
        if self._run is not None:
            self._context.trainings.runs.read_test_set(self._run)

    @Slot()
    def _look_again(self) -> None:
        """The reading has begun, or came to an end; also to none."""
        if self._run is not None and self._under_way != self._context.trainings.runs.reads_test_set(self._run):
            self.show_run(self._run)
